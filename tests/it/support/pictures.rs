//! What is on a screen, as text.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

/// The cells' text, line by line, without the blanks at the ends of lines. `TestBackend` would tell of
/// every wide character's second cell.
pub(crate) fn screen(buffer: &Buffer) -> String {
    lines(buffer, |_, symbol| symbol.to_owned())
}

/// Where styles begin and end: a letter a cell. `.` plain, `b` bold, `d` dim, `r` reversed, `u` underlined, capitals
/// with colour.
pub(crate) fn styles(buffer: &Buffer) -> String {
    lines(buffer, |cell, symbol| {
        let modifier = cell.modifier;
        let letter = match () {
            () if modifier.contains(Modifier::UNDERLINED) => 'u',
            () if modifier.contains(Modifier::REVERSED) => 'r',
            () if modifier.contains(Modifier::BOLD) => 'b',
            () if modifier.contains(Modifier::DIM) => 'd',
            () if symbol == " " => ' ',
            () => '.',
        };
        let coloured = cell.fg != ratatui::style::Color::Reset;
        let letter = match letter {
            '.' if coloured => 'c',
            letter if coloured => letter.to_ascii_uppercase(),
            letter => letter,
        };
        letter.to_string().repeat(unicode_width::UnicodeWidthStr::width(symbol).max(1))
    })
}

fn lines(buffer: &Buffer, cell_text: impl Fn(&ratatui::buffer::Cell, &str) -> String) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let cell = &buffer[(x, y)];
            line.push_str(&cell_text(cell, cell.symbol()));
            let width = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
            x += u16::try_from(width).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
