//! Writes one sheet, row by row. IDs and texts are cells of text: no number that a spreadsheet would cut, no formula.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{Seek, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::SpreadsheetError;

/// Number of rows that a sheet has at most, with its header.
pub const MAX_ROWS: u64 = 1_048_576;

/// UTF-16 units that a cell has at most.
const MAX_UNITS: usize = 32_767;

/// Number of digits of a number that a cell shows without an exponent.
const SHOWN_DIGITS: usize = 10;

/// Number of digits that spreadsheets keep.
const EXACT_DIGITS: usize = 15;

const TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
    r#"<Override PartName="/xl/styles.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
);

const PACKAGE: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" "#,
    r#"Target="xl/workbook.xml"/></Relationships>"#,
);

const BOOK: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
    r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
    r#"<bookViews><workbookView/></bookViews><sheets><sheet name="obx" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
);

const BOOK_RELATIONSHIPS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" "#,
    r#"Target="worksheets/sheet1.xml"/><Relationship Id="rId2" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" "#,
    r#"Target="styles.xml"/></Relationships>"#,
);

/// Formats 0 to 3: general, bold, text, and two decimals.
const STYLES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>"#,
    r#"<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>"#,
    r#"<fills count="2"><fill><patternFill patternType="none"/></fill>"#,
    r#"<fill><patternFill patternType="gray125"/></fill></fills>"#,
    r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
    r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
    r#"<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
    r#"<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>"#,
    r#"<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>"#,
    r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
);

/// The sheet up to its rows. The header stays in sight.
const SHEET: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" "#,
    r#"state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>"#,
    r#"<cols><col min="1" max="16384" width="16" customWidth="1"/></cols><sheetData>"#,
);

const SHEET_END: &str = "</sheetData></worksheet>";

/// What is written into a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetValue<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A decimal number of at most 15 digits.
    Number(Cow<'a, str>),
    Boolean(bool),
}

impl<'a> SheetValue<'a> {
    /// A text; nothing else is made of it, whatever it looks like.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A number as it was sent; a text where a spreadsheet would not keep its digits.
    pub fn number(written: impl Into<Cow<'a, str>>) -> Self {
        let written = written.into();
        match number_of_digits(&written) {
            Some(digits) if digits <= EXACT_DIGITS => Self::Number(written),
            _ => Self::text(written),
        }
    }

    /// A cell of the user's own table: a number if it is shown as the same text again, without an exponent.
    pub fn carried(text: &'a str) -> Self {
        let is_plain = !text.contains('.') || !text.ends_with(['0', '.']);
        match number_of_digits(text) {
            Some(digits) if digits <= SHOWN_DIGITS && is_plain => Self::Number(text.into()),
            _ => Self::text(text),
        }
    }
}

/// The number of digits of `-12.50`; `None` for what is no decimal number, or has a zero too many in front.
fn number_of_digits(text: &str) -> Option<usize> {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_zero = whole.len() > 1 && whole.starts_with('0');
    let is_number = are_digits(whole) && are_digits(fraction) && !has_zero && text != "-0";
    is_number.then(|| number.bytes().filter(u8::is_ascii_digit).count())
}

/// Writes a sheet. Without [`SheetWriter::finish`] the file can't be opened.
pub struct SheetWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    rows: u64,
    buffer: String,
}

impl<W: Write + Seek> std::fmt::Debug for SheetWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetWriter({} rows)", self.rows)
    }
}

