//! The columns of `[price]` for the answer on the screen.

use std::sync::Arc;

use super::Model;
use crate::message::{Effect, Held, Notice, PriceJob, Priced};
use obx_core::price::PriceColumn;
use onebound::Item;

/// The columns, and what they are of.
#[derive(Clone, Debug, Default)]
pub struct PriceColumns {
    columns: Arc<[Arc<PriceColumn>]>,
    /// The generation of the answer that they were requested for.
    requested_for: Option<u64>,
    /// Changes whenever the columns do.
    revision: u64,
}

impl PriceColumns {
    /// In the order of the config file; their cells are awaited until they are calculated.
    pub fn all(&self) -> &Arc<[Arc<PriceColumn>]> {
        &self.columns
    }

    /// Changes whenever the columns do.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn set(&mut self, columns: Vec<PriceColumn>) {
        self.columns = columns.into_iter().map(Arc::new).collect();
        self.revision += 1;
    }
}

impl Model {
    /// Requests the columns for the answer on the screen, once each time that an answer is shown; `None` if there are
    /// no formulas or no SKUs.
    pub fn calculate_prices(&mut self) -> Option<Effect> {
        let generation = self.generation();
        if self.session.price.is_empty() || self.prices.requested_for == Some(generation) {
            return None;
        }
        self.prices.requested_for = Some(generation);
        let settings = Arc::clone(&self.session.price);
        self.prices.set(settings.awaited());
        let shown = self.shown.as_ref().filter(|_| self.item().is_some_and(|item| item.sku_count() > 0))?;
        let exchange = Held(Arc::clone(&shown.exchange));
        Some(Effect::CalculatePrices(PriceJob { generation, exchange, settings, texts: self.texts }))
    }

    /// Takes in calculated columns, unless another answer is shown by now. The first failure is reported.
    pub fn apply_prices(&mut self, priced: Priced) {
        if priced.generation != self.generation() {
            return;
        }
        let all = self.item().map_or(0, Item::sku_count);
        let failed = priced.columns.iter().find_map(|column| Some((column.title.clone(), column.failure()?)));
        if let Some((title, (_, why, count))) = failed {
            self.add_alert(Notice::alert(self.texts.price_failed(title, why, count, all)).with_hints());
        }
        self.prices.set(priced.columns);
    }
}
