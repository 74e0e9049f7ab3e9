//! `?`: lists every action with its keys, those of the pane or popup in front first. `/` searches the list.

mod entries;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use self::entries::{HelpEntry, HelpTopic};
use super::history_view::view_instead;
use super::popup::{Popup, close_and_page, closes};
use super::text_input::TextInput;
use crate::keymap::Keymap;
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::pane::Hint;
use crate::ui::Edges;
use crate::ui::filter::fold;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{pad_right, width, wrap};
use crate::ui::theme::{Theme, YUAN};
use obx_core::i18n::Texts;

const WIDTH: u16 = 72;
/// Of the narrowest column of keys, in cells.
const KEYS_WIDTH: usize = 12;
/// Of the narrowest column of descriptions, in cells: keys that leave less are on lines of their own.
const DESCRIPTION_WIDTH: usize = 24;
/// Cells before the keys.
const INDENT: usize = 2;

#[derive(Debug)]
pub struct Help {
    entries: Vec<HelpEntry>,
    query: TextInput,
    is_typing: bool,
    /// How many entries match the query.
    found: usize,
    /// What is shown of them, and the headings.
    rows: Vec<Line<'static>>,
    scroll: Scroll,
    height: u16,
}

impl Help {
    /// Lists all actions and the keys that run them with `scope` in front, first those of the hints `here`. `opens` says
    /// what [`Action::Open`] does there.
    pub fn new(keymap: &Keymap, scope: KeyScope, here: &[Hint], opens: Option<&'static str>) -> Self {
        Self {
            entries: entries::entries(keymap, scope, here, opens),
            query: TextInput::default(),
            is_typing: false,
            found: 0,
            rows: Vec::new(),
            scroll: Scroll::default(),
            height: 0,
        }
    }

    fn is_filtered(&self) -> bool {
        self.is_typing || !self.query.text().is_empty()
    }

    fn clear(&mut self) {
        self.query = TextInput::default();
        self.is_typing = false;
        self.scroll = Scroll::default();
    }

    /// Lists what matches the query on lines of so many cells.
    fn list(&mut self, texts: Texts, cells: usize) {
        let query = fold(self.query.text()).into_owned();
        let words: Vec<&str> = query.split_whitespace().collect();
        let columns = Columns::new(&self.entries, cells);
        (self.found, self.rows) = (0, Vec::new());
        for topic in HelpTopic::ALL {
            let in_topic = self.entries.iter().filter(|entry| entry.topic == topic && entry.matches(&words));
            let entries: Vec<_> = in_topic.map(|entry| columns.lines(entry, texts)).collect();
            if entries.is_empty() {
                continue;
            }
            if self.found > 0 {
                self.rows.push(Line::default());
            }
            self.found += entries.len();
            self.rows.push(Line::styled(format!(" {}", topic.heading(texts)), Theme.strong()));
            self.rows.extend(entries.into_iter().flatten());
        }
    }
}

impl Popup for Help {
    fn scope(&self) -> KeyScope {
        if self.is_typing { KeyScope::Text } else { KeyScope::Popup }
    }

