use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::{BETWEEN_CHECKS, OnceLock, RowTexts, Sort, SortKey, TableRows, arrange};
use crate::ui::filter::{Filter, FilterColumns};

/// A filter of words.
fn filter(typed: &str) -> Filter {
    Filter::parse(typed, &FilterColumns::default()).unwrap()
}

/// A table of these texts: the first column is the text, the second its length.
struct TestTexts(Vec<String>);

impl TableRows for TestTexts {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn text(&self, row: usize) -> String {
        self.0[row].clone()
    }

    fn cell(&self, row: usize, _column: usize) -> String {
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
    arrange(table, texts, &filter(typed), sort, &|| false).unwrap()
}

proptest! {
    #[test]
    fn rows_that_pass_are_in_order_and_equal_ones_as_they_came(
        texts in texts(),
        filters in prop::collection::vec("!?[abc1]{1,2} ?[abc1]{0,1}", 1..4),
        column in 0_usize..2,
        reversed: bool,
    ) {
        let (table, read) = (TestTexts(texts), OnceLock::new());
        for typed in filters {
            let words = || typed.split(' ').filter(|word| !word.trim_matches('!').is_empty());
            let passes = |text: &str| words().all(|word| {
                let text = text.to_lowercase();
                word.strip_prefix('!').map_or_else(|| text.contains(word), |word| !text.contains(word))
            });
            let passing: Vec<u32> = (0..).zip(&table.0)
                .filter(|(_, text)| passes(text))
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

    fn cell(&self, row: usize, _column: usize) -> String {
        self.text(row)
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
    let arranged = |typed: &str| arrange(&table, &texts, &filter(typed), sort, &|| false).unwrap();
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
        assert_eq!(arrange(&table, &texts, &filter(typed), sort, &is_cancelled), None);
        (table.texts.load(Ordering::Relaxed), table.keys.load(Ordering::Relaxed))
    };
    assert_eq!(cancelled_after(2, "row"), (2 * BETWEEN_CHECKS, 0));
    assert_eq!(cancelled_after(2, ""), (0, 2 * BETWEEN_CHECKS));
}
