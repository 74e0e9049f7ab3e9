//! The jq program over what is shown: what is typed, what runs, what it says of itself. The result itself is the pane's.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::document::filter::FilterFault;
use crate::document::{Completion, Document, complete};
use crate::i18n::Texts;
use crate::message::{FilterResult, Filtered};
use crate::pane::draft::Draft;
use crate::ui::text::{fit, visible, width};
use crate::ui::theme::{ALERT, Theme};

/// Before the program: ` | `.
const MARGIN: usize = 3;
/// Programs that are remembered, until the session ends.
const MAX_HISTORY: usize = 100;

/// Where the filter stands.
#[derive(Debug, Default)]
pub(super) struct Filter {
    draft: Draft,
    typing: bool,
    /// Of the newest program.
    number: u64,
    stage: Stage,
    /// Whether what ran programs is to be let go of.
    over: bool,
    shown: Option<Shown>,
    fault: Option<FilterFault>,
    /// Those that were kept, the oldest first.
    history: Vec<String>,
    /// Which of them is in the draft.
    place: Option<usize>,
    completion: Option<Offered>,
}

/// How far the newest program is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Done,
    /// Still to be started.
    Due,
    Running,
}

/// The result in sight.
#[derive(Debug)]
struct Shown {
    program: String,
    count: usize,
    cut: bool,
}

/// Keys that fit, and the one that was taken; what stands before and behind it.
#[derive(Debug)]
struct Offered {
    completion: Completion,
    chosen: usize,
    before: String,
    after: String,
}

impl Filter {
    pub(super) fn start(&mut self) {
        self.typing = true;
    }

    pub(super) fn is_typing(&self) -> bool {
        self.typing
    }

    /// Whether there is no program.
    pub(super) fn is_empty(&self) -> bool {
        self.draft.text().trim().is_empty()
    }

    /// The program whose result is in sight.
    pub(super) fn program(&self) -> Option<&str> {
        self.shown.as_ref().map(|shown| shown.program.as_str())
    }

