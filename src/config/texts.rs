//! What a text means, whether it is a flag's, a variable's or the file's.

use crate::api::{CallError, CallSettings, VendorCache};

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

/// `yes` or `no`.
pub(super) fn vendor_cache(text: &str) -> Result<VendorCache, NoVendorCache> {
    match text {
        "yes" => Ok(VendorCache::Yes),
        "no" => Ok(VendorCache::No),
        _ => Err(NoVendorCache(text.to_owned())),
    }
}
