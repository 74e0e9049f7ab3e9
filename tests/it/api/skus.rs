//! The properties of SKUs: axes and values out of `properties_name`, or out of `props_list`.

use onebound::ItemIndex;
use onebound_document::Document;
use rstest::rstest;

use super::support::{CAPTURED, index};

/// `ids|axis|value` of every property of the first SKU, as the item understands it.
fn properties(document: &Document) -> Vec<String> {
    let item = document.get(document.root(), "item").unwrap_or(document.root());
    let index = ItemIndex::new(document, item);
    let item = index.view(document);
    let mut found = Vec::new();
    item.each_property(item.sku(0).unwrap(), |property| {
        found.push(format!("{}|{}|{}", property.ids, property.axis, property.value));
    });
    found
}

fn of_sku(sku: &str, props_list: &str) -> Vec<String> {
    properties(&index(&format!(r#"{{"skus":{{"sku":[{sku}]}},"props_list":{props_list}}}"#)))
}

#[rstest]
#[case("0:0:机身内存:64GB;1:1:颜色:瓷白色", &["0:0|机身内存|64GB", "1:1|颜色|瓷白色"])]
#[case("0:0:机身内存:64GB; 1:1:颜色:瓷白色; ", &["0:0|机身内存|64GB", "1:1|颜色|瓷白色"])]
#[case("-1:-3:颜色:红色; 1:0:尺码:L", &["-1:-3|颜色|红色", "1:0|尺码|L"])]
#[case("0:0:规格:A;B;1:0:颜色:红;", &["0:0|规格|A;B", "1:0|颜色|红"])]
#[case("0:0:规格:宽:高 1:2;1:0:颜色:红", &["0:0|规格|宽:高 1:2", "1:0|颜色|红"])]
#[case("0:0:时间:9:30;18:00", &["0:0|时间|9:30;18:00"])]
#[case("0:0:颜色:", &["0:0|颜色|"])]
#[case("1627207:28341:颜色分类:黑色", &["1627207:28341|颜色分类|黑色"])]
#[case("没有编号的规格", &["||没有编号的规格"])]
#[case("颜色:红色", &["||颜色:红色"])]
fn properties_name_is_split_where_a_pair_of_ids_begins(#[case] names: &str, #[case] expected: &[&str]) {
    assert_eq!(of_sku(&format!(r#"{{"properties_name":"{names}"}}"#), "[]"), expected);
}

#[rstest]
#[case(r#"{"properties":"0:0;1:1"}"#)]
#[case(r#"{"properties":"0:0; 1:1; ","properties_name":""}"#)]
#[case(r#"{"properties":"0:0;1:1","properties_name":null}"#)]
#[case(r#"{"properties_name":"0:0;1:1"}"#)]
#[case(r#"{"properties_name":"0:0; 1:1"}"#)]
fn what_a_sku_does_not_name_itself_props_list_names(#[case] sku: &str) {
    let list = r#"{"0:0":"机身内存:64GB","1:1":"颜色:瓷白:色"}"#;
    assert_eq!(of_sku(sku, list), ["0:0|机身内存|64GB", "1:1|颜色|瓷白:色"]);
}

#[rstest]
#[case("[]")]
#[case("\"\"")]
#[case("null")]
#[case(r#"{"0:0":"no axis in it"}"#)]
fn what_nobody_names_keeps_its_ids(#[case] list: &str) {
    assert_eq!(of_sku(r#"{"properties":"0:0;-1:1"}"#, list), ["0:0|0|0:0", "-1:1|-1|-1:1"]);
    assert_eq!(of_sku(r#"{"properties_name":"0:0:白色"}"#, list), ["0:0|0|白色"]);
}

#[test]
fn a_sku_without_any_property_has_none() {
    for sku in
        ["{}", r#"{"properties":"","properties_name":""}"#, r#"{"properties":[],"properties_name":{}}"#]
    {
        assert_eq!(of_sku(sku, "[]"), Vec::<String>::new());
    }
}

#[test]
fn the_captured_item_has_its_axes_in_order_and_the_span_of_its_prices() {
    let (_, body) = CAPTURED[1];
    let document = index(body);
    let made = ItemIndex::new(&document, document.get(document.root(), "item").unwrap());
    let item = made.view(&document);
    assert_eq!(item.overview().axes, ["机身内存", "颜色"]);
    assert_eq!((item.sku_count(), item.prop_count(), item.count_of("item_imgs")), (2, 23, 5));
    let span = item.overview().sku_prices.span.unwrap();
    assert_eq!((span.low().to_string(), span.high().to_string()), ("799.00".to_owned(), "799.00".to_owned()));
    let stock: Vec<_> = item.skus().map(|sku| sku.quantity().count()).collect();
    assert_eq!(stock, [Some(932), Some(831)]);
    assert_eq!(item.inner("seller_info", "no such field"), onebound::Field::Absent);
}

/// From some thousands on, two threads read them.
#[test]
fn many_skus_are_understood_as_few_are() {
    let sku = |at: u32| match at {
        10 => r#"{"properties_name":"0:1:颜色:红","price":"1.00","sales":[]}"#.to_owned(),
        4_000 => r#""stray""#.to_owned(),
        5_990 => r#"{"properties_name":"0:1:尺码:L;1:1:颜色:红","price":"1.0","sales":[]}"#.to_owned(),
        5_995 => r#"{"properties_name":"2:1:套餐:甲","price":"99","sales":{}}"#.to_owned(),
        _ => format!(r#"{{"properties_name":"0:1:颜色:红","price":"{}.5"}}"#, 2 + at % 7),
    };
    let skus: Vec<String> = (0..6_000).map(sku).collect();
    let document = index(&format!(r#"{{"skus":{{"sku":[{}]}}}}"#, skus.join(",")));
    let found = ItemIndex::new(&document, document.root());
    let item = found.view(&document);
    assert_eq!(item.sku_count(), 5_999);
    assert_eq!(item.overview().axes, ["颜色", "尺码", "套餐"]);
    let prices = item.overview().sku_prices.span.unwrap();
    assert_eq!((prices.low().to_string(), prices.high().to_string()), ("1.00".to_owned(), "99".to_owned()));
    let message: Vec<String> = item
        .overview()
        .oddities
        .iter()
        .map(|odd| format!("{} {} {}", odd.path, odd.found, odd.places))
        .collect();
    let sales = ["item.skus.sku[].sales array 2", "item.skus.sku[].sales object 1"];
    assert_eq!(message, ["item.skus.sku[] string 1", sales[0], sales[1]]);
}

#[test]
fn a_count_below_zero_is_one_that_the_vendor_does_not_know() {
    use onebound::Field;
    let unknown = [Field::Number("-1"), Field::Text("-1".into())];
    assert!(unknown.iter().all(Field::is_unknown_count));
    let others =
        [Field::Number("0"), Field::Text("12".into()), Field::Text("".into()), Field::Null, Field::Absent];
    assert!(!others.iter().any(Field::is_unknown_count));
}
