//! `:search WORDS`: looks for items by words, and the options of `obx search` behind them. Each page of results is a call, so
//! the key that fetches one carries its price; a page that is fresh in the store is shown without a call.
//!
//! ```text
//!  ┌ Search items ───────────────────────────────── 3 marked  7 of 40 ┐
//!  │ words --price 10..50                                             │  typed in
//!  │ page 1 of 12 · 480 found in all · live at 15:24 · billed ¥       │
//!  │   Item ID        Title                   Price  Sales  Seller    │
//!  │ ▸*610947572360   …                                          store│
//!  └ /filter ─────────────────────────────────────────────────────────┘
//! ```
//! The page is in [`crate::model::item_search`], so that it outlasts the popup.

mod columns;
mod lines;
mod offers;
mod rows;
mod typing;
mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::popup::closes;
use super::recall::Recall;
use super::table_query::TableQuery;
use super::text_input::TextInput;
use super::{Hint, Popup};
use crate::message::{Action, BatchList, Effect, Held, JobDone, KeyScope, NamedRow, PaneId, ResultsView};
use crate::model::Model;
use crate::model::item_search::{ResultsPage, SearchTrouble};
use crate::ui::layout::{inner, popup};
use crate::ui::rows::TableRows;
use crate::ui::scroll::Scroll;
use crate::ui::table::{Column, ColumnCursor, ColumnsInRoom};
use columns::GAP;
use obx_core::fetch::FetchPolicy;
use onebound::{Call, ItemId};
use rows::{ResultColumn, ResultRow, ResultRows};

/// Size of the popup, in cells.
const SIZE: Size = Size { width: 150, height: 50 };
/// Rows above the table's: the words, and what is said of the page.
const ABOVE: u16 = 2;

/// The popup: the words, and a page of results.
#[derive(Debug)]
pub struct SearchView {
    input: TextInput,
    /// Where the user is in earlier searches.
    recall: Option<Recall>,
    /// Whether the user has changed the words since they were filled in.
    is_edited: bool,
    /// Whether keys are text of the words.
    is_typing: bool,
    rows: ResultRows,
    query: TableQuery,
    scroll: Scroll,
    cursor: ColumnCursor,
    columns: Vec<Column>,
    /// The words and options of the rows, which `marked` belongs to.
    words: String,
    /// In the order in which they were marked, on whatever page.
    marked: Vec<ItemId>,
    /// The revision of the search that the rows are of.
    seen: Option<u64>,
    /// The row to put the cursor on.
    wanted: Option<NamedRow>,
    /// What the next popup was to begin with, last.
    kept: ResultsView,
    /// Of the table, with its headings.
    area: Rect,
    /// What was requested while it was laid out.
    due: Vec<Effect>,
}

impl SearchView {
    /// Opens the search above the page that was shown last. Without words it asks for them, and begins with those of that page
    /// or else with what was searched for last, which typing replaces: keys of the rows spend, so none of them may be typed
    /// by somebody who means words.
    pub fn new(words: &str, model: &Model) -> Self {
        let page = model.search.page();
        let shown = page.map(ResultsPage::line).unwrap_or_default();
        let view = Some(model.search.view.clone()).filter(|view| view.words == shown).unwrap_or_default();
        let mut query = TableQuery::default();
        query.set_columns(rows::filter_columns());
        query.restore(&view.table);
        Self {
            input: typing::begin(words, page, model),
            recall: None,
            is_edited: false,
            is_typing: words.is_empty(),
            rows: ResultRows::default(),
            query,
            scroll: Scroll::default(),
            // What is compared first, and sorted by.
            cursor: ColumnCursor { at: 2, first: 0 },
            columns: Vec::new(),
            words: shown,
            marked: view.marked.clone(),
            seen: None,
            wanted: view.table.row.clone(),
            kept: view,
            area: Rect::default(),
            due: Vec::new(),
        }
    }

    /// Shows the page that was shown last as it was left; without one it asks for words.
    pub fn again(model: &Model) -> Self {
        let mut view = Self::new("", model);
        view.is_typing = model.search.page().is_none();
        view
    }

    fn chosen_row(&self) -> Option<&ResultRow> {
        self.rows.get(self.query.rows().at(self.scroll.at)?)
    }

    fn chosen_id(&self) -> Option<&ItemId> {
        self.chosen_row()?.id.as_ref()
    }

