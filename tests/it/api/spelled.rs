//! A planted secret in every way in which a body, a header or a page may write it.

use std::fmt::Write;

/// Every spelling; a text that holds none of them holds no secret.
pub(crate) fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    let json = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap().to_owned();
    let percent = percent(secret, |byte| byte.is_ascii_alphanumeric());
    let as_sent = as_sent(secret);
    vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        secret.replace('\\', "\\\\").replace('\'', "\\'"),
        entities(secret),
        php(secret),
        lower_hex(&percent),
        lower_hex(&as_sent),
        json,
        percent,
        as_sent,
    ]
}

/// As PHP's `htmlspecialchars` writes it.
fn entities(secret: &str) -> String {
    let text = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#039;")
}

/// The form that it has in the request's own query.
pub(crate) fn as_sent(secret: &str) -> String {
    percent(secret, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

/// As PHP's `json_encode` writes it: slashes, and all that is not ASCII, escaped.
pub(crate) fn php(secret: &str) -> String {
    let mut text = String::new();
    for unit in secret.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(special @ ('"' | '\\' | '/')) => text.extend(['\\', special]),
            Some(plain) if plain.is_ascii() => text.push(plain),
            _ => write!(text, "\\u{unit:04x}").unwrap(),
        }
    }
    text
}

fn percent(secret: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut text = String::new();
    for byte in secret.bytes() {
        if stays(byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
    }
    text
}

/// `%2F` as `%2f`; the letters around it stay.
pub(crate) fn lower_hex(percent: &str) -> String {
    let mut parts = percent.split('%');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at(2);
        write!(text, "%{}{rest}", hex.to_lowercase()).unwrap();
    }
    text
}
