//! How far one document was looked through, and what was found in it and in the JSON inside of its strings.
//!
//! ```text
//!  look_further ──▶ own hits, and strings that may hold JSON ──▶ each string is opened and looked through in its turn,
//!  a stretch of the document                                     so that hits are known in reading order
//! ```

use std::ops::Range;
use std::vec::IntoIter;

use bytes::Bytes;

use super::{Hits, Pattern};
use crate::{Document, ESCAPED, NO_KEY, Node, NodeId, NodeKind, scan};

/// So deep JSON is looked for inside of strings of JSON inside of strings: each level is kept while it is looked through.
const MAX_DEPTH: usize = 8;
/// Reading escapes takes so many times as long as looking for a text.
const READING: usize = 2;
/// Indexing takes so many times as long as looking for a text.
const INDEXING: usize = 4;

/// What is looked for, and how much is still to be done.
#[derive(Debug)]
pub(super) struct Query<'a> {
    pub(super) pattern: &'a Pattern,
    /// In bytes of text, until the next pause.
    pub(super) left: usize,
    /// How many strings may still have hits inside: what is found in later ones is a hit of the string itself.
    pub(super) strings: &'a mut usize,
}

/// Where the search of one document stands.
#[derive(Clone, Debug, Default)]
pub(super) struct SearchState {
    /// How many strings this document is inside of.
    depth: usize,
    next: usize,
    /// Of the stretch before `next`: hits that come after a string that is still to be opened.
    ahead: IntoIter<NodeId>,
    /// Of the same: the strings that are still to be opened.
    strings: IntoIter<NodeId>,
    /// The one that was read, and is still to be indexed.
    read: Option<(NodeId, Bytes)>,
    open: Option<Box<Open>>,
    hits: Hits,
    done: bool,
}

/// What a string holds, as it is looked through.
#[derive(Clone, Debug)]
struct Open {
    string: NodeId,
    document: Document,
    state: SearchState,
}

impl SearchState {
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn hits(&self) -> &Hits {
        &self.hits
    }

    /// Goes on until all is done, or enough for now.
    pub(super) fn step(&mut self, look: &mut Query<'_>, document: &Document) {
        while !self.done {
            self.take_hits();
            if self.is_nothing_ahead() && self.next >= document.node_count() {
                self.done = true;
            } else if look.left == 0 {
                return;
            } else if let Some(open) = &mut self.open {
                open.state.step(look, &open.document);
                if open.state.done {
                    self.close(look);
                }
            } else if let Some((string, text)) = self.read.take() {
                self.open(look, string, &text);
            } else if let Some(string) = self.strings.next() {
                self.read(look, document, string);
            } else {
                self.look_further(look, document);
            }
        }
    }

    fn is_nothing_ahead(&self) -> bool {
        self.open.is_none() && self.read.is_none() && self.strings.as_slice().is_empty()
    }

    /// The hits before the next string that is to be opened: its own, of its key, is one of them.
    fn take_hits(&mut self) {
        if self.open.is_some() || self.read.is_some() {
            return;
        }
        let ahead = self.ahead.as_slice();
        let count = self
            .strings
            .as_slice()
            .first()
            .map_or(ahead.len(), |next| ahead.partition_point(|hit| hit <= next));
        self.hits.extend(self.ahead.by_ref().take(count));
    }

    /// Reading and indexing a large one takes two steps.
    fn read(&mut self, look: &mut Query<'_>, document: &Document, string: NodeId) {
        let text = document.text_bytes(string);
        look.spend(document.size(string).saturating_mul(READING));
        // What has no escapes has nothing that does not stand in it as it is.
        let can_hold = !look.pattern.is_plain() || text.contains(&b'\\') || look.pattern.is_in(&text);
        self.read = can_hold.then_some((string, text));
    }

    fn open(&mut self, look: &mut Query<'_>, string: NodeId, text: &Bytes) {
        look.spend(text.len().saturating_mul(INDEXING));
        match Document::parse(text.clone()) {
            Ok(document) if *look.strings > 0 => {
                let state = Self { depth: self.depth + 1, ..Self::default() };
                self.open = Some(Box::new(Open { string, document, state }));
            }
            _ => self.hold_text_against(look, string, text),
        }
    }

    /// A match that is in nothing it holds, as one over several of its values, is one of the string itself.
    fn close(&mut self, look: &mut Query<'_>) {
        let Some(open) = self.open.take() else { return };
        if open.state.hits.is_empty() {
            self.hold_text_against(look, open.string, &open.document.text);
        } else {
            *look.strings = look.strings.saturating_sub(1);
            self.hits.put_inside(open.string, open.state.hits);
        }
    }

    fn hold_text_against(&mut self, look: &mut Query<'_>, string: NodeId, text: &[u8]) {
        look.spend(text.len());
        if look.pattern.is_in(text) {
            self.hits.push(string);
        }
    }

    /// Looks through the next stretch of the document, but for what its strings hold.
    fn look_further(&mut self, look: &mut Query<'_>, document: &Document) {
        // An expression takes about four times as long, and so do escapes, of which what stands in a string is full.
        let weight = if look.pattern.is_plain() && self.depth == 0 { 1 } else { 4 };
        let bytes = look.left / weight;
        let from = self.next;
        let rest = document.nodes.get(from..).unwrap_or_default();
        let start = rest.first().map_or(0, |node| node.begin());
        let limit = start.saturating_add(bytes);
        let to = from + rest.partition_point(|node| node.begin() < limit).max(1);
        let end = document.nodes.get(to).map_or(document.text.len(), |node| node.begin());
        look.spend((end - start).saturating_mul(weight));
        let found = if look.pattern.is_plain() {
            self.with_text(look.pattern, document, from, to)
        } else {
            let held = |id: &NodeId| self.may_hold(document, *id) || is_hit(look.pattern, document, *id);
            (from..to).map(node_id).filter(held).collect()
        };
        self.next = to;
        self.sort_out(look.pattern, document, found);
    }

