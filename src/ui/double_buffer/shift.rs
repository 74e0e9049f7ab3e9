//! Rows that only moved: a terminal scrolls them itself, for a few bytes.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};

/// Whole rows of the screen that move up or down together, as a terminal's scroll region does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The region, as rows of the screen.
    pub region: Range<u16>,
    /// How far its rows move up; negative for down.
    pub up: i16,
}

/// Fewer rows are as well written.
const MIN_ROWS: usize = 3;

/// About what it costs to move rows, in cells.
const COST: usize = 24;

/// Finds the rows between `shown` and `next` that are worth moving. `changed` has the places of the cells that differ.
pub(super) fn find(shown: &Buffer, next: &Buffer, changed: &[usize]) -> Option<Shift> {
    let width = usize::from(next.area.width).max(1);
    let (first, last) = (changed.first()? / width, changed.last()? / width);
    if last - first < MIN_ROWS || changed.len() <= COST {
        return None;
    }
    let pair = Pair { shown, next, width, rows: first..last + 1, differing: differing_rows(changed, width) };
    // Nearest first: a step of the cursor is by far the most frequent.
    let distances = (1..last - first).flat_map(|by| [by.cast_signed(), -by.cast_signed()]);
    let mut best: Option<(usize, isize)> = None;
    for up in distances {
        let moved = pair.moved(up).count();
        if moved >= MIN_ROWS && best.is_none_or(|(most, _)| moved > most) {
            best = Some((moved, up));
        }
        if moved * 2 > last - first {
            break;
        }
    }
    let (_, up) = best?;
    let region = pair.region(up)?;
    let written = |left: usize| pair.cells_to_write(&region, up) + COST < left;
    let in_region = changed.iter().filter(|at| region.contains(&(*at / width))).count();
    written(in_region).then_some(Shift {
        region: u16::try_from(region.start).ok()?..u16::try_from(region.end).ok()?,
        up: i16::try_from(up).ok()?,
    })
}

/// Moves the rows of a buffer as the terminal does; `blank` is what it puts into rows that come in.
pub(super) fn apply(buffer: &mut Buffer, shift: &Shift, blank: &Cell) {
    let width = usize::from(buffer.area.width);
    let (start, end) = (usize::from(shift.region.start) * width, usize::from(shift.region.end) * width);
    let Some(cells) = buffer.content.get_mut(start..end) else { return };
    let by = (usize::from(shift.up.unsigned_abs()) * width).min(cells.len());
    let vacated = if shift.up > 0 {
        cells.rotate_left(by);
        cells.len() - by..cells.len()
    } else {
        cells.rotate_right(by);
        0..by
    };
    cells.get_mut(vacated).unwrap_or_default().fill(blank.clone());
}

/// Two frames, and the rows in which they differ.
struct Pair<'a> {
    shown: &'a Buffer,
    next: &'a Buffer,
    width: usize,
    rows: Range<usize>,
    /// Each row that differs, and the column of its first cell that does.
    differing: Vec<(usize, usize)>,
}

fn differing_rows(changed: &[usize], width: usize) -> Vec<(usize, usize)> {
    let in_row = changed.chunk_by(|a, b| a / width == b / width);
    in_row.filter_map(|row| row.first()).map(|at| (at / width, at % width)).collect()
}

impl Pair<'_> {
    fn row<'b>(&self, buffer: &'b Buffer, row: usize) -> &'b [Cell] {
        buffer.content.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// Rows of the next frame that differ from the one in their place, and equal the one that far below it.
    fn moved(&self, up: isize) -> impl Iterator<Item = usize> {
        let is_moved = move |(row, column): (usize, usize)| {
            let from = row.checked_add_signed(up).filter(|from| self.rows.contains(from))?;
            let (next, before) = (self.row(self.next, row), self.row(self.shown, from));
            // Rows of a table often begin alike: where this one has changed, it differs from most others, too.
            (next.get(column..) == before.get(column..) && next == before).then_some(row)
        };
        self.differing.iter().copied().filter_map(is_moved)
    }

    /// From the first to the last row that takes part.
    fn region(&self, up: isize) -> Option<Range<usize>> {
        let ends = |row: usize| row.checked_add_signed(up).map(|from| [row, from]);
        let rows: Vec<usize> = self.moved(up).filter_map(ends).flatten().collect();
        Some(*rows.iter().min()?..rows.iter().max()? + 1)
    }

    /// How many cells of the region differ after it was moved.
    fn cells_to_write(&self, region: &Range<usize>, up: isize) -> usize {
        let differing = |row: usize| {
            let from = row.checked_add_signed(up).filter(|from| region.contains(from));
            let before = from.map_or(&[][..], |from| self.row(self.shown, from));
            let next = self.row(self.next, row);
            if before.is_empty() {
                return next.iter().filter(|cell| **cell != Cell::EMPTY).count();
            }
            next.iter().zip(before).filter(|(next, before)| next != before).count()
        };
        region.clone().map(differing).sum()
    }
}
