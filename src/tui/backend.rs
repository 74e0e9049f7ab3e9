//! Writes frames in as few bytes as possible, which is what a user over SSH feels.
//!
//! ratatui's own writer moves the cursor after every wide character, which doubles a line of Chinese, and ends each
//! frame with four resets. This one knows how far a character moves the cursor and writes a style once, whole.

mod moves;
mod order;
mod style;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::iter::Peekable;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use self::moves::{Cursor, move_to};
use self::order::{Placed, by_columns};
use self::style::{PLAIN, write_style};
use super::screen::ScreenBackend;
use crate::ui::double_buffer::Shift;
use crate::ui::text::{sure_width, width};
use crate::ui::theme::{CellStyle, Palette, ascii_symbol};

/// Writes cells itself and leaves everything else to crossterm.
#[derive(Debug)]
pub struct LeanBackend<W: Write> {
    inner: CrosstermBackend<W>,
    palette: Palette,
    ascii: bool,
    synchronized: bool,
    width: u16,
    frame: String,
}

/// A smaller frame, in bytes, arrives in one packet and appears at once anyway.
const MIN_SYNCHRONIZED: usize = 1_000;

/// Fewer blanks are written, since the cursor has to be moved over erased ones.
const MIN_ERASED: u16 = 10;

impl<W: Write> LeanBackend<W> {
    /// Writes to `out`, with obx's own marks in ASCII if `ascii`.
    pub fn new(out: W, palette: Palette, ascii: bool) -> Self {
        Self {
            inner: CrosstermBackend::new(out),
            palette,
            ascii,
            synchronized: false,
            width: 0,
            frame: String::new(),
        }
    }

    fn style_of(&self, cell: &Cell) -> CellStyle {
        self.palette.apply(CellStyle { fg: cell.fg, bg: cell.bg, modifier: cell.modifier })
    }

    /// How many blanks in the plain style come one after the other, with the one at this place; takes them.
    fn blanks<'a>(&self, content: &mut Peekable<impl Iterator<Item = Placed<'a>>>, at: Position) -> u16 {
        let mut count = 1;
        let is_next = |(x, y, cell): &(u16, u16, &Cell), count: u16| {
            (*x, *y) == (at.x + count, at.y) && cell.symbol() == " " && self.style_of(cell) == PLAIN
        };
        while content.next_if(|next| is_next(next, count)).is_some() {
            count += 1;
        }
        count
    }

    /// Writes blanks, many of them as an erased stretch; returns how far that moves the cursor.
    fn erase(&mut self, blanks: u16) -> u16 {
        if blanks < MIN_ERASED {
            self.frame.extend(std::iter::repeat_n(' ', usize::from(blanks)));
            return blanks;
        }
        let _ = write!(self.frame, "\x1b[{blanks}X"); // writing to a String can't fail
        0
    }

    /// Writes cells in this order.
    fn encode<'a>(&mut self, content: impl Iterator<Item = Placed<'a>>) {
        let mut style = PLAIN;
        let mut cursor: Option<Cursor> = None;
        let mut content = content.peekable();
        while let Some((x, y, cell)) = content.next() {
            let begin = move_to(&mut self.frame, cursor, Position { x, y });
            let next = self.style_of(cell);
            if next != style {
                write_style(&mut self.frame, style, next);
                style = next;
            }
            if next == PLAIN && cell.symbol() == " " {
                let blanks = self.blanks(&mut content, Position { x, y });
                let moved = self.erase(blanks);
                cursor = begin.after(" ", moved, self.width);
                continue;
            }
            let cells = self.put(cell.symbol(), Position { x, y });
            cursor = cells.and_then(|cells| begin.after(cell.symbol(), cells, self.width));
        }
        if style != PLAIN {
            self.frame.push_str("\x1b[m");
        }
    }

    /// Writes one cell's symbol, and returns how far it moves the cursor; `None` if terminals differ in that.
    fn put(&mut self, symbol: &str, at: Position) -> Option<u16> {
        if self.ascii
            && let Some(mark) = ascii_symbol(symbol)
        {
            self.frame.push(mark);
            return Some(1);
        }
        let cells = sure_width(symbol);
        if cells.is_none() {
            // Where the terminal takes it for narrower, what was there before would show beside it. And then the
            // next cell is named.
            self.frame.extend(std::iter::repeat_n(' ', width(symbol)));
            let _ = move_to(&mut self.frame, None, at);
        }
        self.frame.push_str(symbol);
        cells
    }
}

impl<W: Write> Backend for LeanBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<Placed<'a>> = content.collect();
        let start = self.frame.len();
        self.encode(cells.iter().copied());
        if let Some(columns) = by_columns(&cells, |cell| self.style_of(cell)) {
            let by_rows = self.frame.split_off(start);
            self.encode(columns.into_iter());
            if self.frame.len() - start > by_rows.len() {
                self.frame.replace_range(start.., &by_rows);
            }
        }
        let large = self.frame.len() >= MIN_SYNCHRONIZED && self.synchronized;
        let (begin, end) = if large { ("\x1b[?2026h", "\x1b[?2026l") } else { ("", "") };
        let frame = std::mem::take(&mut self.frame);
        write!(self.inner, "{begin}{frame}{end}")?;
        self.frame = frame;
        self.frame.clear();
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

impl<W: Write> ScreenBackend for LeanBackend<W> {
    fn write_sequence(&mut self, sequence: &str) -> io::Result<()> {
        self.inner.write_all(sequence.as_bytes())
    }

    fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
    }

    fn set_size(&mut self, size: Size) {
        self.width = size.width;
    }

    /// By a scroll region and line feeds at its end, which all terminals since the VT100 have.
    fn shift(&mut self, shift: &Shift) -> io::Result<bool> {
        let Shift { region, up } = shift;
        let (line, step) = if *up > 0 { (region.end, "\n") } else { (region.start + 1, "\x1bM") };
        let steps = step.repeat(usize::from(up.unsigned_abs()));
        // In front of the frame that follows.
        let moved = format!("\x1b[{};{}r\x1b[{line};1H{steps}\x1b[r", region.start + 1, region.end);
        self.frame.push_str(&moved);
        Ok(true)
    }

    fn synchronize_updates(&mut self) {
        self.synchronized = true;
    }

    fn ask(&mut self, queries: &str) -> io::Result<()> {
        write!(self.inner, "\x1b[1;1H{queries}")
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    fn drawn(palette: Palette, ascii: bool, cells: &[(u16, u16, Cell)]) -> String {
        let mut out = Vec::new();
        let mut backend = LeanBackend::new(&mut out, palette, ascii);
        backend.set_size(Size { width: 80, height: 24 });
        backend.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell))).unwrap();
        Backend::flush(&mut backend).unwrap();
        drop(backend);
        String::from_utf8(out).unwrap()
    }

    fn cell(symbol: &str, style: Style) -> Cell {
        let mut cell = Cell::default();
        cell.set_symbol(symbol).set_style(style);
        cell
    }

    #[test]
    fn a_line_of_chinese_needs_one_move() {
        let plain = Style::new();
        let cells = [(0, 0, cell("红", plain)), (2, 0, cell("色", plain)), (4, 0, cell("x", plain))];
        assert_eq!(drawn(Palette::Terminal, false, &cells), "\x1b[1;1H红色x");
    }

    #[test]
    fn an_emoji_is_written_over_blanks_and_the_cell_after_it_is_addressed() {
        let plain = Style::new();
        let cells = [(0, 0, cell("🙂", plain)), (2, 0, cell("x", plain))];
        assert_eq!(drawn(Palette::Terminal, false, &cells), "\x1b[1;1H  \x1b[1;1H🙂\x1b[1;3Hx");
    }

    #[test]
    fn a_style_is_written_once_and_taken_back_at_the_end() {
        let price = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);
        let cells = [(0, 1, cell("9", price)), (1, 1, cell("9", price)), (5, 1, cell("a", Style::new()))];
        assert_eq!(drawn(Palette::Terminal, false, &cells), "\x1b[2;1H\x1b[1;33m99\x1b[3C\x1b[ma");
        assert_eq!(drawn(Palette::Terminal, false, &cells[..2]), "\x1b[2;1H\x1b[1;33m99\x1b[m");
    }

    #[test]
    fn without_colour_bold_and_reverse_stay() {
        let style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED);
        assert_eq!(
            drawn(Palette::Colourless, false, &[(0, 0, cell("!", style))]),
            "\x1b[1;1H\x1b[1;7m!\x1b[m"
        );
    }

    #[test]
    fn only_what_changes_of_a_style_is_written() {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let cells =
            [(0, 0, cell("a", bold)), (1, 0, cell("b", bold.fg(Color::Red))), (2, 0, cell("c", bold))];
        assert_eq!(
            drawn(Palette::Terminal, false, &cells),
            "\x1b[1;1H\x1b[1ma\x1b[31mb\x1b[0;1mc\x1b[m",
            "a colour ends by a reset"
        );
    }

    #[test]
    fn what_changes_in_every_row_of_a_table_is_written_column_by_column() {
        let price = Style::new().fg(Color::Yellow);
        let row = |y| [(4, y, cell("7", price)), (9, y, cell("8", Style::new()))];
        let cells: Vec<_> = (0..3).flat_map(row).collect();
        assert_eq!(
            drawn(Palette::Terminal, false, &cells),
            "\x1b[1;5H\x1b[33m7\n\x087\n\x087\x1b[1;10H\x1b[m8\n\x088\n\x088"
        );
    }

    #[test]
    fn rows_that_are_written_whole_stay_rows() {
        let key = Style::new().add_modifier(Modifier::BOLD);
        let row = |y| [(0, y, cell("a", key)), (1, y, cell("b", Style::new())), (2, y, cell("c", key))];
        let cells: Vec<_> = (0..3).flat_map(row).collect();
        let written = drawn(Palette::Terminal, false, &cells);
        assert!(written.starts_with("\x1b[1;1H\x1b[1ma\x1b[mb"), "{written:?}");
    }

    #[test]
    fn a_true_colour_theme_writes_its_background_once() {
        let cells = [(0, 0, cell("a", Style::new())), (1, 0, cell("b", Style::new().fg(Color::Red)))];
        let dark = Palette::new(Some(obx_core::config::ThemeName::Dark), None);
        assert_eq!(
            drawn(dark, false, &cells),
            "\x1b[1;1H\x1b[38;2;220;223;228;48;2;28;30;38ma\x1b[38;2;255;123;133mb\x1b[m"
        );
    }

    #[test]
    fn in_ascii_obx_own_marks_are_replaced_and_text_is_not() {
        let plain = Style::new();
        let symbols = ["┏", "━", "▸", "¥", "…", "红"];
        let cells: Vec<_> = (0..).zip(symbols).map(|(x, symbol)| (x, 0, cell(symbol, plain))).collect();
        assert_eq!(drawn(Palette::Terminal, true, &cells), "\x1b[1;1H#=>Y~红");
    }
}
