//! The star and the note of the item on the screen.

use super::{Model, Shown};
use crate::message::{Effect, Notice, StoreRequest};
use obx_core::store::{Annotation, StoreError};
use onebound::{ItemId, ScopedItem};

impl Model {
    /// Returns the item on the screen with its star and note. If there is no item or the store has not loaded them
    /// yet, it notifies the user instead, since writing one of the two without having read both would lose the other.
    pub fn annotated_item(&mut self) -> Option<(ItemId, Annotation)> {
        let texts = self.texts;
        if self.session.file.is_some() {
            // Opening a file stores nothing.
            self.notice = Some(Notice::alert(texts.no_annotations_of_file()));
            return None;
        }
        let shown = self.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        let Some(num_iid) = shown.cloned() else {
            self.notice = Some(Notice::alert(texts.no_item_to_note()));
            return None;
        };
        let known = self.annotation.clone().map(|annotation| (num_iid, annotation));
        if known.is_none() {
            self.notice = Some(Notice::alert(texts.annotation_not_loaded()));
        }
        known
    }

    /// Adds or removes the star of the item on the screen.
    pub fn toggle_star(&mut self) -> Option<Effect> {
        let (num_iid, annotation) = self.annotated_item()?;
        Some(self.annotate(num_iid, Annotation { starred: !annotation.starred, ..annotation }))
    }

    /// Stores an item's star and note.
    pub fn annotate(&mut self, num_iid: ItemId, annotation: Annotation) -> Effect {
        let texts = self.texts;
        let here = self.shown.as_ref().is_some_and(|shown| shown.exchange.call.num_iid() == Some(&num_iid));
        let starred = self.annotation.as_ref().map(|before| before.starred);
        self.notice = Some(Notice::info(match () {
            () if here && starred != Some(annotation.starred) && annotation.starred => texts.starred(),
            () if here && starred != Some(annotation.starred) => texts.star_removed(),
            () if annotation.note.is_empty() => texts.note_removed(),
            () => texts.noted(),
        }));
        if here {
            self.annotation = Some(annotation.clone());
        }
        let item = self.shown.as_ref().filter(|_| here).and_then(Shown::scoped_item);
        let item = item.unwrap_or_else(|| self.scoped(num_iid));
        Effect::Store(StoreRequest::Note { item, annotation })
    }

    /// Reports that star and note could not be stored, and loads the stored ones so that the screen shows those.
    pub(super) fn not_noted(&mut self, item: ScopedItem, error: &StoreError) -> Vec<Effect> {
        self.notice = Some(Notice::alert(self.texts.not_noted(self.store_error_text(error))));
        vec![Effect::Store(StoreRequest::Versions(item))]
    }
}
