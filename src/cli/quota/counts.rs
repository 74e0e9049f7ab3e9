//! The calls of a Beijing day, counted by key, API, error code and who asked.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;

use super::{FieldRow, QuotaArgs};
use crate::cli::failure::CliFailure;
use crate::cli::output::Output;
use crate::cli::run::Run;
use crate::cli::terminal_width;
use crate::cli::text_table::{Align, lines};
use crate::model::request_log::Mark;
use crate::ui::text::clean;
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::{LogEntry, beijing_day};
use onebound::Subject;

/// A call that began the day before can end on this one.
const LONGEST_DAYS: i64 = 1;
/// The API of calls whose subject is an item.
const ITEM_GET: &str = "item_get";

/// `--by`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountBy {
    Api,
    Key,
    Code,
    AskedBy,
}

impl CountBy {
    /// All names, as the flag takes them.
    pub(in crate::cli) const NAMES: &'static str = "api, key, code, asked_by";
}

impl FromStr for CountBy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "api" => Ok(Self::Api),
            "key" => Ok(Self::Key),
            "code" => Ok(Self::Code),
            "asked_by" => Ok(Self::AskedBy),
            _ => Err(Self::NAMES),
        }
    }
}

/// What calls are counted by; empty where `--by` does not name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    pub(super) key: Option<String>,
    pub(super) api: Option<String>,
    /// Empty for a call that ended without a code.
    pub(super) code: Option<String>,
    /// Empty in a store that nobody shares.
    pub(super) asked_by: Option<String>,
}

/// Calls by cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CallCounts {
    pub(super) billed: u64,
    pub(super) free: u64,
    pub(super) unknown: u64,
    pub(super) from_store: u64,
}

impl CallCounts {
    pub(super) fn sent(self) -> u64 {
        self.billed + self.free + self.unknown
    }

    fn add(&mut self, mark: Mark) {
        *match mark {
            Mark::Billed => &mut self.billed,
            Mark::Free => &mut self.free,
            Mark::Unknown => &mut self.unknown,
            Mark::Store => &mut self.from_store,
        } += 1;
    }
}

/// One row of the table.
#[derive(Clone, Debug)]
pub(super) struct CountRow {
    day: Date,
    group: Group,
    counts: CallCounts,
}

pub(super) async fn print(
    args: &QuotaArgs,
    now: Timestamp,
    run: &Run,
    out: &mut Output,
) -> Result<(), CliFailure> {
    let day = args.day.unwrap_or_default().date(now);
    let wanted = args.fingerprint.clone().unwrap_or_default();
    let counted = count(run, day, args.by.clone(), wanted).await?;
    let rows: Vec<CountRow> =
        counted.into_iter().map(|(group, counts)| CountRow { day, group, counts }).collect();
    if args.output.has_records() {
        let schema = count_schema();
        let mut records = out.records(&schema)?;
        return rows.iter().try_for_each(|row| out.record(&mut records, row));
    }
    out.line(&run.texts.quota_at(day))?;
    out.table(&table(&args.by, &rows, run.texts))
}

