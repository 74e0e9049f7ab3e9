//! A session begins with what the last one left on the screen.

use obx::message::{Event, FoldStep, NamedRow, NamedSort, StoreEvent, ViewState};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::store::{ExchangeId, LogEntry, Opened};
use rstest::rstest;

use crate::screens::{PHONE, with_item};
use crate::support::{Driver, found, response};

/// The next session after one that left this; its first answer is to this item.
fn next_session(view: &ViewState, id: &str, body: &str) -> Driver {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.restore(view);
    driver.app.fill_id(id);
    driver.keys("1 <enter>");
    driver.answer(200, response(body), Source::Live);
    driver
}

fn left_by_a_session() -> ViewState {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("3 S /");
    driver.type_text("price>1");
    driver.keys("<enter> j 4 s /");
    driver.type_text("!品牌");
    driver.keys("<enter> j j 2 <enter>");
    driver.type_text("100");
    driver.keys("<enter>");
    driver.app.view_state()
}

#[test]
fn filter_sorting_row_and_quantity_come_back_with_their_item() {
    let view = left_by_a_session();
    let left = view.item.clone().unwrap();
    assert_eq!(left.skus.filter, "price>1");
    assert_eq!(left.skus.sort, Some(NamedSort { column: "price".to_owned(), reversed: true }));
    assert!(left.skus.row.is_some() && left.props.row.is_some(), "{left:?}");
    assert_eq!((left.props.filter.as_str(), left.quantity), ("!品牌", Some(100)));

    let same = next_session(&view, "610947572360", PHONE);
    assert_eq!(same.app.view_state().item, Some(left));
    let screen = same.screen();
    assert!(screen.contains("price>1") && screen.contains("!品牌"), "in sight\n{screen}");

    let other = next_session(&view, "600448952765", "taobao_item_get_600448952765.json").app.view_state();
    let other = other.item.unwrap();
    assert_eq!((other.skus.filter, other.props.filter, other.quantity), Default::default());
    assert_eq!((other.skus.sort, other.props.sort), (None, None));
}

#[test]
fn what_was_left_stays_while_its_item_is_awaited() {
    let view = left_by_a_session();
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.restore(&view);
    driver.keys("3 j 4 j");
    assert_eq!(driver.app.view_state().item, view.item);
}

#[test]
fn a_row_is_found_by_its_key_wherever_it_is_now() {
    let key = |place: usize| ["a", "b", "b", "c"].get(place).map(|key| (*key).to_owned());
    let row = |key: &str, place| NamedRow { key: key.to_owned(), place };
    assert_eq!(row("b", 2).find(4, key), Some(2), "the same of two");
    assert_eq!(row("c", 0).find(4, key), Some(3));
    assert_eq!(row("c", usize::MAX).find(4, key), Some(3));
    assert_eq!(row("d", 1).find(4, key), None);
    assert_eq!(row("c", 3).find(0, key), None);
}

fn log(driver: &mut Driver) {
    let ids = ["610947572360", "600448952765", "520813250866", "610947572361"];
    let line = |(at, id): (usize, &&str)| {
        let number = i64::try_from(at).unwrap() + 1;
        LogEntry { id: Some(ExchangeId(number)), ..found(9 - at, id, "").line }
    };
    let lines: Vec<LogEntry> = ids.iter().enumerate().map(line).collect();
    let ids = (1..=4).map(ExchangeId).collect();
    driver.update(Event::Store(StoreEvent::Opened(Opened { lines, ids, ..Opened::default() })));
}

#[rstest]
#[case::filtered("id:6109", 1)]
#[case::unfiltered("", 2)]
fn the_log_comes_back(#[case] filter: &str, #[case] down: usize) {
    let mut first = Driver::unread("120x36", Language::En);
    log(&mut first);
    first.keys("<esc> 5 /");
    first.type_text(filter);
    first.keys("<enter>");
    first.keys(&"j ".repeat(down));
    let view = first.app.view_state();
    assert_eq!(view.log.filter, filter);
    assert!(view.log.row.is_some(), "{view:?}");
    let mut next = Driver::unread("120x36", Language::En);
    next.app.restore(&view);
    assert_eq!(next.app.view_state().log.filter, filter, "before the store is read");
    log(&mut next);
    assert_eq!(next.app.view_state().log, view.log);
    assert!(next.screen().contains(filter), "{}", next.screen());
}

/// The paths of the containers that the next session unfolds.
fn unfolded(driver: &Driver) -> Vec<Vec<FoldStep>> {
    driver.app.view_state().item.unwrap().unfolded.unwrap()
}

#[test]
fn only_the_users_own_folds_are_saved_and_following_folds_behind_itself() {
    let mut driver = with_item("180x50", Language::En, PHONE);
    driver.keys("2");
    let before = unfolded(&driver);
    driver.keys("3");
    let of_a_sku = |driver: &Driver| driver.screen().matches("spec_id:").count();
    assert_eq!((of_a_sku(&driver), unfolded(&driver)), (1, before.clone()), "{}", driver.screen());
    driver.keys("j");
    assert_eq!((of_a_sku(&driver), unfolded(&driver)), (1, before.clone()), "{}", driver.screen());
    // What Enter goes to is the user's own, and stays.
    driver.keys("<enter> 3 k");
    assert_eq!(of_a_sku(&driver), 2, "{}", driver.screen());
    assert!(unfolded(&driver).len() > before.len());
    // So is what the user folds and unfolds.
    driver.keys("6 z M 3 j k 6 z M");
    assert_eq!(unfolded(&driver).len(), 1, "{:?}", unfolded(&driver));
}

#[rstest]
fn the_language_is_reachable_from_every_pane(#[values("2", "3", "4", "5", "6")] pane: &str) {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys(pane);
    let moves_columns = matches!(pane, "3" | "5");
    driver.keys("L");
    assert_eq!(driver.app.texts().language() == Language::En, moves_columns);
    if moves_columns {
        driver.keys(":");
        driver.type_text("switch_language");
        driver.keys("<enter>");
    }
    assert_eq!(driver.app.texts().language(), Language::Zh, "{}", driver.screen());
}
