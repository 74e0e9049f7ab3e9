//! A field of the call editor: text, or a choice of values.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::text::Span;

use crate::pane::text_input::TextInput;
use crate::ui::text::clean;
use onebound::SecretNames;

/// In characters; longer than any parameter that fits into an address.
const MAX_TEXT: usize = 1_000;

/// The content of a field.
#[derive(Debug)]
pub(super) enum EditorField {
    /// Text, on one line.
    Text(Box<TextInput>),
    /// One of several values.
    Choice(FieldChoice),
}

/// Several values, one of them chosen.
#[derive(Debug)]
pub(super) struct FieldChoice {
    labels: Vec<String>,
    pub(super) at: usize,
}

impl FieldChoice {
    pub(super) fn label(&self) -> &str {
        self.labels.get(self.at).map_or("", String::as_str)
    }

    /// Returns the value, between arrows if others can be chosen here.
    pub(super) fn spans(&self, here: bool) -> Vec<Span<'static>> {
        let several = here && self.labels.len() > 1;
        let shown = clean(self.label()).into_owned();
        vec![Span::raw(if several { format!("← {shown} →") } else { shown })]
    }

    fn step(&mut self, forward: bool) {
        let count = self.labels.len().max(1);
        self.at = (self.at + if forward { 1 } else { count - 1 }) % count;
    }
}

impl EditorField {
    pub(super) fn text(text: &str) -> Self {
        Self::masked_text(text, SecretNames::default())
    }

    /// Text of which nothing is shown while it gives a value to one of these names.
    pub(super) fn masked_text(text: &str, names: SecretNames) -> Self {
        let input = TextInput::with_limit(MAX_TEXT).masking(names);
        Self::Text(Box::new(input.with_text(text)))
    }

    /// Creates a choice of these values, with the one at `at` chosen.
    pub(super) fn choice(labels: Vec<String>, at: usize) -> Self {
        Self::Choice(FieldChoice { labels, at })
    }

    /// Creates a choice of these values, with `chosen` added if it isn't one of them.
    pub(super) fn choice_of(values: &[&str], chosen: &str) -> Self {
        let mut labels: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        if !values.contains(&chosen) {
            labels.push(chosen.to_owned());
        }
        let at = labels.iter().position(|label| label == chosen).unwrap_or_default();
        Self::choice(labels, at)
    }

    /// Returns the text without blanks around it, or the chosen value.
    pub(super) fn value(&self) -> &str {
        match self {
            Self::Text(input) => input.text().trim(),
            Self::Choice(choice) => choice.label(),
        }
    }

    /// Returns the index of the chosen value; 0 for text.
    pub(super) fn place(&self) -> usize {
        match self {
            Self::Text(_) => 0,
            Self::Choice(choice) => choice.at,
        }
    }

    /// Returns true if the text is masked.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self, Self::Text(input) if input.is_masked())
    }

    pub(super) fn replace(&mut self, text: &str) {
        if let Self::Text(input) = self {
            input.set(text);
        }
    }

    /// Inserts text at the cursor, as one line.
    pub(super) fn insert(&mut self, text: &str) {
        if let Self::Text(input) = self {
            input.insert(text);
        }
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        match (self, key.code) {
            (Self::Choice(choice), KeyCode::Right | KeyCode::Char(' ')) => choice.step(true),
            (Self::Choice(choice), KeyCode::Left) => choice.step(false),
            (Self::Choice(_), _) => {}
            (Self::Text(input), _) => drop(input.type_key(key)),
        }
    }
}
