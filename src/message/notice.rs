//! A message to the user, shown until the next key.

use super::{Action, Ticket};

/// A message that takes the place of the footer's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// In the interface's language.
    pub text: String,
    /// Whether it reports a failure or a refusal.
    pub alert: bool,
    /// The call that it is about; it becomes obsolete when that call ends.
    while_under_way: Option<Ticket>,
    /// Whether it reports a failure of the store; it becomes obsolete when the store answers.
    while_store_fails: bool,
    /// An action whose key and price are shown before the text.
    pub offer: Option<Action>,
    /// Whether as many key hints as fit are shown after the text.
    pub keeps_hints: bool,
}

impl Notice {
    /// A notice about something that happened.
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

    /// A notice about a failure or a refusal.
    pub fn alert(text: impl Into<String>) -> Self {
        Self { alert: true, ..Self::info(text) }
    }

    /// Makes it obsolete when this call ends.
    #[must_use]
    pub fn until_end_of(self, ticket: Ticket) -> Self {
        Self { while_under_way: Some(ticket), ..self }
    }

    /// Makes it obsolete when the store answers.
    #[must_use]
    pub fn until_store_answers(self) -> Self {
        Self { while_store_fails: true, ..self }
    }

    /// Whether it becomes obsolete when the store answers.
    pub fn ends_with_store_failure(&self) -> bool {
        self.while_store_fails
    }

    /// Whether it becomes obsolete when this call ends.
    pub fn ends_with(&self, ticket: Ticket) -> bool {
        self.while_under_way == Some(ticket)
    }

    /// Shows the key and price of this action before the text, if there is one.
    #[must_use]
    pub fn offering(self, offer: Option<Action>) -> Self {
        Self { offer, ..self }
    }

    /// Shows key hints after the text.
    #[must_use]
    pub fn with_hints(self) -> Self {
        Self { keeps_hints: true, ..self }
    }

    /// A notice with the price of an action that would spend, because its price was not on the screen.
    pub fn offer(action: Action, text: impl Into<String>) -> Self {
        Self::info(text).offering(Some(action))
    }
}
