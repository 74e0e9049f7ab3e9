//! The texts of the interface, English and Chinese side by side: a text without one of them does not compile.
//!
//! ```
//! use obx_core::i18n::{Language, Texts};
//! assert_eq!(Texts::new(Language::Zh).pane_item(), "商品");
//! ```
//! The vendor's own words (error codes, field names) are not translated.

mod advice;
mod calls;
mod command_line;
mod describe;
mod description;
mod difference;
mod errors;
mod export;
mod facts;
mod filter;
mod history;
mod quota;
mod response;
mod store;
mod texts;
mod waiting;

pub use describe::Describe;
pub use texts::Texts;

/// Returns name, English and Chinese of every text of the screen, its arguments as named placeholders. For tests that
/// check all texts.
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

/// Returns the same for texts that are printed before the screen or without one: help and errors.
pub fn printed_templates() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    [command_line::TEMPLATES, errors::TEMPLATES].into_iter().flatten()
}

/// Marks what costs money, in every language.
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

impl Language {
    /// Parses a language's name in flags, variables and the config file: `en`, `zh-CN`.
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().replace('_', "-").as_str() {
            "en" | "en-us" | "en-gb" => Some(Self::En),
            "zh" | "zh-cn" | "zh-hans" | "cn" => Some(Self::Zh),
            _ => None,
        }
    }

    /// Returns the other language.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }
}
