//! Goes through the log page by page, newest first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::vec;

use tokio::runtime::Handle;

use super::connection::ServerConnection;
use super::error::stopped;
use super::log;
use super::pool::Lent;
use super::shared::Shared;
use crate::store::{ExchangeId, Listed, LogEntry, LogVisitor, RecentCall, StoreError, beijing_day};

/// Rows of a page.
const PAGE: i64 = 2_000;

const NEWEST_FIRST: &str = "id < $1 ORDER BY id DESC LIMIT $2";

/// Reads the page before this row; the second value is where the next page begins, `None` at the end.
async fn page(
    connection: &ServerConnection,
    shared: &Shared,
    before: i64,
) -> Result<(Listed<LogEntry>, Option<i64>), StoreError> {
    let at = shared.pool.clock.now();
    let read = log::select(connection, &shared.summaries, at, NEWEST_FIRST, &[&before, &PAGE]).await?;
    let ids = read.rows.iter().filter_map(|line| line.id).chain(read.damaged.iter().copied());
    let oldest = ids.min().map(|id| id.0);
    Ok((read, oldest))
}

/// Returns the calls before `before` since the beginning of a Beijing day, oldest first.
pub(super) async fn recent_calls(
    connection: &ServerConnection,
    shared: &Shared,
    before: ExchangeId,
    since_day: i64,
) -> Result<Listed<RecentCall>, StoreError> {
    let (mut calls, mut next) = (Listed::default(), Some(before.0));
    while let Some(before) = next {
        let (read, rest) = page(connection, shared, before).await?;
        next = rest;
        calls.damaged.extend(read.damaged);
        for line in read.rows {
            if beijing_day(line.started_at) < since_day {
                next = None;
                break;
            }
            calls.rows.push(RecentCall::new(&line));
        }
    }
    calls.rows.reverse();
    Ok(calls)
}

/// The rows of the log, page after page.
struct LogPages {
    connection: Lent,
    shared: Arc<Shared>,
    handle: Handle,
    is_ended: Arc<AtomicBool>,
    page: vec::IntoIter<LogEntry>,
    next: Option<i64>,
    damaged: Vec<ExchangeId>,
    failed: Option<StoreError>,
}

impl Iterator for LogPages {
    type Item = LogEntry;

    fn next(&mut self) -> Option<LogEntry> {
        loop {
            if let Some(line) = self.page.next() {
                return Some(line);
            }
            let before = self.next.take()?;
            if self.is_ended.load(Ordering::Relaxed) {
                self.failed = Some(stopped());
                return None;
            }
            match self.handle.block_on(page(&self.connection, &self.shared, before)) {
                Ok((read, rest)) => {
                    (self.page, self.next) = (read.rows.into_iter(), rest);
                    self.damaged.extend(read.damaged);
                }
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            }
        }
    }
}

/// Ends a scan once its caller no longer waits for it.
struct EndsScan(Arc<AtomicBool>);

impl Drop for EndsScan {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Passes all rows to `visit`, newest first, on a thread that may block; returns the damaged ones, which are left out.
pub(super) async fn scan(
    connection: Lent,
    shared: Arc<Shared>,
    visit: LogVisitor,
) -> Result<Vec<ExchangeId>, StoreError> {
    let is_ended = Arc::<AtomicBool>::default();
    let ends = EndsScan(Arc::clone(&is_ended));
    let mut pages = LogPages {
        connection,
        shared,
        handle: Handle::current(),
        is_ended,
        page: Vec::new().into_iter(),
        next: Some(i64::MAX),
        damaged: Vec::new(),
        failed: None,
    };
    let scan = move || {
        visit(&mut pages);
        pages.failed.map_or(Ok(pages.damaged), Err)
    };
    let scanned = tokio::task::spawn_blocking(scan).await;
    drop(ends);
    scanned.unwrap_or_else(|error| Err(StoreError::broken(&error)))
}
