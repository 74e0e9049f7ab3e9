//! What was just said to the user; the next key takes it away.

use super::{Action, Ticket};

/// A line in place of the footer's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// In the interface's language.
    pub text: String,
    /// Whether something is not as it should be.
    pub alert: bool,
    /// The call that it is about: once that has ended, it is no longer true.
    while_under_way: Option<Ticket>,
    /// It says that the store can't be read: once that answers, it is no longer true.
    while_store_fails: bool,
    /// The key of this action stands before it, with its price.
    pub offer: Option<Action>,
    /// Whether the keys that work here are shown behind it, as many as fit.
    pub keeps_hints: bool,
}

impl Notice {
    /// Something happened.
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            alert: false,
            while_under_way: None,
            while_store_fails: false,
            offer: None,
            keeps_hints: false,
        }
    }

    /// Something went wrong, or was not done.
    pub fn alert(text: impl Into<String>) -> Self {
        Self { alert: true, ..Self::info(text) }
    }

    /// The same, true only while this call is under way.
    #[must_use]
    pub fn until_end_of(self, ticket: Ticket) -> Self {
        Self { while_under_way: Some(ticket), ..self }
    }

    /// The same, true only while the store can't be read.
    #[must_use]
    pub fn until_store_answers(self) -> Self {
        Self { while_store_fails: true, ..self }
    }

    /// Whether it is no longer true once the store answers.
    pub fn ends_with_store_failure(&self) -> bool {
        self.while_store_fails
    }

    /// Whether it is no longer true once this call has ended.
    pub fn ends_with(&self, ticket: Ticket) -> bool {
        self.while_under_way == Some(ticket)
    }

    /// The same, with the key of this action before it, where there is one.
    #[must_use]
    pub fn offering(self, offer: Option<Action>) -> Self {
        Self { offer, ..self }
    }

    /// The same, with the keys that work here behind it.
    #[must_use]
    pub fn with_hints(self) -> Self {
        Self { keeps_hints: true, ..self }
    }

    /// An action would spend, and its price was not on the screen: here it is.
    pub fn offer(action: Action, text: impl Into<String>) -> Self {
        Self::info(text).offering(Some(action))
    }
}
