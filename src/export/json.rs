//! JSON laid out or on one line, without reading it into values: digits, order, escapes and duplicate keys stay as
//! they were sent. Control characters inside strings, which JSON forbids and vendors send, become escapes, so that
//! what is written is JSON and no terminal obeys it.

use std::fmt::Write as _;

/// With a line a value, by two blanks a level.
pub(super) fn laid_out(text: &str) -> String {
    let mut out = write(text, true);
    out.push('\n');
    out
}

/// Without white space between values.
pub(super) fn on_one_line(text: &str) -> String {
    write(text, false)
}

/// A line of text of any kind, with control characters as their pictures (`␛`).
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

fn write(text: &str, laid_out: bool) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut depth = 0_usize;
    let mut rest = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => string(&mut out, &mut rest),
            '{' | '[' => {
                out.push(c);
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = rest.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line_break(&mut out, depth, laid_out);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line_break(&mut out, depth, laid_out);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line_break(&mut out, depth, laid_out);
            }
            ':' => out.push_str(if laid_out { ": " } else { ":" }),
            _ if c.is_ascii_whitespace() => {}
            _ => escape(&mut out, c),
        }
    }
    out
}

/// Up to its closing quote.
fn string(out: &mut String, rest: &mut impl Iterator<Item = char>) {
    out.push('"');
    while let Some(c) = rest.next() {
        escape(out, c);
        match c {
            '"' => return,
            '\\' => rest.next().into_iter().for_each(|c| escape(out, c)),
            _ => {}
        }
    }
}

fn escape(out: &mut String, c: char) {
    if c.is_control() {
        let _infallible = write!(out, "\\u{:04x}", u32::from(c));
    } else {
        out.push(c);
    }
}

fn line_break(out: &mut String, depth: usize, laid_out: bool) {
    if laid_out {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_keeps_digits_escapes_order_and_duplicate_keys() {
        let sent = r#"{"b":1.50,"a":[],"a":{"é":"\u5382\/ \"x\" {,}"},"c":[1,2e5,null]}"#;
        let told = "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"a\": {\n    \"é\": \"\\u5382\\/ \\\"x\\\" {,}\"\n  },\n  \
            \"c\": [\n    1,\n    2e5,\n    null\n  ]\n}\n";
        assert_eq!(laid_out(sent), told);
        assert_eq!(on_one_line(told.trim()), sent);
    }

    #[test]
    fn control_characters_in_strings_become_escapes_that_any_reader_takes() {
        let told = on_one_line("{\"a\":\"x\u{1b}[2J\n\u{9b}y\"}");
        assert_eq!(told, r#"{"a":"x\u001b[2J\u000a\u009by"}"#);
        let value: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(value["a"], "x\u{1b}[2J\n\u{9b}y");
    }

    #[test]
    fn a_mark_before_the_body_and_an_escape_at_its_end_are_taken() {
        assert_eq!(laid_out("\u{feff} [ { } , [\n] ]"), "[\n  {},\n  []\n]\n");
        assert_eq!(on_one_line("\"a\\"), "\"a\\");
    }
}
