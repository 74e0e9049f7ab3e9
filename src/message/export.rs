//! What is to be written elsewhere, and from what.

use std::sync::Arc;

use crate::api::Exchange;
use crate::export::{Extras, Form};
use crate::i18n::Language;
use crate::store::ExchangeId;

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
    pub form: Form,
    /// What was chosen beside it.
    pub extras: Extras,
    /// Of what, oldest first.
    pub of: Vec<Taken>,
    /// Where to.
    pub to: Target,
    /// Of the labels in Markdown, and of what is copied.
    pub language: Language,
}

/// A program that gets the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `$VISUAL`, `$EDITOR`, or vi.
    Editor,
    /// `$PAGER`, or less.
    Pager,
}
