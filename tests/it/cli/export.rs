//! `obx export`

use std::fs;
use std::process::Command;

use obx_core::spreadsheet::Spreadsheet;
use onebound_emulator::{Fault, Settings};
use rusqlite::Connection;

use super::shell::{Ran, Shell};

const ITEM: &str = "610947572360";
const OTHER: &str = "610947572361";

/// A store with these two items.
fn shell() -> Shell {
    let shell = Shell::new();
    assert_eq!(shell.run(&["get", ITEM, OTHER, "--quiet"]).code, Some(0));
    shell
}

/// Exports without an account: nothing can be sent.
fn export(shell: &Shell, args: &[&str]) -> Ran {
    let args: Vec<&str> = ["export"].iter().chain(args).copied().collect();
    let mut command = shell.anonymous(&args);
    Ran::new(&command.env("OBX_HOST", shell.host()).output().unwrap())
}

#[test]
fn stored_items_are_records_and_nothing_is_sent() {
    let shell = shell();
    let one = export(&shell, &[ITEM]);
    assert_eq!((one.code, one.records().len(), one.stderr.as_str()), (Some(0), 1, ""));
    let got = shell.run(&["get", ITEM, "--flat", "--quiet"]);
    assert_eq!(one.stdout, got.stdout);
    let all = export(&shell, &["--fields", "num_iid,price"]);
    assert_eq!(
        all.records().iter().map(|record| record["num_iid"].as_str().unwrap()).collect::<Vec<_>>(),
        [ITEM, OTHER],
        "{all:?}"
    );
    let before = shell.run(&["get", ITEM, "--offline"]).stderr;
    assert!(before.contains("0 billed"), "{before}");
}

#[test]
fn lists_are_rows_of_csv_and_json() {
    let shell = shell();
    let items = export(&shell, &["--csv", "--fields", "num_iid,price"]).stdout;
    assert_eq!(items.lines().next(), Some("num_iid,price"), "{items}");
    assert_eq!(items.lines().count(), 3, "{items}");
    let skus = export(&shell, &[ITEM, "--csv", "--list", "skus", "--fields", "num_iid,sku_id,stock"]).stdout;
    assert_eq!(
        skus,
        "num_iid,sku_id,stock\r\n610947572360,4309097072612,932\r\n610947572360,4302217872901,831\r\n"
    );
    for list in ["items", "skus", "prices", "props", "pictures", "oddities"] {
        assert_eq!(export(&shell, &[ITEM, "--csv", "--list", list]).code, Some(0), "{list}");
        assert!(export(&shell, &["--list", list, "--fields"]).stdout.contains("num_iid "), "{list}");
    }
    let props = export(&shell, &[ITEM, "--list", "props"]).records();
    assert_eq!((&props[0]["num_iid"], props.len()), (&ITEM.into(), 23));
}

