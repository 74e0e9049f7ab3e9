//! Lists: what is one, and what of their lines is kept.

use rstest::rstest;

use super::*;

#[rstest]
#[case::a_list("610947572360\n610947572361\n610947572362", Some("3"))]
#[case::twice("610947572360\n610947572361\n610947572360", Some("2"))]
#[case::on_one_line("610947572360, 610947572361 610947572362", Some("3"))]
#[case::addresses(
    "https://detail.1688.com/offer/610947572360.html\nhttps://detail.1688.com/offer/610947572361.html",
    Some("2")
)]
#[case::with_a_heading("offer_id\n610947572360\n610947572361\n", Some("2"))]
#[case::one("610947572360", None)]
#[case::the_same_twice("610947572360\n610947572360", None)]
#[case::prose("first\n看 610947572361，\n也看看这个\n和 610947572362，\n谢谢\nlast", None)]
#[case::nothing("", None)]
fn a_paste_is_a_list_if_most_lines_name_an_item(#[case] text: &str, #[case] expected: Option<&str>) {
    assert_eq!(BatchList::count_in_paste(text, "1688").as_deref(), expected);
}

#[test]
fn of_a_long_list_only_the_beginning_is_counted() {
    let list: Vec<String> = (610_947_570_000_u64..610_947_580_000).map(|id| id.to_string()).collect();
    let counted = BatchList::count_in_paste(&list.join("\n"), "1688").unwrap();
    assert!(counted.ends_with('+'), "{counted}");
}

#[rstest]
#[case("~/list.csv", true)]
#[case("list.TXT", true)]
#[case("./list", true)]
#[case("610947572360", false)]
#[case("https://detail.1688.com/offer/610947572360.html", false)]
#[case("https://example.com/list.csv", false)]
fn a_path_is_no_address(#[case] typed: &str, #[case] is_file: bool) {
    assert_eq!(matches!(BatchList::from_typed(typed), BatchList::File(_)), is_file);
}

#[test]
fn a_list_that_is_too_long_for_the_screen_is_refused() {
    let rows = |count: u64| {
        let list: Vec<String> = (0..count).map(|line| (610_947_570_000 + line / 2).to_string()).collect();
        let list = list.join("\n");
        let input = BatchInput::new(list.as_bytes(), &InputFormat::Lines, "1688").unwrap();
        batch_rows(input, str::to_owned)
    };
    let planned = PlannedList::new(rows(20_000).unwrap(), BatchPlan::default());
    assert_eq!((planned.lines.len(), planned.left_out.duplicates), (10_000, 10_000));
    assert!(matches!(rows(20_001), Err(BatchListError::TooLong(20_000))));
}

#[test]
fn a_line_without_an_id_is_masked_before_it_is_cut() {
    let key = "5f3a9c1e77aa";
    let list = format!("610947572360\n{}{key}\n", "x".repeat(MAX_SHOWN - 6));
    let mask = |text: &str| text.replace(key, "***");
    let list = BatchInput::new(list.as_bytes(), &InputFormat::Lines, "1688").unwrap();
    let rows = batch_rows(list, mask).unwrap();
    assert_eq!(rows[0].line().unwrap().id.as_str(), "610947572360");
    let RowSubject::Text(text) = &rows[1].subject else { panic!("{rows:?}") };
    assert!(text.ends_with("x***"), "{text}");
    assert!(rows[1].line().is_none());
}
