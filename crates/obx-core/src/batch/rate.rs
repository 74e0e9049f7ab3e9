//! How many calls are sent at once, by the vendor's answers: HTTP says 200 to all of them.
//!
//! It begins with two. When as many calls in a row as are sent at once were served, one more is added. 4008 halves the
//! number, and so does 4010 once the API has answered, since both come of too many calls at once. Calls that were sent
//! before a change say nothing about what follows it. How fast an answer came never matters: errors come fastest.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use onebound::{ErrorCode, Exchange, Outcome};

/// Number of calls at once at the beginning.
const FIRST: usize = 2;

/// Number of calls at once at most, unless the user says otherwise: the vendor documents no number.
pub const DEFAULT_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// What the user allows at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateCeilings {
    /// Number of calls at once.
    pub concurrency: NonZeroUsize,
    /// Number of calls that are sent in a second; `None` for no limit.
    pub per_second: Option<f64>,
}

impl Default for RateCeilings {
    fn default() -> Self {
        Self { concurrency: DEFAULT_CONCURRENCY, per_second: None }
    }
}

/// What an answer says about the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateSignal {
    /// The call was served: an item, or that there is none.
    Served,
    /// 4008: too many calls at once.
    TooMany,
    /// 4010: the API does not exist, or too many calls at once.
    NoApi,
    /// Any other error, or no answer.
    Error,
}

/// Identifies the state in which a call was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateEpoch(u64);

/// A change of the number of calls at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateChange {
    pub at_once: usize,
    /// The signal that caused it.
    pub signal: RateSignal,
}

/// Decides how many calls are sent at once.
#[derive(Clone, Debug)]
pub struct RateController {
    at_once: usize,
    ceiling: usize,
    /// Number of calls of this epoch that were served since the last error.
    served: usize,
    has_served: bool,
    epoch: u64,
}

impl RateSignal {
    /// Returns what this exchange says.
    pub fn from_exchange(exchange: &Exchange) -> Self {
        let code = exchange.envelope().and_then(|envelope| envelope.error_code.as_ref());
        match (&exchange.outcome, code.map(ErrorCode::as_str)) {
            (_, Some("4008")) => Self::TooMany,
            (_, Some("4010")) => Self::NoApi,
            (Outcome::Item | Outcome::Success | Outcome::NoResult | Outcome::WrongItem { .. }, _) => {
                Self::Served
            }
            _ => Self::Error,
        }
    }
}

impl RateController {
    pub fn new(ceiling: NonZeroUsize) -> Self {
        let ceiling = ceiling.get();
        Self { at_once: FIRST.min(ceiling), ceiling, served: 0, has_served: false, epoch: 0 }
    }

    /// Returns the number of calls that may be under way.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// Returns the present epoch, to be kept with each call that is sent.
    pub fn epoch(&self) -> RateEpoch {
        RateEpoch(self.epoch)
    }

    /// Takes the signal of a call of this epoch; returns the change that follows from it.
    pub fn answered(&mut self, sent_in: RateEpoch, signal: RateSignal) -> Option<RateChange> {
        let may_be_burst = self.has_served && self.at_once > 1;
        self.has_served |= signal == RateSignal::Served;
        if sent_in != self.epoch() {
            return None;
        }
        match signal {
            RateSignal::Served => {
                self.served += 1;
                (self.served >= self.at_once && self.at_once < self.ceiling)
                    .then(|| self.change(self.at_once + 1, signal))
            }
            RateSignal::TooMany => self.halve(signal),
            RateSignal::NoApi if may_be_burst => self.halve(signal),
            RateSignal::NoApi | RateSignal::Error => {
                self.served = 0;
                None
            }
        }
    }

    fn halve(&mut self, signal: RateSignal) -> Option<RateChange> {
        self.served = 0;
        (self.at_once > 1).then(|| self.change(self.at_once / 2, signal))
    }

    fn change(&mut self, at_once: usize, signal: RateSignal) -> RateChange {
        (self.at_once, self.served) = (at_once, 0);
        self.epoch += 1;
        RateChange { at_once, signal }
    }
}

/// The longest interval between two calls: a day.
const LONGEST_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Spreads calls over time.
#[derive(Clone, Debug)]
pub(super) struct Pacer {
    interval: Duration,
    next: Option<Instant>,
}

impl Pacer {
    pub(super) fn new(per_second: Option<f64>) -> Self {
        let interval = per_second.map_or(Duration::ZERO, |per_second| {
            // Too long for a duration is long, not none.
            let interval = Duration::try_from_secs_f64(per_second.recip());
            interval.map_or(LONGEST_INTERVAL, |interval| interval.min(LONGEST_INTERVAL))
        });
        Self { interval, next: None }
    }