    fn visible_rows(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    /// Takes over the page that has come since. Marks stay while pages of the same words are shown.
    fn take_page(&mut self, model: &Model) {
        let is_another = self.seen.is_some_and(|seen| seen != model.search.revision());
        self.seen = Some(model.search.revision());
        let page = model.search.page();
        let list = page.and_then(ResultsPage::list);
        self.rows = list.map(|list| ResultRows::new(&list)).unwrap_or_default();
        let words = page.map(ResultsPage::line).unwrap_or_default();
        if words != self.words {
            (self.words, self.marked) = (words, Vec::new());
        }
        if is_another && model.search.trouble().is_none() {
            self.scroll = Scroll::default();
            self.wanted = None;
        }
    }

    fn lay_out_rows(&mut self, model: &Model) {
        let whole = (self.seen.unwrap_or_default(), self.rows.count());
        let rows = self.rows.clone();
        let due = self.query.arrange(whole, &mut self.scroll, || rows.clone());
        self.due.extend(due);
        if let Some(wanted) = self.wanted.take() {
            let id = |row: usize| Some(self.rows.get(row)?.id.as_ref()?.to_string());
            let row = wanted.find(self.rows.count(), id);
            if let Some(place) = row.and_then(|row| self.query.rows().place_of(row)) {
                self.scroll.at = place;
            }
        }
        let has_stored = self.rows.iter().any(|row| view::is_stored(row, model));
        self.columns = columns::columns(&self.rows, has_stored, self.area.width, model.texts);
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        self.cursor.at = self.cursor.at.min(ResultColumn::ALL.len() - 1);
        if self.area.width > 0 {
            self.cursor.clamp(table);
        }
        self.scroll.clamp(self.query.rows().count(), self.visible_rows());
    }

    fn state(&self) -> ResultsView {
        let place = self.query.rows().at(self.scroll.at).filter(|_| self.scroll.at > 0);
        let row = place.and_then(|place| Some(NamedRow { key: self.chosen_id()?.to_string(), place }));
        let mut table = self.query.save();
        table.row = row;
        ResultsView { words: self.words.clone(), table, marked: self.marked.clone() }
    }

    /// Marks the item under the cursor, or removes its mark, and goes to the next row.
    #[must_use]
    fn toggle_mark(&mut self, model: &Model) -> Vec<Effect> {
        let Some(id) = self.chosen_id().cloned() else {
            return self.without_id(model);
        };
        match self.marked.iter().position(|marked| *marked == id) {
            Some(place) => drop(self.marked.remove(place)),
            None => self.marked.push(id),
        }
        self.scroll.act(Action::Down, self.query.rows().count(), self.visible_rows());
        Vec::new()
    }

    /// Says why an action on items has none.
    #[must_use]
    fn without_id(&self, model: &Model) -> Vec<Effect> {
        let texts = model.texts;
        let is_empty = self.rows.count() == 0;
        vec![Effect::info(if is_empty { texts.search_no_rows() } else { texts.search_row_without_id() })]
    }

    /// The IDs that an action on items is about: the marked ones, or else the one under the cursor.
    fn meant_ids(&self) -> Vec<ItemId> {
        if self.marked.is_empty() {
            self.chosen_id().cloned().into_iter().collect()
        } else {
            self.marked.clone()
        }
    }

    #[must_use]
    fn copy(&self, model: &Model) -> Vec<Effect> {
        let ids: Vec<String> = self.meant_ids().iter().map(ToString::to_string).collect();
        match ids.as_slice() {
            [] => self.without_id(model),
            [id] => vec![Effect::copy(id.clone(), id)],
            several => vec![Effect::copy(model.texts.copied_ids(several.len()), &several.join("\n"))],
        }
    }

    /// Hands the marked items, or else the one under the cursor, to a batch, which asks before it buys.
    #[must_use]
    fn buy_marked(&self, model: &Model) -> Vec<Effect> {
        let ids = self.meant_ids();
        if ids.is_empty() {
            return self.without_id(model);
        }
        vec![Effect::ClosePopup, Effect::OpenBatch(BatchList::from_ids(&ids))]
    }

    #[must_use]
    fn fetch_page(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        let Some((call, want)) = self.offered(action, model) else { return Vec::new() };
        vec![Effect::FetchPage { call: Box::new(call), want }]
    }

    #[must_use]
    fn open_item(&self, model: &Model) -> Vec<Effect> {
        let Some((call, want)) = self.offered(Action::OpenFound, model) else {
            return self.without_id(model);
        };
        vec![Effect::ClosePopup, Effect::Focus(PaneId::Skus), Effect::start_fetch(call, want)]
    }

    #[must_use]
    fn escape(&mut self) -> Vec<Effect> {
        if self.is_typing && self.rows.count() > 0 {
            self.input.set(&self.words);
            self.is_typing = false;
            return Vec::new();
        }
        if !self.is_typing && self.query.escape() { Vec::new() } else { vec![Effect::ClosePopup] }
    }

    #[must_use]
    fn act_on_rows(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        let column = self.cursor.at.min(ResultColumn::ALL.len() - 1);
        match action {
            Action::Escape => return self.escape(),
            _ if closes(action, Action::Search) => return vec![Effect::ClosePopup],
            Action::OpenFound => return self.open_item(model),
            Action::Mark => return self.toggle_mark(model),
            Action::NextPage | Action::PreviousPage | Action::Refetch | Action::Override => {
                return self.fetch_page(action, model);
            }
            Action::Focus(PaneId::Id) => {
                self.is_typing = true;
                self.input.select_all();
            }
            Action::Copy => return self.copy(model),
            Action::Batch => return self.buy_marked(model),
            Action::OpenPage => {
                let page = self.chosen_id().and_then(|id| model.call(id).page());
                return page.map(Effect::OpenPage).into_iter().collect();
            }
            Action::Explain => return explain(model).into_iter().collect(),
            Action::Filter if self.rows.count() == 0 => {}
            _ if self.query.act(action, column) || self.cursor.act(action, table) => {}
            _ => {
                self.scroll.act(action, self.query.rows().count(), self.visible_rows());
            }
        }
        Vec::new()
    }
}

impl Popup for SearchView {
    fn scope(&self) -> KeyScope {
        if self.is_typing || self.query.is_typing() { KeyScope::Text } else { KeyScope::Results }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        if self.is_typing {
            return self.act_while_typing(action, model);
        }
        self.act_on_rows(action, model)
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.is_typing {
            self.type_in_line(key);
        } else {
            self.query.type_key(key);
        }
        Vec::new()
    }

