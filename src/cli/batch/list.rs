//! The list of a batch. It is read twice: for the plan, and for the batch itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::report::ErrorReport;
use super::Run;
use super::failure::{BatchFailure, has_extension};
use obx_core::batch::{BatchInput, BatchLine, InputError, InputFormat, InputLine};

/// In place of a file: the list is on stdin.
pub(super) const STDIN: &str = "-";

/// Number of notes about doubled lines that are shown to people.
const NOTES: u64 = 20;

type Reader = Box<dyn BufRead + Send>;

/// The error at which the second reading of a list ended, if any.
pub(super) type ReadError = Arc<Mutex<Option<InputError>>>;

#[derive(Debug)]
pub(super) struct List {
    path: PathBuf,
    content: Content,
    format: InputFormat,
    platform: String,
}

#[derive(Debug)]
enum Content {
    File,
    /// Of stdin and of pipes, which can be read only once.
    Bytes(Arc<[u8]>),
}

impl List {
    pub(super) fn open(path: &Path, column: Option<&str>, platform: &str) -> Result<Self, BatchFailure> {
        if has_extension(path, &["xlsx", "xls"]) {
            return Err(BatchFailure::Spreadsheet(path.to_owned()));
        }
        let is_table = column.is_some() || has_extension(path, &["csv", "tsv"]);
        let format = if is_table {
            InputFormat::Csv { column: column.map(str::to_owned) }
        } else {
            InputFormat::Lines
        };
        let failure = |error: io::Error| BatchFailure::List(path.display().to_string(), error.into());
        let content = content(path).map_err(failure)?;
        Ok(Self { path: path.to_owned(), content, format, platform: platform.to_owned() })
    }

    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Begins to read it.
    pub(super) fn read(&self) -> Result<BatchInput<Reader>, BatchFailure> {
        let failure = |error: InputError| BatchFailure::List(self.name(), error);
        let reader: Reader = match &self.content {
            Content::File => {
                let file = File::open(&self.path).map_err(|error| failure(error.into()))?;
                Box::new(BufReader::new(file))
            }
            Content::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        };
        BatchInput::new(reader, &self.format, &self.platform).map_err(failure)
    }

    /// Its lines with an ID, each ID once. An error ends them.
    pub(super) fn lines(
        &self,
        error: ReadError,
    ) -> Result<impl Iterator<Item = BatchLine> + Send + 'static, BatchFailure> {
        let mut input = self.read()?;
        Ok(std::iter::from_fn(move || {
            loop {
                match input.next()? {
                    Ok(InputLine::Item(line)) => return Some(line),
                    // The plan has reported them.
                    Ok(InputLine::Doubled { .. } | InputLine::Rubbish { .. }) => {}
                    Err(failed) => {
                        *error.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
                        return None;
                    }
                }
            }
        }))
    }
}

fn content(path: &Path) -> io::Result<Content> {
    let mut bytes = Vec::new();
    if path == Path::new(STDIN) {
        let _ = io::stdin().lock().read_to_end(&mut bytes)?; // the length is in the vector
    } else if path.metadata()?.is_file() {
        let _ = File::open(path)?; // a file that can't be opened is reported before the plan
        return Ok(Content::File);
    } else {
        let _ = File::open(path)?.read_to_end(&mut bytes)?; // the length is in the vector
    }
    Ok(Content::Bytes(bytes.into()))
}

/// What the first reading of a list finds beside its items. It reports lines without an ID, and doubled ones.
pub(super) struct Survey<'a> {
    run: &'a Run,
    header: Vec<String>,
    width: usize,
    pub(super) rubbish: u64,
    pub(super) doubled: u64,
    error: ReadError,
}

impl<'a> Survey<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self { run, header: Vec::new(), width: 0, rubbish: 0, doubled: 0, error: ReadError::default() }
    }

    pub(super) fn begin(&mut self, input: &BatchInput<Reader>) {
        self.header = input.header().map(<[String]>::to_vec).unwrap_or_default();
        self.width = self.header.len();
    }

    /// Returns the next line with an ID that no earlier one has.
    pub(super) fn next(&mut self, input: &mut BatchInput<Reader>) -> Option<BatchLine> {
        let texts = self.run.texts;
        loop {
            match input.next() {
                Some(Ok(InputLine::Item(line))) => {
                    self.width = self.width.max(line.columns.len());
                    return Some(line);
                }
                Some(Ok(InputLine::Doubled { number, id, first })) => {
                    self.doubled += 1;
                    if self.doubled <= NOTES {
                        self.run.note(&texts.batch_doubled(number, id, first));
                    }
                }
                Some(Ok(InputLine::Rubbish { number, text, error })) => {
                    self.rubbish += 1;
                    self.run.report(&ErrorReport::of_input(text, &error, texts).on_line(number));
                }
                Some(Err(error)) => {
                    *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return None;
                }
                None => {
                    if self.doubled > NOTES {
                        self.run.note(&texts.batch_more_doubled(self.doubled - NOTES));
                    }
                    return None;
                }
            }
        }
    }

    /// The names of the list's columns; those without one have their number.
    pub(super) fn names(&self) -> Vec<String> {
        let numbered = |at: usize| format!("column_{}", at + 1);
        let named = |at: usize| self.header.get(at).filter(|name| !name.trim().is_empty()).cloned();
        (0..self.width).map(|at| named(at).unwrap_or_else(|| numbered(at))).collect()
    }

    /// Where a later reading leaves its error.
    pub(super) fn error(&self) -> ReadError {
        Arc::clone(&self.error)
    }

    pub(super) fn take_error(&self) -> Option<InputError> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
