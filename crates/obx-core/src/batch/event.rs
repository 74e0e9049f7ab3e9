//! What a batch reports while it runs.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::{BatchLine, RateChange};
use crate::fetch::{Fetched, NotSent, Source};
use crate::store::StoreError;
use onebound::{Billing, Call, ItemId, Outcome, SentCall};

/// A report of a batch.
#[derive(Clone, Debug)]
pub enum BatchEvent {
    /// A call is about to be sent for this line.
    Started { number: u64, id: ItemId },
    /// The call of this line is sent to a host.
    Sent { number: u64, call: Call, out: SentCall },
    /// A line has its result.
    Finished { line: BatchLine, result: LineResult },
    /// The number of calls at once has changed.
    RateChanged(RateChange),
    /// Nothing more can be sent until then: the day turns.
    Waiting { until: Timestamp, refusal: NotSent },
    /// The last report.
    Stopped {
        reason: StopReason,
        /// Number of lines without a result; not known after [`StopReason::Broken`].
        left: u64,
        summary: BatchSummary,
    },
}

/// The result of a line.
#[derive(Clone, Debug)]
pub enum LineResult {
    /// An exchange, whatever its outcome.
    Answered(Box<Fetched>),
    /// An earlier call was sent and its answer never came: it may have been billed, so it was not bought again.
    InDoubt { since: Timestamp },
    /// Nothing was sent, and nothing is stored.
    NotSent(NotSent),
}

/// Why a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Every line has its result.
    Done,
    /// The user stopped it, or nobody reads its reports.
    Asked,
    /// A call was refused here, and so would be all others.
    Refused(NotSent),
    /// The time that the user set has come.
    TimeIsUp,
    /// The store can't be read, or an answer can't be written for now.
    Store(StoreError),
    /// An internal error. The calls that were under way are in doubt.
    Broken,
}

/// Counts of the lines that have their result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchSummary {
    /// Lines that have an item.
    pub items: u64,
    /// Lines whose answer is that there is no such item.
    pub no_results: u64,
    /// Calls of this batch that were billed.
    pub billed: u64,
    /// Calls of this batch that were free: refused by the vendor, or not sent.
    pub free: u64,
    /// Calls of this batch of which nobody knows.
    pub unknown: u64,
    /// Lines that the store answered.
    pub stored: u64,
    /// Lines that a call of another run or session answered.
    pub joined: u64,
    /// Lines in doubt.
    pub in_doubt: u64,
    /// Lines for which nothing was sent, since that is not allowed, and nothing is stored.
    pub not_sent: u64,
    /// Lines without an answer to their question.
    pub failed: u64,
    /// Lines by `error_code`; those without one are not in it.
    pub codes: BTreeMap<String, u64>,
}

impl LineResult {
    /// Returns the exchange, if there is one.
    pub fn fetched(&self) -> Option<&Fetched> {
        match self {
            Self::Answered(fetched) => Some(fetched),
            Self::InDoubt { .. } | Self::NotSent(_) => None,
        }
    }

    /// Returns true if the line has no answer to its question; that there is no such item is an answer.
    pub fn is_failed(&self) -> bool {
        !self.fetched().is_some_and(is_answered)
    }

    /// Returns whether this batch was billed for the line.
    pub fn billing(&self) -> Billing {
        self.fetched().map_or(Billing::Free, billing)
    }
}

fn is_answered(fetched: &Fetched) -> bool {
    matches!(fetched.exchange.outcome, Outcome::Item | Outcome::Success | Outcome::NoResult)
}

fn billing(fetched: &Fetched) -> Billing {
    if fetched.source == Source::Live { fetched.exchange.billing() } else { Billing::Free }
}

impl BatchSummary {
    /// Counts a line.
    pub fn add(&mut self, result: &LineResult) {
        match result {
            LineResult::Answered(fetched) => return self.add_answer(fetched),
            LineResult::InDoubt { .. } => self.in_doubt += 1,
            LineResult::NotSent(_) => self.not_sent += 1,
        }
        self.failed += 1;
    }

    /// Counts a line with an exchange.
    pub fn add_answer(&mut self, fetched: &Fetched) {
        self.failed += u64::from(!is_answered(fetched));
        match fetched.exchange.outcome {
            Outcome::Item | Outcome::Success => self.items += 1,
            Outcome::NoResult => self.no_results += 1,
            _ => {}
        }
        match (fetched.source, billing(fetched)) {
            (Source::Store, _) => self.stored += 1,
            (Source::Joined, _) => self.joined += 1,
            (Source::Live, Billing::Billed) => self.billed += 1,
            (Source::Live, Billing::Free) => self.free += 1,
            (Source::Live, Billing::Unknown) => self.unknown += 1,
        }
        let code = fetched.exchange.envelope().and_then(|envelope| envelope.error_code.as_ref());
        if let Some(code) = code {
            *self.codes.entry(code.as_str().to_owned()).or_default() += 1;
        }
    }

    /// Returns the number of lines counted.
    pub fn lines(&self) -> u64 {
        self.calls() + self.stored + self.joined + self.in_doubt + self.not_sent
    }

    /// Returns the number of calls of this batch that have ended.
    pub fn calls(&self) -> u64 {
        self.billed + self.free + self.unknown
    }

    /// Returns how many calls a second have ended in this time; `None` before the first one.
    pub fn calls_per_second(&self, time: Duration) -> Option<f64> {
        let seconds = time.as_secs_f64();
        (self.calls() > 0 && seconds > 0.0).then(|| float(self.calls()) / seconds)
    }

    /// Returns how long it takes until so many calls have ended, if those before took this time; `None` where that is not
    /// known, or no time.
    pub fn time_left(&self, calls: u64, time: Duration) -> Option<Duration> {
        let left = float(calls.saturating_sub(self.calls())) / self.calls_per_second(time)?;
        Duration::try_from_secs_f64(left).ok().filter(|left| !left.is_zero())
    }
}

/// The count as a float; no list is long enough to lose a digit.
pub(super) fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
