//! `obx quota`

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use onebound_emulator::Settings;
use regex::Regex;
use rusqlite::Connection;

use super::shell::{Ran, Shell};

const ITEM: &str = "610947572360";

/// A store with two billed answers, one of them "no result", and one from the store.
fn used() -> Shell {
    let shell = Shell::with(Settings { quota: 100, ..Settings::default() });
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).code, Some(0));
    assert_eq!(shell.run(&["get", "610947572000", "--quiet"]).code, Some(3));
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).code, Some(0));
    shell
}

#[test]
fn a_block_is_said_wherever_calls_are_counted_on() {
    let shell = used();
    assert_eq!(shell.run(&["get", "610947574013", "--quiet"]).code, Some(5));
    let until = "midnight in Beijing";
    let quota = shell.run(&["quota"]);
    assert!(quota.stdout.contains("Blocked") && quota.stdout.contains(until), "{quota:?}");
    let blocked = &shell.run(&["quota", "--json"]).records()[0]["blocked"];
    assert_eq!(blocked["reason"], "quota", "{blocked}");
    assert!(blocked["until"].as_str().unwrap().ends_with('Z'), "{blocked}");
    let cron = shell.run(&["quota", "--fail-below", "1", "--json"]);
    assert_eq!(cron.code, Some(5), "{cron:?}");
    assert!(cron.reported("error")[0]["message"].as_str().unwrap().contains(until), "{cron:?}");
    let doctor = shell.run(&["doctor", "--json"]).records();
    let calls = doctor.iter().find(|check| check["check"] == "calls").unwrap();
    assert_eq!(calls["status"], "warning", "{calls}");
    assert!(calls["found"].as_str().unwrap().contains(until), "{calls}");
    let list = shell.file("list.txt", "610947572362\n");
    let plan = shell.run(&["batch", &list, "--plan"]);
    assert!(plan.stdout.contains(until) && !plan.stdout.contains("left today"), "{plan:?}");
    assert_eq!(shell.run(&["batch", &list, "--plan", "--json"]).records()[0]["blocked"], *blocked);
    let free = used().run(&["quota", "--json"]).records();
    assert!(free[0]["blocked"].is_null(), "{free:?}");
}

