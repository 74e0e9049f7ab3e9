//! The envelope around every answer, field by field in the order of the captured bodies.
//!
//! A [`Page`] is decided quickly, under locks, and written later on a thread that may take its time.
//! Sources: `assets/610947572360.json` for a success, the error example of the vendor's page, and
//! a captured answer of `item_search_shop` for a success without an item.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::Ask;
use super::catalogue;
use super::clock::beijing_text;
use super::codes::Refusal;
use super::faults::{Fault, payload};
use super::form::Form;
use super::seeded_rng::SeededRng;

/// An answer that is decided but not yet written.
pub(super) struct Page {
    pub(super) head: Head,
    pub(super) content: Content,
    pub(super) fault: Option<Fault>,
    pub(super) form: Form,
}

/// What every envelope says of its call.
pub(super) struct Head {
    pub(super) api_type: String,
    pub(super) args: Value,
    pub(super) api_info: String,
    /// Seconds; a number or a string.
    pub(super) execution_time: Value,
    /// When the answer leaves.
    pub(super) sent: Timestamp,
    /// The number of the request, to tell request IDs apart.
    pub(super) serial: u64,
}

/// What an envelope holds.
pub(super) enum Content {
    /// An item as it was when `made`: now, or earlier for an answer of the vendor's cache.
    Item { ask: Ask, made: Timestamp, cached: bool, cache_key: String },
    /// Success without an item.
    Nothing,
    /// An error, or "no result".
    Refused(Refusal),
}

impl Page {
    /// The body, in UTF-8 (but for the fault `gbk`).
    pub(super) fn text(&self) -> Vec<u8> {
        let text = self.form.text(&self.envelope());
        match self.fault {
            Some(fault) => payload::bend_text(fault, text),
            None => text,
        }
    }

    fn envelope(&self) -> Value {
        match &self.content {
            Content::Item { ask, made, cached, cache_key } => self.with_item(ask, *made, *cached, cache_key),
            Content::Nothing => self.without_item(),
            Content::Refused(refusal) => self.refused(refusal),
        }
    }

    fn with_item(&self, ask: &Ask, made: Timestamp, cached: bool, cache_key: &str) -> Value {
        let head = &self.head;
        json!({
            "item": self.item(ask, made),
            "secache": SeededRng::of(cache_key, "secache").hex(32),
            "secache_time": made.as_second(),
            "secache_date": beijing_text(made),
            // A translation is never made: "error" with the text left in Chinese is what the vendor answers
            // when its own translation fails.
            "translate_status": if ask.lang == "cn" { "" } else { "error" },
            "translate_time": 0,
            "language": {"default_lang": "cn", "current_lang": ask.lang},
            "error": "",
            "reason": "",
            "error_code": "0000",
            "cache": u8::from(cached),
            "api_info": head.api_info,
            "execution_time": head.execution_time,
            "server_time": head.server_time(),
            "client_ip": "127.0.0.1",
            "call_args": head.args,
            "api_type": head.api_type,
            "translate_language": if ask.lang == "cn" { "zh-CN" } else { ask.lang.as_str() },
            "translate_engine": "google_cn",
            "server_memory": head.server_memory(),
            "request_id": format!("gw-2.{}", head.unique()),
        })
    }

    fn item(&self, ask: &Ask, made: Timestamp) -> Value {
        match self.fault {
            Some(Fault::WrongItem) => {
                catalogue::item(&Ask { num_iid: payload::another_id(&ask.num_iid), ..ask.clone() }, made)
            }
            Some(fault) => payload::bend_item(fault, catalogue::item(ask, made)),
            None => catalogue::item(ask, made),
        }
    }

    fn without_item(&self) -> Value {
        let head = &self.head;
        json!({
            "error": "",
            "reason": "",
            "error_code": "0000",
            "cache": 0,
            "api_info": head.api_info,
            "execution_time": head.execution_time,
            "server_time": head.server_time(),
            "client_ip": "127.0.0.1",
            "call_args": head.args,
            "api_type": head.api_type,
            "translate_language": "zh-CN",
            "translate_engine": "baidu",
            "server_memory": head.server_memory(),
            "last_id": false,
        })
    }

    fn refused(&self, refusal: &Refusal) -> Value {
        let head = &self.head;
        json!({
            "error": refusal.error,
            "reason": refusal.reason,
            "error_code": refusal.code,
            "success": 0,
            "cache": 0,
            "api_info": head.api_info,
            "execution_time": head.execution_time,
            "server_time": head.server_time(),
            "call_args": head.args,
            "api_type": head.api_type,
            "request_id": format!("1{}", head.unique()),
        })
    }
}

impl Head {
    fn server_time(&self) -> String {
        format!("Beijing/{}", beijing_text(self.sent))
    }

    fn server_memory(&self) -> String {
        let hundredths = SeededRng::of(&self.unique(), "server_memory").between(105, 589);
        format!("{}.{:02}MB", hundredths / 100, hundredths % 100)
    }

    /// Thirteen hexadecimal digits in the manner of PHP's `uniqid`: seconds, and, in the place of
    /// microseconds, the number of the request, so that no two of one emulator are alike.
    fn unique(&self) -> String {
        format!("{:08x}{:05x}", self.sent.as_second(), self.serial & 0xf_ffff)
    }
}
