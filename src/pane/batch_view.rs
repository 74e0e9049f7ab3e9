//! `b`: a batch. First its list, then its plan with the price, then its lines while it runs, and its end.
//!
//! The batch itself is in the model: it goes on while this popup is closed.

mod summary;
mod view;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::history_view::view_instead;
use super::popup::{Popup, close, closes};
use super::text_input::TextInput;
use crate::message::{Action, BatchList, BatchPart, BatchRow, BatchRowState, Effect, KeyScope};
use crate::model::Model;
use crate::model::batch::BatchStage;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use obx_core::batch::LineState;
use summary::{head_lines, stage_word, unread_lines};

/// Size of the popup, in cells.
const SIZE: Size = Size { width: 116, height: 34 };

/// Rows of the popup beside those of lines: its frame, and as many texts as there usually are.
const AROUND_ROWS: u16 = 8;

/// Height of the popup while a list is typed.
const INPUT_HEIGHT: u16 = 10;

/// In characters. Without bracketed paste a pasted list is typed here.
const MAX_TYPED: usize = 10_000;

/// The popup: the input of a list, or the batch of the model.
#[derive(Debug)]
pub struct BatchView {
    /// `None` while a batch is shown.
    input: Option<TextInput>,
    scroll: Scroll,
    /// Rows of the popup for lines of the batch.
    height: u16,
    /// Number of lines of the batch.
    count: usize,
}

impl BatchView {
    /// Shows the batch of the model, with the cursor on the row that was opened last; or asks for a list.
    pub fn new(is_typing: bool, model: &Model) -> Self {
        let names = model.session.call.secret_names.clone();
        let mut input = is_typing.then(|| TextInput::with_limit(MAX_TYPED).masking(names));
        // A mistyped path is corrected, not typed again.
        if let Some((input, path)) = input.as_mut().zip(model.batch.unread_path()) {
            input.set(path);
        }
        let at = model.batch.kept_row;
        Self {
            input,
            scroll: Scroll { at, top: at.saturating_sub(3) },
            height: 0,
            count: model.batch.rows.len(),
        }
    }

    fn chosen<'a>(&self, model: &'a Model) -> Option<&'a BatchRow> {
        model.batch.rows.get(self.scroll.at).filter(|_| self.input.is_none())
    }

    #[must_use]
    fn submit(&self, model: &Model) -> Vec<Effect> {
        let Some(input) = &self.input else { return Vec::new() };
        let typed = input.text();
        if typed.chars().count() >= MAX_TYPED {
            return vec![Effect::alert(model.texts.batch_typed_too_long())];
        }
        if typed.trim().is_empty() {
            Vec::new()
        } else {
            vec![Effect::OpenBatch(BatchList::from_typed(typed))]
        }
    }

    /// Opens the answer of the row under the cursor, from the store.
    #[must_use]
    fn open_row(&self, model: &Model) -> Vec<Effect> {
        let Some(opened) = self.chosen(model).and_then(opens) else {
            return vec![Effect::info(model.texts.batch_no_answer_yet())];
        };
        vec![Effect::ClosePopup, Effect::KeepBatchRow(self.scroll.at), opened]
    }

    fn edges(&self, model: &Model) -> Edges {
        let title = Line::from(format!(" {} ", model.texts.batch_title()));
        let word = if self.input.is_some() { String::new() } else { stage_word(model) };
        let right = if word.is_empty() { Line::default() } else { Line::from(format!(" {word} ")) };
        Edges { title, right, ..Edges::default() }
    }

    /// The texts above the rows, for this width.
    fn head(model: &Model, area: Rect) -> Vec<Line<'static>> {
        head_lines(model, usize::from(area.width.saturating_sub(2)))
    }

    fn view_input(input: &TextInput, model: &Model, area: Rect, buffer: &mut Buffer) {
        input.view_in_popup(area, buffer);
        let unread = unread_lines(model, usize::from(area.width));
        let used = u16::try_from(unread.len()).unwrap_or(u16::MAX).saturating_add(1).min(area.height);
        let beside = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        crate::ui::lines(buffer, beside, unread);
        let below = Rect { y: area.y + used, height: area.height - used, ..area };
        let begin = model.texts.batch_begin(model.text_key(Action::Submit));
        view_instead(&[&begin, model.texts.batch_begin_unsent()], below, buffer);
    }
}

/// The effect that shows the answer of a row; `None` if it has none.
#[must_use]
fn opens(row: &BatchRow) -> Option<Effect> {
    let newest = || Some(Effect::ShowNewest(row.item()?.clone()));
    match &row.state {
        BatchRowState::Answered(answered) => answered.id.map(Effect::ShowStored).or_else(newest),
        BatchRowState::Waiting(LineState::Stored) => newest(),
        _ => None,
    }
}

