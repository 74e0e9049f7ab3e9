//! `y` and one more key: copies a part of a row. Also shows what was copied last.

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

/// The parts of a row that can be copied; empty if the row has no such part.
#[derive(Clone, Debug, Default)]
pub(super) struct CopyParts {
    /// Its cells.
    pub(super) row: Vec<String>,
    /// The value that matters most, such as the price of a SKU.
    pub(super) value: String,
    /// The name or ID of the row.
    pub(super) key: String,
    /// The longest text, with its line breaks.
    pub(super) string: String,
    /// The row's place in the body.
    pub(super) place: Option<CopyPlace>,
}

impl CopyParts {
    /// Returns the text that this action copies; `None` if there is none.
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

/// The place of a value in the body, as a path and as a jq expression.
#[derive(Clone, Debug)]
pub(super) struct CopyPlace {
    path: String,
    jq: String,
}

/// Returns the place of a node in the body of this exchange's answer.
pub(super) fn place(exchange: &Exchange, node: NodeId) -> Option<CopyPlace> {
    let reply = exchange.reply.as_ref()?;
    Some(CopyPlace { path: reply.path_of(node), jq: reply.jq_path_of(node) })
}

/// Returns the name of what an action copies.
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

/// Joins cells with tabs. Tabs and line breaks within a cell become blanks, since they would make another cell or
/// row.
pub(super) fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells = cells.iter().map(|cell| cell.as_ref().replace("\r\n", " ").replace(['\t', '\n'], " "));
    cells.collect::<Vec<_>>().join("\t")
}

/// Waits for the key that says what to copy; the footer lists these keys.
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

/// Returns true if an action copies a part of a row.
pub fn is_copying(action: Action) -> bool {
    use Action::{CopyCurl, CopyJqPath, CopyKey, CopyPath, CopyRow, CopyString, CopyValue};
    matches!(action, CopyRow | CopyValue | CopyKey | CopyPath | CopyJqPath | CopyCurl | CopyString)
}

/// Shows what was copied last, to read it or copy it again.
#[derive(Debug)]
pub struct RegisterView {
    register: Register,
    scroll: Scroll,
    rows: Vec<String>,
    height: u16,
}

/// In characters. Of a longer text, only the beginning is shown.
const MAX_SHOWN: usize = 64 * 1024;

impl RegisterView {
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
