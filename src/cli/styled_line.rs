//! A line of the explorer on stdout, its styles as escape sequences.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

/// A line with its styles as escape sequences, if colours are wanted.
pub(super) fn printed(line: &Line<'_>, colors: bool) -> String {
    let spans = line.spans.iter().map(|span| {
        let codes = codes(line.style.patch(span.style));
        if !colors || codes.is_empty() {
            span.content.to_string()
        } else {
            format!("\u{1b}[{}m{}\u{1b}[0m", codes.join(";"), span.content)
        }
    });
    let text: String = spans.collect();
    text.trim_end().to_owned()
}

/// Text for people in bold, if colours are wanted.
pub(super) fn bold(text: &str, colors: bool) -> String {
    if colors && !text.is_empty() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The codes of a style among the terminal's sixteen colours.
fn codes(style: Style) -> Vec<String> {
    let modifiers = [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ];
    let modified = modifiers.iter().filter(|(modifier, _)| style.add_modifier.contains(*modifier));
    let color = match style.fg {
        Some(Color::Red) => Some("31"),
        Some(Color::Green) => Some("32"),
        Some(Color::Yellow) => Some("33"),
        Some(Color::Blue) => Some("34"),
        Some(Color::Magenta) => Some("35"),
        Some(Color::Cyan) => Some("36"),
        _ => None,
    };
    modified.map(|(_, code)| *code).chain(color).map(str::to_owned).collect()
}
