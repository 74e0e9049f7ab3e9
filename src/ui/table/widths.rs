//! Column widths by content and room: texts give way, prices and IDs never do.

use super::MARGIN;

/// A text column is not made narrower than this.
const NARROWEST: usize = 16;
/// The most cells of a text column where not everything fits anyway.
const USUAL: usize = 28;

/// The width that a column's content has, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWidth {
    /// Text, which may be cut.
    Cuttable(usize),
    /// Prices, counts and IDs: a part of one would be read as another one.
    Whole(usize),
}

impl TextWidth {
    /// The width at which nothing is cut.
    pub fn cells(self) -> usize {
        self.up_to(usize::MAX)
    }

    fn up_to(self, most: usize) -> usize {
        match self {
            Self::Cuttable(width) => width.min(most),
            Self::Whole(width) => width,
        }
    }
}

/// The widths of columns in a table of `room` cells. Texts get as much as the room allows. If not all columns fit,
/// texts are cut so that the first `needed` columns do; the others can be scrolled to.
pub fn allot(columns: &[TextWidth], needed: usize, room: u16, gap: usize) -> Vec<usize> {
    let room = usize::from(room);
    let fits = |columns: &[TextWidth], most: usize| {
        let taken: usize = columns.iter().map(|column| column.up_to(most) + gap).sum();
        MARGIN + taken <= room + gap
    };
    let first = columns.get(..needed.min(columns.len())).unwrap_or_default();
    let whole = (USUAL..=room).rev().find(|most| fits(columns, *most));
    let most = whole.or_else(|| (NARROWEST..=USUAL).rev().find(|most| fits(first, *most)));
    columns.iter().map(|column| column.up_to(most.unwrap_or(NARROWEST))).collect()
}

#[cfg(test)]
mod tests {
    use super::TextWidth::{Cuttable, Whole};
    use super::*;

    #[test]
    fn nothing_is_cut_while_there_is_room() {
        assert_eq!(allot(&[Cuttable(60), Whole(8), Cuttable(40)], 2, 120, 2), [60, 8, 40]);
        assert_eq!(allot(&[Cuttable(60), Whole(8), Cuttable(40)], 2, 100, 2), [46, 8, 40]);
    }

    #[test]
    fn texts_give_way_so_that_prices_are_in_sight() {
        let columns = [Cuttable(40), Cuttable(40), Whole(8), Whole(32)];
        assert_eq!(allot(&columns, 3, 78, 2), [28, 28, 8, 32]);
        assert_eq!(allot(&columns, 3, 60, 2), [23, 23, 8, 32]);
        assert_eq!(allot(&columns, 3, 40, 2), [16, 16, 8, 32]);
    }
}
