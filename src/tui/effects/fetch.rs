//! Answers one call in the background: progress on the way, and in the end its exchange.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::message::{Event, FetchEvent, StoreEvent, Ticket};
use obx_core::fetch::{FetchPolicy, Fetched, Kept, Source};
use obx_core::session::Session;
use obx_core::store::Store;
use onebound::{Call, CallHandle, Failure};

/// Starts the task. It ends with exactly one [`FetchEvent::Finished`] or [`FetchEvent::NotSent`].
pub(super) fn start(
    session: Session,
    ticket: Ticket,
    call: Call,
    want: FetchPolicy,
    line: CallHandle,
    sender: mpsc::Sender<Event>,
) {
    tokio::spawn(async move {
        let news = run(session.clone(), ticket, call, want, line, &sender).await;
        let kept = match &news {
            FetchEvent::Finished(fetched) => still_to_write(fetched).await,
            FetchEvent::Progress(_) | FetchEvent::NotSent(_) => None,
        };
        // The loop may have ended: then nobody is left to be told.
        let _ = sender.send(Event::Fetch(ticket, news)).await;
        if let Some(kept) = kept {
            let written = kept.await;
            let failed = written.is_err();
            let _ = sender.send(Event::Store(StoreEvent::Kept { ticket, written })).await;
            if failed {
                keep_trying(session.store(), &sender).await;
            }
        }
    });
}

/// Larger answers are shown while they are being written: packing them alone takes longer than anybody should wait.
const WRITTEN_FIRST: usize = 256 * 1024;

/// So long a small one is written before it is shown. Mostly that takes a fraction of it; where it takes longer, the
/// answer is shown as one that is not stored yet.
const LONGEST_WRITE: Duration = Duration::from_millis(10);

/// What is to be waited for after the answer is shown; nothing where it is written by then.
async fn still_to_write(fetched: &Fetched) -> Option<Kept> {
    let kept = fetched.kept.clone()?;
    if fetched.source == Source::Live && fetched.exchange.body.len() <= WRITTEN_FIRST {
        // Out of time is no harm: `kept` says how far it is.
        let _ = tokio::time::timeout(LONGEST_WRITE, kept.clone()).await;
    }
    fetched.written().is_none().then_some(kept)
}

/// Before what could not be written is written once more; then ever longer.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Until what was paid for is written; each time after twice the time.
async fn keep_trying(store: &dyn Store, sender: &mpsc::Sender<Event>) {
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        if matches!(store.flush().await, Ok(0)) {
            let _ = sender.send(Event::Store(StoreEvent::Flushed)).await;
            return;
        }
    }
}

async fn run(
    session: Session,
    ticket: Ticket,
    call: Call,
    want: FetchPolicy,
    line: CallHandle,
    sender: &mpsc::Sender<Event>,
) -> FetchEvent {
    let (started_at, start) = (Timestamp::now(), Instant::now());
    let mut progress = line.watch();
    let mut told = *progress.borrow_and_update();
    let asked = (session.clone(), call.clone(), line.clone());
    let mut task = tokio::spawn(async move { session.fetch(call, want, &line).await });
    loop {
        tokio::select! {
            ended = &mut task => {
                return match ended {
                    Ok(Ok(fetched)) => FetchEvent::Finished(Box::new(fetched)),
                    Ok(Err(refused)) => FetchEvent::NotSent(refused),
                    Err(error) => {
                        tracing::error!(%error, "the fetch broke down");
                        let (session, call, line) = asked;
                        let failure = Failure::Http("internal error".to_owned());
                        let total = start.elapsed();
                        let fetched = session.broken_down(call, &line, failure, started_at, total);
                        FetchEvent::Finished(Box::new(fetched))
                    }
                };
            }
            Ok(()) = progress.changed() => {
                let now = *progress.borrow_and_update();
                // Only what the screen tells apart, else every packet would wake the loop.
                if (now.stage, now.out, now.waits_for) != (told.stage, told.out, told.waits_for) {
                    told = now;
                    let _ = sender.send(Event::Fetch(ticket, FetchEvent::Progress(now))).await;
                }
            }
        }
    }
}
