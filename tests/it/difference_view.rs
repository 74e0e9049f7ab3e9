//! The popup of what changed, at three sizes and in both languages; and what its keys do.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use obx::message::{Action, Effect};
use obx::pane::difference_view::{DifferenceView, HistoryPoint, When};
use obx::pane::{Popup, verdict};
use obx_core::i18n::{Language, Texts};
use onebound::{Call, Difference, Exchange, ItemId, item_id_of};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use rstest::rstest;

use crate::support::{START, exchange, model, parse_size, response, screen, styles};

const PHONE: &str = "1688_item_get_610947572360.json";

fn phone() -> String {
    String::from_utf8(response(PHONE).to_vec()).unwrap()
}

/// An answer with this body, so many hours after the first.
fn answer(body: &str, hours: i64) -> Exchange {
    let at = Timestamp::from_second(START).unwrap() + SignedDuration::from_hours(hours);
    exchange(Call::item_get(ItemId::find("610947572360").unwrap()), 200, body.to_owned().into(), at)
}

fn edited(replaced: &[(&str, &str)]) -> String {
    replaced.iter().fold(phone(), |body, (old, new)| {
        assert!(body.contains(old), "{old} is not in the body");
        body.replacen(old, new, 1)
    })
}

/// A price cut, a SKU less, another more, and some odds and ends.
fn few_changes() -> String {
    edited(&[
        ("\"price\": \"799.00\"", "\"price\": \"749.00\""),
        ("\"num\": \"1763\"", "\"num\": \"1752\""),
        ("\"min_num\": \"2\"", "\"min_num\": 2"),
        ("\"sales\": 30", "\"sales\": null"),
        ("智能手机学生机老人机备用机小爱同学4G", "智能手机学生机老人机备用机小爱同学5G"),
        ("<p><span>&nbsp;</span></p>", "<p><img src=\\\"https://cbu01.alicdn.com/n.jpg\\\"></p>"),
        (
            "\"price\": \"799.00\",\n\t\t\t\t\t\"total_price\": 0,\n\t\t\t\t\t\"sales\": \"55\"",
            "\"price\": \"749.00\",\n\t\t\t\t\t\"total_price\": 0,\n\t\t\t\t\t\"sales\": \"61\"",
        ),
        ("\"quantity\": \"932\"", "\"quantity\": \"921\""),
        (
            "0:0:机身内存:64GB;1:0:颜色:铁灰色\",\n\t\t\t\t\t\"quantity\": \"831\",\n\t\t\t\t\t\"sku_id\": \"4302217872901\"",
            "0:0:机身内存:64GB;1:0:颜色:香槟金\",\n\t\t\t\t\t\"quantity\": \"831\",\n\t\t\t\t\t\"sku_id\": \"4302217872999\"",
        ),
        ("\"value\": \"2100\"", "\"value\": \"2600\""),
        ("\"name\": \"手机版本\"", "\"name\": \"销售地区\""),
        ("/2020/445/748/13819847544_979836901.jpg", "/2021/445/748/23819847544_979836901.jpg"),
        ("\"location\": \"广东省 深圳市\"", "\"location\": \"广东省 东莞市\""),
        ("\"is_support_mix\": null", "\"is_support_mix\": \"\""),
        ("\"brandId\": \"\",\n", ""),
        ("\"translate_engine\": \"google_cn\"", "\"translate_engine\": \"baidu\""),
    ])
}

/// So many SKUs on two axes, with prices and stock as they were on that day.
fn many_skus(count: u32, day: u32) -> String {
    let sku = |at: u32| {
        format!(
            r#"{{"price":"{}.50","quantity":{},"sales":{},"properties_name":"0:{}:颜色:色号{:03};1:{}:尺码:{}","sku_id":"{}"}}"#,
            100 + at % 900 + (at % 3) * day,
            at * 7 % 5000 + day * 3,
            at % 50,
            at / 5,
            at / 5,
            at % 5,
            ["S", "M", "L", "XL", "XXL"][at as usize % 5],
            4_994_840_000_000_u64 + u64::from(at),
        )
    };
    let skus: Vec<String> = (day..count + day * 2).map(sku).collect();
    let body = phone();
    let (before, rest) = body.split_once("\"skus\": {").unwrap();
    let (_, after) = rest.split_once("]\n\t\t},").unwrap();
    format!("{before}\"skus\": {{\"sku\": [{}]}},{after}", skus.join(","))
}

