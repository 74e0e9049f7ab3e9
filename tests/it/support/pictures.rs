//! What is on a screen, as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// The cells' text, line by line, without the blanks at the ends of lines. `TestBackend` would tell of
/// every wide character's second cell.
pub(crate) fn screen(buffer: &Buffer) -> String {
    lines(buffer, buffer.area, |_, symbol| symbol.to_owned())
}

/// Where styles begin and end: a letter a cell. `.` plain, `b` bold, `d` dim, `r` reversed, `u` underlined, capitals
/// with colour.
pub(crate) fn styles(buffer: &Buffer) -> String {
    lines(buffer, buffer.area, |cell, symbol| {
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

/// The frame that has the focus, a pane's or a popup's, from corner to corner: its lines are heavy.
pub(crate) fn focused(buffer: &Buffer) -> String {
    let area = buffer.area;
    let is = |x: u16, y: u16, corner: &str| buffer[(x, y)].symbol() == corner;
    let mut cells =
        (area.top()..area.bottom()).flat_map(|y| (area.left()..area.right()).map(move |x| (x, y)));
    let (left, top) = cells.find(|(x, y)| is(*x, *y, "┏")).expect("nothing has the focus");
    let right = (left..area.right()).find(|x| is(*x, top, "┓")).expect("the frame has a corner");
    let bottom = (top..area.bottom()).find(|y| is(left, *y, "┗")).expect("the frame has a corner");
    let frame = Rect { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    lines(buffer, frame, |_, symbol| symbol.to_owned())
}

fn lines(buffer: &Buffer, area: Rect, cell_text: impl Fn(&ratatui::buffer::Cell, &str) -> String) -> String {
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
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
