//! HAR entries of calls that got no answer, or whose answer was not saved.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use obx::message::Event;
use obx_core::export::{Extras, Form};
use obx_core::i18n::{Language, Texts};
use obx_core::import::{self, ImportNotes};
use onebound::{Billing, Body, Cause, Exchange, Failure, Malformed, Outcome, RequestStage};
use rstest::rstest;
use serde_json::{Value, json};

use super::{exchanges_in, found_in};
use crate::export::{KEY, SECRET, answered, phone};
use crate::screens::{check, code};
use crate::support::{Driver, START};

fn no_answer(reason: &str) -> Outcome {
    Outcome::Failed(Failure::NotRecorded(reason.to_owned()))
}

fn no_body(size: Option<u64>, reason: &str) -> Outcome {
    Outcome::NotUnderstood(Malformed::NotRecorded { size, reason: reason.to_owned() })
}

#[test]
fn an_entry_without_an_answer_is_a_call_without_one() {
    let found = found_in("calls_without_answers.har");
    assert_eq!((found.exchanges.len(), found.notes.left_out()), (8, 0));
    let outcomes: Vec<_> = found.exchanges.iter().map(|exchange| &exchange.outcome).collect();
    let none = no_answer("");
    assert_eq!(outcomes[0], &no_answer("net::ERR_INTERNET_DISCONNECTED"));
    // An absent response, status "error", -1 with a text that is null, and a response that is null.
    assert_eq!([outcomes[1], outcomes[3], outcomes[4], outcomes[5]], [&none; 4]);
    // The last one has an address without a host.
    assert_eq!([outcomes[2], outcomes[6], outcomes[7]], [&Outcome::Item; 3]);
    assert_eq!(found.exchanges[7].call.subject().as_str(), "700000001608");
    assert_eq!(found.exchanges[7].host.name(), "unknown-host.invalid");
    for at in [0, 1, 3, 4, 5] {
        let exchange = &found.exchanges[at];
        assert_eq!((exchange.stage, exchange.billing()), (RequestStage::Sent, Billing::Unknown), "{at}");
        assert_eq!((exchange.status, exchange.timing.first_byte), (None, None), "{at}");
        assert!(exchange.body.is_empty(), "{at}: null is no body");
    }
}

#[test]
fn an_answer_whose_body_was_not_saved_is_not_an_empty_one() {
    let exchanges = exchanges_in("answers_without_bodies.har");
    assert_eq!(exchanges[0].outcome, no_body(Some(14_483), ""));
    assert_eq!((exchanges[0].stage, exchanges[0].status), (RequestStage::Answered, Some(200)));
    assert_eq!(exchanges[0].billing(), Billing::Unknown);
}

const NO_NOTES: ImportNotes = ImportNotes { other_apis: 0, without_address: 0, undated: 0, undecoded: 0 };

/// Of a file, every entry is an exchange or counted with the reason why it is none.
#[rstest]
#[case("/1688/item_get/?num_iid=610947572360", &[("Host", "api-gw.onebound.cn")], Ok("api-gw.onebound.cn"))]
#[case("/1688/item_get/?num_iid=610947572360", &[], Ok("unknown-host.invalid"))]
#[case("https://example.com/style.css", &[], Err(ImportNotes { other_apis: 1, ..NO_NOTES }))]
#[case("/style.css", &[], Err(ImportNotes { other_apis: 1, ..NO_NOTES }))]
#[case("data:text/plain,a", &[], Err(ImportNotes { other_apis: 1, ..NO_NOTES }))]
#[case("https://api-gw.onebound.cn/1688/item_get/?key=k", &[], Err(ImportNotes { without_address: 1, ..NO_NOTES }))]
#[case("http://[", &[], Err(ImportNotes { without_address: 1, ..NO_NOTES }))]
fn an_entry_is_an_exchange_or_counted_with_its_reason(
    #[case] url: &str,
    #[case] headers: &[(&str, &str)],
    #[case] expected: Result<&str, ImportNotes>,
) {
    let headers: Vec<_> = headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let har = json!({"log": {"entries": [{"request": {"url": url, "headers": headers}}]}});
    let found = import::parse(har.to_string().into(), "a.har", Timestamp::UNIX_EPOCH, None);
    let hosts: Vec<String> = found.exchanges.iter().map(|exchange| exchange.host.name()).collect();
    let got = hosts.first().map_or(Err(found.notes), |host| Ok(host.as_str()));
    assert_eq!((got, hosts.len() + found.notes.left_out()), (expected, 1));
}

fn entry(response: &Value) -> Exchange {
    let url =
        format!("https://api-gw.onebound.cn/1688/item_get/?key={KEY}&secret={SECRET}&num_iid=610947572000");
    let har = json!({"log": {"creator": {"name": "browser"}, "entries": [
        {"startedDateTime": "2026-11-24T08:00:00Z", "time": 7, "request": {"url": url}, "response": response},
    ]}});
    import::parse(har.to_string().into(), "a.har", Timestamp::UNIX_EPOCH, None).exchanges.remove(0)
}

