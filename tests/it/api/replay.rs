//! An answer that was kept is understood as it was when it came, without a call.

use futures_util::future::join_all;
use onebound::{Answer, CallHandle, Exchange, Host, Malformed, Outcome, Timing};
use onebound_emulator::Fault;

use super::support::{CAPTURED, ITEM, KEY, SECRET, call, client, credentials, emulator, host_of};

fn again(live: &Exchange) -> Exchange {
    let answer =
        Answer { status: live.status.unwrap(), headers: live.headers.clone(), body: live.body.raw().clone() };
    let (call, host) = (live.call.clone(), live.host.clone());
    let kept = Exchange::from_answer(call, host, live.started_at, live.timing, answer, &credentials());
    // They are not part of the answer.
    Exchange { request_headers: live.request_headers.clone(), ..kept }
}

#[tokio::test]
async fn a_whole_answer_that_was_kept_opens_as_it_came() {
    let emulator = emulator().await;
    let broken = [Fault::CutBody, Fault::BrokenGzip, Fault::Refused, Fault::GzipBomb, Fault::Hang];
    let whole = Fault::ALL.into_iter().filter(|fault| !broken.contains(fault)).map(Fault::test_id);
    let codes = ["610947570000", "610947572000", "610947574013", ITEM].map(str::to_owned);
    let calls = whole.chain(codes).map(|digits| {
        let (client, host) = (client(), host_of(&emulator));
        async move { client.send(&call(&digits), &host, &CallHandle::default()).await }
    });
    for live in join_all(calls).await {
        let kept = again(&live);
        // What is made on request only is printed too.
        live.analyze();
        assert_eq!(format!("{kept:?}"), format!("{live:?}"));
        assert_eq!(kept.body.shown(), live.body.shown());
        assert_eq!((kept.billing(), kept.ended_at()), (live.billing(), live.ended_at()));
        let titles = [&kept, &live].map(|exchange| exchange.item().map(|item| item.field("title").to_text()));
        assert_eq!(titles[0], titles[1]);
    }
}

fn saved_exchange(status: u16, headers: Vec<(String, String)>, body: &str) -> Exchange {
    let answer = Answer { status, headers, body: body.to_owned().into() };
    let now = jiff::Timestamp::UNIX_EPOCH;
    Exchange::from_answer(call(ITEM), Host::default(), now, Timing::default(), answer, &credentials())
}

#[test]
fn every_captured_body_opens_from_the_store_without_a_call() {
    for (name, body) in CAPTURED {
        let exchange = saved_exchange(200, Vec::new(), body);
        assert!(exchange.envelope().is_some(), "{name}: {:?}", exchange.outcome);
        assert_eq!(exchange.body.raw(), body.as_bytes());
    }
}

#[test]
fn secrets_in_kept_headers_and_bodies_are_hidden_again() {
    let location = format!("https://x/{KEY}/?key={KEY}&secret={SECRET}");
    let exchange = saved_exchange(302, vec![("location".to_owned(), location)], SECRET);
    let text = format!("{exchange:?} {:?}", exchange.body.shown());
    assert!(!text.contains(KEY) && !text.contains(SECRET), "{text}");
    let to = format!("https://x/{}/", "*".repeat(KEY.len()));
    assert_eq!(exchange.outcome, Outcome::NotUnderstood(Malformed::Redirect(to)));
    assert_eq!(exchange.body.raw(), SECRET.as_bytes());
}
