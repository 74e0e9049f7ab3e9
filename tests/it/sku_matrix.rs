//! `P`: the SKU matrix, looked at in both languages, and what its keys do.

use std::fmt::Write;

use obx::message::Effect;
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use rstest::rstest;

use crate::screens::{check, code, with_body};
use crate::support::{Driver, effect_name, item_with, styles};

/// A SKU: its choices, then `price`, `quantity` and `sales` as JSON.
type Written<'a> = (&'a [&'a str], &'a str);

/// An item with these axes and SKUs.
fn with_skus(size: &str, language: Language, axes: &[&str], skus: &[Written<'_>]) -> Driver {
    let mut listed = Vec::new();
    for (at, (choices, fields)) in skus.iter().enumerate() {
        let mut properties = Vec::new();
        for (axis, (name, value)) in
            axes.iter().zip(*choices).enumerate().filter(|(_, (_, value))| !value.is_empty())
        {
            properties.push(format!("{axis}:{axis}:{name}:{value}"));
        }
        listed.push(format!(
            r#"{{"sku_id":"{}",{fields},"properties_name":"{}"}}"#,
            500 + at,
            properties.join(";")
        ));
    }
    let body = format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"杯","price":"1","skus":{{"sku":[{}]}}}}}}"#,
        listed.join(",")
    );
    with_body(size, language, "9", 200, body.into())
}

