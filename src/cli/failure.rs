//! Why obx ends before the explorer runs, or without it.

use std::io;
use std::path::PathBuf;

use super::ExitCode;
use super::batch::BatchFailure;
use super::store::StoreMistake;
use super::stored::NotStored;
use crate::keymap::KeyProblem;
use crate::tui::effects::UnreadableFile;
use crate::ui::filter::FilterError;
use obx_core::config::ConfigError;
use obx_core::file_kind::FileKind;
use obx_core::i18n::{Describe, Texts};
use obx_core::jq::FilterFault;
use obx_core::record::UnknownField;
use obx_core::spreadsheet::{MAX_ROWS, SpreadsheetError};
use obx_core::store::StoreError;
use onebound::{CallError, ItemIdError, SearchError};
#[cfg(feature = "demo")]
use onebound_emulator::StartError;

#[derive(Debug)]
pub(super) enum CliFailure {
    Config(ConfigError),
    ItemId(ItemIdError),
    /// The keys in this config file have mistakes.
    Keys(PathBuf, Vec<KeyProblem>),
    /// Stdin or stdout is no terminal.
    NoTerminal,
    /// Stdout is no terminal.
    NoScreen,
    /// Stdin was taken by the file to view, and there is no other terminal.
    NoKeyboard(io::Error),
    DumbTerminal,
    /// `obx view -` without a pipe.
    NothingOnStdin,
    View(UnreadableFile),
    /// The level in `OBX_LOG` is none.
    LogLevel(String),
    /// There is no folder for the log.
    NoLogFolder,
    Log(PathBuf, io::Error),
    LogNotAFile(PathBuf, FileKind),
    #[cfg(feature = "demo")]
    Emulator(StartError),
    /// Whoever read stdout has closed it: the command ends quietly.
    OutputClosed,
    /// A field that no record has.
    Field(UnknownField),
    Jq(FilterFault),
    /// What a program makes of a record has no room.
    JqCut,
    /// `--max-cost` without a price per call in the config.
    NoPrice,
    /// The store can't be read or written.
    Store(StoreError),
    StoreCommand(StoreMistake),
    /// A question needs a terminal, or `--yes`.
    NeedsYes,
    /// No item was requested before that a probe could request again.
    NoProbeItem,
    /// A file that the user has named, and that can't be opened for writing.
    Unopened(PathBuf, io::Error),
    /// A file that was opened, and could not be written.
    Unwritten(PathBuf, io::Error),
    /// A spreadsheet that can't be written.
    Sheet(PathBuf, SpreadsheetError),
    /// A spreadsheet in place of a pipe or a device.
    SheetInPipe(PathBuf),
    /// A spreadsheet of records that have no rows.
    SheetHasRows(PathBuf),
    /// `--demo` for a command that reads the store.
    NothingInDemo,
    /// Stdin can't be read.
    Stdin(io::Error),
    /// A file for the textfile collector, which would not read it.
    NotProm(PathBuf),
    /// A search that can't be made.
    Search(SearchError),
    /// A call that can't be made of the parameters.
    Call(CallError),
    /// The store does not have what was asked for.
    NotStored(NotStored),
    /// A filter of the log, and what is wrong with it.
    LogFilter(String, FilterError),
    /// Neither the number of a stored answer nor a time.
    NoPoint(String),
    Batch(BatchFailure),
    /// There is neither a home directory nor a named file.
    NoConfigPlace,
    /// The editor that this variable names ended with this status.
    EditorFailed(&'static str, String),
    /// `obx completions` without a shell, where `SHELL` names none that it knows.
    NoShell,
    /// An error code outside of the vendor's table.
    UnknownCode(String),
    /// The machine failed obx: what could not be done, as a text, and the system's word for it.
    Machine(fn(Texts) -> &'static str, io::Error),
}

impl CliFailure {
    /// For `map_err`.
    pub(super) fn machine(what: fn(Texts) -> &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Machine(what, error)
    }

    /// What to do; empty if the description says it.
    pub(super) fn hint(&self, texts: Texts) -> String {
        match self {
            Self::NotStored(missing) => missing.hint(texts),
            _ => String::new(),
        }
    }

    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::Machine(..)
            | Self::Unwritten(..)
            | Self::Sheet(..)
            | Self::NotStored(NotStored::Readable(_)) => ExitCode::Internal,
            Self::Store(error) => ExitCode::from_store_error(error),
            Self::NotStored(_) => ExitCode::NoResult,
            Self::OutputClosed => ExitCode::Ok,
            Self::NeedsYes => ExitCode::Refused,
            Self::Batch(failure) => failure.code(),
            _ => ExitCode::Usage,
        }
    }
}

