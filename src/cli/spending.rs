//! What a command that calls may spend.

use onebound::{Call, Decimal};

use super::failure::CliFailure;
use obx_core::fetch::{FetchPolicy, MaxCost, RunBudget, RunLimits};

#[derive(clap::Args, Clone, Copy, Debug)]
pub(super) struct SpendingArgs {
    /// Buys also what is fresh in the store, past the vendor's cache.
    #[arg(long)]
    pub(super) fresh: bool,
    #[arg(long, value_name = "N")]
    max_calls: Option<u64>,
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    max_cost: Option<Decimal>,
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn yuan(text: &str) -> Result<Decimal, String> {
    let amount: Decimal = text.parse().map_err(|error: onebound::DecimalError| error.to_string())?;
    if amount.is_negative() { Err("negative".to_owned()) } else { Ok(amount) }
}

impl SpendingArgs {
    /// What may be sent.
    pub(super) fn policy(&self) -> FetchPolicy {
        if self.fresh { FetchPolicy::Refresh } else { FetchPolicy::CacheFirst }
    }

    /// The call as it is sent.
    pub(super) fn call(&self, call: Call) -> Call {
        if self.fresh { call.refreshed() } else { call }
    }

    /// The budget of the run.
    ///
    /// # Errors
    /// A cost without a price per call in the config.
    pub(super) fn budget(&self, price_per_call: Option<Decimal>) -> Result<RunBudget, CliFailure> {
        let max_cost = match (self.max_cost, price_per_call) {
            (Some(yuan), Some(price_per_call)) => Some(MaxCost { yuan, price_per_call }),
            (Some(_), None) => return Err(CliFailure::NoPrice),
            (None, _) => None,
        };
        Ok(RunBudget::new(RunLimits { max_calls: self.max_calls, max_cost }))
    }
}
