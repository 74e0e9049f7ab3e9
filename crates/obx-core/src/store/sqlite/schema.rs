//! The tables, and how a store of an older version becomes one of this.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rustix::fs::{Access, AtFlags, CWD, accessat};

use crate::store::{Place, StoreError, StoreErrorKind};
use onebound::{Host, VENDOR_HOSTS};

#[cfg(test)]
mod tests;

/// Says in the file that it is ours: `obx1`.
const APPLICATION_ID: i64 = 0x6f62_7831;

/// How long a lock of another session is waited for.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(3);

/// Between two attempts at what `SQLite` does not wait for by itself.
pub(super) const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What makes a store of version N one of version N + 1. Only ever added to: each has been run somewhere.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// Stores from this version on lack some of the newest one's tables and columns, and nothing else: they can be read
/// as they are.
const READABLE: i64 = 1;

/// The first version whose rows say of which gateway they are, and whose call they are while it is under way.
const SCOPED: i64 = 3;

/// The first version whose tables and columns have the names of today.
const RENAMED: i64 = 4;

/// Opens a store for writing, makes it where there is none, and brings it up to this version.
pub(super) fn open(place: &Place) -> Result<Connection, StoreError> {
    let opened = match place {
        Place::Memory => Connection::open_in_memory().map_err(StoreError::from),
        Place::File { path, .. } => open_file(path),
    };
    opened.and_then(prepare).map_err(|error| error.of(place))
}

/// Opens a store that is there, to read from; one of an older version is brought up to this one first, where that can
/// be done.
pub(super) fn open_to_read(place: &Place, path: &Path) -> Result<Connection, StoreError> {
    let connection = read_only(path).map_err(|error| error.of(place))?;
    let version = version(&connection)?;
    if version >= newest() {
        return Ok(connection);
    }
    match open(place) {
        Ok(_) => read_only(path).map_err(|error| error.of(place)),
        // A full disk or one that can't be written is no reason to show nothing.
        Err(_) if version >= READABLE => read_as_newest(connection, version),
        Err(error) => Err(error),
    }
}

/// Whether this process may write to the file. To read one that it may not write to leaves files of `SQLite` beside it
/// that can't be written either, with the mode of the file: these stay in the way when it can be written again.
pub(super) fn can_be_written(path: &Path) -> bool {
    accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

/// Whether there is a file or nothing, for even looking at a FIFO can wait without end.
fn check_file(path: &Path) -> Result<(), StoreError> {
    Place::unfit(path).map_or(Ok(()), |kind| {
        Err(StoreError::new(StoreErrorKind::Unreachable, format!("{kind}, and a store is a file")))
    })
}

/// Hides the tables of an older version behind views that have the names and columns of this one.
fn read_as_newest(connection: Connection, version: i64) -> Result<Connection, StoreError> {
    if version < RENAMED {
        // The disk may be full.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.execute_batch(
            "CREATE TEMP VIEW conclusions AS SELECT id, told AS summary FROM main.conclusions;
             CREATE TEMP VIEW blocks AS SELECT * FROM main.latches",
        )?;
    }
    if version < SCOPED {
        let vendor = Host::default().scope();
        let hosts = VENDOR_HOSTS.map(|host| format!("'{host}'")).join(", ");
        connection.execute_batch(&format!(
            "CREATE TEMP VIEW exchanges AS SELECT *, NULL AS owner,
                 CASE WHEN host IN ({hosts}) THEN '{vendor}' ELSE host END AS scope FROM main.exchanges"
        ))?;
    }
    Ok(connection)
}

fn read_only(path: &Path) -> Result<Connection, StoreError> {
    check_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    check(&connection)?;
    Ok(connection)
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    check_file(path)?;
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
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        // SQLite falls back to reading, and would stay there when the file can be written again.
        return Err(StoreError::new(StoreErrorKind::ReadOnly, "this file can't be written"));
    }
    Ok(connection)
}

fn prepare(mut connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(LOCK_WAIT)?;
    check(&connection)?;
    if version(&connection)? == 0 {
        // Before the first table: later it would take rewriting the file.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    write_ahead(&connection)?;
    // A row of the ledger must also outlive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(&mut connection, &MIGRATIONS)?;
    // Only now: a step that puts another table in the place of one would take along whatever refers to it.
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// The first of several sessions turns the file to it, and needs it for itself in that moment; the others are told
/// at once that it is locked, without any wait.
fn write_ahead(connection: &Connection) -> Result<(), StoreError> {
    let start = Instant::now();
    loop {
        let turned: rusqlite::Result<String> =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match turned.map_err(StoreError::from) {
            Err(error) if error.fault == StoreErrorKind::Locked && start.elapsed() < LOCK_WAIT => {
                thread::sleep(LOCK_PAUSE);
            }
            turned => return turned.map(drop),
        }
    }
}

fn check(connection: &Connection) -> Result<(), StoreError> {
    // All of one moment: another session may be filling the file.
    let moment = connection.unchecked_transaction()?;
    let (version, application) = (version(&moment)?, pragma(&moment, "application_id")?);
    if application != APPLICATION_ID && (application != 0 || version != 0 || !is_empty(&moment)?) {
        return Err(StoreError::new(StoreErrorKind::Corrupt, "this file is no store of obx"));
    }
    if version < 0 {
        return Err(StoreError::new(StoreErrorKind::Corrupt, format!("its version is {version}")));
    }
    let ours = newest();
    if version > ours {
        let message = format!("this store is of version {version}, of a newer obx; this one knows {ours}");
        return Err(StoreError::new(StoreErrorKind::Newer, message));
    }
    Ok(())
}

/// The version of this obx.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Takes the steps that the file has not had yet, all of them or none.
fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let current = |connection: &Connection| {
        version(connection).map(|version| usize::try_from(version).unwrap_or_default())
    };
    if current(connection)? >= steps.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another session may have been first.
    for (at, step) in steps.iter().enumerate().skip(current(&transaction)?) {
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
