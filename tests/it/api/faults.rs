//! Everything that the emulator can do wrong, and the one clear outcome that each of it has.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use obx_core::config::Place;
use obx_core::store::{LocalStore, Store};
use onebound::{
    Billing, CallHandle, Cause, Client, Encoding, ErrorCode, Exchange, Failure, Limits, Malformed, Outcome,
    RequestStage,
};
use onebound_emulator::{Fault, Settings};

use super::support::{call, credentials, emulator, host_of, quick, send};

/// Less than the gzip bomb, more than any item.
const MAX_BODY: usize = 1024 * 1024;

/// For the call that is never answered.
const SHORT: Duration = Duration::from_secs(4);

const OTHER_ID: &str = "610947572999";

/// What is known beforehand of a fault: outcome, price, HTTP status.
type Expected = (Outcome, Billing, Option<u16>);

fn client_for(fault: Fault) -> Client {
    let timeout = if fault == Fault::Hang { SHORT } else { Duration::from_secs(60) };
    Client::new(credentials(), Limits { timeout, max_body: MAX_BODY, ..Limits::default() })
}

/// No wildcard: whoever adds a fault says here what a client makes of it.
fn expected(fault: Fault, received: usize, got: &str) -> Expected {
    let broken = |malformed, status| (Outcome::NotUnderstood(malformed), Billing::Unknown, Some(status));
    let failed = |failure, status| (Outcome::Failed(failure), Billing::Unknown, status);
    let refused = |cause, billing| (Outcome::Refused(cause), billing, Some(200));
    match fault {
        Fault::CutBody => broken(Malformed::Cut(received), 200),
        Fault::BrokenGzip => broken(Malformed::BrokenGzip(received), 200),
        Fault::HtmlPage => broken(Malformed::Html("405".to_owned()), 200),
        Fault::Html403 => broken(Malformed::Html("405".to_owned()), 403),
        Fault::Html405 => broken(Malformed::Html("405".to_owned()), 405),
        Fault::BadGateway => broken(Malformed::Html("502 Bad Gateway".to_owned()), 502),
        Fault::EmptyBody => broken(Malformed::Empty, 200),
        Fault::Redirect => broken(Malformed::Redirect("/redirected".to_owned()), 302),
        Fault::Refused => failed(Failure::Closed, None),
        Fault::GzipBomb => failed(Failure::TooLarge(MAX_BODY), Some(200)),
        Fault::Hang => failed(Failure::Timeout(SHORT), None),
        Fault::Gbk => refused(Cause::AsCoded, Billing::Free),
        Fault::KeyEcho => refused(Cause::QuotaUsedUp, Billing::Free),
        Fault::UnknownCode => refused(Cause::AsCoded, Billing::Unknown),
        Fault::StubItem => (Outcome::NoResult, Billing::Billed, Some(200)),
        Fault::WrongItem => (Outcome::WrongItem { got: got.to_owned() }, Billing::Billed, Some(200)),
        Fault::SlowDrip
        | Fault::Drift
        | Fault::DuplicateKeys
        | Fault::HostileText
        | Fault::LongTitle
        | Fault::SkuDrift
        | Fault::OddPictures
        | Fault::GzipOverPlain
        | Fault::ManyHeaders
        | Fault::EscapeInHead => (Outcome::Item, Billing::Billed, Some(200)),
    }
}

/// Of the body, in bytes as they came.
fn came(exchange: &Exchange) -> usize {
    let packed = exchange.body.wire().and_then(|wire| wire.packed.as_ref());
    packed.map_or(exchange.body.len(), bytes::Bytes::len)
}

fn check(fault: Fault, exchange: &Exchange, expected: &Expected) {
    let found = (exchange.outcome.clone(), exchange.billing(), exchange.status);
    assert_eq!(found, *expected, "{fault}");
    let stage = if expected.2.is_some() { RequestStage::Answered } else { RequestStage::Sent };
    assert_eq!(exchange.stage, stage, "{fault}");
    assert!(exchange.body.len() <= MAX_BODY, "{fault}");
    let has_item = matches!(expected.0, Outcome::Item | Outcome::WrongItem { .. });
    assert_eq!(exchange.item().is_some(), has_item, "{fault}");
}

