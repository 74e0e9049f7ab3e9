//! `obx export --out FILE`: the file gets its name when all is written, and until then what was there stays.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::cli::failure::CliFailure;
use obx_core::part_file::{self, PartFile};
use obx_core::record::{PickedFields, Schema};
use obx_core::spreadsheet::{SheetWriter, SpreadsheetError};

/// Prices are no secret of one user, and the umask decides.
const MODE: u32 = 0o666;

/// A file that is being written.
pub(super) struct ExportFile {
    path: PathBuf,
    kind: FileKind,
}

enum FileKind {
    /// It is written beside the file that it replaces.
    Part(PartFile),
    /// A pipe or a device, which is written to at once.
    Opened(File),
}

impl ExportFile {
    /// Creates a file that is to have this path.
    ///
    /// # Errors
    /// If it can't be created.
    pub(super) fn create(path: &Path) -> Result<Self, CliFailure> {
        let unopened = |error| CliFailure::Unopened(path.to_owned(), error);
        let old = path.metadata().ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = File::options().write(true).open(path).map_err(unopened)?;
            return Ok(Self { path: path.to_owned(), kind: FileKind::Opened(file) });
        }
        // The file at the end of a link is replaced, not the link.
        let path = if old.is_some() { path.canonicalize().map_err(unopened)? } else { path.to_owned() };
        let part = part_file::create(&path, MODE).map_err(unopened)?;
        if let Some(old) = old {
            part.as_file().set_permissions(old.permissions()).map_err(unopened)?;
        }
        Ok(Self { path, kind: FileKind::Part(part) })
    }

    /// The file to write to.
    pub(super) fn file(&self) -> Result<File, CliFailure> {
        let file = match &self.kind {
            FileKind::Part(part) => part.as_file().try_clone(),
            FileKind::Opened(file) => file.try_clone(),
        };
        file.map_err(|error| CliFailure::Unopened(self.path.clone(), error))
    }

    /// Begins a spreadsheet with the names of these fields.
    ///
    /// # Errors
    /// If it can't be written; into a pipe it never can, since its beginning is written last.
    pub(super) fn sheet<T>(&self, schema: &Schema<T>, picked: &PickedFields) -> Result<Sheet, CliFailure> {
        if let FileKind::Opened(_) = self.kind {
            return Err(CliFailure::SheetInPipe(self.path.clone()));
        }
        let writer = BufWriter::new(self.file()?);
        let writer = SheetWriter::new(writer, &schema.names(picked));
        let writer = writer.map_err(|error| CliFailure::Sheet(self.path.clone(), error))?;
        Ok(Sheet { path: self.path.clone(), picked: picked.clone(), writer: Box::new(writer) })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// If it can't have it.
    pub(super) fn persist(self) -> Result<(), CliFailure> {
        let Self { path, kind } = self;
        let FileKind::Part(part) = kind else { return Ok(()) };
        let named = part.as_file().sync_data().and_then(|()| Ok(part.persist(&path).map(drop)?));
        named.map_err(|error| CliFailure::Unwritten(path, error))
    }
}

/// A spreadsheet that is being written.
pub(super) struct Sheet {
    path: PathBuf,
    picked: PickedFields,
    writer: Box<SheetWriter<BufWriter<File>>>,
}

impl Sheet {
    pub(super) fn row<T>(&mut self, schema: &Schema<T>, record: &T) -> Result<(), CliFailure> {
        let written = self.writer.row(schema.sheet_row(record, &self.picked));
        written.map_err(|error| CliFailure::Sheet(self.path.clone(), error))
    }

    pub(super) fn finish(self) -> Result<(), CliFailure> {
        let flushed = self.writer.finish().and_then(|writer| {
            let flushed = writer.into_inner().map_err(io::IntoInnerError::into_error);
            flushed.map(drop).map_err(SpreadsheetError::from)
        });
        flushed.map_err(|error| CliFailure::Sheet(self.path, error))
    }
}
