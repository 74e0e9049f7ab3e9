//! The rows of a document and of the strings opened in it: JSON as a nested document, other text as lines.
//!
//! ```text
//!  row ──▶ Spot { outer: the strings around it, node: in the innermost document, line: of the node's text }
//! ```

use crate::ui::measure;
use crate::ui::text::{visible, wrap};
use obx_core::i18n::Texts;
use onebound_document::{ChildIndex, Document, Folds, NodeId, SyntaxError};

/// Most bytes of a long text that are shown in full, since more would take longer than a key may wait.
const MAX_TEXT: usize = 200_000;
/// Cells of indentation per level.
pub(super) const INDENT: usize = 2;

/// The position of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The strings that contain the innermost document, outermost first.
    pub(super) outer: Vec<NodeId>,
    pub(super) node: NodeId,
    /// The line of the node's text; `None` for the node itself.
    pub(super) line: Option<usize>,
}

/// The rows of one document. All calls must pass the document that it was created for.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) folds: Folds,
    pub(super) places: ChildIndex,
    inside: Vec<OpenedString>,
}

/// The opened contents of a string, shown below it.
#[derive(Debug)]
struct OpenedString {
    string: NodeId,
    opened: OpenedNode,
}

#[derive(Debug)]
enum OpenedNode {
    Document(Box<(Document, Outline)>),
    Text(Vec<String>),
}

impl Spot {
    fn from_node(node: NodeId) -> Self {
        Self { outer: Vec::new(), node, line: None }
    }

    /// The strings around it, then its node.
    pub(super) fn path(&self) -> Vec<NodeId> {
        self.outer.iter().copied().chain([self.node]).collect()
    }

    /// The outermost string around it, or else its node.
    pub(super) fn outermost(&self) -> NodeId {
        self.outer.first().copied().unwrap_or(self.node)
    }
}

impl Outline {
    pub(super) fn new(document: &Document, open: &[NodeId]) -> Self {
        Self { folds: Folds::new(document, open), places: ChildIndex::default(), inside: Vec::new() }
    }

    pub(super) fn rows(&self) -> usize {
        let inside = self.inside.iter().filter(|inside| self.folds.row_of(inside.string).is_some());
        self.folds.rows() + inside.map(OpenedString::rows).sum::<usize>()
    }

    pub(super) fn spot(&self, row: usize) -> Option<Spot> {
        let mut row = row;
        for inside in &self.inside {
            let Some(own) = self.folds.row_of(inside.string) else { continue };
            if row <= own {
                break;
            }
            let rows = inside.rows();
            if row <= own + rows {
                return inside.spot(row - own - 1);
            }
            row -= rows;
        }
        self.folds.node_at(row).map(Spot::from_node)
    }

    /// The row of a spot; `None` if it is hidden.
    pub(super) fn row_of(&self, spot: &Spot) -> Option<usize> {
        let first = spot.outermost();
        let own = self.folds.row_of(first)?;
        let before = self.inside.iter().take_while(|inside| inside.string < first);
        let before = before.filter(|inside| self.folds.row_of(inside.string).is_some());
        let row = own + before.map(OpenedString::rows).sum::<usize>();
        match (spot.outer.split_first(), spot.line) {
            (None, None) => Some(row),
            (None, Some(line)) => self.opened(first).map(|_| row + 1 + line),
            (Some((_, outer)), _) => {
                let OpenedNode::Document(nested) = self.opened(first)? else { return None };
                let inner = Spot { outer: outer.to_vec(), ..spot.clone() };
                nested.1.row_of(&inner).map(|inner| row + 1 + inner)
            }
        }
    }

