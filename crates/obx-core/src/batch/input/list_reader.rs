//! The bytes of a list. UTF-16, as Windows saves "Unicode text", is read as UTF-8; everything else is left as it is.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

pub(super) enum ListReader<R> {
    Bytes(R),
    Utf16(Box<BufReader<DecodeReaderBytes<R, Vec<u8>>>>),
}

impl<R: BufRead> ListReader<R> {
    /// Looks for a byte order mark.
    pub(super) fn new(mut reader: R) -> io::Result<Self> {
        let start = reader.fill_buf()?;
        let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        Ok(if is_utf16 {
            Self::Utf16(Box::new(BufReader::new(DecodeReaderBytesBuilder::new().build(reader))))
        } else {
            Self::Bytes(reader)
        })
    }
}

impl<R> fmt::Debug for ListReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes(_) => "Bytes",
            Self::Utf16(_) => "Utf16",
        })
    }
}

impl<R: BufRead> Read for ListReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bytes(reader) => reader.read(buffer),
            Self::Utf16(reader) => reader.read(buffer),
        }
    }
}

impl<R: BufRead> BufRead for ListReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Bytes(reader) => reader.fill_buf(),
            Self::Utf16(reader) => reader.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Bytes(reader) => reader.consume(amount),
            Self::Utf16(reader) => reader.consume(amount),
        }
    }
}