impl<W: Write + Seek> SheetWriter<W> {
    /// Begins a sheet whose columns have these names.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn new<S: AsRef<str>>(writer: W, names: &[S]) -> Result<Self, SpreadsheetError> {
        let mut zip = ZipWriter::new(writer);
        let parts = [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", PACKAGE),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_RELATIONSHIPS),
            ("xl/styles.xml", STYLES),
            ("xl/worksheets/sheet1.xml", SHEET),
        ];
        for (name, text) in parts {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(text.as_bytes())?;
        }
        let mut sheet = Self { zip, rows: 0, buffer: String::new() };
        let cells = names.iter().map(|name| (SheetValue::text(name.as_ref()), Some(1)));
        sheet.styled_row(cells)?;
        Ok(sheet)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// If it can't be written, or there are too many.
    pub fn row<'a>(
        &mut self,
        cells: impl IntoIterator<Item = SheetValue<'a>>,
    ) -> Result<(), SpreadsheetError> {
        self.styled_row(cells.into_iter().map(|cell| (cell, None)))
    }

    /// Completes the file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn finish(mut self) -> Result<W, SpreadsheetError> {
        self.zip.write_all(SHEET_END.as_bytes())?;
        let mut writer = self.zip.finish()?;
        writer.flush()?;
        Ok(writer)
    }

    fn styled_row<'a>(
        &mut self,
        cells: impl Iterator<Item = (SheetValue<'a>, Option<u8>)>,
    ) -> Result<(), SpreadsheetError> {
        if self.rows >= MAX_ROWS {
            return Err(SpreadsheetError::TooLarge);
        }
        self.rows += 1;
        self.buffer.clear();
        let _ = write!(self.buffer, "<row r=\"{}\">", self.rows); // writing to a String can't fail
        for (column, (cell, style)) in cells.enumerate() {
            write_cell(&mut self.buffer, &(column_name(column) + &self.rows.to_string()), &cell, style);
        }
        self.buffer.push_str("</row>");
        Ok(self.zip.write_all(self.buffer.as_bytes())?)
    }
}

fn write_cell(out: &mut String, place: &str, cell: &SheetValue<'_>, style: Option<u8>) {
    let style = style.unwrap_or(match cell {
        // Edited, it stays a text.
        SheetValue::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => 2,
        SheetValue::Number(number) if number.split_once('.').is_some_and(|(_, digits)| digits.len() == 2) => {
            3
        }
        _ => 0,
    });
    let opened = |out: &mut String| {
        *out += "<c r=\"";
        *out += place;
        if style > 0 {
            let _ = write!(out, "\" s=\"{style}"); // writing to a String can't fail
        }
    };
    match cell {
        SheetValue::Empty => {}
        SheetValue::Text(text) => {
            opened(out);
            *out += "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
            escape(out, &cut(text));
            *out += "</t></is></c>";
        }
        SheetValue::Number(number) => {
            opened(out);
            *out += "\"><v>";
            escape(out, number);
            *out += "</v></c>";
        }
        SheetValue::Boolean(value) => {
            opened(out);
            *out += if *value { "\" t=\"b\"><v>1</v></c>" } else { "\" t=\"b\"><v>0</v></c>" };
        }
    }
}

/// A text that a cell can hold; where it is cut, it says so.
fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return Cow::Borrowed(text);
    }
    let mark = format!(" … [{}]", text.chars().count());
    let (mut units, mut end) = (mark.encode_utf16().count(), 0);
    for (at, character) in text.char_indices() {
        units += character.len_utf16();
        if units > MAX_UNITS {
            break;
        }
        end = at + character.len_utf8();
    }
    Cow::Owned(text.get(..end).unwrap_or_default().to_owned() + &mark)
}

/// Appends a text as XML. Characters that XML does not have become `_x001B_`, and a text that looks like that stays it.
fn escape(out: &mut String, text: &str) {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '<' => *out += "&lt;",
            '>' => *out += "&gt;",
            '&' => *out += "&amp;",
            '_' if is_code(rest.as_str()) => *out += "_x005F_",
            '\t' | '\n' => out.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", u32::from(character)); // writing to a String can't fail
            }
            _ => out.push(character),
        }
    }
}

/// Whether this continues an underscore as in `_x001B_`.
fn is_code(rest: &str) -> bool {
    let code = rest.strip_prefix('x').and_then(|rest| rest.get(..5)).and_then(|code| code.strip_suffix('_'));
    code.is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `A`, `Z`, `AA`
fn column_name(column: usize) -> String {
    let letter = |digit: usize| char::from(b'A' + u8::try_from(digit % 26).unwrap_or(0));
    let (mut name, mut rest) = (letter(column).to_string(), column / 26);
    while rest > 0 {
        name.insert(0, letter(rest - 1));
        rest = (rest - 1) / 26;
    }
    name
}
