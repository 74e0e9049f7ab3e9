//! `--dry-run`: what a command would send, by the guards that decide when it does.

use std::sync::PoisonError;

use jiff::Timestamp;
use serde_json::json;

use super::Run;
use crate::cli::output::Output;
use crate::cli::{CliFailure, ExitCode, say_json};
use obx_core::config::Access;
use obx_core::fetch::{FetchPolicy, NotSent, PlannedFetch};
use obx_core::i18n::{Describe, Texts};
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::{Call, Decimal, Host};

/// A call that would be made, or several of which only the number is known.
#[derive(Debug)]
pub(in crate::cli) struct PlannedCall {
    subject: String,
    from: PlannedFrom,
    /// The most that would be sent.
    calls: u64,
    /// What they cost at most.
    cost: Option<Decimal>,
    url: Option<String>,
    /// When an earlier call for it was sent that is in doubt.
    in_doubt: Option<Timestamp>,
    reason: Option<String>,
}

/// Where the answer would be from.
#[derive(Clone, Copy, Debug)]
enum PlannedFrom {
    Store,
    Call,
    Nothing,
}

/// What is planned so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PlanTotals {
    calls: u64,
    from_store: u64,
    refused: u64,
}

/// The fields of a planned call.
pub(in crate::cli) fn schema() -> Schema<PlannedCall> {
    use ValueKind::{Decimal, Integer, Text, Time};
    Schema::new(
        "planned_call",
        1,
        vec![
            SchemaField::new("subject", Text, Texts::plan_field_subject, |plan: &PlannedCall| {
                Some(plan.subject.clone().into())
            }),
            SchemaField::new("from", Text, Texts::plan_field_from, |plan: &PlannedCall| {
                Some(plan.from.as_str().into())
            }),
            SchemaField::new("calls", Integer, Texts::plan_field_calls, |plan: &PlannedCall| {
                Some(plan.calls.into())
            }),
            SchemaField::new("cost", Decimal, Texts::batch_field_cost, |plan: &PlannedCall| {
                Some(plan.cost.map(|cost| cost.to_string()).into())
            })
            .measured("CNY", ""),
            SchemaField::new("url", Text, Texts::plan_field_url, |plan: &PlannedCall| {
                Some(plan.url.clone().into())
            }),
            SchemaField::new("in_doubt", Time, Texts::plan_field_in_doubt, |plan: &PlannedCall| {
                Some(plan.in_doubt.map(|since| since.to_string()).into())
            }),
            SchemaField::new("reason", Text, Texts::plan_field_reason, |plan: &PlannedCall| {
                Some(plan.reason.clone().into())
            }),
        ],
    )
}

impl PlannedFrom {
    fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Call => "call",
            Self::Nothing => "nothing",
        }
    }
}

impl Run {
    /// Says what would be sent in place of sending it, and what it may cost; returns the code that this would end with.
    pub(in crate::cli) async fn plan(
        &self,
        call: &Call,
        policy: FetchPolicy,
        out: &mut Output,
    ) -> Result<ExitCode, CliFailure> {
        let (subject, texts) = (call.subject().to_string(), self.texts);
        let planned = PlannedCall {
            subject,
            from: PlannedFrom::Store,
            calls: 0,
            cost: None,
            url: None,
            in_doubt: None,
            reason: None,
        };
        match self.session.plan(call, policy, self.planned_totals().calls).await {
            PlannedFetch::Stored(_) => {
                let text = texts.plan_from_store(&planned.subject);
                self.put(&planned, &text, out)?;
            }
            PlannedFetch::Sent { host, in_doubt } => {
                let (address, cost) = (self.address(call, &host), self.cost(1));
                let text = match cost {
                    Some(cost) => texts.plan_call_at(&planned.subject, cost, &address),
                    None => texts.plan_call(&planned.subject, &address),
                };
                let from = PlannedFrom::Call;
                self.note_doubt(&planned.subject, in_doubt);
                let call = PlannedCall { from, calls: 1, cost, url: Some(address), in_doubt, ..planned };
                self.put(&call, &text, out)?;
            }
            PlannedFetch::NotSent(reason) => return self.put_refused(planned, &reason, out),
        }
        Ok(ExitCode::Ok)
    }

    /// Says that up to so many further calls would be made, as a text that says so of a number.
    pub(in crate::cli) async fn plan_more(
        &self,
        subject: &str,
        calls: u64,
        text: impl Fn(u64, Option<Decimal>) -> String,
        out: &mut Output,
    ) -> Result<(), CliFailure> {
        let calls = self.session.allowed(calls, self.planned_totals().calls).await.calls;
        let (from, cost) = (PlannedFrom::Call, self.cost(calls));
        let planned = PlannedCall {
            subject: subject.to_owned(),
            from,
            calls,
            cost,
            url: None,
            in_doubt: None,
            reason: None,
        };
        self.put(&planned, &text(calls, cost), out)
    }

    fn put_refused(
        &self,
        planned: PlannedCall,
        reason: &NotSent,
        out: &mut Output,
    ) -> Result<ExitCode, CliFailure> {
        let message = reason.describe(self.texts);
        let text = self.texts.named(&planned.subject, &message);
        self.put(&PlannedCall { from: PlannedFrom::Nothing, reason: Some(message), ..planned }, &text, out)?;
        Ok(ExitCode::from_not_sent(reason))
    }

    fn put(&self, planned: &PlannedCall, text: &str, out: &mut Output) -> Result<(), CliFailure> {
        {
            let mut totals = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
            totals.calls += planned.calls;
            totals.from_store += u64::from(matches!(planned.from, PlannedFrom::Store));
            totals.refused += u64::from(matches!(planned.from, PlannedFrom::Nothing));
        }
        if self.is_json {
            let schema = schema();
            return out.json(&schema.to_json(planned, &schema.all()).to_string());
        }
        out.line(text)
    }

    /// Notes that a call may be billed as well as an earlier one, of which nobody has learnt how it ended.
    pub(super) fn note_doubt(&self, subject: &str, in_doubt: Option<Timestamp>) {
        if let Some(since) = in_doubt {
            self.note(&self.texts.bought_in_doubt(subject, self.times.text(since)));
        }
    }

    fn planned_totals(&self) -> PlanTotals {
        *self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address that would be asked. In DEMO it is that of no host.
    fn address(&self, call: &Call, host: &Host) -> String {
        let address = call.masked_address(host);
        match self.config.access {
            Access::Demo => address.replacen(&host.to_string(), self.texts.demo_host(), 1),
            _ => address,
        }
    }

    /// Says what all that was planned may cost, where that is more than one thing.
    pub(super) fn say_plan(&self) {
        let PlanTotals { calls, from_store, refused } = self.planned_totals();
        if self.is_quiet || calls + from_store + refused < 2 {
            return;
        }
        let cost = self.cost(calls);
        if self.is_json {
            let cost = cost.map(|cost| cost.to_string());
            let totals =
                json!({ "calls": calls, "from_store": from_store, "refused": refused, "cost": cost });
            say_json(&json!({ "plan": totals }));
            return;
        }
        self.note(&match cost {
            Some(cost) => self.texts.plan_total_at(calls, cost),
            None => self.texts.plan_total(calls),
        });
    }
}
