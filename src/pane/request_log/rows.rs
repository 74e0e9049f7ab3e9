//! The rows of the log as the pane has them: this session's calls under way among those that have ended, each where
//! it will stand once it has ended, too.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use super::mark_text;
use crate::api::{Departure, Outcome, Subject};
use crate::message::Ticket;
use crate::model::Model;
use crate::model::calls::UnderWay;
use crate::model::request_log::{LogRow, Mark};
use crate::pane::verdict::verdict;
use crate::ui::measure;
use crate::ui::rows::{SortKey, text_that_lasted};
use crate::ui::table::Cell;
use crate::ui::text::clean;
use crate::ui::theme::{Theme, UNDER_WAY};

/// Pictures come at half seconds after a call was asked for. It goes out a little later, and must not seem a second
/// younger for that.
const LITTLE_LATER: i64 = 250;

/// All of them, the newest first.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    model: &'a Model,
    /// Those under way, the newest first, each with how many ended ones are newer.
    under_way: Vec<(usize, &'a UnderWay, Departure)>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row<'a> {
    /// What came of it is not known yet.
    UnderWay(&'a UnderWay, Departure),
    /// With its place in the log.
    Ended(usize, &'a LogRow),
}

/// Tells a row from all others, and knows it again once its call has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowId {
    UnderWay(Ticket),
    Ended(u64),
}

impl<'a> Rows<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let newer = |out: Departure| model.log.rows().take_while(|row| row.line.started_at > out.at).count();
        let under_way = model.calls.out().into_iter().map(|(call, out)| (newer(out), call, out)).collect();
        Self { model, under_way }
    }

    /// Changes with the rows, and with what a filter and a sorting read of them.
    pub(super) fn revision(&self) -> u64 {
        self.model.log.revision() + self.model.calls.revision()
    }

    pub(super) fn len(&self) -> usize {
        self.under_way.len() + self.model.log.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<Row<'a>> {
        let mut above = 0;
        for (newer, call, out) in &self.under_way {
            match (newer + above).cmp(&place) {
                Ordering::Less => above += 1,
                Ordering::Equal => return Some(Row::UnderWay(call, *out)),
                Ordering::Greater => break,
            }
        }
        let place = place - above;
        self.model.log.row(place).map(|row| Row::Ended(place, row))
    }

    pub(super) fn place_of(&self, id: RowId) -> Option<usize> {
        let in_log = match id {
            RowId::Ended(number) => self.model.log.place_of(number)?,
            RowId::UnderWay(ticket) => {
                let still = self.under_way.iter().enumerate().find(|(_, (_, call, _))| call.ticket == ticket);
                match still {
                    Some((above, (newer, _, _))) => return Some(newer + above),
                    None => self.model.log.place_of_fetch(ticket)?,
                }
            }
        };
        Some(in_log + self.under_way.iter().filter(|(newer, _, _)| *newer <= in_log).count())
    }
}

