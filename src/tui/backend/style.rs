//! Styles as sequences (SGR).

use std::fmt::Write as _;

use ratatui::style::{Color, Modifier};

use crate::ui::theme::CellStyle;

/// The terminal's own colours, and no attribute.
pub(super) const PLAIN: CellStyle =
    CellStyle { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// The modifiers and their numbers in SGR.
const MODIFIERS: [(Modifier, &str); 8] = [
    (Modifier::BOLD, ";1"),
    (Modifier::DIM, ";2"),
    (Modifier::ITALIC, ";3"),
    (Modifier::UNDERLINED, ";4"),
    (Modifier::SLOW_BLINK, ";5"),
    (Modifier::REVERSED, ";7"),
    (Modifier::HIDDEN, ";8"),
    (Modifier::CROSSED_OUT, ";9"),
];

/// Writes the way from one style to the next: only what is new if nothing ends, else all of it after a reset, which is
/// shorter than undoing attributes one by one.
pub(super) fn write_style(frame: &mut String, from: CellStyle, to: CellStyle) {
    if to == PLAIN {
        return frame.push_str("\x1b[m");
    }
    let continues = to.modifier.contains(from.modifier)
        && (to.fg != Color::Reset || from.fg == Color::Reset)
        && (to.bg != Color::Reset || from.bg == Color::Reset);
    let from = if continues { from } else { PLAIN };
    frame.push_str("\x1b[");
    let start = frame.len();
    if !continues {
        frame.push_str(";0");
    }
    for (modifier, number) in MODIFIERS {
        if to.modifier.difference(from.modifier).contains(modifier) {
            frame.push_str(number);
        }
    }
    for (from, to, base) in [(from.fg, to.fg, 30), (from.bg, to.bg, 40)] {
        if from != to {
            write_colour(frame, to, base);
        }
    }
    // Without the separator before the first number.
    frame.replace_range(start..=start, "");
    frame.push('m');
}

/// `base` is 30 for the foreground and 40 for the background.
fn write_colour(frame: &mut String, colour: Color, base: u8) {
    let named = |at: u8, bright: bool| if bright { base + 60 + at } else { base + at };
    let number = match colour {
        Color::Reset => return,
        Color::Rgb(r, g, b) => {
            let _ = write!(frame, ";{};2;{r};{g};{b}", base + 8); // writing to a String can't fail
            return;
        }
        Color::Indexed(index) => {
            let _ = write!(frame, ";{};5;{index}", base + 8); // writing to a String can't fail
            return;
        }
        Color::Black => named(0, false),
        Color::Red => named(1, false),
        Color::Green => named(2, false),
        Color::Yellow => named(3, false),
        Color::Blue => named(4, false),
        Color::Magenta => named(5, false),
        Color::Cyan => named(6, false),
        Color::Gray => named(7, false),
        Color::DarkGray => named(0, true),
        Color::LightRed => named(1, true),
        Color::LightGreen => named(2, true),
        Color::LightYellow => named(3, true),
        Color::LightBlue => named(4, true),
        Color::LightMagenta => named(5, true),
        Color::LightCyan => named(6, true),
        Color::White => named(7, true),
    };
    let _ = write!(frame, ";{number}"); // writing to a String can't fail
}
