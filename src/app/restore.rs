//! Where the last session ended: taken up before the first frame, and written at the end. The item comes from the store
//! once that frame is drawn, and never costs a call.

use super::App;
use crate::message::{ChosenLooks, ColumnChoice, KeyScope, LastItem, Looks, PaneId, TableView, ViewState};
use crate::model::NewestFor;
use onebound::ItemId;

/// What is written down as soon as it changes: item, filters, sorting, quantity, columns, borders and looks. Focus, rows and
/// folds, which change with nearly every key, are written with it, and at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewMilestone(ViewState);

impl App {
    /// Remembers the configured looks; what differs from them was chosen by key.
    pub fn configure_looks(&mut self, configured: Looks) {
        self.configured_looks = configured;
    }

    fn chosen_looks(&self) -> ChosenLooks {
        let shown = Looks { theme: self.theme, language: self.model.texts.language() };
        ChosenLooks::new(self.configured_looks, shown)
    }

    fn item_in_sight(&self) -> Option<&ItemId> {
        let shown = self.model.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        // An item that was still awaited, or was not in the store for now, stays the last one.
        shown.or(self.model.restored_item())
    }

    /// What of the screen is worth writing down at once; `None` while a filter is being typed, which is none yet.
    pub fn view_milestone(&self) -> Option<ViewMilestone> {
        let is_filter = self.popup.is_none() && self.focus.pane() != PaneId::Id;
        if is_filter && self.scope() == KeyScope::Text {
            return None;
        }
        // Of the response there are only folds, which can be many.
        let mut view = self.view_state_with(|pane| pane != PaneId::Response);
        (view.focus, view.full, view.log.row) = (None, false, None);
        if let Some(item) = &mut view.item {
            (item.skus.row, item.props.row) = (None, None);
        }
        Some(ViewMilestone(view))
    }

    /// Begins where an earlier session ended. Called before the first frame.
    pub fn restore(&mut self, view: &ViewState) {
        for (_, pane) in &mut self.others {
            pane.restore_view(view);
        }
        self.screen.splits = view.splits.clone();
        self.model.search.restore_earlier(&view.searches);
        if let Some(pane) = view.focus {
            self.focus.to(pane, &mut self.screen);
        }
        if view.full && self.focus.pane() != PaneId::Id {
            self.focus.toggle_full(&mut self.screen);
        }
        let num_iid = view.item.as_ref().and_then(|item| ItemId::from_stored(&item.num_iid).ok());
        // An account's answers are in its store; the others' are gone.
        if let Some(num_iid) = num_iid.filter(|_| self.model.session.remembers) {
            self.id.fill(num_iid.as_str());
            self.id.select_all();
            let asked = self.model.want_newest(num_iid, NewestFor::Restore);
            self.due.push(asked);
        }
        let due = self.lay_out();
        self.due.extend(due);
    }

    /// The columns that the config file names.
    pub fn configure_columns(&mut self, columns: Vec<String>) {
        self.model.sku_columns = ColumnChoice::from_config(columns);
    }

    /// Shows the columns that were chosen in an earlier session, unless the config file was changed since.
    pub fn restore_columns(&mut self, view: &ViewState) {
        let configured = self.model.sku_columns.clone();
        let chosen = view.sku_columns.clone().filter(|chosen| chosen.is_based_on(&configured));
        self.model.sku_columns = chosen.unwrap_or(configured);
    }

    /// What the next session is to begin with.
    pub fn view_state(&self) -> ViewState {
        self.view_state_with(|_| true)
    }

    /// The app's own state, and that of some panes.
    fn view_state_with(&self, is_wanted: impl Fn(PaneId) -> bool) -> ViewState {
        let front = self.focus.front();
        let num_iid = self.item_in_sight();
        let mut view = ViewState {
            focus: Some(front.focus),
            full: front.full,
            splits: self.screen.splits.clone(),
            sku_columns: Some(self.model.sku_columns.clone()).filter(|chosen| *chosen != chosen.reset()),
            log: TableView::default(),
            searches: self.model.search.earlier().to_vec(),
            looks: self.chosen_looks(),
            item: num_iid.map(|num_iid| LastItem { num_iid: num_iid.to_string(), ..LastItem::default() }),
        };
        for (_, pane) in self.others.iter().filter(|(pane, _)| is_wanted(*pane)) {
            pane.save_view(&mut view, &self.model);
        }
        view
    }
}