    /// Returns when the next call may be sent, if that is later than `now`.
    pub(super) fn waits_until(&self, now: Instant) -> Option<Instant> {
        self.next.filter(|next| *next > now)
    }

    /// Counts a call that is sent now.
    pub(super) fn sent(&mut self, now: Instant) {
        self.next = now.checked_add(self.interval);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::RateSignal::{Error, NoApi, Served, TooMany};
    use super::*;

    fn controller(ceiling: usize) -> RateController {
        RateController::new(NonZeroUsize::new(ceiling).unwrap())
    }

    fn after(ceiling: usize, signals: &[RateSignal]) -> usize {
        let mut rate = controller(ceiling);
        for signal in signals {
            let epoch = rate.epoch();
            let _ = rate.answered(epoch, *signal); // the result is in `at_once`
        }
        rate.at_once()
    }

    #[rstest]
    #[case(&[], 2)]
    #[case(&[Served], 2)]
    #[case(&[Served, Served], 3)]
    #[case(&[Served, Error, Served], 2)]
    #[case(&[Served, Error, Served, Served], 3)]
    #[case(&[Served, Served, Served, Served, Served], 4)]
    #[case(&[TooMany], 1)]
    #[case(&[TooMany, TooMany], 1)]
    #[case(&[TooMany, Served], 2)]
    #[case(&[NoApi, NoApi], 2)]
    #[case(&[Served, NoApi], 1)]
    #[case(&[Error, Error, Error, Error], 2)]
    fn a_clean_window_adds_one_and_too_many_halves(#[case] signals: &[RateSignal], #[case] expected: usize) {
        assert_eq!(after(16, signals), expected);
    }

    #[test]
    fn a_ceiling_of_one_is_kept_from_the_beginning() {
        assert_eq!(after(1, &[]), 1);
        assert_eq!(after(1, &[Served; 9]), 1);
        assert_eq!(after(3, &[Served; 99]), 3);
    }

    #[test]
    fn a_burst_of_refusals_halves_once() {
        let mut rate = controller(16);
        while rate.at_once() < 8 {
            let epoch = rate.epoch();
            let _ = rate.answered(epoch, Served); // the loop reads the result
        }
        let epoch = rate.epoch();
        let changes: Vec<RateChange> = (0..8).filter_map(|_| rate.answered(epoch, TooMany)).collect();
        assert_eq!(changes, [RateChange { at_once: 4, signal: TooMany }]);
    }

    #[test]
    fn calls_are_spread_over_time() {
        let (mut pacer, start) = (Pacer::new(Some(4.0)), Instant::now());
        assert_eq!(pacer.waits_until(start), None);
        pacer.sent(start);
        let next = start + Duration::from_millis(250);
        assert_eq!(pacer.waits_until(start), Some(next));
        assert_eq!(pacer.waits_until(next), None);
        for rate in [1e-300, f64::MIN_POSITIVE, 0.0, f64::NAN] {
            let mut slowest = Pacer::new(Some(rate));
            slowest.sent(start);
            assert_eq!(slowest.waits_until(start), Some(start + LONGEST_INTERVAL), "{rate}");
        }
        let mut unpaced = Pacer::new(None);
        unpaced.sent(start);
        assert_eq!(unpaced.waits_until(start), None);
    }

    fn signal() -> impl Strategy<Value = RateSignal> {
        prop_oneof![4 => Just(Served), 1 => Just(TooMany), 1 => Just(NoApi), 1 => Just(Error)]
    }

    proptest! {
        #[test]
        fn it_stays_between_one_and_its_ceiling_and_only_a_served_call_raises_it(
            ceiling in 1_usize..40,
            signals in prop::collection::vec((signal(), any::<bool>()), 0..200),
        ) {
            let mut rate = controller(ceiling);
            let mut epoch = rate.epoch();
            for (signal, is_of_now) in signals {
                if is_of_now {
                    epoch = rate.epoch();
                }
                let before = rate.at_once();
                let change = rate.answered(epoch, signal);
                prop_assert!((1..=ceiling).contains(&rate.at_once()));
                prop_assert!(rate.at_once() <= before || signal == Served);
                prop_assert!(rate.at_once() <= before + 1 && rate.at_once() >= before / 2);
                prop_assert_eq!(change.is_some(), rate.at_once() != before);
            }
        }
    }
}
