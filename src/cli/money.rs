//! What a run has paid: the last line on stderr of every command that could have paid anything.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use obx_core::fetch::{Fetched, Source};
use obx_core::i18n::Texts;
use obx_core::policy::beijing_day;
use onebound::{Billing, Decimal, Quota, RequestStage};

/// What the calls of a run cost, and what is left of the quota: the last line on stderr.
#[derive(Clone, Debug, Default)]
pub(super) struct MoneyLine {
    billed: u64,
    free: u64,
    /// Sent, and nobody knows whether the vendor counted it.
    unknown: u64,
    /// Answered by the store or by a call of another session: nothing was sent for this run.
    from_store: u64,
    /// Calls that may be billed as well as an earlier one: their subjects, and when that one was sent.
    in_doubt: Vec<(String, Timestamp)>,
    /// By the answers of the last day in Beijing that one is of, and that day.
    quota: Option<(i64, Quota)>,
    /// Calls since the last answer with a count that were billed or may have been.
    spent_since: u64,
    price_per_call: Option<Decimal>,
    /// The emulator counts, and no money is spent.
    is_demo: bool,
}

impl MoneyLine {
    /// Nothing yet; the price is that of the config, in yuan.
    pub(super) fn new(price_per_call: Option<Decimal>, is_demo: bool) -> Self {
        Self { price_per_call, is_demo, ..Self::default() }
    }

    /// Counts a fetch.
    pub(super) fn add(&mut self, fetched: &Fetched) {
        if fetched.source != Source::Live {
            self.from_store += 1;
            return;
        }
        // A call that an interrupt ended before it was sent is none.
        if fetched.exchange.stage == RequestStage::NothingSent {
            return;
        }
        let subject = || fetched.exchange.call.subject().to_string();
        self.in_doubt.extend(fetched.in_doubt.map(|since| (subject(), since)));
        match fetched.exchange.billing() {
            Billing::Billed => self.billed += 1,
            Billing::Free => self.free += 1,
            Billing::Unknown => self.unknown += 1,
        }
        self.spent_since += u64::from(fetched.exchange.billing() != Billing::Free);
        let quota = fetched.exchange.envelope().and_then(|envelope| envelope.quota.clone());
        if let Some(quota) = quota.filter(|quota| quota.left().is_some()) {
            self.learn_quota(beijing_day(fetched.exchange.ended_at()), quota);
        }
    }

    /// Counts calls that were sent and whose end the run did not see.
    pub(super) fn add_given_up(&mut self, calls: usize) {
        self.unknown += calls as u64;
        self.spent_since += calls as u64;
    }

    /// Answers of calls side by side come in any order: of one day, the least that is left holds. What was sent before an
    /// answer is in its count.
    fn learn_quota(&mut self, day: i64, quota: Quota) {
        if self.quota.as_ref().is_none_or(|(known_day, _)| *known_day <= day) {
            self.spent_since = 0;
        }
        let is_older = |(known_day, known): &(i64, Quota)| {
            (*known_day, std::cmp::Reverse(known.left())) < (day, std::cmp::Reverse(quota.left()))
        };
        if self.quota.as_ref().is_none_or(is_older) {
            self.quota = Some((day, quota));
        }
    }

    /// As `obx quota` counts: each call since the newest count may have been billed.
    fn left(&self) -> Option<u64> {
        Some(self.quota.as_ref()?.1.left()?.saturating_sub(self.spent_since))
    }

    fn max(&self) -> Option<u64> {
        self.quota.as_ref()?.1.max
    }

    /// What was billed, in yuan; `None` without a price and in DEMO.
    fn cost(&self) -> Option<Decimal> {
        self.price_per_call.filter(|_| !self.is_demo)?.times(self.billed)
    }

    /// `2 billed · 5 from the store · 1 unknown · 93 of 10000 left`
    pub(super) fn line(&self, texts: Texts) -> String {
        let billed = match self.cost().filter(|_| self.billed > 0) {
            Some(cost) => texts.money_billed_at(self.billed, cost),
            None => texts.money_billed(self.billed),
        };
        let counted = |count: u64, text: String| (count > 0).then_some(text);
        let left = self.left().zip(self.max());
        let parts = [
            Some(billed),
            counted(self.free, texts.money_free(self.free)),
            counted(self.from_store, texts.money_from_store(self.from_store)),
            counted(self.unknown, texts.money_unknown(self.unknown)),
            left.map(|(left, max)| texts.money_left(left, max)),
        ];
        let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if self.is_demo { texts.money_demo(line) } else { line }
    }

    /// The same as an object, in `money`.
    pub(super) fn to_json(&self) -> Value {
        let mut money = Map::new();
        let mut put = |name: &str, value: Value| drop(money.insert(name.to_owned(), value));
        put("demo", self.is_demo.into());
        put("billed", self.billed.into());
        put("free", self.free.into());
        put("from_store", self.from_store.into());
        put("unknown", self.unknown.into());
        put("cost", self.cost().map(|cost| cost.to_string()).into());
        put("left", self.left().into());
        put("max", self.max().into());
        let in_doubt = self.in_doubt.iter();
        let in_doubt =
            in_doubt.map(|(subject, since)| json!({ "subject": subject, "since": since.to_string() }));
        put("in_doubt", in_doubt.collect());
        json!({ "money": money })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_day_the_least_holds_and_a_new_day_begins_again() {
        let mut money = MoneyLine::default();
        for (day, today, left) in [(1, 5, 95), (1, 7, 93), (1, 6, 93), (2, 1, 99), (1, 8, 99)] {
            money.learn_quota(day, Quota { today: Some(today), max: Some(100), ..Quota::default() });
            assert_eq!(money.left(), Some(left), "day {day}, {today} used");
        }
    }

    #[test]
    fn calls_without_an_outcome_are_not_among_those_left() {
        let mut money = MoneyLine::default();
        let count = |today| Quota { today: Some(today), max: Some(200), ..Quota::default() };
        money.learn_quota(1, count(41));
        money.add_given_up(3);
        assert_eq!(money.left(), Some(156));
        money.learn_quota(1, count(45));
        assert_eq!(money.left(), Some(155), "the vendor has counted them by now");
    }
}
