//! What the file can set. All of it is checked, whether a session uses it or not.

use std::collections::BTreeMap;
use std::time::Duration;

use super::diagnostics::Diagnostics;
use super::display::{DisplayChoices, parse_links, parse_pictures};
use super::error::{Mistake, ValueError};
use super::file_mode::FileMode;
use super::keys::{self, KeySettings};
use super::parse;
use super::screen::ScreenFile;
use super::store_place::{StoreCommand, StoreLocation, StoreSettings};
use super::table_reader::TableReader;
use super::units::{LONGEST_CALL, LONGEST_FRESHNESS, duration, size, store_size};
use super::{Freshness, Guards, Retention};
use crate::i18n::Language;
use crate::price::{PriceFormula, PriceSettings};
use onebound::{Auth, CallSettings, Credentials, Decimal, Host, Limits, SecretNames};

/// What a file sets. Without `Debug`: a command may hold a secret.
#[derive(Default)]
pub(super) struct FileSettings {
    pub(super) profile: Option<String>,
    pub(super) ui_lang: Option<Language>,
    pub(super) screen: ScreenFile,
    pub(super) display: DisplayChoices,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) limits: Limits,
    pub(super) freshness: Freshness,
    pub(super) store: StoreSettings,
    pub(super) guards: Guards,
    pub(super) price_per_call: Option<Decimal>,
    pub(super) sku_columns: Vec<String>,
    pub(super) secret_names: SecretNames,
    pub(super) view_size: Option<usize>,
    pub(super) price: PriceSettings,
    pub(super) mouse: bool,
    pub(super) restore: Option<bool>,
    pub(super) keys: KeySettings,
}

/// `[profiles.NAME]`
#[derive(Clone, Default)]
pub(super) struct Profile {
    pub(super) secrets: Secrets,
    pub(super) auth: Option<Auth>,
    pub(super) hosts: Vec<Host>,
    pub(super) call: CallSettings,
}

/// Where a profile's credentials come from.
#[derive(Clone, Default)]
pub(super) enum Secrets {
    /// The file names none: the environment may.
    #[default]
    None,
    /// From the file itself.
    Pair(Credentials),
    /// From this command's output.
    Command(String),
}

pub(super) fn file(mut root: TableReader<'_>, mode: &FileMode, found: &mut Diagnostics<'_>) -> FileSettings {
    let mut file = FileSettings {
        profile: root.owned("profile", found),
        ui_lang: root.parsed("ui_lang", found, parse::ui_lang),
        restore: root.optional_switch("restore", found),
        screen: ScreenFile {
            theme: root.parsed("theme", found, parse::theme),
            ascii: root.switch("ascii", found),
            lean: root.switch("lean", found),
            ambiguous_width: root
                .number_as("ambiguous_width", found, parse::ambiguous_width)
                .unwrap_or_default(),
        },
        display: DisplayChoices {
            pictures: root.parsed("pictures", found, parse_pictures).flatten(),
            links: root.parsed("links", found, parse_links).flatten(),
            accessible: root.optional_switch("accessible", found),
        },
        mouse: root.switch("mouse", found),
        ..FileSettings::default()
    };
    // Before the profiles, for it says which of their parameters are secrets.
    if let Some(table) = root.table("secrets", found) {
        file.secret_names = secret_names(table, found);
    }
    let names = file.secret_names.clone();
    let profiles = root.table("profiles", found).map(|all| all.tables(found));
    for (name, table) in profiles.unwrap_or_default() {
        file.profiles.insert(name.into_inner().to_owned(), profile(table, mode, &names, found));
    }
    if let Some(table) = root.table("limits", found) {
        file.limits = limits(table, found);
    }
    if let Some(table) = root.table("freshness", found) {
        file.freshness = freshness(table, found);
    }
    if let Some(table) = root.table("store", found) {
        file.store = store(table, mode, found);
    }
    if let Some(table) = root.table("money", found) {
        (file.guards, file.price_per_call) = money(table, found);
    }
    if let Some(table) = root.table("skus", found) {
        file.sku_columns = sku_columns(table, found);
    }
    if let Some(table) = root.table("price", found) {
        file.price = price(table, found);
    }
    if let Some(table) = root.table("view", found) {
        file.view_size = view(table, found);
    }
    if let Some(table) = root.table("keys", found) {
        file.keys.all = keys::keys(&table, found);
    }
    root.finish(found);
    file
}

