//! `[keys]`: which keys do what. Which actions, scopes and keys there are is known to the program alone, so that it checks
//! the names.

use std::path::PathBuf;

use toml::Spanned;

use super::diagnostics::Diagnostics;
use super::table_reader::{KeyEntry, TableReader};

/// The `[keys]` of the config file.
#[derive(Clone, Debug, Default)]
pub struct KeySettings {
    /// The file, for errors; `None` if there is none.
    pub path: Option<PathBuf>,
    /// In the order of the file.
    pub all: Vec<KeySetting>,
}

/// The keys of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetting {
    /// The name of the table in `[keys]` that it is in: `response`.
    pub scope: Option<NameAt>,
    /// The action's name.
    pub action: NameAt,
    /// Its keys; empty if it is to have none.
    pub keys: Vec<NameAt>,
}

/// A word of the file, and its line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAt {
    /// As written in the file.
    pub name: String,
    /// The line.
    pub line: usize,
}

pub(super) fn keys(table: &TableReader<'_>, found: &mut Diagnostics<'_>) -> Vec<KeySetting> {
    let mut all = Vec::new();
    for (name, entry) in table.key_entries(found) {
        match entry {
            KeyEntry::Keys(keys) => all.push(setting(None, &name, &keys, found)),
            KeyEntry::Table(table) => {
                let scope = name_at(&name, found);
                for (name, entry) in table.key_entries(found) {
                    match entry {
                        KeyEntry::Keys(keys) => all.push(setting(Some(scope.clone()), &name, &keys, found)),
                        KeyEntry::Table(_) => found.add_no_keys(&name),
                    }
                }
            }
        }
    }
    all
}

fn setting(
    scope: Option<NameAt>,
    action: &Spanned<&str>,
    keys: &[Spanned<&str>],
    found: &Diagnostics<'_>,
) -> KeySetting {
    let keys = keys.iter().map(|key| name_at(key, found)).collect();
    KeySetting { scope, action: name_at(action, found), keys }
}

fn name_at(name: &Spanned<&str>, found: &Diagnostics<'_>) -> NameAt {
    NameAt { name: (*name.get_ref()).to_owned(), line: found.line(&name.span()) }
}
