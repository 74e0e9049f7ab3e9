//! How the explorer is drawn.

use super::environment::Environment;

/// What a terminal is told to show, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenSettings {
    /// The colours at the start; `None` for no colours at all, whatever theme is chosen.
    pub theme: Option<ThemeName>,
    /// Draw frames, marks and arrows with ASCII characters; always so where ambiguous characters are wide.
    pub ascii: bool,
    /// How many cells characters of ambiguous width take.
    pub ambiguous_width: AmbiguousWidth,
    /// Write as little as possible, for a slow line.
    pub lean: bool,
}

/// A theme by the name it has in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// The terminal's own 16 colours.
    #[default]
    Terminal,
    /// True colours on a light background.
    Light,
    /// True colours on a dark background.
    Dark,
    /// Light or dark by the terminal's background; its own 16 colours while that is not known.
    Auto,
}

impl ThemeName {
    /// All themes, in the order in which a key steps through them.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Light, Self::Dark, Self::Auto];

    /// The name in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }

    /// The theme of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }

    /// The theme after this one.
    #[must_use]
    pub fn next(self) -> Self {
        let after = Self::ALL.into_iter().skip_while(|theme| *theme != self).nth(1);
        after.unwrap_or_default()
    }
}

/// How many cells a terminal gives characters that Unicode calls ambiguous, such as `①`, `°` and `α`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AmbiguousWidth {
    /// One cell, as most terminals do.
    #[default]
    One,
    /// Two cells, as terminals set to East Asian widths do.
    Two,
}

/// What the file says of the screen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScreenFile {
    pub(super) theme: Option<ThemeName>,
    pub(super) ascii: bool,
    pub(super) ambiguous_width: AmbiguousWidth,
    pub(super) lean: bool,
}

/// The flags about the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScreenFlags {
    /// `--no-color`: bold, dim and reverse only.
    pub no_color: bool,
    /// `--ascii`
    pub ascii: bool,
    /// `--lean`
    pub lean: bool,
}

impl ScreenSettings {
    pub(super) fn new(flags: ScreenFlags, environment: &Environment, file: ScreenFile) -> Self {
        let colourless = flags.no_color || environment.forbids_color();
        Self {
            theme: (!colourless).then(|| file.theme.unwrap_or_default()),
            // A frame of wide characters would be twice as wide as its pane.
            ascii: flags.ascii || file.ascii || file.ambiguous_width == AmbiguousWidth::Two,
            ambiguous_width: file.ambiguous_width,
            lean: flags.lean || file.lean,
        }
    }
}

impl crate::i18n::Describe for ThemeName {
    fn describe(&self, texts: crate::i18n::Texts) -> String {
        match self {
            Self::Terminal => texts.theme_terminal(),
            Self::Light => texts.theme_light(),
            Self::Dark => texts.theme_dark(),
            Self::Auto => texts.theme_auto(),
        }
        .to_owned()
    }
}
