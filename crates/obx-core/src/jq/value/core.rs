//! Implements the operations that jaq's core needs of a value.

use bytes::Bytes;
use jaq_core::box_iter::{BoxIter, box_once};
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{ValR, ValT, ValX};

use super::paths::cannot_iterate;
use super::{JqResult, Number, Object, Rc, Value, failed, json_of, shown};

impl From<bool> for Value {
    fn from(so: bool) -> Self {
        Self::Bool(so)
    }
}

impl From<isize> for Value {
    fn from(number: isize) -> Self {
        Self::Number(Number::Int(number))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        // No string or list is longer.
        Self::from(isize::try_from(number).unwrap_or(isize::MAX))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Box::new(text.into()))
    }
}

impl From<Range<Value>> for Value {
    fn from(range: Range<Self>) -> Self {
        Self::object([("start", range.start.unwrap_or_default()), ("end", range.end.unwrap_or_default())])
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<T: IntoIterator<Item = Self>>(elements: T) -> Self {
        Self::Array(Rc::new(elements.into_iter().collect()))
    }
}

/// The key of an object's member.
fn key_of(key: Value) -> JqResult<Bytes> {
    match key {
        Value::String(key) => Ok(*key),
        key => Err(failed(format_args!("Cannot use {} as object key", shown(&key)))),
    }
}

impl ValT for Value {
    fn from_num(digits: &str) -> ValR<Self> {
        let number = Number::from_text(digits);
        number.map(Self::Number).ok_or_else(|| failed(format_args!("{digits} is not a number")))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(members: I) -> ValR<Self> {
        let members = members.into_iter().map(|(key, value)| Ok((key_of(key)?, value)));
        Ok(Self::Object(Rc::new(members.collect::<JqResult<Object>>()?)))
    }

    fn key_values(self) -> BoxIter<'static, ValR<(Self, Self), Self>> {
        match self {
            Self::Array(elements) => {
                let elements = Rc::unwrap_or_clone(elements).into_iter().enumerate();
                Box::new(elements.map(|(at, element)| Ok((Self::from(at), element))))
            }
            Self::Object(members) => {
                let members = Rc::unwrap_or_clone(members).into_iter();
                Box::new(members.map(|(key, member)| Ok((Self::String(Box::new(key)), member))))
            }
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self {
            Self::Array(elements) => Box::new(Rc::unwrap_or_clone(elements).into_iter().map(Ok)),
            Self::Object(members) => Box::new(Rc::unwrap_or_clone(members).into_values().map(Ok)),
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn index(self, index: &Self) -> ValR<Self> {
        self.get(index)
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        self.slice(range.start, range.end)
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        match self {
            Self::Array(elements) => {
                let elements = Rc::unwrap_or_clone(elements).into_iter();
                elements.filter_map(|element| f(element).next()).collect()
            }
            Self::Object(members) => {
                let members = Rc::unwrap_or_clone(members).into_iter();
                let kept = members.filter_map(|(key, member)| Some((key, f(member).next()?)));
                let kept = kept.map(|(key, member)| Ok((key, member?)));
                Ok(Self::Object(Rc::new(kept.collect::<Result<_, jaq_core::Exn<'a, Self>>>()?)))
            }
            other => Ok(opt.fail(other, |other| cannot_iterate(&other))?),
        }
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        index: &Self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        let inner = match self.get(index) {
            Ok(inner) => inner,
            Err(error) => return Ok(opt.fail(self, |_| error)?),
        };
        let path = [index.clone()];
        match f(inner).next() {
            Some(new) => Ok(super::set_path(self, &path, new?)?),
            None => Ok(super::delete_paths(self, &[path.into_iter().collect()])?),
        }
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        range: Range<&Self>,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        let index = Self::from(range.start.cloned()..range.end.cloned());
        self.map_index(&index, opt, f)
    }

    fn as_bool(&self) -> bool {
        self.is_true()
    }

    fn into_string(self) -> Self {
        match self {
            Self::String(_) => self,
            other => Self::String(Box::new(json_of(&other).into())),
        }
    }
}
