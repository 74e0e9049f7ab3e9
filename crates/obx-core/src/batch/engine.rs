//! Runs a batch: one task that decides, and a task for each line under way.
//!
//! Lines are taken in chunks, so that the store is asked about many at once and memory does not grow with the list; an
//! answer is written before its place is free for the next call. What is stored is handed out before anything is bought.

mod block_override;
mod control;
mod line_queue;
mod line_task;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};

use super::rate::{Pacer, RateEpoch};
use super::wall_clock;
use super::{
    BatchEvent, BatchLine, BatchPlan, BatchSettings, BatchSummary, LineResult, RateController, RateSignal,
    StopReason,
};
use crate::fetch::{Fetched, NotSent, Source};
use crate::policy::was_ended_unsent;
use crate::session::Session;
use block_override::BlockOverride;
pub use control::BatchControl;
use control::Order;
use line_queue::{FreeLine, LineQueue};
use line_task::{LineEnd, LinePurchase};
use onebound::CallHandle;

/// Number of stored answers that are read at once.
const READ_AT_ONCE: usize = 16;

/// Number of reports that may wait for their reader; then the batch waits too.
const REPORTS: usize = 64;

/// A batch that runs. If it is dropped, the batch stops after the calls under way.
#[derive(Debug)]
pub struct BatchRun {
    /// Ends after [`BatchEvent::Stopped`].
    pub events: mpsc::Receiver<BatchEvent>,
    pub control: BatchControl,
}

/// Starts a batch on the present tokio runtime. The session's own budget limits it.
pub fn start(
    session: Session,
    lines: impl Iterator<Item = BatchLine> + Send + 'static,
    settings: BatchSettings,
) -> BatchRun {
    begin(session, LineQueue::new(lines), settings)
}

/// Starts a batch of these lines that was planned: where the store has just known none of them, it is not asked again.
pub fn start_planned(
    plan: &BatchPlan,
    session: Session,
    lines: impl Iterator<Item = BatchLine> + Send + 'static,
    settings: BatchSettings,
) -> BatchRun {
    begin(session, LineQueue::with_none_known(lines, plan.none_known_at()), settings)
}

fn begin<L>(session: Session, queue: LineQueue<L>, settings: BatchSettings) -> BatchRun
where
    L: Iterator<Item = BatchLine> + Send + 'static,
{
    let ((events, reader), (order, orders)) = (mpsc::channel(REPORTS), watch::channel(Order::Run));
    let last_events = events.clone();
    let engine = Engine {
        session,
        queue,
        rate: RateController::new(settings.ceilings.concurrency),
        pacer: Pacer::new(settings.ceilings.per_second),
        block_override: if settings.overrides_block { BlockOverride::Due } else { BlockOverride::Over },
        settings,
        tasks: JoinSet::new(),
        buying: HashMap::new(),
        reading: HashMap::new(),
        is_over_budget: false,
        wait: None,
        stop: None,
        summary: BatchSummary::default(),
        events,
        orders,
        has_control: true,
    };
    let work = tokio::spawn(engine.run());
    drop(tokio::spawn(async move {
        if work.await.is_err() {
            let (reason, summary) = (StopReason::Broken, BatchSummary::default());
            let _ = last_events.send(BatchEvent::Stopped { reason, left: 0, summary }).await; // nobody reads them any more
        }
    }));
    BatchRun { events: reader, control: BatchControl::new(order) }
}

struct Engine<L> {
    session: Session,
    queue: LineQueue<L>,
    settings: BatchSettings,
    rate: RateController,
    pacer: Pacer,
    tasks: JoinSet<LineEnd>,
    buying: HashMap<Id, Bought>,
    reading: HashMap<Id, BatchLine>,
    /// Whether the run's budget is used up, until a call under way gives something back.
    is_over_budget: bool,
    block_override: BlockOverride,
    /// Until when the batch waits for the next day.
    wait: Option<Timestamp>,
    stop: Option<StopReason>,
    summary: BatchSummary,
    events: mpsc::Sender<BatchEvent>,
    orders: watch::Receiver<Order>,
    /// False once nobody can give orders any more.
    has_control: bool,
}