fn history(prices: &[&str], stocks: &[&str]) -> Vec<HistoryPoint> {
    let day = |day: usize| {
        let hours = SignedDuration::from_hours(24 * i64::try_from(day).unwrap());
        Timestamp::from_second(START).unwrap() + hours
    };
    let points = prices.iter().zip(stocks).enumerate();
    points.map(|(at, (price, stock))| HistoryPoint::from_written(day(at), Some(price), Some(stock))).collect()
}

fn view(before: &str, after: &str, history: Vec<HistoryPoint>, language: Language) -> DifferenceView {
    let (before, after) = (answer(before, 0), answer(after, 41));
    let texts = Texts::new(language);
    let when = |clock: &str, exchange: &Exchange| When {
        item: item_id_of(exchange).unwrap(),
        clock: clock.to_owned(),
        verdict: verdict(&exchange.summary(), texts),
    };
    let sides = (when("11-23 15:24:17", &before), when("11-25 08:24:17", &after));
    let difference = Arc::new(Difference::between(&before, &after));
    DifferenceView::new(difference, sides.0, sides.1, history, texts)
}

fn act(view: &mut DifferenceView, action: Action) -> Vec<Effect> {
    view.act(action, &model(Language::En))
}

fn drawn(view: &mut DifferenceView, size: Size, language: Language) -> Buffer {
    view.layout(&model(language), size);
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    view.view(&model(language), view.area(size), &mut buffer);
    buffer
}

