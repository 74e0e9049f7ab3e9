//! Moves of the cursor, each by the shortest sequence that every terminal knows.

use std::fmt::Write as _;

use ratatui::layout::Position;

/// Where the cursor is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    at: Position,
    /// Whether all terminals agree about the column. Those for Chinese may show signs such as `│` or `±` in two cells.
    is_column_sure: bool,
}

impl Cursor {
    /// Where it is after a symbol of so many cells, on a screen of this width; `None` if that is not sure.
    pub(super) fn after(self, symbol: &str, cells: u16, width: u16) -> Option<Self> {
        let at = Position { x: self.at.x + cells, ..self.at };
        let is_column_sure = self.is_column_sure && (symbol.is_ascii() || cells > 1);
        // Behind the last cell, terminals let it wait on that cell.
        (at.x < width).then_some(Self { at, is_column_sure })
    }
}

/// Moves the cursor, whose place is `None` if it is not sure, and returns where it is then.
pub(super) fn move_to(frame: &mut String, cursor: Option<Cursor>, to: Position) -> Cursor {
    let way = cursor.map_or(Way::Address, |cursor| Way::shortest(cursor, to));
    match way {
        Way::Address => {
            let _ = write!(frame, "\x1b[{};{}H", to.y + 1, to.x + 1); // writing to a String can't fail
        }
        Way::Steps { down, from } => {
            frame.extend(std::iter::repeat_n('\n', usize::from(down)));
            write_across(frame, from, to.x);
        }
        Way::Return { down } => {
            frame.push('\r');
            frame.extend(std::iter::repeat_n('\n', usize::from(down)));
            write_across(frame, 0, to.x);
        }
    }
    let keeps_column = matches!(way, Way::Steps { .. });
    let is_column_sure = !keeps_column || cursor.is_some_and(|cursor| cursor.is_column_sure);
    Cursor { at: to, is_column_sure }
}

/// A way of the cursor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By row and column.
    Address,
    /// Down by line feeds, which leave the column as it is (a terminal in raw mode adds no return), and from this column
    /// along the row.
    Steps { down: u16, from: u16 },
    /// Down in the same way, and along the row from its beginning.
    Return { down: u16 },
}

impl Way {
    fn shortest(cursor: Cursor, to: Position) -> Self {
        let at = cursor.at;
        let Some(down) = to.y.checked_sub(at.y) else { return Self::Address };
        let address = 4 + digits(to.y + 1) + digits(to.x + 1);
        let returned = 1 + usize::from(down) + across(0, to.x);
        let straight = usize::from(down) + across(at.x, to.x);
        let may_go_straight = cursor.is_column_sure || (down == 0 && to.x >= at.x);
        if may_go_straight && straight <= address.min(returned) {
            Self::Steps { down, from: at.x }
        } else if returned <= address {
            Self::Return { down }
        } else {
            Self::Address
        }
    }
}

/// How many bytes [`write_across`] takes.
fn across(from: u16, to: u16) -> usize {
    let cells = from.abs_diff(to);
    match cells {
        0 => 0,
        1 if to > from => 3,
        _ if to > from => 3 + digits(cells),
        _ => usize::from(cells).min(3 + digits(cells)),
    }
}

fn write_across(frame: &mut String, from: u16, to: u16) {
    let cells = from.abs_diff(to);
    let _ = match cells {
        0 => Ok(()),
        1 if to > from => write!(frame, "\x1b[C"),
        _ if to > from => write!(frame, "\x1b[{cells}C"),
        1..=4 => write!(frame, "{:\x08<1$}", "", usize::from(cells)),
        _ => write!(frame, "\x1b[{cells}D"),
    };
}

fn digits(number: u16) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1_000 => 3,
        1_000..10_000 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moved(cursor: Option<(u16, u16)>, to: (u16, u16)) -> String {
        let mut frame = String::new();
        let cursor = cursor.map(|at| Cursor { at: at.into(), is_column_sure: true });
        let _ = move_to(&mut frame, cursor, to.into());
        frame
    }

    #[test]
    fn the_next_row_of_a_column_takes_a_line_feed_and_a_few_steps_back() {
        assert_eq!(moved(Some((65, 7)), (64, 8)), "\n\x08");
        assert_eq!(moved(Some((65, 7)), (65, 8)), "\n");
        assert_eq!(moved(Some((65, 7)), (58, 8)), "\n\x1b[7D");
        assert_eq!(moved(Some((65, 7)), (66, 9)), "\n\n\x1b[C");
    }

    #[test]
    fn the_beginning_of_a_row_is_reached_by_a_return() {
        assert_eq!(moved(Some((65, 7)), (0, 8)), "\r\n");
        assert_eq!(moved(Some((165, 7)), (2, 7)), "\r\x1b[2C");
    }

    #[test]
    fn far_away_and_from_an_unsure_place_a_cell_is_addressed() {
        assert_eq!(moved(Some((65, 7)), (3, 2)), "\x1b[3;4H");
        assert_eq!(moved(None, (3, 2)), "\x1b[3;4H");
        assert_eq!(moved(Some((3, 2)), (60, 30)), "\x1b[31;61H");
    }

    #[test]
    fn after_a_sign_whose_width_differs_the_column_of_another_row_is_named() {
        let at_edge = move_to(&mut String::new(), None, Position { x: 9, y: 4 });
        let after = |symbol, cells| at_edge.after(symbol, cells, 80);
        let below = |cursor| {
            let mut frame = String::new();
            let _ = move_to(&mut frame, cursor, Position { x: 9, y: 5 });
            frame
        };
        assert_eq!(below(after("a", 1)), "\n\x08");
        assert_eq!(below(after("红", 2)), "\n\x08\x08");
        assert_eq!(below(after("│", 1)), "\r\n\x1b[9C");
        assert_eq!(below(at_edge.after("a", 71, 80)), "\x1b[6;10H", "the cursor may wait on the last cell");
    }

    proptest! {
        #[test]
        fn the_cursor_arrives_and_no_way_is_longer_than_an_address(
            from in (0..200_u16, 0..60_u16),
            to in (0..200_u16, 0..60_u16),
        ) {
            let mut terminal = vt100::Parser::new(60.try_into().unwrap(), 200.try_into().unwrap(), 0);
            terminal.process(moved(None, from).as_bytes());
            let way = moved(Some(from), to);
            terminal.process(way.as_bytes());
            prop_assert_eq!(terminal.screen().cursor_position(), (to.1, to.0));
            prop_assert!(way.len() <= moved(None, to).len());
        }
    }
}
