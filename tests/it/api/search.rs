//! Searches: what is sent, what is read of an answer, and what counts as "no result".

use jiff::Timestamp;
use obx_core::config::Freshness;
use onebound::{
    Answer, Billing, CallHandle, CallSettings, Cause, Exchange, Field, Host, Outcome, SearchQuery,
    SearchSort, Timing,
};
use proptest::prelude::*;
use rstest::rstest;

use super::gateway::Gateway;
use super::support::{CAPTURED, client, credentials, receive};

fn words() -> SearchQuery {
    SearchQuery::by_words("围巾").unwrap()
}

/// The exchange of a search that this body answers.
fn answered(query: &SearchQuery, body: &str) -> Exchange {
    let call = CallSettings::default().search(query).unwrap();
    let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned().into() };
    let (now, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
    Exchange::from_answer(call, Host::default(), now, timing, answer, &credentials())
}

fn captured(name: &str) -> &'static str {
    CAPTURED.iter().find(|(known, _)| *known == name).unwrap().1
}

#[tokio::test]
async fn a_search_is_sent_to_its_api_with_the_vendors_names() {
    let gateway = Gateway::answering(b"{}").await;
    let query = words().priced("10..50".parse().unwrap()).sorted(SearchSort::Sales);
    let call = CallSettings::default().search(&query).unwrap();
    client().send(&call, &gateway.host(), &CallHandle::default()).await;
    let sent = String::from_utf8(gateway.connections()[0].clone()).unwrap();
    let line = sent.lines().next().unwrap();
    assert!(line.starts_with("GET /1688/item_search/?key="), "{line}");
    let expected = "&q=%E5%9B%B4%E5%B7%BE&start_price=10&end_price=50&sort=_sale&page=1 ";
    assert!(line.contains(expected), "{line}");
}

#[test]
fn a_captured_page_is_read_whole() {
    let exchange = answered(&words(), captured("taobao_item_search"));
    assert_eq!((&exchange.outcome, exchange.billing()), (&Outcome::Success, Billing::Billed));
    let page = exchange.search_page().unwrap();
    assert_eq!((page.len(), page.page(), page.page_count()), (10, Some(1), Some(200)));
    assert_eq!((page.total(), page.page_size(), page.has_next()), (Some(800_000), Some(10), Some(true)));
    assert_eq!(page.field("data_from").to_text(), "cdy");
    let first = page.items().next().unwrap();
    assert_eq!(first.item_id().unwrap().as_str(), "760287557316");
    assert_eq!(first.title().to_text(), "保暖大耳狗甜美软妹围脖M");
    assert_eq!(
        (first.price().to_text(), first.promotion_price().to_text()),
        ("29.99".into(), "29.99".into())
    );
    assert_eq!(
        (first.seller().to_text(), first.seller_id().to_text()),
        ("进店".into(), "2206927662983".into())
    );
    assert_eq!((first.sales(), first.least_sales()), (Field::Number("100"), Some(100)));
    assert!(first.detail_url().to_text().ends_with("id=760287557316"));
    assert!(first.pic_url().to_text().ends_with("2206927662983.jpg"));
    // Null is not the same as absent.
    assert_eq!(page.items().nth(2).unwrap().seller(), Field::Null);
}

#[rstest]
#[case::captured(None)]
#[case::empty_list(Some(r#"{"items":{"item":[],"page":"1","total_results":0},"error_code":"0000"}"#))]
#[case::empty_map_of_php(Some(r#"{"items":[],"error_code":"0000"}"#))]
#[case::empty_text(Some(r#"{"items":"","error_code":0}"#))]
#[case::null(Some(r#"{"items":{"item":null},"error_code":"0000"}"#))]
#[case::only_numbers(Some(r#"{"items":{"page":1,"real_total_results":0},"error_code":"0000"}"#))]
#[case::not_found(Some(r#"{"error":"item-not-found","error_code":"2000"}"#))]
fn a_search_that_found_nothing_is_no_result_and_billed(#[case] body: Option<&str>) {
    for query in [words(), SearchQuery::of_shop("b2b-1").unwrap()] {
        let exchange = answered(&query, body.unwrap_or(captured("taobao_shop")));
        assert_eq!((&exchange.outcome, exchange.billing()), (&Outcome::NoResult, Billing::Billed));
        let page = exchange.search_page().unwrap();
        assert_eq!((page.len(), page.is_empty(), page.has_next()), (0, true, Some(false)));
        let fresh = Freshness::default();
        let until = fresh.until(exchange.ended_at(), false);
        assert_eq!((fresh.until_of(&exchange), exchange.answers()), (until, true), "as short as no result");
    }
}

#[rstest]
#[case(r#"{"items":{"list":[{"id":"1"}]},"error_code":"0000"}"#)]
#[case(r#"{"items":["1","2"],"error_code":"0000"}"#)]
#[case(r#"{"goods":[{"id":"1"}],"error_code":"0000"}"#)]
fn what_came_in_an_unknown_form_is_not_called_no_result(#[case] body: &str) {
    let exchange = answered(&words(), body);
    assert_eq!((&exchange.outcome, exchange.search_page().is_none()), (&Outcome::Success, true));
}

#[tokio::test]
async fn a_refusal_has_no_page() {
    let exchange = answered(&words(), captured("error_4013"));
    assert_eq!(exchange.outcome, Outcome::Refused(Cause::QuotaUsedUp));
    assert!(exchange.search_page().is_none());
    // An answer to a call for one item is no search, whatever it has in it.
    assert!(receive(captured("taobao_item_search")).await.search_page().is_none());
}

