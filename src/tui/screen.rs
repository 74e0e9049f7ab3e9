//! Draws frames on the terminal, writing only the cells that changed.

#[cfg(test)]
mod tests;

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::sequences::{END_LINK, begin_link, draw_picture, remove_picture};
use crate::ui::double_buffer::{DoubleBuffer, Shift};
use crate::ui::overlay::{Link, Overlay};
use crate::ui::theme::Palette;

/// A terminal that a [`Screen`] draws on.
pub trait ScreenBackend: Backend {
    /// Sets the colours of all cells that are written from now on.
    fn set_palette(&mut self, palette: Palette);

    /// Sets the screen's size, since a terminal's cursor behaves differently at the end of a row.
    fn set_size(&mut self, _size: Size) {}

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

    /// Writes a control sequence that draws no cell; nowhere on a backend that is no terminal.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    fn write_sequence(&mut self, _sequence: &str) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Replaces ratatui's `Terminal`, which does not handle symbols whose width differs between terminals.
#[derive(Debug)]
pub struct Screen<B> {
    backend: B,
    frames: DoubleBuffer,
    palette: Palette,
    /// Of the frame on the terminal.
    overlay: Overlay,
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
        backend.set_size(size);
        Self { backend, frames: blank(size, palette), palette, overlay: Overlay::default() }
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
        if let Some(picture) = self.overlay.picture.take() {
            self.backend.write_sequence(&remove_picture(&picture))?;
        }
        self.overlay = Overlay::default();
        self.frames = blank(size, self.palette);
        self.backend.set_size(size);
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
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer) -> Overlay) -> Result<(), B::Error> {
        self.draw_and_ask(draw, "")
    }

    /// Draws a frame, and writes these queries behind it.
    ///
    /// # Errors
    /// If the terminal can't be written to.
    pub fn draw_and_ask(
        &mut self,
        draw: impl FnOnce(&mut Buffer) -> Overlay,
        queries: &str,
    ) -> Result<(), B::Error> {
        let next = draw(self.frames.canvas());
        let before = std::mem::replace(&mut self.overlay, next);
        self.forget_stale(&before);
        self.frames.compare();
        let is_changed = !queries.is_empty() || self.frames.changes().next().is_some();
        if let Some(shift) = self.frames.shift()
            && self.backend.shift(&shift)?
        {
            self.frames.set_moved(&shift);
        }
        self.draw_cells()?;
        self.draw_picture(&before)?;
        self.frames.set_shown();
        if !queries.is_empty() {
            self.backend.ask(queries)?;
            // A terminal that does not know a query may print a letter of it, here.
            self.backend.draw(self.frames.first_cell().into_iter())?;
        }
        self.put_cursor(&before, is_changed)?;
        self.backend.flush()
    }

    /// A cell gets or loses its link, or the picture over it, only by being written again.
    fn forget_stale(&mut self, before: &Overlay) {
        let now = &self.overlay;
        let ended = before.links.iter().filter(|link| !now.links.contains(link));
        let begun = now.links.iter().filter(|link| !before.links.contains(link));
        let picture =
            before.picture.iter().filter(|_| before.picture != now.picture).map(|placed| placed.area);
        for area in ended.chain(begun).map(Link::area).chain(picture) {
            self.frames.forget(area);
        }
    }

    /// Cells of links are written on their own, each link as a whole.
    fn draw_cells(&mut self) -> Result<(), B::Error> {
        let links = &self.overlay.links;
        if links.is_empty() {
            return self.backend.draw(self.frames.changes());
        }
        let is_linked = |x, y| links.iter().any(|link| link.contains(x, y));
        self.backend.draw(self.frames.changes().filter(|(x, y, _)| !is_linked(*x, *y)))?;
        for link in links {
            let cells = || self.frames.changes().filter(|(x, y, _)| link.contains(*x, *y));
            if cells().next().is_some() {
                self.backend.write_sequence(&begin_link(link))?;
                self.backend.draw(cells())?;
                self.backend.write_sequence(END_LINK)?;
            }
        }
        Ok(())
    }

    fn draw_picture(&mut self, before: &Overlay) -> Result<(), B::Error> {
        if before.picture == self.overlay.picture {
            return Ok(());
        }
        if let Some(picture) = &before.picture {
            self.backend.write_sequence(&remove_picture(picture))?;
        }
        match &self.overlay.picture {
            Some(picture) => self.backend.write_sequence(&draw_picture(picture)),
            None => Ok(()),
        }
    }

    /// Moves the cursor only where it is not there yet: a frame in which nothing changed writes nothing.
    fn put_cursor(&mut self, before: &Overlay, is_changed: bool) -> Result<(), B::Error> {
        let is_moved =
            is_changed || before.picture != self.overlay.picture || before.cursor != self.overlay.cursor;
        if let Some(at) = self.overlay.cursor.filter(|_| is_moved) {
            self.backend.set_cursor_position(at)?;
        }
        let is_visible = |overlay: &Overlay| overlay.shows_cursor && overlay.cursor.is_some();
        match (is_visible(before), is_visible(&self.overlay)) {
            (false, true) => self.backend.show_cursor(),
            (true, false) => self.backend.hide_cursor(),
            _ => Ok(()),
        }
    }
}

/// A cleared terminal has its own background, so a palette that has another one writes every cell.
fn blank(size: Size, palette: Palette) -> DoubleBuffer {
    if palette.has_background() { DoubleBuffer::unknown(size) } else { DoubleBuffer::empty(size) }
}
