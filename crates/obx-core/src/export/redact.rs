//! What stands in place of secrets in all that is written for others.

use onebound::SecretNames;

/// In place of a secret that can't be taken from the environment.
pub(super) use onebound::MASK;

/// What stands for the caller's key and secret: the environment has them where a copied command is to work.
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
