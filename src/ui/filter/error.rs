//! What is wrong with a filter, and where.

use std::ops::Range;

use super::Filter;
use obx_core::i18n::{Language, Texts, with_meant};

/// What a filter's text has that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    pub problem: FilterProblem,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
    /// The filter that the words before are.
    pub before: Filter,
}

/// The kind of the mistake. Texts are as they were typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterProblem {
    /// No column has this name; one has a similar one.
    UnknownColumn {
        name: String,
        meant: Option<String>,
    },
    /// An operator without a column: `>5`.
    NoColumn(String),
    /// An operator without a value: `price>`.
    NoValue(String),
    /// Nothing after `|`.
    NoAlternative,
    NotANumber(String),
    NotATime(String),
    /// A value that the column never has, and those that it can have.
    UnknownValue {
        value: String,
        known: Vec<String>,
    },
}

impl FilterError {
    /// Whether the word was probably not yet typed to its end. Then what it was until now, a text to search for, was
    /// never meant.
    pub fn is_unfinished(&self) -> bool {
        use FilterProblem::{NoAlternative, NoColumn, NoValue, UnknownColumn};
        matches!(self.problem, UnknownColumn { .. } | NoColumn(_) | NoValue(_) | NoAlternative)
    }

    /// A short message.
    pub fn describe(&self, texts: Texts) -> String {
        match &self.problem {
            FilterProblem::UnknownColumn { name, meant: None } => texts.filter_unknown_column(name),
            FilterProblem::UnknownColumn { name, meant: Some(meant) } => {
                texts.filter_did_you_mean(name, meant)
            }
            FilterProblem::NoColumn(operator) => texts.filter_no_column(operator),
            FilterProblem::NoValue(written) => texts.filter_no_value(written),
            FilterProblem::NoAlternative => texts.filter_no_alternative().to_owned(),
            FilterProblem::NotANumber(value) => texts.filter_not_a_number(value),
            FilterProblem::NotATime(value) => texts.filter_not_a_time(value),
            FilterProblem::UnknownValue { value, known } => {
                let (is_english, comma) = match texts.language() {
                    Language::En => (true, ", "),
                    Language::Zh => (false, "、"),
                };
                // A sign is known from the table.
                let is_word = |known: &&String| known.starts_with(char::is_alphabetic);
                let known = known.iter().filter(|known| is_word(known) && known.is_ascii() == is_english);
                let known: Vec<&str> = known.map(String::as_str).collect();
                let message = texts.filter_unknown_value(value, known.join(comma));
                with_meant(message, value, known, texts)
            }
        }
    }
}
