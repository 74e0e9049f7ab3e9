//! One line of text in a popup: what is typed and pasted, cleaned and never longer than it may be.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use super::readline;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use onebound::SecretNames;

/// The line and the cursor in it.
#[derive(Debug)]
pub(super) struct LineInput {
    area: TextArea<'static>,
    longest: usize,
}

impl LineInput {
    /// An input that holds this text, and never more than so many characters.
    pub(super) fn new(text: &str, longest: usize) -> Self {
        let mut input = Self { area: TextArea::default(), longest };
        input.paste(text);
        input
    }

    /// What is written in it.
    pub(super) fn draft(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// A key; says whether the text is another one now.
    pub(super) fn type_key(&mut self, key: KeyEvent) -> bool {
        let before = self.draft().len();
        if !readline::edit(&mut self.area, key)
            && let Some(c) = readline::typed(key)
        {
            self.paste(&c.to_string());
        }
        hide_secrets(&mut self.area);
        // Every key that changes the text changes its length.
        self.draft().len() != before
    }

    /// Puts a text in, on one line, as much of it as there is room for.
    pub(super) fn paste(&mut self, text: &str) {
        let room = self.longest.saturating_sub(self.draft().chars().count());
        let text: String = clean(text).chars().take(room).collect();
        self.area.insert_str(text);
        hide_secrets(&mut self.area);
    }

    /// Told before each drawing what stands there while nothing is written.
    pub(super) fn set_placeholder(&mut self, placeholder: &str) {
        self.area.set_cursor_line_style(Theme.text());
        self.area.set_placeholder_text(placeholder);
        self.area.set_placeholder_style(Theme.dim());
    }

    /// Draws it into the first row of a popup's inside.
    pub(super) fn view(&self, inside: Rect, buffer: &mut Buffer) {
        let row = Rect { x: inside.x + 1, height: 1, width: inside.width.saturating_sub(2), ..inside };
        (&self.area).render(row, buffer);
    }
}

/// An address of the gateway carries key and secret: while one stands in an input, nothing of it is shown.
pub(super) fn hide_secrets(area: &mut TextArea<'_>) {
    hide_named(area, &SecretNames::default());
}

/// The same for names that the config file adds.
pub(super) fn hide_named(area: &mut TextArea<'_>, names: &SecretNames) {
    if area.lines().first().is_some_and(|line| names.are_assigned_in(line)) {
        area.set_mask_char('•');
    } else {
        area.clear_mask_char();
    }
}
