//! Key and secret, planted, and searched for in all that can be read of a call.

use std::fmt::Write;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use onebound::{CallHandle, Client, Credentials, CredentialsError, Exchange, Host, Limits, Outcome};
use onebound_document::{Document, NodeId};
use onebound_emulator::Fault;
use rstest::rstest;

use super::gateway::Gateway;
use super::spelled::{as_sent, lower_hex, php, spellings};
use super::support::{ITEM, call, call_for_escapes, emulator, host_of};

const LIMITS: Limits =
    Limits { connect_timeout: Duration::from_secs(5), timeout: Duration::from_secs(2), max_body: 64 * 1024 };

/// Pairs that a body writes as they are, or with JSON's escapes, or with percent signs, or by `\u`.
pub(crate) const PAIRS: [(&str, &str); 5] = [
    ("t7519plantedkey", "s4271plantedsecret"),
    ("Key-With_every.mark~9", "Secret/With+Slash=&More"),
    ("k\"quoted\\and/slashed\"", "\"s%41'<b>&amp;\\"),
    ("钥匙-пароль-🔑", "密é碼Z/z"),
    ("K9", "s"),
];

pub(crate) fn client(pair: (&str, &str)) -> Client {
    Client::new(Credentials::new(pair.0, pair.1).unwrap(), LIMITS)
}

/// All that anybody but the store can read of a call.
pub(crate) fn everything_shown(exchange: &Exchange) -> String {
    exchange.analyze();
    let mut text = format!("{exchange:?}\n{exchange:#?}\n");
    text.push_str(std::str::from_utf8(exchange.body.shown()).unwrap());
    match &exchange.outcome {
        Outcome::Failed(failure) => writeln!(text, "{failure}").unwrap(),
        Outcome::NotUnderstood(malformed) => writeln!(text, "{malformed}").unwrap(),
        outcome => writeln!(text, "{outcome:?}").unwrap(),
    }
    for (name, value) in &exchange.headers {
        writeln!(text, "{name}: {value}").unwrap();
    }
    writeln!(text, "{} {}", exchange.question(), exchange.host).unwrap();
    if let Some(reply) = &exchange.reply {
        push_document(&mut text, &reply.document, reply.document.root());
    }
    text
}

fn push_document(text: &mut String, document: &Document, node: NodeId) {
    let key = document.key(node).unwrap_or_default();
    writeln!(text, "{key} {} {}", document.raw(node), document.text(node)).unwrap();
    for child in document.children(node) {
        push_document(text, document, child);
    }
}

