//! The jq programs that were kept, so that the next session can offer them.

use rusqlite::Connection;

use crate::store::StoreError;

/// Remembered at most: the ones that were kept last.
pub const MAX_PROGRAMS: usize = 100;

/// All of them, the one kept last at the end.
pub(super) fn all(connection: &Connection) -> Result<Vec<String>, StoreError> {
    // A store that could not be brought up to this version has none.
    if !connection.table_exists(None, "programs")? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached("SELECT program FROM programs ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts one at the end, wherever it stood, and lets go of the oldest beyond what is remembered.
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
