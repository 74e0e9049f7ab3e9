//! The areas of panes and popups, as a pure function of the screen's size, of how the user has divided it, of what the
//! panes' content needs, and of which panes are in front.
//!
//! ```text
//!  beside, from 160x30            wide, from 100x30              narrow, from 60x16
//!  ┌ header ───────────────┐      ┌ header ───────────────┐     ┌ header ─────────────────┐
//!  │ ID                    │      │ ID                    │     │ ID                      │
//!  │ Item │ SKUs │ Response│      │ Item      │ SKUs      │     │ Item                    │
//!  │      │      │         │      │           │           │     │ SKUs, Props or Response │
//!  │ Props│ Req. │         │      │ Props     │ Requests  │     │ Requests                │
//!  └ footer ───────────────┘      └ footer ───────────────┘     └ footer ─────────────────┘
//!  The response, in front, takes the place of SKUs and requests where it is not beside them.
//! ```
//!
//! A pane whose content is cut gets the rows that others on its column don't need; on a narrow screen the one with the
//! focus first. Where the user has moved a border, it stays there.

mod borders;
mod divide;
#[cfg(test)]
mod tests;

use ratatui::layout::{Rect, Size};

use crate::message::{PaneId, Slot, Splits};
use divide::{Part, divide};

/// The smallest screen that is drawn on.
pub const MIN_SIZE: Size = Size { width: 60, height: 16 };

const WIDE: Size = Size { width: 100, height: 30 };
/// From this width on, the response has a column of its own.
const BESIDE: u16 = 160;
/// A pane has at least this many rows: its frame, a table's header and a row.
const MIN_ROWS: u16 = 4;
const MIN_COLUMNS: u16 = 30;

/// The screen, and what is to be shown on it.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    pub size: Size,
    pub splits: Splits,
    /// What the content of panes needs, without their frames; panes that are missing need all that there is.
    pub needs: Vec<(PaneId, Size)>,
}

impl Screen {
    /// A screen of this size, divided as by default.
    pub fn new(size: Size) -> Self {
        Self { size, ..Self::default() }
    }

    fn is_wide(&self) -> bool {
        self.size.width >= WIDE.width && self.size.height >= WIDE.height
    }

    fn need(&self, pane: PaneId) -> Size {
        let need = self.needs.iter().find(|(id, _)| *id == pane).map_or(Size::MAX, |(_, need)| *need);
        Size { width: need.width.saturating_add(2), height: need.height.saturating_add(2) }
    }
}

/// Which panes are in front, where several share a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Front {
    /// SKUs, Props, Requests or Response: where they share a place, the one in sight.
    pub stage: PaneId,
    /// The pane with the focus.
    pub focus: PaneId,
    /// Whether that pane has the whole screen.
    pub full: bool,
}

/// The screen, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One line at the top.
    pub header: Rect,
    /// One line at the bottom.
    pub footer: Rect,
    panes: Vec<(PaneId, Rect)>,
    /// The pane in front of others that share its place, whose titles its frame shows.
    front: Option<PaneId>,
    body: Rect,
}

impl Layout {
    /// Divides a screen; `None` below the smallest size.
    pub fn new(screen: &Screen, front: Front) -> Option<Self> {
        let size = screen.size;
        if size.width < MIN_SIZE.width || size.height < MIN_SIZE.height {
            return None;
        }
        let area = Rect::new(0, 0, size.width, size.height);
        let [header, id, body, footer] = rows(area, [1, 3, area.height - 5, 1]);
        if front.full {
            let panes = vec![(front.focus, Rect { y: id.y, height: id.height + body.height, ..body })];
            return Some(Self { header, footer, panes, front: Some(front.focus), body });
        }
        let (below, in_front) = if screen.is_wide() {
            wide_panes(body, front, screen)
        } else {
            narrow_panes(body, front, screen)
        };
        let panes = [(PaneId::Id, id)].into_iter().chain(below).collect();
        Some(Self { header, footer, panes, front: in_front, body })
    }

