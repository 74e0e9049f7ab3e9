//! What a batch would do, before it does anything: pure over what the store knows.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::event::float;
use super::{BatchLine, BatchSettings};
use crate::fetch::{AllowedCalls, NotSent, newest_quota};
use crate::policy::{Freshness, QuotaFact, beijing_day, is_fresh};
use crate::session::Session;
use crate::store::{Block, ExchangeId, KnownAnswer, LogEntry, StoreError};
use onebound::{CallSettings, Decimal, ItemId, Quota, RequestStage};

/// Number of lines that the store is asked about at once.
pub(super) const CHUNK: usize = 500;

/// Number of recent rows of the log by which the duration of calls is estimated.
const RECENT: usize = 200;

/// What a batch does with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// A fresh answer is stored: it is read.
    Stored,
    /// A call was sent and its answer never came: it is bought again only if the user says so.
    InDoubt { since: Timestamp },
    /// It is bought.
    ToBuy,
}

/// A line in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtfulLine {
    pub number: u64,
    pub id: ItemId,
    /// When the call was sent whose answer never came.
    pub since: Timestamp,
}

/// What a plan needs beside the lines.
#[derive(Clone, Debug, Default)]
pub struct PlanFacts {
    /// Number of calls left of today's quota; `None` if no answer said it.
    pub quota_left: Option<u64>,
    /// The block of the account, be it over.
    pub block: Option<Block>,
    /// The durations of recent calls that were answered.
    pub durations: Vec<Duration>,
    /// The price of a call, if one is set.
    pub price: Option<Decimal>,
    /// How many of the lines to buy limits and guards allow now.
    pub allowed: AllowedCalls,
}

/// What a batch would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchPlan {
    /// Number of lines with a fresh stored answer.
    pub stored: u64,
    /// Number of lines to buy; with those in doubt if they are to be bought again.
    pub to_buy: u64,
    /// The lines in doubt, whether they are bought again or not.
    pub in_doubt: Vec<DoubtfulLine>,
    /// Number of calls left of today's quota, as the reserve counts them; `None` if no answer said it.
    pub quota_left: Option<u64>,
    /// Why nothing can be bought for now.
    pub block: Option<Block>,
    /// How many of the lines to buy limits and guards allow now, and why they refuse the next one.
    pub allowed: AllowedCalls,
    /// When the batch goes on with the lines that are refused now; `None` if it stops at the first of them.
    pub goes_on_at: Option<Timestamp>,
    /// How long the calls take that it sends, by the median of recent ones; `None` without recent ones.
    pub time: Option<Duration>,
    /// What the lines to buy cost at most; `None` without a price.
    pub cost: Option<Decimal>,
    /// What those cost that are allowed now.
    pub allowed_cost: Option<Decimal>,
    /// When the store was asked about the last line.
    pub asked_at: Option<Instant>,
}

impl LineState {
    /// Returns what is done with a line of which the store knows this. A doubt is over after a day, and never before an
    /// answer of that time would be fresh no longer.
    pub fn new(known: &KnownAnswer, freshness: &Freshness, now: Timestamp) -> Self {
        let until = known.answered.and_then(|(at, is_item)| freshness.until(at, is_item));
        if is_fresh(until, now) {
            return Self::Stored;
        }
        match freshness.in_doubt(known.unknown_at, now) {
            Some(since) => Self::InDoubt { since },
            None => Self::ToBuy,
        }
    }

    /// Returns true if a line in this state is bought. One in doubt is if the user wants those bought again.
    pub fn is_bought(self, retry_unknown: bool) -> bool {
        match self {
            Self::Stored => false,
            Self::InDoubt { .. } => retry_unknown,
            Self::ToBuy => true,
        }
    }
}

impl PlanFacts {
    fn median(&self) -> Option<Duration> {
        let mut durations = self.durations.clone();
        durations.sort_unstable();
        durations.get(durations.len() / 2).copied()
    }
}

impl BatchPlan {
    /// Adds a line. The line is bought again in spite of a doubt if `retry_unknown` is set.
    pub fn add(&mut self, line: &BatchLine, state: LineState, retry_unknown: bool) {
        match state {
            LineState::Stored => self.stored += 1,
            LineState::ToBuy => self.to_buy += 1,
            LineState::InDoubt { since } => {
                self.in_doubt.push(DoubtfulLine { number: line.number, id: line.id.clone(), since });
                self.to_buy += u64::from(retry_unknown);
            }
        }
    }

