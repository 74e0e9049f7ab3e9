//! `:` every action by its name, found by typing part of it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

use crate::i18n::Texts;
use crate::keymap::{Keymap, Scope};
use crate::message::Action;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_left, pad_right};
use crate::ui::theme::{Theme, YUAN};

const MAX_DRAFT: usize = 60;

/// The popup: what is typed, what matches, and which of it the cursor is on.
#[derive(Debug)]
pub struct Palette {
    keymap: Keymap,
    area: TextArea<'static>,
    scroll: Scroll,
    height: u16,
}

impl Palette {
    /// Every action, with its key in this map.
    pub fn new(keymap: Keymap) -> Self {
        Self { keymap, area: TextArea::default(), scroll: Scroll::default(), height: 0 }
    }

    /// Text typed into it.
    pub fn type_key(&mut self, key: KeyEvent) {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Backspace => drop(self.area.delete_char()),
            KeyCode::Char('h') if ctrl => drop(self.area.delete_char()),
            KeyCode::Char('u') if ctrl => drop(self.area.delete_line_by_head()),
            KeyCode::Char('w') if ctrl => drop(self.area.delete_word()),
            KeyCode::Char(c) if !ctrl => self.paste(&c.to_string()),
            _ => return,
        }
        self.scroll = Scroll::default();
    }

    /// Text pasted into it.
    pub fn paste(&mut self, text: &str) {
        let room = MAX_DRAFT.saturating_sub(self.draft().chars().count());
        let text: String = clean(text).chars().take(room).collect();
        self.area.insert_str(text);
    }

    /// Moves the cursor.
    pub fn act(&mut self, action: Action, texts: Texts) {
        self.scroll.act(action, self.matches(texts).len(), usize::from(self.height));
    }

    /// The action under the cursor.
    pub fn chosen(&self, texts: Texts) -> Option<Action> {
        self.matches(texts).get(self.scroll.at).copied()
    }

    /// Told before each drawing how large the screen is.
    pub fn settle(&mut self, texts: Texts, screen: Size) {
        self.height = inner(area(screen)).height.saturating_sub(1);
        self.scroll.settle(self.matches(texts).len(), usize::from(self.height));
        self.area.set_cursor_line_style(Theme.text());
        self.area.set_placeholder_text(texts.palette_placeholder());
        self.area.set_placeholder_style(Theme.dim());
    }

    /// Draws the popup over what is there.
    pub fn view(&self, texts: Texts, screen: Size, buffer: &mut Buffer) {
        let area = area(screen);
        let title = Line::from(format!(" {} ", texts.palette_title()));
        let edges = Edges { title, ..Edges::default() };
        crate::ui::popup_frame(buffer, area, edges);
        let inside = inner(area);
        let input = Rect { x: inside.x + 1, height: 1, width: inside.width.saturating_sub(2), ..inside };
        (&self.area).render(input, buffer);
        let matches = self.matches(texts);
        let rows = Rect { y: inside.y + 1, height: self.height, ..inside };
        for (y, at) in (rows.y..rows.bottom()).zip(self.scroll.top..matches.len()) {
            let Some(&action) = matches.get(at) else { break };
            crate::ui::line(buffer, rows.x, y, rows.width, &row_line(action, &self.keymap, texts));
            if at == self.scroll.at {
                crate::ui::row_style(buffer, rows, y, Theme.cursor(true));
            }
        }
    }

    fn draft(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    fn matches(&self, texts: Texts) -> Vec<Action> {
        let words: Vec<String> = self.draft().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let found = |action: &Action| {
            let told = action.describe(texts).to_lowercase();
            words.iter().all(|word| action.name().contains(word.as_str()) || told.contains(word.as_str()))
        };
        // Movements, and what only a popup knows, are keys or nothing: here they would stand in the way.
        Action::ALL
            .iter()
            .copied()
            .filter(|action| !action.is_movement() && !matches!(action, Action::Copy | Action::CopyMenu))
            .filter(found)
            .collect()
    }
}

fn area(screen: Size) -> Rect {
    popup(screen, 76, 16)
}

fn row_line(action: Action, keymap: &Keymap, texts: Texts) -> Line<'static> {
    let keys = keymap.key(Scope::Global, action).unwrap_or_default();
    Line::from(vec![
        Span::styled(format!(" {}", pad_right(action.name(), 18)), Theme.strong()),
        Span::raw(pad_right(action.describe(texts), 43)),
        Span::styled(if action.may_spend() { YUAN } else { " " }, Theme.warn()),
        Span::styled(pad_left(&keys, 10), Theme.key()),
    ])
}
