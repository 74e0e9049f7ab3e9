//! Completes a jq program: keys after a dot, in an index and as a member of an object, functions and otherwise keywords. Keys
//! are those at the path before the cursor, or of the whole document where that path is known only by running the program.

mod path_expr;

use super::names;
use onebound_document::{Document, NodeId, NodeKind};
use path_expr::{PathReader, Step};

/// At each step of a path so many values are searched for keys: the elements of a long list are alike.
const MAX_NODES: usize = 1_000;
/// So many values are searched where the path is not known.
const MAX_ALL: usize = 200_000;
/// Keys offered at most.
const MAX_KEYS: usize = 50;

/// Functions that are offered before all others.
const COMMON: [&str; 12] = [
    "map(",
    "select(",
    "length",
    "keys",
    "to_entries",
    "sort_by(",
    "group_by(",
    "unique",
    "join(",
    "test(",
    "tonumber",
    "@csv",
];
/// Keywords that begin an expression, and keywords that continue one.
const BEGINNING: [&str; 7] = ["if", "try", "reduce", "foreach", "def", "label", "break"];
const GOING_ON: [&str; 8] = ["and", "or", "as", "then", "elif", "else", "end", "catch"];

/// The completions of the word at the end of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the unfinished word begins, in bytes.
    pub start: usize,
    /// What replaces the text from `start` on: keys in the document's order, functions in alphabetical order.
    pub words: Vec<String>,
}

/// Completes the word between these parts of a program.
pub fn complete(document: &Document, before: &str, after: &str) -> Completion {
    let quoted = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let head = quoted.strip_suffix('"').unwrap_or(quoted);
    let begun = before.get(quoted.len()..).unwrap_or_default();
    let is_quoted = head.len() < quoted.len();
    if let Some(path) = head.strip_suffix('.') {
        return Completion {
            start: head.len(),
            words: keys(document, &PathReader::new(path), begun, written),
        };
    }
    // `@` begins a name.
    let start = head.strip_suffix('@').unwrap_or(head).len();
    let reader = PathReader::new(head.get(..start).unwrap_or_default());
    if let Some(path) = head.trim_end().strip_suffix('[').filter(|_| is_quoted) {
        let path = PathReader::new(path);
        if path.is_behind_value() {
            let index = |key: &str| in_index(key, after);
            return Completion { start: head.len(), words: keys(document, &path, begun, index) };
        }
    }
    if reader.is_at_member() {
        return Completion { start: head.len(), words: keys(document, &reader, begun, written) };
    }
    if is_quoted || reader.is_in_string() || head.ends_with('$') {
        return Completion { start: head.len(), words: Vec::new() };
    }
    let begun = before.get(start..).unwrap_or_default();
    Completion { start, words: words(begun, reader.is_behind_value()) }
}

/// Functions and keywords that begin so, by whether a value precedes them.
fn words(begun: &str, behind_value: bool) -> Vec<String> {
    let fits = |word: &&str| word.starts_with(begun);
    if behind_value {
        return GOING_ON.iter().filter(|word| fits(word)).map(|word| (*word).to_owned()).collect();
    }
    let names = names();
    let rest = names.iter().map(String::as_str).filter(|name| !COMMON.contains(name));
    let all = COMMON.into_iter().chain(rest).chain(BEGINNING);
    all.filter(fits).map(str::to_owned).collect()
}

/// The keys that begin so, each written by `written`.
fn keys(
    document: &Document,
    reader: &PathReader<'_>,
    begun: &str,
    written: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut offer = |key: &str| {
        let written = written(key);
        if key.starts_with(begun) && !keys.contains(&written) {
            keys.push(written);
        }
        keys.len() < MAX_KEYS
    };
    if let Some(steps) = reader.steps() {
        let nodes = nodes(document, steps);
        let mut members = nodes.into_iter().flat_map(|node| document.children(node).take(MAX_NODES));
        members.all(|member| document.key(member).is_none_or(|key| offer(&key)));
    } else {
        let mut all = document.all_nodes().take(MAX_ALL);
        all.all(|node| document.key(node).is_none_or(|key| offer(&key)));
    }
    keys
}

