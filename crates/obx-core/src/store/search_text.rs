//! The text of an exchange that can be searched: titles, sellers, props, options, IDs and the vendor's messages, found by
//! any part of a word.
//!
//! Texts are split into pairs of neighbouring characters, since Chinese has no spaces and most of its words have two
//! characters: 直销 in 厂家直销 is one lookup. Long numbers are not split, and are found by their beginning.

use std::collections::HashSet;

use ring::digest::{Digest, SHA256, digest};

use onebound::{Exchange, Item};

/// Limit of an exchange's text: once it has so many bytes nothing more is added. Larger than any real item, against
/// hostile answers.
const MAX_TEXT: usize = 200_000;
/// Numbers with at least this many digits are not split.
const LONG_NUMBER: usize = 5;
/// Maximum length of a stored title in characters.
const MAX_TITLE: usize = 200;

/// An exchange's text, split into pairs.
#[derive(Debug)]
pub(super) struct SearchText {
    /// Exchanges with the same text share one row.
    pub(super) digest: Digest,
    pub(super) num_iid: String,
    pub(super) title: String,
    pub(super) pairs: String,
}

impl SearchText {
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
}

/// Returns the title as the log and a search show it; empty if there is no item.
pub(super) fn title(exchange: &Exchange) -> String {
    let title = exchange.item().map(|item| item.field("title").to_text()).unwrap_or_default();
    title.chars().take(MAX_TITLE).collect()
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
pub(super) fn pairs(text: &str) -> String {
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

/// A part of what is searched for. It contains only letters and digits, so nothing needs escaping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SearchTerm {
    /// The beginning of a pair or of a long number.
    Prefix(String),
    /// Pairs that follow each other.
    Phrase(Vec<String>),
}

/// Splits the user's words into terms that a text must contain, all of them. Empty if the index can't find them: it has
/// no punctuation, and would find 12 and 50 for 12.50.
pub(super) fn terms(words: &str) -> Vec<SearchTerm> {
    if words.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace()) {
        return Vec::new();
    }
    let term = |run: Vec<char>| match run.as_slice() {
        [one] => SearchTerm::Prefix(one.to_string()),
        run if is_long_number(run) => SearchTerm::Prefix(run.iter().collect()),
        run => SearchTerm::Phrase(run.windows(2).map(|pair| pair.iter().collect()).collect()),
    };
    runs(words).into_iter().map(term).collect()
}
