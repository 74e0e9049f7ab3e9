//! The terminal's screen, as far as it is drawn on.

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::ui::double_buffer::DoubleBuffer;

/// In place of ratatui's `Terminal`, which knows nothing of symbols whose width terminals disagree on.
#[derive(Debug)]
pub struct Screen<B> {
    backend: B,
    frames: DoubleBuffer,
}

impl<B: Backend> Screen<B> {
    /// A screen with nothing on it.
    ///
    /// # Errors
    /// When its size can't be had.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let frames = DoubleBuffer::empty(backend.size()?);
        Ok(Self { backend, frames })
    }

    /// As the terminal tells it now.
    ///
    /// # Errors
    /// When it does not.
    pub fn size(&self) -> Result<Size, B::Error> {
        self.backend.size()
    }

    /// Clears it, whatever was there; it has this size now.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn clear(&mut self, size: Size) -> Result<(), B::Error> {
        self.frames = DoubleBuffer::empty(size);
        self.backend.clear_region(ClearType::All)
    }

    /// Has a frame drawn, and writes what differs.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer)) -> Result<(), B::Error> {
        draw(self.frames.canvas());
        self.frames.compare();
        self.backend.draw(self.frames.changes())?;
        self.frames.set_shown();
        self.backend.flush()
    }
}
