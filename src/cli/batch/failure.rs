//! Why a batch does not begin.

use std::io;
use std::path::{Path, PathBuf};

use super::super::{CliFailure, ExitCode};
use super::list::List;
use obx_core::batch::InputError;
use obx_core::i18n::{Describe, Texts};
use obx_core::spreadsheet::{MAX_ROWS, SpreadsheetError};

#[derive(Debug)]
pub(in crate::cli) enum BatchFailure {
    /// `--fresh`
    Fresh,
    /// The list, by its name.
    List(String, InputError),
    /// The file of the results.
    Out(PathBuf, io::Error),
    /// The file of the results is the list.
    OutIsList(PathBuf),
    /// An old form of spreadsheets as the file of the results.
    OldSpreadsheet(PathBuf),
    /// A spreadsheet, and another form.
    SpreadsheetHasRows(PathBuf),
    /// So many lines for one sheet.
    TooManyRows(u64),
    /// A sheet of a list that has none.
    NoSheets,
    /// The spreadsheet of the results can't be written.
    Sheet(SpreadsheetError),
    /// So many calls, and nobody to ask.
    Unconfirmed(u64),
}

impl BatchFailure {
    pub(super) fn list(list: &List, error: InputError) -> Self {
        Self::List(list.name(), error)
    }

    pub(in crate::cli) fn code(&self) -> ExitCode {
        match self {
            Self::Unconfirmed(_) => ExitCode::Refused,
            Self::Sheet(..) => ExitCode::Internal,
            _ => ExitCode::Usage,
        }
    }
}

impl From<SpreadsheetError> for BatchFailure {
    fn from(error: SpreadsheetError) -> Self {
        Self::Sheet(error)
    }
}

impl From<BatchFailure> for CliFailure {
    fn from(failure: BatchFailure) -> Self {
        Self::Batch(failure)
    }
}

impl Describe for BatchFailure {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Fresh => texts.batch_no_fresh().to_owned(),
            Self::List(name, error) => texts.named(texts.batch_cant_read(name), error.describe(texts)),
            Self::Out(path, error) => {
                texts.named(texts.batch_cant_write(path.display()), error.describe(texts))
            }
            Self::OutIsList(path) => texts.batch_out_is_list(path.display()),
            Self::OldSpreadsheet(path) => texts.batch_no_xls(path.display()),
            Self::SpreadsheetHasRows(path) => texts.batch_xlsx_is_rows(path.display()),
            Self::TooManyRows(lines) => texts.batch_xlsx_rows(lines, MAX_ROWS),
            Self::NoSheets => texts.batch_no_sheets().to_owned(),
            Self::Sheet(error) => texts.named(texts.batch_cant_write("--out"), error.describe(texts)),
            Self::Unconfirmed(count) => texts.batch_unconfirmed(count),
        }
    }
}

pub(super) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| extensions.contains(&extension.as_str()))
}
