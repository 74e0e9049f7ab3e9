//! What the mouse does on the screen.

use ratatui::layout::Position;

/// An action of the mouse at a cell of the screen. None of them is a key, and none may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MouseInput {
    pub gesture: MouseGesture,
    pub at: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseGesture {
    /// The left button was pressed.
    Click,
    ScrollUp,
    ScrollDown,
}
