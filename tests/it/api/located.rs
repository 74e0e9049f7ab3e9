//! The answer inside of something else: of a proxy's envelope, or of a JSON string. It is read, and every path is that
//! of the body.

use onebound::{Exchange, Outcome, Rule};
use rstest::rstest;

use super::support::{ITEM, KEY, receive};

/// An answer with an item of one SKU and one prop.
fn answer() -> String {
    let item = format!(
        r#"{{"num_iid":"{ITEM}","title":"手机","price":"5","props":[{{"name":"品牌","value":"多亲"}}],
        "skus":{{"sku":[{{"price":"8","fresh":1}}]}}}}"#
    );
    format!(r#"{{"item":{item},"error_code":"0000","api_info":"today:1 max:9","call_args":{{"area":"7"}}}}"#)
}

/// As a JSON string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn path(exchange: &Exchange, rule: Rule) -> String {
    rule.find(exchange).unwrap_or_else(|| panic!("{} was not found", rule.id())).path
}

#[rstest]
#[case::of_a_proxy(format!(r#"{{"success":true,"data":{}}}"#, answer()), "$.data")]
#[case::two_deep(format!(r#"{{"code":200,"data":{{"result":{}}}}}"#, answer()), "$.data.result")]
#[case::in_a_list_of_one(format!(r#"{{"code":200,"data":[{}]}}"#, answer()), "$.data[0]")]
#[case::under_an_empty_error(format!(r#"{{"error":"","msg":"ok","data":{}}}"#, answer()), "$.data")]
#[case::of_a_proxy_in_php(format!(r#"{{"wei rd":{}}}"#, answer()), "$[\"wei rd\"]")]
#[case::a_string(quoted(&answer()), "$ » $")]
#[case::a_string_of_a_string(quoted(&quoted(&answer())), "$ » $ » $")]
#[case::a_string_in_an_object(format!(r#"{{"status":1,"body":{}}}"#, quoted(&answer())), "$.body » $")]
#[case::an_object_in_a_string(quoted(&format!(r#"{{"data":{}}}"#, answer())), "$ » $.data")]
#[tokio::test]
async fn an_answer_is_found_and_every_path_is_that_of_the_body(#[case] body: String, #[case] at: &str) {
    let exchange = receive(body).await;
    assert_eq!(exchange.outcome, Outcome::Item);
    let (item, reply) = (exchange.item().unwrap(), exchange.reply.as_ref().unwrap());
    assert_eq!((item.field("title").text(), item.sku_count(), item.prop_count()), (Some("手机"), 1, 1));
    assert_eq!(reply.envelope.quota.as_ref().unwrap().max, Some(9));
    assert_eq!(reply.found_at(), Some(at));
    assert_eq!(path(&exchange, Rule::FoundInside), at);
    assert_eq!(path(&exchange, Rule::PriceBelowSkus), format!("{at}.item.price"));
    assert_eq!(path(&exchange, Rule::UnknownField), format!("{at}.item.skus.sku[0].fresh"));
    assert_eq!(path(&exchange, Rule::SkuIdsMissing), format!("{at}.item.skus.sku[0]"));
    assert_eq!(path(&exchange, Rule::ArgsNeverSent), format!("{at}.call_args.area"));
    // From the path back to the node, through the strings around it.
    let sku = item.sku(0).unwrap().node();
    assert_eq!(reply.path_of(sku), format!("{at}.item.skus.sku[0]"));
    assert_eq!(reply.nearest_to(&reply.path_of(sku)), reply.node_ref(sku));
    assert_eq!(reply.node_ref(sku).outer.len(), at.matches('»').count());
    assert_eq!(reply.jq_path_of(sku).matches("fromjson").count(), at.matches('»').count());
}

