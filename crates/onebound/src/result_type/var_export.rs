//! PHP's `var_export`: `array ( 'num' => 7, 'price' => 6.65, )`, over many lines.
//!
//! Source: the bodies that PHP itself wrote, in `tests/responses/php`. A text with NULs in it is written in pieces,
//! `'a' . "\0" . 'b'`. An array whose keys are 0, 1, 2, … is a list, as for PHP's own `json_encode`, and an empty one
//! too. Objects, `(object) array(…)` and `\Offer::__set_state(array(…))`, are maps, without the class's name; enums
//! (`\Sign::Yuan`), INF and NAN are texts. Programs keep such values as source files: `<?php return array (…);`.

use super::FormatFaults;
use super::json_writer::{EscapeSyntax, MAX_BYTES, MaskedSource, SourcePiece, WrittenJson};
use super::php_value::{PhpConstant, PhpValue, number_end};
use onebound_document::{SyntaxError, SyntaxFault};

/// An integer below this has no literal in PHP.
const BEFORE_SMALLEST: &[u8] = b"-9223372036854775807-1";

struct VarExportReader<'a> {
    bytes: &'a [u8],
    at: usize,
    value: PhpValue,
    /// The closing text of each open array or object.
    ends: Vec<&'static [u8]>,
}

/// Decodes a body into JSON.
pub(super) fn decode(source: MaskedSource<'_>, tracks_origins: bool) -> Result<WrittenJson, SyntaxError> {
    let mut reader =
        VarExportReader { bytes: source.text, at: 0, value: PhpValue::default(), ends: Vec::new() };
    reader.skip_space();
    if reader.at == reader.bytes.len() {
        return Err(reader.error(SyntaxFault::Empty));
    }
    if reader.bytes.len() > MAX_BYTES {
        return Err(reader.error(SyntaxFault::TooLarge));
    }
    reader.skip_statement();
    reader.values()?;
    reader.take(b";");
    let end = reader.at;
    reader.skip_space();
    let end = if reader.take(b"?>") { reader.at } else { end };
    Ok(reader.value.write(source, end, tracks_origins, FormatFaults::default()))
}

/// Whether it looks like PHP's source code of a value.
pub(super) fn begins(text: &[u8]) -> bool {
    let class =
        text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\')).count();
    let of_class = text.get(class..).is_some_and(|rest| rest.starts_with(b"::__set_state("));
    let begins = |start: &[u8]| text.starts_with(start);
    begins(b"array") || begins(b"<?php") || begins(b"(object)") || begins(b"return array") || of_class
}

