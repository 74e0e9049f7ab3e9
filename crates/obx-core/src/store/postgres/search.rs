//! The search index: pairs of neighbouring characters as a `tsvector`, which finds the texts that have all pairs; those in
//! which the pairs also follow each other are the ones that are meant. A `tsvector` with positions would tell that too, but
//! has only 16,383 of them.

use std::collections::BTreeSet;

use super::connection::ServerConnection;
use super::text::clean;
use crate::store::StoreError;
use crate::store::search_text::{SearchTerm, SearchText, terms};
use onebound::Scope;

/// A longer number is found by so many of its first digits.
const LONGEST_LEXEME: usize = 60;

/// A `tsvector` has room for more, but no real item needs it.
const MAX_LEXEMES: usize = 40_000;

/// Stores the text once for all exchanges with the same text; returns its row number.
pub(super) async fn keep(connection: &ServerConnection, text: &SearchText) -> Result<i64, StoreError> {
    let find = "SELECT id FROM texts WHERE digest = $1";
    if let Some(known) = connection.row(find, &[&text.digest.as_ref()]).await? {
        return Ok(known.try_get(0)?);
    }
    let made = connection
        .row(
            "INSERT INTO texts (digest, num_iid, title, pairs, lexemes)
             VALUES ($1, $2, $3, $4, array_to_tsvector($5)) ON CONFLICT (digest) DO NOTHING RETURNING id",
            &[
                &text.digest.as_ref(),
                &clean(&text.num_iid),
                &clean(&text.title),
                &text.pairs,
                &lexemes(&text.pairs),
            ],
        )
        .await?;
    if let Some(made) = made {
        return Ok(made.try_get(0)?);
    }
    let row = connection.row(find, &[&text.digest.as_ref()]).await?;
    Ok(row.ok_or_else(|| StoreError::broken(&"no text was written"))?.try_get(0)?)
}

fn lexemes(pairs: &str) -> Vec<String> {
    let lexemes: BTreeSet<String> = pairs.split_whitespace().map(cut).take(MAX_LEXEMES).collect();
    lexemes.into_iter().collect()
}

fn cut(lexeme: &str) -> String {
    lexeme.chars().take(LONGEST_LEXEME).collect()
}

/// Finds the gateway's exchanges whose texts contain all of these words, newest first.
pub(super) async fn find(
    connection: &ServerConnection,
    scope: &Scope,
    words: &str,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let terms = terms(words);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let query: Vec<String> = terms.iter().map(query).collect();
    let patterns: Vec<String> = terms.iter().map(pattern).collect();
    let rows = connection
        .rows(
            "SELECT id FROM exchanges WHERE text IN (
                 SELECT id FROM texts WHERE lexemes @@ $1::text::tsquery AND ' ' || pairs LIKE ALL ($2::text[])
             ) AND scope = $3 ORDER BY id DESC LIMIT $4",
            &[&query.join(" & "), &patterns, &scope.as_str(), &i64::try_from(limit).unwrap_or(i64::MAX)],
        )
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Letters and digits alone, so that nothing needs escaping.
fn query(term: &SearchTerm) -> String {
    match term {
        SearchTerm::Prefix(prefix) => format!("'{}':*", cut(prefix)),
        SearchTerm::Phrase(pairs) => {
            let all: Vec<String> = pairs.iter().map(|pair| format!("'{pair}'")).collect();
            all.join(" & ")
        }
    }
}

/// What the pairs of a text must be like, with a space before the first one.
fn pattern(term: &SearchTerm) -> String {
    match term {
        SearchTerm::Prefix(prefix) => format!("% {prefix}%"),
        SearchTerm::Phrase(pairs) => format!("% {} %", pairs.join(" ")),
    }
}
