//! Files, pipes and terminals that commands read and write, and what goes wrong with them.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use super::shell::{Ran, Shell};
use crate::tui::pty::Setup;

const ITEM: &str = "610947572360";

#[test]
fn a_path_that_cant_be_opened_is_a_usage_mistake_before_anything_is_paid() {
    let shell = Shell::new();
    let list = shell.file("list.txt", ITEM);
    let folder = shell.home.path().to_str().unwrap().to_owned();
    let nowhere = format!("{folder}/none/x.prom");
    for args in [
        &["batch", &list, "-y", "--out", &nowhere][..],
        &["batch", &list, "-y", "--out", &folder],
        &["batch", &folder, "-y"],
        &["batch", "none.txt", "-y"],
        &["quota", "--textfile", &nowhere, "--probe", ITEM, "--yes"],
        &["quota", "--textfile", "x.txt", "--probe", ITEM, "--yes"],
        &["quota", "--textfile", "none", "--probe", ITEM, "--yes"],
        &["images", ITEM, "--to", &list],
        &["facts", &nowhere],
        &["--config", &nowhere, "quota"],
        &["--store", &folder, "get", ITEM],
        &["--store", &list, "get", ITEM],
        &["--store", &list, "log"],
        &["--store", &list, "batch", &list, "-y"],
    ] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(shell.emulator().requests().is_empty(), "{args:?}");
    }
    let stdin = shell.command(&["get", "-"]).stdin(File::open(&folder).unwrap()).output().unwrap();
    assert_eq!(Ran::new(&stdin).code, Some(2));
}

#[test]
fn a_write_that_fails_later_names_the_file_and_is_no_mistake_of_the_user() {
    let shell = Shell::new();
    let list = shell.file("list.txt", ITEM);
    let ran = shell.run(&["batch", &list, "-y", "--out", "/dev/full"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("can't write /dev/full") && !ran.stderr.contains("stdout"), "{ran:?}");
    for args in [
        &["get", ITEM][..],
        &["get", ITEM, "--raw"],
        &["log"],
        &["errors"],
        &["completions", "bash"],
        &["man"],
        &["config", "template"],
        &["--help"],
        &["help", "get"],
        &["--version"],
        &["export", "--sql", "sqlite"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ran = Ran::new(&shell.command(args).stdout(full).output().unwrap());
        assert_eq!(ran.code, Some(1), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains("can't write to stdout"), "{args:?}: {ran:?}");
    }
}

#[test]
fn a_reader_that_is_gone_ends_every_command_quietly() {
    let shell = Shell::new();
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).code, Some(0));
    for args in [
        &["--help"][..],
        &["man"],
        &["errors"],
        &["log"],
        &["export", "--sql", "sqlite"],
        &["config", "show"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = Ran::new(&shell.command(args).stdout(writer).output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn an_empty_stdin_is_said_and_is_no_failure() {
    let shell = Shell::new();
    for args in [&["get", "-"][..], &["images", "-"], &["export", "-"]] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stderr.contains("stdin has no item ID"), "{ran:?}");
    }
}

#[test]
fn a_line_of_stdin_that_is_not_utf8_ends_no_other() {
    let shell = Shell::new();
    let path = shell.home.path().join("gbk.txt");
    fs::write(&path, b"\xc9\xcc\xc6\xb7\n610947572360\n").unwrap();
    let ran = shell.command(&["get", "-", "--json"]).stdin(File::open(&path).unwrap()).output().unwrap();
    let ran = Ran::new(&ran);
    assert_eq!((ran.code, ran.records().len()), (Some(10), 1), "{ran:?}");
    let ran = shell.run(&["batch", path.to_str().unwrap(), "-y", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(10), 1), "{ran:?}");
}

#[test]
fn colours_are_forced_and_forbidden_as_other_programs_do() {
    let shell = Shell::new();
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).code, Some(0));
    assert_eq!(shell.run(&["get", ITEM, "--fresh", "--quiet"]).code, Some(0));
    for args in [
        &["get", ITEM][..],
        &["get", ITEM, "--skus"],
        &["search", "手机壳"],
        &["show", ITEM],
        &["history", ITEM],
        &["diff", ITEM],
        &["find", "小米"],
        &["facts", ITEM],
        &["log"],
        &["quota"],
        &["quota", "--by", "api"],
        &["errors"],
        &["errors", "4008"],
        &["doctor", "--offline"],
    ] {
        let colored = |more: &[&str], variables: &[(&str, &str)]| {
            let mut command = shell.command(&[args, more].concat());
            let ran = Ran::new(&command.envs(variables.iter().copied()).output().unwrap());
            assert_eq!(ran.code, Some(0), "{ran:?}");
            ran.stdout.contains("\u{1b}[")
        };
        assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]), "{args:?}");
        assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]), "{args:?}");
        assert!(!colored(&[], &[("CLICOLOR_FORCE", "0")]), "{args:?}");
        assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), "{args:?}");
        assert!(!colored(&["--json", "--color", "always"], &[]), "{args:?}");
    }
}

