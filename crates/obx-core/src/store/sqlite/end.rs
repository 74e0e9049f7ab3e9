//! Closes the store at the end of a session, so that no other session waits for its calls, and all data is in one
//! file.

use std::time::Duration;

use rusqlite::Connection;

use super::{LocalStore, begin, ledger, schema};
use crate::store::StoreError;
use crate::store::under_way::UnderWay;

impl LocalStore {
    pub(super) async fn end(&self) {
        self.under_way.close();
        // Data in memory would be lost by closing, and blocks no other session.
        if self.place.path().is_none() {
            return self.packer.drained().await;
        }
        // Other sessions wait for these calls, and the steps below may take long.
        if !self.under_way.is_empty() {
            let under_way = self.under_way.clone();
            let given_up = self.write(move |connection| {
                give_up(connection, &under_way);
                Ok(())
            });
            let _ = given_up.await; // `give_up` logs errors, and runs once more below
        }
        self.packer.drained().await;
        self.searcher.close(drop).await;
        self.reader.close(drop).await;
        let under_way = self.under_way.clone();
        let end = move |mut connection: Connection| {
            give_up(&mut connection, &under_way);
            write_out(&connection);
        };
        self.writer.close(end).await;
    }
}

/// How long closing waits for a lock to give up the calls under way.
const GIVE_UP_WAIT: Duration = Duration::from_millis(500);

/// Gives up the calls of this session that are still under way: their outcome won't be known, and no other session
/// should wait for it. If that can't be written, other sessions notice that this process has ended.
fn give_up(connection: &mut Connection, under_way: &UnderWay) {
    if under_way.is_empty() {
        return;
    }
    let given_up = connection.busy_timeout(GIVE_UP_WAIT).map_err(StoreError::from).and_then(|()| {
        begin::withdraw(connection, under_way)?;
        let claimed = under_way.claimed();
        ledger::give_up(connection, &claimed)?;
        for id in claimed {
            under_way.remove(id);
        }
        Ok(())
    });
    if let Err(error) = given_up.and(connection.busy_timeout(schema::LOCK_WAIT).map_err(StoreError::from)) {
        tracing::warn!(%error, "calls under way could not be given up");
    }
}

/// How long closing waits for readers in other sessions. If they take longer, those sessions do the checkpoint when
/// they end.
const CLOSE_WAIT: Duration = Duration::from_millis(100);

/// Copies the write-ahead log into the file, as far as other sessions allow. `SQLite` deletes the log when the last
/// connection is closed.
fn write_out(connection: &Connection) {
    let done = connection.busy_timeout(CLOSE_WAIT).and_then(|()| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))
    });
    match done {
        Ok(is_busy) => tracing::debug!(is_busy, "the store is written out"),
        Err(error) => tracing::warn!(%error, "the store could not be written out"),
    }
}
