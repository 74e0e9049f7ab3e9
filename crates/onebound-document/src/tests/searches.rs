use std::cell::Cell;

use proptest::prelude::*;
use rstest::rstest;

use super::{all_nodes, document};
use crate::{Document, Hits, NodeId, NodeKind, Pattern};

fn ways(hits: &Hits) -> Vec<Vec<NodeId>> {
    (0..hits.len()).map(|index| hits.at(index).unwrap()).collect()
}

fn searched(document: &Document, typed: &str, piece: usize) -> Hits {
    let pattern = Pattern::read(typed).unwrap().unwrap();
    document.search_by_pieces(&pattern, piece, &|| false).unwrap()
}

fn hits(document: &Document, typed: &str, piece: usize) -> Vec<Vec<NodeId>> {
    ways(&searched(document, typed, piece))
}

/// Each key and value, unescaped, by itself; of a string that holds JSON what is in that, or else the string.
fn expected(document: &Document, is_in: &dyn Fn(&str) -> bool) -> Vec<Vec<NodeId>> {
    let mut found = Vec::new();
    for id in all_nodes(document) {
        let leaf = !matches!(document.kind(id), NodeKind::Array | NodeKind::Object);
        let nested = document.looks_like_json(id).then(|| document.nested(id).ok()).flatten();
        let inner = nested.map(|nested| expected(&nested, is_in)).unwrap_or_default();
        let by_text = inner.is_empty() && leaf && is_in(&document.text(id));
        if by_text || document.key(id).is_some_and(|key| is_in(&key)) {
            found.push(vec![id]);
        }
        found.extend(inner.into_iter().map(|way| [id].into_iter().chain(way).collect()));
    }
    found
}

/// The ways to all values, in reading order, each with the document it is in.
fn all_ways(document: &Document) -> Vec<(Vec<NodeId>, Document)> {
    let mut ways = Vec::new();
    for id in all_nodes(document) {
        ways.push((vec![id], document.clone()));
        let nested = document.looks_like_json(id).then(|| document.nested(id).ok()).flatten();
        let inner = nested.map(|nested| all_ways(&nested)).unwrap_or_default();
        ways.extend(inner.into_iter().map(|(way, inner)| ([id].into_iter().chain(way).collect(), inner)));
    }
    ways
}

proptest! {
    #[test]
    fn every_hit_of_a_walk_is_found_and_no_other(
        document in document(),
        text in "[abA1u价\"\\\\:,nl]{1,2}",
        piece in 1_usize..100,
    ) {
        let capital = text.chars().any(char::is_uppercase);
        let is_in = |whole: &str| if capital { whole.contains(&text) } else { whole.to_lowercase().contains(&text) };
        prop_assert_eq!(hits(&document, &text, piece), expected(&document, &is_in));
    }

    #[test]
    fn an_expression_is_held_against_each_key_and_value(
        document in document(),
        expression in "\\^?[ab1](\\.|\\$)?",
        piece in 1_usize..100,
    ) {
        let naive = regex::RegexBuilder::new(&expression).case_insensitive(true).build().unwrap();
        prop_assert_eq!(
            hits(&document, &format!("~{expression}"), piece),
            expected(&document, &|whole| naive.is_match(whole))
        );
    }

    #[test]
    fn hits_are_counted_before_every_value_and_inside_of_it(document in document(), text in "[abA1价]", piece in 1_usize..100) {
        let searched = searched(&document, &text, piece);
        let found = ways(&searched);
        for (way, inner) in all_ways(&document) {
            prop_assert_eq!(searched.contains(&way), found.contains(&way));
            prop_assert_eq!(searched.before(&way), found.iter().filter(|hit| **hit < way).count());
            let is_inside = |hit: &&Vec<NodeId>| {
                let (last, outer) = way.split_last().unwrap();
                hit.len() > way.len() && hit.starts_with(&way)
                    || hit.starts_with(outer) && hit.get(outer.len()).is_some_and(|id| inner.is_inside(*id, *last))
            };
            prop_assert_eq!(searched.inside(&inner, &way), found.iter().filter(is_inside).count());
        }
    }
}

