use std::cell::Cell;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// What happens to a table of these texts.
#[derive(Clone, Debug)]
enum Change {
    Seek(String, Option<Sort>),
    Step(usize),
    Forget(Vec<String>),
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abC1]{0,3}", 0..40)
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let sort = (0_usize..2, any::<bool>()).prop_map(|(column, reversed)| Sort { column, reversed });
    let change = prop_oneof![
        4 => ("!?[abc1]{0,2} ?[abc1]{0,1}", prop::option::of(sort)).prop_map(|(text, sort)| Change::Seek(text, sort)),
        4 => (1_usize..200).prop_map(Change::Step),
        1 => texts().prop_map(Change::Forget),
    ];
    prop::collection::vec(change, 0..12)
}

/// The first column is the text, the second its length.
fn key(texts: &[String], row: usize, column: usize) -> SortKey {
    let text = texts[row].as_str();
    if column == 0 { SortKey::from_text(text) } else { SortKey::from_text(&text.len().to_string()) }
}

fn step(rows: &mut Rows, texts: &[String], effort: usize) {
    rows.step(effort, |row| texts[row].clone(), |row, column| key(texts, row, column));
}

/// The same in one go.
fn expected(texts: &[String], filter: &Filter, sort: Option<Sort>) -> Vec<usize> {
    let mut rows: Vec<usize> =
        (0..texts.len()).filter(|row| filter.lets_through(&texts[*row].to_lowercase())).collect();
    if let Some(Sort { column, reversed }) = sort {
        rows.sort_by(|a, b| key(texts, *a, column).order(&key(texts, *b, column), reversed));
    }
    rows
}

fn in_sight(rows: &Rows) -> Vec<usize> {
    (0..rows.count()).filter_map(|place| rows.at(place)).collect()
}

proptest! {
    #[test]
    fn by_whatever_steps_and_changes_the_order_becomes_that_of_one_go(
        first in texts(),
        changes in changes(),
        effort in 1_usize..100,
    ) {
        let (mut texts, mut filter, mut sort) = (first, Filter::default(), None);
        let mut rows = Rows::default();
        rows.forget(texts.len());
        for change in changes {
            match change {
                Change::Seek(typed, by) => {
                    (filter, sort) = (Filter::parse(&typed), by);
                    rows.seek(&filter, sort);
                }
                Change::Step(effort) => step(&mut rows, &texts, effort),
                Change::Forget(others) => {
                    texts = others;
                    rows.forget(texts.len());
                    rows.seek(&filter, sort);
                }
            }
        }
        for _ in 0..10_000 {
            step(&mut rows, &texts, effort);
        }
        prop_assert!(!rows.is_working());
        prop_assert_eq!(in_sight(&rows), expected(&texts, &filter, sort));
    }

    #[test]
    fn until_the_work_is_done_what_was_in_sight_stays(texts in texts(), typed in "[abc1]{1,2}", effort in 1_usize..50) {
        let sort = Some(Sort { column: 0, reversed: true });
        let mut rows = Rows::default();
        rows.forget(texts.len());
        rows.seek(&Filter::default(), sort);
        step(&mut rows, &texts, usize::MAX);
        let before = in_sight(&rows);
        rows.seek(&Filter::parse(&typed), sort);
        while rows.is_working() {
            prop_assert_eq!(&in_sight(&rows), &before);
            step(&mut rows, &texts, effort);
        }
    }

    #[test]
    fn a_filter_that_narrows_lets_through_nothing_new(
        wide in "!?[ab]{0,2} ?!?[ab]{0,1}",
        narrow in "!?[ab]{0,2} ?!?[ab]{0,1}",
        texts in prop::collection::vec("[ab ]{0,4}", 10),
    ) {
        let (wide, narrow) = (Filter::parse(&wide), Filter::parse(&narrow));
        for text in texts.iter().filter(|text| narrow.narrows(&wide) && narrow.lets_through(text)) {
            prop_assert!(wide.lets_through(text), "{text:?}");
        }
    }
}

#[test]
fn a_further_letter_narrows_a_filter_and_one_taken_away_narrows_its_inverse() {
    let narrows = |narrow: &str, wide: &str| Filter::parse(narrow).narrows(&Filter::parse(wide));
    assert!(narrows("ab", "a") && narrows("a b", "b") && narrows("!a", "!ab") && narrows("a", ""));
    assert!(!narrows("a", "ab") && !narrows("!ab", "!a") && !narrows("!a", "a") && !narrows("", "a"));
}

#[rstest]
#[case("!xl", "蓝色 m", true)]
#[case("蓝色 !xl", "蓝色 m", true)]
#[case("蓝色 !xl", "蓝色 xl", false)]
#[case("!xl 蓝色", "红色 m", false)]
#[case("!红 !xl", "蓝色 m", true)]
#[case("!红 !xl", "红色 m", false)]
#[case("! xl", "蓝色 xl", false)]
#[case("！xl", "蓝色 xl", false)]
#[case("!", "蓝色 xl", true)]
fn a_mark_inverts_the_word_that_it_stands_before(
    #[case] typed: &str,
    #[case] row: &str,
    #[case] passes: bool,
) {
    assert_eq!(Filter::parse(typed).lets_through(row), passes);
}

#[test]
fn a_step_reads_no_more_than_its_effort_and_no_row_twice() {
    let asked = Cell::new(0);
    let mut rows = Rows::default();
    rows.forget(1_000);
    let step = |rows: &mut Rows| {
        asked.set(0);
        let text = |row: usize| {
            asked.set(asked.get() + 1);
            format!("row {row}")
        };
        rows.step(160, text, |_, _| SortKey::Nothing);
        asked.get()
    };
    rows.seek(&Filter::parse("9"), None);
    assert_eq!(step(&mut rows), 10);
    assert_eq!(step(&mut rows), 10);
    rows.seek(&Filter::parse("99"), None);
    // Two rows let through by the wider filter (9 and 19) are judged again, the next eight are read.
    assert_eq!(step(&mut rows), 10);
    let mut steps = 0;
    while rows.is_working() {
        step(&mut rows);
        steps += 1;
    }
    assert_eq!((steps, in_sight(&rows).len()), (97, 19));
    rows.seek(&Filter::parse("row"), None);
    while rows.is_working() {
        assert_eq!(step(&mut rows), 0);
    }
    assert_eq!(rows.count(), 1_000);
}

#[test]
fn a_filter_tells_long_rows_from_short_ones() {
    let row = |milliseconds| text_that_lasted("0000 success", milliseconds);
    let passes = |filter: &str, milliseconds| Filter::parse(filter).lets_through(&row(milliseconds));
    assert!(passes(">2s", 2_001) && !passes(">2s", 2_000) && !passes(">2s", 1_999));
    assert!(passes("<0.5s", 499) && !passes("<0.5s", 500));
    assert!(passes("success >1s <3s", 2_000) && !passes("4013 >1s", 2_000));
    assert!(passes("!>2s", 1_000) && !passes("!>2s", 3_000));
    // What is no duration is a word.
    assert!(!passes(">s", 9_000) && !passes(">2", 9_000) && !passes(">1.x5s", 9_000));
    // A row that lasted no time that is known is neither longer nor shorter.
    assert!(!Filter::parse(">0s").lets_through("0000") && !Filter::parse("<9s").lets_through("0000"));
    // A duration in a text is no duration.
    assert!(!Filter::parse("710").lets_through(&row(6_710)));
}
