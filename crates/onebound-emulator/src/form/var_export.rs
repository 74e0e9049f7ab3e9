//! `var_export()`: PHP source, an entry a line.

use serde_json::Value;

use super::php_array::{PhpKey, PhpNumber, entries};

/// The text of `value`.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value, 0);
    text
}

fn push(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => text.push_str("NULL"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(PhpNumber::new(number))),
        Value::String(string) => push_string(text, string),
        Value::Array(_) | Value::Object(_) => push_array(text, value, indent),
    }
}

fn push_array(text: &mut String, value: &Value, indent: usize) {
    text.push_str("array (\n");
    let inside = indent + 2;
    for (key, value) in entries(value).unwrap_or_default() {
        push_spaces(text, inside);
        match key {
            PhpKey::Index(index) => text.push_str(&number_text(PhpNumber::Integer(index))),
            PhpKey::Text(key) => push_string(text, key),
        }
        text.push_str(" => ");
        if value.is_array() || value.is_object() {
            text.push('\n');
            push_spaces(text, inside);
        }
        push(text, value, inside);
        text.push_str(",\n");
    }
    push_spaces(text, indent);
    text.push(')');
}

fn push_spaces(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}

/// A float always shows that it is one; the smallest integer has no literal in PHP.
fn number_text(number: PhpNumber) -> String {
    match number {
        PhpNumber::Integer(i64::MIN) => format!("{}-1", i64::MIN + 1),
        PhpNumber::Integer(integer) => integer.to_string(),
        PhpNumber::Float(_) => {
            let text = number.text();
            if text.contains('.') { text } else { format!("{text}.0") }
        }
    }
}

fn push_string(text: &mut String, string: &str) {
    let escaped = string.replace('\\', "\\\\").replace('\'', "\\'").replace('\0', "' . \"\\0\" . '");
    text.push('\'');
    text.push_str(&escaped);
    text.push('\'');
}
