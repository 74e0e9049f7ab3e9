//! Files, pipes and devices that have no end, or don't begin: `obx view` is never stuck.

use std::fs;
use std::process::Command;

use rstest::rstest;

use super::gateway::SKU_IDS;
use super::pty::{CTRL_C, ESC, Session, Setup, holds};

const MORE: &str = "it holds more than 1.0 MB, which is all that obx view reads; --max-size,";

/// A command of the shell in which `obx` is the program under test.
fn shell(setup: Setup, command: &str) -> Session {
    let command = format!("obx() {{ {} \"$@\"; }}\n{command}", env!("CARGO_BIN_EXE_obx"));
    setup.args(&["-c", &command]).start()
}

/// Its words without the ends of lines, wherever those fall.
fn words(session: &Session) -> String {
    session.picture().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[rstest]
#[case(
    "obx view sparse.json",
    "can't read sparse.json: it holds 3221 MB, and obx view reads no more than 256 MB"
)]
#[case("obx view - < sparse.json", "can't read stdin: it holds 3221 MB")]
#[case("obx view --max-size 1MB /dev/zero", "can't read /dev/zero: it holds more than 1.0 MB,")]
#[case("obx view --max-size 1MB /dev/zero", MORE)]
#[case("yes | obx view --max-size 1MB -", "can't read stdin: it holds more than 1.0 MB,")]
#[case("obx view /dev/tty", "/dev/tty: this is a terminal: give a file")]
#[case("obx view --max-size 2000MiB a.json", "--max-size: \"2000MiB\" is too large: at most 1024MiB")]
fn what_has_no_end_is_refused_with_words(#[case] command: &str, #[case] message: &str) {
    let setup = Setup::with_program("/bin/sh");
    fs::File::create(setup.home().join("sparse.json")).unwrap().set_len(3 << 30).unwrap();
    let mut session = shell(setup, command);
    assert_eq!(session.wait_exit(), 2, "{}", session.picture());
    assert!(words(&session).contains(message), "{}", session.picture());
    assert!(!holds(&session.bytes(), "\u{1b}[?1049h"), "the terminal is not taken over for nothing");
    session.assert_given_back();
}

#[rstest]
#[case(Some(ESC), 130)]
#[case(Some(CTRL_C), 130)]
#[case(None, 143)]
fn a_pipe_to_which_nobody_writes_is_waited_for_until_esc(#[case] key: Option<&str>, #[case] code: u32) {
    let setup = Setup::new();
    let made = Command::new("mkfifo").arg(setup.home().join("fifo")).status().unwrap();
    assert!(made.success());
    let mut session = setup.args(&["view", "fifo"]).start();
    session.wait_for("Reading fifo: 0 B so far. Esc stops.");
    match key {
        Some(key) => session.press(key),
        None => session.signal("TERM"),
    }
    assert_eq!(session.wait_exit(), code);
    session.assert_given_back();
    assert_eq!(session.picture().trim(), "", "nothing is left behind");
}

#[test]
fn a_program_that_writes_nothing_is_waited_for_until_esc() {
    let writes_nothing = "(sleep 60 & echo $! > pid; wait)";
    let command = format!("{writes_nothing} | {{ obx view -; code=$?; kill $(cat pid); exit $code; }}");
    let mut session = shell(Setup::with_program("/bin/sh"), &command);
    session.wait_for("Reading stdin: 0 B so far. Esc stops.");
    session.press(ESC);
    assert_eq!(session.wait_exit(), 130);
    session.assert_given_back();
}

#[test]
fn what_comes_slowly_is_shown_when_it_is_there() {
    let setup = Setup::with_program("/bin/sh");
    let item = crate::support::tests_folder().join("responses").join(crate::screens::PHONE);
    fs::copy(item, setup.home().join("item.json")).unwrap();
    fs::write(setup.home().join("first"), "").unwrap();
    let command = "(head -c 1000 item.json; while [ -e first ]; do sleep 0.05; done; tail -c +1001 item.json) | obx view -";
    let mut session = shell(setup, command);
    session.wait_for("Reading stdin: 1.0 kB so far.");
    fs::remove_file(session.home().join("first")).unwrap();
    session.wait_for(SKU_IDS[0]);
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_given_back();
}

#[test]
fn a_setting_bounds_what_is_read_and_a_flag_ranks_before_it() {
    let item = crate::support::tests_folder().join("responses").join(crate::screens::PHONE);
    let item = item.to_str().unwrap();
    let setup = || {
        let setup = Setup::new();
        let folder = setup.home().join(".config/obx");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), "[view]\nmax_size = '1kB'\n").unwrap();
        setup
    };
    let mut session = setup().args(&["view", item]).start();
    assert_eq!(session.wait_exit(), 2);
    // A line ends anywhere, as it begins with the path of the repository.
    let text: String = session.picture().split_whitespace().collect();
    assert!(text.contains("obxviewreadsnomorethan1.0kB"), "{}", session.picture());
    let mut session = setup().args(&["view", "--max-size", "1MB", item]).start();
    session.wait_for(SKU_IDS[0]);
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn a_config_file_without_an_end_is_refused() {
    let mut session = Setup::new().args(&["--config", "/dev/zero"]).start();
    assert_eq!(session.wait_exit(), 2);
    assert!(words(&session).contains("/dev/zero\": too large for a config file"), "{}", session.picture());
}
