//! What panes, popups and the app request to be done.

use super::{
    Action, BatchCommand, BatchList, BatchOrder, BatchPlanRequest, ClipboardText, ColumnChoice, Export,
    FetchOrder, FilterJob, Held, Job, Notice, PaneId, PictureOrder, PriceJob, Reading, ResultsView,
    StoreRequest, Ticket, Viewer,
};
use obx_core::config::ThemeName;
use obx_core::fetch::FetchPolicy;
use obx_core::store::{Annotation, ExchangeId};
use onebound::{Call, ItemId};
use onebound_document::NodeRef;

/// A request to do something. [`crate::app::App`] carries out those down to [`Effect::KeepProgram`]: it changes its own
/// state, or returns other effects in their place. It remembers the text of [`Effect::Copy`], and passes that and all
/// others on to [`crate::tui`].
#[must_use = "an effect that is dropped is never carried out"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show this in the footer.
    Notify(Notice),
    /// Move the focus to this pane.
    Focus(PaneId),
    /// Close the popup in front. If that was a help, the popup behind it comes back.
    ClosePopup,
    /// Run this action, as in the panes.
    Run(Action),
    /// Fetch the answer to this call and show it, provided that its price was in sight.
    StartFetch {
        /// The session's parameters will be added.
        call: Box<Call>,
        /// Limits what may be spent.
        want: FetchPolicy,
    },
    /// Show this row of the request log again.
    ShowRow(usize),
    /// Explain this row of the request log.
    ExplainRow(usize),
    /// Read these rows of the request log, as far as they are not in memory.
    LoadRows(Vec<ExchangeId>),
    /// Marks the answer of this row of the log, or removes its mark.
    MarkRow(usize),
    /// Show this stored exchange.
    ShowStored(ExchangeId),
    /// Show the newest stored answer to this item.
    ShowNewest(ItemId),
    /// Show this node of the current answer in the response.
    Locate(NodeRef),
    /// Focus the SKU table, with the cursor on the SKU of this number.
    SelectSku(usize),
    /// Put the cursor of the SKU table on the SKU of this number, unless a filter hides it. The focus stays.
    SelectSkuIfShown(usize),
    /// Show these columns of the SKU table.
    ChooseColumns(ColumnChoice),
    /// Put this ID into the input, without fetching it.
    FillId(ItemId),
    /// Store an item's star and note.
    Annotate(ItemId, Annotation),
    /// Open the history with these words typed.
    OpenHistory(String),
    /// Open the search over stored answers with these words typed.
    OpenSearch(String),
    /// Show the plan of a batch for this list. Nothing is sent before the user confirms its price there.
    OpenBatch(BatchList),
    /// Have this list ready, in case that the user opens a batch.
    OfferBatch(BatchList),
    /// Remember the row of the batch that the user opened.
    KeepBatchRow(usize),
    /// Open the search for items; with words, they take the place of those before.
    OpenItemSearch(String),
    /// Fetch this page of a search and show it in the search, provided that its price was in sight.
    FetchPage {
        call: Box<Call>,
        /// Limits what may be spent.
        want: FetchPolicy,
    },
    /// Have the next popup of the search begin with this.
    KeepResultsView(ResultsView),
    /// Explain this exchange; then the popup in front comes back.
    ExplainExchange(Held),
    /// Offer to export this exchange as the bundle that the vendor's support asks for.
    ExportBundle(Held),
    /// Save a jq program, for this session and later ones.
    KeepProgram(String),
    /// Put a text on the clipboard; the app remembers it.
    Copy {
        /// The text's name, in the interface's language.
        what: String,
        text: ClipboardText,
    },
    /// Answer this call from the store or by sending it, as its policy allows.
    Fetch(FetchOrder),
    /// End this fetch if nothing of it was sent yet.
    EndUnsent(Ticket),
    /// Close this fetch's connection, even if its answer is arriving.
    Close(Ticket),
    /// Read a list and plan its batch. Nothing is sent.
    PlanBatch(Box<BatchPlanRequest>),
    /// Run a batch whose price the user has confirmed.
    RunBatch(Box<BatchOrder>),
    /// Pause, resume or stop the batch that runs.
    CommandBatch(BatchCommand),
    /// Write this to a file, or to the clipboard.
    Export(Box<Export>),
    /// Give the terminal to a program that shows this, until the program ends.
    Read(Viewer, Reading),
    /// Send a request to the store.
    Store(StoreRequest),
    /// Run a jq program, in place of the previous one.
    Filter(FilterJob),
    /// Calculate the columns of `[price]`, in place of the previous calculation.
    CalculatePrices(PriceJob),
    /// Stop the jq program, since its result is no longer wanted.
    EndFilter,
    /// Do this off the loop.
    Job(Job),
    /// Load this picture. That is no call.
    LoadPicture(PictureOrder),
    /// Open this address in a browser.
    OpenPage(String),
    /// Give the terminal to the shell and stop, until the shell continues obx.
    Suspend,
    /// Draw the screen in the colours of this theme.
    SetTheme(ThemeName),
    /// Have the terminal report the mouse, or leave it to the terminal.
    SetMouse(bool),
    /// Draw the whole screen again, for example because another program wrote on it.
    Redraw,
    Quit,
}

impl Effect {
    /// Shows a message in the footer.
    pub fn info(text: impl Into<String>) -> Self {
        Self::Notify(Notice::info(text))
    }

    /// Shows a message in the footer about a failure or refusal.
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
