//! `:`: lists all actions by name, filtered by what is typed.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::Hint;
use super::history_view::view_instead;
use super::popup::{Popup, close};
use super::text_input::TextInput;
use crate::keymap::Keymap;
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{pad_left, pad_right};
use crate::ui::theme::{Theme, YUAN};
use obx_core::i18n::Texts;

const MAX_DRAFT: usize = 60;

/// Commands of vi, which hands type by habit.
const COMMANDS: [(&str, Action); 7] = [
    ("q", Action::Quit),
    ("q!", Action::Quit),
    ("qa", Action::Quit),
    ("wq", Action::Quit),
    ("w", Action::Export),
    ("e", Action::OpenEditor),
    ("h", Action::Help),
];

#[derive(Debug)]
pub struct Palette {
    keymap: Keymap,
    input: TextInput,
    scroll: Scroll,
    height: u16,
}

impl Palette {
    /// Lists all actions with their keys in this keymap.
    pub fn new(keymap: Keymap) -> Self {
        Self { keymap, input: TextInput::with_limit(MAX_DRAFT), scroll: Scroll::default(), height: 0 }
    }

    /// Completes the typed name as far as all names with this beginning agree, else to the name under the cursor.
    fn complete(&mut self, texts: Texts) {
        let draft = self.input.text().trim_start().to_lowercase();
        let matches = self.matches(texts);
        let begun = matches.iter().map(|action| action.name()).filter(|name| name.starts_with(&draft));
        let agreed = begun.reduce(common_prefix).filter(|name| name.len() > draft.len());
        let chosen = matches.get(self.scroll.at).map(|action| action.name());
        let Some(name) = agreed.or(chosen).filter(|_| self.words().is_none()) else { return };
        let words = if Action::from_name(name).is_some_and(Action::takes_words) { " " } else { "" };
        self.input = TextInput::with_limit(MAX_DRAFT).with_text(&format!("{name}{words}"));
        self.scroll = Scroll::default();
    }

    fn at_cursor(&self, texts: Texts) -> Option<Action> {
        self.matches(texts).get(self.scroll.at).copied()
    }

    /// Returns an action that takes words, and the words typed after its name: `find 直销`.
    fn words(&self) -> Option<(Action, &str)> {
        let (name, words) = self.input.text().trim().split_once(char::is_whitespace)?;
        let action = Action::from_name(&name.to_lowercase()).filter(|action| action.takes_words())?;
        Some((action, words.trim()))
    }

    fn matches(&self, texts: Texts) -> Vec<Action> {
        if let Some((action, _)) = self.words() {
            return vec![action];
        }
        let draft = self.input.text().trim().to_lowercase();
        let words: Vec<&str> = draft.split_whitespace().collect();
        let meant = COMMANDS.iter().find(|(command, _)| *command == draft).map(|(_, action)| *action);
        let found = |action: &Action| {
            if Some(*action) == meant {
                return true;
            }
            let description = action.describe(texts).to_lowercase();
            words.iter().all(|word| action.name().contains(word) || description.contains(word))
        };
        let mut matches: Vec<Action> =
            Action::all().filter(|action| action.is_in_palette()).filter(found).collect();
        // An action typed by its full name comes first, then names that begin with the draft, then names that contain
        // its words. Among equals, actions that may be billed come last, so that Enter doesn't run one by accident.
        matches.sort_by_key(|action| {
            let name = action.name();
            let is_named = words.iter().all(|word| name.contains(word));
            let is_meant = name == draft || Some(*action) == meant;
            (!is_meant, !name.starts_with(&draft), !is_named, action.may_spend())
        });
        matches
    }
}

impl Popup for Palette {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Escape => vec![Effect::ClosePopup],
            Action::NextPane => {
                self.complete(model.texts);
                Vec::new()
            }
            Action::Submit => match self.words() {
                Some((Action::Find, words)) => vec![Effect::ClosePopup, Effect::OpenSearch(words.to_owned())],
                Some((_, words)) => vec![Effect::ClosePopup, Effect::OpenHistory(words.to_owned())],
                None => match self.at_cursor(model.texts) {
                    Some(action) => vec![Effect::ClosePopup, Effect::Run(action)],
                    None => Vec::new(),
                },
            },
            _ => {
                self.scroll.act(action, self.matches(model.texts).len(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.input.type_key(key) {
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.input.insert(text);
        self.scroll = Scroll::default();
        Vec::new()
    }

    fn chosen(&self, model: &Model) -> Option<Action> {
        self.at_cursor(model.texts)
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height.saturating_sub(1);
        self.scroll.clamp(self.matches(model.texts).len(), usize::from(self.height));
        self.input.set_placeholder(model.texts.palette_placeholder());
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, 76, 16)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", model.texts.palette_title()));
        let edges = Edges { title, ..Edges::default() };
        crate::ui::popup_frame(buffer, area, &edges);
        let inside = inner(area);
        self.input.view_in_popup(inside, buffer);
        let matches = self.matches(model.texts);
        let rows = Rect { y: inside.y + 1, height: self.height, ..inside };
        if matches.is_empty() {
            return view_instead(&[model.texts.palette_no_match()], rows, buffer);
        }
        for (y, at) in (rows.y..rows.bottom()).zip(self.scroll.top..matches.len()) {
            let Some(&action) = matches.get(at) else { break };
            crate::ui::line(buffer, rows.x, y, rows.width, &row_line(action, &self.keymap, model.texts));
            if at == self.scroll.at {
                crate::ui::row_style(buffer, rows, y, Theme.cursor(true));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let Some(chosen) = self.at_cursor(model.texts) else { return vec![close(model)] };
        vec![
            Hint { action: Action::Submit, label: model.texts.hint_run(), spends: chosen.may_spend() },
            Hint::free(Action::NextPane, model.texts.hint_complete()),
            close(model),
        ]
    }
}

/// Returns the common beginning of two names.
fn common_prefix<'a>(one: &'a str, other: &str) -> &'a str {
    let end = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    one.get(..end).unwrap_or_default()
}

fn row_line(action: Action, keymap: &Keymap, texts: Texts) -> Line<'static> {
    let keys = keymap.key_in_panes(action).unwrap_or_default();
    Line::from(vec![
        Span::styled(format!(" {}", pad_right(action.name(), 18)), Theme.strong()),
        Span::raw(pad_right(action.describe(texts), 43)),
        Span::styled(if action.may_spend() { YUAN } else { " " }, Theme.warn()),
        Span::styled(pad_left(&keys, 10), Theme.key()),
    ])
}