impl Popup for BatchView {
    fn scope(&self) -> KeyScope {
        if self.input.is_some() { KeyScope::Text } else { KeyScope::Batch }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => return self.submit(model),
            Action::Open => return self.open_row(model),
            _ if closes(action, Action::Batch) => return vec![Effect::ClosePopup],
            _ => {
                self.scroll.act(action, model.batch.rows.len(), usize::from(self.height));
            }
        }
        Vec::new()
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if let Some(input) = &mut self.input {
            input.type_key(key);
        }
        Vec::new()
    }

    /// Several lines are a list, whose plan is shown. Nothing is sent.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let is_one_line = text.trim().lines().count() < 2;
        match &mut self.input {
            Some(input) if is_one_line => input.insert(text),
            _ if text.trim().is_empty() => {}
            _ => return vec![Effect::OpenBatch(BatchList::from_text(text))],
        }
        Vec::new()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.count = model.batch.rows.len();
        let area = inner(self.area(screen));
        if let Some(input) = &mut self.input {
            input.set_placeholder(model.texts.batch_placeholder());
        }
        let head = u16::try_from(Self::head(model, area).len()).unwrap_or(u16::MAX);
        self.height = area.height.saturating_sub(head.saturating_add(1));
        self.scroll.clamp(self.count, usize::from(self.height));
    }

    /// When the plan's block ends.
    fn changes_at(&self, model: &Model) -> Option<Timestamp> {
        let is_planned = matches!(model.batch.stage, BatchStage::Planned);
        model.block_ahead().filter(|_| is_planned && self.input.is_none())?.until
    }

    fn area(&self, screen: Size) -> Rect {
        let rows = u16::try_from(self.count).unwrap_or(u16::MAX).saturating_add(AROUND_ROWS);
        let height = if self.input.is_some() { INPUT_HEIGHT } else { rows.min(SIZE.height) };
        popup(screen, SIZE.width, height)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        crate::ui::popup_frame(buffer, area, &self.edges(model));
        let area = inner(area);
        if let Some(input) = &self.input {
            return Self::view_input(input, model, area, buffer);
        }
        let head = Self::head(model, area);
        let used = u16::try_from(head.len()).unwrap_or(u16::MAX).saturating_add(1).min(area.height);
        crate::ui::lines(buffer, area, head);
        let rows = Rect { y: area.y + used, height: area.height - used, ..area };
        view::view_rows(&model.batch.rows, self.scroll, model, rows, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        if self.input.is_some() {
            return vec![Hint::free(Action::Submit, texts.hint_plan_batch()), close(model)];
        }
        let opens =
            self.chosen(model).and_then(opens).map(|_| Hint::free(Action::Open, texts.hint_open_line()));
        let other = Hint::free(Action::NewBatch, texts.hint_new_batch());
        let again = Some(Hint::free(Action::PlanAgain, texts.hint_plan_again()))
            .filter(|_| model.batch.can_plan_again());
        let has_ended = matches!(model.batch.stage, BatchStage::Ended { .. });
        let mut hints = Vec::new();
        match &model.batch.stage {
            BatchStage::Planned if model.batch.count() > 0 => hints.extend(planned_hints(model)),
            BatchStage::Running { is_stopping: false, is_paused } => {
                hints.extend(running_hints(*is_paused, model));
            }
            _ => {}
        }
        hints.extend(again.filter(|_| has_ended));
        if let BatchStage::Running { is_paused, is_stopping } = model.batch.stage {
            hints.extend(opens);
            let close = match (is_stopping, is_paused) {
                (true, _) => texts.hint_stop_on(),
                (false, true) => texts.hint_stay_paused(),
                (false, false) => texts.hint_run_on(),
            };
            hints.push(Hint::free(Action::Escape, close));
        } else {
            hints.push(close(model));
            hints.extend(doubt_hint(model).into_iter().chain(opens));
            hints.push(other);
            hints.extend(again.filter(|_| !has_ended));
        }
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
        hints
    }
}

/// The key that adds lines in doubt to the plan, or leaves them out again.
fn doubt_hint(model: &Model) -> Option<Hint> {
    let (texts, batch) = (model.texts, &model.batch);
    let label = if batch.retries_unknown { texts.hint_leave_unknown() } else { texts.hint_retry_unknown() };
    batch.has_doubt().then(|| Hint::free(Action::RetryUnknown, label))
}

fn planned_hints(model: &Model) -> Vec<Hint> {
    let (texts, batch) = (model.texts, &model.batch);
    let mut hints = Vec::new();
    if model.batch_purchase(BatchPart::DespiteBlock).is_some() {
        hints.push(Hint::spending(Action::OverrideBatch, texts.hint_override_batch()));
    }
    if model.batch_purchase(BatchPart::Planned).is_some() {
        hints.push(Hint::spending(Action::BuyBatch, texts.hint_buy_batch()));
    } else if batch.plan.to_buy == 0 || model.session.offline {
        hints.push(Hint::free(Action::BuyBatch, texts.hint_run_batch()));
    } else if batch.plan.stored > 0 {
        hints.push(Hint::free(Action::BuyBatch, texts.hint_read_stored()));
    }
    hints
}

fn running_hints(is_paused: bool, model: &Model) -> Vec<Hint> {
    let texts = model.texts;
    let pause = match (is_paused, model.batch_purchase(BatchPart::Left)) {
        (false, _) => Hint::free(Action::PauseBatch, texts.hint_pause_batch()),
        (true, None) => Hint::free(Action::PauseBatch, texts.hint_resume_batch()),
        (true, Some(_)) => Hint::spending(Action::PauseBatch, texts.hint_resume_batch()),
    };
    vec![pause, Hint::free(Action::StopBatch, texts.hint_stop_batch())]
}
