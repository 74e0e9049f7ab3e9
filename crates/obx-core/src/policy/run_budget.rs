//! The limits of one run, be it `get`, `search` or a batch: how many calls it sends, and what they may cost. A call is
//! reserved before its row is written, so that calls side by side never pass a limit together.
//!
//! ```text
//!  reserve ─▶ Reservation ── dropped, or nothing was sent ─▶ given back
//!                │ goes_out
//!                └─▶ ended ── free ─▶ it was sent, and costs nothing
//!                           └ billed, or nobody knows ─▶ it was sent, and its price is spent
//! ```

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::i18n::{Describe, Texts};
use onebound::{Billing, Decimal, Exchange, RequestStage};

/// The limits of a run; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunLimits {
    /// Number of calls that may be sent, whatever they cost.
    pub max_calls: Option<u64>,
    /// What the calls that are billed, or may be, cost at most.
    pub max_cost: Option<MaxCost>,
}

/// The most that a run may cost. Without a price per call nothing can be said of a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxCost {
    pub yuan: Decimal,
    pub price_per_call: Decimal,
}

/// What a run has used of its limits, calls under way included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunUse {
    /// Number of calls that were sent.
    pub sent: u64,
    /// Number of those that were billed, or may have been.
    pub charged: u64,
}

/// The limit that a run has reached; the call was not sent. It can't be overridden: the same command set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetViolation {
    /// So many calls were sent, or are under way.
    Calls { max_calls: u64 },
    /// One more call would cost more than this.
    Cost(Box<MaxCost>),
    /// The user has confirmed so many calls, and as many were billed, or may have been.
    Unconfirmed { confirmed: u64 },
}

/// The budget of a run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct RunBudget {
    limits: RunLimits,
    confirmed: Option<Confirmed>,
    used: Arc<Mutex<RunUse>>,
}

/// A confirmation of so many calls, which free ones do not use up: the user has confirmed a price. It has a counter of
/// its own, since other calls of the same run, before and beside it, neither use it up nor add to it. The counter
/// changes while `used` is locked.
#[derive(Clone, Debug)]
struct Confirmed {
    calls: u64,
    charged: Arc<AtomicU64>,
}

/// A call that is reserved. If this is dropped before [`Reservation::goes_out`], the call is given back; after that it
/// counts as charged, since the request may have been sent.
#[derive(Debug)]
#[must_use = "dropping it gives the call back"]
pub struct Reservation {
    used: Arc<Mutex<RunUse>>,
    /// The counter of the confirmation that the call belongs to.
    confirmed: Option<Arc<AtomicU64>>,
    is_out: bool,
}

impl RunBudget {
    /// Creates the budget of a run that has sent nothing.
    pub fn new(limits: RunLimits) -> Self {
        Self { limits, confirmed: None, used: Arc::default() }
    }

    /// Returns the same budget for a purchase of so many calls that the user has confirmed: what the plan did not have
    /// is not bought, even within the limits.
    #[must_use]
    pub fn confirmed(&self, calls: u64) -> Self {
        Self { confirmed: Some(Confirmed { calls, charged: Arc::default() }), ..self.clone() }
    }

    pub fn limits(&self) -> RunLimits {
        self.limits
    }

    /// Returns what is used of it, calls under way included.
    pub fn used(&self) -> RunUse {
        *lock(&self.used)
    }

    /// Reserves one call.
    ///
    /// # Errors
    /// If the call would pass a limit: that limit.
    pub fn reserve(&self) -> Result<Reservation, BudgetViolation> {
        let mut used = lock(&self.used);
        self.check(*used, 0)?;
        used.sent += 1;
        used.charged += 1;
        let confirmed = self.confirmed.as_ref().map(|confirmed| Arc::clone(&confirmed.charged));
        if let Some(charged) = &confirmed {
            charged.fetch_add(1, Relaxed);
        }
        Ok(Reservation { used: Arc::clone(&self.used), confirmed, is_out: false })
    }

    /// Checks whether one more call may be sent when so many others that are only planned were billed.
    ///
    /// # Errors
    /// If the call would pass a limit: that limit.
    pub fn check_planned(&self, planned: u64) -> Result<(), BudgetViolation> {
        self.check(self.used(), planned)
    }

