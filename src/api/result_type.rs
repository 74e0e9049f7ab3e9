//! The format an answer is asked for in (`result_type`).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The two JSON forms of the vendor's five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultType {
    /// Chinese as `\u` escapes: what the vendor sends when nothing is asked for.
    Json,
    /// Chinese as it reads, and half the bytes.
    #[default]
    JsonU,
}

impl ResultType {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Json, Self::JsonU];

    /// The parameter's value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonU => "jsonu",
        }
    }
}

impl fmt::Display for ResultType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
