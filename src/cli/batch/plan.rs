//! The plan of a batch as text and as a record.

use serde_json::{Value, json};

use super::super::CliFailure;
use super::super::output::Output;
use super::super::quota::block_json;
use super::list::Survey;
use super::list_history::ListChange;
use crate::ui::measure::clock;
use obx_core::batch::BatchPlan;
use obx_core::i18n::{Describe, Texts};
use obx_core::record::{Schema, SchemaField, ValueKind};

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
}

impl ListPlan {
    pub(super) fn new(plan: BatchPlan, survey: &Survey<'_>, retries_unknown: bool, is_offline: bool) -> Self {
        let (invalid, duplicates) = (survey.invalid, survey.duplicates);
        Self { plan, invalid, duplicates, change: None, retries_unknown, is_offline }
    }

    /// The same for a list that has changed since its batch was last started.
    #[must_use]
    pub(super) fn changed(self, change: Option<ListChange>) -> Self {
        Self { change, ..self }
    }

    /// Number of lines with an ID.
    pub(super) fn count(&self) -> u64 {
        let left_alone = if self.retries_unknown { 0 } else { self.plan.in_doubt.len() as u64 };
        self.plan.stored + self.plan.to_buy + left_alone
    }

    pub(super) fn to_buy(&self) -> u64 {
        self.plan.to_buy
    }

    pub(super) fn question(&self, texts: Texts) -> String {
        match self.plan.cost {
            Some(cost) => texts.batch_question_at(self.plan.to_buy, cost),
            None => texts.batch_question(self.plan.to_buy),
        }
    }

    /// `40 lines: 12 from the store, 28 to buy`, and what that takes.
    pub(super) fn lines(&self, texts: Texts) -> Vec<String> {
        let plan = &self.plan;
        let mut lines = vec![texts.batch_plan(self.count(), plan.stored, plan.to_buy)];
        if self.is_offline {
            lines.push(texts.batch_plan_offline().to_owned());
        } else if plan.to_buy > 0 {
            let cost = plan.cost.map(|cost| texts.batch_plan_cost(cost));
            let parts = [
                Some(cost.unwrap_or_else(|| texts.batch_plan_no_price().to_owned())),
                plan.time.map(|time| texts.batch_plan_time(clock(time))),
                plan.quota_left.filter(|_| plan.block.is_none()).map(|left| texts.batch_plan_quota(left)),
                Some(plan.over_quota()).filter(|over| *over > 0).map(|over| texts.batch_plan_over(over)),
            ];
            lines.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
            lines.extend(plan.block.as_ref().map(|block| block.describe(texts)));
        }
        if !plan.in_doubt.is_empty() {
            lines.push(texts.batch_plan_doubt(plan.in_doubt.len()));
            let listed = plan.in_doubt.iter().take(LISTED);
            lines.extend(listed.map(|line| {
                let number = texts.batch_line(line.number);
                format!("  {}", texts.named(number, format_args!("{}  {}", line.id, minute(line.since))))
            }));
        }
        lines
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
    use ValueKind::{Decimal, Integer, Json, Time};
    let doubtful = |plan: &ListPlan| {
        let lines = plan.plan.in_doubt.iter();
        let object = |(number, id, since)| json!({ "line": number, "num_iid": id, "since": since });
        lines.map(|line| object((line.number, line.id.as_str(), line.since.to_string()))).collect()
    };
    Schema::new(
        "batch_plan",
        1,
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
        ],
    )
}

/// A time for people, with its zone.
pub(super) fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
