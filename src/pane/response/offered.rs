//! Completions for a jq program, offered one after the other and then from the beginning again.

use ratatui::text::{Line, Span};

use super::filter::dim;
use crate::pane::text_input::TextInput;
use crate::ui::text::{visible, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use obx_core::jq::{Completion, complete};
use onebound_document::Document;

/// The completions, the chosen one, and the text around it.
#[derive(Debug)]
pub(super) struct Offered {
    completion: Completion,
    chosen: usize,
    before: String,
    after: String,
}

impl Offered {
    /// Finds the completions at the cursor, and chooses the first.
    pub(super) fn at(input: &TextInput, document: &Document) -> Self {
        let before = input.before_cursor();
        let after = input.text().get(before.len()..).unwrap_or_default();
        let completion = complete(document, before, after);
        let before = before.get(..completion.start).unwrap_or_default().to_owned();
        Self { completion, chosen: 0, before, after: after.to_owned() }
    }

    /// Whether there are completions.
    pub(super) fn has_any(&self) -> bool {
        !self.completion.words.is_empty()
    }

    /// Chooses the next or previous one.
    pub(super) fn step(&mut self, forward: bool) {
        let count = self.completion.words.len().max(1);
        self.chosen = (self.chosen + if forward { 1 } else { count - 1 }) % count;
    }

    /// Puts the chosen one into the line; returns false if there is none.
    pub(super) fn put(&self, input: &mut TextInput) -> bool {
        let Some(word) = self.completion.words.get(self.chosen) else { return false };
        input.set(&format!("{}{word}", self.before));
        input.insert_behind(&self.after);
        true
    }

    pub(super) fn line(&self, texts: Texts, room: usize) -> Line<'static> {
        if self.completion.words.is_empty() {
            return dim(texts.jq_nothing_fits(), room);
        }
        let mut spans = vec![Span::raw("  ")];
        let mut left = room;
        // Scrolls so that the chosen one and those after it are visible.
        let first = self.chosen.saturating_sub(3);
        for (at, word) in self.completion.words.iter().enumerate().skip(first) {
            let word = format!(" {} ", visible(word));
            let Some(rest) = left.checked_sub(width(&word)) else { break };
            left = rest;
            spans.push(Span::styled(word, if at == self.chosen { Theme.badge() } else { Theme.text() }));
        }
        Line::from(spans)
    }
}
