//! What may stand in the file. All of it is checked, whether a session uses it or not.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::diagnostics::Report;
use super::file_mode::Guard;
use super::parse;
use super::table_reader::Section;
use super::units::{LONGEST_CALL, LONGEST_FRESHNESS, duration, size, store_size};
use super::{Freshness, Guards, Retention};
use crate::i18n::Language;
use onebound::{Auth, CallSettings, Credentials, Host, Limits, SecretNames};

/// What a file says. Without `Debug`: a command may hold a secret.
#[derive(Default)]
pub(super) struct File {
    pub(super) profile: Option<String>,
    pub(super) ui_lang: Option<Language>,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) limits: Limits,
    pub(super) freshness: Freshness,
    pub(super) store: Option<PathBuf>,
    pub(super) retention: Retention,
    pub(super) guards: Guards,
    pub(super) price_per_call: Option<String>,
    pub(super) secret_names: SecretNames,
    pub(super) view_size: Option<usize>,
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
    /// From elsewhere.
    #[default]
    None,
    /// From the file itself.
    Pair(Credentials),
    /// From this command's output.
    Command(String),
}

/// Reads a whole file.
pub(super) fn file(mut root: Section<'_>, guard: &Guard, report: &mut Report<'_>) -> File {
    let mut file = File {
        profile: root.owned("profile", report),
        ui_lang: root.parsed("ui_lang", report, str::parse::<Language>),
        ..File::default()
    };
    // Before the profiles: it tells which of their parameters are secrets.
    if let Some(section) = root.section("secrets", report) {
        file.secret_names = secret_names(section, report);
    }
    let names = file.secret_names.clone();
    let profiles = root.section("profiles", report).map(|all| all.sections(report));
    for (name, section) in profiles.unwrap_or_default() {
        file.profiles.insert(name.into_inner().to_owned(), profile(section, guard, &names, report));
    }
    if let Some(section) = root.section("limits", report) {
        file.limits = limits(section, report);
    }
    if let Some(section) = root.section("freshness", report) {
        file.freshness = freshness(section, report);
    }
    if let Some(section) = root.section("store", report) {
        (file.store, file.retention) = store(section, report);
    }
    if let Some(section) = root.section("money", report) {
        (file.guards, file.price_per_call) = money(section, report);
    }
    if let Some(section) = root.section("view", report) {
        file.view_size = view(section, report);
    }
    root.finish(report);
    file
}

fn profile(mut section: Section<'_>, guard: &Guard, names: &SecretNames, report: &mut Report<'_>) -> Profile {
    let profile = Profile {
        secrets: secrets(&mut section, guard, report),
        auth: section.parsed("auth", report, parse::auth),
        hosts: hosts(&mut section, report),
        call: CallSettings {
            platform: section.parsed("platform", report, parse::platform),
            lang: section.parsed("lang", report, parse::lang),
            cache: section.parsed("cache", report, parse::vendor_cache),
            result_type: section.parsed("result_type", report, str::parse).unwrap_or_default(),
            version: section.owned("api_version", report).filter(|version| !version.is_empty()),
            sales_data: section.switch("sales_data", report),
            agent: section.switch("agent", report),
            extra: params(&mut section, guard, names, report),
            secret_names: names.clone(),
        },
    };
    section.finish(report);
    profile
}

fn secrets(section: &mut Section<'_>, guard: &Guard, report: &mut Report<'_>) -> Secrets {
    let key = section.text("key", report);
    let secret = section.text("secret", report);
    let command = section.owned("key_command", report);
    place_of_secrets(section, guard, report);
    match (key, secret, command) {
        (Some(key), Some(secret), None) => {
            let pair = Credentials::new(key.get_ref(), secret.get_ref());
            report.keep(&key.span(), "key", pair).map_or(Secrets::None, Secrets::Pair)
        }
        (None, None, Some(command)) => Secrets::Command(command),
        _ => Secrets::None,
    }
}

