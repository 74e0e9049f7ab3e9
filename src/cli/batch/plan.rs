//! The plan of a batch as text and as a record.

use serde_json::{Value, json};

use super::super::output::Output;
use super::super::quota::block_json;
use super::super::{CliFailure, ExitCode};
use super::Run;
use super::list::ListAnalysis;
use super::list_history::ListChange;
use crate::ui::measure::clock;
use obx_core::batch::{BatchPlan, StopReason};
use obx_core::fetch::{BudgetViolation, NotSent};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::session::Session;

/// Number of lines in doubt that are listed to people.
const LISTED: usize = 20;

/// What the batch of a list would do.
#[derive(Clone, Debug)]
pub(super) struct ListPlan {
    plan: BatchPlan,
    invalid: u64,
    duplicates: u64,
    change: Option<ListChange>,
    retries_unknown: bool,
    is_offline: bool,
    texts: Texts,
}

impl ListPlan {
    pub(super) fn new(
        plan: BatchPlan,
        analysis: &ListAnalysis<'_>,
        retries_unknown: bool,
        run: &Run,
    ) -> Self {
        let (invalid, duplicates) = (analysis.invalid, analysis.duplicates);
        let (is_offline, texts) = (run.config.offline, run.texts);
        Self { plan, invalid, duplicates, change: None, retries_unknown, is_offline, texts }
    }

    /// The same for a list that has changed since its batch was last started.
    #[must_use]
    pub(super) fn changed(self, change: Option<ListChange>) -> Self {
        Self { change, ..self }
    }

    pub(super) fn batch(&self) -> &BatchPlan {
        &self.plan
    }

    /// Number of lines with an ID.
    pub(super) fn count(&self) -> u64 {
        self.plan.lines(self.retries_unknown)
    }

    pub(super) fn to_buy(&self) -> u64 {
        self.plan.to_buy
    }

    /// Number of calls that the batch would send.
    pub(super) fn to_send(&self) -> u64 {
        self.plan.to_send()
    }

    pub(super) fn question(&self, texts: Texts) -> String {
        let (count, all) = (self.plan.to_send(), self.plan.to_buy);
        match self.plan.cost_to_send() {
            Some(cost) if count < all => texts.batch_question_part_at(count, all, cost),
            None if count < all => texts.batch_question_part(count, all),
            Some(cost) => texts.batch_question_at(count, cost),
            None => texts.batch_question(count),
        }
    }

    /// The code with which the batch would end.
    pub(super) fn code(&self) -> ExitCode {
        if let Some(refusal) = self.plan.stopped_by() {
            return ExitCode::from_not_sent(refusal);
        }
        let is_left_alone = !self.retries_unknown && !self.plan.in_doubt.is_empty();
        let is_not_stored = self.is_offline && self.plan.to_buy > 0;
        if self.invalid > 0 || is_left_alone || is_not_stored { ExitCode::SomeFailed } else { ExitCode::Ok }
    }

