//! The quota of a key on its Beijing day, and a forecast of the day's end from the key's calls, without a clock.
//!
//! ```text
//!  calls of the day ─▶ count: the vendor's numbers, and the calls made since ─▶ pieces: calls per span of time
//!                                                                                  │
//!  Day { used, hours, pace, forecast } ◀─ forecast ◀─ pace: the last hours, and how regular they were
//! ```
//!
//! The vendor's count is preferred to ours, since it includes everybody who uses the key. Calls that it counts beyond
//! our own are spread evenly over the time in which they were counted. The forecast assumes that the last hours
//! continue as they were, and has a margin of error: a number that is not known to within a tenth is not shown.
//!
//! [`Day::new`] finds the day's first call by binary search, so a long history costs nothing. It reads the day's own
//! calls once; 10,000 of them take less than a millisecond.

mod count;
mod pace;

use jiff::Timestamp;
use jiff::civil::Date;

use super::request_log::Mark;
use obx_core::store::RecentCall;
use onebound::BEIJING;

use count::{Count, Piece};

pub use pace::Pace;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The part of a call that matters for the key's quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// When its answer came, or when it ended without one. The vendor's count is from that time.
    pub at: Timestamp,
    pub mark: Mark,
    /// The vendor's count for the day, if the answer contained it.
    pub used: Option<u64>,
    /// Allowed calls per day, if the answer contained it.
    pub max: Option<u64>,
}

impl CallRecord {
    /// Takes it from a call of the log.
    pub fn new(call: &RecentCall) -> Self {
        Self { at: call.ended_at(), mark: Mark::from_call(call), used: call.used, max: call.allowed }
    }
}

/// A key's Beijing day up to now.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// The date in Beijing.
    pub date: Date,
    /// The time at which this was computed.
    pub now: Timestamp,
    /// The vendor's newest count plus the calls since then that were or may have been billed; only our own calls if
    /// the vendor sent no count.
    pub used: u64,
    /// Allowed calls per day, as the last answer of today or yesterday reported it.
    pub max: Option<u64>,
    /// The vendor's newest count alone; `None` if it sent none today.
    pub reported: Option<u64>,
    /// Our own calls of the day, by cost.
    pub split: Split,
    /// Calls that the vendor counted beyond our own between its counts, so somebody else uses this key.
    pub others: u64,
    /// Calls that the vendor had counted before our first call of the day: an earlier session without a store, or
    /// somebody else.
    pub before: u64,
    /// The calls of each hour, by the vendor's count.
    pub hours: [Hour; 24],
    /// Calls that can't be assigned to an hour, because the vendor counted them over more hours than there were
    /// calls.
    pub undated: u64,
    /// The pace of the last hours; `None` while there are too few calls.
    pub pace: Option<Pace>,
    pub forecast: Forecast,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    pub calls: u64,
    /// Whether one of our calls is in it. Otherwise `calls` is this hour's share of what the vendor counted over
    /// several hours.
    pub seen: bool,
}

/// Our own calls, counted by cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Billed according to the vendor's table.
    pub billed: u64,
    /// Free according to the vendor's table, or not sent.
    pub free: u64,
    /// Answered from the store.
    pub store: u64,
    /// Billed or free, which can't be known.
    pub unknown: u64,
}

/// How the day will end if the last hours continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// Too little is known.
    Silent,
    /// The quota will not be used up.
    LastsTheDay {
        /// How many calls will be left, if that is known to within a tenth of the day's use.
        left_at_midnight: Option<u64>,
    },
    /// The quota will be used up at about this time.
    OutAt(Timestamp),
    /// The quota is used up.
    Out,
}

impl Day {
    /// Computes the Beijing day of `now` from the key's calls, oldest first. Calls after `now` are ignored.
    pub fn new(records: &[CallRecord], now: Timestamp) -> Self {
        let at = now.as_millisecond();
        let start = start_of_day(at);
        let known = records.get(..first_after(records, at)).unwrap_or_default();
        let yesterday = known.get(first_after(known, start - DAY - 1)..).unwrap_or_default();
        let today = yesterday.get(first_after(yesterday, start - 1)..).unwrap_or_default();
        let count = Count::new(today, start);
        let max =
            yesterday.iter().rev().filter(|record| record.mark != Mark::Store).find_map(|record| record.max);
        let mut day = Self {
            date: BEIJING.to_datetime(now).date(),
            now,
            used: count.reported().unwrap_or_default() + count.since(),
            max,
            reported: count.reported(),
            split: Split::new(today),
            others: count.others(),
            before: count.before(),
            hours: hours(&count, today, start),
            undated: count
                .pieces()
                .iter()
                .filter(|piece| !piece.reaches_each(start, HOUR))
                .map(Piece::calls)
                .sum(),
            pace: Pace::new(&count, today, at),
            forecast: Forecast::Silent,
        };
        day.forecast = day.forecast(&count, start + DAY);
        day
    }

    /// The calls that are left; `None` if the limit is unknown.
    pub fn left(&self) -> Option<u64> {
        Some(self.max?.saturating_sub(self.used))
    }

    /// When the next quota day starts.
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
    /// The number of all calls.
    pub fn total(self) -> u64 {
        self.billed + self.free + self.store + self.unknown
    }

    /// The number of calls that were sent.
    pub fn sent(self) -> u64 {
        self.billed + self.free + self.unknown
    }

    /// Counts a call.
    pub fn add(&mut self, mark: Mark) {
        *match mark {
            Mark::Billed => &mut self.billed,
            Mark::Free => &mut self.free,
            Mark::Store => &mut self.store,
            Mark::Unknown => &mut self.unknown,
        } += 1;
    }

    fn new(records: &[CallRecord]) -> Self {
        let mut split = Self::default();
        for record in records {
            split.add(record.mark);
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

/// The index of the first record after this time.
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

/// Converts a count for calculations; no day has more calls than fit in 32 bits.
fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
