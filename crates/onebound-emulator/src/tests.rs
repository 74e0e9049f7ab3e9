//! The emulator over a bare TCP connection: what leaves the machine, not what a client library makes of it.

use std::io::Read;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

fn quick() -> Settings {
    Settings { delay: Delay::NONE, ..Settings::default() }
}

struct RawResponse {
    head: String,
    body: Vec<u8>,
    /// Whether the connection ended in an orderly way.
    whole: bool,
}

impl RawResponse {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["error_code"].as_str().unwrap().to_owned()
    }
}

async fn raw(emulator: &Emulator, path: &str, header: &str) -> RawResponse {
    let mut stream = TcpStream::connect(emulator.address).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: emulator\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let reading = stream.read_to_end(&mut received);
    let whole = tokio::time::timeout(Duration::from_secs(10), reading).await.expect("an answer").is_ok();
    let end = received.windows(4).position(|four| four == b"\r\n\r\n").map_or(received.len(), |at| at + 4);
    let body = received.split_off(end);
    RawResponse { head: String::from_utf8(received).unwrap().to_lowercase(), body, whole }
}

async fn item(emulator: &Emulator, query: &str) -> RawResponse {
    raw(emulator, &format!("/1688/item_get/?key=k-abc&secret=s-def&{query}"), "").await
}

#[tokio::test]
async fn a_success_has_the_fields_of_the_captured_envelope_in_their_order() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let captured: Value = serde_json::from_str(include_str!("../assets/610947572360.json")).unwrap();
    let answer = item(&emulator, "num_iid=610947572360").await;
    let json = answer.json();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&json), names(&captured));
    assert_eq!(json["item"], captured["item"]);
    assert_eq!(json["api_info"], "today:1 max:10000");
    assert_eq!(json["call_args"], serde_json::json!({"num_iid": "610947572360"}));
    assert!(answer.head.starts_with("http/1.0 200"));
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.is_ascii() && !text.contains("k-abc") && !text.contains("s-def"));
}

#[tokio::test]
async fn an_error_has_the_fields_of_the_captured_error_and_status_200() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let answer = item(&emulator, "num_iid=610947572000&result_type=jsonu").await;
    let json = answer.json();
    let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let captured = "error reason error_code success cache api_info execution_time server_time call_args api_type request_id";
    assert_eq!(names.join(" "), captured);
    assert_eq!(json["error"], "item-not-found");
    assert!(String::from_utf8(answer.body).unwrap().contains("商品没找到"));
    assert!(answer.head.starts_with("http/1.0 200"));
}

#[tokio::test]
async fn every_code_answers_to_its_id_and_only_0000_and_2000_are_billed() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    for row in &codes::CODES {
        let before = emulator.today();
        let answer = item(&emulator, &format!("num_iid=61094757{}", row.digits)).await;
        assert_eq!(answer.code(), row.digits);
        assert_eq!(answer.json().get("item"), None);
        let billed = matches!(row.digits, "0000" | "2000");
        assert_eq!(emulator.today() - before, u64::from(billed), "{}", row.digits);
    }
}

#[tokio::test]
async fn a_caller_who_may_not_call_learns_why_and_pays_nothing() {
    let credentials = Some(("k-abc".to_owned(), "s-def".to_owned()));
    let emulator = Emulator::start_with(Settings { credentials, ..quick() }).await.unwrap();
    let cases = [
        ("/1688/item_get/?num_iid=1", "4014"),
        ("/1688/item_get/?key=k-abc&num_iid=1", "4014"),
        ("/1688/item_get/?key=k-abc&secret=wrong&num_iid=1", "4005"),
        ("/1688/item_get?key=k-abc&secret=s-def", "4014"),
        ("/1688/item_get?key=k-abc&secret=s-def&num_iid=x", "4003"),
        ("/1688/item_fee?key=k-abc&secret=s-def&num_iid=1", "4010"),
        ("/taobao/item_get?key=k-abc&secret=s-def&num_iid=1", "4010"),
        ("/1688global/item_get?key=k-abc&secret=s-def&num_iid=1", "0000"),
    ];
    for (path, code) in cases {
        assert_eq!(raw(&emulator, path, "").await.code(), code, "{path}");
    }
    assert_eq!((emulator.calls(), emulator.today()), (8, 1));
}

