//! What the store's requests share, and the writes that have to come to an end whether or not anybody waits for them.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OnceCell, watch};
use tokio::task::spawn_blocking;

use super::changes::Reports;
use super::error::away;
use super::ledger;
use super::log::Summaries;
use super::outcomes::{self, Completed, Reused, Writer};
use super::pool::{Lent, Pool, REQUEST_LIMIT};
use super::spool::Spool;
use crate::store::under_way::UnderWay;
use crate::store::write_queue::{PendingWrite, QueuedWrite, WriteOp, WriteQueue};
use crate::store::write_token::WriteToken;
use crate::store::{ExchangeId, PostgresPlace, StoreError, StoreErrorKind};

/// The pause before a write is tried again; it doubles each time.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long the deletion of a row that nobody needs may take.
const WITHDRAW_LIMIT: Duration = Duration::from_secs(3);

/// How long it has at the end of a session, when answers have taken all the time.
const WITHDRAW_TIME: Duration = Duration::from_millis(500);

/// An answer that is not written by then is spooled meanwhile: the process may be killed at any moment.
const SPOOLED_AFTER: Duration = Duration::from_secs(1);

/// The state of a store.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) pool: Pool,
    pub(super) unwritten: WriteQueue,
    pub(super) under_way: UnderWay,
    pub(super) summaries: Summaries,
    pub(super) reports: Reports,
    spool: Spool,
    /// How many writes are under way.
    ongoing: watch::Sender<usize>,
    /// Rows that may have been written, and whose calls were not sent.
    in_doubt: Mutex<Vec<WriteToken>>,
    is_retrying: AtomicBool,
    /// Held while the spool is read, so that whoever comes meanwhile waits for what is in it.
    recovery: AsyncMutex<()>,
    /// Set once what earlier sessions have spooled was handed in, or could not be.
    recovered: OnceCell<()>,
    /// Held while failed writes are tried again, so that whoever comes meanwhile waits for their end.
    handing_in: AsyncMutex<()>,
}

/// A write under way.
pub(super) struct OngoingWrite(Arc<Shared>);

impl Drop for OngoingWrite {
    fn drop(&mut self) {
        self.0.ongoing.send_modify(|count| *count -= 1);
    }
}

impl Shared {
    pub(super) fn new(place: PostgresPlace) -> Self {
        Self {
            spool: Spool::new(&place),
            ongoing: watch::Sender::default(),
            pool: Pool::new(place),
            unwritten: WriteQueue::default(),
            under_way: UnderWay::default(),
            summaries: Summaries::default(),
            reports: Reports::default(),
            in_doubt: Mutex::default(),
            is_retrying: AtomicBool::new(false),
            recovery: AsyncMutex::default(),
            recovered: OnceCell::new(),
            handing_in: AsyncMutex::default(),
        }
    }

    pub(super) fn asked_by(&self) -> &str {
        &self.pool.place().asked_by
    }

    /// Counts a write until what is returned is dropped.
    pub(super) fn ongoing(self: &Arc<Self>) -> OngoingWrite {
        self.ongoing.send_modify(|count| *count += 1);
        OngoingWrite(Arc::clone(self))
    }

    /// Waits until no write is under way.
    pub(super) async fn drained(&self) {
        let _ = self.ongoing.subscribe().wait_for(|count| *count == 0).await; // the sender is here
    }

    /// Writes what waits. If that fails, an answer is spooled, and all is tried again later.
    pub(super) async fn write(self: Arc<Self>, waiting: QueuedWrite) -> Result<ExchangeId, StoreError> {
        let packed = PendingWrite::clone(&waiting);
        let pack = move || packed.exchange().map_or(Ok(()), |exchange| packed.entry(exchange).map(drop));
        spawn_blocking(pack).await.unwrap_or_else(|error| Err(StoreError::broken(&error)))?;
        match self.write_or_spool(&waiting).await {
            Ok(id) => {
                if let WriteOp::Complete { id: Some(row), .. } = &*waiting.op {
                    self.under_way.remove(*row);
                }
                self.spool.remove(waiting.token());
                waiting.finish(id);
                Ok(id)
            }
            Err(error) => {
                tracing::warn!(%error, "an exchange could not be written");
                let kept = self.keep(PendingWrite::clone(&waiting)).await;
                drop(waiting);
                self.retry();
                // While the server is away an answer is safe, unless this machine can't keep it either.
                Err(match kept {
                    Err(lost) if error.fault == StoreErrorKind::ServerAway => {
                        let detail = format!("{}; {}", error.detail, lost.detail);
                        self.pool.at_place(StoreError { detail, ..lost })
                    }
                    _ => error,
                })
            }
        }
    }

