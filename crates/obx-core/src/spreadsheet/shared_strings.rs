//! The table of texts, which cells refer to by number.

use std::io::BufRead;

use quick_xml::events::Event;

use super::SpreadsheetError;
use super::xml_part::XmlPart;

/// Bytes of all texts: they are held in memory.
const MAX_BYTES: usize = 128 << 20;

/// Number of texts.
const MAX_TEXTS: usize = 16 << 20;

/// All texts in one, and where each ends.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    pub(super) fn read<R: BufRead>(mut part: XmlPart<R>) -> Result<Self, SpreadsheetError> {
        let mut strings = Self::default();
        loop {
            match part.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    let text = rich_text(&mut part)?;
                    strings.push(&text)?;
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    pub(super) fn push(&mut self, text: &str) -> Result<(), SpreadsheetError> {
        self.text.push_str(text);
        if self.text.len() > MAX_BYTES || self.ends.len() >= MAX_TEXTS {
            return Err(SpreadsheetError::TooLarge);
        }
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        Ok(())
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end)
    }
}

/// Reads a text to its end, in the element `si` or `is` that has begun: all its runs, without the readings of
/// characters.
pub(super) fn rich_text<R: BufRead>(part: &mut XmlPart<R>) -> Result<String, SpreadsheetError> {
    let (mut text, mut depth) = (String::new(), 0_u32);
    loop {
        match part.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => text += &part.text()?,
                "rPh" => {
                    let _ = part.text()?; // how a name is pronounced
                }
                _ => depth += 1,
            },
            Event::End(_) if depth == 0 => return Ok(unescaped(&text)),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(SpreadsheetError::damaged("it is cut off")),
            _ => {}
        }
        if text.len() > MAX_BYTES {
            return Err(SpreadsheetError::TooLarge);
        }
    }
}

/// Resolves `_x000D_`: characters that XML does not have.
pub(super) fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let code = after.get(..4).filter(|_| after.get(4..5) == Some("_"));
        let unit = code.and_then(|code| u16::from_str_radix(code, 16).ok());
        if let Some(character) = unit.and_then(|unit| char::from_u32(unit.into())) {
            out.push(character);
            rest = after.get(5..).unwrap_or_default();
        } else {
            out.push_str("_x");
            rest = after;
        }
    }
    out + rest
}
