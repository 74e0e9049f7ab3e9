//! Combines the vendor's count over a day with our own calls: how many calls were used, when, and by whom.

use super::{CallRecord, HOUR};
use crate::model::request_log::Mark;

/// Answers within this time of each other, in milliseconds, may arrive in another order than they were counted.
const OUT_OF_ORDER: i64 = 60_000;

/// A higher count is garbled, and must not cause an overflow.
const MOST: u64 = u32::MAX as u64;

/// Calls that are spread evenly over a span of time; the span may be a single moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    from: i64,
    until: i64,
    calls: u64,
}

/// A day's use so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    start: i64,
    pieces: Vec<Piece>,
    /// The vendor's newest count, and when it was received.
    reported: Option<(u64, i64)>,
    /// Calls that the vendor's first count included beyond our own.
    before: u64,
    /// Growth of the vendor's count since the first one, and our own calls in that time.
    grown: u64,
    ours: u64,
    /// Our own calls since the vendor's newest count.
    waiting: Vec<i64>,
}

impl Count {
    /// Computes the use from the records of the day that began at `start`.
    pub(super) fn new(today: &[CallRecord], start: i64) -> Self {
        let mut count = Self { start, ..Self::default() };
        for (place, record) in today.iter().enumerate() {
            if record.mark == Mark::Store {
                continue;
            }
            let at = record.at.as_millisecond();
            if is_ours(record) {
                count.waiting.push(at);
            }
            if let Some(reported) = record.used {
                let recent = today.get(..=place).unwrap_or_default();
                count.add_vendor_count(reported.min(MOST), at, recent);
            }
        }
        let waiting = count.waiting.iter().map(|&at| Piece { from: at, until: at, calls: 1 });
        count.pieces.extend(waiting);
        count
    }

    pub(super) fn reported(&self) -> Option<u64> {
        self.reported.map(|(reported, _)| reported)
    }

    /// When the vendor's newest count was received.
    pub(super) fn told_at(&self) -> Option<i64> {
        self.reported.map(|(_, at)| at)
    }

    /// The number of our own calls since the vendor's newest count.
    pub(super) fn since(&self) -> u64 {
        self.waiting.len() as u64
    }

    pub(super) fn before(&self) -> u64 {
        self.before
    }

    pub(super) fn others(&self) -> u64 {
        self.grown.saturating_sub(self.ours)
    }

    /// The pieces, in order of time.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The day's total if the rest of it were twice as busy as its busiest hour so far.
    pub(super) fn busiest_goes_on(&self, now: i64, midnight: i64) -> u64 {
        let mut quarters = [0_u64; 96];
        fill(&self.pieces, self.start, HOUR / 4, &mut quarters);
        let busiest = quarters.windows(4).map(|hour| hour.iter().sum::<u64>()).max().unwrap_or_default();
        let left = u64::try_from(midnight - now).unwrap_or_default();
        let hour = u64::try_from(HOUR).unwrap_or(1);
        let used = self.reported().unwrap_or_default() + self.since();
        used.saturating_add((busiest * 2).saturating_mul(left) / hour)
    }

    /// Takes in a count that the vendor sent.
    fn add_vendor_count(&mut self, reported: u64, at: i64, recent: &[CallRecord]) {
        let Some((level, then)) = self.reported else {
            self.before = reported.saturating_sub(self.since());
            return self.grow(reported, self.start, reported, at);
        };
        if let Some(growth) = reported.checked_sub(level) {
            self.grown += growth;
            self.ours += self.since();
            return self.grow(growth, then, reported, at);
        }
        let fall = level - reported;
        let may_be_late =
            || recent.iter().rev().take_while(|r| at - r.at.as_millisecond() < OUT_OF_ORDER).count() as u64;
        if fall > level / 2 && fall > may_be_late() {
            // The vendor restarted its count, so the earlier numbers still belonged to yesterday.
            *self = Self { start: self.start, waiting: std::mem::take(&mut self.waiting), ..Self::default() };
            self.grow(reported, then, reported, at);
        } else {
            let late = at - then < OUT_OF_ORDER;
            self.ours += self.since();
            self.grow(0, then, if late { level } else { reported }, if late { then } else { at });
        }
    }

    /// Adds the growth since `then`: our own calls at their times, the others' spread evenly.
    fn grow(&mut self, growth: u64, then: i64, level: u64, at: i64) {
        let ours = self.since().min(growth);
        if growth > ours {
            self.pieces.push(Piece { from: then, until: at, calls: growth - ours });
        }
        let newest = self.waiting.len() - usize::try_from(ours).unwrap_or_default().min(self.waiting.len());
        let steps = self.waiting.iter().skip(newest).map(|&at| Piece { from: at, until: at, calls: 1 });
        self.pieces.extend(steps);
        self.waiting.clear();
        self.reported = Some((level, at));
    }
}

/// Adds the calls to slots of `length` milliseconds, the first of which begins at `start`.
pub(super) fn fill<'a>(
    pieces: impl IntoIterator<Item = &'a Piece>,
    start: i64,
    length: i64,
    slots: &mut [u64],
) {
    for piece in pieces {
        let Ok(last) = usize::try_from((piece.until - start).div_euclid(length)) else { continue };
        let first = usize::try_from((piece.from - start) / length).unwrap_or_default();
        let mut begin = start + length * i64::try_from(first).unwrap_or_default();
        for slot in slots.iter_mut().take(last.saturating_add(1)).skip(first) {
            *slot += piece.by(begin + length) - piece.by(begin);
            begin += length;
        }
    }
}

impl Piece {
    /// Whether it has at least one call for each slot of `length` that it spans. With fewer, a rounded share would
    /// show calls in slots where none is known.
    pub(super) fn reaches_each(&self, start: i64, length: i64) -> bool {
        let slot = |at: i64| (at - start).div_euclid(length);
        let slots = u64::try_from(slot(self.until) - slot(self.from) + 1).unwrap_or(1);
        self.from == self.until || self.calls >= slots
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls
    }

    /// How many of its calls were before this time.
    fn by(&self, at: i64) -> u64 {
        if at <= self.from {
            return 0;
        }
        if at > self.until {
            return self.calls;
        }
        let share = u64::try_from(at - self.from).unwrap_or_default();
        let whole = u64::try_from(self.until - self.from).unwrap_or(1).max(1);
        self.calls.saturating_mul(share) / whole
    }
}

/// Whether the vendor counts this call or may count it.
fn is_ours(record: &CallRecord) -> bool {
    matches!(record.mark, Mark::Billed | Mark::Unknown)
}