    /// The document inside these strings, and its outline.
    pub(super) fn within<'a>(
        &'a mut self,
        document: &'a Document,
        outer: &[NodeId],
    ) -> Option<(&'a Document, &'a mut Self)> {
        let Some((first, rest)) = outer.split_first() else { return Some((document, self)) };
        match &mut self.inside.iter_mut().find(|inside| inside.string == *first)?.opened {
            OpenedNode::Document(nested) => nested.1.within(&nested.0, rest),
            OpenedNode::Text(_) => None,
        }
    }

    pub(super) fn is_open(&self, document: &Document, id: NodeId) -> bool {
        if document.is_foldable(id) { self.folds.is_open(id) } else { self.opened(id).is_some() }
    }

    /// A line of a string's opened text.
    pub(super) fn line(&self, string: NodeId, line: usize) -> Option<&str> {
        match self.opened(string)? {
            OpenedNode::Text(lines) => lines.get(line).map(String::as_str),
            OpenedNode::Document(_) => None,
        }
    }

    /// Opens the JSON in a string.
    pub(super) fn open_json(&mut self, document: &Document, string: NodeId) -> Result<(), SyntaxError> {
        let json = document.nested(string)?;
        let outline = Self::new(&json, &[json.root()]);
        self.put(string, OpenedNode::Document(Box::new((json, outline))));
        Ok(())
    }

    /// Opens a string's text, wrapped to this many cells.
    pub(super) fn open_text(&mut self, document: &Document, string: NodeId, cells: usize, texts: Texts) {
        self.put(string, OpenedNode::Text(lines(document, string, cells, texts)));
    }

    pub(super) fn has_json(&self, string: NodeId) -> bool {
        matches!(self.opened(string), Some(OpenedNode::Document(_)))
    }

    pub(super) fn has_text(&self, string: NodeId) -> bool {
        matches!(self.opened(string), Some(OpenedNode::Text(_)))
    }

    /// Unfolds the containers around a node.
    pub(super) fn reveal(&mut self, document: &Document, id: NodeId) {
        let mut around = vec![document.root()];
        around.extend(self.places.steps_to(document, id).iter().map(|step| step.node));
        around.pop();
        self.folds.reveal(document, &around);
    }

    pub(super) fn close(&mut self, string: NodeId) {
        self.inside.retain(|inside| inside.string != string);
    }

    /// Folds or unfolds everything, also in nested documents.
    pub(super) fn set_all(&mut self, document: &Document, open: bool) {
        self.folds.set_all(document, open);
        for inside in &mut self.inside {
            if let OpenedNode::Document(nested) = &mut inside.opened {
                nested.1.set_all(&nested.0, open);
            }
        }
    }

    /// Wraps the opened texts again. `cells` is the width of a row at this document's outermost level.
    pub(super) fn rewrap(&mut self, document: &Document, cells: usize, texts: Texts) {
        for inside in &mut self.inside {
            let depth = self.places.steps_to(document, inside.string).len() + 1;
            let room = cells.saturating_sub(depth * INDENT);
            match &mut inside.opened {
                OpenedNode::Text(text) => *text = lines(document, inside.string, room, texts),
                OpenedNode::Document(nested) => nested.1.rewrap(&nested.0, room, texts),
            }
        }
    }

    fn opened(&self, string: NodeId) -> Option<&OpenedNode> {
        self.inside.iter().find(|inside| inside.string == string).map(|inside| &inside.opened)
    }

    fn put(&mut self, string: NodeId, opened: OpenedNode) {
        self.close(string);
        let at = self.inside.partition_point(|inside| inside.string < string);
        self.inside.insert(at, OpenedString { string, opened });
    }
}

impl OpenedString {
    fn rows(&self) -> usize {
        match &self.opened {
            OpenedNode::Document(nested) => nested.1.rows(),
            OpenedNode::Text(lines) => lines.len(),
        }
    }

    fn spot(&self, row: usize) -> Option<Spot> {
        match &self.opened {
            OpenedNode::Text(_) => Some(Spot { line: Some(row), ..Spot::from_node(self.string) }),
            OpenedNode::Document(nested) => {
                let mut spot = nested.1.spot(row)?;
                spot.outer.insert(0, self.string);
                Some(spot)
            }
        }
    }
}

/// A string's unescaped text, wrapped to a width in cells.
fn lines(document: &Document, string: NodeId, cells: usize, texts: Texts) -> Vec<String> {
    let (text, whole) = document.text_start(string, MAX_TEXT);
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = visible(line);
        let parts = wrap(&line, cells.max(8));
        if parts.is_empty() {
            lines.push(String::new());
        }
        lines.extend(parts.into_iter().map(str::to_owned));
    }
    if !whole {
        lines.push(texts.text_truncated(measure::bytes(document.size(string))));
    }
    lines
}
