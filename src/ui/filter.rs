//! A table's filter as it is typed, and which rows it lets through. Pure: it knows columns by name, and rows by a trait.
//!
//! ```text
//!  stock>7000 price<20 颜色:红|蓝 !缺货 "64 GB"
//!
//!  filter      = { term }                      terms are parted by blanks; a row passes if all of them hold
//!  term        = ["!"] alternative { "|" alternative }
//!  alternative = word                          in any cell
//!              | [column] operator value       without a column: that of the alternative before
//!  operator    = ":" (contains) | "=" | "!=" | ">" | ">=" | "<" | "<="
//! ```
//! Blanks around an operator after a column's name do not part words: `价格 < 22`. Quotes take blanks and operators literally. Width and case make no difference, neither in texts nor in operators.

mod amount;
mod complete;
mod error;
mod fold;
mod operators;
mod parse;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::cmp::Ordering;

pub use amount::{amount, plain_amount};
pub use complete::{Completions, TypedValue, complete_name};
pub use error::{FilterError, FilterProblem};
pub use fold::fold;
use onebound::Price;

/// A column that a filter can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterColumn {
    /// The name, as in exports; of an axis, the axis.
    pub name: String,
    /// Further names of it, such as its header in each language.
    pub aliases: Vec<String>,
    pub kind: ColumnKind,
    /// All values that it can have, in each language; empty where others can come. A value that no cell can have is a
    /// mistake.
    pub values: Vec<String>,
}

/// What a column's values are, and with it what they are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, which may be a number in some rows.
    Text,
    /// Prices in yuan, and counts.
    Amount,
    /// Compared in microseconds; without a unit, a value is in seconds.
    Duration,
    /// Compared in bytes.
    Bytes,
    /// `2026-11-23 15:24:17`, local time.
    Time,
}

/// The columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterColumns {
    /// In the order of the table's own.
    pub columns: Vec<FilterColumn>,
    /// The column of an operator without one, as in `>2s`.
    pub unnamed: Option<usize>,
}

/// A row, as a filter reads it.
pub trait FilterRow {
    /// Whether any cell contains this text, which is folded.
    fn contains(&self, folded: &str) -> bool;

    /// The text of a cell. If it can be read in several ways, each is a line.
    fn text(&self, column: usize) -> Cow<'_, str>;

    /// The number in a cell, in the unit of its column.
    fn amount(&self, column: usize) -> Option<Price> {
        plain_amount(&self.text(column))
    }
}

/// What rows have to be like to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

/// Holds if any of its alternatives does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    is_inverted: bool,
    alternatives: Vec<Condition>,
}

/// Texts in it are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Anywhere(String),
    Contains { column: usize, text: String },
    Is { column: usize, text: String },
    Amount { column: usize, comparison: Comparison, than: Price },
    Time { column: usize, comparison: Comparison, than: TimePart },
    Not(Box<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// A part of a time that is compared with the same part of a cell's time: `2026-11`, `11-23`, `15:24`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TimePart {
    /// Where it begins in a cell's text, in bytes.
    start: usize,
    digits: String,
}

impl FilterColumns {
    /// The number of the column of this name, in whatever width, case and spelling of its blanks.
    fn place_of(&self, name: &str) -> Option<usize> {
        let name = column_key(name);
        let is_named = |column: &FilterColumn| column.names().any(|other| column_key(other) == name);
        self.columns.iter().position(is_named)
    }
}

impl FilterColumn {
    /// All its names, the main one first.
    fn names(&self) -> impl Iterator<Item = &str> {
        [self.name.as_str()].into_iter().chain(self.aliases.iter().map(String::as_str))
    }
}

/// A column's name as it is compared: `SKU ID`, `sku_id` and `skuid` are one.
fn column_key(name: &str) -> String {
    fold(name).chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).collect()
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether this row is shown.
    pub fn matches(&self, row: &impl FilterRow) -> bool {
        self.terms.iter().all(|term| term.alternatives.iter().any(|one| one.holds(row)) != term.is_inverted)
    }
}

impl Condition {
    fn holds(&self, row: &impl FilterRow) -> bool {
        match self {
            Self::Anywhere(text) => row.contains(text),
            Self::Contains { column, text } => fold(&row.text(*column)).contains(text.as_str()),
            Self::Is { column, text } => fold(&row.text(*column)).split('\n').any(|one| one.trim() == text),
            Self::Amount { column, comparison, than } => {
                row.amount(*column).is_some_and(|amount| comparison.holds_for(amount, *than))
            }
            Self::Not(condition) => !condition.holds(row),
            Self::Time { column, comparison, than } => {
                let text = row.text(*column);
                let part = text.get(than.start..).and_then(|from| from.get(..than.digits.len()));
                part.is_some_and(|part| comparison.allows(part.cmp(than.digits.as_str())))
            }
        }
    }
}

impl Comparison {
    /// Of a price range, one price for which it holds is enough.
    fn holds_for(self, amount: Price, than: Price) -> bool {
        let (low, high) = (amount.low().compare(than.high()), amount.high().compare(than.low()));
        match self {
            Self::Less => low.is_lt(),
            Self::AtMost => low.is_le(),
            Self::Equal => low.is_le() && high.is_ge(),
            Self::AtLeast => high.is_ge(),
            Self::More => high.is_gt(),
        }
    }

    fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }
}
