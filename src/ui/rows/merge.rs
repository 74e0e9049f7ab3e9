//! Runs of rows, each sorted, made into one order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::vec::IntoIter;

use super::SortKey;

/// Rows with what they are sorted by, in order.
pub(super) type Run = Vec<(SortKey, u32)>;

/// The first row of a run that is not merged yet.
#[derive(Debug)]
struct Head {
    key: SortKey,
    row: u32,
    run: usize,
    reversed: bool,
}

/// The order so far, and what is left of the runs.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) order: Vec<u32>,
    heads: BinaryHeap<Head>,
    rests: Vec<IntoIter<(SortKey, u32)>>,
}

impl Merge {
    pub(super) fn of(runs: Vec<Run>, reversed: bool) -> Self {
        let order = Vec::with_capacity(runs.iter().map(Vec::len).sum());
        let mut rests: Vec<_> = runs.into_iter().map(IntoIterator::into_iter).collect();
        let first = |(run, rest): (usize, &mut IntoIter<_>)| {
            rest.next().map(|(key, row)| Head { key, row, run, reversed })
        };
        let heads = rests.iter_mut().enumerate().filter_map(first).collect();
        Self { order, heads, rests }
    }

    /// Moves one row over; says whether there was one.
    pub(super) fn take_next(&mut self) -> bool {
        let Some(mut head) = self.heads.peek_mut() else { return false };
        self.order.push(head.row);
        match self.rests.get_mut(head.run).and_then(Iterator::next) {
            Some((key, row)) => (head.key, head.row) = (key, row),
            None => drop(PeekMut::pop(head)),
        }
        true
    }
}

/// The heap gives its greatest first: that is the one that comes first. Equal rows stay as they came, and those
/// of an earlier run came earlier.
impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.order(&self.key, self.reversed).then(other.run.cmp(&self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}
