//! `obx batch` that a limit, a signal or `kill -9` ends: the same command goes on, pays nothing twice and loses nothing.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use super::batch::{id, ids, most_requests_of_an_id, numbers, wait_for_calls, with_delay};
use super::shell::{Ran, Shell};
use crate::tui::pty::signal;

#[test]
fn a_limit_stops_it_with_8_and_the_same_command_goes_on() {
    let shell = Shell::with(with_delay(5));
    let list = shell.file("list.txt", &ids(0..12));
    let batch = ["batch", &list, "--yes", "--fields", "line"];
    for limit in [["--max-calls", "5"], ["--cap", "5"]] {
        let ran = shell.run(&[&batch[..], &limit].concat());
        assert_eq!((ran.code, ran.records().len(), shell.emulator().today()), (Some(8), 5, 5), "{ran:?}");
        assert!(ran.stderr.contains("7 lines left") && ran.stderr.contains("The same command"));
    }
    let rest = shell.run(&batch);
    assert_eq!((rest.code, rest.records().len(), shell.emulator().calls()), (Some(0), 12, 12), "{rest:?}");
    // 4013 blocks the account: what follows is never sent.
    let list = shell.file("blocked.txt", &format!("610947574013\n{}", ids(20..60)));
    let blocked = shell.run(&["batch", &list, "--yes", "--json", "--concurrency", "1"]);
    assert_eq!((blocked.code, shell.emulator().calls()), (Some(8), 13), "{blocked:?}");
    assert_eq!(blocked.reported("summary")[0]["left"], 40, "{blocked:?}");
}

#[test]
fn a_broken_pipe_stops_the_buying() {
    let shell = Shell::with(with_delay(20));
    let list = shell.file("list.txt", &ids(0..200));
    let mut child = shell.command(&["batch", &list, "--yes", "--fields", "line"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let _ = BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((first.is_empty(), child.wait().unwrap().code()), (false, Some(0)), "{stderr}");
    assert!(shell.emulator().calls() < 100 && !stderr.contains("panic"), "{stderr}");
    // What was under way is stored all the same.
    let stored = shell.run(&["batch", &list, "--offline", "--quiet", "--fields", "line"]);
    assert_eq!(stored.records().len() as u64, shell.emulator().today());
}

#[test]
fn an_interrupt_waits_for_what_is_paid_writes_it_and_the_same_command_goes_on() {
    let shell = Shell::with(with_delay(300));
    let list = shell.file("list.txt", &ids(0..10));
    let batch = ["batch", &list, "--yes", "--fields", "line"];
    let mut child = shell.command(&batch).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_calls(&shell, 3, &mut child);
    signal(child.id(), "INT");
    let interrupted = Ran::new(&child.wait_with_output().unwrap());
    assert_eq!(interrupted.code, Some(130), "{interrupted:?}");
    assert_eq!(interrupted.records().len() as u64, shell.emulator().today(), "{interrupted:?}");
    assert!(interrupted.stderr.contains("The same command goes on from here"), "{interrupted:?}");
    assert!(shell.emulator().calls() < 10);
    let rest = shell.run(&batch);
    assert_eq!((rest.code, rest.records().len()), (Some(0), 10), "{rest:?}");
    assert_eq!((shell.emulator().calls(), most_requests_of_an_id(&shell)), (10, 1));
}

#[test]
fn lines_that_a_second_signal_gives_up_are_reported_and_counted_as_unknown() {
    let shell = Shell::with(with_delay(20_000));
    let list = shell.file("list.txt", &ids(0..6));
    let batch = ["batch", &list, "--yes", "--json", "--concurrency", "2"];
    let mut child = shell.command(&batch).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_calls(&shell, 2, &mut child);
    signal(child.id(), "INT");
    std::thread::sleep(Duration::from_millis(400)); // it waits for them: nothing outside shows that
    signal(child.id(), "TERM");
    let ran = Ran::new(&child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(130), "{ran:?}");
    let errors = ran.reported("error");
    assert_eq!(numbers(&errors), [1, 2].into(), "{ran:?}");
    assert!(errors.iter().all(|error| error["billed"].is_null()), "{ran:?}");
    let (summary, money) = (&ran.reported("summary")[0], &ran.reported("money")[0]);
    assert_eq!((&summary["failed"], &summary["left"]), (&json!(2), &json!(4)), "{ran:?}");
    assert_eq!((&money["unknown"], &money["billed"]), (&json!(2), &json!(0)), "{ran:?}");
    let plan = shell.run(&["batch", &list, "--plan", "--json"]).records();
    assert_eq!(plan[0]["in_doubt"].as_array().unwrap().len(), 2, "{plan:?}");
}

/// A shell whose emulator answers slowly enough for a batch to be killed during a call.
pub(super) fn slow_shell() -> Shell {
    Shell::with(with_delay(15))
}

/// Kills a batch so many times, and lets it go on each time.
pub(super) fn kill_again_and_again(shell: &Shell, times: u64, lines: u64) {
    let list = shell.file("list.txt", &ids(0..lines));
    let batch = ["batch", &list, "--yes", "--json", "--fields", "line"];
    for round in 0..times {
        let mut child = shell.command(&batch).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_for_calls(shell, shell.emulator().calls() + 2, &mut child);
        std::thread::sleep(Duration::from_millis(round * 7 % 20)); // at another point of a call each time
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9), "it had ended before round {round}");
    }
    // A request that was on its way when its sender died.
    std::thread::sleep(Duration::from_millis(200));
    // Each billed answer is in the store, or its line is in doubt: none is lost.
    let planned = shell.run(&["batch", &list, "--plan", "--json"]).records();
    let (stored, doubtful) =
        (planned[0]["from_store"].as_u64().unwrap(), planned[0]["in_doubt"].as_array().unwrap().len());
    let billed = shell.emulator().today();
    assert!((stored..=stored + doubtful as u64).contains(&billed), "{billed} billed: {planned:?}");
    let rest = shell.run(&batch);
    let answered = numbers(&rest.records());
    let in_doubt: BTreeSet<u64> =
        rest.reported("error").iter().map(|error| error["line"].as_u64().unwrap()).collect();
    assert!(answered.is_disjoint(&in_doubt) && !in_doubt.is_empty(), "{rest:?}");
    let all: BTreeSet<u64> = (1..=lines).collect();
    assert_eq!(answered.union(&in_doubt).copied().collect::<BTreeSet<_>>(), all, "lost: {rest:?}");
    assert_eq!(most_requests_of_an_id(shell), 1, "paid twice: {rest:?}");
    let billed = shell.emulator().today();
    let listed = shell.run(&["batch", &list, "--plan", "--json"]).records();
    assert_eq!(numbers(listed[0]["in_doubt"].as_array().unwrap()), in_doubt);
    let complete = shell.run(&[&batch[..], &["--retry-unknown"]].concat());
    assert_eq!((complete.code, numbers(&complete.records())), (Some(0), all), "{complete:?}");
    assert_eq!(shell.emulator().today(), billed + in_doubt.len() as u64);
}

