//! `obx batch`: what it buys, writes and reports, and that no limit is passed.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::process::{Child, Stdio};
use std::time::Duration;

use onebound_emulator::{Delay, Settings};
use serde_json::{Value, json};

use super::shell::{KEY, Ran, SECRET, Shell};
use crate::tui::pty::wait_until;

/// A list with a duplicate, one without an ID, and one whose item does not exist.
pub(super) const LIST: &str =
    "sku,offer_id,price\nA,610947572360,5\nX,nothing,\nB,610947572360,6\nC,610947572000,=1+1\n";

pub(super) fn id(number: u64) -> String {
    format!("61094751{:04}", 5_100 + number)
}

pub(super) fn ids(numbers: Range<u64>) -> String {
    numbers.map(|number| id(number) + "\n").collect()
}

pub(super) fn with_delay(milliseconds: u64) -> Settings {
    let delay = Duration::from_millis(milliseconds);
    Settings { delay: Delay::between(delay, delay), ..Settings::default() }
}

/// The most often that any ID was asked for.
pub(super) fn most_requests_of_an_id(shell: &Shell) -> usize {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for id in shell.requested_ids() {
        *counts.entry(id).or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default()
}

pub(super) fn numbers(records: &[Value]) -> BTreeSet<u64> {
    records.iter().map(|record| record["line"].as_u64().unwrap()).collect()
}

/// Waits until the emulator has received so many calls.
pub(super) fn wait_for_calls(shell: &Shell, calls: u64, child: &mut Child) {
    wait_until("calls", || {
        let has_ended = child.try_wait().unwrap().is_some();
        (shell.emulator().calls() >= calls || has_ended).then_some(())
    });
}

#[test]
fn without_a_terminal_and_a_yes_nothing_is_bought_and_what_is_stored_needs_none() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", &ids(0..3));
    let refused = shell.run_without_terminal(&["batch", &list]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(8), ""), "{refused:?}");
    assert!(refused.stderr.contains("--yes buys without a question"), "{refused:?}");
    assert_eq!(shell.emulator().calls(), 0);
    let bought = shell.run(&["batch", &list, "--yes", "--concurrency", "1"]);
    assert_eq!((bought.code, bought.records().len()), (Some(0), 3), "{bought:?}");
    assert!(bought.stderr.ends_with("3 billed · 9997 of 10000 left\n"), "{bought:?}");
    let again = shell.run(&["batch", &list, "--json"]);
    assert_eq!((again.code, again.records().len(), shell.emulator().calls()), (Some(0), 3, 3), "{again:?}");
    assert_eq!(again.reported("summary")[0]["items"], 3);
    assert_eq!(again.reported("money")[0]["from_store"], 3);
    let offline = shell.run(&["batch", &shell.file("more.txt", &ids(2..5)), "--offline", "--json"]);
    assert_eq!((offline.code, offline.records().len()), (Some(10), 1), "{offline:?}");
}

#[test]
fn mistakes_on_the_command_line_cost_nothing() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.csv", LIST);
    for (args, message) in [
        (&["--fresh"][..], "--fresh has no place in a batch"),
        (&["--fields", "prise"], "did you mean price?"),
        (&["--column", "nr"], "There is no column nr"),
        (&["--out", &list], "is the list itself"),
        (&["--out", "x.xls"], "only .xlsx is written"),
        (&["--out", "x.xlsx", "--json"], "leave out --json"),
        (&["--sheet", "2"], "the list is no spreadsheet"),
        (&["--rate", "0"], "a number above 0"),
        (&["--rate", "1e-300"], "a number above 0"),
        (&["--until", "06:30"], "--carry"),
        (&["--carry", "--until", "soon"], "it must be a time"),
    ] {
        let ran = shell.run(&[&["batch", &list, "--yes"], args].concat());
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{args:?}: {ran:?}");
    }
    let missing = shell.run(&["batch", "no-such-file", "--yes"]);
    assert!(missing.code == Some(2) && missing.stderr.contains("can't read no-such-file"), "{missing:?}");
    assert_eq!(shell.emulator().calls(), 0);
    assert!(std::fs::read_to_string(list).unwrap() == LIST);
}

