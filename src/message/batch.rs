//! Batches: the list that the user gives, the plan that comes back, the order to buy it, and what the run reports.
//!
//! ```text
//!  Effect::OpenBatch(list) ─▶ Effect::PlanBatch(request) ─▶ tui/effects ─▶ BatchUpdate::Planned     nothing is sent
//!  the key with the price  ─▶ Effect::RunBatch(order)    ─▶ tui/effects ─▶ BatchUpdate::Run, again and again
//! ```

use std::io::BufRead;
use std::sync::Arc;

use obx_core::batch::{
    BatchEvent, BatchInput, BatchLine, BatchPlan, BatchSettings, InputError, InputFormat, InputLine,
    LineState,
};
use obx_core::fetch::{Fetched, NotSent, Source};
use obx_core::i18n::{Describe, Texts};
use obx_core::spreadsheet::SpreadsheetError;
use obx_core::store::{ExchangeId, StoreError};
use onebound::{Billing, Decimal, ItemId, ItemIdError, OutcomeSummary};

/// Bytes of a pasted text in which IDs are looked for before a batch is offered.
const SEARCHED: usize = 64 * 1024;

/// Characters of a line without an ID that are kept for the screen.
const MAX_SHOWN: usize = 120;

/// The most lines of a list that the explorer holds and shows.
const MAX_LINES: usize = 20_000;

/// Identifies a batch, from its plan on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchTicket(pub u64);

/// The list of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchList {
    /// A line for each item, as in a file.
    Text(Arc<str>),
    /// The path of a file, as it was typed.
    File(String),
}

impl BatchList {
    /// The list of these items, in their order.
    pub fn from_ids<'a>(ids: impl IntoIterator<Item = &'a ItemId>) -> Self {
        let lines: Vec<&str> = ids.into_iter().map(ItemId::as_str).collect();
        Self::Text(lines.join("\n").into())
    }

    /// The list in a text that was pasted or typed. Several numbers on a line, with nothing else, are a line each.
    pub fn from_text(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().flat_map(numbers_or_line).collect();
        Self::Text(lines.join("\n").into())
    }

    /// The same for a line that was typed: it may be the path of a file.
    pub fn from_typed(text: &str) -> Self {
        let text = text.trim();
        if is_path(text) { Self::File(text.to_owned()) } else { Self::from_text(text) }
    }

    /// Whether a text that was pasted is a list of items, and no text that happens to have some: most of its lines
    /// name one. Returns how many items, with `+` behind it if the text has more than was looked at.
    pub fn count_in_paste(text: &str, platform: &str) -> Option<String> {
        let end = (0..=SEARCHED.min(text.len())).rev().find(|end| text.is_char_boundary(*end))?;
        let (searched, is_whole) = (text.get(..end)?, end == text.len());
        let Self::Text(lines) = Self::from_text(searched) else { return None };
        let (mut items, mut others) = (0_usize, 0_usize);
        for line in BatchInput::new(lines.as_bytes(), &InputFormat::Lines, platform).ok()?.flatten() {
            match line {
                InputLine::Item(_) => items += 1,
                InputLine::Duplicate { .. } => {}
                InputLine::Invalid { .. } => others += 1,
            }
        }
        let more = if is_whole { "" } else { "+" };
        (items > 1 && items >= others).then(|| format!("{items}{more}"))
    }
}

/// The numbers of a line that has nothing else, or else the line.
fn numbers_or_line(line: &str) -> Vec<&str> {
    let is_between = |c: char| c.is_whitespace() || ",;，；、".contains(c);
    let numbers: Vec<&str> = line.split(is_between).filter(|part| !part.is_empty()).collect();
    let are_numbers = numbers.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if are_numbers && numbers.len() > 1 { numbers } else { vec![line] }
}

/// Whether a typed text is rather the path of a file than an address or an ID.
fn is_path(text: &str) -> bool {
    let begins = ["/", "./", "../", "~/"].iter().any(|start| text.starts_with(start));
    let ends = [".txt", ".csv", ".tsv", ".xlsx"].iter().any(|end| text.to_lowercase().ends_with(end));
    (begins || ends) && !text.contains("://")
}

/// Why a list can't be planned.
#[derive(Clone, Debug)]
pub enum BatchListError {
    Input(Arc<InputError>),
    /// The file has more bytes than this.
    TooLarge(u64),
    /// The list has more lines than this.
    TooLong(usize),
    Store(StoreError),
}

impl Describe for BatchListError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Input(error) => error.describe(texts),
            Self::TooLarge(most) => texts.batch_list_too_large(most / 1_000_000),
            Self::TooLong(most) => texts.batch_list_too_long(most),
            Self::Store(error) => error.describe(texts),
        }
    }
}

impl From<SpreadsheetError> for BatchListError {
    fn from(error: SpreadsheetError) -> Self {
        InputError::from(error).into()
    }
}

impl From<InputError> for BatchListError {
    fn from(error: InputError) -> Self {
        Self::Input(Arc::new(error))
    }
}

/// The request to plan a batch, which sends nothing.
#[derive(Clone, Debug)]
pub struct BatchPlanRequest {
    pub ticket: BatchTicket,
    pub list: BatchList,
    pub settings: BatchSettings,
    /// Of a call.
    pub price: Option<Decimal>,
}

impl PartialEq for BatchPlanRequest {
    fn eq(&self, other: &Self) -> bool {
        self.ticket == other.ticket
    }
}

impl Eq for BatchPlanRequest {}

/// The order to run a planned batch, which costs something. Its fields are private, so that no pane or popup can give
/// an order of its own, past the check that the price was in sight.
#[derive(Clone, Debug)]
pub struct BatchOrder {
    ticket: BatchTicket,
    lines: Arc<[BatchLine]>,
    settings: BatchSettings,
    max_calls: u64,
}

