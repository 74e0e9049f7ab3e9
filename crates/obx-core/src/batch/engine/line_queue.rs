//! The lines of a batch that have no result yet. Of those that were read, the ones that cost nothing come first: what is
//! stored must not wait, and grow old, behind a line that can't be bought.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::BatchSettings;
use crate::batch::plan::{CHUNK, states};
use crate::batch::{BatchLine, LineState};
use crate::session::Session;
use crate::store::StoreError;

/// Number of lines to buy that are held in memory at most, while those behind them are searched for stored answers.
const READ_AHEAD: usize = 100_000;

/// A line that costs nothing.
pub(super) enum FreeLine {
    Stored(BatchLine),
    InDoubt(BatchLine, Timestamp),
}

pub(super) struct LineQueue<L> {
    lines: L,
    free: VecDeque<FreeLine>,
    to_buy: VecDeque<BatchLine>,
    is_exhausted: bool,
    /// Number of lines that are not bought, and no longer held.
    given_up: u64,
}

impl<L: Iterator<Item = BatchLine>> LineQueue<L> {
    pub(super) fn new(lines: L) -> Self {
        Self { lines, free: VecDeque::new(), to_buy: VecDeque::new(), is_exhausted: false, given_up: 0 }
    }

    /// Returns true if every line was taken.
    pub(super) fn is_done(&self) -> bool {
        self.is_exhausted && self.free.is_empty() && self.to_buy.is_empty()
    }

    pub(super) fn next_free(&self) -> Option<&FreeLine> {
        self.free.front()
    }

    pub(super) fn has_to_buy(&self) -> bool {
        !self.to_buy.is_empty()
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

    /// Reads the next lines, and what the store knows of them. Returns false if there are none, or too many are held.
    pub(super) async fn read(
        &mut self,
        session: &Session,
        settings: &BatchSettings,
    ) -> Result<bool, StoreError> {
        if self.is_exhausted || self.to_buy.len() >= READ_AHEAD {
            return Ok(false);
        }
        let chunk: Vec<BatchLine> = self.lines.by_ref().take(CHUNK).collect();
        self.is_exhausted = chunk.len() < CHUNK;
        let states = match states(session, &chunk, &settings.call).await {
            Ok(states) => states,
            Err(error) => {
                self.to_buy.extend(chunk);
                return Err(error);
            }
        };
        for (line, state) in chunk.into_iter().zip(states) {
            match state {
                LineState::Stored => self.free.push_back(FreeLine::Stored(line)),
                LineState::InDoubt { since } if !settings.retry_unknown => {
                    self.free.push_back(FreeLine::InDoubt(line, since));
                }
                LineState::InDoubt { .. } | LineState::ToBuy => self.to_buy.push_back(line),
            }
        }
        Ok(true)
    }

    /// Gives up the lines that would be bought next. They count as left.
    pub(super) fn give_up_to_buy(&mut self) {
        self.given_up += self.to_buy.len() as u64;
        self.to_buy.clear();
    }

    /// Counts the lines without a result, those that were not read included.
    pub(super) fn count_left(self) -> u64 {
        self.given_up + (self.free.len() + self.to_buy.len() + self.lines.count()) as u64
    }
}