    /// Where nothing is typed, what is pasted takes the place of the words.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        if self.query.is_typing() {
            self.query.paste(text);
            return Vec::new();
        }
        self.paste_in_line(text);
        Vec::new()
    }

    fn on_job(&mut self, done: &JobDone) {
        self.query.on_job(done);
    }

    fn purchase(&self, action: Action, model: &Model) -> Option<(Call, FetchPolicy)> {
        self.offered(action, model)
    }

    fn shows_search(&self) -> bool {
        true
    }

    fn changes_at(&self, model: &Model) -> Option<Timestamp> {
        let items = self.rows.iter().filter_map(|row| Some(model.call(row.id.as_ref()?)));
        let pages = [true, false].into_iter().filter_map(|is_after| model.call_for_page_beside(is_after));
        let until = items.chain(pages).filter_map(|call| model.fresh_until(&call));
        until.filter(|until| *until > model.now.at).min()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.input.set_placeholder(model.texts.search_placeholder());
        let inside = inner(self.area(screen));
        self.area = Rect { y: inside.y + ABOVE, height: inside.height.saturating_sub(ABOVE), ..inside };
        if self.seen != Some(model.search.revision()) {
            self.take_page(model);
        }
        self.lay_out_rows(model);
    }

    fn due(&mut self) -> Vec<Effect> {
        let mut due = std::mem::take(&mut self.due);
        let state = self.state();
        if state != self.kept {
            self.kept = state.clone();
            due.push(Effect::KeepResultsView(state));
        }
        due
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, SIZE.width, SIZE.height)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        self.draw(model, area, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        if self.query.is_typing() {
            return TableQuery::hints_while_typing(model.texts);
        }
        if self.is_typing { self.hints_while_typing(model) } else { self.hints_on_rows(model) }
    }
}

/// The card of what went wrong, or else of the page.
#[must_use]
fn explain(model: &Model) -> Option<Effect> {
    let page = match model.search.trouble() {
        Some(SearchTrouble::Failed(page)) => page,
        Some(SearchTrouble::NotSent(_)) => return None,
        None => model.search.page()?,
    };
    Some(Effect::ExplainExchange(Held(Arc::clone(&page.exchange))))
}
