//! What happens to the app.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::layout::Size;

use super::{Filtered, JobDone, StoreEvent};
use obx_core::export::Nothing;
use obx_core::fetch::{Fetched, NotSent};
use obx_core::import::LeftOut;
use onebound::{CallProgress, Exchange};

/// A moment: the app has no clock, so every event brings its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// On the wall.
    pub at: Timestamp,
    /// Since the app started; never runs backwards.
    pub up: Duration,
}

/// Names one fetch, so that its results can be told from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

impl Ticket {
    /// Of what came from a file: no fetch has it, for theirs begin at 1.
    pub const FROM_FILE: Self = Self(0);
}

/// Everything the app reacts to.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key. `in_burst` when it came in one read with anything else, as a paste without brackets does.
    Key {
        /// Which.
        key: KeyEvent,
        /// Whether a person can have meant it by itself.
        in_burst: bool,
    },
    /// Text pasted between brackets.
    Paste(String),
    /// The paste before this had no end, and was taken for ended.
    PasteCutOff,
    /// Bytes came that are no UTF-8, and no key was taken from among them.
    NotUtf8,
    /// The screen has another size.
    Resize(Size),
    /// News of a fetch.
    Fetch(Ticket, FetchEvent),
    /// The first picture stands: what could wait may begin.
    Started,
    /// The store says something.
    Store(StoreEvent),
    /// A jq program came to its end.
    Filtered(Filtered),
    /// What a pane wanted done off the loop is done.
    JobDone(JobDone),
    /// A large answer was looked over.
    Analyzed,
    /// A file was read.
    File {
        /// What lay in it.
        exchanges: Vec<Arc<Exchange>>,
        /// How many of its entries are none.
        left_out: LeftOut,
    },
    /// Something was copied or opened, or could not be.
    Done(Done),
    /// The moment has come that [`crate::app::App::next_wake`] named.
    Wake,
}

/// Where a copied text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopiedTo {
    /// Handed to tmux, which hands it on.
    Tmux,
    /// Sent to the terminal; nobody can tell whether it took it.
    Terminal,
    /// In tmux's buffer, and too long for its terminal's clipboard.
    TmuxOnly,
    /// Too long for the terminal, so it was written to this file.
    File(String),
}

/// What became of an effect that is no fetch.
#[derive(Clone, Debug)]
pub enum Done {
    /// A text was copied.
    Copied {
        /// What was copied, in the interface's language.
        what: String,
        /// Control characters of it that were not.
        left_out: usize,
        /// Where it is.
        to: CopiedTo,
    },
    /// An export is written.
    Exported {
        /// The whole path.
        path: String,
        /// With its unit.
        size: String,
        /// How many values are strings in it, since JSON does not have them as they were sent.
        quoted: usize,
    },
    /// Nothing was written: there is a file of that name.
    ExportExists(String),
    /// Nothing was written.
    ExportFailed {
        /// The whole path.
        path: String,
        /// Why not.
        why: String,
    },
    /// It could not be written all, into what could not be left as it was.
    ExportInPart {
        /// The whole path.
        path: String,
        /// Why not all.
        why: String,
    },
    /// Nothing was written: there is nothing of this kind.
    NothingToExport(Nothing),
    /// There is no such program.
    ProgramMissing {
        /// The variable that names it.
        program: &'static str,
        /// What that says, or what is taken without it.
        value: String,
    },
    /// A program could not be run.
    ProgramFailed {
        /// The variable that names it.
        program: &'static str,
        /// Why not.
        why: String,
    },
    /// A program ended otherwise than well.
    ProgramEnded {
        /// The variable that names it.
        program: &'static str,
        /// How.
        end: ProgramEnd,
    },
    /// Nothing was copied.
    CopyFailed(String),
    /// A browser was started with this address.
    PageOpened(String),
    /// There is no browser; here is the address.
    NoBrowser(String),
}

/// How a program ended that did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramEnd {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// News of a fetch.
#[derive(Clone, Debug)]
pub enum FetchEvent {
    /// It got further.
    Progress(CallProgress),
    /// It ended, in whatever way.
    Finished(Box<Fetched>),
    /// Nothing was sent, and why.
    NotSent(NotSent),
}