#[tokio::test]
async fn every_fault_asked_for_by_its_id_has_its_outcome() {
    let emulator = emulator().await;
    let host = host_of(&emulator);
    let calls = Fault::ALL.map(|fault| {
        let host = host.clone();
        async move {
            let exchange =
                client_for(fault).send(&call(&fault.test_id()), &host, &CallHandle::default()).await;
            check(fault, &exchange, &expected(fault, came(&exchange), &Fault::StubItem.test_id()));
        }
    });
    join_all(calls).await;
    let all = Fault::ALL.len();
    assert_eq!(emulator.calls(), u64::try_from(all).unwrap(), "nothing is tried twice");
    assert_eq!(emulator.requests().len(), all, "no redirect is followed");
}

#[tokio::test]
async fn every_fault_set_for_all_calls_has_its_outcome() {
    let calls = Fault::ALL.into_iter().filter(|fault| *fault != Fault::Refused).map(|fault| async move {
        let emulator = onebound_emulator::Emulator::start_with(Settings { fault: Some(fault), ..quick() })
            .await
            .unwrap();
        let exchange =
            client_for(fault).send(&call(OTHER_ID), &host_of(&emulator), &CallHandle::default()).await;
        check(fault, &exchange, &expected(fault, came(&exchange), "610947572990"));
        assert_eq!(emulator.calls(), 1, "{fault}");
    });
    join_all(calls).await;
}

#[tokio::test]
async fn a_refused_connection_sent_nothing_and_is_free() {
    let emulator =
        onebound_emulator::Emulator::start_with(Settings { fault: Some(Fault::Refused), ..quick() })
            .await
            .unwrap();
    let exchange = send(&emulator, OTHER_ID).await;
    assert!(matches!(exchange.outcome, Outcome::Failed(Failure::Connect(_))), "{:?}", exchange.outcome);
    assert_eq!((exchange.stage, exchange.billing()), (RequestStage::NothingSent, Billing::Free));
    assert_eq!((exchange.status, exchange.timing.connected), (None, None));
}

