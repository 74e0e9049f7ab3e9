//! The command line without a terminal: help, errors, and the emulator by itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::gateway::{ITEM, SKU_IDS};
use super::pty::{signal, wait_until};

fn obx() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obx"));
    command.env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    obx().args(args).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A running `obx emulate` that ends with the test.
struct Emulating(Child);

impl Emulating {
    fn start(args: &[&str]) -> (Self, String) {
        let child = obx().arg("emulate").args(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut emulating = Self(child);
        let mut first = String::new();
        BufReader::new(emulating.0.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        (emulating, first.trim_end().to_owned())
    }

    fn end_by(mut self, name: &str) -> Option<i32> {
        signal(self.0.id(), name);
        wait_until("the emulator's end", || self.0.try_wait().unwrap()).code()
    }
}

impl Drop for Emulating {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The whole answer to one GET, as it came over the wire.
fn get(url: &str, target: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn without_a_terminal_the_explorer_names_what_runs_without_one() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "no byte of a picture goes into a pipe");
    let message = stderr(&output);
    assert!(message.contains("terminal") && message.contains("obx emulate"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
}

#[test]
fn a_store_that_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for (path, kind) in
        [(fifo.as_path(), "FIFO"), (folder.path(), "directory"), ("/dev/zero".as_ref(), "device")]
    {
        let mut command = obx();
        command
            .args(["--store".as_ref(), path])
            .env("OBX_KEY", "a-key-of-sixteen")
            .env("OBX_SECRET", "a-secret-of-some");
        let output = command.output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(kind) && message.contains(&*path.to_string_lossy()), "{message}");
    }
}

#[test]
fn a_log_that_is_no_file_is_refused_at_once() {
    for kind in ["a FIFO", "a directory", "a device"] {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir(state.path().join("obx")).unwrap();
        let path = state.path().join("obx/obx.log");
        match kind {
            "a FIFO" => assert!(Command::new("mkfifo").arg(&path).status().unwrap().success()),
            "a directory" => std::fs::create_dir(&path).unwrap(),
            _ => std::os::unix::fs::symlink("/dev/full", &path).unwrap(),
        }
        let refused = || {
            let output = obx().env("OBX_LOG", "debug").env("XDG_STATE_HOME", state.path()).output().unwrap();
            let message = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{message}");
            assert!(
                message.contains(&format!("{}: this is {kind}, and the log is a file", path.display())),
                "{message}"
            );
        };
        refused();
        // A FIFO opens where somebody reads it.
        let reader = std::fs::File::options().read(true).write(true).open(&path);
        refused();
        drop(reader);
    }
}

#[test]
fn what_a_terminal_would_obey_reaches_it_in_no_message() {
    let hostile = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}.toml";
    for args in
        [&[format!("--{hostile}").as_str()][..], &["--config", hostile], &["emulate", "--fault", hostile]]
    {
        let output = run(args);
        let message = stderr(&output);
        assert!(message.contains(".toml"), "{args:?}: {message:?}");
        let obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!message.contains(obeyed), "{args:?}: {message:?}");
    }
}

#[test]
fn help_and_version_go_to_stdout_with_0() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let message = String::from_utf8(help.stdout).unwrap();
    for name in ["emulate", "--ui-lang", "--cache", "--result-type", "OBX_KEY"] {
        assert!(message.contains(name), "{name} in {message}");
    }
    let version = run(&["--version"]);
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(version.stdout, format!("obx {}\n", env!("CARGO_PKG_VERSION")).as_bytes());
}

#[test]
fn mistakes_on_the_command_line_end_with_2_and_say_which() {
    let cases: [&[&str]; 7] = [
        &["--no-such-flag"],
        &["no-item-here"],
        &["--lang", "xx y"],
        &["--cache", "maybe"],
        &["--result-type", "yaml"],
        &["--config", "/nonexistent/obx.toml"],
        &["emulate", "--fault", "no-such-fault"],
    ];
    for args in cases {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(!stderr(&output).is_empty(), "{args:?}");
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

#[test]
fn half_credentials_are_an_error_that_does_not_show_them() {
    for (set, missing) in [("OBX_KEY", "OBX_SECRET"), ("OBX_SECRET", "OBX_KEY")] {
        let output = obx().env(set, "PLANTED-VALUE").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let message = stderr(&output);
        assert!(message.contains(set) && message.contains(missing), "{message}");
        assert!(!message.contains("PLANTED"), "{message}");
    }
}

#[test]
fn the_emulator_prints_its_url_first_answers_and_ends_on_a_signal() {
    for (name, code) in [("TERM", 143), ("INT", 0)] {
        let (emulating, url) = Emulating::start(&["--port", "0", "--delay", "0"]);
        let answer = get(&url, &format!("/1688/item_get/?key=k&secret=s&num_iid={ITEM}"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(SKU_IDS.iter().all(|id| answer.contains(id)), "{answer}");
        assert_eq!(emulating.end_by(name), Some(code), "SIG{name}");
    }
}

#[test]
fn the_emulator_with_a_key_lets_in_that_key_alone() {
    let (_emulating, url) = Emulating::start(&["--delay", "0", "--key", "right", "--secret", "right"]);
    let call = |key: &str| get(&url, &format!("/1688/item_get/?key={key}&secret=right&num_iid={ITEM}"));
    assert!(call("right").contains(SKU_IDS[0]));
    assert!(!call("wrong").contains(SKU_IDS[0]));
}

#[test]
fn a_taken_port_is_named_in_the_error() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["emulate", "--port", &port]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    assert!(message.contains(&port) && message.contains("taken"), "{message}");
    assert!(output.stdout.is_empty(), "no URL on which nobody listens");
}

#[test]
fn whoever_closes_the_pipe_does_not_see_a_panic() {
    let mut child = obx().arg("--help").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
}