    fn check(&self, used: RunUse, planned: u64) -> Result<(), BudgetViolation> {
        let (sent, charged) = (used.sent.saturating_add(planned), used.charged.saturating_add(planned));
        if let Some(max_calls) = self.limits.max_calls.filter(|max_calls| sent >= *max_calls) {
            return Err(BudgetViolation::Calls { max_calls });
        }
        if let Some(max_cost) = self.limits.max_cost.filter(|max_cost| !max_cost.allows(charged + 1)) {
            return Err(BudgetViolation::Cost(Box::new(max_cost)));
        }
        match &self.confirmed {
            Some(Confirmed { calls, charged }) if charged.load(Relaxed).saturating_add(planned) >= *calls => {
                Err(BudgetViolation::Unconfirmed { confirmed: *calls })
            }
            _ => Ok(()),
        }
    }
}

impl Describe for BudgetViolation {
    fn describe(&self, texts: Texts) -> String {
        texts.not_sent_because(self.reason(texts))
    }
}

impl BudgetViolation {
    /// Which limit it is, of calls that were refused or would be.
    pub fn reason(&self, texts: Texts) -> String {
        match self {
            Self::Calls { max_calls } => texts.refused_run_calls(max_calls),
            Self::Cost(most) => texts.refused_run_cost(most.yuan, most.price_per_call),
            Self::Unconfirmed { confirmed } => texts.refused_unconfirmed(confirmed),
        }
    }
}

impl MaxCost {
    /// Returns true if it is enough for one call.
    pub fn allows_any(self) -> bool {
        self.allows(1)
    }

    fn allows(self, calls: u64) -> bool {
        let cost = self.price_per_call.times(calls);
        cost.is_some_and(|cost| cost.compare(self.yuan) != Ordering::Greater)
    }
}

impl Reservation {
    /// Marks the call as handed to the client, which may send it at any moment.
    pub fn goes_out(&mut self) {
        self.is_out = true;
    }

    /// Gives back what an attempt at a host did not use. After an attempt that sent nothing the next one may follow.
    pub fn ended(&mut self, exchange: &Exchange) {
        self.is_out = exchange.stage != RequestStage::NothingSent;
        if self.is_out && exchange.billing() == Billing::Free {
            self.give_charge_back(&mut lock(&self.used));
        }
    }

    fn give_charge_back(&self, used: &mut RunUse) {
        used.charged -= 1;
        if let Some(charged) = &self.confirmed {
            charged.fetch_sub(1, Relaxed);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if !self.is_out {
            let mut used = lock(&self.used);
            used.sent -= 1;
            self.give_charge_back(&mut used);
        }
    }
}

fn lock(used: &Mutex<RunUse>) -> MutexGuard<'_, RunUse> {
    used.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use onebound::{Answer, Call, Credentials, Host, Outcome, Timing};
    use rstest::rstest;

    use super::*;

