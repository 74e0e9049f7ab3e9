//! Compares words with bodies, which no index covers. Large bodies are searched in chunks; between two chunks the search
//! checks that its result is still wanted.

use regex::bytes::{Regex, RegexBuilder};

use super::write_queue::PendingWrite;
use super::{Found, StoreError};
use onebound::{Question, Scope, decode_entity};

/// The cost of one step in bytes, including all of its last body: after each step the screen shows the search's
/// progress.
pub(super) const PIECE: usize = 4 * 1024 * 1024;

/// Added to the cost of every body, in bytes, however small it is.
pub(super) const EACH: usize = 2 * 1024;

/// Bytes that are searched between two checks whether the result is still wanted.
const STEP: usize = 1024 * 1024;

/// Returns an error if nobody waits for the search any longer.
pub(super) type Check<'a> = &'a dyn Fn() -> Result<(), StoreError>;

/// Words that a text must contain, all of them, in any case.
pub(super) struct Words {
    each: Vec<Regex>,
    /// The longest match of a word in a text, in bytes.
    longest: usize,
    /// Size of a chunk in bytes.
    step: usize,
}

impl Words {
    pub(super) fn new(words: &str) -> Result<Self, StoreError> {
        // A character also matches its other cases, as K matches the Kelvin sign; each takes at most four bytes.
        let longest = words.split_whitespace().map(|word| word.chars().count() * 4).max().unwrap_or_default();
        let word = |word| RegexBuilder::new(&regex::escape(word)).case_insensitive(true).build();
        let words = words.split_whitespace().map(word).collect::<Result<_, _>>();
        words.map(|each| Self { each, longest, step: STEP }).map_err(|error| StoreError::broken(&error))
    }

    /// Returns true if each word is in the body as it is, in the body with its escapes decoded, or in the request.
    pub(super) fn are_in(&self, body: &[u8], question: &str, check: Check<'_>) -> Result<bool, StoreError> {
        let mut missing: Vec<&Regex> = self.each.iter().collect();
        let asked = Question::asked(question);
        missing.retain(|word| !word.is_match(asked.as_bytes()));
        let mut rest = body;
        while !missing.is_empty() && !rest.is_empty() {
            check()?;
            // A word that begins in this chunk and ends after it is completely in `text`.
            let text = rest.get(..self.step + self.longest).unwrap_or(rest);
            missing.retain(|word| !word.is_match(text));
            rest = rest.get(self.step..).unwrap_or_default();
        }
        let (mut plain, mut escaped) = (Vec::new(), body);
        if memchr::memchr2(b'\\', b'&', body).is_none() {
            escaped = &[];
        }
        while !missing.is_empty() && !escaped.is_empty() {
            check()?;
            escaped = unescape(escaped, &mut plain, self.step + self.longest);
            missing.retain(|word| !word.is_match(&plain));
            plain.drain(..plain.len().saturating_sub(self.longest));
        }
        Ok(missing.is_empty())
    }
}

/// Returns the unwritten exchanges that the store's search has not found as well, in case they were written since.
pub(super) fn without(stored: &[Found], unwritten: Vec<(PendingWrite, Found)>) -> Vec<Found> {
    let with_row = unwritten.into_iter().map(|(waiting, mut found)| {
        found.line.id = waiting.written().or(found.line.id);
        found
    });
    let is_new =
        |found: &Found| found.line.id.is_none() || stored.iter().all(|one| one.line.id != found.line.id);
    with_row.filter(is_new).collect()
}

/// Returns the unwritten exchanges of a gateway that contain these words, newest first.
pub(super) fn search_unwritten(
    waiting: Vec<PendingWrite>,
    scope: &Scope,
    words: &str,
    check: Check<'_>,
) -> Result<Vec<(PendingWrite, Found)>, StoreError> {
    let words = Words::new(words)?;
    let mut found = Vec::new();
    for one in waiting.into_iter().rev() {
        let Some(exchange) = one.exchange().filter(|exchange| exchange.scope() == *scope) else { continue };
        if words.are_in(exchange.body.shown(), exchange.question().as_str(), check)? {
            let shown = one.found();
            found.extend(shown.map(|shown| (one, shown)));
        }
    }
    Ok(found)
}

