//! Runs one fetch in the background: reports its progress, and its exchange in the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::watch::Watch;
use crate::message::{Event, FetchEnd, FetchEvent, FetchOrder, StoreEvent, Ticket};
use obx_core::fetch::{FetchPolicy, Fetched, NotSent, Source, StoredIds};
use obx_core::session::Session;
use obx_core::store::{ItemHistory, Store};
use onebound::{Call, CallHandle, Exchange, Failure};

/// Starts the fetch, which reports exactly one [`FetchEvent::Finished`] or [`FetchEvent::NotSent`] at its end.
pub(super) fn start(
    session: Session,
    watch: Arc<Watch>,
    order: &FetchOrder,
    handle: CallHandle,
    longest_wait: Duration,
    sender: mpsc::Sender<Event>,
) {
    let (ticket, call, want) = (order.ticket(), order.call().clone(), order.want());
    tokio::spawn(async move {
        let (event, late) = match run(session.clone(), ticket, call, want, handle, &sender).await {
            Ok(fetched) => {
                let (end, late) = finish(&session, fetched, longest_wait).await;
                (FetchEvent::Finished(Box::new(end)), late)
            }
            Err(not_sent) => (FetchEvent::NotSent(not_sent), None),
        };
        // The loop may have ended.
        let _ = sender.send(Event::Fetch(ticket, event)).await;
        // The first call makes the store's file.
        watch.start(&session, &sender);
        if let Some(Late { stored, exchange }) = late {
            let written = stored.await;
            let failed = written.is_err();
            let history = match &exchange {
                Some(exchange) if !failed => history(&session, exchange).await,
                _ => None,
            };
            let _ = sender.send(Event::Store(StoreEvent::Stored { ticket, written, history })).await;
            if failed {
                keep_trying(session.store(), &sender).await;
            }
        }
    });
}

/// A write that is still pending when the answer is shown.
struct Late {
    stored: StoredIds,
    /// The answer, if it is one more of the item's answers then.
    exchange: Option<Arc<Exchange>>,
}

/// A larger answer, in bytes, is shown while it is being written, because compressing it takes noticeably long.
const WRITTEN_FIRST: usize = 256 * 1024;

/// How long a smaller answer may delay its display for being written, and for the item's answers being read, first. Most
/// need a fraction of this; otherwise the answer is shown as not stored yet.
pub(super) const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// Returns the end of a fetch with what the screen needs of the store, if that is there in time, and what is still late.
async fn finish(session: &Session, fetched: Fetched, longest_wait: Duration) -> (FetchEnd, Option<Late>) {
    let is_live = fetched.source == Source::Live;
    // Meanwhile the store writes it.
    fetched.exchange.analyze_unless_large();
    let is_late = is_live && fetched.exchange.body.len() > WRITTEN_FIRST;
    let in_time = if is_late { Duration::ZERO } else { longest_wait };
    let history = tokio::time::timeout(in_time, known(session, &fetched)).await.ok().flatten();
    let exchange = is_live.then(|| Arc::clone(&fetched.exchange));
    let end = FetchEnd::new(fetched, Timestamp::now(), history);
    let stored = end.fetched.stored.clone().filter(|_| end.is_unwritten);
    (end, stored.map(|stored| Late { stored, exchange }))
}

/// Reads what the store has of the item once this answer is written.
async fn known(session: &Session, fetched: &Fetched) -> Option<ItemHistory> {
    if fetched.source == Source::Live {
        fetched.stored.clone()?.await.ok()?;
    }
    history(session, &fetched.exchange).await
}

/// The stored answers to the item of this exchange, and its star and note. Where they can't be read, the model asks, and
/// hears why.
async fn history(session: &Session, exchange: &Exchange) -> Option<ItemHistory> {
    session.store().item_history(exchange.scoped_item()?).await.ok()
}

/// The first pause between attempts to write; it doubles each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tries to write until everything is written, because these answers were paid for.
pub(super) async fn keep_trying(store: &dyn Store, sender: &mpsc::Sender<Event>) {
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
) -> Result<Fetched, NotSent> {
    let (started_at, start) = (Timestamp::now(), Instant::now());
    let mut progress = handle.watch();
    let mut reported = *progress.borrow_and_update();
    let asked = (session.clone(), call.clone(), handle.clone());
    let mut task = tokio::spawn(async move { session.fetch(call, want, &handle).await });
    loop {
        tokio::select! {
            ended = &mut task => {
                return match ended {
                    Ok(ended) => ended,
                    Err(error) => {
                        tracing::error!(%error, "the fetch broke down");
                        let (session, call, handle) = asked;
                        let failure = Failure::Http("internal error".to_owned());
                        let total = start.elapsed();
                        Ok(session.broken_down(call, &handle, failure, started_at, total))
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
