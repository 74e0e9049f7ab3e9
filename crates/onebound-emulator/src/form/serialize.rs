//! `serialize()`: `a:1:{s:5:"price";s:6:"799.00";}`, texts measured in bytes.

use std::fmt::Write;

use serde_json::Value;

use super::php_array::{PhpKey, PhpNumber, entries};

/// The text of `value`. Writing to a String does not fail.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

fn push(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("N;"),
        Value::Bool(truth) => drop(write!(text, "b:{};", u8::from(*truth))),
        Value::Number(number) => match PhpNumber::new(number) {
            PhpNumber::Integer(integer) => drop(write!(text, "i:{integer};")),
            float @ PhpNumber::Float(_) => drop(write!(text, "d:{};", float.text())),
        },
        Value::String(string) => push_string(text, string),
        Value::Array(_) | Value::Object(_) => push_array(text, value),
    }
}

fn push_array(text: &mut String, value: &Value) {
    let entries = entries(value).unwrap_or_default();
    let _ = write!(text, "a:{}:{{", entries.len());
    for (key, value) in entries {
        match key {
            PhpKey::Index(index) => drop(write!(text, "i:{index};")),
            PhpKey::Text(key) => push_string(text, key),
        }
        push(text, value);
    }
    text.push('}');
}

fn push_string(text: &mut String, string: &str) {
    let _ = write!(text, "s:{}:\"{string}\";", string.len());
}
