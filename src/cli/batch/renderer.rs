//! Makes the records of lines on threads of their own, several at once, since to read an answer takes longer than to write
//! its record. They come out in the order in which their lines were done.

use std::future::{Future, ready};
use std::sync::Arc;

use futures_util::future::Either;
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc::Receiver;
use tokio::task::spawn_blocking;

use obx_core::batch::{BatchEvent, BatchLine, BatchRecord, ItemColumns, LineResult};
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
    /// The line has its result, but to make its record has panicked. Its cells are not in it.
    Unrendered(Box<(BatchLine, LineResult)>),
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
                    Either::Left(Arc::clone(&renderer).rendered(line, result))
                }
                other => Either::Right(ready(RenderedEvent::Other(other))),
            })
            .buffered(AT_ONCE)
    }

    /// Renders a line on another thread. A panic there must not end the batch, which has paid calls under way.
    fn rendered(
        self: Arc<Self>,
        line: BatchLine,
        result: LineResult,
    ) -> impl Future<Output = RenderedEvent> + use<> {
        let id = line.id.clone();
        let unrendered = (BatchLine { number: line.number, id, columns: Vec::new() }, result.clone());
        let rendering = spawn_blocking(move || self.render(line, result));
        async move { rendering.await.unwrap_or_else(|_| RenderedEvent::Unrendered(Box::new(unrendered))) }
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use obx_core::batch::{BatchSummary, StopReason};
    use obx_core::fetch::{Fetched, Source};
    use obx_core::i18n::Texts;
    use obx_core::record::{SchemaField, ValueKind};
    use onebound::{Answer, Call, Credentials, Exchange, Fingerprint, Host, ItemId, Timing};
    use tokio::sync::mpsc;

    use super::*;

    const NO_RESULT: &str = r#"{"error_code":"2000","reason":"no item"}"#;

    fn finished(number: u64) -> BatchEvent {
        let id: ItemId = "610947572360".parse().unwrap();
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: NO_RESULT.to_owned().into() };
        let (call, at, timing) = (Call::item_get(id.clone()), Timestamp::UNIX_EPOCH, Timing::default());
        let exchange = Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials);
        let fetched = Fetched {
            id: None,
            key: Fingerprint::from_stored("k"),
            exchange: Arc::new(exchange),
            source: Source::Live,
            fresh_until: None,
            in_doubt: None,
            before: Vec::new(),
            stored: None,
        };
        let line = BatchLine { number, id, columns: vec!["a cell".to_owned()] };
        BatchEvent::Finished { line, result: LineResult::Answered(Box::new(fetched)) }
    }

    #[tokio::test]
    async fn a_line_whose_record_panics_fails_alone_and_the_reports_go_on_to_the_batchs_own_end() {
        let number = SchemaField::new("line", ValueKind::Integer, Texts::batch_field_lines, |record| {
            let number = BatchRecord::line(record).number;
            assert_ne!(number, 2, "an answer that upsets the renderer");
            Some(number.into())
        });
        let schema = Schema::new("batch", 1, vec![number]);
        let picked = schema.all();
        let renderer = Arc::new(RecordRenderer::new(RecordText::Json, Vec::new(), schema, picked));
        let (sender, receiver) = mpsc::channel(8);
        for number in 1..=3 {
            sender.send(finished(number)).await.unwrap();
        }
        let (reason, left) = (StopReason::Asked, 7);
        sender.send(BatchEvent::Stopped { reason, left, summary: BatchSummary::default() }).await.unwrap();
        drop(sender);
        let events: Vec<RenderedEvent> = renderer.events(receiver).collect().await;
        let [one, two, three, end] = events.as_slice() else { panic!("{events:?}") };
        for (event, expected) in [(one, "{\"line\":1}\n"), (three, "{\"line\":3}\n")] {
            let RenderedEvent::Record(_, text) = event else { panic!("{event:?}") };
            assert_eq!(String::from_utf8_lossy(text), expected);
        }
        let RenderedEvent::Unrendered(unrendered) = two else { panic!("{two:?}") };
        let (line, result) = &**unrendered;
        assert!(line.number == 2 && result.fetched().is_some(), "{unrendered:?}");
        let is_own = matches!(
            end,
            RenderedEvent::Other(BatchEvent::Stopped { reason: StopReason::Asked, left: 7, .. })
        );
        assert!(is_own, "{end:?}");
    }
}
