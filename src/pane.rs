//! The panes: each owns its cursor, scroll and draft, reads the model, and asks the app for the rest.
//!
//! A new pane is its file, its `mod` line, and its line in the table of [`crate::message::PaneId`]. No pane holds a sender, a clock or a
//! handle, and nothing flows back from drawing: [`Pane::layout`] is given the area beforehand.

mod action_search;
pub mod advice;
mod answer_source;
pub mod batch_view;
pub mod call_editor;
pub mod card;
pub mod copying;
pub mod description_view;
pub mod difference_view;
pub mod export_form;
pub mod facts_list;
pub mod find_view;
pub mod help;
pub mod history_view;
mod id_input;
mod item_rows;
mod item_summary;
mod list_rows;
pub mod note_input;
pub mod palette;
mod people;
pub mod pictures_view;
mod popup;
mod props_list;
pub mod quota_view;
mod recall;
mod request_log;
pub mod response;
mod restored_item;
pub mod search_view;
pub mod sku_matrix;
mod sku_table;
mod table_click;
mod table_query;
mod text_input;
mod verdict;

use std::borrow::Cow;
use std::fmt::Debug;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::Line;

use crate::message::{Action, Effect, Filtered, JobDone, PaneId, Scanned, ViewState, pane_table};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::theme::Theme;
use obx_core::export::JqOutputs;
use onebound::Call;
use onebound_document::{NodeId, NodeRef};

pub use answer_source::answer_sources;
pub use id_input::IdInput;
pub use item_rows::item_card;
pub use popup::Popup;
pub use request_log::LogFilter;
pub use sku_table::ColumnChooser;
pub use table_query::TableQuery;
pub use verdict::{failed_text, outcome_style, verdict};

/// An action that works here, listed in the footer with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    pub action: Action,
    /// One to three words.
    pub label: &'static str,
    /// Whether it may be billed.
    pub spends: bool,
}

impl Hint {
    /// A hint for an action that costs nothing.
    pub fn free(action: Action, label: &'static str) -> Self {
        Self { action, label, spends: false }
    }

    /// A hint for an action that is or may be billed.
    pub fn spending(action: Action, label: &'static str) -> Self {
        Self { action, label, spends: true }
    }
}

/// A region of the screen.
pub trait Pane: Debug {
    /// Returns the texts in the pane's frame. The title is drawn after the pane's digit.
    fn edges(&self, model: &Model) -> Edges;

    /// Carries out an action. Ignores actions that mean nothing in this pane.
    #[must_use]
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect>;

    /// Returns the text that a copying action copies from the row under the cursor; `None` if there is nothing to
    /// copy. [`ClipboardText`](crate::message::ClipboardText) removes control characters later.
    fn copied(&mut self, _action: Action, _model: &Model) -> Option<String> {
        None
    }

    /// Returns the call that a refetch repeats from this pane, or the reason why it can't. `None` means that a
    /// refetch repeats the call on the screen.
    fn refreshes(&self, _model: &Model) -> Option<Result<Call, String>> {
        None
    }

