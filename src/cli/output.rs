//! What a command prints on stdout: text, JSON or CSV. Everything else goes to stderr.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::failure::CliFailure;
use super::harmless;
use super::styled_line::bold;
use obx_core::flat::{FlatRecord, record_schema};
use obx_core::i18n::Texts;
use obx_core::jq::{Input, Program};
use obx_core::record::{PickedFields, Schema};
use onebound_document::Document;

/// Size of the buffer in bytes: most records fit.
const BUFFER: usize = 64 * 1024;

/// How a command prints its records.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct OutputArgs {
    #[arg(long)]
    pub(super) json: bool,
    #[arg(long, value_name = "A,B", num_args = 0..=1, default_missing_value = "")]
    fields: Option<String>,
    #[arg(long, value_name = "EXPR")]
    jq: Option<String>,
    #[arg(long, conflicts_with_all = ["json", "jq"])]
    csv: bool,
}

impl OutputArgs {
    /// Returns true if `--fields` was given alone: then the command lists its fields, and does nothing else.
    pub(super) fn lists_fields(&self) -> bool {
        self.fields.as_deref() == Some("")
    }

    pub(super) fn is_csv(&self) -> bool {
        self.csv
    }

    /// The same for a file: its name decides where nothing else does.
    pub(super) fn for_file(&self, path: Option<&Path>) -> Self {
        let is_csv =
            path.is_some_and(|path| path.extension().is_some_and(|name| name.eq_ignore_ascii_case("csv")));
        Self { csv: self.csv || (is_csv && !self.json && self.jq.is_none()), ..self.clone() }
    }

    /// Returns true if the form of the records is chosen, whatever the name of a file is.
    pub(super) fn has_form(&self) -> bool {
        self.json || self.csv || self.jq.is_some()
    }

    pub(super) fn has_program(&self) -> bool {
        self.jq.is_some()
    }

    /// Returns true if records are written, not text for people.
    pub(super) fn has_records(&self) -> bool {
        self.json || self.csv || self.jq.is_some() || self.fields.is_some()
    }
}

/// Stdout, or a file in its place. Whoever closes it ends the command quietly: each method then returns [`CliFailure::OutputClosed`].
pub(super) struct Output {
    writer: BufWriter<Box<dyn Write>>,
    /// `None` for stdout.
    path: Option<PathBuf>,
    /// Control characters of data are made visible, since a terminal would obey them.
    is_terminal: bool,
    /// Text for people has colours.
    pub(super) colors: bool,
    is_csv: bool,
    names: Option<Vec<String>>,
    program: Option<Program>,
}

/// Writes records of one schema.
#[derive(Debug)]
pub(super) struct Records<'s, T> {
    pub(super) schema: &'s Schema<T>,
    pub(super) picked: PickedFields,
    has_header: bool,
}

impl Output {
    /// Creates the output that the command line asks for.
    pub(super) fn new(args: &OutputArgs) -> Result<Self, CliFailure> {
        let stdout = io::stdout().lock();
        let is_terminal = stdout.is_terminal();
        Ok(Self { is_terminal, ..Self::to(Box::new(stdout), None, args)? })
    }

    /// The same with colours or without them.
    #[must_use]
    pub(super) fn colored(self, colors: bool) -> Self {
        Self { colors, ..self }
    }

    /// The same to a file.
    pub(super) fn to_file(args: &OutputArgs, path: &Path, file: File) -> Result<Self, CliFailure> {
        Self::to(Box::new(file), Some(path.to_owned()), args)
    }

    fn to(writer: Box<dyn Write>, path: Option<PathBuf>, args: &OutputArgs) -> Result<Self, CliFailure> {
        let program = args.jq.as_deref().map(Program::compile).transpose().map_err(CliFailure::Jq)?;
        let names = args.fields.as_deref().map(|names| names.split(',').map(str::to_owned).collect());
        let writer = BufWriter::with_capacity(BUFFER, writer);
        Ok(Self { writer, path, is_terminal: false, colors: false, is_csv: args.csv, names, program })
    }

