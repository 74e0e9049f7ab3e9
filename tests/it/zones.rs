//! Every time on the screen says its zone where this machine's clock is not Beijing's, which is the vendor's.

use obx::message::{Event, StoreEvent};
use obx_core::fetch::Source;
use obx_core::i18n::{Language, Texts};
use obx_core::store::Annotation;
use rstest::rstest;

use crate::support::{Driver, known_item, response};

const PHONE: &str = "1688_item_get_610947572360.json";

/// An item that came at 15:24 in Beijing, on a machine in New York.
fn shown(size: &str, language: Language, body: &str) -> Driver {
    let mut driver = Driver::in_zone(-5, size, language);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, body.to_owned().into(), Source::Live);
    driver
}

fn phone() -> String {
    String::from_utf8(response(PHONE).to_vec()).unwrap()
}

#[rstest]
#[case("120x36", "at 02:24 UTC-5")]
#[case("80x24", "at 02:24 UTC-5")]
#[case("120x36", "Time UTC-5")]
fn this_machines_times_say_their_zone(#[case] size: &str, #[case] reported: &str) {
    let screen = shown(size, Language::En, &phone()).screen();
    assert!(screen.contains(reported), "{screen}");
}

#[rstest]
#[case(Language::En, "vendor's cache, 2020-12-18 15:24:12 Beijing")]
#[case(Language::Zh, "北京时间 2020-12-18 15:24:12")]
fn the_vendors_times_are_said_to_be_of_beijing(#[case] language: Language, #[case] reported: &str) {
    let cached = phone().replacen("\"cache\": 0", "\"cache\": 1", 1);
    let screen = shown("120x36", language, &cached).screen();
    assert!(screen.contains(reported), "{screen}");
}

#[rstest]
#[case(Language::En)]
#[case(Language::Zh)]
fn a_list_of_times_says_their_zone_in_its_title(#[case] language: Language) {
    let mut driver = shown("120x36", language, &phone());
    driver.keys("^r");
    let items = vec![known_item(0, "610947572360", "手机", Annotation::default())];
    driver.update(Event::Store(StoreEvent::Items(items.into())));
    let screen = driver.screen();
    assert!(screen.contains(&Texts::new(language).times_in("UTC-5")), "{screen}");
}

/// Too much for 80 cells: a time that loses its zone is another time.
#[test]
fn the_headers_time_is_never_without_its_zone() {
    for demo in [false, true] {
        for width in 60..=130 {
            let mut driver = Driver::demo_in_zone(0, demo, &format!("{width}x24"), Language::En);
            driver.app.fill_id("610947572360");
            driver.keys("<enter>");
            driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
            let header = driver.screen().lines().next().unwrap().to_owned();
            let Some((_, behind)) = header.split_once(" at ") else { continue };
            assert!(behind.get(5..9) == Some(" UTC"), "{header}");
            assert!(!header.contains('…'), "{header}");
        }
    }
    let mut driver = Driver::demo_in_zone(0, true, "80x24", Language::En);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    assert!(driver.screen().contains("emulator"), "{}", driver.screen());
}
