//! What stands in place of secrets in all that is written for others.

/// In place of a secret that can't be taken from the environment.
pub(super) const MASK: &str = "***";

/// What stands for the caller's key and secret: the environment has them where a copied command is to work.
pub(super) const KEY: (&str, &str) = ("key", "$OBX_KEY");
pub(super) const SECRET: (&str, &str) = ("secret", "$OBX_SECRET");

/// A parameter's value as it may be shown.
pub(super) fn parameter<'a>(name: &str, value: &'a str) -> &'a str {
    match name.to_ascii_lowercase().as_str() {
        "key" => KEY.1,
        "secret" => SECRET.1,
        "sign" => MASK,
        _ => value,
    }
}

/// A header's value as it may be shown: cookies and tokens are as good as a password.
pub(crate) fn header<'a>(name: &str, value: &'a str) -> &'a str {
    let secret = ["set-cookie", "cookie", "authorization", "proxy-authorization", "x-api-key"];
    if secret.iter().any(|secret| name.eq_ignore_ascii_case(secret)) { MASK } else { value }
}
