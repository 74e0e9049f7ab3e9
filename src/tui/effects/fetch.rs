//! Runs one fetch in the background: reports its progress, and its exchange in the end.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::message::{Event, FetchEvent, StoreEvent, Ticket};
use obx_core::fetch::{FetchPolicy, Fetched, Kept, Source};
use obx_core::session::Session;
use obx_core::store::Store;
use onebound::{Call, CallHandle, Failure};

/// Starts the fetch, which reports exactly one [`FetchEvent::Finished`] or [`FetchEvent::NotSent`] at its end.
pub(super) fn start(
    session: Session,
    ticket: Ticket,
    call: Call,
    want: FetchPolicy,
    handle: CallHandle,
    sender: mpsc::Sender<Event>,
) {
    tokio::spawn(async move {
        let event = run(session.clone(), ticket, call, want, handle, &sender).await;
        let kept = match &event {
            FetchEvent::Finished(fetched) => still_to_write(fetched).await,
            FetchEvent::Progress(_) | FetchEvent::NotSent(_) => None,
        };
        // The loop may have ended.
        let _ = sender.send(Event::Fetch(ticket, event)).await;
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

/// A larger answer, in bytes, is shown while it is being written, because compressing it takes noticeably long.
const WRITTEN_FIRST: usize = 256 * 1024;

/// How long a smaller answer may delay its display for being written first. Most need a fraction of this; otherwise
/// the answer is shown as not stored yet.
const LONGEST_WRITE: Duration = Duration::from_millis(10);

/// Returns the write that is still pending when the answer is shown; `None` if it is written.
async fn still_to_write(fetched: &Fetched) -> Option<Kept> {
    let kept = fetched.kept.clone()?;
    if fetched.source == Source::Live && fetched.exchange.body.len() <= WRITTEN_FIRST {
        // A timeout is fine, since `kept` still reports when it is written.
        let _ = tokio::time::timeout(LONGEST_WRITE, kept.clone()).await;
    }
    fetched.written().is_none().then_some(kept)
}

/// The first pause between attempts to write; it doubles each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tries to write until everything is written, because these answers were paid for.
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
    handle: CallHandle,
    sender: &mpsc::Sender<Event>,
) -> FetchEvent {
    let (started_at, start) = (Timestamp::now(), Instant::now());
    let mut progress = handle.watch();
    let mut reported = *progress.borrow_and_update();
    let asked = (session.clone(), call.clone(), handle.clone());
    let mut task = tokio::spawn(async move { session.fetch(call, want, &handle).await });
    loop {
        tokio::select! {
            ended = &mut task => {
                return match ended {
                    Ok(Ok(fetched)) => FetchEvent::Finished(Box::new(fetched)),
                    Ok(Err(refused)) => FetchEvent::NotSent(refused),
                    Err(error) => {
                        tracing::error!(%error, "the fetch broke down");
                        let (session, call, handle) = asked;
                        let failure = Failure::Http("internal error".to_owned());
                        let total = start.elapsed();
                        let fetched = session.broken_down(call, &handle, failure, started_at, total);
                        FetchEvent::Finished(Box::new(fetched))
                    }
                };
            }
            Ok(()) = progress.changed() => {
                let now = *progress.borrow_and_update();
                // Reports only changes that the screen shows, so that not every packet wakes the loop.
                if (now.stage, now.out, now.waits_for) != (reported.stage, reported.out, reported.waits_for) {
                    reported = now;
                    let _ = sender.send(Event::Fetch(ticket, FetchEvent::Progress(now))).await;
                }
            }
        }
    }
}
