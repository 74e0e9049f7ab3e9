//! What a value means, whether it is a flag's, a variable's or the file's.

use std::path::PathBuf;

use onebound::{Auth, CallSettings, Decimal, ResultType, Sku, VendorCache};

use super::error::ValueError;
use super::screen::{AmbiguousWidth, ThemeName};
use crate::i18n::Language;
use crate::suggest::nearest;

pub(super) fn platform(text: &str) -> Result<String, ValueError> {
    let call = CallSettings { platform: Some(text.to_owned()), ..CallSettings::default() };
    Ok(call.check().map(|()| text.to_owned())?)
}

/// A language of the API.
pub(super) fn lang(text: &str) -> Result<String, ValueError> {
    let call = CallSettings { lang: Some(text.to_owned()), ..CallSettings::default() };
    Ok(call.check().map(|()| text.to_owned())?)
}

/// A further parameter, whose name must not have a setting of its own.
pub(super) fn parameter(pair: (String, String)) -> Result<(String, String), ValueError> {
    let call = CallSettings { extra: vec![pair.clone()], ..CallSettings::default() };
    Ok(call.check().map(|()| pair)?)
}

pub(super) fn parameter_name(text: &str) -> Result<String, ValueError> {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let valid = !text.is_empty() && text.bytes().all(part);
    if valid { Ok(text.to_owned()) } else { Err(ValueError::NoName(text.to_owned())) }
}

/// Columns of the SKU table besides those of `SKU_FIELDS`.
const FURTHER_COLUMNS: [&str; 4] = ["axes", "stock", "agent_price", "picture"];

/// The name of a column of the SKU table: a field's, `axes`, or that of an axis, which may be anything but a field
/// misspelled.
pub(super) fn sku_column(text: &str) -> Result<String, ValueError> {
    let known: Vec<&str> = FURTHER_COLUMNS.into_iter().chain(crate::export::SKU_FIELDS).collect();
    match nearest(text, &known) {
        Some("stock") if text == "stock" => Ok("quantity".to_owned()),
        Some(meant) if meant != text => Err(ValueError::NoColumn { name: text.to_owned(), meant }),
        _ => Ok(text.to_owned()),
    }
}

/// The longest name of somebody who asks, in characters: it has room for a user and a machine, and a row of the log for it.
pub(super) const MAX_PERSON: usize = 100;

/// The name of somebody who asks. Blanks around it would make two people of one.
pub(super) fn person(text: &str) -> Result<String, ValueError> {
    let has_room = (1..=MAX_PERSON).contains(&text.chars().count());
    let valid = has_room && text.trim() == text && !text.chars().any(char::is_control);
    if valid { Ok(text.to_owned()) } else { Err(ValueError::NoPerson) }
}

/// The name of a number for formulas, which see the item by a name of this kind too.
pub(super) fn variable(text: &str) -> Result<String, ValueError> {
    if text == "item" { Err(ValueError::TakenVariable(text.to_owned())) } else { price_name(text) }
}

/// The name of a calculated column: no other column of a SKU, so that an export has each name once.
pub(super) fn calculated_column(text: &str) -> Result<String, ValueError> {
    let mut taken = FURTHER_COLUMNS.into_iter().chain(crate::export::SKU_FIELDS).chain(Sku::known_fields());
    if taken.any(|name| name == text) {
        return Err(ValueError::TakenColumn(text.to_owned()));
    }
    price_name(text)
}

/// A name in `[price]`.
fn price_name(text: &str) -> Result<String, ValueError> {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let valid = text.bytes().all(part) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    if valid { Ok(text.to_owned()) } else { Err(ValueError::NoVariable(text.to_owned())) }
}

/// A number for formulas, perhaps with a sign and a point.
pub(super) fn number(text: &str) -> Result<String, ValueError> {
    let parsed = text.parse::<Decimal>().map(|number| number.to_string());
    parsed.map_err(|_| ValueError::NoNumber(text.to_owned()))
}

/// A jq program, which is compiled when it is needed.
pub(super) fn formula(text: &str) -> Result<String, ValueError> {
    if text.trim().is_empty() { Err(ValueError::NoFormula) } else { Ok(text.to_owned()) }
}

pub(super) fn vendor_cache(text: &str) -> Result<VendorCache, ValueError> {
    let known = match text {
        "yes" => Some(VendorCache::Yes),
        "no" => Some(VendorCache::No),
        _ => None,
    };
    one_of(known, text, "yes, no")
}

pub(super) fn auth(text: &str) -> Result<Auth, ValueError> {
    let known = match text {
        "secret" => Some(Auth::Secret),
        "sign" => Some(Auth::Sign),
        _ => None,
    };
    one_of(known, text, "secret, sign")
}

pub(super) fn result_type(text: &str) -> Result<ResultType, ValueError> {
    one_of(text.parse().ok(), text, "json, jsonu, xml, serialize, var_export")
}

/// The interface's language.
pub(super) fn ui_lang(text: &str) -> Result<Language, ValueError> {
    one_of(Language::parse(text), text, "en, zh-CN, zh-TW")
}

pub(super) fn theme(text: &str) -> Result<ThemeName, ValueError> {
    one_of(ThemeName::parse(text), text, "terminal, light, dark, auto")
}

pub(super) fn ambiguous_width(cells: u64) -> Result<AmbiguousWidth, ValueError> {
    let known = match cells {
        1 => Some(AmbiguousWidth::One),
        2 => Some(AmbiguousWidth::Two),
        _ => None,
    };
    one_of(known, &cells.to_string(), "1, 2")
}

pub(super) fn one_of<T>(known: Option<T>, text: &str, choices: &'static str) -> Result<T, ValueError> {
    known.ok_or_else(|| ValueError::NotOneOf { value: text.to_owned(), choices })
}

/// A path that does not depend on where obx is started; `~` is the home directory.
pub(super) fn absolute_path(text: &str) -> Result<PathBuf, ValueError> {
    let path = match text.strip_prefix("~/") {
        Some(below) => etcetera::home_dir().map_err(|_| ValueError::NoHome(text.to_owned()))?.join(below),
        None => PathBuf::from(text),
    };
    if path.is_absolute() { Ok(path) } else { Err(ValueError::NoPath(text.to_owned())) }
}

/// An amount in yuan: digits, and a decimal point.
pub(super) fn price(text: &str) -> Result<Decimal, ValueError> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let price = text.parse().ok().filter(|_| digits(whole) && digits(part));
    price.ok_or_else(|| ValueError::NoPrice(text.to_owned()))
}
