//! Takes the reports of a batch that runs: into its rows, and into the log like every other call.

use super::{BatchStage, Model};
use crate::message::{AnsweredRow, BatchRow, BatchRowState, Effect, Notice, is_unwritten};
use obx_core::batch::{BatchEvent, BatchLine, LineResult, LineState, StopReason};
use obx_core::fetch::{FetchPolicy, Fetched, Source};
use obx_core::store::LogEntry;
use onebound::{Call, SentCall};

/// Characters of a title or price that are kept for the screen.
const MAX_SHOWN: usize = 120;

impl Model {
    pub(super) fn batch_runs(&mut self, events: Vec<BatchEvent>) -> Vec<Effect> {
        let (mut rows, mut is_joined) = (Vec::new(), false);
        for event in events {
            match event {
                BatchEvent::Started { number, .. } => self.line_started(number),
                BatchEvent::Sent { number, call, out } => self.line_sent(number, call, out),
                BatchEvent::Finished { line, result } => {
                    if let Some(fetched) = result.fetched() {
                        is_joined |= fetched.source == Source::Joined;
                        rows.extend(self.learn_fetched(fetched));
                    }
                    self.line_finished(&line, &result);
                }
                BatchEvent::RateChanged(change) => self.batch.progress.at_once = Some(change.at_once),
                BatchEvent::Waiting { .. } => {}
                BatchEvent::Stopped { reason, left, .. } => self.batch_stopped(reason, left),
            }
        }
        self.batch.progress.reported(self.now.up);
        self.log.merge(rows);
        // The calls of other sessions have their rows in the store.
        if is_joined { self.ask_for_newer() } else { Vec::new() }
    }

    fn batch_row(&mut self, number: u64) -> Option<&mut BatchRow> {
        let at = self.batch.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.batch.rows.get_mut(at)
    }

    fn line_started(&mut self, number: u64) {
        if let Some(row) = self.batch_row(number) {
            row.state = BatchRowState::Asking;
            self.batch.progress.started();
        }
    }

    /// Its call has a row in the log from now on.
    fn line_sent(&mut self, number: u64, call: Call, out: SentCall) {
        let is_under_way = |row: &mut BatchRow| matches!(row.state, BatchRowState::Asking);
        if self.batch_row(number).is_some_and(is_under_way) {
            let question = self.question(&call, FetchPolicy::CacheFirst);
            self.calls.sent_by_batch(call, question, out, self.now.up);
        }
    }

    fn line_finished(&mut self, line: &BatchLine, result: &LineResult) {
        self.calls.retain_of_batch(|id| *id != line.id);
        let Some(row) = self.batch_row(line.number) else { return };
        let was_under_way = matches!(row.state, BatchRowState::Asking);
        row.state = match result {
            LineResult::Answered(fetched) => {
                let (title, price) = title_and_price(fetched);
                BatchRowState::Answered(Box::new(AnsweredRow {
                    source: fetched.source,
                    billing: result.billing(),
                    summary: fetched.exchange.summary(),
                    title,
                    price,
                    id: fetched.id,
                }))
            }
            LineResult::InDoubt { since } => BatchRowState::Waiting(LineState::InDoubt { since: *since }),
            LineResult::NotSent(refusal) => BatchRowState::NotSent(refusal.clone()),
        };
        self.batch.progress.finished(result, was_under_way);
    }

    /// Learns what an answer says beside its item, as of any other call; returns its rows of the log.
    fn learn_fetched(&mut self, fetched: &Fetched) -> Vec<LogEntry> {
        if let Some(until) = fetched.fresh_until {
            let _ = self.fresh.insert(fetched.exchange.question(), until); // the previous value does not matter
        }
        if fetched.source != Source::Live {
            return Vec::new();
        }
        self.learn_block(&fetched.exchange, &fetched.key);
        if is_unwritten(fetched) {
            self.unwritten += 1;
            return Vec::new();
        }
        let rows = fetched.log_entries(self.now.at, &fetched.written().unwrap_or_default());
        let named = |row| LogEntry { asked_by: self.session.asked_by.clone(), ..row };
        rows.into_iter().map(named).collect()
    }

    /// A call that was not sent has no result: its line waits again. After an internal error nobody knows.
    fn batch_stopped(&mut self, reason: StopReason, left: u64) {
        let unasked = match reason {
            StopReason::Broken => LineState::InDoubt { since: self.now.at },
            _ => LineState::ToBuy,
        };
        for row in &mut self.batch.rows {
            if matches!(row.state, BatchRowState::Asking) {
                row.state = BatchRowState::Waiting(unasked);
            }
        }
        self.batch.progress.under_way = 0;
        self.calls.retain_of_batch(|_| false);
        if let StopReason::Store(error) = &reason {
            let message =
                if self.unwritten > 0 { self.unstored_text(error) } else { self.store_error_text(error) };
            self.notice = Some(Notice::alert(message));
        }
        self.batch.progress.pause(true, self.now.up);
        self.batch.is_seen = false;
        self.batch.stage = BatchStage::Ended { reason, left };
    }
}

fn title_and_price(fetched: &Fetched) -> (String, String) {
    let short = |text: String| text.chars().take(MAX_SHOWN).collect();
    let item = fetched.exchange.item();
    let field = |name: &str| item.as_ref().map(|item| short(item.field(name).to_text()));
    (field("title").unwrap_or_default(), field("price").unwrap_or_default())
}
