//! What the frame that was drawn has beside its cells.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::App;
use crate::message::PaneId;
use crate::ui::layout::inner;
use crate::ui::overlay::{Link, LinkTarget, Overlay, cursor_in};

impl App {
    /// The links, the picture and the cursor of the frame that was drawn last, in `buffer`.
    pub fn overlay(&self, buffer: &Buffer) -> Overlay {
        // In place of all, the screen says that it is too small.
        if self.layout().is_none() {
            return Overlay::default();
        }
        let display = self.model.session.display;
        let popup = self.popup.as_deref().map(|popup| (popup, popup.area(self.card_size())));
        let in_front = popup.map(|(_, area)| area).or_else(|| self.layout()?.pane(self.focus.pane()));
        let mut links = match popup {
            Some((popup, area)) => popup.links(area),
            None => self.page_link(buffer).into_iter().collect(),
        };
        links.retain(|link| display.links && !link.x.is_empty());
        Overlay {
            links,
            picture: popup.and_then(|(popup, _)| popup.picture()),
            cursor: in_front.and_then(|area| cursor_in(inner(area), buffer)),
            shows_cursor: display.accessible,
        }
    }

    /// Whether the terminal draws a picture itself in the next frame.
    pub fn has_picture(&self) -> bool {
        self.popup.as_ref().is_some_and(|popup| popup.picture().is_some())
    }

    /// The item's ID where it is shown, as a link to the product's page. The address is built from the ID.
    fn page_link(&self, buffer: &Buffer) -> Option<Link> {
        let call = self.id.call(&self.model)?;
        let id = call.num_iid()?.as_str();
        let area = inner(self.layout()?.pane(PaneId::Id)?);
        let (at, width) = (find(id, area, buffer)?, u16::try_from(id.len()).ok()?);
        let target = LinkTarget::parse(&call.page()?)?;
        Some(Link { y: at.y, x: at.x..at.x + width, id: 0, target })
    }
}

/// Where a text of digits begins in the first row of an area.
fn find(digits: &str, area: Rect, buffer: &Buffer) -> Option<Position> {
    let row = Rect { height: area.height.min(1), ..area };
    let symbols = || row.positions().map(|at| buffer.cell(at).map_or("", |cell| cell.symbol()));
    let starts_at = |skipped: usize| {
        let mut shown = symbols().skip(skipped);
        digits.chars().all(|digit| shown.next().is_some_and(|symbol| symbol.chars().eq([digit])))
    };
    let at = (0..usize::from(row.width)).find(|skipped| starts_at(*skipped))?;
    Some(Position { x: row.x + u16::try_from(at).ok()?, y: row.y })
}
