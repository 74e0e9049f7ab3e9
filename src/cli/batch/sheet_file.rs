//! The results as a spreadsheet, in the file of the results.

use std::fs::File;
use std::io::{self, BufWriter};

use super::BatchFailure;
use super::out_file::OutFile;
use obx_core::spreadsheet::{SheetValue, SheetWriter, SpreadsheetError};

type FileWriter = Box<SheetWriter<BufWriter<File>>>;

/// A sheet that is begun with its first row, since only then the names of its columns are known.
pub(super) enum SheetFile {
    Empty(File),
    Begun(FileWriter),
    /// It could not be written.
    Failed,
}

impl SheetFile {
    pub(super) fn new(file: &OutFile) -> Result<Self, BatchFailure> {
        Ok(Self::Empty(file.file()?))
    }

    /// Writes a row, after the names of the columns if it is the first.
    pub(super) fn row<'v>(
        &mut self,
        names: impl FnOnce() -> Vec<String>,
        cells: impl IntoIterator<Item = SheetValue<'v>>,
    ) -> Result<(), BatchFailure> {
        let mut writer = self.begun(names)?;
        writer.row(cells)?;
        *self = Self::Begun(writer);
        Ok(())
    }

    /// Completes the file.
    pub(super) fn finish(mut self, names: impl FnOnce() -> Vec<String>) -> Result<(), BatchFailure> {
        let file = self.begun(names)?.finish()?;
        let flushed = file.into_inner().map_err(io::IntoInnerError::into_error);
        flushed.map(drop).map_err(SpreadsheetError::from)?;
        Ok(())
    }

    fn begun(&mut self, names: impl FnOnce() -> Vec<String>) -> Result<FileWriter, SpreadsheetError> {
        match std::mem::replace(self, Self::Failed) {
            Self::Empty(file) => Ok(Box::new(SheetWriter::new(BufWriter::new(file), &names())?)),
            Self::Begun(writer) => Ok(writer),
            Self::Failed => Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
        }
    }
}
