//! The list of a batch. It is read twice: for the plan, and for the batch itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::Run;
use super::failure::BatchFailure;
use super::list_history::{ListContents, ListHistory};
use obx_core::batch::{BatchInput, BatchLine, InputError, InputFormat, InputLine, ListKind};
use obx_core::config::Paths;
use obx_core::spreadsheet::Spreadsheet;

/// In place of a file: the list is on stdin.
const STDIN: &str = "-";

/// Number of notes about duplicate lines, and about unusual ones, that are shown to people.
const NOTES: u64 = 20;

/// Number of digits of the shortest IDs; those with fewer are rather prices or numbers of rows.
const SHORTEST: usize = 8;

/// Which list it is.
#[derive(clap::Args, Debug)]
pub(super) struct ListArgs {
    #[arg(value_name = "FILE", required_unless_present = "fields")]
    batch_list: Option<PathBuf>,
    #[arg(long, value_name = "NAME|N")]
    column: Option<String>,
    #[arg(long, value_name = "NAME|N")]
    sheet: Option<String>,
}

impl ListArgs {
    pub(super) fn path(&self) -> &Path {
        self.batch_list.as_deref().unwrap_or(STDIN.as_ref())
    }
}

type Reader = Box<dyn BufRead + Send>;

/// The error at which the second reading of a list ended, if any.
pub(super) type ReadError = Arc<Mutex<Option<InputError>>>;

#[derive(Debug)]
pub(super) struct List {
    path: PathBuf,
    content: Content,
    format: ListFormat,
    platform: String,
}

#[derive(Debug)]
enum ListFormat {
    Text(InputFormat),
    Spreadsheet { column: Option<String>, sheet: Option<String> },
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

impl Seek for SpoolReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to_or_back = |from: u64, by: i64| from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput);
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => to_or_back(self.file.metadata()?.len(), by)?,
            SeekFrom::Current(by) => to_or_back(self.at, by)?,
        };
        Ok(self.at)
    }
}

impl List {
    pub(super) fn open(args: &ListArgs, platform: &str) -> Result<Self, BatchFailure> {
        let path = args.path();
        let failure = |error: io::Error| BatchFailure::List(path.display().to_string(), error.into());
        let content = content(path).map_err(failure)?;
        let column = args.column.clone();
        let is_table = column.is_some() || ListKind::from_path(path) == ListKind::Csv;
        let format = if is_spreadsheet(path, &content).map_err(failure)? {
            ListFormat::Spreadsheet { column, sheet: args.sheet.clone() }
        } else if args.sheet.is_some() {
            return Err(BatchFailure::NoSheets);
        } else if is_table {
            ListFormat::Text(InputFormat::Csv { column })
        } else {
            ListFormat::Text(InputFormat::Lines)
        };
        Ok(Self { path: path.to_owned(), content, format, platform: platform.to_owned() })
    }

    /// Its history; `None` for stdin and pipes, which have no name that lasts.
    pub(super) fn history(&self, paths: &Paths) -> Option<ListHistory> {
        let (column, sheet) = match &self.format {
            ListFormat::Text(InputFormat::Lines) => (None, None),
            ListFormat::Text(InputFormat::Csv { column }) => (column.as_deref(), None),
            ListFormat::Spreadsheet { column, sheet } => (column.as_deref(), sheet.as_deref()),
        };
        let has_name = matches!(self.content, Content::File);
        has_name.then(|| ListHistory::new(paths, &self.path, column, sheet)).flatten()
    }

    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Begins to read it.
    pub(super) fn read(&self) -> Result<BatchInput<Reader>, BatchFailure> {
        let failure = |error: InputError| BatchFailure::List(self.name(), error);
        match &self.content {
            Content::File => {
                let file = File::open(&self.path).map_err(|error| failure(error.into()))?;
                self.read_from(BufReader::new(file))
            }
            Content::Bytes(bytes) => self.read_from(Cursor::new(Arc::clone(bytes))),
            Content::Spooled(file) => {
                self.read_from(BufReader::new(SpoolReader { file: Arc::clone(file), at: 0 }))
            }
        }
        .map_err(failure)
    }

