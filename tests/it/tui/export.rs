//! Export, editor and pager, and saved files, with the real program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::openings::fetch_item;
use super::pty::{CTRL_C, ENTER, ESC, Session, Setup, english, holds, wait_until};
use crate::support::{item_with, tests_folder};

const KILL_LINE: &str = "\x15";

fn with_item(setup: Setup) -> Session {
    let mut session = setup.start();
    session.wait_for(english().pane_requests());
    session.press_all(&["1", KILL_LINE]);
    session.type_id(ITEM);
    fetch_item(&mut session);
    session.press("3");
    session
}

/// A program of the user's: a shell script.
pub(super) fn script(home: &Path, name: &str, text: &str) -> String {
    let path = home.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn with_temporary_folder(setup: Setup) -> (Setup, PathBuf) {
    let folder = setup.home().join("tmp");
    fs::create_dir(&folder).unwrap();
    let named = folder.to_str().unwrap().to_owned();
    (setup.var("TMPDIR", &named), folder)
}

/// Whether nothing is left in it.
#[track_caller]
fn assert_empty(folder: &Path) {
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

#[track_caller]
fn quit(session: &mut Session) {
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_given_back();
}

#[test]
fn an_export_is_written_where_it_says_and_overwrites_only_after_a_second_press() {
    let gateway = Gateway::start();
    let mut session = with_item(Setup::new().account(&gateway.url()));
    session.press("x");
    session.wait_for(english().export_redacted());
    session.press(KILL_LINE);
    session.write_at_once("mine.json");
    session.wait_for("mine.json");
    session.press(ENTER);
    session.wait_for("mine.json");
    let path = session.home().join("mine.json");
    let written =
        wait_until("the file", || fs::read_to_string(&path).ok().filter(|text| text.ends_with("}\n")));
    assert!(written.contains(SKU_IDS[1]));
    session.wait_without(english().export_redacted());

    fs::write(&path, "somebody else's").unwrap();
    session.press("x");
    session.wait_for(english().export_redacted());
    session.press(KILL_LINE);
    session.write_at_once("mine.json");
    session.wait_for("mine.json");
    session.press(ENTER);
    session.wait_for(&english().export_exists("Enter"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
    session.press(ENTER);
    session.wait_without(&english().export_exists("Enter"));
    wait_until("the file", || fs::read_to_string(&path).ok().filter(|text| *text == written));
    assert_eq!(gateway.calls(), 1);
    quit(&mut session);
}

#[test]
fn the_pager_gets_the_body_and_no_secret_and_gives_the_terminal_back() {
    let gateway = Gateway::start();
    let (setup, temporary) = with_temporary_folder(Setup::new().account(&gateway.url()));
    let seen = setup.home().join("seen");
    let text = format!(
        "mkdir {0}; cat \"$1\" > {0}/body; env > {0}/environment; stat -c %a \"$1\" > {0}/mode\ncat \"$1\" | head -3",
        seen.display()
    );
    let pager = script(setup.home(), "pager", &text);
    let mut session = with_item(setup.var("PAGER", &pager));
    session.press("v");
    let mode = wait_until("the pager", || {
        fs::read_to_string(seen.join("mode")).ok().filter(|mode| !mode.is_empty())
    });
    assert_eq!(mode.trim(), "600");
    session.wait_for("[obx]");
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session.assert_picture_is_whole();
    let body = fs::read_to_string(seen.join("body")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&body).unwrap()["item"].is_object());
    let environment = fs::read_to_string(seen.join("environment")).unwrap();
    assert!(
        environment.contains("HOME=")
            && !environment.contains("test-key")
            && !environment.contains("OBX_KEY")
    );
    assert!(!environment.contains("OBX_SECRET"));
    assert_empty(&temporary);
    quit(&mut session);
}

#[test]
fn while_an_editor_runs_all_keys_are_its_and_none_that_it_left_reaches_obx() {
    let gateway = Gateway::start();
    let (setup, temporary) = with_temporary_folder(Setup::new().account(&gateway.url()));
    let got = setup.home().join("got");
    let text = format!(
        "sleep 0.5; echo run >> $HOME/runs; echo EDITOR HERE $(wc -l < $HOME/runs) $1; read line; echo \"$line $1\" > {}; read more",
        got.display()
    );
    let editor = script(setup.home(), "editor", &text);
    let mut session =
        with_item(setup.var("EDITOR", "no-such-editor").var("VISUAL", &format!("{editor} --flag")));
    for run in 1..=3 {
        session.press("e");
        // Of this run: what the one before wrote is still on that screen.
        session.wait_for(&format!("EDITOR HERE {run} --flag"));
        assert_eq!(session.modes(), session.modes_before(), "the terminal is the editor's");
        session.write_at_once("x1 q R\n");
        let line = wait_until("a line", || fs::read_to_string(&got).ok().filter(|line| line.ends_with('\n')));
        assert_eq!(line, "x1 q R --flag\n");
        // What the editor does not read any more would quit obx.
        session.write_at_once("\nqqq");
        session.wait_for(SKU_IDS[0]);
        fs::remove_file(&got).unwrap();
    }
    assert!(session.lives());
    assert_eq!(gateway.calls(), 1);
    assert_empty(&temporary);
    session.press("?");
    session.wait_for(english().help_title());
    session.press(ESC);
    session.wait_without(english().help_title());
    quit(&mut session);
}

#[test]
fn an_editor_that_crashes_or_is_not_there_is_a_notice() {
    let gateway = Gateway::start();
    let (setup, temporary) = with_temporary_folder(Setup::new().account(&gateway.url()));
    let editor = script(setup.home(), "editor", "kill -9 $$");
    let mut session = with_item(setup.var("EDITOR", &editor).var("PAGER", "no-such-pager -R"));
    session.press("e");
    session.wait_for(&english().program_is_over(&editor));
    session.press(ENTER);
    session.wait_for(&english().program_killed("$EDITOR", 9));
    session.press("v");
    session.wait_for(&english().program_is_over("no-such-pager -R"));
    assert!(session.shows("not found"), "{}", session.picture());
    session.press(ENTER);
    session.wait_for(&english().program_missing("$PAGER", "no-such-pager -R"));
    assert_empty(&temporary);
    quit(&mut session);
}

#[test]
fn an_end_of_obx_while_an_editor_runs_leaves_nothing_behind() {
    let gateway = Gateway::start();
    let (setup, temporary) = with_temporary_folder(Setup::new().account(&gateway.url()));
    let editor = script(setup.home(), "editor", "echo EDITOR HERE; exec sleep 60");
    let mut session = with_item(setup.var("EDITOR", &editor));
    session.press("e");
    session.wait_for("EDITOR HERE");
    // As ^C sends it to all programs of the terminal: this one is for the editor.
    session.signal("INT");
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    session.assert_given_back();
    assert_empty(&temporary);
}

#[test]
fn what_a_program_said_stays_in_sight_until_enter_where_it_failed_or_was_over_at_once() {
    let gateway = Gateway::start();
    let setup = Setup::new().account(&gateway.url());
    let editor = script(setup.home(), "editor", "sleep 0.5; echo E325: SWAP FILE IN THE WAY; exit 3");
    let mut session = with_item(setup.var("EDITOR", &editor).var("PAGER", "cat"));
    session.press("e");
    session.wait_for(&english().program_is_over(&editor));
    assert!(session.shows("E325: SWAP FILE IN THE WAY"), "{}", session.picture());
    // No key of obx: its terminal is the plain one still.
    session.press_all(&["q", "q"]);
    assert!(session.lives());
    session.press(ENTER);
    session.wait_for(&english().program_ended("$EDITOR", 3));
    session.press("v");
    session.wait_for(&english().program_is_over("cat"));
    session.press(CTRL_C);
    session.wait_for(english().pane_requests());
    session.assert_picture_is_whole();
    session.press("v");
    session.wait_for(&english().program_is_over("cat"));
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    session.assert_given_back();
}

/// A program that has the terminal as an editor does: keys one by one, without echo.
const LIKE_AN_EDITOR: &str = "stty raw -echo; echo $$ > $HOME/pid; echo EDITOR HERE";

#[track_caller]
fn assert_gone(session: &Session) {
    let pid = fs::read_to_string(session.home().join("pid")).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists(), "the editor is still there");
}

#[test]
fn an_editor_is_asked_to_end_before_obx_does_and_what_it_saves_is_saved() {
    let gateway = Gateway::start();
    let setup = Setup::new().account(&gateway.url());
    let text = format!(
        "trap 'sleep 0.3; echo saved > $HOME/saved; exit 1' TERM; {LIKE_AN_EDITOR}; while :; do sleep 0.05; done"
    );
    let editor = script(setup.home(), "editor", &text);
    let mut session = with_item(setup.var("EDITOR", &editor));
    session.press("e");
    session.wait_for("EDITOR HERE");
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    assert_eq!(fs::read_to_string(session.home().join("saved")).unwrap(), "saved\n");
    assert_gone(&session);
    session.assert_given_back();
}

#[test]
fn an_editor_that_does_not_end_when_asked_to_is_ended_and_the_terminal_is_as_it_was() {
    let gateway = Gateway::start();
    let setup = Setup::new().account(&gateway.url());
    let editor = script(setup.home(), "editor", &format!("trap '' TERM; {LIKE_AN_EDITOR}; exec sleep 60"));
    let mut session = with_item(setup.var("EDITOR", &editor));
    session.press("e");
    session.wait_for("EDITOR HERE");
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    assert_gone(&session);
    session.assert_given_back();
}

#[test]
fn a_saved_file_is_explored_without_credentials_and_nothing_can_be_sent() {
    let path = tests_folder().join("responses").join(crate::screens::PHONE);
    let mut session = Setup::new().args(&["view", path.to_str().unwrap()]).start();
    session.wait_for(SKU_IDS[0]);
    session.wait_for(english().offline());
    assert!(!session.shows("DEMO"));
    session.press("j");
    session.press("R");
    session.wait_for(english().refused_offline());
    quit(&mut session);
}

#[test]
fn a_file_on_stdin_leaves_the_keyboard_to_the_explorer() {
    let setup = Setup::with_program("/bin/sh");
    fs::write(setup.home().join("item.json"), item_with(300)).unwrap();
    let command = format!("cat item.json | {} view -", env!("CARGO_BIN_EXE_obx"));
    let editor = script(setup.home(), "pager", "sleep 0.5; echo PAGER HERE; read line");
    let mut session = setup.args(&["-c", &command]).var("PAGER", &editor).start();
    session.wait_for("三百个规格");
    session.press("G");
    session.wait_for("4990000000299");
    session.press("v");
    session.wait_for("PAGER HERE");
    session.write_at_once("\n");
    session.wait_for("4990000000299");
    quit(&mut session);
}

#[test]
fn what_is_no_answer_opens_as_text_and_what_is_not_there_is_an_error() {
    let setup = Setup::new();
    fs::write(setup.home().join("a.html"), "<html><title>Stop</title>\n<b>no \x1b[2Jaccess").unwrap();
    let mut session = setup.args(&["view", "a.html"]).start();
    session.wait_for("<b>no ␛[2Jaccess");
    session.wait_for("HTML page “Stop”");
    session.press("q");
    session.press("q");
    assert_eq!(session.wait_exit(), 0);

    for (file, message) in [("none.json", "can't read none.json"), ("/", "can't read /: this is a directory")]
    {
        let mut session = Setup::new().args(&["view", file]).start();
        assert_eq!(session.wait_exit(), 2);
        assert!(session.picture().contains(message), "{}", session.picture());
        assert!(!holds(&session.bytes(), "\u{1b}[?1049h"), "the terminal is not taken over for nothing");
    }
}
