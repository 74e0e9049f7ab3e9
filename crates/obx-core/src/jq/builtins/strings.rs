//! Functions of strings.

use super::super::value::{JqResult, Value, failed, shown};

/// `ltrimstr`, `rtrimstr` and `trimstr`: a value that is no string is returned unchanged.
pub(super) fn trimmed(value: Value, part: &Value, start: bool, end: bool) -> Value {
    let (Value::String(bytes), Some(text), Some(part)) = (&value, value.text(), part.text()) else {
        return value;
    };
    let mut rest = text;
    if start {
        rest = rest.strip_prefix(part).unwrap_or(rest);
    }
    if end {
        rest = rest.strip_suffix(part).unwrap_or(rest);
    }
    Value::String(Box::new(bytes.slice_ref(rest.as_bytes())))
}

/// Decodes base64, with padding or without.
pub(super) fn base64_decoded(value: &Value) -> JqResult {
    let cannot = |why: &str| failed(format_args!("{} {why}", shown(value)));
    let text = value.text().unwrap_or_default().trim_end_matches('=');
    let (mut decoded, mut bits, mut held) = (Vec::with_capacity(text.len() * 3 / 4), 0_u32, 0);
    for byte in text.bytes() {
        let six = sextet(byte).ok_or_else(|| cannot("is not valid base64 data"))?;
        (bits, held) = (bits << 6 | u32::from(six), held + 6);
        if held >= 8 {
            held -= 8;
            decoded.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    if text.len() % 4 == 1 {
        return Err(cannot("trailing base64 byte found"));
    }
    Ok(Value::string(decoded))
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
