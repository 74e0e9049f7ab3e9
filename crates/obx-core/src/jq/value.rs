//! jq's values: all of JSON, and nan and infinite.
//!
//! jaq's own values know more (bytes, keys that are no strings), and calculate, index and update otherwise than jq does.

mod core;
mod json;
mod math;
mod number;
mod order;
mod paths;
mod std;

use bytes::Bytes;
pub(super) use jaq_json::Rc;

pub(super) use json::{Sink, json_of, shown, write};
pub(super) use number::Number;
pub(super) use paths::{delete_paths, get_path, path_of, set_path};

/// Keys in the order of their first appearance.
pub(super) type Object = jaq_json::Map<Bytes, Value>;

/// The value that a program failed with.
pub(super) type Error = jaq_core::Error<Value>;
/// A value, or why there is none.
pub(super) type JqResult<T = Value> = Result<T, Error>;

/// A jq value.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    /// Always valid UTF-8.
    String(Box<Bytes>),
    Array(Rc<Vec<Value>>),
    Object(Rc<Object>),
}

impl Value {
    /// A string of these bytes; invalid UTF-8 is replaced, as jq does.
    pub(super) fn string(text: impl Into<Bytes>) -> Self {
        let text = text.into();
        match ::std::str::from_utf8(&text) {
            Ok(_) => Self::String(Box::new(text)),
            Err(_) => Self::String(Box::new(String::from_utf8_lossy(&text).into_owned().into())),
        }
    }

    /// An object of these members; of two with the same key the later one counts.
    pub(super) fn object(members: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        let members = members.into_iter().map(|(key, value)| (Bytes::from_static(key.as_bytes()), value));
        Self::Object(Rc::new(members.collect()))
    }

    /// A string's text; `None` for other values.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => ::std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    /// jq's name of its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// jq takes all but null and false as true.
    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }
}

/// A failure with this message.
pub(super) fn failed(words: impl ::std::fmt::Display) -> Error {
    Error::str(words)
}
