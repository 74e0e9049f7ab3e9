//! The record of a line of a batch that was answered: the line, the user's own cells, and the flat record of the item.

use std::borrow::Cow;
use std::io;

use serde_json::{Map, Value};

use super::{BatchLine, LineResult};
use crate::export::csv;
use crate::fetch::{Fetched, Source};
use crate::flat::{FlatList, FlatRecord, FlatRow, ItemOddities, ListWriter, item_schema, write_json};
use crate::i18n::Texts;
use crate::record::{PickedFields, Schema, SchemaField, ValueKind, csv_cell};
use crate::spreadsheet::SheetValue;
use onebound::Outcome;

/// The version of the record's own fields; those of the item have one of their own.
pub const BATCH_RECORD_VERSION: u32 = 1;

/// The field of the item's record that is known without an item too.
const REQUESTED: &str = "requested_id";

/// A line that was answered: with an item, or that there is no such item.
#[derive(Debug)]
pub struct BatchRecord {
    line: BatchLine,
    fetched: Box<Fetched>,
    input: Option<Value>,
    item: Option<(FlatRow, Option<ItemOddities>)>,
}

/// The columns of an item that the picked fields of a record need, so that no others are read.
#[derive(Clone, Debug)]
pub struct ItemColumns(Option<Vec<bool>>);

impl ItemColumns {
    pub fn new(schema: &Schema<BatchRecord>, picked: &PickedFields) -> Self {
        // All can be odd.
        let is_all = schema.picks(picked, FlatList::Oddities.as_str());
        let columns = || item_schema().fields.iter().map(|field| schema.picks(picked, field.name)).collect();
        Self((!is_all).then(columns))
    }

    fn read(&self, record: &FlatRecord<'_>) -> (FlatRow, Option<ItemOddities>) {
        let Some(columns) = &self.0 else {
            let (row, odd) = record.item_row_and_oddities();
            return (row.clone(), Some(odd.clone()));
        };
        let values = columns
            .iter()
            .enumerate()
            .map(|(at, is_read)| if *is_read { record.item_value(at) } else { None });
        (FlatRow(values.collect()), None)
    }
}

impl BatchRecord {
    /// The record of a line with this result. The names are those of the list's columns; empty for a text.
    ///
    /// # Errors
    /// The line and its result, if it was not answered.
    pub fn new(
        line: BatchLine,
        result: LineResult,
        names: &[String],
        columns: &ItemColumns,
    ) -> Result<Self, Box<(BatchLine, LineResult)>> {
        if result.is_failed() {
            return Err(Box::new((line, result)));
        }
        let LineResult::Answered(fetched) = result else { return Err(Box::new((line, result))) };
        let cell = |(at, name): (usize, &String)| (name.clone(), line.columns.get(at).cloned().into());
        let input: Map<String, Value> = names.iter().enumerate().map(cell).collect();
        let item = FlatRecord::new(&fetched.exchange).map(|record| columns.read(&record));
        Ok(Self { line, item, input: (!input.is_empty()).then_some(Value::Object(input)), fetched })
    }

    pub fn line(&self) -> &BatchLine {
        &self.line
    }

    pub fn fetched(&self) -> &Fetched {
        &self.fetched
    }

    /// Returns false if the answer is that there is no such item.
    pub fn has_item(&self) -> bool {
        self.fetched.exchange.outcome != Outcome::NoResult
    }

