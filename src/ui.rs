//! Widgets and text measures that don't depend on any pane.

pub mod double_buffer;
pub mod field;
pub mod filter;
pub mod layout;
pub mod lean;
pub mod measure;
pub mod overlay;
pub mod picture;
pub mod rows;
pub mod scroll;
pub mod sparkline;
pub mod table;
pub mod text;
pub mod text_rows;
pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};
use unicode_segmentation::UnicodeSegmentation;

use crate::message::Action;
pub use sparkline::sparkline;
use theme::Theme;

/// Draws a line's spans into one row of cells, cut at its end. The texts must have passed [`text::clean`].
pub fn line(buffer: &mut Buffer, x: u16, y: u16, width: u16, line: &Line<'_>) {
    if !buffer.area.contains(Position { x, y }) {
        return;
    }
    let end = x + width.min(buffer.area.right() - x);
    let mut at = x;
    for span in &line.spans {
        at = put(buffer, at, y, end, &span.content, line.style.patch(span.style));
    }
}

/// Writes a text into cells and returns the next free column. Goes character by character as long as none can combine,
/// which is nearly always: finding grapheme boundaries would cost more than the rest of a frame.
fn put(buffer: &mut Buffer, x: u16, y: u16, end: u16, text: &str, style: Style) -> u16 {
    let mut at = x;
    for c in text.chars() {
        let Some(cells) = text::width_alone(c) else {
            // Starts again, because a mark may belong to the character before it.
            return put_graphemes(buffer, x, y, end, text, style);
        };
        let next = at.saturating_add(if cells > 1 { 2 } else { 1 });
        if next > end {
            return end;
        }
        if let Some(cell) = buffer.cell_mut((at, y)) {
            cell.set_char(c).set_style(style);
        }
        if cells > 1
            && let Some(behind) = buffer.cell_mut((at + 1, y))
        {
            behind.reset();
        }
        at = next;
    }
    at
}

/// The same for any text.
fn put_graphemes(buffer: &mut Buffer, x: u16, y: u16, end: u16, text: &str, style: Style) -> u16 {
    let mut at = x;
    for grapheme in text.graphemes(true) {
        let cells = u16::try_from(text::grapheme_width(grapheme)).unwrap_or(u16::MAX);
        let next = at.saturating_add(cells);
        if next > end {
            return at;
        }
        if let Some(cell) = buffer.cell_mut((at, y)).filter(|_| cells > 0) {
            cell.set_symbol(grapheme).set_style(style);
        }
        for behind in at.saturating_add(1)..next {
            if let Some(cell) = buffer.cell_mut((behind, y)) {
                cell.reset();
            }
        }
        at = next;
    }
    at
}

/// Cuts a line to a width, with `…` in place of the rest.
pub fn fit_line(line: &mut Line<'_>, cells: usize) {
    let mut left = cells;
    for span in &mut line.spans {
        let wanted = text::width(&span.content);
        if wanted > left {
            span.content = text::fit(&span.content, left).into_owned().into();
        }
        left = left.saturating_sub(wanted);
    }
}

/// Draws as many lines as fit, from the top of an area.
pub fn lines<'a>(buffer: &mut Buffer, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    for (y, text) in (area.y..area.bottom()).zip(lines) {
        line(buffer, area.x, y, area.width, &text);
    }
}

/// The texts in a frame's border.
#[derive(Clone, Debug, Default)]
pub struct Edges {
    /// At the left of the upper line.
    pub title: Line<'static>,
    /// At the right of the upper line.
    pub right: Line<'static>,
    /// At the left of the lower line.
    pub foot: Line<'static>,
    /// At the right of the lower line, if there is room beside `foot`.
    pub foot_right: Line<'static>,
    /// The action whose key `right` names, with its price.
    pub offer: Option<Action>,
}

impl Edges {
    /// The action offered with its price, if a frame of this width shows the offer completely.
    pub fn offer_in(&self, width: u16) -> Option<Action> {
        self.offer.filter(|_| self.right.width() <= usize::from(width.saturating_sub(2)))
    }
}

/// Draws a frame, thick with the focus. Cell by cell, since ratatui's own block also styles every cell inside.
pub fn frame(buffer: &mut Buffer, area: Rect, focused: bool, edges: &Edges) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let (set, style) = (Theme.border_set(focused), Theme.border(focused));
    let (left, right, top, bottom) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
    let mut draw = |x: u16, y: u16, symbol: &str| {
        if let Some(cell) = buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    };
    for x in left..=right {
        draw(x, top, set.horizontal_top);
        draw(x, bottom, set.horizontal_bottom);
    }
    for y in top..=bottom {
        draw(left, y, set.vertical_left);
        draw(right, y, set.vertical_right);
    }
    draw(left, top, set.top_left);
    draw(right, top, set.top_right);
    draw(left, bottom, set.bottom_left);
    draw(right, bottom, set.bottom_right);
    let room = area.width.saturating_sub(2);
    let from_right = u16::try_from(edges.right.width()).unwrap_or(room).min(room);
    line(buffer, left + 1, top, room, &edges.title);
    line(buffer, right - from_right, top, from_right, &edges.right);
    line(buffer, left + 1, bottom, room, &edges.foot);
    let in_foot = u16::try_from(edges.foot_right.width()).unwrap_or(u16::MAX);
    if usize::from(in_foot) + edges.foot.width() < usize::from(room) {
        line(buffer, right - in_foot, bottom, in_foot, &edges.foot_right);
    }
}

/// Clears an area and draws a frame around it.
pub fn popup_frame(buffer: &mut Buffer, area: Rect, edges: &Edges) {
    Clear.render(area, buffer);
    // A wide character that begins left of the frame would cover its border.
    for y in area.top()..area.bottom() {
        let before = area.left().checked_sub(1).and_then(|x| buffer.cell_mut((x, y)));
        if let Some(cell) = before.filter(|cell| text::width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
    frame(buffer, area, true, edges);
}

/// Takes the lines of a frame away and leaves the texts in it.
pub fn unframe(buffer: &mut Buffer, area: Rect) {
    let is_line = |symbol: &str| symbol.chars().all(|c| ('\u{2500}'..='\u{257f}').contains(&c));
    let inside = layout::inner(area);
    for at in area.intersection(buffer.area).positions().filter(|at| !inside.contains(*at)) {
        if let Some(cell) = buffer.cell_mut(at).filter(|cell| is_line(cell.symbol())) {
            cell.set_symbol(" ");
        }
    }
}

/// Adds a style to a whole row of cells.
pub fn row_style(buffer: &mut Buffer, area: Rect, y: u16, style: Style) {
    buffer.set_style(Rect { y, height: 1, ..area }.intersection(buffer.area), style);
}