    fn has_help(&self) -> bool {
        false
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            Action::Filter => self.is_typing = true,
            Action::Submit => self.is_typing = false,
            Action::Escape if self.is_filtered() => self.clear(),
            _ if closes(action, Action::Help) || action == Action::Open => return vec![Effect::ClosePopup],
            _ => {
                self.scroll.act_on_text(action, self.rows.len(), usize::from(self.height));
            }
        }
        Vec::new()
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.query.type_key(key) {
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        if self.is_typing {
            self.query.insert(text);
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    /// What the hints said is in the language before, so the actions' own descriptions take their place.
    fn translate(&mut self, _model: &Model) {
        self.entries.iter_mut().for_each(|entry| entry.label = None);
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        let area = inner(self.area(screen));
        self.list(model.texts, usize::from(area.width));
        self.height = area.height;
        self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(usize::from(self.height)));
    }

    fn area(&self, screen: Size) -> Rect {
        // The size stays while the query is typed: all entries, their headings and the frame don't fit any screen.
        popup(screen, WIDTH, u16::try_from(self.entries.len()).unwrap_or(u16::MAX))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = model.texts;
        let hidden = self.rows.len().saturating_sub(self.scroll.top + usize::from(self.height));
        let more = if hidden > 0 { format!(" ↓{hidden} ") } else { String::new() };
        let mut title = Line::from(format!(" {} ", texts.help_title()));
        if self.is_filtered() {
            title.push_span(format!("{} ", texts.shown_of(self.found, self.entries.len())));
            title.spans.extend(self.query.frame_line(self.is_typing).spans);
        }
        let edges = Edges { title, right: Line::from(more), ..Edges::default() };
        crate::ui::popup_frame(buffer, area, &edges);
        if self.rows.is_empty() {
            return view_instead(&[texts.palette_no_match()], inner(area), buffer);
        }
        crate::ui::lines(buffer, inner(area), self.rows.iter().skip(self.scroll.top).cloned());
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let clear = Hint::free(Action::Escape, texts.hint_clear());
        if self.is_typing {
            return vec![Hint::free(Action::Submit, texts.hint_done()), clear];
        }
        let mut hints = close_and_page(self.rows.len() > usize::from(self.height), model);
        if let Some(first) = hints.first_mut().filter(|_| self.is_filtered()) {
            *first = clear;
        }
        hints.push(Hint::free(Action::Filter, texts.hint_filter()));
        hints
    }
}

/// The columns of keys and of what they do, in cells.
struct Columns {
    keys: usize,
    description: usize,
}

impl Columns {
    fn new(entries: &[HelpEntry], cells: usize) -> Self {
        let widest = entries.iter().map(|entry| width(&entry.keys) + 1).max().unwrap_or_default();
        let available = cells.saturating_sub(INDENT);
        let keys = widest.min(available.saturating_sub(DESCRIPTION_WIDTH)).max(KEYS_WIDTH);
        Self { keys, description: available.saturating_sub(keys) }
    }

    /// The keys with what they do beside them, wrapped.
    fn lines(&self, entry: &HelpEntry, texts: Texts) -> Vec<Line<'static>> {
        let mark = if entry.spends { format!(" {YUAN}") } else { String::new() };
        let mut keys = wrap(&entry.keys, self.keys + self.description);
        let beside = keys.pop_if(|last| width(last) < self.keys).unwrap_or_default();
        let above = keys.into_iter().map(|keys| Line::from(vec![Span::raw("  "), key_span(keys.to_owned())]));
        let described = entry.describe(texts);
        let described = wrap(&described, self.description.saturating_sub(width(&mark)));
        let count = described.len();
        let lines = described.into_iter().enumerate().map(|(at, text)| {
            let keys = if at == 0 { beside } else { "" };
            let mark = if at + 1 == count { mark.clone() } else { String::new() };
            let keys = key_span(format!("  {}", pad_right(keys, self.keys)));
            Line::from(vec![keys, Span::raw(text.to_owned()), Span::styled(mark, Theme.warn())])
        });
        above.chain(lines).collect()
    }
}

fn key_span(text: String) -> Span<'static> {
    Span::styled(text, Theme.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use obx_core::config::{KeySetting, NameAt};
    use obx_core::i18n::Language;

    /// Without spaces, at which lines are broken.
    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn nothing_is_cut_off_in_any_scope_at_any_width_and_in_both_languages() {
        let name = |name: String| NameAt { name, line: 1 };
        let keys = ('a'..='z').map(|second| name(format!("Z{second}"))).collect();
        let many = KeySetting { scope: None, action: name("open_page".to_owned()), keys };
        let keymaps = [Keymap::default(), Keymap::from_settings(&[many]).unwrap()];
        let scopes = || KeyScope::names().into_iter().filter_map(KeyScope::from_name);
        for (keymap, language) in
            keymaps.iter().flat_map(|keymap| [(keymap, Language::En), (keymap, Language::Zh)])
        {
            let texts = Texts::new(language);
            for (scope, cells) in scopes().flat_map(|scope| [54, 70].map(|cells| (scope, cells))) {
                let mut help = Help::new(keymap, scope, &[], None);
                help.list(texts, cells);
                let shown: Vec<String> = help.rows.iter().map(Line::to_string).collect();
                for line in &shown {
                    assert!(width(line) <= cells, "{scope:?} {language:?} {cells}: {line}");
                }
                let all = squeezed(&shown.concat());
                for entry in &help.entries {
                    let text = squeezed(&entry.describe(texts));
                    assert!(all.contains(&text), "{scope:?} {language:?} {cells}: {text}");
                    assert!(all.contains(&squeezed(&entry.keys)), "{scope:?} {cells}: {}", entry.keys);
                }
                assert_eq!(help.found, help.entries.len());
            }
        }
    }
}
