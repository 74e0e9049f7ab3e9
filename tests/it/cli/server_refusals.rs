//! A server that does not let obx in says what to do: in both languages, once, and without the password.

use obx_core::i18n::{Language, Texts};

use super::shell::{Ran, Shell};
use crate::support::postgres::Schema;

const RIGHT: &str = "planted-right-word";
const WRONG: &str = "planted-wrong-word";

/// A server that asks ann for a password.
fn asking_server() -> Option<Schema> {
    let schema = Schema::on_its_own_server()?;
    schema
        .run(&format!("SET password_encryption = 'scram-sha-256'; CREATE ROLE ann LOGIN PASSWORD '{RIGHT}'"));
    schema.run("GRANT CREATE ON DATABASE postgres TO ann");
    schema.ask_for_password("ann");
    Some(schema)
}

/// The address of a port of this machine.
fn by_tcp(schema: &Schema, mode: &str) -> String {
    format!("postgres://ann@127.0.0.1:{}/postgres?sslmode={mode}", schema.place().port)
}

/// The address of a socket, as docs/team-store.md writes it.
fn by_socket(schema: &Schema) -> String {
    let place = schema.place();
    format!("postgres://ann@localhost:{}/postgres?host={}", place.port, place.host)
}

fn log(shell: &Shell, store: &str, password: Option<&str>, language: &str) -> Ran {
    let mut command = shell.command(&["log", "--store", store, "--ui-lang", language]);
    let ran = Ran::new(&command.envs(password.map(|word| ("PGPASSWORD", word))).output().unwrap());
    assert!(!ran.stderr.contains("planted-") && !ran.stdout.contains("planted-"), "{ran:?}");
    ran
}

/// Refused with this reason alone: it is not repeated in the server's words.
fn assert_refused(shell: &Shell, store: &str, password: Option<&str>, said: impl Fn(Texts) -> String) {
    for (name, language) in [("en", Language::En), ("zh", Language::Zh)] {
        let (ran, texts) = (log(shell, store, password, name), Texts::new(language));
        let address = store.split("?sslmode").next().unwrap();
        let expected = format!("obx: {}\n", texts.with_detail(said(texts), address));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(2), expected.as_str()));
    }
}

#[test]
fn a_server_that_asks_for_a_password_says_where_to_give_it() {
    let Some(schema) = asking_server() else { return };
    let shell = Shell::new();
    for store in [by_tcp(&schema, "disable"), by_tcp(&schema, "require"), by_socket(&schema)] {
        assert_refused(&shell, &store, None, |texts| texts.store_no_password().to_owned());
        assert_eq!(log(&shell, &store, Some(RIGHT), "en").code, Some(0), "{store}");
    }
}

#[test]
fn a_wrong_password_is_named_by_where_it_comes_from() {
    use std::os::unix::fs::PermissionsExt;
    let Some(schema) = asking_server() else { return };
    let (shell, store) = (Shell::new(), by_tcp(&schema, "disable"));
    let refused = |password, origin: &'static str| {
        assert_refused(&shell, &store, password, |texts| texts.store_wrong_password(origin));
    };
    refused(Some(WRONG), "PGPASSWORD");
    let file = shell.file(".pgpass", &format!("*:*:*:ann:{WRONG}\n"));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
    refused(None, "~/.pgpass");
    shell.configure(&format!("[store]\npassword_command = \"echo {WRONG}\"\n"));
    refused(None, "password_command");
}

#[test]
fn a_server_without_tls_is_not_spoken_to_in_clear_unless_that_is_asked_for() {
    let Some(schema) = asking_server() else { return };
    let shell = Shell::new();
    schema.set("ssl = off");
    for mode in ["require", "verify-full"] {
        let store = by_tcp(&schema, mode);
        assert_refused(&shell, &store, Some(RIGHT), |texts| texts.store_no_tls().to_owned());
    }
    assert_eq!(log(&shell, &by_tcp(&schema, "disable"), Some(RIGHT), "en").code, Some(0));
}

#[test]
fn a_socket_that_is_not_there_is_a_server_that_is_away() {
    let Some(schema) = Schema::create() else { return };
    let (shell, folder) = (Shell::new(), tempfile::tempdir().unwrap());
    let store = by_socket(&schema).replace(&schema.place().host, folder.path().to_str().unwrap());
    let ran = log(&shell, &store, None, "en");
    let away = Texts::new(Language::En).store_server_away();
    assert!(ran.stderr.contains(away) && ran.stderr.contains(&format!("({store})")), "{ran:?}");
}
