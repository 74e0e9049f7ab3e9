//! What a filter of the log can name: the columns of the table, and parts of what their cells say.

use std::time::Duration;

use super::rows::{RequestRow, RowContext, has_unknown_end};
use crate::model::request_log::Mark;
use crate::ui::filter::{ColumnKind, FilterColumn, FilterColumns, amount};
use crate::ui::measure;
use crate::ui::rows::Totals;
use obx_core::i18n::{Language, Texts};
use onebound::Price;

/// The column that an operator without a column means: `>2s`.
const SECONDS: usize = 6;
const COST: usize = 4;
/// The same as seconds, as scripts write it: `ms>2000`.
const MILLISECONDS: usize = 11;
/// Who asked, in a store that several people share.
pub(super) const ASKED_BY: usize = 8;
/// A call under way has only the columns before it.
const QUOTA: usize = 3;
/// The columns that have totals.
pub(super) const TOTALLED: [usize; 2] = [COST, SECONDS];

/// The columns, those of the table first and in their order.
pub(super) fn filter_columns() -> FilterColumns {
    let [en, zh] = [Language::En, Language::Zh].map(Texts::new);
    let column = |name: &str, aliases: &[&str], kind| FilterColumn {
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| alias.to_lowercase()).collect(),
        kind,
        values: Vec::new(),
    };
    let columns = vec![
        column("time", &[zh.column_time()], ColumnKind::Time),
        column("id", &[en.column_item(), zh.column_item()], ColumnKind::Text),
        column("outcome", &[zh.column_outcome()], ColumnKind::Text),
        column("quota", &[zh.column_quota()], ColumnKind::Amount),
        FilterColumn {
            values: Mark::ALL.into_iter().flat_map(cost_names).filter(|name| !name.is_empty()).collect(),
            ..column("cost", &[zh.column_cost(), "billed"], ColumnKind::Text)
        },
        column("api_seconds", &[zh.column_api_seconds()], ColumnKind::Duration),
        column("seconds", &[zh.column_total_seconds()], ColumnKind::Duration),
        column("bytes", &[en.column_size(), zh.column_size()], ColumnKind::Bytes),
        column("asked_by", &[zh.filter_column_asked_by()], ColumnKind::Text),
        column("code", &[zh.filter_column_code()], ColumnKind::Text),
        column("host", &[zh.filter_column_host()], ColumnKind::Text),
        column("ms", &[zh.filter_column_ms()], ColumnKind::Amount),
    ];
    FilterColumns { columns, unnamed: Some(SECONDS) }
}

/// The text of a row in one of these columns; empty where it is not known.
pub(super) fn filter_cell(row: &RequestRow<'_>, column: usize, context: &RowContext<'_>) -> String {
    match (column, row) {
        (0, _) => context.session.iso_time(row.started_at()),
        (1, _) => row.subject().to_string(),
        (2, _) => row.words(context),
        (QUOTA, RequestRow::Ended(_, row)) => row.line.used.map(|used| used.to_string()).unwrap_or_default(),
        (COST, RequestRow::Ended(_, row)) => cost_names(row.mark()).join("\n"),
        (5, RequestRow::Ended(_, row)) => row.line.execution_time.as_deref().unwrap_or_default().to_owned(),
        (SECONDS | 7 | MILLISECONDS, RequestRow::Ended(_, row)) if has_unknown_end(row) => String::new(),
        (SECONDS, RequestRow::Ended(_, row)) => measure::seconds(row.line.total),
        (7, RequestRow::Ended(_, row)) => row.line.size.to_string(),
        (9, RequestRow::Ended(_, row)) => {
            row.line.summary.code.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        (10, RequestRow::Ended(_, row)) => row.line.host.to_string(),
        (MILLISECONDS, RequestRow::Ended(_, row)) => row.line.total.as_millis().to_string(),
        (ASKED_BY, RequestRow::Ended(_, row) | RequestRow::Leased(row, _)) => {
            row.line.asked_by.as_deref().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

/// What the shown requests come to: how many were billed, how many may have been, and the median of their durations.
pub(super) fn totals_line(totals: &Totals, texts: Texts) -> String {
    let cost = totals.of_column(COST);
    let billed = cost.and_then(|cost| cost.amounts?.sum).map(|billed| texts.log_billed(billed));
    let unknown = cost.filter(|cost| cost.left_out > 0).map(|cost| texts.log_unknown(cost.left_out));
    let whole = |micros: String| micros.split('.').next().and_then(|micros| micros.parse().ok());
    let median = totals.of_column(SECONDS).and_then(|seconds| whole(seconds.amounts?.median.to_string()));
    let median = median.map(|micros| texts.log_median(measure::seconds(Duration::from_micros(micros))));
    let parts: Vec<String> = [billed, unknown, median].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" {} ", parts.join(" · ")) }
}

/// The number in one of these columns, in the unit of its kind; of the cost, how many calls were billed.
pub(super) fn filter_amount(row: &RequestRow<'_>, column: usize, context: &RowContext<'_>) -> Option<Price> {
    match (column, row) {
        (5, RequestRow::Ended(_, row)) => Price::parse(row.line.execution_time.as_deref()?)?.times(1_000_000),
        (SECONDS, RequestRow::Ended(_, row)) if !has_unknown_end(row) => {
            Price::parse(&row.line.total.as_micros().to_string())
        }
        (SECONDS, _) => None,
        (COST, RequestRow::Ended(_, row)) => match row.mark() {
            Mark::Billed => Price::parse("1"),
            Mark::Free | Mark::Store => Price::parse("0"),
            Mark::Unknown => None,
        },
        _ => amount(&filter_cell(row, column, context)),
    }
}

/// All names of a cost, so that a filter finds it in either language.
fn cost_names(mark: Mark) -> [String; 3] {
    let name = |texts: Texts| match mark {
        Mark::Billed => texts.mark_billed_in_full(),
        Mark::Unknown => texts.mark_unknown_in_full(),
        Mark::Free => texts.mark_free(),
        Mark::Store => texts.mark_store(),
    };
    let sign = match mark {
        Mark::Billed => "¥",
        Mark::Unknown => "?",
        Mark::Free | Mark::Store => "",
    };
    let [en, zh] = [Language::En, Language::Zh].map(|language| name(Texts::new(language)));
    [en, zh, sign].map(str::to_owned)
}
