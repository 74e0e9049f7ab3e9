//! The frame on the terminal and the next one: only the cells that differ are written, and rows that moved are moved.

mod shift;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Rect, Size};

use super::text;
pub use shift::Shift;

/// Most unchanged cells that are written again: moving the cursor over more takes fewer bytes.
const MAX_GAP: usize = 3;

/// Two frames of the same size, and which cells differ.
#[derive(Debug, Default)]
pub struct DoubleBuffer {
    shown: Buffer,
    next: Buffer,
    changed: Vec<usize>,
    /// What the terminal puts into a row that comes in.
    blank: Cell,
}

impl DoubleBuffer {
    /// Two empty frames of this size.
    pub fn empty(size: Size) -> Self {
        let blank = Buffer::empty(Rect::from((ratatui::layout::Position::ORIGIN, size)));
        Self { shown: blank.clone(), next: blank, changed: Vec::new(), blank: Cell::EMPTY }
    }

    /// Two frames of this size, of which the one on the terminal is not known: every cell of the next one is written.
    pub fn unknown(size: Size) -> Self {
        let blank = Cell::new("");
        let frames = Self::empty(size);
        Self { shown: Buffer::filled(frames.shown.area, blank.clone()), blank, ..frames }
    }

    /// Has the cells of an area written again, whatever the terminal shows there.
    pub fn forget(&mut self, area: Rect) {
        for at in area.intersection(self.shown.area).positions() {
            if let Some(cell) = self.shown.cell_mut(at) {
                cell.set_symbol("");
            }
        }
    }

    /// The next frame, to draw on.
    pub fn canvas(&mut self) -> &mut Buffer {
        &mut self.next
    }

    /// Finds the cells that differ.
    pub fn compare(&mut self) {
        self.changed.clear();
        let (height, width) = (usize::from(self.next.area.height), usize::from(self.next.area.width));
        for row in 0..height {
            let before = self.changed.len();
            self.compare_row(row * width, (row + 1) * width);
            self.fill_gaps(before);
        }
    }

    /// Writes a few unchanged cells between changed ones of the same style again, which takes fewer bytes than to move over
    /// them. `from` is where the row's cells begin.
    fn fill_gaps(&mut self, from: usize) {
        let found = self.changed.split_off(from);
        for at in found {
            if let Some(last) = self.changed.get(from..).and_then(|row| row.last().copied())
                && self.is_cheap_gap(last, at)
            {
                self.changed.extend(last + 1..at);
            }
            self.changed.push(at);
        }
    }

    fn is_cheap_gap(&self, last: usize, next: usize) -> bool {
        let Some(style) = self.next.content.get(last).map(Cell::style).filter(|_| next - last <= MAX_GAP + 1)
        else {
            return false;
        };
        let gap = self.next.content.get(last + 1..=next).unwrap_or_default();
        gap.iter().all(|cell| cell.symbol().is_ascii() && !cell.symbol().is_empty() && cell.style() == style)
    }

    fn compare_row(&mut self, start: usize, end: usize) {
        let (mut after_wide, mut unsure) = (false, 0);
        for at in start..end {
            let (Some(next), Some(shown)) = (self.next.content.get_mut(at), self.shown.content.get(at))
            else {
                return;
            };
            if after_wide {
                // Differs from a blank, so that a blank here in a later frame is written. Otherwise clearing the second
                // half would be left to the terminal, and not all do it.
                next.set_symbol("");
            }
            after_wide = is_wide(next);
            if next != shown {
                unsure = unsure.max(spill(next).max(spill(shown)) + 1);
            }
            if unsure > 0 {
                self.changed.push(at);
                unsure -= 1;
            }
        }
    }

    /// Rows that the terminal may move instead of having them written again.
    pub fn shift(&self) -> Option<Shift> {
        shift::find(&self.shown, &self.next, &self.changed)
    }

    /// Takes rows as moved on the terminal, and finds the cells that still differ.
    pub fn set_moved(&mut self, shift: &Shift) {
        shift::apply(&mut self.shown, shift, &self.blank);
        self.compare();
    }

    /// The cell in the upper left corner of the terminal.
    pub fn first_cell(&self) -> Option<(u16, u16, &Cell)> {
        self.shown.content.first().map(|cell| (0, 0, cell))
    }

    /// The cells to be written, as [`DoubleBuffer::compare`] found them.
    pub fn changes(&self) -> impl Iterator<Item = (u16, u16, &Cell)> {
        let cell = |at: &usize| {
            let cell = self.next.content.get(*at).filter(|cell| !cell.symbol().is_empty())?;
            let (x, y) = self.next.pos_of(*at);
            Some((x, y, cell))
        };
        self.changed.iter().filter_map(cell)
    }

