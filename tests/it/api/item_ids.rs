//! The ID in whatever a person has at hand.

use onebound::{IdSource, ItemId, ItemIdError};
use rstest::rstest;

use super::support::ITEM;

#[rstest]
#[case("610947572360")]
#[case("  610947572360\r\n")]
#[case("６１０９４７５７２３６０")]
#[case("https://detail.1688.com/offer/610947572360.html")]
#[case("http://detail.1688.com/offer/610947572360.html?spm=a2615.7691456.autotrace-0.0&sk=1")]
#[case("HTTPS://DETAIL.1688.COM/OFFER/610947572360.HTML")]
#[case("https://m.1688.com/offer/610947572360.html")]
#[case("detail.1688.com/offer/610947572360.html")]
#[case("https://detail.m.1688.com/page/index.html?offerId=610947572360&spm=x")]
#[case("https://detail.m.1688.com/page/index.html?spm=999999999999&offerId=610947572360")]
#[case("https：／／detail．1688．com／offer／６１０９４７５７２３６０．html")]
#[case(
    "【1688】小米有品Qin2 Pro智能手机 价格799 https://detail.1688.com/offer/610947572360.html 点击链接查看"
)]
#[case("first line 12345\nhttps://detail.1688.com/offer/610947572360.html\nlast line 67890")]
#[case("https%3A%2F%2Fdetail.1688.com%2Foffer%2F610947572360.html")]
#[case("https://x.invalid/?to=https%3A%2F%2Fdetail.m.1688.com%2Fpage%2Findex.html%3FofferId%3D610947572360")]
#[case(
    "https://api-gw.onebound.cn/1688/item_get/?key=t123456789&secret=987654321&num_iid=610947572360&cache=no"
)]
#[case("/1688/item_get/?num_iid=610947572360&key=t123456789")]
fn the_id_is_found_and_nothing_else_is_taken_along(#[case] text: &str) {
    assert_eq!(ItemId::find(text).unwrap().as_str(), ITEM);
    assert_eq!(text.parse::<ItemId>().unwrap().to_string(), ITEM);
}

#[rstest]
#[case("", ItemIdError::Empty)]
#[case(" \t\n\u{3000}", ItemIdError::Empty)]
#[case("123456789012345678901", ItemIdError::TooLong)]
#[case("https://detail.1688.com/offer/123456789012345678901.html", ItemIdError::TooLong)]
#[case("https://qr.1688.com/s/AbCd1234", ItemIdError::ShortLink)]
#[case("￥复制口令￥ https://qr.1688.com/s/AbCd1234 打开手机阿里", ItemIdError::ShortLink)]
#[case("0947572360", ItemIdError::LeadingZero)]
#[case("0", ItemIdError::LeadingZero)]
#[case("https://detail.1688.com/offer/0947572360.html", ItemIdError::LeadingZero)]
#[case("小米手机", ItemIdError::NotFound)]
#[case("6109 4757 2360", ItemIdError::NotFound)]
#[case("610947572360abc", ItemIdError::NotFound)]
#[case("-610947572360", ItemIdError::NotFound)]
#[case("https://item.taobao.com/item.htm?id=600448952765", ItemIdError::TaobaoAddress)]
#[case("https://detail.tmall.com/item.htm?spm=a1z10.1&id=600448952765&skuId=1", ItemIdError::TaobaoAddress)]
#[case("https://detail.1688.com/offer/2.html https://m.1688.com/offer/1.html", ItemIdError::Several(2))]
#[case("610947572361\n610947572362, 610947572361;", ItemIdError::Several(2))]
#[case("看 610947572361 和 610947572362", ItemIdError::Several(2))]
#[case("【淘宝】https://m.tb.cn/h.5abc 点击链接直接打开", ItemIdError::ShortLink)]
#[case("https://s.click.taobao.com/AbCd", ItemIdError::ShortLink)]
#[case("￥AbC123dEf￥ 打开手机淘宝", ItemIdError::ShareCode)]
#[case("8￥ CZ0001 $aBcDe12345$:// 复制这条信息", ItemIdError::ShareCode)]
#[case("淘口令：长按复制", ItemIdError::ShareCode)]
#[case("6.10947E+11", ItemIdError::LostDigits)]
#[case("6.10947572360123E+15", ItemIdError::LostDigits)]
#[case("￥799.00", ItemIdError::NotFound)]
#[case("https://detail.1688.com/offer/.html", ItemIdError::NotFound)]
#[case("٦١٠٩٤٧٥٧٢٣٦٠", ItemIdError::NotFound)]
fn what_holds_no_id_says_what_is_wrong_with_it(#[case] text: &str, #[case] expected: ItemIdError) {
    assert_eq!(ItemId::find(text).unwrap_err(), expected);
}

#[test]
fn an_id_has_up_to_twenty_digits_and_keeps_its_zeros() {
    for digits in ["1", "100", "12345678901234567890"] {
        assert_eq!(ItemId::find(digits).unwrap().as_str(), digits);
    }
}

