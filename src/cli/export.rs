//! `obx export [ID…]`: stored items as flat records, CSV or SQL. Only the store is read, so that nothing can be sent.

mod export_file;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::args::GlobalArgs;
use super::day::start_of_day;
use super::exit_code::CommonCode;
use super::failure::CliFailure;
use super::given_ids::GivenIds;
use super::output::{Output, OutputArgs, Records, list_fields, unwritten};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::stored::{NotStored, catalog};
use super::{ExitCode, texts};
use export_file::{ExportFile, Sheet};
use obx_core::config::{CredentialsUse, Environment};
use obx_core::flat::{FlatList, FlatRecord, FlatRow, item_schema, record_schema};
use obx_core::i18n::{Describe, Texts};
use obx_core::record::Schema;
use obx_core::sql::{SqlDialect, SqlError, SqlWriter};
use obx_core::store::StoreError;
use onebound::{Catalog, Exchange, ItemId, ScopedItem};

#[derive(clap::Args, Debug)]
pub(super) struct ExportArgs {
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[arg(long, value_name = "items|skus|prices|props|pictures|oddities", value_parser = exported_list)]
    list: Option<ExportedList>,
    #[arg(long, value_name = "sqlite|postgres|mysql", value_parser = dialect)]
    #[arg(conflicts_with_all = ["json", "csv", "jq", "fields", "list"])]
    sql: Option<SqlDialect>,
    #[arg(long, value_name = "DAY", value_parser = start_of_day)]
    since: Option<Timestamp>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Whose rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExportedList {
    /// The items without their lists.
    Items,
    Of(FlatList),
}

fn exported_list(name: &str) -> Result<ExportedList, String> {
    if name == "items" {
        return Ok(ExportedList::Items);
    }
    let list = FlatList::ALL.into_iter().find(|list| list.as_str() == name);
    list.map(ExportedList::Of).ok_or_else(|| name.to_owned())
}

fn dialect(name: &str) -> Result<SqlDialect, String> {
    SqlDialect::parse(name).ok_or_else(|| name.to_owned())
}

impl ExportArgs {
    /// Whose rows are written; `None` if whole records are.
    fn rows(&self) -> Option<ExportedList> {
        let has_rows = self.writes_sheet() || self.output().is_csv();
        self.list.or_else(|| has_rows.then_some(ExportedList::Items))
    }

    /// The form of the records, by the file's name too.
    fn output(&self) -> OutputArgs {
        self.output.for_file(self.out.as_deref().filter(|_| self.sql.is_none()))
    }

    fn writes_sheet(&self) -> bool {
        let name = self.out.as_ref().and_then(|path| path.extension());
        name.is_some_and(|name| name.eq_ignore_ascii_case("xlsx"))
    }
}

impl ExportedList {
    fn schema(self) -> Schema<FlatRow> {
        match self {
            Self::Items => item_schema(),
            Self::Of(list) => list.schema(),
        }
    }
}

/// The help of the flags that no other command has.
pub(super) fn help(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "list" => texts.help_list(),
        "sql" => texts.help_sql(),
        "since" => texts.help_since(),
        _ => return None,
    })
}

pub(super) fn run_export(
    args: &ExportArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        let texts = texts(environment);
        match args.list {
            Some(list) => list_fields(&list.schema(), texts)?,
            None => list_fields(&record_schema(), texts)?,
        }
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    run(Needs { global, environment, output, credentials, spending: None }, async |run, out| {
        export(args, run, out).await
    })
}

