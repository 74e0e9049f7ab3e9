//! Implements the operations that jaq's standard library needs of a value.

use bytes::Bytes;
use jaq_std::ValT;

use super::{Rc, Value};

impl ValT for Value {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match self {
            Self::Array(elements) => Ok(Rc::unwrap_or_clone(elements).into_iter().collect()),
            other => Err(other),
        }
    }

    fn is_int(&self) -> bool {
        self.as_isize().is_some()
    }

    fn as_isize(&self) -> Option<isize> {
        match self {
            Self::Number(number) => number.whole(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.float()),
            _ => None,
        }
    }

    fn is_utf8_str(&self) -> bool {
        matches!(self, Self::String(_))
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    fn as_sub_str(&self, part: &[u8]) -> Self {
        match self {
            Self::String(text) => Self::string(text.slice_ref(part)),
            _ => Self::Null,
        }
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self::string(Bytes::from_owner(bytes))
    }
}
