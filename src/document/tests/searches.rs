use proptest::prelude::*;
use rstest::rstest;

use super::{all_nodes, document};
use crate::document::{Document, Kind, NodeId, Pattern, Search};

fn hits(document: &Document, typed: &str, step: usize) -> Vec<NodeId> {
    let mut search = Search::of(Pattern::read(typed).unwrap().unwrap());
    while !search.is_done() {
        search.step(document, step);
    }
    search.hits().to_vec()
}

/// Each key and value, unescaped, by itself.
fn expected(document: &Document, is_in: impl Fn(&str) -> bool) -> Vec<NodeId> {
    let is_hit = |id: &NodeId| {
        let leaf = !matches!(document.kind(*id), Kind::Array | Kind::Object);
        document.key(*id).is_some_and(|key| is_in(&key)) || leaf && is_in(&document.text(*id))
    };
    all_nodes(document).into_iter().filter(is_hit).collect()
}

proptest! {
    #[test]
    fn every_hit_of_a_walk_is_found_and_no_other(
        document in document(),
        text in "[abA1u价\"\\\\:,nl]{1,2}",
        step in 1_usize..100,
    ) {
        let capital = text.chars().any(char::is_uppercase);
        let is_in = |whole: &str| if capital { whole.contains(&text) } else { whole.to_lowercase().contains(&text) };
        prop_assert_eq!(hits(&document, &text, step), expected(&document, is_in));
    }

    #[test]
    fn an_expression_is_held_against_each_key_and_value(
        document in document(),
        expression in "\\^?[ab1](\\.|\\$)?",
        step in 1_usize..100,
    ) {
        let naive = regex::RegexBuilder::new(&expression).case_insensitive(true).build().unwrap();
        prop_assert_eq!(
            hits(&document, &format!("~{expression}"), step),
            expected(&document, |whole| naive.is_match(whole))
        );
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
    let document = Document::index(body.into()).unwrap();
    assert_eq!(hits(&document, typed, 1 << 20).len(), count, "{typed}");
}

#[test]
fn nothing_typed_is_nothing_to_look_for_and_a_bad_expression_is_told() {
    assert!(Pattern::read("").unwrap().is_none() && Pattern::read("~").unwrap().is_none());
    assert!(Pattern::read("~(").is_err());
    assert!(Pattern::read("(").unwrap().is_some());
}
