//! The quota view, looked at: over a blank screen, in both languages and in three sizes.

use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use obx::message::Action;
use obx::model::key_days::PersonCalls;
use obx::model::quota_forecast::{CallRecord, Day, Forecast, Split};
use obx::model::request_log::Mark;
use obx::pane::Popup;
use obx::pane::quota_view::{KeyFacts, QuotaFacts, QuotaView, short};
use obx_core::i18n::{Language, Texts};
use obx_core::store::{Block, BlockReason};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::{START, model, parse_size, screen, styles};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Midnight in Beijing before [`START`], which is at 15:24:17.
const MIDNIGHT: i64 = START - (15 * HOUR + 24 * MINUTE + 17);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(MIDNIGHT + seconds).unwrap()
}

fn beijing() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// A key called so many times in each hour from midnight on, evenly; `before` were counted before that.
fn calls(hours: &[u32], before: u64, max: u64) -> Vec<CallRecord> {
    let mut records = Vec::new();
    for (hour, calls) in (0_i64..).zip(hours) {
        for call in 0..i64::from(*calls) {
            let ms = (hour * HOUR * 1_000) + call * HOUR * 1_000 / i64::from(*calls);
            let at = at(0).checked_add(SignedDuration::from_millis(ms)).unwrap();
            let used = Some(before + records.len() as u64 + 1);
            records.push(CallRecord { at, mark: Mark::Billed, used, max: Some(max) });
        }
    }
    records
}

fn block(reason: BlockReason, since: Timestamp, until: Option<Timestamp>) -> Block {
    Block {
        host: "https://api-gw.onebound.cn".to_owned(),
        key: "3f9a·c1".to_owned(),
        reason,
        since: Some(since),
        until,
    }
}

fn key(day: Day) -> KeyFacts {
    KeyFacts {
        fingerprint: "3f9a·c1".to_owned(),
        own: true,
        host: Some("api-gw.onebound.cn".to_owned()),
        day,
        people: Vec::new(),
        expires: Some(date(2030, 12, 31)),
        all: None,
        cap: None,
        reserve: None,
        block: None,
    }
}

fn facts(keys: Vec<KeyFacts>) -> QuotaFacts {
    QuotaFacts { keys, zone: beijing(), demo: false, is_counted: true }
}

/// Slow in the night, busy from nine on; some of it free, stored or unknown.
fn ordinary() -> QuotaFacts {
    let hours = [12, 4, 2, 0, 0, 0, 3, 20, 110, 260, 330, 300, 140, 290, 310, 120];
    let now = at(15 * HOUR + 24 * MINUTE + 17);
    let mut records = calls(&hours, 0, 10_000);
    records.retain(|record| record.at <= now);
    let last = records.len() - 1;
    let marks =
        [(5, Mark::Free), (9, Mark::Unknown), (20, Mark::Store), (30, Mark::Store), (40, Mark::Store)];
    for (before, mark) in marks {
        records[last - before].mark = mark;
    }
    let mut used = 0;
    for record in &mut records {
        used += u64::from(matches!(record.mark, Mark::Billed | Mark::Unknown));
        record.used = Some(used);
    }
    let mut key = key(Day::new(&records, now));
    key.all = Some(format!("{}={used}+57+11454", used + 57 + 11_454));
    facts(vec![key])
}

/// Another user since the morning, a pace that uses it up in the afternoon, a key that ends soon, limits set, and
/// a user nine hours west.
fn near_the_end() -> QuotaFacts {
    let mut records = calls(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 60, 60, 60, 60], 1_800, 4_000);
    for (place, record) in (0_u64..).zip(&mut records) {
        record.used = Some(1_801 + place * 6);
    }
    let day = Day::new(&records, at(14 * HOUR));
    let key = KeyFacts { expires: Some(date(2026, 12, 1)), cap: Some(3_900), reserve: Some(50), ..key(day) };
    let zone = TimeZone::fixed(Offset::constant(-1));
    QuotaFacts { zone, ..facts(vec![key]) }
}

fn used_up() -> QuotaFacts {
    let records = calls(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 40, 25, 5, 10], 0, 110);
    let day = Day::new(&records, at(14 * HOUR + 2 * MINUTE));
    let (since, until) = (at(13 * HOUR + 55 * MINUTE), Some(day.midnight()));
    let block = Some(block(BlockReason::Quota, since, until));
    facts(vec![KeyFacts { block, expires: Some(date(2026, 11, 24)), ..key(day) }])
}

fn nothing_known() -> QuotaFacts {
    let day = Day::new(&[], at(15 * HOUR));
    facts(vec![KeyFacts { expires: None, host: None, ..key(day) }])
}

