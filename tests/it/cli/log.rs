//! `obx log`

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::shell::Shell;
use crate::tui::pty::{signal, wait_until};

const ITEM: &str = "610947572360";

/// A store with an item, an item from the store, and no result.
fn shell() -> Shell {
    let shell = Shell::new();
    for id in [ITEM, ITEM, "610947572000"] {
        shell.run(&["get", id]);
    }
    shell
}

#[test]
fn the_log_has_a_row_for_each_call_and_each_stored_answer_that_was_shown() {
    let shell = shell();
    let ran = shell.run(&["log"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ran.stdout);
    for (line, parts) in lines.iter().zip([
        &["Time UTC+00:00", "Item, API", "Outcome", "Cost", "Quota", "Size"][..],
        &[ITEM, "0000 success", "billed", "1/10000"],
        &[ITEM, "0000 success", "store"],
        &["610947572000", "2000 no result", "billed", "2/10000"],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{}", ran.stdout);
    }
    let chinese = shell.run(&["log", "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("存档") && chinese.contains("无结果"), "{chinese}");
    assert_eq!(shell.run(&["log", "--limit", "1"]).stdout.lines().count(), 2);
}

#[test]
fn records_say_what_each_call_cost_and_where_its_answer_is_from() {
    let shell = shell();
    let records = shell.run(&["log", "--json"]).records();
    let of = |name: &str| -> Vec<_> { records.iter().map(|record| record[name].clone()).collect() };
    assert_eq!(of("source"), ["live", "store", "live"]);
    assert_eq!(of("billed"), [true, false, true]);
    assert_eq!(of("error_code"), ["0000", "0000", "2000"]);
    assert_eq!(of("used"), [serde_json::json!(1), serde_json::Value::Null, serde_json::json!(2)]);
    assert!(records[0]["bytes"].as_u64().unwrap() > 1_000, "{records:?}");
    let csv = shell.run(&["log", "--csv", "--fields", "subject,billed", "--limit", "1"]).stdout;
    assert_eq!(csv, "subject,billed\r\n610947572000,true\r\n");
    assert!(shell.run(&["log", "--fields"]).stdout.contains("\nsource "));
}

#[test]
fn the_filter_is_that_of_the_explorer() {
    let shell = shell();
    let ids = |filter: &[&str]| {
        let ran = shell.run(&[&["log", "--fields", "id"], filter].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.records().iter().map(|record| record["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["code!=0000"]), [3]);
    assert_eq!(ids(&["cost:billed", "today"]), [1, 3]);
    assert_eq!(ids(&["cost:存档"]), [2]);
    assert_eq!(ids(&["ms>60000"]), [0_i64; 0]);
    assert_eq!(ids(&["ms<60000", ITEM]), [1, 2]);
    assert_eq!(ids(&["yesterday"]), [0_i64; 0]);
    let mistake = shell.run(&["log", "coda=1"]);
    assert_eq!((mistake.code, mistake.stdout.as_str()), (Some(2), ""), "{mistake:?}");
    assert!(mistake.stderr.contains("no column coda; did you mean code?"), "{mistake:?}");
}

#[test]
fn rows_of_other_sessions_follow_until_an_interrupt() {
    let shell = shell();
    let mut child = shell
        .command(&["log", "--follow", "--json", "--limit", "1", "cost:billed"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert!(next().contains("610947572000"));
    shell.run(&["get", ITEM]); // from the store, which the filter leaves out
    shell.run(&["get", "610947572361"]);
    let row = next();
    assert!(row.contains("610947572361") && row.contains("\"billed\":true"), "{row}");
    signal(child.id(), "INT");
    let status = wait_until("its end", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    assert!(lines.next().is_none(), "each row comes once");
}

#[test]
fn a_store_of_a_bare_name_is_followed() {
    let shell = shell();
    let in_home = |args: &[&str]| {
        let mut command = shell.command(args);
        command.args(["--store", "bare.sqlite"]).current_dir(shell.home.path());
        command
    };
    assert!(in_home(&["get", ITEM, "--quiet"]).output().unwrap().status.success());
    let mut child = in_home(&["log", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains(ITEM));
    signal(child.id(), "INT");
    assert_eq!(wait_until("its end", || child.try_wait().unwrap()).code(), Some(130));
}

#[test]
fn without_a_store_the_log_is_empty() {
    let shell = Shell::new();
    let ran = shell.run(&["log", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""), "{ran:?}");
    let ran = shell.run(&["log", "--follow"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(!shell.home.path().join(".local").exists(), "reading makes no store");
}
