//! Days made up: the moments of a key's calls, in milliseconds from midnight in Beijing. The same seed gives the
//! same day.

use jiff::Timestamp;
use obx::model::quota_forecast::CallRecord;
use obx::model::request_log::Mark;

pub(super) const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment of 2026-11-23 in Beijing.
pub(super) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_363_200_000 + ms).unwrap()
}

/// A billed call whose answer has this count.
pub(super) fn record(ms: i64, used: Option<u64>, max: u64) -> CallRecord {
    CallRecord { at: at(ms), mark: Mark::Billed, used, max: used.map(|_| max) }
}

/// A day of one user, whose limit is so many per cent of what twelve hours of the given pace use.
pub(super) struct Simulated {
    pub(super) records: Vec<CallRecord>,
    pub(super) max: u64,
}

impl Simulated {
    pub(super) fn new(calls: Vec<i64>, per_hour: i64, max_in_percent: i64) -> Self {
        let max = u64::try_from(12 * per_hour * max_in_percent / 100).unwrap();
        let records = (1..).zip(calls).map(|(count, ms)| record(ms, Some(count), max)).collect();
        Self { records, max }
    }

    /// When the last call allowed is made.
    pub(super) fn out(&self) -> Option<i64> {
        let last = self.records.get(usize::try_from(self.max).unwrap() - 1)?;
        Some(last.at.as_millisecond() - at(0).as_millisecond())
    }

    /// Calls of the whole day, as far as they are allowed.
    pub(super) fn used(&self) -> i64 {
        i64::try_from(self.records.len().min(usize::try_from(self.max).unwrap())).unwrap()
    }
}

/// One call after the other, at gaps that differ by up to a third.
pub(super) fn even(seed: u64, per_hour: i64) -> Vec<i64> {
    let mut dice = SeededRng(seed);
    let gap = HOUR / per_hour;
    through(|| (dice.between(gap * 7 / 10, gap * 13 / 10), vec![0]))
}

/// Each by itself and knowing nothing of the others.
pub(super) fn by_chance(seed: u64, per_hour: i64) -> Vec<i64> {
    let mut dice = SeededRng(seed);
    through(|| (dice.waiting(HOUR / per_hour), vec![0]))
}

/// As people work: five times an hour some calls within seconds of each other, then a pause to read.
pub(super) fn in_bursts(seed: u64, per_hour: i64) -> Vec<i64> {
    let mut dice = SeededRng(seed);
    through(|| {
        let calls = dice.between(per_hour / 10, per_hour * 3 / 10);
        let mut at = 0;
        let burst = (0..calls).map(|_| {
            at += dice.between(3_000, 12_000);
            at
        });
        let burst = burst.collect();
        (dice.between(6 * MINUTE, 18 * MINUTE), burst)
    })
}

/// Through a day: `next` gives the gap to the next calls, and these as moments after it.
fn through(mut next: impl FnMut() -> (i64, Vec<i64>)) -> Vec<i64> {
    let (mut now, mut calls) = (0, Vec::new());
    while now < DAY {
        let (gap, then) = next();
        now += gap;
        calls.extend(then.into_iter().map(|ms| now + ms));
    }
    calls.retain(|ms| *ms < DAY);
    calls.sort_unstable();
    calls
}

pub(super) fn real(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap())
}

/// A small generator (splitmix64).
struct SeededRng(u64);

impl SeededRng {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap() + 1;
        low + i64::try_from(self.throw() % span).unwrap()
    }

    /// An exponential waiting time.
    fn waiting(&mut self, mean: i64) -> i64 {
        let chance = f64::from(u32::try_from(self.throw() >> 33).unwrap()) / f64::from(1_u32 << 31);
        let seconds = -real(mean) / 1_000.0 * (1.0 - chance).ln();
        i64::try_from(std::time::Duration::from_secs_f64(seconds).as_millis()).unwrap()
    }
}