impl<'a> VarExportReader<'a> {
    fn values(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.value()?;
            let mut may_go_on = self.opened_just_now();
            loop {
                self.skip_space();
                let Some(&end) = self.ends.last() else { return Ok(()) };
                if self.take(b")") {
                    self.expect_end(end)?;
                    may_go_on = false;
                } else if may_go_on {
                    break;
                } else {
                    self.expect(b",")?;
                    may_go_on = true;
                }
            }
            self.key()?;
        }
    }

    /// Skips the start of a source file: `<?php`, comments, `return`.
    fn skip_statement(&mut self) {
        self.take(b"<?php");
        loop {
            self.skip_space();
            let end: &[u8] = match self.rest() {
                [b'/', b'*', ..] => b"*/",
                [b'/', b'/', ..] | [b'#', ..] => b"\n",
                rest if rest.starts_with(b"declare(") => b";",
                _ => break,
            };
            let found = memchr::memmem::find(self.rest(), end);
            self.at += found.map_or(self.rest().len(), |at| at + end.len());
        }
        self.take(b"return");
    }

    fn value(&mut self) -> Result<(), SyntaxError> {
        self.skip_space();
        match self.rest().first() {
            None => Err(self.error(SyntaxFault::Cut)),
            Some(b'\'' | b'"') => {
                let first = self.text()?;
                self.value.text(first);
                self.further_pieces()
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'(') => {
                self.expect(b"(object)")?;
                self.skip_space();
                self.expect(b"array")?;
                self.open(true, b"")
            }
            Some(_) => self.named(),
        }
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.take(BEFORE_SMALLEST) {
            self.value.constant(PhpConstant::Smallest);
        } else if self.take(b"-INF") {
            self.value.text(SourcePiece::new(start, self.at, EscapeSyntax::Plain));
        } else {
            self.at = number_end(self.bytes, start)?;
            self.value.number(SourcePiece::new(start, self.at, EscapeSyntax::Plain));
        }
        Ok(())
    }

    /// A constant, an array, or an object or enum of some class.
    fn named(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\' | 0x80..);
        self.at += self.rest().iter().take_while(|byte| part(byte)).count();
        let name = self.bytes.get(start..self.at).unwrap_or_default();
        if self.take(b"::") {
            return self.of_class(start);
        }
        let words =
            [(&b"null"[..], PhpConstant::Null), (b"true", PhpConstant::True), (b"false", PhpConstant::False)];
        if name.eq_ignore_ascii_case(b"array") {
            return self.open(false, b"");
        }
        if let Some((_, word)) = words.into_iter().find(|(word, _)| name.eq_ignore_ascii_case(word)) {
            self.value.constant(word);
        } else if matches!(name, b"INF" | b"NAN") {
            self.value.text(SourcePiece::new(start, self.at, EscapeSyntax::Plain));
        } else if self.at == self.bytes.len() {
            return Err(self.error(SyntaxFault::Cut));
        } else {
            return Err(SyntaxError { at: start, fault: SyntaxFault::Unexpected });
        }
        Ok(())
    }

    fn of_class(&mut self, start: usize) -> Result<(), SyntaxError> {
        if self.take(b"__set_state(array") {
            return self.open(true, b")");
        }
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..);
        let name = self.rest().iter().take_while(|byte| part(byte)).count();
        if name == 0 {
            return Err(self.cut_or_unexpected());
        }
        self.at += name;
        let backslash = usize::from(self.bytes.get(start) == Some(&b'\\'));
        self.value.text(SourcePiece::new(start + backslash, self.at, EscapeSyntax::Plain));
        Ok(())
    }

    /// Begins an array that `)` and then `end` close.
    fn open(&mut self, is_object: bool, end: &'static [u8]) -> Result<(), SyntaxError> {
        self.skip_space();
        self.value.open(is_object, self.at)?;
        self.ends.push(end);
        self.expect(b"(")
    }

    fn opened_just_now(&self) -> bool {
        self.bytes.get(..self.at).is_some_and(|before| before.ends_with(b"("))
    }

    fn expect_end(&mut self, end: &'static [u8]) -> Result<(), SyntaxError> {
        self.expect(end)?;
        self.ends.pop();
        self.value.close();
        Ok(())
    }

    fn key(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if matches!(self.rest().first(), Some(b'\'' | b'"')) {
            let first = self.text()?;
            self.value.key(first, None);
            self.further_pieces()?;
        } else {
            self.at = number_end(self.bytes, start)?;
            let digits = self.bytes.get(start..self.at).and_then(|digits| std::str::from_utf8(digits).ok());
            let index = digits.and_then(|digits| digits.parse().ok());
            self.value.key(SourcePiece::new(start, self.at, EscapeSyntax::Plain), index);
        }
        self.skip_space();
        self.expect(b"=>")
    }

    /// `. "\0" . 'b'`
    fn further_pieces(&mut self) -> Result<(), SyntaxError> {
        loop {
            let end = self.at;
            self.skip_space();
            if !self.take(b".") {
                self.at = end;
                return Ok(());
            }
            self.skip_space();
            let piece = self.text()?;
            self.value.more(piece);
        }
    }

    /// A quoted text.
    fn text(&mut self) -> Result<SourcePiece, SyntaxError> {
        let (quote, syntax) = match self.rest().first() {
            Some(b'\'') => (b'\'', EscapeSyntax::SingleQuoted),
            Some(b'"') => (b'"', EscapeSyntax::DoubleQuoted),
            _ => return Err(self.cut_or_unexpected()),
        };
        let start = self.at + 1;
        let mut end = start;
        loop {
            let found = self.bytes.get(end..).and_then(|rest| memchr::memchr2(quote, b'\\', rest));
            let Some(found) = found else {
                self.at = self.bytes.len();
                return Err(self.error(SyntaxFault::Cut));
            };
            end += found;
            if self.bytes.get(end) == Some(&quote) {
                self.at = end + 1;
                return Ok(SourcePiece::new(start, end, syntax));
            }
            end += 2;
        }
    }

    fn skip_space(&mut self) {
        self.at = self.bytes.len() - self.rest().trim_ascii_start().len();
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn expect(&mut self, word: &[u8]) -> Result<(), SyntaxError> {
        if self.take(word) {
            return Ok(());
        }
        let cut = word.starts_with(self.rest());
        Err(self.error(if cut { SyntaxFault::Cut } else { SyntaxFault::Unexpected }))
    }

    fn cut_or_unexpected(&self) -> SyntaxError {
        self.error(if self.at == self.bytes.len() { SyntaxFault::Cut } else { SyntaxFault::Unexpected })
    }

    fn error(&self, fault: SyntaxFault) -> SyntaxError {
        SyntaxError { at: self.at, fault }
    }
}