#[tokio::test]
async fn an_error_in_gbk_can_be_read_under_its_false_label() {
    let exchange = send(&emulator().await, &Fault::Gbk.test_id()).await;
    assert_eq!(exchange.body.encoding(), Encoding::Gbk);
    let envelope = exchange.envelope().unwrap();
    assert_eq!(envelope.error_code.as_ref().map(ErrorCode::as_str), Some("4005"));
    assert_eq!(envelope.words(), "授权失败,请联系客服");
    assert!(std::str::from_utf8(exchange.body.raw()).is_err(), "what came is kept as it came");
    assert!(std::str::from_utf8(exchange.body.shown()).unwrap().contains("授权失败"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let emulator = emulator().await;
    send(&emulator, &Fault::Redirect.test_id()).await;
    assert!(emulator.requests().iter().all(|request| request.path == "/1688/item_get/"));
}

#[tokio::test]
async fn a_cut_body_keeps_the_bytes_that_came() {
    let exchange = send(&emulator().await, &Fault::CutBody.test_id()).await;
    assert!(exchange.body.len() > 100);
    assert!(exchange.body.raw().starts_with(br#"{"item":{"#));
    assert_eq!(exchange.body.raw(), exchange.body.shown());
}

#[tokio::test]
async fn a_slow_answer_arrives_whole_and_its_progress_can_be_watched() {
    let emulator = emulator().await;
    let line = CallHandle::default();
    let progress = line.watch();
    let exchange =
        client_for(Fault::SlowDrip).send(&call(&Fault::SlowDrip.test_id()), &host_of(&emulator), &line).await;
    assert_eq!(progress.borrow().received, exchange.body.len());
    assert_eq!(exchange.reply.as_ref().unwrap().document.trailing(), None);
    let timing = exchange.timing;
    assert!(timing.connected <= timing.first_byte && timing.first_byte <= Some(timing.total));
}

#[tokio::test]
async fn odd_types_leave_an_item_readable_and_are_reported() {
    let exchange = send(&emulator().await, &Fault::Drift.test_id()).await;
    let item = exchange.item().unwrap();
    assert!(item.field("title").text().is_some() && item.sku_count() == 0);
    assert_eq!((item.prop_count(), item.count_of("item_imgs")), (7, 3));
    let odd: Vec<_> = item.overview().oddities.iter().map(|odd| (odd.path.as_str(), odd.found)).collect();
    let expected = [
        ("item.location", "object"),
        ("item.orginal_price", "boolean"),
        ("item.price", "object"),
        ("item.priceRange[]", "array"),
        ("item.priceRange[]", "string"),
        ("item.props[].value", "array"),
        ("item.unit", "array"),
    ];
    assert_eq!(odd, expected);
}

#[tokio::test]
async fn odd_skus_are_all_there_and_what_is_odd_is_reported() {
    let exchange = send(&emulator().await, &Fault::SkuDrift.test_id()).await;
    let item = exchange.item().unwrap();
    assert_eq!(item.sku_count(), 7, "the eighth is null");
    let odd: Vec<_> =
        item.overview().oddities.iter().map(|odd| (odd.path.as_str(), odd.found, odd.places)).collect();
    let expected = [
        ("item.skus.sku[]", "null", 1),
        ("item.skus.sku[].properties", "array", 1),
        ("item.skus.sku[].properties_name", "object", 1),
    ];
    assert_eq!(odd, expected);
    let span = item.overview().sku_prices.span.unwrap();
    assert_eq!((span.low().to_string(), span.high().to_string()), ("12.50".to_owned(), "18.00".to_owned()));
}

#[tokio::test]
async fn of_duplicate_keys_both_are_listed_and_the_last_counts() {
    let exchange = send(&emulator().await, &Fault::DuplicateKeys.test_id()).await;
    let document = &exchange.reply.as_ref().unwrap().document;
    let item = document.get(document.root(), "item").unwrap();
    for (object, name) in [(document.root(), "error_code"), (item, "title"), (item, "price"), (item, "skus")]
    {
        let twice: Vec<_> = document
            .children(object)
            .filter(|&member| document.key(member).as_deref() == Some(name))
            .collect();
        assert_eq!(twice.len(), 2, "{name}");
        assert_eq!(document.get(object, name), twice.last().copied(), "{name}");
    }
    assert_ne!(exchange.item().unwrap().field("title").text(), Some("the first of two titles"));
}

#[tokio::test]
async fn hostile_text_stays_as_it_was_sent_in_the_document_and_is_harmless_once_cleaned() {
    let exchange = send(&emulator().await, &Fault::HostileText.test_id()).await;
    let title = exchange.item().unwrap().field("title").to_text();
    assert!(title.contains("\u{1b}[2J") && title.contains('\u{202e}') && title.contains('\0'));
    assert_eq!(obx::ui::text::clean(&title), "恶意红  txt.exe   末标题");
}

#[tokio::test]
async fn a_long_title_is_read_to_its_end() {
    let exchange = send(&emulator().await, &Fault::LongTitle.test_id()).await;
    assert_eq!(exchange.item().unwrap().field("title").to_text().chars().count(), 500);
}

/// An error around a body is described, and the body is kept, opens again, and shows the same.
#[tokio::test]
async fn a_body_that_came_is_kept_whatever_is_wrong_around_it() {
    let emulator = emulator().await;
    let sound = send(&emulator, OTHER_ID).await;
    assert_eq!(sound.body.wire(), None);
    for (fault, rule) in [
        (Fault::GzipOverPlain, Some("gzip_over_plain")),
        (Fault::BrokenGzip, Some("gzip_broken")),
        (Fault::ManyHeaders, None),
        (Fault::EscapeInHead, Some("odd_head")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::new(Place::file(folder.path().join("store.sqlite")));
        let exchange = Arc::new(send(&emulator, &fault.test_id()).await);
        assert!(exchange.body.len() > 1_000, "{fault}: {} bytes", exchange.body.len());
        let key = credentials().fingerprint();
        let id = store.complete(None, key, Arc::clone(&exchange)).await.unwrap();
        let again = LocalStore::new(Place::file(folder.path().join("store.sqlite"))).open(id).await.unwrap();
        for kept in [&exchange, &again] {
            let facts: Vec<&str> = kept.facts().iter().map(|fact| fact.rule.id()).collect();
            assert!(rule.is_none_or(|rule| facts.contains(&rule)), "{fault}: {facts:?}");
        }
        assert_eq!((again.body.raw(), again.body.wire()), (exchange.body.raw(), exchange.body.wire()));
        assert_eq!((&again.outcome, again.headers.len()), (&exchange.outcome, exchange.headers.len()));
    }
}
