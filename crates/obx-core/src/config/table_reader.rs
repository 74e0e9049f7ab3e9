//! Reads a table of the file key by key. The keys that are read are the keys that are known, so that the check for
//! unknown ones ([`TableReader::finish`]) can't fall behind.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::Diagnostics;
use super::error::{Expected, Mistake, ValueError};
use crate::suggest::nearest;

/// What `[keys]` has under a name.
pub(super) enum KeyEntry<'a> {
    /// The keys of an action.
    Keys(Vec<Spanned<&'a str>>),
    /// The actions of a scope.
    Table(TableReader<'a>),
}

/// A table of the file.
pub(super) struct TableReader<'a> {
    table: &'a DeTable<'a>,
    /// The keys that were read so far.
    known: Vec<&'static str>,
}

impl<'a> TableReader<'a> {
    pub(super) fn new(table: &'a DeTable<'a>) -> Self {
        Self { table, known: Vec::new() }
    }

    /// The place of a key's value, of whatever type.
    pub(super) fn span(&self, name: &str) -> Option<Range<usize>> {
        self.table.get(name).map(Spanned::span)
    }

    pub(super) fn text(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
    ) -> Option<Spanned<&'a str>> {
        self.typed(name, Expected::Text, DeValue::as_str, found)
    }

    pub(super) fn owned(&mut self, name: &'static str, found: &mut Diagnostics<'_>) -> Option<String> {
        self.text(name, found).map(|text| text.into_inner().to_owned())
    }

    /// A text that `parse` turns into a value.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let text = self.text(name, found)?;
        found.value(&text.span(), name, parse(text.get_ref()))
    }

    /// False where the key is missing.
    pub(super) fn switch(&mut self, name: &'static str, found: &mut Diagnostics<'_>) -> bool {
        self.optional_switch(name, found).unwrap_or_default()
    }

    /// A switch whose default is not `false`.
    pub(super) fn optional_switch(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
    ) -> Option<bool> {
        self.typed(name, Expected::Switch, DeValue::as_bool, found).map(Spanned::into_inner)
    }

    /// A number without a sign.
    pub(super) fn number(&mut self, name: &'static str, found: &mut Diagnostics<'_>) -> Option<u64> {
        let number = self.typed(name, Expected::Number, DeValue::as_integer, found)?;
        let (span, digits) = (number.span(), number.get_ref().as_str());
        let reason = if digits.starts_with('-') { ValueError::Negative } else { ValueError::TooMany };
        found.value(&span, name, digits.parse().map_err(|_| reason))
    }

    /// A number that `parse` turns into a value.
    pub(super) fn number_as<T>(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
        parse: impl FnOnce(u64) -> Result<T, ValueError>,
    ) -> Option<T> {
        let number = self.number(name, found)?;
        found.value(&self.span(name)?, name, parse(number))
    }

    /// A list of texts, together with the place of each.
    pub(super) fn texts(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
    ) -> Option<Vec<Spanned<&'a str>>> {
        let list = self.typed(name, Expected::List, DeValue::as_array, found)?;
        let text =
            |value: &'a Spanned<DeValue<'a>>| typed(value, name, Expected::List, DeValue::as_str, found);
        Some(list.into_inner().iter().filter_map(text).collect())
    }

    /// A table in this one.
    pub(super) fn table(
        &mut self,
        name: &'static str,
        found: &mut Diagnostics<'_>,
    ) -> Option<TableReader<'a>> {
        self.typed(name, Expected::Table, DeValue::as_table, found).map(|table| Self::new(table.into_inner()))
    }

    /// The tables in this one, all of whose keys are the user's own names.
    pub(super) fn tables(&self, found: &mut Diagnostics<'_>) -> Vec<(Spanned<&'a str>, TableReader<'a>)> {
        self.entries(Expected::Table, DeValue::as_table, found)
            .into_iter()
            .map(|(name, table)| (name, Self::new(table)))
            .collect()
    }

    /// The keys and texts of a table whose keys are the user's own names.
    pub(super) fn pairs(&self, found: &mut Diagnostics<'_>) -> Vec<(Spanned<&'a str>, &'a str)> {
        self.entries(Expected::Text, DeValue::as_str, found)
    }

    /// The entries of a table of keys, in the order of the file: a key, a list of keys, or a table.
    pub(super) fn key_entries(&self, found: &mut Diagnostics<'_>) -> Vec<(Spanned<&'a str>, KeyEntry<'a>)> {
        let named = self.entries(Expected::Keys, Some, found);
        let mut entries = Vec::new();
        for (name, value) in named {
            let span = self.span(name.get_ref()).unwrap_or_default();
            let text = |value: &'a Spanned<DeValue<'a>>| {
                typed(value, name.get_ref(), Expected::Keys, DeValue::as_str, found)
            };
            let entry = match value {
                DeValue::Table(table) => Some(KeyEntry::Table(Self::new(table))),
                DeValue::Array(list) => Some(KeyEntry::Keys(list.iter().filter_map(text).collect())),
                DeValue::String(key) => Some(KeyEntry::Keys(vec![Spanned::new(span, key.as_ref())])),
                other => {
                    found.add_wrong_keys(&span, name.get_ref(), other.type_str());
                    None
                }
            };
            entries.extend(entry.map(|entry| (name.clone(), entry)));
        }
        entries
    }

    /// Adds a mistake for each key that was not read.
    pub(super) fn finish(self, found: &mut Diagnostics<'_>) {
        for key in self.table.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().to_string();
            found.add(
                &key.span(),
                match table_of(&name) {
                    Some(table) => Mistake::OtherTable { key: name, table },
                    None => Mistake::UnknownKey { meant: nearest(&name, &self.known), key: name },
                },
            );
        }
    }

    fn typed<T>(
        &mut self,
        name: &'static str,
        expected: Expected,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
        found: &mut Diagnostics<'_>,
    ) -> Option<Spanned<T>> {
        self.known.push(name);
        typed(self.table.get(name)?, name, expected, read, found)
    }

    /// In the order of the file, which the table itself does not keep.
    fn entries<T>(
        &self,
        expected: Expected,
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
        found: &mut Diagnostics<'_>,
    ) -> Vec<(Spanned<&'a str>, T)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &str = std::borrow::Cow::as_ref(key.get_ref());
            let value = typed(value, name, expected, &read, found)?;
            Some((Spanned::new(key.span(), name), value.into_inner()))
        };
        entries.into_iter().filter_map(entry).collect()
    }
}

