//! Writes values as JSON on one line.

use std::fmt::{self, Display, Formatter};
use std::io::Write;

use super::Value;

/// A value in an error message is cut after so many characters.
const MAX_SHOWN: usize = 40;

/// Takes a text piece by piece.
pub(in crate::jq) trait Sink {
    /// `None` where it is full.
    fn put(&mut self, bytes: &[u8]) -> Option<()>;

    /// Called before every element and member; `None` cancels the writing.
    fn go_on(&mut self) -> Option<()> {
        Some(())
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        self.extend_from_slice(bytes);
        Some(())
    }
}

/// Writes a value until the sink returns `None`.
pub(in crate::jq) fn write(value: &Value, sink: &mut impl Sink) -> Option<()> {
    match value {
        Value::Null => sink.put(b"null"),
        Value::Bool(true) => sink.put(b"true"),
        Value::Bool(false) => sink.put(b"false"),
        Value::Number(number) => sink.put(number.to_string().as_bytes()),
        Value::String(text) => string(text, sink),
        Value::Array(elements) => {
            sink.put(b"[")?;
            for (at, element) in elements.iter().enumerate() {
                part(at, sink)?;
                write(element, sink)?;
            }
            sink.put(b"]")
        }
        Value::Object(members) => {
            sink.put(b"{")?;
            for (at, (key, member)) in members.iter().enumerate() {
                part(at, sink)?;
                string(key, sink)?;
                sink.put(b":")?;
                write(member, sink)?;
            }
            sink.put(b"}")
        }
    }
}

/// The whole text.
pub(in crate::jq) fn json_of(value: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    // A vector is never full.
    let _ = write(value, &mut text);
    text
}

fn part(at: usize, sink: &mut impl Sink) -> Option<()> {
    if at > 0 {
        sink.put(b",")?;
    }
    sink.go_on()
}

fn string(text: &[u8], sink: &mut impl Sink) -> Option<()> {
    sink.put(b"\"")?;
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| is_escaped(*byte)) {
        let (plain, escaped) = rest.split_at(at);
        sink.put(plain)?;
        let (escaped, behind) = escaped.split_first()?;
        escape(*escaped, sink)?;
        rest = behind;
    }
    sink.put(rest)?;
    sink.put(b"\"")
}

fn is_escaped(byte: u8) -> bool {
    matches!(byte, 0x00..=0x1f | b'"' | b'\\' | 0x7f)
}

fn escape(byte: u8, sink: &mut impl Sink) -> Option<()> {
    match byte {
        b'"' | b'\\' => sink.put(&[b'\\', byte]),
        b'\n' => sink.put(b"\\n"),
        b'\r' => sink.put(b"\\r"),
        b'\t' => sink.put(b"\\t"),
        0x08 => sink.put(b"\\b"),
        0x0c => sink.put(b"\\f"),
        _ => {
            let mut escaped = Vec::new();
            // A vector is never full.
            let _ = write!(escaped, "\\u{byte:04x}");
            sink.put(&escaped)
        }
    }
}

/// The beginning of a text, in characters.
struct Beginning {
    text: Vec<u8>,
    most: usize,
}

impl Sink for Beginning {
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        self.text.extend_from_slice(bytes.get(..bytes.len().min(self.most * 4)).unwrap_or_default());
        (self.text.len() <= self.most * 4).then_some(())
    }
}

/// A value in an error message: `string ("a")`, cut where it is long.
pub(in crate::jq) fn shown(value: &Value) -> String {
    format!("{} ({})", value.type_name(), begun(value, MAX_SHOWN))
}

/// A value's JSON, cut after so many characters.
fn begun(value: &Value, most: usize) -> String {
    let mut beginning = Beginning { text: Vec::new(), most };
    // `None`: the text is long enough.
    let _ = write(value, &mut beginning);
    let text = String::from_utf8_lossy(&beginning.text);
    let mut begun: String = text.chars().take(most).collect();
    if text.chars().nth(most).is_some() {
        begun.push('…');
    }
    begun
}

impl Display for Value {
    /// Cut: the value can be the whole document.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&begun(self, super::super::MAX_MESSAGE_CHARS))
    }
}
