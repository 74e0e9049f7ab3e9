//! Key and secret, planted in answers of all five forms, and searched for in all that can be read of a call.

use onebound::{Answer, CallHandle, CallSettings, Credentials, Exchange, Host, Record, ResultType, Timing};
use onebound_emulator::{Fault, encode_as};
use rstest::rstest;
use serde_json::{Value, json};

use super::secrets::{PAIRS, assert_hidden, client, everything_shown};
use super::spelled::as_sent;
use super::support::{ITEM, emulator, host_of, id};

fn receive(pair: (&str, &str), asked: ResultType, body: &[u8]) -> Exchange {
    let call = CallSettings { result_type: asked, ..CallSettings::default() }.item_get(id(ITEM));
    let answer = Answer { status: 200, headers: Vec::new(), body: body.to_vec().into() };
    let credentials = Credentials::new(pair.0, pair.1).unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH;
    Exchange::from_answer(call, Host::default(), now, Timing::default(), answer, &credentials)
}

/// Hidden as it came, and again when it is opened from the store, where nobody knows the credentials.
fn assert_hidden_now_and_later(exchange: &Exchange, pair: (&str, &str)) {
    assert_hidden(&everything_shown(exchange), pair);
    let again = Record::from_exchange(exchange).into_exchange(exchange.body.raw().clone());
    assert_eq!(again.body.shown(), exchange.body.shown());
    assert_hidden(&everything_shown(&again), pair);
    assert_eq!(exchange.body.raw().len(), exchange.body.shown().len(), "offsets keep their places");
}

/// A value that repeats both, as keys, as texts, inside of texts and in an URL.
fn telling((key, secret): (&str, &str)) -> Value {
    json!({
        "error_code": "4005",
        "reason": format!("Key[{key}]已超量"),
        key: secret,
        "call_args": {"url": format!("?key={}&secret={}", as_sent(key), as_sent(secret)), "list": [key, [secret]]},
        "end": "end",
    })
}

/// Besides the pairs of the other tests: some that are numbers, lengths and counts of every body.
const ODD_PAIRS: [(&str, &str); 3] = [("4005", "3"), ("a:", "<b>'\"\\"), ("';'}'", "]]>&lt;")];

#[rstest]
fn what_a_body_repeats_is_hidden_in_every_form(
    #[values(0, 1, 2, 3, 4, 5, 6)] pair: usize,
    #[values(0, 1, 2, 3, 4)] which: usize,
) {
    let pair = PAIRS.into_iter().chain(ODD_PAIRS).filter(|pair| *pair != PAIRS[4]).nth(pair).unwrap();
    let asked = ResultType::ALL[which];
    let exchange = receive(pair, asked, &encode_as(asked.as_str(), &telling(pair)).unwrap());
    let reply = exchange.reply.as_ref().unwrap();
    let end = reply.document.get(reply.document.root(), "end").unwrap();
    assert_eq!(reply.document.text(end), "end", "nothing else is hidden or lost");
    assert_hidden_now_and_later(&exchange, pair);
}

#[rstest]
fn a_length_or_a_number_that_is_the_key_breaks_nothing(#[values(2, 3, 4)] which: usize) {
    let asked = ResultType::ALL[which];
    let body =
        encode_as(asked.as_str(), &json!({"error_code": "4005", "cache": 12, "x": ["5", 5.5]})).unwrap();
    let exchange = receive(("5", "12"), asked, &body);
    let reply = exchange.reply.as_ref().unwrap();
    assert_eq!(reply.envelope.error_code.as_ref().map(ToString::to_string).as_deref(), Some("4005"));
    let document = &reply.document;
    assert_eq!(document.text(document.get(document.root(), "cache").unwrap()), "**");
    let list = document.get(document.root(), "x").unwrap();
    let shown: Vec<_> = document.children(list).map(|node| document.text(node)).collect();
    assert_eq!(shown, ["*", "*.*"]);
    let shown = std::str::from_utf8(exchange.body.shown()).unwrap().replace("4005", "");
    assert!(!shown.contains('5') && !shown.contains("12"), "{shown}");
}

