//! The package: a ZIP archive of parts, which name each other by relationships.

use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use quick_xml::events::Event;
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::SpreadsheetError;
use super::cell_format::CellFormat;
use super::shared_strings::SharedStrings;
use super::sheet_rows::{SheetChoice, SheetRows};
use super::xml_part::{XmlPart, attribute};

/// The first bytes of the containers of `.xls` files, and of `.xlsx` files with a password.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Number of sheets, and of relationships of a part.
const MAX_NAMES: usize = 10_000;

/// A workbook whose sheets are known and not read yet.
pub struct Spreadsheet<R> {
    archive: ZipArchive<R>,
    sheets: Vec<Sheet>,
    is_1904: bool,
    strings: SharedStrings,
    formats: Vec<CellFormat>,
}

struct Sheet {
    name: String,
    part: String,
    is_hidden: bool,
}

/// What a part refers to.
struct Relationship {
    id: String,
    /// The last segment of its type: `worksheet`.
    kind: String,
    /// The name of the part in the archive.
    part: String,
}

impl<R> std::fmt::Debug for Spreadsheet<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.sheets.iter().map(|sheet| &sheet.name)).finish()
    }
}

impl<R: Read + Seek + Send + 'static> Spreadsheet<R> {
    /// Opens a workbook, and reads its names, formats and texts.
    ///
    /// # Errors
    /// If it is no `.xlsx` file, damaged, or too large.
    pub fn open(mut reader: R) -> Result<Self, SpreadsheetError> {
        reader.rewind()?;
        let mut magic = [0; 8];
        match reader.read_exact(&mut magic) {
            Ok(()) if magic == COMPOUND_FILE => return Err(SpreadsheetError::OldOrEncrypted),
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => return Err(error.into()),
            _ => {}
        }
        if !magic.starts_with(b"PK") {
            return Err(SpreadsheetError::NotXlsx);
        }
        let mut archive = ZipArchive::new(reader)?;
        let package = relationships(&mut archive, "")?;
        let is_book = |relationship: &&Relationship| relationship.kind == "officeDocument";
        let book = package.iter().find(is_book).ok_or(SpreadsheetError::NotXlsx)?;
        let relationships = relationships(&mut archive, &book.part)?;
        let (sheets, is_1904) = workbook(&mut archive, &book.part, &relationships)?;
        let of_kind = |kind: &str| relationships.iter().find(|relationship| relationship.kind == kind);
        let strings = match of_kind("sharedStrings") {
            Some(part) => SharedStrings::read(xml(&mut archive, &part.part)?)?,
            None => SharedStrings::default(),
        };
        let formats = match of_kind("styles") {
            Some(part) => CellFormat::read(xml(&mut archive, &part.part)?)?,
            None => Vec::new(),
        };
        Ok(Self { archive, sheets, is_1904, strings, formats })
    }

    /// Begins to read a sheet: the one of this name, or of this number from 1; without one the first that is shown.
    ///
    /// # Errors
    /// If there is no such sheet, or it can't be read.
    pub fn rows(mut self, wanted: Option<&str>) -> Result<SheetRows, SpreadsheetError> {
        let at = self.find(wanted)?;
        let part = self.sheets.get(at).map(|sheet| sheet.part.clone()).unwrap_or_default();
        let index = index_of(&self.archive, &part)?;
        let (start, size, method) = {
            let file = self.archive.by_index_raw(index)?;
            if file.encrypted() {
                return Err(SpreadsheetError::OldOrEncrypted);
            }
            (file.data_start(), file.compressed_size(), file.compression())
        };
        let start = start.ok_or_else(|| SpreadsheetError::damaged("a sheet has no place"))?;
        let mut reader = self.archive.into_inner();
        reader.seek(SeekFrom::Start(start))?;
        let packed = BufReader::new(reader.take(size));
        let unpacked: Box<dyn BufRead + Send> = match method {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(BufReader::new(DeflateDecoder::new(packed))),
            other => return Err(SpreadsheetError::damaged(format!("packed as {other}"))),
        };
        let mut names: Vec<String> = self.sheets.into_iter().map(|sheet| sheet.name).collect();
        let choice = SheetChoice { name: names.remove(at), others: names };
        Ok(SheetRows::new(XmlPart::new(unpacked), choice, self.strings, self.formats, self.is_1904))
    }

    fn find(&self, wanted: Option<&str>) -> Result<usize, SpreadsheetError> {
        let Some(wanted) = wanted else {
            let shown = self.sheets.iter().position(|sheet| !sheet.is_hidden);
            return if self.sheets.is_empty() {
                Err(SpreadsheetError::NotXlsx)
            } else {
                Ok(shown.unwrap_or(0))
            };
        };
        let named = self.sheets.iter().position(|sheet| sheet.name.trim() == wanted.trim());
        let number = || wanted.trim().parse::<usize>().ok()?.checked_sub(1);
        named.or_else(|| number().filter(|at| *at < self.sheets.len())).ok_or_else(|| {
            let known = self.sheets.iter().map(|sheet| sheet.name.clone()).collect();
            SpreadsheetError::NoSheet { wanted: wanted.to_owned(), known }
        })
    }
}

