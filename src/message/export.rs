//! What is exported or opened in another program, and where to.

use std::sync::Arc;

use obx_core::export::{Extras, Form, JqOutputs};
use obx_core::i18n::Language;
use obx_core::price::PriceColumn;
use obx_core::store::ExchangeId;
use onebound::Exchange;

/// A shared exchange, equal only to itself.
#[derive(Clone, Debug)]
pub struct Held(pub Arc<Exchange>);

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Held {}

/// An exchange to be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// In memory.
    Held(Held),
    Stored(ExchangeId),
}

/// The destination of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file. A relative path begins in the working directory, `~/` in HOME.
    File {
        /// As it was typed.
        path: String,
        /// Whether an existing file may be replaced.
        overwrite: bool,
    },
    Clipboard,
}

/// An export that the user confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The content of an export.
    pub content: Content,
    pub to: Target,
    /// The language of Markdown labels and of the clipboard notice.
    pub language: Language,
}

/// The content of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Exchanges {
        form: Form,
        /// The form's further settings.
        extras: Extras,
        /// The exchanges, oldest first.
        of: Vec<Taken>,
    },
    /// The SKUs as their table is filtered and sorted, as CSV.
    ShownSkus {
        /// The answer with the SKUs.
        of: Held,
        /// Their indexes in the answer, in the order of the table.
        places: Arc<[usize]>,
        /// Calculated columns.
        calculated: Arc<[Arc<PriceColumn>]>,
        /// Whether it begins with a byte order mark.
        bom: bool,
    },
    /// The outputs of a jq program, one per line.
    JqResult {
        outputs: JqOutputs,
        /// Whether strings are written without quotes and escapes.
        unquoted: bool,
    },
}

/// What another program displays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The body of this exchange.
    Body(Held),
    /// The outputs of a jq program over the body of this exchange.
    JqResult(Held, JqOutputs),
}

/// A program that takes over the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// `$VISUAL`, `$EDITOR`, or vi.
    Editor,
    /// `$PAGER`, or less.
    Pager,
}