    /// Writes these fields of [`batch_schema`] as one JSON object, without a line break behind it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(
        &self,
        out: &mut impl io::Write,
        schema: &Schema<Self>,
        picked: &PickedFields,
    ) -> io::Result<()> {
        let flat = FlatRecord::new(&self.fetched.exchange);
        let odd = self.item.as_ref().and_then(|(_, odd)| odd.clone());
        let lists = flat.as_ref().map(|flat| ListWriter::new(flat).with_oddities(odd));
        write_json(out, self, (schema, picked), lists)
    }

    /// A row of a CSV file: the user's own cells, then the picked fields.
    pub fn csv_row(&self, names: &[String], schema: &Schema<Self>, picked: &PickedFields) -> String {
        let cells = (0..names.len()).map(|at| self.line.columns.get(at).map_or("", String::as_str));
        let fields = schema.picked(picked).map(|field| Cow::Owned(csv_cell(field.value(self))));
        let mut out = String::new();
        csv::row(&mut out, cells.map(Cow::Borrowed).chain(fields));
        out
    }

    /// The same as a row of a sheet.
    pub fn sheet_row<'a>(
        &'a self,
        names: &[String],
        schema: &Schema<Self>,
        picked: &PickedFields,
    ) -> Vec<SheetValue<'a>> {
        let cells = (0..names.len()).map(|at| self.line.columns.get(at).map_or("", String::as_str));
        cells.map(SheetValue::carried).chain(schema.sheet_row(self, picked)).collect()
    }

    fn answered_by(&self) -> &'static str {
        match self.fetched.source {
            Source::Live => "vendor",
            Source::Store => "store",
            Source::Joined => "other_run",
        }
    }

    fn item_value(&self, at: usize, name: &str) -> Option<Value> {
        match &self.item {
            Some((row, _)) => row.0.get(at).cloned().flatten(),
            None => (name == REQUESTED).then(|| self.line.id.to_string().into()),
        }
    }

    fn list(&self, list: FlatList) -> Option<Value> {
        let record = FlatRecord::new(&self.fetched.exchange)?;
        let (schema, rows) = (list.schema(), record.rows(list));
        let all = schema.all();
        Some(Value::Array(rows.map(|row| schema.to_json(&row, &all)).collect()))
    }
}

/// The fields of a line itself.
pub fn batch_line_schema() -> Schema<BatchRecord> {
    use ValueKind::{Integer, Json, Text};
    let fields = vec![
        SchemaField::new("line", Integer, Texts::batch_field_line, |record: &BatchRecord| {
            Some(record.line.number.into())
        }),
        SchemaField::new("outcome", Text, Texts::batch_field_outcome, |record: &BatchRecord| {
            Some(if record.has_item() { "item" } else { "no_result" }.into())
        }),
        SchemaField::new("answered_by", Text, Texts::batch_field_answered_by, |record: &BatchRecord| {
            Some(record.answered_by().into())
        }),
        SchemaField::new("input", Json, Texts::batch_field_input, |record: &BatchRecord| {
            record.input.clone()
        }),
    ];
    Schema::new("batch_line", BATCH_RECORD_VERSION, fields)
}

/// The fields of a line, then those of its item with all lists.
pub fn batch_schema() -> Schema<BatchRecord> {
    let lists = FlatList::ALL.into_iter().map(|list| {
        let value = move |record: &BatchRecord| record.list(list);
        SchemaField::new(list.as_str(), ValueKind::Json, list.about(), value)
    });
    let fields = batch_line_schema().fields.into_iter().chain(item_fields()).chain(lists);
    Schema::new("batch", BATCH_RECORD_VERSION, fields.collect())
}

/// The same as rows of a table: without lists, and the user's own cells are columns of their own.
pub fn batch_row_schema() -> Schema<BatchRecord> {
    let line = batch_line_schema().fields.into_iter().filter(|field| field.kind != ValueKind::Json);
    Schema::new("batch_row", BATCH_RECORD_VERSION, line.chain(item_fields()).collect())
}

fn item_fields() -> impl Iterator<Item = SchemaField<BatchRecord>> {
    item_schema().fields.into_iter().enumerate().map(|(at, field)| {
        let name = field.name;
        let value = move |record: &BatchRecord| record.item_value(at, name);
        SchemaField::new(name, field.kind, field.about, value).measured(field.unit, field.source)
    })
}

/// The names of a table's columns. One of the user's that has the name of a field gets `input_` in front.
pub fn batch_column_names(
    names: &[String],
    schema: &Schema<BatchRecord>,
    picked: &PickedFields,
) -> Vec<String> {
    let fields = schema.names(picked);
    let own = names
        .iter()
        .map(|name| if fields.contains(&name.as_str()) { format!("input_{name}") } else { name.clone() });
    own.chain(fields.iter().map(|name| (*name).to_owned())).collect()
}

/// The same as the first row of a CSV file.
pub fn batch_csv_header(names: &[String], schema: &Schema<BatchRecord>, picked: &PickedFields) -> String {
    let mut out = String::new();
    csv::row(&mut out, batch_column_names(names, schema, picked).into_iter().map(Cow::Owned));
    out
}