    /// Why a batch ended. Where what was confirmed is used up, a limit or guard that refuses other calls as well says more;
    /// where nothing was asked, since no call was allowed, the one that allowed none.
    pub(super) async fn end_reason(&self, reason: StopReason, session: &Session) -> StopReason {
        let StopReason::Refused(NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed })) = reason
        else {
            return reason;
        };
        let refusal = session.allowed(1, 0).await.refusal;
        let planned = self.plan.stopped_by().filter(|_| confirmed == 0).cloned();
        refusal.or(planned).map_or(reason, StopReason::Refused)
    }

    /// What [`ListPlan::summary`] says, and which lines are in doubt.
    fn lines(&self, texts: Texts) -> Vec<String> {
        let listed = self.plan.in_doubt.iter().take(LISTED).map(|line| {
            let number = texts.batch_line(line.number);
            format!("  {}", texts.named(number, format_args!("{}  {}", line.id, minute(line.since))))
        });
        self.summary(texts).into_iter().chain(listed).collect()
    }

    /// `40 lines: 12 from the store, 28 to buy`, and what that takes. The batch that follows reports its lines in doubt.
    pub(super) fn summary(&self, texts: Texts) -> Vec<String> {
        let plan = &self.plan;
        let mut lines = vec![texts.batch_plan(self.count(), plan.stored, plan.to_buy)];
        if self.is_offline {
            lines.push(texts.batch_plan_offline().to_owned());
        } else if plan.to_buy > 0 {
            let (count, all) = (plan.to_send(), plan.to_buy);
            let cost = plan.cost_to_send().map(|cost| texts.batch_plan_cost(cost));
            let parts = [
                (count < all).then(|| texts.batch_plan_allowed(count, all)),
                Some(cost.unwrap_or_else(|| texts.batch_plan_no_price().to_owned())).filter(|_| count > 0),
                plan.time.filter(|_| count > 0).map(|time| texts.batch_plan_time(clock(time))),
                plan.quota_left.filter(|_| plan.block.is_none()).map(|left| texts.batch_plan_quota(left)),
                Some(plan.over_quota()).filter(|over| *over > 0).map(|over| texts.batch_plan_over(over)),
            ];
            lines.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
            lines.extend(self.refusal(texts));
        }
        match plan.in_doubt.len() {
            0 => {}
            count if self.retries_unknown => lines.push(texts.batch_plan_doubt_bought(count)),
            count => lines.push(texts.batch_plan_doubt(count)),
        }
        lines
    }

    /// What becomes of the calls that are refused now.
    fn refusal(&self, texts: Texts) -> Option<String> {
        let allowed = &self.plan.allowed;
        let why = allowed.refusal.as_ref()?.reason(texts);
        Some(match self.plan.goes_on_at {
            Some(at) => texts.batch_plan_goes_on(allowed.calls, minute(at), beijing_clock(at), why),
            None if allowed.calls > 0 => texts.batch_plan_stops(why),
            None => texts.batch_plan_refused(why),
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let schema = schema();
        json!({ "plan": schema.to_json(self, &schema.all()) })
    }

    /// Prints it on stdout.
    pub(super) fn print(&self, out: &mut Output, is_record: bool, texts: Texts) -> Result<(), CliFailure> {
        if is_record {
            let schema = schema();
            let mut records = out.records(&schema)?;
            out.record(&mut records, self)?;
        } else {
            self.lines(texts).iter().try_for_each(|line| out.line(line))?;
        }
        out.flush()
    }
}

/// The plan's fields.
pub(super) fn schema() -> Schema<ListPlan> {
    let fields = line_fields().into_iter().chain(call_fields()).chain(change_fields());
    Schema::new("batch_plan", 1, fields.collect())
}

/// What the lines of the list are.
fn line_fields() -> Vec<SchemaField<ListPlan>> {
    use ValueKind::{Integer, Json};
    let doubtful = |plan: &ListPlan| {
        let lines = plan.plan.in_doubt.iter();
        let object = |(number, id, since)| json!({ "line": number, "num_iid": id, "since": since });
        lines.map(|line| object((line.number, line.id.as_str(), line.since.to_string()))).collect()
    };
    vec![
        SchemaField::new("lines", Integer, Texts::batch_field_lines, |plan: &ListPlan| {
            Some(plan.count().into())
        }),
        SchemaField::new("from_store", Integer, Texts::batch_field_from_store, |plan: &ListPlan| {
            Some(plan.plan.stored.into())
        }),
        SchemaField::new("to_buy", Integer, Texts::batch_field_to_buy, |plan: &ListPlan| {
            Some(plan.plan.to_buy.into())
        }),
        SchemaField::new("in_doubt", Json, Texts::batch_field_in_doubt, move |plan: &ListPlan| {
            Some(Value::Array(doubtful(plan)))
        }),
        SchemaField::new("invalid", Integer, Texts::batch_field_invalid, |plan: &ListPlan| {
            Some(plan.invalid.into())
        }),
        SchemaField::new("duplicates", Integer, Texts::batch_field_duplicates, |plan: &ListPlan| {
            Some(plan.duplicates.into())
        }),
    ]
}

/// What the calls need, and what is allowed of them.
fn call_fields() -> Vec<SchemaField<ListPlan>> {
    use ValueKind::{Decimal, Integer, Json, Text, Time};
    vec![
        SchemaField::new("quota_left", Integer, Texts::batch_field_quota_left, |plan: &ListPlan| {
            Some(plan.plan.quota_left.into())
        }),
        SchemaField::new("blocked", Json, Texts::batch_field_blocked, |plan: &ListPlan| {
            Some(block_json(plan.plan.block.as_ref()))
        }),
        SchemaField::new("over_quota", Integer, Texts::batch_field_over_quota, |plan: &ListPlan| {
            Some(plan.plan.over_quota().into())
        }),
        SchemaField::new("seconds", Integer, Texts::batch_field_seconds, |plan: &ListPlan| {
            Some(plan.plan.time.map(|time| time.as_secs()).into())
        }),
        SchemaField::new("cost", Decimal, Texts::batch_field_cost, |plan: &ListPlan| {
            Some(plan.plan.cost.map(|cost| cost.to_string()).into())
        })
        .measured("CNY", ""),
        SchemaField::new("allowed", Integer, Texts::batch_field_allowed, |plan: &ListPlan| {
            Some(plan.plan.allowed.calls.into())
        }),
        SchemaField::new("allowed_cost", Decimal, Texts::batch_field_allowed_cost, |plan: &ListPlan| {
            Some(plan.plan.allowed_cost.map(|cost| cost.to_string()).into())
        })
        .measured("CNY", ""),
        SchemaField::new("refusal", Text, Texts::batch_field_refusal, |plan: &ListPlan| {
            let refusal = plan.plan.allowed.refusal.as_ref();
            Some(refusal.map(|refusal| refusal.reason(plan.texts)).into())
        }),
        SchemaField::new("goes_on_at", Time, Texts::batch_field_goes_on_at, |plan: &ListPlan| {
            Some(plan.plan.goes_on_at.map(|at| at.to_string()).into())
        }),
    ]
}

/// How the list has changed since its batch was last started.
fn change_fields() -> Vec<SchemaField<ListPlan>> {
    use ValueKind::{Integer, Time};
    vec![
        SchemaField::new("changed_since", Time, Texts::batch_field_changed_since, |plan: &ListPlan| {
            Some(plan.change.map(|change| change.since.to_string()).into())
        }),
        SchemaField::new("lines_before", Integer, Texts::batch_field_lines_before, |plan: &ListPlan| {
            Some(plan.change.map(|change| change.lines_before).into())
        }),
        SchemaField::new("added", Integer, Texts::batch_field_added, |plan: &ListPlan| {
            Some(plan.change.and_then(|change| change.items).map(|(added, _)| added).into())
        }),
        SchemaField::new("removed", Integer, Texts::batch_field_removed, |plan: &ListPlan| {
            Some(plan.change.and_then(|change| change.items).map(|(_, removed)| removed).into())
        }),
    ]
}

/// A time for people, with its zone.
pub(super) fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The same moment's time of day in Beijing.
pub(super) fn beijing_clock(at: jiff::Timestamp) -> String {
    onebound::BEIJING.to_datetime(at).strftime("%H:%M").to_string()
}
