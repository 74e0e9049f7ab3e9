//! Pretty-prints JSON. It changes no value, key or digit, and handles text that isn't JSON as well as it can.

use super::raw::TextForm;
use crate::message::IsCancelled;
use obx_core::export;

/// Blanks per level.
const INDENT: usize = 2;

/// Pretty-prints a text; `None` once cancelled.
pub(super) fn pretty(text: &[u8], is_cancelled: IsCancelled<'_>) -> Option<Vec<u8>> {
    let mut set_out = Vec::with_capacity(text.len() * 3 / 2);
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = copy_string(text, at - 1, &mut set_out),
            b'{' | b'[' if closes_at_once(text, at) => set_out.push(byte),
            b'{' | b'[' => {
                depth += 1;
                set_out.push(byte);
                new_line(&mut set_out, depth);
            }
            b'}' | b']' => {
                if !matches!(set_out.last(), Some(b'{' | b'[')) {
                    depth = depth.saturating_sub(1);
                    new_line(&mut set_out, depth);
                }
                set_out.push(byte);
            }
            b',' if is_cancelled() => return None,
            b',' => {
                set_out.push(byte);
                new_line(&mut set_out, depth);
            }
            b':' => set_out.extend(b": "),
            byte if byte.is_ascii_whitespace() => {}
            byte => set_out.push(byte),
        }
    }
    Some(set_out)
}

/// Formats JSON texts, one per line: pretty-printed, with strings unquoted, or both; `None` once cancelled.
pub(super) fn lines(lines: &[u8], form: TextForm, is_cancelled: IsCancelled<'_>) -> Option<Vec<u8>> {
    let render = |line: &[u8]| {
        let text = if form.unquoted { export::unquoted(&String::from_utf8_lossy(line)) } else { None };
        match text {
            Some(text) => Some(text.into_bytes()),
            None if form.set_out => pretty(line, is_cancelled),
            None => Some(line.trim_ascii_end().to_vec()),
        }
    };
    let mut rendered = Vec::with_capacity(lines.len());
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        if is_cancelled() {
            return None;
        }
        rendered.extend(render(line)?);
        rendered.push(b'\n');
    }
    Some(rendered)
}

fn closes_at_once(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    matches!(rest.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'}' | b']'))
}

/// Copies a string; returns the position after it.
fn copy_string(text: &[u8], start: usize, set_out: &mut Vec<u8>) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    let end = (at + 1).min(text.len());
    set_out.extend(text.get(start..end).unwrap_or_default());
    end
}

fn new_line(set_out: &mut Vec<u8>, depth: usize) {
    set_out.push(b'\n');
    set_out.resize(set_out.len() + depth * INDENT, b' ');
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{TextForm, lines, pretty};

    #[rstest]
    #[case(
        r#"{"a":[1,{"b":"x:,{"}],"c":{} ,"d":[ ]}"#,
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x:,{\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}"
    )]
    #[case(r#"{"a":"\\\"}","a":1.50}"#, "{\n  \"a\": \"\\\\\\\"}\",\n  \"a\": 1.50\n}")]
    #[case(r#"{"cut":"of"#, "{\n  \"cut\": \"of")]
    fn json_is_set_out_and_nothing_else_is_changed(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(String::from_utf8(pretty(text.as_bytes(), &|| false).unwrap()).unwrap(), expected);
    }

    #[rstest]
    #[case(true, false, "\"a\\nb\\\"\"\n[\n  \"c\"\n]\n\"\"\n")]
    #[case(false, true, "a\nb\"\n[\"c\"]\n\n")]
    #[case(true, true, "a\nb\"\n[\n  \"c\"\n]\n\n")]
    fn outputs_are_set_out_each_by_itself_and_strings_unquoted(
        #[case] set_out: bool,
        #[case] unquoted: bool,
        #[case] expected: &str,
    ) {
        let shown = lines(b"\"a\\nb\\\"\"\n[\"c\"]\n\"\"\n", TextForm { set_out, unquoted }, &|| false);
        assert_eq!(String::from_utf8(shown.unwrap()).unwrap(), expected);
    }
}
