//! What comes out of a program, as JSON texts.

use std::io::{self, Write};

use jaq_json::write::Pp;
use jaq_json::{Num, Val};

/// Outputs at most: more are no result to read.
pub const MAX_OUTPUTS: usize = 1_000_000;
/// Of all outputs together, in bytes.
pub const MAX_OUTPUT_BYTES: usize = 64_000_000;

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Each output on a line of its own.
    pub text: Vec<u8>,
    /// How many.
    pub count: usize,
    /// Whether there were more, which are left out.
    pub cut: bool,
}

impl Outputs {
    /// Says whether there was room for it, and it was still wanted.
    pub(super) fn push(&mut self, value: &Val, wanted: &dyn Fn() -> bool) -> bool {
        let length = self.text.len();
        let mut writer = Writer { text: &mut self.text, wanted };
        if writer.value(value).is_none() {
            self.text.truncate(length);
            return false;
        }
        self.text.push(b'\n');
        self.count += 1;
        true
    }
}

/// Writes values as jaq does, without indents, and without going through a formatter for each of their parts.
struct Writer<'a> {
    text: &'a mut Vec<u8>,
    wanted: &'a dyn Fn() -> bool,
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Writer<'_> {
    /// `None` where there is no room, or nobody wants it.
    fn value(&mut self, value: &Val) -> Option<()> {
        match value {
            Val::Null => self.put(b"null"),
            Val::Bool(true) => self.put(b"true"),
            Val::Bool(false) => self.put(b"false"),
            Val::Num(Num::Dec(digits)) => self.put(digits.as_bytes()),
            Val::Num(number) => write!(self.text, "{number}").ok(),
            Val::TStr(text) => self.string(text),
            // No JSON, but it can be looked at.
            Val::BStr(_) => jaq_json::write::write(self, &Pp::default(), 0, value).ok(),
            Val::Arr(elements) => {
                self.put(b"[")?;
                for (at, element) in elements.iter().enumerate() {
                    self.part(at)?;
                    self.value(element)?;
                }
                self.put(b"]")
            }
            Val::Obj(members) => {
                self.put(b"{")?;
                for (at, (key, member)) in members.iter().enumerate() {
                    self.part(at)?;
                    self.value(key)?;
                    self.put(b":")?;
                    self.value(member)?;
                }
                self.put(b"}")
            }
        }
    }

    fn part(&mut self, at: usize) -> Option<()> {
        if at > 0 {
            self.put(b",")?;
        }
        (self.wanted)().then_some(())
    }

    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let fits = self.text.len() + bytes.len() <= MAX_OUTPUT_BYTES;
        fits.then(|| self.text.extend_from_slice(bytes))
    }

    fn string(&mut self, text: &[u8]) -> Option<()> {
        self.put(b"\"")?;
        let mut rest = text;
        while let Some(at) = rest.iter().position(|byte| is_escaped(*byte)) {
            let (plain, escaped) = rest.split_at(at);
            self.put(plain)?;
            let (escaped, behind) = escaped.split_first()?;
            self.escape(*escaped)?;
            rest = behind;
        }
        self.put(rest)?;
        self.put(b"\"")
    }

    fn escape(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'"' | b'\\' => self.put(&[b'\\', byte]),
            b'\n' => self.put(b"\\n"),
            b'\r' => self.put(b"\\r"),
            b'\t' => self.put(b"\\t"),
            0x08 => self.put(b"\\b"),
            0x0c => self.put(b"\\f"),
            _ => self.put(format!("\\u{byte:04x}").as_bytes()),
        }
    }
}

fn is_escaped(byte: u8) -> bool {
    matches!(byte, 0x00..=0x1f | b'"' | b'\\' | 0x7f)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Val> {
        let leaf = prop_oneof![
            Just(Val::Null),
            any::<bool>().prop_map(Val::Bool),
            any::<isize>().prop_map(Val::from),
            any::<f64>().prop_map(Val::from),
            "[0-9]{30}".prop_map(|digits| Val::Num(Num::Dec(jaq_json::Rc::new(digits)))),
            "(?s).{0,8}".prop_map(Val::utf8_str),
            prop::collection::vec(any::<u8>(), 0..8).prop_map(Val::byte_str),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            let members = prop::collection::vec(("(?s).{0,3}".prop_map(Val::utf8_str), inner.clone()), 0..5);
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(|elements| elements.into_iter().collect()),
                members.prop_map(|members| Val::obj(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_are_written_as_jaq_writes_them(value in values()) {
            let mut outputs = Outputs::default();
            assert!(outputs.push(&value, &|| true));
            let mut expected = Vec::new();
            jaq_json::write::write(&mut expected, &Pp::default(), 0, &value).unwrap();
            expected.push(b'\n');
            prop_assert_eq!(outputs.text, expected);
        }
    }

    #[test]
    fn what_nobody_wants_any_more_leaves_no_trace() {
        let mut outputs = Outputs::default();
        let list: Val = [Val::from(1_isize), Val::from(2_isize)].into_iter().collect();
        assert!(outputs.push(&list, &|| true));
        assert!(!outputs.push(&list, &|| false));
        assert_eq!((outputs.text.as_slice(), outputs.count), (b"[1,2]\n".as_slice(), 1));
    }
}
