//! The envelope around every answer, field by field in the order of the captured bodies.
//!
//! A [`PlannedResponse`] is decided quickly, under locks, and written later on a blocking thread.
//! Sources: `assets/610947572360.json` for a success, the error example of the vendor's page, and
//! a captured answer of `item_search_shop` for a success without an item.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::catalogue::{self, Moment};
use super::clock::beijing_text;
use super::codes::ErrorReply;
use super::faults::{Fault, payload};
use super::form::ResponseFormat;
use super::request::{ApiQuery, ApiRequest, ItemRequest};
use super::seeded_rng::SeededRng;

/// An answer that is decided but not yet written.
pub(super) struct PlannedResponse {
    pub(super) head: EnvelopeHead,
    pub(super) content: EnvelopeContent,
    pub(super) fault: Option<Fault>,
    pub(super) form: ResponseFormat,
}

/// The fields of every envelope.
pub(super) struct EnvelopeHead {
    pub(super) api_type: String,
    pub(super) args: Value,
    pub(super) api_info: String,
    /// Seconds; a number or a string.
    pub(super) execution_time: Value,
    /// When the answer leaves.
    pub(super) sent: Timestamp,
    /// The number of the request, part of its ID.
    pub(super) serial: u64,
}

/// The content of an envelope.
pub(super) enum EnvelopeContent {
    /// An item, or a page of items, as of now, or of earlier for an answer of the vendor's cache.
    Data { request: ApiRequest, moment: Moment, cached: bool, cache_key: String },
    /// Success without an item.
    Nothing,
    /// An error, or "no result".
    Refused(ErrorReply),
}

impl PlannedResponse {
    /// The body, in UTF-8 (but for the fault `gbk`).
    pub(super) fn text(&self) -> Vec<u8> {
        let text = self.form.text(&self.envelope());
        match self.fault {
            Some(fault) => payload::apply_to_text(fault, text),
            None => text,
        }
    }

    fn envelope(&self) -> Value {
        match &self.content {
            EnvelopeContent::Data { request, moment, cached, cache_key } => {
                self.with_data(request, *moment, *cached, cache_key)
            }
            EnvelopeContent::Nothing => self.without_item(),
            EnvelopeContent::Refused(error) => self.refused(error),
        }
    }

    fn with_data(&self, request: &ApiRequest, moment: Moment, cached: bool, cache_key: &str) -> Value {
        let head = &self.head;
        let (name, data) = match &request.query {
            ApiQuery::Item(item) => ("item", self.item(item, moment)),
            ApiQuery::Search(search) => ("items", self.items(catalogue::items(search, moment))),
        };
        json!({
            name: data,
            "secache": SeededRng::new(cache_key, "secache").hex(32),
            "secache_time": moment.made.as_second(),
            "secache_date": beijing_text(moment.made),
            // A translation is never made: "error" with the text left in Chinese is what the vendor answers
            // when its own translation fails.
            "translate_status": if request.lang == "cn" { "" } else { "error" },
            "translate_time": 0,
            "language": {"default_lang": "cn", "current_lang": request.lang},
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
            "translate_language": if request.lang == "cn" { "zh-CN" } else { request.lang.as_str() },
            "translate_engine": "google_cn",
            "server_memory": head.server_memory(),
            "request_id": format!("gw-2.{}", head.unique()),
        })
    }

    fn item(&self, request: &ItemRequest, moment: Moment) -> Value {
        match self.fault {
            Some(Fault::WrongItem) => catalogue::item(
                &ItemRequest { num_iid: payload::another_id(&request.num_iid), ..request.clone() },
                moment,
            ),
            Some(fault) => payload::apply_to_item(fault, catalogue::item(request, moment)),
            None => catalogue::item(request, moment),
        }
    }

    fn items(&self, items: Value) -> Value {
        match self.fault {
            Some(fault) => payload::apply_to_list(fault, items),
            None => items,
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

    fn refused(&self, error: &ErrorReply) -> Value {
        let head = &self.head;
        json!({
            "error": error.error,
            "reason": error.reason,
            "error_code": error.code,
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

impl EnvelopeHead {
    fn server_time(&self) -> String {
        format!("Beijing/{}", beijing_text(self.sent))
    }

    fn server_memory(&self) -> String {
        let hundredths = SeededRng::new(&self.unique(), "server_memory").between(105, 589);
        format!("{}.{:02}MB", hundredths / 100, hundredths % 100)
    }

    /// Thirteen hexadecimal digits in the manner of PHP's `uniqid`: seconds, and, in the place of
    /// microseconds, the number of the request, so that no two of one emulator are alike.
    fn unique(&self) -> String {
        format!("{:08x}{:05x}", self.sent.as_second(), self.serial & 0xf_ffff)
    }
}
