//! The keys that can stand next in a jq program, by the path before the cursor; of the whole document where nobody can
//! tell without running the program.

use super::{Document, Kind, NodeId};

/// Looked at for keys, at each step of a path: a long list is alike throughout.
const MAX_NODES: usize = 1_000;
/// Where the path is not known.
const MAX_ALL: u32 = 200_000;
/// Offered at most.
const MAX_KEYS: usize = 50;

/// What can stand at the end of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the unfinished key begins, in bytes.
    pub start: usize,
    /// As they are written after the dot, in the document's order.
    pub words: Vec<String>,
}

/// Completes the key at the end of this part of a program.
pub fn complete(document: &Document, before: &str, _after: &str) -> Completion {
    let quoted = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let head = quoted.strip_suffix('"').unwrap_or(quoted);
    let begun = before.get(quoted.len()..).unwrap_or_default();
    let Some(path) = head.strip_suffix('.') else { return Completion::default() };
    let mut keys: Vec<String> = Vec::new();
    let mut offer = |key: &str| {
        let written = written(key);
        if key.starts_with(begun) && !keys.contains(&written) {
            keys.push(written);
        }
        keys.len() < MAX_KEYS
    };
    if let Some(steps) = Reader::way(path) {
        let nodes = nodes(document, &steps);
        let mut members = nodes.into_iter().flat_map(|node| document.children(node).take(MAX_NODES));
        members.all(|member| document.key(member).is_none_or(|key| offer(&key)));
    } else {
        let count = u32::try_from(document.node_count()).unwrap_or(MAX_ALL).min(MAX_ALL);
        (0..count).all(|node| document.key(NodeId(node)).is_none_or(|key| offer(&key)));
    }
    Completion { start: head.len(), words: keys }
}

/// As it stands after the dot.
fn written(key: &str) -> String {
    let mut chars = key.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return key.to_owned();
    }
    serde_json::Value::from(key).to_string()
}

fn nodes(document: &Document, steps: &[Step]) -> Vec<NodeId> {
    let mut nodes = vec![document.root()];
    for step in steps {
        nodes = match step {
            Step::Key(key) => nodes.into_iter().filter_map(|node| document.get(node, key)).collect(),
            Step::Each => {
                nodes.into_iter().flat_map(|node| document.children(node)).take(MAX_NODES).collect()
            }
        };
    }
    nodes.retain(|node| document.kind(*node) == Kind::Object);
    nodes
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// Any of them: one of a list is like the others.
    Each,
}

/// From the root; `None` where nobody can tell.
type Way = Option<Vec<Step>>;

/// Reads a program up to the cursor, as far as it is made of paths.
struct Reader<'a> {
    rest: &'a str,
    /// What `.` is.
    input: Way,
    /// What the expression before is, where there is one.
    at: Option<Way>,
    /// What `.` was outside, and the word before the bracket.
    outer: Vec<(Way, &'a str)>,
    word: &'a str,
}

impl<'a> Reader<'a> {
    fn way(program: &'a str) -> Way {
        let mut reader =
            Self { rest: program, input: Some(Vec::new()), at: None, outer: Vec::new(), word: "" };
        while let Some(first) = reader.rest.chars().next() {
            reader.read(first);
        }
        reader.at.unwrap_or(reader.input)
    }

    fn read(&mut self, first: char) {
        let word = self.take(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '@'));
        if !word.is_empty() {
            let joins =
                matches!(word, "and" | "or" | "if" | "then" | "elif" | "else" | "as" | "reduce" | "try");
            self.at = (!joins).then_some(None);
            self.word = word;
            return;
        }
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '.' => self.dot(),
            '[' if self.at.is_some() => self.index(),
            '(' | '[' | '{' => self.open(first == '('),
            ')' | ']' | '}' => self.close(),
            '|' => self.input = self.at.take().unwrap_or(None),
            '"' => {
                self.quoted();
                self.at = Some(None);
            }
            '?' => {}
            white if white.is_whitespace() => {}
            _ => self.at = None,
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn dot(&mut self) {
        let base = self.at.take().unwrap_or_else(|| self.input.clone());
        let key = match self.rest.strip_prefix('"') {
            Some(rest) => {
                self.rest = rest;
                self.quoted()
            }
            None => self.take(|c| c.is_ascii_alphanumeric() || c == '_').to_owned(),
        };
        self.at = Some(if key.is_empty() { base } else { then(base, Step::Key(key)) });
    }