    /// Takes the next frame as the one on the terminal.
    pub fn set_shown(&mut self) {
        for at in self.changed.drain(..) {
            if let (Some(shown), Some(next)) = (self.shown.content.get_mut(at), self.next.content.get(at)) {
                shown.clone_from(next);
            }
        }
    }
}

/// How many cells after its own a symbol may cover, since terminals disagree about the width of emoji and of clusters of
/// some scripts. These cells are written again whenever the symbol appears or disappears.
fn spill(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if symbol.is_empty() || text::sure_width(symbol).is_some() { 0 } else { symbol.chars().count() }
}

fn is_wide(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    // Wide characters have at least three bytes.
    symbol.len() >= 3 && text::width(symbol) > 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Style;
    use ratatui::widgets::{Clear, Widget};

    use super::*;
    use crate::ui::line;

    const SIZE: Size = Size { width: 12, height: 4 };
    const LEFT: Rect = Rect { x: 0, y: 0, width: 6, height: 4 };

    /// A terminal that clears the second half of a wide character when it overwrites the first.
    fn write(screen: &mut [String], buffers: &DoubleBuffer) {
        for (x, y, cell) in buffers.changes() {
            let at = usize::from(y) * usize::from(SIZE.width) + usize::from(x);
            screen[at] = cell.symbol().to_owned();
            if is_wide(cell) {
                screen[at + 1] = String::new();
            }
        }
    }

    fn expected(buffer: &Buffer) -> Vec<String> {
        let mut after_wide = false;
        let symbol = |cell: &Cell| {
            let symbol = if after_wide { String::new() } else { cell.symbol().to_owned() };
            after_wide = is_wide(cell);
            symbol
        };
        buffer.content.iter().map(symbol).collect()
    }

    fn draw(buffers: &mut DoubleBuffer, part: Rect, rows: &[String]) {
        Clear.render(part, buffers.canvas());
        for (y, text) in (part.top()..part.bottom()).zip(rows) {
            line(buffers.canvas(), part.x, y, part.width, &text.as_str().into());
        }
    }

    proptest! {
        #[test]
        fn the_terminal_shows_what_was_drawn_last(
            frames in prop::collection::vec((any::<bool>(), prop::collection::vec("[ab手红 ]{0,12}", 4)), 1..8),
        ) {
            let mut buffers = DoubleBuffer::empty(SIZE);
            let mut screen = vec![" ".to_owned(); 48];
            for (whole, rows) in frames {
                let part = if whole { buffers.canvas().area } else { LEFT };
                draw(&mut buffers, part, &rows);
                buffers.compare();
                write(&mut screen, &buffers);
                buffers.set_shown();
                prop_assert_eq!(&screen, &expected(buffers.canvas()));
            }
        }
    }

    #[test]
    fn where_nothing_is_known_blanks_are_written_too() {
        let mut buffers = DoubleBuffer::unknown(SIZE);
        draw(&mut buffers, LEFT, &["手a".to_owned()]);
        buffers.compare();
        assert_eq!(buffers.changes().count(), 12 * 4 - 1, "all but the second half of a wide character");
    }

    #[test]
    fn what_stays_is_not_written_again() {
        let mut buffers = DoubleBuffer::empty(SIZE);
        for expected in [2, 0] {
            draw(&mut buffers, LEFT, &["手a".to_owned()]);
            buffers.compare();
            assert_eq!(buffers.changes().count(), expected);
            buffers.set_shown();
        }
    }

    #[test]
    fn what_a_terminal_may_have_spilled_over_is_written_again() {
        let mut buffers = DoubleBuffer::empty(SIZE);
        let mut written = |text: &str| {
            draw(&mut buffers, LEFT, &[text.to_owned()]);
            buffers.compare();
            let cells: Vec<u16> = buffers.changes().filter(|(_, y, _)| *y == 0).map(|(x, _, _)| x).collect();
            buffers.set_shown();
            cells
        };
        assert_eq!(written("a"), [0]);
        assert_eq!(written("e\u{301}"), [0, 1, 2]);
        assert_eq!(written("a"), [0, 1, 2]);
        assert_eq!(written("b"), [0]);
        // Also beside the part that contains it.
        assert_eq!(written("bbbbbe\u{301}"), [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_style_alone_is_a_change() {
        let mut buffers = DoubleBuffer::empty(SIZE);
        buffers.canvas().set_style(LEFT, Style::new().reversed());
        buffers.compare();
        assert_eq!(buffers.changes().count(), 24);
    }
}
