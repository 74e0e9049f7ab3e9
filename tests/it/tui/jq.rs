//! The jq filter with the process that runs the programs: what it gives, and that no program takes the explorer down.

use super::export::script;
use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::openings::fetch_item;
use super::pty::{ENTER, ESC, Session, Setup, english, holds};

const KILL_LINE: &str = "\x15";
const UP: &str = "\x1b[A";

pub(super) fn in_filter(gateway: &Gateway) -> Session {
    start_filter(Setup::new().account(&gateway.url()).var("LC_PROBE", "planted-in-env"))
}

fn start_filter(setup: Setup) -> Session {
    let mut session = setup.start();
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    fetch_item(&mut session);
    session.press_all(&["6", "f", "|"]);
    session.wait_for(&english().jq_how("Tab", "↑"));
    session
}

pub(super) fn type_program(session: &mut Session, program: &str) {
    session.press(KILL_LINE);
    session.wait_for(&english().jq_how("Tab", "↑"));
    for c in program.chars() {
        session.press(&c.to_string());
    }
}

#[test]
fn a_program_gives_its_result_and_an_endless_one_is_replaced() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    type_program(&mut session, ".item.num_iid");
    session.wait_for(&format!("| .item.num_iid {}", english().jq_one_output()));
    type_program(&mut session, "def f: f; f");
    session.wait_for(english().jq_running());
    type_program(&mut session, ".error_code");
    session.wait_for(&format!("| .error_code {}", english().jq_one_output()));
    session.press(ESC);
    session.wait_for(english().view_headers());
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_program_that_goes_too_deep_or_takes_too_much_ends_alone() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    for program in ["def f: 1 + f; f", "\"x\" * 2000000000"] {
        type_program(&mut session, program);
        session.wait_for(english().jq_too_large());
        type_program(&mut session, ".error_code");
        session.wait_for(&format!("| .error_code {}", english().jq_one_output()));
    }
}

#[test]
fn a_program_can_not_read_the_environment() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    type_program(&mut session, "[env, $ENV | length] | tostring");
    session.wait_for("\"[0,0]\"");
}

/// Ends the session, and opens the filter in another one on its home, over what is in the store.
fn in_next(mut session: Session, gateway: &Gateway) -> (Session, Session) {
    assert_eq!(session.quit(), 0);
    let mut next = Setup::new().home_of(&session).account(&gateway.url()).args(&[ITEM]).start();
    next.wait_for(&english().enter_shows_stored("Enter"));
    next.press(ENTER);
    next.wait_for(SKU_IDS[0]);
    next.press_all(&["6", "f", "|"]);
    next.wait_for(&english().jq_how("Tab", "↑"));
    (session, next)
}

#[test]
fn a_program_is_there_in_the_next_session_without_the_secret_that_was_typed_into_it() {
    let gateway = Gateway::start();
    let mut session = in_filter(&gateway);
    for program in [".error_code", ".item | .num_iid", "\"test-secret\" | length"] {
        type_program(&mut session, program);
        session.wait_for(&format!("| {program} {}", english().jq_one_output()));
        session.press(ENTER);
        session.wait_without(english().hint_jq_keep());
        session.press("|");
        session.wait_for(english().hint_jq_keep());
    }
    let (first, mut session) = in_next(session, &gateway);
    session.press_all(&[UP, UP]);
    session.wait_for(&format!("| .item | .num_iid {}", english().jq_one_output()));
    session.press(UP);
    session.wait_for(&format!("| .error_code {}", english().jq_one_output()));
    assert!(session.pictures().iter().any(|picture| picture.contains("\"***********\" | length")));
    assert!(session.pictures().iter().all(|picture| !picture.contains("test-secret")));
    for file in crate::secrets::files_below(first.home()) {
        assert!(!holds(&std::fs::read(&file).unwrap(), "test-secret"), "{}", file.display());
    }
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn pager_and_export_take_the_result_and_their_files_say_so() {
    let gateway = Gateway::start();
    let setup = Setup::new().account(&gateway.url());
    let seen = setup.home().join("seen");
    let text = format!("basename \"$1\"; cat \"$1\" > {}.part; mv {0}.part {0}", seen.display());
    let pager = script(setup.home(), "pager", &text);
    let mut session = start_filter(setup.var("PAGER", &pager));
    type_program(&mut session, ".item.skus.sku[].sku_id");
    session.wait_for(&english().jq_outputs(SKU_IDS.len()));
    session.press_all(&[ENTER, "v"]);
    session.wait_for("[obx]");
    session.wait_for(&format!("{ITEM}-jq.ndjson"));
    let expected = SKU_IDS.map(|id| format!("\"{id}\"\n")).concat();
    assert_eq!(std::fs::read_to_string(&seen).unwrap(), expected);
    session.press(ENTER);
    session.wait_for("That was the jq result");
    session.press("x");
    session.wait_for(&format!("obx-{ITEM}-"));
    session.press_all(&["\x1b[Z", KILL_LINE]);
    session.wait_for(&english().export_unquoted(english().export_on()));
    session.write_at_once("mine.txt");
    session.wait_for("mine.txt");
    session.press(ENTER);
    session.wait_without(english().export_redacted());
    let written = std::fs::read_to_string(session.home().join("mine.txt")).unwrap();
    assert_eq!(written, SKU_IDS.map(|id| format!("{id}\n")).concat());
}
