use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use rstest::rstest;

use super::{
    BETWEEN_CHECKS, Filter, OnceLock, RowTexts, Sort, SortKey, TableRows, arrange, text_that_lasted,
};

/// A table of these texts: the first column is the text, the second its length.
struct TestTexts(Vec<String>);

impl TableRows for TestTexts {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn text(&self, row: usize) -> String {
        self.0[row].clone()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        let text = self.0[row].as_str();
        if column == 0 { SortKey::from_text(text) } else { SortKey::from_text(&text.len().to_string()) }
    }
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abC1]{0,3}", 0..40)
}

fn arranged(table: &TestTexts, texts: &OnceLock<RowTexts>, typed: &str, sort: Option<Sort>) -> Vec<u32> {
    arrange(table, texts, &Filter::parse(typed), sort, &|| false).unwrap()
}

proptest! {
    #[test]
    fn rows_that_pass_are_in_order_and_equal_ones_as_they_came(
        texts in texts(),
        filters in prop::collection::vec("!?[abc1]{0,2} ?[abc1]{0,1}", 1..4),
        column in 0_usize..2,
        reversed: bool,
    ) {
        let (table, read) = (TestTexts(texts), OnceLock::new());
        for typed in filters {
            let filter = Filter::parse(&typed);
            let passing: Vec<u32> = (0..).zip(&table.0)
                .filter(|(_, text)| filter.lets_through(&text.to_lowercase()))
                .map(|(row, _)| row)
                .collect();
            prop_assert_eq!(&arranged(&table, &read, &typed, None), &passing);
            let sorted = arranged(&table, &read, &typed, Some(Sort { column, reversed }));
            for pair in sorted.windows(2) {
                let key = |row: u32| table.sort_key(row as usize, column);
                let order = key(pair[0]).order(&key(pair[1]), reversed);
                prop_assert!(order.is_lt() || order.is_eq() && pair[0] < pair[1]);
            }
            let mut as_they_came = sorted;
            as_they_came.sort_unstable();
            prop_assert_eq!(as_they_came, passing);
        }
    }
}

/// A table that counts what is read of it.
struct Counted {
    rows: usize,
    texts: AtomicUsize,
    keys: AtomicUsize,
}

impl TableRows for Counted {
    fn count(&self) -> usize {
        self.rows
    }

    fn text(&self, row: usize) -> String {
        self.texts.fetch_add(1, Ordering::Relaxed);
        format!("row {row}")
    }

    fn sort_key(&self, row: usize, _column: usize) -> SortKey {
        self.keys.fetch_add(1, Ordering::Relaxed);
        SortKey::from_text(&row.to_string())
    }
}

#[test]
fn texts_are_read_once_and_keys_only_of_rows_that_pass() {
    let (table, texts) = (Counted { rows: 1_000, texts: 0.into(), keys: 0.into() }, OnceLock::new());
    let sort = Some(Sort { column: 0, reversed: true });
    let arranged = |typed: &str| arrange(&table, &texts, &Filter::parse(typed), sort, &|| false).unwrap();
    assert_eq!(arranged("99")[..2], [999, 998]);
    assert_eq!(arranged("999"), [999]);
    let read = (table.texts.load(Ordering::Relaxed), table.keys.load(Ordering::Relaxed));
    assert_eq!(read, (1_000, 20));
}

#[test]
fn what_is_cancelled_ends_soon_and_gives_no_rows() {
    let cancelled_after = |checks: usize, typed: &str| {
        let (table, texts) = (Counted { rows: 10_000, texts: 0.into(), keys: 0.into() }, OnceLock::new());
        let asked = Cell::new(0);
        let is_cancelled = || asked.replace(asked.get() + 1) == checks;
        let sort = Some(Sort { column: 0, reversed: false });
        assert_eq!(arrange(&table, &texts, &Filter::parse(typed), sort, &is_cancelled), None);
        (table.texts.load(Ordering::Relaxed), table.keys.load(Ordering::Relaxed))
    };
    assert_eq!(cancelled_after(2, "row"), (2 * BETWEEN_CHECKS, 0));
    assert_eq!(cancelled_after(2, ""), (0, 2 * BETWEEN_CHECKS));
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
fn a_mark_inverts_the_word_after_it(#[case] typed: &str, #[case] row: &str, #[case] passes: bool) {
    assert_eq!(Filter::parse(typed).lets_through(row), passes);
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
