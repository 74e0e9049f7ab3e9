//! The stored answers of an item, for the commands that read them and never call.

use std::sync::Arc;

use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::run::Run;
use obx_core::i18n::{Describe, Texts};
use obx_core::store::Version;
use onebound::{Catalog, Exchange, Host, ItemId, Scope, ScopedItem};

/// What the store does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotStored {
    /// No answer of the item.
    Item(ItemId),
    /// An answer of the item that can be read; rows that can't are there.
    Readable(ItemId),
    /// No answer of this number among so many.
    Number { id: ItemId, number: usize, count: usize },
    /// No answer as old as this.
    Until(ItemId),
    /// A second answer, to compare the only one with.
    Second(ItemId),
    /// An answer that is newer than this one, to compare it with.
    Newer { id: ItemId, number: usize },
    /// An answer with these words, in its texts or anywhere in its body.
    Words { words: String, in_bodies: bool },
    /// Anything: there is no file.
    Anything,
}

impl Describe for NotStored {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Item(id) => texts.none_stored_of(id),
            Self::Readable(id) => texts.none_readable_of(id),
            Self::Number { id, number, count } => texts.none_stored_number(number, count, id),
            Self::Until(id) => texts.none_stored_until(id),
            Self::Second(id) => texts.diff_only_one(id),
            Self::Newer { id, number } => texts.diff_none_newer(number, id),
            Self::Words { words, .. } => texts.find_none(words),
            Self::Anything => texts.log_nothing_to_follow().to_owned(),
        }
    }
}

impl NotStored {
    /// What is missing where the store has listed no answer of an item.
    pub(super) fn of_item(id: ItemId, run: &Run) -> Self {
        if run.damaged_rows() > 0 { Self::Readable(id) } else { Self::Item(id) }
    }

    /// What to do.
    pub(super) fn hint(&self, texts: Texts) -> String {
        match self {
            Self::Item(id) => texts.none_stored_hint(id),
            Self::Readable(_) => texts.none_readable_hint().to_owned(),
            Self::Number { id, .. } | Self::Until(id) => texts.stored_hint_history(id),
            Self::Second(id) | Self::Newer { id, .. } => texts.diff_only_one_hint(id),
            Self::Words { in_bodies: true, .. } => String::new(),
            Self::Words { in_bodies: false, .. } => texts.find_none_hint().to_owned(),
            Self::Anything => texts.log_nothing_to_follow_hint().to_owned(),
        }
    }
}

/// All stored answers of an item, which its history numbers from 1 on.
#[derive(Debug)]
pub(super) struct StoredAnswers {
    pub(super) id: ItemId,
    /// Oldest first, never empty.
    pub(super) versions: Vec<Version>,
}

impl StoredAnswers {
    /// Those of the item whose ID is in this text, in the catalog that would be asked.
    ///
    /// # Errors
    /// If there are none, the text has no ID, or the store can't be read.
    pub(super) async fn find(run: &Run, text: Option<&str>) -> Result<Self, CliFailure> {
        let found = ItemId::find_on(run.config.call.platform(), text.unwrap_or_default())
            .map_err(CliFailure::ItemId)?;
        let item = ScopedItem { catalog: catalog(run), num_iid: found.id.clone() };
        let listed = run.session.store().versions(item).await?;
        let versions = run.rows(listed);
        if versions.is_empty() {
            return Err(CliFailure::NotStored(NotStored::of_item(found.id, run)));
        }
        Ok(Self { id: found.id, versions })
    }

    /// The place of the newest.
    pub(super) fn newest(&self) -> usize {
        self.versions.len().saturating_sub(1)
    }

    /// The place of the one that is meant by a number of the history, or by a time.
    ///
    /// # Errors
    /// If there is none, or the text is neither.
    pub(super) fn place_of(&self, point: &str, times: &LocalTimes) -> Result<usize, CliFailure> {
        let (id, count) = (self.id.clone(), self.versions.len());
        if let Ok(number) = point.parse::<usize>() {
            let place = number.checked_sub(1).filter(|place| *place < count);
            return place.ok_or(CliFailure::NotStored(NotStored::Number { id, number, count }));
        }
        let end = times.end_of(point).ok_or_else(|| CliFailure::NoPoint(point.to_owned()))?;
        let place = self.versions.iter().rposition(|version| version.at < end);
        place.ok_or(CliFailure::NotStored(NotStored::Until(id)))
    }

    /// Opens the one at this place.
    pub(super) async fn open(&self, run: &Run, place: usize) -> Result<Arc<Exchange>, CliFailure> {
        let Some(version) = self.versions.get(place) else {
            return Err(CliFailure::NotStored(NotStored::Item(self.id.clone())));
        };
        Ok(run.session.store().open(version.id).await?)
    }
}

/// The items whose answers are read: those of the platform and the gateway that would be called.
pub(super) fn catalog(run: &Run) -> Catalog {
    Catalog { scope: gateway(run), platform: run.config.call.platform().into() }
}

/// The gateway whose answers are read: the one that would be called.
pub(super) fn gateway(run: &Run) -> Scope {
    run.config.hosts.first().cloned().unwrap_or_else(Host::unknown).scope()
}