    fn index(&mut self) {
        let base = self.at.take().unwrap_or(None);
        let step = if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            Some(Step::Key(self.quoted()))
        } else {
            Some(Step::Each)
        };
        let inside = self.take(|c| c != ']');
        self.rest = self.rest.strip_prefix(']').unwrap_or_default();
        // A part of a list is a list.
        let step = step.filter(|_| !inside.contains(':'));
        self.at = Some(step.map_or(base.clone(), |step| then(base, step)));
    }

    /// Behind the opening quote; as it stands, as keys with escapes are rare.
    fn quoted(&mut self) -> String {
        let inside = self.take(|c| c != '"').to_owned();
        self.rest = self.rest.strip_prefix('"').unwrap_or_default();
        inside
    }

    fn open(&mut self, call: bool) {
        let word = if call && self.at.take().is_some() { self.word } else { "" };
        self.outer.push((self.input.clone(), word));
        let over_each =
            ["map", "map_values", "sort_by", "group_by", "unique_by", "min_by", "max_by", "any", "all"];
        if over_each.contains(&word) {
            self.input = then(self.input.take(), Step::Each);
        }
        self.at = None;
    }

    fn close(&mut self) {
        let Some((input, word)) = self.outer.pop() else { return };
        self.input = input;
        let same = ["select", "sort_by", "unique_by"].contains(&word);
        self.at = Some(if same { self.input.clone() } else { None });
    }
}

fn then(way: Way, step: Step) -> Way {
    way.map(|mut steps| {
        steps.push(step);
        steps
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::complete;
    use crate::document::Document;

    const BODY: &str = concat!(
        r#"{"item":{"num_iid":"1","skus":{"sku":[{"price":"1","sku_id":2},{"price":"2","\u989c 色":3}]},"#,
        r#""seller":{"nick":"a"}},"error_code":"0000"}"#
    );

    #[rstest]
    #[case(".", &["item", "error_code"])]
    #[case(".it", &["item"])]
    #[case(".item.s", &["skus", "seller"])]
    #[case(".item.skus.sku[].", &["price", "sku_id", "\"颜 色\""])]
    #[case(".item.skus.sku[0].p", &["price"])]
    #[case(".item.skus.sku[1:][0].p", &["price"])]
    #[case(".[\"item\"].sk", &["skus"])]
    #[case(".item.\"s", &["skus", "seller"])]
    #[case(".item | .skus.s", &["sku"])]
    #[case(".item.skus.sku | map(.p", &["price"])]
    #[case(".item.skus.sku[] | select(.price == \"1\") | .sk", &["sku_id"])]
    #[case(".item.skus.sku[] | select(.price and .sk", &["sku_id"])]
    #[case(".item.skus | {a: .s", &["sku"])]
    #[case("to_entries[] | .value.ni", &["nick"])]
    #[case(".item.skus.sku[].absent.", &[])]
    #[case("leng", &[])]
    fn keys_are_completed_by_the_path_before_the_cursor(#[case] before: &str, #[case] expected: &[&str]) {
        let document = Document::index(BODY.into()).unwrap();
        assert_eq!(complete(&document, before, "").words, expected);
    }

    #[rstest]
    #[case(".item.sk", 6)]
    #[case(".item.\"sk", 6)]
    fn what_is_replaced_begins_behind_the_dot(#[case] before: &str, #[case] start: usize) {
        let document = Document::index(BODY.into()).unwrap();
        assert_eq!(complete(&document, before, "").start, start);
    }
}