    /// The area of a pane, with its border; `None` while it is hidden.
    pub fn pane(&self, pane: PaneId) -> Option<Rect> {
        self.panes.iter().find(|(id, _)| *id == pane).map(|(_, area)| *area)
    }

    /// The pane in front of others that share its place, if there are any.
    pub fn front(&self) -> Option<PaneId> {
        self.front
    }

    /// Whether the response has a column of its own.
    pub fn is_beside(&self) -> bool {
        self.body.width >= BESIDE && self.body.height + 5 >= WIDE.height
    }

    fn body(&self) -> Rect {
        self.body
    }

    /// All panes in sight, in reading order.
    pub fn panes(&self) -> impl Iterator<Item = (PaneId, Rect)> {
        self.panes.iter().copied()
    }
}

/// A pane's area without its border.
pub fn inner(area: Rect) -> Rect {
    Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2))
}

/// A popup of at most this size, in the middle of the screen, with a margin around it.
pub fn popup(screen: Size, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width.saturating_sub(4));
    let height = height.min(screen.height.saturating_sub(2));
    Rect::new((screen.width - width) / 2, (screen.height - height) / 2, width, height)
}

/// The columns of the left panes and of SKUs and requests, by default.
fn beside_columns(body: Rect) -> (u16, u16) {
    if body.width >= BESIDE {
        let left = percent(body.width, 28).clamp(40, 60);
        (left, percent(body.width - left, 55))
    } else {
        let left = percent(body.width, 38).clamp(38, 60);
        (left, body.width - left)
    }
}

/// The rows of the upper of two panes, by default.
fn upper_rows(body: Rect) -> u16 {
    percent(body.height, 55)
}

/// A terminal can report any size, and a product of two of its numbers may be too large for them.
fn percent(length: u16, percent: u16) -> u16 {
    u16::try_from(u32::from(length) * u32::from(percent) / 100).unwrap_or(length)
}

/// The rows of the item and of the requests on a narrow screen, by default.
fn narrow_shares(body: Rect, front: Front) -> (u16, u16) {
    let spare = body.height.saturating_sub(11);
    let item = match front.focus.slot() {
        Slot::UpperLeft => 5 + percent(spare, 75),
        _ => 5 + spare / 6,
    };
    let rest = body.height.saturating_sub(item);
    let log = match front.focus.slot() {
        Slot::LowerRight => rest.saturating_sub((rest / 3).max(5)),
        _ => (rest / 3).max(4),
    };
    (item, log)
}

/// A column of panes, from the top.
struct PaneColumn {
    panes: Vec<PaneId>,
    width: u16,
    /// Rows by which the user has moved the border between them.
    moved_rows: i16,
}

fn wide_panes(body: Rect, front: Front, screen: &Screen) -> (Vec<(PaneId, Rect)>, Option<PaneId>) {
    let splits = &screen.splits;
    let of_slots = |slots: &[Slot]| -> Vec<PaneId> {
        let in_slots = |pane: &PaneId| slots.contains(&pane.slot()) && !splits.hides(*pane);
        PaneId::ALL.iter().copied().filter(in_slots).collect()
    };
    let is_beside = body.width >= BESIDE;
    let is_covered = !is_beside && front.stage.slot() == Slot::Right;
    let middle = if is_covered { vec![front.stage] } else { of_slots(&[Slot::UpperRight, Slot::LowerRight]) };
    let (left_width, middle_width) = beside_columns(body);
    let front_pane = middle.first().copied().filter(|_| !is_beside);
    let right = if is_beside { of_slots(&[Slot::Right]) } else { Vec::new() };
    let columns = [
        PaneColumn {
            panes: of_slots(&[Slot::UpperLeft, Slot::LowerLeft]),
            width: left_width.saturating_add_signed(splits.left_columns),
            moved_rows: splits.left_rows,
        },
        PaneColumn {
            panes: middle,
            width: middle_width.saturating_add_signed(splits.middle_columns),
            moved_rows: splits.right_rows,
        },
        PaneColumn { panes: right, width: 0, moved_rows: 0 },
    ];
    let columns: Vec<&PaneColumn> = columns.iter().filter(|column| !column.panes.is_empty()).collect();
    let is_moved = splits.left_columns != 0 || splits.middle_columns != 0 || !is_beside;
    let part = |column: &&PaneColumn| {
        let need = column.panes.iter().map(|pane| screen.need(*pane).width).max().unwrap_or_default();
        Part { share: column.width, need: if is_moved { 0 } else { need }, min: MIN_COLUMNS }
    };
    let widths = divide(body.width, &columns.iter().map(part).collect::<Vec<_>>(), None);
    let mut x = body.x;
    let mut panes = Vec::new();
    for (column, width) in columns.iter().zip(widths) {
        let upper = upper_rows(body).saturating_add_signed(column.moved_rows);
        let parts: Vec<(PaneId, u16)> = column.panes.iter().map(|pane| (*pane, upper)).collect();
        let area = Rect { x, width, ..body };
        panes.extend(stack(area, &parts, column.moved_rows != 0, None, screen));
        x += width;
    }
    (panes, front_pane)
}