impl Row<'_> {
    pub(super) fn id(&self) -> RowId {
        match self {
            Self::UnderWay(call, _) => RowId::UnderWay(call.ticket),
            Self::Ended(_, row) => RowId::Ended(row.number),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::UnderWay(call, _) => call.call.subject(),
            Self::Ended(_, row) => row.line.subject.clone(),
        }
    }

    /// What came of it, or that it is under way.
    pub(super) fn words(&self, model: &Model) -> String {
        match self {
            // Esc stops the waiting, and so does asking for something else.
            Self::UnderWay(call, _) if !call.awaited => model.texts.row_not_awaited().to_owned(),
            Self::UnderWay(..) => model.texts.row_under_way().to_owned(),
            Self::Ended(_, row) => verdict(&row.line.conclusion, model.texts),
        }
    }

    pub(super) fn time(&self, model: &Model) -> String {
        let started_at = match self {
            Self::UnderWay(_, out) => out.at,
            Self::Ended(_, row) => row.line.started_at,
        };
        model.session.log_time(started_at, model.now.at)
    }

    pub(super) fn quota(&self) -> String {
        let Self::Ended(_, row) = self else { return String::new() };
        let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
        let (used, allowed) = (row.line.used, row.line.allowed);
        let told = used.or(allowed).is_some();
        if told { format!("{}/{}", number(used), number(allowed)) } else { String::new() }
    }

    pub(super) fn cells(&self, model: &Model) -> Vec<Cell> {
        let theme = Theme;
        let mut cells = vec![
            Cell::new(self.time(model), theme.text()),
            Cell::new(clean(self.subject().as_str()), theme.strong()),
        ];
        cells.extend(match self {
            Self::UnderWay(call, out) => under_way_cells(call, *out, &self.words(model), model),
            Self::Ended(_, row) => ended_cells(row, &self.words(model), self.quota(), model),
        });
        cells
    }

    /// What is searched by the filter: what the row shows, and its mark in full. A call under way has not lasted
    /// yet.
    pub(super) fn haystack(&self, model: &Model) -> String {
        let mut cells = self.cells(model);
        let Self::Ended(_, row) = self else {
            // How long it takes changes from picture to picture.
            cells.truncate(3);
            return joined(&cells);
        };
        let mut text = joined(&cells);
        text.push_str(match row.mark() {
            Mark::Billed => model.texts.mark_billed_in_full(),
            Mark::Unknown => model.texts.mark_unknown_in_full(),
            Mark::Free | Mark::Store => "",
        });
        text_that_lasted(&text, row.line.total.as_millis())
    }

    /// Times, durations and sizes by what they measure, the others by what they say. What is not known yet is last.
    pub(super) fn sort_key(&self, column: usize, model: &Model) -> SortKey {
        let number = |number: i64| SortKey::of(&number.to_string());
        match (self, column) {
            (Self::UnderWay(_, out), 0) => number(out.at.as_millisecond()),
            (Self::UnderWay(..), 3..) => SortKey::Nothing,
            (Self::Ended(_, row), 0) => number(row.line.started_at.as_millisecond()),
            (Self::Ended(_, row), 3) => {
                row.line.used.map_or(SortKey::Nothing, |used| SortKey::of(&used.to_string()))
            }
            (Self::Ended(_, row), 6) => SortKey::Number(row.line.total.as_secs_f64()),
            (Self::Ended(_, row), 7) => SortKey::of(&row.line.size.to_string()),
            _ => self.cells(model).get(column).map_or(SortKey::Nothing, |cell| SortKey::of(&cell.text)),
        }
    }
}

fn joined(cells: &[Cell]) -> String {
    let mut text = String::new();
    for cell in cells {
        text.push_str(&cell.text);
        text.push(' ');
    }
    text
}

/// From the outcome on. How long it takes is told while pictures are made for that anyway.
fn under_way_cells(call: &UnderWay, out: Departure, words: &str, model: &Model) -> Vec<Cell> {
    let theme = Theme;
    let style = if call.awaited { theme.warn() } else { theme.dim() };
    let elapsed = model.now.at.as_millisecond() - out.at.as_millisecond() + LITTLE_LATER;
    let elapsed = format!("{}{UNDER_WAY}", elapsed.max(0) / 1_000);
    vec![
        Cell::new(marked(Some(out.host), "", &format!("{UNDER_WAY} {words}"), model), style),
        Cell::default(),
        Cell::new(UNDER_WAY, style),
        Cell::default(),
        Cell::new(if call.awaited { elapsed } else { String::new() }, theme.dim()),
        Cell::default(),
    ]
}

/// From the outcome on.
fn ended_cells(row: &LogRow, words: &str, quota: String, model: &Model) -> Vec<Cell> {
    let (line, theme) = (&row.line, Theme);
    let outcome_style = match line.conclusion.outcome {
        Outcome::Item | Outcome::Success => theme.good(),
        Outcome::NoResult | Outcome::Cancelled => theme.warn(),
        _ => theme.bad(),
    };
    let (mark, mark_style) = mark_text(row.mark(), model);
    // A saved body does not tell how long it took.
    let untold = model.session.file.is_some() && line.total.is_zero();
    let place = model.session.hosts.iter().position(|host| host.name() == *line.host);
    let outcome =
        if line.reuses.is_some() { words.to_owned() } else { marked(place, &line.host, words, model) };
    vec![
        Cell::new(outcome, outcome_style),
        Cell::new(quota, theme.text()),
        Cell::new(mark, mark_style),
        Cell::new(clean(line.execution_time.as_deref().unwrap_or_default()), theme.text()),
        Cell::new(if untold { String::new() } else { measure::seconds(line.total) }, theme.text()),
        Cell::new(measure::bytes(line.size), theme.text()),
    ]
}

/// Words behind a mark of the host where that is not the first one: `@2`, or the name of one that is none of the
/// session's.
fn marked(place: Option<usize>, name: &str, words: &str, model: &Model) -> String {
    match place {
        _ if model.session.hosts.is_empty() => words.to_owned(),
        Some(0) => words.to_owned(),
        Some(place) => format!("@{} {words}", place + 1),
        None => format!("@{} {words}", clean(name)),
    }
}
