//! Where a value stands in its document, as people write it and as jq does.

use std::fmt::Write as _;

use crate::document::{Document, Kind, NodeId};

/// The way from the outermost value to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Place {
    /// Of a node of this document.
    pub fn of(document: &Document, node: NodeId) -> Self {
        let mut steps = Vec::new();
        let mut here = document.root();
        while here != node {
            // Nodes are numbered in reading order: the last child that does not come after it holds it.
            let children = document.children(here).take_while(|child| *child <= node);
            let Some((index, child)) = children.enumerate().last() else { break };
            steps.push(match document.key(child) {
                Some(key) if document.kind(here) == Kind::Object => Step::Key(key.into_owned()),
                _ => Step::Index(index),
            });
            here = child;
        }
        Self(steps)
    }

    /// `item.skus.sku[3].price`
    pub fn path(&self) -> String {
        self.written().trim_start_matches('.').to_owned()
    }

    /// `.item.skus.sku[3].price`; keys that are no names are quoted, `.item["1:2"]`.
    pub fn jq(&self) -> String {
        let written = self.written();
        if written.starts_with('.') { written } else { format!(".{written}") }
    }

    fn written(&self) -> String {
        let mut out = String::new();
        for step in &self.0 {
            let _infallible = match step {
                Step::Index(index) => write!(out, "[{index}]"),
                Step::Key(key) if is_name(key) => write!(out, ".{key}"),
                Step::Key(key) => write!(out, "[{}]", serde_json::Value::from(key.as_str())),
            };
        }
        out
    }
}

fn is_name(key: &str) -> bool {
    let first = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_the_value_in_both_spellings() {
        let document = Document::index(r#"{"a":1,"b":{"1:2":[{"c":"x"},{"c":"y"}]}}"#.into()).unwrap();
        let get = |node, name| document.get(node, name).unwrap();
        let list = get(get(document.root(), "b"), "1:2");
        let second = document.children(list).nth(1).unwrap();
        let place = Place::of(&document, get(second, "c"));
        assert_eq!(place.path(), r#"b["1:2"][1].c"#);
        assert_eq!(place.jq(), r#".b["1:2"][1].c"#);
        assert_eq!(Place::of(&document, document.root()).jq(), ".");
        let document = Document::index("[[7]]".into()).unwrap();
        let seven = document.children(document.children(document.root()).next().unwrap()).next().unwrap();
        assert_eq!(
            (Place::of(&document, seven).path(), Place::of(&document, seven).jq()),
            ("[0][0]".to_owned(), ".[0][0]".to_owned())
        );
    }
}
