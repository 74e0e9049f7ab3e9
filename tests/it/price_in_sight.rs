//! A key that spends buys only while its price is on the screen: random keys in every pane and popup, and of each that
//! bought something the picture before it is read as a person reads it. The same numbers in every run.

use obx::message::{BatchCommand, Effect, Event};
use obx_core::fetch::{FetchPolicy, Source};
use obx_core::i18n::{Language, Texts};
use onebound::{Outcome, RequestStage};
use rstest::rstest;

use crate::batch_view::{FakeBatch, LIST};
use crate::monkey::SeededRng;
use crate::support::{Driver, failure, response};

const SIZES: [&str; 3] = ["60x16", "80x24", "120x36"];
const SPENDS: [&str; 7] = ["R", "<enter>", "Y", "n", "p", "B", "<space>"];
const KEYS: [&str; 52] = [
    "b",
    "X",
    "U",
    "r",
    "W",
    "j",
    "k",
    "l",
    "g",
    "G",
    "<up>",
    "<down>",
    "<tab>",
    "<backtab>",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "/",
    "s",
    "f",
    "!",
    "u",
    "y",
    "z",
    "z",
    "?",
    ":",
    "L",
    "q",
    "<esc>",
    "<esc>",
    "<backspace>",
    "0",
    "7",
    "直",
    "c",
    "x",
    "D",
    "F",
    "^r",
    "<",
    "[",
    "d",
    "m",
    "t",
    "|",
    "a",
    "*",
    "<space>",
];
/// What is typed in a row: ways that lead to what spends.
const WAYS: [&[&str]; 21] = [
    &["<esc>", "<esc>", "b"],
    &["<esc>", "<esc>", "b", "B", "<space>"],
    &["<esc>", "<esc>", "b", "<esc>", "b", "<space>"],
    &["<esc>", "<esc>", "b", "Y"],
    &["<esc>", "<esc>", "W", "<space>", "<space>", "b"],
    &["<esc>", "<esc>", "3", "R"],
    &["<esc>", "<esc>", "4", "R"],
    &["<esc>", "<esc>", "5", "R"],
    &["<esc>", "<esc>", "6", "R", "R"],
    &["<esc>", "<esc>", "1", "^u", "6", "1", "0", "9", "4", "7", "5", "7", "2", "3", "6", "1", "<enter>"],
    &["<esc>", "<esc>", "1", "^u", "6", "1", "0", "9", "4", "7", "5", "7", "2", "3", "6", "2", "<enter>"],
    &[":", "r", "e", "f", "e", "t", "c", "h", "<enter>", "<enter>"],
    &[":", "s", "u", "b", "m", "<enter>"],
    &[":", "o", "v", "e", "r", "r", "<enter>"],
    &["c", "<backtab>", "<enter>"],
    &["c", "<up>", "<enter>", "<enter>"],
    &["z", "R"],
    &["y", "R", "R"],
    &["<esc>", "<esc>", ":", "s", "e", "a", "r", "c", "h", "<space>", "a", "<enter>"],
    &["<esc>", "<esc>", "W", "<esc>", "W", "1", "0", "<enter>"],
    &["<esc>", "<esc>", "W", "n", "j", "<enter>", "W", "p"],
];
/// A page of results, with more behind it.
const RESULTS: &str = r#"{"items":{"page":"1","pagecount":9,"item":[{"num_iid":"610947572360","title":"a"},
    {"num_iid":"600448952765","title":"b"}]},"error_code":"0000"}"#;

/// Whether the picture names this key with a price: in the footer, or Enter in the frame of the ID.
pub(crate) fn names_with_price(screen: &str, key: &str) -> bool {
    let label = match key {
        "<enter>" => "Enter",
        "<space>" => "Space",
        _ => key,
    };
    let footer = screen.lines().last().unwrap_or_default();
    let in_footer = footer.split("  ").any(|hint| {
        let hint = hint.trim();
        hint.strip_prefix(label).is_some_and(|rest| rest.starts_with(' ')) && hint.contains('¥')
    });
    let frame = screen.lines().nth(1).unwrap_or_default();
    let enters = [Language::En, Language::Zh].map(|language| {
        let texts = Texts::new(language);
        format!("{} ¥", texts.enter_fetches(texts.key_enter()))
    });
    in_footer || (key == "<enter>" && enters.iter().any(|reported| frame.contains(reported)))
}

