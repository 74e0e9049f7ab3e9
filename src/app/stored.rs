//! What the store sends: answers are shown, compared, or explained.

use std::sync::Arc;

use super::App;
use crate::message::{Effect, Notice, PaneId, Purpose, StoreEvent};
use crate::model::NewestFor;
use crate::pane::difference_view::{DifferenceView, HistoryPoint, When};
use crate::pane::verdict;
use obx_core::store::{ExchangeId, Version};
use onebound::{Difference, Exchange, ItemId, item_id_of};

impl App {
    /// Passes an event of the store to the popup, then handles it.
    pub(super) fn on_store(&mut self, received: StoreEvent) -> Vec<Effect> {
        let asked = self.popup.as_mut().map(|popup| popup.on_event(&received)).unwrap_or_default();
        asked.into_iter().chain(self.handle_store_event(received)).collect()
    }

    fn handle_store_event(&mut self, received: StoreEvent) -> Vec<Effect> {
        match received {
            StoreEvent::Newest { item, answer } => {
                let wanted = self.model.take_newest(&item);
                wanted.map(|purpose| self.open_newest(&item.num_iid, answer, purpose)).unwrap_or_default()
            }
            StoreEvent::Exchange { id, purpose, exchange } => {
                let wanted = self.model.take_wanted(id, purpose);
                if wanted { self.open_stored(id, purpose, exchange) } else { Vec::new() }
            }
            StoreEvent::Difference { before, after, difference } => {
                self.open_difference(&before, &after, difference);
                Vec::new()
            }
            StoreEvent::Scanned(scanned) => {
                self.others.iter_mut().for_each(|(_, pane)| pane.on_scanned(&scanned, &self.model));
                Vec::new()
            }
            received => self.model.apply_store(received),
        }
    }

    /// Shows the item's newest answer. Without one it only puts the ID into the input, since nothing is fetched
    /// unasked.
    fn open_newest(
        &mut self,
        num_iid: &ItemId,
        answer: Option<(ExchangeId, Arc<Exchange>)>,
        purpose: NewestFor,
    ) -> Vec<Effect> {
        if let Some((id, exchange)) = answer {
            let effect = self.model.show_stored(id, exchange);
            self.name_shown();
            return effect.into_iter().collect();
        }
        if purpose == NewestFor::Restore {
            // Nobody asked for it now, and its ID is in the input already.
            return Vec::new();
        }
        self.fill_in(num_iid);
        self.model.notice = Some(Notice::info(self.model.texts.item_without_answer(num_iid)));
        Vec::new()
    }

    fn open_stored(&mut self, id: ExchangeId, purpose: Purpose, exchange: Arc<Exchange>) -> Vec<Effect> {
        match purpose {
            Purpose::Show => {
                let effect = self.model.show_stored(id, exchange);
                self.name_shown();
                effect.into_iter().collect()
            }
            Purpose::Explain => self.open_card(&exchange, Some(id)),
        }
    }

    /// Puts the ID of the item on the screen into the input, unless that is being edited.
    pub(super) fn name_shown(&mut self) {
        let shown = self.model.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        if let Some(num_iid) = shown.filter(|_| self.focus.pane() != PaneId::Id) {
            self.id.fill(num_iid.as_str());
        }
    }

    fn open_difference(&mut self, before: &Exchange, after: &Exchange, difference: Arc<Difference>) {
        let model = &self.model;
        let when = |exchange: &Exchange| When {
            item: item_id_of(exchange).unwrap_or_default(),
            // As in the log, so that its row can be found.
            clock: model.session.log_time(exchange.started_at, model.now.at),
            verdict: verdict(&exchange.summary(), model.texts),
        };
        let point = |version: &Version| {
            HistoryPoint::from_written(version.at, version.price.as_deref(), version.stock.as_deref())
        };
        let history = model.versions.all().iter().map(point).collect();
        let view = DifferenceView::new(difference, when(before), when(after), history, model.texts);
        self.popup = Some(Box::new(view));
        self.tour.iter_mut().for_each(|tour| tour.has_compared = true);
    }
}