    /// Whether the result is a list of several outputs.
    pub(super) fn is_list(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.count != 1)
    }

    /// Keeps the program; one that is wrong stays in its line.
    pub(super) fn submit(&mut self) {
        if self.fault.is_some() && self.stage == Stage::Done {
            return;
        }
        self.leave();
    }

    /// The typing is over. Of a program that is wrong the last result stays, and why.
    pub(super) fn leave(&mut self) {
        (self.typing, self.completion, self.place) = (false, None, None);
        if self.fault.is_some() {
            return;
        }
        let program = self.draft.text().trim().to_owned();
        self.history.retain(|kept| *kept != program);
        if !program.is_empty() {
            self.history.push(program);
        }
        self.history.drain(..self.history.len().saturating_sub(MAX_HISTORY));
    }

    /// Says whether there was anything to leave.
    pub(super) fn escape(&mut self) -> bool {
        let had = self.typing || !self.is_empty();
        if had {
            let (number, history) = (self.number + 1, std::mem::take(&mut self.history));
            *self = Self { number, history, over: true, ..Self::default() };
        }
        had
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let before = self.draft.text().to_owned();
        self.draft.type_key(key);
        self.completion = None;
        if self.draft.text() != before {
            self.place = None;
            self.run();
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.draft.paste(text);
        (self.completion, self.place) = (None, None);
        self.run();
    }

    /// To the program before in the history, or the one after.
    pub(super) fn step_history(&mut self, back: bool) {
        let last = self.history.len();
        let at = self.place.unwrap_or(last);
        let next = if back { at.checked_sub(1) } else { Some(at + 1) };
        let Some(next) = next.filter(|next| *next <= last && last > 0) else { return };
        self.place = Some(next);
        let program = self.history.get(next).cloned().unwrap_or_default();
        self.put(&program);
    }

    /// The key before the cursor, completed; pressed again, the next one that fits.
    pub(super) fn complete(&mut self, document: &Document) {
        let offered = if let Some(mut offered) = self.completion.take() {
            offered.chosen = (offered.chosen + 1) % offered.completion.keys.len().max(1);
            offered
        } else {
            let before = self.draft.before();
            let completion = complete(document, before);
            let after = self.draft.text().get(before.len()..).unwrap_or_default().to_owned();
            let before = before.get(..completion.start).unwrap_or_default().to_owned();
            Offered { completion, chosen: 0, before, after }
        };
        if let Some(key) = offered.completion.keys.get(offered.chosen) {
            let text = format!("{}{key}", offered.before);
            self.draft.set(&text);
            self.draft.put_behind(&offered.after);
            self.run();
        }
        self.completion = Some(offered);
    }

    fn put(&mut self, program: &str) {
        self.draft.set(program);
        self.completion = None;
        self.run();
    }

    /// Another body is shown: the same is done with it.
    pub(super) fn begin_anew(&mut self) {
        self.run();
    }

    fn run(&mut self) {
        self.number += 1;
        self.stage = Stage::Due;
        if self.is_empty() {
            (self.stage, self.shown, self.fault) = (Stage::Done, None, None);
        }
    }

    /// The program that is to be started now, and its number.
    pub(super) fn take_due(&mut self) -> Option<(u64, String)> {
        if self.stage != Stage::Due {
            return None;
        }
        self.stage = Stage::Running;
        Some((self.number, self.draft.text().to_owned()))
    }

    /// Whether what ran programs is to be let go of now.
    pub(super) fn take_over(&mut self) -> bool {
        std::mem::take(&mut self.over)
    }

    /// What came of the newest program; of an older one nobody wants to know.
    pub(super) fn hear(&mut self, filtered: &Filtered) -> Option<FilterResult> {
        if filtered.number != self.number || self.stage != Stage::Running {
            return None;
        }
        self.stage = Stage::Done;
        match &filtered.outcome {
            Ok(result) => {
                let program = self.draft.text().trim().to_owned();
                self.shown = Some(Shown { program, count: result.count, cut: result.cut });
                self.fault = None;
                Some(result.clone())
            }
            Err(fault) => {
                self.fault = Some(fault.clone());
                None
            }
        }
    }

    /// Forgets the result: it is of a body that is no longer shown.
    pub(super) fn forget_result(&mut self) {
        (self.shown, self.fault) = (None, None);
    }

    /// Rows at the pane's lower end.
    pub(super) fn rows(&self) -> u16 {
        if self.typing { 2 } else { u16::from(self.fault.is_some()) }
    }

    /// The program in force and how much came out, for the title.
    pub(super) fn title(&self, texts: Texts, room: usize) -> Vec<Span<'static>> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let told = format!(" {} ", self.told(texts));
        let program = visible(&shown.program).into_owned();
        let program = fit(&program, room.saturating_sub(width(&told) + 4)).into_owned();
        vec![
            Span::raw("│"),
            Span::styled(" | ", Theme.key()),
            Span::styled(program, Theme.strong()),
            Span::raw(told),
        ]
    }

    fn told(&self, texts: Texts) -> String {
        let Some(shown) = self.shown.as_ref().filter(|_| self.stage == Stage::Done) else {
            return texts.jq_running().to_owned();
        };
        let told = match shown.count {
            0 => texts.jq_no_output().to_owned(),
            1 => texts.jq_one_output().to_owned(),
            count => texts.jq_outputs(count),
        };
        if shown.cut { texts.jq_cut(told) } else { told }
    }

    pub(super) fn view(&self, texts: Texts, area: Rect, buffer: &mut Buffer) {
        let room = usize::from(area.width).saturating_sub(MARGIN + 1);
        let skipped = if self.typing { self.skipped(room) } else { 0 };
        let mut lines = Vec::new();
        if self.typing {
            lines.push(self.program_line(skipped, room));
        }
        lines.push(self.note(texts, skipped, room));
        crate::ui::lines(buffer, area, lines);
    }

    /// How much of a long program is left out at its start, in bytes, so that the cursor is in sight.
    fn skipped(&self, room: usize) -> usize {
        let before = self.draft.before();
        let starts = before.char_indices().map(|(at, _)| at).chain([before.len()]);
        let fits = |at: &usize| before.get(*at..).is_some_and(|rest| width(rest) < room);
        starts.into_iter().find(fits).unwrap_or(before.len())
    }

    fn program_line(&self, skipped: usize, room: usize) -> Line<'static> {
        let (text, cursor) = (self.draft.text(), self.draft.before().len());
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

    /// Below the program: keys that fit, else what is wrong with it, else what comes out.
    fn note(&self, texts: Texts, skipped: usize, room: usize) -> Line<'static> {
        match (&self.completion, &self.fault) {
            (Some(offered), _) => offered.line(texts, room),
            (None, Some(fault)) if self.stage == Stage::Done => self.fault_line(fault, texts, skipped, room),
            _ if self.is_empty() => dim(texts.jq_how(), room),
            _ => dim(&self.told(texts), room),
        }
    }

    /// With a mark below the place that is meant.
    fn fault_line(&self, fault: &FilterFault, texts: Texts, skipped: usize, room: usize) -> Line<'static> {
        let told = told(fault, texts);
        let place = fault.at().filter(|_| self.typing);
        let Some(at) = place.and_then(|at| self.draft.text().get(skipped..at)) else {
            return Line::styled(fit(&format!(" {ALERT} {told}"), room).into_owned(), Theme.bad());
        };
        let at = MARGIN + width(at);
        let behind = at + width(&told) + 2 <= room + MARGIN;
        let line = if behind {
            format!("{}^ {told}", " ".repeat(at))
        } else {
            let told = fit(&told, at.saturating_sub(2)).into_owned();
            format!("{}{told} ^", " ".repeat(at.saturating_sub(width(&told) + 1)))
        };
        Line::styled(line, Theme.bad())
    }
}

impl Offered {
    fn line(&self, texts: Texts, room: usize) -> Line<'static> {
        if self.completion.keys.is_empty() {
            return dim(texts.jq_no_key(), room);
        }
        let mut spans = vec![Span::raw("  ")];
        let mut left = room;
        // The chosen one is in sight, with those after it.
        let first = self.chosen.saturating_sub(3);
        for (at, key) in self.completion.keys.iter().enumerate().skip(first) {
            let key = format!(" {} ", visible(key));
            let Some(rest) = left.checked_sub(width(&key)) else { break };
            left = rest;
            spans.push(Span::styled(key, if at == self.chosen { Theme.badge() } else { Theme.text() }));
        }
        Line::from(spans)
    }
}

fn dim(text: &str, room: usize) -> Line<'static> {
    Line::styled(format!("{}{}", " ".repeat(MARGIN), fit(text, room)), Theme.dim())
}

fn told(fault: &FilterFault, texts: Texts) -> String {
    match fault {
        FilterFault::Syntax { expected, .. } => texts.jq_expected(visible(expected)),
        FilterFault::Unknown { name, .. } => texts.jq_unknown(visible(name)),
        FilterFault::Failed(told) => visible(told).into_owned(),
        FilterFault::TooLarge => texts.jq_too_large().to_owned(),
        FilterFault::NotStarted(why) => texts.jq_not_started(visible(why)),
    }
}
