//! Every text of the interface, English and Chinese side by side: a text that lacks either does not compile.
//!
//! ```
//! use obx_core::i18n::{Language, Texts};
//! assert_eq!(Texts::new(Language::Zh).pane_item(), "商品");
//! ```
//! The vendor's own words (error codes, field names) are not texts of the interface: they stay as they are.

mod advice;
mod calls;
mod description;
mod difference;
mod export;
mod facts;
mod filter;
mod history;
mod quota;
mod response;
mod store;
mod texts;
mod waiting;

use std::str::FromStr;

pub use texts::Texts;

/// Name, English and Chinese of every text, with its arguments by name: for tests that go over all of them.
pub fn templates() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let all = [
        advice::TEMPLATES,
        calls::TEMPLATES,
        description::TEMPLATES,
        difference::TEMPLATES,
        export::TEMPLATES,
        facts::TEMPLATES,
        filter::TEMPLATES,
        history::TEMPLATES,
        quota::TEMPLATES,
        response::TEMPLATES,
        store::TEMPLATES,
        texts::TEMPLATES,
        waiting::TEMPLATES,
    ];
    all.into_iter().flatten()
}

/// The sign of what costs, in every language.
pub const YUAN: &str = "¥";

/// The interface's language; never the API's `lang`, which is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English
    #[default]
    En,
    /// Chinese, simplified
    Zh,
}

/// Not a language of the interface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no language of the interface: en or zh-CN")]
pub struct UnknownLanguage(String);

impl Language {
    /// By the locale's variables as POSIX ranks them: the first that is set and not empty decides.
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()));
        if locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh")) {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "en" | "en-us" | "en-gb" => Ok(Self::En),
            "zh" | "zh-cn" | "zh-hans" | "cn" => Ok(Self::Zh),
            _ => Err(UnknownLanguage(text.to_owned())),
        }
    }
}
