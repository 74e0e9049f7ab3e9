//! What changed between two answers: nothing invented, nothing lost, and exact to the last digit.

use bytes::Bytes;
use jiff::Timestamp;
use onebound::{
    Answer, Call, Change, ChangeKind, ChangeStatus, ChangedValue, Credentials, Difference, Exchange, Host,
    ItemId, ItemPresence, SkuChangeKind, Timing,
};
use rstest::rstest;

use super::support::{CAPTURED, ITEM};

const PHONE: &str = include_str!("../../responses/1688_item_get_610947572360.json");
const MACHINE: &str = include_str!("../../responses/taobao_item_get_600448952765.json");

pub(super) fn read(body: impl Into<Bytes>) -> Exchange {
    let call = Call::item_get(ItemId::find(ITEM).unwrap());
    let credentials = Credentials::new("planted-key-5f3a", "planted-secret-9c1e").unwrap();
    let answer = Answer { status: 200, headers: Vec::new(), body: body.into() };
    Exchange::from_answer(
        call,
        Host::default(),
        Timestamp::UNIX_EPOCH,
        Timing::default(),
        answer,
        &credentials,
    )
}

pub(super) fn between(before: &str, after: &str) -> Difference {
    Difference::between(&read(before.to_owned()), &read(after.to_owned()))
}

/// The captured phone, and the same with texts replaced; each must be there.
fn phone_with(replaced: &[(&str, &str)]) -> Difference {
    let edited = replaced.iter().fold(PHONE.to_owned(), |body, (old, new)| {
        assert!(body.contains(old), "{old} is not in the body");
        body.replacen(old, new, 1)
    });
    between(PHONE, &edited)
}

