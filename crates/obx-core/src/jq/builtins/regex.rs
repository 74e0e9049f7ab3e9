//! Regular expressions: cuts a text into matches and the texts between them.

use std::cell::RefCell;

use jaq_core::native::bome;
use jaq_core::{Ctx, ValXs};
use regex::{Captures, Regex, RegexBuilder};

use super::super::value::{JqResult, Value, failed, shown};
use super::{Data, needs_text};

/// `_pieces($re; $flags)`: the strings between matches, and each match as `match` describes it.
pub(super) fn pieces(mut cv: (Ctx<'_, Data>, Value)) -> ValXs<'_, Value> {
    let flags = cv.0.pop_var();
    let expression = cv.0.pop_var();
    bome(cut(&cv.1, &expression, &flags))
}

thread_local! {
    /// The last one: the same is usually applied to value after value, and compiling takes longer than matching.
    static COMPILED: RefCell<Option<(String, String, Regex, RegexFlags)>> = const { RefCell::new(None) };
}

/// jq's flags `g` and `n`; the others are the regex builder's.
#[derive(Clone, Copy, Default)]
struct RegexFlags {
    all: bool,
    none_empty: bool,
}

fn cut(value: &Value, expression: &Value, flags: &Value) -> JqResult {
    let text = needs_text(value, "cannot be matched, as it is not a string")?;
    let source = needs_text(expression, "cannot be matched, as it is not a string")?;
    let (regex, flags) = compiled(source, flags)?;
    let Value::String(bytes) = value else { return Ok(Value::Null) };
    let part = |part: &str| Value::String(Box::new(bytes.slice_ref(part.as_bytes())));
    let (mut pieces, mut end, mut count) = (Vec::new(), 0, Characters { text, at: 0, count: 0 });
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        if flags.none_empty && whole.is_empty() {
            continue;
        }
        pieces.push(part(text.get(end..whole.start()).unwrap_or_default()));
        end = whole.end();
        pieces.push(found(&regex, &captures, &mut count, &part));
        if !flags.all {
            break;
        }
    }
    pieces.push(part(text.get(end..).unwrap_or_default()));
    Ok(pieces.into_iter().collect())
}

fn compiled(source: &str, flags: &Value) -> JqResult<(Regex, RegexFlags)> {
    let given = match flags {
        Value::Null => "",
        other => needs_text(other, "is not a string")?,
    };
    let known = COMPILED.with_borrow(|compiled| {
        let compiled = compiled.as_ref().filter(|(of, with, ..)| of == source && with == given);
        compiled.map(|(.., regex, flags)| (regex.clone(), *flags))
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let (mut builder, mut flags) = (RegexBuilder::new(source), RegexFlags::default());
    for flag in given.chars() {
        match flag {
            'g' => flags.all = true,
            'n' => flags.none_empty = true,
            'i' => _ = builder.case_insensitive(true),
            'x' => _ = builder.ignore_whitespace(true),
            // `.` matches a line break, too.
            'p' => _ = builder.dot_matches_new_line(true),
            // `$` is the text's end with or without it; a longest match isn't supported.
            's' | 'l' => {}
            _ => return Err(failed(format_args!("{given} is not a valid modifier string"))),
        }
    }
    let regex = builder.build().map_err(|why| {
        let why = why.to_string();
        // The last line is the message, those before it point into the expression.
        let why = why.lines().last().unwrap_or_default().to_owned();
        failed(format_args!("{} is not a valid regex: {why}", shown(&Value::from(source.to_owned()))))
    })?;
    COMPILED.set(Some((source.to_owned(), given.to_owned(), regex.clone(), flags)));
    Ok((regex, flags))
}

/// Counts characters up to a byte offset; offsets mostly come in order.
struct Characters<'a> {
    text: &'a str,
    at: usize,
    count: usize,
}

impl Characters<'_> {
    fn up_to(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.at, self.count) = (0, 0);
        }
        self.count += self.text.get(self.at..at).map_or(0, |part| part.chars().count());
        self.at = at;
        self.count
    }
}

fn found(
    regex: &Regex,
    captures: &Captures<'_>,
    characters: &mut Characters<'_>,
    part: &impl Fn(&str) -> Value,
) -> Value {
    let mut group = |index: usize, with: (&'static str, Value)| {
        let (offset, length, string) = match captures.get(index) {
            Some(group) => {
                let length = Value::from(group.as_str().chars().count());
                (Value::from(characters.up_to(group.start())), length, part(group.as_str()))
            }
            None => (Value::from(-1_isize), Value::from(0_usize), Value::Null),
        };
        let (offset, length, string) = (("offset", offset), ("length", length), ("string", string));
        let is_there = captures.get(index).is_some();
        Value::object(if is_there { [offset, length, string, with] } else { [offset, string, length, with] })
    };
    let start = group(0, ("captures", Value::Null));
    let names = regex.capture_names().enumerate().skip(1);
    let name = |name: Option<&str>| name.map_or(Value::Null, |name| Value::from(name.to_owned()));
    let groups: Value = names.map(|(index, named)| group(index, ("name", name(named)))).collect();
    super::super::value::set_path(start, &[Value::from("captures".to_owned())], groups).unwrap_or_default()
}