/// Appends a body's text to `plain`, with the escapes of JSON, XML and HTML decoded, until `plain` has `until` bytes:
/// 厂 may be written `\u5382` or `&#21378;`. Returns the rest of the body.
fn unescape<'a>(mut rest: &'a [u8], plain: &mut Vec<u8>, until: usize) -> &'a [u8] {
    while plain.len() < until && !rest.is_empty() {
        let near = rest.get(..STEP).unwrap_or(rest);
        let (before, escape) = rest.split_at(memchr::memchr2(b'\\', b'&', near).unwrap_or(near.len()));
        plain.extend_from_slice(before);
        rest = escape;
        let (Some(first), true) = (escape.first(), before.len() < near.len()) else { continue };
        let (character, length) =
            json_escape(escape).or_else(|| decode_entity(escape)).unwrap_or((char::from(*first), 1));
        plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = escape.get(length..).unwrap_or_default();
    }
    rest
}

/// Decodes a JSON escape; returns the character and the escape's length in bytes.
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

/// Parses the code unit of an escape like `\u5382`.
fn utf16_unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{StoreErrorKind, pack};

    #[test]
    fn escapes_are_undone_and_the_rest_stays() {
        for (text, plain) in [
            ("plain", "plain"),
            (r#"{"a":"\u5382\u5BB6\/x\\n"}"#, r#"{"a":"厂家/x\n"}"#),
            (r"\ud83d\ude00 \ud83d \u12 \q \", r"😀 \ud83d \u12 \q \"),
            ("&#21378;&#x005BB6; a&amp;b&nbsp;&lt; &none; & &#1; &", "厂家 a&b < &none; & \u{1} &"),
        ] {
            let mut undone = Vec::new();
            assert!(unescape(text.as_bytes(), &mut undone, usize::MAX).is_empty());
            assert_eq!(String::from_utf8_lossy(&undone), plain);
        }
    }

    #[test]
    fn a_word_is_found_wherever_a_step_ends_and_nothing_is_put_together_there() {
        let words = Words { step: 50, ..Words::new("厂家直销 b9").unwrap() };
        let is_in = |text: &[u8]| words.are_in(text, "q", &|| Ok(())).unwrap();
        for word in ["厂家直销", r"\u5382\u5bb6\u76f4\u9500", "&#21378;&#x5BB6;直&#38144;"] {
            for before in 0..250 {
                let text = [vec![b'x'; before], word.into(), vec![b'y'; 120]].concat();
                assert!(!is_in(&text), "{word} after {before}");
                assert!(is_in(&[text.as_slice(), b"B9"].concat()), "{word} after {before}");
                let halves = [vec![b'x'; before], "厂家".into(), vec![b'y'; 50], "直销b9".into()].concat();
                assert!(!is_in(&halves), "{word} after {before}");
            }
        }
    }

    /// Returns a check that fails from its `asked`th call on.
    fn wanted_until(asked: usize, checks: &std::cell::Cell<usize>) -> impl Fn() -> Result<(), StoreError> {
        move || {
            checks.set(checks.get() + 1);
            if checks.get() < asked { Ok(()) } else { Err(StoreError::new(StoreErrorKind::Stopped, "")) }
        }
    }

    #[test]
    fn a_search_through_what_is_not_written_ends_once_nobody_waits_for_it() {
        use crate::store::write_queue::{WriteOp, WriteQueue};
        use onebound::{Answer, Call, Credentials, Exchange, Host, Timing};
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: vec![b'x'; 10 * STEP].into() };
        let (call, host) = (Call::item_get("610947572360".parse().unwrap()), Host::default());
        let at = jiff::Timestamp::UNIX_EPOCH;
        let exchange = Exchange::from_answer(call, host.clone(), at, Timing::default(), answer, &credentials);
        let unwritten = WriteQueue::default();
        let key = credentials.fingerprint();
        let _ = unwritten.add(WriteOp::Complete { id: None, key, exchange: exchange.into() }); // it stays among them
        let checks = std::cell::Cell::new(0);
        let search = |asked| {
            checks.set(0);
            search_unwritten(unwritten.all(), &host.scope(), "nothing", &wanted_until(asked, &checks))
        };
        assert!(search(100).unwrap().is_empty());
        assert_eq!(search(3).unwrap_err().fault, StoreErrorKind::Stopped);
        assert_eq!(checks.get(), 3);
    }

    #[test]
    fn a_search_ends_within_a_body_once_nobody_waits_for_it() {
        let checks = std::cell::Cell::new(0);
        let check = wanted_until(3, &checks);
        let body = vec![b'x'; 10 * STEP];
        let ended = Words::new("nothing").unwrap().are_in(&body, "q", &check).unwrap_err();
        assert_eq!((ended.fault, checks.get()), (StoreErrorKind::Stopped, 3));
        checks.set(0);
        let packed = pack::pack(&body).unwrap();
        assert_eq!(
            pack::unpack_while(&packed, body.len(), check).unwrap_err().fault,
            StoreErrorKind::Stopped
        );
    }
}
