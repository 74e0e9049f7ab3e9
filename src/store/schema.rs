//! The tables, and how a store of an older version becomes one of this.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Fault, StoreError};
use crate::config::Place;

/// Says in the file that it is ours: `obx1`.
const APPLICATION_ID: i64 = 0x6f62_7831;

/// How long a lock of another session is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(3);

/// What makes a store of version N one of version N + 1. Only ever added to: each has been run somewhere.
const MIGRATIONS: [&str; 1] = [include_str!("schema/1.sql")];

/// Opens a store for writing, makes it where there is none, and brings it up to this version.
pub(super) fn open(place: &Place) -> Result<Connection, StoreError> {
    let opened = match place {
        Place::Memory => Connection::open_in_memory().map_err(StoreError::from),
        Place::File { path, .. } => open_file(path),
    };
    opened.and_then(prepare).map_err(|error| error.of(place))
}

/// Opens a store that is there, to read from.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    check(&connection)?;
    Ok(connection)
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    // Made here, so that nobody else can read it from its first moment on; SQLite's own files follow its mode.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

fn prepare(mut connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(LOCK_WAIT)?;
    check(&connection)?;
    if version(&connection)? == 0 {
        // Before the first table: later it would take rewriting the file.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let _mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // A row of the ledger must also outlive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    migrate(&mut connection)?;
    Ok(connection)
}

fn check(connection: &Connection) -> Result<(), StoreError> {
    let (version, application) = (version(connection)?, pragma(connection, "application_id")?);
    if application != APPLICATION_ID && (application != 0 || version != 0 || !is_empty(connection)?) {
        return Err(StoreError::new(Fault::Corrupt, "this file is no store of obx"));
    }
    let ours = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version > ours {
        let told = format!("this store is of version {version}, of a newer obx; this one knows {ours}");
        return Err(StoreError::new(Fault::Newer, told));
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let current = |connection: &Connection| {
        version(connection).map(|version| usize::try_from(version).unwrap_or_default())
    };
    if current(connection)? >= MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another session may have been first.
    for (at, step) in MIGRATIONS.iter().enumerate().skip(current(&transaction)?) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", i64::try_from(at + 1).unwrap_or(i64::MAX))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    pragma(connection, "user_version")
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_row("SELECT count(*) = 0 FROM sqlite_master", [], |row| row.get(0))?)
}
