//! Completes the names of columns, and behind an operator the values that occur in a column.

use std::ops::Range;

use super::operators::{Operator, joined, operator};
use super::words::{Letter, typed, words};
use super::{ColumnKind, Comparison, FilterColumn, FilterColumns, fold};

/// What the word before the cursor can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// The place of the word in the text, in bytes.
    pub span: Range<usize>,
    /// Texts that begin as it does, as they are written in a filter.
    pub texts: Vec<String>,
}

/// A value that is being typed behind a column and an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedValue {
    /// The column, by its place.
    pub column: usize,
    span: Range<usize>,
    /// What is typed of it, folded.
    begun: String,
}

/// The names of columns that the last word of this text may be the beginning of; `None` if there are none.
pub fn complete_name(before_cursor: &str, columns: &FilterColumns) -> Option<Completions> {
    let word = words(before_cursor).pop().filter(|word| word.span.end == before_cursor.len())?;
    let letters = word.letters.rsplit(|letter| letter.is('|')).next()?;
    let marks = letters.iter().take_while(|letter| letter.is('!')).count();
    let letters = letters.get(marks..)?;
    let is_letter = |c: char| !matches!(c, ':' | '=' | '<' | '>' | '!' | '≥' | '≤' | '≠');
    if letters.iter().any(|letter| letter.is_quoted || !is_letter(letter.c)) {
        return None;
    }
    let start = letters.first()?.at;
    let begun = fold(&typed(letters)).into_owned();
    let texts: Vec<String> = columns.columns.iter().filter_map(|column| completed(column, &begun)).collect();
    (!texts.is_empty()).then_some(Completions { span: start..before_cursor.len(), texts })
}

/// The first name of a column that begins like this and goes on, in quotes if it needs them.
fn completed(column: &FilterColumn, begun: &str) -> Option<String> {
    let is_longer = |name: &&str| fold(name).strip_prefix(begun).is_some_and(|rest| !rest.is_empty());
    let name = column.names().find(is_longer)?;
    Some(if is_plain(name) { name.to_owned() } else { format!("\"{name}\"") })
}

impl TypedValue {
    /// The value at the end of a text, if it is one for a column of texts that must contain or equal it: `颜色:红`, and
    /// in `颜色:红|蓝` the second as well.
    pub fn parse(before_cursor: &str, columns: &FilterColumns) -> Option<Self> {
        let is_at_cursor = |end: usize| before_cursor.get(end..).is_some_and(|rest| rest.trim().is_empty());
        let word = joined(words(before_cursor), columns).pop().filter(|word| is_at_cursor(word.span.end))?;
        let alternatives: Vec<&[Letter]> = word.letters.split(|letter| letter.is('|')).collect();
        let (last, before) = alternatives.split_last()?;
        let (column, value) = match value_of(last, columns) {
            Some(found) => found,
            None => (before.iter().rev().find_map(|letters| value_of(letters, columns))?.0, *last),
        };
        let is_text = columns.columns.get(column).is_some_and(|column| column.kind == ColumnKind::Text);
        let ends_here = word.span.end == before_cursor.len() || value.is_empty();
        if !is_text || !ends_here {
            return None;
        }
        // An open quote belongs to the value.
        let start = match value.first() {
            Some(letter) if letter.is_quoted => letter.at - quote_before(before_cursor, letter.at),
            Some(letter) => letter.at,
            None => before_cursor.len() - quote_before(before_cursor, before_cursor.len()),
        };
        let begun = fold(&typed(value)).into_owned();
        Some(Self { column, span: start..before_cursor.len(), begun })
    }

    /// The values that this one can become: those that begin with it, then those that contain it.
    pub fn complete(&self, values: &[String]) -> Option<Completions> {
        let is_longer = |value: &&String| fold(value).len() > self.begun.len();
        let begins = |value: &&String| fold(value).starts_with(&self.begun);
        let contains = |value: &&String| !begins(value) && fold(value).contains(&self.begun);
        let values = || values.iter().filter(is_longer);
        let found = values().filter(begins).chain(values().filter(contains));
        let texts: Vec<String> = found.filter_map(|value| quoted(value)).collect();
        (!texts.is_empty()).then(|| Completions { span: self.span.clone(), texts })
    }
}

/// The column and the value of an alternative whose operator asks for a text.
fn value_of<'a>(letters: &'a [Letter], columns: &FilterColumns) -> Option<(usize, &'a [Letter])> {
    let marks = letters.iter().take_while(|letter| letter.is('!')).count();
    let letters = letters.get(marks..)?;
    let found = operator(letters, columns)?;
    let takes_text = matches!(
        found.operator,
        Operator::Contains | Operator::NotEqual | Operator::Compare(Comparison::Equal)
    );
    let column = columns.place_of(&typed(letters.get(..found.letters.start)?))?;
    takes_text.then_some((column, letters.get(found.letters.end..)?))
}

/// The length of a quote right before this place.
fn quote_before(text: &str, at: usize) -> usize {
    let quote = text.get(..at).and_then(|before| before.chars().next_back());
    quote.filter(|c| matches!(c, '"' | '＂' | '“' | '「')).map_or(0, char::len_utf8)
}

/// The value as it is written in a filter, in quotes if it needs them; `None` if no quotes can hold it.
fn quoted(value: &str) -> Option<String> {
    if is_plain(value) {
        return Some(value.to_owned());
    }
    let quotes = [('"', '"'), ('「', '」'), ('“', '”')];
    let (begin, end) = quotes.into_iter().find(|(_, end)| !value.contains(*end))?;
    Some(format!("{begin}{value}{end}"))
}

/// Whether a filter reads a text as one word without operators.
fn is_plain(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, ':' | '=' | '<' | '>' | '|' | '!' | '≥' | '≤' | '≠' | '《' | '》');
    words(text).first().is_some_and(|word| {
        word.span == (0..text.len())
            && word.letters.iter().all(|letter| !letter.is_quoted && !is_sign(letter.c))
    })
}
