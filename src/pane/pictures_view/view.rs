//! Draws the list of pictures, and the selected one beside it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::{ListedPicture, PicturesView};
use crate::message::Action;
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::inner;
use crate::ui::measure;
use crate::ui::overlay::{Link, LinkTarget, PlacedPicture};
use crate::ui::picture::CellPicture;
use crate::ui::text::{clean, fit, width, wrap};
use crate::ui::theme::{ALERT, CURSOR, Theme};
use obx_core::config::PictureMethod;
use obx_core::i18n::Describe;
use obx_core::picture::{Picture, PixelRoom};

/// The list's width in cells, at least and at most.
const LIST: (u16, u16) = (18, 36);

/// The rows below a picture: what it is.
const CAPTION: u16 = 1;

/// The width and height of most terminals' cells, in pixels. The terminal is not asked.
const CELL_PIXELS: (u32, u32) = (10, 20);

impl PicturesView {
    /// Scales the selected picture to its room, where that changed.
    pub(super) fn set_area(&mut self, area: Rect) {
        self.area = area;
        self.scroll.clamp(self.pictures.len(), self.height());
        let (_, place) = self.parts(area);
        let room = Size { width: place.width, height: place.height.saturating_sub(CAPTION) };
        let at = self.scroll.at;
        let picture = self.current().and_then(|own| own.loaded.as_ref()?.as_ref().ok());
        match (picture, &self.drawn) {
            (None, _) => self.drawn = None,
            (Some(_), Some((own, drawn_in, _))) if (*own, *drawn_in) == (at, room) => {}
            (Some(picture), _) => {
                let cells = if self.uses_protocol() {
                    CellPicture::blank(picture, room)
                } else {
                    CellPicture::new(picture, room, self.display.colours)
                };
                self.drawn = Some((at, room, cells));
            }
        }
    }

    /// The rows of the list that are in sight.
    pub(super) fn height(&self) -> usize {
        usize::from(self.area.height)
    }

    /// The places of the list, which may be empty, and of the picture with its caption.
    fn parts(&self, area: Rect) -> (Rect, Rect) {
        let width = if self.is_large { 0 } else { (area.width / 3).clamp(LIST.0, LIST.1).min(area.width) };
        let gap = u16::from(width > 0).min(area.width - width);
        let list = Rect { width, ..area };
        (list, Rect { x: area.x + width + gap, width: area.width - width - gap, ..area })
    }

    /// Where the picture is: beside the list, or alone in the middle.
    fn picture_area(&self, size: Size) -> Rect {
        let (_, place) = self.parts(self.area);
        let height = size.height.min(place.height.saturating_sub(CAPTION));
        let left = if self.is_large { place.width.saturating_sub(size.width) / 2 } else { 0 };
        Rect { x: place.x + left, width: size.width.min(place.width), height, ..place }
    }

    /// The room for the picture while it is alone, in a terminal's usual pixels.
    pub(super) fn pixel_room(&self) -> PixelRoom {
        let height = self.large_area.height.saturating_sub(CAPTION);
        PixelRoom {
            width: u32::from(self.large_area.width) * CELL_PIXELS.0,
            height: u32::from(height) * CELL_PIXELS.1,
        }
    }

    /// The selected picture, where the terminal draws it itself.
    pub(super) fn placed(&self) -> Option<PlacedPicture> {
        let picture = self.current()?.loaded.as_ref()?.as_ref().ok()?;
        let (at, _, cells) = self.drawn.as_ref().filter(|_| self.uses_protocol())?;
        let area = self.picture_area(cells.size());
        let is_here = *at == self.scroll.at && !area.is_empty();
        if !is_here {
            return None;
        }
        Some(PlacedPicture { area, png: picture.png()?, method: self.display.pictures })
    }