#[test]
fn what_is_used_and_left_comes_from_the_store() {
    let shell = used();
    let quota = shell.run(&["quota", "--json"]);
    let records = quota.records();
    assert_eq!((quota.code, records.len(), quota.stderr.as_str()), (Some(0), 1, ""), "{quota:?}");
    let record = &records[0];
    for (name, value) in [
        ("used", 2),
        ("max", 100),
        ("left", 98),
        ("reported", 2),
        ("billed", 2),
        ("free", 0),
        ("unknown", 0),
        ("from_store", 1),
    ] {
        assert_eq!(record[name], value, "{name}: {record}");
    }
    // Two calls are no pace.
    assert!(record["forecast"].is_null() && record["out_at"].is_null(), "{record}");
    assert!(record["reported_at"].as_str().unwrap().ends_with('Z'), "{record}");
    let text = shell.run(&["quota"]).stdout;
    for part in ["2 of 100 · 98 left", "too few calls to tell", "2 billed · 0 unknown", "Beijing"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let chinese = shell.run(&["quota", "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("2 / 100 · 剩余 98") && chinese.contains("北京时间"), "{chinese}");
    // Without an account too: nothing is sent, so that no credentials are looked up.
    let shell = used();
    let host =
        shell.run(&["quota", "--fields", "gateway"]).records()[0]["gateway"].as_str().unwrap().to_owned();
    let anonymous =
        Ran::new(&shell.anonymous(&["quota", "--host", &host, "--jq", ".left"]).output().unwrap());
    assert_eq!(anonymous.stdout, "98\n", "{anonymous:?}");
}

#[test]
fn an_empty_store_says_that_nothing_is_known() {
    let shell = Shell::new();
    let ran = shell.run(&["quota"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains("obx quota --probe"), "{ran:?}");
    assert_eq!(shell.run(&["quota", "--json"]).stdout, "");
    let ran = shell.run(&["quota", "--fail-below", "1"]);
    assert_eq!(ran.code, Some(5));
    assert!(ran.stderr.contains("not known"), "{ran:?}");
}

#[test]
fn too_few_calls_end_with_5() {
    let shell = used();
    assert_eq!(shell.run(&["quota", "--fail-below", "98"]).code, Some(0));
    let ran = shell.run(&["quota", "--fail-below", "99", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(5), 1), "{ran:?}");
    let error = &ran.reported("error")[0];
    assert_eq!((&error["class"], &error["retry"]), (&"quota".into(), &"tomorrow".into()));
    assert!(error["message"].as_str().unwrap().contains("98 left, fewer than 99"), "{error}");
}

#[test]
fn a_key_in_use_whose_count_nobody_knows_is_not_enough() {
    let shell = used();
    // The call of another key, whose answer had no count.
    let store = Connection::open(shell.home.path().join(".local/share/obx/store.sqlite")).unwrap();
    let change =
        "UPDATE exchanges SET key = '00000000', api_info = NULL, used = NULL, allowed = NULL WHERE id = 2";
    assert_eq!(store.execute(change, []).unwrap(), 1);
    let keys = shell.run(&["quota", "--json"]).records();
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert_eq!(keys.iter().filter(|key| key["left"].is_null()).count(), 1, "{keys:?}");
    let ran = shell.run(&["quota", "--fail-below", "1"]);
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert!(ran.stderr.contains("not known"), "{ran:?}");
}

#[test]
fn a_days_calls_are_counted_by_api_key_and_code() {
    let shell = used();
    let total = shell.run(&["quota", "--day", "today"]).stdout;
    assert!(
        total.lines().nth(2).unwrap().trim_start().starts_with("2       2        0     0           1"),
        "{total}"
    );
    let rows =
        shell.run(&["quota", "--by", "api,code", "--json", "--fields", "api,code,calls,billed,from_store"]);
    assert_eq!(
        rows.stdout,
        "{\"api\":\"item_get\",\"code\":\"0000\",\"calls\":1,\"billed\":1,\"from_store\":1}\n\
         {\"api\":\"item_get\",\"code\":\"2000\",\"calls\":1,\"billed\":1,\"from_store\":0}\n"
    );
    let keys = shell.run(&["quota", "--by", "key", "--csv", "--fields", "key,calls"]).stdout;
    assert!(Regex::new("^key,calls\r\n[0-9a-f]{8},2\r\n$").unwrap().is_match(&keys), "{keys}");
    let yesterday = shell.run(&["quota", "--day", "yesterday", "--by", "code", "--json"]);
    assert_eq!((yesterday.code, yesterday.stdout.as_str()), (Some(0), ""));
    assert_eq!(shell.run(&["quota", "--day", "2020-01-01", "--jq", ".calls"]).stdout, "0\n");
    for (flag, value, expected) in
        [("--day", "tomorow", "yesterday"), ("--by", "host", "api, key, code, asked_by")]
    {
        let ran = shell.run(&["quota", flag, value]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
}

#[test]
fn calls_are_counted_by_who_asked() {
    let shell = used();
    let by = ["quota", "--by", "asked_by,code", "--json", "--fields", "asked_by,code,calls,from_store"];
    let alone = "{\"asked_by\":\"\",\"code\":\"0000\",\"calls\":1,\"from_store\":1}\n\
        {\"asked_by\":\"\",\"code\":\"2000\",\"calls\":1,\"from_store\":0}\n";
    assert_eq!(shell.run(&by).stdout, alone);
    // As rows that were copied from a team's store.
    let store = Connection::open(shell.home.path().join(".local/share/obx/store.sqlite")).unwrap();
    store.execute("UPDATE exchanges SET asked_by = 'li' WHERE id > 1", []).unwrap();
    let people = shell.run(&["quota", "--by", "asked_by", "--fields", "asked_by,calls,from_store"]).stdout;
    assert_eq!(
        people,
        "{\"asked_by\":\"\",\"calls\":1,\"from_store\":0}\n{\"asked_by\":\"li\",\"calls\":1,\"from_store\":1}\n"
    );
    let table = shell.run(&["quota", "--by", "asked_by", "--ui-lang", "zh"]).stdout;
    assert!(table.contains("调用人") && table.contains("li "), "{table}");
    let log = shell.run(&["log", "--csv", "--fields", "id,asked_by", "asked_by:li"]).stdout;
    assert_eq!(log, "id,asked_by\r\n2,li\r\n3,li\r\n");
}

#[test]
fn a_probe_is_one_call_that_is_asked_for() {
    let shell = used();
    // Neither a terminal nor --yes: nothing is sent.
    let refused = shell.run_without_terminal(&["quota", "--probe"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(8), ""), "{refused:?}");
    assert!(refused.stderr.contains("--yes"), "{refused:?}");
    let planned = shell.run(&["quota", "--probe", "--dry-run"]);
    assert!(planned.stdout.contains("num_iid=610947572360"), "{planned:?}");
    assert_eq!(shell.run(&["quota", "--jq", ".used"]).stdout, "2\n");
    // The last item, though a fresh answer is stored.
    let probed = shell.run(&["quota", "--probe", "--yes", "--jq", ".used"]);
    assert_eq!((probed.code, probed.stdout.as_str()), (Some(0), "3\n"), "{probed:?}");
    // The vendor may have answered from its own cache, which may be free.
    assert!(probed.stderr.ends_with("0 billed · 1 unknown · 97 of 100 left\n"), "{probed:?}");
    let named = shell.run(&["quota", "--probe", "610947572000", "--yes", "--jq", ".used"]);
    assert_eq!((named.code, named.stdout.as_str()), (Some(3), "4\n"), "{named:?}");
    let none = Shell::new().run(&["quota", "--probe", "--yes"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("obx quota --probe ID"), "{none:?}");
}

#[test]
fn prometheus_reads_the_textfile() {
    let shell = used();
    let path = shell.home.path().join("obx.prom");
    fs::write(&path, "old").unwrap();
    let ran = shell.run(&["quota", "--textfile", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""), "{ran:?}");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    assert_eq!(
        fs::read_dir(shell.home.path())
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part") })
            .count(),
        0
    );
    let sample = |name: &str, labels: &str| {
        let line = format!("(?m)^{name}\\{{gateway=\"[^\"]+\",key=\"[0-9a-f]{{8}}\"{labels}\\}} ([0-9]+)$");
        let line = Regex::new(&line).unwrap();
        line.captures(&text).unwrap_or_else(|| panic!("{name} in {text}"))[1].to_owned()
    };
    assert_eq!(sample("obx_quota_used_calls", ""), "2");
    assert_eq!(sample("obx_quota_left_calls", ""), "98");
    assert_eq!(sample("obx_calls_total", ",api=\"item_get\",code=\"2000\",billing=\"billed\""), "1");
    assert_eq!(sample("obx_store_answers_total", ""), "1");
    assert!(sample("obx_quota_reported_timestamp_seconds", "").parse::<u64>().unwrap() > 1_700_000_000);
    assert!(!text.contains(ITEM), "{text}");
    well_formed(&text);
    match Command::new("promtool").args(["check", "metrics"]).stdin(fs::File::open(&path).unwrap()).output() {
        Ok(checked) => assert!(checked.status.success() && checked.stderr.is_empty(), "{checked:?}"),
        Err(_) => eprintln!("left out: promtool is not installed"),
    }
    let named = shell.run(&["quota", "--textfile", shell.home.path().join("x.txt").to_str().unwrap()]);
    assert!(named.stderr.contains(".prom"), "{named:?}");
    let nowhere = shell.run(&["quota", "--textfile", "/nonexistent/x.prom"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere:?}");
}

/// Each metric is described before its samples, once, and no sample is there twice.
fn well_formed(text: &str) {
    let sample = Regex::new(r#"^([a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9]+$"#).unwrap();
    let (mut metrics, mut samples) = (Vec::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap();
            let kind = lines.next().unwrap().strip_prefix(&format!("# TYPE {name} ")).unwrap();
            assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
            assert!(!metrics.contains(&name), "{name}");
            metrics.push(name);
        } else {
            let name = sample.captures(line).unwrap_or_else(|| panic!("{line}")).get(1).unwrap().as_str();
            assert_eq!(metrics.last(), Some(&name), "{line}");
            let series = line.rsplit_once(' ').unwrap().0;
            assert!(!samples.contains(&series), "{line}");
            samples.push(series);
        }
    }
    assert!(text.ends_with('\n') && samples.len() > 5, "{text}");
}

#[test]
fn fields_are_listed_and_checked() {
    let shell = Shell::new();
    assert!(shell.run(&["quota", "--fields"]).stdout.contains("reported_at"));
    assert!(shell.run(&["quota", "--by", "api", "--fields"]).stdout.contains("from_store"));
    let mistyped = shell.run(&["quota", "--fields", "usd"]);
    assert_eq!(mistyped.code, Some(2));
    assert!(mistyped.stderr.contains("used"), "{mistyped:?}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let shell = used();
    let mut child = shell.command(&["quota"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_block_is_in_the_textfile_and_one_probe_overrides_it() {
    let shell = Shell::new();
    let path = shell.home.path().join("obx.prom");
    let metric = |name: &str| {
        assert_eq!(shell.run(&["quota", "--textfile", path.to_str().unwrap()]).code, Some(0));
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with(&format!("{name}{{")));
        line.map(|line| line.rsplit(' ').next().unwrap().to_owned())
    };
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).code, Some(0));
    assert_eq!(
        (metric("obx_key_blocked").as_deref(), metric("obx_key_block_end_timestamp_seconds")),
        (Some("0"), None)
    );
    shell.run(&["get", "610947574013"]);
    assert_eq!(metric("obx_key_blocked").as_deref(), Some("1"));
    assert!(metric("obx_key_block_end_timestamp_seconds").unwrap().parse::<u64>().unwrap() > 1_700_000_000);
    for args in
        [&["get", "610947572361"][..], &["quota", "--fail-below", "1"], &["quota", "--probe", ITEM, "--yes"]]
    {
        let refused = shell.run(args);
        assert!(refused.stderr.contains("`obx quota --probe --override`"), "{args:?}: {refused:?}");
    }
    let calls = shell.emulator().calls();
    assert_eq!(shell.run(&["quota", "--override"]).code, Some(2), "it is for the probe alone");
    assert_eq!(shell.run(&["quota", "--probe", ITEM, "--override", "--dry-run"]).code, Some(0));
    let unasked = shell.run_without_terminal(&["quota", "--probe", ITEM, "--override"]);
    assert_eq!((unasked.code, shell.emulator().calls()), (Some(8), calls), "{unasked:?}");
    let probed = shell.run(&["quota", "--probe", ITEM, "--override", "--yes"]);
    assert_eq!((probed.code, shell.emulator().calls()), (Some(0), calls + 1), "{probed:?}");
    assert_eq!(metric("obx_key_blocked").as_deref(), Some("0"));
    assert_eq!(shell.run(&["get", "610947572361", "--quiet"]).code, Some(0));
}
