//! Writes the lines of a batch as they are done: answers to stdout or a file, failures to stderr.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::output::{Output, Records};
use super::super::report::ErrorReport;
use super::super::{CliFailure, ExitCode, terminal_width};
use super::plan::{beijing_clock, minute};
use super::progress::Progress;
use super::renderer::{RecordRenderer, RecordText, RenderedEvent};
use super::sheet_file::SheetFile;
use super::summary::Ended;
use super::{BatchFailure, Run};
use crate::ui::text::{clean, fit, pad_left};
use obx_core::batch::{
    BatchEvent, BatchLine, BatchRecord, LineResult, RateSignal, StopReason, batch_column_names,
    batch_csv_header,
};
use onebound::Billing;

/// Cells of a price in a line for people.
const PRICE: usize = 10;

/// How answers are written.
pub(super) enum LineForm<'s> {
    /// One line of text each, on a terminal.
    Text,
    Json,
    /// What a jq program makes of each.
    Program(Records<'s, BatchRecord>),
    Csv {
        has_header: bool,
    },
    Sheet {
        file: SheetFile,
    },
}

pub(super) struct LineWriter<'a> {
    run: &'a Run,
    pub(super) renderer: Arc<RecordRenderer>,
    form: LineForm<'a>,
    pub(super) progress: Progress<'a>,
    /// Number of lines whose records could not be made.
    pub(super) unrendered: u64,
    /// What to do is said once to people, not for each line.
    advised: HashSet<String>,
}

impl LineForm<'_> {
    /// The text that is made beside the others.
    pub(super) fn text(&self) -> RecordText {
        match self {
            Self::Json => RecordText::Json,
            Self::Csv { .. } => RecordText::Csv,
            Self::Text | Self::Program(_) | Self::Sheet { .. } => RecordText::Unmade,
        }
    }
}

impl<'a> LineWriter<'a> {
    pub(super) fn new(
        run: &'a Run,
        renderer: RecordRenderer,
        form: LineForm<'a>,
        progress: Progress<'a>,
    ) -> Self {
        Self { run, renderer: Arc::new(renderer), form, progress, unrendered: 0, advised: HashSet::new() }
    }

    /// Writes an event; only counts it if nobody reads any more.
    pub(super) fn on_event(
        &mut self,
        event: RenderedEvent,
        out: &mut Output,
        is_closed: bool,
    ) -> Result<(), CliFailure> {
        match event {
            RenderedEvent::Record(record, text) => {
                self.progress.summary.add_answer(record.fetched());
                self.run.count(record.fetched());
                if is_closed { Ok(()) } else { self.answer(&record, &text, out) }
            }
            RenderedEvent::Failed(failed) => {
                let (line, result) = *failed;
                self.count(&result);
                self.failure(&line, &result);
                Ok(())
            }
            RenderedEvent::Unrendered(unrendered) => {
                let (line, result) = *unrendered;
                self.count(&result);
                self.unrendered += 1;
                let report = ErrorReport::new(ExitCode::Internal, self.run.texts.batch_unrendered());
                self.run.report(&report.about(&line.id).on_line(line.number).costing(result.billing()));
                Ok(())
            }
            RenderedEvent::Other(event) => {
                self.notice(&event);
                Ok(())
            }
        }
    }

    /// The batch's end, by what was written.
    pub(super) fn ended(&self, reason: StopReason, left: u64) -> Ended {
        Ended {
            reason,
            left,
            invalid: 0,
            unrendered: self.unrendered,
            summary: self.progress.summary.clone(),
        }
    }

    fn count(&mut self, result: &LineResult) {
        self.progress.summary.add(result);
        if let Some(fetched) = result.fetched() {
            self.run.count(fetched);
        }
    }

    fn notice(&mut self, event: &BatchEvent) {
        match event {
            BatchEvent::Waiting { until, .. } => {
                self.progress.wait(Some(*until));
                self.run.note(&self.run.texts.batch_waiting(minute(*until), beijing_clock(*until)));
            }
            BatchEvent::Started { .. } => self.progress.wait(None),
            BatchEvent::Finished { .. }
            | BatchEvent::Sent { .. }
            | BatchEvent::RateChanged(_)
            | BatchEvent::Stopped { .. } => {}
        }
    }

    fn answer(&mut self, record: &BatchRecord, text: &[u8], out: &mut Output) -> Result<(), CliFailure> {
        // The bar must not come back before the record is written: both would be on one line.
        if out.is_terminal() {
            self.run.status.hide();
            return self.write(record, text, out).and_then(|()| out.flush());
        }
        self.write(record, text, out)
    }

    fn write(&mut self, record: &BatchRecord, text: &[u8], out: &mut Output) -> Result<(), CliFailure> {
        let RecordRenderer { names, schema, picked, .. } = &*self.renderer;
        match &mut self.form {
            LineForm::Text => out.line(&line_for_people(record, self.run)),
            LineForm::Json => out.bytes(text),
            LineForm::Program(records) => out.record(records, record),
            LineForm::Csv { has_header } => {
                if !std::mem::replace(has_header, true) {
                    out.bytes(batch_csv_header(names, schema, picked).as_bytes())?;
                }
                out.bytes(text)
            }
            LineForm::Sheet { file } => {
                let column_names = || batch_column_names(names, schema, picked);
                Ok(file.row(column_names, record.sheet_row(names, schema, picked))?)
            }
        }
    }

    /// Completes a spreadsheet.
    pub(super) fn finish(self) -> Result<(), BatchFailure> {
        if let LineForm::Sheet { file } = self.form {
            let RecordRenderer { names, schema, picked, .. } = &*self.renderer;
            file.finish(|| batch_column_names(names, schema, picked))?;
        }
        Ok(())
    }

    fn failure(&mut self, line: &BatchLine, result: &LineResult) {
        let texts = self.run.texts;
        let report = match result {
            LineResult::Answered(fetched) => {
                let report = ErrorReport::from_fetched(fetched, texts);
                let is_too_many = RateSignal::from_exchange(&fetched.exchange) == RateSignal::TooMany;
                if is_too_many {
                    report.map(|report| report.advising(texts.batch_too_many()))
                } else {
                    report
                }
            }
            LineResult::InDoubt { since } => {
                let message = texts.batch_in_doubt(minute(*since));
                Some(ErrorReport::new(ExitCode::Refused, message).about(&line.id).costing(Billing::Unknown))
            }
            LineResult::NotSent(reason) => Some(ErrorReport::from_not_sent(reason, texts).about(&line.id)),
        };
        let Some(report) = report else { return };
        let report = report.on_line(line.number);
        if self.run.is_json() || self.advised.insert(report.hint.clone()) {
            self.run.report(&report);
        } else {
            self.run.report(&report.advising(""));
        }
    }
}

/// `3  610947572360      799.00  title`
fn line_for_people(record: &BatchRecord, run: &Run) -> String {
    let line = record.line();
    let (price, title) = match record.fetched().exchange.item().filter(|_| record.has_item()) {
        Some(item) => (item.field("price").to_text(), item.field("title").to_text()),
        None => (String::new(), run.texts.batch_no_such_item().to_owned()),
    };
    let price = pad_left(&clean(&price), PRICE);
    let text = format!("{:>5}  {:<14} {price}  {}", line.number, line.id.as_str(), clean(&title));
    fit(&text, terminal_width().unwrap_or(usize::MAX)).into_owned()
}
