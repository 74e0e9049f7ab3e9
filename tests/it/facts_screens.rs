//! The facts and the description, looked at: both popups at three sizes and in both languages; what their keys do,
//! and what hostile HTML comes to.

use std::fmt::Write;

use bytes::Bytes;
use obx::message::Event;
use obx_core::config::{KeySetting, NameAt};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use onebound::{DescriptionLine, DescriptionText, Field};
use rstest::rstest;

use crate::screens::{check, code, with_body, with_item};
use crate::support::{Driver, effect_name, item_with, response, styles};

const MACHINE: &str = "taobao_item_get_600448952765.json";
const PHONE: &str = "1688_item_get_610947572360.json";

/// The facts have no key of their own.
pub(crate) fn open_facts(driver: &mut Driver) {
    driver.keys("3 :");
    driver.type_text("facts");
    driver.keys("<enter>");
}

fn in_trouble(size: &str, language: Language) -> Driver {
    let body = r#"{"error_code":"0000","cache":1,"secache_date":"2026-11-22 21:20:00",
        "server_time":"Beijing/2026-11-23 15:24:10","api_info":"today:97 max:100","newly":1,
        "item":{"num_iid":"8","title":"杯","price":{"a":1},"price":[],"desc":"","skus":{"sku":[
        {"price":"2.00","quantity":0,"sku_id":"4"},{"price":"2.00","quantity":"0","sku_id":"4"},{"quantity":0}]}}}"#;
    with_body(size, language, "9", 200, body.into())
}

fn with_desc(size: &str, desc: &str) -> Driver {
    let desc =
        desc.replace('\\', "\\\\").replace('"', "\\\"").replace('\u{1b}', "\\u001b").replace('\n', "\\n");
    let body = format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"杯","price":"1","desc":"{desc}"}}}}"#
    );
    with_body(size, Language::En, "9", 200, body.into())
}

/// Every line of a description, images by number.
fn read(html: &str) -> String {
    let mut reported = String::new();
    for line in DescriptionText::parse(&Field::Text(html.into())).lines {
        let _infallible = match line {
            DescriptionLine::Text(text) => writeln!(reported, "{text}"),
            DescriptionLine::Image { number, url, alt } => writeln!(reported, "[{number}] {alt} {url}"),
            DescriptionLine::Pixel(url) => writeln!(reported, "pixel {url}"),
        };
    }
    reported
}

#[rstest]
#[case(&["O"], "oddities, O lists them")]
#[case(&["f5"], "oddities, F5 lists them")]
#[case(&[], "oddities, :facts lists them")]
fn the_count_of_facts_names_the_key_that_lists_them(#[case] keys: &[&str], #[case] expected: &str) {
    let at_line_1 = |name: &str| NameAt { name: name.to_owned(), line: 1 };
    let keys = keys.iter().copied().map(at_line_1).collect();
    let setting = KeySetting { scope: None, action: at_line_1("facts"), keys };
    let mut driver = Driver::with_keys(&[setting], "120x36", Language::En);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response(PHONE), Source::Live);
    assert!(driver.screen().contains(expected), "{}", driver.screen());
}

#[rstest]
fn the_facts(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_item(size, language, MACHINE);
    open_facts(&mut driver);
    check(&format!("facts_{size}_{}", code(language)), &driver.screen());
}

#[rstest]
fn the_facts_of_an_answer_with_much_wrong(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = in_trouble("120x36", language);
    driver.keys("2");
    check(&format!("facts_in_item_120x36_{}", code(language)), &driver.screen());
    open_facts(&mut driver);
    check(&format!("facts_wrong_120x36_{}", code(language)), &driver.focused());
    if language == Language::En {
        check("styles_facts_wrong_120x36", &styles(&driver.buffer()));
    }
}

#[test]
fn the_card_tells_the_facts_under_the_outcome() {
    let mut driver = with_item("120x36", Language::Zh, MACHINE);
    driver.keys("3 !");
    check("card_facts_120x36_zh", &driver.focused());
}

#[test]
fn a_fact_is_copied_with_what_it_means_and_where_it_is() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    open_facts(&mut driver);
    let copied: Vec<String> = driver.keys("j y").iter().map(effect_name).collect();
    let expected = "copy The price is a string: \"799.00\"\nConvert it before calculating; other items send a number.\n$.item.price";
    assert_eq!(copied, [expected]);
    assert!(driver.keys("G y").iter().any(|effect| effect_name(effect).contains("$.server_time")));
}

#[test]
fn without_an_answer_there_are_no_facts_and_no_description() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc>");
    open_facts(&mut driver);
    assert!(driver.screen().contains("No answer shown yet."), "{}", driver.screen());
    driver.keys("<esc> D");
    assert!(driver.screen().contains("No item here, so no description to read."), "{}", driver.screen());
}

#[rstest]
fn the_description(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_item(size, language, PHONE);
    driver.keys("3 D");
    check(&format!("description_{size}_{}", code(language)), &driver.screen());
}

#[test]
fn the_tracking_pixel_is_named_at_the_end_of_a_description() {
    let mut driver = with_item("80x24", Language::Zh, MACHINE);
    driver.keys("3 D G");
    check("description_pixel_80x24_zh", &driver.focused());
}

