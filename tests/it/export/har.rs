//! HAR, against what HAR 1.2 asks for (softwareishard.com/blog/har-12-spec), and read again by obx.

use std::sync::Arc;

use jiff::Timestamp;
use obx_core::export::{Extras, Form, NotExported};
use obx_core::i18n::{Language, Texts};
use obx_core::import;
use onebound::{CallSettings, Exchange, Host, Outcome, Record, RequestStage, ResultType};
use rstest::rstest;
use serde_json::{Value, json};

use super::{KEY, SECRET, answered, phone, written};
use crate::support::response;

/// Fields that must be there, by their types: `s` string, `n` number, `a` array, `o` object.
const REQUIRED: [(&str, &str); 33] = [
    ("/log", "o"),
    ("/log/version", "s"),
    ("/log/creator/name", "s"),
    ("/log/creator/version", "s"),
    ("/log/entries", "a"),
    ("/entry/startedDateTime", "s"),
    ("/entry/time", "n"),
    ("/entry/request", "o"),
    ("/entry/response", "o"),
    ("/entry/cache", "o"),
    ("/entry/timings", "o"),
    ("/entry/request/method", "s"),
    ("/entry/request/url", "s"),
    ("/entry/request/httpVersion", "s"),
    ("/entry/request/cookies", "a"),
    ("/entry/request/headers", "a"),
    ("/entry/request/queryString", "a"),
    ("/entry/request/headersSize", "n"),
    ("/entry/request/bodySize", "n"),
    ("/entry/response/status", "n"),
    ("/entry/response/statusText", "s"),
    ("/entry/response/httpVersion", "s"),
    ("/entry/response/cookies", "a"),
    ("/entry/response/headers", "a"),
    ("/entry/response/content", "o"),
    ("/entry/response/content/size", "n"),
    ("/entry/response/content/mimeType", "s"),
    ("/entry/response/redirectURL", "s"),
    ("/entry/response/headersSize", "n"),
    ("/entry/response/bodySize", "n"),
    ("/entry/timings/send", "n"),
    ("/entry/timings/wait", "n"),
    ("/entry/timings/receive", "n"),
];

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "s",
        Value::Number(_) => "n",
        Value::Array(_) => "a",
        Value::Object(_) => "o",
        Value::Null | Value::Bool(_) => "-",
    }
}

/// Checks the whole file; gives its entries.
#[track_caller]
fn check(text: &str) -> Vec<Value> {
    let har: Value = serde_json::from_str(text).unwrap();
    let entries = har["log"]["entries"].as_array().unwrap().clone();
    for entry in &entries {
        let root = json!({"log": har["log"], "entry": entry});
        for (path, wanted) in REQUIRED {
            let found = root.pointer(path).unwrap_or_else(|| panic!("{path} is not there"));
            assert_eq!(type_of(found), wanted, "{path}");
        }
        let started = entry["startedDateTime"].as_str().unwrap();
        assert!(started.parse::<Timestamp>().is_ok(), "{started} is no moment");
        let parts = ["blocked", "dns", "connect", "send", "wait", "receive"];
        let known =
            parts.map(|part| entry["timings"][part].as_f64().unwrap()).into_iter().filter(|ms| *ms >= 0.0);
        let sum: f64 = known.sum();
        assert!((sum - entry["time"].as_f64().unwrap()).abs() < 0.01, "parts make the total");
        for part in ["send", "wait", "receive"] {
            assert!(entry["timings"][part].as_f64().unwrap() >= 0.0, "{part}");
        }
        for list in [&entry["request"]["queryString"], &entry["response"]["headers"]] {
            assert!(
                list.as_array()
                    .unwrap()
                    .iter()
                    .all(|pair| pair["name"].is_string() && pair["value"].is_string())
            );
        }
    }
    assert_eq!(har["log"]["version"], "1.2");
    entries
}

/// A call that was never answered.
fn failed() -> Arc<Exchange> {
    let mut exchange = Exchange::clone(&answered("610947572361", 200, ""));
    (exchange.stage, exchange.status, exchange.outcome) =
        (RequestStage::NothingSent, None, Outcome::Cancelled);
    (exchange.timing.connected, exchange.timing.first_byte) = (None, None);
    Arc::new(exchange)
}

