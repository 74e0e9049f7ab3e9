//! Spreadsheets (`.xlsx`), read row by row and written row by row.
//!
//! ```
//! use std::io::Cursor;
//! use obx_core::spreadsheet::{SheetValue, SheetWriter, Spreadsheet};
//!
//! let mut writer = SheetWriter::new(Cursor::new(Vec::new()), &["商品ID", "price"])?;
//! writer.row([SheetValue::text("610947572360"), SheetValue::number("799.00")])?;
//! let mut rows = Spreadsheet::open(writer.finish()?)?.rows(None)?;
//! assert_eq!(rows.next_row()?.unwrap().cells, ["商品ID", "price"]);
//! assert_eq!(rows.next_row()?.unwrap().cells, ["610947572360", "799"]);
//! # Ok::<(), obx_core::spreadsheet::SpreadsheetError>(())
//! ```
//! Neither takes memory by the number of rows. To read takes as much as the file's table of texts, which is bounded: a
//! file that unfolds into more than that is refused. Digits are kept: a number of more than 15 digits, of which
//! spreadsheets lose some, becomes `1.23456789012346E+15`, which is no ID.

mod cell_format;
mod number;
mod package;
mod shared_strings;
mod sheet_rows;
mod writer;
mod xml_part;

use std::io;

use crate::i18n::{Describe, Texts};
pub use package::Spreadsheet;
pub use sheet_rows::{SheetChoice, SheetRow, SheetRows};
pub use writer::{MAX_ROWS, SheetValue, SheetWriter};

/// Why a spreadsheet can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SpreadsheetError {
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An older form of spreadsheets, or one with a password.
    #[error("an .xls file, or one with a password")]
    OldOrEncrypted,
    #[error("this is no .xlsx file")]
    NotXlsx,
    /// What is wrong, in English.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// It unfolds into more than is held in memory.
    #[error("the file unfolds into too much")]
    TooLarge,
    #[error("there is no sheet {wanted:?}; there are: {}", .known.join(", "))]
    NoSheet { wanted: String, known: Vec<String> },
}

impl SpreadsheetError {
    fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

impl From<zip::result::ZipError> for SpreadsheetError {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl Describe for SpreadsheetError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Io(error) => error.describe(texts),
            Self::OldOrEncrypted => texts.xlsx_old_or_encrypted().to_owned(),
            Self::NotXlsx => texts.xlsx_not().to_owned(),
            Self::Damaged(what) => texts.xlsx_damaged(what),
            Self::TooLarge => texts.xlsx_too_large().to_owned(),
            Self::NoSheet { wanted, known } => texts.xlsx_no_sheet(wanted, known.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;
