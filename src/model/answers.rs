//! Moves between stored answers: to the one before or after, back and forward through items, and to the marked one
//! for comparison.

use super::{Model, Shown};
use crate::message::{Action, Effect, Notice, Purpose, StoreRequest};
use obx_core::store::{ExchangeId, ItemHistory, Version};
use onebound::{ItemId, ScopedItem};

/// The items that were shown, in order, like a browser's history.
#[derive(Clone, Debug, Default)]
pub(super) struct Visits {
    visited: Vec<(ItemId, ExchangeId)>,
    at: usize,
}

/// The stored answers to the item on the screen, of its catalog, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    of: Option<ScopedItem>,
    all: Vec<Version>,
}

impl Visits {
    /// Most items that are remembered.
    const MAX: usize = 200;

    /// Records that this answer is shown. Another answer to the current item replaces the one before.
    fn come_to(&mut self, num_iid: &ItemId, id: ExchangeId) {
        if let Some(here) = self.visited.get_mut(self.at).filter(|here| here.0 == *num_iid) {
            here.1 = id;
            return;
        }
        self.visited.truncate(self.at + 1);
        self.visited.push((num_iid.clone(), id));
        if self.visited.len() > Self::MAX {
            let _ = self.visited.remove(0); // the oldest visit is forgotten
        }
        self.at = self.visited.len() - 1;
    }

    fn step(&mut self, forward: bool) -> Option<ExchangeId> {
        let at = if forward { self.at + 1 } else { self.at.checked_sub(1)? };
        let id = self.visited.get(at)?.1;
        self.at = at;
        Some(id)
    }
}

impl Versions {
    /// Returns the next newer or older answer. An answer that isn't stored yet counts as the newest.
    pub fn beside(&self, id: Option<ExchangeId>, newer: bool) -> Option<&Version> {
        let id = id.unwrap_or(ExchangeId(i64::MAX));
        if newer {
            self.all.iter().find(|version| version.id > id)
        } else {
            self.all.iter().rev().find(|version| version.id < id)
        }
    }

    /// Returns this answer's position from the oldest, beginning at 1, and the number of answers; `None` if it isn't
    /// stored.
    pub fn position(&self, id: Option<ExchangeId>) -> Option<(usize, usize)> {
        let at = self.all.iter().position(|version| Some(version.id) == id)?;
        Some((at + 1, self.all.len()))
    }

    pub fn all(&self) -> &[Version] {
        &self.all
    }
}

impl Model {
    /// Records that another exchange is on the screen, and takes the other answers to its item, or requests them if they did
    /// not come with it.
    pub(super) fn arrived(&mut self, history: Option<ItemHistory>) -> Option<Effect> {
        let shown = self.shown.as_ref()?;
        let Some(item) = shown.scoped_item() else {
            self.versions = Versions::default();
            return None;
        };
        if let Some(id) = shown.id {
            self.visits.come_to(&item.num_iid, id);
        }
        if self.versions.of.as_ref() != Some(&item) {
            self.versions = Versions::default();
            self.annotation = None;
        }
        match history.filter(|history| history.item == item) {
            Some(history) => {
                self.store_answered();
                self.learn_history(history);
                None
            }
            None => Some(Effect::Store(StoreRequest::Versions(item))),
        }
    }

    pub(super) fn learn_history(&mut self, history: ItemHistory) {
        let ItemHistory { item, versions, annotation } = history;
        self.report_damaged(&versions.damaged);
        if self.shown.as_ref().and_then(Shown::scoped_item).as_ref() == Some(&item) {
            self.versions = Versions { of: Some(item), all: versions.rows };
            self.annotation = Some(annotation);
        }
    }

    /// Shows the next newer or older stored answer to the item on the screen.
    pub fn step_version(&mut self, newer: bool) -> Option<Effect> {
        let texts = self.texts;
        let Some(shown) = &self.shown else {
            return self.say(Notice::alert(texts.nothing_shown()));
        };
        match self.versions.beside(shown.id, newer).map(|version| version.id) {
            Some(id) => Some(self.want(id, Purpose::Show)),
            None => self.say(Notice::info(self.no_answer_beside(newer))),
        }
    }

    /// Explains that there is no such answer, and at which gateway if that isn't the session's.
    fn no_answer_beside(&self, newer: bool) -> String {
        let texts = self.texts;
        let exchange = self.shown.as_ref().map(|shown| &shown.exchange);
        let Some(exchange) = exchange.filter(|exchange| self.is_other_gateway(&exchange.scope())) else {
            return if newer { texts.no_newer_answer() } else { texts.no_older_answer() }.to_owned();
        };
        let host = exchange.host.name();
        match (self.versions.all().len(), newer) {
            (1, _) => texts.only_answer_at(host),
            (_, true) => texts.no_newer_answer_at(host),
            (_, false) => texts.no_older_answer_at(host),
        }
    }

    /// Shows the previous or next item of the history.
    pub fn step_visit(&mut self, forward: bool) -> Option<Effect> {
        match self.visits.step(forward) {
            Some(id) => Some(self.want(id, Purpose::Show)),
            None if forward => self.say(Notice::info(self.texts.no_later_item())),
            None => self.say(Notice::info(self.texts.no_earlier_item())),
        }
    }

    /// Marks the answer on the screen, or removes its mark.
    pub fn toggle_mark(&mut self, answer: Option<ExchangeId>) -> [Effect; 1] {
        let texts = self.texts;
        let Some(id) = answer else {
            return [Effect::alert(texts.nothing_shown())];
        };
        let marked = self.marked != Some(id);
        self.marked = marked.then_some(id);
        let said = if marked { texts.marked(self.key(Action::Compare)) } else { texts.unmarked().to_owned() };
        [Effect::info(said)]
    }

    /// Requests the difference between the marked answer, or else the answer before, and the one on the screen.
    pub fn compare(&mut self) -> Option<Effect> {
        let texts = self.texts;
        let Some(after) = self.shown.as_ref().and_then(|shown| shown.id) else {
            return self.say(Notice::alert(texts.nothing_shown()));
        };
        let marked = self.marked.filter(|marked| *marked != after);
        let before = marked.or_else(|| self.versions.beside(Some(after), false).map(|version| version.id));
        match before {
            Some(before) => Some(Effect::Store(StoreRequest::Difference { before, after })),
            None => match self.versions.beside(Some(after), true).map(|version| version.id) {
                // The oldest answer is compared with the one after it.
                Some(newer) => Some(Effect::Store(StoreRequest::Difference { before: after, after: newer })),
                None => self.say(Notice::info(texts.nothing_to_compare(self.key(Action::Mark)))),
            },
        }
    }

    fn say(&mut self, notice: Notice) -> Option<Effect> {
        self.notice = Some(notice);
        None
    }
}
