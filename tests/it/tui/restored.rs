//! A session begins where the last one ended, and that costs no call.

use super::gateway::{Gateway, ITEM, SKU_IDS, TITLE};
use obx_core::i18n::{Language, Texts};

use super::pty::{ENTER, ESC, Session, Setup, english, wait_until};

fn with_an_item(gateway: &Gateway) -> Session {
    let mut session = Setup::new().account(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session
}

fn view_file(session: &Session) -> std::path::PathBuf {
    session.home().join(".local/share/obx/store.sqlite-view.json")
}

#[test]
fn focus_and_item_and_folds_come_back_and_nothing_is_sent() {
    let gateway = Gateway::start();
    let mut first = with_an_item(&gateway);
    first.press_all(&["6", "z", "M"]);
    first.wait_for("item: {");
    assert_eq!(first.quit(), 0);

    let mut next = Setup::new().restored_from(&first).account(&gateway.url()).start();
    next.wait_for(TITLE);
    next.wait_for("item: {");
    // The focus is in the response: `j` moves there, and is no text in the ID.
    next.press("j");
    next.wait_for("$.item");
    next.signal("TERM");
    assert_eq!(next.wait_exit(), 128 + 15);

    let mut last = Setup::new().restored_from(&first).account(&gateway.url()).args(&["520813250866"]).start();
    last.wait_for("520813250866");
    last.wait_for(english().hint_leave_input());
    assert!(!last.shows(TITLE), "an ID in the arguments counts more: {}", last.picture());
    assert_eq!(last.quit(), 0);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_damaged_file_gives_a_notice_and_the_session_begins_on_the_empty_screen() {
    let gateway = Gateway::start();
    let mut first = with_an_item(&gateway);
    assert_eq!(first.quit(), 0);
    std::fs::write(view_file(&first), "{").unwrap();
    let next = Setup::new().restored_from(&first).account(&gateway.url()).start();
    next.wait_for(english().view_damaged());
    assert!(!next.shows(TITLE), "{}", next.picture());
}

#[test]
fn a_killed_session_leaves_its_item() {
    let gateway = Gateway::start();
    let mut first = with_an_item(&gateway);
    let path = view_file(&first);
    let is_written = || std::fs::read_to_string(&path).ok().filter(|text| text.contains(ITEM));
    wait_until("the view file has the item", is_written);
    first.kill();

    let mut next = Setup::new().restored_from(&first).account(&gateway.url()).start();
    next.wait_for(TITLE);
    next.wait_for(SKU_IDS[1]);
    assert_eq!(next.quit(), 0);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_killed_session_leaves_its_filter_and_its_borders() {
    let gateway = Gateway::start();
    let mut first = with_an_item(&gateway);
    first.press_all(&["3", "+", "/"]);
    first.press_all(&["p", "r", "i", "c", "e", ">", "1", ENTER]);
    first.wait_for("price>1");
    let path = view_file(&first);
    let is_written = || std::fs::read_to_string(&path).ok().filter(|text| text.contains("price>1"));
    let text = wait_until("the view file has the filter", is_written);
    assert_eq!(text.matches(r#"_rows":0"#).count(), 3, "one border of four was moved: {text}");
    first.kill();

    let mut next = Setup::new().restored_from(&first).account(&gateway.url()).start();
    next.wait_for(TITLE);
    next.wait_for("price>1");
    assert_eq!(next.quit(), 0);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_filter_comes_back_in_sight() {
    let gateway = Gateway::start();
    let mut first = with_an_item(&gateway);
    first.press_all(&["3", "/"]);
    first.press_all(&["p", "r", "i", "c", "e", ">", "1", ENTER]);
    first.wait_for("price>1");
    assert_eq!(first.quit(), 0);
    let mut next = Setup::new().restored_from(&first).account(&gateway.url()).start();
    next.wait_for(TITLE);
    next.wait_for("price>1");
    assert_eq!(next.quit(), 0);
}

#[test]
fn demo_leaves_its_looks_and_nothing_else() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.press_all(&[ESC, "2", "T", "L"]);
    let chinese = Texts::new(Language::Zh);
    session.wait_for(chinese.pane_requests());
    assert_eq!(session.quit(), 0);
    let folder = session.home().join(".local/share/obx");
    let names: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["demo-view.json"]);

    let mut next = Setup::new().restored_from(&session).start();
    next.wait_for(chinese.pane_requests());
    next.press(ESC);
    assert_eq!(next.quit(), 0);
    let plain = Setup::new().home_of(&session).start();
    plain.wait_for(english().pane_requests());
}

#[test]
fn demo_leaves_nothing_behind() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    assert_eq!(session.quit(), 0);
    assert!(!session.home().join(".local").exists());
}
