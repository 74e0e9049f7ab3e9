//! What a text means, whether it is a flag's, a variable's or the file's.

use std::path::PathBuf;

use onebound::{Auth, CallError, CallSettings, VendorCache};

/// Neither word that the vendor's cache takes.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is neither yes nor no")]
pub(super) struct NoVendorCache(String);

/// A platform that can be sent.
pub(super) fn platform(text: &str) -> Result<String, CallError> {
    let call = CallSettings { platform: Some(text.to_owned()), ..CallSettings::default() };
    call.check().map(|()| text.to_owned())
}

/// A language of the API that can be sent.
pub(super) fn lang(text: &str) -> Result<String, CallError> {
    let call = CallSettings { lang: Some(text.to_owned()), ..CallSettings::default() };
    call.check().map(|()| text.to_owned())
}

/// A further parameter that can be sent.
pub(super) fn parameter(pair: (String, String)) -> Result<(String, String), CallError> {
    let call = CallSettings { extra: vec![pair.clone()], ..CallSettings::default() };
    call.check().map(|()| pair)
}

/// The name of a parameter.
pub(super) fn parameter_name(text: &str) -> Result<String, NoName> {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let valid = !text.is_empty() && text.bytes().all(part);
    if valid { Ok(text.to_owned()) } else { Err(NoName(text.to_owned())) }
}

/// Nothing that a parameter could be called.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no parameter's name: letters, digits, _, - and .")]
pub(super) struct NoName(String);

/// `yes` or `no`.
pub(super) fn vendor_cache(text: &str) -> Result<VendorCache, NoVendorCache> {
    match text {
        "yes" => Ok(VendorCache::Yes),
        "no" => Ok(VendorCache::No),
        _ => Err(NoVendorCache(text.to_owned())),
    }
}

/// Neither way in which the secret can go with a call.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is neither secret nor sign")]
pub(super) struct NoAuth(String);

/// `secret` or `sign`.
pub(super) fn auth(text: &str) -> Result<Auth, NoAuth> {
    match text {
        "secret" => Ok(Auth::Secret),
        "sign" => Ok(Auth::Sign),
        _ => Err(NoAuth(text.to_owned())),
    }
}

/// A path that does not depend on where obx is started, which `~` is taken for HOME in.
pub(super) fn absolute_path(text: &str) -> Result<PathBuf, NotAPath> {
    let path = match text.strip_prefix("~/") {
        Some(below) => etcetera::home_dir().map_err(|_| NotAPath(text.to_owned()))?.join(below),
        None => PathBuf::from(text),
    };
    if path.is_absolute() { Ok(path) } else { Err(NotAPath(text.to_owned())) }
}

/// An amount in yuan: digits, and a decimal point.
pub(super) fn price(text: &str) -> Result<String, NoPrice> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(part) { Ok(text.to_owned()) } else { Err(NoPrice(text.to_owned())) }
}

/// A path that leads nowhere for certain.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no path from / or ~/ on")]
pub(super) struct NotAPath(String);

/// Not an amount.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no amount such as \"0.02\"")]
pub(super) struct NoPrice(String);
