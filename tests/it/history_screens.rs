//! Snapshots of the history, the search and the note: what they show while they wait, when there is nothing, and
//! when there is something.

use obx::message::{Effect, Event, StoreEvent, StoreRequest};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::store::{
    Annotation, BodySearch, ExchangeId, ItemHistory, Listed, LogEntry, Opened, RestOfSearch, StoreError,
    StoreErrorKind,
};
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::{Driver, found, known_item, response, scoped, styles};

/// IDs and titles, with hostile, long and empty ones among them.
const KNOWN: [(&str, &str, bool, &str); 6] = [
    ("610947572360", "厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G", false, ""),
    ("600448952765", "雕刻机 CNC machine", true, "ask for a sample, 样品运费到付，月底前问价格"),
    ("520813250866", "女装直筒裤\u{1b}[2J\u{202e}2026新款", false, ""),
    ("610947572000", "", false, ""),
    ("45887133725", "", true, "查无此商品，下周再查"),
    ("12345678901234567890", "编号很长的商品", false, "x"),
];

fn on_event(driver: &mut Driver, news: StoreEvent) {
    driver.update(Event::Store(news));
}

fn known() -> StoreEvent {
    let item = |(at, (id, title, starred, note)): (usize, &(&str, &str, bool, &str))| {
        known_item(at, id, title, Annotation { starred: *starred, note: (*note).to_owned() })
    };
    StoreEvent::Items(KNOWN.iter().enumerate().map(item).collect::<Vec<_>>().into())
}

#[rstest]
fn the_history_in_every_state(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = Driver::new(size, language, true);
    let shown = |driver: &Driver, state: &str| {
        // One state in every size: the others are texts in the same list.
        match (state, size) {
            ("some", _) => check(&format!("history_some_{size}_{}", code(language)), &driver.screen()),
            (_, "80x24") => check(&format!("history_{state}_{size}_{}", code(language)), &driver.focused()),
            _ => {}
        }
    };
    driver.keys("^r");
    shown(&driver, "loading");
    on_event(&mut driver, StoreEvent::Items(Listed::default()));
    shown(&driver, "empty");
    on_event(&mut driver, known());
    driver.keys("<down>");
    shown(&driver, "some");
    driver.type_text("机");
    shown(&driver, "typed");
    driver.type_text("qq");
    shown(&driver, "no_match");
}

#[rstest]
fn the_search_in_every_state(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = Driver::new(size, language, false);
    let shown = |driver: &Driver, state: &str| {
        check(&format!("find_{state}_{size}_{}", code(language)), &driver.focused());
    };
    driver.keys("<esc> F");
    shown(&driver, "begin");
    driver.type_text("机");
    shown(&driver, "searching");
    let each = |(at, known): (usize, &(&str, &str, bool, &str))| found(at, known.0, known.1);
    let all = KNOWN.iter().enumerate().map(each).collect();
    on_event(&mut driver, StoreEvent::Found { words: "机".to_owned(), found: all });
    driver.keys("<down> <down>");
    shown(&driver, "some_so_far");
    on_event(&mut driver, piece("机", BodySearch::default()));
    shown(&driver, "some");
    driver.type_text("没");
    on_event(&mut driver, StoreEvent::Found { words: "机没".to_owned(), found: Vec::new() });
    on_event(&mut driver, piece("机没", BodySearch { rest: Some(rest(34)), ..BodySearch::default() }));
    shown(&driver, "in_bodies");
    on_event(&mut driver, piece("机没", BodySearch::default()));
    shown(&driver, "no_match");
    driver.type_text("q");
    on_event(&mut driver, StoreEvent::Found { words: "机没q".to_owned(), found: Vec::new() });
    on_event(&mut driver, piece("机没q", BodySearch { unread: 2, ..BodySearch::default() }));
    shown(&driver, "no_match_in_readable");
}

fn piece(words: &str, piece: BodySearch) -> StoreEvent {
    StoreEvent::FoundInBodies { words: words.to_owned(), piece }
}

fn rest(percent: u8) -> RestOfSearch {
    RestOfSearch { before: ExchangeId(40), percent }
}

fn asked_in_bodies(words: &str, before: Option<i64>) -> Vec<Effect> {
    let before = before.map(ExchangeId);
    vec![Effect::Store(StoreRequest::FindInBodies {
        scope: scoped(KNOWN[0].0).scope,
        words: words.to_owned(),
        before,
    })]
}

