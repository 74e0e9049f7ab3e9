//! A CSV file or a sheet: its delimiter, its row of names, and the column with the IDs.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use super::column::{self, IdColumn};
use super::line_index::LineIndex;
use super::text::decoded;
use super::{InputError, Row};
use crate::spreadsheet::{SheetChoice, SheetRows};

/// Number of records by which the column with the IDs is found.
const SAMPLE: usize = 100;

pub(super) struct Table<R> {
    source: RecordSource<R>,
    /// The first records, which were read to find the column.
    sample: VecDeque<Record>,
    column: usize,
    header: Option<Vec<String>>,
}

enum RecordSource<R> {
    Csv(Box<Reader<LineIndex<R>>>),
    Sheet(Box<SheetRows>),
}

/// A record, with the number of its first line.
pub(super) struct Record {
    number: u64,
    pub(super) cells: Vec<String>,
}

impl<R> std::fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({:?}, column {})", self.header, self.column)
    }
}

impl<R: BufRead> Table<R> {
    pub(super) fn new(mut reader: R, wanted: Option<&str>, platform: &str) -> Result<Self, InputError> {
        let delimiter = delimiter(reader.fill_buf()?);
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(LineIndex::new(reader));
        Self::begin(RecordSource::Csv(Box::new(reader)), wanted, platform)
    }

    pub(super) fn from_sheet(
        rows: SheetRows,
        wanted: Option<&str>,
        platform: &str,
    ) -> Result<Self, InputError> {
        Self::begin(RecordSource::Sheet(Box::new(rows)), wanted, platform)
    }

    fn begin(mut source: RecordSource<R>, wanted: Option<&str>, platform: &str) -> Result<Self, InputError> {
        let mut sample = VecDeque::new();
        while sample.len() < SAMPLE
            && let Some(record) = source.next_record()?
        {
            sample.push_back(record);
        }
        let IdColumn { column, has_header } = column::find(sample.make_contiguous(), wanted, platform)?;
        let header = if has_header { sample.pop_front().map(|record| record.cells) } else { None };
        Ok(Self { source, sample, column, header })
    }

    pub(super) fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// Returns the sheet that is read.
    pub(super) fn sheet(&self) -> Option<&SheetChoice> {
        match &self.source {
            RecordSource::Csv(_) => None,
            RecordSource::Sheet(rows) => Some(rows.choice()),
        }
    }

    /// Makes a row of a sheet as wide as its names, since a sheet has no empty cells at the end of a row.
    fn widened(&self, mut cells: Vec<String>) -> Vec<String> {
        if matches!(self.source, RecordSource::Sheet(_)) {
            let width = self.header.as_ref().map_or(0, Vec::len);
            cells.resize(cells.len().max(width), String::new());
        }
        cells
    }
}

impl<R: BufRead> Iterator for Table<R> {
    type Item = Result<Row, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.sample.pop_front() {
            Some(record) => record,
            None => match self.source.next_record() {
                Ok(record) => record?,
                Err(error) => return Some(Err(error)),
            },
        };
        let text = record.cells.get(self.column).cloned().unwrap_or_default();
        Some(Ok(Row { number: record.number, text, columns: self.widened(record.cells) }))
    }
}

impl<R: BufRead> RecordSource<R> {
    fn next_record(&mut self) -> Result<Option<Record>, InputError> {
        match self {
            Self::Csv(reader) => next_record(reader),
            Self::Sheet(rows) => {
                let row = rows.next_row()?;
                Ok(row.map(|row| Record { number: row.number, cells: row.cells }))
            }
        }
    }
}

/// Reads the next record of a CSV file that is not empty.
///
/// # Errors
/// If it can't be read, or a quote in it is not closed, so that it holds all lines behind it.
fn next_record<R: io::Read>(reader: &mut Reader<LineIndex<R>>) -> Result<Option<Record>, InputError> {
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(io::Error::from)? {
        let cells: Vec<String> = record.iter().map(|cell| decoded(cell).into_owned()).collect();
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            let number = reader.get_mut().line_at(record.position().map_or(0, Position::byte));
            let has_lines = cells.last().is_some_and(|cell| cell.contains('\n'));
            if has_lines && reader.get_ref().ends_unquoted() {
                return Err(InputError::UnclosedQuote { line: number });
            }
            return Ok(Some(Record { number, cells }));
        }
    }
    Ok(None)
}

/// Returns the delimiter that the first line has most of; a comma if it has none.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| memchr::memchr_iter(*delimiter, line).count();
    // Of several that it has equally many of, the last.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