#[test]
fn an_item_that_is_not_stored_is_no_result() {
    let shell = shell();
    let missing = export(&shell, &["610947572399"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(3), ""));
    assert!(missing.stderr.contains("610947572399: no item is stored"), "{missing:?}");
    let some = export(&shell, &[ITEM, "610947572399", "--json"]);
    assert_eq!((some.code, some.records().len()), (Some(10), 1));
    assert_eq!(some.reported("error")[0]["class"], "no_result");
    // What was never found has an answer, and no item.
    assert_eq!(shell.run(&["get", "610947572000", "--quiet"]).code, Some(3));
    assert_eq!(export(&shell, &["610947572000"]).code, Some(3));
    let nothing = export(&Shell::new(), &[]);
    assert_eq!((nothing.code, nothing.stdout.as_str(), nothing.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn another_gateways_items_and_other_platforms_are_left_out() {
    let shell = shell();
    let other = Ran::new(&shell.anonymous(&["export"]).output().unwrap());
    assert_eq!((other.code, other.stdout.as_str()), (Some(0), ""), "the vendor's gateway has none");
    assert_eq!(export(&shell, &["--platform", "taobao"]).stdout, "");
}

#[test]
fn a_day_in_beijing_leaves_older_answers_out() {
    let shell = shell();
    for (day, items) in [("today", 2), ("yesterday", 2), ("2020-01-01", 2), ("2100-01-01", 0)] {
        assert_eq!(export(&shell, &["--since", day]).records().len(), items, "{day}");
    }
    let old = export(&shell, &[ITEM, "--since", "2100-01-01"]);
    assert_eq!(old.code, Some(3), "{old:?}");
    let wrong = export(&shell, &["--since", "monday"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("it takes today, yesterday"), "{wrong:?}");
    let wrong = export(&shell, &["--sql", "oracle"]);
    assert!(wrong.stderr.contains("sqlite, postgres, mysql"), "{wrong:?}");
}

#[test]
fn sql_fills_a_database_and_can_be_executed_again() {
    let shell = shell();
    let sql = export(&shell, &["--sql", "sqlite"]);
    assert_eq!((sql.code, sql.stderr.as_str()), (Some(0), ""));
    let database = Connection::open_in_memory().unwrap();
    for _ in 0..2 {
        database.execute_batch(&sql.stdout).unwrap();
        let count = |table: &str| -> i64 {
            database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!(count("obx_items"), 2);
        let skus = export(&shell, &["--list", "skus"]).records().len();
        assert_eq!(usize::try_from(count("obx_skus")).unwrap(), skus);
    }
    for dialect in ["postgres", "mysql"] {
        let sql = export(&shell, &[ITEM, "--sql", dialect]).stdout;
        assert!(sql.contains("INSERT INTO obx_items") && sql.ends_with("COMMIT;\n"), "{sql}");
    }
    let both = export(&shell, &["--sql", "sqlite", "--csv"]);
    assert_eq!(both.code, Some(2), "{both:?}");
}

#[test]
fn the_help_has_examples_and_says_what_the_ids_are() {
    let shell = Shell::new();
    for (command, ids) in [
        ("get", "- reads a line each from stdin"),
        ("export", "all stored items of the gateway"),
        ("images", "- reads a line each from stdin"),
    ] {
        let help = shell.run(&[command, "--help", "--ui-lang", "en"]).stdout;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(ids), "{help}");
        assert!(command == "get" || help.contains(&format!("Examples: obx {command}")), "{help}");
    }
}

/// Types that drift: what is exported as records and as SQL says the same.
#[test]
fn odd_answers_of_the_vendor_are_rows_as_well() {
    for fault in [Fault::Drift, Fault::SkuDrift, Fault::HostileText, Fault::DuplicateKeys, Fault::OddPictures]
    {
        let shell = Shell::with(Settings { fault: Some(fault), ..Settings::default() });
        shell.run(&["get", ITEM, "--quiet"]);
        let record = export(&shell, &[]).records().remove(0);
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(&export(&shell, &["--sql", "sqlite"]).stdout).unwrap();
        for list in ["skus", "prices", "props", "pictures", "oddities"] {
            let sql = format!("SELECT count(*) FROM obx_{list}");
            let count: i64 = database.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(
                usize::try_from(count).unwrap(),
                record[list].as_array().unwrap().len(),
                "{fault:?} {list}"
            );
        }
        let title: Option<String> =
            database.query_row("SELECT title FROM obx_items", [], |row| row.get(0)).unwrap();
        // No database takes U+0000.
        let expected = record["title"].as_str().map(|title| title.replace('\0', "\u{fffd}"));
        assert_eq!(title, expected, "{fault:?}");
    }
}

#[test]
fn damaged_rows_are_reported_and_not_as_never_bought() {
    let shell = shell();
    let store = Connection::open(shell.home.path().join(".local/share/obx/store.sqlite")).unwrap();
    let damage =
        "UPDATE exchanges SET started_at = 9223372036854775807 WHERE id = (SELECT max(id) FROM exchanges)";
    assert_eq!(store.execute(damage, []).unwrap(), 1);
    for flags in [&["--json", "--quiet"][..], &[]] {
        let all = export(&shell, flags);
        assert_eq!((all.code, all.records().len()), (Some(10), 1), "{all:?}");
        assert!(all.stderr.contains("Damaged rows") && all.stderr.contains('1'), "{all:?}");
    }
    let json = export(&shell, &["--json"]).reported("warning");
    assert_eq!((&json[0]["kind"], &json[0]["rows"]), (&"damaged_rows".into(), &1.into()));
    for args in [&["export", OTHER][..], &["show", OTHER], &["history", OTHER]] {
        let mut command = shell.anonymous(args);
        let ran = Ran::new(&command.env("OBX_HOST", shell.host()).output().unwrap());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains("can be read") && !ran.stderr.contains("fetches it"), "{ran:?}");
    }
    assert_eq!(export(&shell, &[ITEM]).code, Some(0));
    for args in [&["log"][..], &["quota"], &["quota", "--day", "today"]] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(
            ran.stderr.contains("Damaged rows in the store, which no list shows: 1"),
            "{args:?}: {ran:?}"
        );
    }
}

#[test]
fn a_file_gets_its_name_at_the_end_and_a_spreadsheet_its_numbers() {
    let shell = Shell::new();
    shell.run(&["get", "610947572360", "610947572361"]);
    let path = |name: &str| shell.home.path().join(name).to_str().unwrap().to_owned();
    let export = |args: &[&str]| shell.run(&[&["export"], args].concat());
    let (items, skus) = (path("items.XLSX"), path("skus.xlsx"));
    assert_eq!(export(&["--out", &items, "--fields", "num_iid,price,title"]).code, Some(0));
    let sheet = |path: &str| {
        let mut rows = Spreadsheet::open(fs::File::open(path).unwrap()).unwrap().rows(None).unwrap();
        std::iter::from_fn(|| rows.next_row().unwrap()).map(|row| row.cells).collect::<Vec<_>>()
    };
    let rows = sheet(&items);
    assert_eq!((rows.len(), rows[0].join(" ").as_str()), (3, "num_iid price title"));
    assert!(rows.iter().any(|row| row[0] == "610947572360" && row[1] == "799"), "{rows:?}");
    let listed = export(&["610947572360", "--list", "skus", "--out", &skus]);
    assert_eq!((listed.code, listed.stdout.as_str()), (Some(0), ""), "{listed:?}");
    let as_csv = export(&["610947572360", "--list", "skus", "--csv"]).stdout;
    assert_eq!(sheet(&skus).len(), as_csv.lines().count());
    for (name, args) in
        [("a.csv", &["--csv"][..]), ("a.ndjson", &["--json"]), ("a.sql", &["--sql", "sqlite"])]
    {
        let file = path(name);
        fs::write(&file, "old").unwrap();
        let flags = if name == "a.csv" { &[] } else { args };
        assert_eq!(export(&[&["610947572361", "--out", &file], flags].concat()).code, Some(0), "{name}");
        assert_eq!(fs::read_to_string(&file).unwrap(), export(&[&["610947572361"], args].concat()).stdout);
    }
    // A mistake leaves what was there.
    fs::write(&skus, "old").unwrap();
    for (args, words) in [
        (&["--json"][..], "a spreadsheet, which has rows"),
        (&["--sql", "sqlite"], "a spreadsheet, which has rows"),
        (&["--fields", "nope"], "there is no field"),
    ] {
        let ran = export(&[&["--out", &skus], args].concat());
        assert!(ran.code == Some(2) && ran.stderr.contains(words), "{args:?}: {ran:?}");
    }
    let pipe = path("pipe.xlsx");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap().len()
    });
    let ran = export(&["--out", &pipe]);
    assert!(ran.code == Some(2) && ran.stderr.contains("can't be written into a pipe"), "{ran:?}");
    assert_eq!(reader.join().unwrap(), 0);
    assert_eq!(fs::read_to_string(&skus).unwrap(), "old");
    let left = shell
        .home
        .path()
        .read_dir()
        .unwrap()
        .filter(|one| one.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(left.count(), 0);
}