#[rstest]
#[case("price", 2)]
#[case("Price", 1)]
#[case("手机", 2)]
#[case("~^799\\.", 1)]
#[case("~\\D00", 1)]
#[case("~PRICE", 0)]
#[case("\"", 1)]
#[case("u624b", 0)]
#[case("null", 1)]
fn smart_case_escapes_and_expressions(#[case] typed: &str, #[case] count: usize) {
    let body = r#"{"price": "799.00", "Price": null, "a": "\u624b\u673a", "b": "学生手机", "c": "\"7990"}"#;
    let document = Document::parse(body.into()).unwrap();
    assert_eq!(hits(&document, typed, 1 << 20).len(), count, "{typed}");
}

#[test]
fn a_cancelled_search_ends_within_a_piece_and_gives_no_hits() {
    let document = Document::parse(r#"["a", "[\"a\", \"a\"]", "a", "a"]"#.into()).unwrap();
    let pattern = Pattern::read("a").unwrap().unwrap();
    let asked = Cell::new(0);
    let cancelled_after = |pieces: usize| {
        asked.set(0);
        let is_cancelled = || asked.replace(asked.get() + 1) == pieces;
        (document.search_by_pieces(&pattern, 1, &is_cancelled).map(|hits| hits.len()), asked.get())
    };
    // Four pieces, in front of the second of them the list itself, and three inside of the string.
    let (found, pieces) = cancelled_after(usize::MAX);
    assert_eq!((found, pieces), (Some(5), 8));
    assert!((0..pieces).all(|pieces| cancelled_after(pieces) == (None, pieces + 1)));
}

#[test]
fn nothing_typed_is_nothing_to_look_for_and_a_bad_expression_is_reported() {
    assert!(Pattern::read("").unwrap().is_none() && Pattern::read("~").unwrap().is_none());
    assert!(Pattern::read("~(").is_err());
    assert!(Pattern::read("(").unwrap().is_some());
}

#[test]
fn text_in_json_inside_of_a_string_is_found_there_however_it_is_escaped() {
    let body = r#"{"a": "{\"价\": [\"\\u4e2d\", 1]}", "b": "中", "c": "[中]", "d": "[\"{\\\"x\\\": \\\"中\\\"}\"]"}"#;
    let document = Document::parse(body.into()).unwrap();
    let paths = |typed: &str| -> Vec<Vec<u32>> {
        hits(&document, typed, 1 << 20).iter().map(|way| way.iter().map(|id| id.0).collect()).collect()
    };
    assert_eq!(paths("中"), [vec![1, 2], vec![2], vec![3], vec![4, 1, 1]]);
    assert_eq!(paths("~^中$"), [vec![1, 2], vec![2], vec![4, 1, 1]]);
    assert_eq!(paths("价"), [vec![1, 1]]);
    assert_eq!(paths("a"), [vec![1]]);
    // What a string shows of itself while it is not opened.
    assert_eq!(paths("u4e2d"), [vec![1]]);
}

#[test]
fn a_match_over_several_values_of_json_inside_of_a_string_is_one_of_the_string() {
    let body = r#"["{\"a\": [1, 2]}", "[1, 2] and [1]"]"#;
    let document = Document::parse(body.into()).unwrap();
    assert_eq!(hits(&document, "[1, 2", 1 << 20), [vec![NodeId(1)], vec![NodeId(2)]]);
    assert_eq!(hits(&document, "~^\\{", 1 << 20), [vec![NodeId(1)]]);
}

#[test]
fn json_inside_of_strings_is_looked_through_to_a_depth_and_deeper_it_is_a_text() {
    let nest = |json: String| serde_json::json!([json]).to_string();
    let body = (0..12).fold("[\"deep\"]".to_owned(), |json, _| nest(json));
    let document = Document::parse(body.into()).unwrap();
    let found = hits(&document, "deep", 1 << 20);
    assert_eq!(found, [vec![NodeId(1); 9]]);
}
