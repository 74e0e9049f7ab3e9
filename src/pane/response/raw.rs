//! The body's text as received; JSON also pretty-printed.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::json_colours::{InString, kinds};
use super::pretty::{lines, pretty};
use crate::message::{Action, IsCancelled, Job, JobDone, JobSlot};
use crate::ui::scroll::Scroll;
use crate::ui::text::visible;
use crate::ui::text_rows::TextRows;
use crate::ui::theme::Theme;
use onebound_document::Pattern;

/// So much of a text is broken into rows at once, for the first frames; the rest is a job.
const AT_ONCE: usize = 1_000_000;
/// A longer text, in bytes, is neither pretty-printed nor searched here, since a key would wait too long. The tree
/// can search it.
pub(super) const MAX_AT_ONCE: usize = 4_000_000;

/// The kind of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// Not JSON, so it is never pretty-printed, which would change its blanks.
    #[default]
    Other,
    Json,
    /// JSON texts, one per line.
    Lines,
}

/// The formatting of a text; the default is as received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextForm {
    pub(super) set_out: bool,
    /// Whether strings are shown without quotes and escapes; only for [`Kind::Lines`].
    pub(super) unquoted: bool,
}

/// A text broken into rows, and what its colours need to be known of them.
#[derive(Debug, Default)]
struct BrokenText {
    rows: TextRows,
    /// For each row that `rows` remembers, whether it begins inside of a string.
    in_string: Vec<InString>,
}

impl BrokenText {
    /// Breaks about the first so many bytes; `None` once cancelled.
    fn new(text: &[u8], cells: usize, bytes: usize, is_cancelled: IsCancelled<'_>) -> Option<Self> {
        let rows = TextRows::new(text, cells, bytes, is_cancelled)?;
        let (mut before, mut state) = (0, InString::default());
        let mut in_string = Vec::with_capacity(rows.remembered().len());
        for start in rows.remembered() {
            if is_cancelled() {
                return None;
            }
            state = state.after(text.get(before..*start).unwrap_or_default());
            before = *start;
            in_string.push(state);
        }
        Some(Self { rows, in_string })
    }

    /// Whether this place in a row begins inside of a string, found from the nearest row that is remembered.
    fn in_string_at(&self, text: &[u8], row: usize, at: usize) -> InString {
        let known = TextRows::remembered_before(row);
        let start = self.rows.remembered().get(known).copied().unwrap_or(at);
        let state = self.in_string.get(known).copied().unwrap_or_default();
        state.after(text.get(start..at).unwrap_or_default())
    }
}

/// The text of an answer or result, and its view.
#[derive(Debug, Default)]
pub(super) struct Raw {
    text: Bytes,
    kind: Kind,
    look: TextForm,
    /// The formatted text; `None` if it is shown as received.
    made: Option<Bytes>,
    broken: Arc<BrokenText>,
    /// For all rows, while only the first ones are there.
    job: JobSlot<BrokenText>,
    scroll: Scroll,
    /// Whether to stay at the last row while further rows are found.
    to_end: bool,
    area: Rect,
    /// `None` without a search, and where the text is too large for one.
    hits: Option<Vec<Range<usize>>>,
}

impl Raw {
    /// Shows a body, with secrets masked.
    pub(super) fn new(text: Bytes, is_json: bool) -> Self {
        let kind = if is_json { Kind::Json } else { Kind::Other };
        Self { text, kind, ..Self::default() }
    }

    /// Shows JSON texts, one per line, each of which can be pretty-printed.
    pub(super) fn of_lines(text: Bytes) -> Self {
        Self { text, kind: Kind::Lines, ..Self::default() }
    }

    /// The length in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The whole text as received, sharing its memory.
    pub(super) fn bytes(&self) -> Bytes {
        self.text.clone()
    }

    /// The whole text as received.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the text can be pretty-printed here.
    pub(super) fn can_be_pretty(&self) -> bool {
        self.is_json() && self.text.len() <= MAX_AT_ONCE
    }

