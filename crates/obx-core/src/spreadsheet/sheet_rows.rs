//! The rows of a sheet, one by one.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::SpreadsheetError;
use super::cell_format::CellFormat;
use super::number::{date_text, duration_text, number_text};
use super::shared_strings::{SharedStrings, rich_text, unescaped};
use super::xml_part::{XmlPart, attribute};

/// Number of columns that a sheet has at most.
const MAX_COLUMNS: usize = 16_384;

/// Bytes of a row: many cells can refer to one long text.
const MAX_ROW: usize = 1 << 20;

/// The sheet that is read, and the other ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetChoice {
    pub name: String,
    pub others: Vec<String>,
}

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// From 1, as spreadsheets show it.
    pub number: u64,
    /// The cells as text, up to the last that is not empty. Of a formula it is the result that the file has.
    pub cells: Vec<String>,
}

/// Reads the rows of a sheet.
pub struct SheetRows {
    part: XmlPart<Box<dyn BufRead + Send>>,
    choice: SheetChoice,
    values: CellValues,
    /// The number of the last row.
    number: u64,
    has_ended: bool,
}

/// What cells refer to.
struct CellValues {
    strings: SharedStrings,
    formats: Vec<CellFormat>,
    is_1904: bool,
}

/// The attributes of a cell.
struct CellTag {
    column: Option<usize>,
    kind: String,
    format: CellFormat,
}

impl std::fmt::Debug for SheetRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetRows({:?}, row {})", self.choice.name, self.number)
    }
}

impl SheetRows {
    pub(super) fn new(
        part: XmlPart<Box<dyn BufRead + Send>>,
        choice: SheetChoice,
        strings: SharedStrings,
        formats: Vec<CellFormat>,
        is_1904: bool,
    ) -> Self {
        Self { part, choice, values: CellValues { strings, formats, is_1904 }, number: 0, has_ended: false }
    }

    /// Returns which sheet it is.
    pub fn choice(&self) -> &SheetChoice {
        &self.choice
    }

    /// Reads the next row that is not empty; `None` at the end.
    ///
    /// # Errors
    /// If the file is damaged, or the row too large.
    pub fn next_row(&mut self) -> Result<Option<SheetRow>, SpreadsheetError> {
        while !self.has_ended {
            match self.part.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    let number = attribute(&tag, "r").and_then(|number| number.trim().parse().ok());
                    let number = number.unwrap_or(self.number + 1);
                    if number <= self.number {
                        return Err(SpreadsheetError::damaged(format!("row {number} is out of order")));
                    }
                    self.number = number;
                    let cells = self.cells()?;
                    if cells.iter().any(|cell| !cell.trim().is_empty()) {
                        return Ok(Some(SheetRow { number, cells }));
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => self.has_ended = true,
                Event::Eof => return Err(SpreadsheetError::damaged("it is cut off")),
                _ => {}
            }
        }
        Ok(None)
    }

    fn cells(&mut self) -> Result<Vec<String>, SpreadsheetError> {
        let (mut cells, mut next, mut bytes): (Vec<String>, usize, usize) = (Vec::new(), 0, 0);
        loop {
            match self.part.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    let tag = self.values.cell_tag(&tag);
                    let column = tag.column.unwrap_or(next);
                    if column >= MAX_COLUMNS {
                        return Err(SpreadsheetError::damaged("a column beyond XFD"));
                    }
                    let text = self.cell(&tag)?;
                    next = column + 1;
                    bytes += text.len();
                    if bytes > MAX_ROW {
                        return Err(SpreadsheetError::TooLarge);
                    }
                    if !text.is_empty() {
                        cells.resize(cells.len().max(next), String::new());
                        if let Some(cell) = cells.get_mut(column) {
                            *cell = text;
                        }
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(cells),
                Event::Eof => return Err(SpreadsheetError::damaged("it is cut off")),
                _ => {}
            }
        }
    }

    /// Reads a cell to its end.
    fn cell(&mut self, tag: &CellTag) -> Result<String, SpreadsheetError> {
        let mut text = String::new();
        loop {
            match self.part.next()? {
                Event::Start(inner) => match inner.local_name().as_ref() {
                    "v" if tag.kind != "inlineStr" => {
                        let written = self.part.text()?;
                        text = self.values.text(tag, &written)?;
                    }
                    "is" => text = rich_text(&mut self.part)?,
                    // A formula, whose result is its own element.
                    _ => {
                        let _ = self.part.text()?;
                    }
                },
                Event::End(_) => return Ok(text),
                Event::Eof => return Err(SpreadsheetError::damaged("it is cut off")),
                _ => {}
            }
        }
    }
}

impl CellValues {
    fn cell_tag(&self, tag: &BytesStart<'_>) -> CellTag {
        let format = attribute(tag, "s").and_then(|number| number.trim().parse::<usize>().ok());
        CellTag {
            column: attribute(tag, "r").and_then(|place| column(&place)),
            kind: attribute(tag, "t").unwrap_or_default(),
            format: format.and_then(|number| self.formats.get(number)).copied().unwrap_or_default(),
        }
    }

    /// The text of a value, by the type of its cell.
    fn text(&self, tag: &CellTag, written: &str) -> Result<String, SpreadsheetError> {
        Ok(match tag.kind.as_str() {
            "s" => {
                let string = written.trim().parse().ok().and_then(|at| self.strings.get(at));
                string.ok_or_else(|| SpreadsheetError::damaged("a text is missing"))?.to_owned()
            }
            "str" => unescaped(written),
            "b" if matches!(written.trim(), "1" | "true") => "TRUE".to_owned(),
            "b" => "FALSE".to_owned(),
            "e" | "d" => written.to_owned(),
            _ => self.number(tag.format, written),
        })
    }

    fn number(&self, format: CellFormat, written: &str) -> String {
        let special = match format {
            CellFormat::Number => None,
            CellFormat::Date => date_text(written, self.is_1904),
            CellFormat::Duration => duration_text(written),
        };
        special.unwrap_or_else(|| number_text(written))
    }
}

/// `C5` is in column 2.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let add = |number: usize, letter: u8| {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        number.saturating_mul(26).saturating_add(digit)
    };
    letters.fold(0, add).checked_sub(1)
}