#[rstest]
#[case::said_to_be_empty(json!({"status": 200, "content": {"size": 0}}), Outcome::NotUnderstood(Malformed::Empty))]
#[case::a_text_of_nothing(json!({"status": 200, "content": {"text": ""}}), Outcome::NotUnderstood(Malformed::Empty))]
#[case::not_said(json!({"status": 200, "content": {}}), no_body(None, ""))]
#[case::no_content(json!({"status": 200}), no_body(None, ""))]
#[case::null(json!({"status": 200, "content": {"text": null, "size": -1}}), no_body(None, ""))]
#[case::left_out(json!({"status": 200, "content": {"text": "", "size": 9}}), no_body(Some(9), ""))]
#[case::known_on_the_wire(json!({"status": 200, "bodySize": 7, "content": {"size": 0}}), no_body(Some(7), ""))]
#[case::aborted(
    json!({"status": 200, "content": {"size": 0}, "_error": "net::ERR_ABORTED"}),
    no_body(Some(0), "net::ERR_ABORTED")
)]
#[case::playwright(json!({"status": -1, "_failureText": "blocked"}), no_answer("blocked"))]
#[case::two_reasons(
    json!({"status": 0, "_error": "a", "comment": "b", "content": {"comment": "a"}}),
    no_answer("a; b")
)]
#[case::redirect(
    json!({"status": 302, "headers": [{"name": "Location", "value": "https://a.b/c?d"}], "content": {}}),
    Outcome::NotUnderstood(Malformed::Redirect("https://a.b/c".to_owned()))
)]
#[case::not_modified(json!({"status": 304, "content": {}}), no_body(None, ""))]
#[case::from_the_browsers_cache(
    json!({"status": 304, "content": {"text": "{\"error_code\":\"2000\"}"}}),
    Outcome::NoResult
)]
#[case::without_a_status(json!({"content": {"text": "{\"error_code\":\"2000\"}"}}), Outcome::NoResult)]
fn what_a_response_without_a_body_means(#[case] response: Value, #[case] outcome: Outcome) {
    assert_eq!(entry(&response).outcome, outcome);
}

#[test]
fn a_reason_that_repeats_the_address_shows_no_secret() {
    let reason =
        format!("GET https://api-gw.onebound.cn/1688/item_get/?key={KEY}&secret={SECRET} failed, {SECRET}");
    let outcome = entry(&json!({"status": 0, "comment": reason})).outcome;
    let reported = format!("{outcome:?}");
    assert!(
        reported.contains("failed") && !reported.contains(KEY) && !reported.contains(SECRET),
        "{reported}"
    );
}

/// A call that ended so, with what of a body had come.
fn ended(stage: RequestStage, outcome: Outcome, body: &'static str) -> Exchange {
    let mut exchange = Exchange::clone(&answered("610947572361", 200, body));
    (exchange.stage, exchange.outcome, exchange.reply) = (stage, outcome, None);
    if stage != RequestStage::Answered {
        (exchange.status, exchange.timing.first_byte, exchange.body) = (None, None, Body::none());
        exchange.headers.clear();
    }
    exchange
}

#[rstest]
#[case(RequestStage::NothingSent, Outcome::Cancelled, "")]
#[case(RequestStage::Sent, Outcome::Cancelled, "")]
#[case(RequestStage::Answered, Outcome::Cancelled, "{\"item\": {")]
#[case(RequestStage::Sent, Outcome::Interrupted, "")]
#[case(RequestStage::NothingSent, Outcome::Failed(Failure::Setup("no certificates".to_owned())), "")]
#[case(RequestStage::NothingSent, Outcome::Failed(Failure::Connect("refused".to_owned())), "")]
#[case(RequestStage::NothingSent, Outcome::Failed(Failure::ConnectTimeout(Duration::from_secs(10))), "")]
#[case(RequestStage::Sent, Outcome::Failed(Failure::Timeout(Duration::from_millis(1_500))), "")]
#[case(RequestStage::Answered, Outcome::Failed(Failure::Timeout(Duration::from_secs(60))), "{\"a\"")]
#[case(RequestStage::Sent, Outcome::Failed(Failure::Closed), "")]
#[case(RequestStage::Answered, Outcome::Failed(Failure::TooLarge(20)), "{\"error_code\":\"2000\"}")]
#[case(RequestStage::Answered, Outcome::Failed(Failure::Http("body ended too early".to_owned())), "")]
#[case(RequestStage::Sent, no_answer("net::ERR_FAILED"), "")]
#[case(RequestStage::Answered, no_body(Some(14_483), "left out"), "")]
#[case(RequestStage::Answered, no_body(None, ""), "")]
#[case(RequestStage::Answered, Outcome::NotUnderstood(Malformed::Empty), "")]
#[case(RequestStage::Answered, Outcome::NotUnderstood(Malformed::Cut(5)), "{\"a\":")]
fn every_end_of_a_call_comes_back_from_the_har_that_obx_wrote_of_it(
    #[case] stage: RequestStage,
    #[case] outcome: Outcome,
    #[case] body: &'static str,
) {
    let before = Arc::new(ended(stage, outcome, body));
    let text = Form::Har.write(&[Arc::clone(&before)], &Extras::default(), Texts::new(Language::En)).unwrap();
    let found = import::parse(text.into(), "obx.har", Timestamp::UNIX_EPOCH, None);
    let after = &found.exchanges[0];
    assert_eq!((&after.outcome, after.stage, after.status), (&before.outcome, before.stage, before.status));
    assert_eq!(after.billing(), before.billing());
    assert_eq!(after.body.raw(), before.body.shown());
    assert_eq!(after.timing, before.timing);
    assert_eq!(after.summary(), before.summary());
}