/// Panes one below the other, each with its share of the rows.
fn stack(
    area: Rect,
    panes: &[(PaneId, u16)],
    is_moved: bool,
    focus: Option<PaneId>,
    screen: &Screen,
) -> Vec<(PaneId, Rect)> {
    let part = |(pane, share): &(PaneId, u16)| {
        let need = if is_moved { 0 } else { screen.need(*pane).height };
        Part { share: *share, need, min: MIN_ROWS }
    };
    let parts: Vec<Part> = panes.iter().map(part).collect();
    let first = panes.iter().position(|(pane, _)| Some(*pane) == focus);
    let mut y = area.y;
    let row = |((pane, _), height): (&(PaneId, u16), u16)| {
        let row = Rect { y, height, ..area };
        y += height;
        (*pane, row)
    };
    panes.iter().zip(divide(area.height, &parts, first)).map(row).collect()
}

/// Below this height of the body, the request log shares the place of SKUs, Props and Response too.
const SHORT: u16 = 17;

fn narrow_panes(body: Rect, front: Front, screen: &Screen) -> (Vec<(PaneId, Rect)>, Option<PaneId>) {
    let splits = &screen.splits;
    let is_short = body.height < SHORT;
    let is_shown = |pane: &PaneId| !splits.hides(*pane);
    let wanted = Some(front.stage).filter(|stage| is_short || stage.slot() != Slot::LowerRight);
    let instead = [PaneId::Skus, PaneId::Props, PaneId::Requests];
    let instead = instead.into_iter().take(if is_short { 3 } else { 2 });
    let stage = wanted.into_iter().chain(instead).find(is_shown);
    let (item, log) = narrow_shares(body, front);
    let item = item.saturating_add_signed(splits.narrow_item_rows);
    let item = if is_shown(&PaneId::Item) { item } else { 0 };
    let log = log.saturating_add_signed(splits.narrow_log_rows);
    let log = if is_shown(&PaneId::Requests) && !is_short { log } else { 0 };
    let shares = [
        (Some(PaneId::Item), item),
        (stage, body.height.saturating_sub(item.saturating_add(log))),
        (Some(PaneId::Requests), log),
    ];
    let shown = |(pane, share): (Option<PaneId>, u16)| Some((pane.filter(|_| share > 0)?, share));
    let panes: Vec<(PaneId, u16)> = shares.into_iter().filter_map(shown).collect();
    let is_moved = splits.narrow_item_rows != 0 || splits.narrow_log_rows != 0;
    (stack(body, &panes, is_moved, Some(front.focus), screen), stage)
}

/// Rows of the given heights, from the top.
fn rows<const N: usize>(area: Rect, heights: [u16; N]) -> [Rect; N] {
    let mut y = area.y;
    heights.map(|height| {
        let row = Rect { y, height, ..area };
        y += height;
        row
    })
}
