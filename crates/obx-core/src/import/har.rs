//! Parses HAR files: the entries that are calls of this API. Only known parameters are taken from their URLs; a key and a
//! secret in a URL are masked in the answer, and dropped.

use std::time::Duration;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use bytes::Bytes;
use jiff::Timestamp;
use url::{ParseError, Url};

use super::{ImportNotes, Imported};
use crate::export::{NOTHING_SENT, OWN, Own, redact};
use onebound::{
    Answer, Call, CallSettings, Credentials, Exchange, Failure, Field, Host, ITEM_GET, ItemId, Malformed,
    Outcome, RecordedEnd, RequestStage, ResultType, SavedCall, SecretNames, Timing, VendorCache,
};
use onebound_document::{Document, NodeId};

/// `None` where the document is no HAR file.
pub(super) fn parse(
    document: &Document,
    at: Timestamp,
    credentials: Option<&Credentials>,
) -> Option<Imported> {
    let log = document.get(document.root(), "log")?;
    let entries = document.get(log, "entries")?;
    let creator = document.get(log, "creator");
    let is_own =
        creator.is_some_and(|creator| Field::member(document, creator, "name").text() == Some("obx"));
    let mut found = Imported { exchanges: Vec::new(), notes: ImportNotes::default() };
    for node in document.children(entries) {
        match (HarEntry { document, node, is_own }).exchange(at, credentials, &mut found.notes) {
            Ok(exchange) => found.exchanges.push(exchange),
            Err(Unused::OtherApi) => found.notes.other_apis += 1,
            Err(Unused::NoAddress) => found.notes.without_address += 1,
        }
    }
    Some(found)
}

#[derive(Clone, Copy)]
struct HarEntry<'a> {
    document: &'a Document,
    node: NodeId,
    /// Whether obx wrote the file.
    is_own: bool,
}

/// Why an entry is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unused {
    /// It calls another API.
    OtherApi,
    /// Its URL can't be parsed, or has no item ID.
    NoAddress,
}

/// Replaces a host that an entry does not name; the name is reserved, so nobody can have it.
const UNKNOWN_HOST: &str = "https://unknown-host.invalid/";

/// Where programs write why there is no whole answer: Chrome in `_error`, Playwright in `_failureText`, and all others,
/// Firefox and obx among them, in `comment`.
const REASONS: [&[&str]; 6] = [
    &["response", "_error"],
    &["response", "_failureText"],
    &["_error"],
    &["response", "content", "comment"],
    &["response", "comment"],
    &["comment"],
];

impl<'a> HarEntry<'a> {
    /// An entry without a time is dated `at`.
    fn exchange(
        self,
        at: Timestamp,
        credentials: Option<&Credentials>,
        notes: &mut ImportNotes,
    ) -> Result<Exchange, Unused> {
        let (url, host) = self.address().ok_or(Unused::NoAddress)?;
        let host = host.ok_or(Unused::OtherApi)?;
        let parameters: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let call = call(&url, &parameters).ok_or(Unused::OtherApi)??;
        let own = value(&parameters, "key").zip(value(&parameters, "secret"));
        let own = own.and_then(|(key, secret)| Credentials::new(key, secret).ok());
        // The call may be another account's, and repeat the caller's secrets all the same.
        let masked = match (own, credentials) {
            (Some(own), Some(caller)) => Some(own.also_masking(caller)),
            (own, caller) => own.or_else(|| caller.cloned()),
        };
        let started = self.text(&["startedDateTime"]).and_then(|text| text.parse().ok());
        notes.undated += usize::from(started.is_none());
        let (status, body) = (self.status(), self.body(notes));
        let came = status > 0 || body.as_ref().is_some_and(|body| !body.is_empty());
        let saved = SavedCall {
            call: Ok(call),
            host,
            signed: value(&parameters, "sign").is_some(),
            started_at: started.unwrap_or(at),
            timing: self.timing(came),
            request_headers: self.headers("request"),
            ended: self.ended(came, body.is_some()),
        };
        let answer = Answer { status, headers: self.headers("response"), body: body.unwrap_or_default() };
        Ok(Exchange::from_saved(saved, answer, masked.as_ref()))
    }

