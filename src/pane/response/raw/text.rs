//! A text in a form, and broken into rows: what jobs make of it.

use bytes::Bytes;

use crate::message::IsCancelled;
use crate::pane::response::json_colours::InString;
use crate::pane::response::pretty::{lines, pretty};
use crate::ui::text_rows::TextRows;

/// The kind of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not JSON, so it is never pretty-printed, which would change its blanks.
    #[default]
    Other,
    Json,
    /// JSON texts, one per line.
    Lines,
}

/// The formatting of a text; the default is as received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::pane::response) struct TextForm {
    pub(in crate::pane::response) set_out: bool,
    /// Whether strings are shown without quotes and escapes; only for [`Kind::Lines`].
    pub(in crate::pane::response) unquoted: bool,
}

/// A text broken into rows, and what its colours need to be known of them.
#[derive(Debug, Default)]
pub(super) struct BrokenText {
    pub(super) rows: TextRows,
    /// For each row that `rows` remembers, whether it begins inside of a string.
    in_string: Vec<InString>,
}

impl BrokenText {
    /// Breaks about the first so many bytes; `None` once cancelled.
    pub(super) fn new(
        text: &[u8],
        cells: usize,
        bytes: usize,
        is_cancelled: IsCancelled<'_>,
    ) -> Option<Self> {
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
    pub(super) fn in_string_at(&self, text: &[u8], row: usize, at: usize) -> InString {
        let known = TextRows::remembered_before(row);
        let start = self.rows.remembered().get(known).copied().unwrap_or(at);
        let state = self.in_string.get(known).copied().unwrap_or_default();
        state.after(text.get(start..at).unwrap_or_default())
    }
}

/// A text in a form, and that form.
#[derive(Debug, Default)]
pub(super) struct FormattedText {
    pub(super) form: TextForm,
    pub(super) text: Bytes,
}

impl FormattedText {
    /// Formats a text; `None` once cancelled.
    pub(super) fn new(
        text: &Bytes,
        kind: Kind,
        form: TextForm,
        is_cancelled: IsCancelled<'_>,
    ) -> Option<Self> {
        let text = match kind {
            _ if form == TextForm::default() => text.clone(),
            Kind::Lines => lines(text, form, is_cancelled)?.into(),
            Kind::Json | Kind::Other => pretty(text, is_cancelled)?.into(),
        };
        Some(Self { form, text })
    }
}
