//! The lines of a batch that have no result yet.
//!
//! ```text
//!  the list ─▶ read ─┬─ costs nothing ─▶ free
//!                    └─ to buy ─▶ later (pages, on disk beyond the first) ─▶ refill ─▶ to_buy
//! ```
//! The whole list is read before the first line is bought: what is stored must not wait, and grow too old, behind lines
//! that are bought slowly or not at all.

mod pages;

use std::collections::VecDeque;
use std::mem;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::BatchSettings;
use crate::batch::plan::{CHUNK, states};
use crate::batch::{BatchLine, LineState};
use crate::session::Session;
use crate::store::StoreError;
use pages::LinePages;

/// How long lines are bought by what the store knew of them. After that another run may have bought them, and what is
/// stored is handed out first. Whether a line is in doubt by now, the ledger decides when it is bought.
const KNOWN_FOR: Duration = Duration::from_secs(10);

/// A line that costs nothing.
pub(super) enum FreeLine {
    Stored(BatchLine),
    InDoubt(BatchLine, Timestamp),
}

pub(super) struct LineQueue<L> {
    lines: L,
    is_read: bool,
    free: VecDeque<FreeLine>,
    /// The next lines to buy.
    to_buy: VecDeque<BatchLine>,
    /// The lines to buy behind them.
    later: LinePages,
    /// When the store was asked about the next lines to buy.
    asked_at: Instant,
    /// When it was asked about all of them, and knew none.
    none_known_at: Option<Instant>,
}

impl<L: Iterator<Item = BatchLine>> LineQueue<L> {
    pub(super) fn new(lines: L) -> Self {
        Self::with_none_known(lines, None)
    }

    /// Creates the queue of lines of which the store knew none at this time.
    pub(super) fn with_none_known(lines: L, none_known_at: Option<Instant>) -> Self {
        Self {
            lines,
            is_read: false,
            free: VecDeque::new(),
            to_buy: VecDeque::new(),
            later: LinePages::default(),
            asked_at: Instant::now(),
            none_known_at,
        }
    }

    /// Returns true if every line of the list was read.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Returns true if every line was taken.
    pub(super) fn is_done(&self) -> bool {
        self.is_read && self.free.is_empty() && self.to_buy.is_empty() && self.later.is_empty()
    }

    pub(super) fn next_free(&self) -> Option<&FreeLine> {
        self.free.front()
    }

    /// Returns true if there is a next line to buy, and the store was asked about it not long ago.
    pub(super) fn knows_next(&self) -> bool {
        !self.to_buy.is_empty() && is_known(self.asked_at)
    }

    pub(super) fn take_free(&mut self) -> Option<FreeLine> {
        self.free.pop_front()
    }

    pub(super) fn take_to_buy(&mut self) -> Option<BatchLine> {
        self.to_buy.pop_front()
    }

    pub(super) fn put_back_free(&mut self, line: FreeLine) {
        self.free.push_front(line);
    }

    pub(super) fn put_back_to_buy(&mut self, line: BatchLine) {
        self.to_buy.push_front(line);
    }

    /// Reads the next lines of the list, and what the store knows of them.
    pub(super) async fn read(
        &mut self,
        session: &Session,
        settings: &BatchSettings,
    ) -> Result<(), StoreError> {
        let chunk: Vec<BatchLine> = self.lines.by_ref().take(CHUNK).collect();
        self.is_read = chunk.len() < CHUNK;
        let none_known_at = self.none_known_at.filter(|asked_at| is_known(*asked_at));
        let (to_buy, asked_at) = match none_known_at {
            Some(asked_at) => (chunk, asked_at),
            None => (self.sort(chunk, session, settings).await?, Instant::now()),
        };
        self.later.push(to_buy, asked_at);
        Ok(())
    }

    /// Takes the next lines to buy if none are held. The store is asked about them again if that was long ago.
    ///
    /// # Errors
    /// If they can't be read again, or the store can't.
    pub(super) async fn refill(
        &mut self,
        session: &Session,
        settings: &BatchSettings,
    ) -> Result<(), StoreError> {
        if self.to_buy.is_empty() {
            let Some((page, asked_at)) = self.later.pop()? else { return Ok(()) };
            self.to_buy.extend(page);
            self.asked_at = asked_at;
        }
        if !is_known(self.asked_at) {
            let held = mem::take(&mut self.to_buy).into();
            let to_buy = self.sort(held, session, settings).await?;
            self.to_buy.extend(to_buy);
            self.asked_at = Instant::now();
        }
        Ok(())
    }

    /// Returns the lines that are bought; the others are free. If the store can't be read, all of them are still to buy.
    async fn sort(
        &mut self,
        lines: Vec<BatchLine>,
        session: &Session,
        settings: &BatchSettings,
    ) -> Result<Vec<BatchLine>, StoreError> {
        let states = match states(session, &lines, &settings.call).await {
            Ok(states) => states,
            Err(error) => {
                self.to_buy.extend(lines);
                return Err(error);
            }
        };
        let mut to_buy = Vec::new();
        for (line, state) in lines.into_iter().zip(states) {
            match state {
                LineState::Stored => self.free.push_back(FreeLine::Stored(line)),
                LineState::InDoubt { since } if !settings.retry_unknown => {
                    self.free.push_back(FreeLine::InDoubt(line, since));
                }
                LineState::InDoubt { .. } | LineState::ToBuy => to_buy.push(line),
            }
        }
        Ok(to_buy)
    }

    /// Counts the lines without a result, those that were not read included.
    pub(super) fn count_left(self) -> u64 {
        let held = self.free.len() + self.to_buy.len() + self.later.lines();
        (held + self.lines.count()) as u64
    }
}

/// Returns true if what the store knew at this time still holds.
fn is_known(asked_at: Instant) -> bool {
    asked_at.elapsed() < KNOWN_FOR
}

#[cfg(test)]
impl LineQueue<std::iter::Empty<BatchLine>> {
    /// Lines to buy that the store was asked about at this time, which are held or in a page.
    pub(super) fn with_lines(lines: Vec<BatchLine>, asked_at: Instant, is_held: bool) -> Self {
        let mut queue = Self { is_read: true, asked_at, ..Self::new(std::iter::empty()) };
        if is_held {
            queue.to_buy.extend(lines);
        } else {
            queue.later.push(lines, asked_at);
        }
        queue
    }
}