#[rstest]
#[case::one_object(r#"{"items":{"item":{"num_iid":610947572360}},"error_code":"0000"}"#)]
#[case::bare_list(r#"{"items":[{"num_iid":"610947572360"}],"page":"1","error_code":"0000"}"#)]
#[case::item_list(r#"{"item":[{"num_iid":610947572360}],"error_code":"0000"}"#)]
#[case::in_data(r#"{"data":{"items":{"item":[{"num_iid":"610947572360"}]},"error_code":"0000"}}"#)]
#[case::no_code(r#"{"items":{"item":[{"num_iid":"610947572360"}]}}"#)]
#[case::by_address(
    r#"{"items":{"item":[{"num_iid":"","detail_url":"https://detail.1688.com/offer/610947572360.html?x=1"}]},"error_code":"0000"}"#
)]
fn a_list_is_found_in_every_shape(#[case] body: &str) {
    let exchange = answered(&words(), body);
    assert_eq!(exchange.outcome, Outcome::Success);
    let page = exchange.search_page().unwrap();
    let ids: Vec<_> = page.items().map(|item| item.item_id().unwrap().to_string()).collect();
    assert_eq!(ids, ["610947572360"]);
}

#[test]
fn fields_of_odd_types_are_read_as_they_are() {
    let body = r#"{"items":{"item":[
        {"num_iid":12345678901234567890,"title":null,"price":1299.10,"promotion_price":"","sales":"2000+","nick":"甲",
         "area":{"state":"广东","city":"深圳"}},
        {"num_iid":"7","price":null,"sales":"-1","seller_nick":"","location":"浙江 义乌"},
        {"num_iid":0,"price":"10.00-20.00","sales":null},
        null]},"error_code":"0000"}"#;
    let exchange = answered(&words(), body);
    let page = exchange.search_page().unwrap();
    assert_eq!(page.len(), 3);
    let items: Vec<_> = page.items().collect();
    assert_eq!(items[0].item_id().unwrap().as_str(), "12345678901234567890");
    assert_eq!((items[0].title(), items[0].price()), (Field::Null, Field::Number("1299.10")));
    assert_eq!((items[0].seller().to_text(), items[0].least_sales()), ("甲".to_owned(), Some(2_000)));
    assert_eq!(items[0].area().to_text(), "广东 深圳");
    assert_eq!((items[1].price(), items[1].least_sales()), (Field::Null, None));
    assert_eq!((items[1].seller(), items[1].promotion_price()), (Field::Text("".into()), Field::Absent));
    assert_eq!(items[1].area().to_text(), "浙江 义乌");
    assert_eq!((items[2].item_id(), items[2].sales()), (None, Field::Null));
    assert_eq!(items[2].price().price().map(|price| price.to_string()).as_deref(), Some("10.00–20.00"));
}

#[rstest]
#[case(r#""page":"1","pagecount":"3""#, Some(true), None)]
#[case(r#""page":1,"page_count":1"#, Some(false), None)]
#[case(r#""has_next_page":"false","page_count":9"#, Some(false), None)]
#[case(r#""page":1,"total_results":"1,200","page_size":40"#, Some(true), None)]
#[case(r#""page":1,"total_results":40,"page_size":40"#, Some(false), None)]
#[case(r#""page":"7","pagecount":"9""#, Some(true), Some(7))]
#[case(r#""page":null,"pagecount":"-1""#, None, None)]
#[case(r#""note":1"#, None, None)]
fn a_further_page_is_known_only_from_what_the_answer_says(
    #[case] numbers: &str,
    #[case] next: Option<bool>,
    #[case] other: Option<u64>,
) {
    let body = format!(r#"{{"items":{{"item":[{{"num_iid":"7"}}],{numbers}}},"error_code":"0000"}}"#);
    let exchange = answered(&words(), &body);
    let page = exchange.search_page().unwrap();
    assert_eq!((page.has_next(), page.other_page()), (next, other));
}

/// A value of every type that was seen in a field, and some that were not.
fn any_value() -> impl Strategy<Value = String> {
    const ODD: [&str; 10] =
        ["null", "-1", "\"\"", "[]", "{}", "true", "1e400", "\"1.2万+\"", "[[1]]", r#"{"a":{"b":"c"}}"#];
    prop_oneof![prop::sample::select(&ODD[..]).prop_map(str::to_owned), "[0-9]{1,30}", "\"[0-9.+万-]{0,12}\""]
}

proptest! {
    #[test]
    fn any_types_of_the_fields_are_read(values in prop::collection::vec(any_value(), 16)) {
        let names = ["num_iid", "title", "price", "promotion_price", "sales", "seller_nick", "area", "detail_url",
            "pic_url", "page", "pagecount", "page_count", "total_results", "page_size", "has_next_page", "x"];
        let pairs: Vec<_> =
            names.iter().zip(&values).map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let all = pairs.join(",");
        let body = format!(r#"{{"items":{{"item":[{{{all}}}],{all}}},"error_code":"0000"}}"#);
        let exchange = answered(&words(), &body);
        let page = exchange.search_page().unwrap();
        prop_assert_eq!(page.len(), 1);
        let _ = (page.page(), page.page_count(), page.total(), page.has_next(), page.other_page());
        let item = page.items().next().unwrap();
        let digits = values[0].trim_matches('"');
        if let Some(id) = item.item_id() {
            prop_assert_eq!(id.as_str(), digits, "no digit is lost");
        }
        let _ = (item.least_sales(), item.area(), item.seller().to_text(), item.price().price());
    }
}
