//! HAR files: the entries that are calls of this API. Of their addresses only known parameters are read; key and
//! secret that stand in them in clear are masked in all that came, and go no further.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use url::Url;

use super::{Found, base64};
use crate::api::{
    Answer, Call, CallSettings, Credentials, Exchange, Field, Host, ITEM_GET, ItemId, ResultType, Saved,
    Timing, VendorCache,
};
use crate::document::{Document, NodeId};
use crate::export::redact;

/// `None` where the document is no HAR file.
pub(super) fn read(document: &Document, credentials: Option<&Credentials>) -> Option<Found> {
    let log = document.get(document.root(), "log")?;
    let entries = document.get(log, "entries")?;
    let all = document.children(entries).count();
    let exchanges: Vec<Exchange> = document
        .children(entries)
        .filter_map(|entry| Entry { document, entry }.exchange(credentials))
        .collect();
    let others = all - exchanges.len();
    Some(Found { exchanges, others })
}

/// One of the log's entries.
#[derive(Clone, Copy)]
struct Entry<'a> {
    document: &'a Document,
    entry: NodeId,
}

impl<'a> Entry<'a> {
    /// `None` where it is no call of the API.
    fn exchange(self, credentials: Option<&Credentials>) -> Option<Exchange> {
        let url = Url::parse(self.text(&["request", "url"])?.as_ref()).ok()?;
        let parameters: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let call = call(&url, &parameters)?;
        let own = value(&parameters, "key").zip(value(&parameters, "secret"));
        let own = own.and_then(|(key, secret)| Credentials::new(key, secret).ok());
        let saved = Saved {
            call: Ok(call),
            host: Host::seen(&url)?,
            signed: value(&parameters, "sign").is_some(),
            started_at: self.text(&["startedDateTime"])?.parse().unwrap_or(Timestamp::UNIX_EPOCH),
            timing: self.timing(),
            request_headers: self.headers("request"),
        };
        let answer = Answer { status: self.status(), headers: self.headers("response"), body: self.body() };
        Some(Exchange::saved(saved, answer, own.as_ref().or(credentials)))
    }

    /// 0 where there was no answer.
    fn status(self) -> u16 {
        self.text(&["response", "status"]).and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    fn body(self) -> Bytes {
        let Some(text) = self.text(&["response", "content", "text"]) else { return Bytes::new() };
        let encoded = self.text(&["response", "content", "encoding"]).is_some_and(|name| name == "base64");
        let decoded = if encoded { base64::decode(&text) } else { None };
        decoded.map_or_else(|| Bytes::from(text.into_owned()), Bytes::from)
    }

    fn headers(self, of: &str) -> Vec<(String, String)> {
        let Some(list) = self.find(&[of, "headers"]) else { return Vec::new() };
        let text = |header, name| Field::of(self.document, header, name).to_text();
        let header = |header| {
            let (name, value) = (text(header, "name").to_ascii_lowercase(), text(header, "value"));
            let shown = redact::header(&name, &value).to_owned();
            (name, shown)
        };
        self.document.children(list).map(header).collect()
    }

    fn timing(self) -> Timing {
        let part = |name| {
            let written = self.number(&["timings", name]).filter(|ms| *ms >= 0.0);
            written.and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok())
        };
        let total = self.number(&["time"]).and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok());
        // Both in a row, as obx counts from the start; `connect` has no `dns` in it.
        let resolved = part("dns");
        let connected = part("connect").map(|connect| resolved.unwrap_or_default() + connect);
        let first_byte = part("wait").map(|wait| connected.or(resolved).unwrap_or_default() + wait);
        Timing { resolved, connected, first_byte, total: total.or(first_byte).unwrap_or_default() }
    }

    fn find(self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(self.entry, |node, name| self.document.get(node, name))
    }

    fn text(self, path: &[&str]) -> Option<std::borrow::Cow<'a, str>> {
        self.find(path).map(|node| self.document.text(node))
    }

    fn number(self, path: &[&str]) -> Option<f64> {
        Field::at(self.document, self.find(path)?).number()
    }
}

fn value<'a>(parameters: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// `/1688/item_get/?num_iid=…`: what is asked there, where it is a call of the API.
fn call(url: &Url, parameters: &[(String, String)]) -> Option<Call> {
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let (platform, api_name) = (parts.next()?, parts.next()?);
    let settings = settings(platform, parameters);
    let num_iid = value(parameters, "num_iid");
    // Nothing is told that was not asked for.
    let as_asked = |call: Call| if result_type(parameters).is_some() { call } else { call.in_any_form() };
    if api_name == ITEM_GET {
        return Some(as_asked(settings.item_get(ItemId::find(num_iid?).ok()?)));
    }
    // Every call goes with a key; that is what tells it from any other address.
    value(parameters, "key")?;
    let own = num_iid.map(|id| ("num_iid".to_owned(), id.to_owned()));
    let call = settings.raw(api_name, own.into_iter().collect()).ok().map(as_asked);
    call.filter(|_| parts.next().is_none())
}

fn result_type(parameters: &[(String, String)]) -> Option<ResultType> {
    value(parameters, "result_type")?.parse().ok()
}

/// What of the address has a place in a call. Whatever could be a secret has none.
fn settings(platform: &str, parameters: &[(String, String)]) -> CallSettings {
    let owned = |name| value(parameters, name).map(str::to_owned);
    let is_set = |name| value(parameters, name) == Some("1");
    let extra = parameters.iter().filter(|(name, value)| {
        // The call's own check: it refuses names that have a place of their own, and those of secrets.
        CallSettings::parameter(&format!("{name}={value}")).is_ok()
    });
    CallSettings {
        platform: Some(platform.to_owned()).filter(|name| name != "1688"),
        cache: match value(parameters, "cache") {
            Some("no") => Some(VendorCache::No),
            Some("yes") => Some(VendorCache::Yes),
            _ => None,
        },
        lang: owned("lang"),
        version: owned("version"),
        result_type: result_type(parameters).unwrap_or_default(),
        sales_data: is_set("sales_data"),
        agent: is_set("agent"),
        extra: extra.cloned().collect(),
    }
}
