//! From words to conditions.

use std::ops::Range;

use super::error::{FilterError, FilterProblem};
use super::operators::{Operator, joined, operator};
use super::words::{Letter, Word, typed, words};
use super::{ColumnKind, Comparison, Condition, Filter, FilterColumn, FilterColumns, Term, amount, fold};
use obx_core::suggest::nearest;
use onebound::Price;

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
        for word in joined(words(text), columns) {
            let marks = word.letters.iter().take_while(|letter| letter.is('!')).count();
            is_inverted ^= marks % 2 == 1;
            let rest = word.letters.get(marks..).unwrap_or_default();
            // A `!` that is alone is for the word to come.
            if rest.is_empty() {
                continue;
            }
            if let Some(condition) = stock_word(rest, is_inverted, columns) {
                is_inverted = false;
                terms.push(Term { is_inverted: false, alternatives: vec![condition] });
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

/// Words for a stock of 0, and for more.
const OUT_OF_STOCK: [&str; 3] = ["缺货", "无货", "out-of-stock"];
const IN_STOCK: [&str; 2] = ["有货", "in-stock"];

/// What such a word asks of the stock, in a table that has one. Inverted it is the other one, so that a row without a
/// known stock is neither.
fn stock_word(letters: &[Letter], is_inverted: bool, columns: &FilterColumns) -> Option<Condition> {
    if letters.iter().any(|letter| letter.is_quoted) {
        return None;
    }
    let word = fold(&typed(letters)).into_owned();
    let is_out = match word.as_str() {
        word if OUT_OF_STOCK.contains(&word) => true,
        word if IN_STOCK.contains(&word) => false,
        _ => return None,
    };
    let comparison = if is_out == is_inverted { Comparison::More } else { Comparison::Equal };
    Some(Condition::Amount { column: columns.place_of("quantity")?, comparison, than: Price::parse("0")? })
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

    /// Refuses a value that no cell of the column can have; returns those that it can have.
    fn check_value(&self, column: usize, operator: Operator, text: &str) -> Result<(), Vec<String>> {
        let Some(column) = self.columns.columns.get(column) else { return Ok(()) };
        let is_possible = |value: &String| match operator {
            Operator::Contains => fold(value).contains(text),
            _ => fold(value) == text,
        };
        if text.is_empty() || column.values.is_empty() || column.values.iter().any(is_possible) {
            Ok(())
        } else {
            Err(column.values.clone())
        }
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
        self.check_value(column, operator, &text)
            .map_err(|known| error(FilterProblem::UnknownValue { value: written.clone(), known }, value))?;
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

fn error(problem: FilterProblem, letters: &[Letter]) -> Mistake {
    let start = letters.first().map_or(0, |letter| letter.at);
    let end = letters.last().map_or(start, |letter| letter.at + letter.typed.len_utf8());
    Mistake { problem, span: start..end }
}
