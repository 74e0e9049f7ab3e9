//! Reads a table of the file key by key. What is asked for is what is known, so that the check for unknown
//! keys ([`Section::finish`]) can't fall behind.

use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::Report;
use super::suggest::nearest;

/// A table, and the keys of it that were asked for.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// A table of which nothing has been read yet.
    pub(super) fn new(table: &'a DeTable<'a>) -> Self {
        Self { table, known: Vec::new() }
    }

    /// Where a key's value stands, of whatever type.
    pub(super) fn span(&self, name: &str) -> Option<Range<usize>> {
        self.table.get(name).map(Spanned::span)
    }

    /// A text.
    pub(super) fn text(&mut self, name: &'static str, report: &mut Report<'_>) -> Option<Spanned<&'a str>> {
        self.typed(name, "a text in quotes", DeValue::as_str, report)
    }

    /// A text that is taken as it is.
    pub(super) fn owned(&mut self, name: &'static str, report: &mut Report<'_>) -> Option<String> {
        self.text(name, report).map(|text| text.into_inner().to_owned())
    }

    /// A text that stands for something else.
    pub(super) fn parsed<T, E: Display>(
        &mut self,
        name: &'static str,
        report: &mut Report<'_>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(name, report)?;
        report.keep(&text.span(), name, parse(text.get_ref()))
    }

    /// True or false; false where it does not stand.
    pub(super) fn switch(&mut self, name: &'static str, report: &mut Report<'_>) -> bool {
        self.typed(name, "true or false", DeValue::as_bool, report).is_some_and(Spanned::into_inner)
    }

    /// A number without a sign.
    pub(super) fn number(&mut self, name: &'static str, report: &mut Report<'_>) -> Option<u64> {
        let read = |value: &'a DeValue<'a>| value.as_integer()?.as_str().parse().ok();
        self.typed(name, "a whole number", read, report).map(Spanned::into_inner)
    }

    /// A list of texts, together with the place of each.
    pub(super) fn texts(
        &mut self,
        name: &'static str,
        report: &mut Report<'_>,
    ) -> Option<Vec<Spanned<&'a str>>> {
        let list = self.typed(name, "a list of texts in quotes", DeValue::as_array, report)?;
        let text = |value: &'a Spanned<DeValue<'a>>| {
            typed(value, name, "a list of texts in quotes", DeValue::as_str, report)
        };
        Some(list.into_inner().iter().filter_map(text).collect())
    }

    /// A table in this one.
    pub(super) fn section(&mut self, name: &'static str, report: &mut Report<'_>) -> Option<Section<'a>> {
        self.typed(name, "a table", DeValue::as_table, report).map(|table| Self::new(table.into_inner()))
    }

    /// The tables in this one, all of whose keys are the user's own names.
    pub(super) fn sections(&self, report: &mut Report<'_>) -> Vec<(Spanned<&'a str>, Section<'a>)> {
        self.entries("a table", DeValue::as_table, report)
            .into_iter()
            .map(|(name, table)| (name, Self::new(table)))
            .collect()
    }

    /// The keys and texts of a table whose keys are the user's own names.
    pub(super) fn pairs(&self, report: &mut Report<'_>) -> Vec<(Spanned<&'a str>, &'a str)> {
        self.entries("a text in quotes", DeValue::as_str, report)
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, report: &mut Report<'_>) {
        for key in self.table.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref())) {
            let unknown = format!("unknown key `{}`", key.get_ref().escape_debug());
            let text = match nearest(key.get_ref(), &self.known) {
                Some(meant) => format!("{unknown}; did you mean `{meant}`?"),
                None => unknown,
            };
            report.at(&key.span(), text);
        }
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
        report: &mut Report<'_>,
    ) -> Option<Spanned<T>> {
        self.known.push(name);
        typed(self.table.get(name)?, name, expected, read, report)
    }

    /// In the order of the file, which the table itself does not keep.
    fn entries<T>(
        &self,
        expected: &str,
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
        report: &mut Report<'_>,
    ) -> Vec<(Spanned<&'a str>, T)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &str = std::borrow::Cow::as_ref(key.get_ref());
            let value = typed(value, name, expected, &read, report)?;
            Some((Spanned::new(key.span(), name), value.into_inner()))
        };
        entries.into_iter().filter_map(entry).collect()
    }
}

fn typed<'a, T>(
    value: &'a Spanned<DeValue<'a>>,
    name: &str,
    expected: &str,
    read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    report: &mut Report<'_>,
) -> Option<Spanned<T>> {
    let Some(content) = read(value.get_ref()) else {
        let found = value.get_ref().type_str();
        report.at(&value.span(), format!("`{}` must be {expected} (here: {found})", name.escape_debug()));
        return None;
    };
    Some(Spanned::new(value.span(), content))
}
