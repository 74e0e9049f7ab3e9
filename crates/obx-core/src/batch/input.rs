//! The list of a batch: lines of text with an ID, an address or shared text each, a CSV file or a sheet. It is read line by
//! line, in UTF-8, in UTF-16 with a byte order mark, or, as Chinese spreadsheets save it, in GBK.
//!
//! ```
//! use obx_core::batch::{BatchInput, InputFormat, InputLine};
//!
//! let list = "610947572360\nhttps://detail.1688.com/offer/610947572360.html\n# a comment\nno ID\n";
//! let mut input = BatchInput::new(list.as_bytes(), &InputFormat::Lines, "1688")?;
//! let lines = input.by_ref().collect::<Result<Vec<_>, _>>()?;
//! assert!(matches!(&lines[0], InputLine::Item(line) if line.number == 1));
//! assert!(matches!(lines[1], InputLine::Duplicate { number: 2, first: 1, .. }));
//! assert!(matches!(lines[2], InputLine::Invalid { number: 4, .. }));
//! # Ok::<(), obx_core::batch::InputError>(())
//! ```

mod column;
mod known_ids;
mod line_index;
mod list_reader;
mod table;
mod text;

use std::io::{self, BufRead};
use std::path::Path;

use ring::digest::{Context, SHA256};

use crate::i18n::{Describe, Texts};
use crate::spreadsheet::{SheetChoice, SheetRows, SpreadsheetError};
use known_ids::KnownIds;
use list_reader::ListReader;
use onebound::{ItemId, ItemIdError};
use table::Table;

/// A line that names an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchLine {
    /// The number of the line in the file, from 1.
    pub number: u64,
    pub id: ItemId,
    /// All cells of the line in a CSV file, as they were; empty in a text.
    pub columns: Vec<String>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputLine {
    Item(BatchLine),
    /// An earlier line has the same ID.
    Duplicate {
        number: u64,
        id: ItemId,
        first: u64,
    },
    /// There is no ID in it, or several.
    Invalid {
        number: u64,
        /// The text in which an ID was looked for.
        text: String,
        error: ItemIdError,
    },
}

/// The form of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum InputFormat {
    /// A text. Empty lines, and those that begin with `#`, are skipped.
    #[default]
    Lines,
    /// CSV, with commas, semicolons or tabs.
    Csv {
        /// The name of the column with the IDs, or its number from 1; `None` to look for it.
        column: Option<String>,
    },
}

/// The form of a list by its file's name; what is in the file may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    Lines,
    Csv,
    Spreadsheet,
}

impl ListKind {
    pub fn from_path(path: &Path) -> Self {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("xlsx" | "xlsm" | "xls" | "xlsb" | "ods") => Self::Spreadsheet,
            Some("csv" | "tsv") => Self::Csv,
            _ => Self::Lines,
        }
    }
}

/// Why a list can't be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("{0}")]
    Io(#[from] io::Error),
    /// There is no column of this name or number.
    #[error("there is no column {wanted:?}; there are: {}", .known.join(", "))]
    NoColumn { wanted: String, known: Vec<String> },
    /// Several columns look like IDs.
    #[error("several columns look like IDs: {}", .columns.join(", "))]
    Ambiguous { columns: Vec<String> },
    /// A quote in the row that begins on this line is not closed, so that all lines behind it are one cell.
    #[error("line {line}: a quote is not closed")]
    UnclosedQuote { line: u64 },
    #[error("{0}")]
    Spreadsheet(#[from] SpreadsheetError),
    /// No column looks like IDs.
    #[error("no column looks like IDs")]
    NoIds,
}

impl Describe for InputError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Io(error) => error.describe(texts),
            Self::NoColumn { wanted, known } => texts.batch_no_column(wanted, known.join(", ")),
            Self::Ambiguous { columns } => texts.batch_columns_alike(columns.join(", ")),
            Self::UnclosedQuote { line } => texts.batch_unclosed_quote(line),
            Self::Spreadsheet(error) => error.describe(texts),
            Self::NoIds => texts.batch_no_ids().to_owned(),
        }
    }
}

/// A list that is being read. The memory it takes grows by some bytes per ID, since duplicates are found.
#[derive(Debug)]
pub struct BatchInput<R> {
    rows: Rows<R>,
    platform: String,
    known: KnownIds,
    digest: Digest,
}

#[derive(Debug)]
enum Rows<R> {
    Text(text::Lines<ListReader<R>>),
    Table(Box<Table<ListReader<R>>>),
}

/// A row of either form.
struct Row {
    number: u64,
    /// The text or cell with the ID.
    text: String,
    columns: Vec<String>,
}

struct Digest(Context);

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest")
    }
}

impl<R: BufRead> BatchInput<R> {
    /// Begins to read a list for calls to this platform.
    ///
    /// # Errors
    /// If it can't be read, or the column with the IDs is not known.
    pub fn new(reader: R, format: &InputFormat, platform: &str) -> Result<Self, InputError> {
        let reader = ListReader::new(reader)?;
        let rows = match format {
            InputFormat::Lines => Rows::Text(text::Lines::new(reader)),
            InputFormat::Csv { column } => {
                Rows::Table(Box::new(Table::new(reader, column.as_deref(), platform)?))
            }
        };
        Ok(Self::begin(rows, platform))
    }

    /// The same for a sheet, whose column with the IDs has this name or number.
    ///
    /// # Errors
    /// If it can't be read, or the column with the IDs is not known.
    pub fn from_sheet(rows: SheetRows, column: Option<&str>, platform: &str) -> Result<Self, InputError> {
        let table = Table::from_sheet(rows, column, platform)?;
        Ok(Self::begin(Rows::Table(Box::new(table)), platform))
    }

    fn begin(rows: Rows<R>, platform: &str) -> Self {
        let (platform, digest) = (platform.to_owned(), Digest(Context::new(&SHA256)));
        Self { rows, platform, known: KnownIds::default(), digest }
    }

    /// Returns the sheet that is read, if the list is one.
    pub fn sheet(&self) -> Option<&SheetChoice> {
        match &self.rows {
            Rows::Text(_) => None,
            Rows::Table(table) => table.sheet(),
        }
    }

    /// Returns the names of the columns; `None` for a text, and for a table without a row of names.
    pub fn header(&self) -> Option<&[String]> {
        match &self.rows {
            Rows::Text(_) => None,
            Rows::Table(table) => table.header(),
        }
    }

    /// Returns a digest of the IDs read so far, in their order. If it differs from that of an earlier run, the list was
    /// changed.
    pub fn fingerprint(&self) -> String {
        let digest = self.digest.0.clone().finish();
        let bytes = digest.as_ref().iter().take(16);
        bytes.fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    fn line(&mut self, row: Row) -> InputLine {
        let Row { number, text, columns } = row;
        let id = match ItemId::find_on(&self.platform, &text) {
            Ok(found) => found.id,
            Err(error) => return InputLine::Invalid { number, text, error },
        };
        let first = self.known.first_line(&id, number);
        if first != number {
            return InputLine::Duplicate { number, id, first };
        }
        self.digest.0.update(id.as_str().as_bytes());
        self.digest.0.update(b"\n");
        InputLine::Item(BatchLine { number, id, columns })
    }
}

impl<R: BufRead> Iterator for BatchInput<R> {
    type Item = Result<InputLine, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match &mut self.rows {
            Rows::Text(lines) => lines.next()?.map_err(InputError::from),
            Rows::Table(table) => table.next()?,
        };
        Some(row.map(|row| self.line(row)))
    }
}

#[cfg(test)]
mod tests;