fn buys(effects: &[Effect]) -> usize {
    let spends = |effect: &&Effect| match effect {
        Effect::Fetch(order) => order.want() != FetchPolicy::CacheOnly,
        Effect::RunBatch(order) => order.max_calls() > 0,
        Effect::CommandBatch(command) => *command == BatchCommand::Resume,
        _ => false,
    };
    effects.iter().filter(spends).count()
}

/// What comes by itself; news put a notice in the place of the footer's keys.
fn happens(driver: &mut Driver, dice: &mut SeededRng, under_way: &mut usize, batch: &mut FakeBatch) {
    if batch.reports(driver, dice) {
        return;
    }
    match dice.below(9) {
        0 => drop(driver.update(Event::NotUtf8)),
        2 => {
            batch.note(&driver.update(Event::Paste(LIST.to_owned())));
        }
        1 => drop(driver.update(Event::Paste("61094757236".to_owned()))),
        _ if *under_way > 0 => {
            *under_way -= 1;
            match dice.below(8) {
                6 | 7 => driver.answer(200, RESULTS.into(), Source::Live),
                0 => driver.answer(200, response("1688_error_2000.json"), Source::Live),
                1 => driver.answer(200, response("error_4013_quota.json"), Source::Live),
                2 => driver.fail(RequestStage::Sent, failure("timeout")),
                3 => driver.fail(RequestStage::Sent, Outcome::Cancelled),
                4 => driver.hold_back(10),
                _ => driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live),
            }
        }
        _ => driver.wait(f64::from(u16::try_from(dice.below(4)).unwrap())),
    }
}

#[test]
fn whatever_is_pressed_anywhere_buys_only_with_its_price_on_the_screen() {
    let (mut presses, mut spending, mut bought, mut first_presses, mut of_batches) = (0, 0, 0, 0, 0);
    for seed in 0..30 {
        let mut dice = SeededRng(seed);
        let size = SIZES[usize::try_from(seed).unwrap() % SIZES.len()];
        let language = if seed % 2 == 0 { Language::En } else { Language::Zh };
        let hosts = ["https://api-gw.onebound.cn", "https://api-1.onebound.cn"];
        let mut driver = Driver::with(size, language, false, &hosts, None);
        driver.update(Event::Started);
        driver.app.fill_id("610947572360");
        let (mut under_way, mut done, mut batch) = (0, Vec::new(), FakeBatch::default());
        for _ in 0..90 {
            let keys: Vec<&str> = match dice.below(8) {
                0 => dice.one_of(&WAYS).to_vec(),
                1..=3 => vec![dice.one_of(&SPENDS)],
                _ => vec![dice.one_of(&KEYS)],
            };
            for key in keys {
                driver.late([0.1, 0.4, 1.2][dice.below(3)]);
                let may_spend = SPENDS.contains(&key);
                let before = if may_spend { driver.screen() } else { String::new() };
                let effects = driver.key(key, false);
                done.push(key);
                presses += 1;
                spending += usize::from(may_spend);
                let count = buys(&effects);
                of_batches += batch.note(&effects);
                if count > 0 {
                    assert!(
                        may_spend && count == 1 && names_with_price(&before, key),
                        "seed {seed}, {size}, {done:?}: {effects:?}\n{before}"
                    );
                    bought += 1;
                } else if may_spend && !names_with_price(&before, key) {
                    first_presses += usize::from(names_with_price(&driver.screen(), key));
                }
                under_way += effects.iter().filter(|effect| matches!(effect, Effect::Fetch(_))).count();
            }
            if dice.below(2) == 0 {
                happens(&mut driver, &mut dice, &mut under_way, &mut batch);
            }
        }
    }
    // Of many presses that could have bought, some did, and some brought the price first.
    assert!(presses > 4_000 && spending > 1_000, "{spending} of {presses}");
    assert!(bought > 60 && first_presses > 30, "{bought} bought, {first_presses} brought the price");
    assert!(of_batches > 5, "{of_batches} batches started or resumed");
}

