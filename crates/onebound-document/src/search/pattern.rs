//! What is looked for.

use regex::bytes::{Regex, RegexBuilder};

/// What to look for: a text, or after `~` a regular expression. In any case, unless it has a capital in it.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    plain: bool,
}

/// Not a regular expression, or a needlessly large one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a regular expression")]
pub struct PatternError;

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        // Whether case matters follows from the text.
        (self.regex.as_str(), self.plain) == (other.regex.as_str(), other.plain)
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads what was typed; `None` where that is nothing to look for.
    ///
    /// # Errors
    /// When what follows `~` is no regular expression.
    pub fn read(text: &str) -> Result<Option<Self>, PatternError> {
        let expression = text.strip_prefix(['~', '～']);
        let any_case = match expression {
            Some(expression) => !has_capital(&without_escapes(expression)),
            None => !has_capital(text),
        };
        let source = expression.map_or_else(|| regex::escape(text), str::to_owned);
        if source.is_empty() {
            return Ok(None);
        }
        let regex =
            RegexBuilder::new(&source).case_insensitive(any_case).build().map_err(|_| PatternError)?;
        Ok(Some(Self { regex, plain: expression.is_none() }))
    }

    /// Where it matches in a text.
    pub fn matches<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        self.regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty())
    }

    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }

    /// The first match from this offset on.
    pub(super) fn find_at(&self, text: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
        self.regex.find_at(text, at).map(|found| found.range())
    }

    /// Whether it is a text, and no expression.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }
}

/// Lets `\D`, `\S` and their like count for no capital.
fn without_escapes(expression: &str) -> String {
    let mut parts = expression.split('\\');
    let first = parts.next().unwrap_or_default();
    let rest = parts.flat_map(|part| part.chars().skip(1));
    first.chars().chain(rest).collect()
}

fn has_capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}
