//! A program's outputs as JSON.

use super::value::{self, Sink, Value};

/// Nobody reads more outputs.
pub const MAX_OUTPUTS: usize = 1_000_000;
/// All outputs together may have so many bytes.
pub const MAX_OUTPUT_BYTES: usize = 64_000_000;

/// A program's outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Each output on a line of its own.
    pub text: Vec<u8>,
    /// How many.
    pub count: usize,
    /// Whether further outputs are left out.
    pub cut: bool,
}

impl Outputs {
    /// Returns false if there was no room for it, or it is no longer wanted.
    pub(super) fn push(&mut self, value: &Value, wanted: &dyn Fn() -> bool) -> bool {
        let length = self.text.len();
        let mut writer = BoundedWriter { text: &mut self.text, wanted };
        if value::write(value, &mut writer).is_none() {
            self.text.truncate(length);
            return false;
        }
        self.text.push(b'\n');
        self.count += 1;
        true
    }
}

/// Writes up to [`MAX_OUTPUT_BYTES`], while the result is wanted.
struct BoundedWriter<'a> {
    text: &'a mut Vec<u8>,
    wanted: &'a dyn Fn() -> bool,
}

impl Sink for BoundedWriter<'_> {
    fn put(&mut self, bytes: &[u8]) -> Option<()> {
        let fits = self.text.len() + bytes.len() <= MAX_OUTPUT_BYTES;
        fits.then(|| self.text.extend_from_slice(bytes))
    }

    fn go_on(&mut self) -> Option<()> {
        (self.wanted)().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::jq::Input;
    use crate::jq::value::Number;
    use onebound_document::Document;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<isize>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[1-9][0-9]{30}".prop_map(|digits| Value::Number(Number::from_text(&digits).unwrap())),
            "(?s).{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            let members =
                prop::collection::vec(("(?s).{0,3}".prop_map(bytes::Bytes::from), inner.clone()), 0..5);
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(|elements| elements.into_iter().collect()),
                members.prop_map(|members| Value::Object(Arc::new(members.into_iter().collect()))),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_json_and_reads_back_the_same(value in values()) {
            let mut outputs = Outputs::default();
            assert!(outputs.push(&value, &|| true));
            let text = String::from_utf8(outputs.text.clone()).unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            let read = Input::from_document(&Document::parse(text.into()).unwrap());
            let mut again = Outputs::default();
            assert!(again.push(&read.0, &|| true));
            prop_assert_eq!(again.text, outputs.text);
        }
    }

    #[test]
    fn what_nobody_wants_any_more_leaves_no_trace() {
        let mut outputs = Outputs::default();
        let list: Value = [Value::from(1_isize), Value::from(2_isize)].into_iter().collect();
        assert!(outputs.push(&list, &|| true));
        assert!(!outputs.push(&list, &|| false));
        assert_eq!((outputs.text.as_slice(), outputs.count), (b"[1,2]\n".as_slice(), 1));
    }
}
