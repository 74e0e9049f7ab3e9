//! What is to be written elsewhere, and from what.

use std::sync::Arc;

use obx_core::export::{Extras, Form, JqOutputs};
use obx_core::i18n::Language;
use obx_core::store::ExchangeId;
use onebound::Exchange;

/// An exchange that is handed on; equal to itself alone.
#[derive(Clone, Debug)]
pub struct Held(pub Arc<Exchange>);

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Held {}

/// An exchange to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// At hand.
    Held(Held),
    /// In the store.
    Stored(ExchangeId),
}

/// Where the text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file; a path that is not absolute begins in the working directory, `~/` in HOME.
    File {
        /// As it was typed.
        path: String,
        /// Whether a file of that name may go.
        overwrite: bool,
    },
    /// The clipboard.
    Clipboard,
}

/// An export that the user confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What is written.
    pub content: Content,
    /// Where to.
    pub to: Target,
    /// Of the labels in Markdown, and of what is copied.
    pub language: Language,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Exchanges.
    Exchanges {
        /// As what.
        form: Form,
        /// What was chosen beside it.
        extras: Extras,
        /// Of what, oldest first.
        of: Vec<Taken>,
    },
    /// The SKUs that a filter or a sorting shows, as CSV.
    ShownSkus {
        /// Of this answer.
        of: Held,
        /// Their places in it, in the order of the table.
        places: Arc<[usize]>,
        /// Whether it begins with a byte order mark.
        bom: bool,
    },
    /// What a jq program gave, an output a line.
    JqResult {
        /// What came out.
        outputs: JqOutputs,
        /// Whether strings are written as the texts that they are.
        unquoted: bool,
    },
}

/// What is read in another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The body.
    Body(Held),
    /// What a jq program gave over it.
    JqResult(Held, JqOutputs),
}

/// A program that gets the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// `$VISUAL`, `$EDITOR`, or vi.
    Editor,
    /// `$PAGER`, or less.
    Pager,
}