    /// The URL and its host; no host where the URL is not http or https. Some programs write the path alone: then the
    /// request's headers name the host, or it is [`UNKNOWN_HOST`].
    fn address(self) -> Option<(Url, Option<Host>)> {
        let text = self.text(&["request", "url"])?;
        match Url::parse(&text) {
            Ok(url) => Some((url.clone(), Host::from_url(&url))),
            Err(ParseError::RelativeUrlWithoutBase) => {
                let headers = self.headers("request");
                let named = headers.iter().find(|(name, _)| name == "host" || name == ":authority");
                let base = named.and_then(|(_, host)| Url::parse(&format!("https://{host}/")).ok());
                let url = base.or_else(|| Url::parse(UNKNOWN_HOST).ok())?.join(&text).ok()?;
                Some((url.clone(), Host::from_url(&url)))
            }
            Err(_) => None,
        }
    }

    /// 0 without an answer: browsers write 0 or -1, or leave the response out.
    fn status(self) -> u16 {
        self.text(&["response", "status"]).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// `None` where the file has none: there was no answer, or the program did not save it.
    fn body(self, notes: &mut ImportNotes) -> Option<Bytes> {
        let content = self.find(&["response", "content"])?;
        let Field::Text(text) = Field::member(self.document, content, "text") else {
            return (self.size() == Some(0) && self.reason().is_empty()).then(Bytes::new);
        };
        if text.is_empty() && self.size().is_some_and(|size| size > 0) {
            return None;
        }
        let encoded = self.text(&["response", "content", "encoding"]).is_some_and(|name| name == "base64");
        let decoded = if encoded { from_base64(&text) } else { None };
        notes.undecoded += usize::from(encoded && decoded.is_none());
        Some(decoded.map_or_else(|| Bytes::from(text.into_owned()), Bytes::from))
    }

    /// The body's size in bytes, as the file states it: unpacked, else as transferred.
    fn size(self) -> Option<u64> {
        let stated = [&["response", "content", "size"][..], &["response", "bodySize"]];
        let stated =
            stated.map(|path| self.find(path).and_then(|node| Field::from_node(self.document, node).count()));
        stated.iter().flatten().find(|size| **size > 0).or(stated.first()?.as_ref()).copied()
    }

    /// The outcome, where the body does not show it.
    fn ended(self, came: bool, has_body: bool) -> Option<RecordedEnd> {
        if let Some(Own { stage, outcome }) = self.own().filter(|own| !own.outcome.is_whole()) {
            return Some(RecordedEnd { stage, outcome });
        }
        let nothing_sent = self.is_own && self.text(&["comment"]).is_some_and(|text| text == NOTHING_SENT);
        let outcome = match (came, has_body) {
            (false, _) => Outcome::Failed(Failure::NotRecorded(self.reason())),
            // A redirect needs no body: its headers say all.
            (true, false) if self.status() == 304 || !(300..400).contains(&self.status()) => {
                let (size, reason) = (self.size(), self.reason());
                Outcome::NotUnderstood(Malformed::NotRecorded { size, reason })
            }
            (true, _) => return None,
        };
        let stage = match (came, nothing_sent) {
            (true, _) => RequestStage::Answered,
            (false, true) => RequestStage::NothingSent,
            (false, false) => RequestStage::Sent,
        };
        Some(RecordedEnd { stage, outcome })
    }

    /// obx's own record of a call without a whole answer.
    fn own(self) -> Option<Own> {
        serde_json::from_str(self.document.raw(self.find(&[OWN])?)).ok()
    }

    /// The file's reasons for a missing answer, or "".
    fn reason(self) -> String {
        let reasons = REASONS.iter().filter_map(|path| {
            match self.find(path).map(|at| Field::from_node(self.document, at)) {
                Some(Field::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                _ => None,
            }
        });
        let mut all: Vec<String> = Vec::new();
        reasons.for_each(|reason| {
            if !all.contains(&reason) {
                all.push(reason);
            }
        });
        all.join("; ")
    }

    fn headers(self, of: &str) -> Vec<(String, String)> {
        let Some(list) = self.find(&[of, "headers"]) else { return Vec::new() };
        let text = |header, name| Field::member(self.document, header, name).to_text();
        let header = |header| {
            let (name, value) = (text(header, "name").to_ascii_lowercase(), text(header, "value"));
            let shown = redact::header(&name, &value);
            (name, shown)
        };
        self.document.children(list).map(header).collect()
    }

    fn timing(self, came: bool) -> Timing {
        let part = |name| {
            let written = self.number(&["timings", name]).filter(|ms| *ms >= 0.0);
            written.and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok())
        };
        let total = self.number(&["time"]).and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok());
        // obx counts from the start, HAR by phases; `connect` does not include `dns`.
        let resolved = part("dns");
        let connected = part("connect").map(|connect| resolved.unwrap_or_default() + connect);
        let first_byte = part("wait").map(|wait| connected.or(resolved).unwrap_or_default() + wait);
        let total = total.or(first_byte).unwrap_or_default();
        // Without an answer there was no first byte.
        Timing { resolved, connected, first_byte: first_byte.filter(|_| came), total }
    }