    /// Writes what waits, and spools it if that takes long.
    async fn write_or_spool(self: &Arc<Self>, pending: &PendingWrite) -> Result<ExchangeId, StoreError> {
        let mut write = pin!(self.write_packed(pending));
        tokio::select! {
            written = &mut write => return written,
            () = tokio::time::sleep(SPOOLED_AFTER) => {}
            () = self.pool.ended() => {}
        }
        match self.keep(pending.clone()).await {
            Ok(()) => self.pool.until_end(Duration::ZERO, write).await,
            // It would be lost with the session.
            Err(_) => write.await,
        }
    }

    async fn write_packed(&self, waiting: &PendingWrite) -> Result<ExchangeId, StoreError> {
        let token = waiting.token();
        if waiting.is_of_earlier() {
            // It is safe in its file.
            self.pool.check()?;
        }
        self.pool
            .past_end(REQUEST_LIMIT, |connection| async move {
                let writer = Writer { asked_by: self.asked_by(), clock: &self.pool.clock };
                match &*waiting.op {
                    WriteOp::Complete { id, key, exchange } => {
                        let entry = waiting.entry(exchange)?;
                        let completed = Completed { id: *id, key, exchange, entry, token };
                        outcomes::complete(&connection, &completed, writer).await
                    }
                    WriteOp::Reuse { id, call, key, at } => {
                        let reused = Reused { id: *id, call, key, at: *at, token };
                        outcomes::reuse(&connection, &reused, writer).await
                    }
                }
            })
            .await
    }

    /// Spools an answer. What was shown from the store cost nothing, and waits in memory.
    async fn keep(self: &Arc<Self>, waiting: PendingWrite) -> Result<(), StoreError> {
        let shared = Arc::clone(self);
        let keep = move || {
            let WriteOp::Complete { id, key, exchange } = &*waiting.op else { return Ok(()) };
            shared.spool.add(waiting.token(), (*id, key), exchange, waiting.entry(exchange)?)
        };
        let kept = spawn_blocking(keep).await.unwrap_or_else(|error| Err(StoreError::broken(&error)));
        kept.inspect_err(|error| tracing::warn!(%error, "an answer could not be spooled"))
    }

    /// Writes again what could not be written before. One that can't be written keeps no other from it, unless the server is
    /// away.
    pub(super) async fn write_failed(self: &Arc<Self>) -> Result<(), StoreError> {
        let _handing_in = self.handing_in.lock().await;
        let (mut failed, mut waiting) = (Ok(()), Vec::new());
        while let Some(write) = self.unwritten.take_failed() {
            waiting.push(write);
        }
        for waiting in waiting {
            match Arc::clone(self).write(waiting).await {
                Ok(_) => {}
                Err(error) if error.fault == StoreErrorKind::ServerAway => return Err(error),
                Err(error) => failed = failed.and(Err(error)),
            }
        }
        failed
    }

    /// Does the same for the end of the session; returns how many of its exchanges remain. What an earlier session has spooled
    /// is in its file still if it can't be written: this one has lost nothing then.
    pub(super) async fn flush(self: &Arc<Self>) -> Result<usize, StoreError> {
        self.drained().await;
        let written = self.write_failed().await;
        match self.unwritten.own_count() {
            0 => Ok(0),
            own => written.map(|()| own),
        }
    }

    /// Queues what other sessions of this machine have spooled: from then on it is found as if it were written. The spool is
    /// read each time, since a session can end while this one runs.
    pub(super) async fn load_spooled(self: &Arc<Self>) {
        let _recovery = self.recovery.lock().await;
        let shared = Arc::clone(self);
        let load = move || {
            let spooled = shared.spool.all_but(|token| shared.unwritten.has(token));
            let is_any = !spooled.is_empty();
            for (token, op) in spooled {
                shared.unwritten.add_failed(op, token);
            }
            is_any
        };
        if spawn_blocking(load).await.unwrap_or_default() {
            let (shared, ongoing) = (Arc::clone(self), self.ongoing());
            drop(tokio::spawn(async move {
                if let Err(error) = shared.write_failed().await {
                    tracing::warn!(%error, "spooled answers could not be written");
                }
                drop(ongoing);
            }));
        }
    }

