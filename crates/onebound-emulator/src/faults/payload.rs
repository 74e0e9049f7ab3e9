//! Faults of what the JSON says: the transport is sound, the item or the envelope is not.

use serde_json::{Value, json};

use super::Fault;
use crate::pictures;

/// Terminal escapes (clear the screen, set the title, write the clipboard), bell, 8-bit escapes, a direction
/// override, and characters of no width: all of it has to come out harmless.
const HOSTILE: &str = "\u{1b}[2J\u{1b}[31m红\u{1b}]52;c;aGFja2Vk\u{7}\u{1b}]0;owned\u{1b}\\ \u{9b}2J\u{9d}0;x\u{9c} \
     \u{202e}txt.exe\u{202c}\u{2066}\u{200b}\u{200d}\u{feff}\r\n\t\u{8}\u{7f}\u{0}末";

/// How long the title of `long-title` is, in characters.
const LONG: usize = 500;

/// The ID that `wrong-item` answers with: the last digit turned by one.
pub(crate) fn another_id(num_iid: &str) -> String {
    let mut digits: Vec<char> = num_iid.chars().collect();
    if let Some(last) = digits.last_mut() {
        *last = if *last == '9' { '0' } else { char::from_u32(u32::from(*last) + 1).unwrap_or('0') };
    }
    digits.into_iter().collect()
}

/// The item as the fault wants it; faults that are not about the item leave it alone.
pub(crate) fn apply_to_item(fault: Fault, mut item: Value) -> Value {
    match fault {
        Fault::StubItem => item = json!({"num_iid": item["num_iid"]}),
        Fault::Drift => drift(&mut item),
        Fault::SkuDrift => item["skus"] = json!({"sku": drifting_skus()}),
        Fault::HostileText => make_hostile(&mut item),
        Fault::LongTitle => {
            let title: Vec<char> = item["title"].as_str().unwrap_or("长").chars().collect();
            item["title"] = title.iter().cycle().take(LONG).collect::<String>().into();
        }
        Fault::OddPictures => give_odd_pictures(&mut item),
        _ => {}
    }
    item
}

fn drift(item: &mut Value) {
    let odd = json!({
        "num_iid": item["num_iid"].as_str().and_then(|id| id.parse::<u64>().ok()),
        "price": {"min": "75.00", "max": 99, "unit": "CNY"},
        "orginal_price": false,
        "num": null,
        "min_num": 2.5,
        "skus": "",
        "props": [{"label": "品牌", "value": "其他"}, {"name": "材质", "value": null}, {"name": "数量", "value": 12},
            {"name": "包含", "value": ["一", "二"]}, "颜色:红色", null, {}],
        "props_list": [],
        "props_name": null,
        "props_img": "",
        "prop_imgs": "",
        "priceRange": [[2, "75.00"], ["10", 70], [null], "50:66.00", []],
        "item_imgs": [{"url": null}, "//cbu01.alicdn.com/img/ibank/drift.jpg", {}],
        "pic_url": null,
        "video": null,
        "sales": "-1",
        "total_sold": null,
        "tmall": "false",
        "seller_info": [],
        "nick": 42,
        "location": {"province": "广东省", "city": "深圳市"},
        "unit": [],
        "desc": null,
        "desc_img": "",
    });
    merge(item, odd);
}

fn drifting_skus() -> Value {
    json!([
        {"price": "12.50", "total_price": 0, "properties": "0:0", "quantity": "7", "sku_id": "4309097072612"},
        {"price": 13, "properties": "0:1", "properties_name": "0:1:颜色:白色", "quantity": 9, "sku_id": 4_309_097_072_613_u64},
        {"price": "14.00", "properties": "-1:-3; 1:0", "properties_name": "-1:-3:颜色:红色; 1:0:尺码:L",
            "quantity": "", "sku_id": null, "sales": "-1"},
        {"price": null, "properties": "", "properties_name": null, "quantity": null, "sales": null},
        {"price": "", "properties_name": "没有编号的规格", "quantity": "-5", "sku_id": 0, "sales": 3},
        {"price": "15.00-18.00", "properties": ["0:1"], "properties_name": {"0:1": "黑色"}, "quantity": "100+"},
        {},
        null
    ])
}

