//! The search index: titles, sellers, props, options, IDs and the vendor's messages, found by any part of a word.
//!
//! Texts are split into pairs of neighbouring characters, since Chinese has no spaces and most of its words have two
//! characters: 直销 in 厂家直销 is one lookup. Long numbers are not split, and are found by their beginning.

use std::collections::HashSet;

use ring::digest::{Digest, SHA256, digest};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::store::StoreError;
use onebound::{Exchange, Item, Scope};

/// Limit of an exchange's text: once it has so many bytes nothing more is added. Larger than any real item, against
/// hostile answers.
const MAX_TEXT: usize = 200_000;
/// Numbers with at least this many digits are not split.
const LONG_NUMBER: usize = 5;
/// Maximum length of a stored title in characters.
const MAX_TITLE: usize = 200;

/// An exchange's text, split into pairs.
#[derive(Debug)]
pub(super) struct Text {
    digest: Digest,
    num_iid: String,
    title: String,
    pairs: String,
}

impl Text {
    /// Extracts the text of an exchange; `None` if it is empty.
    pub(super) fn from_exchange(exchange: &Exchange) -> Option<Self> {
        let text = text(exchange);
        (!text.is_empty()).then(|| Self {
            digest: digest(&SHA256, text.as_bytes()),
            num_iid: exchange.call.subject().as_str().to_owned(),
            title: title(exchange),
            pairs: pairs(&text),
        })
    }

    /// Stores the text once for all exchanges with the same text; returns its row number.
    pub(super) fn keep(&self, transaction: &Transaction<'_>) -> Result<i64, StoreError> {
        let known = transaction
            .prepare_cached("SELECT id FROM texts WHERE digest = ?1")?
            .query_row([self.digest.as_ref()], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        transaction
            .prepare_cached("INSERT INTO texts (digest, num_iid, title) VALUES (?1, ?2, ?3)")?
            .execute(params![self.digest.as_ref(), self.num_iid, self.title])?;
        let id = transaction.last_insert_rowid();
        transaction
            .prepare_cached("INSERT INTO search (rowid, pairs) VALUES (?1, ?2)")?
            .execute(params![id, self.pairs])?;
        Ok(id)
    }
}

/// Returns the title as the log and a search show it; empty if there is no item.
pub(super) fn title(exchange: &Exchange) -> String {
    let title = exchange.item().map(|item| item.field("title").to_text()).unwrap_or_default();
    title.chars().take(MAX_TITLE).collect()
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
    // The index has no punctuation: it would find 12 and 50 for 12.50.
    if query.is_empty() || words.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace()) {
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

fn text(exchange: &Exchange) -> String {
    let mut text = exchange.call.subject().to_string();
    if let Some(item) = exchange.item() {
        add_item(&mut text, item);
    } else if let Some(envelope) = exchange.envelope() {
        add(&mut text, &envelope.error);
        add(&mut text, &envelope.reason);
    }
    if let Some(id) = exchange.envelope().and_then(|envelope| envelope.request_id.as_deref()) {
        // A request ID matters only for a failure; in an item's text it would make every text different.
        if exchange.item().is_none() {
            add(&mut text, id);
        }
    }
    text
}

fn add_item(text: &mut String, item: Item<'_>) {
    for name in ["title", "nick", "location", "brand", "desc_short"] {
        add(text, item.field(name).text().unwrap_or_default());
    }
    for name in ["shop_name", "title", "nick"] {
        add(text, item.inner("seller_info", name).text().unwrap_or_default());
    }
    for prop in (0..item.prop_count()).filter_map(|at| item.prop(at)) {
        add(text, &prop.name().to_text());
        add(text, &prop.value().to_text());
    }
    let mut seen = HashSet::new();
    for sku in item.skus() {
        if text.len() > MAX_TEXT {
            break;
        }
        add(text, sku.field("sku_id").text().unwrap_or_default());
        item.each_property(sku, |property| {
            if seen.insert(property.value.to_owned()) {
                add(text, property.value);
            }
        });
    }
}

fn add(text: &mut String, part: &str) {
    if !part.is_empty() && text.len() < MAX_TEXT {
        text.push('\n');
        text.extend(part.chars().take(MAX_TEXT));
    }
}

/// Splits a text into runs of letters and digits; a long number is a run of its own.
fn runs(text: &str) -> Vec<Vec<char>> {
    let lower = text.to_lowercase();
    let mut runs = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut rest: Vec<char> = Vec::new();
        let chars: Vec<char> = word.chars().collect();
        for part in chars.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            if part.len() >= LONG_NUMBER && part.iter().all(char::is_ascii_digit) {
                runs.push(std::mem::take(&mut rest));
                runs.push(part.to_vec());
            } else {
                rest.extend(part);
            }
        }
        runs.push(rest);
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn is_long_number(run: &[char]) -> bool {
    run.len() >= LONG_NUMBER && run.iter().all(char::is_ascii_digit)
}

/// Returns the index's content for a text: every pair, and the last character of each run, which also separates the
/// pairs of two runs.
fn pairs(text: &str) -> String {
    let mut pairs = String::with_capacity(text.len() * 2);
    for run in runs(text) {
        if is_long_number(&run) {
            pairs.extend(&run);
        } else {
            for pair in run.windows(2) {
                pairs.extend(pair);
                pairs.push(' ');
            }
            pairs.extend(run.last());
        }
        pairs.push(' ');
    }
    pairs
}

/// Converts the user's words to a query for the index. It contains only letters and digits of them, so nothing needs
/// escaping.
fn query(words: &str) -> String {
    let term = |run: Vec<char>| match run.as_slice() {
        [one] => format!("\"{one}\" *"),
        run if is_long_number(run) => format!("\"{}\" *", run.iter().collect::<String>()),
        run => {
            let pairs: Vec<String> = run.windows(2).map(|pair| pair.iter().collect()).collect();
            format!("\"{}\"", pairs.join(" "))
        }
    };
    runs(words).into_iter().map(term).collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
