//! The first run, without credentials and without a file.

use super::gateway::{ITEM, SKU_IDS};
use super::pty::{ENTER, ESC, Setup, english};

#[test]
fn without_credentials_it_says_demo_and_answers_an_id() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    session.press(ENTER);
    for id in SKU_IDS {
        session.wait_for(id);
    }
    assert!(session.shows("DEMO"), "{}", session.picture());
}

#[test]
fn the_locale_chooses_the_language() {
    for (variable, locale) in [("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_CN.GB18030")] {
        let session = Setup::new().var(variable, locale).start();
        session.wait_for("DEMO");
        session.wait_for("请求");
        assert!(!session.shows(english().pane_requests()), "{}", session.picture());
    }
}

#[test]
fn the_flag_ranks_before_the_locale_and_a_key_switches() {
    let mut session = Setup::new().var("LANG", "zh_CN.UTF-8").args(&["--ui-lang", "en"]).start();
    session.wait_for(english().pane_requests());
    session.press_all(&[ESC, "2", "L"]);
    session.wait_for("请求");
    session.press("L");
    session.wait_for(english().pane_requests());
}
