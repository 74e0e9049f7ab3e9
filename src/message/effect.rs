//! What the app wants done, and what a pane wants of the app.

use std::fmt;
use std::sync::Arc;

use super::{ClipboardText, Export, FilterJob, Held, PaneId, Reader, Reading, StoreRequest, Ticket};
use obx_core::fetch::FetchPolicy;
use obx_core::store::{Annotation, ExchangeId};
use onebound::{Call, Exchange, ItemId};
use onebound_document::NodeRef;

/// Something outside of the app that is to be done; [`crate::tui`] carries it out.
#[must_use = "what is dropped is never done"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Answer this call, from the store or by sending it, as far as `want` allows.
    Fetch {
        /// Comes back with every result.
        ticket: Ticket,
        /// What is asked.
        call: Box<Call>,
        /// What may be spent.
        want: FetchPolicy,
    },
    /// End this fetch if nothing of it was sent yet.
    EndUnsent(Ticket),
    /// Close this fetch's connection, whatever is on its way.
    Close(Ticket),
    /// Put this text on the clipboard; `what` names it.
    Copy {
        /// What is copied, in the interface's language.
        what: String,
        /// Itself.
        text: ClipboardText,
    },
    /// Write this down elsewhere.
    Export(Box<Export>),
    /// Give the terminal to a program that shows this, until the program ends.
    Read(Reader, Reading),
    /// Ask the store, or have it write something down.
    Store(StoreRequest),
    /// Run a jq program, in place of the one before.
    Filter(FilterJob),
    /// No jq program is wanted any more.
    EndFilter,
    /// Look a large answer over, for its facts.
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

/// An answer that was not looked over yet.
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

/// What a pane asks of the app.
#[must_use = "what is dropped is never done"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Fetch, and show what comes.
    Fetch {
        /// What is asked.
        call: Box<Call>,
        /// What may be spent.
        want: FetchPolicy,
    },
    /// Show this row of the request log again.
    Show(usize),
    /// Show where this stands in the answer on the screen.
    Locate(NodeRef),
    /// Explain this row of the request log.
    Explain(usize),
    /// Read the next page of older rows of the request log.
    OlderRows,
    /// Show this stored exchange.
    ShowStored(ExchangeId),
    /// Show the newest stored answer to this item.
    ShowNewest(ItemId),
    /// Write this ID into the input; nothing is fetched.
    FillId(ItemId),
    /// Write down what the user says of an item.
    Annotation {
        /// Of which.
        num_iid: ItemId,
        /// Its star and note.
        remark: Annotation,
    },
    /// Open the history with these words typed.
    History(String),
    /// Open the search with these words typed.
    Find(String),
    /// Run a jq program over what is shown.
    Filter(FilterJob),
    /// Let go of what ran jq programs.
    EndFilter,
    /// Ask which jq programs were kept.
    Programs,
    /// Keep a jq program.
    KeepProgram(String),
    /// Put this on the clipboard, and remember it.
    Copy {
        /// What is copied, in the interface's language.
        what: String,
        /// Itself.
        text: ClipboardText,
    },
    /// Offer what the vendor's support asks for.
    Bundle(Held),
    /// Move the focus.
    Focus(PaneId),
    /// Tell the user what was done.
    Tell(String),
    /// Tell the user what was not done, and why.
    Warn(String),
}
