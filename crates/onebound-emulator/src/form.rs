//! The five forms of an answer, each in the words of the PHP function that the vendor's gateway would use.

mod json;
mod php_array;
mod serialize;
mod var_export;
mod xml;

use axum::http::HeaderValue;
use serde_json::Value;

use json::PhpJson;

/// The format that `result_type` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseFormat {
    /// Everything outside of ASCII escaped.
    Json,
    /// Chinese readable.
    JsonU,
    /// As `ThinkPHP` writes arrays.
    Xml,
    /// `serialize()`
    Serialize,
    /// `var_export()`
    VarExport,
}

impl ResponseFormat {
    /// The form of that name.
    pub(super) fn from_name(result_type: &str) -> Option<Self> {
        Some(match result_type {
            "json" => Self::Json,
            "jsonu" => Self::JsonU,
            "xml" => Self::Xml,
            "serialize" => Self::Serialize,
            "var_export" => Self::VarExport,
            _ => return None,
        })
    }

    /// The body.
    pub(super) fn text(self, value: &Value) -> Vec<u8> {
        match self {
            Self::Json => PhpJson { readable: false }.text(value),
            Self::JsonU => PhpJson { readable: true }.text(value),
            Self::Xml => xml::text(value).into_bytes(),
            Self::Serialize => serialize::text(value).into_bytes(),
            Self::VarExport => var_export::text(value).into_bytes(),
        }
    }

    /// PHP labels whatever nobody labels as HTML.
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json | Self::JsonU => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
            Self::Serialize | Self::VarExport => "text/html; charset=UTF-8",
        })
    }
}

/// Encodes a value in a `result_type` (`json`, `jsonu`, `xml`, `serialize`, `var_export`); `None` for another name. For
/// tests that check a parser against any value, not only items.
pub fn encode_as(result_type: &str, value: &Value) -> Option<Vec<u8>> {
    ResponseFormat::from_name(result_type).map(|form| form.text(value))
}