    fn find(self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(self.node, |node, name| self.document.get(node, name))
    }

    fn text(self, path: &[&str]) -> Option<std::borrow::Cow<'a, str>> {
        self.find(path).map(|node| self.document.text(node))
    }

    fn number(self, path: &[&str]) -> Option<f64> {
        Field::from_node(self.document, self.find(path)?).number()
    }
}

/// Decodes base64 as programs write it into HAR files: in either alphabet, on several lines, with padding or without.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let standard = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(standard).collect();
    LENIENT.decode(letters).ok()
}

fn value<'a>(parameters: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// The call of a URL such as `/1688/item_get/?num_iid=…`; `None` for a URL of another API, an error where the item's ID can't
/// be parsed.
fn call(url: &Url, parameters: &[(String, String)]) -> Option<Result<Call, Unused>> {
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let (platform, api_name) = (parts.next()?, parts.next()?);
    let settings = settings(platform, parameters);
    let num_iid = value(parameters, "num_iid");
    // A parameter that was not sent must not be shown.
    let as_asked =
        |call: Call| if result_type(parameters).is_some() { call } else { call.without_result_type() };
    if api_name == ITEM_GET {
        let id = num_iid.and_then(|id| ItemId::find(id).ok()).ok_or(Unused::NoAddress);
        return Some(id.map(|id| as_asked(settings.item_get(id))));
    }
    // Every call has a key, which distinguishes it from other URLs of two segments.
    value(parameters, "key")?;
    let own = num_iid.map(|id| ("num_iid".to_owned(), id.to_owned()));
    let call = settings.raw(api_name, own.into_iter().collect()).ok().map(as_asked);
    call.filter(|_| parts.next().is_none()).map(Ok)
}

fn result_type(parameters: &[(String, String)]) -> Option<ResultType> {
    value(parameters, "result_type")?.parse().ok()
}

/// The settings in a URL, without anything that could be a secret.
fn settings(platform: &str, parameters: &[(String, String)]) -> CallSettings {
    let owned = |name| value(parameters, name).map(str::to_owned);
    let is_set = |name| value(parameters, name) == Some("1");
    let extra = parameters.iter().filter(|(name, value)| {
        // This refuses parameters with a setting of their own, and those of secrets.
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
        secret_names: SecretNames::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_pair_is_masked_also_in_an_answer_to_another_account() {
        let har = r#"{"log":{"entries":[{
            "request":{"url":"https://h.test/1688/item_get/?key=their-key&secret=their-secret&num_iid=610947572360"},
            "response":{"status":200,"headers":[{"name":"x-by","value":"own-key their-key"}],
                "content":{"text":"{\"error_code\":\"4005\",\"reason\":\"own-key own-secret their-secret\"}"}}}]}}"#;
        let credentials = Credentials::new("own-key", "own-secret").unwrap();
        let document = Document::parse(har.into()).unwrap();
        let found = parse(&document, Timestamp::UNIX_EPOCH, Some(&credentials)).unwrap();
        let [exchange] = found.exchanges.as_slice() else { panic!("{found:?}") };
        let shown = std::str::from_utf8(exchange.body.shown()).unwrap();
        assert_eq!(shown, r#"{"error_code":"4005","reason":"******* ********** ************"}"#);
        assert_eq!(exchange.headers, [("x-by".to_owned(), "******* *********".to_owned())]);
    }

    #[test]
    fn base64_is_read_as_programs_write_it() {
        let cases = [
            ("", ""),
            ("Zg==", "f"),
            ("Zg", "f"),
            ("Zm9v\nYmE", "fooba"),
            ("5Y6C", "厂"),
            ("Pz8_", "???"),
            ("Pz8/", "???"),
        ];
        for (text, bytes) in cases {
            assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("a$b"), None);
    }
}