impl BatchOrder {
    /// For the model only, which `tests/it/layering.rs` checks.
    pub(crate) fn new(
        ticket: BatchTicket,
        lines: Arc<[BatchLine]>,
        settings: BatchSettings,
        max_calls: u64,
    ) -> Self {
        Self { ticket, lines, settings, max_calls }
    }

    pub fn ticket(&self) -> BatchTicket {
        self.ticket
    }

    pub fn lines(&self) -> &Arc<[BatchLine]> {
        &self.lines
    }

    pub fn settings(&self) -> &BatchSettings {
        &self.settings
    }

    /// Number of calls that the user has confirmed; no more are sent.
    pub fn max_calls(&self) -> u64 {
        self.max_calls
    }
}

impl PartialEq for BatchOrder {
    fn eq(&self, other: &Self) -> bool {
        self.ticket == other.ticket
    }
}

impl Eq for BatchOrder {}

/// What the user wants of a batch that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchCommand {
    /// Let the calls under way end, and send no other.
    Pause,
    Resume,
    /// The same as a pause, for good.
    Stop,
}

/// What a batch reports.
#[derive(Clone, Debug)]
pub enum BatchUpdate {
    Planned(Box<PlannedList>),
    /// The list or the store can't be read.
    NotPlanned(BatchListError),
    /// What happened while it runs, in order.
    Run(Vec<BatchEvent>),
}

/// A list with the plan of its batch.
#[derive(Clone, Debug, Default)]
pub struct PlannedList {
    /// All lines of the list, in order, also those without an ID.
    pub rows: Vec<BatchRow>,
    pub plan: BatchPlan,
    /// The lines that the batch runs.
    pub lines: Arc<[BatchLine]>,
    pub left_out: LeftOut,
}

/// Number of lines that a batch does not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Those without an ID.
    pub invalid: usize,
    /// Those whose ID an earlier line has.
    pub duplicates: usize,
}

impl PlannedList {
    /// Counts and collects what the screen and the batch need, so that the event loop doesn't go through the rows.
    pub fn new(rows: Vec<BatchRow>, plan: BatchPlan) -> Self {
        let lines = rows.iter().filter_map(BatchRow::line).collect();
        let count = |is_it: fn(&BatchRowState) -> bool| rows.iter().filter(|row| is_it(&row.state)).count();
        let left_out = LeftOut {
            invalid: count(|state| matches!(state, BatchRowState::Invalid(_))),
            duplicates: count(|state| matches!(state, BatchRowState::Duplicate(_))),
        };
        Self { rows, plan, lines, left_out }
    }
}

/// A line of the list, as it is shown.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// The number of the line, from 1.
    pub number: u64,
    pub subject: RowSubject,
    pub state: BatchRowState,
}

/// What a line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowSubject {
    Item(ItemId),
    /// The beginning of a text without an ID, without secrets.
    Text(String),
}

/// How far a line is.
#[derive(Clone, Debug)]
pub enum BatchRowState {
    /// It has no ID, or several.
    Invalid(ItemIdError),
    /// This earlier line has the same ID.
    Duplicate(u64),
    /// It is planned, and waits.
    Waiting(LineState),
    /// Its call is under way.
    Asking,
    Answered(Box<AnsweredRow>),
    NotSent(NotSent),
}

/// The answer of a line, without its body.
#[derive(Clone, Debug)]
pub struct AnsweredRow {
    pub source: Source,
    /// What this batch paid.
    pub billing: Billing,
    pub summary: OutcomeSummary,
    pub title: String,
    pub price: String,
    /// By which the answer can be opened.
    pub id: Option<ExchangeId>,
}

impl BatchRow {
    fn new(line: InputLine, mask: &impl Fn(String) -> String) -> Self {
        match line {
            InputLine::Item(BatchLine { number, id, .. }) => {
                let state = BatchRowState::Waiting(LineState::ToBuy);
                Self { number, subject: RowSubject::Item(id), state }
            }
            InputLine::Duplicate { number, id, first } => {
                let state = BatchRowState::Duplicate(first);
                Self { number, subject: RowSubject::Item(id), state }
            }
            InputLine::Invalid { number, text, error } => {
                let subject = RowSubject::Text(mask(text));
                Self { number, subject, state: BatchRowState::Invalid(error) }
            }
        }
    }

    pub fn item(&self) -> Option<&ItemId> {
        match &self.subject {
            RowSubject::Item(id) => Some(id),
            RowSubject::Text(_) => None,
        }
    }

    /// The line for the batch, if it is one that runs.
    pub fn line(&self) -> Option<BatchLine> {
        let runs = matches!(self.state, BatchRowState::Waiting(_));
        let id = self.item().filter(|_| runs)?.clone();
        Some(BatchLine { number: self.number, id, columns: Vec::new() })
    }
}

/// Whether an answer of a batch is in memory only, since the store can't be written for now.
pub fn is_unwritten(fetched: &Fetched) -> bool {
    fetched.stored.is_some() && fetched.written().is_none()
}

/// Reads all lines of a list. `mask` hides what is secret in a line, which is cut only afterwards: a part of a key is not
/// found any more.
///
/// # Errors
/// If the list can't be read, or is too long for the screen.
pub fn batch_rows<R: BufRead>(
    list: BatchInput<R>,
    mask: impl Fn(&str) -> String,
) -> Result<Vec<BatchRow>, BatchListError> {
    let masked = |text: String| mask(&text).trim().chars().take(MAX_SHOWN).collect::<String>();
    let mut rows = Vec::new();
    for line in list {
        if rows.len() == MAX_LINES {
            return Err(BatchListError::TooLong(MAX_LINES));
        }
        rows.push(BatchRow::new(line?, &masked));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
