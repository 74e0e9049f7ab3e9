//! Draws frames on the terminal, writing only the cells that changed.

#[cfg(test)]
mod tests;

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::ui::double_buffer::{DoubleBuffer, Shift};
use crate::ui::theme::Palette;

/// A terminal that a [`Screen`] draws on.
pub trait ScreenBackend: Backend {
    /// Sets the colours of all cells that are written from now on.
    fn set_palette(&mut self, palette: Palette);

    /// Makes frames that take several packets appear at once.
    fn synchronize_updates(&mut self);

    /// Writes queries, whose replies arrive as input.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    fn ask(&mut self, queries: &str) -> Result<(), Self::Error>;

    /// Moves rows on the terminal, and returns whether it did. What comes in is blank.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    fn shift(&mut self, shift: &Shift) -> Result<bool, Self::Error>;
}

/// Replaces ratatui's `Terminal`, which does not handle symbols whose width differs between terminals.
#[derive(Debug)]
pub struct Screen<B> {
    backend: B,
    frames: DoubleBuffer,
    palette: Palette,
}

impl<B: ScreenBackend> Screen<B> {
    /// An empty screen of the backend's size.
    ///
    /// # Errors
    /// If the backend can't say its size.
    pub fn new(backend: B, palette: Palette) -> Result<Self, B::Error> {
        let size = backend.size()?;
        Ok(Self::with_size(backend, size, palette))
    }

    /// An empty screen of this size.
    pub fn with_size(mut backend: B, size: Size, palette: Palette) -> Self {
        backend.set_palette(palette);
        Self { backend, frames: blank(size, palette), palette }
    }

    /// Sets the colours of the next frame, before which the screen has to be cleared.
    pub fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.backend.set_palette(palette);
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
        self.frames = blank(size, self.palette);
        self.backend.clear_region(ClearType::All)
    }

    /// Makes frames that take several packets appear at once.
    pub fn synchronize_updates(&mut self) {
        self.backend.synchronize_updates();
    }

    /// Draws a frame, and writes the cells that differ from the last one.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer)) -> Result<(), B::Error> {
        self.draw_and_ask(draw, "")
    }

    /// Draws a frame, and writes these queries behind it.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    pub fn draw_and_ask(&mut self, draw: impl FnOnce(&mut Buffer), queries: &str) -> Result<(), B::Error> {
        draw(self.frames.canvas());
        self.frames.compare();
        if let Some(shift) = self.frames.shift()
            && self.backend.shift(&shift)?
        {
            self.frames.set_moved(&shift);
        }
        self.backend.draw(self.frames.changes())?;
        self.frames.set_shown();
        if !queries.is_empty() {
            self.backend.ask(queries)?;
            // A terminal that does not know a query may print a letter of it, here.
            self.backend.draw(self.frames.first_cell().into_iter())?;
        }
        self.backend.flush()
    }
}

/// A cleared terminal has its own background, so a palette that has another one writes every cell.
fn blank(size: Size, palette: Palette) -> DoubleBuffer {
    if palette.has_background() { DoubleBuffer::unknown(size) } else { DoubleBuffer::empty(size) }
}