fn make_hostile(item: &mut Value) {
    item["title"] = format!("恶意{HOSTILE}标题").into();
    item["nick"] = format!("卖家{HOSTILE}").into();
    item["seller_info"]["shop_name"] = format!("店铺{HOSTILE}").into();
    item["location"] = format!("广东省{HOSTILE}").into();
    item["detail_url"] = "javascript:alert(1)\u{1b}]8;;http://127.0.0.1/\u{1b}\\".into();
    if let Some(props) = item["props"].as_array_mut() {
        props.insert(0, json!({"name": format!("名{HOSTILE}"), "value": format!("值{HOSTILE}")}));
    }
    if let Some(sku) = item["skus"]["sku"].get_mut(0) {
        sku["properties_name"] = format!("0:0:颜色:{HOSTILE}").into();
    }
}

fn give_odd_pictures(item: &mut Value) {
    let addresses = pictures::odd_addresses();
    item["pic_url"] = addresses.first().cloned().into();
    item["item_imgs"] = addresses.iter().map(|url| json!({"url": url})).collect();
}

/// The page of a search as the fault wants it: its first item, and of `drift` the numbers beside the list too.
pub(crate) fn apply_to_list(fault: Fault, mut items: Value) -> Value {
    if fault == Fault::Drift {
        let odd =
            json!({"page": null, "page_size": "", "total_results": "-1", "real_total_results": "800000+"});
        merge(&mut items, odd);
    }
    let Some(first) = items.get_mut("item").and_then(|list| list.get_mut(0)) else { return items };
    match fault {
        Fault::Drift => {
            let odd = json!({"num_iid": first["num_iid"].as_str().and_then(|id| id.parse::<u64>().ok()), "price": null,
                "promotion_price": {"min": "75.00"}, "sales": "1.2万+", "seller_nick": 42, "pic_url": [],
                "area": {"state": "广东", "city": "深圳"}});
            merge(first, odd);
        }
        Fault::HostileText => {
            first["title"] = format!("恶意{HOSTILE}标题").into();
            first["seller_nick"] = format!("卖家{HOSTILE}").into();
        }
        Fault::OddPictures => first["pic_url"] = pictures::odd_addresses().first().cloned().into(),
        Fault::StubItem | Fault::LongTitle => *first = apply_to_item(fault, first.clone()),
        _ => {}
    }
    items
}

fn merge(object: &mut Value, members: Value) {
    let Value::Object(members) = members else { return };
    for (name, value) in members {
        object[name.as_str()] = value;
    }
}

/// The written body as the fault wants it.
pub(crate) fn apply_to_text(fault: Fault, text: Vec<u8>) -> Vec<u8> {
    match fault {
        Fault::Gbk => in_gbk(&text),
        Fault::DuplicateKeys => with_duplicates(text),
        _ => text,
    }
}

fn in_gbk(text: &[u8]) -> Vec<u8> {
    encoding_rs::GBK.encode(&String::from_utf8_lossy(text)).0.into_owned()
}

/// The first of each pair is wrong, so that it shows which of the two a client believes.
fn with_duplicates(text: Vec<u8>) -> Vec<u8> {
    match text.strip_prefix(b"{\"item\":{") {
        Some(rest) => {
            let first = br#"{"error_code":"5000","item":{"title":"the first of two titles","price":"1.00","skus":[],"#;
            [first.as_slice(), rest].concat()
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrong_item_is_never_the_one_asked_for() {
        assert_eq!(another_id("610947578113"), "610947578114");
        assert_eq!(another_id("9"), "0");
    }

    #[test]
    fn a_long_title_has_500_characters() {
        let item = apply_to_item(Fault::LongTitle, json!({"title": "短标题"}));
        assert_eq!(item["title"].as_str().unwrap().chars().count(), 500);
    }

    #[test]
    fn duplicate_keys_are_still_json_in_which_the_second_is_right() {
        let text = with_duplicates(br#"{"item":{"title":"b","price":"2.00"},"error_code":"0000"}"#.to_vec());
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches("\"title\"").count(), 2);
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["item"]["title"], "b");
        assert_eq!(read["error_code"], "0000");
    }

    #[test]
    fn gbk_bytes_are_no_utf_8() {
        let bytes = apply_to_text(Fault::Gbk, "授权失败".as_bytes().to_vec());
        assert!(std::str::from_utf8(&bytes).is_err());
        assert_eq!(encoding_rs::GBK.decode(&bytes).0, "授权失败");
    }
}
