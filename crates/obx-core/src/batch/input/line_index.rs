//! The numbers of lines in a table. A reader of CSV knows at which byte a record begins, and skips empty lines before it.

use std::collections::VecDeque;
use std::io::{self, Read};

/// Bytes of a mark of UTF-8, which a reader of CSV skips.
const MARK: u64 = 3;

/// Reads on, and remembers where the lines begin that are not empty.
#[derive(Debug)]
pub(super) struct LineIndex<R> {
    reader: R,
    /// The byte and the number of each line that was read and not asked for yet.
    begins: VecDeque<(u64, u64)>,
    byte: u64,
    line: u64,
    is_at_begin: bool,
    /// The last byte that ends no line.
    last: u8,
    has_ended: bool,
}

impl<R> LineIndex<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            begins: VecDeque::new(),
            byte: 0,
            line: 1,
            is_at_begin: true,
            last: 0,
            has_ended: false,
        }
    }

    /// Returns true if all was read and a quote is not the last thing in it: a cell of several lines that is the last one
    /// then has no end.
    pub(super) fn ends_unquoted(&self) -> bool {
        self.has_ended && self.last != b'"'
    }

    /// Returns the number of the first line at or after this byte that is not empty, and forgets those before.
    pub(super) fn line_at(&mut self, byte: u64) -> u64 {
        let byte = if byte <= MARK { 0 } else { byte };
        while let Some((begin, line)) = self.begins.pop_front() {
            if begin >= byte {
                return line;
            }
        }
        self.line
    }
}

impl<R: Read> Read for LineIndex<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.has_ended |= read == 0 && !buffer.is_empty();
        for byte in buffer.iter().take(read) {
            match byte {
                b'\n' => (self.line, self.is_at_begin) = (self.line + 1, true),
                b'\r' => {}
                _ if self.is_at_begin => {
                    self.begins.push_back((self.byte, self.line));
                    self.is_at_begin = false;
                }
                _ => {}
            }
            if !matches!(byte, b'\n' | b'\r') {
                self.last = *byte;
            }
            self.byte += 1;
        }
        Ok(read)
    }
}
