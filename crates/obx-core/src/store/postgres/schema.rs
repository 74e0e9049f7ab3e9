//! Creates the tables, and migrates those of an older version to this one.

use futures_util::try_join;
use ring::digest::{SHA256, digest};
use tokio_postgres::{Client, Row};

use super::connection::{BEGIN, ServerConnection};
use crate::store::{StoreError, StoreErrorKind};

/// Step N migrates tables of version N to version N + 1. Steps are only ever added: each has already run on some server.
const MIGRATIONS: [&str; 3] =
    [include_str!("schema/1.sql"), include_str!("schema/2.sql"), include_str!("schema/3.sql")];

const VERSION: &str = "SELECT version FROM store_version";

/// Facts about a connection.
pub(super) struct AboutConnection {
    /// The server's process.
    pub(super) process: i32,
    /// In milliseconds since 1970.
    pub(super) server_time: i64,
}

/// Returns the version of this obx.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Makes this schema the connection's, and its tables ones of this version.
pub(super) async fn prepare(client: &Client, schema: &str) -> Result<AboutConnection, StoreError> {
    if select(client, schema).await? < newest() {
        migrate(client, schema).await?;
    }
    about(client).await
}

/// Makes this schema the connection's; returns the version of its tables, 0 if there are none.
pub(super) async fn select(client: &Client, schema: &str) -> Result<i64, StoreError> {
    client.batch_execute(&format!("SET search_path TO {}, pg_temp", quoted(schema))).await?;
    version(client, schema).await
}

/// Asks the server about this connection.
pub(super) async fn about(client: &Client) -> Result<AboutConnection, StoreError> {
    let row = client
        .query_one("SELECT pg_backend_pid(), (extract(epoch FROM clock_timestamp()) * 1000)::bigint", &[])
        .await?;
    Ok(AboutConnection { process: row.try_get(0)?, server_time: row.try_get(1)? })
}

/// Reads the version of the tables; 0 if there are none.
pub(super) async fn version(client: &Client, schema: &str) -> Result<i64, StoreError> {
    let [version, calls] = ["store_version", "exchanges"].map(|table| format!("{}.{table}", quoted(schema)));
    let row = client
        .query_one(
            "SELECT to_regclass($1) IS NOT NULL, to_regclass($2) IS NOT NULL, current_setting('server_encoding')",
            &[&version, &calls],
        )
        .await?;
    let (exists, has_calls, encoding): (bool, bool, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if encoding != "UTF8" {
        let message = format!("the database's encoding is {encoding}, and a store needs UTF8");
        return Err(StoreError::new(StoreErrorKind::Unreachable, message));
    }
    match (exists, has_calls) {
        (true, _) => checked(client.query_opt(VERSION, &[]).await?),
        (false, true) => Err(StoreError::new(StoreErrorKind::Corrupt, "its table store_version is missing")),
        (false, false) => Ok(0),
    }
}

/// Begins a transaction that writes. A session can be open while a newer obx migrates the tables: what it knows of them is
/// wrong then, and a call whose answer it can't write must not be sent. Until the transaction ends, a migration waits.
pub(super) async fn begin(connection: &ServerConnection) -> Result<(), StoreError> {
    let ((), row) = try_join!(connection.batch(BEGIN), connection.row(VERSION, &[]))?;
    checked(row).map(drop)
}

/// Nobody knows what the tables are where nothing says their version.
fn checked(row: Option<Row>) -> Result<i64, StoreError> {
    let Some(row) = row else {
        return Err(StoreError::new(StoreErrorKind::Corrupt, "its table store_version is empty"));
    };
    let (version, ours): (i64, i64) = (row.try_get(0)?, newest());
    if version > ours {
        let message = format!("this store is of version {version}, of a newer obx; this one knows {ours}");
        return Err(StoreError::new(StoreErrorKind::Newer, message));
    }
    Ok(version)
}

/// Runs the steps that are missing, all of them or none, in one session at a time.
async fn migrate(client: &Client, schema: &str) -> Result<(), StoreError> {
    client.batch_execute("BEGIN").await?;
    let done = migrate_locked(client, schema).await;
    match done {
        Ok(()) => Ok(client.batch_execute("COMMIT").await?),
        Err(error) => {
            // If this fails the server takes everything back itself.
            let _ = client.batch_execute("ROLLBACK").await;
            Err(error)
        }
    }
}

async fn migrate_locked(client: &Client, schema: &str) -> Result<(), StoreError> {
    let lock = lock_number(&["schema", schema]);
    client.execute("SELECT pg_advisory_xact_lock($1)", &[&lock]).await?;
    let row = client.query_one("SELECT to_regnamespace($1) IS NOT NULL", &[&quoted(schema)]).await?;
    // To create one that exists takes a right that whoever only uses it need not have.
    if !row.try_get::<_, bool>(0)? {
        client.batch_execute(&format!("CREATE SCHEMA {}", quoted(schema))).await?;
    }
    // Another session may have migrated it meanwhile.
    let from = usize::try_from(version(client, schema).await?).unwrap_or_default();
    if from >= MIGRATIONS.len() {
        return Ok(());
    }
    if from > 0 {
        // Sessions that are writing have read the version, and end first.
        client.batch_execute("LOCK TABLE store_version IN ACCESS EXCLUSIVE MODE").await?;
    }
    for step in MIGRATIONS.iter().skip(from) {
        client.batch_execute(step).await?;
    }
    client.batch_execute("DELETE FROM store_version").await?;
    client.execute("INSERT INTO store_version (version) VALUES ($1)", &[&newest()]).await?;
    Ok(())
}

/// Quotes a name for SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
}

/// Returns the number of the lock that these parts name. Two names can have one number: then their sessions wait for each
/// other, and nothing else happens.
pub(super) fn lock_number(parts: &[&str]) -> i64 {
    let named = digest(&SHA256, parts.join("\0").as_bytes());
    named.as_ref().iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}
