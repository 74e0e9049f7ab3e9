//! What is reported of each picture.

use serde_json::Value;

use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::PictureRole;

/// How the saving of a picture ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureStatus {
    Saved,
    /// Its file was there before.
    Present,
    Failed,
    /// The limit for all pictures was reached.
    Skipped,
}

/// A picture of an item, and its file.
#[derive(Clone, Debug)]
pub(super) struct PictureRecord {
    pub(super) num_iid: String,
    /// The one that its file is named by.
    pub(super) role: PictureRole,
    /// The choice of a SKU that it shows, if any.
    pub(super) value: Option<String>,
    pub(super) sku_ids: Vec<String>,
    pub(super) url: String,
    pub(super) path: Option<String>,
    pub(super) bytes: Option<u64>,
    pub(super) status: PictureStatus,
    pub(super) error: Option<String>,
}

impl PictureStatus {
    /// As in the record.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Present => "present",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    pub(super) fn label(self, texts: Texts) -> &'static str {
        match self {
            Self::Saved => texts.images_saved(),
            Self::Present => texts.images_present(),
            Self::Failed => texts.images_failed(),
            Self::Skipped => texts.images_skipped(),
        }
    }
}

impl PictureRecord {
    fn role(&self) -> &'static str {
        match self.role {
            PictureRole::Main => "main",
            PictureRole::Item(_) => "item",
            PictureRole::Sku(_) => "sku",
            PictureRole::Description(_) => "description",
        }
    }

    fn number(&self) -> Option<usize> {
        match self.role {
            PictureRole::Item(number) | PictureRole::Description(number) => Some(number),
            PictureRole::Main | PictureRole::Sku(_) => None,
        }
    }
}

pub(super) fn schema() -> Schema<PictureRecord> {
    use ValueKind::{Integer, Json, Text};
    type Picture = PictureRecord;
    let text = |name, about, value: fn(&Picture) -> Option<&str>| {
        SchemaField::new(name, Text, about, move |picture: &Picture| value(picture).map(Value::from))
    };
    let fields = vec![
        text("num_iid", Texts::flat_num_iid, |picture| Some(&picture.num_iid)),
        text("role", Texts::flat_picture_role, |picture| Some(picture.role())),
        SchemaField::new("number", Integer, Texts::flat_picture_number, |picture: &Picture| {
            picture.number().map(Value::from)
        }),
        text("value", Texts::flat_picture_value, |picture| picture.value.as_deref()),
        SchemaField::new("sku_ids", Json, Texts::images_field_sku_ids, |picture: &Picture| {
            Some(picture.sku_ids.clone().into())
        }),
        text("url", Texts::flat_picture_url, |picture| Some(&picture.url)),
        text("path", Texts::images_field_path, |picture| picture.path.as_deref()),
        SchemaField::new("bytes", Integer, Texts::images_field_bytes, |picture: &Picture| {
            picture.bytes.map(Value::from)
        }),
        text("status", Texts::images_field_status, |picture| Some(picture.status.as_str())),
        text("error", Texts::images_field_error, |picture| picture.error.as_deref()),
    ];
    Schema::new("picture_file", 1, fields)
}
