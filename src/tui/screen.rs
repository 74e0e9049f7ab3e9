//! Draws frames on the terminal, writing only the cells that changed.

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::ui::double_buffer::DoubleBuffer;

/// Replaces ratatui's `Terminal`, which does not handle symbols whose width differs between terminals.
#[derive(Debug)]
pub struct Screen<B> {
    backend: B,
    frames: DoubleBuffer,
}

impl<B: Backend> Screen<B> {
    /// An empty screen of the backend's size.
    ///
    /// # Errors
    /// If the backend can't say its size.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let frames = DoubleBuffer::empty(backend.size()?);
        Ok(Self { backend, frames })
    }

    /// The terminal's current size, in cells.
    ///
    /// # Errors
    /// If the backend can't say it.
    pub fn size(&self) -> Result<Size, B::Error> {
        self.backend.size()
    }

    /// Clears the terminal and sets the size of the next frame.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    pub fn clear(&mut self, size: Size) -> Result<(), B::Error> {
        self.frames = DoubleBuffer::empty(size);
        self.backend.clear_region(ClearType::All)
    }

    /// Draws a frame, and writes the cells that differ from the last one.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer)) -> Result<(), B::Error> {
        draw(self.frames.canvas());
        self.frames.compare();
        self.backend.draw(self.frames.changes())?;
        self.frames.set_shown();
        self.backend.flush()
    }
}