#[test]
fn a_first_press_brings_the_price_and_a_second_a_moment_later_buys() {
    for language in [Language::En, Language::Zh] {
        for size in SIZES {
            let mut driver = Driver::new(size, language, false);
            driver.app.fill_id("610947572360");
            driver.keys("<enter>");
            driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
            driver.late(5.0);
            // A notice hides the keys.
            driver.update(Event::NotUtf8);
            assert!(!names_with_price(&driver.screen(), "R"), "{}", driver.screen());
            assert_eq!(driver.keys("R"), []);
            assert!(names_with_price(&driver.screen(), "R"), "{}", driver.screen());
            driver.late(0.4);
            assert_eq!(driver.keys("R"), [], "held down");
            assert!(names_with_price(&driver.screen(), "R"), "{}", driver.screen());
            driver.late(1.1);
            assert_eq!(buys(&driver.keys("R")), 1);
        }
    }
}

#[test]
fn another_key_or_a_notice_in_between_takes_the_offer_away() {
    let mut driver = Driver::new("60x16", Language::En, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    driver.keys("6");
    assert!(!names_with_price(&driver.screen(), "R"), "{}", driver.screen());
    for _ in 0..3 {
        driver.late(2.0);
        assert_eq!(driver.keys("R"), []);
        driver.late(2.0);
        driver.keys("j");
    }
    assert_eq!(driver.keys("R"), []);
    driver.late(2.0);
    driver.update(Event::NotUtf8);
    assert_eq!(driver.keys("R"), []);
}

#[test]
fn the_first_key_of_two_swallows_the_next_in_every_pane_and_popup() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    for opens in ["2", "3", "4", "5", "6", "2 ?", "2 u", "2 !", "2 D", "2 y"] {
        driver.late(5.0);
        driver.keys(opens);
        for chord in ["z R", "z Y", "y R"] {
            driver.late(5.0);
            assert_eq!(buys(&driver.keys(chord)), 0, "{opens} {chord}");
        }
        driver.keys("<esc> <esc>");
    }
}

/// Whoever presses Esc twice by habit, or holds it down, has to read what the second one costs.
#[rstest]
fn what_a_second_esc_costs_is_readable_and_takes_a_pause(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = Driver::new(size, language, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.reach(true);
    driver.keys("<esc>");
    let costs = match language {
        Language::En => "Esc again closes the connection: cost unknown",
        Language::Zh => "再按Esc断开连接：费用未知",
    };
    assert!(driver.screen().contains(costs), "{}", driver.screen());
    for _ in 0..40 {
        driver.late(0.03);
        assert_eq!(driver.keys("<esc>"), [], "held down");
    }
    driver.late(1.0);
    assert!(matches!(driver.keys("<esc>").as_slice(), [Effect::Close(_)]));
}

/// An ID that is typed outside of the input loses its first digits to the keys of panes.
#[rstest]
#[case::of_panes("3 6 1")]
#[case::unbound("3 <esc> 7 1")]
fn an_id_behind_another_digit_is_asked_about_before_it_is_bought(#[case] keys: &str) {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.keys("<esc>");
    driver.keys(keys);
    driver.type_text("4345678904");
    let first = driver.keys("<enter>");
    assert!(first.is_empty(), "{first:?}");
    assert!(driver.screen().contains("Is 4345678904 the whole ID?"), "{}", driver.screen());
    driver.wait(1.5);
    let second = driver.keys("<enter>");
    assert_eq!(second.len(), 1, "{second:?}");
}

#[rstest]
#[case::alone("1")]
#[case::behind_other_keys("6 G 1")]
#[case::by_its_letter("6 i")]
fn an_id_behind_no_digit_needs_no_second_enter(#[case] keys: &str) {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.keys("<esc>");
    driver.keys(keys);
    driver.type_text("610947572360");
    assert_eq!(driver.keys("<enter>").len(), 1, "{}", driver.screen());
}

#[test]
fn pasted_text_starts_no_editor_and_ends_nothing() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.keys("<esc> 3");
    for key in ["e", "v", "o", "q"] {
        let effects = driver.key(key, true);
        assert!(effects.is_empty(), "{key}: {effects:?}");
        assert!(driver.screen().contains("arrived with others"), "{key}: {}", driver.screen());
    }
}
