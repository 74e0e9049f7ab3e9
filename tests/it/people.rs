//! Who asked, where several people share a store.

use std::sync::Arc;

use obx::message::{Event, Purpose, StoreEvent};
use obx_core::i18n::{Language, Texts};
use obx_core::store::{ExchangeId, Lease, LogEntry};
use onebound::{Call, Exchange, Fingerprint, Outcome};
use rstest::rstest;
use serde_json::json;

use crate::support::{Driver, KEY, at, exchange, item_id, response};

const ITEM: &str = "610947572360";

fn answered() -> Exchange {
    let body = response(&format!("1688_item_get_{ITEM}.json"));
    exchange(Call::item_get(item_id(ITEM)), 200, body, at(-60))
}

fn asked_by(name: &str, id: i64, exchange: &Exchange) -> LogEntry {
    let line = LogEntry::new(Some(ExchangeId(id)), Fingerprint::from_stored(KEY), exchange);
    LogEntry { asked_by: Some(name.into()), ..line }
}

fn show(driver: &mut Driver, lines: Vec<LogEntry>) {
    let after = ExchangeId(0);
    driver.update(Event::Store(StoreEvent::Lines { after, lines: lines.into(), answered: Vec::new() }));
    driver.keys("<esc> 5");
}

#[rstest]
fn log_and_card_say_who_asked(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = Driver::new("120x36", language, false);
    let (texts, answered) = (Texts::new(language), answered());
    show(&mut driver, vec![asked_by("李雷\u{1b}[31m", 1, &answered)]);
    let log = driver.focused();
    assert!(log.contains(texts.column_asked_by()) && log.contains("李雷"), "{log}");
    driver.keys("!");
    let (id, purpose, exchange) = (ExchangeId(1), Purpose::Explain, answered.into());
    driver.update(Event::Store(StoreEvent::Exchange { id, purpose, exchange }));
    let card = driver.screen();
    let line = card.lines().find(|line| line.contains(texts.card_asked_by()) && line.contains("李雷"));
    assert!(line.is_some(), "{card}");
}

#[test]
fn a_log_of_nobody_else_has_no_column_of_people() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let line = LogEntry { asked_by: None, ..asked_by("", 1, &answered()) };
    show(&mut driver, vec![line]);
    assert!(!driver.focused().contains("Asked by"), "{}", driver.focused());
}

#[test]
fn a_call_that_somebody_else_has_under_way_names_that_person() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let owner = json!({ "pid": 4242, "machine": "db-7", "pid_space": null, "started": null });
    let lease = Lease { owner: serde_json::from_value(owner).unwrap(), until: at(40) };
    let exchange = Exchange { outcome: Outcome::Interrupted, reply: None, ..answered() };
    let line = asked_by("李雷", 1, &exchange);
    show(&mut driver, vec![LogEntry { lease: Some(Arc::new(lease)), used: None, allowed: None, ..line }]);
    let log = driver.focused();
    assert!(log.contains("李雷, und") && !log.contains("4242"), "{log}");
    driver.keys("<enter>");
    assert!(driver.screen().contains("under way in 李雷's session"), "{}", driver.screen());
}
