//! The pace of the last hours, how regular it was, and the forecast from it.
//!
//! The window begins when calls began after the last long pause, at most six hours ago. It is halved until its newest
//! part has the same pace as the rest. Its slots show how much the number of calls varies. From that follows each
//! forecast's margin, which covers both the measured time and the time to come.

use jiff::SignedDuration;

use super::count::{Count, fill};
use super::{CallRecord, Forecast, HOUR, moment, real};
use crate::model::request_log::Mark;

/// The longest window.
const LONGEST: i64 = 6 * HOUR;
/// The shortest window.
const SHORTEST: i64 = HOUR / 2;
/// A pause after which the window begins.
const PAUSE: i64 = HOUR * 3 / 2;
/// With fewer calls in the window there is no pace.
const FEWEST: u64 = 10;
/// The window is divided into slots; the newest quarter of them is compared with the rest.
const SLOTS: usize = 12;
const NEWEST_SLOTS: usize = 3;
/// The width of margins in standard errors, chosen by means of the simulated days of the tests. With 2.5, a forecast
/// appears an hour earlier on a day of bursts, but is wrong four times in a thousand.
const SURENESS: f64 = 3.0;
/// The largest margin of a number that is shown, as a share of it.
const MARGIN: f64 = 0.1;
/// The pace has changed if its parts differ by this many standard errors.
const CHANGE: f64 = 3.5;

/// The calls of the last hours, as far back as the pace was constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// The number of calls.
    pub calls: u64,
    /// The time in which they were made.
    pub over: SignedDuration,
    until: i64,
    /// The variance of the calls per slot divided by their mean: 1 for independent calls, more for bursts.
    scatter: f64,
}

impl Pace {
    /// Calls per hour, rounded.
    pub fn per_hour(&self) -> u64 {
        let over = self.length().max(1);
        let hour = u64::try_from(HOUR).unwrap_or_default();
        (self.calls.saturating_mul(hour) + over / 2) / over
    }

    pub(super) fn new(count: &Count, today: &[CallRecord], now: i64) -> Option<Self> {
        // The use by others is known only up to the vendor's last count.
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
            // A shortened window needs at least an hour, since half an hour within a day may be a single burst.
            (length, shortest) = (length / 2, HOUR);
        }
        None
    }

    /// The forecast; `None` if its margin is too wide.
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

    /// The margin, in calls, of `expected` calls over a time of so many window lengths.
    fn margin(&self, expected: f64, lengths: f64) -> f64 {
        SURENESS * (self.scatter * expected * (1.0 + lengths)).sqrt()
    }

    fn length(&self) -> u64 {
        u64::try_from(self.over.as_millis()).unwrap_or_default()
    }
}

/// When calls began after the last long pause, just after the first of them; `None` if there are none now.
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

/// Whether the newest part has another pace than the rest.
fn changed(slots: &[u64; SLOTS]) -> bool {
    let (older, newest) = slots.split_at(SLOTS - NEWEST_SLOTS);
    let counts = 1.0 / real(older.len() as u64) + 1.0 / real(newest.len() as u64);
    let error = (neighbours(slots).max(0.25) * mean(slots) * counts).sqrt();
    (mean(older) - mean(newest)).abs() > CHANGE * error
}

/// The variation that the slots show, one by one and in groups of two and three because bursts may be longer than a
/// slot. It is widened because twelve slots can't show all of it.
fn scatter(slots: &[u64; SLOTS]) -> f64 {
    let by = |size: usize| {
        let sums: Vec<u64> = slots.chunks(size).map(|slots| slots.iter().sum()).collect();
        let squares: f64 = sums.iter().map(|&calls| (real(calls) - mean(&sums)).powi(2)).sum();
        squares / real(sums.len() as u64 - 1) / mean(&sums)
    };
    1.5 * by(1).max(by(2)).max(by(3)).max(neighbours(slots)).max(0.05)
}

/// The same from the differences between neighbours, which a single change of pace does not increase.
fn neighbours(slots: &[u64; SLOTS]) -> f64 {
    let steps = slots.iter().zip(slots.iter().skip(1));
    let squares: f64 = steps.map(|(&one, &next)| (real(next) - real(one)).powi(2)).sum();
    squares / (2.0 * real(SLOTS as u64 - 1)) / mean(slots)
}

fn mean(slots: &[u64]) -> f64 {
    real(slots.iter().sum()) / real(slots.len() as u64)
}
