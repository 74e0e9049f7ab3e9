//! Snapshots of the export popup, the keys after `y`, the register, and a file in the explorer.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use obx::message::{Done, Effect, Event};
use obx_core::i18n::{Language, Texts};
use obx_core::import::{self, ImportNotes};
use rstest::rstest;

use crate::screens::{PHONE, check, code, with_item};
use crate::support::{Driver, response};

#[rstest]
fn the_export_popup(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_item(size, language, PHONE);
    driver.keys("x <down> <down> <down> <backtab>");
    check(&format!("export_{size}_{}", code(language)), &driver.screen());
}

#[rstest]
fn the_question_before_a_file_is_overwritten(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_item("80x24", language, PHONE);
    driver.keys("x <enter>");
    driver.update(Event::Done(Done::ExportExists("obx-610947572360-20261123.json".to_owned())));
    check(&format!("export_exists_80x24_{}", code(language)), &driver.screen());
}

#[rstest]
fn the_keys_after_y(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_item("80x24", language, PHONE);
    driver.keys("3 y");
    check(&format!("copy_menu_80x24_{}", code(language)), &driver.screen());
}

#[rstest]
fn the_register_shows_what_was_copied_last(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_item("80x24", language, PHONE);
    driver.keys("3 y c :");
    driver.type_text("register");
    driver.keys("<enter>");
    check(&format!("register_80x24_{}", code(language)), &driver.screen());
}

fn with_file(size: &str, language: Language, content: Bytes) -> Driver {
    let mut driver = Driver::of_file(size, language, "answer.json");
    let at = Timestamp::from_second(crate::support::START).unwrap();
    let found = import::parse(content, "answer.json", at, None);
    let exchanges = found.exchanges.into_iter().map(Arc::new).collect();
    driver.update(Event::File { exchanges, notes: found.notes });
    driver
}

#[test]
fn of_a_file_without_an_item_no_page_is_offered_and_an_empty_one_says_so() {
    let mut driver = with_file("120x36", Language::En, Bytes::new());
    driver.keys("2");
    assert!(driver.screen().contains("The file is empty."), "{}", driver.screen());
    assert!(!driver.screen().contains("shows the file's content"), "{}", driver.screen());
    assert!(!driver.screen().contains("o page"), "{}", driver.screen());
    driver.keys("o");
    assert!(driver.screen().contains("No item page to open"), "{}", driver.screen());
    driver.keys("D");
    assert!(driver.screen().contains("No item here"), "{}", driver.screen());
}

#[test]
fn of_a_file_without_any_call_it_is_said_that_there_is_none() {
    let mut driver = Driver::of_file("120x36", Language::En, "empty.har");
    assert!(driver.screen().contains("reading empty.har"), "{}", driver.screen());
    driver.update(Event::File { exchanges: Vec::new(), notes: ImportNotes::default() });
    assert!(driver.screen().contains("No calls to this API in empty.har."), "{}", driver.screen());
}

#[rstest]
#[case(1, 1, "Exchanges loaded: 1; not of this API, left out: 1")]
#[case(2, 0, "Exchanges loaded: 2 ")]
fn a_file_of_several_says_how_many_it_had(
    #[case] count: usize,
    #[case] other_apis: usize,
    #[case] reported: &str,
) {
    let mut driver = Driver::of_file("120x36", Language::En, "answers.har");
    let at = Timestamp::from_second(crate::support::START).unwrap();
    let exchange = import::parse(response(PHONE), "answer.json", at, None).exchanges.remove(0);
    let exchange = Arc::new(exchange);
    let notes = ImportNotes { other_apis, ..ImportNotes::default() };
    driver.update(Event::File { exchanges: vec![exchange; count], notes });
    assert!(driver.screen().contains(reported), "{}", driver.screen());
    let footer = driver.screen().lines().last().unwrap().to_owned();
    assert!(footer.contains("? keys"), "{footer}");
    // The next key takes the notice away; what is no row stays counted in the log's frame.
    driver.keys("5 j");
    let frame = driver.screen().contains("not of this API, left out: 1");
    assert_eq!(frame, other_apis > 0, "{}", driver.screen());
}

#[rstest]
#[case("broken", r#"{"error_code":"0000","item":{"num_iid":"9","ti"#)]
#[case("item", "")]
fn a_file_in_the_explorer(
    #[case] name: &str,
    #[case] body: &'static str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let content = if body.is_empty() { response(PHONE) } else { body.into() };
    let mut driver = with_file("80x24", language, content);
    check(&format!("file_{name}_80x24_{}", code(language)), &driver.screen());
    driver.resize("120x36");
    check(&format!("file_{name}_120x36_{}", code(language)), &driver.screen());
    // What is no JSON has no tree.
    driver.keys(if name == "item" { "6 t t" } else { "6 t" });
    check(&format!("file_{name}_headers_120x36_{}", code(language)), &driver.screen());
    driver.keys("t");
    check(&format!("file_{name}_timing_120x36_{}", code(language)), &driver.screen());
    driver.keys("5 !");
    check(&format!("file_{name}_card_120x36_{}", code(language)), &driver.screen());
    driver.keys("<esc> u");
    assert!(driver.screen().contains(Texts::new(language).no_quota_of_file()), "{}", driver.screen());
    assert_eq!(driver.keys("<esc> 2 *"), []);
    assert!(driver.screen().contains(Texts::new(language).no_annotations_of_file()), "{}", driver.screen());
    driver.keys(": f a c t s <enter>");
    check(&format!("file_{name}_facts_120x36_{}", code(language)), &driver.screen());
}

#[test]
fn of_lines_of_json_it_is_said_that_more_follows_the_first() {
    let driver = with_file("120x36", Language::En, "{\"i\": 1}\n{\"i\": 2}\n".into());
    assert!(driver.screen().contains("! more from byte 9 on, see Raw"), "{}", driver.screen());
}

#[test]
fn an_export_that_is_written_closes_its_popup_and_one_that_failed_does_not() {
    let mut driver = with_item("80x24", Language::En, PHONE);
    let effects = driver.keys("x <enter>");
    assert!(matches!(effects.as_slice(), [Effect::Export(_)]));
    assert_eq!(driver.keys("<enter>"), [], "while it is written, Enter means nothing");
    driver.update(Event::Done(Done::ExportFailed { path: "/a".to_owned(), why: "disk full".to_owned() }));
    assert!(driver.screen().contains("Nothing written to /a: disk full"));
    driver.keys("<enter>");
    driver.update(Event::Done(Done::ExportInPart { path: "/a".to_owned(), why: "broken pipe".to_owned() }));
    assert!(driver.screen().contains("Only part of it was written to /a: broken pipe"));
    driver.keys("<enter>");
    driver.update(Event::Done(Done::Exported { path: "/a".to_owned(), size: "14 kB".to_owned(), quoted: 0 }));
    assert!(driver.screen().contains("Wrote 14 kB to /a"));
    assert_eq!(driver.keys("q").len(), 1, "the popup is gone, so q quits");
}
