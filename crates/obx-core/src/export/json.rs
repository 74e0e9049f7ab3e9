//! Pretty-prints JSON, or puts it on one line, without parsing it into values: digits, order, escapes and duplicate keys stay
//! as they were sent. The result is valid JSON whatever was sent: control characters in strings become escapes, a backslash
//! that begins no escape is escaped itself, and a number that JSON does not have, such as NaN or `1+2`, becomes a string and
//! is counted.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

use super::ExportText;
use onebound_document::is_number;

#[derive(Clone, Copy, PartialEq, Eq)]
enum JsonLayout {
    /// One value per line, indented by two blanks per level.
    Lines,
    /// Without white space between values.
    OneLine,
}

/// What is written for values that are not JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OddValues {
    /// A string, or an escape.
    Mended,
    /// The value as it was sent, but for control characters.
    AsSent,
}

/// Pretty-printed.
pub(super) fn pretty(text: &str) -> ExportText {
    let mut written = write(text, JsonLayout::Lines, OddValues::Mended);
    written.text.push('\n');
    written
}

/// Pretty-printed for people: values that are not JSON stay as they were sent.
pub(super) fn as_sent(text: &str) -> String {
    write(text, JsonLayout::Lines, OddValues::AsSent).text + "\n"
}

/// Without white space between values.
pub(super) fn on_one_line(text: &str) -> ExportText {
    write(text, JsonLayout::OneLine, OddValues::Mended)
}

/// A line of text with control characters as their symbols (`␛`).
pub(super) fn harmless(line: &str) -> String {
    let picture = |c: char| match u32::from(c) {
        0x09 => '\t',
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('·'),
        0x7f => '\u{2421}',
        0x80..=0x9f => '·',
        _ => c,
    };
    line.chars().map(picture).collect()
}

struct JsonExporter<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    layout: JsonLayout,
    odd: OddValues,
    depth: usize,
    quoted: usize,
}

fn write(text: &str, layout: JsonLayout, odd: OddValues) -> ExportText {
    let rest = text.trim_start_matches('\u{feff}').chars().peekable();
    let out = String::with_capacity(text.len() + text.len() / 8);
    let mut writer = JsonExporter { rest, out, layout, odd, depth: 0, quoted: 0 };
    writer.all();
    ExportText { text: writer.out, quoted: writer.quoted }
}

