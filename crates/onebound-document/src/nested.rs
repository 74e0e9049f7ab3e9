//! JSON inside of a string, as a document of its own.

use super::{Document, NodeId, NodeKind, SyntaxError};

/// A node of a document, or of one that is inside of a string in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRef {
    /// The strings that the node's document is inside of, the outermost first; each is a node of the one before.
    pub outer: Vec<NodeId>,
    /// The node, in the innermost document.
    pub node: NodeId,
}

impl NodeRef {
    /// The strings that it is inside of, and the node itself.
    pub fn path(&self) -> Vec<NodeId> {
        self.outer.iter().copied().chain([self.node]).collect()
    }
}

impl From<NodeId> for NodeRef {
    fn from(node: NodeId) -> Self {
        Self { outer: Vec::new(), node }
    }
}

impl Document {
    /// The largest string to parse as JSON during a key press, in raw bytes.
    pub const MAX_NESTED: usize = 6_000_000;

    /// Returns true for a string that looks like an object or an array, by its first and last character.
    pub fn looks_like_json(&self, id: NodeId) -> bool {
        if self.kind(id) != NodeKind::String {
            return false;
        }
        let raw = self.raw_bytes(id);
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default().trim_ascii();
        matches!((inside.first(), inside.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
    }

    /// Parses the JSON inside of a string.
    ///
    /// # Errors
    /// The position and kind of the first syntax error.
    pub fn nested(&self, string: NodeId) -> Result<Self, SyntaxError> {
        Self::parse(self.text_bytes(string))
    }
}
