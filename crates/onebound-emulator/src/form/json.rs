//! JSON as PHP's `json_encode` writes it, which is what the vendor's gateway sends.
//!
//! `result_type=json` escapes every character outside of ASCII as `\uXXXX`, `jsonu` leaves them readable;
//! both write a slash as `\/`, as a captured body with readable Chinese does.

use std::io;

use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// Writes JSON as PHP does.
pub(super) struct PhpJson {
    /// `jsonu`: characters outside of ASCII as they are.
    pub(super) readable: bool,
}

impl PhpJson {
    /// The text of `value`, without spaces or line ends.
    pub(super) fn text(&self, value: &Value) -> Vec<u8> {
        let mut text = Vec::new();
        let mut writer = Serializer::with_formatter(&mut text, PhpFormatter { readable: self.readable });
        // Writing a Value into memory cannot fail: its keys are strings, and a Vec takes every byte.
        let _ = serde::Serialize::serialize(value, &mut writer);
        text
    }
}

struct PhpFormatter {
    readable: bool,
}

impl PhpFormatter {
    /// PHP escapes the two line separators even where it leaves Chinese readable: JavaScript once choked on them.
    fn leaves(&self, character: char) -> bool {
        character != '/'
            && (character.is_ascii() || (self.readable && !matches!(character, '\u{2028}' | '\u{2029}')))
    }
}

impl Formatter for PhpFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((position, character)) = rest.char_indices().find(|(_, found)| !self.leaves(*found)) {
            let (plain, special) = rest.split_at(position);
            writer.write_all(plain.as_bytes())?;
            write_escaped(writer, character)?;
            rest = special.split_at(character.len_utf8()).1;
        }
        writer.write_all(rest.as_bytes())
    }
}

fn write_escaped<W: ?Sized + io::Write>(writer: &mut W, character: char) -> io::Result<()> {
    if character == '/' {
        return writer.write_all(b"\\/");
    }
    for unit in character.encode_utf16(&mut [0; 2]) {
        write!(writer, "\\u{unit:04x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &Value, readable: bool) -> String {
        String::from_utf8(PhpJson { readable }.text(value)).unwrap()
    }

    #[test]
    fn json_escapes_chinese_slashes_and_characters_beyond_the_basic_plane() {
        let value = json!({"颜色": "红/a 😀", "n": [1, 6.65, null]});
        assert_eq!(text(&value, false), r#"{"\u989c\u8272":"\u7ea2\/a \ud83d\ude00","n":[1,6.65,null]}"#);
    }

    #[test]
    fn jsonu_leaves_chinese_readable_and_escapes_slashes() {
        assert_eq!(text(&json!("红/😀\u{2028}\u{1b}"), true), r#""红\/😀\u2028\u001b""#);
    }

    #[test]
    fn both_spellings_read_back_as_the_same_value() {
        let value = json!({"a": "引号\" 反斜\\ 换行\n \u{202e}", "b": {"c": [true, false]}});
        for readable in [false, true] {
            let read: Value = serde_json::from_str(&text(&value, readable)).unwrap();
            assert_eq!(read, value);
        }
    }
}