#[tokio::test]
async fn a_used_up_quota_refuses_until_beijing_turns_the_day() {
    let clock = Clock::at("2026-03-01T15:00:00Z".parse::<Timestamp>().unwrap());
    let settings = Settings { quota: 1, clock: clock.clone(), ..quick() };
    let emulator = Emulator::start_with(settings).await.unwrap();
    assert_eq!(item(&emulator, "num_iid=1").await.code(), "0000");
    let refused = item(&emulator, "num_iid=1").await.json();
    assert_eq!((refused["error_code"].as_str(), refused["reason"].as_str()), (Some("4013"), Some("已超量")));
    clock.advance(SignedDuration::from_hours(1));
    assert_eq!(item(&emulator, "num_iid=1").await.json()["api_info"], "today:1 max:1");
}

#[tokio::test]
async fn the_second_call_comes_from_the_cache_with_the_date_and_data_of_the_first() {
    let clock = Clock::at("2026-03-01T02:00:00Z".parse::<Timestamp>().unwrap());
    let emulator = Emulator::start_with(Settings { clock: clock.clone(), ..quick() }).await.unwrap();
    let first = item(&emulator, "num_iid=77").await.json();
    clock.advance(SignedDuration::from_hours(20));
    let second = item(&emulator, "num_iid=77").await.json();
    assert_eq!((first["cache"].as_u64(), second["cache"].as_u64()), (Some(0), Some(1)));
    assert_eq!(second["secache_date"], "2026-03-01 10:00:00");
    assert_eq!(second["item"], first["item"]);
    let fresh = item(&emulator, "num_iid=77&cache=no").await.json();
    assert_eq!((fresh["cache"].as_u64(), &fresh["secache_date"]), (Some(0), &"2026-03-02 06:00:00".into()));
    let again = item(&emulator, "num_iid=77").await.json();
    assert_eq!(again["secache_date"], fresh["secache_date"]);
}

#[tokio::test]
async fn one_call_too_many_at_once_is_refused_and_the_place_is_free_again() {
    let delay = Delay::between(Duration::from_millis(150), Duration::from_millis(150));
    let emulator = Emulator::start_with(Settings { concurrency: Some(1), delay, ..quick() }).await.unwrap();
    let (one, two) = tokio::join!(item(&emulator, "num_iid=1"), item(&emulator, "num_iid=2"));
    let mut codes = [one.code(), two.code()];
    codes.sort();
    assert_eq!(codes, ["0000", "4008"]);
    assert_eq!(item(&emulator, "num_iid=2").await.code(), "0000");
}

#[tokio::test]
async fn gzip_is_sent_to_those_who_accept_it() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let path = "/1688/item_get/?key=k&secret=s&num_iid=610947572360";
    let answer = raw(&emulator, path, "Accept-Encoding: gzip\r\n").await;
    assert!(answer.head.contains("content-encoding: gzip"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&unpacked).unwrap()["error_code"], "0000");
}

#[tokio::test]
async fn requests_are_remembered_without_credentials() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    item(&emulator, "num_iid=1").await;
    raw(&emulator, "/favicon.ico", "").await;
    let requests = emulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(emulator.calls(), 1);
    assert_eq!(requests[0].path, "/1688/item_get/");
    let text = format!("{requests:?} {emulator:?}");
    assert!(!text.contains("k-abc") && !text.contains("s-def"), "{text}");
}