#[test]
fn all_that_har_requires_is_there_also_for_calls_without_an_answer() {
    let entries = check(&written(Form::Har, &phone()));
    let entry = &entries[0];
    assert_eq!((&entry["time"], &entry["timings"]["dns"]), (&json!(6_710.0), &json!(12.0)));
    assert_eq!(entry["timings"]["connect"], json!(29.0));
    assert_eq!(entry["timings"]["wait"], json!(6_609.25));
    assert_eq!(entry["startedDateTime"], "2026-11-23T07:24:17.000Z");
    let query = entry["request"]["queryString"].as_array().unwrap();
    assert!(query.contains(&json!({"name": "key", "value": "$OBX_KEY"})));
    assert!(
        entry["response"]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!({"name": "set-cookie", "value": "***"}))
    );
    let all = [phone(), failed(), answered("9", 502, "<html>")];
    let text = Form::HarOfDay.write(&all, &Extras::default(), Texts::new(Language::En)).unwrap();
    let entries = check(&text);
    assert_eq!(entries.len(), 3);
    assert_eq!(
        (&entries[1]["response"]["status"], &entries[2]["response"]["status"]),
        (&json!(0), &json!(502))
    );
}

#[test]
fn what_obx_writes_it_reads_again() {
    let all = [phone(), answered("610947572000", 200, response("1688_error_2000.json"))];
    let text = Form::HarOfDay.write(&all, &Extras::default(), Texts::new(Language::En)).unwrap();
    let found = import::parse(text.into(), "obx.har", Timestamp::UNIX_EPOCH, None);
    assert_eq!((found.exchanges.len(), found.notes.left_out()), (2, 0));
    for (before, after) in all.iter().zip(&found.exchanges) {
        assert_eq!(before.call, after.call);
        assert_eq!(before.host, after.host);
        assert_eq!((before.started_at, before.status), (after.started_at, after.status));
        assert_eq!(before.outcome, after.outcome);
        assert_eq!(before.body.shown(), after.body.raw());
        assert_eq!(before.timing.total, after.timing.total);
        assert_eq!(before.timing.resolved, after.timing.resolved);
        assert_eq!(before.timing.connected, after.timing.connected);
    }
}

#[rstest]
#[case("", false)]
#[case("base64", true)]
fn a_browsers_har_gives_the_calls_of_this_api_without_their_secrets(
    #[case] encoding: &str,
    #[case] encoded: bool,
) {
    let body = format!(r#"{{"error_code":"2000","reason":"Key[{KEY}]"}}"#);
    let text = if encoded { base64(body.as_bytes()) } else { body };
    let url = format!(
        "https://api-gw.onebound.cn/1688/item_get/?key={KEY}&secret={SECRET}&sign=abc&num_iid=610947572000&cache=no&x=1"
    );
    let har = json!({"log": {"version": "1.2", "creator": {"name": "browser", "version": "1"}, "entries": [
        {"startedDateTime": "2026-11-24T08:00:00.000+08:00", "time": 12.5, "request": {"method": "GET", "url": url,
            "headers": [{"name": "X-Trace", "value": format!("a{KEY}")}, {"name": "Cookie", "value": "b=c"}]},
         "response": {"status": 200, "headers": [{"name": "X", "value": KEY}],
            "content": {"text": text, "encoding": encoding}}, "timings": {"connect": -1, "wait": 10, "receive": 2.5}},
        {"startedDateTime": "x", "request": {"url": "https://example.com/a.png"}, "response": {}},
    ]}});
    let found = import::parse(har.to_string().into(), "a.har", Timestamp::UNIX_EPOCH, None);
    assert_eq!((found.exchanges.len(), found.notes.left_out()), (1, 1));
    let exchange = &found.exchanges[0];
    assert_eq!(exchange.outcome, Outcome::NoResult);
    let names: Vec<_> = exchange.call.parameters().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["num_iid", "cache", "x"]);
    assert!(!String::from_utf8_lossy(exchange.body.shown()).contains(KEY));
    assert!(!format!("{:?}", exchange.headers).contains(KEY));
    let [(trace, message), (cookie, hidden)] = exchange.request_headers.as_slice() else {
        panic!("both are reported")
    };
    assert_eq!((trace.as_str(), message.starts_with('a') && !message.contains(KEY)), ("x-trace", true));
    assert_eq!((cookie.as_str(), hidden.as_str()), ("cookie", "***"));
}

