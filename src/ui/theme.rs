//! Colours, marks and borders. Cells name the terminal's 16 colours, and a [`Palette`] turns these into what is written. No
//! meaning by colour alone.

mod ascii;
mod palette;

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// Styles by meaning. Readable on dark and light backgrounds: text keeps the terminal's foreground, and emphasis is bold,
/// reverse or a marker before it is a colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Theme;

pub use ascii::{ascii, ascii_symbol};
pub use obx_core::i18n::YUAN;
pub use palette::{Background, CellStyle, Palette};

/// Marks the row under the cursor.
pub const CURSOR: &str = "▸";
/// The same where rows have marks of their own.
pub const BAR: &str = "▌";
/// Marks the row whose answer the other panes show.
pub const SHOWN: &str = "•";
/// Marks the column that rows are sorted by.
pub const ASCENDING: &str = "▴";
/// The same, from the greatest to the least.
pub const DESCENDING: &str = "▾";
/// Marks a starred item.
pub const STAR: &str = "★";
/// Marks something that needs attention.
pub const ALERT: &str = "!";
/// The sign of a value that is not known yet.
pub const UNDER_WAY: &str = "…";
/// The activity sign of a call under way, a character for each half second.
pub const ACTIVITY: [&str; 4] = ["·  ", "·· ", "···", " ··"];

impl Theme {
    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// Labels, units and other secondary text.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A pane's title.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is behind a popup, in addition to its own style.
    pub fn behind(self) -> Style {
        Style::new().add_modifier(Modifier::DIM).remove_modifier(Modifier::BOLD)
    }

    /// Column titles.
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Prices.
    pub fn price(self) -> Style {
        Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// A key of the response's objects.
    pub fn name(self) -> Style {
        Style::new().fg(Color::Cyan)
    }

    /// A string of the response.
    pub fn string(self) -> Style {
        Style::new().fg(Color::Green)
    }

    /// A number of the response.
    pub fn number(self) -> Style {
        Style::new().fg(Color::Magenta)
    }

    /// `true` and `false`.
    pub fn boolean(self) -> Style {
        Style::new().fg(Color::Yellow)
    }

    /// `null`, and what stands for a value that is absent.
    pub fn null(self) -> Style {
        self.dim()
    }

    /// Brackets, quotes, colons and commas.
    pub fn punctuation(self) -> Style {
        self.dim()
    }

    /// Something that was added; its mark is `+`.
    pub fn added(self) -> Style {
        Style::new().fg(Color::Green).add_modifier(Modifier::BOLD)
    }

    /// Something that was removed; its mark is `-`.
    pub fn removed(self) -> Style {
        Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Something that was changed; its mark is `~`.
    pub fn changed(self) -> Style {
        Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// Hits of a search, visible without colour and on the row under the cursor.
    pub fn hit(self) -> Style {
        Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// Success.
    pub fn good(self) -> Style {
        Style::new().fg(Color::Green)
    }

    /// Failure; the text says it as well.
    pub fn bad(self) -> Style {
        Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// A warning.
    pub fn warn(self) -> Style {
        Style::new().fg(Color::Yellow)
    }

    /// Keys in the footer and in help.
    pub fn key(self) -> Style {
        Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor: reversed in the focused pane, only marked in others. One style for the whole row, because
    /// it is rewritten at every step of the cursor, over SSH.
    pub fn cursor(self, focused: bool) -> Style {
        let plain = Style::new().fg(Color::Reset).remove_modifier(Modifier::BOLD | Modifier::DIM);
        if focused { plain.add_modifier(Modifier::REVERSED) } else { Style::new() }
    }

    /// Text that the next key replaces.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A banner over a pane.
    pub fn banner(self) -> Style {
        Style::new().fg(Color::Red).add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// A badge such as DEMO.
    pub fn badge(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// A pane's border.
    pub fn border(self, focused: bool) -> Style {
        if focused { Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD) } else { self.dim() }
    }

    /// The lines of a pane's border: thick where the focus is, with or without colour.
    pub fn border_set(self, focused: bool) -> border::Set<'static> {
        if focused { border::THICK } else { border::ROUNDED }
    }
}
