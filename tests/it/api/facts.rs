//! Each rule by a body that has what it looks for, and by one that has not; and the facts of every captured body.

use std::time::Duration;

use jiff::Timestamp;
use onebound::{
    Answer, Call, CallSettings, Exchange, Fact, Host, ResultType, Rule, Severity, Timing, VendorCache,
};
use proptest::prelude::*;
use rstest::rstest;

use super::support::{CAPTURED, ITEM, credentials, id};

/// 2026-11-23 15:24:17 in Beijing.
const NOW: i64 = 1_795_418_657;

struct Asked {
    call: Call,
    status: u16,
    headers: Vec<(String, String)>,
    total: Duration,
}

impl Default for Asked {
    fn default() -> Self {
        let total = Duration::from_secs(3);
        Self { call: Call::item_get(id(ITEM)), status: 200, headers: Vec::new(), total }
    }
}

impl Asked {
    fn with(settings: &CallSettings) -> Self {
        Self { call: settings.item_get(id(ITEM)), ..Self::default() }
    }

    fn header(name: &str, value: &str) -> Self {
        Self { headers: vec![(name.to_owned(), value.to_owned())], ..Self::default() }
    }

    /// An answer that ended at [`NOW`].
    fn answered(self, body: impl Into<Vec<u8>>) -> Exchange {
        let answer = Answer { status: self.status, headers: self.headers, body: body.into().into() };
        let started_at =
            Timestamp::from_second(NOW).unwrap() - jiff::SignedDuration::try_from(self.total).unwrap();
        let timing = Timing { total: self.total, ..Timing::default() };
        Exchange::from_answer(self.call, Host::default(), started_at, timing, answer, &credentials())
    }
}

