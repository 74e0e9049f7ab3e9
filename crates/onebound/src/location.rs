//! Where in a body the vendor's answer is: mostly it is all of the body; a proxy may put it into an envelope of its own,
//! and a program may save it as a JSON string.
//!
//! ```text
//!  {"success": true, "data": {…}}   $.data
//!  "{\"item\": …}"                  $ » $                 » is the way into a string's text
//!  {"body": "{\"data\": {…}}"}      $.body » $.data
//! ```
//! The search is for an object like the vendor's envelope or like an item; its depth and extent are limited.

use std::fmt;

use super::field::Field;
use super::field_table::{self, is_blank};
use onebound_document::{ChildIndex, Document, NodeId, NodeKind, NodeRef};

/// How many containers and strings may lie around the answer.
const MAX_DEPTH: usize = 4;
/// Values of one depth that are looked at.
const MAX_VISITED: usize = 256;
/// Strings whose text is read.
const MAX_STRINGS: usize = 8;
/// Between the paths of two documents, one of which is in a string of the other.
const INTO_STRING: &str = " » ";
/// The same in jq syntax.
const INTO_STRING_JQ: &str = " | fromjson | ";

/// Where the answer is.
#[derive(Clone)]
pub(super) struct Location {
    /// The strings around it, the outermost first, and what they hold.
    strings: Vec<(NodeId, Document)>,
    /// Its outermost object, in the innermost document.
    root: NodeId,
    /// The path of that object.
    path: String,
    /// How many other answers lie as deep.
    pub(super) others: usize,
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location").finish_non_exhaustive()
    }
}

/// A value that is looked at: in which of the strings' documents, and where there.
type Visit = (Option<usize>, NodeId);

/// A string whose text is JSON.
struct JsonString {
    within: Option<usize>,
    string: NodeId,
    document: Document,
}

impl Location {
    /// Finds the answer. Where there is none, the whole body is taken for it.
    pub(super) fn find(body: &Document) -> Self {
        let mut opened: Vec<JsonString> = Vec::new();
        let mut level: Vec<Visit> = vec![(None, body.root())];
        for depth in 0..=MAX_DEPTH {
            let is_answer = |(within, node): &&Visit| {
                let document = document_of(body, &opened, *within);
                if depth == 0 { is_outermost_answer(document, *node) } else { is_answer(document, *node) }
            };
            let answers: Vec<Visit> = level.iter().filter(is_answer).copied().collect();
            if let Some(first) = answers.first() {
                return Self::at(body, opened, *first, answers.len() - 1);
            }
            level = inside_of(body, &mut opened, &level);
        }
        Self { strings: Vec::new(), root: body.root(), path: "$".to_owned(), others: 0 }
    }

    fn at(body: &Document, mut opened: Vec<JsonString>, (within, root): Visit, others: usize) -> Self {
        let mut around = Vec::new();
        let mut next = within;
        while let Some(at) = next {
            around.push(at);
            next = opened.get(at).and_then(|opened| opened.within);
        }
        around.sort_unstable();
        // Whatever lies around another was opened before it.
        let mut strings: Vec<(NodeId, Document)> = Vec::new();
        for (moved, at) in around.into_iter().enumerate() {
            let JsonString { string, document, .. } = opened.remove(at - moved);
            strings.push((string, document));
        }
        let mut location = Self { strings, root, path: String::new(), others };
        location.path = location.path_of(body, root);
        location
    }

    /// The document in which the answer lies, of this body.
    pub(super) fn document<'a>(&'a self, body: &'a Document) -> &'a Document {
        self.strings.last().map_or(body, |(_, document)| document)
    }

    /// The answer's outermost object, in its document.
    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    /// Its path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether all of the body is the answer.
    pub(super) fn is_whole_body(&self) -> bool {
        self.path == "$"
    }

    /// The outermost string around it.
    pub(super) fn outermost_string(&self) -> Option<NodeId> {
        self.strings.first().map(|(string, _)| *string)
    }

    /// A node of the answer's document, as the body has it.
    pub(super) fn node_ref(&self, node: NodeId) -> NodeRef {
        NodeRef { outer: self.strings.iter().map(|(string, _)| *string).collect(), node }
    }

