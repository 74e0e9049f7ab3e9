//! Exports: every form is read back by a reader of this test's own, and no secret is in any.

mod copies;
mod csv;
mod har;
mod saved;
mod screens;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use obx_core::export::{Extras, Form, NotExported};
use obx_core::i18n::{Language, Texts};
use onebound::{Answer, CallSettings, Credentials, Exchange, Host, ItemId, Timing};
use rstest::rstest;
use serde_json::Value;

use crate::screens::PHONE;
use crate::support::{START, item_with, response};

pub(crate) const KEY: &str = "planted-key-5f3a";
pub(crate) const SECRET: &str = "planted-secret/9c1e";

/// An exchange of this body, with a pair that the body may echo.
pub(crate) fn answered(id: &str, status: u16, body: impl Into<Bytes>) -> Arc<Exchange> {
    let settings = CallSettings {
        lang: Some("cn".to_owned()),
        extra: vec![("note".to_owned(), "it's 厂 & more".to_owned())],
        ..CallSettings::default()
    };
    let timing = Timing {
        resolved: Some(Duration::from_millis(12)),
        connected: Some(Duration::from_millis(41)),
        first_byte: Some(Duration::from_micros(6_650_250)),
        total: Duration::from_millis(6_710),
    };
    let headers = vec![
        ("content-type".to_owned(), "text/html; charset=utf-8".to_owned()),
        ("set-cookie".to_owned(), "session=planted-cookie; path=/".to_owned()),
        ("x-echo".to_owned(), format!("key={KEY}")),
    ];
    let answer = Answer { status, headers, body: body.into() };
    let credentials = Credentials::new(KEY, SECRET).unwrap();
    let call = settings.item_get(ItemId::find(id).unwrap());
    let at = Timestamp::from_second(START).unwrap();
    Arc::new(Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials))
}

pub(crate) fn phone() -> Arc<Exchange> {
    answered("610947572360", 200, response(PHONE))
}

#[track_caller]
pub(crate) fn written(form: Form, exchange: &Arc<Exchange>) -> String {
    let texts = Texts::new(Language::En);
    form.write(&[Arc::clone(exchange)], &Extras::default(), texts).unwrap()
}

#[test]
fn laid_out_json_is_the_same_json() {
    let exchange = phone();
    let sent: Value = serde_json::from_slice(exchange.body.shown()).unwrap();
    let text = written(Form::Json, &exchange);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), sent);
    assert!(text.lines().count() > 200);
    assert_eq!(written(Form::Body, &exchange).as_bytes(), exchange.body.shown());
}

#[test]
fn every_sku_is_a_line_of_ndjson() {
    let text = written(Form::Ndjson, &answered("9", 200, item_with(300)));
    let skus: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(skus.len(), 300);
    assert_eq!(skus[299]["sku_id"], "4990000000299");
}

#[test]
fn markdown_tells_the_item_and_its_skus_and_nothing_in_it_is_obeyed() {
    let text = written(Form::Markdown, &phone());
    assert!(text.starts_with("# 厂家直销小米有品Qin2 Pro智能手机"), "{text}");
    assert!(text.contains("| 64GB | 瓷白色 | 799.00 | "), "{text}");
    let body = r#"{"error_code":"0000","item":{"num_iid":"9","title":"a|b <img src=x> [l](javascript:1)\n# c","price":"1"}}"#;
    let text = written(Form::Markdown, &answered("9", 200, body));
    assert!(text.starts_with(r"# a\|b \<img src=x\> \[l\](javascript:1) \# c"), "{text}");
}

#[test]
fn a_curl_command_takes_the_pair_from_the_environment_and_quotes_the_rest() {
    let text = written(Form::Curl, &phone());
    let message = "curl -sS --compressed -G 'https://api-gw.onebound.cn/1688/item_get/' \
        --data-urlencode \"key=$OBX_KEY\" --data-urlencode \"secret=$OBX_SECRET\" \
        --data-urlencode 'num_iid=610947572360' --data-urlencode 'result_type=jsonu' --data-urlencode 'lang=cn' \
        --data-urlencode 'note=it'\\''s 厂 & more'\n";
    assert_eq!(text, message);
}

