//! What a terminal shows that reads the bytes, against what was drawn.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use obx_core::config::ThemeName;
use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use super::*;
use crate::tui::backend::LeanBackend;
use crate::ui::theme::CellStyle;
use crate::ui::{Edges, frame, line, row_style};

const SIZE: Size = Size { width: 40, height: 14 };

/// Bytes that the backend wrote.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen, and a terminal that it is shown on.
struct Pair {
    screen: Screen<LeanBackend<Written>>,
    written: Written,
    terminal: vt100::Parser,
    palette: Palette,
}

impl Pair {
    fn new(palette: Palette) -> Self {
        let written = Written::default();
        let backend = LeanBackend::new(written.clone(), palette, false);
        let screen = Screen::with_size(backend, SIZE, palette);
        let cells = |count: u16| std::num::NonZero::new(count).unwrap();
        let terminal = vt100::Parser::new(cells(SIZE.height), cells(SIZE.width), 0);
        Self { screen, written, terminal, palette }
    }

    /// Draws a frame and returns how many bytes that took; fails if the terminal shows something else.
    fn draw(&mut self, draw: impl Fn(&mut Buffer)) -> usize {
        let mut expected = Buffer::empty(Rect::new(0, 0, SIZE.width, SIZE.height));
        draw(&mut expected);
        self.screen
            .draw(|buffer| {
                buffer.reset();
                draw(buffer);
                Overlay::default()
            })
            .unwrap();
        let bytes = std::mem::take(&mut *self.written.0.borrow_mut());
        self.terminal.process(&bytes);
        self.assert_shows(&expected);
        bytes.len()
    }

    fn assert_shows(&self, expected: &Buffer) {
        for y in 0..SIZE.height {
            let mut x = 0;
            while x < SIZE.width {
                let (cell, shown) = (&expected[(x, y)], self.terminal.screen().cell(y, x).unwrap());
                let text = if shown.has_contents() { shown.contents() } else { " " };
                assert_eq!(text, cell.symbol(), "at {x}, {y}");
                let style = CellStyle { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
                let style = self.palette.apply(style);
                assert_eq!(shown.bgcolor(), colour(style.bg), "at {x}, {y}");
                if cell.symbol() != " " {
                    assert_eq!(shown.fgcolor(), colour(style.fg), "at {x}, {y}");
                }
                assert_eq!(shown.inverse(), style.modifier.contains(ratatui::style::Modifier::REVERSED));
                x += u16::try_from(crate::ui::text::width(cell.symbol())).unwrap();
            }
        }
    }
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Green => vt100::Color::Idx(2),
        Color::Yellow => vt100::Color::Idx(3),
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        other => panic!("no test draws in {other}"),
    }
}

/// A pane with a list, as wide as the screen or not.
#[derive(Clone, Debug)]
struct List {
    width: u16,
    top: usize,
    at: usize,
    title: String,
}

impl List {
    fn draw(&self, rows: &[String], buffer: &mut Buffer) {
        let area = Rect::new(0, 1, self.width, SIZE.height - 2);
        line(buffer, 0, 0, SIZE.width, &Line::styled(self.title.clone(), Style::new().fg(Color::Yellow)));
        line(buffer, self.width, 4, SIZE.width - self.width, &Line::raw("beside"));
        frame(buffer, area, false, &Edges { title: Line::raw(format!(" {} ", self.at)), ..Edges::default() });
        for (at, y) in (self.top..rows.len()).zip(area.top() + 1..area.bottom() - 1) {
            let row = [
                Span::raw(format!("{at:>3} ")),
                Span::styled(rows[at].clone(), Style::new().fg(Color::Green)),
            ];
            line(buffer, 1, y, self.width - 2, &Line::from(row.to_vec()));
            if at == self.at {
                let inside = Rect { x: 1, width: self.width - 2, ..area };
                row_style(buffer, inside, y, Style::new().fg(Color::Reset).reversed());
            }
        }
    }
}

fn any_list() -> impl Strategy<Value = List> {
    (prop_oneof![Just(SIZE.width), Just(26)], 0..40_usize, 0..12_usize, "[a-z手 ]{0,12}")
        .prop_map(|(width, top, at, title)| List { width, top, at: top + at, title })
}

proptest! {
    #[test]
    fn the_terminal_shows_what_was_drawn_however_it_was_moved(
        rows in prop::collection::vec("[ab手红 ]{0,16}", 52),
        lists in prop::collection::vec(any_list(), 1..4),
        steps in prop::collection::vec(-14..14_isize, 0..12),
        dark in any::<bool>(),
    ) {
        let theme = if dark { ThemeName::Dark } else { ThemeName::Terminal };
        let mut pair = Pair::new(Palette::new(Some(theme), None));
        for mut list in lists {
            let _ = pair.draw(|buffer| list.draw(&rows, buffer));
            for step in &steps {
                list.top = list.top.saturating_add_signed(*step).min(40);
                list.at = list.at.saturating_add_signed(*step).min(51);
                let _ = pair.draw(|buffer| list.draw(&rows, buffer));
            }
        }
    }
}

#[test]
fn a_list_in_full_width_is_scrolled_for_little_more_than_its_new_row() {
    let rows: Vec<String> = (0..52).map(|row| format!("product {row} 红色 64GB {}", row * 7919)).collect();
    let mut pair = Pair::new(Palette::Terminal);
    let mut list = List { width: SIZE.width, top: 0, at: 9, title: "title".to_owned() };
    let whole = pair.draw(|buffer| list.draw(&rows, buffer));
    for _ in 0..20 {
        (list.top, list.at) = (list.top + 1, list.at + 1);
        let down = pair.draw(|buffer| list.draw(&rows, buffer));
        assert!(down < 160 && down * 3 < whole, "{down} bytes of {whole}");
    }
    (list.top, list.at) = (list.top - 1, list.at - 1);
    let up = pair.draw(|buffer| list.draw(&rows, buffer));
    assert!(up < 180, "{up} bytes of {whole}");
}