/// What is written of each item.
enum Form<'a> {
    /// The whole record.
    Record(&'a mut Output),
    Rows(&'a mut Output, ExportedList, Records<'a, FlatRow>),
    Sql(SqlWriter<&'a mut Output>),
    Sheet(Sheet, ExportedList, &'a Schema<FlatRow>),
}

async fn export(args: &ExportArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let list = args.rows().unwrap_or(ExportedList::Items);
    let schema = list.schema();
    let Some(path) = &args.out else {
        return write(args, run, Form::new(args, &schema, out)?).await;
    };
    if args.writes_sheet() && (args.output.has_form() || args.sql.is_some()) {
        return Err(CliFailure::SheetHasRows(path.clone()));
    }
    let picked = args.writes_sheet().then(|| out.records(&schema)).transpose()?;
    let file = ExportFile::create(path)?;
    let code = if let Some(records) = picked {
        let sheet = file.sheet(&schema, &records.picked)?;
        write(args, run, Form::Sheet(sheet, list, &schema)).await?
    } else {
        let mut out = Output::to_file(&args.output(), path, file.file()?)?;
        let code = write(args, run, Form::new(args, &schema, &mut out)?).await?;
        out.flush()?;
        code
    };
    file.persist()?;
    Ok(code)
}

/// Writes the items that were asked for.
async fn write(args: &ExportArgs, run: &Run, mut form: Form<'_>) -> Result<ExitCode, CliFailure> {
    let stored = StoredItems { run, catalog: catalog(run), since: args.since };
    let code = if args.ids.is_empty() {
        stored.export_all(&mut form).await?
    } else {
        stored.export_these(&args.ids, &mut form).await?
    };
    form.finish()?;
    // A part is not the whole, though all of it could be written.
    let is_part = code == ExitCode::Ok && run.damaged_rows() > 0;
    Ok(if is_part { ExitCode::SomeFailed } else { code })
}

/// The items of a catalog in the store.
struct StoredItems<'a> {
    run: &'a Run,
    catalog: Catalog,
    /// Only answers from then on.
    since: Option<Timestamp>,
}

impl StoredItems<'_> {
    /// Exports all items, one after the other, so that memory has one answer at a time.
    async fn export_all(&self, form: &mut Form<'_>) -> Result<ExitCode, CliFailure> {
        let items = self.run.session.store().items(self.catalog.clone()).await;
        let items = match items {
            Ok(items) => self.run.rows(items),
            Err(error) => return Ok(self.unread(None, &error)),
        };
        let mut codes = CommonCode::default();
        for item in items {
            // Whatever answered it came before it was asked for the last time.
            if self.since.is_some_and(|since| item.asked_at < since) {
                continue;
            }
            match self.newest(&item.num_iid).await {
                Ok(Some(exchange)) => codes.add(self.write(&exchange, form)?),
                // An item that was never found.
                Ok(None) => {}
                Err(error) => codes.add(self.unread(Some(&item.num_iid), &error)),
            }
        }
        Ok(codes.code().unwrap_or(ExitCode::Ok))
    }

    async fn export_these(&self, texts: &[String], form: &mut Form<'_>) -> Result<ExitCode, CliFailure> {
        let mut ids = GivenIds::new(self.run, texts);
        while let Some(id) = ids.next_id()? {
            let damaged = self.run.damaged_rows();
            ids.done(match self.newest(&id).await {
                Ok(Some(exchange)) => self.write(&exchange, form)?,
                Ok(None) if self.run.damaged_rows() > damaged => self.unreadable(id),
                Ok(None) => self.missing(&id),
                Err(error) => self.unread(Some(&id), &error),
            });
        }
        Ok(ids.code())
    }

    /// The newest answer with this item.
    async fn newest(&self, id: &ItemId) -> Result<Option<Arc<Exchange>>, StoreError> {
        let store = self.run.session.store();
        let item = ScopedItem { catalog: self.catalog.clone(), num_iid: id.clone() };
        let versions = self.run.rows(store.versions(item).await?);
        let is_wanted = |at: Timestamp| self.since.is_none_or(|since| at >= since);
        for version in versions.iter().rev().filter(|version| is_wanted(version.at)) {
            let exchange = store.open(version.id).await?;
            if exchange.item().is_some() {
                return Ok(Some(exchange));
            }
        }
        Ok(None)
    }

    fn write(&self, exchange: &Exchange, form: &mut Form<'_>) -> Result<ExitCode, CliFailure> {
        let Some(record) = FlatRecord::new(exchange) else { return Ok(ExitCode::NoResult) };
        match form.write(&record) {
            Ok(()) => Ok(ExitCode::Ok),
            Err(Unexported::Failure(failure)) => Err(failure),
            Err(Unexported::Record(error)) => {
                let report = ErrorReport::new(ExitCode::NotUnderstood, error.describe(self.run.texts));
                Ok(self.report(&report.about(&exchange.call.subject())))
            }
        }
    }

    fn missing(&self, id: &ItemId) -> ExitCode {
        let texts = self.run.texts;
        let message = if self.since.is_some() { texts.export_none_since() } else { texts.export_none() };
        self.report(&ErrorReport::new(ExitCode::NoResult, message).about(id))
    }

    /// Its rows are there, and damaged.
    fn unreadable(&self, id: ItemId) -> ExitCode {
        let subject = id.to_string();
        let message = NotStored::Readable(id).describe(self.run.texts);
        self.report(&ErrorReport::new(ExitCode::Internal, message).about(&subject))
    }

    fn unread(&self, id: Option<&ItemId>, error: &StoreError) -> ExitCode {
        let report = ErrorReport::from_store_error(error, self.run.texts);
        self.report(&match id {
            Some(id) => report.about(id),
            None => report,
        })
    }

    fn report(&self, report: &ErrorReport) -> ExitCode {
        self.run.report(report);
        report.code
    }
}

/// Why an item was not written.
enum Unexported {
    /// Nor can any other be.
    Failure(CliFailure),
    /// This record alone.
    Record(SqlError),
}

impl From<CliFailure> for Unexported {
    fn from(failure: CliFailure) -> Self {
        Self::Failure(failure)
    }
}

impl<'a> Form<'a> {
    fn new(args: &ExportArgs, schema: &'a Schema<FlatRow>, out: &'a mut Output) -> Result<Self, CliFailure> {
        Ok(match (args.sql, args.rows()) {
            (Some(dialect), _) => Self::Sql(SqlWriter::new(out, dialect).map_err(unwritten)?),
            (None, Some(list)) => {
                let records = out.records(schema)?;
                Self::Rows(out, list, records)
            }
            (None, None) => {
                // A mistyped field is a mistake before the store is read.
                let _ = out.records(&record_schema())?;
                Self::Record(out)
            }
        })
    }

    fn write(&mut self, record: &FlatRecord<'_>) -> Result<(), Unexported> {
        match self {
            Self::Record(out) => out.flat_record(record)?,
            Self::Rows(out, ExportedList::Items, records) => out.record(records, &record.item_row())?,
            Self::Rows(out, ExportedList::Of(list), records) => {
                record.rows(*list).try_for_each(|row| out.record(records, &row))?;
            }
            Self::Sheet(sheet, ExportedList::Items, schema) => sheet.row(schema, &record.item_row())?,
            Self::Sheet(sheet, ExportedList::Of(list), schema) => {
                record.rows(*list).try_for_each(|row| sheet.row(schema, &row))?;
            }
            Self::Sql(writer) => writer.write(record).map_err(|error| match error {
                SqlError::Io(error) => Unexported::Failure(unwritten(error)),
                SqlError::LongKey => Unexported::Record(error),
            })?,
        }
        Ok(())
    }

    fn finish(self) -> Result<(), CliFailure> {
        match self {
            Self::Sql(writer) => writer.finish().map(drop).map_err(unwritten),
            Self::Sheet(sheet, ..) => sheet.finish(),
            Self::Record(_) | Self::Rows(..) => Ok(()),
        }
    }
}