    /// The address in the frame's lower line, also where it is cut there.
    pub(super) fn address_link(&self, area: Rect) -> Option<Link> {
        let current = self.current()?;
        let target = LinkTarget::parse(current.url.as_ref().ok()?.as_str())?;
        let shown = fit(current.address(), usize::from(area.width.saturating_sub(6)));
        let from = area.x + 2;
        let cells = u16::try_from(width(&shown)).ok()?;
        Some(Link { y: area.bottom().checked_sub(1)?, x: from..from + cells, id: self.scroll.at, target })
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = self.texts;
        let right = match self.pictures.len() {
            0 => String::new(),
            count => format!(" {} ", texts.position(self.scroll.at + 1, count)),
        };
        let address = self.current().map(|own| clean(own.address()).into_owned()).unwrap_or_default();
        let room = usize::from(area.width.saturating_sub(6));
        let foot = if address.is_empty() { String::new() } else { format!(" {} ", fit(&address, room)) };
        let edges = Edges {
            title: Line::from(format!(" {} ", texts.pictures_title())),
            right: Line::from(right),
            foot: Line::styled(foot, Theme.dim()),
            ..Edges::default()
        };
        crate::ui::popup_frame(buffer, area, &edges);
        let (list, place) = self.parts(inner(area));
        let Some(current) = self.current() else {
            return paragraph(self.nothing, inner(area), buffer);
        };
        self.draw_list(list, buffer);
        self.draw_picture(current, model, place, buffer);
    }

    fn draw_list(&self, list: Rect, buffer: &mut Buffer) {
        let in_sight = self.pictures.iter().enumerate().skip(self.scroll.top);
        for (y, (at, picture)) in (list.top()..list.bottom()).zip(in_sight) {
            let is_here = at == self.scroll.at;
            let mark = if is_here { CURSOR } else { " " };
            let room = usize::from(list.width.saturating_sub(2));
            let (alert, style) = if picture.url.is_ok() { (" ", Theme.text()) } else { (ALERT, Theme.dim()) };
            let label = Span::styled(fit(&picture.label, room), style);
            let line = Line::from(vec![Span::raw(format!("{mark}{alert}")), label]);
            crate::ui::line(buffer, list.x, y, list.width, &line);
            if is_here {
                crate::ui::row_style(buffer, list, y, Theme.cursor(true));
            }
        }
    }

    fn draw_picture(&self, current: &ListedPicture, model: &Model, place: Rect, buffer: &mut Buffer) {
        let texts = self.texts;
        let is_loading = self.loading.as_ref().is_some_and(|(at, _)| *at == self.scroll.at);
        let message = match (&current.loaded, &current.url) {
            (Some(Ok(picture)), Ok(url)) => return self.draw_loaded(picture, &url.host(), place, buffer),
            (Some(Err(error)), _) => texts.picture_not_shown(clean(&error.describe(texts))),
            (_, Err(error)) => texts.picture_not_shown(clean(&error.describe(texts))),
            _ if self.display.pictures == PictureMethod::Off => texts.picture_off().to_owned(),
            (_, Ok(url)) if is_loading => texts.picture_loading(clean(&url.host())),
            (_, Ok(url)) => texts.picture_load_from(clean(&url.host()), model.key(Action::Open)),
        };
        paragraph(&message, place, buffer);
    }

    fn draw_loaded(&self, picture: &Picture, host: &str, place: Rect, buffer: &mut Buffer) {
        let Some((_, _, cells)) = &self.drawn else { return };
        let area = self.picture_area(cells.size());
        cells.draw(buffer, area);
        let size = format!("{}×{} {}", picture.width, picture.height, picture.form);
        let mut caption =
            vec![Span::raw(format!("{size}  {}  {}", measure::bytes(picture.bytes), clean(host)))];
        if !picture.is_whole {
            caption.insert(0, Span::styled(format!("{ALERT} {}  ", self.texts.picture_cut()), Theme.bad()));
        }
        let y = area.bottom();
        crate::ui::line(buffer, place.x, y, place.width, &Line::from(caption));
    }
}

fn paragraph(text: &str, place: Rect, buffer: &mut Buffer) {
    let rows = wrap(text, usize::from(place.width)).into_iter().map(Line::from);
    crate::ui::lines(buffer, place, rows);
}