/// Counts the calls at the gateway that ended on this day, of keys that begin with `key`.
pub(super) async fn count(
    run: &Run,
    day: Date,
    by: Vec<CountBy>,
    key: String,
) -> Result<BTreeMap<Group, CallCounts>, CliFailure> {
    let scope = run.config.hosts.first().map(onebound::Host::scope);
    let day = day_number(day);
    // Without a group there is one row, be it of nothing.
    let first = by.is_empty().then(|| (Group::default(), CallCounts::default()));
    let counted = Arc::new(Mutex::new(first.into_iter().collect::<BTreeMap<_, _>>()));
    let shared = Arc::clone(&counted);
    let visit = move |rows: &mut dyn Iterator<Item = LogEntry>| {
        let mut counted = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = rows.take_while(|row| beijing_day(row.started_at) + LONGEST_DAYS >= day);
        let is_wanted = |row: &LogEntry| {
            row.lease.is_none()
                && beijing_day(row.ended_at()) == day
                && scope.as_ref().is_none_or(|scope| row.scope == *scope)
                && row.key.as_str().starts_with(&key)
        };
        for row in rows.filter(is_wanted) {
            counted.entry(group(&row, &by)).or_default().add(Mark::from_entry(&row));
        }
    };
    run.note_damaged(run.session.store().scan(Box::new(visit)).await.map_err(CliFailure::Store)?);
    let counted = std::mem::take(&mut *counted.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(counted)
}

fn group(row: &LogEntry, by: &[CountBy]) -> Group {
    let api = match &row.subject {
        Subject::Item(_) => ITEM_GET,
        Subject::Api(name) => name,
    };
    let code = row.summary.code.as_ref().map(ToString::to_string).unwrap_or_default();
    let wanted = |wanted: CountBy, value: &str| by.contains(&wanted).then(|| value.to_owned());
    Group {
        key: wanted(CountBy::Key, row.key.as_str()),
        api: wanted(CountBy::Api, api),
        code: wanted(CountBy::Code, &code),
        asked_by: wanted(CountBy::AskedBy, row.asked_by.as_deref().unwrap_or_default()),
    }
}

/// In days since 1970-01-01.
fn day_number(day: Date) -> i64 {
    i64::from(Date::constant(1970, 1, 1).until(day).map_or(0, |span| span.get_days()))
}

fn table(by: &[CountBy], rows: &[CountRow], texts: Texts) -> Vec<String> {
    let group = |by: &CountBy| match by {
        CountBy::Api => (texts.column_api(), Align::Whole),
        CountBy::Key => (texts.column_key(), Align::Whole),
        CountBy::Code => (texts.column_code(), Align::Whole),
        CountBy::AskedBy => (texts.column_asked_by(), Align::Left),
    };
    let counts = [
        texts.column_calls(),
        texts.column_billed(),
        texts.column_unknown(),
        texts.column_free(),
        texts.column_from_store(),
    ];
    let columns: Vec<(&str, Align)> =
        by.iter().map(group).chain(counts.map(|title| (title, Align::Right))).collect();
    let cells = |row: &CountRow| {
        let value = |by: &CountBy| {
            let value = match by {
                CountBy::Api => &row.group.api,
                CountBy::Key => &row.group.key,
                CountBy::Code => &row.group.code,
                CountBy::AskedBy => &row.group.asked_by,
            };
            let value = value.as_deref().filter(|value| !value.is_empty()).unwrap_or("-");
            clean(value).into_owned()
        };
        let CallCounts { billed, free, unknown, from_store } = row.counts;
        let numbers = [row.counts.sent(), billed, unknown, free, from_store];
        by.iter().map(value).chain(numbers.map(|number| number.to_string())).collect()
    };
    lines(&columns, &rows.iter().map(cells).collect::<Vec<Vec<String>>>(), terminal_width())
}

/// A row of the table, as scripts read it.
pub(super) fn count_schema() -> Schema<CountRow> {
    use ValueKind::{Integer, Text};
    let fields: Vec<FieldRow<CountRow>> = vec![
        ("day", Text, Texts::record_day, |row| Some(row.day.to_string().into())),
        ("key", Text, Texts::record_key, |row| row.group.key.clone().map(Into::into)),
        ("api", Text, Texts::record_api, |row| row.group.api.clone().map(Into::into)),
        ("code", Text, Texts::record_call_code, |row| row.group.code.clone().map(Into::into)),
        ("asked_by", Text, Texts::record_asked_by, |row| row.group.asked_by.clone().map(Into::into)),
        ("calls", Integer, Texts::record_calls, |row| Some(row.counts.sent().into())),
        ("billed", Integer, Texts::record_count_billed, |row| Some(row.counts.billed.into())),
        ("free", Integer, Texts::record_count_free, |row| Some(row.counts.free.into())),
        ("unknown", Integer, Texts::record_count_unknown, |row| Some(row.counts.unknown.into())),
        ("from_store", Integer, Texts::record_count_store, |row| Some(row.counts.from_store.into())),
    ];
    let field = |(name, kind, about, get)| SchemaField::new(name, kind, about, get);
    Schema::new("call_count", 1, fields.into_iter().map(field).collect())
}