/// An item with these members beside its ID and its title, in an envelope with these members.
fn body(item: &str, envelope: &str) -> String {
    let parts = |head: String, more: &str| if more.is_empty() { head } else { format!("{head},{more}") };
    let item = parts(format!(r#""num_iid":"{ITEM}","title":"手机""#), item);
    let envelope = parts(r#""error_code":"0000""#.to_owned(), envelope);
    format!(r#"{{"item":{{{item}}},{envelope}}}"#)
}

fn found(exchange: &Exchange, rule: Rule) -> Option<Fact> {
    exchange.facts().into_iter().find(|fact| fact.rule == rule)
}

fn rule(id: &str) -> Rule {
    *Rule::ALL.iter().find(|rule| rule.id() == id).unwrap_or_else(|| panic!("no rule is called {id}"))
}

/// The rule holds for the first and not for the second; what it found is message with its path.
fn check(id: &str, has: &Exchange, has_not: &Exchange, message: &str) {
    let fact = found(has, rule(id)).unwrap_or_else(|| panic!("{id} was not found"));
    assert_eq!(format!("{} {}", fact.finding.values.join(" | "), fact.finding.path).trim(), message, "{id}");
    assert_eq!(found(has_not, rule(id)), None, "{id}");
}

#[rstest]
#[case("price_is_text", r#""price":"799.00""#, r#""price":799.00"#, "799.00 $.item.price")]
#[case(
    "price_below_skus",
    r#""price":"9.5","skus":{"sku":[{"price":"12.00"},{"price":"10.00"}]}"#,
    r#""price":"10","skus":{"sku":[{"price":"10.00"}]}"#,
    "9.5 | 10.00 $.item.price"
)]
#[case(
    "skus_outside_tiers",
    r#""priceRange":[[2,"75.00"],[10,"70.00"]],"skus":{"sku":[{"price":"80"},{"price":"70"}]}"#,
    r#""priceRange":[[2,"75.00"],[10,"70.00"]],"skus":{"sku":[{"price":"75"},{"price":"70"}]}"#,
    "70 | 80 | 70.00 | 75.00 $.item.priceRange"
)]
#[case(
    "stock_zero",
    r#""price":1,"num":"5","skus":{"sku":[{"quantity":0},{"quantity":"0"}]}"#,
    r#""price":1,"num":0,"skus":{"sku":[{"quantity":0},{"quantity":null}]}"#,
    "$.item.skus.sku"
)]
#[case("stock_zero", r#""price":1,"num":"0""#, r#""price":1,"num":null"#, "$.item.num")]
#[case(
    "sales_disagree",
    r#""price":1,"total_sold":"1","sales":30,"skus":{"sku":[{"sales":"55"},{"sales":159},{"sales":"-1"}]}"#,
    r#""price":1,"total_sold":null,"sales":214,"skus":{"sku":[{"sales":"55"},{"sales":159}]}"#,
    "1 | 30 | 214 (2/3 SKUs) $.item.total_sold"
)]
#[case(
    "sales_disagree",
    r#""price":1,"sales":2,"total_sold":3"#,
    r#""price":1,"sales":2"#,
    "3 | 2 | — $.item.total_sold"
)]
#[case(
    "sales_disagree",
    r#""price":1,"sales":"-1","total_sold":3,"skus":{"sku":[{"price":1,"sales":"2"}]}"#,
    r#""price":1,"sales":"-1","total_sold":3"#,
    "3 | -1 | 2 $.item.total_sold"
)]
#[case::behind_what_is_no_sku(
    "sku_ids_missing",
    r#""skus":{"sku":[1,null,{"price":"1"}]}"#,
    r#""skus":{"sku":[1,null,{"sku_id":"1"}]}"#,
    "1 | 1 $.item.skus.sku[2]"
)]
#[case(
    "sku_ids_missing",
    r#""price":1,"skus":{"sku":[{"sku_id":5},{"sku_id":""},{"sku_id":null},{"price":1}]}"#,
    r#""price":1,"skus":{"sku":[{"sku_id":5},{"sku_id":"6"}]}"#,
    "3 | 4 $.item.skus.sku[1]"
)]
#[case(
    "sku_ids_doubled",
    r#""price":1,"skus":{"sku":[{"sku_id":5},{"sku_id":"a"},{"sku_id":"5"},{"sku_id":"a"}]}"#,
    r#""price":1,"skus":{"sku":[{"sku_id":5},{"sku_id":"05"},{"sku_id":null},{"sku_id":null}]}"#,
    "5 | 2 $.item.skus.sku[2].sku_id"
)]
#[case(
    "unexpected_type",
    r#""price":{"a":1},"num":true,"skus":{"sku":[{"quantity":[]},{"quantity":[]}]}"#,
    r#""price":1,"num":null"#,
    "item.num boolean, item.price object, item.skus.sku[].quantity array ×2 $.item.num"
)]
#[case::where_the_first_of_it_is(
    "unexpected_type",
    r#""price":1,"skus":{"sku":[{"quantity":1},{"quantity":[]}]}"#,
    r#""price":1,"skus":{"sku":[{"quantity":1}]}"#,
    "item.skus.sku[].quantity array $.item.skus.sku[1].quantity"
)]
#[case(
    "prices_left_out",
    r#""skus":{"sku":[{"price":"8"},{"price":"面议"},{"price":null},{"price":""},{}]}"#,
    r#""skus":{"sku":[{"price":"8"},{"price":"1,299.00"},{"price":"￥8.00"},{"price":"13.00-15.00"}]}"#,
    "4 | 5 | 面议 $.item.skus.sku[1].price"
)]
#[case("prices_left_out", r#""skus":[{"sku_id":1}]"#, r#""price":1"#, "1 | 1 | absent $.item.skus[0]")]
#[case(
    "prices_spelled",
    r#""skus":{"sku":[{"price":"8"},{"price":"1,299.00"},{"price":"￥8.00"}]}"#,
    r#""skus":{"sku":[{"price":"8"},{"price":8.5},{"price":"面议"}]}"#,
    "2 | 1,299.00 | 1299.00 $.item.skus.sku[1].price"
)]
#[case(
    "broken_addresses",
    r#""price":1,"item_imgs":[{"url":"https:https://x/1.jpg"}],"desc":"<img src='https:https://x/2.jpg'>""#,
    r#""price":1,"item_imgs":[{"url":"https://x/1.jpg?from=http://y"}],"desc":"<img src='//x/2.jpg'>""#,
    "2 | https:https://x/1.jpg $.item.item_imgs[0].url"
)]
#[case(
    "broken_addresses",
    r#""price":1,"desc":"<img src='https://x.example.comhttps://y/2.jpg'>""#,
    r#""price":1,"desc":"https:https:""#,
    "1 | https://x.example.comhttps://y/2.jpg $.item.desc"
)]
#[case(
    "unknown_field",
    r#""price":1,"newly":2,"skus":{"sku":[{"price":1},{"price":1,"fresh":2}]}"#,
    r#""price":1,"agent_price":{},"skus":{"sku":[{"price":1}]}"#,
    "2 | $.item.newly, $.item.skus.sku[].fresh $.item.newly"
)]
#[case(
    "duplicate_keys",
    r#""price":1,"seller_info":{"nick":"a","sid":1,"nick":"b"},"title":"其他""#,
    r#""price":1,"seller_info":{"nick":"a"},"video":{"nick":"b"}"#,
    "$.item.seller_info.nick | 2 $.item.seller_info.nick"
)]
#[case(
    "duplicate_keys",
    r#""price":1,"skus":{"sku":[{"price":1},{"price":1,"price":2}]}"#,
    r#""price":1,"skus":{"sku":[{"price":1},{"price":1}]}"#,
    "$.item.skus.sku[1].price | 1 $.item.skus.sku[1].price"
)]
#[case(
    "mixed_schemes",
    r#""price":1,"pic_url":"https://x/1.jpg","item_imgs":[{"url":"http:\/\/x\/2.jpg"}],"desc_img":["\/\/x\/3.jpg","//x/4.jpg"]"#,
    r#""price":1,"pic_url":"https://x/1.jpg","item_imgs":[{"url":"https://x/2.jpg"}],"detail_url":"http://x""#,
    "https:// 1, http:// 1, // 2 $.item"
)]
#[case("empty_description", r#""price":1,"desc":"""#, r#""price":1,"desc":"<p>x</p>""#, r#""" $.item.desc"#)]
#[case("title_missing", r#""price":1,"title":null"#, r#""price":1,"title":"杯""#, "null $.item.title")]
#[case(
    "title_missing",
    r#""title":"","skus":{"sku":[{"price":1}]}"#,
    r#""price":1,"title":7"#,
    r#""" $.item.title"#
)]
#[case("empty_description", r#""price":1"#, r#""price":1,"desc":{"a":1}"#, "absent $.item")]
#[case(
    "tracking_pixel",
    r#""price":1,"desc":"<img src=\"https:\/\/www.o0b.cn\/i.php?t.png\">""#,
    r#""price":1,"desc":"<img src=\"https://www.o0b.cn/logo.png\">""#,
    "$.item.desc"
)]
fn a_rule_about_the_item(#[case] id: &str, #[case] has: &str, #[case] has_not: &str, #[case] message: &str) {
    let answered = |item: &str| Asked::default().answered(body(item, ""));
    check(id, &answered(has), &answered(has_not), message);
}

