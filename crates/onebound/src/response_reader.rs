//! Reads a response of HTTP/1.1, and refuses nothing: it may have been paid for.
//!
//! A strict reader throws a whole answer away for a control character in a header, for too many headers, or for a
//! chunk without its length. This one keeps what came, understands what it can, and says what is wrong.
//!
//! ```text
//!  bytes ─▶ head (status line, headers; 1xx is skipped) ─▶ body: by length, in chunks, or until the end
//! ```

use super::wire::WireFault;

/// Largest head, in bytes: a thousand times a usual one.
const MAX_HEAD: usize = 16 * 1024 * 1024;

/// A response that is being received, parsed so far.
#[derive(Debug, Default)]
pub(super) struct ResponseReader {
    /// Not yet understood: of the head all, of the body next to nothing.
    pending: Vec<u8>,
    /// So much of it holds no end of a head: only what comes after is looked at.
    scanned: usize,
    expected: ExpectedPart,
    /// The status, where there was one.
    pub(super) status: Option<u16>,
    /// In order, names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// The body, still packed.
    pub(super) body: Vec<u8>,
    /// Faults of the transfer.
    pub(super) faults: Vec<WireFault>,
}

/// The part of the response that is expected next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ExpectedPart {
    #[default]
    Head,
    /// The rest of a body with a length, in bytes.
    Length(usize),
    ChunkSize,
    Chunk(usize),
    Trailer,
    /// Whatever comes until the connection closes.
    UntilClosed,
    /// The same after a syntax error of HTTP: its end proves nothing.
    Broken,
    Done,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As the head announced.
    Whole,
    /// Before that.
    Cut,
    /// Within the head; what came of it is the body.
    InHead,
    /// Before its first byte.
    Nothing,
}