#[test]
fn bodies_are_searched_piece_by_piece_as_long_as_somebody_waits() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc> F");
    let typed = driver.type_text("7");
    assert_eq!(
        typed,
        [Effect::Store(StoreRequest::Find { scope: scoped(KNOWN[0].0).scope, words: "7".to_owned() })]
    );
    let index = StoreEvent::Found { words: "7".to_owned(), found: vec![found(0, "610947572360", "一")] };
    assert_eq!(driver.update(Event::Store(index)), asked_in_bodies("7", None));
    driver.keys("<down>");
    let more = vec![found(0, "610947572360", "一"), found(7, "520813250866", "二")];
    let news = piece("7", BodySearch { found: more, rest: Some(rest(50)), ..BodySearch::default() });
    assert_eq!(driver.update(Event::Store(news.clone())), asked_in_bodies("7", Some(40)));
    let screen = driver.screen();
    // What the index has is found in a body, too: it is listed once.
    assert!(screen.contains("2 found") && screen.contains("50%"), "{screen}");
    // Of other words, and after the popup is closed, nothing more is asked.
    driver.type_text("8");
    assert_eq!(driver.update(Event::Store(news.clone())), []);
    driver.keys("<esc>");
    assert_eq!(driver.update(Event::Store(news)), []);
}

#[test]
fn what_was_found_before_it_has_a_row_is_shown_and_not_opened() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc> F");
    driver.type_text("7");
    on_event(&mut driver, StoreEvent::Found { words: "7".to_owned(), found: Vec::new() });
    let mut unwritten = [found(0, "610947572360", "一"), found(1, "610947572361", "二")];
    for found in &mut unwritten {
        found.line.id = None;
    }
    on_event(&mut driver, piece("7", BodySearch { found: unwritten.to_vec(), ..BodySearch::default() }));
    let screen = driver.screen();
    assert!(screen.contains("2 found") && screen.contains("610947572361"), "{screen}");
    assert!(!screen.contains("Enter"), "no hint promises to open it: {screen}");
    assert_eq!(driver.keys("<enter>"), []);
}

#[rstest]
fn an_item_with_star_and_note(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = Driver::new(size, language, false);
    driver.app.fill_id(KNOWN[0].0);
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    let annotation =
        Annotation { starred: true, note: "样品已到\u{1b}[31m, ask again in December".to_owned() };
    let (item, versions) = (scoped(KNOWN[0].0), Vec::new());
    on_event(&mut driver, StoreEvent::Versions(ItemHistory { item, versions: versions.into(), annotation }));
    check(&format!("starred_{size}_{}", code(language)), &driver.screen());
    driver.keys("a");
    check(&format!("note_{size}_{}", code(language)), &driver.screen());
}

#[test]
fn the_row_under_the_cursor_shows_without_colour() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("^r");
    on_event(&mut driver, known());
    driver.keys("<down>");
    check("styles_history_80x24", &styles(&driver.buffer()));
}

#[test]
fn of_ten_thousand_items_those_in_sight_are_drawn_and_any_is_found() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("^r");
    let item = |at: usize| {
        known_item(
            at,
            &format!("{}", 600_000_000_000_usize + at),
            &format!("第{at}号"),
            Annotation::default(),
        )
    };
    on_event(&mut driver, StoreEvent::Items((0..10_000).map(item).collect::<Vec<_>>().into()));
    driver.type_text("号");
    driver.keys("<pgdn> <pgdn>");
    let screen = driver.screen();
    assert!(screen.contains("10000 of 10000"), "{screen}");
    assert!(screen.contains("第36号") && !screen.contains("第37号"), "{screen}");
    driver.type_text(" 9999");
    let screen = driver.screen();
    assert!(screen.contains("1 of 10000") && screen.contains("第9999号"), "{screen}");
}

/// Lines of the log with these numbers, a minute apart, the last of them `ago` hours before now.
fn log_lines(ids: std::ops::Range<i64>, ago: usize) -> Vec<LogEntry> {
    let line = |id: i64| {
        let mut line = found(ago, "610947572360", "").line;
        line.id = Some(ExchangeId(id));
        line
    };
    ids.map(line).collect()
}

