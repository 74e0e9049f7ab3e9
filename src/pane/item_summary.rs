//! The item pane (2): a summary of the item, in which Enter asks for the price of a quantity. Several items are shown
//! as a table with a cursor, in which Enter shows the item in the response.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::copying::{self, CopyParts};
use super::item_rows::{SummaryView, rows};
use super::list_rows::MAX_LISTED;
use super::restored_item::RestoredItem;
use super::{Hint, Pane, cells, locate};
use crate::message::{Action, Effect, PaneId, Ticket, ViewState};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, width};
use crate::ui::theme::{CURSOR, STAR, Theme};
use obx_core::i18n::Language;
use onebound::{ListedItem, WaitsFor};

/// Texts are wrapped to any width, but from this one on nothing becomes clearer.
const USUAL_WIDTH: usize = 56;
/// Digits of a quantity; nobody buys more.
const MAX_DIGITS: usize = 9;

#[derive(Debug, Default)]
pub(super) struct ItemSummary {
    scroll: Scroll,
    area: Rect,
    quantity: String,
    typing: bool,
    whole_title: bool,
    rows: Vec<Line<'static>>,
    /// The rows that show the items of a list; empty if there is no list.
    listed: Range<usize>,
    cache_key: Option<SummaryCacheKey>,
    restored: RestoredItem,
}

/// What the rows depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SummaryCacheKey {
    generation: u64,
    analyzed: bool,
    language: Language,
    size: Size,
    view: SummaryView,
    waits: Option<(Ticket, bool, WaitsFor)>,
    file_is_read: bool,
    note: Option<String>,
}

impl ItemSummary {
    /// Returns the item of a list that the cursor is on.
    fn listed<'a>(&self, model: &'a Model) -> Option<ListedItem<'a>> {
        let row = Some(self.scroll.at).filter(|row| self.listed.contains(row))?;
        model.shown.as_ref()?.exchange.item_list()?.get(row - self.listed.start)
    }

    /// Whether the title does not fit into one row.
    fn has_long_title(&self, model: &Model) -> bool {
        let title = model.item().map(|item| item.field("title").to_text()).unwrap_or_default();
        width(&clean(&title)) > usize::from(self.area.width.saturating_sub(2))
    }
}