#[test]
fn a_batch_that_is_killed_fifty_times_pays_nothing_twice_and_loses_nothing() {
    kill_again_and_again(&slow_shell(), 50, 400);
}

#[test]
fn a_doubt_is_not_over_when_answers_are_fresh_for_a_moment_only() {
    let shell = Shell::with(with_delay(5_000));
    shell.configure("[freshness]\nitem = \"1s\"\n");
    let list = shell.file("list.txt", &ids(0..1));
    let batch = ["batch", &list, "--yes", "--json"];
    let mut child = shell.command(&batch).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_calls(&shell, 1, &mut child);
    child.kill().unwrap();
    let _ = child.wait().unwrap(); // it was killed
    std::thread::sleep(Duration::from_millis(1_200));
    let again = shell.run(&batch);
    assert_eq!((again.code, shell.emulator().calls()), (Some(10), 1), "{again:?}");
    assert!(again.reported("error")[0]["message"].as_str().unwrap().contains("--retry-unknown"), "{again:?}");
    assert_eq!(again.reported("error")[0]["billed"], Value::Null, "{again:?}");
    let text = shell.run(&["batch", &list, "--yes"]);
    assert_eq!(text.stderr.matches(&id(0)).count(), 1, "told twice: {text:?}");
    let plan = shell.run(&["batch", &list, "--plan"]);
    assert!(plan.stdout.contains(&format!("line 1: {}", id(0))), "{plan:?}");
    let retried = shell.run(&["batch", &list, "--plan", "--retry-unknown"]);
    assert!(retried.stdout.contains("bought again, and may be billed twice"), "{retried:?}");
}

#[test]
fn stored_lines_are_written_also_behind_one_that_is_not_bought() {
    let shell = Shell::with(with_delay(0));
    shell.run(&["batch", &shell.file("stored.txt", &ids(3..6)), "--yes"]);
    let list = shell.file("list.txt", &ids(0..6));
    let ran = shell.run(&["batch", &list, "--yes", "--max-calls", "0", "--fields", "line"]);
    assert_eq!((ran.code, numbers(&ran.records())), (Some(8), [4, 5, 6].into()), "{ran:?}");
    assert!(ran.stderr.contains("3 lines left"), "{ran:?}");
}