    /// Hands in what earlier sessions have spooled and what could not be written before. Nothing may be decided before: the
    /// rows of those calls look as if their answers had been lost.
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), StoreError> {
        self.load_spooled().await;
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let late = || Err(away(format!("no answer within {} s", REQUEST_LIMIT.as_secs())));
        let handed_in = tokio::time::timeout(REQUEST_LIMIT, self.write_failed()).await;
        self.retry();
        match handed_in.unwrap_or_else(|_| late()) {
            Err(error) if error.fault == StoreErrorKind::ServerAway => Err(error),
            // What else can't be written is found in memory.
            _ => Ok(()),
        }
    }

    /// Does the same before the session's first read, since without it a paid answer looks as if its end had never been learnt.
    /// If it fails, what is on the server can be read all the same.
    pub(super) async fn recover_once(self: &Arc<Self>) {
        let recover = async || {
            if let Err(error) = self.recover().await {
                tracing::warn!(%error, "spooled answers could not be written");
            }
        };
        self.recovered.get_or_init(recover).await;
    }

    /// Takes note of a row that may be written: it is deleted as soon as the server can be reached.
    pub(super) fn doubt(self: &Arc<Self>, token: WriteToken) {
        self.in_doubt().push(token);
        self.retry();
    }

    /// Deletes the rows of calls that were not sent.
    pub(super) async fn withdraw(&self) -> Result<(), StoreError> {
        let (ids, tokens) = (self.under_way.to_withdraw(), self.in_doubt().clone());
        if ids.is_empty() && tokens.is_empty() {
            return Ok(());
        }
        let delete = |connection: Lent| {
            let (ids, tokens) = (&ids, &tokens);
            async move { ledger::withdraw(&connection, ids, tokens).await }
        };
        self.pool.until_end(WITHDRAW_TIME, self.pool.past_end(WITHDRAW_LIMIT, delete)).await?;
        for id in ids {
            self.under_way.remove(id);
        }
        self.in_doubt().retain(|token| !tokens.contains(token));
        Ok(())
    }

    /// Does the same, and tries again until it succeeds.
    pub(super) async fn withdraw_or_retry(self: &Arc<Self>) {
        if self.withdraw().await.is_err() {
            self.retry();
        }
    }

    /// Gives up the calls of this session that are still under way: their outcome won't be known, and no other session
    /// should wait for it. If that can't be written, their leases expire.
    pub(super) async fn give_up(&self) -> Result<(), StoreError> {
        let claimed = self.under_way.claimed();
        if claimed.is_empty() {
            return Ok(());
        }
        let give_up = |connection: Lent| {
            let claimed = &claimed;
            async move { ledger::give_up(&connection, claimed).await }
        };
        self.pool.until_end(WITHDRAW_TIME, self.pool.past_end(WITHDRAW_LIMIT, give_up)).await?;
        for id in claimed {
            self.under_way.remove(id);
        }
        Ok(())
    }

    /// Tries again what could not be written, after growing pauses, until nothing is left.
    pub(super) fn retry(self: &Arc<Self>) {
        if self.is_retrying.swap(true, Ordering::Relaxed) {
            return;
        }
        let shared = Arc::clone(self);
        drop(tokio::spawn(async move {
            let mut pause = FIRST_PAUSE;
            while !shared.is_written() {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                shared.hand_in().await;
            }
            shared.is_retrying.store(false, Ordering::Relaxed);
            if !shared.is_written() {
                // Another write has failed just now.
                shared.retry();
            }
        }));
    }

    /// Writes what waits for the server, once.
    pub(super) async fn hand_in(self: &Arc<Self>) {
        let withdrawn = self.withdraw().await;
        if let Err(error) = withdrawn.and(self.write_failed().await) {
            tracing::debug!(%error, "the store's server is still away");
        }
    }

    fn is_written(&self) -> bool {
        self.unwritten.is_empty() && self.under_way.to_withdraw().is_empty() && self.in_doubt().is_empty()
    }

    fn in_doubt(&self) -> MutexGuard<'_, Vec<WriteToken>> {
        self.in_doubt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