#[tokio::test]
async fn an_item_by_itself_is_one_and_what_is_not_around_it_is_not_checked() {
    let item = format!(r#"{{"num_iid":"{ITEM}","title":"手机","price":"5"}}"#);
    let exchange = receive(item.clone()).await;
    assert_eq!((&exchange.outcome, exchange.reply.as_ref().unwrap().found_at()), (&Outcome::Item, None));
    assert_eq!(path(&exchange, Rule::PriceIsText), "$.price");
    assert_eq!(Rule::UnknownField.find(&exchange), None);
    assert!(exchange.unchecked().contains(&onebound::Unchecked::Success));
    let wrapped = receive(format!(r#"{{"ok":true,"result":{item}}}"#)).await;
    assert_eq!(path(&wrapped, Rule::PriceIsText), "$.result.price");
}

#[tokio::test]
async fn of_two_answers_side_by_side_it_is_said_that_there_is_one_more() {
    let exchange = receive(format!(r#"{{"a":{},"b":{}}}"#, answer(), answer())).await;
    assert_eq!(exchange.reply.as_ref().unwrap().found_at(), Some("$.a"));
    assert_eq!(Rule::AnswersBeside.find(&exchange).unwrap().values, ["1", "$.a"]);
}

#[rstest]
#[case(r#"{"data":{"id":1,"error":"x"}}"#)]
#[case(r#"{"data":{"title":"x","price":1}}"#)]
#[case(r#""just a string""#)]
#[case(r#""{\"item\": cut""#)]
#[case(r#"{"a":{"b":{"c":{"d":{"e":{"error_code":"0000","item":{}}}}}}}"#)]
#[case("[1, 2]")]
#[tokio::test]
async fn what_does_not_look_like_an_answer_is_taken_for_none(#[case] body: &str) {
    assert!(receive(body).await.reply.is_none(), "{body}");
}

#[tokio::test]
async fn the_callers_key_is_hidden_in_a_string_however_deep_it_is_escaped() {
    let sent = format!(r#"{{"error_code":"4013","reason":"Key[{KEY}]","item":{{}}}}"#);
    let escaped = sent.replace(KEY, &KEY.replace('-', "\\u002d"));
    for body in [quoted(&sent), quoted(&escaped), quoted(&quoted(&escaped))] {
        let exchange = receive(body).await;
        let reason = exchange.envelope().map(|envelope| envelope.reason.clone()).unwrap_or_default();
        assert!(!reason.contains(KEY), "{reason}");
        assert!(!String::from_utf8_lossy(exchange.body.shown()).contains("planted"), "{exchange:?}");
    }
}

#[rstest]
#[case(r#""error_code":0"#, Outcome::Item)]
#[case(r#""error_code":"0""#, Outcome::Item)]
#[case(r#""error_code":"4099""#, Outcome::Refused(onebound::Cause::AsCoded))]
#[case(r#""error_code":"2000""#, Outcome::NoResult)]
#[case(r#""error_code":"4013","reason":"已超量""#, Outcome::Refused(onebound::Cause::QuotaUsedUp))]
#[tokio::test]
async fn an_item_that_came_is_there_whatever_the_code_says(#[case] code: &str, #[case] outcome: Outcome) {
    let item = format!(r#"{{"num_iid":"{ITEM}","title":"手机","price":"5"}}"#);
    let exchange = receive(format!(r#"{{"item":{item},{code}}}"#)).await;
    assert_eq!((&exchange.outcome, exchange.item().is_some()), (&outcome, true));
    // An empty one is still none.
    let stub = receive(format!(r#"{{"item":{{"num_iid":"{ITEM}"}},{code}}}"#)).await;
    assert!(stub.item().is_none());
}

#[tokio::test]
async fn another_item_under_a_code_that_is_no_success_is_reported_as_another() {
    let exchange = receive(r#"{"item":{"num_iid":"7","title":"杯","price":"5"},"error_code":"4099"}"#).await;
    assert_eq!(exchange.other_item().as_deref(), Some("7"));
    assert!(Rule::WrongItem.find(&exchange).is_some());
}

#[rstest]
#[case(r#"{"item":[{"num_iid":"1"},{"num_iid":"2"}],"error_code":"0000"}"#, 2)]
#[case(r#"{"items":{"item":[{"num_iid":"1"}]},"error_code":"0000"}"#, 1)]
#[case(r#"{"items":[{"num_iid":"1"}],"error_code":"0000"}"#, 1)]
#[case(r#"{"items":{"item":{"num_iid":"1"}},"error_code":"0000"}"#, 1)]
#[case(r#"{"data":{"item":[{"num_iid":"1"},{"num_iid":"2"},{}],"error_code":"0000"}}"#, 3)]
#[tokio::test]
async fn several_items_are_a_list_and_nothing_is_said_of_money_that_was_lost(
    #[case] body: &str,
    #[case] count: usize,
) {
    let exchange = receive(body).await;
    assert_eq!((exchange.outcome.clone(), exchange.item().is_none()), (Outcome::Success, true));
    assert_eq!(exchange.item_list().map(|list| list.len()), Some(count));
    assert_eq!(Rule::EmptySuccess.find(&exchange), None);
}
