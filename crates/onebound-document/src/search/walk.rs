//! The walk over a document, and over the JSON inside of its strings, that finds what matches.

use std::ops::Range;

use super::{Hits, Pattern};
use crate::{Document, ESCAPED, NO_KEY, Node, NodeId, NodeKind, scan};

/// So deep JSON is looked for inside of strings of JSON inside of strings: each level is indexed while it is searched.
const MAX_DEPTH: usize = 8;

/// One search: what is looked for, and how far it may go.
pub(super) struct Walk<'a> {
    pub(super) pattern: &'a Pattern,
    /// In bytes of text: after so many it is asked whether the search was cancelled.
    pub(super) piece: usize,
    /// How many strings may still have hits inside: what is found in later ones is a hit of the string itself.
    pub(super) strings: usize,
    pub(super) is_cancelled: &'a dyn Fn() -> bool,
}

impl Walk<'_> {
    /// All hits in a document that is inside of so many strings; `None` once cancelled.
    pub(super) fn search(&mut self, document: &Document, depth: usize) -> Option<Hits> {
        let (mut hits, mut from) = (Hits::default(), 0);
        while from < document.node_count() {
            if (self.is_cancelled)() {
                return None;
            }
            let to = end_of_piece(document, from, self.piece);
            for id in self.found_in(document, depth, from..to) {
                if !may_hold(document, depth, id) {
                    hits.push(id);
                    continue;
                }
                if is_hit_by_key(self.pattern, document, id) {
                    hits.push(id);
                }
                self.look_inside(document, depth, id, &mut hits)?;
            }
            from = to;
        }
        Some(hits)
    }

    /// Searches the JSON in a string. A match that is in nothing it holds, as one over several of its values, is one of
    /// the string itself.
    fn look_inside(
        &mut self,
        document: &Document,
        depth: usize,
        string: NodeId,
        hits: &mut Hits,
    ) -> Option<()> {
        let text = document.text_bytes(string);
        // Raw bytes without escapes are the text itself.
        let can_hold = !self.pattern.is_plain() || text.contains(&b'\\') || self.pattern.is_in(&text);
        if !can_hold {
            return Some(());
        }
        if self.strings > 0
            && let Ok(json) = Document::parse(text.clone())
        {
            let inside = self.search(&json, depth + 1)?;
            if !inside.is_empty() {
                self.strings -= 1;
                hits.put_inside(string, inside);
                return Some(());
            }
        }
        if self.pattern.is_in(&text) {
            hits.push(string);
        }
        Some(())
    }

    /// Nodes that match, and strings that are to be searched as JSON, in reading order.
    fn found_in(&self, document: &Document, depth: usize, nodes: Range<usize>) -> Vec<NodeId> {
        let is_found = |id: &NodeId| may_hold(document, depth, *id) || is_hit(self.pattern, document, *id);
        if !self.pattern.is_plain() {
            return nodes.map(node_id).filter(is_found).collect();
        }
        // A string with escapes is decoded first: its text may differ from its bytes.
        let mut found = raw_hits(self.pattern, document, nodes.clone());
        let before = found.len();
        let escaped = nodes.map(node_id).filter(|id| document.has_any_escape(*id));
        found.extend(escaped.filter(is_found));
        if found.len() > before {
            found.sort();
            found.dedup();
        }
        found
    }
}

/// The first node after so many bytes, and after one node at least.
fn end_of_piece(document: &Document, from: usize, bytes: usize) -> usize {
    let rest = document.nodes.get(from..).unwrap_or_default();
    let limit = rest.first().map_or(0, |node| node.begin()).saturating_add(bytes);
    from + rest.partition_point(|node| node.begin() < limit).max(1)
}

/// Whether a string is to be opened, as the tree opens it.
fn may_hold(document: &Document, depth: usize, id: NodeId) -> bool {
    depth < MAX_DEPTH && document.looks_like_json(id) && document.size(id) <= Document::MAX_NESTED
}

fn is_hit(pattern: &Pattern, document: &Document, id: NodeId) -> bool {
    let escaped = document.node(id).has_escapes();
    is_hit_by_key(pattern, document, id)
        || document.value_range(id).is_some_and(|value| is_in(pattern, document, value, escaped))
}

fn is_hit_by_key(pattern: &Pattern, document: &Document, id: NodeId) -> bool {
    let escaped = document.node(id).key & ESCAPED != 0;
    document.key_range(id).is_some_and(|key| is_in(pattern, document, key, escaped))
}

fn is_in(pattern: &Pattern, document: &Document, range: Range<usize>, escaped: bool) -> bool {
    if escaped {
        return pattern.is_in(scan::unescape(document.slice(range.start, range.end)).as_bytes());
    }
    pattern.is_in(document.text.get(range).unwrap_or_default())
}

/// Hits in what has no escapes.
fn raw_hits(pattern: &Pattern, document: &Document, range: Range<usize>) -> Vec<NodeId> {
    let nodes = document.nodes.get(..range.end).unwrap_or_default();
    let end = document.nodes.get(range.end).map_or(document.text.len(), |node| node.begin());
    let text = document.text.get(..end).unwrap_or_default();
    let mut at = nodes.get(range.start).map_or(end, |node| node.begin());
    let (mut node, mut found) = (range.start, Vec::new());
    while let Some(hit) = pattern.find_at(text, at) {
        node += nodes.get(node + 1..).map_or(0, |rest| reach(rest, hit.start));
        let id = node_id(node);
        let inside = |range: Option<Range<usize>>| {
            range.as_ref().is_some_and(|range| range.start <= hit.start && hit.end <= range.end)
        };
        let (key, value) = (document.key_range(id), document.value_range(id));
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

    fn key_range(&self, id: NodeId) -> Option<Range<usize>> {
        let start = self.key_start(id)?;
        let (length, _) = scan::string_length(self.text.get(start..).unwrap_or_default());
        Some(start..start + length)
    }

    /// `None` for containers.
    fn value_range(&self, id: NodeId) -> Option<Range<usize>> {
        let node = self.node(id);
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind() {
            NodeKind::Array | NodeKind::Object => None,
            NodeKind::String => Some(start + 1..end - 1),
            NodeKind::Null | NodeKind::Bool | NodeKind::Number => Some(start..end),
        }
    }
}
