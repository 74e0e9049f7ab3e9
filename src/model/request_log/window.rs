//! Which rows are in memory: the newest, two pages around the places that were looked at last, and those that the store does
//! not have in the same form.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::{LogRow, RequestLog};
use obx_core::store::{ExchangeId, Listed, LogEntry};

/// The newest rows that are always in memory.
pub const NEWEST: usize = 300;
/// Pages that stay in memory, beside the newest rows.
const MAX_PAGES: usize = 2;
/// The next page is requested when the cursor is this many rows from one that is not in memory.
pub const AHEAD: usize = 100;
/// Rows of a page on each side of the cursor.
pub const HALF_PAGE: usize = 300;
/// Changes of rows that are remembered.
const MAX_CHANGES: usize = 256;

/// The pages that were requested last.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    /// The numbers of their rows, the newest page last.
    last: VecDeque<Vec<ExchangeId>>,
    state: PageState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum PageState {
    /// No page is awaited.
    #[default]
    Idle,
    Awaited,
    /// The last page could not be read. It is requested again after the next event of the store.
    Unread,
}

impl Pages {
    pub(super) fn retry(&mut self) {
        if self.state == PageState::Unread {
            self.state = PageState::Idle;
        }
    }
}

impl RequestLog {
    /// Learns the numbers of all stored rows but the damaged ones.
    pub(in crate::model) fn learn_ids(&mut self, ids: Vec<ExchangeId>, damaged: &[ExchangeId]) {
        self.ids.extend(ids);
        self.ids.sort_unstable();
        self.ids.dedup();
        self.recent.restart();
        self.remove(damaged.iter().copied());
        self.revision += 1;
        self.changes_since = self.revision; // these are too many to be noted one by one
    }

    /// Whether all rows are in memory.
    pub fn is_whole(&self) -> bool {
        self.held.len() == self.ids.len()
    }

    /// How many rows are in memory.
    pub fn held_count(&self) -> usize {
        self.held.len() + self.unstored.len()
    }

    /// Whether a page may be requested: none is awaited, and the last one could be read.
    pub fn may_load(&self) -> bool {
        self.pages.state == PageState::Idle
    }

    /// Notes that these rows are looked at, and returns those that have to be read.
    pub(in crate::model) fn load(&mut self, page: Vec<ExchangeId>) -> Vec<ExchangeId> {
        let missing: Vec<_> = page.iter().copied().filter(|id| !self.held.contains_key(id)).collect();
        if missing.is_empty() || !self.may_load() {
            return Vec::new();
        }
        self.pages.state = PageState::Awaited;
        self.pages.last.push_back(page);
        if self.pages.last.len() > MAX_PAGES {
            let _ = self.pages.last.pop_front(); // its rows may go
        }
        missing
    }

    /// Takes in a page. Rows of it that are neither there nor damaged no longer exist.
    pub(in crate::model) fn loaded(&mut self, asked: &[ExchangeId], listed: Listed<LogEntry>) {
        self.pages.state = PageState::Idle;
        let there: HashSet<_> = listed.rows.iter().filter_map(|line| line.id).collect();
        self.remove(asked.iter().copied().filter(|id| !there.contains(id)));
        for line in listed.rows {
            if let Some(id) = line.id {
                let _ = self.held.entry(id).or_insert_with(|| Arc::new(LogRow::from_store(line))); // not needed here
            }
        }
        self.let_go();
    }

    /// The page could not be read.
    pub(in crate::model) fn unread(&mut self) {
        self.pages.state = PageState::Unread;
        self.recent.unread();
    }

    /// The stored rows that were added, changed or removed since a revision; `None` if that is too long ago.
    pub fn changed_since(&self, revision: u64) -> Option<Vec<ExchangeId>> {
        let since = self.changes.iter().filter(|(at, _)| *at > revision);
        (self.changes_since <= revision).then(|| since.map(|(_, id)| *id).collect())
    }

    pub(super) fn note_change(&mut self, id: ExchangeId) {
        self.revision += 1;
        self.changes.push_back((self.revision, id));
        if self.changes.len() > MAX_CHANGES
            && let Some((forgotten, _)) = self.changes.pop_front()
        {
            self.changes_since = forgotten;
        }
    }

    /// Lets rows go that are far from all places that were looked at, and that the store can give back as they are.
    pub(super) fn let_go(&mut self) {
        if self.is_whole() && self.held.len() <= NEWEST {
            return;
        }
        let newest = self.ids.len().checked_sub(NEWEST).and_then(|at| self.ids.get(at)).copied();
        let pages: HashSet<_> = self.pages.last.iter().flatten().copied().collect();
        let leases = &self.leases;
        self.held.retain(|id, row| {
            newest.is_none_or(|newest| *id >= newest)
                || pages.contains(id)
                || leases.contains_key(id)
                || row.exchange.is_some()
                || row.is_unwritten
        });
    }
}
