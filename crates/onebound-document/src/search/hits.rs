//! What a search found, in reading order: also in the JSON inside of strings.
//!
//! A hit is identified by its path: the strings that it is inside of, the outermost first, and then its node in the
//! innermost document. Paths compare in reading order: a string comes before its content.

use crate::{Document, NodeId};

/// The hits in one document and in those inside of its strings: four bytes each, and some sixty a string.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    own: Vec<NodeId>,
    inside: Vec<NestedHits>,
}

/// The hits in what one string holds: never none.
#[derive(Clone, Debug)]
struct NestedHits {
    string: NodeId,
    /// How many there are in this and in all strings before it.
    through: usize,
    hits: Hits,
}

impl Hits {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.own.len() + self.in_strings(self.inside.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.inside.is_empty()
    }

    /// The path of one of them, counted from 0.
    pub fn at(&self, index: usize) -> Option<Vec<NodeId>> {
        let first_in =
            |inside: &NestedHits| self.own_through(inside.string) + inside.through - inside.hits.len();
        let strings = self.inside.partition_point(|inside| first_in(inside) <= index);
        let last = strings.checked_sub(1).and_then(|last| self.inside.get(last));
        if let Some(inside) = last
            && let Some(inner) = inside.hits.at(index - first_in(inside))
        {
            return Some([inside.string].into_iter().chain(inner).collect());
        }
        self.own.get(index - self.in_strings(strings)).map(|id| vec![*id])
    }

    /// How many of them come before the node at this path.
    pub fn before(&self, path: &[NodeId]) -> usize {
        let Some((first, rest)) = path.split_first() else { return 0 };
        let strings = self.inside.partition_point(|inside| inside.string < *first);
        if rest.is_empty() {
            return self.own.partition_point(|hit| hit < first) + self.in_strings(strings);
        }
        let inner = self.held_by(*first).map_or(0, |hits| hits.before(rest));
        self.own_through(*first) + self.in_strings(strings) + inner
    }

    /// Whether the node at this path is one of them.
    pub fn contains(&self, path: &[NodeId]) -> bool {
        match path.split_first() {
            Some((own, [])) => self.own.binary_search(own).is_ok(),
            Some((string, rest)) => self.held_by(*string).is_some_and(|hits| hits.contains(rest)),
            None => false,
        }
    }

    /// How many are inside of a container or a string; `document` is the innermost one, which has the path's last node.
    pub fn inside(&self, document: &Document, path: &[NodeId]) -> usize {
        match path.split_first() {
            Some((own, [])) => self.between(*own, NodeId(document.node(*own).after())),
            Some((string, rest)) => self.held_by(*string).map_or(0, |hits| hits.inside(document, rest)),
            None => 0,
        }
    }

    /// Adds a node of this document that comes after all others.
    pub(super) fn push(&mut self, id: NodeId) {
        if self.own.last() != Some(&id) {
            self.own.push(id);
        }
    }

    /// Adds what was found in a string that comes after all others.
    pub(super) fn put_inside(&mut self, string: NodeId, mut hits: Self) {
        hits.own.shrink_to_fit();
        hits.inside.shrink_to_fit();
        let through = self.in_strings(self.inside.len()) + hits.len();
        self.inside.push(NestedHits { string, through, hits });
    }

    /// In what the first so many strings hold.
    fn in_strings(&self, strings: usize) -> usize {
        strings.checked_sub(1).and_then(|last| self.inside.get(last)).map_or(0, |inside| inside.through)
    }

    /// Of this document's own, up to this node and with it.
    fn own_through(&self, id: NodeId) -> usize {
        self.own.partition_point(|hit| *hit <= id)
    }

    fn held_by(&self, string: NodeId) -> Option<&Self> {
        let at = self.inside.binary_search_by_key(&string, |inside| inside.string).ok()?;
        self.inside.get(at).map(|inside| &inside.hits)
    }

    /// From this node on, but for itself, and before the other.
    fn between(&self, id: NodeId, after: NodeId) -> usize {
        let own = self.own.partition_point(|hit| *hit < after) - self.own_through(id);
        let strings = |until: NodeId| self.inside.partition_point(|inside| inside.string < until);
        own.saturating_add(self.in_strings(strings(after)) - self.in_strings(strings(id)))
    }
}