    /// Completes the plan once all lines are in it.
    #[must_use]
    pub fn estimated(self, facts: &PlanFacts, settings: &BatchSettings, now: Timestamp) -> Self {
        let allowed = facts.allowed.clone();
        let carry = settings.carry.zip(allowed.refusal.as_ref());
        let goes_on_at = carry.and_then(|(carry, refusal)| carry.resumes_at(refusal, now));
        let cost = |calls: u64| facts.price.and_then(|price| price.times(calls));
        let planned = Self {
            goes_on_at,
            cost: cost(self.to_buy),
            allowed_cost: cost(allowed.calls),
            allowed,
            quota_left: facts.quota_left,
            block: facts.block.clone().filter(|block| block.holds(now)),
            ..self
        };
        let time = facts.median().map(|median| {
            let calls = planned.to_send();
            let rounds = calls.div_ceil(settings.ceilings.concurrency.get() as u64);
            let by_concurrency = median.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
            let seconds = settings.ceilings.per_second.map_or(0.0, |per_second| float(calls) / per_second);
            by_concurrency.max(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
        });
        Self { time, ..planned }
    }

    /// Returns the number of lines that the batch works on: those in doubt only if they are bought again.
    pub fn lines(&self, retry_unknown: bool) -> u64 {
        let left_alone = if retry_unknown { 0 } else { self.in_doubt.len() as u64 };
        self.stored + self.to_buy + left_alone
    }

    /// Returns how many calls the batch would send: all, or those before the first that is refused.
    pub fn to_send(&self) -> u64 {
        if self.goes_on_at.is_some() { self.to_buy } else { self.allowed.calls }
    }

    /// Returns what the calls that the batch would send cost at most; `None` without a price.
    pub fn cost_to_send(&self) -> Option<Decimal> {
        if self.goes_on_at.is_some() { self.cost } else { self.allowed_cost }
    }

    /// Returns why the batch would stop before its end. Offline it does not: each line that is not stored fails.
    pub fn stopped_by(&self) -> Option<&NotSent> {
        let stops = |refusal: &&NotSent| self.goes_on_at.is_none() && **refusal != NotSent::Offline;
        self.allowed.refusal.as_ref().filter(stops)
    }

    /// Returns when the store was asked about the lines if it knew none of them.
    pub(super) fn none_known_at(&self) -> Option<Instant> {
        self.asked_at.filter(|_| self.stored == 0 && self.in_doubt.is_empty())
    }

    /// Returns how many of the calls today's quota does not have; zero if the quota is not known.
    pub fn over_quota(&self) -> u64 {
        self.quota_left.map_or(0, |left| self.to_buy.saturating_sub(left))
    }
}

/// Plans a batch with this price of a call. Nothing is sent.
///
/// # Errors
/// If the store can't be read.
pub async fn plan(
    session: &Session,
    lines: impl Iterator<Item = BatchLine>,
    settings: &BatchSettings,
    price: Option<Decimal>,
) -> Result<BatchPlan, StoreError> {
    plan_each(session, lines, settings, price, |_, _| {}).await
}

/// Does the same, and passes on what would be done with each line.
///
/// # Errors
/// If the store can't be read.
pub async fn plan_each(
    session: &Session,
    lines: impl Iterator<Item = BatchLine>,
    settings: &BatchSettings,
    price: Option<Decimal>,
    mut on_line: impl FnMut(&BatchLine, LineState),
) -> Result<BatchPlan, StoreError> {
    let (mut plan, mut lines) = (BatchPlan::default(), lines.peekable());
    while lines.peek().is_some() {
        let chunk: Vec<BatchLine> = lines.by_ref().take(CHUNK).collect();
        for (line, state) in chunk.iter().zip(states(session, &chunk, &settings.call).await?) {
            plan.add(line, state, settings.retry_unknown);
            on_line(line, state);
        }
    }
    plan.asked_at = Some(Instant::now());
    let allowed = session.allowed(plan.to_buy, 0).await;
    let facts = PlanFacts { price, allowed, ..facts(session).await? };
    Ok(plan.estimated(&facts, settings, Timestamp::now()))
}

/// Reads the account's quota, and how long its recent calls took.
async fn facts(session: &Session) -> Result<PlanFacts, StoreError> {
    let Some(account) = session.account().await else { return Ok(PlanFacts::default()) };
    let (store, now) = (session.store(), Timestamp::now());
    let opened = store.opened(RECENT, now).await?;
    let today = store.recent_calls(ExchangeId(i64::MAX), beijing_day(now)).await?.rows;
    let newest =
        opened.quotas.into_iter().filter(|(of, _, _)| *of == account).map(|(_, at, quota)| (at, quota));
    let quota_left = quota_left(newest_quota(&today, &account), newest.last(), now);
    let was_answered = |line: &&LogEntry| {
        let is_live = line.reuses.is_none() && line.lease.is_none();
        is_live && line.is_of(&account) && line.summary.stage == RequestStage::Answered
    };
    let durations = opened.lines.iter().filter(was_answered).map(|line| line.total).collect();
    let block = opened.blocks.into_iter().find(|block| block.is_of(&account));
    Ok(PlanFacts { quota_left, block, durations, ..PlanFacts::default() })
}

/// Returns the calls left today by the day's calls, else by the newest answer: a quota of an earlier day is whole again.
fn quota_left(today: Option<QuotaFact>, newest: Option<(Timestamp, Quota)>, now: Timestamp) -> Option<u64> {
    let earlier = || {
        let (at, quota) = newest?;
        if beijing_day(at) < beijing_day(now) { quota.max } else { quota.left() }
    };
    today.map(QuotaFact::left).or_else(earlier)
}

/// Returns what is done with each of these lines.
pub(super) async fn states(
    session: &Session,
    lines: &[BatchLine],
    call: &CallSettings,
) -> Result<Vec<LineState>, StoreError> {
    let calls = lines.iter().map(|line| call.item_get(line.id.clone())).collect();
    let (known, now, freshness) = (session.known(calls).await?, Timestamp::now(), session.freshness());
    Ok(known.iter().map(|known| LineState::new(known, &freshness, now)).collect())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use jiff::SignedDuration;
    use rstest::rstest;

    use super::*;
    use crate::batch::{Carry, RateCeilings};
    use crate::fetch::BudgetViolation;
    use crate::policy::{GuardViolation, day_end};

    const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

    fn ago(seconds: i64) -> Timestamp {
        NOW - SignedDuration::from_secs(seconds)
    }

    fn settings(concurrency: usize, per_second: Option<f64>) -> BatchSettings {
        let ceilings = RateCeilings { concurrency: NonZeroUsize::new(concurrency).unwrap(), per_second };
        BatchSettings::new(CallSettings::default(), ceilings)
    }

    fn to_buy(count: u64) -> BatchPlan {
        BatchPlan { to_buy: count, ..BatchPlan::default() }
    }

    #[rstest]
    #[case(None, None, LineState::ToBuy)]
    #[case(Some((60, true)), None, LineState::Stored)]
    #[case(Some((3_600, false)), None, LineState::ToBuy)]
    #[case(Some((100_000, true)), None, LineState::ToBuy)]
    #[case(None, Some(60), LineState::InDoubt { since: ago(60) })]
    #[case(Some((100_000, true)), Some(60), LineState::InDoubt { since: ago(60) })]
    #[case(Some((60, true)), Some(30), LineState::Stored)]
    #[case(None, Some(100_000), LineState::ToBuy)]
    fn a_line_is_read_where_it_is_fresh_and_left_where_it_may_have_been_billed(
        #[case] answered: Option<(i64, bool)>,
        #[case] unknown: Option<i64>,
        #[case] expected: LineState,
    ) {
        let answered = answered.map(|(seconds, is_item)| (ago(seconds), is_item));
        let known = KnownAnswer { answered, unknown_at: unknown.map(ago) };
        assert_eq!(LineState::new(&known, &Freshness::default(), NOW), expected);
    }

    #[rstest]
    #[case(Duration::ZERO, 60, true)]
    #[case(Duration::from_secs(600), 86_399, true)]
    #[case(Duration::from_secs(600), 86_400, false)]
    #[case(Duration::from_secs(7 * 86_400), 100_000, true)]
    fn a_doubt_lasts_a_day_however_short_answers_are_fresh(
        #[case] item: Duration,
        #[case] seconds: i64,
        #[case] is_in_doubt: bool,
    ) {
        let known = KnownAnswer { answered: None, unknown_at: Some(ago(seconds)) };
        let state = LineState::new(&known, &Freshness { item, ..Freshness::default() }, NOW);
        assert_eq!(matches!(state, LineState::InDoubt { .. }), is_in_doubt, "{state:?}");
    }

    #[test]
    fn a_plan_counts_lines_and_names_time_quota_and_price() {
        let line = |number| BatchLine { number, id: "610947572360".parse().unwrap(), columns: Vec::new() };
        let mut plan = BatchPlan::default();
        plan.add(&line(1), LineState::Stored, true);
        for number in 2..=11 {
            plan.add(&line(number), LineState::ToBuy, false);
        }
        plan.add(&line(12), LineState::InDoubt { since: ago(9) }, false);
        let facts = PlanFacts {
            quota_left: Some(7),
            block: None,
            durations: [9, 2, 3].map(Duration::from_secs).to_vec(),
            price: "0.02".parse().ok(),
            allowed: AllowedCalls { calls: 10, refusal: None },
        };
        let planned = plan.clone().estimated(&facts, &settings(4, None), NOW);
        assert_eq!((planned.stored, planned.to_buy, planned.in_doubt.len()), (1, 10, 1));
        assert_eq!((planned.quota_left, planned.over_quota()), (Some(7), 3));
        assert_eq!(planned.time, Some(Duration::from_secs(9)));
        assert_eq!(planned.cost.unwrap().to_string(), "0.20");
        let paced = plan.clone().estimated(&facts, &settings(4, Some(0.5)), NOW);
        assert_eq!(paced.time, Some(Duration::from_secs(20)));
        let unknown = plan.estimated(&PlanFacts::default(), &settings(4, None), NOW);
        assert_eq!((unknown.time, unknown.cost, unknown.quota_left), (None, None, None));
    }

    #[test]
    fn what_is_refused_now_is_sent_only_where_the_batch_waits_for_it() {
        let cap = NotSent::Guarded(GuardViolation::Cap { cap: 3, used: 3 });
        let limit = NotSent::OverBudget(BudgetViolation::Calls { max_calls: 3 });
        let (midnight, before) = (day_end(NOW), Some(NOW + SignedDuration::from_secs(1)));
        for (refusal, carry, to_send, goes_on_at) in [
            (&cap, None, 3, None),
            (&cap, Some(Carry { until: None }), 10, Some(midnight)),
            (&cap, Some(Carry { until: before }), 3, None),
            (&limit, Some(Carry { until: None }), 3, None),
        ] {
            let allowed = AllowedCalls { calls: 3, refusal: Some(refusal.clone()) };
            let durations = vec![Duration::from_secs(1)];
            let facts = PlanFacts { price: "0.02".parse().ok(), allowed, durations, ..PlanFacts::default() };
            let plan = to_buy(10).estimated(&facts, &BatchSettings { carry, ..settings(1, None) }, NOW);
            assert_eq!((plan.to_send(), plan.goes_on_at), (to_send, goes_on_at), "{refusal:?} {carry:?}");
            assert_eq!(plan.time, Some(Duration::from_secs(to_send)));
            assert_eq!(plan.cost.unwrap().to_string(), "0.20");
            assert_eq!(plan.allowed_cost.unwrap().to_string(), "0.06");
            assert_eq!(plan.stopped_by(), goes_on_at.is_none().then_some(refusal));
        }
        let allowed = AllowedCalls { calls: 0, refusal: Some(NotSent::Offline) };
        let offline =
            to_buy(1).estimated(&PlanFacts { allowed, ..PlanFacts::default() }, &settings(1, None), NOW);
        assert_eq!((offline.to_send(), offline.stopped_by()), (0, None));
    }

    #[test]
    fn yesterdays_quota_is_whole_again() {
        let newest = Some((ago(100_000), Quota::parse("today:93 max:100")));
        assert_eq!(quota_left(None, newest, NOW), Some(100));
    }
}