/// The sheets with cells, and whether the days are counted from 1904.
fn workbook<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    part: &str,
    relationships: &[Relationship],
) -> Result<(Vec<Sheet>, bool), SpreadsheetError> {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    let mut part = xml(archive, part)?;
    loop {
        match part.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "sheet" => {
                let id = attribute(&tag, "id");
                let found = relationships.iter().find(|relationship| Some(&relationship.id) == id.as_ref());
                if let Some(found) = found.filter(|found| found.kind == "worksheet") {
                    let name = attribute(&tag, "name").unwrap_or_default();
                    let is_hidden = attribute(&tag, "state").is_some_and(|state| state != "visible");
                    sheets.push(Sheet { name, part: found.part.clone(), is_hidden });
                }
            }
            Event::Start(tag) if tag.local_name().as_ref() == "workbookPr" => {
                let flag = attribute(&tag, "date1904");
                is_1904 = matches!(flag.as_deref(), Some("1" | "true" | "on"));
            }
            Event::Eof => return Ok((sheets, is_1904)),
            _ => {}
        }
        if sheets.len() > MAX_NAMES {
            return Err(SpreadsheetError::TooLarge);
        }
    }
}

/// What a part refers to; the package itself has no name.
fn relationships<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    of: &str,
) -> Result<Vec<Relationship>, SpreadsheetError> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let name = path_in(folder, &format!("_rels/{file}.rels"));
    let mut part = match xml(archive, &name) {
        Err(SpreadsheetError::Damaged(_)) if of.is_empty() => return Err(SpreadsheetError::NotXlsx),
        part => part?,
    };
    let mut found = Vec::new();
    loop {
        match part.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let value = |name| attribute(&tag, name).unwrap_or_default();
                let kind = value("Type");
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relationship { id: value("Id"), kind, part: path_in(folder, &value("Target")) });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
        if found.len() > MAX_NAMES {
            return Err(SpreadsheetError::TooLarge);
        }
    }
}

/// The name of a part that is referred to from this folder.
fn path_in(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut segments: Vec<&str> = Vec::new();
    for segment in whole.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

fn index_of<R: Read + Seek>(archive: &ZipArchive<R>, part: &str) -> Result<usize, SpreadsheetError> {
    let same = |name: &[u8]| name.eq_ignore_ascii_case(part.as_bytes());
    let found = archive.index_for_name(part).or_else(|| archive.file_names_raw().position(same));
    found.ok_or_else(|| SpreadsheetError::damaged(format!("{part} is missing")))
}

type PartReader<'a, R> = BufReader<ZipFile<'a, R>>;

fn xml<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    part: &str,
) -> Result<XmlPart<PartReader<'a, R>>, SpreadsheetError> {
    let index = index_of(archive, part)?;
    Ok(XmlPart::new(BufReader::new(archive.by_index(index)?)))
}
