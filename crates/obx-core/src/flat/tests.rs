//! The record of captured bodies, and of every type that a field was seen in.

use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn exchange(body: &str) -> Exchange {
    Exchange::from_body(body.to_owned().into(), None, Timestamp::UNIX_EPOCH, None)
}

fn record(body: &str) -> Value {
    let exchange = exchange(body);
    let record = FlatRecord::new(&exchange).unwrap();
    let schema = record_schema();
    let value = schema.to_json(&record, &schema.all());
    let mut written = Vec::new();
    record.write_json(&mut written, &schema.all()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), value, "both ways to write it agree");
    value
}

/// The record of an item with this field, and with these fields of its only SKU.
fn with(field: &str, sku: &str) -> Value {
    let comma = if field.is_empty() { "" } else { "," };
    record(&format!(
        r#"{{"item":{{"num_iid":"1","title":"t","price":"5"{comma}{field},"skus":{{"sku":[{{{sku}}}]}}}},"error_code":"0000"}}"#
    ))
}

const PHONE: &str = include_str!("../../../../tests/responses/1688_item_get_610947572360.json");

#[test]
fn a_captured_body_has_its_fields_by_plain_names() {
    let phone = record(PHONE);
    assert_eq!(phone["flat_version"], FLAT_VERSION);
    assert_eq!(phone["num_iid"], "610947572360");
    assert_eq!(phone["platform"], "1688");
    assert_eq!(phone["gateway"], Value::Null, "a file has no gateway");
    assert_eq!(phone["fetched_at"], "2020-12-18T07:24:17.000Z");
    assert_eq!(phone["vendor_cached_at"], "2020-12-18T07:24:12.000Z");
    assert_eq!((&phone["price"], &phone["price_min"]), (&json!("799.00"), &json!("799.00")));
    assert_eq!(
        (&phone["stock"], &phone["sales"], &phone["min_order"]),
        (&json!(1763), &json!(30), &json!(2))
    );
    assert_eq!((&phone["location"], &phone["shop"]), (&json!("广东省 深圳市"), &json!("qin多亲科技")));
    assert!(
        phone["description"].as_str().unwrap().starts_with("深圳市多亲科技有限公司(简称“多亲科技”)"),
        "{phone}"
    );
    let sku = json!({
        "num_iid": "610947572360",
        "position": 1,
        "sku_id": "4309097072612",
        "spec_id": "63828b15ad641fdb131775f32e4c050c",
        "properties": [
            {"ids": "0:0", "name": "机身内存", "value": "64GB"},
            {"ids": "1:1", "name": "颜色", "value": "瓷白色"},
        ],
        "variant": "机身内存:64GB;颜色:瓷白色",
        "price": "799.00",
        "stock": 932,
        "sales": 55,
    });
    assert_eq!(phone["skus"][0], sku);
    assert_eq!(
        phone["props"][0],
        json!({"num_iid": "610947572360", "position": 1, "name": "品牌", "value": "多亲"})
    );
    let roles: Vec<&str> =
        phone["pictures"].as_array().unwrap().iter().filter_map(|it| it["role"].as_str()).collect();
    assert_eq!(roles.iter().filter(|role| **role == "item").count(), 5);
    assert_eq!(roles.iter().filter(|role| **role == "description").count(), 38);
}

