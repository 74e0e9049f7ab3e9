//! The panes: each owns its cursor, scroll and draft, reads the model, and asks the app for the rest.
//!
//! A new pane is its file, its `mod` line, and its line in the table of [`crate::message::PaneId`]. No pane holds a sender, a clock or a
//! handle, and nothing flows back from drawing: [`Pane::layout`] is given the area beforehand.

mod advice;
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
mod popup;
mod props_list;
pub mod quota_view;
mod request_log;
pub mod response;
mod sku_table;
mod table_query;
mod text_input;
mod verdict;

use std::fmt::Debug;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::message::{Action, Effect, Filtered, JobDone, PaneId, pane_table};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::theme::Theme;
use obx_core::export::JqOutputs;
use onebound::Call;
use onebound_document::{NodeId, NodeRef};

pub use id_input::IdInput;
pub use popup::Popup;
pub use table_query::TableQuery;
pub use verdict::{outcome_style, verdict};

/// A key that works here, for the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it does.
    pub action: Action,
    /// In a word or three.
    pub label: &'static str,
    /// Whether it costs.
    pub spends: bool,
}

impl Hint {
    /// A key that costs nothing.
    pub fn free(action: Action, label: &'static str) -> Self {
        Self { action, label, spends: false }
    }

    /// A key that costs, or may.
    pub fn spending(action: Action, label: &'static str) -> Self {
        Self { action, label, spends: true }
    }
}

/// A region of the screen.
pub trait Pane: Debug {
    /// What stands in the lines of its frame; the title comes after its digit.
    fn edges(&self, model: &Model) -> Edges;

    /// What an action does here; actions that mean nothing here are passed over.
    #[must_use]
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect>;

    /// The text that a copying action copies of the row under the cursor, cleaned of what a terminal would obey.
    fn copied(&mut self, _action: Action, _model: &Model) -> Option<String> {
        None
    }

    /// The call that is asked anew from here, or why there is none; where this says nothing, it is what is on the
    /// screen.
    fn refreshes(&self, _model: &Model) -> Option<Result<Call, String>> {
        None
    }

    /// Why a copying action has nothing to copy here.
    fn why_not_copied(&self, _action: Action, model: &Model) -> &'static str {
        model.texts.nothing_to_copy()
    }

    /// What a jq program gave, where that is shown in place of the body.
    fn jq_outputs(&self) -> Option<JqOutputs> {
        None
    }

    /// Its filter line and sorting, where it is a table: what is typed and left then goes there.
    fn finder(&self) -> Option<&TableQuery> {
        None
    }

    /// The same, to be changed.
    fn finder_mut(&mut self) -> Option<&mut TableQuery> {
        None
    }

    /// A key that is text. Only for panes that take text.
    #[must_use]
    fn type_key(&mut self, key: KeyEvent, _model: &Model) -> Vec<Effect> {
        if let Some(finder) = self.finder_mut() {
            finder.type_key(key);
        }
        Vec::new()
    }

    /// The focus has gone elsewhere: what was being typed is taken as it stands, or dropped where that can't be.
    fn leave(&mut self) {
        if let Some(finder) = self.finder_mut() {
            finder.leave();
        }
    }

    /// Pasted text. Only for panes that take text.
    #[must_use]
    fn paste(&mut self, text: &str, _model: &Model) -> Vec<Effect> {
        if let Some(finder) = self.finder_mut() {
            finder.paste(text);
        }
        Vec::new()
    }

    /// Leaves what is nearest in this pane: its input, its filter. Says whether there was anything to leave.
    fn escape(&mut self) -> bool {
        self.finder_mut().is_some_and(TableQuery::escape)
    }

    /// Whether keys are text here.
    fn takes_text(&self) -> bool {
        self.finder().is_some_and(TableQuery::is_typing)
    }

    /// Whether Tab, or Shift-Tab where it goes back, is its own, too, while it takes text.
    fn takes_tab(&self, _back: bool) -> bool {
        false
    }

    /// Shows where this stands in the answer on the screen, where it shows that.
    fn locate(&mut self, _node: &NodeRef, _model: &Model) {}

    /// A jq program came to its end.
    fn on_event(&mut self, _filtered: &Filtered) {}

    /// A job that it requested is done.
    fn on_job(&mut self, done: &JobDone) {
        if let Some(finder) = self.finder_mut() {
            finder.on_job(done);
        }
    }

    /// What it asks for after it was laid out.
    #[must_use]
    fn due(&mut self, _model: &Model) -> Vec<Effect> {
        let job = self.finder_mut().and_then(TableQuery::take_job);
        job.map(Effect::Job).into_iter().collect()
    }

    /// Lays it out for this area inside the frame; called before each drawing.
    fn layout(&mut self, model: &Model, area: Rect);

    /// Draws the inside.
    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer);

    /// What opening does here, in a line of help; nothing where it does nothing.
    fn opens(&self, _model: &Model) -> Option<&'static str> {
        None
    }

    /// The keys worth naming here, the most useful first.
    fn hints(&self, model: &Model) -> Vec<Hint>;
}

/// The keys worth naming in a table without rows.
fn hints_without_rows(model: &Model) -> Vec<Hint> {
    let mut hints = vec![Hint::free(Action::NextPane, model.texts.hint_next_pane())];
    if model.shown.is_some() {
        hints.push(Hint::spending(Action::Refetch, model.texts.hint_refetch()));
        hints.push(Hint::free(Action::Explain, model.texts.hint_explain()));
        hints.push(Hint::free(Action::Focus(PaneId::Response), model.texts.hint_response()));
    }
    hints
}

/// Asks for a node of the shown answer to be shown where it is in its body.
fn locate(model: &Model, node: NodeId) -> Option<Effect> {
    let reply = model.shown.as_ref()?.exchange.reply.as_ref()?;
    Some(Effect::Locate(reply.node_ref(node)))
}

/// What stands in panes about an item while there is none.
fn view_no_item(model: &Model, area: Rect, buffer: &mut Buffer) {
    let told = match &model.shown {
        None => model.texts.no_item_yet(),
        Some(shown) if shown.exchange.item_list().is_some() => model.texts.no_single_item(),
        Some(shown) if shown.exchange.reply.is_none() => model.texts.no_item(),
        Some(_) => model.texts.no_item_in_answer(),
    };
    let line = Line::styled(format!(" {told}"), Theme.dim());
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
