//! The picture: header, panes, footer and popup, as a whole or only where something may have changed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::changes::Watched;
use super::{App, footer, header};
use crate::message::PaneId;
use crate::ui::layout::{Layout, MIN_SIZE, inner};
use crate::ui::picture::clear;
use crate::ui::theme::Theme;

impl App {
    /// Draws what may have changed since the last time on the picture of then; tells on which parts.
    pub fn redraw(&mut self, picture: &mut Buffer) -> Vec<Rect> {
        let until = self.next_wake();
        let stands = self.changes.draw(self.ground(), until) && self.popup.is_none();
        let parts = match self.layout() {
            Some(layout) if stands && picture.area.as_size() == self.size => {
                self.view_changed(&layout, picture)
            }
            _ => {
                let all = vec![picture.area];
                clear(picture, &all);
                self.view(picture);
                all
            }
        };
        self.id.set_drawn();
        self.others.iter_mut().for_each(Watched::set_drawn);
        self.set_in_sight();
        parts
    }

    /// The panes that were touched since they were drawn, and the footer, which tells of what has the focus.
    fn view_changed(&self, layout: &Layout, picture: &mut Buffer) -> Vec<Rect> {
        let panes = self.changed(layout);
        let parts = panes
            .iter()
            .map(|(_, area)| *area)
            .chain([footer::taken(self, layout.footer)])
            .collect::<Vec<_>>();
        clear(picture, &parts);
        for (id, area) in panes {
            self.view_pane(id, area, layout, picture);
        }
        footer::view(self, layout.footer, picture);
        parts
    }

    /// The panes in sight that were touched since they were drawn, and where they stand.
    fn changed(&self, layout: &Layout) -> Vec<(PaneId, Rect)> {
        let stands = |id: PaneId| match id {
            PaneId::Id => self.id.is_drawn(),
            id => self.others.iter().find(|pane| pane.id() == id).is_none_or(Watched::is_drawn),
        };
        layout.panes().filter(|(id, _)| !stands(*id)).collect()
    }

    /// Draws the whole screen.
    pub fn view(&self, buffer: &mut Buffer) {
        let Some(layout) = self.layout() else { return self.view_too_small(buffer) };
        header::view(&self.model, layout.header, buffer);
        for (id, area) in layout.panes() {
            self.view_pane(id, area, &layout, buffer);
        }
        if let Some(popup) = &self.popup {
            popup.view(&self.model, self.size, buffer);
        }
        // What was said can take the row above: it must not be hidden.
        footer::view(self, layout.footer, buffer);
    }

    fn view_pane(&self, id: PaneId, area: Rect, layout: &Layout, buffer: &mut Buffer) {
        let Some(pane) = self.pane(id) else { return };
        let focused = self.focus.pane() == pane.id() && self.popup.is_none();
        let mut edges = pane.edges(&self.model);
        let mut spans = vec![Span::raw(format!(" {} ", pane.id().digit()))];
        spans.append(&mut edges.title.spans);
        spans.push(Span::raw(" "));
        if pane.id() == self.staged(layout) {
            let taken = Line::from(spans.clone()).width() + edges.right.width() + 3;
            spans.extend(self.hidden_behind(layout, usize::from(area.width).saturating_sub(taken)));
        }
        edges.title = Line::from(spans);
        crate::ui::frame(buffer, area, focused, &edges);
        pane.view(&self.model, focused, inner(area), buffer);
    }

    /// The pane whose place others share.
    fn staged(&self, layout: &Layout) -> PaneId {
        let stage = self.focus.front().stage;
        let alone = stage == PaneId::Requests && layout.pane(PaneId::Skus).is_some();
        if alone { PaneId::Skus } else { stage }
    }

    /// The panes that share a place with the one in front, by digit, so that they are known to be there; as many as
    /// fit.
    fn hidden_behind(&self, layout: &Layout, room: usize) -> Vec<Span<'static>> {
        let front = self.focus.front();
        let hidden = PaneId::ALL.into_iter().filter(|id| !front.full && layout.pane(*id).is_none());
        let tab = |id: PaneId| {
            let told = format!("─ {} {} ", id.digit(), id.name(self.model.texts));
            Span::styled(told, Theme.dim())
        };
        let mut left = room;
        let fits = |tab: &Span<'_>| {
            let rest = left.checked_sub(tab.width());
            left = rest.unwrap_or_default();
            rest.is_some()
        };
        hidden.map(tab).take_while(fits).collect()
    }

    fn view_too_small(&self, buffer: &mut Buffer) {
        let told = self.model.texts.too_small(MIN_SIZE.width, MIN_SIZE.height);
        let lines = crate::ui::text::wrap(&told, usize::from(buffer.area.width)).into_iter().map(Line::from);
        crate::ui::lines(buffer, buffer.area, lines);
    }
}
