//! `obx batch` from and to spreadsheets. Those in `tests/spreadsheets` were written by openpyxl and `XlsxWriter`.

use std::fs::File;
use std::io::Write;

use obx_core::spreadsheet::{SheetValue, SheetWriter, Spreadsheet};
use onebound_emulator::{Delay, Settings};
use serde_json::{Value, json};

use super::shell::{Ran, Shell};

const OPENPYXL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spreadsheets/openpyxl.xlsx");
const XLSXWRITER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spreadsheets/xlsxwriter.xlsx");

fn shell() -> Shell {
    Shell::with(Settings { delay: Delay::NONE, ..Settings::default() })
}

fn batch(shell: &Shell, args: &[&str]) -> Ran {
    shell.run(&[&["batch"], args].concat())
}

fn rows(path: &str) -> Vec<Vec<String>> {
    let mut rows = Spreadsheet::open(File::open(path).unwrap()).unwrap().rows(None).unwrap();
    std::iter::from_fn(|| rows.next_row().unwrap()).map(|row| row.cells).collect()
}

fn write(path: &str, rows: &[&[&str]]) {
    let mut writer = SheetWriter::new(File::create(path).unwrap(), rows[0]).unwrap();
    for row in &rows[1..] {
        writer.row(row.iter().map(|cell| SheetValue::carried(cell))).unwrap();
    }
    writer.finish().unwrap();
}

fn sorted(mut records: Vec<Value>) -> Vec<Value> {
    records.sort_by_key(|record| record["line"].as_u64());
    records
}

