//! `:`: lists all actions by name, filtered by what is typed.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::Hint;
use super::action_search::action_match;
use super::history_view::view_instead;
use super::popup::{Popup, close};
use super::recall::Recall;
use super::text_input::TextInput;
use crate::keymap::Keymap;
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{fit, pad_left, pad_right};
use crate::ui::theme::{Theme, YUAN};
use obx_core::fetch::FetchPolicy;
use obx_core::i18n::Texts;
use obx_core::search_line;
use onebound::Call;

/// In characters. A search can have long words and several options.
const MAX_DRAFT: usize = 300;

#[derive(Debug)]
pub struct Palette {
    input: TextInput,
    /// Where the user is in earlier searches.
    recall: Option<Recall>,
    scroll: Scroll,
    height: u16,
}

impl Default for Palette {
    fn default() -> Self {
        Self { input: TextInput::with_limit(MAX_DRAFT), recall: None, scroll: Scroll::default(), height: 0 }
    }
}

impl Palette {
    /// Completes the typed name as far as all names with this beginning agree, else to the name under the cursor.
    fn complete(&mut self, model: &Model) {
        if let Some(longer) = self.search_words().and_then(search_line::complete) {
            self.set_search(&longer);
            return;
        }
        let draft = self.input.text().trim_start().to_lowercase();
        let matches = self.matches(model);
        let begun = matches.iter().map(|action| action.name()).filter(|name| name.starts_with(&draft));
        let agreed = begun.reduce(common_prefix).filter(|name| name.len() > draft.len());
        let chosen = matches.get(self.scroll.at).map(|action| action.name());
        let Some(name) = agreed.or(chosen).filter(|_| self.words().is_none()) else { return };
        let words = if Action::from_name(name).is_some_and(Action::takes_words) { " " } else { "" };
        self.input = TextInput::with_limit(MAX_DRAFT).with_text(&format!("{name}{words}"));
        self.scroll = Scroll::default();
    }

    fn at_cursor(&self, model: &Model) -> Option<Action> {
        self.matches(model).get(self.scroll.at).copied()
    }

    /// Returns an action that takes words, and the words typed after its name: `find 直销`.
    fn words(&self) -> Option<(Action, &str)> {
        let (name, words) = self.input.text().trim().split_once(char::is_whitespace)?;
        let action = Action::from_name(&name.to_lowercase()).filter(|action| action.takes_words())?;
        Some((action, words.trim()))
    }

    /// What is typed behind the name of the search for items, as it is.
    fn search_words(&self) -> Option<&str> {
        let (name, words) = self.input.text().trim_start().split_once(char::is_whitespace)?;
        (name.to_lowercase() == Action::Search.name()).then_some(words)
    }

    fn set_search(&mut self, words: &str) {
        self.input.set(&format!("{} {words}", Action::Search.name()));
    }

    /// Shows the next older or newer of the earlier searches.
    fn recall(&mut self, is_older: bool, model: &Model) {
        let earlier = model.search.earlier().iter();
        let lines: Vec<String> = earlier.map(|line| format!("{} {line}", Action::Search.name())).collect();
        let recall = self.recall.take().or_else(|| is_older.then(|| Recall::begin(&self.input, true)));
        self.recall = recall.and_then(|recall| recall.step(is_older, &lines, &mut self.input));
    }

    #[must_use]
    fn search(&self, words: &str, model: &Model) -> Vec<Effect> {
        if let Err(why) = model.search_call(words) {
            return vec![Effect::info(why)];
        }
        let page = self.purchase(Action::Submit, model);
        let fetched = page.map(|(call, want)| Effect::FetchPage { call: Box::new(call), want });
        let open = [Effect::ClosePopup, Effect::OpenItemSearch(words.to_owned())];
        open.into_iter().chain(fetched).collect()
    }

    /// Whether Enter would make the call that its words ask for.
    fn spends(&self, model: &Model) -> bool {
        let call = self.purchase(Action::Submit, model);
        call.is_some_and(|(call, want)| model.spend(&call, want).is_some())
    }

