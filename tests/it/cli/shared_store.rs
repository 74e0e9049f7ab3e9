//! Several processes on one `PostgreSQL` server, and what is left when one of them, or the server, is killed.
//!
//! What was sent is counted by the emulator itself. The rounds are few; `OBX_ROUNDS=all` runs as many as it takes to
//! believe it.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use onebound_emulator::Fault;
use serde_json::Value;

use super::batch::{id, ids, most_requests_of_an_id, numbers, wait_for_calls};
use super::batch_stopped::{kill_again_and_again, slow_shell};
use super::shell::{KEY, Ran, SECRET, Shell};
use crate::support::postgres::Schema;
use crate::support::rounds;
use crate::tui::pty::wait_until;

/// A shell whose commands use the store of this schema.
fn shell_on(schema: &Schema, shell: Shell) -> Shell {
    shell.configure(&format!("[store]\npath = \"{}\"\n", schema.address()));
    shell
}

fn start(shell: &Shell, args: &[&str]) -> Child {
    let mut command = shell.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for the ends of commands that were started together.
fn ends(started: impl IntoIterator<Item = Child>) -> Vec<Ran> {
    started.into_iter().map(|child| Ran::new(&child.wait_with_output().unwrap())).collect()
}

#[test]
fn of_two_processes_that_race_at_a_cap_of_one_one_calls_each_time() {
    let Some(schema) = Schema::create() else { return };
    let shell = shell_on(&schema, slow_shell());
    // Makes the tables.
    assert_eq!(shell.run(&["log", "--json"]).code, Some(0));
    for round in 0..rounds(5, 200) {
        schema.query("DELETE FROM exchanges");
        let get = |at| start(&shell, &["get", &id(2 * round + at), "--cap", "1", "--json"]);
        let ran = ends([get(0), get(1)]);
        let mut codes: Vec<_> = ran.iter().map(|ran| ran.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(8)], "round {round}: {ran:?}");
        assert_eq!(shell.emulator().calls(), round + 1, "round {round}: {ran:?}");
        assert_eq!(schema.query("SELECT count(*), sum(answers) FROM exchanges"), "1|1");
    }
}

#[test]
fn of_five_processes_that_ask_for_one_new_item_one_calls_and_all_have_its_answer() {
    let Some(schema) = Schema::create() else { return };
    let shell = shell_on(&schema, slow_shell());
    for round in 0..rounds(3, 50) {
        let digits = id(round);
        let ran =
            ends((0..5).map(|_| start(&shell, &["get", &digits, "--json", "--fields", "num_iid,price"])));
        assert!(ran.iter().all(|ran| ran.code == Some(0)), "round {round}: {ran:?}");
        assert_eq!(ran[0].records()[0]["num_iid"], Value::from(digits.as_str()), "{ran:?}");
        assert!(ran.iter().all(|one| one.stdout == ran[0].stdout), "round {round}: {ran:?}");
        assert_eq!(shell.emulator().calls(), round + 1, "round {round}: {ran:?}");
    }
    assert_eq!(most_requests_of_an_id(&shell), 1);
}

#[test]
fn a_batch_that_is_killed_again_and_again_pays_nothing_twice_and_loses_nothing_on_a_server() {
    let Some(schema) = Schema::create() else { return };
    let shell = shell_on(&schema, slow_shell());
    let times = rounds(8, 50);
    kill_again_and_again(&shell, times, 8 * times);
    // All lines are answered by now, and each row without an answer is found as in doubt.
    let unanswered: i64 = schema.query("SELECT count(*) FROM exchanges WHERE answers = 0").parse().unwrap();
    assert_no_damage_and_in_doubt(&shell, &schema, unanswered);
}

fn assert_no_damage_and_in_doubt(shell: &Shell, schema: &Schema, in_doubt: i64) {
    let check = shell.run(&["store", "check", &schema.address(), "--json"]);
    let records = check.records();
    assert_eq!(check.code, Some(0), "{check:?}");
    let is_in_doubt = |record: &Value| ["in_doubt", "ended_lease"].iter().any(|kind| record["kind"] == *kind);
    assert!(records.iter().all(|record| is_in_doubt(record) && record["damage"] == false), "{check:?}");
    assert_eq!(i64::try_from(records.len()).unwrap(), in_doubt, "{check:?}");
}

