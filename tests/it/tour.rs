//! The tour in DEMO.

use std::sync::Arc;

use obx::message::{Event, StoreEvent};
use obx_core::fetch::Source;
use obx_core::i18n::{Language, Texts};
use onebound::{Call, Difference, Exchange};
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::{Driver, at, exchange, item_id, item_with};

const BOTH: [Language; 2] = [Language::En, Language::Zh];

fn begun(size: &str, language: Language) -> Driver {
    let mut driver = Driver::new(size, language, true);
    driver.keys("<esc> : t o u r <enter>");
    driver
}

fn is_at(driver: &Driver, step: usize) -> bool {
    driver.screen().contains(&Texts::new(Language::En).tour_title(step, 5))
}

/// Shows an item of 300 SKUs, which ends the first step.
fn with_skus(driver: &mut Driver) {
    driver.type_text("610947590300");
    driver.keys("<enter>");
    driver.answer(200, item_with(300), Source::Live);
}

#[test]
fn its_first_step_is_a_strip_below_the_card() {
    for language in BOTH {
        check(&format!("tour_80x24_{}", code(language)), &begun("80x24", language).screen());
    }
}

/// The store's comparison of two answers.
fn difference() -> Event {
    let answered = |after| {
        let call = Call::item_get(item_id("610947590300"));
        Arc::new(exchange(call, 200, item_with(300), at(after)))
    };
    let [before, after]: [Arc<Exchange>; 2] = [answered(0), answered(60)];
    let difference = Arc::new(Difference::between(&before, &after));
    Event::Store(StoreEvent::Difference { before, after, difference })
}

/// Goes through all steps as the strip says, and looks at its title after each.
#[test]
fn each_step_ends_with_its_result_and_no_sooner() {
    let mut driver = begun("120x36", Language::En);
    assert!(is_at(&driver, 1), "{}", driver.screen());
    driver.type_text("610947590300");
    driver.keys("<enter>");
    assert!(is_at(&driver, 1), "it waits for the item");
    driver.answer(200, item_with(300), Source::Live);
    assert!(is_at(&driver, 2), "{}", driver.screen());
    driver.keys("/");
    driver.type_text("stock>0");
    assert!(is_at(&driver, 2), "it waits for the end of the line");
    driver.keys("<enter>");
    assert!(is_at(&driver, 3), "{}", driver.screen());
    driver.keys("2 <enter> 1 0 0");
    assert!(is_at(&driver, 3), "it waits for the end of the line");
    driver.keys("<enter>");
    assert!(is_at(&driver, 4), "{}", driver.screen());
    driver.keys("R");
    driver.answer(200, item_with(300), Source::Live);
    driver.keys("d");
    assert!(is_at(&driver, 4), "it waits for the comparison");
    driver.update(difference());
    assert!(is_at(&driver, 5), "{}", driver.screen());
    driver.keys("<esc> 5 j");
    assert!(is_at(&driver, 5), "it waits for the answer");
    driver.keys("<enter>");
    assert!(!driver.screen().contains("Tour"), "{}", driver.screen());
    assert!(
        driver.screen().contains(&Texts::new(Language::En).tour_over("x", "?", ":")),
        "{}",
        driver.screen()
    );
}

#[test]
fn keys_without_their_result_end_no_step() {
    let mut driver = begun("120x36", Language::En);
    driver.keys("<enter> <tab> s j <enter> ! 5 d u <esc> 3 |");
    assert!(is_at(&driver, 1), "{}", driver.screen());
}

#[rstest]
#[case::in_the_id("")]
#[case::in_a_table("<tab>")]
#[case::in_a_popup("<tab> u <esc>")]
#[case::in_a_line("<tab> / a <esc>")]
fn esc_ends_it_and_the_card_is_as_before(#[case] keys: &str) {
    for language in BOTH {
        let mut driver = begun("80x24", language);
        with_skus(&mut driver);
        driver.keys(keys);
        assert!(driver.screen().contains(&Texts::new(language).tour_title(2, 5)), "{}", driver.screen());
        driver.keys("<esc>");
        assert!(driver.screen().contains(&Texts::new(language).tour_ended(":tour")), "{}", driver.screen());
        assert!(
            !driver.screen().contains("2/5") && !driver.screen().contains("2 of 5"),
            "{}",
            driver.screen()
        );
        assert!(driver.keys("3").is_empty());
    }
}

#[test]
fn asked_for_again_it_ends() {
    let mut driver = begun("80x24", Language::En);
    driver.keys("<tab> : t o u r <enter>");
    assert!(!driver.screen().contains("Tour 1"), "{}", driver.screen());
}

#[rstest]
#[case::no_room(true, "60x16", "The tour needs 60x21")]
#[case::real_calls(false, "80x24", "The tour runs in DEMO only")]
fn it_is_refused_with_the_reason(#[case] demo: bool, #[case] size: &str, #[case] reason: &str) {
    let mut driver = Driver::new(size, Language::En, demo);
    driver.keys("<esc> : t o u r <enter>");
    assert!(driver.screen().contains(reason), "{}", driver.screen());
    assert!(!driver.screen().contains("Tour 1"), "{}", driver.screen());
}

#[test]
fn esc_clears_a_filter_before_it_ends_the_tour() {
    let mut driver = begun("120x36", Language::En);
    with_skus(&mut driver);
    driver.keys("/");
    driver.type_text("礼盒");
    driver.keys("<enter>");
    assert!(is_at(&driver, 3), "{}", driver.screen());
    driver.keys("<esc>");
    assert!(is_at(&driver, 3) && !driver.screen().contains("礼盒 "), "{}", driver.screen());
    driver.keys("<esc>");
    assert!(!is_at(&driver, 3), "{}", driver.screen());
}