    fn matches(&self, model: &Model) -> Vec<Action> {
        if let Some((action, _)) = self.words() {
            return vec![action];
        }
        let found = |action: Action| Some((action_match(self.input.text(), action, &model.keymap)?, action));
        let mut matches: Vec<_> =
            Action::all().filter(|action| action.is_in_palette()).filter_map(found).collect();
        // Among equals, actions that may be billed come last, so that Enter doesn't run one by accident.
        matches.sort_by_key(|(how, action)| (*how, action.may_spend()));
        matches.into_iter().map(|(_, action)| action).collect()
    }
}

impl Palette {
    /// Lists the options of a search below its row.
    fn view_options(&self, model: &Model, rows: Rect, buffer: &mut Buffer) {
        let Some(words) = self.search_words() else { return };
        for (y, option) in (rows.y + 2..rows.bottom()).zip(search_line::options_at_end(words)) {
            let about = fit(option.describe(model.texts), usize::from(rows.width).saturating_sub(17));
            let line = Line::from(vec![
                Span::styled(format!("   {}", pad_right(option.flag(), 13)), Theme.key()),
                Span::styled(about.into_owned(), Theme.dim()),
            ]);
            crate::ui::line(buffer, rows.x, y, rows.width, &line);
        }
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
                self.complete(model);
                Vec::new()
            }
            Action::Submit => match self.words() {
                Some((Action::Find, words)) => vec![Effect::ClosePopup, Effect::OpenSearch(words.to_owned())],
                Some((Action::Search, words)) => self.search(words, model),
                Some((_, words)) => vec![Effect::ClosePopup, Effect::OpenHistory(words.to_owned())],
                None => match self.at_cursor(model) {
                    // Its key shows the last results; whoever names it means other words.
                    Some(Action::Search) => vec![Effect::ClosePopup, Effect::OpenItemSearch(String::new())],
                    Some(action) => vec![Effect::ClosePopup, Effect::Run(action)],
                    None => Vec::new(),
                },
            },
            Action::Up | Action::Down if self.search_words().is_some() => {
                self.recall(action == Action::Up, model);
                Vec::new()
            }
            _ => {
                self.scroll.act(action, self.matches(model).len(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.input.type_key(key) {
            (self.scroll, self.recall) = (Scroll::default(), None);
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.input.insert(text);
        (self.scroll, self.recall) = (Scroll::default(), None);
        Vec::new()
    }

    fn chosen(&self, model: &Model) -> Option<Action> {
        self.at_cursor(model)
    }

    fn purchase(&self, action: Action, model: &Model) -> Option<(Call, FetchPolicy)> {
        let (_, words) = self.words().filter(|(of, _)| action == Action::Submit && *of == Action::Search)?;
        let call = model.search_call(words).ok()?;
        let want = model.want_for(&call);
        Some((call, want))
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height.saturating_sub(1);
        self.scroll.clamp(self.matches(model).len(), usize::from(self.height));
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
        let matches = self.matches(model);
        let rows = Rect { y: inside.y + 1, height: self.height, ..inside };
        if matches.is_empty() {
            return view_instead(&[model.texts.palette_no_match()], rows, buffer);
        }
        for (y, at) in (rows.y..rows.bottom()).zip(self.scroll.top..matches.len()) {
            let Some(&action) = matches.get(at) else { break };
            let spends = action.may_spend() || self.spends(model);
            let line = row_line(action, spends, &model.keymap, model.texts);
            crate::ui::line(buffer, rows.x, y, rows.width, &line);
            if at == self.scroll.at {
                crate::ui::row_style(buffer, rows, y, Theme.cursor(true));
            }
        }
        self.view_options(model, rows, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let Some(chosen) = self.at_cursor(model) else { return vec![close(model)] };
        vec![
            Hint {
                action: Action::Submit,
                label: model.texts.hint_run(),
                spends: chosen.may_spend() || self.spends(model),
            },
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

fn row_line(action: Action, spends: bool, keymap: &Keymap, texts: Texts) -> Line<'static> {
    let keys = keymap.key_in_panes(action).unwrap_or_default();
    Line::from(vec![
        Span::styled(format!(" {}", pad_right(action.name(), 18)), Theme.strong()),
        Span::raw(pad_right(action.describe(texts), 43)),
        Span::styled(if spends { YUAN } else { " " }, Theme.warn()),
        Span::styled(pad_left(&keys, 10), Theme.key()),
    ])
}
