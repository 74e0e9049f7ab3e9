//! From words to conditions.

use std::ops::Range;

use super::error::{FilterError, FilterProblem};
use super::words::{Letter, Word, typed, words};
use super::{ColumnKind, Comparison, Condition, Filter, FilterColumn, FilterColumns, Term, amount, fold};
use obx_core::suggest::nearest;

/// What an operator asks of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Contains,
    Compare(Comparison),
    NotEqual,
}

/// An operator in a word, and the place of its letters there.
struct FoundOperator {
    operator: Operator,
    letters: Range<usize>,
}

/// What is not understood in a word, and its place in the text.
struct Mistake {
    problem: FilterProblem,
    span: Range<usize>,
}

/// Parses a word.
struct WordParser<'a> {
    columns: &'a FilterColumns,
    word: &'a Word,
    /// The column and the operator of the alternative before.
    before: Option<(usize, Operator)>,
}

impl Filter {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The first thing that is not understood. Nothing is taken literally instead.
    pub fn parse(text: &str, columns: &FilterColumns) -> Result<Self, FilterError> {
        let (mut terms, mut is_inverted) = (Vec::new(), false);
        for word in words(text) {
            let marks = word.letters.iter().take_while(|letter| letter.is('!')).count();
            is_inverted ^= marks % 2 == 1;
            let rest = word.letters.get(marks..).unwrap_or_default();
            // A `!` that is alone is for the word to come.
            if rest.is_empty() {
                continue;
            }
            match (WordParser { columns, word: &word, before: None }).alternatives(rest) {
                Ok(alternatives) => {
                    terms.push(Term { is_inverted: std::mem::take(&mut is_inverted), alternatives });
                }
                Err(Mistake { problem, span }) => {
                    return Err(FilterError { problem, span, before: Self { terms } });
                }
            }
        }
        Ok(Self { terms })
    }
}

impl WordParser<'_> {
    fn alternatives(mut self, letters: &[Letter]) -> Result<Vec<Condition>, Mistake> {
        letters.split(|letter| letter.is('|')).map(|part| self.condition(part)).collect()
    }

    fn condition(&mut self, letters: &[Letter]) -> Result<Condition, Mistake> {
        if let (true, true, Some((column, operator))) =
            (letters.is_empty(), self.word.has_empty_quotes, self.before)
        {
            return self.comparison(column, operator, letters, letters);
        }
        if letters.is_empty() {
            let span = self.word.span.clone();
            return Err(Mistake { problem: FilterProblem::NoAlternative, span });
        }
        let Some(found) = operator(letters, self.columns) else {
            return match self.before {
                Some((column, operator)) => self.comparison(column, operator, letters, letters),
                None => Ok(Condition::Anywhere(fold(&typed(letters)).into_owned())),
            };
        };
        let (name, rest) = letters.split_at_checked(found.letters.start).unwrap_or_default();
        let (sign, value) = rest.split_at_checked(found.letters.len()).unwrap_or_default();
        let column = match self.before {
            _ if !name.is_empty() => self.column(name)?,
            Some((column, _)) => column,
            None => {
                let no_column = || error(FilterProblem::NoColumn(typed(letters)), sign);
                self.columns.unnamed.ok_or_else(no_column)?
            }
        };
        self.before = Some((column, found.operator));
        self.comparison(column, found.operator, value, letters)
    }

    fn column(&self, name: &[Letter]) -> Result<usize, Mistake> {
        let written = typed(name);
        if let Some(column) = self.columns.place_of(&written) {
            return Ok(column);
        }
        let names: Vec<&str> = self.columns.columns.iter().flat_map(FilterColumn::names).collect();
        let folded = fold(&written).into_owned();
        let begins = names.iter().copied().find(|name| fold(name).starts_with(&folded));
        let meant = begins.or_else(|| nearest(&folded, &names)).map(str::to_owned);
        Err(error(FilterProblem::UnknownColumn { name: written, meant }, name))
    }

    /// `whole` is the part of the text that an error about a missing value points to.
    fn comparison(
        &self,
        column: usize,
        operator: Operator,
        value: &[Letter],
        whole: &[Letter],
    ) -> Result<Condition, Mistake> {
        let written = typed(value);
        let text = fold(&written).trim().to_owned();
        let no_value = || error(FilterProblem::NoValue(typed(whole)), whole);
        let is_empty = match value.is_empty() {
            true if !self.word.has_empty_quotes => return Err(no_value()),
            is_empty => is_empty,
        };
        let comparison = match operator {
            Operator::Contains => return Ok(Condition::Contains { column, text }),
            Operator::NotEqual => {
                let equal = self.comparison(column, Operator::Compare(Comparison::Equal), value, whole)?;
                return Ok(Condition::Not(Box::new(equal)));
            }
            Operator::Compare(comparison) => comparison,
        };
        let is_equality = comparison == Comparison::Equal;
        let kind = self.columns.columns.get(column).map_or(ColumnKind::Text, |column| column.kind);
        match kind {
            _ if is_empty && is_equality => Ok(Condition::Is { column, text }),
            _ if is_empty => Err(no_value()),
            ColumnKind::Text if is_equality => Ok(Condition::Is { column, text }),
            ColumnKind::Time => match amount::time(&written) {
                Some(than) => Ok(Condition::Time { column, comparison, than }),
                None => Err(error(FilterProblem::NotATime(written), value)),
            },
            _ => match amount::value(&written, kind) {
                Some(than) if is_equality || than.exact().is_some() => {
                    Ok(Condition::Amount { column, comparison, than })
                }
                _ => Err(error(FilterProblem::NotANumber(written), value)),
            },
        }
    }
}

/// The first operator of a word. `《` and `》`, which an input method writes for `<` and `>`, are brackets of titles
/// unless they follow a column.
fn operator(letters: &[Letter], columns: &FilterColumns) -> Option<FoundOperator> {
    let sign = |at: usize| letters.get(at).filter(|letter| !letter.is_quoted).map(|letter| letter.c);
    let is_after_column =
        |at: usize| letters.get(..at).is_some_and(|name| columns.place_of(&typed(name)).is_some());
    let found = |at: usize| {
        let is_equal_next = sign(at + 1) == Some('=');
        let (operator, length) = match (sign(at)?, is_equal_next) {
            (':', _) => (Operator::Contains, 1),
            ('≠', _) => (Operator::NotEqual, 1),
            ('!', true) => (Operator::NotEqual, 2),
            ('=', is_double) => (Operator::Compare(Comparison::Equal), if is_double { 2 } else { 1 }),
            ('≥', _) => (Operator::Compare(Comparison::AtLeast), 1),
            ('≤', _) => (Operator::Compare(Comparison::AtMost), 1),
            (sign @ ('>' | '<'), is_or_equal) => compare(sign == '>', is_or_equal),
            (sign @ ('》' | '《'), is_or_equal) if is_after_column(at) => {
                compare(sign == '》', is_or_equal)
            }
            _ => return None,
        };
        Some(FoundOperator { operator, letters: at..at + length })
    };
    (0..letters.len()).find_map(found)
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

fn error(problem: FilterProblem, letters: &[Letter]) -> Mistake {
    let start = letters.first().map_or(0, |letter| letter.at);
    let end = letters.last().map_or(start, |letter| letter.at + letter.typed.len_utf8());
    Mistake { problem, span: start..end }
}
