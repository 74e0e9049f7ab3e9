//! What was just said to the user; the next key takes it away.

/// A line in place of the footer's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// In the interface's language.
    pub text: String,
    /// Whether something is not as it should be.
    pub alert: bool,
}

impl Notice {
    /// Something happened.
    pub fn info(text: impl Into<String>) -> Self {
        Self { text: text.into(), alert: false }
    }

    /// Something went wrong, or was not done.
    pub fn alert(text: impl Into<String>) -> Self {
        Self { text: text.into(), alert: true }
    }
}