    fn read_from(
        &self,
        reader: impl BufRead + Seek + Send + 'static,
    ) -> Result<BatchInput<Reader>, InputError> {
        match &self.format {
            ListFormat::Text(format) => {
                let reader: Reader = Box::new(reader);
                BatchInput::new(reader, format, &self.platform)
            }
            ListFormat::Spreadsheet { column, sheet } => {
                let rows = Spreadsheet::open(reader)?.rows(sheet.as_deref())?;
                BatchInput::from_sheet(rows, column.as_deref(), &self.platform)
            }
        }
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
                    Ok(InputLine::Duplicate { .. } | InputLine::Invalid { .. }) => {}
                    Err(failed) => {
                        *error.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
                        return None;
                    }
                }
            }
        }))
    }
}

/// Returns true for the bytes of an archive, or of an older form of spreadsheets; and by the name, whatever the bytes are.
fn is_spreadsheet(path: &Path, content: &Content) -> io::Result<bool> {
    let mut start = Vec::new();
    let _ = match content {
        Content::File => File::open(path)?.take(4).read_to_end(&mut start)?,
        Content::Bytes(bytes) => (&**bytes).take(4).read_to_end(&mut start)?,
        Content::Spooled(file) => {
            SpoolReader { file: Arc::clone(file), at: 0 }.take(4).read_to_end(&mut start)?
        }
    }; // the length is in the vector
    let has_magic = start == b"PK\x03\x04" || start == b"\xd0\xcf\x11\xe0";
    Ok(has_magic || ListKind::from_path(path) == ListKind::Spreadsheet)
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
pub(super) struct ListAnalysis<'a> {
    run: &'a Run,
    /// Whether the user has named the sheet.
    names_sheet: bool,
    header: Vec<String>,
    width: usize,
    pub(super) invalid: u64,
    pub(super) duplicates: u64,
    unusual: u64,
    pub(super) contents: ListContents,
    error: ReadError,
}

impl<'a> ListAnalysis<'a> {
    pub(super) fn new(run: &'a Run, args: &ListArgs) -> Self {
        Self {
            run,
            names_sheet: args.sheet.is_some(),
            header: Vec::new(),
            width: 0,
            invalid: 0,
            duplicates: 0,
            unusual: 0,
            contents: ListContents::default(),
            error: ReadError::default(),
        }
    }

    pub(super) fn begin(&mut self, input: &BatchInput<Reader>) {
        self.header = input.header().map(<[String]>::to_vec).unwrap_or_default();
        self.width = self.header.len();
        if let Some(sheet) = input.sheet().filter(|sheet| !self.names_sheet && !sheet.others.is_empty()) {
            self.run.note(&self.run.texts.batch_sheet(&sheet.name, sheet.others.join(", ")));
        }
    }

    /// Returns the next line with an ID that no earlier one has.
    pub(super) fn next(&mut self, input: &mut BatchInput<Reader>) -> Option<BatchLine> {
        let texts = self.run.texts;
        loop {
            match input.next() {
                Some(Ok(InputLine::Item(line))) => {
                    self.width = self.width.max(line.columns.len());
                    self.contents.push(line.id.as_str());
                    self.note_unusual(&line);
                    return Some(line);
                }
                Some(Ok(InputLine::Duplicate { number, id, first })) => {
                    self.duplicates += 1;
                    // People see the first ones.
                    if self.run.is_json() || self.duplicates <= NOTES {
                        self.run.remark(
                            |texts| vec![texts.batch_duplicate(number, &id, first)],
                            || json!({ "duplicate": { "line": number, "num_iid": id.as_str(), "first": first } }),
                        );
                    }
                }
                Some(Ok(InputLine::Invalid { number, text, error })) => {
                    self.invalid += 1;
                    self.run.report(&self.run.input_error(&text, &error).on_line(number));
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

    /// People who took a wrong column or list see it before they pay.
    fn note_unusual(&mut self, line: &BatchLine) {
        if line.id.looks_like_telephone() || line.id.as_str().len() < SHORTEST {
            self.unusual += 1;
            if self.unusual <= NOTES {
                self.run.note(&self.run.texts.batch_unusual(line.number, &line.id));
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