    /// Whether it is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.kind != Kind::Other
    }

    /// Toggles pretty-printing; returns false if it isn't possible.
    pub(super) fn turn_pretty(&mut self) -> bool {
        if !self.can_be_pretty() {
            return false;
        }
        self.look.set_out ^= true;
        self.make();
        true
    }

    /// Toggles the quotes of strings in JSON lines; returns false if it isn't possible.
    pub(super) fn turn_unquoted(&mut self) -> bool {
        let can = self.kind == Kind::Lines && self.can_be_pretty();
        if can {
            self.look.unquoted ^= true;
            self.make();
        }
        can
    }

    /// Takes over the formatting of the previous result.
    pub(super) fn show_like(&mut self, before: &Self) {
        if self.can_be_pretty() {
            self.look = before.look;
            self.make();
        }
    }

    pub(super) fn look(&self) -> TextForm {
        self.look
    }

    fn make(&mut self) {
        let made = match self.kind {
            Kind::Lines if self.look != TextForm::default() => Some(lines(&self.text, self.look)),
            Kind::Json if self.look.set_out => Some(pretty(&self.text)),
            _ => None,
        };
        self.made = made.map(Bytes::from);
        // A job under way finds the rows of the text as it was shown before.
        self.job.cancel();
        self.broken = Arc::default();
        self.scroll = Scroll::default();
    }

    pub(super) fn act(&mut self, action: Action) {
        self.to_end = action == Action::Bottom;
        self.scroll.act_on_text(action, self.broken.rows.count(), usize::from(self.area.height));
    }

    /// Whether the text has more rows than are known yet.
    pub(super) fn has_more_rows(&self) -> bool {
        !self.broken.rows.is_whole(self.shown())
    }

    pub(super) fn on_job(&mut self, done: &JobDone) {
        if let Some(broken) = self.job.accept(done) {
            self.broken = broken;
        }
    }

    pub(super) fn take_job(&mut self) -> Option<Job> {
        self.job.take_unsent()
    }

    pub(super) fn layout(&mut self, area: Rect) {
        self.area = area;
        if area.width == 0 {
            return;
        }
        let cells = usize::from(area.width.saturating_sub(2));
        if !self.broken.rows.is_of_width(cells) {
            self.break_into_rows(cells);
        }
        let height = usize::from(area.height);
        let last = self.broken.rows.count().saturating_sub(height);
        self.scroll.top = if self.to_end { last } else { self.scroll.top.min(last) };
    }

    /// The first rows are there at once, the others once the job is done.
    fn break_into_rows(&mut self, cells: usize) {
        let text = shown(&self.text, self.made.as_ref()).clone();
        self.broken = BrokenText::new(&text, cells, AT_ONCE, &|| false).map(Arc::new).unwrap_or_default();
        self.job.cancel();
        if self.has_more_rows() {
            let all =
                move |is_cancelled: IsCancelled<'_>| BrokenText::new(&text, cells, usize::MAX, is_cancelled);
            let _ = self.job.start(false, all); // it comes by the job
        }
    }

    /// Finds the matches of a pattern, which are highlighted from now on.
    pub(super) fn find(&mut self, pattern: Option<&Pattern>) {
        let text = shown(&self.text, self.made.as_ref());
        self.hits =
            pattern.filter(|_| text.len() <= MAX_AT_ONCE).map(|pattern| pattern.matches(text).collect());
    }

    /// Moves to the next or previous row with a hit, and wraps around.
    pub(super) fn step(&mut self, forward: bool) {
        let text = shown(&self.text, self.made.as_ref());
        let row = |hit: &Range<usize>| self.broken.rows.row_at(text, hit.start);
        let top = self.scroll.top;
        let all = self.hits.as_deref().unwrap_or_default();
        let mut hits = all.iter();
        let next = if forward { hits.find(|hit| row(hit) > top) } else { hits.rfind(|hit| row(hit) < top) };
        let around = if forward { all.first() } else { all.last() };
        if let Some(hit) = next.or(around) {
            (self.scroll.top, self.to_end) = (row(hit), false);
        }
    }

    /// The number of matches; `None` if the text was not searched.
    pub(super) fn hits(&self) -> Option<usize> {
        self.hits.as_ref().map(Vec::len)
    }

    /// The first visible row, and the number of rows found so far.
    pub(super) fn position(&self) -> (usize, usize) {
        ((self.scroll.top + 1).min(self.broken.rows.count()), self.broken.rows.count())
    }

    pub(super) fn view(&self, area: Rect, buffer: &mut Buffer) {
        let text = self.shown();
        let sight = self.scroll.top..self.scroll.top + usize::from(area.height);
        let rows = self.broken.rows.rows(text, sight);
        let first = rows.first().map_or(0, |row| row.start);
        let (mut at, mut state) = (first, self.broken.in_string_at(text, self.scroll.top, first));
        let lines = rows.into_iter().map(|row| {
            state = state.after(text.get(at..row.start).unwrap_or_default());
            at = row.start;
            let kinds = if self.has_colours() {
                kinds(text, row.clone(), state)
            } else {
                vec![(row.clone(), Theme.text())]
            };
            self.line(text, row, kinds)
        });
        crate::ui::lines(buffer, area, lines);
    }

    /// Whether the text as shown is JSON: strings without quotes are not.
    fn has_colours(&self) -> bool {
        self.is_json() && !self.look.unquoted
    }

    /// A row with the styles of its parts and, over them, hits.
    fn line(&self, text: &[u8], row: Range<usize>, kinds: Vec<(Range<usize>, Style)>) -> Line<'static> {
        let part = |range: Range<usize>, style: Style| {
            let text = text.get(range).unwrap_or_default();
            Span::styled(visible(&String::from_utf8_lossy(text)).into_owned(), style)
        };
        let hits = self.hits.as_deref().unwrap_or_default();
        let first = hits.partition_point(|hit| hit.end <= row.start);
        let hits: Vec<&Range<usize>> =
            hits.iter().skip(first).take_while(|hit| hit.start < row.end).collect();
        let mut spans = vec![Span::raw(" ")];
        for (range, style) in kinds {
            let mut at = range.start;
            for hit in hits.iter().filter(|hit| hit.start < range.end && hit.end > range.start) {
                let (start, end) = (hit.start.max(range.start), hit.end.min(range.end));
                spans.push(part(at..start, style));
                spans.push(part(start..end, style.patch(Theme.hit())));
                at = end;
            }
            spans.push(part(at..range.end, style));
        }
        Line::from(spans)
    }

    fn shown(&self) -> &[u8] {
        shown(&self.text, self.made.as_ref())
    }
}

fn shown<'a>(text: &'a Bytes, made: Option<&'a Bytes>) -> &'a Bytes {
    made.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_text_never_come_into_its_pretty_printed_form() {
        let text = format!("[{}1]", "1,".repeat(AT_ONCE));
        let mut raw = Raw::new(text.into(), true);
        let area = Rect::new(0, 0, 80, 20);
        raw.layout(area);
        let job = raw.take_job().unwrap();
        let done = job.run().unwrap();
        assert!(raw.turn_pretty());
        assert!(job.run().is_none(), "nobody waits for it");
        raw.on_job(&done);
        raw.layout(area);
        let first = raw.broken.rows.rows(raw.shown(), 0..2);
        assert_eq!(
            first.into_iter().map(|row| raw.shown()[row].to_vec()).collect::<Vec<_>>(),
            [b"[".to_vec(), b"  1,".to_vec()]
        );
    }
}