/// A key in brackets, with the closing quote and bracket where they are missing after the cursor.
fn in_index(key: &str, after: &str) -> String {
    let quoted = serde_json::Value::from(key).to_string();
    match after.chars().next() {
        Some('"') => quoted.strip_suffix('"').unwrap_or(&quoted).to_owned(),
        Some(']') => quoted,
        _ => quoted + "]",
    }
}

/// A key after a dot.
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
    nodes.retain(|node| document.kind(*node) == NodeKind::Object);
    nodes
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{BEGINNING, complete};
    use crate::jq::Program;
    use onebound_document::Document;

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
    #[case(".item[\"n", &["\"num_iid\"]"])]
    #[case(".item.skus.sku[0][\"", &["\"price\"]", "\"sku_id\"]", "\"颜 色\"]"])]
    #[case("{err", &["error_code"])]
    #[case("{\"err", &["error_code"])]
    #[case(".item.skus.sku[] | {price, sk", &["sku_id"])]
    #[case(".item.skus.sku | map({a: .price, ", &["price", "sku_id", "\"颜 色\""])]
    #[case("{a: {b: 1}, it", &["item"])]
    #[case("{a: leng", &["length"])]
    #[case("leng", &["length"])]
    #[case(".item | spl", &["split(", "splits("])]
    #[case(".item.skus.sku | map(sel", &["select("])]
    #[case("[.item[] | ty", &["type"])]
    #[case(". | @t", &["@text", "@tsv"])]
    #[case("if .item th", &["then"])]
    #[case(".item a", &["and", "as"])]
    #[case("fore", &["foreach"])]
    #[case(".item == \"leng", &[])]
    #[case("\"a leng", &[])]
    #[case("[\"leng", &[])]
    #[case(". as $length | $leng", &[])]
    #[case("debug_", &[])]
    #[case("_mod", &[])]
    #[case("[.item[] | INDE", &["INDEX("])]
    #[case("leaf", &["leaf_paths"])]
    #[case("_cel", &[])]
    fn keys_are_completed_by_the_path_before_the_cursor(#[case] before: &str, #[case] expected: &[&str]) {
        let document = Document::parse(BODY.into()).unwrap();
        assert_eq!(complete(&document, before, "").words, expected);
    }

    #[rstest]
    #[case(".item.sk", 6)]
    #[case(".item.\"sk", 6)]
    #[case(".item[\"sk", 6)]
    #[case(". | @c", 4)]
    #[case("{sk", 1)]
    fn what_is_replaced_begins_behind_the_dot(#[case] before: &str, #[case] start: usize) {
        let document = Document::parse(BODY.into()).unwrap();
        assert_eq!(complete(&document, before, "").start, start);
    }

    #[rstest]
    #[case("", "\"num_iid\"]")]
    #[case("]", "\"num_iid\"")]
    #[case("\"]", "\"num_iid")]
    fn an_index_is_closed_by_what_is_not_there_yet(#[case] after: &str, #[case] expected: &str) {
        let document = Document::parse(BODY.into()).unwrap();
        assert_eq!(complete(&document, ".item[\"n", after).words, [expected]);
    }

    #[test]
    fn all_that_is_offered_is_known_and_the_common_ones_come_first() {
        let document = Document::parse(BODY.into()).unwrap();
        let words = complete(&document, ".item | ", "").words;
        assert_eq!(words[..2], ["map(", "select("]);
        let unknown = |word: &&String| {
            let call = |args: usize| format!("{word}{})", vec!["."; args].join(";"));
            let calls = [(*word).clone(), call(1), call(2), call(3), call(4), call(6)];
            !BEGINNING.contains(&word.as_str()) && calls.iter().all(|call| Program::compile(call).is_err())
        };
        assert_eq!(words.iter().filter(unknown).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