impl Pane for ItemSummary {
    fn edges(&self, model: &Model) -> Edges {
        let asked = model.shown.as_ref().map(|shown| &shown.exchange.call);
        let asked = asked.filter(|call| call.is_known()).map(|call| call.subject().to_string());
        let hidden = self.rows.len().saturating_sub(self.scroll.top + usize::from(self.area.height));
        let more = if hidden > 0 { format!(" ↓{hidden} ") } else { String::new() };
        let star =
            if model.annotation.as_ref().is_some_and(|annotation| annotation.starred) { STAR } else { "" };
        let named = format!("{} {} {star}", model.texts.pane_item(), asked.unwrap_or_default());
        let title = Line::from(named.trim_end().to_owned());
        let foot = if self.typing {
            let label = Span::styled(format!(" {} ", model.texts.quantity()), Theme.key());
            Line::from(vec![
                label,
                Span::styled(format!("{} ", self.quantity), Theme.selected()),
                Span::raw(" "),
            ])
        } else {
            answer_of(model)
        };
        Edges { title, right: Line::from(more), foot, ..Edges::default() }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Open if model.item().is_some() => self.typing = true,
            Action::Open => {
                let listed = self.listed(model).and_then(|item| locate(model, item.node()));
                return listed.into_iter().collect();
            }
            Action::Submit => self.typing = false,
            Action::Wrap => self.whole_title = !self.whole_title,
            _ if !self.listed.is_empty() => {
                self.scroll.act(action, self.rows.len(), usize::from(self.area.height));
            }
            _ => {
                let rows = self.rows.len();
                self.scroll.act_on_text(action, rows, usize::from(self.area.height));
            }
        }
        Vec::new()
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let exchange = &model.shown.as_ref()?.exchange;
        if let Some(listed) = self.listed(model) {
            let text = |name: &str| listed.field(name).to_text();
            let row = ["num_iid", "price", "title"].map(text).into();
            let place = copying::place(exchange, listed.node());
            return CopyParts {
                row,
                value: text("price"),
                key: text("num_iid"),
                string: text("title"),
                place,
            }
            .text(action);
        }
        let item = model.item()?;
        let title = item.node_of("title");
        let text = |name: &str| item.field(name).to_text();
        let parts = CopyParts {
            row: ["num_iid", "title", "price", "min_num", "num", "sales", "nick", "location"]
                .map(text)
                .into(),
            value: text("title"),
            key: text("num_iid"),
            string: text("title"),
            place: title.and_then(|title| copying::place(exchange, title)),
        };
        parts.text(action)
    }

    fn type_key(&mut self, key: KeyEvent, _model: &Model) -> Vec<Effect> {
        match key.code {
            KeyCode::Char(digit) if digit.is_ascii_digit() && self.quantity.len() < MAX_DIGITS => {
                self.quantity.push(digit);
            }
            KeyCode::Backspace => drop(self.quantity.pop()),
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => self.quantity.clear(),
            _ => {}
        }
        Vec::new()
    }

    fn leave(&mut self) {
        self.typing = false;
    }

    fn escape(&mut self) -> bool {
        let had = self.typing || !self.quantity.is_empty();
        self.typing = false;
        self.quantity.clear();
        had
    }

    fn takes_text(&self) -> bool {
        self.typing
    }

    fn needs(&self, _model: &Model) -> Size {
        cells(USUAL_WIDTH, self.rows.len())
    }

    fn save_view(&self, view: &mut ViewState, _model: &Model) {
        let Some(item) = &mut view.item else { return };
        let last = self.restored.awaited();
        item.quantity = last.map_or_else(|| self.quantity.parse().ok(), |last| last.quantity);
    }

    fn restore_view(&mut self, view: &ViewState) {
        self.restored.restore(view);
    }

    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect> {
        if let Some(quantity) = self.restored.take(model).and_then(|last| last.quantity) {
            self.quantity = quantity.to_string();
            self.quantity.truncate(MAX_DIGITS);
        }
        let awaited = model.calls.awaited();
        let waits = awaited.map(|call| (call.ticket, call.progress.out.is_some(), call.progress.waits_for));
        let note = model.annotation.as_ref().map(|annotation| annotation.note.clone());
        let view = SummaryView { quantity: self.quantity.parse().ok(), whole_title: self.whole_title };
        let language = model.texts.language();
        let file_is_read = model.file_is_read;
        let analyzed = model.shown.as_ref().is_some_and(|shown| shown.exchange.is_analyzed());
        let (generation, size) = (model.generation(), area.as_size());
        let cache_key =
            SummaryCacheKey { generation, analyzed, language, size, view, waits, file_is_read, note };
        if self.cache_key.as_ref() != Some(&cache_key) {
            if self.cache_key.as_ref().map(|made| made.generation) != Some(generation) {
                self.scroll = Scroll::default();
            }
            self.rows = rows(model, view, size);
            let room = usize::from(area.width.saturating_sub(1));
            self.rows.iter_mut().for_each(|row| crate::ui::fit_line(row, room));
            self.listed = listed_rows(model, self.rows.len());
            self.cache_key = Some(cache_key);
        }
        self.area = area;
        let height = usize::from(area.height);
        if self.listed.is_empty() {
            self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(height));
        } else {
            self.scroll.clamp(self.rows.len(), height);
        }
        Vec::new()
    }

    fn view(&self, _model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
        crate::ui::lines(buffer, inside, self.rows.iter().skip(self.scroll.top).cloned());
        for (y, row) in (area.top()..area.bottom()).zip(self.scroll.top..) {
            if row == self.scroll.at && self.listed.contains(&row) {
                let mark = if focused { CURSOR } else { " " };
                crate::ui::line(buffer, area.x, y, 1, &Line::from(mark));
                crate::ui::row_style(buffer, area, y, Theme.cursor(focused));
            }
        }
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        let of_item = model.item().map(|_| model.texts.hint_quantity());
        of_item.or_else(|| (!self.listed.is_empty()).then(|| model.texts.opens_in_response()))
    }

    fn has_quantity(&self) -> bool {
        !self.typing && !self.quantity.is_empty()
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let mut hints = vec![Hint::free(Action::NextPane, model.texts.hint_next_pane())];
        if model.item().is_some() {
            hints.push(Hint::free(Action::Open, model.texts.hint_quantity()));
            if self.has_long_title(model) {
                hints.push(Hint::free(Action::Wrap, model.texts.hint_title()));
            }
        }
        if self.listed(model).is_some() {
            hints.push(Hint::free(Action::Open, model.texts.hint_locate()));
        }
        hints.extend([
            Hint::spending(Action::Refetch, model.texts.hint_refetch()),
            Hint::free(Action::Explain, model.texts.hint_explain()),
        ]);
        let shown = model.shown.as_ref().map(|shown| &shown.exchange.call);
        if shown.is_some_and(|call| call.num_iid().is_some()) {
            hints.push(Hint::free(Action::OpenPage, model.texts.hint_page_of()));
        }
        hints.push(Hint::free(Action::Focus(PaneId::Response), model.texts.hint_response()));
        hints
    }
}

/// Returns which of the rows show the items of a list: the last ones, before a row about further items.
fn listed_rows(model: &Model, rows: usize) -> Range<usize> {
    let list = model.shown.as_ref().and_then(|shown| shown.exchange.item_list());
    let items = list.map_or(0, |list| list.len());
    let end = rows.saturating_sub(usize::from(items > MAX_LISTED));
    end.saturating_sub(items.min(MAX_LISTED))..end
}

/// Returns which of the item's stored answers is shown, if there are several.
fn answer_of(model: &Model) -> Line<'static> {
    let id = model.shown.as_ref().and_then(|shown| shown.id);
    let place = model.versions.position(id).filter(|(_, all)| *all > 1);
    let Some((at, all)) = place else { return Line::default() };
    Line::from(vec![
        Span::raw(format!(" {}  ", model.texts.answer_of(at, all))),
        Span::styled("< >", Theme.key()),
        Span::raw(" "),
    ])
}
