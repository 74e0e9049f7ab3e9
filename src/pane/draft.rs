//! A line that is typed in a pane's frame: a filter, or what is searched for.

use crossterm::event::KeyEvent;
use ratatui::text::{Line, Span};
use tui_textarea::{CursorMove, TextArea};

use super::readline;
use crate::ui::text::{clean, fit};
use crate::ui::theme::Theme;

/// In characters.
const MAX_DRAFT: usize = 200;
/// Of it, in a pane's frame, in cells.
const MAX_SHOWN: usize = 24;

/// What was typed so far.
#[derive(Debug, Default)]
pub(super) struct Draft(TextArea<'static>);

impl Draft {
    pub(super) fn type_key(&mut self, key: KeyEvent) {
        if !readline::edit(&mut self.0, key)
            && let Some(c) = readline::typed(key)
        {
            self.paste(&c.to_string());
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        let room = MAX_DRAFT.saturating_sub(self.text().chars().count());
        let text: String = clean(text).chars().take(room).collect();
        self.0.insert_str(text);
    }

    pub(super) fn text(&self) -> &str {
        self.0.lines().first().map_or("", String::as_str)
    }

    /// Another text, with the cursor at its end.
    pub(super) fn set(&mut self, text: &str) {
        self.0 = TextArea::default();
        self.paste(text);
    }

    /// More text behind the cursor.
    pub(super) fn put_behind(&mut self, text: &str) {
        let at = self.0.cursor();
        self.paste(text);
        self.0.move_cursor(CursorMove::Jump(0, u16::try_from(at.1).unwrap_or(u16::MAX)));
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> &str {
        let text = self.text();
        let at = text.char_indices().nth(self.0.cursor().1).map_or(text.len(), |(at, _)| at);
        text.get(..at).unwrap_or(text)
    }

    /// For the pane's lower edge.
    pub(super) fn line(&self, typing: bool) -> Line<'static> {
        let theme = Theme;
        let draft = fit(self.text(), MAX_SHOWN).into_owned();
        let mut spans = vec![Span::styled(" /", theme.key()), Span::styled(draft, theme.strong())];
        if typing {
            spans.push(Span::styled(" ", theme.selected()));
        }
        spans.push(Span::raw(" "));
        Line::from(spans)
    }
}
