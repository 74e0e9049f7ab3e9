//! Random keys, pastes, resizes, suspends and news: whatever happens, money is spent only by a key that a person
//! pressed by itself, that can spend, and of which the screen said so. The same numbers in every run.

use obx::message::{BatchCommand, Effect, Event};
use obx_core::fetch::{FetchPolicy, Override, Source};
use obx_core::i18n::Language;
use onebound::{Outcome, RequestStage};

use crate::batch_view::{FakeBatch, LIST};
use crate::support::{Driver, failure, response};

/// The same numbers for a seed in every run.
pub(crate) struct SeededRng(pub(crate) u64);

impl SeededRng {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const KEYS: [&str; 52] = [
    "b",
    "W",
    "X",
    "U",
    "r",
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "<up>",
    "<down>",
    "<home>",
    "<end>",
    "<pgup>",
    "<pgdn>",
    "^d",
    "^u",
    "<tab>",
    "<backtab>",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "i",
    "/",
    "s",
    "S",
    "f",
    "!",
    "u",
    "o",
    "y",
    "?",
    ":",
    "L",
    "^l",
    "^z",
    "q",
    "<esc>",
    "<backspace>",
    "0",
    "7",
    "x",
    "直",
    "c",
    "y",
    "e",
    "v",
];
const MAY_SPEND: [&str; 5] = ["<enter>", "R", "Y", "B", "<space>"];
const PASTES: [&str; 7] = [
    LIST,
    LIST,
    "610947572360\r\n",
    "https://detail.1688.com/offer/610947572361.html\r\r",
    "RRYY\r\n",
    "61094757236",
    "\u{1b}[31m直销\r",
];
const SIZES: [&str; 6] = ["120x36", "80x24", "200x60", "40x12", "20x5", "100x30"];

/// What the explorer asked for that may cost.
fn spending(effects: &[Effect]) -> Vec<FetchPolicy> {
    let want = |effect: &Effect| match effect {
        Effect::Fetch(order) => Some(order.want()),
        Effect::RunBatch(order) if order.settings().overrides_block => {
            Some(FetchPolicy::InBatch { overrides_block: true, retries_unknown: false })
        }
        Effect::RunBatch(order) if order.max_calls() > 0 => Some(FetchPolicy::CacheFirst),
        Effect::CommandBatch(BatchCommand::Resume) => Some(FetchPolicy::CacheFirst),
        _ => None,
    };
    effects.iter().filter_map(want).filter(|want| *want != FetchPolicy::CacheOnly).collect()
}

/// What may never spend.
fn happens(
    driver: &mut Driver,
    dice: &mut SeededRng,
    under_way: &mut usize,
    batch: &mut FakeBatch,
) -> Vec<Effect> {
    match dice.below(13) {
        12 => {
            batch.reports(driver, dice);
            Vec::new()
        }
        0 => driver.update(Event::Paste(dice.one_of(&PASTES).to_owned())),
        1 => driver.resize(dice.one_of(&SIZES)),
        2 => {
            driver.wait(f64::from(u16::try_from(dice.below(90)).unwrap()));
            Vec::new()
        }
        // Keys that came in one read with other text, those that can spend among them.
        3 => ["x", dice.one_of(&MAY_SPEND), dice.one_of(&KEYS)]
            .iter()
            .flat_map(|key| driver.key(key, true))
            .collect(),
        4 if *under_way > 0 => {
            *under_way -= 1;
            end_one(driver, dice);
            Vec::new()
        }
        _ => driver.key(dice.one_of(&KEYS), false),
    }
}

fn end_one(driver: &mut Driver, dice: &mut SeededRng) {
    match dice.below(5) {
        0 => driver.answer(200, response("1688_error_2000.json"), Source::Live),
        1 => driver.answer(200, response("error_4013_quota.json"), Source::Live),
        2 => driver.fail(RequestStage::NothingSent, failure("connect")),
        3 => driver.fail(RequestStage::Sent, Outcome::Cancelled),
        _ => driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live),
    }
}

fn fetches(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Fetch(_))).count()
}

#[test]
fn whatever_happens_only_a_key_that_says_so_spends_and_each_press_once() {
    let (mut presses, mut spent, mut of_batches) = (0, 0, 0);
    for seed in 0..50 {
        let mut dice = SeededRng(seed);
        let language = if seed % 2 == 0 { Language::En } else { Language::Zh };
        let mut driver = Driver::new(dice.one_of(&SIZES), language, false);
        driver.update(Event::Started);
        driver.app.fill_id("610947572360");
        let (mut under_way, mut done, mut batch) = (0, Vec::new(), FakeBatch::default());
        for _ in 0..250 {
            let by_itself = dice.below(6) == 0;
            // What else happens may not spend, whatever the screen says.
            let before = if by_itself { driver.screen() } else { String::new() };
            let key = if before.contains(" B ") { "B" } else { dice.one_of(&MAY_SPEND) };
            let effects = if by_itself {
                driver.key(key, false)
            } else {
                happens(&mut driver, &mut dice, &mut under_way, &mut batch)
            };
            done.push(if by_itself { key } else { "." });
            let asked = spending(&effects);
            let here = format!("seed {seed}, {done:?}: {asked:?}\n{before}");
            assert!(asked.len() <= usize::from(by_itself), "{here}");
            presses += usize::from(by_itself);
            spent += asked.len();
            of_batches += batch.note(&effects);
            if batch.is_planning() {
                batch.reports(&mut driver, &mut dice);
            }
            match (key, asked.first()) {
                ("R", Some(want)) => assert_eq!(*want, FetchPolicy::Refresh, "{here}"),
                ("Y", Some(want)) => assert_ne!(want.overrides(), Override::Nothing, "{here}"),
                (_, Some(_)) => assert!(before.contains('¥'), "{here}"),
                (_, None) => {}
            }
            under_way += fetches(&effects);
        }
    }
    assert!(spent > 15 && spent < presses, "{spent} calls by {presses} presses");
    assert!(of_batches > 0, "no batch was bought");
}