fn profile(
    mut table: TableReader<'_>,
    mode: &FileMode,
    names: &SecretNames,
    found: &mut Diagnostics<'_>,
) -> Profile {
    let profile = Profile {
        secrets: secrets(&mut table, mode, found),
        auth: table.parsed("auth", found, parse::auth),
        hosts: hosts(&mut table, found),
        call: CallSettings {
            platform: table.parsed("platform", found, parse::platform),
            lang: table.parsed("lang", found, parse::lang),
            cache: table.parsed("cache", found, parse::vendor_cache),
            result_type: table.parsed("result_type", found, parse::result_type).unwrap_or_default(),
            version: table.owned("api_version", found).filter(|version| !version.is_empty()),
            sales_data: table.switch("sales_data", found),
            agent: table.switch("agent", found),
            extra: params(&mut table, mode, names, found),
            secret_names: names.clone(),
        },
    };
    table.finish(found);
    profile
}

fn secrets(table: &mut TableReader<'_>, mode: &FileMode, found: &mut Diagnostics<'_>) -> Secrets {
    let key = table.text("key", found);
    let secret = table.text("secret", found);
    let command = table.owned("key_command", found);
    place_of_secrets(table, mode, found);
    match (key, secret, command) {
        (Some(key), Some(secret), None) => {
            let pair = Credentials::new(key.get_ref(), secret.get_ref());
            found.value(&key.span(), "key", pair).map_or(Secrets::None, Secrets::Pair)
        }
        (None, None, Some(command)) => Secrets::Command(command),
        _ => Secrets::None,
    }
}

/// Checks that these keys may be set together, and in a file of this mode.
fn place_of_secrets(table: &TableReader<'_>, mode: &FileMode, found: &mut Diagnostics<'_>) {
    let [key, secret, command] = ["key", "secret", "key_command"].map(|name| table.span(name));
    if let Some(first) = key.as_ref().or(secret.as_ref()).filter(|_| !mode.private) {
        found.add(first, Mistake::PairReadable);
    }
    match (key, secret, command) {
        (Some(_), _, Some(command)) | (_, Some(_), Some(command)) => {
            found.add(&command, Mistake::CommandAndPair);
        }
        (Some(key), None, None) => found.add(&key, Mistake::KeyAlone),
        (None, Some(secret), None) => found.add(&secret, Mistake::SecretAlone),
        (None, None, Some(command)) if mode.writable_by_all => {
            found.add(&command, Mistake::CommandWritable("key_command"));
        }
        _ => {}
    }
}

fn hosts(table: &mut TableReader<'_>, found: &mut Diagnostics<'_>) -> Vec<Host> {
    let Some(texts) = table.texts("hosts", found) else { return Vec::new() };
    if let Some(span) = table.span("hosts").filter(|_| texts.is_empty()) {
        found.add(&span, Mistake::NoHosts);
    }
    let host = |text: &toml::Spanned<&str>| found.value(&text.span(), "hosts", Host::parse(text.get_ref()));
    texts.iter().filter_map(host).collect()
}

