//! Answers that one command had to spool, and what the next one on the same machine does with them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::batch::{id, wait_for_calls, with_delay};
use super::shell::{Ran, Shell};
use crate::support::postgres::{LinkState, Proxy, Schema};

fn spooled(home: &Path) -> Vec<PathBuf> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
        read.map(|file| file.path()).collect()
    };
    files(&home.join(".local/state/obx/unsent")).iter().flat_map(|folder| files(folder)).collect()
}

/// A shell whose commands reach their server by this proxy.
fn shell_behind(proxy: &Proxy, schema: &Schema) -> Shell {
    let shell = Shell::with(with_delay(300));
    shell.configure(&format!("[store]\npath = \"{}\"\n", proxy.address(schema)));
    // Makes the tables.
    assert_eq!(shell.run(&["log", "--json"]).code, Some(0));
    shell
}

/// Buys an item whose answer has to be spooled, since the server goes away during the call and stays away.
fn spool(shell: &Shell, proxy: &Proxy, id: &str) {
    let (waiting, calls) = (spooled(shell.home.path()).len(), shell.emulator().calls());
    let mut get = shell.command(&["get", id, "--json"]);
    let mut get =
        get.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    wait_for_calls(shell, calls + 1, &mut get);
    proxy.link.send_replace(LinkState::Cut);
    let got = Ran::new(&get.wait_with_output().unwrap());
    assert_eq!(spooled(shell.home.path()).len(), waiting + 1, "{got:?}");
    let said = got.reported("error").pop().unwrap()["message"].as_str().unwrap().to_owned();
    assert!(said.contains("until the server is back: "), "{said}");
    assert!(!said.contains("can't be reached"), "the same twice: {said}");
}

#[test]
fn commands_that_only_read_hand_in_what_an_earlier_one_has_spooled() {
    let Some(schema) = Schema::create() else { return };
    let proxy = Proxy::start(&schema);
    let shell = shell_behind(&proxy, &schema);
    let [shown, logged, versions, quota, found] = [0, 1, 2, 3, 4].map(id);
    for (item, command) in [
        (&shown, &["show", &shown, "--json"][..]),
        (&logged, &["log", "--json"]),
        (&versions, &["history", &versions, "--json"]),
        (&quota, &["quota", "--json"]),
        (&found, &["find", &found, "--json"]),
    ] {
        spool(&shell, &proxy, item);
        proxy.link.send_replace(LinkState::Open);
        let calls = shell.emulator().calls();
        let read = shell.run(command);
        assert_eq!((read.code, shell.emulator().calls()), (Some(0), calls), "{read:?}");
        let answered = format!("SELECT count(*) FROM exchanges WHERE num_iid = '{item}' AND answers > 0");
        assert_eq!(schema.query(&answered), "1", "{read:?}");
        assert_eq!(spooled(shell.home.path()), Vec::<PathBuf>::new(), "{read:?}");
    }
    let log = shell.run(&["log", "--json"]).records();
    assert!(log.iter().all(|row| row["billed"] == true), "{log:?}");
}

#[test]
fn an_answer_that_can_not_be_handed_in_keeps_nobody_from_reading() {
    let Some(schema) = Schema::create() else { return };
    let proxy = Proxy::start(&schema);
    let shell = shell_behind(&proxy, &schema);
    spool(&shell, &proxy, &id(0));
    proxy.link.send_replace(LinkState::Open);
    schema.query("ALTER TABLE bodies ADD CONSTRAINT refused CHECK (id < 0)");
    let read = shell.run(&["log", "--json"]);
    assert_eq!((read.code, read.records().len()), (Some(0), 1), "{read:?}");
    assert_eq!(spooled(shell.home.path()).len(), 1, "{read:?}");
    schema.query("ALTER TABLE bodies DROP CONSTRAINT refused");
    assert_eq!(shell.run(&["log"]).code, Some(0));
    assert_eq!(spooled(shell.home.path()), Vec::<PathBuf>::new());
}

#[test]
fn doctor_lists_what_waits_for_a_server_and_leaves_it_there() {
    let Some(schema) = Schema::create() else { return };
    let proxy = Proxy::start(&schema);
    let shell = shell_behind(&proxy, &schema);
    let unsent = |args: &[&str]| -> Vec<Value> {
        let ran = shell.run(&[&["doctor", "--json", "--offline"], args].concat());
        ran.records().into_iter().filter(|check| check["check"] == "unsent_answers").collect()
    };
    let none = unsent(&[]);
    assert_eq!((none.len(), &none[0]["status"]), (1, &"ok".into()), "{none:?}");
    spool(&shell, &proxy, &id(0));
    let files = spooled(shell.home.path());
    let folder = files[0].parent().unwrap();
    for state in [LinkState::Cut, LinkState::Open] {
        proxy.link.send_replace(state);
        let waiting = unsent(&[]);
        assert_eq!((waiting.len(), &waiting[0]["status"]), (1, &"warning".into()), "{waiting:?}");
        let found = waiting[0]["found"].as_str().unwrap();
        assert!(found.contains("1 paid answer ") && found.contains(folder.to_str().unwrap()), "{found}");
        assert!(waiting[0]["what_to_do"].as_str().unwrap().contains("`obx log`"), "{waiting:?}");
        assert_eq!(spooled(shell.home.path()), files);
    }
    // Another store is none that it waits for.
    let of_other_store = unsent(&["--store", &shell.file("other.sqlite", "")]);
    assert_eq!(
        (of_other_store.len(), &of_other_store[0]["status"]),
        (1, &"warning".into()),
        "{of_other_store:?}"
    );
    assert!(of_other_store[0]["found"].as_str().unwrap().contains("another store"), "{of_other_store:?}");
    let subject = of_other_store[0]["subject"].as_str().unwrap();
    assert!(subject.starts_with("postgres://postgres@127.0.0.1:"), "{subject}");
    std::fs::write(&files[0], "{").unwrap();
    let unreadable = unsent(&[]);
    assert_eq!(unreadable.last().unwrap()["status"], "fault", "{unreadable:?}");
    std::fs::remove_file(&files[0]).unwrap();
    assert_eq!(unsent(&["--no-store"]), Vec::<Value>::new());
}
