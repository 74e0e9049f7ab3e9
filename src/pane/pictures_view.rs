//! `I`: the item's pictures. They are listed, and one is loaded when Enter asks for it; from then on moving loads, too.
//!
//! A picture is no call and costs nothing, but it is network: the host is named before it is contacted.

mod view;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::Hint;
use super::popup::{Popup, close, closes};
use crate::message::{Action, Done, Effect, PictureOrder, PictureRequest};
use crate::model::Model;
use crate::ui::layout::{inner, popup};
use crate::ui::overlay::{Link, PlacedPicture};
use crate::ui::picture::CellPicture;
use crate::ui::scroll::Scroll;
use crate::ui::text::clean;
use obx_core::config::{DisplaySettings, PictureMethod};
use obx_core::i18n::Texts;
use obx_core::picture::{Picture, PictureError};
use onebound::{Host, ItemPicture, PictureRole, PictureUrl, PictureUrlError};

/// Width and height in cells, border included, where there is room.
const WIDEST: u16 = 140;
const HIGHEST: u16 = 50;

#[derive(Debug)]
pub struct PicturesView {
    pictures: Vec<ListedPicture>,
    /// In place of a list that is empty.
    nothing: &'static str,
    scroll: Scroll,
    /// Whether moving loads the picture that it comes to.
    follows: bool,
    /// Whether the picture has the whole popup.
    is_large: bool,
    loading: Option<(usize, PictureRequest)>,
    /// The inside of the popup.
    area: Rect,
    /// The inside of the popup while the picture has it alone.
    large_area: Rect,
    /// The picture that is drawn, in the room that there was for it.
    drawn: Option<(usize, Size, CellPicture)>,
    display: DisplaySettings,
    texts: Texts,
}

#[derive(Debug)]
struct ListedPicture {
    label: String,
    /// As it was written.
    address: String,
    url: Result<PictureUrl, PictureUrlError>,
    loaded: Option<Result<Arc<Picture>, PictureError>>,
}

impl PicturesView {
    /// Lists the pictures of the item on the screen.
    pub fn from_model(model: &Model) -> Self {
        let texts = model.texts;
        let host = model.shown.as_ref().map(|shown| shown.exchange.host.clone()).unwrap_or_default();
        let (pictures, nothing) = match model.item() {
            Some(item) => (item.pictures(), texts.pictures_none()),
            None => (Vec::new(), texts.pictures_no_item()),
        };
        let listed = pictures.into_iter().map(|picture| ListedPicture::new(picture, &host, texts));
        Self {
            pictures: listed.collect(),
            nothing,
            scroll: Scroll::default(),
            follows: false,
            is_large: false,
            loading: None,
            area: Rect::ZERO,
            large_area: Rect::ZERO,
            drawn: None,
            display: model.session.display,
            texts,
        }
    }

    fn current(&self) -> Option<&ListedPicture> {
        self.pictures.get(self.scroll.at)
    }

    /// Whether the terminal draws pictures itself.
    fn uses_protocol(&self) -> bool {
        matches!(self.display.pictures, PictureMethod::Kitty | PictureMethod::Iterm2)
    }

    /// Loads the selected picture, in place of the one that is being loaded, unless it is here already.
    #[must_use]
    fn load(&mut self) -> Option<Effect> {
        let at = self.scroll.at;
        if self.display.pictures == PictureMethod::Off
            || self.loading.as_ref().is_some_and(|(own, _)| *own == at)
        {
            return None;
        }
        self.loading = None;
        let room = self.uses_protocol().then(|| self.pixel_room());
        let picture = self.pictures.get_mut(at)?;
        if picture.is_whole() {
            return None;
        }
        let (request, order) = PictureRequest::new(picture.url.clone().ok()?, room);
        picture.loaded = None;
        self.drawn = None;
        self.loading = Some((at, request));
        Some(Effect::LoadPicture(order))
    }

