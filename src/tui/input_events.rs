//! Turns decoded input into events for the app.

use crossterm::event::{Event as Input, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Size};

use super::decoder::Typed;
use crate::message::{Event, MouseGesture, MouseInput};

/// The events of one input. Reports of the terminal are for the loop and no events.
pub(super) fn events(typed: Typed, in_burst: bool) -> Vec<Event> {
    let (input, in_burst) = match typed {
        Typed::Input { input, is_alone } => (input, in_burst || !is_alone),
        Typed::PasteCutOff => return vec![Event::PasteCutOff],
        Typed::NotUtf8 => return vec![Event::NotUtf8],
        Typed::Report(_) => return Vec::new(),
    };
    match input {
        Input::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Input::Key(key) => vec![Event::Key { key, in_burst }],
        Input::Mouse(event) => mouse(event).map(Event::Mouse).into_iter().collect(),
        Input::Paste(text) => vec![Event::Paste(text)],
        Input::Resize(width, height) => vec![Event::Resize(Size { width, height })],
        _ => Vec::new(),
    }
}

fn mouse(event: MouseEvent) -> Option<MouseInput> {
    let gesture = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseGesture::Click,
        MouseEventKind::ScrollUp => MouseGesture::ScrollUp,
        MouseEventKind::ScrollDown => MouseGesture::ScrollDown,
        _ => return None,
    };
    Some(MouseInput { gesture, at: Position { x: event.column, y: event.row } })
}
