//! The cells and words of a row: of a call under way, of one that has ended, and of another session's.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{RequestRow, RowContext};
use crate::model::calls::CallUnderWay;
use crate::model::request_log::LogRow;
use crate::model::session_info::SessionInfo;
use crate::pane::people::other_person;
use crate::pane::request_log::mark_text;
use crate::pane::verdict::outcome_style;
use crate::ui::measure;
use crate::ui::table::Cell;
use crate::ui::text::clean;
use crate::ui::theme::{Theme, UNDER_WAY};
use obx_core::i18n::Texts;
use obx_core::store::{Lease, LogEntry};
use onebound::{Outcome, Scope, SentCall};

/// Added to the elapsed time, in milliseconds. Frames are drawn every half second from when a call was requested, and
/// it is sent slightly later. Without this the call would appear a second younger.
const LITTLE_LATER: i64 = 250;

impl RowContext<'static> {
    /// That of rows that are printed, outside of the explorer.
    pub(in crate::pane::request_log) fn printed(
        session: SessionInfo,
        scope: Scope,
        now: Timestamp,
        texts: Texts,
    ) -> Self {
        Self { texts, session: Cow::Owned(session), now, scope }
    }
}

/// All texts, a line each.
pub(super) fn joined(cells: &[Cell]) -> String {
    let mut text = String::new();
    for cell in cells {
        text.push_str(&cell.text);
        text.push('\n');
    }
    text
}

/// The cells from the outcome on. The elapsed time is shown only for the awaited call, for which frames are drawn
/// anyway.
pub(super) fn under_way_cells(
    call: &CallUnderWay,
    out: SentCall,
    words: &str,
    context: &RowContext<'_>,
) -> Vec<Cell> {
    let theme = Theme;
    let style = if call.awaited { theme.warn() } else { theme.dim() };
    let elapsed = context.now.as_millisecond() - out.at.as_millisecond() + LITTLE_LATER;
    let elapsed = format!("{}{UNDER_WAY}", elapsed.max(0) / 1_000);
    vec![
        Cell::new(marked(out.host, format!("{UNDER_WAY} {words}")), style),
        Cell::default(),
        Cell::new(UNDER_WAY, style),
        Cell::default(),
        Cell::new(if call.awaited { elapsed } else { String::new() }, theme.dim()),
        Cell::default(),
    ]
}

/// Whether obx ended before the call did, so that duration and outcome are unknown.
pub(in crate::pane::request_log) fn has_unknown_end(row: &LogRow) -> bool {
    row.line.summary.outcome == Outcome::Interrupted
}

/// The cells from the outcome on.
pub(super) fn ended_cells(row: &LogRow, words: &str, quota: String, context: &RowContext<'_>) -> Vec<Cell> {
    let (line, theme) = (&row.line, Theme);
    let outcome_style = outcome_style(&line.summary.outcome);
    let (mark, mark_style) = mark_text(row.mark(), context.texts);
    let unknown = has_unknown_end(row);
    // A saved body has no duration.
    let no_duration = unknown || (context.session.file.is_some() && line.total.is_zero());
    vec![
        Cell::new(with_host(line, words.to_owned(), context), outcome_style),
        Cell::new(quota, theme.text()),
        Cell::new(mark, mark_style),
        Cell::new(clean(line.execution_time.as_deref().unwrap_or_default()), theme.text()),
        Cell::new(if no_duration { String::new() } else { measure::seconds(line.total) }, theme.text()),
        Cell::new(if unknown { String::new() } else { measure::bytes(line.size) }, theme.text()),
    ]
}

/// The cells from the outcome on, for a call that another session has under way.
pub(super) fn leased_cells(row: &LogRow, words: &str, context: &RowContext<'_>) -> Vec<Cell> {
    let style = Theme.dim();
    let outcome = with_host(&row.line, format!("{UNDER_WAY} {words}"), context);
    let mut cells = vec![Cell::new(outcome, style), Cell::default(), Cell::new(UNDER_WAY, style)];
    cells.resize_with(6, Cell::default);
    cells
}

/// Who has a call under way.
enum Whose<'a> {
    /// Somebody else who shares the store.
    Person(Cow<'a, str>),
    Process(u32),
    /// A process of another machine.
    Remote(u32, Cow<'a, str>),
    /// An older obx did not store it.
    Unknown,
}

impl<'a> Whose<'a> {
    fn from_lease(line: &'a LogEntry, lease: &'a Lease, context: &RowContext<'_>) -> Self {
        let own = context.session.asked_by.as_deref();
        if let Some(name) = other_person(line.asked_by.as_deref(), own) {
            return Self::Person(name);
        }
        match &lease.owner {
            None => Self::Unknown,
            Some(owner) if owner.is_on_this_machine() || owner.machine.is_empty() => Self::Process(owner.pid),
            Some(owner) => Self::Remote(owner.pid, clean(&owner.machine)),
        }
    }
}

/// Who it is, as a row of the log says it.
pub(super) fn leased_words(line: &LogEntry, lease: &Lease, context: &RowContext<'_>) -> String {
    let texts = context.texts;
    match Whose::from_lease(line, lease, context) {
        Whose::Person(name) => texts.row_of_person(name),
        Whose::Process(pid) => texts.row_of_pid(pid),
        Whose::Remote(pid, machine) => texts.row_of_machine(pid, machine),
        Whose::Unknown => texts.row_of_session().to_owned(),
    }
}

/// Who it is, as a sentence says it.
pub(super) fn other_session(line: &LogEntry, lease: &Lease, context: &RowContext<'_>) -> String {
    let texts = context.texts;
    match Whose::from_lease(line, lease, context) {
        Whose::Person(name) => texts.session_of_person(name),
        Whose::Process(pid) => texts.other_session_pid(pid),
        Whose::Remote(pid, machine) => texts.other_session_at(pid, machine),
        Whose::Unknown => texts.other_session().to_owned(),
    }
}

/// Who asked; `None` in a store that nobody shares.
pub(super) fn asked_by(row: &RequestRow<'_>, context: &RowContext<'_>) -> Option<Cell> {
    let name = match row {
        RequestRow::UnderWay(..) => context.session.asked_by.as_deref(),
        RequestRow::Leased(row, _) | RequestRow::Ended(_, row) => row.line.asked_by.as_deref(),
    };
    name.map(|name| Cell::new(clean(name), Theme.text()))
}

/// The index of the entry's host among the session's hosts.
pub(super) fn place_of_host(line: &LogEntry, context: &RowContext<'_>) -> Option<usize> {
    context.session.hosts.iter().position(|host| host.name() == *line.host)
}

/// Adds the host to an outcome: nothing for the session's first host, `@2` for another of its hosts. The name of any
/// other host follows the outcome, where it may be cut off; `@` at the beginning marks another gateway.
fn with_host(line: &LogEntry, words: String, context: &RowContext<'_>) -> String {
    let place = place_of_host(line, context);
    match place {
        _ if context.session.hosts.is_empty() => words,
        None if context.is_other_gateway(&line.scope) => format!("@ {words} · {}", clean(&line.host)),
        // Nothing was sent.
        _ if line.reuses.is_some() => words,
        None => format!("{words} · {}", clean(&line.host)),
        Some(place) => marked(place, words),
    }
}

fn marked(place: usize, words: String) -> String {
    if place == 0 { words } else { format!("@{} {words}", place + 1) }
}
