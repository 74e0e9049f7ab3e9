//! Events that the app reacts to.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::layout::Size;

use super::{BatchTicket, BatchUpdate, Filtered, JobDone, MouseInput, PictureOrder, Priced, StoreEvent};
use obx_core::export::NotExported;
use obx_core::fetch::{Fetched, NotSent};
use obx_core::import::ImportNotes;
use obx_core::picture::{Picture, PictureError};
use obx_core::store::{ItemHistory, LogEntry};
use onebound::{CallProgress, Exchange};

/// The time of an event. The app has no clock, so every event brings its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall-clock time.
    pub at: Timestamp,
    /// Time since the app started, which never runs backwards.
    pub up: Duration,
}

/// Identifies a fetch and its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

impl Ticket {
    /// For exchanges from a file. The tickets of fetches begin at 1.
    pub const FROM_FILE: Self = Self(0);
}

/// Everything the app reacts to.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key was pressed.
    Key {
        key: KeyEvent,
        /// Whether anything else was in the same read, as in a paste without brackets, so that nobody can have meant
        /// this key by itself.
        in_burst: bool,
    },
    /// The mouse was used.
    Mouse(MouseInput),
    /// A bracketed paste.
    Paste(String),
    /// The previous paste had no end marker in time.
    PasteCutOff,
    /// Input contained invalid UTF-8, and its keys were dropped.
    NotUtf8,
    /// The screen was resized.
    Resize(Size),
    /// An event of a fetch.
    Fetch(Ticket, FetchEvent),
    /// The first frame is drawn, so what could wait may begin.
    Started,
    /// A batch was planned, or goes on.
    Batch(BatchTicket, BatchUpdate),
    /// An event of the store.
    Store(StoreEvent),
    /// A jq program has ended.
    Filtered(Filtered),
    /// The columns of `[price]` were calculated.
    Priced(Priced),
    /// What a pane wanted done off the loop is done, or has failed.
    JobDone(JobDone),
    /// A file was read.
    File {
        exchanges: Vec<Arc<Exchange>>,
        /// Its entries that were left out, or not read in full.
        notes: ImportNotes,
    },
    /// An effect that isn't a fetch was carried out, or failed.
    Done(Done),
    /// The time has come that [`crate::app::App::next_wake`] returned.
    Wake,
}

/// Where a copied text was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopiedTo {
    /// Passed to tmux, which passes it to the terminal.
    Tmux,
    /// Sent to the terminal, which does not report whether it accepted it.
    Terminal,
    /// In tmux's buffer only, because it is too long for the terminal's clipboard.
    TmuxOnly,
    /// Written to this file, because it is too long for the terminal.
    File(String),
}

/// The result of an effect that isn't a fetch.
#[derive(Clone, Debug)]
pub enum Done {
    /// A text was copied.
    Copied {
        /// The text's name, in the interface's language.
        what: String,
        /// How many control characters were left out.
        left_out: usize,
        to: CopiedTo,
    },
    /// An export was written.
    Exported {
        path: String,
        /// With its unit.
        size: String,
        /// How many values were written as strings because JSON can't represent them as they were sent.
        quoted: usize,
    },
    /// Nothing was written, because this file exists already.
    ExportExists(String),
    /// Nothing was written.
    ExportFailed { path: String, why: String },
    /// The export is incomplete, and its target can't be restored either.
    ExportInPart {
        path: String,
        /// Why it is incomplete.
        why: String,
    },
    /// Nothing was written, because the exchange lacks what the format needs.
    NothingToExport(NotExported),
    /// The program was not found.
    ProgramMissing {
        /// The variable that names it.
        program: &'static str,
        /// The variable's value, or the default.
        value: String,
    },
    /// The program could not be run.
    ProgramFailed {
        /// The variable that names it.
        program: &'static str,
        why: String,
    },
    /// The program failed.
    ProgramEnded {
        /// The variable that names it.
        program: &'static str,
        end: ProgramEnd,
    },
    /// Nothing was copied, for this reason.
    CopyFailed(String),
    /// A browser was started with this URL.
    PageOpened(String),
    /// There is no browser to open this URL.
    NoBrowser(String),
    /// A picture was loaded, or could not be.
    PictureLoaded { order: PictureOrder, loaded: Result<Arc<Picture>, PictureError> },
}

/// How a failed program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramEnd {
    /// With this exit code.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
}

/// How a fetch ended, with what the screen needs of the store, so that nothing has to be asked after it.
#[derive(Clone, Debug)]
pub struct FetchEnd {
    /// What it brought.
    pub fetched: Fetched,
    /// The log's rows for its exchanges, in the order in which they were made.
    pub rows: Vec<LogEntry>,
    /// Whether its exchanges were handed to the store and not written at its end; then [`super::StoreEvent::Stored`] follows.
    pub is_unwritten: bool,
    /// The item's stored answers, star and note; `None` where they could not be had in time.
    pub history: Option<ItemHistory>,
}

impl FetchEnd {
    /// The end of a fetch at this moment.
    pub fn new(fetched: Fetched, at: Timestamp, history: Option<ItemHistory>) -> Self {
        // Asked once: it can be written at any moment.
        let written = fetched.written();
        let is_unwritten = fetched.stored.is_some() && written.is_none();
        Self { rows: fetched.log_entries(at, &written.unwrap_or_default()), is_unwritten, fetched, history }
    }
}

/// An event of a fetch.
#[derive(Clone, Debug)]
pub enum FetchEvent {
    Progress(CallProgress),
    /// It has ended, successfully or not.
    Finished(Box<FetchEnd>),
    /// Nothing was sent, for this reason.
    NotSent(NotSent),
}