/// Names of further secrets, beside those that always are.
fn secret_names(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> SecretNames {
    let listed = table.texts("names", found).unwrap_or_default();
    let name = |text: &toml::Spanned<&str>| {
        found.value(&text.span(), "names", parse::parameter_name(text.get_ref()))
    };
    let names: Vec<String> = listed.iter().filter_map(name).collect();
    table.finish(found);
    SecretNames::with_extra(names)
}

fn params(
    table: &mut TableReader<'_>,
    mode: &FileMode,
    names: &SecretNames,
    found: &mut Diagnostics<'_>,
) -> Vec<(String, String)> {
    let Some(params) = table.table("params", found) else { return Vec::new() };
    let pairs = params.pairs(found);
    for (name, _) in pairs.iter().filter(|(name, _)| names.covers(name.get_ref()) && !mode.private) {
        found.add(&name.span(), Mistake::NameReadable(name.get_ref().to_string()));
    }
    let param = |(name, value): (toml::Spanned<&str>, &str)| {
        let pair = (name.get_ref().to_string(), value.to_owned());
        found.value(&name.span(), "params", parse::parameter(pair))
    };
    pairs.into_iter().filter_map(param).collect()
}

fn limits(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> Limits {
    let of_call = |text: &str| duration(text, LONGEST_CALL);
    let default = Limits::default();
    let limits = Limits {
        connect_timeout: table.parsed("connect_timeout", found, of_call).unwrap_or(default.connect_timeout),
        timeout: table.parsed("timeout", found, of_call).unwrap_or(default.timeout),
        max_body: table.parsed("max_body", found, size).unwrap_or(default.max_body),
    };
    table.finish(found);
    limits
}

fn store(mut table: TableReader<'_>, mode: &FileMode, found: &mut Diagnostics<'_>) -> StoreSettings {
    let settings = StoreSettings {
        path: table.parsed("path", found, StoreLocation::parse),
        retention: Retention {
            keep: table.parsed("keep", found, |text| duration(text, LONGEST_FRESHNESS)),
            max_size: table.parsed("max_size", found, store_size),
        },
        asked_by: table.parsed("asked_by", found, parse::person),
        password_command: table.owned("password_command", found).map(StoreCommand),
    };
    if let Some(span) = table.span("password_command").filter(|_| mode.writable_by_all) {
        found.add(&span, Mistake::CommandWritable("password_command"));
    }
    if let (Some(StoreLocation::Server(_)), Some(span)) =
        (&settings.path, table.span("keep").or_else(|| table.span("max_size")))
    {
        found.add(&span, Mistake::RetentionOnServer);
    }
    table.finish(found);
    settings
}

fn money(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> (Guards, Option<Decimal>) {
    let guards = Guards { cap: table.number("cap", found), reserve: table.number("reserve", found) };
    let price_per_call = table.parsed("price_per_call", found, parse::price);
    table.finish(found);
    (guards, price_per_call)
}

/// The columns of the SKU table, each once.
fn sku_columns(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> Vec<String> {
    let listed = table.texts("columns", found).unwrap_or_default();
    table.finish(found);
    let mut columns: Vec<String> = Vec::new();
    for text in listed {
        let column = found.value(&text.span(), "columns", parse::sku_column(text.get_ref()));
        columns.extend(column.filter(|column| !columns.contains(column)));
    }
    columns
}

fn price(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> PriceSettings {
    let pairs = table.table("vars", found).map(|vars| vars.pairs(found)).unwrap_or_default();
    let mut variables = Vec::new();
    for (name, value) in pairs {
        let named = found.value(&name.span(), "vars", parse::variable(name.get_ref()));
        let number = found.value(&name.span(), name.get_ref(), parse::number(value));
        variables.extend(named.zip(number));
    }
    let columns = table.table("columns", found).map(|columns| columns.tables(found)).unwrap_or_default();
    let mut formulas = Vec::new();
    for (name, mut column) in columns {
        let named = found.value(&name.span(), "columns", parse::calculated_column(name.get_ref()));
        let title = column.owned("title", found).unwrap_or_else(|| name.get_ref().to_string());
        if column.span("formula").is_none() {
            found.add(
                &name.span(),
                Mistake::Value { key: name.get_ref().to_string(), reason: ValueError::NoFormula },
            );
        }
        let program = column.parsed("formula", found, parse::formula);
        column.finish(found);
        formulas.extend(named.zip(program).map(|(name, program)| PriceFormula { name, title, program }));
    }
    table.finish(found);
    PriceSettings { variables, formulas }
}

fn view(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> Option<usize> {
    let largest = table.parsed("max_size", found, size);
    table.finish(found);
    largest
}

fn freshness(mut table: TableReader<'_>, found: &mut Diagnostics<'_>) -> Freshness {
    let mut read = |name, default: Duration| {
        table.parsed(name, found, |text| duration(text, LONGEST_FRESHNESS)).unwrap_or(default)
    };
    let default = Freshness::default();
    let freshness =
        Freshness { item: read("item", default.item), no_result: read("no_result", default.no_result) };
    table.finish(found);
    freshness
}