/// Completes after this time; never without one.
async fn passed(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

/// Completes when the clock has this time; never without one.
async fn reached(time: Option<Timestamp>) {
    match time {
        Some(time) => wall_clock::reached(time).await,
        None => std::future::pending().await,
    }
}

/// A line whose call is under way.
struct Bought {
    line: BatchLine,
    handle: CallHandle,
    epoch: RateEpoch,
}

impl<L: Iterator<Item = BatchLine> + Send> Engine<L> {
    async fn run(mut self) {
        loop {
            self.obey();
            let (pause, next_time) = (self.fill().await, self.next_time());
            let has_ended = self.stop.is_some() && !self.hands_out();
            if self.tasks.is_empty() && (has_ended || self.queue.is_done()) {
                break;
            }
            tokio::select! {
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended).await,
                changed = self.orders.changed(), if self.has_control => self.has_control = changed.is_ok(),
                () = self.events.closed(), if self.stop.is_none() || self.hands_out() => {}
                () = passed(pause) => {}
                () = reached(next_time) => {}
            }
        }
        let reason = self.stop.unwrap_or(StopReason::Done);
        let stopped = BatchEvent::Stopped { reason, left: self.queue.count_left(), summary: self.summary };
        let _ = self.events.send(stopped).await; // nobody reads the reports any more
    }

    /// When there is something to do whatever happens: the day turns, or the batch ends.
    fn next_time(&self) -> Option<Timestamp> {
        let until = self.settings.carry.and_then(|carry| carry.until).filter(|_| self.stop.is_none());
        [self.wait, until].into_iter().flatten().min()
    }

    /// Follows the user's orders, the clock, and the reader that may have gone.
    fn obey(&mut self) {
        let now = Timestamp::now();
        if *self.orders.borrow_and_update() == Order::Stop || self.events.is_closed() {
            self.end(StopReason::Asked);
        }
        let until = self.settings.carry.and_then(|carry| carry.until);
        if until.is_some_and(|until| until <= now) {
            self.end(StopReason::TimeIsUp);
        }
        self.wait = self.wait.filter(|until| now < *until);
    }

    /// Buys nothing more; the first reason counts, unless it is a refusal and there is another one. Where the user or the
    /// store ends the batch, calls that are not sent yet never are; a refusal says nothing about those that were allowed
    /// before it.
    fn end(&mut self, reason: StopReason) {
        let counts = match &self.stop {
            None => true,
            Some(StopReason::Refused(_)) => !matches!(reason, StopReason::Refused(_)),
            Some(_) => false,
        };
        if !counts || (self.queue.is_done() && self.tasks.is_empty()) {
            return;
        }
        if matches!(reason, StopReason::Asked | StopReason::Store(_)) {
            for bought in self.buying.values() {
                let _ = bought.handle.end_unsent(); // a call that is sent is waited for
            }
        }
        self.stop = Some(reason);
    }

    /// Begins as many lines as may be under way; returns how long to wait where only time is missing.
    async fn fill(&mut self) -> Option<Duration> {
        while self.may_begin() {
            let now = Instant::now();
            match self.queue.next_free() {
                Some(FreeLine::Stored(_)) if self.reading.len() >= READ_AT_ONCE => break,
                Some(_) => self.begin_free().await,
                None if !self.queue.is_read() => self.read_lines().await,
                // What is stored is handed out first.
                None if !self.reading.is_empty() || self.queue.is_done() => break,
                None if self.wait.is_some() || self.is_over_budget => break,
                None if self.block_override == BlockOverride::UnderWay => break,
                None if self.buying.len() >= self.rate.at_once() => break,
                None if !self.queue.knows_next() => self.refill().await,
                None => match self.pacer.waits_until(now) {
                    Some(until) => return Some(until.saturating_duration_since(now)),
                    None => self.buy(now).await,
                },
            }
        }
        None
    }

    fn may_begin(&self) -> bool {
        let goes_on = self.stop.is_none() || self.hands_out();
        goes_on && *self.orders.borrow() == Order::Run && !self.events.is_closed()
    }

    /// Returns true if lines that cost nothing are left after a refusal: the store was asked again meanwhile.
    fn hands_out(&self) -> bool {
        matches!(self.stop, Some(StopReason::Refused(_))) && self.queue.next_free().is_some()
    }

    async fn read_lines(&mut self) {
        if let Err(error) = self.queue.read(&self.session, &self.settings).await {
            self.end(StopReason::Store(error));
        }
    }

    async fn refill(&mut self) {
        if let Err(error) = self.queue.refill(&self.session, &self.settings).await {
            self.end(StopReason::Store(error));
        }
    }

    async fn begin_free(&mut self) {
        match self.queue.take_free() {
            Some(FreeLine::Stored(line)) => {
                let call = self.settings.call.item_get(line.id.clone());
                let task = self.tasks.spawn(line_task::look_up(self.session.clone(), call));
                let _ = self.reading.insert(task.id(), line); // None: a task has its own number
            }
            Some(FreeLine::InDoubt(line, since)) => {
                self.finish(line, LineResult::InDoubt { since }).await;
            }
            None => {}
        }
    }

    async fn buy(&mut self, now: Instant) {
        let Some(line) = self.queue.take_to_buy() else { return };
        self.report(BatchEvent::Started { number: line.number, id: line.id.clone() }).await;
        if self.stop.is_some() {
            return self.queue.put_back_to_buy(line);
        }
        self.pacer.sent(now);
        let (handle, epoch) = (CallHandle::default(), self.rate.epoch());
        let policy = self.block_override.policy(self.settings.retry_unknown);
        let purchase = LinePurchase {
            number: line.number,
            call: self.settings.call.item_get(line.id.clone()),
            policy,
            handle: handle.clone(),
            events: self.events.clone(),
        };
        let task = self.tasks.spawn(line_task::buy(self.session.clone(), purchase));
        let _ = self.buying.insert(task.id(), Bought { line, handle, epoch }); // None: a task has its own number
    }

    async fn ended(&mut self, ended: Result<(Id, LineEnd), JoinError>) {
        let (id, end) = match ended {
            Ok((id, end)) => (id, Some(end)),
            Err(panicked) => (panicked.id(), None),
        };
        if let Some(line) = self.reading.remove(&id) {
            return self.looked_up(line, end).await;
        }
        let Some(Bought { line, epoch, .. }) = self.buying.remove(&id) else { return };
        // The call may have given its place in the budget back.
        self.is_over_budget = false;
        self.block_override.ended();
        match end {
            Some(LineEnd::Fetched { fetched, unwritten }) => {
                if was_ended_unsent(&fetched.exchange) {
                    return self.queue.put_back_to_buy(line);
                }
                self.count(&fetched, epoch).await;
                self.finish(line, LineResult::Answered(fetched)).await;
                if let Some(error) = unwritten {
                    self.end(StopReason::Store(error));
                }
            }
            Some(LineEnd::NotSent(refusal)) => self.refused(line, refusal).await,
            // A panic: nobody knows how far the call got.
            Some(LineEnd::NotStored(_)) | None => {
                self.finish(line, LineResult::InDoubt { since: Timestamp::now() }).await;
            }
        }
    }

    async fn looked_up(&mut self, line: BatchLine, end: Option<LineEnd>) {
        match end {
            Some(LineEnd::Fetched { fetched, .. }) => self.finish(line, LineResult::Answered(fetched)).await,
            Some(LineEnd::NotStored(Some(error))) => {
                self.queue.put_back_free(FreeLine::Stored(line));
                self.end(StopReason::Store(error));
            }
            // It has just become too old.
            _ => self.queue.put_back_to_buy(line),
        }
    }

    /// Adapts the number of calls at once to an answer that this batch was sent.
    async fn count(&mut self, fetched: &Fetched, epoch: RateEpoch) {
        if fetched.source == Source::Live {
            let change = self.rate.answered(epoch, RateSignal::from_exchange(&fetched.exchange));
            if let Some(change) = change {
                self.report(BatchEvent::RateChanged(change)).await;
            }
        }
    }

    /// A line that could not be sent is not lost: it waits with the others, or is what the batch stops at.
    async fn refused(&mut self, line: BatchLine, refusal: NotSent) {
        if matches!(refusal, NotSent::Offline | NotSent::NoneStored) {
            return self.finish(line, LineResult::NotSent(refusal)).await;
        }
        if let NotSent::InDoubt { since } = refusal {
            return self.finish(line, LineResult::InDoubt { since }).await;
        }
        self.queue.put_back_to_buy(line);
        self.is_over_budget = matches!(refusal, NotSent::OverBudget(_));
        if self.is_over_budget && !self.buying.is_empty() {
            return;
        }
        let resumes_at = self.settings.carry.and_then(|carry| carry.resumes_at(&refusal, Timestamp::now()));
        match resumes_at {
            Some(until) if self.wait != Some(until) => {
                self.wait = Some(until);
                self.report(BatchEvent::Waiting { until, refusal }).await;
            }
            Some(_) => {}
            None => self.end(StopReason::Refused(refusal)),
        }
    }

    async fn finish(&mut self, line: BatchLine, result: LineResult) {
        self.summary.add(&result);
        self.report(BatchEvent::Finished { line, result }).await;
    }

    async fn report(&mut self, event: BatchEvent) {
        if self.events.send(event).await.is_err() {
            self.end(StopReason::Asked);
        }
    }
}

#[cfg(test)]
mod tests;
