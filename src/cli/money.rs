//! What a run has paid: the last line on stderr of every command that could have paid anything.

use serde_json::{Map, Value, json};

use obx_core::fetch::{Fetched, Source};
use obx_core::i18n::Texts;
use onebound::{Billing, Decimal, Quota};

/// What the calls of a run cost, and what is left of the quota.
#[derive(Clone, Debug, Default)]
pub(super) struct MoneySpent {
    billed: u64,
    free: u64,
    /// Sent, and nobody knows whether the vendor counted it.
    unknown: u64,
    /// Answered by the store or by a call of another session: nothing was sent for this run.
    from_store: u64,
    /// In the newest answer.
    quota: Option<Quota>,
    price_per_call: Option<Decimal>,
}

impl MoneySpent {
    /// Nothing yet; the price is that of the config, in yuan.
    pub(super) fn new(price_per_call: Option<&str>) -> Self {
        Self { price_per_call: price_per_call.and_then(|price| price.parse().ok()), ..Self::default() }
    }

    /// Counts a fetch.
    pub(super) fn add(&mut self, fetched: &Fetched) {
        if fetched.source != Source::Live {
            self.from_store += 1;
            return;
        }
        match fetched.exchange.billing() {
            Billing::Billed => self.billed += 1,
            Billing::Free => self.free += 1,
            Billing::Unknown => self.unknown += 1,
        }
        let quota = fetched.exchange.envelope().and_then(|envelope| envelope.quota.clone());
        self.quota = quota.filter(|quota| quota.left().is_some()).or(self.quota.take());
    }

    /// What was billed, in yuan; `None` without a price.
    fn cost(&self) -> Option<Decimal> {
        self.price_per_call?.times(self.billed)
    }

    /// `2 billed · 5 from the store · 1 unknown · 93 of 10000 left`
    pub(super) fn line(&self, texts: Texts) -> String {
        let billed = match self.cost().filter(|_| self.billed > 0) {
            Some(cost) => texts.money_billed_at(self.billed, cost),
            None => texts.money_billed(self.billed),
        };
        let counted = |count: u64, text: String| (count > 0).then_some(text);
        let left = self.quota.as_ref().and_then(|quota| Some((quota.left()?, quota.max?)));
        let parts = [
            Some(billed),
            counted(self.free, texts.money_free(self.free)),
            counted(self.from_store, texts.money_from_store(self.from_store)),
            counted(self.unknown, texts.money_unknown(self.unknown)),
            left.map(|(left, max)| texts.money_left(left, max)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The same as an object, in `money`.
    pub(super) fn to_json(&self) -> Value {
        let mut money = Map::new();
        let mut put = |name: &str, value: Value| drop(money.insert(name.to_owned(), value));
        put("billed", self.billed.into());
        put("free", self.free.into());
        put("from_store", self.from_store.into());
        put("unknown", self.unknown.into());
        put("cost", self.cost().map(|cost| cost.to_string()).into());
        put("left", self.quota.as_ref().and_then(Quota::left).into());
        put("max", self.quota.as_ref().and_then(|quota| quota.max).into());
        json!({ "money": money })
    }
}
