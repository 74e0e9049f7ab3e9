//! A field of the editor: text, or one of several values.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

use super::super::line_input::{hide_named, hide_secrets};
use super::super::readline;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use onebound::SecretNames;

/// Longer than any parameter that fits into an address.
const MAX_TEXT: usize = 1_000;

/// What is in a field.
#[derive(Debug)]
pub(super) enum Entry {
    /// Text, on one line.
    Text(Box<TextArea<'static>>),
    /// One of several values.
    Choice(Choice),
}

/// Values, and which of them is chosen.
#[derive(Debug)]
pub(super) struct Choice {
    labels: Vec<String>,
    pub(super) at: usize,
}

impl Choice {
    pub(super) fn label(&self) -> &str {
        self.labels.get(self.at).map_or("", String::as_str)
    }

    /// The value, between the arrows that lead to the others.
    pub(super) fn spans(&self, here: bool) -> Vec<Span<'static>> {
        let several = here && self.labels.len() > 1;
        let told = clean(self.label()).into_owned();
        vec![Span::raw(if several { format!("← {told} →") } else { told })]
    }

    fn step(&mut self, forward: bool) {
        let count = self.labels.len().max(1);
        self.at = (self.at + if forward { 1 } else { count - 1 }) % count;
    }
}

impl Entry {
    pub(super) fn text(text: &str) -> Self {
        let mut entry = Self::Text(Box::default());
        entry.replace(text);
        entry
    }

    /// One of these values; the one at `at` is chosen.
    pub(super) fn choice(labels: Vec<String>, at: usize) -> Self {
        Self::Choice(Choice { labels, at })
    }

    /// One of these values; `chosen` is, and joins them where it is none of them.
    pub(super) fn choice_of(values: &[&str], chosen: &str) -> Self {
        let mut labels: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        if !values.contains(&chosen) {
            labels.push(chosen.to_owned());
        }
        let at = labels.iter().position(|label| label == chosen).unwrap_or_default();
        Self::choice(labels, at)
    }

    /// The text without blanks around it, or the value that is chosen.
    pub(super) fn value(&self) -> &str {
        match self {
            Self::Text(area) => area.lines().first().map_or("", String::as_str).trim(),
            Self::Choice(choice) => choice.label(),
        }
    }

    /// The place of the value that is chosen.
    pub(super) fn place(&self) -> usize {
        match self {
            Self::Text(_) => 0,
            Self::Choice(choice) => choice.at,
        }
    }

    /// Whether nothing of its text is shown.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self, Self::Text(area) if area.mask_char().is_some())
    }

    pub(super) fn replace(&mut self, text: &str) {
        if let Self::Text(area) = self {
            let cut: String = clean(text).chars().take(MAX_TEXT).collect();
            **area = TextArea::new(vec![cut]);
            area.move_cursor(CursorMove::End);
            hide_secrets(area);
        }
    }

    /// Text at the cursor, on one line.
    pub(super) fn insert(&mut self, text: &str) {
        if let Self::Text(area) = self {
            let held = area.lines().first().map_or(0, |line| line.chars().count());
            let text: String = clean(text).chars().take(MAX_TEXT.saturating_sub(held)).collect();
            area.insert_str(text);
            hide_secrets(area);
        }
    }

    /// Shows nothing of a text in which a secret of these names is given.
    pub(super) fn hide(&mut self, names: &SecretNames) {
        if let Self::Text(area) = self {
            hide_named(area, names);
        }
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        match (self, key.code, readline::typed(key)) {
            (Self::Choice(choice), KeyCode::Right | KeyCode::Char(' '), _) => choice.step(true),
            (Self::Choice(choice), KeyCode::Left, _) => choice.step(false),
            (Self::Choice(_), ..) => {}
            (entry @ Self::Text(_), _, Some(c)) => entry.insert(&c.to_string()),
            (Self::Text(area), ..) => {
                readline::edit(area, key);
                hide_secrets(area);
            }
        }
    }
}

/// The cursor shows in the field that has it alone.
pub(super) fn view(area: &TextArea<'static>, here: bool, room: Rect, buffer: &mut Buffer) {
    let mut area = area.clone();
    area.set_cursor_line_style(Theme.text());
    if !here {
        area.set_cursor_style(Theme.text());
    }
    (&area).render(room, buffer);
}
