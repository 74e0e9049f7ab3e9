//! The input line of a jq program: its text, its state, and messages about it. The pane holds the result.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::offered::Offered;
use crate::message::{Action, FilterResult, Filtered};
use crate::model::Model;
use crate::pane::recall::Recall;
use crate::pane::text_input::TextInput;
use crate::ui::text::{fit, visible, width};
use crate::ui::theme::{ALERT, Theme};
use obx_core::i18n::{Describe, Texts};
use obx_core::jq::FilterFault;
use onebound_document::Document;

/// Cells before the program, for ` | `.
const MARGIN: usize = 3;

/// The state of the jq filter.
#[derive(Debug, Default)]
pub(super) struct JqFilter {
    input: TextInput,
    typing: Typing,
    /// The number of the newest program.
    number: u64,
    stage: JqStage,
    /// Whether the body is to be loaded before there is a program.
    preparing: bool,
    /// Whether the processes that run programs are to be ended.
    over: bool,
    /// A program to be saved.
    to_keep: Option<String>,
    shown: Option<ShownResult>,
    fault: Option<FilterFault>,
    /// `Some` while the user steps through saved programs.
    recall: Option<Recall>,
    completion: Option<Offered>,
}

/// Whether the line is being edited, and whether its text was changed since that began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Typing {
    #[default]
    Left,
    Begun,
    Changed,
}

/// The state of the newest program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum JqStage {
    #[default]
    Done,
    /// To be started.
    Due,
    Running,
}

/// The result that is shown.
#[derive(Debug)]
struct ShownResult {
    program: String,
    count: usize,
    cut: bool,
}

impl JqFilter {
    pub(super) fn start(&mut self) {
        (self.typing, self.preparing) = (Typing::Begun, self.is_empty());
    }

    pub(super) fn is_typing(&self) -> bool {
        self.typing != Typing::Left
    }

    /// Whether there is no program.
    pub(super) fn is_empty(&self) -> bool {
        self.input.text().trim().is_empty()
    }

    /// The program whose result is shown.
    pub(super) fn program(&self) -> Option<&str> {
        self.shown.as_ref().map(|shown| shown.program.as_str())
    }

    /// Whether the result is a list of several outputs.
    pub(super) fn is_list(&self) -> bool {
        self.count().is_some_and(|count| count != 1)
    }

    /// The number of outputs that are shown.
    pub(super) fn count(&self) -> Option<usize> {
        self.shown.as_ref().map(|shown| shown.count)
    }

    /// Ends editing, unless the program is known to be wrong.
    pub(super) fn submit(&mut self) {
        if self.fault.is_none() || self.stage != JqStage::Done {
            self.leave();
        }
    }

    /// Ends editing. If the program is wrong, the last result and the error stay visible.
    pub(super) fn leave(&mut self) {
        (self.typing, self.completion, self.recall) = (Typing::Left, None, None);
        self.to_keep = self.sound();
        // Without a program, the loaded body is not needed.
        self.over |= self.is_empty();
    }

    /// The program; `None` if it is empty or known to be wrong.
    fn sound(&self) -> Option<String> {
        let program = self.input.text().trim();
        // While this program runs, the fault is still that of the previous one.
        let sound = self.fault.is_none() || self.stage != JqStage::Done;
        (sound && !program.is_empty()).then(|| program.to_owned())
    }

    /// Takes the program that is to be saved.
    pub(super) fn take_kept(&mut self) -> Option<String> {
        self.to_keep.take()
    }

