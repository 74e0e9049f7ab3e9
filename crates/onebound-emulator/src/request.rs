//! A received request and its parameters.
//!
//! [`CallRequest`] is the path and the decoded query; it holds key and secret and therefore has no `Debug`.
//! [`ApiRequest`] is a call that passed all checks of its parameters.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::codes::ErrorReply;
use super::form::ResponseFormat;
use super::search_request::SearchRequest;

/// Credentials, which are never repeated in an answer or in the log.
const CREDENTIALS: [&str; 3] = ["key", "secret", "sign"];

/// Parameters that do not change the data of an answer, so that they are no part of the cache key.
const NOT_CACHED_BY: [&str; 4] = ["cache", "result_type", "dateline", "api_name"];

/// A request on a path of the API.
pub(super) struct CallRequest {
    /// `1688` or `1688global`.
    pub(super) api_type: String,
    /// `item_get`, `item_search`, or one that the emulator does not know.
    pub(super) api_name: String,
    params: Vec<(String, String)>,
}

impl CallRequest {
    /// Reads the query string of a request to `/{api_type}/{api_name}/`.
    pub(super) fn parse(api_type: String, api_name: String, query: Option<&str>) -> Self {
        Self { api_type, api_name, params: pairs(query) }
    }

    /// The value of a parameter that is not empty; of several with one name the last, as in PHP.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().rev().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The signed parameters, in order: of the credentials only the key, no empty value and no file.
    pub(super) fn signed(&self) -> BTreeMap<&str, &str> {
        let mut signed: BTreeMap<&str, &str> =
            self.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        signed.insert("api_name", &self.api_name);
        signed.retain(|name, value| {
            !["secret", "sign"].contains(name) && !value.is_empty() && !value.starts_with('@')
        });
        signed
    }

    /// `call_args` of the envelope: what was sent but for the credentials, and `[]` for nothing, as PHP
    /// writes an empty map.
    pub(super) fn args(&self) -> Value {
        let sent: Map<_, _> =
            self.shown().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        if sent.is_empty() { Value::Array(Vec::new()) } else { Value::Object(sent) }
    }

    /// The key of the answer in the vendor's cache.
    pub(super) fn cache_key(&self) -> String {
        let mut parts: Vec<_> = self
            .shown()
            .filter(|(name, _)| !NOT_CACHED_BY.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        parts.sort_unstable();
        format!("{}/{}?{}", self.api_type, self.api_name, parts.join("&"))
    }

    /// The form of the answer: JSON where nothing sensible is asked for.
    pub(super) fn form(&self) -> ResponseFormat {
        self.param("result_type").and_then(ResponseFormat::from_name).unwrap_or(ResponseFormat::Json)
    }

    fn shown(&self) -> impl Iterator<Item = &(String, String)> {
        self.params.iter().filter(|(name, _)| !CREDENTIALS.contains(&name.as_str()))
    }
}

/// The decoded query, with the values of key, secret and signature left out.
pub(super) fn redacted_pairs(query: Option<&str>) -> Vec<(String, String)> {
    let mut pairs = pairs(query);
    for (name, value) in &mut pairs {
        if CREDENTIALS.contains(&name.as_str()) {
            value.clear();
        }
    }
    pairs
}

fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    let parts = query.unwrap_or_default().split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// A valid request for an API that the emulator has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiRequest {
    pub(super) query: ApiQuery,
    /// `cn`, `en` or `ru`.
    pub(super) lang: String,
    /// Whether an answer of the vendor's cache will do.
    pub(super) cached: bool,
}

/// The data that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ApiQuery {
    /// `item_get`
    Item(ItemRequest),
    /// `item_search`, `item_search_shop`
    Search(SearchRequest),
}

/// A valid request for `item_get`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemRequest {
    /// 1 to 20 digits.
    pub(super) num_iid: String,
    /// `sales_data=1`: with the sales of the last 30 days.
    pub(super) sales_data: bool,
    /// `agent=1`: with prices for resellers.
    pub(super) agent: bool,
}