#[test]
fn lines_carry_the_lists_own_cells_and_those_that_fail_have_their_numbers() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.csv", &format!("{LIST}D,610947574009,7\n"));
    let json = shell.run(&["batch", &list, "--yes", "--json", "--fields", "line,outcome,input,requested_id"]);
    assert_eq!(json.code, Some(10), "{json:?}");
    let records = json.records();
    assert_eq!(numbers(&records), [2, 5].into(), "{json:?}");
    let missing = records.iter().find(|record| record["line"] == 5).unwrap();
    let input = r#""input":{"sku":"C","offer_id":"610947572000","price":"=1+1"}"#;
    let expected = format!(r#"{{"line":5,"outcome":"no_result",{input},"requested_id":"610947572000"}}"#);
    assert_eq!(missing.to_string(), expected);
    let errors = json.reported("error");
    let reported: Vec<_> =
        errors.iter().map(|error| (error["line"].clone(), error["class"].clone())).collect();
    assert_eq!(reported, [(json!(3), json!("usage")), (json!(6), json!("vendor"))], "{json:?}");
    let summary = &json.reported("summary")[0];
    assert_eq!(summary["codes"], json!({"0000": 1, "2000": 1, "4009": 1}), "{summary}");
    assert_eq!((&summary["no_result"], &summary["failed"]), (&json!(1), &json!(2)), "{summary}");
    let text = shell.run(&["batch", &list, "--yes", "--csv", "--fields", "line,price", "--concurrency", "1"]);
    assert!(text.stdout.starts_with("sku,offer_id,input_price,line,price\r\n"), "{text:?}");
    assert!(text.stdout.contains("A,610947572360,5,2,799.00\r\n"), "{text:?}");
    for part in [
        "obx: line 3: nothing: ",
        "obx: line 4: 610947572360 is on line 2 too",
        "obx: line 6: 610947574009: 4009",
        "obx: by error_code: 0000 1 · 2000 1 · 4009 1\n",
    ] {
        assert!(text.stderr.contains(part), "{part}: {text:?}");
    }
}

#[test]
fn without_a_store_no_line_is_bought_twice_and_a_limit_counts_what_was_billed() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.csv", LIST);
    let ran = shell.run(&["batch", &list, "--yes", "--no-store", "--json"]);
    assert_eq!((numbers(&ran.records()), shell.emulator().calls()), ([2, 5].into(), 2), "{ran:?}");
    assert_eq!(most_requests_of_an_id(&shell), 1);
    let list = shell.file("list.txt", &ids(0..12));
    let capped = shell.run(&["batch", &list, "--yes", "--no-store", "--cap", "5", "--fields", "line"]);
    assert_eq!(
        (capped.code, capped.records().len(), shell.emulator().calls()),
        (Some(8), 5, 7),
        "{capped:?}"
    );
}

#[test]
fn records_come_in_the_order_in_which_their_lines_were_done() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", &ids(0..40));
    for form in [&["--fields", "line"][..], &["--jq", "{line}"]] {
        let batch = ["batch", &list, "--yes", "--concurrency", "1"];
        let ran = shell.run(&[&batch[..], &["--no-store"], form].concat());
        let lines: Vec<_> = ran.records().iter().map(|record| record["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, (1..=40).collect::<Vec<_>>(), "{ran:?}");
    }
}

#[test]
fn a_list_without_mistakes_ends_with_0_also_where_an_item_does_not_exist() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", "610947572360\n# a comment\n\n610947572000\n");
    let ran = shell.run(&["batch", &list, "--yes", "--quiet", "--fields", "line"]);
    assert_eq!((ran.code, numbers(&ran.records()), ran.stderr.as_str()), (Some(0), [1, 4].into(), ""));
}