#[test]
fn absent_null_and_empty_differ() {
    assert_eq!(with("", "").get("brand"), None);
    assert_eq!(with(r#""brand":null"#, "")["brand"], Value::Null);
    assert_eq!(with(r#""brand":"""#, "")["brand"], "");
    assert_eq!(with("", "").get("stock"), None);
    assert_eq!(with(r#""num":null"#, "")["oddities"], json!([]));
}

#[rstest]
#[case(r#""num":"1763""#, json!(1763), None)]
#[case(r#""num":1763"#, json!(1763), None)]
#[case(r#""num":"1,763""#, json!(1763), None)]
#[case(r#""num":0"#, json!(0), None)]
#[case(r#""num":"""#, Value::Null, Some(("empty", r#""""#)))]
#[case(r#""num":[]"#, Value::Null, Some(("empty", "[]")))]
#[case(r#""num":"-1""#, Value::Null, Some(("unknown", r#""-1""#)))]
#[case(r#""num":-1"#, Value::Null, Some(("unknown", "-1")))]
#[case(r#""num":1.5"#, Value::Null, Some(("not_a_number", "1.5")))]
#[case(r#""num":99999999999999999999"#, Value::Null, Some(("not_a_number", "99999999999999999999")))]
#[case(r#""num":{"a":1}"#, Value::Null, Some(("unexpected_type", r#"{"a":1}"#)))]
#[case(r#""num":true"#, Value::Null, Some(("unexpected_type", "true")))]
fn a_count_is_a_number_or_null_and_what_was_sent_is_an_oddity(
    #[case] field: &str,
    #[case] stock: Value,
    #[case] odd: Option<(&str, &str)>,
) {
    let record = with(field, "");
    assert_eq!(record["stock"], stock);
    let expected = odd.map(|(reason, raw)| {
        json!({"num_iid": "1", "position": 1, "list": "item", "list_position": null, "field": "stock", "reason": reason, "raw": raw})
    });
    assert_eq!(record["oddities"], expected.into_iter().collect::<Value>());
}

#[rstest]
#[case(r#""price":"799.00""#, json!("799.00"), None)]
#[case(r#""price":799.10"#, json!("799.10"), None)]
#[case(r#""price":1.25e1"#, json!("12.5"), None)]
#[case(r#""price":"￥1,299.00""#, json!("1299.00"), None)]
#[case(r#""price":"13.00-15.00""#, Value::Null, Some("price_range"))]
#[case(r#""price":"面议""#, Value::Null, Some("not_a_number"))]
#[case(r#""price":"-1""#, Value::Null, Some("unknown"))]
#[case(r#""price":"9999.00","quantity":0"#, json!("9999.00"), Some("placeholder_price"))]
#[case(r#""price":"9999.00","quantity":3"#, json!("9999.00"), None)]
fn a_price_is_a_decimal_with_its_digits(#[case] sku: &str, #[case] price: Value, #[case] odd: Option<&str>) {
    let record = with("", sku);
    assert_eq!(record["skus"][0]["price"], price);
    let reasons: Vec<&str> =
        record["oddities"].as_array().unwrap().iter().filter_map(|it| it["reason"].as_str()).collect();
    assert_eq!(reasons, odd.into_iter().collect::<Vec<_>>());
}

const SPEC: &str = "63828b15ad641fdb131775f32e4c050c";

#[rstest]
#[case(format!(r#""sku_id":"7","spec_id":"{SPEC}","quantity":5"#), json!("7"), json!(5))]
#[case(format!(r#""sku_id":"{SPEC}","quantity":"5""#), Value::Null, json!(5))]
#[case(format!(r#""sku_id":7,"spec_id":"","quantity":"{SPEC}""#), json!("7"), Value::Null)]
fn a_spec_id_is_found_where_it_is(#[case] sku: String, #[case] sku_id: Value, #[case] stock: Value) {
    let record = with("", &sku);
    let sku = &record["skus"][0];
    assert_eq!((&sku["spec_id"], &sku["sku_id"], &sku["stock"]), (&json!(SPEC), &sku_id, &stock));
    let misplaced = sku_id.is_null() || stock.is_null();
    assert_eq!(record["oddities"].as_array().unwrap().len(), usize::from(misplaced));
    if misplaced {
        assert_eq!(record["oddities"][0]["raw"], format!("\"{SPEC}\""));
    }
}

#[rstest]
#[case(r#""priceRange":[[2,"75.00"],["50",70]]"#)]
#[case(r#""priceRange":{"2":"75.00","50":"70"}"#)]
#[case(r#""priceRange":[{"startQuantity":2,"price":"75.00"},{"begin":"50","price":70}]"#)]
fn tiers_of_any_shape_are_rows(#[case] field: &str) {
    let prices = json!([
        {"num_iid": "1", "position": 1, "min_quantity": 2, "price": "75.00"},
        {"num_iid": "1", "position": 2, "min_quantity": 50, "price": "70"},
    ]);
    assert_eq!(with(field, "")["prices"], prices);
}

#[test]
fn names_that_only_props_list_has_are_taken_from_there() {
    let record = with(r#""props_list":{"0:0":"颜色:红","1:0":"尺码:L"}"#, r#""properties":"0:0;1:0;9:9""#);
    assert_eq!(record["skus"][0]["variant"], "颜色:红;尺码:L;9:9");
}

#[test]
fn picked_fields_alone_are_written_in_their_order() {
    let exchange = exchange(PHONE);
    let record = FlatRecord::new(&exchange).unwrap();
    let mut written = Vec::new();
    let picked = record_schema().pick(&["prices", "title", "num_iid", "post_fee"]).unwrap();
    record.write_json(&mut written, &picked).unwrap();
    let expected = r#"{"prices":[],"title":"厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G","num_iid":"610947572360","post_fee":null}"#;
    assert_eq!(String::from_utf8(written).unwrap(), expected);
}

#[test]
fn an_answer_without_an_item_has_no_record() {
    assert!(FlatRecord::new(&exchange(r#"{"error":"item-not-found","error_code":"2000"}"#)).is_none());
}

proptest! {
    #[test]
    fn whatever_types_come_the_columns_keep_theirs(
        values in prop::collection::vec(r#"null|true|-?[0-9]{1,3}|"[-0-9a-f.]{0,4}"|\[\]|\{\}|\[1\]|\{"a":"b"\}"#, 10)
    ) {
        let names = ["price", "num", "video", "desc", "props", "priceRange", "seller_info", "is_support_mix", "item_imgs", "props_img"];
        let fields: Vec<String> = names.iter().zip(&values).map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let sku = format!(r#""price":{},"quantity":{},"sku_id":{},"sku_img":{}"#, values[0], values[1], values[2], values[3]);
        let body = format!(
            r#"{{"item":{{"num_iid":"1","title":"t",{},"skus":{{"sku":[{{{sku}}}]}}}},"error_code":"0000"}}"#, fields.join(",")
        );
        let exchange = exchange(&body);
        let read = FlatRecord::new(&exchange).unwrap();
        let rows = std::iter::once((item_schema(), read.item_row()))
            .chain(FlatList::ALL.into_iter().flat_map(|list| read.rows(list).map(move |row| (list.schema(), row)).collect::<Vec<_>>()));
        for (schema, row) in rows {
            for (column, value) in schema.fields.iter().zip(row.0) {
                let fits = match value.unwrap_or_default() {
                    Value::Null => true,
                    Value::Bool(_) => column.kind == ValueKind::Boolean,
                    Value::Number(number) => column.kind == ValueKind::Integer && number.is_i64(),
                    Value::String(text) => match column.kind {
                        ValueKind::Decimal => text.parse::<onebound::Decimal>().is_ok(),
                        ValueKind::Text => true,
                        kind => kind == ValueKind::Time && text.parse::<Timestamp>().is_ok(),
                    },
                    Value::Array(_) | Value::Object(_) => column.kind == ValueKind::Json,
                };
                prop_assert!(fits, "{}", column.name);
            }
        }
    }
}
