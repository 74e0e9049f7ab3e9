//! The body's text as received; JSON also pretty-printed.

#[cfg(test)]
mod tests;
mod text;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::json_colours::kinds;
use crate::message::{Action, Effect, IsCancelled, JobDone, JobSlot};
use crate::ui::scroll::Scroll;
use crate::ui::text::visible;
use crate::ui::theme::Theme;
use onebound_document::Pattern;
pub(super) use text::TextForm;
use text::{BrokenText, FormattedText, Kind};

/// So much of a text is parsed, formatted, searched and broken into rows at once, in a few milliseconds; the rest is done by
/// jobs.
pub(super) const AT_ONCE: usize = 250_000;
/// A longer text, in bytes, is neither pretty-printed nor searched here, since that would take too much memory. The tree
/// can search it.
pub(super) const LARGEST: usize = 4_000_000;

/// The text of an answer or result, and its view.
#[derive(Debug, Default)]
pub(super) struct Raw {
    text: Bytes,
    kind: Kind,
    /// The form that was chosen last; another one is shown until the text has it.
    form: TextForm,
    /// Whether the text has yet to get that form.
    unformatted: bool,
    shown: Arc<FormattedText>,
    format_job: JobSlot<FormattedText>,
    broken: Arc<BrokenText>,
    /// For all rows, while only the first ones are there.
    rows_job: JobSlot<BrokenText>,
    scroll: Scroll,
    /// Whether to stay at the last row while further rows are found.
    to_end: bool,
    area: Rect,
    /// The pattern that was looked for last.
    pattern: Option<Pattern>,
    hits: Option<Arc<Vec<Range<usize>>>>,
    search_job: JobSlot<Vec<Range<usize>>>,
    /// The match that was gone to last, until the text is moved.
    current: Option<usize>,
}

/// How far a search in the text has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextSearch {
    /// There is no search, or the text is too large for one.
    None,
    Searching,
    Failed,
    /// The number of matches, and which of them was gone to last.
    Hits {
        count: usize,
        at: Option<usize>,
    },
}

impl Raw {
    /// Shows a body, with secrets masked.
    pub(super) fn new(text: Bytes, is_json: bool) -> Self {
        Self::of_kind(text, if is_json { Kind::Json } else { Kind::Other })
    }

    /// Colours the text as JSON, and lets it be pretty-printed, now that it is known to be JSON.
    pub(super) fn turn_json(&mut self) {
        self.kind = Kind::Json;
    }

    /// Shows JSON texts, one per line, each of which can be pretty-printed.
    pub(super) fn of_lines(text: Bytes) -> Self {
        Self::of_kind(text, Kind::Lines)
    }

    fn of_kind(text: Bytes, kind: Kind) -> Self {
        let shown = Arc::new(FormattedText { text: text.clone(), ..FormattedText::default() });
        Self { text, kind, shown, ..Self::default() }
    }

    /// The whole text as received, sharing its memory.
    pub(super) fn bytes(&self) -> Bytes {
        self.text.clone()
    }

    /// The whole text as received.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the text is too large to be formatted and searched here.
    pub(super) fn is_too_large(&self) -> bool {
        self.text.len() > LARGEST
    }

    /// Whether the text can be pretty-printed here.
    pub(super) fn can_be_pretty(&self) -> bool {
        self.is_json() && !self.is_too_large()
    }

