//! The contract of commands, a row for each of those that write records.

use std::io::Read;
use std::process::Stdio;

use super::history::{DRIFTING, with_answers};
use super::shell::{Ran, Shell};

/// A command that succeeds after [`shell`], and writes records.
const COMMANDS: [&[&str]; 15] = [
    &["get", DRIFTING],
    &["search", "手机壳"],
    &["batch", "LIST", "--yes"],
    &["images", DRIFTING, "--to", "FOLDER", "--dry-run"],
    &["quota"],
    &["quota", "--by", "api,code"],
    &["show", DRIFTING],
    &["find", DRIFTING],
    &["history", DRIFTING],
    &["diff", DRIFTING],
    &["log"],
    &["facts", DRIFTING],
    &["export"],
    &["errors"],
    &["doctor"],
];

/// A store with two answers of an item, a list of it, and nothing to buy for any command but the first search.
fn shell() -> Shell {
    let shell = with_answers(2);
    shell.file("list.txt", DRIFTING);
    assert_eq!(shell.run(&["search", "手机壳", "--quiet"]).code, Some(0));
    shell
}

impl Shell {
    fn each<'a>(&self, command: &[&'a str]) -> Vec<String> {
        let path = |name: &str| self.home.path().join(name).to_str().unwrap().to_owned();
        let argument = |argument: &&'a str| match *argument {
            "LIST" => path("list.txt"),
            "FOLDER" => path("pictures"),
            other => other.to_owned(),
        };
        command.iter().map(argument).collect()
    }

    fn run_each(&self, before: &[&str], command: &[&str], after: &[&str]) -> Ran {
        let command = self.each(command);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        self.run(&[before, &command, after].concat())
    }
}

#[test]
fn every_command_has_records_fields_and_a_program() {
    let shell = shell();
    for command in COMMANDS {
        let ran = |after: &[&str]| shell.run_each(&[], command, after);
        let json = ran(&["--json"]);
        assert_eq!(json.code, Some(0), "{command:?}: {json:?}");
        let records = json.records();
        assert!(
            !records.is_empty() && records.iter().all(serde_json::Value::is_object),
            "{command:?}: {json:?}"
        );
        // All that is said is JSON too.
        assert!(json.stderr.lines().all(|line| line.starts_with('{')), "{command:?}: {json:?}");
        let listed = ran(&["--fields"]);
        assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""), "{command:?}");
        let names: Vec<&str> =
            listed.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert!(names.len() > 3, "{command:?}: {listed:?}");
        let is_plan = command.contains(&"--dry-run");
        if !is_plan {
            let first = records[0].as_object().unwrap();
            let unlisted =
                first.keys().find(|name| !names.contains(&name.as_str()) && !name.ends_with("version"));
            assert_eq!(unlisted, None, "{command:?}: {names:?}");
            let jq = ran(&["--jq", "length"]);
            assert_eq!((jq.code, jq.stdout.lines().count()), (Some(0), records.len()), "{command:?}: {jq:?}");
            let csv = ran(&["--csv"]);
            assert_eq!(csv.code, Some(0), "{command:?}: {csv:?}");
            assert!(csv.stdout.split("\r\n").next().unwrap().contains(','), "{command:?}: {csv:?}");
        }
    }
}

#[test]
fn every_command_takes_global_options_on_both_sides_and_has_no_colour_in_a_pipe() {
    let shell = shell();
    for command in COMMANDS {
        let chinese = ["--ui-lang", "zh", "--quiet"];
        let before = shell.run_each(&chinese, command, &[]);
        let after = shell.run_each(&[], command, &chinese);
        assert_eq!((before.code, after.code), (Some(0), Some(0)), "{command:?}: {before:?}");
        // Free space and times pass.
        let form = |ran: &Ran| {
            ran.stdout.lines().map(|line| line.chars().take(2).collect()).collect::<Vec<String>>()
        };
        assert_eq!(form(&before), form(&after), "{command:?}");
        assert_eq!((before.stderr.as_str(), after.stderr.as_str()), ("", ""), "{command:?}");
        assert!(!before.stdout.contains('\u{1b}'), "{command:?}");
    }
}

#[test]
fn a_mistake_is_one_json_object_with_all_that_a_script_asks_before_anything_is_paid() {
    let shell = shell();
    let calls = shell.emulator().calls();
    for command in COMMANDS {
        let name = command[0];
        for mistake in [&["--fields", "no-such-field"][..], &["--jq", ".["], &["--no-such-flag"]] {
            let ran = shell.run_each(&[], command, &[&["--json"], mistake].concat());
            if command.contains(&"--dry-run") && mistake[0] != "--no-such-flag" {
                continue;
            }
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{name} {mistake:?}: {ran:?}");
            let errors = ran.reported("error");
            assert_eq!(errors.len(), 1, "{name} {mistake:?}: {ran:?}");
            let error = errors[0].as_object().unwrap();
            for field in
                ["class", "error_code", "billed", "retry", "message", "hint", "request_id", "exit_code"]
            {
                assert!(error.contains_key(field), "{name}: {error:?}");
            }
            assert_eq!((&error["class"], &error["billed"]), (&"usage".into(), &false.into()), "{name}");
        }
    }
    assert_eq!(shell.emulator().calls(), calls);
}

#[test]
fn every_command_ends_quietly_where_nobody_reads() {
    let shell = shell();
    for command in COMMANDS {
        let arguments = shell.each(command);
        let arguments: Vec<&str> =
            arguments.iter().map(String::as_str).chain(["--quiet", "--json"]).collect();
        let mut child = shell.command(&arguments);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{command:?}");
    }
}

#[test]
fn what_needs_no_setting_works_with_a_broken_config() {
    let shell = Shell::new();
    shell.configure("this is no TOML");
    for args in [
        &["help"][..],
        &["help", "get"],
        &["--help"],
        &["--version"],
        &["completions", "bash"],
        &["man"],
        &["errors"],
        &["doctor"],
        &["config", "path", "--quiet"],
        &["config", "template"],
    ] {
        let ran = shell.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}: {ran:?}");
        assert!(!ran.stdout.is_empty(), "{args:?}");
    }
    for command in ["get", "show", "log", "quota", "export"] {
        let ran = shell.run(&[command, DRIFTING, "--json"]);
        assert_eq!((ran.code, ran.reported("error").len()), (Some(2), 1), "{command}: {ran:?}");
    }
}