impl JsonExporter<'_> {
    fn all(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '"' => self.string(),
                '{' | '[' => {
                    self.out.push(c);
                    while self.rest.next_if(char::is_ascii_whitespace).is_some() {}
                    if let Some(end) = self.rest.next_if(|c| matches!(c, '}' | ']')) {
                        self.out.push(end);
                    } else {
                        self.depth += 1;
                        self.line_break();
                    }
                }
                '}' | ']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.line_break();
                    self.out.push(c);
                }
                ',' => {
                    self.out.push(c);
                    self.line_break();
                }
                ':' => self.out.push_str(if self.layout == JsonLayout::Lines { ": " } else { ":" }),
                _ if c.is_ascii_whitespace() => {}
                _ => self.word(c),
            }
        }
    }

    /// A number or a literal of JSON; any other word becomes a string.
    fn word(&mut self, first: char) {
        let start = self.out.len();
        self.out.push(first);
        let ends = |c: &char| c.is_ascii_whitespace() || matches!(c, ',' | ':' | ']' | '}' | '[' | '{' | '"');
        while let Some(c) = self.rest.next_if(|c| !ends(c)) {
            self.out.push(c);
        }
        let word = self.out.split_off(start);
        if matches!(word.as_str(), "true" | "false" | "null") || is_number(word.as_bytes()) {
            return self.out.push_str(&word);
        }
        // A masked number is not counted: the body itself had a number there.
        self.quoted += usize::from(!word.contains('*'));
        let mended = self.odd == OddValues::Mended;
        let quote = if mended { "\"" } else { "" };
        self.out.push_str(quote);
        word.chars().for_each(|c| match c {
            '\\' if mended => self.out.push_str("\\\\"),
            _ => self.escape(c),
        });
        self.out.push_str(quote);
    }

    /// Up to its closing quote.
    fn string(&mut self) {
        self.out.push('"');
        while let Some(c) = self.rest.next() {
            match c {
                '\\' if self.odd == OddValues::Mended && !self.begins_escape() => self.out.push_str("\\\\"),
                '\\' => {
                    self.out.push('\\');
                    if let Some(c) = self.rest.next() {
                        self.escape(c);
                    }
                }
                _ => self.escape(c),
            }
            if c == '"' {
                return;
            }
        }
    }

    /// Whether the text after a backslash is the rest of an escape.
    fn begins_escape(&self) -> bool {
        let mut ahead = self.rest.clone();
        match ahead.next() {
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => true,
            Some('u') => ahead.take(4).filter(char::is_ascii_hexdigit).count() == 4,
            _ => false,
        }
    }

    fn escape(&mut self, c: char) {
        if c.is_control() {
            // Writing into a string can't fail.
            let _ = write!(self.out, "\\u{:04x}", u32::from(c));
        } else {
            self.out.push(c);
        }
    }

    fn line_break(&mut self) {
        if self.layout == JsonLayout::Lines {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use onebound_document::Document;

    #[test]
    fn layout_keeps_digits_escapes_order_and_duplicate_keys() {
        let sent = r#"{"b":1.50,"a":[],"a":{"é":"\u5382\/ \"x\" {,}"},"c":[1,2e5,null]}"#;
        let written = "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"a\": {\n    \"é\": \"\\u5382\\/ \\\"x\\\" {,}\"\n  },\n  \
            \"c\": [\n    1,\n    2e5,\n    null\n  ]\n}\n";
        assert_eq!(pretty(sent), ExportText { text: written.to_owned(), quoted: 0 });
        assert_eq!(on_one_line(written.trim()).text, sent);
    }

    #[test]
    fn control_characters_in_strings_become_escapes_that_any_reader_takes() {
        let written = on_one_line("{\"a\":\"x\u{1b}[2J\n\u{9b}y\"}").text;
        assert_eq!(written, r#"{"a":"x\u001b[2J\u000a\u009by"}"#);
        let value: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(value["a"], "x\u{1b}[2J\n\u{9b}y");
    }

    #[test]
    fn a_mark_before_the_body_and_an_escape_at_its_end_are_taken() {
        assert_eq!(pretty("\u{feff} [ { } , [\n] ]").text, "[\n  {},\n  []\n]\n");
        assert_eq!(on_one_line("\"a\\\"").text, "\"a\\\"");
    }

    #[test]
    fn what_is_no_json_becomes_a_string_and_is_counted() {
        let sent = r#"{"a":1+2,"b":[079,NaN,-Infinity,12**],"c":"\x41 \u12 \'","d":-1.5e3}"#;
        let written = r#"{"a":"1+2","b":["079","NaN","-Infinity","12**"],"c":"\\x41 \\u12 \\'","d":-1.5e3}"#;
        assert_eq!(on_one_line(sent), ExportText { text: written.to_owned(), quoted: 4 });
        assert_eq!(as_sent(r#"[1+2,"\x41"]"#), "[\n  1+2,\n  \"\\x41\"\n]\n");
    }

    #[test]
    fn a_number_beyond_a_double_keeps_its_digits() {
        let sent = "[1e400,-1e400,123456789012345678901234567890]";
        assert_eq!(on_one_line(sent), ExportText { text: sent.to_owned(), quoted: 0 });
    }

    proptest! {
        #[test]
        fn whatever_can_be_read_is_written_as_json_that_says_the_same(
            numbers in prop::collection::vec("[-+.0-9e]{1,6}|NaN|Infinity", 0..3),
            text in "(?s)([a-cu0\"n/价\t\n\u{1b}]|\\\\){0,8}",
        ) {
            let sent = format!("{{\"{text}\":[{}],\"k\":\"{text}\"}}", numbers.join(","));
            if let Ok(document) = Document::parse(sent.clone().into())
                && document.trailing().is_none()
            {
                for written in [pretty(&sent), on_one_line(&sent)] {
                    // Of any size: a `Value` holds no number beyond a double, which JSON has.
                    let read: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&written.text);
                    prop_assert!(read.is_ok(), "{} -> {}", sent, written.text);
                    let again = Document::parse(written.text.clone().into()).unwrap();
                    prop_assert!(again.violations().is_empty());
                    let text_of = |document: &Document| {
                        document.get(document.root(), "k").map(|node| document.text(node).into_owned())
                    };
                    prop_assert_eq!(text_of(&document), text_of(&again));
                }
            }
        }
    }
}
