//! Lines of text, in UTF-8 or GBK.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use super::Row;

/// No line with an ID is longer, and a file without line breaks must not fill the memory.
const LONGEST_LINE: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            let number = self.number + 1;
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("line {number} is too long")));
        }
        self.number += 1;
        Ok((read > 0).then_some(line))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.line() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            let text = decoded(&line);
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(Ok(Row { number: self.number, text: text.to_owned(), columns: Vec::new() }));
            }
        }
    }
}

/// Decodes UTF-8, or GBK where the bytes are no UTF-8.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::GBK.decode_without_bom_handling(bytes).0,
    }
}