fn two_keys() -> QuotaFacts {
    let mut facts = ordinary();
    let records = calls(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4], 40, 50);
    let day = Day::new(&records, at(15 * HOUR + 24 * MINUTE + 17));
    let fingerprint = "b07e·92".to_owned();
    let block = Some(block(BlockReason::Expired, at(14 * HOUR), None));
    let expires = Some(date(2026, 11, 22));
    facts.keys.push(KeyFacts { fingerprint, own: false, block, expires, ..key(day) });
    facts
}

fn team() -> QuotaFacts {
    let mut facts = ordinary();
    let person = |name: Option<&str>, billed, unknown, store| PersonCalls {
        name: name.map(Into::into),
        split: Split { billed, unknown, store, free: 0 },
    };
    facts.keys[0].people = vec![
        person(Some("li@caigou"), 1_500, 1, 3),
        person(Some("张伟@采购二部"), 231, 0, 0),
        person(None, 0, 0, 2),
    ];
    facts
}

fn drawn(facts: QuotaFacts, size: &str, language: Language, actions: &[Action]) -> Buffer {
    let size = parse_size(size);
    let mut view = QuotaView::new(facts, Texts::new(language));
    let model = model(language);
    view.layout(&model, size);
    for action in actions {
        let _ = view.act(*action, &model); // it only scrolls
        view.layout(&model, size);
    }
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    view.view(&model, view.area(size), &mut buffer);
    buffer
}

#[rstest]
fn the_quota_view(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
    #[values("ordinary", "near_the_end", "used_up", "nothing_known", "two_keys", "team")] day: &str,
) {
    let facts = match day {
        "ordinary" => ordinary(),
        "near_the_end" => near_the_end(),
        "used_up" => used_up(),
        "nothing_known" => nothing_known(),
        "team" => team(),
        _ => two_keys(),
    };
    let buffer = drawn(facts, size, language, &[]);
    // Of the others the largest size, which shows all of it.
    if day != "ordinary" && size != "120x36" {
        return;
    }
    check(&format!("quota_{day}_{size}_{}", code(language)), &screen(&buffer));
}

#[rstest]
fn what_the_quota_view_stresses(
    #[values(("ordinary", ordinary()), ("used_up", used_up()))] day: (&str, QuotaFacts),
) {
    let buffer = drawn(day.1, "80x24", Language::En, &[]);
    check(&format!("styles_quota_{}_80x24", day.0), &styles(&buffer));
}

#[test]
fn a_small_screen_scrolls_to_the_last_line_and_no_further() {
    let shown = |actions: &[Action]| screen(&drawn(ordinary(), "60x16", Language::En, actions));
    assert!(!shown(&[]).contains("api-gw.onebound.cn"));
    assert!(shown(&[]).contains('↓'));
    let end = shown(&[Action::Bottom]);
    assert!(end.contains("api-gw.onebound.cn") && !end.contains('↓'), "{end}");
    assert_eq!(end, shown(&[Action::Bottom, Action::PageDown, Action::Down]));
}

#[test]
fn what_the_vendor_sends_for_addends_reaches_no_terminal_as_a_command() {
    let mut facts = ordinary();
    facts.keys[0].all = Some("1=1\u{1b}[2J+\u{202e}9".to_owned());
    let shown = screen(&drawn(facts, "120x36", Language::En, &[]));
    assert!(shown.contains("1=1+9") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn the_header_says_the_forecast_in_a_few_words_or_nothing() {
    let said = |forecast, zone: &TimeZone, language| short(forecast, zone, Texts::new(language));
    let (here, west) = (beijing(), TimeZone::fixed(Offset::constant(1)));
    assert_eq!(said(Forecast::Silent, &here, Language::En), "");
    assert_eq!(
        said(Forecast::LastsTheDay { left_at_midnight: Some(3) }, &here, Language::En),
        "lasts the day"
    );
    let out = Forecast::OutAt(at(16 * HOUR + 38 * MINUTE));
    assert_eq!(said(out, &here, Language::En), "out at ~16:40");
    assert_eq!(said(out, &west, Language::En), "out at ~16:40 Beijing time (09:40 here)");
    assert_eq!(said(out, &west, Language::Zh), "约北京时间 16:40 用完（本地 09:40）");
    assert_eq!(said(Forecast::Out, &here, Language::Zh), "已用完");
}

#[test]
fn in_demo_nothing_is_said_to_have_cost_money() {
    let texts = Texts::new(Language::En);
    let mut driver = crate::support::Driver::new("120x36", Language::En, true);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    let body = crate::support::response("1688_item_get_610947572360.json");
    driver.answer(200, body, obx_core::fetch::Source::Live);
    driver.keys("2 !");
    assert!(driver.screen().contains(texts.billed_demo()), "{}", driver.screen());
    driver.keys("<esc> u");
    let screen = driver.screen();
    assert!(screen.contains(&texts.split_demo(1)), "{screen}");
    assert!(!screen.contains(&texts.split_billed(1)), "{screen}");
}