    /// Clears the filter; returns false if there was nothing to clear.
    pub(super) fn escape(&mut self) -> bool {
        let had = self.is_typing() || !self.is_empty();
        if had {
            // A program that is cancelled while it is edited may still be useful, so it is saved.
            let to_keep = if self.is_typing() { self.sound() } else { None };
            *self = Self { number: self.number + 1, over: true, to_keep, ..Self::default() };
        }
        had
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let before = self.input.text().to_owned();
        self.input.type_key(key);
        self.completion = None;
        if self.input.text() != before {
            self.run_typed();
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
        self.completion = None;
        self.run_typed();
    }

    /// Replaces the line by the saved program before or after; after the newest, by the text that was typed.
    pub(super) fn step_history(&mut self, back: bool, programs: &[String]) {
        let moved = if back { self.step_back(programs) } else { self.step_forward(programs) };
        if moved {
            self.completion = None;
            self.run();
        }
    }

    fn step_back(&mut self, programs: &[String]) -> bool {
        let recall = self.recall.take();
        let begun = recall.is_some();
        let mut recall = recall.unwrap_or_else(|| Recall::begin(&self.input, self.typing == Typing::Changed));
        let older = recall.older(programs);
        if let Some(program) = older {
            self.input.set(program);
        }
        self.recall = (begun || older.is_some()).then_some(recall);
        older.is_some()
    }

    fn step_forward(&mut self, programs: &[String]) -> bool {
        let Some(mut recall) = self.recall.take() else { return false };
        if let Some(program) = recall.newer(programs) {
            self.input.set(program);
            self.recall = Some(recall);
        } else {
            recall.restore(&mut self.input);
        }
        true
    }

    /// Completes the word before the cursor; a further call takes the next or previous completion.
    pub(super) fn complete(&mut self, document: &Document, forward: bool) {
        let offered = if let Some(mut offered) = self.completion.take() {
            offered.step(forward);
            offered
        } else {
            Offered::at(&self.input, document)
        };
        if offered.put(&mut self.input) {
            self.run_typed();
        }
        self.completion = Some(offered);
    }

    /// Whether there are completions to step back through.
    pub(super) fn is_offering(&self) -> bool {
        self.completion.as_ref().is_some_and(Offered::has_any)
    }

    fn run_typed(&mut self) {
        (self.typing, self.recall) = (Typing::Changed, None);
        self.run();
    }

    /// Runs the program on another body.
    pub(super) fn restart(&mut self) {
        self.run();
    }

    fn run(&mut self) {
        self.number += 1;
        self.stage = JqStage::Due;
        if self.is_empty() {
            (self.stage, self.shown, self.fault) = (JqStage::Done, None, None);
            self.preparing = self.is_typing();
        }
    }

    /// The number of the next job, and its program; `None` as the program only loads the body.
    pub(super) fn take_due(&mut self) -> Option<(u64, Option<String>)> {
        let preparing = std::mem::take(&mut self.preparing);
        if self.stage == JqStage::Due {
            self.stage = JqStage::Running;
            return Some((self.number, Some(self.input.text().to_owned())));
        }
        preparing.then_some((self.number, None))
    }

    /// Whether the processes are to be ended now; returns true once.
    pub(super) fn take_over(&mut self) -> bool {
        std::mem::take(&mut self.over)
    }

    /// Takes in the result of the newest program; those of older ones are ignored.
    pub(super) fn on_event(&mut self, filtered: &Filtered) -> Option<FilterResult> {
        if filtered.number != self.number || self.stage != JqStage::Running {
            return None;
        }
        self.stage = JqStage::Done;
        match &filtered.outcome {
            Ok(result) => {
                let program = self.input.text().trim().to_owned();
                self.shown = Some(ShownResult { program, count: result.count, cut: result.cut });
                self.fault = None;
                Some(result.clone())
            }
            Err(fault) => {
                self.fault = Some(fault.clone());
                None
            }
        }
    }

    /// Forgets the result because its body is no longer shown.
    pub(super) fn forget_result(&mut self) {
        (self.shown, self.fault) = (None, None);
    }

    /// The rows that it takes at the pane's lower end.
    pub(super) fn rows(&self) -> u16 {
        if self.is_typing() { 2 } else { u16::from(self.fault.is_some()) }
    }

    /// The current program and the number of outputs, for the title.
    pub(super) fn title(&self, texts: Texts, room: usize) -> Vec<Span<'static>> {
        let program = match &self.shown {
            Some(shown) => &shown.program,
            // Accepted before its first result.
            None if self.stage != JqStage::Done && !self.is_empty() => self.input.text(),
            None => return Vec::new(),
        };
        let counted = format!(" {} ", self.count_text(texts));
        let program = visible(program).into_owned();
        let program = fit(&program, room.saturating_sub(width(&counted) + 4)).into_owned();
        vec![
            Span::raw("│"),
            Span::styled(" | ", Theme.key()),
            Span::styled(program, Theme.strong()),
            Span::raw(counted),
        ]
    }