/// Whether what stands there may stand there, together and in this file.
fn place_of_secrets(section: &Section<'_>, guard: &Guard, report: &mut Report<'_>) {
    let [key, secret, command] = ["key", "secret", "key_command"].map(|name| section.span(name));
    if let Some(first) = key.as_ref().or(secret.as_ref()).filter(|_| !guard.private) {
        report.at(first, format!("key and secret need a file that is its owner's alone: {}", guard.remedy));
    }
    match (key, secret, command) {
        (Some(_), _, Some(command)) | (_, Some(_), Some(command)) => {
            report
                .at(&command, "`key_command` stands in place of `key` and `secret`, not beside them".into());
        }
        (Some(key), None, None) => report.at(&key, "`key` without `secret`: they come as a pair".into()),
        (None, Some(secret), None) => {
            report.at(&secret, "`secret` without `key`: they come as a pair".into());
        }
        (None, None, Some(command)) if guard.writable_by_all => {
            report.at(&command, format!("`key_command` in a file that anybody may change: {}", guard.remedy));
        }
        _ => {}
    }
}

fn hosts(section: &mut Section<'_>, report: &mut Report<'_>) -> Vec<Host> {
    let Some(texts) = section.texts("hosts", report) else { return Vec::new() };
    if let Some(span) = section.span("hosts").filter(|_| texts.is_empty()) {
        report.at(&span, "`hosts` must hold one host at least".into());
    }
    let host = |text: &toml::Spanned<&str>| report.keep(&text.span(), "hosts", Host::parse(text.get_ref()));
    texts.iter().filter_map(host).collect()
}

/// Names that mean a secret, beside those that always do.
fn secret_names(mut section: Section<'_>, report: &mut Report<'_>) -> SecretNames {
    let listed = section.texts("names", report).unwrap_or_default();
    let name = |text: &toml::Spanned<&str>| {
        report.keep(&text.span(), "names", parse::parameter_name(text.get_ref()))
    };
    let names: Vec<String> = listed.iter().filter_map(name).collect();
    section.finish(report);
    SecretNames::with_extra(names)
}

fn params(
    section: &mut Section<'_>,
    guard: &Guard,
    names: &SecretNames,
    report: &mut Report<'_>,
) -> Vec<(String, String)> {
    let Some(params) = section.section("params", report) else { return Vec::new() };
    let pairs = params.pairs(report);
    for (name, _) in pairs.iter().filter(|(name, _)| names.covers(name.get_ref()) && !guard.private) {
        let text = format!("`{}` needs a file that is its owner's alone: {}", name.get_ref(), guard.remedy);
        report.at(&name.span(), text);
    }
    let param = |(name, value): (toml::Spanned<&str>, &str)| {
        let pair = (name.get_ref().to_string(), value.to_owned());
        report.keep(&name.span(), "params", parse::parameter(pair))
    };
    pairs.into_iter().filter_map(param).collect()
}

fn limits(mut section: Section<'_>, report: &mut Report<'_>) -> Limits {
    let of_call = |text: &str| duration(text, LONGEST_CALL);
    let default = Limits::default();
    let limits = Limits {
        connect_timeout: section
            .parsed("connect_timeout", report, of_call)
            .unwrap_or(default.connect_timeout),
        timeout: section.parsed("timeout", report, of_call).unwrap_or(default.timeout),
        max_body: section.parsed("max_body", report, size).unwrap_or(default.max_body),
    };
    section.finish(report);
    limits
}

fn store(mut section: Section<'_>, report: &mut Report<'_>) -> (Option<PathBuf>, Retention) {
    let path = section.parsed("path", report, parse::absolute_path);
    let keep = section.parsed("keep", report, |text| duration(text, LONGEST_FRESHNESS));
    let max_size = section.parsed("max_size", report, store_size);
    section.finish(report);
    (path, Retention { keep, max_size })
}

fn money(mut section: Section<'_>, report: &mut Report<'_>) -> (Guards, Option<String>) {
    let guards = Guards { cap: section.number("cap", report), reserve: section.number("reserve", report) };
    let price_per_call = section.parsed("price_per_call", report, parse::price);
    section.finish(report);
    (guards, price_per_call)
}

fn view(mut section: Section<'_>, report: &mut Report<'_>) -> Option<usize> {
    let largest = section.parsed("max_size", report, size);
    section.finish(report);
    largest
}

fn freshness(mut section: Section<'_>, report: &mut Report<'_>) -> Freshness {
    let mut read = |name, default: Duration| {
        section.parsed(name, report, |text| duration(text, LONGEST_FRESHNESS)).unwrap_or(default)
    };
    let default = Freshness::default();
    let freshness =
        Freshness { item: read("item", default.item), no_result: read("no_result", default.no_result) };
    section.finish(report);
    freshness
}