    /// Of strings that may hold JSON only the key is a hit for now.
    fn sort_out(&mut self, pattern: &Pattern, document: &Document, found: Vec<NodeId>) {
        let strings: Vec<NodeId> = found.iter().copied().filter(|id| self.may_hold(document, *id)).collect();
        let mut hits = found;
        if !strings.is_empty() {
            hits.retain(|id| strings.binary_search(id).is_err() || is_hit_by_key(pattern, document, *id));
        }
        (self.ahead, self.strings) = (hits.into_iter(), strings.into_iter());
    }

    /// Whether a string is to be opened, as the tree opens it.
    fn may_hold(&self, document: &Document, id: NodeId) -> bool {
        self.depth < MAX_DEPTH && document.looks_like_json(id) && document.size(id) <= Document::MAX_NESTED
    }

    /// Nodes that a text is in, and strings that may hold it only once they are read.
    fn with_text(&self, pattern: &Pattern, document: &Document, from: usize, to: usize) -> Vec<NodeId> {
        let mut found = raw_hits(pattern, document, from, to);
        let escaped = (from..to).map(node_id).filter(|id| document.has_any_escape(*id));
        let before = found.len();
        found.extend(escaped.filter(|id| self.may_hold(document, *id) || is_hit(pattern, document, *id)));
        if found.len() > before {
            found.sort();
            found.dedup();
        }
        found
    }
}

impl Query<'_> {
    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}

fn is_hit(pattern: &Pattern, document: &Document, id: NodeId) -> bool {
    let escaped = document.node(id).has_escapes();
    is_hit_by_key(pattern, document, id)
        || document.value_stretch(id).is_some_and(|value| is_in(pattern, document, value, escaped))
}

fn is_hit_by_key(pattern: &Pattern, document: &Document, id: NodeId) -> bool {
    let escaped = document.node(id).key & ESCAPED != 0;
    document.key_stretch(id).is_some_and(|key| is_in(pattern, document, key, escaped))
}

fn is_in(pattern: &Pattern, document: &Document, stretch: Range<usize>, escaped: bool) -> bool {
    if escaped {
        return pattern.is_in(scan::unescape(document.slice(stretch.start, stretch.end)).as_bytes());
    }
    pattern.is_in(document.text.get(stretch).unwrap_or_default())
}

/// Hits in what has no escapes.
fn raw_hits(pattern: &Pattern, document: &Document, from: usize, to: usize) -> Vec<NodeId> {
    let nodes = document.nodes.get(..to).unwrap_or_default();
    let end = document.nodes.get(to).map_or(document.text.len(), |node| node.begin());
    let text = document.text.get(..end).unwrap_or_default();
    let mut at = nodes.get(from).map_or(end, |node| node.begin());
    let (mut node, mut found) = (from, Vec::new());
    while let Some(hit) = pattern.find_at(text, at) {
        node += nodes.get(node + 1..).map_or(0, |rest| reach(rest, hit.start));
        let id = node_id(node);
        let inside = |stretch: Option<Range<usize>>| {
            stretch.as_ref().is_some_and(|stretch| stretch.start <= hit.start && hit.end <= stretch.end)
        };
        let (key, value) = (document.key_stretch(id), document.value_stretch(id));
        let key_is_plain = document.node(id).key & ESCAPED == 0;
        if key_is_plain && inside(key.clone()) || !document.node(id).has_escapes() && inside(value.clone()) {
            found.push(id);
            // One hit a node is enough.
            at = value.or(key).map_or(hit.end, |last| last.end);
        } else {
            at = hit.start + 1;
        }
    }
    found
}

/// How many of these nodes begin at this offset or before it: few, mostly.
fn reach(nodes: &[Node], offset: usize) -> usize {
    let mut far = 1;
    while nodes.get(far - 1).is_some_and(|node| node.begin() <= offset) {
        far *= 2;
    }
    let near = far / 2;
    let between = nodes.get(near..far.min(nodes.len())).unwrap_or_default();
    near + between.partition_point(|node| node.begin() <= offset)
}

fn node_id(at: usize) -> NodeId {
    NodeId(u32::try_from(at).unwrap_or(u32::MAX))
}

impl Node {
    /// Where it begins, with its key.
    fn begin(self) -> usize {
        if self.key == NO_KEY { self.start as usize } else { (self.key & !ESCAPED) as usize }
    }
}

impl Document {
    fn has_any_escape(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.has_escapes() || node.key != NO_KEY && node.key & ESCAPED != 0
    }

    fn key_stretch(&self, id: NodeId) -> Option<Range<usize>> {
        let start = self.key_start(id)?;
        let (length, _) = scan::string_length(self.text.get(start..).unwrap_or_default());
        Some(start..start + length)
    }

    /// `None` for containers.
    fn value_stretch(&self, id: NodeId) -> Option<Range<usize>> {
        let node = self.node(id);
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind() {
            NodeKind::Array | NodeKind::Object => None,
            NodeKind::String => Some(start + 1..end - 1),
            NodeKind::Null | NodeKind::Bool | NodeKind::Number => Some(start..end),
        }
    }
}
