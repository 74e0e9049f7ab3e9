//! The formats of cells, as far as they tell a date from a number.

use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::events::Event;

use super::SpreadsheetError;
use super::xml_part::{XmlPart, attribute};

/// Number of formats; spreadsheet programs allow about as many.
const MAX_FORMATS: usize = 1 << 16;

/// What a number in a cell is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CellFormat {
    #[default]
    Number,
    /// A date, a time of day, or both.
    Date,
    /// Hours, which can be more than 24.
    Duration,
}

impl CellFormat {
    /// Reads the formats that cells refer to by number.
    pub(super) fn read<R: BufRead>(mut part: XmlPart<R>) -> Result<Vec<Self>, SpreadsheetError> {
        let (mut custom, mut formats, mut is_in_cells) = (HashMap::new(), Vec::new(), false);
        loop {
            match part.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&tag, "formatCode").unwrap_or_default();
                        custom.insert(number_of(attribute(&tag, "numFmtId")), Self::from_code(&code));
                    }
                    "cellXfs" => is_in_cells = true,
                    "xf" if is_in_cells => {
                        let id = number_of(attribute(&tag, "numFmtId"));
                        formats.push(custom.get(&id).copied().unwrap_or_else(|| Self::from_built_in(id)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_in_cells = false,
                Event::Eof => return Ok(formats),
                _ => {}
            }
            if formats.len().max(custom.len()) > MAX_FORMATS {
                return Err(SpreadsheetError::TooLarge);
            }
        }
    }

    /// A format that has a number and no code in the file; 27 to 36 and 50 to 58 are the dates of East Asia.
    fn from_built_in(id: u32) -> Self {
        match id {
            46 => Self::Duration,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Date,
            _ => Self::Number,
        }
    }

    /// A format by its code, as `yyyy"年"m"月"d"日"`: letters outside of quotes, escapes and brackets.
    pub(super) fn from_code(code: &str) -> Self {
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => while letters.next().is_some_and(|letter| letter != '"') {},
                // The next letter is meant as it is.
                '\\' | '_' | '*' => {
                    letters.next();
                }
                '[' => {
                    let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                    if matches!(inside.to_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                        return Self::Duration;
                    }
                }
                ';' => return Self::Number,
                'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Self::Date,
                _ => {}
            }
        }
        Self::Number
    }
}

fn number_of(text: Option<String>) -> u32 {
    text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}
