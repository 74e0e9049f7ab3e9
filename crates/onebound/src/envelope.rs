//! The envelope around an item: code, texts, quota, times.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::error_code::{Cause, ErrorCode};
use super::field::Field;
use super::item::ItemIndex;
use super::location::is_item;
use super::quota::Quota;
use onebound_document::{Document, NodeId, NodeKind};

/// The envelope of one answer. Its fields are small and owned: they outlive the body in a long session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    /// `error_code`, a string or a number on the wire.
    pub error_code: Option<ErrorCode>,
    /// `error`, "" where it is absent.
    pub error: String,
    /// `reason`, "" where it is absent; it can be "ok" on success.
    pub reason: String,
    /// `api_info`
    pub quota: Option<Quota>,
    /// `execution_time` in seconds, as it was written.
    pub execution_time: Option<String>,
    /// `cache`: whether the answer is the vendor's copy.
    pub from_vendor_cache: bool,
    /// `secache_date`: when the vendor took its copy (Beijing).
    pub cached_at: Option<String>,
    /// `server_time`, such as `Beijing/2020-12-18 15:24:17`.
    pub server_time: Option<String>,
    /// `request_id`, which the vendor asks for when something is wrong.
    pub request_id: Option<String>,
    /// `translate_status`
    pub translate_status: Option<String>,
}

impl Envelope {
    /// Reads the object around an item; `None` when it has neither a code, nor a text, nor an item or items, and is no
    /// item itself.
    pub fn from_document(document: &Document, root: NodeId) -> Option<Self> {
        let field = |name: &str| Field::member(document, root, name);
        let owned = |name: &str| field(name).text().map(str::to_owned);
        let envelope = Self {
            error_code: ErrorCode::from_field(&field("error_code")),
            error: field("error").to_text(),
            reason: field("reason").to_text(),
            quota: field("api_info").text().map(Quota::parse),
            execution_time: owned("execution_time"),
            from_vendor_cache: is_set(&field("cache")),
            cached_at: owned("secache_date"),
            server_time: owned("server_time"),
            request_id: owned("request_id"),
            translate_status: owned("translate_status"),
        };
        let says_something = envelope.error_code.is_some()
            || !envelope.error.is_empty()
            || !envelope.reason.is_empty()
            || ["item", "items"].iter().any(|name| document.get(root, name).is_some())
            || is_item(document, root);
        says_something.then_some(envelope)
    }

    /// `server_time` as a moment.
    pub fn answered_at(&self) -> Option<Timestamp> {
        let (zone, time) = self.server_time.as_deref()?.split_once('/')?;
        if zone == "Beijing" { in_beijing(time) } else { None }
    }

    /// The cause that its texts give beyond the code.
    pub fn cause(&self) -> Cause {
        Cause::from_texts(&self.error, &self.reason)
    }

    /// The vendor's own words for what went wrong: `reason`, else `error`.
    pub fn words(&self) -> &str {
        if self.reason.is_empty() { &self.error } else { &self.reason }
    }
}

/// The item of an answer, complete or a stub; the answer itself where nothing is around the item.
pub(super) fn find_item(document: &Document, root: NodeId) -> Option<ItemIndex> {
    let item = document.get(root, "item").filter(|item| document.kind(*item) == NodeKind::Object);
    let item = item.or_else(|| Some(root).filter(|root| is_item(document, *root)))?;
    Some(ItemIndex::new(document, item))
}

fn is_set(field: &Field<'_>) -> bool {
    matches!(field, Field::Bool(true))
        || field.text().is_some_and(|text| !matches!(text, "0" | "no" | "false"))
}

/// The time zone of the vendor's clock and of the quota's day. Beijing has had no summer time since 1991.
pub const BEIJING: Offset = Offset::constant(8);

/// `2020-12-18 15:24:17`
pub(super) fn in_beijing(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.trim().parse().ok()?;
    BEIJING.to_timestamp(time).ok()
}
