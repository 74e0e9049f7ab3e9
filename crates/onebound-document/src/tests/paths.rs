use proptest::prelude::*;
use rstest::rstest;

use super::{all_nodes, document};
use crate::{ChildIndex, Document, NodeId, PathStep};

/// The way by looking everywhere.
fn expected_way(document: &Document, from: NodeId, id: NodeId) -> Option<Vec<PathStep>> {
    if from == id {
        return Some(Vec::new());
    }
    document.children(from).enumerate().find_map(|(place, node)| {
        let rest = expected_way(document, node, id)?;
        Some([vec![PathStep { node, place }], rest].concat())
    })
}

proptest! {
    #[test]
    fn ways_and_siblings_are_those_of_a_walk(document in document()) {
        let mut places = ChildIndex::default();
        for id in all_nodes(&document) {
            let way = expected_way(&document, document.root(), id).unwrap();
            prop_assert_eq!(places.steps_to(&document, id), way.clone());
            prop_assert_eq!(places.count(&document, id), document.children(id).count());
            let parent = places.parent(&document, id);
            let siblings: Vec<_> = parent.map_or_else(Vec::new, |parent| document.children(parent).collect());
            let at = siblings.iter().position(|sibling| *sibling == id).unwrap_or_default();
            prop_assert_eq!(places.sibling(&document, id, 1), siblings.get(at + 1).copied());
            let before = at.checked_sub(1).and_then(|at| siblings.get(at)).copied();
            prop_assert_eq!(places.sibling(&document, id, -1), before);
        }
    }
}

proptest! {
    #[test]
    fn a_path_leads_back_to_where_it_was_taken(document in document()) {
        let mut places = ChildIndex::default();
        for id in all_nodes(&document) {
            let path = places.path(&document, id);
            let way = places.steps_to(&document, id);
            // Of members with the same key the path leads to the first.
            let is_first = |step: &PathStep| {
                let parent = places.parent(&document, step.node).unwrap();
                let key = document.key(step.node);
                key.is_none() || document.children(parent).find(|one| document.key(*one) == key) == Some(step.node)
            };
            if way.iter().all(is_first) {
                prop_assert_eq!(document.nearest_to(&path), id);
            }
        }
    }

    #[test]
    fn whatever_is_no_path_leads_somewhere(document in document(), path in r#"\$?[.\[\]"a-c0-9\\]{0,12}"#) {
        let id = document.nearest_to(&path);
        prop_assert!(all_nodes(&document).contains(&id));
    }
}

#[rstest]
#[case("$.item.skus.sku[1].price", "$.item.skus.sku[1].price")]
#[case("$.item.skus.sku[7].price", "$.item.skus.sku")]
#[case("$.item.gone", "$.item")]
#[case("", "$")]
#[case("item", "$")]
fn a_path_leads_as_far_as_there_is_something(#[case] path: &str, #[case] found: &str) {
    let document = Document::parse(r#"{"item": {"skus": {"sku": [1, {"price": 2}]}}}"#.into()).unwrap();
    assert_eq!(ChildIndex::default().path(&document, document.nearest_to(path)), found);
}

#[test]
fn every_place_of_a_large_array_is_found() {
    let values: Vec<String> = (0..1_000).map(|at| format!("[{at}]")).collect();
    let document = Document::parse(format!("[{}]", values.join(",")).into()).unwrap();
    let mut places = ChildIndex::default();
    let all: Vec<_> = document.children(document.root()).collect();
    for (place, node) in all.iter().copied().enumerate() {
        assert_eq!(places.steps_to(&document, node), [PathStep { node, place }]);
        assert_eq!(places.sibling(&document, node, 1), all.get(place + 1).copied());
        assert_eq!(places.sibling(&document, node, -1), place.checked_sub(1).map(|before| all[before]));
    }
    let inner = document.children(all[777]).next().unwrap();
    assert_eq!(places.path(&document, inner), "$[777][0]");
    assert_eq!(places.jq_path(&document, inner), ".[777][0]");
}

#[rstest]
#[case(
    r#"{"item": {"skus": {"sku": [1, {"price": 2}]}}}"#,
    "$.item.skus.sku[1].price",
    ".item.skus.sku[1].price"
)]
#[case(r#"{"a b": {"": {"1:1": 0}}}"#, r#"$["a b"][""]["1:1"]"#, r#".["a b"][""]["1:1"]"#)]
#[case(r#"{"价格": {"a\"b": 0}}"#, r#"$.价格["a\"b"]"#, r#".["价格"]["a\"b"]"#)]
#[case("7", "$", ".")]
fn a_path_is_written_so_that_it_can_be_used(
    #[case] text: &'static str,
    #[case] path: &str,
    #[case] jq: &str,
) {
    let document = Document::parse(text.into()).unwrap();
    let last = *all_nodes(&document).last().unwrap();
    let mut places = ChildIndex::default();
    assert_eq!(places.path(&document, last), path);
    assert_eq!(places.jq_path(&document, last), jq);
}