    fn exchange(body: &str) -> Exchange {
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned().into() };
        let call = Call::item_get("610947572360".parse().unwrap());
        let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
        Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials)
    }

    fn unsent() -> Exchange {
        let (outcome, stage) = (Outcome::Cancelled, RequestStage::NothingSent);
        Exchange { outcome, stage, status: None, reply: None, ..exchange("") }
    }

    fn yuan(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[rstest]
    #[case(exchange(r#"{"error_code":"2000","reason":"no item"}"#), 1, 1)]
    #[case(exchange(r#"{"error_code":"4008","reason":"too many"}"#), 1, 0)]
    #[case(exchange("<html>"), 1, 1)]
    #[case(unsent(), 0, 0)]
    fn what_was_not_sent_is_given_back_and_what_was_free_costs_nothing(
        #[case] exchange: Exchange,
        #[case] sent: u64,
        #[case] charged: u64,
    ) {
        let budget = RunBudget::default();
        let mut reservation = budget.reserve().unwrap();
        assert_eq!(budget.used(), RunUse { sent: 1, charged: 1 });
        reservation.goes_out();
        reservation.ended(&exchange);
        drop(reservation);
        assert_eq!(budget.used(), RunUse { sent, charged });
    }

    #[test]
    fn a_call_that_nobody_waits_for_is_given_back_only_if_it_never_went_out() {
        let budget = RunBudget::default();
        drop(budget.reserve().unwrap());
        assert_eq!(budget.used(), RunUse::default());
        let mut reservation = budget.reserve().unwrap();
        reservation.goes_out();
        drop(reservation);
        assert_eq!(budget.used(), RunUse { sent: 1, charged: 1 });
    }

    #[rstest]
    #[case("0.06", 3)]
    #[case("0.059", 2)]
    #[case("0", 0)]
    fn the_last_call_is_the_one_that_the_cost_allows(#[case] most: &str, #[case] expected: usize) {
        let max_cost = MaxCost { yuan: yuan(most), price_per_call: yuan("0.02") };
        let budget = RunBudget::new(RunLimits { max_cost: Some(max_cost), max_calls: None });
        let reserved: Vec<Reservation> = std::iter::from_fn(|| budget.reserve().ok()).take(9).collect();
        assert_eq!(reserved.len(), expected);
        assert_eq!(budget.reserve().unwrap_err(), BudgetViolation::Cost(Box::new(max_cost)));
    }

    #[test]
    fn no_more_is_bought_than_was_confirmed_nor_than_the_limits_allow() {
        let reserve = |budget: &RunBudget| {
            let reservation = budget.reserve().map(|mut reservation| {
                reservation.goes_out();
                drop(reservation);
            });
            reservation.err()
        };
        let budget = RunBudget::new(RunLimits { max_calls: Some(4), max_cost: None });
        assert_eq!(reserve(&budget), None);
        let confirmed = budget.confirmed(2);
        assert_eq!((reserve(&confirmed), reserve(&confirmed)), (None, None));
        assert_eq!(reserve(&confirmed), Some(BudgetViolation::Unconfirmed { confirmed: 2 }));
        let more = budget.confirmed(9);
        assert_eq!(reserve(&more), None);
        assert_eq!(reserve(&more), Some(BudgetViolation::Calls { max_calls: 4 }));
        assert_eq!(budget.used().sent, 4);
    }

    #[test]
    fn a_free_call_leaves_its_place_in_what_was_confirmed_and_one_that_may_be_billed_does_not() {
        let confirmed = RunBudget::default().confirmed(1);
        let reserved = || {
            let mut reservation = confirmed.reserve().unwrap();
            reservation.goes_out();
            reservation
        };
        reserved().ended(&exchange(r#"{"error_code":"4008","reason":"too many"}"#));
        reserved().ended(&unsent());
        reserved().ended(&exchange("<html>"));
        assert_eq!(confirmed.reserve().unwrap_err(), BudgetViolation::Unconfirmed { confirmed: 1 });
        assert_eq!(confirmed.used(), RunUse { sent: 2, charged: 1 });
    }

    #[test]
    fn a_call_beside_a_confirmed_purchase_does_not_use_it_up() {
        let everything = RunBudget::default();
        let confirmed = everything.confirmed(2);
        let beside = (everything.reserve().unwrap(), everything.reserve().unwrap());
        let bought = (confirmed.reserve().unwrap(), confirmed.reserve().unwrap());
        assert_eq!(confirmed.reserve().unwrap_err(), BudgetViolation::Unconfirmed { confirmed: 2 });
        assert_eq!(everything.used().sent, 4);
        drop((beside, bought));
        assert_eq!(everything.used(), RunUse::default());
    }

    #[test]
    fn a_call_before_it_that_is_given_back_adds_nothing_to_what_was_confirmed() {
        let everything = RunBudget::default();
        let before = everything.reserve().unwrap();
        let confirmed = everything.confirmed(1);
        drop(before);
        let given_back = confirmed.reserve().unwrap();
        assert_eq!(confirmed.check_planned(0), Err(BudgetViolation::Unconfirmed { confirmed: 1 }));
        drop(given_back);
        let _bought = confirmed.clone().reserve().unwrap();
        assert_eq!(confirmed.reserve().unwrap_err(), BudgetViolation::Unconfirmed { confirmed: 1 });
    }

    #[test]
    fn calls_under_way_count_and_one_that_is_given_back_makes_room() {
        let budget = RunBudget::new(RunLimits { max_calls: Some(2), max_cost: None });
        let (first, second) = (budget.reserve().unwrap(), budget.clone().reserve().unwrap());
        assert_eq!(budget.reserve().unwrap_err(), BudgetViolation::Calls { max_calls: 2 });
        drop(first);
        drop((budget.reserve().unwrap(), second));
        assert_eq!(budget.used(), RunUse::default());
    }
}