#[rstest]
#[case(false)]
#[case(true)]
fn a_call_of_any_api_comes_back_from_the_har_that_obx_wrote_of_it(#[case] signed: bool) {
    let settings = CallSettings { result_type: ResultType::Serialize, ..CallSettings::default() };
    let own = [("q", "女装"), ("num_iid", "610947572360")];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let call = settings.raw("item_search", own.into()).unwrap();
    let asked = Exchange { call: call.clone(), signed, ..Exchange::clone(&phone()) };
    let har = written(Form::Har, &Arc::new(asked));
    let found = import::parse(har.into(), "a.har", Timestamp::UNIX_EPOCH, None);
    let read = &found.exchanges[0];
    let scope = Host::default().scope();
    assert_eq!((read.call.question(&scope), read.signed), (call.question(&scope), signed));
}

#[test]
fn headers_that_repeat_a_signed_address_show_neither_key_nor_signature() {
    let path = format!("/1688/item_get/?key={KEY}&dateline=1&sign=abcdef0123&num_iid=610947572000");
    let url = format!("https://api-gw.onebound.cn{path}");
    let headers = json!([{"name": ":path", "value": path}, {"name": "Referer", "value": url}]);
    let har = json!({"log": {"version": "1.2", "entries": [{
        "startedDateTime": "2026-11-24T08:00:00.000+08:00", "request": {"url": url, "headers": headers},
        "response": {"status": 302, "headers": [{"name": "Location", "value": url}], "content": {}},
    }]}});
    let exchange =
        import::parse(har.to_string().into(), "a.har", Timestamp::UNIX_EPOCH, None).exchanges.remove(0);
    let shown = format!("{:?} {:?}", exchange.request_headers, exchange.headers);
    assert_eq!(shown.matches("key=***&dateline=1&sign=***&num_iid=610947572000").count(), 3, "{shown}");
    assert!(!shown.contains(KEY), "{shown}");
}

#[test]
fn a_har_that_was_cut_off_shows_no_key_either() {
    let url = format!("https://api-gw.onebound.cn/1688/item_get/?key={KEY}&secret={SECRET}&num_iid=1");
    let har = json!({"log": {"version": "1.2", "entries": [{"request": {
        "url": url,
        "queryString": [{"name": "key", "value": KEY}, {"name": "secret", "value": SECRET}, {"name": "x", "value": "1"}],
    }}]}});
    let mut cut = har.to_string().replace('&', "\\u0026");
    cut.truncate(cut.len() - 5);
    let exchange = import::parse(cut.into(), "a.har", Timestamp::UNIX_EPOCH, None).exchanges.remove(0);
    let shown = String::from_utf8_lossy(exchange.body.shown());
    assert!(shown.contains("num_iid=1") && !shown.contains(KEY) && !shown.contains(SECRET), "{shown}");
    assert_eq!(written(Form::Body, &Arc::new(exchange)).matches(KEY).count(), 0);
}

#[test]
fn a_call_over_plain_http_keeps_its_host_and_becomes_no_command_that_shows_the_key() {
    let har = written(Form::Har, &phone()).replace("https://api-gw.onebound.cn", "http://gw.example.com");
    let exchange = import::parse(har.into(), "a.har", Timestamp::UNIX_EPOCH, None).exchanges.remove(0);
    assert_eq!(exchange.host.to_string(), "http://gw.example.com");
    let again = Record::from_exchange(&exchange).into_exchange(exchange.body.raw().clone());
    assert_eq!(again.host, exchange.host);
    let texts = Texts::new(Language::En);
    let curl = Form::Curl.write(&[Arc::new(exchange)], &Extras::default(), texts);
    assert_eq!(curl, Err(NotExported::PlainHost));
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let number = chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        (0..=chunk.len()).map(|at| char::from(LETTERS[number >> (18 - 6 * at) & 63])).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
