//! The saved jq programs, which the next session offers.

use rusqlite::Connection;

use crate::store::{MAX_PROGRAMS, PersonProgram, StoreError};

/// Returns all programs, the newest last.
pub(super) fn all(connection: &Connection) -> Result<Vec<String>, StoreError> {
    // A store that could not be migrated to this version has no such table.
    if !connection.table_exists(None, "programs")? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached("SELECT program FROM programs ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns everybody's programs, the newest last.
pub(super) fn of_all(connection: &Connection) -> Result<Vec<PersonProgram>, StoreError> {
    let mut programs: Vec<PersonProgram> = all(connection)?.into_iter().map(|own| (None, own)).collect();
    let mut statement =
        connection.prepare_cached("SELECT asked_by, program FROM programs_of_others ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok((Some(row.get(0)?), row.get(1)?)))?;
    programs.extend(rows.collect::<Result<Vec<_>, _>>()?);
    Ok(programs)
}

/// Saves a program of somebody else.
pub(super) fn keep_of(connection: &Connection, name: &str, program: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO programs_of_others (asked_by, program) VALUES (?1, ?2)")?
        .execute([name, program])?;
    Ok(())
}

/// Saves a program as the newest one, even if it was saved before, and deletes the oldest beyond the maximum.
pub(super) fn keep(connection: &mut Connection, program: &str) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO programs (program) VALUES (?1)")?
        .execute([program])?;
    transaction
        .prepare_cached(
            "DELETE FROM programs WHERE id <= (SELECT id FROM programs ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([i64::try_from(MAX_PROGRAMS).unwrap_or(i64::MAX)])?;
    transaction.commit()?;
    Ok(())
}
