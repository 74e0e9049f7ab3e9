//! The search index: pairs of neighbouring characters, in a table of `FTS5`.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::store::StoreError;
use crate::store::search_text::{SearchTerm, SearchText, terms};
use onebound::Scope;

/// Stores the text once for all exchanges with the same text; returns its row number.
pub(super) fn keep(transaction: &Connection, text: &SearchText) -> Result<i64, StoreError> {
    let known = transaction
        .prepare_cached("SELECT id FROM texts WHERE digest = ?1")?
        .query_row([text.digest.as_ref()], |row| row.get(0))
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    transaction
        .prepare_cached("INSERT INTO texts (digest, num_iid, title) VALUES (?1, ?2, ?3)")?
        .execute(params![text.digest.as_ref(), text.num_iid, text.title])?;
    let id = transaction.last_insert_rowid();
    transaction
        .prepare_cached("INSERT INTO search (rowid, pairs) VALUES (?1, ?2)")?
        .execute(params![id, text.pairs])?;
    Ok(id)
}

/// Deletes the texts that no exchange uses any longer.
pub(super) fn forget_unused(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let unused = "SELECT id FROM texts WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE text = texts.id)";
    transaction.execute(&format!("DELETE FROM search WHERE rowid IN ({unused})"), [])?;
    transaction.execute(&format!("DELETE FROM texts WHERE id IN ({unused})"), [])?;
    Ok(())
}

/// Finds the gateway's exchanges whose texts contain all of these words, newest first.
pub(super) fn find(
    connection: &Connection,
    scope: &Scope,
    words: &str,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let query = query(words);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = connection.prepare_cached(
        "SELECT id FROM exchanges WHERE text IN (SELECT rowid FROM search WHERE search MATCH ?1)
         AND +scope = ?2 ORDER BY id DESC LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = found.query_map(params![query, scope.as_str(), limit], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Converts the user's words to a query for the index.
fn query(words: &str) -> String {
    let quoted = |term: SearchTerm| match term {
        SearchTerm::Prefix(prefix) => format!("\"{prefix}\" *"),
        SearchTerm::Phrase(pairs) => format!("\"{}\"", pairs.join(" ")),
    };
    terms(words).into_iter().map(quoted).collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::search_text::pairs;

    fn finds(text: &str, words: &str) -> bool {
        let query = query(words);
        let connection = Connection::open_in_memory().unwrap();
        let table = "CREATE VIRTUAL TABLE s USING fts5 (p, tokenize = 'unicode61 remove_diacritics 0')";
        connection.execute_batch(table).unwrap();
        connection.execute("INSERT INTO s VALUES (?1)", [pairs(text)]).unwrap();
        let count = "SELECT count(*) FROM s WHERE s MATCH ?1";
        !query.is_empty() && connection.query_row(count, [query], |row| row.get::<_, i64>(0)).unwrap() > 0
    }

    #[test]
    fn any_part_of_a_chinese_or_latin_word_is_found() {
        let title = "厂家直销小米有品Qin2 Pro智能手机 大红 sku 4309097072612";
        for words in ["直销", "厂家直销小米", "机", "红", "qin2", "QIN2 智能", "in2", "430909", "pro智"]
        {
            assert!(finds(title, words), "{words}");
        }
        for words in ["直厂", "销家", "品2", "9097072612", "机大红", "绿"] {
            assert!(!finds(title, words), "{words}");
        }
    }

    #[test]
    fn whatever_is_typed_is_a_query() {
        for words in ["\"", "a\" OR \"b", "*", "NEAR(", "'; DROP", "-红", "红\u{0}", "ﬁ½Ⅷ"] {
            let _ = finds("红", words); // whether it is found does not matter, only that it is no error
        }
        assert_eq!(query(" / \" "), "");
    }
}