#[test]
fn a_copied_curl_command_asks_what_obx_asked() {
    // `curl` is a function here: what it is given is what counts, after the shell has read it.
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{}", written(Form::Curl, &phone()));
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).env("OBX_KEY", "k $x").env("OBX_SECRET", "s'\"");
    let given = String::from_utf8(shell.output().unwrap().stdout).unwrap();
    for pair in ["key=k $x", "secret=s'\"", "num_iid=610947572360", "note=it's 厂 & more"] {
        assert!(given.lines().any(|line| line == pair), "{pair} is not in\n{given}");
    }
}

#[test]
fn a_signed_call_is_signed_again_by_the_shell_and_shows_no_signature() {
    let signed = Arc::new(Exchange { signed: true, ..Exchange::clone(&phone()) });
    let text = written(Form::Curl, &signed);
    let message = "s=$(printf %s 'api_name=item_get''&'\"dateline=$d\"'&'\"key=$OBX_KEY\"'&''lang=cn''&'\
        'note=it'\\''s 厂 & more''&''num_iid=610947572360''&''result_type=jsonu'\"$s\" | openssl md5 -r | \
        cut -c1-32); curl ";
    assert!(text.contains(message), "{message} is not in\n{text}");
    assert!(text.contains("--data-urlencode \"sign=$s\"") && !text.contains("secret="), "{text}");
    let har = written(Form::Har, &signed);
    assert!(har.contains("sign=%2A%2A%2A") && !har.contains("OBX_SECRET"), "{har}");
}

#[test]
fn a_support_bundle_tells_what_support_asks_for_and_no_address_unless_asked() {
    let exchange = phone();
    let text = written(Form::Bundle, &exchange);
    let envelope = exchange.envelope().unwrap();
    for message in
        [envelope.request_id.as_deref().unwrap(), "$OBX_KEY", "api-gw.onebound.cn", "6.710 s", "0000"]
    {
        assert!(text.contains(message), "{message} is not in\n{text}");
    }
    let body = r#"{"client_ip":"203.0.113.7","error":"203.0.113.7 is blocked","error_code":"4005"}"#;
    let exchange = answered("9", 200, body);
    assert!(!written(Form::Bundle, &exchange).contains("203.0.113.7"));
    let asked = Extras { client_ip: true, ..Extras::default() };
    let text = Form::Bundle.write(&[exchange], &asked, Texts::new(Language::Zh)).unwrap();
    assert!(text.contains("203.0.113.7"));
}

#[rstest]
#[case(Form::Ndjson, "<html>", NotExported::NoItem)]
#[case(Form::SkuCsv, "<html>", NotExported::NoItem)]
#[case(Form::Json, "", NotExported::NoBody)]
fn what_is_not_there_is_not_written(
    #[case] form: Form,
    #[case] body: &'static str,
    #[case] nothing: NotExported,
) {
    let message = form.write(&[answered("9", 200, body)], &Extras::default(), Texts::new(Language::En));
    assert_eq!(message, Err(nothing));
    assert_eq!(form.write(&[], &Extras::default(), Texts::new(Language::En)), Err(NotExported::NoExchange));
}

#[test]
fn a_planted_pair_is_in_no_form() {
    let echo = format!(
        r#"{{"error_code":"0000","reason":"Key[{KEY}] {}","item":{{"num_iid":"9","title":"t {KEY}","price":"1",
        "props":[{{"name":"{KEY}","value":"{SECRET}"}}],"skus":{{"sku":[{{"sku_id":"{KEY}","price":"1"}}]}}}}}}"#,
        SECRET.replace('/', "\\/")
    );
    let exchanges = [answered("9", 200, echo), answered("9", 200, format!("<html>{KEY} {SECRET}"))];
    for exchange in &exchanges {
        for form in Form::ALL {
            let Ok(text) = form.write(&[Arc::clone(exchange)], &Extras::default(), Texts::new(Language::En))
            else {
                continue;
            };
            for planted in [KEY, SECRET, "planted-secret\\/9c1e", "planted-cookie"] {
                assert!(!text.contains(planted), "{planted} is in {form:?}\n{text}");
            }
        }
    }
    // The test would see it.
    assert!(String::from_utf8_lossy(exchanges[0].body.raw()).contains(KEY));
}
