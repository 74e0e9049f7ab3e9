//! What the last session left about its item, until that item is on the screen again.

use crate::message::{LastItem, ViewState};
use crate::model::Model;

#[derive(Debug, Default)]
pub(super) struct RestoredItem(Option<LastItem>);

impl RestoredItem {
    pub(super) fn restore(&mut self, view: &ViewState) {
        self.0.clone_from(&view.item);
    }

    /// What was left, while no answer is shown.
    pub(super) fn awaited(&self) -> Option<&LastItem> {
        self.0.as_ref()
    }

    /// What was left, once, when the item is shown. It is given up when another one is shown first.
    pub(super) fn take(&mut self, model: &Model) -> Option<LastItem> {
        let shown = model.shown.as_ref()?.exchange.call.num_iid();
        let last = self.0.take()?;
        if shown.is_some_and(|num_iid| num_iid.as_str() == last.num_iid) { Some(last) } else { None }
    }
}
