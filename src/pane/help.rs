//! `?`: lists the keys of the pane in front, then those that work everywhere, from the keymap in use.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::popup::{Popup, close_and_page, closes};
use crate::keymap::Keymap;
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::pane::Hint;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::pad_right;
use crate::ui::theme::{Theme, YUAN};
use obx_core::i18n::Texts;

#[derive(Debug)]
pub struct Help {
    scroll: Scroll,
    rows: Vec<HelpRow>,
    height: u16,
}

#[derive(Debug)]
enum HelpRow {
    Heading(String),
    Binding { keys: String, what: String, spends: bool },
    Blank,
}

impl Help {
    /// Lists the keys that work with `scope` in front, first those of the hints `here`. `opens` says what
    /// [`Action::Open`] does there.
    pub fn new(
        keymap: &Keymap,
        scope: KeyScope,
        here: &[Hint],
        opens: Option<&'static str>,
        texts: Texts,
    ) -> Self {
        let binding = |action: Action, what: &str, spends: bool| HelpRow::Binding {
            keys: keymap.keys(scope, action),
            what: what.to_owned(),
            spends,
        };
        let hinted = |action: &Action| here.iter().any(|hint| hint.action == *action);
        let mut rows = vec![HelpRow::Heading(texts.help_here().to_owned())];
        rows.extend(here.iter().map(|hint| binding(hint.action, hint.label, hint.spends)));
        let opens = opens.filter(|_| !hinted(&Action::Open));
        rows.extend(opens.map(|what| binding(Action::Open, what, false)));
        rows.extend(Action::all().filter(|action| !hinted(action)).filter_map(|action| {
            let keys = if scope == KeyScope::Text { String::new() } else { keymap.own_keys(scope, action) };
            let what = action.describe(texts).to_owned();
            (!keys.is_empty()).then_some(HelpRow::Binding { keys, what, spends: action.may_spend() })
        }));
        let in_popup = scope.is_of_popup();
        let heading = if in_popup { texts.help_in_popups() } else { texts.help_everywhere() };
        rows.extend([HelpRow::Blank, HelpRow::Heading(heading.to_owned())]);
        // `Open` does something different in each pane.
        let holds =
            |action: &Action| if in_popup { holds_in_popups(*action) } else { *action != Action::Open };
        rows.extend(Action::all().filter(holds).filter_map(|action| {
            let keys = keymap.keys(KeyScope::Global, action);
            let what = action.describe(texts).to_owned();
            (!keys.is_empty()).then_some(HelpRow::Binding { keys, what, spends: action.may_spend() })
        }));
        Self { scroll: Scroll::default(), rows, height: 0 }
    }
}

impl Popup for Help {
    fn has_help(&self) -> bool {
        false
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        if closes(action, Action::Help) || action == Action::Open {
            return vec![Effect::ClosePopup];
        }
        self.scroll.act_on_text(action, self.rows.len(), usize::from(self.height));
        Vec::new()
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height;
        self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(usize::from(self.height)));
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, 64, u16::try_from(self.rows.len() + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let hidden = self.rows.len().saturating_sub(self.scroll.top + usize::from(self.height));
        let more = if hidden > 0 { format!(" ↓{hidden} ") } else { String::new() };
        let title = Line::from(format!(" {} ", model.texts.help_title()));
        let edges = Edges { title, right: Line::from(more), ..Edges::default() };
        crate::ui::popup_frame(buffer, area, &edges);
        crate::ui::lines(buffer, inner(area), self.rows.iter().skip(self.scroll.top).map(row_line));
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        close_and_page(self.rows.len() > usize::from(self.height), model)
    }
}

/// Returns true if a key that works in all panes does the same in popups.
fn holds_in_popups(action: Action) -> bool {
    action.is_movement() || action.works_anywhere()
}

fn row_line(row: &HelpRow) -> Line<'static> {
    let theme = Theme;
    match row {
        HelpRow::Blank => Line::default(),
        HelpRow::Heading(text) => Line::styled(format!(" {text}"), theme.strong()),
        HelpRow::Binding { keys, what, spends } => Line::from(vec![
            Span::styled(format!("  {}", pad_right(keys, 12)), theme.key()),
            Span::raw(what.clone()),
            Span::styled(if *spends { format!(" {YUAN}") } else { String::new() }, theme.warn()),
        ]),
    }
}
