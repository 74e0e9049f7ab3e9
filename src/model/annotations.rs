//! What the user says of the item on the screen: a star, and a note.

use super::{Model, Shown};
use crate::message::{Effect, Notice, StoreRequest};
use obx_core::i18n::Describe;
use obx_core::store::{Annotation, StoreError};
use onebound::{ItemId, ScopedItem};

impl Model {
    /// The item on the screen with its star and note; where there is none, or the store has not told of it yet, that
    /// is said. Writing without having read would lose the one or the other.
    pub fn remarked(&mut self) -> Option<(ItemId, Annotation)> {
        let texts = self.texts;
        if self.session.file.is_some() {
            // A look at a file leaves nothing behind.
            self.notice = Some(Notice::alert(texts.no_annotations_of_file()));
            return None;
        }
        let shown = self.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        let Some(num_iid) = shown.cloned() else {
            self.notice = Some(Notice::alert(texts.no_item_to_note()));
            return None;
        };
        let known = self.remark.clone().map(|remark| (num_iid, remark));
        if known.is_none() {
            self.notice = Some(Notice::alert(texts.annotation_not_loaded()));
        }
        known
    }

    /// Stars the item on the screen, or takes its star away.
    pub fn toggle_star(&mut self) -> Option<Effect> {
        let (num_iid, remark) = self.remarked()?;
        Some(self.say_of(num_iid, Annotation { starred: !remark.starred, ..remark }))
    }

    /// Writes down what the user says of an item.
    pub fn say_of(&mut self, num_iid: ItemId, remark: Annotation) -> Effect {
        let texts = self.texts;
        let here = self.shown.as_ref().is_some_and(|shown| shown.exchange.call.num_iid() == Some(&num_iid));
        let starred = self.remark.as_ref().map(|before| before.starred);
        self.notice = Some(Notice::info(match () {
            () if here && starred != Some(remark.starred) && remark.starred => texts.starred(),
            () if here && starred != Some(remark.starred) => texts.star_removed(),
            () if remark.note.is_empty() => texts.note_removed(),
            () => texts.noted(),
        }));
        if here {
            self.remark = Some(remark.clone());
        }
        let item = self.shown.as_ref().filter(|_| here).and_then(Shown::scoped_item);
        let item = item.unwrap_or_else(|| self.scoped(num_iid));
        Effect::Store(StoreRequest::Note { item, remark })
    }

    /// What could not be written is not shown as if it were: the store is asked how it stands.
    pub(super) fn not_noted(&mut self, item: ScopedItem, error: &StoreError) -> Vec<Effect> {
        self.notice = Some(Notice::alert(self.texts.not_noted(error.describe(self.texts))));
        vec![Effect::Store(StoreRequest::Versions(item))]
    }
}
