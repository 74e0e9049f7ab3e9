//! What a person reads who uses a store on a server: of the server, of the others, and of what is wrong.

use std::net::TcpListener;

use super::shell::Shell;
use crate::support::postgres::Schema;

fn shell_as(person: &str, schema: &Schema) -> Shell {
    let shell = Shell::new();
    let address = schema.address();
    shell.configure(&format!("[store]\npath = \"{address}\"\nasked_by = \"{person}\"\n"));
    shell
}

#[test]
fn doctor_takes_the_password_from_where_every_command_has_it() {
    let Some(schema) = Schema::create() else { return };
    let (shell, folder) = (Shell::new(), tempfile::tempdir().unwrap());
    let marker = folder.path().join("was-run");
    let command = format!("password_command = \"touch {}; echo any\"", marker.display());
    shell.configure(&format!("[store]\npath = \"{}\"\n{command}\n", schema.address()));
    let ran = shell.run(&["doctor", "--json"]);
    let store = ran.records().into_iter().find(|check| check["check"] == "store_file").unwrap();
    assert_eq!(store["status"], "ok", "{ran:?}");
    assert!(marker.exists());
}

#[test]
fn who_asked_is_the_systems_user_where_neither_variable_nor_config_file_says_it() {
    let Some(schema) = Schema::create() else { return };
    let shell = Shell::new();
    shell.configure(&format!("[store]\npath = \"{}\"\n", schema.address()));
    assert_eq!(shell.run(&["get", "610947572360"]).code, Some(0));
    let user = std::process::Command::new("id").arg("-un").output().unwrap().stdout;
    let user = String::from_utf8(user).unwrap();
    let machine = rustix::system::uname();
    let expected = format!("{}@{}", user.trim_end(), machine.nodename().to_str().unwrap());
    assert_eq!(schema.query("SELECT asked_by FROM exchanges"), expected);
}

#[test]
fn doctor_names_the_document_of_servers_where_there_is_none() {
    let shell = Shell::new();
    shell.configure("[store]\npath = \"postgres://ann@127.0.0.1:9/team\"\n");
    let ran = shell.run(&["doctor", "--json"]);
    let of = |kind: &str| ran.records().into_iter().find(|check| check["check"] == kind).unwrap();
    assert!(of("store_file")["what_to_do"].as_str().unwrap().contains("docs/team-store.md"), "{ran:?}");
    assert!(of("clock")["found"].as_str().unwrap().contains("can't be read"), "{ran:?}");
}

#[test]
fn the_printed_log_says_who_asked_once_several_have() {
    let Some(schema) = Schema::create() else { return };
    let (ann, bob) = (shell_as("ann", &schema), shell_as("bob", &schema));
    assert_eq!(ann.run(&["get", "610947572360"]).code, Some(0));
    let alone = ann.run(&["log"]).stdout;
    assert!(!alone.contains("Asked by") && !alone.contains("ann"), "{alone}");
    let several = bob.run(&["log"]).stdout;
    assert!(several.contains("Asked by") && several.contains("ann"), "{several}");
}

#[test]
fn a_command_asks_a_host_that_says_nothing_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let store = format!("postgres://ann@{}/team", listener.local_addr().unwrap());
    let shell = Shell::new();
    for command in [&["get", "610947572360"][..], &["log"], &["quota"], &["history", "610947572360"]] {
        let ran = shell.run(&[command, &["--store", &store]].concat());
        assert!(ran.code != Some(0) && ran.stderr.contains("no answer within 1 s"), "{ran:?}");
        assert_eq!((attempts(&listener), shell.emulator().calls()), (1, 0), "{ran:?}");
    }
}

/// Counts the connections since it was asked last. The system accepts them, for a server that has stalled.
fn attempts(listener: &TcpListener) -> usize {
    listener.set_nonblocking(true).unwrap();
    listener.incoming().take_while(Result::is_ok).count()
}