/// On a terminal of its own, by the system's `script`; `None` where it is not installed.
fn on_terminal(shell: &Shell, args: &str) -> Option<String> {
    let command = shell.command(&[]);
    let line = format!("{} {args}", env!("CARGO_BIN_EXE_obx"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env_clear().stdin(Stdio::null()).env("TERM", "xterm");
    script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = script.output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn data_obeys_no_terminal_and_a_pipe_gets_every_byte() {
    let shell = Shell::new();
    // The item's texts have escape sequences.
    let id = &onebound_emulator::Fault::HostileText.test_id();
    assert_eq!(shell.run(&["get", id, "--raw"]).code, Some(0));
    let jq = ["errors", "4008", "--jq", r#""\u001b[31m\u009b31m""#];
    assert_eq!(shell.run(&jq).stdout, "\u{1b}[31m\u{9b}31m\n");
    for args in [
        r#"errors 4008 --jq '"\u001b[31m\u009b31m"'"#.to_owned(),
        format!("get {id} --raw"),
        format!("get {id} --csv"),
        format!("get {id} --json"),
        format!("show {id} --json"),
        format!("get {id} --jq .title"),
        format!("export {id} --sql sqlite"),
        "log --csv".to_owned(),
    ] {
        let Some(shown) = on_terminal(&shell, &format!("{args} --quiet")) else { return };
        assert!(!shown.is_empty(), "{args}");
        let controls: Vec<char> =
            shown.chars().filter(|c| c.is_control() && !matches!(c, '\r' | '\n')).collect();
        assert!(controls.is_empty(), "{args}: {shown:?}");
    }
}

#[test]
fn what_is_said_after_an_interrupted_question_has_a_line_of_its_own() {
    for args in
        [&["batch", "list.txt", "--demo"][..], &["search", "手机壳", "--top", "2", "--details", "--demo"]]
    {
        let setup = Setup::new().args(args);
        fs::write(setup.home().join("list.txt"), ITEM).unwrap();
        let mut session = setup.start();
        session.wait_for("[y/N]");
        session.write_at_once("\u{3}");
        assert_eq!(session.wait_exit(), 130, "{}", session.picture());
        let lines = session.picture();
        assert!(lines.lines().any(|line| line.starts_with("DEMO, no money is spent")), "{lines}");
    }
}

#[test]
fn a_line_of_megabytes_is_not_echoed_and_stops_no_other() {
    let shell = Shell::new();
    let long = "x".repeat(3_000_000);
    let list = shell.file("list.txt", &format!("{long}\n{}\n{ITEM}\n", "y".repeat(10_000)));
    let stdin = File::open(list).unwrap();
    let ran = Ran::new(&shell.command(&["get", "-", "--fields", "num_iid"]).stdin(stdin).output().unwrap());
    assert_eq!((ran.code, ran.records().len()), (Some(10), 1));
    assert!(ran.stderr.contains("line 1 is longer than 1 MB"), "{}", ran.stderr);
    assert!(ran.stderr.len() < 1_000, "{} bytes", ran.stderr.len());
}