#[test]
fn a_server_that_is_killed_again_and_again_loses_no_answer_and_nothing_is_paid_twice() {
    let Some(schema) = Schema::on_its_own_server() else { return };
    let shell = shell_on(&schema, slow_shell());
    let (times, lines) = (rounds(2, 10), rounds(60, 300));
    let list = shell.file("list.txt", &ids(0..lines));
    let batch = ["batch", &list, "--yes", "--json", "--fields", "line"];
    for round in 0..times {
        let mut child = start(&shell, &batch);
        wait_for_calls(&shell, shell.emulator().calls() + 2, &mut child);
        std::thread::sleep(Duration::from_millis(round * 7 % 20)); // at another point of a call each time
        schema.crash();
        if round % 2 == 0 {
            // It ends while the server is away, or finds it again.
            wait_until("the end of the batch", || child.try_wait().unwrap());
        }
        schema.restart();
        let ended = Ran::new(&child.wait_with_output().unwrap());
        assert!(ended.code.is_some(), "{ended:?}");
    }
    let rest = shell.run(&batch);
    let answered = numbers(&rest.records());
    let in_doubt: BTreeSet<u64> =
        rest.reported("error").iter().map(|error| error["line"].as_u64().unwrap()).collect();
    let all: BTreeSet<u64> = (1..=lines).collect();
    assert_eq!(answered.union(&in_doubt).copied().collect::<BTreeSet<_>>(), all, "lost: {rest:?}");
    assert_eq!(most_requests_of_an_id(&shell), 1, "paid twice: {rest:?}");
    // Nobody was killed who had an answer: in doubt are only lines whose rows nobody could delete.
    let asked: BTreeSet<String> = shell.requested_ids().into_iter().collect();
    let doubtful: Vec<String> = in_doubt.iter().map(|line| id(line - 1)).collect();
    assert!(doubtful.iter().all(|id| !asked.contains(id)), "an answer is lost: {doubtful:?} {rest:?}");
    assert_eq!(shell.emulator().today(), lines - in_doubt.len() as u64);
    assert_no_damage_and_in_doubt(&shell, &schema, i64::try_from(in_doubt.len()).unwrap());
    let spool = shell.home.path().join(".local/state/obx/unsent");
    let waiting = std::fs::read_dir(spool).into_iter().flatten().flatten();
    let waiting = waiting.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap());
    assert_eq!(waiting.count(), 0, "answers that were not handed in");
}

/// A text in the spellings that a dump can have: as it is, percent-encoded, in base64, and as bytes.
fn spellings(text: &str) -> Vec<String> {
    use base64::Engine;
    let bytes = text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let escaped = text.replace('/', "%2F");
    vec![text.to_owned(), escaped, base64::engine::general_purpose::STANDARD.encode(text), bytes]
}

#[test]
fn a_dump_of_the_database_has_no_secret() {
    const TOKEN: &str = "planted/session-0123456789";
    let Some(schema) = Schema::on_its_own_server() else { return };
    let shell = shell_on(&schema, Shell::new());
    let session = format!("session={TOKEN}");
    // An item, none, a refusal that repeats the key, texts of an enemy, and one that hangs and is killed.
    let echo = Fault::KeyEcho.test_id();
    for digits in [id(0), "610947572000".to_owned(), echo.clone(), Fault::HostileText.test_id()] {
        let ran = shell.run(&["get", &digits, "--json", "--param", &session]);
        assert!(ran.code.is_some_and(|code| code != 2), "{ran:?}");
    }
    let calls = shell.emulator().calls();
    let mut child = start(&shell, &["get", &Fault::Hang.test_id(), "--param", &session]);
    wait_for_calls(&shell, calls + 1, &mut child);
    child.kill().unwrap();
    let _ = child.wait().unwrap(); // it was killed
    // The emulator keeps no key either, but its name.
    assert!(shell.emulator().requests().iter().all(|request| {
        request.query.contains(&("session".to_owned(), TOKEN.to_owned()))
            && request.query.iter().any(|(name, _)| name == "key")
    }));
    let dump = schema.dump();
    assert!(dump.contains(&echo) && dump.contains("session"), "{dump}");
    for secret in [KEY, SECRET, TOKEN].iter().flat_map(|secret| spellings(secret)) {
        assert!(!dump.contains(&secret), "{secret} is in the dump");
    }
}
