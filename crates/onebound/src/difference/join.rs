//! Joins the rows of two lists by keys; of duplicate keys the nth with the nth.

use std::collections::HashMap;
use std::hash::Hash;

/// The partner of each row of both sides. A row has one partner at most, so that none is lost to a duplicate.
pub(super) struct Join {
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl Join {
    /// Lists of so many rows, of which none is joined yet.
    pub(super) fn new(before: usize, after: usize) -> Self {
        Self { before: vec![None; before], after: vec![None; after] }
    }

    /// Joins two rows, where both are still alone.
    pub(super) fn link(&mut self, before: usize, after: usize) {
        let ends = (self.before.get_mut(before), self.after.get_mut(after));
        if let (Some(old @ None), Some(new @ None)) = ends {
            (*old, *new) = (Some(after), Some(before));
        }
    }

    /// Joins rows of equal keys that are still alone. Rows without a key are passed over.
    pub(super) fn by<K: Hash + Eq>(
        &mut self,
        before: impl Fn(usize) -> Option<K>,
        after: impl Fn(usize) -> Option<K>,
    ) {
        if self.is_done() {
            return;
        }
        // Rows of one key are a chain from the first to the last.
        let mut first: HashMap<K, usize> = HashMap::new();
        let mut next: Vec<Option<usize>> = vec![None; self.before.len()];
        for row in (0..self.before.len()).rev().filter(|row| self.before.get(*row) == Some(&None)) {
            if let Some(key) = before(row)
                && let (Some(following), Some(place)) = (first.insert(key, row), next.get_mut(row))
            {
                *place = Some(following);
            }
        }
        for row in 0..self.after.len() {
            if self.after.get(row) != Some(&None) {
                continue;
            }
            let Some(key) = after(row) else { continue };
            let Some(partner) = first.get(&key).copied() else { continue };
            match next.get(partner).copied().flatten() {
                Some(following) => first.insert(key, following),
                None => first.remove(&key),
            };
            self.link(partner, row);
        }
    }

    /// Whether one side has no row left to join.
    pub(super) fn is_done(&self) -> bool {
        self.removed().next().is_none() || self.added().next().is_none()
    }

    /// Joined rows, in the earlier order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.before.iter().enumerate().filter_map(|(before, after)| Some((before, (*after)?)))
    }

    /// Rows of the earlier side that have no partner.
    pub(super) fn removed(&self) -> impl Iterator<Item = usize> {
        alone(&self.before)
    }

    /// Rows of the later side that have no partner.
    pub(super) fn added(&self) -> impl Iterator<Item = usize> {
        alone(&self.after)
    }

    /// Whether the order of the joined rows changed.
    pub(super) fn is_reordered(&self) -> bool {
        !self.pairs().map(|(_, after)| after).is_sorted()
    }
}

fn alone(partners: &[Option<usize>]) -> impl Iterator<Item = usize> {
    partners.iter().enumerate().filter(|(_, partner)| partner.is_none()).map(|(row, _)| row)
}
