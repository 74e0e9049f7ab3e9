//! PHP's `serialize`: `a:2:{s:3:"num";i:7;s:5:"price";d:6.65;}`.
//!
//! Source: the bodies that PHP itself wrote, in `tests/responses/php`. Texts are measured in bytes. An array whose
//! keys are 0, 1, 2, … is a list, as for PHP's own `json_encode`, and an empty one too. Objects are maps of all
//! their fields, also the private ones, without the class's name; enums and what an object serialized by itself
//! (`C:`) are texts. INF and NAN, which JSON can't write, are texts. A reference (`R:3;`, `r:3;`) is replaced by a
//! copy of the value that it refers to, the third of the body; inside of that value, or if the copies would make the
//! body much larger, it is a text.

use super::FormatFaults;
use super::json_writer::{EscapeSyntax, MAX_BYTES, MaskedSource, SourcePiece, WrittenJson};
use super::php_value::{PhpConstant, PhpValue, number_end};
use onebound_document::{SyntaxError, SyntaxFault};

/// The tags of values.
const TAGS: &[u8] = b"NbidsErRaOC";

struct SerializeReader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The text was GBK once, and may have been measured so.
    from_gbk: bool,
    value: PhpValue,
    /// The number of missing entries of each open array or object.
    left: Vec<u64>,
    /// Where in `value` each value begins that a reference can name, in PHP's own count.
    places: Vec<usize>,
    /// Bytes that references may still copy.
    copies: usize,
    faults: FormatFaults,
}

/// Bytes that references may add to a body of any size, beside its own length.
const COPIES: usize = 64 * 1024;

/// Decodes a body into JSON.
pub(super) fn decode(
    source: MaskedSource<'_>,
    from_gbk: bool,
    tracks_origins: bool,
) -> Result<WrittenJson, SyntaxError> {
    let bytes = source.text;
    let start = bytes.len() - bytes.trim_ascii_start().len();
    let mut reader = SerializeReader {
        bytes,
        at: start,
        from_gbk,
        value: PhpValue::default(),
        left: Vec::new(),
        places: Vec::new(),
        copies: bytes.len() + COPIES,
        faults: FormatFaults::default(),
    };
    if start == bytes.len() {
        return Err(reader.error(SyntaxFault::Empty));
    }
    if bytes.len() > MAX_BYTES {
        return Err(reader.error(SyntaxFault::TooLarge));
    }
    reader.values()?;
    Ok(reader.value.write(source, reader.at, tracks_origins, reader.faults))
}