/// A secret of one or two letters counts only as a word of its own: it is in every word.
pub(crate) fn assert_hidden(text: &str, pair: (&str, &str)) {
    for secret in [pair.0, pair.1] {
        for spelling in spellings(secret) {
            let mut found = text.match_indices(&spelling).filter(|(at, _)| {
                let before = text.get(..*at).and_then(|before| before.chars().next_back());
                let after = text.get(at + spelling.len()..).and_then(|after| after.chars().next());
                spelling.len() > 2 || ![before, after].iter().flatten().any(|side| side.is_alphanumeric())
            });
            assert_eq!(found.next(), None, "{spelling} in {text}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn no_fault_brings_a_secret_to_light(#[values(0, 1, 2, 3)] pair: usize) {
    let emulator = emulator().await;
    let (pair, host) = (PAIRS[pair], host_of(&emulator));
    let client = client(pair);
    // A bomb is the same whoever sets it off, and takes seconds to make.
    let faults = Fault::ALL.into_iter().filter(|fault| *fault != Fault::GzipBomb || pair == PAIRS[0]);
    let calls = faults.map(|fault| {
        let (client, host) = (&client, &host);
        async move {
            // These are the same in either form, and take their time.
            let forms = if matches!(fault, Fault::GzipBomb | Fault::Hang | Fault::SlowDrip) { 1 } else { 2 };
            for call in [call(&fault.test_id()), call_for_escapes(&fault.test_id())].iter().take(forms) {
                let exchange = client.send(call, host, &CallHandle::default()).await;
                assert_hidden(&everything_shown(&exchange), pair);
            }
        }
    });
    join_all(calls).await;
    assert_hidden(&format!("{client:?} {emulator:?} {:?}", emulator.requests()), pair);
}

#[rstest]
#[tokio::test]
async fn a_key_echoed_in_the_reason_is_hidden_and_its_bytes_are_kept(#[values(0, 1, 2, 3)] pair: usize) {
    let emulator = emulator().await;
    let (pair, id) = (PAIRS[pair], Fault::KeyEcho.test_id());
    for (call, written) in [(call(&id), None), (call_for_escapes(&id), Some(php(pair.0)))] {
        let exchange = client(pair).send(&call, &host_of(&emulator), &CallHandle::default()).await;
        assert_hidden(&everything_shown(&exchange), pair);
        let words = exchange.envelope().unwrap().words().to_owned();
        assert!(words.starts_with("Key[*") && words.ends_with("*]已超量,联系QQ:xxx"), "{words}");
        assert_eq!(exchange.body.secrets().len(), 1);
        let span = exchange.body.secrets()[0];
        let raw = std::str::from_utf8(&exchange.body.raw()[span.start..span.end]).unwrap();
        assert!(written.is_none_or(|written| written == raw) && spellings(pair.0).contains(&raw.to_owned()));
        assert_eq!(exchange.body.raw().len(), exchange.body.shown().len(), "offsets keep their places");
    }
}

#[rstest]
#[tokio::test]
async fn a_page_or_a_header_that_repeats_the_request_is_hidden(#[values(0, 1, 2, 3, 4)] pair: usize) {
    let pair = PAIRS[pair];
    let query = format!("key={}&secret={}", as_sent(pair.0), as_sent(pair.1));
    let lower = lower_hex(&query);
    for (status, body) in [
        ("200 OK", format!("<html><title>{query}</title>{lower}</html>")),
        ("302 Found", String::new()),
        ("200 OK", format!(r#"{{"error_code":"4005","reason":"{lower}","call_args":{{"url":"{query}"}}}}"#)),
        ("200 OK", format!(r#"{{"error_code":"4005","{}":"{}"}}"#, php(pair.0), php(pair.1))),
        ("200 OK", format!("{query} {lower}")),
    ] {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\nlocation: http://127.0.0.1/{lower}?{query}\r\nx-url: {query}\r\n");
        let answer = format!("{head}content-length: {length}\r\n\r\n{body}");
        let gateway = Gateway::saying(answer.into_bytes()).await;
        let exchange = client(pair).send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
        assert_eq!(exchange.body.raw(), body.as_bytes());
        assert_hidden(&everything_shown(&exchange), pair);
    }
}

#[tokio::test]
async fn an_answer_in_gbk_is_hidden_too() {
    let pair = PAIRS[0];
    let (body, _, _) =
        encoding_rs::GBK.encode("{\"error_code\":\"4005\",\"reason\":\"授权失败t7519plantedkey\"}");
    let gateway = Gateway::answering(&body).await;
    let exchange = client(pair).send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    assert_eq!(exchange.envelope().unwrap().words(), "授权失败***************");
    assert_hidden(&everything_shown(&exchange), pair);
}

#[tokio::test]
async fn a_short_key_hides_where_it_is_alone_and_leaves_words_whole() {
    let gateway = Gateway::answering(br#"{"error_code":"4005","reason":"Key[s] is not in his list"}"#).await;
    let exchange = client(PAIRS[4]).send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    assert_eq!(exchange.envelope().unwrap().words(), "Key[*] is not in his list");
}

#[tokio::test]
async fn failures_before_and_after_sending_say_nothing_of_the_secrets() {
    let hosts = [
        Gateway::resetting().await.host(),
        Gateway::answering(b"").await.https_host(),
        Gateway::silent().await.host(),
        Host::parse("http://127.0.0.1:9").unwrap(),
    ];
    let limits =
        Limits { connect_timeout: Duration::from_millis(300), timeout: Duration::from_millis(600), ..LIMITS };
    let calls = PAIRS.into_iter().take(4).flat_map(|pair| hosts.iter().map(move |host| (pair, host)));
    let calls = calls.map(|(pair, host)| async move {
        let client = Client::new(Credentials::new(pair.0, pair.1).unwrap(), limits);
        let exchange = client.send(&call(ITEM), host, &CallHandle::default()).await;
        assert!(matches!(exchange.outcome, Outcome::Failed(_)));
        assert_hidden(&everything_shown(&exchange), pair);
    });
    join_all(calls).await;
}

#[test]
fn credentials_that_can_not_be_right_are_refused_without_being_repeated() {
    assert_eq!(Credentials::new("  ", "s").unwrap_err(), CredentialsError::Empty("key"));
    assert_eq!(Credentials::new("k", "").unwrap_err(), CredentialsError::Empty("secret"));
    for wrong in ["planted key", "planted\nkey", "planted\u{7}key", "planted\u{3000}key"] {
        let error = Credentials::new("k", wrong).unwrap_err();
        assert_eq!(error, CredentialsError::Malformed("secret"));
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
    let kept = Credentials::new(" planted-key\n", "planted-secret").unwrap();
    assert!(!format!("{kept:?} {kept:#?}").contains("planted"));
    assert_eq!(kept.mask("planted-key, planted-secret"), "***********, **************");
}

#[rstest]
#[case("https://user:planted@api-gw.onebound.cn")]
#[case("https://api-gw.onebound.cn/?key=planted")]
#[case("http://api-gw.onebound.cn/planted")]
#[case("planted")]
fn the_error_of_a_host_does_not_repeat_the_host(#[case] text: &str) {
    let error = Host::parse(text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("planted"));
}

/// Lines of the log, as a subscriber of every level gets them.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_the_call_and_no_secret_at_any_level() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    let emulator = emulator().await;
    for fault in [Fault::KeyEcho, Fault::Refused, Fault::Redirect, Fault::CutBody] {
        client(PAIRS[0]).send(&call(&fault.test_id()), &host_of(&emulator), &CallHandle::default()).await;
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("610947578120"), "{text}");
    assert_hidden(&text, PAIRS[0]);
}
