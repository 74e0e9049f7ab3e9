//! Calculates the columns of `[price]` for an answer: each formula in turn, in a process of its own.

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, spawn_blocking};

use super::filter;
use crate::message::{Event, PriceJob, Priced};
use obx_core::price::PriceSettings;
use onebound::Item;

/// The calculation under way, which ends when the next one begins, or with this.
#[derive(Debug, Default)]
pub(super) struct Pricing(Option<AbortHandle>);

impl Pricing {
    pub(super) fn start(&mut self, job: PriceJob, sender: &mpsc::Sender<Event>) {
        let sender = sender.clone();
        let task = tokio::spawn(async move {
            if let Some(priced) = calculate(job).await {
                // The loop may have ended.
                let _ = sender.send(Event::Priced(priced)).await;
            }
        });
        if let Some(before) = self.0.replace(task.abort_handle()) {
            before.abort();
        }
    }
}

impl Drop for Pricing {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// `None` if there is no item.
async fn calculate(job: PriceJob) -> Option<Priced> {
    let PriceJob { generation, exchange, settings, texts } = job;
    let input = move || exchange.0.item().map(|item| (PriceSettings::input(item), Item::sku_count(item)));
    let (text, skus) = spawn_blocking(input).await.ok()??;
    let programs = settings.formulas.iter().map(|formula| settings.program(formula)).collect();
    let outcomes = filter::run_all(text.into(), programs).await;
    let read = move || {
        let all = settings.formulas.iter().zip(outcomes);
        all.map(|(formula, outcome)| settings.column(formula, outcome, skus, texts)).collect()
    };
    let columns = spawn_blocking(read).await.ok()?;
    Some(Priced { generation, columns })
}
