//! How a key stands on its Beijing day, and how the day will end: from the calls made with it, without a clock.
//!
//! ```text
//!  calls of the day ─▶ count: the vendor's numbers, and what was called since ─▶ pieces of use over time
//!                                                                                  │
//!  Day { used, hours, pace, forecast } ◀─ forecast ◀─ pace: the last hours, and how even they were
//! ```
//!
//! The vendor's count wins over ours: it sees everybody who uses the key. What it counts beyond our own calls
//! is spread evenly over the time in which it came up. The forecast takes the last hours to go on as they were, and
//! carries its own margin of error: what it does not know to a tenth it does not say.
//!
//! [`Day::of`] finds the day's first call by halving, so a long history costs nothing; the day's own calls are
//! gone through once: 10,000 of them take less than a millisecond.

mod count;
mod pace;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::request_log::Mark;
use count::{Count, Piece};

pub use pace::Pace;

/// The quota day turns at midnight in Beijing, which has no summer time.
pub const BEIJING: Offset = Offset::constant(8);

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A call made with the key, as far as its quota goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// When its answer came, or it ended without one: the vendor's count is of then.
    pub at: Timestamp,
    /// What it cost.
    pub mark: Mark,
    /// The vendor's count of the day, as the answer told it.
    pub used: Option<u64>,
    /// Calls allowed a day, as the answer told it.
    pub max: Option<u64>,
}

/// A key's Beijing day up to now.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// Which, in Beijing.
    pub date: Date,
    /// Up to when.
    pub now: Timestamp,
    /// The vendor's newest count, and what was or may have been billed since; our own where it told none.
    pub used: u64,
    /// Calls allowed a day, as it was told last, today or yesterday.
    pub max: Option<u64>,
    /// The vendor's newest count by itself.
    pub told: Option<u64>,
    /// Our own calls of the day, by what they cost.
    pub split: Split,
    /// How far the vendor's count grew beyond our own calls, between two of them: somebody else uses this key.
    pub others: u64,
    /// What the vendor had counted before our first call of the day: an earlier session without a store, or
    /// somebody else.
    pub before: u64,
    /// The calls of each hour, by the vendor's count.
    pub hours: [Hour; 24],
    /// Calls in none of them: the vendor counted them over more hours than there were calls.
    pub undated: u64,
    /// Of the last hours; `None` while there are too few calls to have one.
    pub pace: Option<Pace>,
    /// How the day will end.
    pub forecast: Forecast,
}

/// One hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    /// Calls in it.
    pub calls: u64,
    /// Whether a call of ours is in it. Else its calls are a share of what the vendor counted over several hours.
    pub seen: bool,
}

/// Our own calls by what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Billed by the vendor's table.
    pub billed: u64,
    /// Free by it, or nothing was sent.
    pub free: u64,
    /// Answered from the store.
    pub store: u64,
    /// Nobody can tell.
    pub unknown: u64,
}

/// How the day will end if the last hours go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// There is not enough to say.
    Silent,
    /// Not all calls will be used.
    LastsTheDay {
        /// How many will be left, where that is known to a tenth of the day's use.
        left_at_midnight: Option<u64>,
    },
    /// The last call will be used about then.
    OutAt(Timestamp),
    /// Nothing is left.
    Out,
}

impl Day {
    /// The Beijing day of `now`, from the key's calls, the oldest first. Calls after `now` are left out.
    pub fn of(records: &[CallRecord], now: Timestamp) -> Self {
        let at = now.as_millisecond();
        let start = start_of_day(at);
        let known = records.get(..first_after(records, at)).unwrap_or_default();
        let yesterday = known.get(first_after(known, start - DAY - 1)..).unwrap_or_default();
        let today = yesterday.get(first_after(yesterday, start - 1)..).unwrap_or_default();
        let count = Count::of(today, start);
        let max =
            yesterday.iter().rev().filter(|record| record.mark != Mark::Store).find_map(|record| record.max);
        let mut day = Self {
            date: BEIJING.to_datetime(now).date(),
            now,
            used: count.told().unwrap_or_default() + count.since(),
            max,
            told: count.told(),
            split: Split::of(today),
            others: count.others(),
            before: count.before(),
            hours: hours(&count, today, start),
            undated: count
                .pieces()
                .iter()
                .filter(|piece| !piece.reaches_each(start, HOUR))
                .map(Piece::calls)
                .sum(),
            pace: Pace::of(&count, today, at),
            forecast: Forecast::Silent,
        };
        day.forecast = day.forecast(&count, start + DAY);
        day
    }

    /// Calls that are left, where the vendor told how many there are.
    pub fn left(&self) -> Option<u64> {
        Some(self.max?.saturating_sub(self.used))
    }

    /// When the quota day turns.
    pub fn midnight(&self) -> Timestamp {
        moment(start_of_day(self.now.as_millisecond()) + DAY)
    }

    fn forecast(&self, count: &Count, midnight: i64) -> Forecast {
        let (Some(max), Some(left)) = (self.max, self.left()) else { return Forecast::Silent };
        if left == 0 {
            return Forecast::Out;
        }
        let said = self.pace.and_then(|pace| pace.forecast(self.used, left, midnight));
        said.unwrap_or_else(|| {
            let sure =
                self.pace.is_some() && count.busiest_goes_on(self.now.as_millisecond(), midnight) < max;
            if sure { Forecast::LastsTheDay { left_at_midnight: None } } else { Forecast::Silent }
        })
    }
}

impl Split {
    /// All of them.
    pub fn total(self) -> u64 {
        self.billed + self.free + self.store + self.unknown
    }

    fn of(records: &[CallRecord]) -> Self {
        let mut split = Self::default();
        for record in records {
            *match record.mark {
                Mark::Billed => &mut split.billed,
                Mark::Free => &mut split.free,
                Mark::Store => &mut split.store,
                Mark::Unknown => &mut split.unknown,
            } += 1;
        }
        split
    }
}

fn hours(count: &Count, today: &[CallRecord], start: i64) -> [Hour; 24] {
    let mut calls = [0; 24];
    let dated = count.pieces().iter().filter(|piece| piece.reaches_each(start, HOUR));
    count::fill(dated, start, HOUR, &mut calls);
    let mut hours = calls.map(|calls| Hour { calls, seen: false });
    for record in today.iter().filter(|record| record.mark != Mark::Store) {
        let hour = usize::try_from((record.at.as_millisecond() - start) / HOUR).unwrap_or_default();
        if let Some(hour) = hours.get_mut(hour) {
            hour.seen = true;
        }
    }
    hours
}

/// The place of the first record after a moment.
fn first_after(records: &[CallRecord], at: i64) -> usize {
    records.partition_point(|record| record.at.as_millisecond() <= at)
}

fn start_of_day(at: i64) -> i64 {
    let offset = i64::from(BEIJING.seconds()) * 1_000;
    at - (at + offset).rem_euclid(DAY)
}

fn moment(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX)
}

/// A number to reckon with; a day has no more calls than fit.
fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