#[test]
fn an_older_export_of_obx_tells_by_its_comment_that_nothing_was_sent() {
    let har = json!({"log": {"creator": {"name": "obx"}, "entries": [{
        "startedDateTime": "2026-11-24T08:00:00Z", "comment": "nothing was sent",
        "request": {"url": "https://api-gw.onebound.cn/1688/item_get/?key=$OBX_KEY&num_iid=610947572000"},
        "response": {"status": 0, "content": {"size": 0, "text": ""}},
    }]}});
    let read = |har: String| import::parse(har.into(), "a", Timestamp::UNIX_EPOCH, None).exchanges.remove(0);
    let own = read(har.to_string());
    assert_eq!((own.stage, own.billing()), (RequestStage::NothingSent, Billing::Free));
    let of_others = read(har.to_string().replace("\"obx\"", "\"other\""));
    assert_eq!((of_others.stage, of_others.billing()), (RequestStage::Sent, Billing::Unknown));
}

#[test]
fn the_export_of_a_failed_call_says_for_people_what_happened() {
    let failed = ended(RequestStage::Sent, Outcome::Failed(Failure::Closed), "");
    let all = [Arc::new(failed), phone()];
    let text = Form::HarOfDay.write(&all, &Extras::default(), Texts::new(Language::En)).unwrap();
    let har: Value = serde_json::from_str(&text).unwrap();
    let entries = &har["log"]["entries"];
    let comment = "the connection closed without an answer; whether the call was billed is unknown";
    assert_eq!(entries[0]["comment"], comment);
    assert_eq!(entries[0]["response"]["content"].get("text"), None, "no text is not a text of nothing");
    assert_eq!((&entries[1]["comment"], entries[1].get("_obx")), (&json!(""), None));
}

#[test]
fn a_refused_call_is_no_call_without_an_answer() {
    let refused = answered("9", 200, r#"{"error_code":"4013","error":"x"}"#);
    assert_eq!(refused.outcome, Outcome::Refused(Cause::AsCoded));
    assert!(refused.outcome.is_whole());
}

#[rstest]
fn what_did_not_come_is_said_on_the_screen(#[values(Language::En, Language::Zh)] language: Language) {
    let at = Timestamp::from_second(START).unwrap();
    let entry = |response: Value| {
        let url = "https://api-gw.onebound.cn/1688/item_get/?key=a&num_iid=610947572000";
        json!({"startedDateTime": "2026-11-24T08:00:00Z", "time": 7, "request": {"url": url}, "response": response})
    };
    let har = json!({"log": {"entries": [
        entry(json!({"status": 200, "content": {"size": 14_483}})),
        entry(json!({"status": 0, "_error": "net::ERR_INTERNET_DISCONNECTED"})),
    ]}});
    let mut driver = Driver::of_file("120x36", language, "calls.har");
    let found = import::parse(Bytes::from(har.to_string()), "calls.har", at, None);
    let exchanges = found.exchanges.into_iter().map(Arc::new).collect();
    driver.update(Event::File { exchanges, notes: found.notes });
    check(&format!("file_no_answer_120x36_{}", code(language)), &driver.screen());
    driver.keys("5 !");
    check(&format!("file_no_answer_card_120x36_{}", code(language)), &driver.focused());
    driver.keys("<esc> <down> <enter> !");
    check(&format!("file_no_body_card_120x36_{}", code(language)), &driver.screen());
}

#[test]
fn entries_that_are_not_read_in_full_are_counted_and_said() {
    let entry = |started: &str, text: &str| {
        json!({"startedDateTime": started, "request": {"url": "https://h.test/1688/item_get/?num_iid=610947572360"},
            "response": {"status": 200, "content": {"text": text, "encoding": "base64"}}})
    };
    let entries =
        [entry("2026-11-24T08:00:00Z", "e30="), entry("yesterday", "e30="), entry("", "not base64!")];
    let har = json!({"log": {"entries": entries}});
    let found = import::parse(har.to_string().into(), "a.har", Timestamp::UNIX_EPOCH, None);
    assert_eq!(found.notes, ImportNotes { undated: 2, undecoded: 1, ..NO_NOTES });
    let mut driver = Driver::of_file("160x50", Language::En, "a.har");
    let exchanges = found.exchanges.into_iter().map(Arc::new).collect();
    driver.update(Event::File { exchanges, notes: found.notes });
    for note in ["without a readable time, dated as the file: 2", "body not valid base64, shown as it is: 1"]
    {
        assert!(driver.screen().contains(note), "{}", driver.screen());
    }
}