impl ApiRequest {
    /// Checks name and parameters: 4010 for another API, 4014 for a missing ID or word, 4003 for a value that will not
    /// do.
    pub(super) fn parse(call: &CallRequest) -> Result<Self, ErrorReply> {
        if !matches!(call.api_type.as_str(), "1688" | "1688global") {
            return Err(ErrorReply::new("4010"));
        }
        let query = match call.api_name.as_str() {
            "item_get" => ApiQuery::Item(ItemRequest::parse(call)?),
            "item_search" | "item_search_shop" => ApiQuery::Search(SearchRequest::parse(call)?),
            _ => return Err(ErrorReply::new("4010")),
        };
        let lang = call.param("lang").unwrap_or("cn");
        if !matches!(lang, "cn" | "en" | "ru") {
            return Err(ErrorReply::with_reason("4003", "用户输入参数错误:lang"));
        }
        if call
            .param("result_type")
            .is_some_and(|result_type| ResponseFormat::from_name(result_type).is_none())
        {
            return Err(ErrorReply::with_reason("4003", "用户输入参数错误:result_type"));
        }
        Ok(Self { query, lang: lang.to_owned(), cached: call.param("cache") != Some("no") })
    }

    /// The text that decides on errors and faults: the ID, or the words of a search.
    pub(super) fn test_text(&self) -> &str {
        match &self.query {
            ApiQuery::Item(request) => &request.num_iid,
            ApiQuery::Search(request) => request.test_text(),
        }
    }
}

impl ItemRequest {
    fn parse(call: &CallRequest) -> Result<Self, ErrorReply> {
        let num_iid =
            call.param("num_iid").ok_or_else(|| ErrorReply::with_reason("4014", "参数缺失:num_iid"))?;
        if num_iid.len() > 20 || !num_iid.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ErrorReply::with_reason("4003", "用户输入参数错误:num_iid"));
        }
        Ok(Self {
            num_iid: num_iid.to_owned(),
            sales_data: call.param("sales_data") == Some("1"),
            agent: call.param("agent") == Some("1"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(query: &str) -> CallRequest {
        CallRequest::parse("1688".to_owned(), "item_get".to_owned(), Some(query))
    }

    fn code_of(query: &str) -> String {
        ApiRequest::parse(&call(query)).unwrap_err().code
    }

    #[test]
    fn call_args_repeat_what_was_sent_but_never_credentials() {
        let sent = call("key=k&secret=s&sign=x&num_iid=12&area_id=%E7%BA%A2+a");
        assert_eq!(sent.args(), json!({"num_iid": "12", "area_id": "红 a"}));
        assert_eq!(call("key=k&secret=s").args(), json!([]));
        assert_eq!(call("%6bey=k").args(), json!([]));
    }

    #[test]
    fn the_log_keeps_names_of_credentials_without_their_values() {
        let pairs = redacted_pairs(Some("key=k&num_iid=1&secret=s"));
        assert_eq!(pairs.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["", "1", ""]);
    }

    #[test]
    fn calls_that_differ_by_order_cache_or_key_share_a_cached_answer() {
        let key = |query| call(query).cache_key();
        assert_eq!(key("key=a&num_iid=1&agent=1"), key("agent=1&num_iid=1&cache=no&key=b&result_type=jsonu"));
        assert_ne!(key("num_iid=1"), key("num_iid=1&agent=1"));
    }

    #[test]
    fn parameters_that_will_not_do_are_named_by_code() {
        assert_eq!(code_of("agent=1"), "4014");
        assert_eq!(code_of("num_iid="), "4014");
        assert_eq!(code_of("num_iid=12a"), "4003");
        assert_eq!(code_of("num_iid=123456789012345678901"), "4003");
        assert_eq!(code_of("num_iid=1&lang=ko"), "4003");
        assert_eq!(code_of("num_iid=1&result_type=yaml"), "4003");
        assert!(ApiRequest::parse(&call("num_iid=12345678901234567890&lang=ru&result_type=jsonu")).is_ok());
    }
}