const SHIRTS: [Written<'static>; 7] = [
    (&["红", "S"], r#""price":"15.80","quantity":932,"sales":"55""#),
    (&["红", "M"], r#""price":"18.00","quantity":0,"sales":null"#),
    (&["红", "XL"], r#""price":"25.00","quantity":7000,"sales":"-1""#),
    (&["瓷白色", "S"], r#""price":"15.80","quantity":"12","sales":1"#),
    (&["瓷白色", "XL"], r#""price":"面议","quantity":5,"sales":2"#),
    (&["瓷白色", "XL"], r#""price":"21.5","quantity":6,"sales":3"#),
    (&["黑", "M"], r#""quantity":3,"sales":0"#),
];

fn shirts(size: &str, language: Language) -> Driver {
    let mut driver = with_skus(size, language, &["颜色", "尺码"], &SHIRTS);
    driver.keys("3 P");
    driver
}

/// An item with so many colours and sizes, each combination once.
fn large(size: &str, colours: usize, sizes: usize) -> Driver {
    let names: Vec<[String; 2]> = (0..colours * sizes)
        .map(|at| {
            [
                format!("{}号一种名字很长的颜色", char::from(b'a' + u8::try_from(at / sizes).unwrap())),
                format!("{}", 30 + at % sizes),
            ]
        })
        .collect();
    let choices: Vec<[&str; 2]> = names.iter().map(|[one, other]| [one.as_str(), other.as_str()]).collect();
    let fields: Vec<String> = (0..names.len())
        .map(|at| format!(r#""price":"{}.50","quantity":{},"sales":1"#, 10 + at % 40, at * 37))
        .collect();
    let skus: Vec<Written<'_>> =
        choices.iter().zip(&fields).map(|(choices, fields)| (choices.as_slice(), fields.as_str())).collect();
    let mut driver = with_skus(size, Language::En, &["颜色", "尺码"], &skus);
    driver.keys("3 P");
    driver
}

fn names(effects: &[Effect]) -> Vec<String> {
    effects.iter().map(effect_name).collect()
}

#[rstest]
fn two_axes_are_a_grid_with_totals(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = shirts(size, language);
    let mut seen = driver.focused();
    for _ in 0..2 {
        driver.keys("t");
        let _infallible = writeln!(seen, "{}", driver.focused());
    }
    check(&format!("sku_matrix_{size}_{}", code(language)), &seen);
}

#[test]
fn marks_say_without_colour_what_is_lowest_highest_and_missing() {
    let driver = shirts("80x24", Language::En);
    check("styles_sku_matrix_80x24", &styles(&driver.buffer()));
}

#[rstest]
fn many_skus_scroll_under_headings_and_beside_them(#[values("60x16", "200x50")] size: &str) {
    let mut driver = large(size, 20, 15);
    driver.keys("G l l l l l l l l l l l l l l");
    check(&format!("sku_matrix_large_{size}"), &driver.screen());
}

#[test]
fn no_amount_is_cut_at_any_size() {
    for size in ["60x16", "80x24", "120x36", "200x50"] {
        let mut driver = large(size, 20, 15);
        for keys in ["t", "l l l l", "G", "a", "l l l l l l l", "t", "t"] {
            driver.keys(keys);
            let shown: Vec<char> = driver.focused().chars().collect();
            let is_cut = shown.windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] == '…');
            assert!(!is_cut, "{}", driver.focused());
        }
    }
}

#[test]
fn one_axis_is_a_list_of_all_that_its_skus_have() {
    let skus: Vec<Written<'_>> = vec![
        (&["64GB"], r#""price":"799.00","quantity":932,"sales":55"#),
        (&["128GB"], r#""price":"899.00","quantity":831,"sales":159"#),
        (&["256GB"], r#""price":"1,099.00","quantity":7,"sales":3"#),
    ];
    let mut driver = with_skus("80x24", Language::Zh, &["内存"], &skus);
    driver.keys("3 P");
    check("sku_matrix_list_80x24_zh", &driver.focused());
}

#[test]
fn of_three_axes_two_are_laid_out_and_the_third_is_stepped_through() {
    let skus: Vec<Written<'_>> = vec![
        (&["红", "S", "单件"], r#""price":"1","quantity":1,"sales":1"#),
        (&["红", "M", "单件"], r#""price":"2","quantity":1,"sales":1"#),
        (&["白", "L", "单件"], r#""price":"3","quantity":1,"sales":1"#),
        (&["白", "S", "套装"], r#""price":"4","quantity":1,"sales":1"#),
    ];
    let mut driver = with_skus("80x24", Language::En, &["颜色", "尺码", "套餐"], &skus);
    driver.keys("3 P");
    let title = |driver: &Driver| driver.focused().lines().next().unwrap_or_default().to_owned();
    assert!(title(&driver).contains("套餐 = 单件  (1/2)"), "{}", driver.screen());
    assert!(driver.focused().contains("尺码 \\ 颜色"), "{}", driver.screen());
    driver.keys(">");
    assert!(title(&driver).contains("套餐 = 套装  (2/2)") && driver.focused().contains('4'));
    driver.keys(">");
    assert!(title(&driver).contains("单件"));
    driver.keys("a");
    assert!(driver.focused().contains("颜色 \\ 尺码"), "{}", driver.screen());
    driver.keys("a");
    assert!(
        driver.focused().contains("尺码 \\ 套餐") && title(&driver).contains("颜色 = 红  (1/2)"),
        "{}",
        driver.screen()
    );
}

#[test]
fn enter_leads_to_the_sku_in_its_table_even_behind_a_filter() {
    let mut driver = with_skus("120x36", Language::En, &["颜色", "尺码"], &SHIRTS);
    driver.keys("3 /");
    driver.type_text("红");
    driver.keys("<enter> P j j l");
    assert!(driver.focused().contains("SKU ID 506"), "{}", driver.screen());
    assert!(driver.keys("<enter>").is_empty());
    assert!(
        driver.focused().contains("▸ 黑") && !driver.screen().contains("SKU matrix"),
        "{}",
        driver.screen()
    );
}

#[test]
fn enter_on_a_missing_combination_says_so_and_stays() {
    let mut driver = shirts("80x24", Language::En);
    driver.keys("j l <enter>");
    assert!(
        driver.screen().contains("no SKU with this combination") && driver.screen().contains("SKU matrix")
    );
}

#[rstest]
#[case("q")]
#[case("P")]
#[case("<esc>")]
fn it_begins_at_the_sku_under_the_cursor_and_leads_back_to_that_of_its_combination(#[case] key: &str) {
    let mut driver = with_skus("120x36", Language::En, &["颜色", "尺码"], &SHIRTS);
    driver.keys("3 j j P");
    assert!(driver.focused().contains("SKU ID 502"), "{}", driver.screen());
    driver.keys("j h h");
    driver.keys(key);
    assert!(driver.focused().contains("▸ 瓷白色"), "{}", driver.screen());
    assert!(!driver.screen().contains("SKU matrix"), "{}", driver.screen());
}

#[test]
fn of_several_skus_of_a_combination_the_one_it_began_at_stays() {
    let mut driver = with_skus("120x36", Language::En, &["颜色", "尺码"], &SHIRTS);
    driver.keys("3 j j j j j P j k <esc>");
    driver.keys("P");
    assert!(driver.focused().contains("2 SKUs"), "{}", driver.screen());
    let rows = |driver: &Driver| driver.screen().lines().filter(|line| line.contains('▸')).count();
    driver.keys("<esc>");
    assert!(rows(&driver) > 0);
    let line = driver.screen().lines().find(|line| line.contains("▸ 瓷白色")).map(str::to_owned);
    assert!(line.unwrap().contains("21.5"), "{}", driver.screen());
}

#[test]
fn leaving_it_keeps_filter_and_focus() {
    let mut driver = with_skus("120x36", Language::En, &["颜色", "尺码"], &SHIRTS);
    driver.keys("3 /");
    driver.type_text("红");
    driver.keys("<enter> 2 P j j l <esc>");
    let screen = driver.screen();
    assert!(
        screen.contains("▸ 红") && !screen.contains("瓷白色"),
        "the filter hides the combination\n{screen}"
    );
    assert!(driver.focused().contains("Item"), "{screen}");
}

#[test]
fn of_three_axes_it_begins_with_the_values_of_the_sku() {
    let skus: Vec<Written<'_>> = vec![
        (&["红", "S", "单件"], r#""price":"1","quantity":1,"sales":1"#),
        (&["红", "M", "单件"], r#""price":"2","quantity":1,"sales":1"#),
        (&["白", "S", "套装"], r#""price":"4","quantity":1,"sales":1"#),
    ];
    let mut driver = with_skus("80x24", Language::En, &["颜色", "尺码", "套餐"], &skus);
    driver.keys("3 G P");
    assert!(
        driver.focused().contains("套装  (2/2)") && driver.focused().contains("SKU ID 502"),
        "{}",
        driver.screen()
    );
    driver.keys(">");
    assert!(driver.focused().contains("单件  (1/2)"), "{}", driver.screen());
}

#[test]
fn y_copies_the_sku_and_x_the_whole_grid() {
    let mut driver = shirts("80x24", Language::En);
    assert_eq!(names(&driver.keys("y")), ["copy 红\tS\t15.80\t932\t55\t500"]);
    let grid = "颜色\tS\tM\tXL\n红\t15.80\t18.00\t25.00\n瓷白色\t15.80\t\t21.5 ?×2\n黑\t\t—\t";
    assert_eq!(names(&driver.keys("x")), [format!("copy {grid}")]);
}

#[rstest]
#[case("q")]
#[case("P")]
#[case("<esc>")]
fn it_closes_by(#[case] key: &str) {
    let mut driver = shirts("80x24", Language::En);
    driver.keys(key);
    assert!(!driver.screen().contains("SKU matrix"), "{}", driver.screen());
}

#[test]
fn its_help_lists_its_own_keys_and_comes_back_to_it() {
    let mut driver = shirts("80x24", Language::En);
    driver.keys("?");
    assert!(driver.screen().contains("price, stock, sales") && driver.screen().contains("other axes"));
    driver.keys("<esc>");
    assert!(driver.screen().contains("SKU matrix"));
}

#[test]
fn a_large_item_is_arranged_off_the_loop() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.app.fill_id("9");
    driver.keys("<enter>");
    driver.answer(200, item_with(5_000), Source::Live);
    driver.keys("3 j j j P");
    assert!(driver.screen().contains("arranging the SKUs"), "{}", driver.screen());
    driver.wait(0.1);
    driver.keys("t t");
    assert!(driver.screen().contains("▴ highest"), "{}", driver.screen());
    let beginning = driver.focused();
    driver.keys("<esc> g j j j P");
    driver.wait(0.1);
    assert_eq!(driver.focused().lines().last(), beginning.lines().last());
}

#[test]
fn without_skus_or_properties_it_says_why_it_is_empty() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc> 3 P");
    assert!(driver.screen().contains("no item"), "{}", driver.screen());
    let mut driver = with_skus("80x24", Language::En, &[], &[(&[], r#""price":"1""#)]);
    driver.keys("3 P <enter> t a > y x");
    assert!(driver.screen().contains("the SKUs have no properties"), "{}", driver.screen());
}

#[test]
fn hostile_names_stay_in_their_cells() {
    let long = "长".repeat(300);
    let long = [long.as_str(), "\\u200b"];
    let skus: Vec<Written<'_>> = vec![
        (&["\\u001b[31m红\\u202e", "x\\ty"], r#""price":"1","quantity":1,"sales":1"#),
        (&long, r#""price":"123456789012345.67","quantity":18446744073709551615,"sales":{}"#),
        (&["", "👨‍👩‍👧‍👦é́́́"], r#""price":null,"quantity":18446744073709551615,"sales":[]"#),
    ];
    for size in ["60x16", "80x24"] {
        let mut driver = with_skus(size, Language::En, &["a", "b"], &skus);
        driver.keys("3 P");
        for key in ["t", "l", "t", "j", "j", "l", "t", "a", "t"] {
            driver.keys(key);
            let screen = driver.screen();
            assert!(!screen.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{screen}");
        }
        driver.keys("P P");
        check(&format!("sku_matrix_hostile_{size}"), &driver.focused());
    }
}

#[test]
fn a_cell_with_an_unknown_price_shows_the_span_of_the_others_and_a_mark() {
    let skus: Vec<Written<'_>> = vec![
        (&["红", "S"], r#""price":"15.80","quantity":1,"sales":1"#),
        (&["红", "S"], r#""price":"面议","quantity":1,"sales":1"#),
        (&["红", "S"], r#""price":"1234.00","quantity":1,"sales":1"#),
        (&["白", "M"], r#""price":"面议","quantity":1,"sales":1"#),
        (&["白", "M"], r#""price":"电议","quantity":1,"sales":1"#),
        (&["白", "S"], r#""price":"面议","quantity":1,"sales":1"#),
        (&["白", "S"], r#""price":"面议","quantity":1,"sales":1"#),
    ];
    let mut driver = with_skus("80x24", Language::En, &["颜色", "尺码"], &skus);
    driver.keys("3 P");
    let screen = driver.focused();
    let cells = ["15.80–1234.00 ?×3", "?×2", "面议×2"];
    assert!(cells.iter().all(|cell| screen.contains(cell)), "{screen}");
    let copied = names(&driver.keys("x")).join("\n");
    assert!(cells.iter().all(|cell| copied.contains(cell)), "{copied}");
}