fn check(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn check_view(name: &str, view: &mut DifferenceView, size: &str, language: Language) {
    let code = if language == Language::Zh { "zh" } else { "en" };
    check(&format!("difference_{name}_{size}_{code}"), &screen(&drawn(view, parse_size(size), language)));
}

#[rstest]
fn few_changes_and_the_course_of_price_and_stock(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let kept = history(
        &["799.00", "799.00", "819.00", "", "799.00", "729.00", "749.00"],
        &["1900", "1880", "1850", "1790", "1820", "1763", "1752"],
    );
    let mut view = view(&phone(), &few_changes(), kept, language);
    check_view("few", &mut view, size, language);
    act(&mut view, Action::Bottom);
    if size == "120x36" {
        check_view("few_end", &mut view, size, language);
    }
}

#[rstest]
fn many_skus_changed(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "120x36";
    let mut view = view(&many_skus(300, 0), &many_skus(300, 2), Vec::new(), language);
    drawn(&mut view, parse_size(size), language);
    (0..3).for_each(|_| drop(act(&mut view, Action::PageDown)));
    check_view("skus", &mut view, size, language);
    act(&mut view, Action::Bottom);
    (0..5).for_each(|_| drop(act(&mut view, Action::Up)));
    check_view("skus_end", &mut view, size, language);
}

#[rstest]
fn nothing_changed(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "120x36";
    let flat = history(&["799.00", "799.00", "799.00"], &["1763", "1763", "1763"]);
    let mut view = view(&phone(), &phone(), flat, language);
    check_view("none", &mut view, size, language);
}

/// The phone as another item, of another price.
fn other_item() -> String {
    edited(&[
        ("\"num_iid\": \"610947572360\"", "\"num_iid\": \"610947590300\""),
        ("\"price\": \"799.00\"", "\"price\": \"7459.00\""),
    ])
}

#[rstest]
fn two_items_are_said_to_be_two_and_neither_became_the_other(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let kept = history(&["799.00", "7459.00"], &["1763", "1763"]);
    let mut view = view(&phone(), &other_item(), kept, language);
    if size == "120x36" {
        check_view("two_items", &mut view, size, language);
    }
    let shown = screen(&drawn(&mut view, parse_size(size), language));
    assert!(shown.contains(Texts::new(language).difference_two_items()), "{shown}");
    assert!(shown.contains("610947572360") && shown.contains("610947590300"), "{shown}");
    assert!(!shown.contains('%') && !shown.contains(Texts::new(language).history_heading()), "{shown}");
}

#[rstest]
fn one_side_without_an_item(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "120x36";
    let refused = String::from_utf8(response("1688_error_2000.json").to_vec()).unwrap();
    let mut view = view(&phone(), &refused, Vec::new(), language);
    check_view("no_item", &mut view, size, language);
}

#[test]
fn a_body_that_is_no_answer_is_shown_by_its_size() {
    let mut view = view("<html><title>405 访问被阻断</title>", &phone(), Vec::new(), Language::En);
    check_view("html", &mut view, "80x24", Language::En);
}

#[test]
fn marks_and_cursor_are_shown_by_style_and_by_sign() {
    let mut view = view(&phone(), &few_changes(), Vec::new(), Language::Zh);
    check("difference_styles_80x24", &styles(&drawn(&mut view, parse_size("80x24"), Language::Zh)));
}

#[test]
fn text_that_a_terminal_would_obey_is_shown_harmless() {
    let hostile = edited(&[
        ("智能手机", "a\\u001b[2Jb\\u202ec"),
        ("\"name\": \"品牌\"", "\"name\": \"\\u001b]0;x\\u0007\\n品\""),
    ]);
    let mut view = view(&phone(), &hostile, Vec::new(), Language::En);
    let buffer = drawn(&mut view, parse_size("120x36"), Language::En);
    assert!(buffer.content.iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
    for _ in 0..40 {
        act(&mut view, Action::Down);
        if let Some(Effect::Copy { text, .. }) = act(&mut view, Action::Copy).pop() {
            assert!(!text.as_str().chars().any(char::is_control), "{text:?}");
        }
    }
}

#[rstest]
#[case(0, "Before 610947572360 11-23 15:24:17 0000 success")]
#[case(1, "After 610947572360 11-25 08:24:17 0000 success")]
#[case(2, "Item 8 changed")]
#[case(3, "~ Price 799.00 → 749.00 -50.00 -6.3%")]
#[case(4, "~ Minimum 2 → 2 type: string → number")]
#[case(5, "~ Mixed null → \"\" type: null → string")]
#[case(6, "~ Stock 1763 → 1752 -11")]
#[case(7, "~ Sales 30 → null")]
#[case(8, "~ Location 广东省 深圳市 → 广东省 东莞市")]
#[case(
    9,
    "~ Title 厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G → 厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学5G"
)]
#[case(13, "~ 64GB / 瓷白色 4309097072612 Price 799.00 → 749.00 -50.00 -6.3%")]
#[case(14, "~ 64GB / 瓷白色 4309097072612 Stock 932 → 921 -11")]
fn a_line_is_copied_in_full(#[case] steps: usize, #[case] expected: &str) {
    let mut view = view(&phone(), &few_changes(), Vec::new(), Language::En);
    view.layout(&model(Language::En), parse_size("60x16"));
    (0..steps).for_each(|_| drop(act(&mut view, Action::Down)));
    let Some(Effect::Copy { text, .. }) = act(&mut view, Action::Copy).pop() else {
        panic!("nothing is copied")
    };
    assert_eq!(text.as_str(), expected);
}

