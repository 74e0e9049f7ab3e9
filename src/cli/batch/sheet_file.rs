//! The results as a spreadsheet, in the file of the results.

use std::fs::File;
use std::io::{self, BufWriter};

use super::BatchFailure;
use super::out_file::OutFile;
use obx_core::spreadsheet::{SheetValue, SheetWriter, SpreadsheetError};

type FileWriter = Box<SheetWriter<BufWriter<File>>>;

/// A sheet that is begun with its first row, since only then the names of its columns are known. One that is dropped is
/// completed, since no program opens a part of a spreadsheet.
pub(super) struct SheetFile(SheetState);

enum SheetState {
    Empty(File),
    Begun(FileWriter),
    /// It is complete, or could not be written.
    Ended,
}

impl SheetFile {
    pub(super) fn new(file: &OutFile) -> Result<Self, BatchFailure> {
        Ok(Self(SheetState::Empty(file.file()?)))
    }

    /// Writes a row, after the names of the columns if it is the first.
    pub(super) fn row<'v>(
        &mut self,
        names: impl FnOnce() -> Vec<String>,
        cells: impl IntoIterator<Item = SheetValue<'v>>,
    ) -> Result<(), BatchFailure> {
        let mut writer = self.begun(names)?;
        writer.row(cells)?;
        self.0 = SheetState::Begun(writer);
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
        match std::mem::replace(&mut self.0, SheetState::Ended) {
            SheetState::Empty(file) => Ok(Box::new(SheetWriter::new(BufWriter::new(file), &names())?)),
            SheetState::Begun(writer) => Ok(writer),
            SheetState::Ended => Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
        }
    }
}

impl Drop for SheetFile {
    fn drop(&mut self) {
        if let SheetState::Begun(writer) = std::mem::replace(&mut self.0, SheetState::Ended) {
            let _ = writer.finish(); // nobody is left to learn of a failure
        }
    }
}
