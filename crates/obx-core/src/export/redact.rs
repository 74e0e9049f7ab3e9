//! Replaces secrets in exports.

use onebound::SecretNames;

/// Replaces a secret that is not in the environment.
pub(super) use onebound::MASK;

/// Replaces the caller's key and secret: a copied command takes them from the environment.
pub(super) const KEY: (&str, &str) = ("key", "$OBX_KEY");
pub(super) const SECRET: (&str, &str) = ("secret", "$OBX_SECRET");

/// A parameter's value as it may be shown.
pub(super) fn parameter<'a>(name: &str, value: &'a str) -> &'a str {
    match name.to_ascii_lowercase().as_str() {
        "key" => KEY.1,
        "secret" => SECRET.1,
        name if SecretNames::default().covers(name) => MASK,
        _ => value,
    }
}

/// A header's value as it may be shown: cookies and tokens are as good as a password.
pub(crate) fn header(name: &str, value: &str) -> String {
    SecretNames::default().mask_header(name, value.to_owned())
}
