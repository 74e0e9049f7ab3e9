//! Plans a batch, and runs one: the engine of `obx_core::batch` does the work, and its reports go over the channel.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::export::absolute_path;
use super::fetch::keep_trying;
use super::watch::Watch;
use crate::message::{
    BatchCommand, BatchList, BatchListError, BatchOrder, BatchPlanRequest, BatchRow, BatchRowState,
    BatchUpdate, Event, PlannedList, batch_rows, is_unwritten,
};
use obx_core::batch::{
    self, BatchControl, BatchEvent, BatchInput, BatchRun, InputError, InputFormat, LineState, ListKind,
};
use obx_core::session::Session;
use obx_core::spreadsheet::Spreadsheet;
use obx_core::store::StoreError;

/// Bytes of a list that is read for the screen; a longer one is for `obx batch`.
const MAX_FILE: u64 = 32_000_000;

/// Reports that are passed on at once.
const AT_ONCE: usize = 64;

/// The batch that runs, if any. It stops when this is dropped.
#[derive(Debug, Default)]
pub(super) struct RunningBatch(Option<BatchControl>);

impl Drop for RunningBatch {
    fn drop(&mut self) {
        self.obey(BatchCommand::Stop);
    }
}

impl RunningBatch {
    pub(super) fn obey(&self, command: BatchCommand) {
        let Some(control) = &self.0 else { return };
        match command {
            BatchCommand::Pause => control.pause(),
            BatchCommand::Resume => control.resume(),
            BatchCommand::Stop => control.stop(),
        }
    }

    /// Starts a batch, which sends no more calls than the user has confirmed.
    pub(super) fn start(
        &mut self,
        session: &Session,
        watch: Arc<Watch>,
        order: BatchOrder,
        sender: mpsc::Sender<Event>,
    ) {
        let confirmed = session.confirmed(order.max_calls());
        let lines = Arc::clone(order.lines());
        let lines = (0..lines.len()).filter_map(move |at| lines.get(at).cloned());
        let run = batch::start(confirmed, lines, order.settings().clone());
        self.0 = Some(run.control.clone());
        tokio::spawn(pass_on(run, session.clone(), watch, order, sender));
    }
}

/// Passes the reports on until the batch ends, or nobody reads them any more; then the batch stops.
async fn pass_on(
    run: BatchRun,
    session: Session,
    watch: Arc<Watch>,
    order: BatchOrder,
    sender: mpsc::Sender<Event>,
) {
    let BatchRun { mut events, control } = run;
    let mut has_unwritten = false;
    loop {
        let mut reports = Vec::new();
        if events.recv_many(&mut reports, AT_ONCE).await == 0 {
            break;
        }
        has_unwritten |= reports.iter().any(is_of_unwritten);
        if sender.send(Event::Batch(order.ticket(), BatchUpdate::Run(reports))).await.is_err() {
            control.stop();
            return;
        }
        // The first call makes the store's file.
        watch.start(&session, &sender);
    }
    if has_unwritten {
        keep_trying(session.store(), &sender).await;
    }
}

fn is_of_unwritten(report: &BatchEvent) -> bool {
    match report {
        BatchEvent::Finished { result, .. } => result.fetched().is_some_and(is_unwritten),
        _ => false,
    }
}

/// Reads a list and plans its batch in the background. Nothing is sent.
pub(super) fn plan(session: Session, request: BatchPlanRequest, sender: mpsc::Sender<Event>) {
    tokio::spawn(async move {
        let update = match planned(&session, &request).await {
            Ok(planned) => BatchUpdate::Planned(Box::new(planned)),
            Err(error) => BatchUpdate::NotPlanned(error),
        };
        // The loop may have ended.
        let _ = sender.send(Event::Batch(request.ticket, update)).await;
    });
}

async fn planned(session: &Session, request: &BatchPlanRequest) -> Result<PlannedList, BatchListError> {
    let (of_session, of_request) = (session.clone(), request.clone());
    let read = tokio::task::spawn_blocking(move || rows(&of_session, &of_request));
    let panicked = |error| Err(BatchListError::Store(StoreError::broken(&error)));
    let mut rows = read.await.unwrap_or_else(panicked)?;
    let mut states: Vec<LineState> = Vec::new();
    let lines: Vec<_> = rows.iter().filter_map(BatchRow::line).collect();
    let (settings, price) = (&request.settings, request.price);
    let plan = batch::plan_each(session, lines.into_iter(), settings, price, |_, state| states.push(state));
    let plan = plan.await.map_err(BatchListError::Store)?;
    let waiting = rows.iter_mut().filter(|row| row.line().is_some());
    for (row, state) in waiting.zip(states) {
        row.state = BatchRowState::Waiting(state);
    }
    let collected = tokio::task::spawn_blocking(move || PlannedList::new(rows, plan)).await;
    collected.map_err(|error| BatchListError::Store(StoreError::broken(&error)))
}

fn rows(session: &Session, request: &BatchPlanRequest) -> Result<Vec<BatchRow>, BatchListError> {
    let call = &request.settings.call;
    let list = match &request.list {
        BatchList::Text(text) => lines(Box::new(text.as_bytes()), &InputFormat::Lines, call.platform())?,
        BatchList::File(typed) => file_list(&absolute_path(typed), call.platform())?,
    };
    batch_rows(list, |text| session.mask_given(text, &call.secret_names))
}

type Reader<'a> = Box<dyn BufRead + 'a>;

fn lines<'a>(
    reader: Reader<'a>,
    format: &InputFormat,
    platform: &str,
) -> Result<BatchInput<Reader<'a>>, BatchListError> {
    Ok(BatchInput::new(reader, format, platform)?)
}

/// A list in a file, in the format that its name says; of a spreadsheet the first sheet.
fn file_list(path: &Path, platform: &str) -> Result<BatchInput<Reader<'static>>, BatchListError> {
    // To open a pipe waits for whoever writes to it, and a device might never end.
    let metadata = std::fs::metadata(path).map_err(InputError::from)?;
    if !metadata.is_file() {
        return Err(InputError::from(io::Error::from(io::ErrorKind::InvalidInput)).into());
    }
    if metadata.len() > MAX_FILE {
        return Err(BatchListError::TooLarge(MAX_FILE));
    }
    let reader = BufReader::new(File::open(path).map_err(InputError::from)?);
    match ListKind::from_path(path) {
        ListKind::Spreadsheet => {
            let rows = Spreadsheet::open(reader)?.rows(None)?;
            Ok(BatchInput::from_sheet(rows, None, platform)?)
        }
        ListKind::Csv => lines(Box::new(reader), &InputFormat::Csv { column: None }, platform),
        ListKind::Lines => lines(Box::new(reader), &InputFormat::Lines, platform),
    }
}
