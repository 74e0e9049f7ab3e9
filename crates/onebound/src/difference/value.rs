//! A change of one value.

use std::borrow::Cow;

use crate::field::FieldValue;
use crate::field_table::{self, FieldShape};
use crate::{Decimal, Price};
use onebound_document::{Document, NodeId, NodeKind};

/// Longer texts are cut: enough to read, and a changed page of HTML stays small.
const MAX_CHARACTERS: usize = 300;

/// An owned copy of a field's value. A text is cut to 300 characters; a container is its number of elements.
pub type ChangedValue = FieldValue<String, String, usize>;

/// Whether something was added, removed or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeStatus {
    /// Only in the later answer.
    Added,
    /// Only in the earlier answer.
    Removed,
    /// In both.
    Changed,
}

/// How a value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// By this amount, not zero. IDs, codes, flags and props have none: their digits are no amounts.
    Amount(Decimal),
    /// Same content in another type: `"799.00"` and 799, absent and null, null and `""`.
    Type,
    /// Same amount, written differently: `"799.00"` and `"799"`.
    Spelling,
    /// Anything else.
    Other,
}

/// A field that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Added, removed or changed.
    pub status: ChangeStatus,
    /// The API's name, or the path from the item or the envelope: `seller_info.nick`. A tier has its minimum quantity
    /// in place of its index: `priceRange[≥50]`.
    pub name: Cow<'static, str>,
    /// The earlier value.
    pub before: ChangedValue,
    /// The later value.
    pub after: ChangedValue,
    /// How it changed.
    pub kind: ChangeKind,
}

impl ChangedValue {
    /// The value at a node; absent where there is none.
    pub(super) fn from_node(document: &Document, node: Option<NodeId>) -> Self {
        let Some(node) = node else { return Self::Absent };
        match document.kind(node) {
            NodeKind::Null => Self::Null,
            NodeKind::Bool => Self::Bool(document.raw(node) == "true"),
            NodeKind::Number => Self::Number(shortened(document.raw(node))),
            NodeKind::String => Self::Text(shortened(&document.text(node))),
            NodeKind::Array => Self::List(document.children(node).count()),
            NodeKind::Object => Self::Object(document.children(node).count()),
        }
    }

    /// The amount of a number or a numeric string.
    pub fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Number(digits) => Price::from_number(digits).and_then(Price::exact),
            Self::Text(text) => Price::parse(text).and_then(Price::exact),
            _ => None,
        }
    }

    fn says_nothing(&self) -> bool {
        match self {
            Self::Absent | Self::Null | Self::List(0) | Self::Object(0) => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    fn reads_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(value), Self::Text(text)) | (Self::Text(text), Self::Bool(value)) => {
                text == if *value { "true" } else { "false" }
            }
            _ => self.says_nothing() && other.says_nothing(),
        }
    }
}

impl Change {
    /// A change of a field that at least one answer has.
    pub(super) fn new(name: Cow<'static, str>, before: ChangedValue, after: ChangedValue) -> Self {
        let status = match (&before, &after) {
            (ChangedValue::Absent, _) => ChangeStatus::Added,
            (_, ChangedValue::Absent) => ChangeStatus::Removed,
            _ => ChangeStatus::Changed,
        };
        let kind = match ChangeKind::between(&before, &after) {
            // Digits that name something, or say yes or no, are no amount: their difference says nothing.
            ChangeKind::Amount(_) if is_identifier(&name) || is_flag(&name) => ChangeKind::Other,
            kind => kind,
        };
        Self { status, name, before, after, kind }
    }

    /// The change in per cent of the earlier amount, to one decimal.
    pub fn percent(&self) -> Option<Decimal> {
        match self.kind {
            ChangeKind::Amount(by) => by.percent_of(self.before.amount()?),
            _ => None,
        }
    }

    /// Returns true for a price in yuan.
    pub fn is_price(&self) -> bool {
        let is_tier = self.tier().is_some() || self.name.ends_with("[1]");
        self.name.ends_with("price") || self.name.starts_with("priceRange") && is_tier
    }

    /// The minimum quantity of the tier that changed: `≥50`.
    pub fn tier(&self) -> Option<&str> {
        self.name.strip_prefix("priceRange[")?.strip_suffix(']').filter(|tier| tier.starts_with('≥'))
    }
}

impl ChangeKind {
    fn between(before: &ChangedValue, after: &ChangedValue) -> Self {
        let same_type = before.type_name() == after.type_name();
        match before.amount().zip(after.amount()).and_then(|(before, after)| after.minus(before)) {
            Some(by) if !by.is_zero() => Self::Amount(by),
            Some(_) if same_type => Self::Spelling,
            Some(_) => Self::Type,
            None if !same_type && before.reads_like(after) => Self::Type,
            None => Self::Other,
        }
    }
}

fn is_identifier(name: &str) -> bool {
    ["id", "Id", "ID", "code"].iter().any(|end| name.ends_with(end))
}

/// A field that says yes or no, as `is_support_mix` does: it may be written as 0 and 1.
fn is_flag(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    let begins = ["is_", "has_", "support"].iter().any(|begin| name.starts_with(begin));
    begins || field_table::shape(field_table::ITEM, name) == FieldShape::Flag
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