    fn count_text(&self, texts: Texts) -> String {
        let Some(shown) = self.shown.as_ref().filter(|_| self.stage == JqStage::Done) else {
            return texts.jq_running().to_owned();
        };
        let counted = match shown.count {
            0 => texts.jq_no_output().to_owned(),
            1 => texts.jq_one_output().to_owned(),
            count => texts.jq_outputs(count),
        };
        if shown.cut { texts.jq_truncated(counted) } else { counted }
    }

    pub(super) fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let room = usize::from(area.width).saturating_sub(MARGIN + 1);
        let skipped = if self.is_typing() { self.skipped(room) } else { 0 };
        let mut lines = Vec::new();
        if self.is_typing() {
            lines.push(self.program_line(skipped, room));
        }
        lines.push(self.note(model, skipped, room));
        crate::ui::lines(buffer, area, lines);
    }

    /// How many bytes at the start of a long program are hidden so that the cursor is visible.
    fn skipped(&self, room: usize) -> usize {
        let before = self.input.before_cursor();
        let starts = before.char_indices().map(|(at, _)| at).chain([before.len()]);
        let fits = |at: &usize| before.get(*at..).is_some_and(|rest| width(rest) < room);
        starts.into_iter().find(fits).unwrap_or(before.len())
    }

    fn program_line(&self, skipped: usize, room: usize) -> Line<'static> {
        let (text, cursor) = (self.input.text(), self.input.before_cursor().len());
        let part = |from, to| text.get(from..to).unwrap_or_default().to_owned();
        let next = text.get(cursor..).and_then(|rest| rest.chars().next());
        let end = cursor + next.map_or(0, char::len_utf8);
        let under = next.map_or_else(|| " ".to_owned(), String::from);
        let before = part(skipped, cursor);
        let left = room.saturating_sub(width(&before) + width(&under));
        let after = fit(&part(end, text.len()), left).into_owned();
        Line::from(vec![
            Span::styled(" | ", Theme.key()),
            Span::styled(before, Theme.strong()),
            Span::styled(under, Theme.selected()),
            Span::styled(after, Theme.strong()),
        ])
    }

    /// The line below the program: completions, else the error, else the number of outputs.
    fn note(&self, model: &Model, skipped: usize, room: usize) -> Line<'static> {
        let texts = model.texts;
        match (&self.completion, &self.fault) {
            (Some(offered), _) => offered.line(texts, room),
            (None, Some(fault)) if self.stage == JqStage::Done => {
                self.fault_line(fault, texts, skipped, room)
            }
            _ if self.is_empty() => {
                dim(&texts.jq_how(model.text_key(Action::NextPane), model.text_key(Action::Up)), room)
            }
            _ => dim(&self.count_text(texts), room),
        }
    }

    /// The error, with a mark below the place that it is about.
    fn fault_line(&self, fault: &FilterFault, texts: Texts, skipped: usize, room: usize) -> Line<'static> {
        let message = visible(&fault.describe(texts)).into_owned();
        let place = fault.at().filter(|_| self.is_typing());
        let Some(at) = place.and_then(|at| self.input.text().get(skipped..at)) else {
            return Line::styled(fit(&format!(" {ALERT} {message}"), room).into_owned(), Theme.bad());
        };
        let at = MARGIN + width(at);
        let behind = at + width(&message) + 2 <= room + MARGIN;
        let line = if behind {
            format!("{}^ {message}", " ".repeat(at))
        } else {
            let message = fit(&message, at.saturating_sub(2)).into_owned();
            format!("{}{message} ^", " ".repeat(at.saturating_sub(width(&message) + 1)))
        };
        Line::styled(line, Theme.bad())
    }
}

pub(super) fn dim(text: &str, room: usize) -> Line<'static> {
    Line::styled(format!("{}{}", " ".repeat(MARGIN), fit(text, room)), Theme.dim())
}