#[rstest]
#[case("商品ID：610947572360，起订量2件", IdSource::Label)]
#[case("电话 13800138000 商品id: 610947572360 单号 778899001122", IdSource::Label)]
#[case(r#"  "num_iid": "610947572360","#, IdSource::Label)]
#[case(r#"{"seller_id":"2206619673102","num_iid":610947572360}"#, IdSource::Label)]
#[case("offerId：６１０９４７５７２３６０", IdSource::Label)]
#[case("ID：610947572360", IdSource::Label)]
#[case("id：610947572360", IdSource::Label)]
#[case("ID:610947572360", IdSource::Label)]
#[case("ID 610947572360", IdSource::Label)]
#[case("ID610947572360", IdSource::Label)]
#[case("链接ID610947572360", IdSource::Label)]
#[case("纯棉T恤\nID: 610947572360\n电话 13800138000", IdSource::Label)]
#[case("订单 778899001122 看下这个 610947572360", IdSource::OnlyNumber)]
#[case("看下这个 610947572360", IdSource::OnlyNumber)]
#[case("看下这个610947572360起订多少", IdSource::OnlyNumber)]
#[case("（610947572360）", IdSource::OnlyNumber)]
#[case("610947572360。", IdSource::OnlyNumber)]
#[case("610947572360.", IdSource::OnlyNumber)]
#[case("610947572360,610947572360", IdSource::OnlyNumber)]
#[case("型号 A1\n看这个 ６１０９４７５７２３６０，不错 电话13800138000", IdSource::OnlyNumber)]
#[case("https://detail.1688.com/offer/610947572360.html 610947572362", IdSource::Address)]
fn an_id_is_found_as_colleagues_send_it(#[case] text: &str, #[case] source: IdSource) {
    let found = ItemId::find_on("1688", text).unwrap();
    assert_eq!((found.id.as_str(), found.source), (ITEM, source));
}

#[rstest]
#[case("call 13800138000 at 202611241530")]
#[case("+86 13800138000 / 8613800138000 / 138-0013-8000 / 138 0013 8000 / 400-800-1234 / 4008001234")]
#[case("0571-610947572360 SN610947572360 610947572360abc 6109475.72360 610947572360123456")]
#[case("id=610947572360")]
#[case(r#""sku_id": "4309097072612", "seller_id": 2206619673102"#)]
#[case("SKU ID: 4309097072612")]
#[case("快递单号 778899001122")]
#[case("订单 778899001122")]
#[case("订单ID：778899001122")]
#[case("订单编号：778899001122")]
#[case("运单：778899001122")]
#[case("快递 778899001122")]
#[case("店铺ID：778899001122")]
#[case("微信：123456789")]
#[case("key: 123456789012 secret: 987654321012")]
fn no_telephone_date_or_other_number_is_taken_for_an_id(#[case] text: &str) {
    assert_eq!(ItemId::find(text).unwrap_err(), ItemIdError::NotFound);
}

#[rstest]
#[case("https://item.taobao.com/item.htm?spm=a230r.1&id=600448952765&ns=1")]
#[case("https://detail.tmall.com/item.htm?id=600448952765")]
#[case("https://h5.m.taobao.com/awp/core/detail.htm?id=600448952765 手机看")]
#[case("https://a.m.taobao.com/i600448952765.htm")]
#[case("宝贝ID 600448952765")]
fn addresses_of_taobao_and_tmall_are_read_on_their_platform(#[case] text: &str) {
    assert_eq!(ItemId::find_on("taobao", text).unwrap().id.as_str(), "600448952765");
}

#[test]
fn an_offer_on_1688_is_none_of_another_platform() {
    let found = ItemId::find_on("taobao", "https://detail.1688.com/offer/610947572360.html");
    assert_eq!(found.unwrap_err(), ItemIdError::OfferAddress);
    assert!(ItemId::find_on("1688global", "https://detail.1688.com/offer/610947572360.html").is_ok());
}

#[test]
fn no_error_repeats_a_pasted_key() {
    let error = ItemId::find("https://api-gw.onebound.cn/1688/?key=planted&secret=planted").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("planted"));
}

#[test]
fn a_pasted_page_is_searched_from_its_beginning_only_so_far() {
    let url = "https://detail.1688.com/offer/610947572360.html";
    assert!(ItemId::find(&format!("{}{url}", "页".repeat(20_000))).is_ok());
    assert_eq!(ItemId::find(&format!("{}{url}", "页".repeat(30_000))).unwrap_err(), ItemIdError::NotFound);
}

#[test]
fn full_width_characters_and_the_ideographic_space_have_one_ascii_twin_each() {
    let folded: String =
        "ＩＤ：\u{3000}６１０９４７５７２３６０￥，。".chars().map(onebound::half_width).collect();
    assert_eq!(folded, "ID: 610947572360￥,。");
}