#[test]
fn each_refusal_of_a_server_says_what_to_do() {
    let Some(schema) = Schema::create() else { return };
    let shell = Shell::new();
    for (host, parameters, said) in [
        ("127.0.0.1", "sslmode=verify-full&sslrootcert=/nonexistent/ca.pem", "/nonexistent/ca.pem"),
        (
            "localhost",
            &*format!("sslmode=verify-full&sslrootcert={}", schema.certificate().display()),
            "that one",
        ),
        ("127.0.0.1", "sslmode=verify-full", "sslrootcert=FILE"),
    ] {
        let port = schema.place().port;
        let ran = shell.run(&["log", "--store", &schema.address_at(&format!("{host}:{port}"), parameters)]);
        assert!(ran.stderr.contains(said) && !ran.stderr.contains("can't be reached"), "{ran:?}");
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
}

/// Where nobody listens.
const AWAY: &str = "postgres://ann@127.0.0.1:9/team";

#[test]
fn a_server_that_is_away_is_reported_once_with_what_helps_the_command() {
    let shell = Shell::new();
    let copied = shell.file("store.sqlite", "");
    let away = "the store's server can't be reached: ";
    for args in [
        &["log"][..],
        &["show", "610947572360"],
        &["export", "610947572360"],
        &["quota"],
        &["store", "check", AWAY],
        &["store", "copy", AWAY, "other.sqlite"],
        &["store", "copy", &copied, AWAY],
        &["get", "610947572360"],
    ] {
        let (said, is_call) = (shell.run(&[args, &["--store", AWAY]].concat()).stderr, args[0] == "get");
        assert_eq!((said.matches(away).count(), said.matches(AWAY).count()), (1, 1), "{args:?}: {said}");
        let (message, hint) = said.split_once("\n  ").unwrap_or((&said, ""));
        assert!(message.ends_with(&format!("({AWAY})")), "{args:?}: {said}");
        assert_eq!(hint.contains("--no-store"), is_call, "it helps a call alone: {args:?}: {said}");
        assert_eq!(hint.contains("same command again"), !is_call, "{args:?}: {said}");
        let error = shell.run(&[args, &["--store", AWAY, "--json"]].concat()).reported("error").remove(0);
        assert_eq!(error["retry"], "later", "{args:?}: {error}");
    }
    let doctor = shell.run(&["doctor", "--store", AWAY]).stdout;
    assert!(doctor.contains(away) && !doctor.contains("--no-store"), "{doctor}");
}

#[test]
fn a_server_without_a_store_is_reported_and_none_is_made_there() {
    let Some(schema) = Schema::create() else { return };
    let (shell, address) = (Shell::new(), schema.address());
    for args in [&["store", "check", &address][..], &["store", "copy", &address, "other.sqlite"]] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.starts_with("obx: there is no store postgres://"), "{ran:?}");
    }
    let doctor = shell.run(&["doctor", "--store", &address]).stdout;
    assert!(doctor.contains("not there yet") && doctor.contains("no stored answer"), "{doctor}");
    assert!(!doctor.contains("file         postgres://"), "{doctor}");
    let exists = format!("SELECT count(*) FROM pg_namespace WHERE nspname = '{}'", schema.place().schema);
    assert_eq!(schema.run(&exists), "0");
}

#[test]
fn tables_whose_version_nothing_says_are_damaged_and_left_alone() {
    let Some(schema) = Schema::create() else { return };
    let (shell, address) = (shell_as("ann", &schema), schema.address());
    assert_eq!(shell.run(&["get", "610947572360"]).code, Some(0));
    for (change, said) in [
        ("DELETE FROM store_version", "its table store_version is empty"),
        ("DROP TABLE store_version", "its table store_version is missing"),
    ] {
        schema.query(change);
        for args in [&["log"][..], &["get", "610947572361"], &["store", "check", &address]] {
            let ran = shell.run(args);
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(ran.stderr.contains("damaged") && ran.stderr.contains(said), "{ran:?}");
        }
    }
    assert_eq!((shell.emulator().calls(), schema.query("SELECT count(*) FROM exchanges").as_str()), (1, "1"));
}

#[test]
fn a_check_of_a_server_finds_each_damage_once_and_speaks_of_no_file() {
    let Some(schema) = Schema::create() else { return };
    let shell = shell_as("ann", &schema);
    assert_eq!(shell.run(&["get", "610947572360", "610947572361"]).code, Some(0));
    schema.query("DELETE FROM bodies WHERE id = 1; UPDATE bodies SET digest = '\\x00' WHERE id = 2");
    for language in ["en", "zh"] {
        let ran = shell.run(&["store", "check", &schema.address(), "--ui-lang", language]);
        assert_eq!((ran.code, ran.stdout.matches('→').count()), (Some(10), 2), "{ran:?}");
        assert!(!ran.stdout.contains("file") && !ran.stdout.contains("文件"), "{ran:?}");
    }
}