#[test]
fn y_copies_a_line_in_full_and_of_an_image_its_address() {
    let desc = format!("<p>{}</p><img src='https://x.example/1.jpg'>", "长".repeat(200));
    let mut driver = with_desc("80x24", &desc);
    let copied: Vec<String> = driver.keys("3 D j y").iter().map(effect_name).collect();
    assert_eq!(copied, [format!("copy {}", "长".repeat(200))]);
    let copied: Vec<String> = driver.keys("G y").iter().map(effect_name).collect();
    assert_eq!(copied, ["copy https://x.example/1.jpg"]);
}

#[test]
fn only_the_images_of_a_description_are_dim() {
    let desc = "<p>first words</p><p>words to read</p><img src='https://x.example/1.jpg'>";
    let mut driver = with_desc("80x24", desc);
    driver.keys("3 D");
    let (screen, styles) = (driver.screen(), styles(&driver.buffer()));
    let style_of = |text: &str| {
        let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        let column = unicode_width::UnicodeWidthStr::width(line.split(text).next().unwrap());
        styles.lines().nth(row).unwrap().chars().nth(column).unwrap()
    };
    assert_eq!((style_of("words to read"), style_of("[1]")), ('.', 'd'), "{screen}\n{styles}");
}

#[test]
fn a_description_keeps_the_line_under_the_cursor_when_the_screen_changes() {
    let desc = format!("<p>{}</p><p>目标</p><p>{}</p>", "前".repeat(300), "后".repeat(300));
    let mut driver = with_desc("120x36", &desc);
    driver.keys("3 D");
    while !driver.screen().contains("▸ 目标") {
        driver.keys("j");
    }
    driver.resize("60x16");
    assert!(driver.screen().contains("▸ 目标"), "{}", driver.screen());
}

#[test]
fn html_is_read_line_by_line() {
    let html = "<style>p{color:red}</style><script>if (a<b) alert('<p>x')</script><h2>参数</h2>\
        <table><tr><th>颜色</th><th>尺码</th></tr><tr><td><p>红</p><p>色</p><td>XL &amp; L<tr><td><img src=\"//x/1.jpg\"></td>\
        <td>见图</td></tr></table><ul><li>一<li> 二  <b>粗</b>\n体</ul>a<br><br>b<p>&nbsp;</p><p> </p>\
        <img alt=模特 src=https://x/2.jpg><img src=''><img src='https://www.o0b.cn/i.php?t.png&amp;rid=1'>c < d &lt;e&gt;";
    check("description_lines", &read(html));
}

#[test]
fn hostile_html_gives_harmless_text_in_bounded_lines() {
    let driver = |desc: &str| {
        let mut driver = with_desc("80x24", desc);
        driver.keys("3 D");
        driver.screen()
    };
    let shown = driver("a\u{1b}[2Jb&#27;]52;c;aGk=&#7;c&#x202e;d<img src='x\u{1b}[31m.jpg'>");
    assert!(shown.contains("abcd") && !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown}");
    let nested = format!("{}深{}", "<table><tr><td><div><ul><li>".repeat(20_000), "</div>".repeat(20_000));
    assert!(read(&format!("浅{nested}")).contains('浅'));
    let cut = DescriptionText::parse(&Field::Text("字".repeat(200_000).into()));
    assert!(cut.cut && cut.lines.len() == 1);
}

proptest::proptest! {
    #[test]
    fn any_html_is_read(html in "(<[a-z/ ='\"!-]{0,8}>?|[a-z&#;0-9 \u{4e00}-\u{4e10}]|<(table|tr|td|img src=a|li|p|/p|script|/script)>){0,60}") {
        let read = DescriptionText::parse(&Field::Text(html.as_str().into()));
        proptest::prop_assert!(!read.cut);
        let images = read.lines.iter().filter(|line| matches!(line, DescriptionLine::Image { .. })).count();
        proptest::prop_assert_eq!(images, read.images);
    }
}

#[test]
fn a_large_answer_is_on_the_screen_before_it_is_looked_over_and_then_all_of_its_facts_are_reported() {
    let padding = "x".repeat(1 << 20);
    let body = format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"杯","price":1,"never_seen":"{padding}"}}}}"#
    );
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.type_text("9");
    driver.keys("<enter>");
    driver.answer(200, Bytes::from(body), Source::Live);
    assert!(driver.screen().contains("杯"));
    let effects = driver.update(Event::Wake);
    assert!(effects.is_empty(), "it is asked for once: {effects:?}");
    open_facts(&mut driver);
    assert!(!driver.screen().contains("never_seen"));
    driver.wait(0.1);
    assert!(driver.screen().contains("never_seen"), "{}", driver.screen());
}

#[test]
fn of_a_large_answer_the_columns_and_prices_that_only_later_skus_have_come_with_the_look_over() {
    let last = r#"{"price":"7.00","properties_name":"0:0:颜色:红;2:1:套餐:两件","sku_id":"1"}"#;
    let body =
        String::from_utf8(item_with(20_000).to_vec()).unwrap().replace("]}}}", &format!(",{last}]}}}}}}"));
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.type_text("9");
    driver.keys("<enter>");
    driver.answer(200, Bytes::from(body), Source::Live);
    let first = driver.screen();
    assert!(first.contains("尺码") && !first.contains("套餐") && !first.contains("SKUs 7.00"), "{first}");
    driver.wait(0.1);
    let then = driver.screen();
    assert!(then.contains("套餐") && then.contains("SKUs 7.00"), "{then}");
}