/// An item of these members.
pub(super) fn item(members: &str) -> String {
    format!(r#"{{"error_code":"0000","item":{{"num_iid":"{ITEM}","title":"t","price":"1",{members}}}}}"#)
}

fn skus(before: &str, after: &str) -> Vec<String> {
    let list = |skus: &str| item(&format!(r#""skus":{{"sku":[{skus}]}}"#));
    sku_lines(&between(&list(before), &list(after)))
}

fn sku_lines(difference: &Difference) -> Vec<String> {
    let line = |sku: &onebound::SkuChange| match &sku.kind {
        SkuChangeKind::Added(facts) => format!("+ {} {} {}", sku.id, sku.name, message(&facts.price)),
        SkuChangeKind::Removed(facts) => format!("- {} {} {}", sku.id, sku.name, message(&facts.price)),
        SkuChangeKind::Changed(changes) => {
            format!(
                "~ {} {}: {}",
                sku.id,
                sku.name,
                changes.iter().map(one_line).collect::<Vec<_>>().join(", ")
            )
        }
    };
    difference.skus.iter().map(line).collect()
}

fn message(value: &ChangedValue) -> String {
    match value {
        ChangedValue::Absent => "absent".to_owned(),
        ChangedValue::Null => "null".to_owned(),
        ChangedValue::Bool(value) => value.to_string(),
        ChangedValue::Number(digits) => digits.clone(),
        ChangedValue::Text(text) => format!("{text:?}"),
        ChangedValue::List(count) => format!("[{count}]"),
        ChangedValue::Object(count) => format!("{{{count}}}"),
    }
}

pub(super) fn one_line(change: &Change) -> String {
    let mark = match change.status {
        ChangeStatus::Added => "+",
        ChangeStatus::Removed => "-",
        ChangeStatus::Changed => "~",
    };
    let nature = match change.kind {
        ChangeKind::Amount(by) => by.to_string(),
        ChangeKind::Type => "type".to_owned(),
        ChangeKind::Spelling => "spelling".to_owned(),
        ChangeKind::Other => "other".to_owned(),
    };
    format!("{mark}{} {} > {} {nature}", change.name, message(&change.before), message(&change.after))
}

pub(super) fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(one_line).collect()
}

#[test]
fn an_answer_does_not_differ_from_itself() {
    for (name, body) in CAPTURED {
        let difference = between(body, body);
        assert!(difference.is_empty(), "{name}: {difference:?}");
    }
}

#[test]
fn what_differs_in_every_answer_is_left_out() {
    let difference = phone_with(&[
        ("6.65", "0.08"),
        ("gw-2.5fdc591b3bdb0", "gw-2.6000000000000"),
        (
            "\"server_time\": \"Beijing/2020-12-18 15:24:17\"",
            "\"server_time\": \"Beijing/2021-01-01 00:00:00\"",
        ),
        ("today:12 max:10000", "today:13 max:10000"),
        ("\"cache\": 0", "\"cache\": 1, \"last_id\": \"5\""),
        ("2020-12-18 15:24:12", "2020-12-18 15:24:13"),
        ("\"area_id\": \"440111\"", "\"area_id\": \"1\""),
        ("4.44MB", "4.45MB"),
    ]);
    assert!(difference.is_empty(), "{difference:?}");
}

#[test]
fn the_tracking_pixel_is_left_out() {
    let moved = MACHINE.replace("rid=gw-1.6314322f94ee5&p=237260441", "rid=gw-1.0000000000000&p=1");
    assert_ne!(moved, MACHINE);
    assert!(between(MACHINE, &moved).is_empty());
    let with_pixel = |number: u32| {
        let pixel = format!("https://www.o0b.cn/i.php?t.png&rid={number}");
        item(&format!(
            r#""desc":"<p>手<img src='{pixel}'></p>","desc_img":["a.jpg","{pixel}"],"pixel":"看 {pixel} 看""#
        ))
    };
    assert!(between(&with_pixel(1), &with_pixel(2)).is_empty());
    let without = item(r#""desc":"<p>手</p>","desc_img":["a.jpg"],"pixel":"看  看""#);
    assert!(between(&with_pixel(1), &without).is_empty());
}

#[test]
fn facts_come_with_exact_amounts_in_the_order_in_which_they_are_asked_for() {
    let difference = phone_with(&[
        ("\"price\": \"799.00\"", "\"price\": \"749.00\""),
        ("\"num\": \"1763\"", "\"num\": 1750"),
        ("\"total_sold\": \"1\"", "\"total_sold\": \"14\""),
        ("\"sales\": 30", "\"sales\": null"),
        ("\"min_num\": \"2\"", "\"min_num\": \"2.0\""),
        ("智能手机学生机", "智能学生机"),
    ]);
    assert_eq!(
        lines(&difference.facts),
        [
            "~price \"799.00\" > \"749.00\" -50.00",
            "~min_num \"2\" > \"2.0\" spelling",
            "~num \"1763\" > 1750 -13",
            "~sales 30 > null other",
            "~total_sold \"1\" > \"14\" 13",
            "~title \"厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G\" > \
             \"厂家直销小米有品Qin2 Pro智能学生机老人机备用机小爱同学4G\" other",
        ]
    );
    assert_eq!(difference.facts[0].percent().map(|percent| percent.to_string()).as_deref(), Some("-6.3"));
    assert!(difference.facts[0].is_price() && !difference.facts[2].is_price());
}

#[rstest]
#[case("\"799.00\"", "799.00", "type")]
#[case("\"799.00\"", "799", "type")]
#[case("799", "799.0", "spelling")]
#[case("null", "\"\"", "type")]
#[case("[]", "\"\"", "type")]
#[case("[]", "{}", "type")]
#[case("false", "\"false\"", "type")]
#[case("0", "null", "other")]
#[case("0", "\"\"", "other")]
#[case("\"a\"", "\"b\"", "other")]
#[case("0.1", "0.3", "0.2")]
#[case("1e3", "1e4", "9000")]
#[case("\"1e3\"", "\"1e4\"", "other")]
#[case("\"1,299.00\"", "\"￥1299\"", "spelling")]
#[case("\"1,299.00\"", "1200", "-99.00")]
#[case("\"13.00-15.00\"", "\"13.00-16.00\"", "other")]
#[case("\"\\u624b\"", "\"手\"", "")]
#[case("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "")]
fn a_change_of_type_alone_is_shown_as_a_change(
    #[case] before: &str,
    #[case] after: &str,
    #[case] nature: &str,
) {
    let with = |value: &str| item(&format!(r#""x":{value}"#));
    let message = lines(&between(&with(before), &with(after)).fields);
    let message: Vec<&str> = message.iter().filter_map(|line| line.rsplit(' ').next()).collect();
    assert_eq!(message.join(","), nature);
}

#[test]
fn absent_and_null_differ() {
    let difference = between(&item(r#""y":1"#), &item(r#""y":1,"x":null"#));
    assert_eq!(lines(&difference.fields), ["+x absent > null type"]);
    let difference = between(&item(r#""y":1,"x":[1]"#), &item(r#""y":1"#));
    assert_eq!(lines(&difference.fields), ["-x [1] > absent other"]);
}

#[test]
fn skus_are_joined_by_sku_id_whatever_their_order_and_type() {
    let before =
        r#"{"sku_id":"1","price":"5.00","quantity":9,"sales":1},{"sku_id":"2","price":"6"},{"sku_id":3}"#;
    let after = r#"{"sku_id":4,"price":"7"},{"sku_id":"2","price":"6"},
        {"sales":2,"note":"x","sku_id":1,"price":"4.95","quantity":8}"#;
    assert_eq!(
        skus(before, after),
        [
            "~ 1 : ~price \"5.00\" > \"4.95\" -0.05, ~quantity 9 > 8 -1, ~sales 1 > 2 1, \
             ~sku_id \"1\" > 1 type, +note absent > \"x\" other",
            "+ 4  \"7\"",
            "- 3  absent",
        ]
    );
}

#[test]
fn skus_without_an_id_are_joined_by_spec_id_and_then_by_properties() {
    let before = r#"{"sku_id":null,"spec_id":"s1","price":1},
        {"properties_name":"0:0:颜色:红","price":2},{"price":3,"sku_id":"9","spec_id":"s9"}"#;
    let after = r#"{"properties_name":"7:7:颜色:红","price":3},
        {"sku_id":"5","spec_id":"s1","price":2},{"price":4,"spec_id":"s9"}"#;
    assert_eq!(
        skus(before, after),
        [
            "~ 5 : ~price 1 > 2 1, ~sku_id null > \"5\" other",
            "~  红: ~price 2 > 3 1, ~properties_name \"0:0:颜色:红\" > \"7:7:颜色:红\" other",
            "~ s9 : ~price 3 > 4 1, -sku_id \"9\" > absent other",
        ]
    );
}

#[test]
fn two_skus_of_different_ids_are_never_taken_for_one() {
    let sku = |id: u32| format!(r#"{{"sku_id":{id},"spec_id":"same","properties_name":"0:0:颜色:红"}}"#);
    assert_eq!(skus(&sku(1), &sku(2)), ["+ 2 红 absent", "- 1 红 absent"]);
}

#[test]
fn duplicates_of_an_id_lose_no_row() {
    let sku = |price: u32| format!(r#"{{"sku_id":"1","price":{price}}}"#);
    let three = [sku(1), sku(2), sku(3)].join(",");
    assert_eq!(skus(&three, &[sku(1), sku(5)].join(",")), ["~ 1 : ~price 2 > 5 3", "- 1  3"]);
    assert_eq!(skus(&sku(1), &three), ["+ 1  2", "+ 1  3"]);
    let nameless = r#"{"price":1},{"price":2}"#;
    assert_eq!(skus(nameless, r#"{"price":1}"#), ["-   2"]);
}

#[test]
fn a_sku_is_named_by_the_values_of_its_properties() {
    let difference = phone_with(&[("\"quantity\": \"831\"", "\"quantity\": \"0\"")]);
    assert_eq!(sku_lines(&difference), ["~ 4302217872901 64GB / 铁灰色: ~quantity \"831\" > \"0\" -831"]);
    assert_eq!((difference.facts.len(), difference.fields.len(), difference.envelope.len()), (0, 0, 0));
}

#[test]
fn the_shape_around_skus_and_what_is_no_sku_are_reported_too() {
    let difference = between(&item(r#""skus":"""#), &item(r#""skus":{"sku":[{"sku_id":1}]}"#));
    assert_eq!(lines(&difference.fields), ["~skus \"\" > {1} other"]);
    assert_eq!(sku_lines(&difference), ["+ 1  absent"]);
    let difference = between(&item(r#""skus":[]"#), &item(r#""skus":"""#));
    assert_eq!(lines(&difference.fields), ["~skus [0] > \"\" type"]);
    let before = item(r#""skus":{"sku":[{"sku_id":1},5],"x":1}"#);
    let after = item(r#""skus":{"sku":[7,{"sku_id":1}],"x":2}"#);
    assert_eq!(lines(&between(&before, &after).fields), ["~skus.x 1 > 2 1", "~skus.sku[] 5 > 7 2"]);
}

#[test]
fn props_are_joined_by_name() {
    let before = item(
        r#""props":[{"name":"品牌","value":"多亲"},{"name":"颜色","value":"红"},{"name":"颜色","value":"绿"},
        {"name":"重","value":null},{"name":"证书","value":"2019"}]"#,
    );
    let after = item(
        r#""props":[{"name":"新","value":""},{"name":"颜色","value":"红"},{"name":"颜色","value":"蓝"},
        {"name":"重","u":1},{"name":"证书","value":"2020"}]"#,
    );
    let difference = between(&before, &after);
    assert_eq!(
        lines(&difference.props),
        [
            "~颜色 \"绿\" > \"蓝\" other",
            "~重 null > absent type",
            "~证书 \"2019\" > \"2020\" other",
            "+新 absent > \"\" other",
            "-品牌 \"多亲\" > absent other"
        ]
    );
    assert_eq!(lines(&difference.fields), ["+props[3].u absent > 1 other"]);
}

#[test]
fn images_are_added_and_gone_by_their_url() {
    let first = "https://cbu01.alicdn.com/img/ibank/2020/445/748/13819847544_979836901.jpg";
    let difference = phone_with(&[(first, "https://cbu01.alicdn.com/new.jpg")]);
    let message: Vec<_> =
        difference.images.iter().map(|image| (image.status, image.list, image.url.as_str())).collect();
    assert_eq!(
        message,
        [
            (ChangeStatus::Added, "item_imgs", "https://cbu01.alicdn.com/new.jpg"),
            (ChangeStatus::Removed, "item_imgs", first)
        ]
    );
    assert!(difference.fields.is_empty());
}

#[test]
fn another_order_is_reported_and_is_no_change_of_the_elements() {
    let before = item(r#""desc_img":["a","b","c"],"skus":{"sku":[{"sku_id":1},{"sku_id":2}]}"#);
    let after = item(r#""desc_img":["new","c","a"],"skus":{"sku":[{"sku_id":2},{"sku_id":1}]}"#);
    let difference = between(&before, &after);
    assert_eq!(difference.reordered, ["skus", "desc_img"]);
    assert_eq!((difference.skus.len(), difference.images.len()), (0, 2));
}

#[test]
fn a_changed_description_is_shown_in_numbers() {
    let with = |desc: &str| item(&format!(r#""desc":{desc}"#));
    let before = with(r#""<p>手机</p><IMG src='a.jpg'><img alt=\"\" src=\"b.jpg\"/>""#);
    let difference =
        between(&before, &with(r#""<p>手机！</p><img src=b.jpg><img src='c.jpg'><img src='d.jpg'>""#));
    let description = difference.description.unwrap();
    assert_eq!((description.images_added, description.images_removed), (2, 1));
    assert_eq!((description.before.characters, description.after.characters), (51, 59));
    let emptied = between(&before, &with("null")).description.unwrap();
    assert_eq!((emptied.after.type_name, emptied.after.characters, emptied.images_removed), ("null", 0, 2));
}

#[test]
fn other_fields_are_shown_by_path() {
    let difference = phone_with(&[
        ("\"nick\": \"qin多亲科技\",\n\t\t\t\"user", "\"nick\": \"新店\",\n\t\t\t\"user"),
        ("\"translate_engine\": \"google_cn\"", "\"translate_engine\": \"baidu\""),
        ("\"current_lang\": \"cn\"", "\"current_lang\": \"en\""),
        ("\"shop_item\": []", "\"shop_item\": [{\"id\": 1}]"),
    ]);
    assert_eq!(
        lines(&difference.fields),
        ["~seller_info.nick \"qin多亲科技\" > \"新店\" other", "+shop_item[0] absent > {1} other"]
    );
    assert_eq!(
        lines(&difference.envelope),
        ["~language.current_lang \"cn\" > \"en\" other", "~translate_engine \"google_cn\" > \"baidu\" other"]
    );
}

#[test]
fn an_answer_without_an_item_is_compared_by_outcome_and_envelope() {
    let refused = include_str!("../../responses/1688_error_2000.json");
    let difference = between(PHONE, refused);
    assert_eq!(difference.items, ItemPresence::OnlyBefore);
    assert!(difference.outcome_changed && difference.facts.is_empty() && difference.skus.is_empty());
    let message = lines(&difference.envelope);
    assert!(message.contains(&"~error_code \"0000\" > \"2000\" other".to_owned()), "{message:?}");
    assert!(message.contains(&"-item {53} > absent other".to_owned()), "{message:?}");
    let page = between("<html>busy</html>", PHONE);
    assert_eq!((page.items, page.bodies), (ItemPresence::OnlyAfter, Some((17, PHONE.len()))));
    assert!(between("", "").is_empty() && !between("<html>", "<html>x").is_empty());
}

#[test]
fn what_is_nested_as_deep_as_a_body_can_be_is_compared() {
    let deep = |kind: [&str; 2], leaf: &str| {
        item(&format!("\"x\":{}{leaf}{}", kind[0].repeat(500), kind[1].repeat(500)))
    };
    for kind in [["[", "]"], ["{\"a\":", "}"], ["{\"b\":0,\"a\":", "}"]] {
        let difference = between(&deep(kind, "1"), &deep(kind, "2"));
        assert_eq!(
            (difference.fields.len(), difference.fields[0].kind),
            (1, ChangeKind::Amount("1".parse().unwrap()))
        );
    }
}

#[test]
fn skus_that_all_moved_by_a_place_are_the_same_skus() {
    let list = |from: u32| {
        (from..from + 40).map(|id| format!(r#"{{"sku_id":{id},"price":{id}}}"#)).collect::<Vec<_>>()
    };
    assert_eq!(skus(&list(0).join(","), &list(1).join(",")), ["+ 40  40", "- 0  0"]);
}

#[test]
fn what_is_wrapped_in_another_way_is_the_same_item() {
    let plain = item(
        r#""price":"5","props":[{"name":"a","value":"b"}],"item_imgs":[{"url":"//x"}],"skus":{"sku":[{"sku_id":1,"price":"8"}]}"#,
    );
    let bare = item(
        r#""price":"6","props":{"prop":[{"name":"a","value":"b"}]},"item_imgs":{"item_img":[{"url":"//x"}]},"skus":[{"sku_id":1,"price":"9"}]"#,
    );
    let proxied = format!(r#"{{"success":true,"data":{bare}}}"#);
    let string = serde_json::to_string(&bare).unwrap();
    for after in [bare, proxied, string] {
        let difference = between(&plain, &after);
        assert_eq!(difference.items, ItemPresence::Both);
        assert_eq!(lines(&difference.facts).len(), 1, "the price alone");
        assert_eq!((difference.skus.len(), difference.props.len(), difference.images.len()), (1, 0, 0));
        assert_eq!(lines(&difference.envelope), Vec::<String>::new());
    }
}
