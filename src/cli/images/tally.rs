//! The last line for people: how many pictures were saved, and how many not.

use super::record::{PictureRecord, PictureStatus};
use crate::ui::measure;
use obx_core::i18n::Texts;

/// The pictures of a run, counted by their status.
#[derive(Debug, Default)]
pub(super) struct Tally {
    saved: u64,
    /// In the saved files.
    pub(super) bytes: u64,
    present: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    pub(super) fn add(&mut self, record: &PictureRecord) {
        match record.status {
            PictureStatus::Saved => {
                self.saved += 1;
                self.bytes += record.bytes.unwrap_or_default();
            }
            PictureStatus::Present => self.present += 1,
            PictureStatus::Failed => self.failed += 1,
            PictureStatus::Skipped => self.skipped += 1,
        }
    }

    pub(super) fn line(&self, texts: Texts) -> String {
        let size = measure::bytes(usize::try_from(self.bytes).unwrap_or(usize::MAX));
        let counted = |count: u64, text: String| (count > 0).then_some(text);
        let parts = [
            Some(texts.images_count_saved(self.saved, size)),
            counted(self.present, texts.images_count_present(self.present)),
            counted(self.failed, texts.images_count_failed(self.failed)),
            counted(self.skipped, texts.images_count_skipped(self.skipped)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