fn typed<'a, T>(
    value: &'a Spanned<DeValue<'a>>,
    name: &str,
    expected: Expected,
    read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    found: &mut Diagnostics<'_>,
) -> Option<Spanned<T>> {
    let Some(content) = read(value.get_ref()) else {
        let mistake =
            Mistake::WrongType { key: name.to_owned(), expected, found: value.get_ref().type_str() };
        found.add(&value.span(), mistake);
        return None;
    };
    Some(Spanned::new(value.span(), content))
}

/// Tables with the keys that no other table has: at the wrong place, such a key belongs there.
pub(super) const TABLES: [(&str, &[&str]); 5] = [
    (
        "profiles.NAME",
        &[
            "key",
            "secret",
            "key_command",
            "auth",
            "hosts",
            "platform",
            "lang",
            "cache",
            "api_version",
            "result_type",
            "sales_data",
            "agent",
            "params",
        ],
    ),
    ("limits", &["connect_timeout", "timeout", "max_body"]),
    ("freshness", &["item", "no_result"]),
    ("store", &["asked_by", "password_command", "keep"]),
    ("money", &["cap", "reserve", "price_per_call"]),
];

/// Returns the table that a key belongs in, if it is a key of one alone.
fn table_of(key: &str) -> Option<&'static str> {
    TABLES.iter().find(|(_, keys)| keys.contains(&key)).map(|(table, _)| *table)
}