impl ResponseReader {
    /// Takes the next bytes in.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        while self.step() {}
    }

    /// Whether all of it is there.
    pub(super) fn is_done(&self) -> bool {
        self.expected == ExpectedPart::Done
    }

    /// Whether a head came, so that it is an answer.
    pub(super) fn is_answer(&self) -> bool {
        self.expected != ExpectedPart::Head && !self.faults.contains(&WireFault::NoHead)
    }

    /// Whether the body is larger than `max`.
    pub(super) fn is_too_large(&self, max: usize) -> bool {
        self.body.len() > max
    }

    /// Whether the head, or a line around a chunk, is larger than any.
    pub(super) fn has_endless_head(&self) -> bool {
        self.pending.len() > MAX_HEAD
    }

    /// The header of this name; of several the first.
    pub(super) fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self) -> End {
        if self.expected == ExpectedPart::Head && self.pending.is_empty() {
            return End::Nothing;
        }
        if self.expected == ExpectedPart::Head {
            self.faults.push(WireFault::NoHead);
        }
        let rest = self.pending.trim_ascii();
        if self.expected == ExpectedPart::ChunkSize && !rest.iter().all(u8::is_ascii_hexdigit) {
            self.faults.push(WireFault::Chunk { at: self.body.len() });
        }
        if !matches!(self.expected, ExpectedPart::Done | ExpectedPart::Trailer) {
            self.body.append(&mut self.pending);
        }
        match self.expected {
            // Behind the last chunk nothing of the body comes.
            ExpectedPart::Done | ExpectedPart::UntilClosed | ExpectedPart::Trailer => End::Whole,
            ExpectedPart::Head => End::InHead,
            ExpectedPart::Broken if self.status.is_none() => End::InHead,
            _ => End::Cut,
        }
    }

    /// Understands a piece of what is pending; whether there may be another.
    fn step(&mut self) -> bool {
        match self.expected {
            ExpectedPart::Head => self.head(),
            ExpectedPart::Length(0) => self.go_on(ExpectedPart::Done),
            ExpectedPart::Length(left) => self.fill(left, ExpectedPart::Length),
            ExpectedPart::ChunkSize => self.chunk_size(),
            // The line's end behind a chunk belongs to its next line.
            ExpectedPart::Chunk(0) => self.go_on(ExpectedPart::ChunkSize),
            ExpectedPart::Chunk(left) => self.fill(left, ExpectedPart::Chunk),
            ExpectedPart::Trailer => match self.line() {
                Some(line) if line.is_empty() => self.go_on(ExpectedPart::Done),
                line => line.is_some(),
            },
            ExpectedPart::UntilClosed | ExpectedPart::Broken => {
                self.body.append(&mut self.pending);
                false
            }
            ExpectedPart::Done => false,
        }
    }

    fn go_on(&mut self, expected: ExpectedPart) -> bool {
        self.expected = expected;
        true
    }

    /// Moves what is pending of the next `left` bytes into the body.
    fn fill(&mut self, left: usize, expected: impl Fn(usize) -> ExpectedPart) -> bool {
        let length = left.min(self.pending.len());
        self.body.extend(self.pending.drain(..length));
        self.expected = expected(left - length);
        length > 0
    }

    /// The next line without its end, where it is there.
    fn line(&mut self) -> Option<Vec<u8>> {
        let end = memchr::memchr(b'\n', &self.pending)?;
        let mut line: Vec<u8> = self.pending.drain(..=end).collect();
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
        Some(line)
    }

    fn chunk_size(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', &self.pending) else { return false };
        let line = self.pending.get(..end).unwrap_or_default().trim_ascii();
        if line.is_empty() && !self.body.is_empty() {
            // Of the chunk before.
            self.pending.drain(..=end);
            return true;
        }
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(size) = size else {
            self.faults.push(WireFault::Chunk { at: self.body.len() });
            return self.go_on(ExpectedPart::Broken);
        };
        self.pending.drain(..=end);
        self.go_on(if size == 0 { ExpectedPart::Trailer } else { ExpectedPart::Chunk(size) })
    }

    fn head(&mut self) -> bool {
        let beginning = b"HTTP/";
        let near = self.pending.get(..self.pending.len().min(beginning.len())).unwrap_or_default();
        if !beginning.starts_with(near) {
            self.faults.push(WireFault::NoHead);
            return self.go_on(ExpectedPart::Broken);
        }
        let Some(end) = end_of_head(&self.pending, self.scanned) else {
            // The last bytes may be the beginning of it.
            self.scanned = self.pending.len().saturating_sub(3);
            return false;
        };
        self.scanned = 0;
        let head: Vec<u8> = self.pending.drain(..end).collect();
        self.status = None;
        self.headers.clear();
        self.read_head(&head);
        if self.status.is_some_and(|status| (100..200).contains(&status) && status != 101) {
            return true;
        }
        let expected = self.framing();
        self.go_on(expected)
    }

    fn read_head(&mut self, head: &[u8]) {
        for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = String::from_utf8_lossy(line);
            let is_sound = match at {
                _ if line.is_empty() => continue,
                0 => {
                    self.status = status(&text);
                    self.status.is_some()
                }
                _ => self.read_header(&text),
            };
            // A tab is allowed in a header.
            if !is_sound || text.chars().any(|c| c.is_control() && c != '\t') {
                let text = self.with_its_name(&text);
                self.faults.push(WireFault::Head { line: at + 1, text });
            }
        }
    }

    /// The line behind the name of the header that it goes on from: by the name it is known whether it is secret.
    fn with_its_name(&self, line: &str) -> String {
        match self.headers.last() {
            Some((name, _)) if line.starts_with([' ', '\t']) => format!("{name}: {}", line.trim()),
            _ => line.to_owned(),
        }
    }

    /// Whether it is one.
    fn read_header(&mut self, line: &str) -> bool {
        if line.starts_with([' ', '\t']) {
            // Goes on from the line before.
            let Some((_, value)) = self.headers.last_mut() else { return false };
            value.push(' ');
            value.push_str(line.trim());
            return true;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        self.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        line.contains(':') && !name.trim().is_empty()
    }

    fn framing(&self) -> ExpectedPart {
        let chunked =
            self.header("transfer-encoding").is_some_and(|how| how.to_ascii_lowercase().contains("chunked"));
        match self.status {
            Some(204 | 304) => ExpectedPart::Done,
            _ if chunked => ExpectedPart::ChunkSize,
            _ => match self.header("content-length").map(str::parse) {
                Some(Ok(length)) => ExpectedPart::Length(length),
                _ => ExpectedPart::UntilClosed,
            },
        }
    }
}

/// Behind the empty line that ends it, from some byte on.
fn end_of_head(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let end = from + memchr::memchr(b'\n', bytes.get(from..)?)?;
        let rest = bytes.get(end + 1..)?;
        if rest.first() == Some(&b'\n') {
            return Some(end + 2);
        }
        if rest.starts_with(b"\r\n") {
            return Some(end + 3);
        }
        from = end + 1;
    }
}