    /// Whether it is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.kind != Kind::Other
    }

    /// Toggles pretty-printing; returns false if it isn't possible.
    pub(super) fn turn_pretty(&mut self) -> bool {
        let can = self.can_be_pretty();
        if can {
            self.set_form(TextForm { set_out: !self.form.set_out, ..self.form });
        }
        can
    }

    /// Toggles the quotes of strings in JSON lines; returns false if it isn't possible.
    pub(super) fn turn_unquoted(&mut self) -> bool {
        let can = self.kind == Kind::Lines && self.can_be_pretty();
        if can {
            self.set_form(TextForm { unquoted: !self.form.unquoted, ..self.form });
        }
        can
    }

    /// Takes over the formatting of the previous result.
    pub(super) fn show_like(&mut self, before: &Self) {
        if self.can_be_pretty() {
            self.set_form(before.form);
        }
    }

    fn set_form(&mut self, form: TextForm) {
        (self.form, self.unformatted) = (form, true);
    }

    /// The form that is shown.
    pub(super) fn form(&self) -> TextForm {
        self.shown.form
    }

    /// Whether the text will be shown in another form soon.
    pub(super) fn is_formatting(&self) -> bool {
        self.format_job.is_waiting()
    }

    pub(super) fn act(&mut self, action: Action) {
        (self.to_end, self.current) = (action == Action::Bottom, None);
        self.scroll.act_on_text(action, self.broken.rows.count(), usize::from(self.area.height));
    }

    /// Whether the text has more rows than are known yet.
    pub(super) fn has_more_rows(&self) -> bool {
        !self.broken.rows.is_whole(self.shown())
    }

    pub(super) fn on_job(&mut self, done: &JobDone) {
        if let Some(formatted) = self.format_job.accept(done) {
            self.show(formatted);
        }
        if self.format_job.has_failed() {
            self.form = self.shown.form;
        }
        if let Some(rows) = self.rows_job.accept(done) {
            self.broken = rows;
        }
        if let Some(hits) = self.search_job.accept(done) {
            self.hits = Some(hits);
        }
    }

    /// Formats, breaks into rows and searches as far as that is due; returns the effects that bring what takes longer.
    #[must_use]
    pub(super) fn layout(&mut self, area: Rect, pattern: Option<&Pattern>) -> Vec<Effect> {
        self.area = area;
        if area.width == 0 {
            return Vec::new();
        }
        let mut due = Vec::from_iter(self.format());
        let cells = usize::from(area.width.saturating_sub(2));
        if !self.broken.rows.is_of_width(cells) {
            due.extend(self.break_into_rows(cells));
        }
        due.extend(self.find(pattern));
        let height = usize::from(area.height);
        let last = self.broken.rows.count().saturating_sub(height);
        self.scroll.top = if self.to_end { last } else { self.scroll.top.min(last) };
        due
    }

    #[must_use]
    fn format(&mut self) -> Option<Effect> {
        if !std::mem::take(&mut self.unformatted) {
            return None;
        }
        let (text, kind, form) = (self.text.clone(), self.kind, self.form);
        let at_once = form == TextForm::default() || text.len() <= AT_ONCE;
        let format = move |is_cancelled: IsCancelled<'_>| FormattedText::new(&text, kind, form, is_cancelled);
        let (formatted, due) = self.format_job.start(at_once, format);
        if let Some(formatted) = formatted {
            self.show(formatted);
        }
        due
    }

    fn show(&mut self, formatted: Arc<FormattedText>) {
        self.shown = formatted;
        // Jobs under way are about the text as it was shown before.
        self.rows_job.cancel();
        self.broken = Arc::default();
        self.search_job.cancel();
        (self.pattern, self.hits, self.current) = (None, None, None);
        self.scroll = Scroll::default();
    }

    /// The first rows are there at once, the others once the job is done.
    #[must_use]
    fn break_into_rows(&mut self, cells: usize) -> Option<Effect> {
        let text = self.shown.text.clone();
        self.broken = BrokenText::new(&text, cells, AT_ONCE, &|| false).map(Arc::new).unwrap_or_default();
        self.rows_job.cancel();
        if !self.has_more_rows() {
            return None;
        }
        let all =
            move |is_cancelled: IsCancelled<'_>| BrokenText::new(&text, cells, usize::MAX, is_cancelled);
        self.rows_job.start(false, all).1
    }

    /// Finds the matches of a pattern, which are highlighted from now on.
    #[must_use]
    fn find(&mut self, pattern: Option<&Pattern>) -> Option<Effect> {
        if self.pattern.as_ref() == pattern {
            return None;
        }
        self.pattern = pattern.cloned();
        (self.hits, self.current) = (None, None);
        self.search_job.cancel();
        let pattern = pattern.filter(|_| !self.is_too_large())?.clone();
        let text = self.shown.text.clone();
        let at_once = text.len() <= AT_ONCE;
        let search = move |is_cancelled: IsCancelled<'_>| {
            let hits = pattern.matches(&text).take_while(|_| !is_cancelled()).collect();
            (!is_cancelled()).then_some(hits)
        };
        let (hits, due) = self.search_job.start(at_once, search);
        self.hits = hits;
        due
    }

    /// Moves to the next or previous match, and wraps around; returns true if it did. The first one is looked for from the
    /// first visible row.
    pub(super) fn step(&mut self, forward: bool) -> bool {
        let text = self.shown.text.as_ref();
        let all = self.hits.as_ref().map(|hits| hits.as_slice()).unwrap_or_default();
        let before_sight = || {
            let row = self.broken.rows.rows(text, self.scroll.top..self.scroll.top + 1);
            let start = row.first().map_or(text.len(), |row| row.start);
            all.partition_point(|hit| hit.start < start)
        };
        let next = match (self.current, forward) {
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
            (None, true) => Some(before_sight()),
            (None, false) => before_sight().checked_sub(1),
        };
        let next = next.filter(|next| *next < all.len());
        let around = if forward { 0 } else { all.len().saturating_sub(1) };
        let Some(hit) = all.get(next.unwrap_or(around)) else { return false };
        (self.scroll.top, self.to_end) = (self.broken.rows.row_at(text, hit.start), false);
        self.current = Some(next.unwrap_or(around));
        next.is_none()
    }

    /// How far the search has come.
    pub(super) fn search(&self) -> TextSearch {
        match &self.hits {
            Some(hits) => TextSearch::Hits { count: hits.len(), at: self.current },
            None if self.search_job.is_waiting() => TextSearch::Searching,
            None if self.search_job.has_failed() => TextSearch::Failed,
            None => TextSearch::None,
        }
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
        self.is_json() && !self.form.unquoted
    }

    /// A row with the styles of its parts and, over them, hits.
    fn line(&self, text: &[u8], row: Range<usize>, kinds: Vec<(Range<usize>, Style)>) -> Line<'static> {
        let part = |range: Range<usize>, style: Style| {
            let text = text.get(range).unwrap_or_default();
            Span::styled(visible(&String::from_utf8_lossy(text)).into_owned(), style)
        };
        let hits = self.hits.as_ref().map(|hits| hits.as_slice()).unwrap_or_default();
        let current = self.current.and_then(|current| hits.get(current));
        let first = hits.partition_point(|hit| hit.end <= row.start);
        let hits: Vec<&Range<usize>> =
            hits.iter().skip(first).take_while(|hit| hit.start < row.end).collect();
        let mut spans = vec![Span::raw(" ")];
        for (range, style) in kinds {
            let mut at = range.start;
            for hit in hits.iter().filter(|hit| hit.start < range.end && hit.end > range.start) {
                let (start, end) = (hit.start.max(range.start), hit.end.min(range.end));
                let found = if Some(*hit) == current { Theme.selected() } else { Theme.hit() };
                spans.push(part(at..start, style));
                spans.push(part(start..end, style.patch(found)));
                at = end;
            }
            spans.push(part(at..range.end, style));
        }
        Line::from(spans)
    }

    fn shown(&self) -> &[u8] {
        &self.shown.text
    }
}
