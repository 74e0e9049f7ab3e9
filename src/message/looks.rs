//! The theme and the language that the user has chosen by key, in place of the configured ones.

use serde::{Deserialize, Serialize};

use obx_core::config::ThemeName;
use obx_core::i18n::Language;

/// Theme and language. `None` as a theme means no colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    pub theme: Option<ThemeName>,
    pub language: Language,
}

/// What was chosen in place of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChosenLooks {
    theme: Option<LookChoice>,
    language: Option<LookChoice>,
}

/// A choice holds until the setting that it replaces is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LookChoice {
    configured: String,
    chosen: String,
}

impl LookChoice {
    fn new(configured: &str, chosen: &str) -> Option<Self> {
        (configured != chosen).then(|| Self { configured: configured.to_owned(), chosen: chosen.to_owned() })
    }

    fn in_place_of(&self, configured: &str) -> Option<&str> {
        (self.configured == configured).then_some(&self.chosen)
    }
}

impl ChosenLooks {
    /// The choices by which the `shown` looks differ from the `configured` ones.
    pub fn new(configured: Looks, shown: Looks) -> Self {
        let themes = configured.theme.zip(shown.theme);
        Self {
            theme: themes.and_then(|(one, other)| LookChoice::new(one.as_str(), other.as_str())),
            language: LookChoice::new(name(configured.language), name(shown.language)),
        }
    }

    /// The configured looks with these choices.
    pub fn apply(&self, configured: Looks) -> Looks {
        let theme = |configured: ThemeName| {
            let chosen = self.theme.as_ref()?.in_place_of(configured.as_str())?;
            ThemeName::parse(chosen)
        };
        let language =
            self.language.as_ref().and_then(|choice| choice.in_place_of(name(configured.language)));
        Looks {
            theme: configured.theme.map(|configured| theme(configured).unwrap_or(configured)),
            language: language.and_then(Language::parse).unwrap_or(configured.language),
        }
    }
}

/// As in the config file.
fn name(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_holds_until_its_setting_is_changed() {
        let configured = Looks { theme: Some(ThemeName::Terminal), language: Language::En };
        let shown = Looks { theme: Some(ThemeName::Dark), language: Language::Zh };
        let chosen = ChosenLooks::new(configured, shown);
        assert_eq!(chosen.apply(configured), shown);
        let changed = Looks { theme: Some(ThemeName::Light), ..configured };
        assert_eq!(chosen.apply(changed), Looks { language: Language::Zh, ..changed });
        assert_eq!(chosen.apply(Looks { theme: None, ..configured }).theme, None, "NO_COLOR");
        assert_eq!(ChosenLooks::new(configured, configured), ChosenLooks::default());
    }
}
