//! What panes, popups and the app want done.

use std::fmt;
use std::sync::Arc;

use super::{
    Action, ClipboardText, Export, FilterJob, Held, Job, Notice, PaneId, Reading, StoreRequest, Ticket,
    Viewer,
};
use obx_core::fetch::FetchPolicy;
use obx_core::store::{Annotation, ExchangeId};
use onebound::{Call, Exchange, ItemId};
use onebound_document::NodeRef;

/// Something to be done. [`crate::app::App`] carries out what concerns itself, down to [`Effect::KeepProgram`], and
/// passes the rest on to [`crate::tui`].
#[must_use = "an effect that is dropped is never carried out"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show this in the footer.
    Notify(Notice),
    /// Move the focus to this pane.
    Focus(PaneId),
    /// Close the popup in front; the one behind its help comes back.
    ClosePopup,
    /// Do what this action does in the panes.
    Run(Action),
    /// Fetch the answer to this call, if its price was in sight, and show it.
    StartFetch {
        /// The session's parameters are added to it.
        call: Box<Call>,
        /// Bounds what may be spent.
        want: FetchPolicy,
    },
    /// Show this row of the request log again.
    ShowRow(usize),
    /// Explain this row of the request log.
    ExplainRow(usize),
    /// Read the next page of older rows of the request log.
    LoadOlderRows,
    /// Show this stored exchange.
    ShowStored(ExchangeId),
    /// Show the newest stored answer to this item.
    ShowNewest(ItemId),
    /// Show this node of the answer on the screen in the response.
    Locate(NodeRef),
    /// Write this ID into the input; nothing is fetched.
    FillId(ItemId),
    /// Store an item's star and note.
    Annotate(ItemId, Annotation),
    /// Open the history with these words typed.
    OpenHistory(String),
    /// Open the search over stored answers with these words typed.
    OpenSearch(String),
    /// Offer this exchange as the bundle that the vendor's support asks for.
    ExportBundle(Held),
    /// Keep a jq program, in this session and for the next.
    KeepProgram(String),
    /// Put a text on the clipboard; the app remembers it, too.
    Copy {
        /// Names the text, in the interface's language.
        what: String,
        /// Goes to the clipboard.
        text: ClipboardText,
    },
    /// Answer this call, from the store or by sending it, as far as `want` allows.
    Fetch {
        /// Comes back with every result.
        ticket: Ticket,
        /// Complete, as it would be sent.
        call: Box<Call>,
        /// Bounds what may be spent.
        want: FetchPolicy,
    },
    /// End this fetch if nothing of it was sent yet.
    EndUnsent(Ticket),
    /// Close this fetch's connection, whatever is on its way.
    Close(Ticket),
    /// Write this to a file, or to the clipboard.
    Export(Box<Export>),
    /// Give the terminal to a program that shows this, until the program ends.
    Read(Viewer, Reading),
    /// Read from the store, or write to it.
    Store(StoreRequest),
    /// Run a jq program, in place of the one before.
    Filter(FilterJob),
    /// No jq program is wanted any more.
    EndFilter,
    /// Do this off the loop.
    Job(Job),
    /// Look for the facts about a large answer.
    Analyze(Unanalyzed),
    /// Open this address in a browser.
    OpenPage(String),
    /// Give the terminal back and stop, until the shell continues.
    Suspend,
    /// Draw everything again, as after another program wrote on the screen.
    Redraw,
    /// Leave.
    Quit,
}

impl Effect {
    /// Says in the footer that something happened.
    pub fn info(text: impl Into<String>) -> Self {
        Self::Notify(Notice::info(text))
    }

    /// Says in the footer that something went wrong, or was not done.
    pub fn alert(text: impl Into<String>) -> Self {
        Self::Notify(Notice::alert(text))
    }

    /// Fetches the answer to this call.
    pub fn start_fetch(call: Call, want: FetchPolicy) -> Self {
        Self::StartFetch { call: Box::new(call), want }
    }

    /// Copies this text without its control characters.
    pub fn copy(what: impl Into<String>, text: &str) -> Self {
        Self::Copy { what: what.into(), text: ClipboardText::new(text) }
    }
}

/// An exchange whose facts are not known yet.
#[derive(Clone)]
pub struct Unanalyzed(pub Arc<Exchange>);

impl PartialEq for Unanalyzed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Unanalyzed {}

impl fmt::Debug for Unanalyzed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unanalyzed({} bytes)", self.0.body.len())
    }
}
