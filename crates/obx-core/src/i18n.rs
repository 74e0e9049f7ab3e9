//! The texts of the interface, English and Chinese side by side: a text without one of them does not compile.
//!
//! ```
//! use obx_core::i18n::{Language, Texts};
//! assert_eq!(Texts::new(Language::Zh).pane_item(), "商品");
//! ```
//! The vendor's own words (error codes, field names) are not translated.

mod advice;
mod batch;
mod batch_command;
mod batch_view;
mod calls;
mod command_line;
mod config_command;
mod describe;
mod description;
mod difference;
mod doctor;
mod errors;
mod examples;
mod export;
mod export_command;
mod facts;
mod filter;
mod flat;
mod history;
mod images_command;
mod item;
mod item_search;
mod keys;
mod matrix;
mod pictures;
mod plurals;
mod price;
mod quota;
mod quota_command;
mod record;
mod response;
mod search;
mod spending;
mod spreadsheet;
mod store;
mod store_command;
mod stored;
mod tables;
mod texts;
mod tour;
mod waiting;

pub use describe::{Describe, with_meant};
pub use texts::Texts;

/// Returns name, English and Chinese of every text of the screen, its arguments as named placeholders. For tests that
/// check all texts.
pub fn templates() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let all = [
        advice::TEMPLATES,
        batch::TEMPLATES,
        batch_view::TEMPLATES,
        calls::TEMPLATES,
        description::TEMPLATES,
        difference::TEMPLATES,
        export::TEMPLATES,
        facts::TEMPLATES,
        filter::TEMPLATES,
        history::TEMPLATES,
        item::TEMPLATES,
        item_search::TEMPLATES,
        matrix::TEMPLATES,
        pictures::TEMPLATES,
        price::TEMPLATES,
        quota::TEMPLATES,
        response::TEMPLATES,
        store::TEMPLATES,
        tables::TEMPLATES,
        texts::TEMPLATES,
        tour::TEMPLATES,
        waiting::TEMPLATES,
    ];
    all.into_iter().flatten()
}

/// Returns the same for texts that are printed before the screen or without one: help and errors.
pub fn printed_templates() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let all = [
        batch_command::TEMPLATES,
        spreadsheet::TEMPLATES,
        command_line::TEMPLATES,
        doctor::TEMPLATES,
        config_command::TEMPLATES,
        errors::TEMPLATES,
        examples::TEMPLATES,
        export_command::TEMPLATES,
        flat::TEMPLATES,
        images_command::TEMPLATES,
        keys::TEMPLATES,
        quota_command::TEMPLATES,
        record::TEMPLATES,
        search::TEMPLATES,
        spending::TEMPLATES,
        store_command::TEMPLATES,
        stored::TEMPLATES,
    ];
    all.into_iter().flatten()
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
    /// Parses a language's name in flags, variables and the config file, with or without script and region: `en`,
    /// `en-GB`, `zh-CN`, `zh_TW`. There is one Chinese, the simplified.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        let mut subtags = name.split('-');
        let language = match subtags.next()? {
            "en" => Self::En,
            "zh" | "cn" => Self::Zh,
            _ => return None,
        };
        let is_subtag =
            |text: &str| (2..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        subtags.all(is_subtag).then_some(language)
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

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_language_is_taken_with_any_script_and_region() {
        let parsed = |name| Language::parse(name);
        for name in ["zh", "cn", "zh-CN", "zh_CN", "zh-TW", "zh_tw", "zh-HK", "zh-Hans", "zh-Hant-TW"] {
            assert_eq!(parsed(name), Some(Language::Zh), "{name}");
        }
        for name in ["en", "EN", "en-US", "en_GB", "en-AU"] {
            assert_eq!(parsed(name), Some(Language::En), "{name}");
        }
        for name in ["", "zhongwen", "english", "ru", "zh-", "zh-T", "zh-T W", "en.UTF-8", "-zh"] {
            assert_eq!(parsed(name), None, "{name}");
        }
    }
}
