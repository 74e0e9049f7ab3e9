//! Signed calls, against an emulator that checks signatures by its own code.

use jiff::{SignedDuration, Timestamp};
use onebound::{Auth, CallHandle, CallSettings, Cause, Client, Credentials, Exchange, Limits, Outcome};
use onebound_emulator::{Clock, Emulator, Settings};
use rstest::rstest;

use super::gateway::Gateway;
use super::support::{ITEM, call, host_of, id, quick};

const KEY: &str = "t-planted-key";
/// One that is hashed before it signs, and one of 32 characters, which signs as it is.
const SECRETS: [&str; 2] = ["s-planted-secret", "0123456789abcdef0123456789abcdef"];

/// 2020-11-22 12:00:00 in Beijing.
fn noon() -> Timestamp {
    Timestamp::from_second(1_606_017_600).unwrap()
}

fn signing(secret: &str) -> Client {
    let credentials = Credentials::new(KEY, secret).unwrap().with_auth(Auth::Sign);
    Client::new(credentials, Limits::default()).with_clock(noon)
}

async fn strict(secret: &str, now: Timestamp) -> Emulator {
    let credentials = Some((KEY.to_owned(), secret.to_owned()));
    Emulator::start_with(Settings { credentials, clock: Clock::at(now), ..quick() }).await.unwrap()
}

async fn asked(client: &Client, emulator: &Emulator) -> Exchange {
    let settings = CallSettings {
        sales_data: true,
        extra: vec![
            ("q".to_owned(), "女装 & more=+".to_owned()),
            ("cat".to_owned(), String::new()),
            ("img".to_owned(), "@x".to_owned()),
        ],
        ..CallSettings::default()
    };
    client.send(&settings.item_get(id(ITEM)), &host_of(emulator), &CallHandle::default()).await
}

#[rstest]
#[tokio::test]
async fn a_signed_call_is_let_in_and_carries_no_secret(#[values(0, 1)] which: usize) {
    let secret = SECRETS[which];
    let emulator = strict(secret, noon()).await;
    assert_eq!(asked(&signing(secret), &emulator).await.outcome, Outcome::Item);
    let [request] = &emulator.requests()[..] else { panic!("one request") };
    let names: Vec<_> = request.query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..3], ["key", "dateline", "sign"]);
    assert!(!names.contains(&"secret") && !names.contains(&"api_name"), "{names:?}");
    assert_eq!(request.query[1].1, "2020-11-22 12:00:00");
}

#[tokio::test]
async fn the_same_emulator_takes_the_secret_in_clear() {
    let emulator = strict(SECRETS[0], noon()).await;
    let client = Client::new(Credentials::new(KEY, SECRETS[0]).unwrap(), Limits::default());
    assert_eq!(asked(&client, &emulator).await.outcome, Outcome::Item);
}

#[tokio::test]
async fn another_secret_or_a_stale_moment_is_refused_with_4005() {
    let emulator = strict(SECRETS[0], noon()).await;
    let hour = SignedDuration::from_hours(1);
    let late = strict(SECRETS[0], noon().checked_add(hour).unwrap()).await;
    for exchange in [asked(&signing(SECRETS[1]), &emulator).await, asked(&signing(SECRETS[0]), &late).await] {
        assert_eq!(exchange.outcome, Outcome::Refused(Cause::AsCoded));
        assert_eq!(exchange.envelope().unwrap().error_code.as_ref().unwrap().as_str(), "4005");
    }
}

#[tokio::test]
async fn a_signature_that_comes_back_is_masked_in_body_header_and_error() {
    let credentials = Credentials::new(KEY, SECRETS[0]).unwrap().with_auth(Auth::Sign);
    let silent = Gateway::answering(b"").await;
    let client = Client::new(credentials, Limits::default()).with_clock(noon);
    client.send(&call(ITEM), &silent.host(), &CallHandle::default()).await;
    let sent = String::from_utf8(silent.connections()[0].clone()).unwrap();
    let sign = sent.split("sign=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    assert_eq!(sign.len(), 32);
    let body = format!(r#"{{"error_code":"4005","reason":"sign {sign} is wrong"}}"#);
    let head = format!("HTTP/1.1 200 OK\r\nx-sign: {sign}\r\ncontent-length: {}\r\n\r\n", body.len());
    let echoing = Gateway::saying(format!("{head}{body}").into_bytes()).await;
    let exchange = client.send(&call(ITEM), &echoing.host(), &CallHandle::default()).await;
    assert_eq!(exchange.body.raw(), body.as_bytes());
    assert_eq!(exchange.envelope().unwrap().words(), format!("sign {} is wrong", "*".repeat(32)));
    let shown = format!("{exchange:?} {client:?} {}", String::from_utf8_lossy(exchange.body.shown()));
    assert!(!shown.contains(&sign), "{shown}");
    assert!(exchange.headers.contains(&("x-sign".to_owned(), "*".repeat(32))));
}
