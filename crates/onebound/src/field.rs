//! One field, many types: `"799.00"`, `799`, `""`, null, `[]` and not there at all, read without losing
//! which of them it was.

use std::borrow::Cow;

use super::price::Price;
use onebound_document::{Document, NodeId, NodeKind};

/// A value as it was sent, by its type. Absent, null, `""`, `[]` and 0 stay apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue<Digits, Text, Inside> {
    /// No such key.
    Absent,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// The digits as they were sent.
    Number(Digits),
    /// A string, unescaped; it may be empty.
    Text(Text),
    /// `[…]`; PHP writes an empty map so, too.
    List(Inside),
    /// `{…}`
    Object(Inside),
}

/// A field of a body, read from it; of a container the node.
pub type Field<'a> = FieldValue<&'a str, Cow<'a, str>, NodeId>;

impl<Digits, Text, Inside> FieldValue<Digits, Text, Inside> {
    /// The name of the JSON type; "absent" if there is no such key.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl<'a> Field<'a> {
    /// Whether this is the count below zero by which the vendor says that it does not know one: `-1`.
    pub fn is_unknown_count(&self) -> bool {
        self.price().is_some_and(|count| count.low().is_negative())
    }

    /// The member `name` of `object`.
    pub fn member(document: &'a Document, object: NodeId, name: &str) -> Self {
        document.get(object, name).map_or(Self::Absent, |node| Self::from_node(document, node))
    }

    /// The value at a node.
    pub fn from_node(document: &'a Document, node: NodeId) -> Self {
        match document.kind(node) {
            NodeKind::Null => Self::Null,
            NodeKind::Bool => Self::Bool(document.raw(node) == "true"),
            NodeKind::Number => Self::Number(document.raw(node)),
            NodeKind::String => Self::Text(document.text(node)),
            NodeKind::Array => Self::List(node),
            NodeKind::Object => Self::Object(node),
        }
    }

    /// The text of a string or a number that says something: `None` for `""` and all else.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(digits) => Some(digits),
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// Whether there is anything in it: false for absent, null and blank text.
    pub fn has_content(&self) -> bool {
        match self {
            Self::Absent | Self::Null => false,
            Self::Text(_) => self.text().is_some(),
            Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Object(_) => true,
        }
    }

    /// Yes or no, however it is written: a boolean, `"true"`, `1`, `"N"`. `None` for all else.
    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => match self.text()?.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "y" | "yes" | "是" => Some(true),
                "false" | "0" | "n" | "no" | "否" => Some(false),
                _ => None,
            },
        }
    }

    /// Its value, be it written as a number or as a string.
    pub fn number(&self) -> Option<f64> {
        self.text()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The price or price range; `None` if it is not numeric.
    pub fn price(&self) -> Option<Price> {
        match self {
            Self::Number(digits) => Price::from_number(digits),
            Self::Text(text) => Price::parse(text),
            _ => None,
        }
    }

    /// How many pieces; `1,200` is read as the number that it is. `None` for fractions, negatives and all that is no
    /// number.
    pub fn pieces(&self) -> Option<u64> {
        if let Some(plain) = self.count() {
            return Some(plain);
        }
        let written = self.price().and_then(Price::exact)?.to_string();
        let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
        whole.parse().ok().filter(|_| part.bytes().all(|digit| digit == b'0'))
    }

    /// Its digits as a number, as an ID has them; `None` for fractions, negatives and all that is no number.
    pub fn count(&self) -> Option<u64> {
        self.text()?.trim().parse().ok()
    }

    /// The container's node, where it is one.
    pub fn container(&self) -> Option<NodeId> {
        match self {
            Self::List(node) | Self::Object(node) => Some(*node),
            _ => None,
        }
    }

    /// An owned copy of the text, or "" where there is none.
    pub fn to_text(&self) -> String {
        self.text().unwrap_or_default().to_owned()
    }
}
