//! Every state of the explorer as a picture: three sizes, both languages, and a map of the styles. In the map
//! every capital is a letter with colour: no meaning may depend on capitals alone, since colour can be off.

use bytes::Bytes;
use obx::message::{Event, StoreEvent};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::store::{StoreError, StoreErrorKind};
use onebound::RequestStage;
use rstest::rstest;

use crate::screens::{PHONE, check, with_body, with_item};
use crate::support::{Driver, failure, item_with, response, styles};

/// Brings an explorer that shows nothing yet, or an item, into a state.
type Bring = fn(&str, Language) -> Driver;

const STATES: [(&str, Bring); 20] = [
    ("first_run", |size, language| Driver::new(size, language, true)),
    ("own_key", |size, language| Driver::new(size, language, false)),
    ("item", |size, language| with_item(size, language, PHONE)),
    ("under_way", |size, language| {
        let mut driver = Driver::new(size, language, false);
        driver.app.fill_id("610947572360");
        driver.keys("<enter>");
        driver.reach(true);
        driver.wait(3.2);
        driver
    }),
    ("next_under_way", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("R");
        driver.reach(true);
        driver.wait(3.2);
        driver
    }),
    ("stopped_waiting", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("R");
        driver.reach(true);
        driver.keys("<esc>");
        driver
    }),
    ("not_found", |size, language| wrong(size, language, 200, response("1688_error_2000.json"))),
    ("quota_used_up", |size, language| wrong(size, language, 200, response("error_4013_quota.json"))),
    ("empty_success", |size, language| {
        wrong(size, language, 200, response("taobao_item_search_shop_empty_0000.json"))
    }),
    ("html", |size, language| wrong(size, language, 403, "<html><title>405 访问被阻断</title>".into())),
    ("cut", |size, language| wrong(size, language, 200, response(PHONE).slice(..5_000))),
    ("no_connection", |size, language| {
        let mut driver = Driver::new(size, language, false);
        driver.app.fill_id("610947572360");
        driver.keys("<enter>");
        driver.fail(RequestStage::NothingSent, failure("connect"));
        driver
    }),
    ("pending_confirmation", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("R");
        driver.hold_back(200);
        driver
    }),
    ("no_skus", |size, language| {
        let body = r#"{"error_code":"0000","item":{"num_iid":610947572360,"title":"无规格","price":"9.90","skus":""}}"#;
        wrong(size, language, 200, body.into())
    }),
    ("skus_300", |size, language| {
        let mut driver = with_body(size, language, "9", 200, item_with(300));
        driver.keys("3 G l");
        driver
    }),
    ("filter", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("4 / 机");
        driver
    }),
    ("no_match", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("3 / 无 <enter>");
        driver
    }),
    ("full", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("3 f s");
        driver
    }),
    ("card", |size, language| {
        let mut driver = wrong(size, language, 200, response("error_4013_key_in_reason.json"));
        driver.keys("!");
        driver
    }),
    ("help", |size, language| {
        let mut driver = with_item(size, language, PHONE);
        driver.keys("?");
        driver
    }),
];

/// What differs by its size in more than where a text ends; of the others one size is taken.
const LAYOUTS: [&str; 10] = [
    "first_run",
    "item",
    "under_way",
    "not_found",
    "pending_confirmation",
    "skus_300",
    "filter",
    "full",
    "card",
    "help",
];

fn wrong(size: &str, language: Language, status: u16, body: Bytes) -> Driver {
    with_body(size, language, "610947572360", status, body)
}

#[rstest]
fn every_state_in_both_languages_and_by_style_alone(#[values("80x24", "120x36", "200x50")] size: &str) {
    for (name, bring) in STATES {
        let (en, zh) = (bring(size, Language::En), bring(size, Language::Zh));
        let all = format!("{}\n{}\n{}", en.screen(), zh.screen(), styles(&en.buffer()));
        if size == "80x24" || LAYOUTS.contains(&name) {
            check(&format!("state_{name}_{size}"), &all);
        }
    }
}

/// An answer that only the store could have given is never taken for a live one.
#[test]
fn a_stored_answer_names_its_source_in_every_size() {
    for size in ["80x24", "120x36", "200x50"] {
        let mut driver = Driver::new(size, Language::En, false);
        driver.app.fill_id("610947572360");
        driver.keys("<enter>");
        driver.answer(200, response(PHONE), Source::Store);
        assert!(driver.screen().contains("store, answered"), "{}", driver.screen());
    }
}

#[test]
fn an_answer_that_is_not_stored_yet_says_so_until_it_is() {
    for (size, language) in [("60x16", Language::En), ("80x24", Language::Zh), ("120x36", Language::En)] {
        let mut driver = Driver::new(size, language, false);
        driver.app.fill_id("610947572360");
        driver.keys("<enter>");
        let ticket = driver.answer_unwritten(response(PHONE));
        let mark = driver.app.texts().not_stored_yet();
        assert!(screen_has(&driver, mark), "{}", driver.screen());
        let failed = StoreError::new(StoreErrorKind::Full, "no room");
        driver.update(Event::Store(StoreEvent::Stored { ticket, written: Err(failed), history: None }));
        assert!(screen_has(&driver, mark), "{}", driver.screen());
        driver.update(Event::Store(StoreEvent::Flushed));
        assert!(!screen_has(&driver, mark), "{}", driver.screen());
    }
}

/// Chinese is two cells wide: in the text of a screen the second is a blank.
fn screen_has(driver: &Driver, text: &str) -> bool {
    driver.screen().replace(' ', "").contains(&text.replace(' ', ""))
}

#[test]
fn what_came_of_a_call_looks_alike_in_the_item_and_in_the_log() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id("610947572000");
    driver.keys("<enter>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    let buffer = driver.buffer();
    let screen = driver.screen();
    let mut colours = Vec::new();
    for y in 0..buffer.area.height {
        let row: Vec<&str> = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        for x in 0..row.len() - 4 {
            if row[x..x + 4].concat() == "2000" && row[x + 5] == "n" {
                colours.push(buffer[(u16::try_from(x).unwrap(), y)].fg);
            }
        }
    }
    assert!(colours.len() > 1 && colours.iter().all(|colour| *colour == colours[0]), "{colours:?}\n{screen}");
}