/// Each of these is the key of the first pair, or the secret, only after decoding.
#[rstest]
#[case(
    ResultType::Xml,
    "<r><error>t7519&#112;lanted&#x6b;ey</error><b><![CDATA[s4271planted]]>secret</b></r>"
)]
#[case(
    ResultType::Xml,
    "<r><error>t7519<!-- -->planted<![CDATA[key]]>, s4271planted<?x ?>secret</error></r>"
)]
#[case(
    ResultType::Xml,
    "<r s='s4271&#x00070;lantedsecret'><error>x</error><item id='t7519&#000112;lantedkey'>1</item></r>"
)]
#[case(
    ResultType::VarExport,
    "array ('error' => 't7519' . 'planted' . \"key\", 's4271planted' . 'secret' => 1)"
)]
fn a_secret_in_pieces_is_hidden_where_they_come_together(#[case] asked: ResultType, #[case] body: &str) {
    let exchange = receive(PAIRS[0], asked, body.as_bytes());
    assert!(exchange.reply.is_some(), "{:?}", exchange.outcome);
    assert_hidden_now_and_later(&exchange, PAIRS[0]);
    let shown = std::str::from_utf8(exchange.body.shown()).unwrap();
    assert!(!shown.contains("planted") && !shown.contains("secret"), "{shown}");
}

#[rstest]
#[case(ResultType::Xml, "<r><error>k&quot;quoted\\and/slashed&#34; &#34;s%41&#039;&lt;b&gt;&amp;amp;\\ ")]
#[case(
    ResultType::JsonU,
    "<html><title>k&quot;quoted\\and/slashed&quot; &quot;s%41&#39;&#60;b&#x3E;&#38;amp;\\</title>"
)]
#[case(ResultType::VarExport, "array ( 'error' => 'k\"quoted\\\\and/slashed\" \"s%41\\'<b>&amp;\\\\")]
#[case(ResultType::Serialize, "a:1:{s:5:\"error\";s:99:\"k\"quoted\\and/slashed\" \"s%41'<b>&amp;\\")]
fn a_body_that_can_not_be_decoded_is_hidden_too(#[case] asked: ResultType, #[case] body: &str) {
    let exchange = receive(PAIRS[2], asked, body.as_bytes());
    assert!(exchange.reply.is_none());
    assert_hidden_now_and_later(&exchange, PAIRS[2]);
    let shown = std::str::from_utf8(exchange.body.shown()).unwrap();
    assert!(!shown.contains("quoted") && !shown.contains("s%41"), "{shown}");
}

#[test]
fn an_answer_in_gbk_is_hidden_in_php_s_form_too() {
    let body = r#"a:1:{s:6:"reason";s:23:"授权失败t7519plantedkey";}"#;
    let exchange = receive(PAIRS[0], ResultType::Serialize, &encoding_rs::GBK.encode(body).0);
    assert_eq!(exchange.envelope().unwrap().words(), "授权失败***************");
    assert_hidden(&everything_shown(&exchange), PAIRS[0]);
}

#[rstest]
#[tokio::test]
async fn a_key_echoed_by_the_gateway_is_hidden_in_every_form(
    #[values(0, 1, 2, 3)] pair: usize,
    #[values(2, 3, 4)] which: usize,
) {
    let (emulator, pair) = (emulator().await, PAIRS[pair]);
    let settings = CallSettings { result_type: ResultType::ALL[which], ..CallSettings::default() };
    for fault in [Fault::KeyEcho, Fault::CutBody, Fault::HtmlPage, Fault::Gbk, Fault::Drift] {
        let call = settings.item_get(id(&fault.test_id()));
        let exchange = client(pair).send(&call, &host_of(&emulator), &CallHandle::default()).await;
        assert_hidden(&everything_shown(&exchange), pair);
        if fault == Fault::KeyEcho {
            let words = exchange.envelope().unwrap().words();
            assert!(words.starts_with("Key[*") && words.ends_with("*]已超量,联系QQ:xxx"), "{words}");
        }
    }
}