#[rstest]
#[case(Language::En, ["- Tier ≥50    14.50", "~ Tier ≥200   13.90 →  13.50   -0.40   -2.9%", "+ Tier ≥1000  12.80"])]
#[case(Language::Zh, ["- 阶梯价 ≥50    14.50", "~ 阶梯价 ≥200   13.90 →  13.50   -0.40   -2.9%", "+ 阶梯价 ≥1000  12.80"])]
fn tiers_are_shown_by_their_quantity(#[case] language: Language, #[case] expected: [&str; 3]) {
    let with =
        |tiers: &str| edited(&[("\"unit\": \"部\",", &format!("\"unit\": \"部\",\"priceRange\":{tiers},"))]);
    let before = with(r#"[[2,"15.80"],[50,"14.50"],[200,"13.90"]]"#);
    let after = with(r#"[[2,"15.80"],[200,"13.50"],[1000,"12.80"]]"#);
    let mut view = view(&before, &after, Vec::new(), language);
    let screen = screen(&drawn(&mut view, parse_size("120x36"), language));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in expected {
        assert!(words(&screen).contains(&words(line)), "{line} is not on\n{screen}");
    }
}

#[rstest]
#[case(
    Language::En,
    ["Sales 30 → 31", "Total sold 1 → 12", "Freight \"\" → 8.00", "Location", "Brand \"\" → 小米",
     "Mixed amount null → 200", "+ main", "- main"]
)]
#[case(
    Language::Zh,
    ["销量 30 → 31", "累计销量 1 → 12", "运费 \"\" → 8.00", "发货地", "品牌 \"\" → 小米", "混批金额 null → 200",
     "+ 主图", "- 主图"]
)]
fn what_a_buyer_reads_has_the_names_of_the_trade(#[case] language: Language, #[case] expected: [&str; 8]) {
    let after = edited(&[
        ("\"sales\": 30", "\"sales\": 31"),
        ("\"total_sold\": \"1\"", "\"total_sold\": \"12\""),
        ("\"post_fee\": \"\"", "\"post_fee\": \"8.00\""),
        ("\"brand\": \"\"", "\"brand\": \"小米\""),
        ("\"location\": \"广东省 深圳市\"", "\"location\": \"广东省 东莞市\""),
        ("\"mix_amount\": null", "\"mix_amount\": \"200\""),
        ("/2020/445/748/13819847544_979836901.jpg", "/2021/445/748/23819847544_979836901.jpg"),
    ]);
    let mut view = view(&phone(), &after, Vec::new(), language);
    let screen = screen(&drawn(&mut view, parse_size("120x36"), language));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in expected {
        assert!(words(&screen).contains(line), "{line} is not on\n{screen}");
    }
    for name in ["total_sold", "post_fee", "location", "brand", "desc_img", "item_imgs"] {
        assert!(!screen.contains(name), "{name} is on\n{screen}");
    }
}

#[test]
fn the_cursor_passes_blank_lines_in_both_directions() {
    let mut view = view(&phone(), &few_changes(), Vec::new(), Language::En);
    view.layout(&model(Language::En), parse_size("60x16"));
    let mut down = Vec::new();
    for _ in 0..60 {
        down.extend(act(&mut view, Action::Copy));
        act(&mut view, Action::Down);
    }
    assert!(down.len() == 60, "every stop has a line");
    for action in [Action::PageUp, Action::HalfPageUp, Action::PageDown, Action::Up, Action::Top] {
        act(&mut view, action);
        assert!(!act(&mut view, Action::Copy).is_empty(), "{action:?}");
    }
}

#[test]
fn any_size_is_drawn_within_its_frame() {
    let mut view = view(&phone(), &few_changes(), history(&["1", "2"], &["3", "3"]), Language::Zh);
    for width in 1..=140 {
        for height in [1, 2, 3, 5, 16, 50] {
            let drawn = drawn(&mut view, Size { width, height }, Language::Zh);
            let outside = |x: u16| (0..height).all(|y| drawn[(x, y)].symbol() == " ");
            assert!(width < 5 || (outside(0) && outside(width - 1)), "{width}x{height}");
            act(&mut view, if width < 70 { Action::Down } else { Action::HalfPageUp });
        }
    }
}

#[test]
fn a_price_in_words_is_counted_beside_the_course_and_one_with_signs_is_read() {
    let prices = ["￥1,299.00", "面议", "1199", "13.00-15.00"];
    let mut view = view(&phone(), &few_changes(), history(&prices, &["3"; 4]), Language::En);
    let screen = screen(&drawn(&mut view, parse_size("120x36"), Language::En));
    assert!(screen.contains("1299.00 → 1199  low 1199  high 1299.00  2 without"), "{screen}");
}

#[test]
fn the_history_is_of_answers_that_hold_an_item() {
    let point = HistoryPoint::from_exchange(&answer(&phone(), 0)).unwrap();
    let reported = (point.price.map(|price| price.to_string()), point.stock.map(|stock| stock.to_string()));
    assert_eq!(reported, (Some("799.00".to_owned()), Some("1763".to_owned())));
    assert_eq!(HistoryPoint::from_exchange(&answer("{\"error_code\":\"2000\"}", 0)), None);
}

#[test]
fn changes_have_signs_that_need_no_colour() {
    let mut view = view(&phone(), &few_changes(), Vec::new(), Language::En);
    let text = screen(&drawn(&mut view, Size { width: 120, height: 100 }, Language::En));
    for sign in ["  ~ Price", "  + ", "  - "] {
        assert!(text.contains(sign), "{sign:?}\n{text}");
    }
}