/// Why a text has no item's ID. Where nothing can be typed, an empty one is described in other words.
pub(super) fn id_error(error: &ItemIdError, texts: Texts) -> String {
    match error {
        ItemIdError::Empty => texts.cli_no_id().to_owned(),
        _ => error.describe(texts),
    }
}

impl From<StoreError> for CliFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ConfigError> for CliFailure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<SearchError> for CliFailure {
    fn from(error: SearchError) -> Self {
        Self::Search(error)
    }
}

impl Describe for CliFailure {
    fn describe(&self, texts: Texts) -> String {
        let about = |what: String, error: &dyn Describe| texts.named(what, error.describe(texts));
        match self {
            Self::Config(error) => error.describe(texts),
            Self::ItemId(error) => id_error(error, texts),
            Self::Keys(path, problems) => {
                let path = format!("{:?}", path.to_string_lossy());
                let line = |problem: &KeyProblem| texts.named(&path, problem.describe(texts));
                problems.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::NoTerminal => texts.cli_no_terminal().to_owned(),
            Self::NoScreen => texts.cli_no_screen().to_owned(),
            Self::NoKeyboard(error) => about(texts.cli_no_keyboard().to_owned(), error),
            Self::DumbTerminal => texts.cli_dumb_terminal().to_owned(),
            Self::NothingOnStdin => texts.view_nothing().to_owned(),
            Self::View(error) => error.describe(texts),
            Self::LogLevel(level) => texts.log_level(format_args!("{level:?}")),
            Self::NoLogFolder => texts.log_no_home().to_owned(),
            Self::Log(path, error) => about(texts.log_unwritable(path.display()), error),
            Self::LogNotAFile(path, kind) => {
                let reason = texts.log_is_a_file(kind.describe(texts));
                texts.named(texts.log_unwritable(path.display()), reason)
            }
            #[cfg(feature = "demo")]
            Self::Emulator(StartError::PortTaken { port }) => texts.cli_port_taken(port),
            #[cfg(feature = "demo")]
            Self::Emulator(StartError::Listen { port, source }) => about(texts.cli_no_port(port), source),
            Self::OutputClosed => String::new(),
            Self::Field(error) => error.describe(texts),
            Self::Jq(fault) => texts.cli_jq(fault.describe(texts)),
            Self::JqCut => texts.cli_jq_cut().to_owned(),
            Self::NoPrice => texts.cli_no_price().to_owned(),
            Self::Store(error) => error.describe(texts),
            Self::StoreCommand(mistake) => mistake.describe(texts),
            Self::NeedsYes => texts.cli_needs_yes().to_owned(),
            Self::NoProbeItem => texts.cli_no_probe_item().to_owned(),
            Self::Unopened(path, error) | Self::Unwritten(path, error) => {
                about(texts.cli_unwritten(path.display()), error)
            }
            Self::Sheet(path, SpreadsheetError::TooLarge) => {
                texts.sheet_too_many_rows(path.display(), MAX_ROWS)
            }
            Self::Sheet(path, error) => about(texts.cli_unwritten(path.display()), error),
            Self::SheetInPipe(path) => texts.sheet_in_pipe(path.display()),
            Self::SheetHasRows(path) => texts.sheet_has_rows(path.display()),
            Self::NothingInDemo => texts.cli_nothing_in_demo().to_owned(),
            Self::Stdin(error) => about(texts.cli_no_stdin().to_owned(), error),
            Self::NotProm(path) => texts.quota_not_prom(path.display()),
            Self::Call(error) => error.describe(texts),
            Self::Search(error) => error.describe(texts),
            Self::NotStored(missing) => missing.describe(texts),
            Self::LogFilter(filter, error) => texts.log_filter_mistake(filter, error.describe(texts)),
            Self::NoPoint(text) => texts.no_such_point(text),
            Self::Batch(failure) => failure.describe(texts),
            Self::NoConfigPlace => texts.config_no_place().to_owned(),
            Self::EditorFailed(variable, status) => texts.config_editor_failed(variable, status),
            Self::NoShell => texts.completions_no_shell().to_owned(),
            Self::UnknownCode(code) => texts.cli_no_code(code),
            Self::Machine(what, error) => about(what(texts).to_owned(), error),
        }
    }
}