impl SerializeReader<'_> {
    fn values(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.value()?;
            while self.left.last() == Some(&0) {
                self.expect(b"}")?;
                self.left.pop();
                self.value.close();
            }
            match self.left.last_mut() {
                Some(left) => *left -= 1,
                None => return Ok(()),
            }
            self.key()?;
        }
    }

    fn value(&mut self) -> Result<(), SyntaxError> {
        let tag = *self.bytes.get(self.at).ok_or_else(|| self.error(SyntaxFault::Cut))?;
        if !TAGS.contains(&tag) {
            return Err(self.error(SyntaxFault::Unexpected));
        }
        let start = self.at;
        self.at += 1;
        if tag != b'R' {
            self.places.push(self.value.len());
        }
        if tag == b'N' {
            self.value.constant(PhpConstant::Null);
            return self.expect(b";");
        }
        self.expect(b":")?;
        match tag {
            b'b' => self.boolean(),
            b'i' | b'd' => self.number(),
            b's' | b'E' => {
                let text = self.text()?;
                self.value.text(text);
                self.expect(b";")
            }
            b'r' | b'R' => self.reference(start),
            b'a' => self.entries(false),
            b'O' => {
                self.text()?;
                self.expect(b":")?;
                self.entries(true)
            }
            _ => self.of_its_own(),
        }
    }

    fn boolean(&mut self) -> Result<(), SyntaxError> {
        let word =
            if self.bytes.get(self.at) == Some(&b'1') { PhpConstant::True } else { PhpConstant::False };
        self.value.constant(word);
        self.count()?;
        self.expect(b";")
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let start = self.at;
        if let Some(word) = [&b"INF"[..], b"-INF", b"NAN"].into_iter().find(|word| rest.starts_with(word)) {
            self.at += word.len();
            self.value.text(piece(start, self.at));
        } else {
            self.at = number_end(self.bytes, start)?;
            self.value.number(piece(start, self.at));
        }
        self.expect(b";")
    }

    fn reference(&mut self, start: usize) -> Result<(), SyntaxError> {
        let number = usize::try_from(self.count()?).unwrap_or(usize::MAX);
        let place = number.checked_sub(1).and_then(|before| self.places.get(before)).copied();
        if place.is_some_and(|place| self.value.copy(place, &mut self.copies)) {
            self.faults.references.add(start);
        } else {
            self.faults.unfollowed.add(start);
            self.value.text(piece(start, self.at));
        }
        self.expect(b";")
    }

    /// `2:{`, after which so many keys and values come.
    fn entries(&mut self, is_object: bool) -> Result<(), SyntaxError> {
        let count = self.count()?;
        self.expect(b":")?;
        self.value.open(is_object, self.at)?;
        self.left.push(count);
        self.expect(b"{")
    }

    /// `C:5:"Class":3:{…}`: the format between the braces is the class's own.
    fn of_its_own(&mut self) -> Result<(), SyntaxError> {
        self.text()?;
        self.expect(b":")?;
        let text = self.measured(b"{", b"}")?;
        self.value.text(text);
        Ok(())
    }

    fn key(&mut self) -> Result<(), SyntaxError> {
        if self.bytes.get(self.at) == Some(&b'i') {
            self.expect(b"i:")?;
            let start = self.at;
            self.at = number_end(self.bytes, start)?;
            let digits = self.bytes.get(start..self.at).and_then(|digits| std::str::from_utf8(digits).ok());
            let index = digits.and_then(|digits| digits.parse().ok());
            self.value.key(piece(start, self.at), index);
        } else {
            self.expect(b"s:")?;
            let text = self.text()?;
            self.value.key(if self.value.in_object() { self.field(text) } else { text }, None);
        }
        self.expect(b";")
    }

    /// A field's own name: that of a private field follows its class's name, each after a NUL.
    fn field(&self, name: SourcePiece) -> SourcePiece {
        let bytes = self.bytes.get(name.start as usize..name.end as usize).unwrap_or_default();
        let hidden = if bytes.first() == Some(&0) { memchr::memrchr(0, bytes) } else { None };
        piece(name.start as usize + hidden.map_or(0, |nul| nul + 1), name.end as usize)
    }

    fn text(&mut self) -> Result<SourcePiece, SyntaxError> {
        self.measured(b"\"", b"\"")
    }

    /// `5:"hello"`, without the delimiters.
    fn measured(&mut self, before: &[u8], after: &[u8]) -> Result<SourcePiece, SyntaxError> {
        let length = self.count()?;
        self.expect(b":")?;
        self.expect(before)?;
        let start = self.at;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let ends_at = |end: &usize| self.bytes.get(*end..).is_some_and(|rest| rest.starts_with(after));
        let mut end = start.checked_add(length).filter(ends_at);
        if self.from_gbk && end.is_none() {
            end = self.end_in_gbk(start, length).filter(ends_at);
        }
        let Some(end) = end else {
            let too_short = self.bytes.len().saturating_sub(start) <= length;
            return Err(self.error(if too_short { SyntaxFault::Cut } else { SyntaxFault::Unexpected }));
        };
        self.at = end + after.len();
        Ok(piece(start, end))
    }

    /// Where a text ends that was measured while its Chinese took two bytes a character.
    fn end_in_gbk(&self, start: usize, length: usize) -> Option<usize> {
        let mut measured = 0;
        let mut end = start;
        for byte in self.bytes.get(start..)? {
            let begins_a_character = !(0x80..0xc0).contains(byte);
            if begins_a_character && measured >= length {
                break;
            }
            measured += usize::from(begins_a_character) + usize::from(*byte >= 0xc0);
            end += 1;
        }
        (measured == length).then_some(end)
    }

    fn count(&mut self) -> Result<u64, SyntaxError> {
        let start = self.at;
        let mut count: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            count = count.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == start { Err(self.cut_or_unexpected()) } else { Ok(count) }
    }

    fn expect(&mut self, word: &[u8]) -> Result<(), SyntaxError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        let fault = if word.starts_with(rest) { SyntaxFault::Cut } else { SyntaxFault::Unexpected };
        Err(self.error(fault))
    }

    fn cut_or_unexpected(&self) -> SyntaxError {
        self.error(if self.at == self.bytes.len() { SyntaxFault::Cut } else { SyntaxFault::Unexpected })
    }

    fn error(&self, fault: SyntaxFault) -> SyntaxError {
        SyntaxError { at: self.at, fault }
    }
}

fn piece(start: usize, end: usize) -> SourcePiece {
    SourcePiece::new(start, end, EscapeSyntax::Plain)
}
