//! What the colours of cells become on the terminal. Cells have the names of the 16 colours; a palette turns them into
//! what is written, so that another theme needs no other frame.

use obx_core::config::ThemeName;
use ratatui::style::{Color, Modifier};

/// The colours that are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// The terminal's own 16 colours.
    #[default]
    Terminal,
    /// Colours of our own, with their background.
    Own(&'static OwnColours),
    /// No colours: bold, dim and reverse stay.
    Colourless,
}

/// What the terminal's own background is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    Light,
    Dark,
}

/// The true colours of a theme.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnColours {
    background: Color,
    text: Color,
    /// Of dim text. The dim attribute itself is not used, since terminals differ in how dark it is.
    dim: Color,
    red: Color,
    green: Color,
    yellow: Color,
    blue: Color,
    magenta: Color,
    cyan: Color,
}

const LIGHT: OwnColours = OwnColours {
    background: Color::Rgb(0xfb, 0xfb, 0xf9),
    text: Color::Rgb(0x24, 0x29, 0x2f),
    dim: Color::Rgb(0x6b, 0x73, 0x7d),
    red: Color::Rgb(0xb4, 0x23, 0x18),
    green: Color::Rgb(0x14, 0x6c, 0x2e),
    yellow: Color::Rgb(0x7d, 0x53, 0x00),
    blue: Color::Rgb(0x0b, 0x57, 0xb0),
    magenta: Color::Rgb(0x86, 0x36, 0xb5),
    cyan: Color::Rgb(0x0a, 0x66, 0x73),
};

const DARK: OwnColours = OwnColours {
    background: Color::Rgb(0x1c, 0x1e, 0x26),
    text: Color::Rgb(0xdc, 0xdf, 0xe4),
    dim: Color::Rgb(0x8b, 0x93, 0xa3),
    red: Color::Rgb(0xff, 0x7b, 0x85),
    green: Color::Rgb(0x9c, 0xd0, 0x8f),
    yellow: Color::Rgb(0xe8, 0xc4, 0x7a),
    blue: Color::Rgb(0x84, 0xb5, 0xff),
    magenta: Color::Rgb(0xd8, 0xa6, 0xf2),
    cyan: Color::Rgb(0x70, 0xd0, 0xd8),
};

/// The part of a cell's style that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellStyle {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

impl Palette {
    /// The palette of a theme; without one, no colours.
    pub fn new(theme: Option<ThemeName>, background: Option<Background>) -> Self {
        match (theme, background) {
            (None, _) => Self::Colourless,
            (Some(ThemeName::Terminal), _) | (Some(ThemeName::Auto), None) => Self::Terminal,
            (Some(ThemeName::Light), _) | (Some(ThemeName::Auto), Some(Background::Light)) => {
                Self::Own(&LIGHT)
            }
            (Some(ThemeName::Dark), _) | (Some(ThemeName::Auto), Some(Background::Dark)) => Self::Own(&DARK),
        }
    }

    /// Whether blank cells have a colour too, so that they have to be written.
    pub fn has_background(self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// A cell's style as this palette writes it.
    pub fn apply(self, style: CellStyle) -> CellStyle {
        match self {
            Self::Terminal => style,
            Self::Colourless => CellStyle { fg: Color::Reset, bg: Color::Reset, ..style },
            Self::Own(colours) => colours.apply(style),
        }
    }
}

impl OwnColours {
    fn apply(&self, style: CellStyle) -> CellStyle {
        let dim = style.modifier.contains(Modifier::DIM);
        let fg = match style.fg {
            Color::Reset if dim => self.dim,
            Color::Reset => self.text,
            named => self.named(named),
        };
        let bg = if style.bg == Color::Reset { self.background } else { self.named(style.bg) };
        CellStyle { fg, bg, modifier: style.modifier.difference(Modifier::DIM) }
    }

    /// Colours that no theme uses, as those of a picture, stay as they are.
    fn named(&self, colour: Color) -> Color {
        match colour {
            Color::Red => self.red,
            Color::Green => self.green,
            Color::Yellow => self.yellow,
            Color::Blue => self.blue,
            Color::Magenta => self.magenta,
            Color::Cyan => self.cyan,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The relative luminance of WCAG 2.
    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(red, green, blue) = colour else { panic!("{colour} is no true colour") };
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        (one / other).max(other / one)
    }

    #[rstest]
    #[case::light(ThemeName::Light)]
    #[case::dark(ThemeName::Dark)]
    fn all_text_of_the_true_colour_themes_can_be_read(#[case] theme: ThemeName) {
        let written = |fg, modifier| {
            Palette::new(Some(theme), None).apply(CellStyle { fg, bg: Color::Reset, modifier })
        };
        let named =
            [Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan, Color::Reset];
        for colour in named {
            let CellStyle { fg, bg, .. } = written(colour, Modifier::empty());
            assert!(contrast(fg, bg) >= 4.5, "{theme:?} {colour}: {:.2}", contrast(fg, bg));
        }
        let dim = written(Color::Reset, Modifier::DIM);
        assert!(contrast(dim.fg, dim.bg) >= 3.0, "{theme:?} dim: {:.2}", contrast(dim.fg, dim.bg));
        assert_eq!(dim.modifier, Modifier::empty(), "it would be dimmed twice");
    }

    #[test]
    fn without_colours_only_attributes_are_left() {
        let style = CellStyle { fg: Color::Red, bg: Color::Blue, modifier: Modifier::BOLD };
        let expected = CellStyle { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::BOLD };
        assert_eq!(Palette::new(None, None).apply(style), expected);
    }
}
