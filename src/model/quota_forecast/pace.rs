//! The pace of the last hours, how even it was, and what comes of it if it goes on.
//!
//! The window begins where calls began after the last long pause, at most six hours ago, and is halved until
//! its newest part goes at the pace of the rest. Its slots tell how much the number of calls scatters: each
//! forecast is given with the margin that follows from that, for the past that the pace was measured in and for
//! the time to come.

use jiff::SignedDuration;

use super::count::{Count, fill};
use super::{CallRecord, Forecast, HOUR, moment, real};
use crate::model::request_log::Mark;

/// The longest look back.
const LONGEST: i64 = 6 * HOUR;
/// The shortest that a pace is told of.
const SHORTEST: i64 = HOUR / 2;
/// A pause after which calls begin anew.
const PAUSE: i64 = HOUR * 3 / 2;
/// Fewer calls make no pace.
const FEWEST: u64 = 10;
/// Parts of the window; the newest quarter is held against the rest.
const SLOTS: usize = 12;
const NEWEST: usize = 3;
/// Margins are this many standard errors wide: tried out on the simulated days of the tests. At 2.5 it speaks
/// an hour earlier on a day of bursts, and is wrong four times in a thousand.
const SURENESS: f64 = 3.0;
/// What is said is right to this share.
const MARGIN: f64 = 0.1;
/// A pace has changed when its parts differ by so many standard errors.
const CHANGE: f64 = 3.5;

/// Calls in a time: the last hours, as far as they were alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// So many calls
    pub calls: u64,
    /// in this time.
    pub over: SignedDuration,
    until: i64,
    /// Variance of the calls of a slot, over their mean: 1 where each call comes by itself, more in bursts.
    scatter: f64,
}

impl Pace {
    /// Calls an hour, rounded.
    pub fn per_hour(&self) -> u64 {
        let over = self.length().max(1);
        let hour = u64::try_from(HOUR).unwrap_or_default();
        (self.calls.saturating_mul(hour) + over / 2) / over
    }

    pub(super) fn of(count: &Count, today: &[CallRecord], now: i64) -> Option<Self> {
        // What others use shows only when the vendor tells its count.
        let until = if count.others() > 0 { count.told_at().unwrap_or(now) } else { now } + 1;
        let mut length = (until - begin(today, now)?).min(LONGEST);
        let mut shortest = SHORTEST;
        while length >= shortest {
            let mut slots = [0; SLOTS];
            let parts = i64::try_from(SLOTS).unwrap_or(1);
            let (slot, over) = (length / parts, length / parts * parts);
            fill(count.pieces(), until - over, slot, &mut slots);
            let calls = slots.iter().sum();
            if calls < FEWEST {
                return None;
            }
            if !changed(&slots) {
                let over = SignedDuration::from_millis(over);
                return Some(Self { calls, over, until, scatter: scatter(&slots) });
            }
            // Half an hour in the middle of a day may be one burst.
            (length, shortest) = (length / 2, HOUR);
        }
        None
    }

    /// What comes of it; `None` where its margin is too wide to say.
    pub(super) fn forecast(&self, used: u64, left: u64, midnight: i64) -> Option<Forecast> {
        let rest = u64::try_from(midnight - self.until).ok().filter(|rest| *rest > 0)?;
        let more = self.calls.saturating_mul(rest) / self.length().max(1);
        let length = real(self.length());
        if more >= left {
            let time = real(left) * length / real(self.calls);
            let error = self.margin(real(left), time / length) / real(self.calls) * length;
            let at = moment(self.until).checked_add(SignedDuration::try_from_secs_f64(time / 1_000.0).ok()?);
            return at.ok().filter(|_| error <= MARGIN * real(rest)).map(Forecast::OutAt);
        }
        let margin = self.margin(real(more), real(rest) / length);
        if real(left) - real(more) < margin {
            return None;
        }
        let known = margin <= MARGIN * real(used + more);
        Some(Forecast::LastsTheDay { left_at_midnight: known.then(|| left - more) })
    }

    /// By how many calls `expected` ones, in so many times the window's length, may be wrong.
    fn margin(&self, expected: f64, lengths: f64) -> f64 {
        SURENESS * (self.scatter * expected * (1.0 + lengths)).sqrt()
    }

    fn length(&self) -> u64 {
        u64::try_from(self.over.as_millis()).unwrap_or_default()
    }
}

/// When calls began after the last long pause, just after the first of them; `None` while they pause.
fn begin(today: &[CallRecord], now: i64) -> Option<i64> {
    let mut begin = now;
    for record in today.iter().rev().filter(|record| record.mark != Mark::Store) {
        let at = record.at.as_millisecond();
        if begin - at > PAUSE || now - at > LONGEST {
            break;
        }
        begin = at;
    }
    (begin < now).then_some(begin + 1)
}

/// Whether the newest part goes at another pace than the rest.
fn changed(slots: &[u64; SLOTS]) -> bool {
    let (older, newest) = slots.split_at(SLOTS - NEWEST);
    let counts = 1.0 / real(older.len() as u64) + 1.0 / real(newest.len() as u64);
    let error = (neighbours(slots).max(0.25) * mean(slots) * counts).sqrt();
    (mean(older) - mean(newest)).abs() > CHANGE * error
}

/// The scatter that the slots show, alone and by twos and threes, as bursts may be longer than a slot; made wider
/// for what twelve of them can't show.
fn scatter(slots: &[u64; SLOTS]) -> f64 {
    let by = |size: usize| {
        let sums: Vec<u64> = slots.chunks(size).map(|slots| slots.iter().sum()).collect();
        let squares: f64 = sums.iter().map(|&calls| (real(calls) - mean(&sums)).powi(2)).sum();
        squares / real(sums.len() as u64 - 1) / mean(&sums)
    };
    1.5 * by(1).max(by(2)).max(by(3)).max(neighbours(slots)).max(0.05)
}

/// The same by the differences of neighbours, which one change of pace does not widen.
fn neighbours(slots: &[u64; SLOTS]) -> f64 {
    let steps = slots.iter().zip(slots.iter().skip(1));
    let squares: f64 = steps.map(|(&one, &next)| (real(next) - real(one)).powi(2)).sum();
    squares / (2.0 * real(SLOTS as u64 - 1)) / mean(slots)
}

fn mean(slots: &[u64]) -> f64 {
    real(slots.iter().sum()) / real(slots.len() as u64)
}
