//! Creates the tables, and migrates a store of an older version to this one.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rustix::fs::{Access, AtFlags, CWD, accessat};

use crate::store::{Place, StoreError, StoreErrorKind};
use onebound::{Host, VENDOR_HOSTS};

#[cfg(test)]
mod tests;

/// Marks the file as a store of obx: `obx1`.
const APPLICATION_ID: i64 = 0x6f62_7831;

/// How long a connection waits for a lock of another session.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(3);

/// Pause between two attempts at an operation for which `SQLite` doesn't wait itself.
pub(super) const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// The number of prepared statements that a connection keeps: all that a call needs from its beginning to its end.
const STATEMENTS: usize = 32;

/// Step N migrates a store of version N to version N + 1. Steps are only ever added: each has already run on some
/// store.
const MIGRATIONS: [&str; 9] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
    include_str!("schema/9.sql"),
];

/// The tables of this version, as all the steps make them: a new store is made at once, and one in memory for each
/// command that stores nothing.
const NEWEST: &str = include_str!("schema/newest.sql");

/// The oldest version that can be read without migration: views supply the names and columns that it lacks.
const READABLE: i64 = 1;

/// The first version whose rows have a gateway, and, while a call is under way, its owner.
const SCOPED: i64 = 3;

/// The first version whose table of blocks and column `summary` have their present names.
const BLOCKS_RENAMED: i64 = 4;

/// The first version whose tables and columns of outcomes have their present names.
const OUTCOMES_RENAMED: i64 = 5;

/// The first version whose rows say who asked.
const NAMED: i64 = 7;

/// The first version whose bodies have a digest, and which has other people's stars, notes and programs.
const DIGESTED: i64 = 8;

/// Opens a store for writing; creates it if it doesn't exist, and migrates it to this version.
pub(super) fn open(place: &Place) -> Result<Connection, StoreError> {
    let opened = match place {
        Place::Memory => Connection::open_in_memory().map_err(StoreError::from),
        Place::Postgres(_) => Err(StoreError::without_postgres()),
        Place::File { path, .. } => open_file(path),
    };
    opened.and_then(|connection| prepare(connection, place)).map_err(|error| error.at_place(place))
}

/// Opens an existing store for reading. An older one is migrated first if possible.
pub(super) fn open_to_read(place: &Place, path: &Path) -> Result<Connection, StoreError> {
    let connection = read_only(path).map_err(|error| error.at_place(place))?;
    let version = version(&connection)?;
    if version >= newest() {
        return Ok(connection);
    }
    match open(place) {
        Ok(_) => read_only(path).map_err(|error| error.at_place(place)),
        // If the disk is full or read-only, the store can still be shown.
        Err(_) if version >= READABLE => read_as_newest(connection, version),
        Err(error) => Err(error),
    }
}

/// Returns true if this process may write to the file. Reading a file that it may not write would leave helper files
/// of `SQLite` with the same mode beside it, which would still be unwritable when the file is writable again.
pub(super) fn can_be_written(path: &Path) -> bool {
    accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

/// Checks that the path is a plain file or doesn't exist: merely opening a FIFO can block forever.
fn check_file(path: &Path) -> Result<(), StoreError> {
    Place::unfit(path).map_or(Ok(()), |kind| {
        Err(StoreError::new(StoreErrorKind::Unreachable, format!("{kind}, and a store is a file")))
    })
}

/// Covers the tables of an older version with views that have this version's names and columns.
fn read_as_newest(connection: Connection, version: i64) -> Result<Connection, StoreError> {
    // The disk may be full, so nothing temporary goes there.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if version < BLOCKS_RENAMED {
        connection.execute_batch("CREATE TEMP VIEW blocks AS SELECT * FROM main.latches")?;
    }
    if version < OUTCOMES_RENAMED {
        let summary = if version < BLOCKS_RENAMED { "told" } else { "summary" };
        let scope = if version < SCOPED { scope_columns() } else { String::new() };
        connection.execute_batch(&format!(
            "CREATE TEMP VIEW outcomes AS SELECT id, {summary} AS summary FROM main.conclusions;
             CREATE TEMP VIEW exchanges AS
             SELECT *, conclusion AS outcome, NULL AS asked_by, NULL AS begun_at{scope} FROM main.exchanges"
        ))?;
    } else {
        let asked_by = if version < NAMED { ", NULL AS asked_by" } else { "" };
        connection.execute_batch(&format!(
            "CREATE TEMP VIEW exchanges AS SELECT *{asked_by}, NULL AS begun_at FROM main.exchanges"
        ))?;
    }
    if version < DIGESTED {
        connection.execute_batch(
            "CREATE TEMP VIEW bodies AS SELECT *, NULL AS digest FROM main.bodies;
             CREATE TEMP TABLE items_of_others (asked_by TEXT, num_iid TEXT, starred INTEGER, note TEXT);
             CREATE TEMP TABLE programs_of_others (id INTEGER PRIMARY KEY, asked_by TEXT, program TEXT)",
        )?;
    }
    Ok(connection)
}