#[test]
fn results_go_to_a_file_whose_name_decides_their_form() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", &ids(0..2));
    let csv = shell.file("out.csv", "what was there before\n".repeat(999).as_str());
    let ran = shell.run(&["batch", &list, "--yes", "--out", &csv, "--fields", "line,num_iid"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    let written = std::fs::read_to_string(csv).unwrap();
    let lines: BTreeSet<&str> = written.lines().collect();
    assert_eq!(lines, ["line,num_iid", &format!("1,{}", id(0)), &format!("2,{}", id(1))].into());
    let json = shell.home.path().join("out.ndjson");
    shell.run(&["batch", &list, "--out", json.to_str().unwrap(), "--fields", "line"]);
    assert_eq!(std::fs::read_to_string(json).unwrap().lines().count(), 2);
}

#[test]
fn what_the_file_of_the_results_had_stays_until_a_batch_has_come_to_its_end() {
    let shell = Shell::with(with_delay(0));
    let (few, more) = (shell.file("few.txt", &ids(0..3)), shell.file("more.txt", &ids(0..5)));
    let out = shell.home.path().join("out.csv");
    let (name, part) = (out.to_str().unwrap(), shell.home.path().join("out.csv.part"));
    let lines = |path| std::fs::read_to_string(path).map(|text| text.lines().count()).ok();
    let batch = |list: &str, args: &[&str]| {
        shell.run(&[&["batch", list, "--out", name, "--fields", "line"], args].concat()).code
    };
    let planned = shell.run(&["batch", &few, "--out", name, "--plan"]);
    assert_eq!((planned.code, lines(&out)), (Some(0), None), "{planned:?}");
    let declined = shell.run_without_terminal(&["batch", &few, "--out", name]);
    assert_eq!((declined.code, lines(&out)), (Some(8), None), "{declined:?}");
    assert_eq!((batch(&few, &["--yes"]), lines(&out)), (Some(0), Some(4)));
    assert_eq!(batch(&more, &["--yes", "--max-calls", "1", "--concurrency", "1"]), Some(8));
    assert_eq!((lines(&out), lines(&part)), (Some(4), Some(5)));
    assert_eq!((batch(&more, &["--yes"]), lines(&out)), (Some(0), Some(6)));
    // What an earlier batch left is nobody's to remove.
    assert_eq!(lines(&part), Some(5));
    let names = shell.home.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.filter(|name| name.to_str().unwrap().contains(".part")).count(), 1);
}

#[test]
fn two_batches_side_by_side_never_pass_a_cap_together_nor_buy_an_item_twice() {
    let shell = Shell::with(with_delay(10));
    let list = shell.file("list.txt", &ids(0..60));
    let start = || {
        let mut command = shell.command(&["batch", &list, "--yes", "--cap", "30", "--fields", "line"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let (first, second) = (start(), start());
    for child in [first, second] {
        let ran = Ran::new(&child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(8), "{ran:?}");
    }
    assert_eq!((shell.emulator().today(), most_requests_of_an_id(&shell)), (30, 1));
}

#[test]
fn a_storm_of_4008_is_free_and_the_same_command_buys_the_rest() {
    let shell = Shell::with(Settings { concurrency: Some(1), ..with_delay(20) });
    let list = shell.file("list.txt", &ids(0..24));
    let batch = ["batch", &list, "--yes", "--fields", "line"];
    let stormy = shell.run(&batch);
    assert_eq!(stormy.code, Some(10), "{stormy:?}");
    assert!(stormy.stderr.contains("4008 "), "{stormy:?}");
    assert!(stormy.stderr.contains("The batch sends fewer calls at once now"), "{stormy:?}");
    assert!(!stormy.stderr.contains("--fresh"), "{stormy:?}");
    let calm = shell.run(&[&batch[..], &["--concurrency", "1"]].concat());
    assert_eq!((calm.code, calm.records().len()), (Some(0), 24), "{calm:?}");
    assert_eq!(shell.emulator().today(), 24);
}

#[test]
fn key_and_secret_of_a_line_are_printed_neither_as_text_nor_as_json() {
    let shell = Shell::with(with_delay(0));
    let address = format!("https://api-gw.onebound.cn/1688/item_search/?key={KEY}&secret={SECRET}&q=shoes");
    let others = "https://api-gw.onebound.cn/1688/item_search/?key=another-key&secret=another-secret&q=x";
    let lines = format!("{address}\nmine is {KEY}\n{others}\n");
    let list = shell.file("list.txt", &lines);
    // `Ran` asserts that neither is there.
    for args in [
        &["batch", &list, "--plan"][..],
        &["batch", &list, "--plan", "--json"],
        &["get", &address],
        &["get", &address, others, "--json"],
    ] {
        let ran = shell.run(args);
        assert!(ran.stderr.contains('•') && !ran.stderr.contains("another-"), "{args:?}: {ran:?}");
    }
}
