//! Makes the records of lines on threads of their own, several at once, since to read an answer takes longer than to write
//! its record. They come out in the order in which their lines were done.

use std::future::ready;
use std::sync::Arc;

use futures_util::future::Either;
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc::Receiver;
use tokio::task::{JoinError, spawn_blocking};

use obx_core::batch::{
    BatchEvent, BatchLine, BatchRecord, BatchSummary, ItemColumns, LineResult, StopReason,
};
use obx_core::record::{PickedFields, Schema};

/// The most records that are made or wait for an earlier one, so that memory doesn't grow with the list.
const AT_ONCE: usize = 4;

/// The text of a record that can be made on another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordText {
    Json,
    Csv,
    /// None: it needs the terminal, a jq program or a spreadsheet.
    Unmade,
}

#[derive(Debug)]
pub(super) struct RecordRenderer {
    pub(super) text: RecordText,
    /// Of the list's columns.
    pub(super) names: Vec<String>,
    pub(super) schema: Schema<BatchRecord>,
    pub(super) picked: PickedFields,
    columns: ItemColumns,
}

/// A report of the batch, with the record of its line.
#[derive(Debug)]
pub(super) enum RenderedEvent {
    /// The line was answered. The text is empty where it is made later.
    Record(BatchRecord, Vec<u8>),
    /// The line has no answer.
    Failed(Box<(BatchLine, LineResult)>),
    /// It is about no line.
    Other(BatchEvent),
}

impl RecordRenderer {
    pub(super) fn new(
        text: RecordText,
        names: Vec<String>,
        schema: Schema<BatchRecord>,
        picked: PickedFields,
    ) -> Self {
        let columns = ItemColumns::new(&schema, &picked);
        Self { text, names, schema, picked, columns }
    }

    /// The reports in their order.
    pub(super) fn events(
        self: &Arc<Self>,
        mut events: Receiver<BatchEvent>,
    ) -> impl Stream<Item = RenderedEvent> + Unpin + use<> {
        let renderer = Arc::clone(self);
        stream::poll_fn(move |context| events.poll_recv(context))
            .map(move |event| match event {
                BatchEvent::Finished { line, result } => {
                    let renderer = Arc::clone(&renderer);
                    Either::Left(spawn_blocking(move || renderer.render(line, result)))
                }
                other => Either::Right(ready(Ok::<_, JoinError>(RenderedEvent::Other(other)))),
            })
            .buffered(AT_ONCE)
            .map(|rendered| rendered.unwrap_or_else(|_| RenderedEvent::Other(broken())))
    }

    fn render(&self, line: BatchLine, result: LineResult) -> RenderedEvent {
        match BatchRecord::new(line, result, &self.names, &self.columns) {
            Ok(record) => {
                let text = self.text(&record);
                RenderedEvent::Record(record, text)
            }
            Err(failed) => RenderedEvent::Failed(failed),
        }
    }

    fn text(&self, record: &BatchRecord) -> Vec<u8> {
        let mut text = Vec::new();
        match self.text {
            RecordText::Json => {
                let written = record.write_json(&mut text, &self.schema, &self.picked);
                debug_assert!(written.is_ok(), "memory takes all that is written");
                text.push(b'\n');
            }
            RecordText::Csv => text = record.csv_row(&self.names, &self.schema, &self.picked).into_bytes(),
            RecordText::Unmade => {}
        }
        text
    }
}

/// A record could not be made: an internal error, after which nothing more is bought.
fn broken() -> BatchEvent {
    BatchEvent::Stopped { reason: StopReason::Broken, left: 0, summary: BatchSummary::default() }
}
