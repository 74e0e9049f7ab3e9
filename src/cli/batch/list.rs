//! The list of a batch. It is read twice: for the plan, and for the batch itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::super::report::ErrorReport;
use super::Run;
use super::failure::{BatchFailure, has_extension};
use super::list_history::{ListContents, ListHistory};
use obx_core::batch::{BatchInput, BatchLine, InputError, InputFormat, InputLine};
use obx_core::config::Paths;

/// In place of a file: the list is on stdin.
pub(super) const STDIN: &str = "-";

/// Number of notes about duplicate lines that are shown to people.
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
    /// The same, where it is long: in a file without a name, which ends with obx.
    Spooled(Arc<File>),
}

/// The longest list of stdin that is held in memory.
const MAX_IN_MEMORY: u64 = 1024 * 1024;

/// Reads a file from its start, whoever else reads it.
struct SpoolReader {
    file: Arc<File>,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
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

    /// Its history; `None` for stdin and pipes, which have no name that lasts.
    pub(super) fn history(&self, paths: &Paths) -> Option<ListHistory> {
        let column = match &self.format {
            InputFormat::Lines => None,
            InputFormat::Csv { column } => column.as_deref(),
        };
        matches!(self.content, Content::File).then(|| ListHistory::new(paths, &self.path, column)).flatten()
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
            Content::Spooled(file) => Box::new(BufReader::new(SpoolReader { file: Arc::clone(file), at: 0 })),
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
    if path == Path::new(STDIN) {
        return once(io::stdin().lock());
    }
    let file = File::open(path)?; // a file that can't be opened is reported before the plan
    if path.metadata()?.is_file() { Ok(Content::File) } else { once(file) }
}

/// Takes the content of what can be read only once.
fn once(mut source: impl Read) -> io::Result<Content> {
    let mut bytes = Vec::new();
    let _ = source.by_ref().take(MAX_IN_MEMORY + 1).read_to_end(&mut bytes)?; // the length is in the vector
    if bytes.len() as u64 <= MAX_IN_MEMORY {
        return Ok(Content::Bytes(bytes.into()));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    let _ = io::copy(&mut source, &mut file)?; // the length is that of the file
    Ok(Content::Spooled(Arc::new(file)))
}

/// What the first reading of a list finds beside its items. It reports lines without an ID, and duplicates.
pub(super) struct Survey<'a> {
    run: &'a Run,
    header: Vec<String>,
    width: usize,
    pub(super) invalid: u64,
    pub(super) duplicates: u64,
    pub(super) contents: ListContents,
    error: ReadError,
}

impl<'a> Survey<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self {
            run,
            header: Vec::new(),
            width: 0,
            invalid: 0,
            duplicates: 0,
            contents: ListContents::default(),
            error: ReadError::default(),
        }
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
                    self.contents.push(line.id.as_str());
                    return Some(line);
                }
                Some(Ok(InputLine::Doubled { number, id, first })) => {
                    self.duplicates += 1;
                    // People see the first ones.
                    if self.run.is_json() || self.duplicates <= NOTES {
                        self.run.remark(
                            |texts| vec![texts.batch_duplicate(number, &id, first)],
                            || json!({ "duplicate": { "line": number, "num_iid": id.as_str(), "first": first } }),
                        );
                    }
                }
                Some(Ok(InputLine::Rubbish { number, text, error })) => {
                    self.invalid += 1;
                    self.run.report(&ErrorReport::from_input(&text, &error, texts).on_line(number));
                }
                Some(Err(error)) => {
                    *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return None;
                }
                None => {
                    if self.duplicates > NOTES {
                        self.run.note(&texts.batch_more_duplicates(self.duplicates - NOTES));
                    }
                    self.contents.end(input.fingerprint());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_a_pipe_is_read_twice_and_not_held_in_memory() {
        let list = "610947572360\n".repeat(200_000);
        let Content::Spooled(file) = once(list.as_bytes()).unwrap() else { panic!("it is in memory") };
        let reader = || SpoolReader { file: Arc::clone(&file), at: 0 };
        let (mut first, mut second, mut start) = (String::new(), String::new(), [0; 5]);
        let mut interrupted = reader();
        interrupted.read_exact(&mut start).unwrap();
        let _ = reader().read_to_string(&mut first).unwrap();
        let _ = interrupted.read_to_string(&mut second).unwrap();
        assert!(first == list && list.ends_with(&second) && second.len() + start.len() == list.len());
        assert!(matches!(once(&b"610947572360\n"[..]).unwrap(), Content::Bytes(_)));
    }
}