/// The columns that rows without a gateway lack.
fn scope_columns() -> String {
    let vendor = Host::default().scope();
    let hosts = VENDOR_HOSTS.map(|host| format!("'{host}'")).join(", ");
    format!(", NULL AS owner, CASE WHEN host IN ({hosts}) THEN '{vendor}' ELSE host END AS scope")
}

pub(super) fn read_only(path: &Path) -> Result<Connection, StoreError> {
    check_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    plan_once(&connection)?;
    check(&connection)?;
    Ok(connection)
}

/// Lets a prepared statement keep its plan: else `SQLite` prepares one again for each other value that is compared with a
/// column of a partial index, which takes longer than most queries.
fn plan_once(connection: &Connection) -> Result<(), StoreError> {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?; // it is as asked
    Ok(())
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    check_file(path)?;
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    // Created here, so that nobody else can ever read it; SQLite's own files get the same mode.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        // SQLite silently opens it read-only, and would stay so when the file is writable again.
        return Err(StoreError::new(StoreErrorKind::ReadOnly, "this file can't be written"));
    }
    Ok(connection)
}

fn prepare(mut connection: Connection, place: &Place) -> Result<Connection, StoreError> {
    connection.busy_timeout(LOCK_WAIT)?;
    plan_once(&connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    check(&connection)?;
    if version(&connection)? == 0 {
        // This must precede the first table: later it would require rewriting the file.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    write_ahead(&connection)?;
    // A row of the ledger must survive a power failure.
    connection.pragma_update(None, "synchronous", "FULL")?;
    if version(&connection)? == 0 {
        create(&mut connection, place)?;
    }
    migrate(&mut connection, &MIGRATIONS)?;
    // Only after the migration: a step that replaces a table would also delete the rows that refer to it.
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Turns on the write-ahead log. The first of several sessions does so and needs the file exclusively for that
/// moment; the others get an immediate error that it is locked, whatever the busy timeout.
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
    // Read in one transaction, since another session may be creating the tables.
    let moment = connection.unchecked_transaction()?;
    let (version, application) = (version(&moment)?, pragma(&moment, "application_id")?);
    if application != APPLICATION_ID && (application != 0 || version != 0 || !is_empty(&moment)?) {
        return Err(StoreError::new(StoreErrorKind::Corrupt, "this file is no store of obx"));
    }
    if version < 0 {
        return Err(StoreError::new(StoreErrorKind::Corrupt, format!("its version is {version}")));
    }
    check_version(version)
}

/// Checks that no newer obx has migrated the store. A session can have it open meanwhile: what it knows of the tables is
/// wrong then, and a call whose answer it can't write must not be sent.
pub(super) fn check_not_newer(connection: &Connection) -> Result<(), StoreError> {
    check_version(version(connection)?)
}

fn check_version(version: i64) -> Result<(), StoreError> {
    let ours = newest();
    if version > ours {
        let message = format!("this store is of version {version}, of a newer obx; this one knows {ours}");
        return Err(StoreError::new(StoreErrorKind::Newer, message));
    }
    Ok(())
}

/// Returns the store version of this obx.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Creates the tables in an empty file or in memory.
fn create(connection: &mut Connection, place: &Place) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another session may have created them meanwhile.
    if version(&transaction)? == 0 {
        match place {
            Place::Memory => in_memory().try_for_each(|statement| transaction.execute_batch(statement))?,
            Place::File { .. } | Place::Postgres(_) => transaction.execute_batch(NEWEST)?,
        }
        transaction.pragma_update(None, "user_version", newest())?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    transaction.commit()?;
    Ok(())
}

/// The statements without the views, which are for other programs: memory is open to none.
fn in_memory() -> impl Iterator<Item = &'static str> {
    NEWEST.split_inclusive(";\n").filter(|statement| !statement.starts_with("CREATE VIEW"))
}

/// Runs the migration steps that are missing, all of them or none.
fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let current = |connection: &Connection| {
        version(connection).map(|version| usize::try_from(version).unwrap_or_default())
    };
    if current(connection)? >= steps.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another session may have migrated it meanwhile.
    for (at, step) in steps.iter().enumerate().skip(current(&transaction)?) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", i64::try_from(at + 1).unwrap_or(i64::MAX))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    pragma(connection, "user_version")
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_row("SELECT count(*) = 0 FROM sqlite_master", [], |row| row.get(0))?)
}