#[rstest]
#[case(
    "args_never_sent",
    r#""call_args":{"num_iid":"610947572360","area_id":"440111"}"#,
    r#""call_args":[]"#,
    "area_id=440111 $.call_args.area_id"
)]
#[case(
    "args_differ",
    r#""call_args":{"num_iid":"7"}"#,
    r#""call_args":{"num_iid":"610947572360"}"#,
    "num_iid | 610947572360 | 7 $.call_args.num_iid"
)]
#[case(
    "vendor_cache",
    r#""cache":1,"secache_date":"2026-11-22 21:00:00","server_time":"Beijing/2026-11-23 15:24:10""#,
    r#""cache":0,"secache_date":"2026-11-22 21:00:00""#,
    "18 h | 2026-11-22 21:00:00 $.secache_date"
)]
#[case("vendor_cache", r#""cache":"1""#, r#""cache":"0""#, "? | ? $.secache_date")]
#[case(
    "translation_failed",
    r#""translate_status":"error""#,
    r#""translate_status":"""#,
    "error $.translate_status"
)]
#[case(
    "quota_near_end",
    r#""api_info":"today:96 max:100""#,
    r#""api_info":"today:12 max:100""#,
    "4 | 100 $.api_info"
)]
#[case(
    "quota_near_end",
    r#""api_info":"today:10 max:10""#,
    r#""api_info":"today: max:20000 all[=++]""#,
    "0 | 10 $.api_info"
)]
#[case(
    "key_expires_soon",
    r#""api_info":"max:9;expires:2026-12-01""#,
    r#""api_info":"max:9;expires:2027-02-01""#,
    "8 | 2026-12-01 $.api_info"
)]
#[case(
    "key_expired",
    r#""api_info":"max:9;expires:2026-11-22""#,
    r#""api_info":"max:9;expires:2026-11-23""#,
    "2026-11-22 $.api_info"
)]
#[case(
    "server_clock",
    r#""server_time":"Beijing/2026-11-23 15:29:17""#,
    r#""server_time":"Beijing/2026-11-23 15:24:16""#,
    "+5 min | Beijing/2026-11-23 15:29:17 $.server_time"
)]
#[case("slow_vendor", r#""execution_time":"9.25""#, r#""execution_time":6.65"#, "9.2 s $.execution_time")]
#[case("slow_way", r#""execution_time":0.5"#, r#""execution_time":2.1"#, "2.5 s | 3.0 s $.execution_time")]
fn a_rule_about_the_envelope(
    #[case] id: &str,
    #[case] has: &str,
    #[case] has_not: &str,
    #[case] message: &str,
) {
    let answered = |envelope: &str| Asked::default().answered(body(r#""price":1"#, envelope));
    check(id, &answered(has), &answered(has_not), message);
}

#[rstest]
#[case(
    "code_and_text_disagree",
    r#"{"error_code":"4005","reason":"已超量"}"#,
    r#"{"error_code":"4013","reason":"已超量"}"#,
    "4005 | 已超量 $.error_code"
)]
#[case(
    "code_and_text_disagree",
    r#"{"error_code":"4013","reason":"已过期"}"#,
    r#"{"error_code":"4005","reason":"密钥错误"}"#,
    "4013 | 已过期 $.error_code"
)]
#[case("unknown_code", r#"{"error_code":4099,"reason":"x"}"#, r#"{"error_code":4017}"#, "4099 $.error_code")]
#[case(
    "inner_error",
    r#"{"error_code":"0000","response":{"errorCode":"gw.SignatureInvalid","errorMessage":"x"}}"#,
    r#"{"error_code":"0000","response":{"errorCode":"0","success":true},"call_args":{"error_code":"7"}}"#,
    "errorCode: gw.SignatureInvalid $.response.errorCode"
)]
#[case(
    "inner_error",
    r#"{"error_code":0,"item":{"response":[{"success":false}]}}"#,
    r#"{"error_code":"4005","item":{"response":[{"success":false}]}}"#,
    "success: false $.item.response[0].success"
)]
#[case(
    "inner_error",
    r#"{"error_code":"0000","response":"{\"error_code\":\"4013\"}"}"#,
    r#"{"error_code":"0000","response":"{\"error_code\":\"0000\"}"}"#,
    "error_code: 4013 $.response"
)]
#[case(
    "nothing_in_it",
    r#"{"error_code":"0000","items":{"item":{"name":null,"url":""},"_ddf":"x"}}"#,
    r#"{"error_code":"0000","items":{"item":{"name":null,"url":"//x"}}}"#,
    "$.items.item | {…} $.items.item"
)]
#[case(
    "nothing_in_it",
    r#"{"item":null,"reason":"x"}"#,
    r#"{"error_code":"2000","item":[]}"#,
    "$.item | null $.item"
)]
#[case(
    "unexpected_type",
    r#"{"error_code":"0000","item":[{"num_iid":"1"}]}"#,
    r#"{"error_code":"0000","item":[]}"#,
    "item array $.item"
)]
#[case(
    "unexpected_type",
    r#"{"error_code":"4005","reason":{"zh":"x"}}"#,
    r#"{"error_code":"4005","reason":""}"#,
    "reason object $.reason"
)]
#[case("empty_success", r#"{"error_code":"0000"}"#, r#"{"error_code":"2000"}"#, "$.error_code")]
#[case("text_after_json", r#"{"error_code":"2000"}<br>"#, "{\"error_code\":\"2000\"}\n", "21")]
#[case(
    "wrong_item",
    r#"{"error_code":"0000","item":{"num_iid":"7","title":"杯","price":1}}"#,
    r#"{"error_code":"0000","item":{"num_iid":610947572360,"title":"杯","price":1}}"#,
    "7 | 610947572360 $.item.num_iid"
)]
fn a_rule_about_the_whole(#[case] id: &str, #[case] has: &str, #[case] has_not: &str, #[case] message: &str) {
    check(id, &Asked::default().answered(has), &Asked::default().answered(has_not), message);
}

