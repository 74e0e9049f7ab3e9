//! A JSON body as it was received, with an index of spans over it.
//!
//! Nothing is converted on arrival: every node is a span of bytes, so that digits, order,
//! escapes and duplicate keys stay as they were sent, and a body of 50 MB costs 16 bytes a node.
//! The typed views of the `onebound` crate and the raw view of obx read from it.
//!
//! ```
//! let document = onebound_document::Document::parse(r#"{"price": 799.00, "price": "1"}"#.into())?;
//! let root = document.root();
//! assert_eq!(document.children(root).count(), 2);
//! assert_eq!(document.raw(document.get(root, "price").unwrap()), "\"1\"");
//! # Ok::<(), onebound_document::SyntaxError>(())
//! ```

#![warn(missing_docs)]

mod fold;
mod nested;
mod path;
mod scan;
mod search;
mod strict;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

pub use fold::Folds;
pub use nested::NodeRef;
pub use path::{ChildIndex, PathStep};
pub use scan::{SyntaxError, SyntaxFault};
pub use search::{Hits, Pattern, PatternError};
pub use strict::{Occurrences, Violation, Violations, is_number};

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, in the digits that were sent; also one that JSON does not know, such as NaN or `1+2`.
    Number,
    /// A string.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

/// One value of a document. Valid only for the document that returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// Offsets are 32 bits wide: the scanner refuses more than 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    /// Where the member's key begins (its opening quote), or [`NO_KEY`]; [`ESCAPED`] where it has escapes.
    key: u32,
    start: u32,
    end: u32,
    /// The node after this one's subtree, in reading order; the top three bits hold the kind.
    after: u32,
}

const NO_KEY: u32 = u32::MAX;
/// Offsets are below it: the scanner refuses more than 1 GiB.
const ESCAPED: u32 = 1 << 30;
const KIND_SHIFT: u32 = 29;
/// The tag of a string with escapes; all others need no decoding.
const STRING_WITH_ESCAPES: u32 = 6;
const AFTER_MASK: u32 = (1 << KIND_SHIFT) - 1;

impl Node {
    fn kind(self) -> NodeKind {
        match self.after >> KIND_SHIFT {
            0 => NodeKind::Null,
            1 => NodeKind::Bool,
            2 => NodeKind::Number,
            3 | STRING_WITH_ESCAPES => NodeKind::String,
            4 => NodeKind::Array,
            _ => NodeKind::Object,
        }
    }

    fn is_number(self) -> bool {
        self.after >> KIND_SHIFT == 2
    }

    fn is_string(self) -> bool {
        matches!(self.after >> KIND_SHIFT, 3 | STRING_WITH_ESCAPES)
    }

    fn has_escapes(self) -> bool {
        self.after >> KIND_SHIFT == STRING_WITH_ESCAPES
    }

    fn after(self) -> u32 {
        self.after & AFTER_MASK
    }
}

/// A text and the index of its JSON values.
#[derive(Clone)]
pub struct Document {
    text: Bytes,
    nodes: Vec<Node>,
    trailing: Option<usize>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} nodes)", self.text.len(), self.nodes.len())
    }
}

impl Document {
    /// Indexes a body. Control characters inside strings, unknown escapes, numbers that JSON does not know, and a
    /// byte order mark are accepted, since PHP, Python and others write them: [`Document::violations`]
    /// lists them. Text after the first value is reported by [`Document::trailing`].
    ///
    /// # Errors
    /// The position and kind of the first syntax error; [`SyntaxFault::Cut`] if the text ends too early.
    pub fn parse(text: Bytes) -> Result<Self, SyntaxError> {
        Self::parse_at(text, 0)
    }

    /// Indexes a text whose first value begins after other text, at offset `start` or later.
    ///
    /// # Errors
    /// The same as of [`Document::parse`].
    pub fn parse_at(text: Bytes, start: usize) -> Result<Self, SyntaxError> {
        let (nodes, trailing) = scan::scan(&text, start)?;
        Ok(Self { text, nodes, trailing })
    }

    /// Indexes the first of several concatenated values; the rest is not checked.
    ///
    /// # Errors
    /// The same as of [`Document::parse`].
    pub fn parse_first(text: Bytes) -> Result<Self, SyntaxError> {
        let (nodes, trailing) = scan::scan_first(&text)?;
        Ok(Self { text, nodes, trailing })
    }

    /// Replaces the text by another one of the same length and structure, such as one with masked secrets.
    #[must_use]
    pub fn with_text(self, text: Bytes) -> Self {
        debug_assert_eq!(self.text.len(), text.len(), "spans must keep their places");
        Self { text, ..self }
    }

    /// The outermost value.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The number of values, containers included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Offset of further text after the outermost value, other than white space.
    pub fn trailing(&self) -> Option<usize> {
        self.trailing
    }

