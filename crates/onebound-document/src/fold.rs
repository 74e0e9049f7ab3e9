//! Fold state of a tree view: which containers are folded, and which node is in which row.
//!
//! Only the hidden ranges are stored. A row is a node's number less the hidden nodes before it, so that a document of
//! two million nodes opens, unfolds completely and scrolls without delay.
//!
//! ```
//! use onebound_document::{Document, Folds};
//! let document = Document::parse(r#"{"a": [1, 2], "b": 3}"#.into())?;
//! let mut folds = Folds::new(&document, &[document.root()]);
//! assert_eq!(folds.rows(), 3);
//! folds.set_all(&document, true);
//! assert_eq!(folds.rows(), 5);
//! # Ok::<(), onebound_document::SyntaxError>(())
//! ```

use super::{Document, NodeId};

/// The fold state of one document. Always pass the document that it was created for.
#[derive(Clone, Debug)]
pub struct Folds {
    nodes: u32,
    /// Whether a container is open unless it is one of the `others`.
    open: bool,
    /// In reading order; also those inside of what is folded, which thus stays as it was left.
    others: Vec<u32>,
    hidden: Vec<Hidden>,
}

/// The nodes inside of one folded container that is itself visible.
#[derive(Clone, Copy, Debug)]
struct Hidden {
    start: u32,
    end: u32,
    /// How many are hidden before these.
    before: u32,
}

impl Hidden {
    fn through(self) -> u32 {
        self.before + self.end - self.start
    }
}

impl Document {
    /// Returns true for a container that is not empty.
    pub fn is_foldable(&self, id: NodeId) -> bool {
        self.node(id).after() > id.0 + 1
    }

    /// Returns true if `id` is inside of `of`, at any depth.
    pub fn is_inside(&self, id: NodeId, of: NodeId) -> bool {
        id > of && id.0 < self.node(of).after()
    }

    /// The size of the raw value in bytes.
    pub fn size(&self, id: NodeId) -> usize {
        let node = self.node(id);
        (node.end - node.start) as usize
    }
}

impl Folds {
    /// Creates a state in which all containers but `open` are folded.
    pub fn new(document: &Document, open: &[NodeId]) -> Self {
        let mut others: Vec<u32> = open.iter().map(|id| id.0).collect();
        others.sort_unstable();
        let nodes = u32::try_from(document.nodes.len()).unwrap_or(u32::MAX);
        let mut folds = Self { nodes, open: false, others, hidden: Vec::new() };
        folds.rebuild(document, document.root());
        folds
    }

    /// The number of visible rows.
    pub fn rows(&self) -> usize {
        (self.nodes - self.hidden.last().map_or(0, |hidden| hidden.through())) as usize
    }

    /// The node in this row.
    pub fn node_at(&self, row: usize) -> Option<NodeId> {
        let row = u32::try_from(row).ok()?;
        let before = self.hidden.partition_point(|hidden| hidden.start - hidden.before <= row);
        let skipped = before.checked_sub(1).and_then(|last| self.hidden.get(last));
        let id = row.checked_add(skipped.map_or(0, |hidden| hidden.through()))?;
        (id < self.nodes).then_some(NodeId(id))
    }

    /// The row of a node; `None` while it is hidden.
    pub fn row_of(&self, id: NodeId) -> Option<usize> {
        let before = self.hidden.partition_point(|hidden| hidden.start <= id.0);
        let last = before.checked_sub(1).and_then(|last| self.hidden.get(last));
        match last {
            Some(hidden) if id.0 < hidden.end => None,
            _ => Some((id.0 - last.map_or(0, |hidden| hidden.through())) as usize),
        }
    }

    /// Whether a container is unfolded.
    pub fn is_open(&self, id: NodeId) -> bool {
        self.open != self.others.binary_search(&id.0).is_ok()
    }

