//! `a`: the user's own note on an item, in one line.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::text_input::TextInput;
use super::{Hint, Popup};
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use obx_core::store::Annotation;
use onebound::ItemId;

const WIDTH: u16 = 76;

#[derive(Debug)]
pub struct NoteInput {
    num_iid: ItemId,
    before: Annotation,
    input: TextInput,
}

impl NoteInput {
    /// Starts with the item's current note.
    pub fn new(num_iid: ItemId, before: Annotation) -> Self {
        let input = TextInput::default().with_text(&before.note);
        Self { num_iid, before, input }
    }

    #[must_use]
    fn save(&self) -> Vec<Effect> {
        let note = self.input.text().trim().to_owned();
        if note == self.before.note {
            return vec![Effect::ClosePopup];
        }
        let annotation = Annotation { note, ..self.before };
        vec![Effect::ClosePopup, Effect::Annotate(self.num_iid.clone(), annotation)]
    }
}

impl Popup for NoteInput {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => self.save(),
            Action::Escape => vec![Effect::ClosePopup],
            _ => Vec::new(),
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        self.input.type_key(key);
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.input.insert(text);
        Vec::new()
    }

    fn layout(&mut self, model: &Model, _screen: Size) {
        self.input.set_placeholder(model.texts.note_placeholder());
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, WIDTH, 3)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", model.texts.note_title(&self.num_iid)));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        self.input.view_in_popup(inner(area), buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        vec![Hint::free(Action::Submit, texts.hint_save()), Hint::free(Action::Escape, texts.hint_cancel())]
    }
}
