//! Folding, paths and search against the simplest way of doing the same.

mod folds;
mod paths;
mod searches;

use proptest::prelude::*;

use super::{Document, NodeId};

/// JSON with keys that repeat, empty containers, escapes, blanks, and JSON inside of strings.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[1-9][0-9]{0,3}",
        "\"[ab价A1]{0,4}\"",
        "\"(a|\\\\n|\\\\u0061|\\\\\"|\\\\/|价){0,4}\"",
    ];
    leaf.prop_recursive(5, 120, 8, |inside| {
        let key = prop_oneof![4 => "[abA价]{0,2}", 1 => "(\\\\u0062|\\\\\"| )[a ]"];
        let quoted = |json: String| serde_json::Value::String(json).to_string();
        let escaped = move |json: String| quoted(json).replace("\\\"", "\\u0022").replace('价', "\\u4ef7");
        prop_oneof![
            inside.clone().prop_map(quoted),
            inside.clone().prop_map(escaped),
            prop::collection::vec(inside.clone(), 0..8).prop_map(|all| format!("[{}]", all.join(", "))),
            prop::collection::vec((key, inside), 0..8).prop_map(|all| {
                let member = |(key, value): &(String, String)| format!("\"{key}\":{value}");
                format!("{{{}}}", all.iter().map(member).collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn document() -> impl Strategy<Value = Document> {
    json().prop_map(|text| Document::parse(text.into()).unwrap())
}

fn all_nodes(document: &Document) -> Vec<NodeId> {
    (0..u32::try_from(document.node_count()).unwrap()).map(NodeId).collect()
}