#[test]
fn rules_about_bytes() {
    let answered = |body: &[u8]| Asked::default().answered(body);
    let gbk = b"{\"error_code\":\"4013\",\"reason\":\"\xd2\xd1\xb3\xac\xc1\xbf\"}";
    let broken = "{\"error_code\":\"4013\",\"reason\":\"已超量\u{ff}\"}".as_bytes().to_vec();
    let broken: Vec<u8> = broken.into_iter().filter(|byte| *byte != 0xbf).collect();
    let plain = r#"{"error_code":"4013","reason":"已超量"}"#.as_bytes();
    check("gbk", &answered(gbk), &answered(plain), "");
    check("broken_utf8", &answered(&broken), &answered(plain), "40 | 1");
    let large = body(&format!(r#""price":1,"desc":"{}""#, "x".repeat(1_200_000)), "");
    let usual = body(&format!(r#""price":1,"desc":"{}""#, "x".repeat(12_000)), "");
    let small = body(r#""price":1"#, "");
    check("body_large", &answered(large.as_bytes()), &answered(usual.as_bytes()), "1.2 MB");
    check("body_small", &answered(small.as_bytes()), &answered(usual.as_bytes()), "82 B");
}

#[test]
fn rules_about_what_was_asked() {
    let plain = Asked::default().answered(body(r#""price":1"#, r#""cache":1"#));
    let refreshed = CallSettings { cache: Some(VendorCache::No), ..CallSettings::default() };
    let cached = Asked::with(&refreshed).answered(body(r#""price":1"#, r#""cache":1"#));
    check("cache_despite_no", &cached, &plain, "$.cache");
    let english = CallSettings { lang: Some("en".to_owned()), ..CallSettings::default() };
    check("translated", &Asked::with(&english).answered(body(r#""price":1"#, "")), &plain, "en $.language");
}

#[test]
fn rules_about_status_and_headers() {
    let code = r#"{"error_code":"2000"}"#;
    let plain = Asked::default().answered(code);
    let status = Asked { status: 502, ..Asked::default() };
    check("status", &status.answered(code), &plain, "502");
    let moved = Asked { status: 302, ..Asked::header("location", "https://elsewhere.example/?key=k") };
    check("redirect", &moved.answered(""), &plain, "302 | https://elsewhere.example/");
    let late = Asked::header("date", "Mon, 23 Nov 2026 07:22:17 GMT").answered(code);
    let right = Asked::header("date", "Mon, 23 Nov 2026 07:24:10 GMT").answered(code);
    check("http_clock", &late, &right, "-2 min | Mon, 23 Nov 2026 07:22:17 GMT");
}

#[test]
fn facts_come_with_the_worst_first() {
    let facts =
        Asked::default().answered(body(r#""price":"1","num":true"#, r#""api_info":"today:9 max:9""#)).facts();
    let severities: Vec<Severity> = facts.iter().map(|fact| fact.rule.severity()).collect();
    assert!(severities.is_sorted(), "{severities:?}");
    assert_eq!(severities.first(), Some(&Severity::Wrong));
    assert!(severities.contains(&Severity::Costs) && severities.contains(&Severity::Odd));
}

#[test]
fn what_two_threads_counted_is_what_one_would() {
    let sku = |at: u32| format!(r#"{{"sku_id":"{}","sales":"1","quantity":0}}"#, 5_000_000 + at % 9_998);
    let skus: Vec<String> = (0..10_000).map(sku).collect();
    let item = format!(r#""price":1,"sales":1,"skus":{{"sku":[{}]}}"#, skus.join(","));
    let exchange = Asked::default().answered(body(&item, ""));
    let message = |id: &str| found(&exchange, rule(id)).map(|fact| fact.finding.values.join(" "));
    assert_eq!(message("sku_ids_doubled").as_deref(), Some("5000000 2"));
    assert_eq!(message("sales_disagree").as_deref(), Some("— 1 10000"));
    assert_eq!(message("stock_zero").as_deref(), Some(""));
}

#[test]
fn the_facts_of_every_captured_body() {
    let mut message = String::new();
    for (name, body) in CAPTURED {
        let asked = if name.starts_with("taobao") { "600448952765" } else { ITEM };
        let asked = Asked { call: Call::item_get(id(asked)), ..Asked::default() };
        message.extend([name, "\n"]);
        for Fact { rule, finding } in asked.answered(body).facts() {
            let values = finding.values.join(" | ");
            let line = format!("  {:?} {}: {values} {}\n", rule.severity(), rule.id(), finding.path);
            message.push_str(&line);
        }
    }
    crate::screens::check("facts_of_captured_bodies", &message);
}

/// JSON of any kind, mostly with the names that rules look for.
fn any_json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[0-9]{1,25}(\\.[0-9]{1,3})?(e[0-9]{1,3})?".prop_filter("JSON has no such number", |text| {
            !text.trim_start_matches('-').starts_with('0') || text.len() == 1
        }),
        "[a-z0-9:;/ \u{4e00}-\u{4e20}]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just("\"Beijing/2026-13-40 99:00:00\"".to_owned()),
        Just("\"today:99999999999999999999 max:0 expires:9999-12-31\"".to_owned()),
    ];
    let names = [
        "item",
        "num_iid",
        "title",
        "price",
        "skus",
        "sku",
        "sku_id",
        "quantity",
        "sales",
        "total_sold",
        "priceRange",
        "desc",
        "error_code",
        "call_args",
        "api_info",
        "cache",
        "secache_date",
        "server_time",
        "execution_time",
        "x",
        "item_imgs",
        "props",
    ];
    let name = prop::sample::select(names.to_vec());
    scalar.prop_recursive(6, 60, 8, move |inner| {
        let members = prop::collection::vec((name.clone(), inner.clone()), 0..8).prop_map(|members| {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        });
        let list = prop::collection::vec(inner, 0..6).prop_map(|list| format!("[{}]", list.join(",")));
        prop_oneof![members, list]
    })
}

proptest! {
    #[test]
    fn any_json_has_its_facts_or_none(text in any_json(), item in any_json()) {
        let _facts = Asked::default().answered(text).facts();
        let whole = format!(r#"{{"error_code":"0000","item":{{"num_iid":"{ITEM}","title":"x","price":{item},"skus":{item}}}}}"#);
        let _facts = Asked::default().answered(whole).facts();
    }
}

#[test]
fn in_xml_a_price_that_is_text_is_nothing_odd() {
    let settings = CallSettings { result_type: ResultType::Xml, ..CallSettings::default() };
    let xml = format!(
        "<root><item><num_iid>{ITEM}</num_iid><title>手机</title><price>5.80</price></item><error_code>0000</error_code></root>"
    );
    let exchange = Asked::with(&settings).answered(xml);
    assert!(exchange.item().is_some());
    assert_eq!(found(&exchange, Rule::PriceIsText), None);
}

#[test]
fn the_fields_of_another_api_are_not_called_unknown() {
    let call = CallSettings::default().raw("item_search", vec![("q".to_owned(), "手机".to_owned())]).unwrap();
    let body = r#"{"items":{"item":[]},"pages":3,"error_code":"0000"}"#;
    assert_eq!(found(&Asked { call, ..Asked::default() }.answered(body), Rule::UnknownField), None);
    assert!(found(&Asked::default().answered(body), Rule::UnknownField).is_some());
}
