//! Completes the names of columns.

use std::ops::Range;

use super::words::{typed, words};
use super::{FilterColumn, FilterColumns, fold};

/// What the word before the cursor can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames {
    /// The place of the word in the text, in bytes.
    pub span: Range<usize>,
    /// Names of columns that begin as it does, as they are written in a filter.
    pub names: Vec<String>,
}

/// The names of columns that the last word of this text may be the beginning of; `None` if there are none.
pub fn candidates(before_cursor: &str, columns: &FilterColumns) -> Option<ColumnNames> {
    let word = words(before_cursor).pop().filter(|word| word.span.end == before_cursor.len())?;
    let letters = word.letters.rsplit(|letter| letter.is('|')).next()?;
    let marks = letters.iter().take_while(|letter| letter.is('!')).count();
    let letters = letters.get(marks..)?;
    let is_plain = |c: char| !matches!(c, ':' | '=' | '<' | '>' | '!' | '≥' | '≤' | '≠');
    if letters.iter().any(|letter| letter.is_quoted || !is_plain(letter.c)) {
        return None;
    }
    let start = letters.first()?.at;
    let begun = fold(&typed(letters)).into_owned();
    let names: Vec<String> = columns.columns.iter().filter_map(|column| completed(column, &begun)).collect();
    (!names.is_empty()).then_some(ColumnNames { span: start..before_cursor.len(), names })
}

/// The first name of a column that begins like this and goes on, in quotes if it needs them.
fn completed(column: &FilterColumn, begun: &str) -> Option<String> {
    let is_longer = |name: &&str| fold(name).strip_prefix(begun).is_some_and(|rest| !rest.is_empty());
    let name = column.names().find(is_longer)?;
    let is_plain = words(name).first().is_some_and(|word| {
        word.span == (0..name.len())
            && word.letters.iter().all(|letter| !matches!(letter.c, ':' | '=' | '<' | '>' | '|'))
    });
    Some(if is_plain { name.to_owned() } else { format!("\"{name}\"") })
}