    /// Says why a copying action has nothing to copy here.
    fn why_not_copied(&self, _action: Action, model: &Model) -> Cow<'static, str> {
        model.texts.nothing_to_copy().into()
    }

    /// Returns the outputs of a jq program while they are shown in place of the body.
    fn jq_outputs(&self) -> Option<JqOutputs> {
        None
    }

    /// Returns the filter line and sorting of a table. By default, typed keys, pastes and Esc go there.
    fn table_query(&self) -> Option<&TableQuery> {
        None
    }

    /// Returns [`Pane::table_query`] for changes.
    fn table_query_mut(&mut self) -> Option<&mut TableQuery> {
        None
    }

    /// Handles a key as text. Only for panes that take text.
    #[must_use]
    fn type_key(&mut self, key: KeyEvent, _model: &Model) -> Vec<Effect> {
        if let Some(query) = self.table_query_mut() {
            query.type_key(key);
        }
        Vec::new()
    }

    /// Called when another pane gets the focus. Accepts unfinished input as it is, or drops it if it can't be
    /// accepted.
    fn leave(&mut self) {
        if let Some(query) = self.table_query_mut() {
            query.leave();
        }
    }

    /// Inserts pasted text. Only for panes that take text.
    #[must_use]
    fn paste(&mut self, text: &str, _model: &Model) -> Vec<Effect> {
        if let Some(query) = self.table_query_mut() {
            query.paste(text);
        }
        Vec::new()
    }

    /// Cancels the pane's input or filter. Returns false if there was nothing to cancel.
    fn escape(&mut self) -> bool {
        self.table_query_mut().is_some_and(TableQuery::escape)
    }

    /// Returns true while keys are text in this pane.
    fn takes_text(&self) -> bool {
        self.table_query().is_some_and(TableQuery::is_typing)
    }

    /// Returns true if the pane handles Tab, or with `back` Shift-Tab, itself while it takes text.
    fn takes_tab(&self, _back: bool) -> bool {
        self.table_query().is_some_and(TableQuery::is_typing)
    }

    /// Shows this node of the answer on the screen. Only for the pane that shows the body.
    fn locate(&mut self, _node: &NodeRef, _model: &Model) {}

    /// A click at this place inside the frame: puts the cursor on the row there, or sorts by the column whose heading
    /// it is. Never runs what a key would.
    fn click(&mut self, _at: Position) {}

    /// Returns the number of the SKU under the cursor. Only for the pane of the SKUs.
    fn selected_sku(&self) -> Option<usize> {
        None
    }

    /// Puts the cursor on the SKU of this number unless a filter hides it. Only for the pane of the SKUs.
    fn select_sku_if_shown(&mut self, _sku: usize) {}

    /// Puts the cursor on the SKU of this number, and clears a filter that hides it. Only for the pane of the SKUs.
    fn select_sku(&mut self, _sku: usize) {}

    /// Takes the result of a jq program.
    fn on_event(&mut self, _filtered: &Filtered) {}

    /// Takes the end of a scan of the log. Only for the pane that shows it.
    fn on_scanned(&mut self, _scanned: &Scanned, _model: &Model) {}

    /// A job that it requested is done.
    fn on_job(&mut self, done: &JobDone) {
        if let Some(query) = self.table_query_mut() {
            query.on_job(done);
        }
    }

    /// Returns the node of the answer that the row under the cursor is about.
    fn node(&self, _model: &Model) -> Option<NodeRef> {
        None
    }

    /// Goes to this node of the answer without taking the focus. Only for the pane that shows the body.
    fn follow(&mut self, _node: &NodeRef, _model: &Model) {}

    /// Returns the size at which all of the pane's content is seen, as it was laid out last; without its frame.
    fn needs(&self, _model: &Model) -> Size {
        Size::MAX
    }

    /// Lays the pane out for this area inside its frame, before each drawing; returns the effects that it then needs.
    #[must_use]
    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect>;

    /// Writes what the next session should begin with.
    fn save_view(&self, _view: &mut ViewState, _model: &Model) {}

    /// Begins with what an earlier session left; called before the first frame.
    fn restore_view(&mut self, _view: &ViewState) {}

    /// Draws the pane inside its border.
    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer);

    /// Describes what [`Action::Open`] does here, as a line of the help; `None` if it does nothing.
    fn opens(&self, _model: &Model) -> Option<&'static str> {
        None
    }

    /// Returns true if the price at a quantity is shown. Only for the pane of the item.
    fn has_quantity(&self) -> bool {
        false
    }

    /// Returns the actions that the footer lists, the most useful first.
    fn hints(&self, model: &Model) -> Vec<Hint>;
}

/// Returns the hints for a table without rows.
fn hints_without_rows(model: &Model) -> Vec<Hint> {
    let mut hints = vec![Hint::free(Action::NextPane, model.texts.hint_next_pane())];
    if model.shown.is_some() {
        hints.push(Hint::spending(Action::Refetch, model.texts.hint_refetch()));
        hints.push(Hint::free(Action::Explain, model.texts.hint_explain()));
        hints.push(Hint::free(Action::Focus(PaneId::Response), model.texts.hint_response()));
    }
    hints
}

/// Returns the effect that shows a node of the answer in its body.
#[must_use]
fn locate(model: &Model, node: NodeId) -> Option<Effect> {
    node_ref(model, node).map(Effect::Locate)
}

fn node_ref(model: &Model, node: NodeId) -> Option<NodeRef> {
    let reply = model.shown.as_ref()?.exchange.reply.as_ref()?;
    Some(reply.node_ref(node))
}

/// A size in cells; what is too large for one is the largest.
fn cells(width: usize, height: usize) -> Size {
    let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    Size { width: cells(width), height: cells(height) }
}

/// Draws the reason why there is no item, for panes about an item.
fn view_no_item(model: &Model, area: Rect, buffer: &mut Buffer) {
    let reason = match &model.shown {
        None => model.texts.no_item_yet(),
        Some(shown) if shown.exchange.item_list().is_some() => model.texts.no_single_item(),
        Some(shown) if shown.exchange.reply.is_none() => model.texts.no_item(),
        Some(_) => model.texts.no_item_in_answer(),
    };
    let line = Line::styled(format!(" {reason}"), Theme.dim());
    crate::ui::line(buffer, area.x, area.y, area.width, &line);
}

macro_rules! define_constructors {
    ($($pane:ident, $keys:literal, $focus:ident, $text:ident, $title:ident, $slot:ident, $type:path;)*) => {
        /// All panes, in the order of Tab.
        pub fn all() -> Vec<(PaneId, Box<dyn Pane>)> {
            vec![$((PaneId::$pane, Box::<$type>::default())),*]
        }
    };
}

pane_table!(define_constructors);
