//! The end of a session: no other one waits for its calls any more, and all is in the one file.

use std::time::Duration;

use rusqlite::Connection;

use super::under_way::UnderWay;
use super::{LocalStore, begin, ledger, schema};
use crate::store::StoreError;

impl LocalStore {
    pub(super) async fn end(&self) {
        self.under_way.close();
        // What is in memory would be gone, and is in nobody's way.
        if self.place.path().is_none() {
            return self.packer.drained().await;
        }
        // Others wait for these, and what follows may take long.
        if !self.under_way.is_empty() {
            let under_way = self.under_way.clone();
            let given_up = self.write(move |connection| {
                give_up(connection, &under_way);
                Ok(())
            });
            let _ = given_up.await; // tried once more at the end
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

/// How long the end waits for a lock to give up what is under way.
const GIVE_UP_WAIT: Duration = Duration::from_millis(500);

/// Calls of this session that are still under way: nobody will hear how they end, and no other session shall
/// wait for that. Where it can't be written, they find out that this process has ended.
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

/// How long the end waits for other sessions to let go of what they read: they write it out when they end.
const CLOSE_WAIT: Duration = Duration::from_millis(100);

/// Brings what is in the log into the file, as far as other sessions let it. The last connection to be closed takes
/// the log away.
fn write_out(connection: &Connection) {
    let done = connection.busy_timeout(CLOSE_WAIT).and_then(|()| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))
    });
    match done {
        Ok(is_busy) => tracing::debug!(is_busy, "the store is written out"),
        Err(error) => tracing::warn!(%error, "the store could not be written out"),
    }
}