    /// Folds or unfolds one container.
    pub fn set(&mut self, document: &Document, id: NodeId, open: bool) {
        if self.set_one(id, open) {
            self.rebuild(document, id);
        }
    }

    /// Unfolds everything, or folds everything but the outermost.
    pub fn set_all(&mut self, document: &Document, open: bool) {
        self.open = open;
        self.others = if open { Vec::new() } else { vec![document.root().0] };
        self.rebuild(document, document.root());
    }

    /// Folds or unfolds the direct children of this container.
    pub fn set_in(&mut self, document: &Document, parent: NodeId, open: bool) {
        let mut inside = document.children(parent).filter(|id| document.is_foldable(*id)).map(|id| id.0);
        if self.open == open {
            let inside: Vec<u32> = inside.collect();
            self.others.retain(|id| inside.binary_search(id).is_err());
        } else {
            self.others.extend(&mut inside);
            // Two runs, each in order: this sort only merges them.
            self.others.sort_unstable();
            self.others.dedup();
        }
        self.rebuild(document, parent);
    }

    /// Unfolds the containers `around` a node, the outermost first.
    pub fn reveal(&mut self, document: &Document, around: &[NodeId]) {
        let mut first = None;
        for id in around {
            if self.set_one(*id, true) && first.is_none() {
                first = Some(*id);
            }
        }
        if let Some(first) = first {
            self.rebuild(document, first);
        }
    }

    /// Sets one container; returns true if that changed it.
    fn set_one(&mut self, id: NodeId, open: bool) -> bool {
        if self.is_open(id) == open {
            return false;
        }
        match self.others.binary_search(&id.0) {
            Ok(at) => drop(self.others.remove(at)),
            Err(at) => self.others.insert(at, id.0),
        }
        true
    }

    /// Recomputes the hidden nodes of a container.
    fn rebuild(&mut self, document: &Document, id: NodeId) {
        if self.row_of(id).is_none() {
            return;
        }
        let end = document.node(id).after();
        let first = self.hidden.partition_point(|hidden| hidden.start <= id.0);
        let last = self.hidden.partition_point(|hidden| hidden.start < end);
        self.hidden.splice(first..last, self.hidden_in(document, id.0, end));
        let mut before =
            first.checked_sub(1).and_then(|at| self.hidden.get(at)).map_or(0, |hidden| hidden.through());
        for hidden in self.hidden.iter_mut().skip(first) {
            hidden.before = before;
            before = hidden.through();
        }
    }

    fn hidden_in(&self, document: &Document, start: u32, end: u32) -> Vec<Hidden> {
        let others = self.others.partition_point(|id| *id < start);
        let others = self.others.get(others..).unwrap_or_default();
        let others = others.get(..others.partition_point(|id| *id < end)).unwrap_or_default();
        if self.open {
            return folded(document, others);
        }
        // What is folded is stepped over, so that only rows are looked at: up to every node of the document.
        let nodes = document.nodes.get(..end as usize).unwrap_or_default();
        let mut others = others.iter().copied().peekable();
        let (mut at, mut found) = (start, Vec::new());
        while let Some(node) = nodes.get(at as usize) {
            let (id, after) = (at, node.after());
            at += 1;
            if after > at {
                while others.next_if(|other| *other < id).is_some() {}
                if others.peek() != Some(&id) {
                    found.push(Hidden { start: at, end: after, before: 0 });
                    at = after;
                }
            }
        }
        found
    }
}

/// The ranges that these containers hide, given in reading order; nested ones hide nothing more.
fn folded(document: &Document, ids: &[u32]) -> Vec<Hidden> {
    let (mut at, mut found) = (0, Vec::new());
    for &id in ids.iter().filter(|id| document.node(NodeId(**id)).after() > **id + 1) {
        if id >= at {
            at = document.node(NodeId(id)).after();
            found.push(Hidden { start: id + 1, end: at, before: 0 });
        }
    }
    found
}
