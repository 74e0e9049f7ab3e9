//! Spreadsheets as programs write them, and as nobody should.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use rstest::rstest;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::cell_format::CellFormat;
use super::number::{date_text, duration_text, number_text};
use super::shared_strings::SharedStrings;
use super::*;

const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A file of these parts, beside those that every file has.
fn package(parts: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
    };
    let relations = |all: String| format!("<Relationships>{all}</Relationships>");
    let book = relation("a", "worksheet", "worksheets/sheet1.xml")
        + &relation("b", "worksheet", "/xl/worksheets/sheet2.xml")
        + &relation("c", "sharedStrings", "sharedStrings.xml")
        + &relation("d", "styles", "styles.xml");
    let standard = [
        ("_rels/.rels", relations(relation("x", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", relations(book)),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="隐藏" r:id="b" state="hidden"/>
                   <sheet name="货 &amp; 单" r:id="a"/></sheets></workbook>"#
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst {MAIN}/>")),
        ("xl/styles.xml", format!("<styleSheet {MAIN}/>")),
        ("xl/worksheets/sheet2.xml", format!("<worksheet {MAIN}><sheetData/></worksheet>")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let is_given = |name: &str| parts.iter().any(|(given, _)| *given == name);
    let standard = standard.iter().map(|(name, text)| (*name, text.as_str()));
    for (name, text) in standard.filter(|(name, _)| !is_given(name)).chain(parts.iter().copied()) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap()
}

fn sheet(rows: &str) -> String {
    format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>")
}

fn all_rows(file: Cursor<Vec<u8>>) -> Result<Vec<SheetRow>, SpreadsheetError> {
    let mut rows = Spreadsheet::open(file)?.rows(None)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next_row()? {
        all.push(row);
    }
    assert_eq!(rows.next_row()?, None, "the end stays the end");
    Ok(all)
}

#[test]
fn the_first_sheet_that_is_shown_is_read_and_others_by_name_or_number() {
    let file = package(&[("xl/worksheets/sheet1.xml", &sheet("<row><c><v>7</v></c></row>"))]);
    let choice = |wanted| {
        let rows = Spreadsheet::open(file.clone()).unwrap().rows(wanted);
        rows.map(|rows| rows.choice().name.clone()).map_err(|error| error.to_string())
    };
    for (wanted, name) in
        [(None, "货 & 单"), (Some("1"), "隐藏"), (Some("隐藏"), "隐藏"), (Some("2"), "货 & 单")]
    {
        assert_eq!(choice(wanted).as_deref(), Ok(name));
    }
    let error = "there is no sheet \"3\"; there are: 隐藏, 货 & 单".to_owned();
    assert_eq!(choice(Some("3")), Err(error));
    assert_eq!(all_rows(file).unwrap(), [SheetRow { number: 1, cells: vec!["7".to_owned()] }]);
}

#[test]
fn cells_are_read_as_they_are_shown() {
    let strings = format!(
        "<sst {MAIN}><si><t>商品ID</t></si><si><r><t>手</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">机 </t></r>\
         <rPh sb=\"0\" eb=\"1\"><t>てじ</t></rPh></si><si><t/></si><si><t>a_x000D_b &lt;&#33;</t></si></sst>"
    );
    let styles = format!(
        r#"<styleSheet {MAIN}><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m"/></numFmts>
           <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
           <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="46"/></cellXfs></styleSheet>"#
    );
    let rows = sheet(
        r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" s="1"/></row>
           <row r="3"><c r="A3" t="s"><v>2</v></c></row>
           <row r="9"><c r="A9"><v>610947572360</v></c><c t="inlineStr"><is><t>=HYPERLINK(</t></is></c>
           <c t="b"><v>1</v></c><c><f>B1+1</f><v>1.1000000000000001</v></c><c t="str"><f>X</f><v>a&amp;b</v></c>
           <c s="1"><v>46356</v></c><c s="2"><v>46356.354166666664</v></c><c s="3"><v>1.5</v></c>
           <c t="e"><v>#N/A</v></c><c><f>1</f></c><c t="s"><v>3</v></c></row>"#,
    );
    let parts = [
        ("xl/worksheets/sheet1.xml", rows.as_str()),
        ("xl/sharedStrings.xml", &strings),
        ("xl/styles.xml", &styles),
    ];
    let rows = all_rows(package(&parts)).unwrap();
    assert_eq!((rows[0].number, rows[1].number, rows.len()), (2, 9, 2));
    assert_eq!(rows[0].cells, ["商品ID", "", "手机 "]);
    let shown = [
        "610947572360",
        "=HYPERLINK(",
        "TRUE",
        "1.1",
        "a&b",
        "2026-11-30",
        "2026-11-30 08:30:00",
        "36:00:00",
        "#N/A",
        "",
        "a\rb <!",
    ];
    assert_eq!(rows[1].cells, shown);
}

#[rstest]
#[case("610947572360", "610947572360")]
#[case("6.1094757236E11", "610947572360")]
#[case("999999999999999", "999999999999999")]
#[case("1234567890123456", "1.23456789012346E+15")]
#[case("1234567890123456789", "1.23456789012346E+18")]
#[case("0.1", "0.1")]
#[case("799.00", "799")]
#[case("-12.300000000000001", "-12.3")]
#[case("007", "7")]
#[case("0", "0")]
#[case("1E-3", "0.001")]
#[case("1e-12", "1E-12")]
#[case("12e3", "12000")]
#[case("abc", "abc")]
fn a_number_keeps_its_digits_or_is_no_id(#[case] written: &str, #[case] shown: &str) {
    assert_eq!(number_text(written), shown);
}

#[test]
fn dates_of_both_calendars_are_dates() {
    for (serial, is_1904, shown) in [
        ("1", false, Some("1900-01-01")),
        ("59", false, Some("1900-02-28")),
        ("61", false, Some("1900-03-01")),
        ("0", true, Some("1904-01-01")),
        ("0.5", false, Some("12:00:00")),
        ("2958465.99999999", false, None),
        ("-1", false, None),
        ("x", false, None),
    ] {
        assert_eq!(date_text(serial, is_1904).as_deref(), shown, "{serial}");
    }
    assert_eq!(duration_text("1.1041666666").as_deref(), Some("26:30:00"));
}

#[rstest]
#[case("General", CellFormat::Number)]
#[case("#,##0.00_);[Red](#,##0.00)", CellFormat::Number)]
#[case("[$¥-804]#,##0.00\"md\"", CellFormat::Number)]
#[case("0.00E+00", CellFormat::Number)]
#[case("[$-804]yyyy\"年\"m\"月\"d\"日\"", CellFormat::Date)]
#[case("hh:mm", CellFormat::Date)]
#[case("[hh]:mm", CellFormat::Duration)]
fn a_format_of_dates_is_known_by_its_letters(#[case] code: &str, #[case] format: CellFormat) {
    assert_eq!(CellFormat::from_code(code), format);
}

#[test]
fn what_is_no_spreadsheet_or_a_damaged_one_says_so() {
    let opened = |bytes: &[u8]| all_rows(Cursor::new(bytes.to_vec())).unwrap_err().to_string();
    assert_eq!(opened(b"id,n\n"), "this is no .xlsx file");
    assert_eq!(opened(b""), "this is no .xlsx file");
    assert!(opened(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0").contains("password"));
    let whole = package(&[("xl/worksheets/sheet1.xml", &sheet("<row><c><v>7</v></c></row>"))]).into_inner();
    assert!(opened(&whole[..whole.len() / 2]).starts_with("the file is damaged"));
    let other = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("mimetype", SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    assert_eq!(opened(&other), "this is no .xlsx file");
    for rows in [
        "<row><c t=\"s\"><v>5</v></c></row>",
        "<row><c>",
        "<row r=\"2\"/><row r=\"2\"/>",
        "<row><c r=\"XFE1\"><v>1</v></c></row>",
        "<row><c></row>",
    ] {
        let error = all_rows(package(&[("xl/worksheets/sheet1.xml", &sheet(rows))])).unwrap_err();
        assert!(matches!(error, SpreadsheetError::Damaged(_)), "{rows}: {error}");
    }
}

#[test]
fn a_small_file_that_unfolds_into_a_large_one_is_refused() {
    let text = "x".repeat(3 << 20);
    for part in [
        sheet(&format!("<row><c t=\"str\"><v>{text}</v></c></row>")),
        sheet(&format!("<row><!--{}--></row>", "> ".repeat(2 << 20))),
        sheet(&format!("<row {text}=\"1\"/>")),
        sheet(&format!(
            "<row>{}</row>",
            format!("<c t=\"str\"><v>{}</v></c>", "x".repeat(9_000)).repeat(200)
        )),
    ] {
        let file = package(&[("xl/worksheets/sheet1.xml", &part)]);
        assert!(file.get_ref().len() < 100_000);
        assert!(matches!(all_rows(file), Err(SpreadsheetError::TooLarge)), "{part:.60}");
    }
    let (mut strings, text) = (SharedStrings::default(), "x".repeat(8 << 20));
    let pushed: Vec<_> = (0..17).map(|_| strings.push(&text)).collect();
    assert!(pushed[..16].iter().all(Result::is_ok) && matches!(pushed[16], Err(SpreadsheetError::TooLarge)));
    let texts = format!("<sst {MAIN} uniqueCount=\"99999999999999\"><si><t>a</t></si></sst>");
    let file = package(&[("xl/sharedStrings.xml", &texts), ("xl/worksheets/sheet1.xml", &sheet(""))]);
    assert_eq!(all_rows(file).unwrap(), []);
}

#[test]
fn texts_are_written_as_texts_and_numbers_as_numbers() {
    let long = "长".repeat(40_000);
    let texts = [
        "=HYPERLINK(\"http://x\",\"y\")",
        " a <b> & \"c\" ",
        "_x0041_ \u{1b}[2J\r\n",
        "0012",
        "1234567890123456",
        "",
    ];
    let mut writer = SheetWriter::new(Cursor::new(Vec::new()), &["商品ID", "价格"]).unwrap();
    writer.row(texts.map(SheetValue::text)).unwrap();
    writer
        .row([
            SheetValue::number("799.00"),
            SheetValue::number("12345678901234567"),
            SheetValue::Boolean(true),
        ])
        .unwrap();
    writer.row([SheetValue::text(long.as_str())]).unwrap();
    let rows = all_rows(writer.finish().unwrap()).unwrap();
    assert_eq!(rows[0].cells, ["商品ID", "价格"]);
    assert_eq!(rows[1].cells, texts[..5]);
    assert_eq!(rows[2].cells, ["799", "12345678901234567", "TRUE"]);
    let cut = &rows[3].cells[0];
    assert!(cut.encode_utf16().count() == 32_767 && cut.ends_with("长 … [40000]"), "{}", cut.len());
    for (text, is_number) in [
        ("790", true),
        ("-1.5", true),
        ("1.50", false),
        ("0012", false),
        ("610947572360", false),
        ("1e5", false),
        ("", false),
        ("-0", false),
        ("+1", false),
    ] {
        assert_eq!(matches!(SheetValue::carried(text), SheetValue::Number(_)), is_number, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec("(?s).{0,12}", 1..40), 1..6)) {
        let mut writer = SheetWriter::new(Cursor::new(Vec::new()), &["a"]).unwrap();
        for row in &rows {
            writer.row(row.iter().map(|cell| SheetValue::text(cell.as_str()))).unwrap();
        }
        let read = all_rows(writer.finish().unwrap()).unwrap();
        let trimmed = |row: &Vec<String>| {
            let end = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
            row[..end].to_vec()
        };
        let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
        let expected: Vec<Vec<String>> = rows.iter().filter(|row| !is_blank(row)).map(trimmed).collect();
        let read: Vec<Vec<String>> = read.into_iter().skip(1).map(|row| row.cells).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn any_change_of_a_byte_ends_in_rows_or_an_error(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c><v>1</v></c></row>";
        let strings = "<sst><si><t>a</t></si></sst>";
        let mut file = package(&[("xl/worksheets/sheet1.xml", &sheet(rows)), ("xl/sharedStrings.xml", strings)]).into_inner();
        let at = at.index(file.len());
        file[at] = byte;
        let _ = all_rows(Cursor::new(file));
    }
}
