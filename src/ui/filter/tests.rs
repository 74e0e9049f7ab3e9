use std::borrow::Cow;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use obx_core::i18n::{Language, Texts};

/// A row of these cells: 颜色, 尺码, price, quantity, `sku_id`, time, seconds, bytes.
struct Cells([&'static str; 8]);

impl FilterRow for Cells {
    fn contains(&self, folded: &str) -> bool {
        self.0.iter().any(|cell| fold(cell).contains(folded))
    }

    fn text(&self, column: usize) -> Cow<'_, str> {
        self.0[column].into()
    }
}

fn columns() -> FilterColumns {
    let column = |name: &str, aliases: &[&str], kind| FilterColumn {
        name: name.to_owned(),
        aliases: aliases.iter().copied().map(str::to_owned).collect(),
        kind,
        values: Vec::new(),
    };
    let columns = vec![
        column("颜色", &[], ColumnKind::Text),
        column("尺码", &[], ColumnKind::Text),
        column("price", &["价格"], ColumnKind::Amount),
        column("quantity", &["stock", "库存"], ColumnKind::Amount),
        column("sku_id", &["SKU ID"], ColumnKind::Text),
        column("time", &["时间"], ColumnKind::Time),
        column("seconds", &["总秒"], ColumnKind::Duration),
        column("bytes", &["大小"], ColumnKind::Bytes),
    ];
    FilterColumns { columns, unnamed: Some(6) }
}

fn red() -> Cells {
    Cells(["红色", "ＸＬ", "19.90", "7,200", "4309097072612", "2026-11-23 15:24:17", "2000000", "14000"])
}

fn blue() -> Cells {
    Cells(["蓝色 缺货", "M", "￥20.00-25.00", "", "null", "2026-11-22 09:05:00", "80000", "302"])
}

#[rstest]
// Words, in any cell.
#[case("", "rb")]
#[case("红", "r")]
#[case("xl", "r")]
#[case("ＸＬ", "r")]
#[case("!xl", "b")]
#[case("！xl", "b")]
#[case("! xl", "b")]
#[case("!", "rb")]
#[case("!!xl", "r")]
#[case("红 蓝", "")]
#[case("红|蓝", "rb")]
#[case("红｜蓝", "rb")]
#[case("!红|蓝", "")]
#[case("\"蓝色 缺\"", "b")]
#[case("“蓝色 缺”", "b")]
#[case("蓝色 !缺货", "")]
#[case("色 缺货", "")]
#[case("色 \"缺货\"", "b")]
// A quote does not go from one cell into the next.
#[case("\"红色 x\"", "")]
#[case("\"红色 x", "")]
// Columns.
#[case("颜色:红", "r")]
#[case("颜色：红", "r")]
#[case("!颜色:红", "b")]
#[case("颜色:红|蓝", "rb")]
#[case("颜色:红|尺码:m", "rb")]
#[case("\"颜色\":红", "r")]
#[case("颜色=红", "")]
#[case("颜色=红色", "r")]
#[case("颜色!=红色", "b")]
#[case("尺码=xl", "r")]
#[case("尺码:\"x\"", "r")]
#[case("SKU-ID:4309", "r")]
#[case("skuid:4309", "r")]
#[case("stock=\"\"", "b")]
#[case("stock!=\"\"", "r")]
// Numbers.
#[case("stock>7000 price<20 颜色:红 !缺货", "r")]
#[case("stock>7000", "r")]
#[case("stock>7200", "")]
#[case("stock>=7200", "r")]
#[case("stock≥7,200", "r")]
#[case("stock>=7200件", "r")]
#[case("stock>=0.72万", "r")]
#[case("stock>=7.2k", "r")]
#[case("库存＞７０００", "r")]
#[case("库存》7000", "r")]
#[case("库存《7000", "")]
#[case("库存》=7200", "r")]
#[case("stock!=7200", "b")]
#[case("stock=7200|\"\"", "rb")]
#[case("价格<20", "r")]
#[case("价格<￥20元", "r")]
#[case("price<=20", "rb")]
#[case("price=22", "b")]
#[case("price=19.9", "r")]
#[case("price==19.90", "r")]
#[case("price=19-20", "rb")]
#[case("price<5|>24", "b")]
#[case("price>19.8999999999999999999", "rb")]
#[case("price>19.9000000000000000001", "b")]
#[case("!price<20", "b")]
// Times, durations, sizes.
#[case("time>15:00", "r")]
#[case("time<9:06", "b")]
#[case("time>=11-23", "r")]
#[case("time=2026-11-22", "b")]
#[case("time>2026-11", "")]
#[case("time=2026/11", "rb")]
#[case("time:15:24", "r")]
#[case(">1s", "r")]
#[case("!>1s", "b")]
#[case("<0.5s", "b")]
#[case("<500ms", "b")]
#[case("seconds>2", "")]
#[case("总秒>=2秒", "r")]
#[case("bytes>10kB", "r")]
#[case("大小<=302", "b")]
fn a_filter_lets_through(#[case] typed: &str, #[case] expected: &str) {
    let filter = Filter::parse(typed, &columns()).unwrap();
    let passing = [("r", red()), ("b", blue())].into_iter().filter(|(_, row)| filter.matches(row));
    assert_eq!(passing.map(|(name, _)| name).collect::<String>(), expected, "{filter:?}");
}

#[rstest]
#[case("stok>5", 0..4, "no column stok; did you mean stock?")]
#[case("红 库>5", 4..7, "no column 库; did you mean 库存?")]
#[case("xyz:5", 0..3, "no column xyz; quote it to search for it")]
#[case("15:24", 0..2, "no column 15; quote it to search for it")]
#[case("price<abc", 6..9, "abc is not a number")]
#[case("price>1-2", 6..9, "1-2 is not a number")]
#[case("price>", 0..6, "price> has no value")]
#[case("price>\"\"", 0..6, "price> has no value")]
#[case("颜色:", 0..7, "颜色: has no value")]
#[case("time>noon", 5..9, "noon is not a time")]
#[case("红|", 0..4, "nothing after |")]
#[case("价格<20|便宜", 10..16, "便宜 is not a number")]
fn a_filter_says_what_it_does_not_understand(
    #[case] typed: &str,
    #[case] span: std::ops::Range<usize>,
    #[case] message: &str,
) {
    let error = Filter::parse(typed, &columns()).unwrap_err();
    assert_eq!((error.span.clone(), error.describe(Texts::new(Language::En)).as_str()), (span, message));
}

#[test]
fn an_operator_without_a_column_is_an_error_where_no_column_is_meant() {
    let columns = FilterColumns { unnamed: None, ..columns() };
    let error = Filter::parse(">2s", &columns).unwrap_err();
    assert_eq!(error.describe(Texts::new(Language::En)), ">2s names no column");
    assert!(Filter::parse("《三体》", &columns).is_ok());
}

#[rstest]
#[case("st", Some((0, vec!["stock"])))]
#[case("红 !pr", Some((5, vec!["price"])))]
#[case("颜色:红|SK", Some((11, vec!["sku_id"])))]
#[case("s", Some((0, vec!["stock", "sku_id", "seconds"])))]
#[case("库", Some((0, vec!["库存"])))]
#[case("price", None)]
#[case("price>", None)]
#[case("st ", None)]
#[case("", None)]
#[case("zz", None)]
fn names_of_columns_are_completed(#[case] typed: &str, #[case] expected: Option<(usize, Vec<&str>)>) {
    let found = complete_name(typed, &columns()).map(|found| (found.span.start, found.texts));
    let expected = expected.map(|(start, names)| (start, names.into_iter().map(str::to_owned).collect()));
    assert_eq!(found, expected);
}

#[rstest]
#[case("price < 22", "price<22")]
#[case("价格 <22 库存 >= 0", "price<22 quantity>=0")]
#[case("价格： <22", "price<22")]
#[case("价格：<22", "price<22")]
#[case("!价格 < 22|>30", "!price<22|>30")]
#[case("缺货", "quantity=0")]
#[case("！有货", "quantity=0")]
#[case("!缺货", "quantity>0")]
fn blanks_colons_and_words_of_the_trade_mean_the_operator(#[case] typed: &str, #[case] plain: &str) {
    let columns = FilterColumns {
        columns: [("price", "价格"), ("quantity", "库存")]
            .map(|(name, alias)| FilterColumn {
                name: name.to_owned(),
                aliases: vec![alias.to_owned()],
                kind: ColumnKind::Amount,
                values: Vec::new(),
            })
            .to_vec(),
        unnamed: None,
    };
    assert_eq!(Filter::parse(typed, &columns), Filter::parse(plain, &columns));
    assert!(Filter::parse(typed, &columns).is_ok());
}

#[rstest]
#[case("颜色:", Some((7, vec!["红色", "暗红", "\"蓝色 缺货\"", "「27\" 宽」"])))]
#[case("颜色：红", Some((9, vec!["红色", "暗红"])))]
#[case("颜色= ", Some((8, vec!["红色", "暗红", "\"蓝色 缺货\"", "「27\" 宽」"])))]
#[case("xl !颜色!=蓝", Some((12, vec!["\"蓝色 缺货\""])))]
#[case("颜色:红|蓝", Some((11, vec!["\"蓝色 缺货\""])))]
#[case("颜色:红|", Some((11, vec!["红色", "暗红", "\"蓝色 缺货\"", "「27\" 宽」"])))]
#[case("颜色:\"蓝", Some((7, vec!["\"蓝色 缺货\""])))]
#[case("颜色:红色", None)]
#[case("颜色:绿", None)]
#[case("颜色:红 ", None)]
#[case("price:", None)]
#[case("price=", None)]
#[case("颜色>", None)]
#[case("颜", None)]
#[case("nothing:", None)]
fn values_that_occur_are_completed(#[case] typed: &str, #[case] expected: Option<(usize, Vec<&str>)>) {
    let values = ["红色", "蓝色 缺货", "暗红", "27\" 宽"].map(str::to_owned);
    let mut order = values.to_vec();
    order.swap(1, 2);
    let found = TypedValue::parse(typed, &columns()).and_then(|value| value.complete(&order));
    let found = found.map(|found| (found.span.start, found.texts));
    let expected = expected.map(|(start, texts)| (start, texts.into_iter().map(str::to_owned).collect()));
    assert_eq!(found, expected);
}

#[test]
fn a_completed_value_is_a_filter_that_finds_it() {
    let columns = columns();
    for value in ["红", "a b", "a\"b", "x|y", "!z", "《三体》", "：", "「a」\"b", "a=b"] {
        let typed = TypedValue::parse("颜色=", &columns).unwrap();
        let text = typed.complete(&[value.to_owned()]).unwrap().texts.remove(0);
        let filter = Filter::parse(&format!("颜色={text}"), &columns).unwrap();
        let row = Cells([value, "", "", "", "", "", "", ""]);
        assert!(filter.matches(&row), "{value} as {text}");
        assert!(!filter.matches(&blue()), "{value} as {text}");
    }
}

#[test]
fn a_name_with_blanks_is_completed_in_quotes() {
    let named = |name: &str| FilterColumns {
        columns: vec![FilterColumn {
            name: name.to_owned(),
            aliases: Vec::new(),
            kind: ColumnKind::Text,
            values: Vec::new(),
        }],
        unnamed: None,
    };
    assert_eq!(complete_name("颜", &named("颜色 分类")).unwrap().texts, ["\"颜色 分类\""]);
    assert!(Filter::parse("\"颜色 分类\":红", &named("颜色 分类")).is_ok());
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_an_error_within_it(
        typed in "[a-z颜色价格库存0-9:=<>!|\" ＞：！《》“”.-]{0,24}|.{0,24}"
    ) {
        match Filter::parse(&typed, &columns()) {
            Ok(filter) => { let _ = (filter.matches(&red()), filter.matches(&blue())); } // neither panics
            Err(error) => prop_assert!(typed.get(error.span).is_some()),
        }
        let _ = complete_name(&typed, &columns()); // does not panic
        let value = TypedValue::parse(&typed, &columns());
        let completed = value.and_then(|value| value.complete(&["红 \"大\"".to_owned(), "a|b".to_owned()]));
        for text in completed.iter().flat_map(|found| &found.texts) {
            prop_assert!(typed.get(completed.as_ref().unwrap().span.clone()).is_some(), "{}", text);
        }
    }

    #[test]
    fn what_is_quoted_is_searched_as_it_is(text in "[^\"]{0,12}") {
        let quoted = Filter::parse(&format!("\"{text}\""), &columns()).unwrap();
        let expected = fold(&text).into_owned();
        let expected = if text.is_empty() { Filter::default() } else {
            Filter { terms: vec![Term { is_inverted: false, alternatives: vec![Condition::Anywhere(expected)] }] }
        };
        prop_assert_eq!(quoted, expected);
    }

    #[test]
    fn numbers_are_compared_exactly(a in 0_u64..1_000_000, b in 0_u64..1_000_000, decimals in 0_usize..6) {
        let written = |n: u64| {
            let text = format!("{n:07}");
            let (whole, part) = text.split_at(text.len() - decimals);
            if decimals == 0 { text } else { format!("{whole}.{part}") }
        };
        let cell: &'static str = Box::leak(written(a).into_boxed_str());
        let row = Cells(["", "", cell, "", "", "", "", ""]);
        for (sign, holds) in [(">", a > b), ("<", a < b), ("=", a == b), (">=", a >= b), ("<=", a <= b), ("!=", a != b)] {
            let filter = Filter::parse(&format!("price{sign}{}", written(b)), &columns()).unwrap();
            prop_assert_eq!(filter.matches(&row), holds, "{} {} {}", a, sign, b);
        }
    }
}