#[test]
fn a_spreadsheet_is_read_with_its_own_cells_and_cut_digits_are_refused() {
    let shell = shell();
    let ran = batch(&shell, &[OPENPYXL, "--yes", "--fields", "line,requested_id,input"]);
    assert_eq!(ran.code, Some(10), "{ran:?}");
    for part in [
        "obx: sheet 采购单 is read; there are also: 历史 (--sheet)\n",
        "obx: line 6: 1.23456789012346E+18: A spreadsheet has cut the digits of this number",
        "obx: line 7: 暂无: No item ID",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    let input = |cells: [&'static str; 6]| {
        let names = ["货号", "商品ID", "目标价", "到货日期", "已确认", "备注"];
        names.into_iter().zip(cells).collect::<std::collections::BTreeMap<_, _>>()
    };
    let url = "https://detail.1688.com/offer/610947572361.html";
    let expected = [
        (
            2,
            "610947572360",
            ["A-1", "610947572360", "790", "2026-11-30", "TRUE", "=HYPERLINK(\"http://x\",\"y\")"],
        ),
        (3, "610947572361", ["A-2", url, "39.5", "2026-12-01 08:30:00", "FALSE", "两行\n备注"]),
        (5, "610947572000", ["A-3", "610947572000", "12", "", "", " 空格 "]),
    ];
    let expected =
        expected.map(|(line, id, cells)| json!({"line": line, "requested_id": id, "input": input(cells)}));
    assert_eq!(sorted(ran.records()), expected);
    let other = batch(&shell, &[OPENPYXL, "--sheet", "历史", "--plan", "--json"]);
    assert_eq!((&other.records()[0]["lines"], other.stderr.as_str()), (&json!(1), ""), "{other:?}");
    let missing = batch(&shell, &[OPENPYXL, "--sheet", "3", "--plan"]);
    assert!(
        missing.code == Some(2) && missing.stderr.contains("the sheets are: 采购单, 历史"),
        "{missing:?}"
    );
    let written = batch(&shell, &[XLSXWRITER, "--yes", "--fields", "line,input"]);
    let expected = [
        json!({"line": 2, "input": {"num_iid": "610947572360", "t": "2026-11-30"}}),
        json!({"line": 3, "input": {"num_iid": "ID 610947572361", "t": "2"}}),
    ];
    assert_eq!(sorted(written.records()), expected, "{written:?}");
}

#[test]
fn csv_and_a_spreadsheet_give_the_same_records_in_both_directions() {
    let shell = shell();
    let cells: [&[&str]; 4] = [
        &["商品ID", "price", "备注"],
        &["610947572360", "790", "=1+1, \"x\""],
        &["610947572361", "0012", ""],
        &["610947572000", "39.5", "杯子"],
    ];
    let quoted = |row: &&[&str]| {
        let cells: Vec<String> =
            row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        cells.join(",") + "\n"
    };
    let csv = shell.file("list.csv", &cells.iter().map(quoted).collect::<String>());
    let xlsx = shell.file("list.xlsx", "");
    write(&xlsx, &cells);
    let out = shell.file("out.xlsx", "");
    let bought = batch(&shell, &[&xlsx, "--yes", "--out", &out, "--quiet"]);
    assert_eq!(
        (bought.code, bought.stdout.as_str(), bought.stderr.as_str()),
        (Some(0), "", ""),
        "{bought:?}"
    );
    let from_csv = batch(&shell, &[&csv, "--json"]).records();
    assert_eq!(sorted(from_csv), sorted(batch(&shell, &[&xlsx, "--json"]).records()));

    let mut table = rows(&out);
    let header = table.remove(0);
    assert_eq!(header[..4], ["商品ID", "input_price", "备注", "line"]);
    table.sort();
    let printed = batch(&shell, &[&csv, "--csv", "--quiet"]).stdout;
    assert!(printed.starts_with(&header.join(",")), "{printed}");
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    assert_eq!(table[0][..3], ["610947572000", "39.5", "杯子"]);
    assert_eq!(table[1][..3], ["610947572360", "790", "=1+1, \"x\""]);
    assert_eq!(table[2][..3], ["610947572361", "0012", ""]);
    assert_eq!((table[1][at("num_iid")].as_str(), table[1][at("price")].as_str()), ("610947572360", "799"));

    // The results are a list again, also from stdin.
    let mut command =
        shell.command(&["batch", "-", "--column", "num_iid", "--plan", "--json", "--fields", "lines,to_buy"]);
    let again = Ran::new(&command.stdin(File::open(&out).unwrap()).output().unwrap());
    assert_eq!(again.stdout, "{\"lines\":2,\"to_buy\":0}\n", "{again:?}");
}

#[test]
fn a_spreadsheet_of_results_is_whole_or_as_it_was() {
    let shell = shell();
    let list = shell.file("list.txt", "610947572360\n610947572361\n610947572362\n");
    let out = shell.home.path().join("out.xlsx");
    let path = out.to_str().unwrap();
    let declined = shell.run_without_terminal(&["batch", &list, "--out", path]);
    assert!(declined.code == Some(8) && !out.exists(), "{declined:?}");
    let limited = batch(&shell, &[&list, "--yes", "--max-calls", "2", "--out", path]);
    let part = format!("{path}.part");
    assert_eq!((limited.code, out.exists(), rows(&part).len()), (Some(8), false, 3), "{limited:?}");
    std::fs::remove_file(part).unwrap();
    let whole = batch(&shell, &[&list, "--yes", "--out", path, "--fields", "line,num_iid"]);
    assert_eq!((whole.code, rows(path).len(), rows(path)[0].len()), (Some(0), 4, 2), "{whole:?}");
    let empty = batch(&shell, &[&shell.file("bad.txt", "610947574009\n"), "--yes", "--out", path]);
    assert_eq!((empty.code, rows(path).len()), (Some(10), 1), "only the names: {empty:?}");
    let left: Vec<_> =
        shell.home.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn what_is_no_spreadsheet_says_what_to_do_and_costs_nothing() {
    let shell = shell();
    let damaged = std::fs::read(OPENPYXL).unwrap();
    for (name, bytes, message) in [
        ("a.xlsx", &b"id\n610947572360\n"[..], "This is no .xlsx file: save it as .xlsx or CSV"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "An old .xls file, or one with a password"),
        ("b.xlsx", &damaged[..3_000], "The file is damaged ("),
    ] {
        let path = shell.home.path().join(name);
        File::create(&path).unwrap().write_all(bytes).unwrap();
        let ran = batch(&shell, &[path.to_str().unwrap(), "--yes"]);
        assert!(ran.code == Some(2) && ran.stderr.contains(message), "{name}: {ran:?}");
    }
    assert_eq!(shell.emulator().calls(), 0);
}
