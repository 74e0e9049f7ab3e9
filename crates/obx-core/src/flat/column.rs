//! The columns of a table of the flat record: one description of each, from which everything else is made.

use serde_json::Value;

use super::cell::{CellOddity, FlatCell};
use crate::i18n::Texts;
use crate::record::{Schema, SchemaField, ValueKind};

/// What the rows of a table of the flat record are read from.
pub(super) trait FlatSource: Sized {
    /// In the order in which they are written.
    fn columns() -> Vec<FlatColumn<Self>>;
}

/// What the rows of a list are read from.
pub(super) trait ListSource: FlatSource {
    /// The position in the list, from 1 on.
    fn position(&self) -> usize;
}

/// A column: a field of each row.
pub(super) struct FlatColumn<S> {
    pub(super) name: &'static str,
    pub(super) kind: ValueKind,
    pub(super) about: fn(Texts) -> &'static str,
    pub(super) unit: &'static str,
    pub(super) source: &'static str,
    pub(super) read: fn(&S) -> FlatCell,
}

/// A row of any table: the values of its columns, in their order. `None` where the field is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlatRow(pub(crate) Vec<Option<Value>>);

impl<S> FlatColumn<S> {
    /// A column that is read from this field of the vendor's; from several or none if that is empty.
    pub(super) fn new(
        name: &'static str,
        kind: ValueKind,
        source: &'static str,
        about: fn(Texts) -> &'static str,
        read: fn(&S) -> FlatCell,
    ) -> Self {
        Self { name, kind, about, unit: "", source, read }
    }

    /// The same column, with what its values count.
    pub(super) fn in_unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }
}

/// Reads a row.
pub(super) fn read_row<S>(columns: &[FlatColumn<S>], source: &S) -> FlatRow {
    read_row_and_odd(columns, source, |_, _| ())
}

/// Reads a row, and passes on what is odd about its columns.
pub(super) fn read_row_and_odd<S>(
    columns: &[FlatColumn<S>],
    source: &S,
    mut on_odd: impl FnMut(&'static str, CellOddity),
) -> FlatRow {
    let cells = columns.iter().map(|column| {
        let FlatCell { value, odd } = (column.read)(source);
        if let Some(odd) = odd {
            on_odd(column.name, odd);
        }
        value
    });
    FlatRow(cells.collect())
}

/// The schema of a table's rows.
pub(super) fn row_schema<S: FlatSource>(name: &'static str, version: u32) -> Schema<FlatRow> {
    let fields = S::columns().into_iter().enumerate().map(|(at, column)| {
        let value = move |row: &FlatRow| row.0.get(at).cloned().flatten();
        SchemaField::new(column.name, column.kind, column.about, value).measured(column.unit, column.source)
    });
    Schema::new(name, version, fields.collect())
}
