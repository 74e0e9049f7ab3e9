//! The mouse: off by default, so that the terminal selects text as usual.
//!
//! ```text
//!  click or wheel ─▶ popup in front: scrolls it; a click on its ✕ or beside it closes it
//!                 └▶ the pane at that place of the layout: focus, row, sorting, scrolling
//! ```
//! A click never runs what Enter or another key would: it can't fetch, submit or confirm.

use ratatui::layout::{Position, Rect};

use super::App;
use crate::message::{Action, Effect, KeyScope, MouseGesture, MouseInput, Notice, PaneId};
use crate::ui::layout::inner;

/// Rows for a step of the wheel.
const WHEEL_ROWS: usize = 3;

/// Closes the popup that has it in its frame.
pub(super) const CLOSE: &str = "✕";

impl App {
    /// Uses the mouse from the start.
    pub fn use_mouse(&mut self) {
        self.model.mouse = true;
    }

    /// Switches the mouse on or off, and says how to select text meanwhile.
    pub(super) fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.model.mouse = !self.model.mouse;
        let texts = self.model.texts;
        let key = self.model.keymap.key_in_panes(Action::ToggleMouse).unwrap_or_default();
        let notice = if self.model.mouse { texts.mouse_on(key) } else { texts.mouse_off().to_owned() };
        self.model.notice = Some(Notice::info(notice).with_hints());
        vec![Effect::SetMouse(self.model.mouse)]
    }

    /// Ignores reports that arrive while the mouse is off, and those from outside of the screen.
    pub(super) fn on_mouse(&mut self, MouseInput { gesture, at }: MouseInput) -> Vec<Effect> {
        let screen = Rect::new(0, 0, self.size.width, self.size.height);
        if !self.model.mouse || !screen.contains(at) {
            return Vec::new();
        }
        self.prefix = None;
        if self.popup.is_some() {
            return self.mouse_in_popup(gesture, at);
        }
        let Some((pane, area)) = self.pane_at(at) else { return Vec::new() };
        match gesture {
            MouseGesture::Click => {
                if let Some(place) = place_in(inner(area), at) {
                    self.with_pane(pane, |pane, _| pane.click(place));
                }
                vec![Effect::Focus(pane)]
            }
            // There, up and down recall earlier inputs.
            _ if pane == PaneId::Id => Vec::new(),
            _ => self.scroll_by_wheel(gesture, |app, action| {
                app.with_pane(pane, |pane, model| pane.act(action, model))
            }),
        }
    }

    fn mouse_in_popup(&mut self, gesture: MouseGesture, at: Position) -> Vec<Effect> {
        let Some(popup) = &self.popup else { return Vec::new() };
        let area = popup.area(self.card_size());
        let is_close = !area.contains(at) || close_mark(area) == Some(at);
        match gesture {
            MouseGesture::Click if is_close => vec![Effect::ClosePopup],
            MouseGesture::Click => Vec::new(),
            // The menu closes at any action.
            _ if popup.scope() == KeyScope::Copying => Vec::new(),
            _ => self.scroll_by_wheel(gesture, |app, action| {
                app.popup.as_mut().map(|popup| popup.act(action, &app.model)).unwrap_or_default()
            }),
        }
    }

    fn scroll_by_wheel(
        &mut self,
        gesture: MouseGesture,
        mut act: impl FnMut(&mut Self, Action) -> Vec<Effect>,
    ) -> Vec<Effect> {
        let action = if gesture == MouseGesture::ScrollUp { Action::Up } else { Action::Down };
        (0..WHEEL_ROWS).flat_map(|_| act(self, action)).collect()
    }

    fn pane_at(&self, at: Position) -> Option<(PaneId, Rect)> {
        self.layout()?.panes().find(|(_, area)| area.contains(at))
    }
}

/// Where [`CLOSE`] is in the frame of a popup.
pub(super) fn close_mark(area: Rect) -> Option<Position> {
    (area.width > 2).then(|| Position { x: area.right() - 2, y: area.bottom() - 1 })
}

/// The column and row of a cell in an area; `None` outside of it.
fn place_in(area: Rect, at: Position) -> Option<Position> {
    area.contains(at).then(|| Position { x: at.x - area.x, y: at.y - area.y })
}
