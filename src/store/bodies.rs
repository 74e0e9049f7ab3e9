//! Searches what no index holds: the bodies themselves, newest first, a piece at a time.

use std::borrow::Cow;

use regex::bytes::{Regex, RegexBuilder};
use rusqlite::{Connection, Row, params};

use super::{BodySearch, ExchangeId, RestOfSearch, StoreError, lines, pack};
use crate::api::{Record, Scope};

/// What one piece unpacks, in bytes. Others wait for the reader that long: some 20 ms.
const PIECE: usize = 4 * 1024 * 1024;

/// Every body costs as much as so many of its bytes, however small it is.
const EACH: usize = 2 * 1024;

/// Words that must all stand in a text, in any case.
struct Words(Vec<Regex>);

impl Words {
    fn new(words: &str) -> Result<Self, StoreError> {
        let word = |word| RegexBuilder::new(&regex::escape(word)).case_insensitive(true).build();
        let words = words.split_whitespace().map(word).collect::<Result<_, _>>();
        words.map(Self).map_err(|error| StoreError::broken(&error))
    }

    fn are_in(&self, texts: &[&[u8]]) -> bool {
        self.0.iter().all(|word| texts.iter().any(|text| word.is_match(text)))
    }
}

/// Searches one piece of a gateway's exchanges, from the newest before this one.
pub(super) fn search(
    connection: &Connection,
    scope: &Scope,
    words: &str,
    before: Option<ExchangeId>,
) -> Result<BodySearch, StoreError> {
    let words = Words::new(words)?;
    let mut bodies = connection.prepare_cached(
        "SELECT b.id, e.size, e.question, b.record, b.packed FROM bodies b JOIN exchanges e ON e.id = b.id
         WHERE b.id < ?1 AND e.scope = ?2 ORDER BY b.id DESC",
    )?;
    let mut rows = bodies.query(params![before.map_or(i64::MAX, |id| id.0), scope.as_str()])?;
    let (mut ids, mut unread, mut rest, mut done) = (Vec::new(), 0, None, 0);
    while let Some(row) = rows.next()? {
        let (id, size): (i64, i64) = (row.get(0)?, row.get(1)?);
        match holds(row, &words) {
            Ok(true) => ids.push(id),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, id, "a kept body can't be searched");
                unread += 1;
            }
        }
        done += EACH + usize::try_from(size).unwrap_or_default();
        if done >= PIECE {
            rest = rest_before(connection, id)?;
            break;
        }
    }
    Ok(BodySearch { found: lines::found(connection, &ids)?, unread, rest })
}

fn holds(row: &Row<'_>, words: &Words) -> Result<bool, StoreError> {
    let size = usize::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
    let record: Record = serde_json::from_str(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
    let packed = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
    let raw = if packed.is_empty() { bytes::Bytes::new() } else { pack::unpack(packed, size)? };
    let shown = record.shown(raw);
    let asked = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(words.are_in(&[&shown, &unescaped(&shown), asked.as_bytes()]))
}

fn rest_before(connection: &Connection, id: i64) -> Result<Option<RestOfSearch>, StoreError> {
    let (oldest, newest): (i64, i64) = connection
        .prepare_cached("SELECT (SELECT min(id) FROM bodies), (SELECT max(id) FROM bodies)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if oldest >= id {
        return Ok(None);
    }
    let percent = (newest - id).max(0) * 100 / (newest - oldest).max(1);
    let percent = u8::try_from(percent.min(99)).unwrap_or_default();
    Ok(Some(RestOfSearch { before: ExchangeId(id), percent }))
}

/// A body's text without the escapes of JSON, and those of XML and HTML: 厂 is also written `\u5382` and `&#21378;`.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'\\', b'&', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\\', b'&', rest) {
        let (before, escape) = rest.split_at(at);
        plain.extend_from_slice(before);
        let (character, length) = json_escape(escape).or_else(|| entity(escape)).unwrap_or_else(|| {
            let itself = escape.first().copied().map(char::from).unwrap_or_default();
            (itself, 1)
        });
        plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = escape.get(length..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// The character that an escape stands for, and the escape's length.
fn json_escape(text: &[u8]) -> Option<(char, usize)> {
    let [b'\\', kind, ..] = text else { return None };
    let character = match kind {
        b'n' | b'r' | b't' => ' ',
        b'"' | b'\\' | b'/' => char::from(*kind),
        b'u' => {
            let first = utf16_unit(text)?;
            if let Some(character) = char::from_u32(first) {
                return Some((character, 6));
            }
            let second = utf16_unit(text.get(6..)?)?;
            let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            return char::decode_utf16(units).next()?.ok().map(|character| (character, 12));
        }
        _ => return None,
    };
    Some((character, 2))
}

/// Of `\u5382`.
fn utf16_unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn entity(text: &[u8]) -> Option<(char, usize)> {
    // The longest is `&#x10FFFF;`.
    let end = text.iter().take(10).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(text.get(1..end)?).ok()?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_the_rest_stays() {
        for (text, plain) in [
            ("plain", "plain"),
            (r#"{"a":"\u5382\u5BB6\/x\\n"}"#, r#"{"a":"厂家/x\n"}"#),
            (r"\ud83d\ude00 \ud83d \u12 \q \", r"😀 \ud83d \u12 \q \"),
            ("&#21378;&#x5BB6; a&amp;b &lt; &none; & &#1;", "厂家 a&b < &none; & \u{1}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&unescaped(text.as_bytes())), plain);
        }
    }
}