    fn on_loaded(&mut self, order: &PictureOrder, loaded: &Result<Arc<Picture>, PictureError>) {
        let Some((at, _)) = self.loading.take_if(|(_, request)| request.is_for(order)) else { return };
        if let Some(picture) = self.pictures.get_mut(at) {
            picture.loaded = Some(loaded.clone());
        }
    }

    #[must_use]
    fn move_to(&mut self, action: Action, height: usize) -> Vec<Effect> {
        let before = self.scroll.at;
        let _ = self.scroll.act(action, self.pictures.len(), height); // other actions do nothing here
        // A picture that could not be loaded is tried again by Enter alone.
        let is_new = self.scroll.at != before && self.current().is_some_and(|own| own.loaded.is_none());
        if is_new && self.follows { self.load().into_iter().collect() } else { Vec::new() }
    }

    #[must_use]
    fn copy(&self) -> Option<Effect> {
        Some(Effect::copy(self.texts.picture_address(), self.current()?.address()))
    }
}

impl ListedPicture {
    fn new(picture: ItemPicture, host: &Host, texts: Texts) -> Self {
        let roles: Vec<String> = picture.roles.iter().map(|role| role_text(role, texts)).collect();
        let url = PictureUrl::parse(&picture.address, host);
        Self { label: roles.join(" · "), address: picture.address, url, loaded: None }
    }

    /// Whether it is here with nothing missing, so that loading it again gives no more.
    fn is_whole(&self) -> bool {
        matches!(&self.loaded, Some(Ok(picture)) if picture.is_whole)
    }

    /// The address as it is fetched; of one that is refused, as it was written.
    fn address(&self) -> &str {
        self.url.as_ref().map_or(self.address.as_str(), PictureUrl::as_str)
    }
}

/// The whole screen but its last row, which names the keys.
fn above_footer(screen: Size) -> Rect {
    Rect::new(0, 0, screen.width, screen.height.saturating_sub(1))
}

fn role_text(role: &PictureRole, texts: Texts) -> String {
    match role {
        PictureRole::Main => texts.picture_main().to_owned(),
        PictureRole::Item(number) => texts.picture_item(number),
        PictureRole::Sku(value) => texts.picture_sku(clean(value)),
        PictureRole::Description(number) => texts.picture_description(number),
    }
}

impl Popup for PicturesView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Pictures) => vec![Effect::ClosePopup],
            Action::Open => {
                self.follows = true;
                self.load().into_iter().collect()
            }
            Action::Full => {
                self.is_large = !self.is_large;
                Vec::new()
            }
            Action::Copy => self.copy().into_iter().collect(),
            _ => self.move_to(action, self.height()),
        }
    }

    fn on_done(&mut self, done: &Done) -> Vec<Effect> {
        if let Done::PictureLoaded { order, loaded } = done {
            self.on_loaded(order, loaded);
        }
        Vec::new()
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        self.large_area = inner(above_footer(screen));
        self.set_area(inner(self.area(screen)));
    }

    fn area(&self, screen: Size) -> Rect {
        if self.is_large { above_footer(screen) } else { popup(screen, WIDEST, HIGHEST) }
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        self.draw(model, area, buffer);
    }

    fn links(&self, area: Rect) -> Vec<Link> {
        self.address_link(area).into_iter().collect()
    }

    fn picture(&self) -> Option<PlacedPicture> {
        self.placed()
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let can_load = self.display.pictures != PictureMethod::Off
            && self.current().is_some_and(|own| own.url.is_ok() && !own.is_whole());
        let load = can_load.then(|| Hint::free(Action::Open, texts.hint_load_picture()));
        let larger = if self.is_large { texts.hint_with_list() } else { texts.hint_whole_picture() };
        let others =
            [Hint::free(Action::Full, larger), Hint::free(Action::Copy, texts.hint_picture_address())];
        let others = others.into_iter().filter(|_| !self.pictures.is_empty());
        load.into_iter().chain(others).chain([close(model)]).collect()
    }
}
