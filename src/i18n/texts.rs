//! The texts themselves. One line each: name, what is put in, English, Chinese.

use std::fmt::Display;

use super::Language;

/// All texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts(Language);

impl Texts {
    /// The texts in this language.
    pub fn new(language: Language) -> Self {
        Self(language)
    }

    /// Which language they are in.
    pub fn language(self) -> Language {
        self.0
    }
}

/// A text without arguments gives a `&'static str`, one with arguments a `String`.
macro_rules! texts {
    ($($name:ident $(($($argument:ident),+))? => $en:literal, $zh:literal;)+) => {
        impl Texts {
            $(texts!(@one $name $(($($argument),+))? $en $zh);)+
        }
    };
    (@one $name:ident $en:literal $zh:literal) => {
        #[doc = $en]
        pub fn $name(self) -> &'static str {
            match self.0 { Language::En => $en, Language::Zh => $zh }
        }
    };
    (@one $name:ident ($($argument:ident),+) $en:literal $zh:literal) => {
        #[doc = $en]
        pub fn $name(self, $($argument: impl Display),+) -> String {
            match self.0 { Language::En => format!($en), Language::Zh => format!($zh) }
        }
    };
}

texts! {
    pane_item => "Item", "商品";
}
