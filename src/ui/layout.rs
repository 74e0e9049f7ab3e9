//! Where everything stands: a pure function of the screen's size and of what is in front.
//!
//! ```text
//!  wide, from 100x30                             narrow, from 60x16
//!  ┌ header ───────────────────────────────┐     ┌ header ─────────────────┐
//!  │ ID                                    │     │ ID                      │
//!  │ Item            │ SKUs                │     │ Item                    │
//!  │                 │                     │     │ SKUs, Props or Response │
//!  │ Props           │ Requests            │     │ Requests                │
//!  └ footer ───────────────────────────────┘     └ footer ─────────────────┘
//!  The response, in front, takes the place of SKUs and requests.
//! ```

use ratatui::layout::{Rect, Size};

use crate::message::PaneId;

/// The smallest screen that is drawn on.
pub const MIN_SIZE: Size = Size { width: 60, height: 16 };

const WIDE: Size = Size { width: 100, height: 30 };

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
}

impl Layout {
    /// Divides a screen; `None` below the smallest size.
    pub fn of(size: Size, front: Front) -> Option<Self> {
        if size.width < MIN_SIZE.width || size.height < MIN_SIZE.height {
            return None;
        }
        let area = Rect::new(0, 0, size.width, size.height);
        let [header, id, body, footer] = rows(area, [1, 3, area.height - 5, 1]);
        if front.full {
            let panes = vec![(front.focus, Rect { y: id.y, height: id.height + body.height, ..body })];
            return Some(Self { header, footer, panes });
        }
        let wide = size.width >= WIDE.width && size.height >= WIDE.height;
        let mut panes = vec![(PaneId::Id, id)];
        panes.extend(if wide { wide_panes(body, front) } else { narrow_panes(body, front) });
        Some(Self { header, footer, panes })
    }

    /// Where a pane stands, border included; `None` where it is out of sight.
    pub fn pane(&self, pane: PaneId) -> Option<Rect> {
        self.panes.iter().find(|(id, _)| *id == pane).map(|(_, area)| *area)
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

fn wide_panes(body: Rect, front: Front) -> Vec<(PaneId, Rect)> {
    let left_width = (body.width * 38 / 100).clamp(38, 60);
    let left = Rect { width: left_width, ..body };
    let right = Rect { x: body.x + left_width, width: body.width - left_width, ..body };
    let upper = body.height * 55 / 100;
    let [item, props] = rows(left, [upper, body.height - upper]);
    let [skus, requests] = rows(right, [upper, body.height - upper]);
    let left = [(PaneId::Item, item), (PaneId::Props, props)];
    let right = match front.stage {
        PaneId::Response => vec![(PaneId::Response, right)],
        _ => vec![(PaneId::Skus, skus), (PaneId::Requests, requests)],
    };
    left.into_iter().chain(right).collect()
}

/// Below this height of the body, the request log shares the place of SKUs, Props and Response too.
const SHORT: u16 = 17;

fn narrow_panes(body: Rect, front: Front) -> Vec<(PaneId, Rect)> {
    let spare = body.height.saturating_sub(11);
    let item_height = match front.focus {
        PaneId::Item => 5 + spare * 3 / 4,
        _ => 5 + spare / 6,
    };
    let rest = body.height - item_height;
    if body.height < SHORT {
        let [item, stage] = rows(body, [item_height, rest]);
        return vec![(PaneId::Item, item), (front.stage, stage)];
    }
    let requests_height = match front.focus {
        PaneId::Requests => rest - (rest / 3).max(5),
        _ => (rest / 3).max(4),
    };
    let [item, stage, requests] = rows(body, [item_height, rest - requests_height, requests_height]);
    let in_front = if front.stage == PaneId::Requests { PaneId::Skus } else { front.stage };
    vec![(PaneId::Item, item), (in_front, stage), (PaneId::Requests, requests)]
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