    /// The path of a node of the answer's document, as the tree shows it.
    pub(super) fn path_of(&self, body: &Document, node: NodeId) -> String {
        let path = |(document, node): (&Document, NodeId)| ChildIndex::default().path(document, node);
        self.ways(body, node).map(path).collect::<Vec<_>>().join(INTO_STRING)
    }

    /// The path in jq syntax.
    pub(super) fn jq_path_of(&self, body: &Document, node: NodeId) -> String {
        let path = |(document, node): (&Document, NodeId)| ChildIndex::default().jq_path(document, node);
        self.ways(body, node).map(path).collect::<Vec<_>>().join(INTO_STRING_JQ)
    }

    /// The node at a path of [`Location::path_of`], or its nearest existing ancestor.
    pub(super) fn nearest_to(&self, body: &Document, path: &str) -> NodeRef {
        let last = path.rsplit_once(INTO_STRING).filter(|_| !self.strings.is_empty());
        let within = last.map_or(path, |(_, within)| within);
        self.node_ref(self.document(body).nearest_to(within))
    }

    /// In each document the node on the way to this one.
    fn ways<'a>(&'a self, body: &'a Document, node: NodeId) -> impl Iterator<Item = (&'a Document, NodeId)> {
        let documents = std::iter::once(body).chain(self.strings.iter().map(|(_, document)| document));
        documents.zip(self.strings.iter().map(|(string, _)| *string).chain([node]))
    }
}

fn document_of<'a>(body: &'a Document, opened: &'a [JsonString], within: Option<usize>) -> &'a Document {
    within.and_then(|at| opened.get(at)).map_or(body, |opened| &opened.document)
}

/// The next level: members, the only element of a list, and the JSON inside of a string.
fn inside_of(body: &Document, opened: &mut Vec<JsonString>, level: &[Visit]) -> Vec<Visit> {
    let mut next: Vec<Visit> = Vec::new();
    for &(within, node) in level {
        let document = document_of(body, opened, within);
        match document.kind(node) {
            NodeKind::Object => {
                let room = MAX_VISITED.saturating_sub(next.len());
                next.extend(document.children(node).take(room).map(|child| (within, child)));
            }
            NodeKind::Array => {
                let mut elements = document.children(node);
                let only = elements.next().filter(|_| elements.next().is_none());
                next.extend(only.map(|element| (within, element)));
            }
            NodeKind::String if opened.len() < MAX_STRINGS && may_hold_json(document, node) => {
                let Ok(document) = document.nested(node) else { continue };
                next.push((Some(opened.len()), document.root()));
                opened.push(JsonString { within, string: node, document });
            }
            _ => {}
        }
    }
    next
}

/// An object or array by its first character, or a string once more.
fn may_hold_json(document: &Document, string: NodeId) -> bool {
    let raw = document.raw_bytes(string);
    let inside = raw.get(1..).unwrap_or_default().trim_ascii_start();
    raw.len() <= Document::MAX_NESTED && (document.looks_like_json(string) || inside.starts_with(b"\\\""))
}

/// The vendor's envelope around all of the body, as little as there may be of it.
fn is_outermost_answer(document: &Document, node: NodeId) -> bool {
    let has = |name| document.get(node, name).is_some();
    ["error_code", "item", "items"].into_iter().any(has) || is_item(document, node)
}

/// The vendor's envelope, or an item without one.
fn is_answer(document: &Document, node: NodeId) -> bool {
    let has = |name: &&str| document.get(node, name).is_some();
    let holds = |name: &&str| document.get(node, name).is_some_and(|node| !is_blank(document, node));
    let beside = ["item", "items", "api_info", "request_id", "server_time", "reason", "error"];
    has(&"error_code") && beside.iter().any(&has)
        || document.get(node, "item").is_some_and(|item| is_item(document, item))
        || ["item", "items"].iter().any(holds) && beside.iter().filter(|name| has(name)).count() > 1
        || is_item(document, node)
}

/// An ID, and what an item has beside it.
pub(super) fn is_item(document: &Document, node: NodeId) -> bool {
    let has = |name: &&str| document.get(node, name).is_some_and(|node| !is_blank(document, node));
    let known = document.children(node).filter_map(|member| document.key(member));
    document.kind(node) == NodeKind::Object
        && Field::member(document, node, "num_iid").text().is_some()
        && ["title", "price", "skus"].iter().any(has)
        && known.filter(|name| field_table::names(field_table::ITEM, name)).count() > 2
}
