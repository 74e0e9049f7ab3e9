//! A key that the vendor echoes, spelled in every way that a view decodes: it shows in none of them.

use std::sync::Arc;

use jiff::Timestamp;
use obx_core::export::{Extras, Form};
use obx_core::i18n::{Language, Texts};
use onebound::{Answer, Credentials, DescriptionText, Exchange, Host, ResultType, Timing};
use rstest::rstest;

use super::support::{ITEM, id};

const KEY: &str = "kQ&1Zz/9+x";

/// As HTML may write it, and as JSON writes that.
const SPELLINGS: [&str; 14] = [
    "kQ&1Zz/9+x",
    "kQ&amp;1Zz/9+x",
    "kQ&amp1Zz&sol;9&plus;x",
    "&#107;Q&#38;1Zz/9+x",
    "&#x6b;Q&#X26;1Zz&#x2F;9+x",
    "kQ&amp;amp;1Zz/9+x",
    "kQ&#38;#38;1Zz/9+x",
    "kQ\\u0026amp;1Zz\\/9+x",
    "\\u0026#107;Q\\u0026#38;1Zz/9+x",
    "kQ%261Zz%2F9%2Bx",
    "kQ&#37;261Zz%2f9%2bx",
    "kQ%26amp%3B1Zz%2F9%2Bx",
    "kQ\\\\u00261Zz\\\\/9+x",
    "kQ%25261Zz%252F9%252Bx",
];

fn answered(result_type: ResultType, body: String) -> Exchange {
    let settings = onebound::CallSettings { result_type, ..onebound::CallSettings::default() };
    let call = settings.item_get(id(ITEM));
    let answer = Answer { status: 200, headers: Vec::new(), body: body.into() };
    let credentials = Credentials::new(KEY, "never-in-the-text").unwrap();
    Exchange::from_answer(call, Host::default(), Timestamp::now(), Timing::default(), answer, &credentials)
}

fn item(spelled: &str) -> String {
    format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"{ITEM}","title":"t {spelled} t","price":"1",
           "nested":"{{\"a\":\"{nested}\"}}",
           "desc":"<p>a {spelled} b</p><a href=\"https://h/?k={spelled}\">l</a><img src=\"https://h/{spelled}.jpg\" alt=\"{spelled}\">"}}}}"#,
        nested = spelled.replace('\\', "\\\\"),
    )
}

/// Decodes all that it can, again and again, so that whatever a view decodes is among it.
fn decoded(text: &str) -> String {
    let mut all = text.to_owned();
    let mut last = text.to_owned();
    for _ in 0..4 {
        for (spelled, plain) in [
            ("\\\\", "\\"),
            ("\\u0026", "&"),
            ("\\/", "/"),
            ("&amp;", "&"),
            ("&amp1", "&1"),
            ("&sol;", "/"),
            ("&plus;", "+"),
            ("&#107;", "k"),
            ("&#38;", "&"),
            ("&#x6b;", "k"),
            ("&#X26;", "&"),
            ("&#x2F;", "/"),
            ("&#37;", "%"),
            ("%25", "%"),
            ("%26", "&"),
            ("%2F", "/"),
            ("%2f", "/"),
            ("%2B", "+"),
            ("%2b", "+"),
            ("%3B", ";"),
        ] {
            last = last.replace(spelled, plain);
            all.push_str(&last);
        }
    }
    all
}

#[track_caller]
fn assert_hidden(what: &str, text: &str) {
    assert!(!decoded(text).contains(KEY), "{what}: {text}");
}

#[rstest]
fn an_echoed_key_shows_in_no_view_however_it_is_spelled(
    #[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)] at: usize,
) {
    let spelled = SPELLINGS[at];
    let exchange = Arc::new(answered(ResultType::JsonU, item(spelled)));
    assert!(decoded(&item(spelled)).contains(KEY), "the test decodes {spelled}");
    let item = exchange.item().unwrap();
    let reading = DescriptionText::parse(&item.field("desc"));
    assert_hidden("D", &format!("{reading:?}"));
    assert_hidden("the tree", &format!("{:?} {:?}", item.field("title"), item.field("nested")));
    assert_hidden("raw", std::str::from_utf8(exchange.body.shown()).unwrap());
    for form in [Form::Json, Form::Body, Form::Har, Form::Markdown, Form::Bundle] {
        let text = form.write(&[Arc::clone(&exchange)], &Extras::default(), Texts::new(Language::En));
        assert_hidden(&format!("{form:?}"), &text.unwrap());
    }
    // And after it was kept.
    let record = serde_json::to_string(&onebound::Record::from_exchange(&exchange)).unwrap();
    let again =
        serde_json::from_str::<onebound::Record>(&record).unwrap().into_exchange(exchange.body.raw().clone());
    assert_eq!(again.body.shown(), exchange.body.shown());
}

#[test]
fn html_inside_of_xml_is_masked_as_well() {
    let body = format!(
        "<root><error_code>0000</error_code><item><num_iid>{ITEM}</num_iid><title>t</title><price>1</price>\
         <desc>&lt;p&gt;kQ&amp;amp;1Zz/9+x kQ&amp;#38;1Zz/9+x&lt;/p&gt;</desc></item></root>"
    );
    let exchange = answered(ResultType::Xml, body);
    let reading = DescriptionText::parse(&exchange.item().unwrap().field("desc"));
    assert!(!reading.lines.is_empty());
    assert_hidden("D", &format!("{reading:?}"));
    assert_hidden("raw", std::str::from_utf8(exchange.body.shown()).unwrap());
}
