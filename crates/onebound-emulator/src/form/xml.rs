//! XML as `ThinkPHP` writes arrays: `<think>`, an entry an element, `<item id="0">` where the key is no name.
//!
//! The vendor's XML is not documented; this is the most common format of PHP gateways. All values are texts: null,
//! false and an empty array are all empty.

use serde_json::Value;

use super::php_array::{PhpKey, PhpNumber, entries};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// The text of `value`.
pub(super) fn text(value: &Value) -> String {
    let mut text = format!("{HEAD}<think>");
    push(&mut text, value);
    text.push_str("</think>");
    text
}

fn push(text: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Bool(true) => text.push('1'),
        Value::Number(number) => text.push_str(&PhpNumber::new(number).text()),
        Value::String(string) => push_escaped(text, string),
        Value::Array(_) | Value::Object(_) => {
            entries(value).unwrap_or_default().into_iter().for_each(|entry| push_entry(text, entry));
        }
    }
}

fn push_entry(text: &mut String, (key, value): (PhpKey<'_>, &Value)) {
    let (name, id) = match key {
        PhpKey::Text(name) if is_name(name) => (name, None),
        PhpKey::Text(key) => ("item", Some(key.to_owned())),
        PhpKey::Index(index) => ("item", Some(index.to_string())),
    };
    text.push('<');
    text.push_str(name);
    if let Some(id) = id {
        text.push_str(" id=\"");
        push_escaped(text, &id);
        text.push('"');
    }
    text.push('>');
    push(text, value);
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

fn is_name(key: &str) -> bool {
    let begins = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// As `htmlspecialchars` does.
fn push_escaped(text: &mut String, string: &str) {
    for character in string.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#039;"),
            other => text.push(other),
        }
    }
}