/// `HTTP/1.1 200 OK`
fn status(line: &str) -> Option<u16> {
    let digits = line.split_ascii_whitespace().nth(1)?;
    digits.parse().ok().filter(|status| (100..1_000).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read whole, and byte by byte, which comes to the same.
    fn read(answer: &str) -> (ResponseReader, End) {
        let mut whole = ResponseReader::default();
        whole.take(answer.as_bytes());
        let end = whole.end();
        let mut slow = ResponseReader::default();
        answer.bytes().for_each(|byte| slow.take(&[byte]));
        assert_eq!((slow.end(), slow.status, &slow.headers), (end, whole.status, &whole.headers));
        assert_eq!((&slow.body, &slow.faults), (&whole.body, &whole.faults));
        (whole, end)
    }

    fn body(answer: &str) -> (String, End, Vec<WireFault>) {
        let (reader, end) = read(answer);
        (String::from_utf8(reader.body).unwrap(), end, reader.faults)
    }

    #[test]
    fn a_body_ends_by_its_length_its_last_chunk_or_the_end() {
        let ok = "HTTP/1.1 200 OK\r\n";
        for rest in [
            "content-length: 4\r\n\r\nbody",
            "Content-Length:4\r\n\r\nbody",
            "content-length: 4\n\nbody",
            "transfer-encoding: chunked\r\n\r\n2\r\nbo\r\n2;x=y\r\ndy\r\n0\r\nx: y\r\n\r\n",
            "\r\nbody",
        ] {
            assert_eq!(body(&format!("{ok}{rest}")), ("body".to_owned(), End::Whole, vec![]), "{rest}");
        }
        let early = "HTTP/1.1 100 Continue\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na";
        let (reader, end) = read(early);
        assert_eq!((reader.status, reader.headers.len(), end), (Some(200), 1, End::Whole));
        assert_eq!(read("HTTP/1.1 204 No Content\r\n\r\n").1, End::Whole);
    }

    #[test]
    fn what_ends_too_early_is_kept() {
        let ok = "HTTP/1.1 200 OK\r\n";
        assert_eq!(
            body(&format!("{ok}content-length: 9\r\n\r\nbody")),
            ("body".to_owned(), End::Cut, vec![])
        );
        let chunked = format!("{ok}transfer-encoding: chunked\r\n\r\n9\r\nbody");
        assert_eq!(body(&chunked), ("body".to_owned(), End::Cut, vec![]));
        let broken = format!("{ok}transfer-encoding: chunked\r\n\r\n2\r\nbo\r\n{{\"a\":1}}\n");
        let fault = WireFault::Chunk { at: 2 };
        assert_eq!(body(&broken), ("bo{\"a\":1}\n".to_owned(), End::Cut, vec![fault]));
        assert_eq!(
            body("HTTP/1.1 200 OK\r\nx: "),
            ("HTTP/1.1 200 OK\r\nx: ".to_owned(), End::InHead, vec![WireFault::NoHead])
        );
        assert_eq!(body("{\"a\":1}"), ("{\"a\":1}".to_owned(), End::InHead, vec![WireFault::NoHead]));
        assert_eq!(body(""), (String::new(), End::Nothing, vec![]));
    }

    #[test]
    fn a_head_with_nonsense_in_it_is_read_and_reported() {
        let answer = "HTTP/1.1 200 \u{1b}[31mOK\r\nX-Odd: a\u{1b}b\r\nno header\r\nx-long: a\r\n  b\r\nx-tab: a\tb\r\ncontent-length: 1\r\n\r\na";
        let (reader, end) = read(answer);
        assert_eq!((reader.status, end, reader.body.as_slice()), (Some(200), End::Whole, b"a".as_slice()));
        let lines: Vec<usize> = reader
            .faults
            .iter()
            .map(|fault| match fault {
                WireFault::Head { line, .. } => *line,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(lines, [1, 2, 3]);
        assert_eq!((reader.header("x-odd"), reader.header("x-long")), (Some("a\u{1b}b"), Some("a b")));
        let (reader, end) = read("HTTP/1.1 \u{1b} OK\r\ncontent-length: 1\r\n\r\na");
        assert_eq!((reader.status, end, reader.faults.len(), reader.body.len()), (None, End::Whole, 1, 1));
    }

    #[test]
    fn a_broken_line_that_goes_on_from_another_bears_the_name_of_its_header() {
        let (reader, _) = read("HTTP/1.1 200 OK\r\nSet-Cookie:\r\n  sid=a\u{1}\r\ncontent-length: 0\r\n\r\n");
        let text = "set-cookie: sid=a\u{1}".to_owned();
        assert_eq!(reader.faults, [WireFault::Head { line: 3, text }]);
    }

    #[test]
    fn headers_may_be_many_and_long() {
        let header = |all: String, at: u32| all + &format!("x-{at}: {}\r\n", "y".repeat(300));
        let many = (0..5_000).fold(String::new(), header);
        let mut reader = ResponseReader::default();
        reader.take(format!("HTTP/1.1 200 OK\r\n{many}content-length: 1\r\n\r\na").as_bytes());
        assert_eq!((reader.end(), reader.headers.len(), reader.body), (End::Whole, 5_001, b"a".to_vec()));
    }
}
