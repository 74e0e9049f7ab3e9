//! The tour in DEMO.

use obx_core::fetch::Source;
use obx_core::i18n::{Language, Texts};
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::{Driver, item_with, response};

const BOTH: [Language; 2] = [Language::En, Language::Zh];

#[test]
fn its_first_step_is_a_strip_below_the_card() {
    for language in BOTH {
        let mut driver = Driver::new("80x24", language, true);
        driver.keys("<esc> :");
        driver.type_text("tour");
        driver.keys("<enter>");
        check(&format!("tour_80x24_{}", code(language)), &driver.screen());
    }
}

/// Goes through all steps as the strip says, and looks at its title after each.
#[test]
fn each_step_ends_when_its_keys_were_pressed() {
    let mut driver = Driver::new("120x36", Language::En, true);
    let texts = Texts::new(Language::En);
    let is_at = |driver: &Driver, step: usize| driver.screen().contains(&texts.tour_title(step, 5));
    driver.keys("<esc> : t o u r <enter>");
    assert!(is_at(&driver, 1), "{}", driver.screen());
    driver.type_text("610947590300");
    driver.keys("<enter>");
    driver.answer(200, item_with(300), Source::Live);
    assert!(is_at(&driver, 2), "{}", driver.screen());
    driver.keys("/");
    driver.type_text("1");
    driver.keys("<enter>");
    assert!(is_at(&driver, 2), "it waits for the sort");
    driver.keys("s");
    assert!(is_at(&driver, 3), "{}", driver.screen());
    driver.keys("<enter> |");
    driver.type_text(".item");
    driver.keys("<enter>");
    assert!(is_at(&driver, 4), "{}", driver.screen());
    driver.keys("<esc> 1");
    driver.type_text("610947572000");
    driver.keys("<enter>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    driver.keys("! <esc>");
    assert!(is_at(&driver, 5), "{}", driver.screen());
    driver.keys("5 j <enter>");
    assert!(!driver.screen().contains("Tour"), "{}", driver.screen());
    assert!(driver.screen().contains(&texts.tour_over("?", ":")), "{}", driver.screen());
}

#[test]
fn it_ends_when_it_is_asked_for_again_and_the_card_is_as_before() {
    let mut driver = Driver::new("80x24", Language::En, true);
    driver.keys("<esc> 1");
    let before = driver.screen();
    for _ in 0..2 {
        driver.keys("<esc> : t o u r <enter>");
    }
    driver.keys("1");
    assert_eq!(driver.screen(), before);
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
