//! The calculation of the columns of `[price]` for an answer.

use std::sync::Arc;

use super::Held;
use obx_core::i18n::Texts;
use obx_core::price::{PriceColumn, PriceSettings};

/// A calculation. It replaces the one before.
#[derive(Clone, Debug)]
pub struct PriceJob {
    /// Identifies the answer.
    pub generation: u64,
    /// The answer.
    pub exchange: Held,
    pub settings: Arc<PriceSettings>,
    /// For messages.
    pub texts: Texts,
}

impl PartialEq for PriceJob {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && self.exchange == other.exchange
    }
}

impl Eq for PriceJob {}

/// The end of a [`PriceJob`].
#[derive(Clone, Debug)]
pub struct Priced {
    /// That of the job.
    pub generation: u64,
    pub columns: Vec<PriceColumn>,
}
