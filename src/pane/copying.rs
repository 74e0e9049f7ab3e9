//! `y` and a key more: what of a row is copied. And what was copied last.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::popup::{Popup, close};
use crate::message::{Action, Effect, KeyScope};
use crate::model::{Model, Register};
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{visible, wrap};
use obx_core::i18n::Texts;
use onebound::Exchange;
use onebound_document::NodeId;

/// What can be copied of a row; empty where there is nothing of the kind.
#[derive(Clone, Debug, Default)]
pub(super) struct CopyParts {
    /// Its cells.
    pub(super) row: Vec<String>,
    /// What is looked at in it.
    pub(super) value: String,
    /// What tells it from others.
    pub(super) key: String,
    /// Its longest text, with line breaks and all.
    pub(super) string: String,
    /// Where it stands in the body.
    pub(super) place: Option<Place>,
}

impl CopyParts {
    /// The text of this kind; `None` where there is nothing of it.
    pub(super) fn text(&self, action: Action) -> Option<String> {
        let text = match action {
            Action::CopyRow => return Some(row(&self.row)).filter(|text| !text.is_empty()),
            Action::CopyValue => &self.value,
            Action::CopyKey => &self.key,
            Action::CopyPath => &self.place.as_ref()?.path,
            Action::CopyJqPath => &self.place.as_ref()?.jq,
            Action::CopyString => &self.string,
            _ => return None,
        };
        Some(text.clone()).filter(|text| !text.is_empty())
    }
}

/// Where a value stands in the body, as the tree tells it and as jq takes it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: String,
    jq: String,
}

/// Where a node of this exchange's answer is in its body.
pub(super) fn place(exchange: &Exchange, node: NodeId) -> Option<Place> {
    let reply = exchange.reply.as_ref()?;
    Some(Place { path: reply.path_of(node), jq: reply.jq_path_of(node) })
}

/// What a copying action copies, in a word.
pub fn copied_name(action: Action, texts: Texts) -> &'static str {
    match action {
        Action::CopyRow => texts.copied_row(),
        Action::CopyKey => texts.copied_key(),
        Action::CopyPath => texts.copied_path(),
        Action::CopyJqPath => texts.copied_jq_path(),
        Action::CopyCurl => texts.copied_curl(),
        Action::CopyString => texts.copied_string(),
        _ => texts.copied_value(),
    }
}

/// Cells with tabs between: what would make another cell or row of a part of one is a blank in it.
pub(super) fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells = cells.iter().map(|cell| cell.as_ref().replace("\r\n", " ").replace(['\t', '\n'], " "));
    cells.collect::<Vec<_>>().join("\t")
}

/// Waits for the key that says what; the footer names them.
#[derive(Debug)]
pub struct CopyMenu;

impl Popup for CopyMenu {
    fn scope(&self) -> KeyScope {
        KeyScope::Copying
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        let copy = is_copying(action).then_some(Effect::Run(action));
        [Effect::ClosePopup].into_iter().chain(copy).collect()
    }

    fn layout(&mut self, _model: &Model, _screen: Size) {}

    /// Its keys are in the footer.
    fn area(&self, _screen: Size) -> Rect {
        Rect::ZERO
    }

    fn view(&self, _model: &Model, _area: Rect, _buffer: &mut Buffer) {}

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        vec![
            Hint::free(Action::CopyRow, texts.copy_row()),
            Hint::free(Action::CopyValue, texts.copy_value()),
            Hint::free(Action::CopyKey, texts.copy_key()),
            Hint::free(Action::CopyPath, texts.copy_path()),
            Hint::free(Action::CopyJqPath, texts.copy_jq_path()),
            Hint::free(Action::CopyCurl, texts.copy_curl()),
            Hint::free(Action::CopyString, texts.copy_string()),
            close(model),
        ]
    }
}

/// Whether an action copies something of the row.
pub fn is_copying(action: Action) -> bool {
    use Action::{CopyCurl, CopyJqPath, CopyKey, CopyPath, CopyRow, CopyString, CopyValue};
    matches!(action, CopyRow | CopyValue | CopyKey | CopyPath | CopyJqPath | CopyCurl | CopyString)
}

/// What was copied last, to be read and copied again.
#[derive(Debug)]
pub struct RegisterView {
    register: Register,
    scroll: Scroll,
    rows: Vec<String>,
    height: u16,
}

/// Laid out at most; who copies more looks at its beginning here.
const MAX_SHOWN: usize = 64 * 1024;

impl RegisterView {
    /// Of the last copy.
    pub fn new(register: Register) -> Self {
        Self { register, scroll: Scroll::default(), rows: Vec::new(), height: 0 }
    }
}

impl Popup for RegisterView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            Action::Escape | Action::Leave | Action::Register => vec![Effect::ClosePopup],
            Action::Copy => {
                let Register { what, text } = self.register.clone();
                vec![Effect::Copy { what, text }]
            }
            _ => {
                self.scroll.act_on_text(action, self.rows.len(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        let inside = inner(self.area(screen));
        let text: String = self.register.text.as_str().chars().take(MAX_SHOWN).collect();
        let room = usize::from(inside.width.saturating_sub(2)).max(2);
        let wrapped = |line: &str| {
            let line = line.replace('\t', "  ");
            wrap(&visible(&line), room).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        self.rows = text.lines().flat_map(wrapped).collect();
        self.height = inside.height;
        self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(usize::from(inside.height)));
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, 76, 16)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title =
            Line::from(format!(" {} ", model.texts.named(model.texts.register_title(), &self.register.what)));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        let rows = self.rows.iter().skip(self.scroll.top);
        crate::ui::lines(buffer, inner(area), rows.map(|row| Line::from(format!(" {row}"))));
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![Hint::free(Action::Copy, model.texts.hint_copy_again()), close(model)]
    }
}