#[tokio::test]
async fn faults_of_the_transport_spoil_the_answer_as_they_say() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let faulty = async |fault: Fault| item(&emulator, &format!("num_iid={}", fault.test_id())).await;
    for (fault, status) in [
        (Fault::HtmlPage, "200"),
        (Fault::Html403, "403"),
        (Fault::Html405, "405"),
        (Fault::BadGateway, "502"),
    ] {
        let answer = faulty(fault).await;
        assert!(answer.head.starts_with(&format!("http/1.0 {status}")), "{fault}: {}", answer.head);
        assert!(answer.body.starts_with(b"<"), "{fault}");
    }
    let cut = faulty(Fault::CutBody).await;
    let promised = cut.head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(!cut.body.is_empty() && promised.parse::<usize>().unwrap() > cut.body.len());
    assert!(faulty(Fault::EmptyBody).await.body.is_empty());
    assert!(faulty(Fault::Redirect).await.head.contains("location: /redirected"));
    let reset = faulty(Fault::Refused).await;
    assert!(!reset.whole && reset.head.is_empty());
    let gbk = faulty(Fault::Gbk).await;
    assert!(gbk.head.contains("utf-8") && std::str::from_utf8(&gbk.body).is_err());
    let bomb = faulty(Fault::GzipBomb).await;
    assert!(bomb.head.contains("content-encoding: gzip") && bomb.body.len() < 300_000);
}

#[tokio::test]
async fn faults_of_the_item_spoil_the_json_as_they_say() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let bent = async |fault: Fault| item(&emulator, &format!("num_iid={}", fault.test_id())).await.json();
    assert_ne!(bent(Fault::WrongItem).await["item"]["num_iid"], Fault::WrongItem.test_id());
    assert_eq!(bent(Fault::StubItem).await["item"].as_object().unwrap().len(), 1);
    assert!(bent(Fault::Drift).await["item"]["price"].is_object());
    assert!(bent(Fault::SkuDrift).await["item"]["skus"]["sku"][2]["sku_id"].is_null());
    assert_eq!(bent(Fault::DuplicateKeys).await["error_code"], "0000");
    assert!(bent(Fault::HostileText).await["item"]["title"].as_str().unwrap().contains('\u{1b}'));
    assert_eq!(bent(Fault::LongTitle).await["item"]["title"].as_str().unwrap().chars().count(), 500);
    assert_eq!(bent(Fault::UnknownCode).await["error_code"], "4099");
    assert_eq!(bent(Fault::KeyEcho).await["reason"], "Key[k-abc]已超量,联系QQ:xxx");
}

#[tokio::test]
async fn a_fault_set_for_all_calls_spoils_every_id() {
    let emulator = Emulator::start_with(Settings { fault: Some(Fault::StubItem), ..quick() }).await.unwrap();
    assert_eq!(item(&emulator, "num_iid=5").await.json()["item"].as_object().unwrap().len(), 1);
    let refusing = Emulator::start_with(Settings { fault: Some(Fault::Refused), ..quick() }).await.unwrap();
    let error = TcpStream::connect(refusing.address).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn stopping_ends_a_call_that_hangs_and_frees_the_port() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let address = emulator.address;
    let mut hanging = TcpStream::connect(address).await.unwrap();
    let path = format!("/1688/item_get/?key=k&secret=s&num_iid={}", Fault::Hang.test_id());
    hanging.write_all(format!("GET {path} HTTP/1.1\r\nHost: e\r\n\r\n").as_bytes()).await.unwrap();
    while emulator.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    emulator.stop().await;
    let mut rest = Vec::new();
    let _ = hanging.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
    let again = Emulator::start_with(Settings { port: address.port(), ..quick() }).await.unwrap();
    assert_eq!(again.address, address);
}

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let port = emulator.address.port();
    let error = Emulator::start_with(Settings { port, ..quick() }).await.unwrap_err().to_string();
    assert!(error.contains(&port.to_string()) && error.contains("another port"), "{error}");
}

#[tokio::test]
async fn a_slow_drip_is_whole_in_the_end_and_takes_its_time() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let begun = std::time::Instant::now();
    let answer = item(&emulator, &format!("num_iid={}", Fault::SlowDrip.test_id())).await;
    assert_eq!(answer.code(), "0000");
    assert!(begun.elapsed() > Duration::from_secs(2));
}

#[tokio::test]
async fn a_language_that_needs_a_translation_stays_chinese_and_says_so() {
    let emulator = Emulator::start_with(quick()).await.unwrap();
    let json = item(&emulator, "num_iid=5&lang=ru").await.json();
    assert_eq!(
        (&json["language"]["current_lang"], &json["translate_status"]),
        (&"ru".into(), &"error".into())
    );
}
