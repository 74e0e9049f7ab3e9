//! Tells other sessions that a row has changed, and hears it from them: nobody has to ask again and again.

use super::connection::ServerConnection;
use super::schema::lock_number;
use crate::store::StoreError;

/// Reports a row once the transaction is committed. Only its number: anybody who may connect can listen.
pub(super) async fn send(connection: &ServerConnection, id: i64) -> Result<(), StoreError> {
    let (channel, id) = (channel(connection.schema()), id.to_string());
    connection.rows("SELECT pg_notify($1, $2)", &[&channel, &id]).await?;
    Ok(())
}

/// Returns the name under which the sessions of a schema report: names of channels are the whole database's.
pub(super) fn channel(schema: &str) -> String {
    format!("obx_{:016x}", lock_number(&["channel", schema]))
}
