//! The terminal's screen, as far as it is drawn on.

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use crate::ui::picture::Picture;

/// In place of ratatui's `Terminal`, which knows nothing of symbols whose width terminals disagree on.
#[derive(Debug)]
pub struct Screen<B> {
    backend: B,
    picture: Picture,
}

impl<B: Backend> Screen<B> {
    /// A screen with nothing on it.
    ///
    /// # Errors
    /// When its size can't be had.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let picture = Picture::empty(backend.size()?);
        Ok(Self { backend, picture })
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
        self.picture = Picture::empty(size);
        self.backend.clear_region(ClearType::All)
    }

    /// Has a frame drawn, and writes what differs.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer)) -> Result<(), B::Error> {
        draw(self.picture.canvas());
        self.picture.compare();
        self.backend.draw(self.picture.changes())?;
        self.picture.set_shown();
        self.backend.flush()
    }
}
