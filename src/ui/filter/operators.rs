//! Operators in words, and words that blanks around an operator have parted.

use std::ops::Range;

use super::words::{Letter, Word, typed};
use super::{ColumnKind, Comparison, FilterColumns};

/// What an operator asks of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Contains,
    Compare(Comparison),
    NotEqual,
}

/// An operator in a word, and the place of its letters there.
pub(super) struct FoundOperator {
    pub(super) operator: Operator,
    pub(super) letters: Range<usize>,
}

/// The first operator of a word. `《` and `》`, which an input method writes for `<` and `>`, are brackets of titles
/// unless they follow a column. A colon before another operator adds nothing to it in a column of numbers.
pub(super) fn operator(letters: &[Letter], columns: &FilterColumns) -> Option<FoundOperator> {
    let column = |at: usize| columns.place_of(&typed(letters.get(..at)?));
    (0..letters.len()).find_map(|at| {
        let (operator, length) = operator_at(letters, at, || column(at).is_some())?;
        let is_numeric = || {
            let column = column(at).and_then(|place| columns.columns.get(place));
            column.is_some_and(|column| column.kind != ColumnKind::Text)
        };
        let behind =
            operator_at(letters, at + 1, || true).filter(|(behind, _)| *behind != Operator::Contains);
        match behind.filter(|_| operator == Operator::Contains && is_numeric()) {
            Some((behind, more)) => Some(FoundOperator { operator: behind, letters: at..at + 1 + more }),
            None => Some(FoundOperator { operator, letters: at..at + length }),
        }
    })
}

/// The operator at a place, and its length.
fn operator_at(
    letters: &[Letter],
    at: usize,
    is_after_column: impl Fn() -> bool,
) -> Option<(Operator, usize)> {
    let sign = |at: usize| letters.get(at).filter(|letter| !letter.is_quoted).map(|letter| letter.c);
    let found = match (sign(at)?, sign(at + 1) == Some('=')) {
        (':', _) => (Operator::Contains, 1),
        ('≠', _) => (Operator::NotEqual, 1),
        ('!', true) => (Operator::NotEqual, 2),
        ('=', is_double) => (Operator::Compare(Comparison::Equal), if is_double { 2 } else { 1 }),
        ('≥', _) => (Operator::Compare(Comparison::AtLeast), 1),
        ('≤', _) => (Operator::Compare(Comparison::AtMost), 1),
        (sign @ ('>' | '<'), is_or_equal) => compare(sign == '>', is_or_equal),
        (sign @ ('》' | '《'), is_or_equal) if is_after_column() => compare(sign == '》', is_or_equal),
        _ => return None,
    };
    Some(found)
}

/// An operator and its length.
fn compare(is_more: bool, is_or_equal: bool) -> (Operator, usize) {
    match (is_more, is_or_equal) {
        (true, true) => (Operator::Compare(Comparison::AtLeast), 2),
        (true, false) => (Operator::Compare(Comparison::More), 1),
        (false, true) => (Operator::Compare(Comparison::AtMost), 2),
        (false, false) => (Operator::Compare(Comparison::Less), 1),
    }
}

/// The words, where a column, its operator and a value are one word again: `价格 < 22`.
pub(super) fn joined(words: Vec<Word>, columns: &FilterColumns) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let before = all.last_mut().filter(|before| goes_on(before, &word, columns));
        match before {
            Some(before) => before.append(word),
            None => all.push(word),
        }
    }
    all
}

/// Whether the first of two words ends where the second goes on.
fn goes_on(before: &Word, word: &Word, columns: &FilterColumns) -> bool {
    let alternative = before.letters.rsplit(|letter| letter.is('|')).next().unwrap_or_default();
    let marks = alternative.iter().take_while(|letter| letter.is('!')).count();
    let alternative = alternative.get(marks..).unwrap_or_default();
    let is_name = |letters: &[Letter]| {
        let is_literal = columns.unnamed.is_some() && letters.iter().any(|letter| letter.is_quoted);
        !is_literal && columns.place_of(&typed(letters)).is_some()
    };
    let begins = operator_at(&word.letters, 0, || true).is_some();
    // Where an operator needs no column, `billed <60s` are two words.
    if is_name(alternative) && columns.unnamed.is_none() {
        return begins;
    }
    let awaits_value = operator(alternative, columns).is_some_and(|found| {
        found.letters.end == alternative.len() && alternative.get(..found.letters.start).is_some_and(is_name)
    });
    let value = word.letters.split(|letter| letter.is('|')).next().unwrap_or_default();
    let has_own = operator(value, columns).is_some_and(|found| found.letters.start > 0);
    awaits_value && !before.has_empty_quotes && !has_own
}
