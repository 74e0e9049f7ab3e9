//! A part of the package as events of XML. Each event, and the part as a whole, has a bound, since a small file can unfold
//! into a large one.

use std::io::{self, BufRead, ErrorKind, Read};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::SpreadsheetError;

/// Bytes of one event: a text in a cell has at most 32,767 characters, each of which can be an escape.
const MAX_EVENT: u64 = 1 << 20;

/// Bytes of a part: a sheet of a million rows has some hundred megabytes.
const MAX_PART: u64 = 2 << 30;

pub(super) struct XmlPart<R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
}

impl<R: BufRead> XmlPart<R> {
    pub(super) fn new(reader: R) -> Self {
        let bounded = Bounded { reader, left_of_event: MAX_EVENT, left_of_part: MAX_PART };
        let mut reader = Reader::from_reader(bounded);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// Returns the next event; `Event::Eof` at the end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, SpreadsheetError> {
        self.buffer.clear();
        self.reader.get_mut().left_of_event = MAX_EVENT;
        self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
            quick_xml::Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
                SpreadsheetError::TooLarge
            }
            other => SpreadsheetError::damaged(other.to_string()),
        })
    }

    /// Reads the text up to the end of the element that has begun; elements in it are left out.
    pub(super) fn text(&mut self) -> Result<String, SpreadsheetError> {
        let (mut text, mut depth) = (String::new(), 0_u32);
        loop {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(SpreadsheetError::damaged("it is cut off")),
                event if depth == 0 => push_text(&event, &mut text),
                _ => {}
            }
            if text.len() as u64 > MAX_EVENT {
                return Err(SpreadsheetError::TooLarge);
            }
        }
    }
}

/// Appends the text of an event that is one.
fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(part),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(character)) => text.push(character),
            _ => text.push_str(match &**reference {
                "lt" => "<",
                "gt" => ">",
                "amp" => "&",
                "quot" => "\"",
                "apos" => "'",
                _ => "",
            }),
        },
        _ => {}
    }
}

/// Returns the value of an attribute, whatever its prefix is.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    let attribute = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(
        unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned),
    )
}

struct Bounded<R> {
    reader: R,
    left_of_event: u64,
    left_of_part: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left_of_event == 0 || self.left_of_part == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.left_of_event = self.left_of_event.saturating_sub(bytes as u64);
        self.left_of_part = self.left_of_part.saturating_sub(bytes as u64);
    }
}
