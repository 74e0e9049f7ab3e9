//! Checks a store's file without changing it: an older one is not migrated.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::{Place, StoreError, schema};
use crate::store::{StoreErrorKind, StoreHealth};

/// No more lines of damage are of use to anybody.
const MOST_DAMAGE: usize = 5;

/// What `quick_check` says of a sound file.
const SOUND: &str = "ok";

/// Checks the store; `None` in memory, and if there is no file.
pub(in crate::store) fn inspect(place: &Place) -> Result<Option<StoreHealth>, StoreError> {
    let Some(path) = place.path().filter(|path| path.exists()) else { return Ok(None) };
    let health = schema::read_only(path).and_then(|connection| health(&connection, path));
    health.map(Some).map_err(|error| error.at_place(place))
}

fn health(connection: &Connection, path: &Path) -> Result<StoreHealth, StoreError> {
    let version = schema::version(connection)?;
    let damage = damage(connection)?;
    let count = |table| -> Result<i64, StoreError> {
        Ok(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    };
    // A file that another session is creating has no tables yet; of a damaged one not all can be counted.
    let exchanges = match count("exchanges") {
        Ok(count) => count,
        Err(error) if version == 0 || error.fault == StoreErrorKind::Corrupt => 0,
        Err(error) => return Err(error),
    };
    Ok(StoreHealth {
        version,
        newest_version: schema::newest(),
        exchanges: u64::try_from(exchanges).unwrap_or_default(),
        size: size(path),
        damage,
    })
}

/// Damage that keeps the check itself from going on is damage like any other.
fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(&format!("PRAGMA quick_check({MOST_DAMAGE})"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut damage = Vec::new();
    for line in lines {
        match line.map_err(StoreError::from) {
            Ok(line) => damage.extend(line.lines().filter(|line| *line != SOUND).map(str::to_owned)),
            Err(error) if error.fault == StoreErrorKind::Corrupt => damage.push(error.detail),
            Err(error) => return Err(error),
        }
    }
    Ok(damage)
}

/// The size of the file and of its write-ahead log.
fn size(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    length(path) + length(log.as_ref())
}
