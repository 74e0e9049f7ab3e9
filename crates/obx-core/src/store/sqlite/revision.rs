//! What tells one state of a store from another, so that a session can notice what other ones have written.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::Connection;

use super::opened_file::FileId;
use super::{LocalStore, begin};
use crate::store::{StoreError, StoreRevision};

impl LocalStore {
    pub(super) fn read_revision(&self) -> BoxFuture<'static, Option<StoreRevision>> {
        // In memory nobody else writes, and a connection for writing would make a file that is not there yet.
        let Some(path) = self.place.path().filter(|path| path.exists()) else {
            return futures_util::future::ready(Some(StoreRevision::default())).boxed();
        };
        let (path, connections) = (path.to_owned(), Arc::clone(&self.connections));
        let read = move |connection: &mut Connection| {
            let data_version = begin::without_waiting(connection, |connection| -> Result<i64, StoreError> {
                Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
            })?;
            // A file that was put in the place of another one has another device or inode.
            let file = FileId::at(&path)?;
            // Each connection counts other sessions' writes for itself, and leaves out its own.
            let connection = connections.load(Ordering::Relaxed);
            Ok(StoreRevision(format!("{file:?} {connection} {data_version}")))
        };
        // In the queue before the store is closed, or never: a later job would open it again.
        let read = self.under_way.unless_closed(|| self.writer.run(read));
        async { read?.await.ok() }.boxed()
    }
}
