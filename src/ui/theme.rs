//! Colours, marks and borders. Only the terminal's own 16 colours, and no meaning by colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// How things look, by what they mean. Readable on dark and on light: text keeps the terminal's own
/// foreground, and emphasis is bold, reverse or a marker before it is a colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Theme;

pub use obx_core::i18n::YUAN;

/// The row a cursor is on.
pub const CURSOR: &str = "▸";
/// The same where rows have marks of their own.
pub const BAR: &str = "▌";
/// The row of what other panes show.
pub const SHOWN: &str = "•";
/// Behind the title of the column that rows are sorted by.
pub const ASCENDING: &str = "▴";
/// The same, from the greatest to the least.
pub const DESCENDING: &str = "▾";
/// An item that the user marked to come back to.
pub const STAR: &str = "★";
/// Something that wants attention.
pub const ALERT: &str = "!";
/// What is not over yet, and what is not known of it before.
pub const UNDER_WAY: &str = "…";
/// A call under way, at each half second: it breathes, it does not spin.
pub const ACTIVITY: [&str; 4] = ["·  ", "·· ", "···", " ··"];

impl Theme {
    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// Labels, units and what stands back.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What a pane is about.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
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

    /// What a search found, also without colour, and on the row a cursor is on.
    pub fn hit(self) -> Style {
        Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// What worked.
    pub fn good(self) -> Style {
        Style::new().fg(Color::Green)
    }

    /// What did not, in words beside it.
    pub fn bad(self) -> Style {
        Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// What needs care.
    pub fn warn(self) -> Style {
        Style::new().fg(Color::Yellow)
    }

    /// Keys in the footer and in help.
    pub fn key(self) -> Style {
        Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// The row a cursor is on: reversed in the pane that has the focus, marked alone elsewhere. One style for
    /// the whole row: it is rewritten at every step of the cursor, over SSH.
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