fn before(id: i64) -> Vec<Effect> {
    vec![Effect::Store(StoreRequest::Before(ExchangeId(id)))]
}

fn opened(driver: &mut Driver, lines: Vec<LogEntry>) -> Vec<Effect> {
    driver.update(Event::Store(StoreEvent::Opened(Opened { lines, more: true, ..Opened::default() })))
}

#[test]
fn older_requests_are_read_when_somebody_looks_for_them() {
    let mut driver = Driver::new("120x36", Language::En, false);
    // Three hours each: 40 is five days.
    assert_eq!(opened(&mut driver, log_lines(5_000..5_300, 40)), []);
    assert!(driver.screen().contains("1 of 300+"), "{}", driver.screen());
    driver.keys("<esc> 5");
    assert_eq!(driver.keys("<pgdn>"), []);
    // Once, however often a key is pressed meanwhile.
    assert_eq!(driver.keys("G"), before(5_000));
    assert_eq!(driver.keys("k j"), []);
    driver
        .update(Event::Store(StoreEvent::Older(Listed { more: true, ..log_lines(4_000..5_000, 50).into() })));
    assert!(driver.screen().contains("of 1300+"), "{}", driver.screen());
    assert_eq!(driver.keys("g g"), []);
    // A filter speaks of all there are.
    let typed = driver.keys("/");
    assert_eq!([typed, driver.type_text("61")].concat(), before(4_000));
    let screen = driver.screen();
    assert!(screen.contains(driver.app.texts().reading_older()), "{screen}");
    let rest = StoreEvent::Older(Listed { more: false, ..log_lines(3_990..4_000, 60).into() });
    assert_eq!(driver.update(Event::Store(rest)), []);
    assert!(driver.screen().contains("1 of 1310 "), "{}", driver.screen());
}

#[test]
fn all_of_today_and_yesterday_is_read_for_totals_are_of_whole_days() {
    let mut driver = Driver::new("120x36", Language::En, false);
    assert_eq!(opened(&mut driver, log_lines(5_000..5_300, 1)), before(5_000));
    let older = StoreEvent::Older(Listed { more: true, ..log_lines(4_900..5_000, 30).into() });
    assert_eq!(driver.update(Event::Store(older)), []);
}

#[test]
fn damaged_rows_are_counted_in_a_notice_once_each() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let damaged = vec![ExchangeId(4), ExchangeId(7)];
    let opened = Opened { lines: log_lines(5..7, 40), damaged, ..Opened::default() };
    driver.update(Event::Store(StoreEvent::Opened(opened)));
    let notice = |count| driver_texts().store_rows_left_out(count);
    assert!(driver.screen().contains(&notice(2)), "{}", driver.screen());
    driver.keys("<esc>");
    let lines = |damaged| Listed { damaged, ..log_lines(6..8, 40).into() };
    let after = |damaged| StoreEvent::Lines { after: ExchangeId(5), lines: lines(damaged) };
    driver.update(Event::Store(after(vec![ExchangeId(7)])));
    assert!(!driver.screen().contains(&notice(2)), "{}", driver.screen());
    driver.update(Event::Store(after(vec![ExchangeId(7), ExchangeId(8)])));
    assert!(driver.screen().contains(&notice(3)), "{}", driver.screen());
}

fn driver_texts() -> obx_core::i18n::Texts {
    obx_core::i18n::Texts::new(Language::En)
}

#[test]
fn a_page_that_can_not_be_read_is_reported_and_not_asked_for_again_and_again() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, log_lines(5_000..5_300, 40));
    driver.keys("<esc> 5");
    assert_eq!(driver.keys("G"), before(5_000));
    let error = StoreError { fault: StoreErrorKind::Locked, detail: "busy".to_owned() };
    assert_eq!(driver.update(Event::Store(StoreEvent::NoOlder(error))), []);
    assert!(driver.screen().contains(driver.app.texts().store_locked()), "{}", driver.screen());
    assert_eq!(driver.keys("k j"), []);
    // The store reports something new, so it can be read again.
    let news = StoreEvent::Lines { after: ExchangeId(5_299), lines: log_lines(5_300..5_301, 40).into() };
    assert_eq!(driver.update(Event::Store(news)), before(5_000));
}