    /// The type of a value.
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).kind()
    }

    /// The node's text as it was sent, quotes and escapes included.
    pub fn raw(&self, id: NodeId) -> &str {
        let node = self.node(id);
        self.slice(node.start as usize, node.end as usize)
    }

    /// The raw text as bytes, without a UTF-8 check: for comparing large parts.
    pub fn raw_bytes(&self, id: NodeId) -> &[u8] {
        let node = self.node(id);
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Returns true if both nodes have the same raw key, or none.
    pub fn has_same_key(&self, id: NodeId, other: &Self, in_other: NodeId) -> bool {
        match (self.key_start(id), other.key_start(in_other)) {
            (Some(start), Some(in_other)) => {
                let key = self.text.get(start..).unwrap_or_default();
                let key = key.get(..scan::string_length(key).0).unwrap_or_default();
                let after = other.text.get(in_other..).unwrap_or_default().strip_prefix(key);
                after.is_some_and(|after| after.first() == Some(&b'"'))
            }
            (own, other) => own == other,
        }
    }

    /// The member's key, unescaped; `None` for elements of an array and for the root.
    pub fn key(&self, id: NodeId) -> Option<Cow<'_, str>> {
        self.raw_key(id).map(scan::unescape)
    }

    /// A string's text, unescaped; any other node's as it was sent.
    pub fn text(&self, id: NodeId) -> Cow<'_, str> {
        let node = self.node(id);
        if node.kind() != NodeKind::String {
            return Cow::Borrowed(self.raw(id));
        }
        let inside = self.slice(node.start as usize + 1, node.end as usize - 1);
        if node.has_escapes() { scan::unescape(inside) } else { Cow::Borrowed(inside) }
    }

    /// The outermost value's text, without a copy.
    pub fn whole(&self) -> Bytes {
        let root = self.node(self.root());
        self.text.slice(root.start as usize..root.end as usize)
    }

    /// A string's text, unescaped, without a copy where nothing is escaped; any other node's as it was sent.
    pub fn text_bytes(&self, id: NodeId) -> Bytes {
        let node = self.node(id);
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind() {
            NodeKind::String if node.has_escapes() => Bytes::from(self.text(id).into_owned()),
            NodeKind::String => self.text.slice(start + 1..end - 1),
            _ => self.text.slice(start..end),
        }
    }

    /// The start of a string's text, unescaped, of at most so many bytes as it was sent, and whether that is all;
    /// any other node's as it was sent.
    pub fn text_start(&self, id: NodeId, bytes: usize) -> (Cow<'_, str>, bool) {
        let raw = self.raw_bytes(id);
        let is_string = self.kind(id) == NodeKind::String;
        let inside = if is_string { raw.get(1..raw.len() - 1).unwrap_or_default() } else { raw };
        let start = String::from_utf8_lossy(inside.get(..bytes).unwrap_or(inside));
        let text = match start {
            Cow::Borrowed(start) if self.node(id).has_escapes() => scan::unescape(start),
            Cow::Owned(start) if self.node(id).has_escapes() => {
                Cow::Owned(scan::unescape(&start).into_owned())
            }
            start => start,
        };
        (text, inside.len() <= bytes)
    }

    /// The values directly inside a container, in the order they were sent; none for anything else.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { document: self, next: id.0 + 1, end: self.node(id).after() }
    }

    /// The byte range of a value in the text; of a string without its quotes.
    pub fn span_inside(&self, id: NodeId) -> std::ops::Range<usize> {
        let node = self.node(id);
        let quote = usize::from(node.kind() == NodeKind::String);
        node.start as usize + quote..(node.end as usize).saturating_sub(quote)
    }

    /// The children of a container from `first` on, which must be one of them.
    pub fn children_from(&self, id: NodeId, first: NodeId) -> Children<'_> {
        Children { document: self, next: first.0, end: self.node(id).after() }
    }

    /// The first child in the second half of a container that holds at least so many values, counted at any depth:
    /// where to divide the work of reading it.
    pub fn middle_child(&self, container: NodeId, at_least: u32) -> Option<NodeId> {
        let values = self.node(container).after() - container.0;
        if values < at_least {
            return None;
        }
        let half = NodeId(container.0 + values / 2);
        self.children(container).find(|child| *child >= half)
    }

    /// All values, in reading order.
    pub fn all_nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The member with this name; of duplicate keys the last, as other JSON parsers do.
    pub fn get(&self, object: NodeId, name: &str) -> Option<NodeId> {
        if self.kind(object) != NodeKind::Object {
            return None;
        }
        self.children(object).filter(|&member| self.has_key(member, name)).last()
    }

    /// Returns true for an empty container.
    pub fn is_empty_container(&self, id: NodeId) -> bool {
        matches!(self.kind(id), NodeKind::Array | NodeKind::Object) && self.children(id).next().is_none()
    }

    /// Returns true if the member has this key.
    pub fn has_key(&self, member: NodeId, name: &str) -> bool {
        let key = self.node(member).key;
        if key == NO_KEY {
            return false;
        }
        if key & ESCAPED != 0 {
            return self.key(member).is_some_and(|key| key == name);
        }
        let inside = self.text.get(key as usize + 1..).unwrap_or_default();
        inside.get(name.len()) == Some(&b'"') && inside.starts_with(name.as_bytes())
    }

    /// Returns true if the member has this raw key, escapes included.
    pub fn has_raw_key(&self, member: NodeId, raw: &str) -> bool {
        let key = self.key_start(member).and_then(|start| self.text.get(start..));
        key.is_some_and(|key| key.get(raw.len()) == Some(&b'"') && key.starts_with(raw.as_bytes()))
    }

    /// Behind the key's opening quote.
    fn key_start(&self, id: NodeId) -> Option<usize> {
        let key = self.node(id).key;
        (key != NO_KEY).then_some((key & !ESCAPED) as usize + 1)
    }

    /// The member's key as it was sent, without its quotes.
    pub fn raw_key(&self, id: NodeId) -> Option<&str> {
        let start = self.key_start(id)?;
        let (length, _) = scan::string_length(self.text.get(start..).unwrap_or_default());
        Some(self.slice(start, start + length))
    }

    fn node(&self, id: NodeId) -> Node {
        self.nodes[id.0 as usize]
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        let bytes = self.text.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
    }
}

/// Iterator over the children of a container, see [`Document::children`].
#[derive(Clone, Debug)]
pub struct Children<'a> {
    document: &'a Document,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.document.node(id).after();
        Some(id)
    }
}

/// The examples of the README, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct DocumentReadmeExamples;