    /// Chooses the fields of records of this schema.
    pub(super) fn records<'s, T>(&self, schema: &'s Schema<T>) -> Result<Records<'s, T>, CliFailure> {
        let picked = match &self.names {
            Some(names) => schema.pick(names).map_err(CliFailure::Field)?,
            None => schema.all(),
        };
        Ok(Records { schema, picked, has_header: false })
    }

    /// Writes one record: a line of JSON, a row of CSV, or what the jq program makes of it.
    pub(super) fn record<T>(&mut self, records: &mut Records<'_, T>, record: &T) -> Result<(), CliFailure> {
        let Records { schema, picked, has_header } = records;
        if self.is_csv {
            if !std::mem::replace(has_header, true) {
                self.bytes(schema.csv_header(picked).as_bytes())?;
            }
            return self.bytes(schema.csv_row(record, picked).as_bytes());
        }
        let json = schema.to_json(record, picked).to_string();
        self.json(&json)
    }

    /// Writes the record of an item, however long its lists are.
    pub(super) fn flat_record(&mut self, record: &FlatRecord<'_>) -> Result<(), CliFailure> {
        let schema = record_schema();
        let mut records = self.records(&schema)?;
        if self.program.is_some() {
            return self.record(&mut records, record);
        }
        let written = record.write_json(&mut *self, &records.picked);
        written.map_err(|error| self.failure(error))?;
        self.bytes(b"\n")
    }

    /// Writes a document, or what the jq program makes of it.
    pub(super) fn json(&mut self, json: &str) -> Result<(), CliFailure> {
        let Some(program) = &self.program else { return self.data_line(json) };
        // Records are written by a JSON library.
        let Ok(document) = Document::parse(json.as_bytes().to_vec().into()) else {
            return self.data_line(json);
        };
        let outputs = program.run(&Input::from_document(&document), &|| true).map_err(CliFailure::Jq)?;
        for line in outputs.text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            // Scripts want a string itself, not its JSON.
            match serde_json::from_slice::<serde_json::Value>(line) {
                Ok(serde_json::Value::String(text)) => self.data_line(&text)?,
                _ => self.data_line(&String::from_utf8_lossy(line))?,
            }
        }
        if outputs.cut { Err(CliFailure::JqCut) } else { Ok(()) }
    }

    /// Writes a line of text for people, which is clean but for obx's own colours.
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliFailure> {
        let written = writeln!(self.writer, "{text}");
        written.map_err(|error| self.failure(error))
    }

    /// Writes a table of text for people, the row of its titles in bold.
    pub(super) fn table(&mut self, lines: &[String]) -> Result<(), CliFailure> {
        let Some((titles, rows)) = lines.split_first() else { return Ok(()) };
        self.line(&bold(titles, self.colors))?;
        rows.iter().try_for_each(|line| self.line(line))
    }

    fn data_line(&mut self, data: &str) -> Result<(), CliFailure> {
        self.bytes(data.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes data as it is; on a terminal with its control characters made visible.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), CliFailure> {
        let written = self.write_all(bytes);
        written.map_err(|error| self.failure(error))
    }

    pub(super) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes what is buffered, so that a reader has each record as soon as it is there.
    pub(super) fn flush(&mut self) -> Result<(), CliFailure> {
        let flushed = self.writer.flush();
        flushed.map_err(|error| self.failure(error))
    }

    /// The failure of the command that an error of this writer is.
    fn failure(&self, error: io::Error) -> CliFailure {
        match &self.path {
            _ if error.kind() == ErrorKind::BrokenPipe => CliFailure::OutputClosed,
            Some(path) => CliFailure::Unwritten(path.clone(), error),
            None => unwritten(error),
        }
    }
}

/// The failure of the command that an error of stdout is.
pub(super) fn unwritten(error: io::Error) -> CliFailure {
    match error.kind() {
        ErrorKind::BrokenPipe => CliFailure::OutputClosed,
        _ => CliFailure::machine(Texts::cli_no_stdout)(error),
    }
}

/// Writes data as [`Output::bytes`] does. Each call must end with a whole character.
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal {
            let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
            self.writer.write_all(harmless(&text).as_bytes())?;
        } else {
            self.writer.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Lists the fields of a schema: name, type, what it is.
pub(super) fn list_fields<T>(schema: &Schema<T>, texts: Texts) -> Result<(), CliFailure> {
    let mut out = Output::new(&OutputArgs::default())?;
    let longest = schema.fields.iter().map(|field| field.name.len()).max().unwrap_or_default();
    for field in &schema.fields {
        let kind = field.kind.as_str();
        out.line(&format!("{:<longest$}  {kind:<8}  {}", field.name, (field.about)(texts)))?;
    }
    out.flush()
}
