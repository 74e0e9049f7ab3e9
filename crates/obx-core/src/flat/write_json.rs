//! Writes records as JSON, row by row: an item can have many thousands of SKUs.

use std::io;

use serde::Serialize;

use super::column::{FlatColumn, FlatRow, ListSource, read_row_and_odd};
use super::lists::{ItemOddities, OdditySource};
use super::{FlatList, FlatRecord};
use crate::record::{PickedFields, Schema};

/// Writes the lists of a record. Each cell is read once: what is odd about it is noted for the list of oddities, which
/// comes last.
pub(crate) struct ListWriter<'r, 'a> {
    record: &'r FlatRecord<'a>,
    item: Option<ItemOddities>,
    /// Of the lists that are written already.
    noted: Vec<(FlatList, Vec<OdditySource<'static>>)>,
}

/// Writes these fields as one JSON object, without a line break behind it. `lists` writes the fields that are lists of
/// an item; without it they are left out.
pub(crate) fn write_json<T>(
    out: &mut impl io::Write,
    record: &T,
    (schema, picked): (&Schema<T>, &PickedFields),
    mut lists: Option<ListWriter<'_, '_>>,
) -> io::Result<()> {
    let mut opening: &[u8] = b"{\"";
    for field in schema.picked(picked) {
        let list = FlatList::ALL.into_iter().find(|list| list.as_str() == field.name);
        let value = if list.is_some() { None } else { field.value(record) };
        if value.is_none() && (list.is_none() || lists.is_none()) {
            continue;
        }
        write_key(out, &mut opening, field.name)?;
        match (list, &mut lists, value) {
            (Some(list), Some(lists), _) => lists.write(out, list)?,
            (_, _, value) => write_value(out, &value)?,
        }
    }
    close_object(out, opening)
}

impl<'r, 'a> ListWriter<'r, 'a> {
    pub(crate) fn new(record: &'r FlatRecord<'a>) -> Self {
        Self { record, item: None, noted: Vec::new() }
    }

    /// With what is odd about the item itself, where that is known.
    pub(crate) fn with_oddities(self, item: Option<ItemOddities>) -> Self {
        Self { item, ..self }
    }

    fn write(&mut self, out: &mut impl io::Write, list: FlatList) -> io::Result<()> {
        let record = self.record;
        match list {
            FlatList::Prices => self.write_rows(out, list, record.tiers()),
            FlatList::Skus => self.write_rows(out, list, record.skus()),
            FlatList::Props => self.write_rows(out, list, record.props()),
            FlatList::Pictures => self.write_rows(out, list, record.pictures()),
            FlatList::Oddities => {
                let odd = self.oddities();
                self.write_rows(out, list, record.numbered(odd.into_iter()))
            }
        }
    }

    fn write_rows<S: ListSource>(
        &mut self,
        out: &mut impl io::Write,
        list: FlatList,
        sources: impl Iterator<Item = S>,
    ) -> io::Result<()> {
        let (columns, mut odd) = (S::columns(), Vec::new());
        out.write_all(b"[")?;
        for (at, source) in sources.enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            let row = read_row_and_odd(&columns, &source, |column, oddity| {
                odd.push(OdditySource::new(list.as_str(), Some(source.position()), column, oddity));
            });
            write_row(out, &columns, &row)?;
        }
        self.noted.push((list, odd));
        out.write_all(b"]")
    }

    /// All that is odd, in the order of the lists; those that were not written are read for it.
    fn oddities(&mut self) -> Vec<OdditySource<'static>> {
        let item = self.item.take().unwrap_or_else(|| self.record.item_row_and_oddities().1.clone());
        let mut all = item.0;
        for list in FlatList::ALL {
            match self.noted.iter_mut().find(|(noted, _)| *noted == list) {
                Some((_, odd)) => all.extend(odd.iter().cloned()),
                None => all.extend(self.record.odd_in(list)),
            }
        }
        all
    }
}

fn write_row<S>(out: &mut impl io::Write, columns: &[FlatColumn<S>], row: &FlatRow) -> io::Result<()> {
    let mut opening: &[u8] = b"{\"";
    for (column, value) in columns.iter().zip(&row.0) {
        if let Some(value) = value {
            write_key(out, &mut opening, column.name)?;
            write_value(out, value)?;
        }
    }
    close_object(out, opening)
}

/// Writes a key behind what opens it: the object's brace for the first.
fn write_key(out: &mut impl io::Write, opening: &mut &[u8], name: &str) -> io::Result<()> {
    out.write_all(std::mem::replace(opening, b",\""))?;
    out.write_all(name.as_bytes())?;
    out.write_all(b"\":")
}

fn close_object(out: &mut impl io::Write, opening: &[u8]) -> io::Result<()> {
    out.write_all(if opening.starts_with(b"{") { b"{}" } else { b"}" })
}

fn write_value(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
