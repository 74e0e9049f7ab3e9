//! Snapshots of the history, the search and the note: what they show while they wait, when there is nothing, and
//! when there is something.

use obx::message::{Effect, Event, LastItem, StoreEvent, StoreRequest, Ticket, ViewState};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::store::{
    Annotation, BodySearch, ExchangeId, ItemHistory, Listed, LogEntry, Opened, RecentCall, RestOfSearch,
    StoreError, StoreErrorKind,
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
        scope: scoped(KNOWN[0].0).catalog.scope,
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
        [Effect::Store(StoreRequest::Find {
            scope: scoped(KNOWN[0].0).catalog.scope,
            words: "7".to_owned()
        })]
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
    let first = found(ago, "610947572360", "").line;
    let line = |id: i64| LogEntry { id: Some(ExchangeId(id)), ..first.clone() };
    ids.map(line).collect()
}

/// A log of so many rows, of which the newest are given; the last of them `ago` hours before now.
fn opened(driver: &mut Driver, count: i64, ago: usize) -> Vec<Effect> {
    let lines = log_lines((count - 300).max(0) + 1..count + 1, ago);
    let ids = (1..=count).map(ExchangeId).collect();
    driver.update(Event::Store(StoreEvent::Opened(Opened { lines, ids, ..Opened::default() })))
}

/// Answers requests for rows as the store does, and scans over all of its rows.
fn serve(driver: &mut Driver, count: i64, ago: usize, requested: &[Effect]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for effect in requested {
        let Effect::Store(request) = effect else { continue };
        let event = match request {
            StoreRequest::Rows(asked) => {
                let lines: Vec<_> = asked.iter().flat_map(|id| log_lines(id.0..id.0 + 1, ago)).collect();
                StoreEvent::Rows { asked: asked.clone(), lines: lines.into() }
            }
            StoreRequest::Scan(scan) => {
                StoreEvent::Scanned(scan.run(&mut log_lines(1..count + 1, ago).into_iter().rev()))
            }
            _ => continue,
        };
        effects.extend(driver.update(Event::Store(event)));
    }
    effects
}

fn rows(effects: &[Effect]) -> (i64, i64) {
    let [Effect::Store(StoreRequest::Rows(ids))] = effects else { panic!("{effects:?}") };
    (ids.iter().min().unwrap().0, ids.iter().max().unwrap().0)
}

/// Rows of the log that are in memory.
fn held(driver: &Driver) -> usize {
    driver.app.rows_in_memory()
}

const MANY: i64 = 25_300;

#[test]
fn a_long_log_is_read_where_it_is_looked_at_and_let_go_elsewhere() {
    let mut driver = Driver::new("120x36", Language::En, false);
    // Three hours each: 40 is five days.
    assert_eq!(opened(&mut driver, MANY, 40), []);
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
    driver.keys("<esc> 5");
    assert_eq!(driver.keys("<pgdn>"), []);
    // Once, however often a key is pressed meanwhile.
    let asked = driver.keys("G");
    assert_eq!(rows(&asked), (1, 301));
    assert_eq!(driver.keys("k j"), []);
    let screen = driver.screen();
    assert!(screen.contains("25300 of 25300") && screen.contains("…"), "{screen}");
    assert_eq!(serve(&mut driver, MANY, 40, &asked), []);
    let screen = driver.screen();
    assert!(screen.contains("610947572360"), "{screen}");
    // All the way up, page by page: few rows are in memory at any time.
    for _ in 0..200 {
        let asked = driver.keys("<pgup> <pgup> <pgup> <pgup>");
        serve(&mut driver, MANY, 40, &asked);
        assert!(held(&driver) <= 300 + 2 * 600, "{}", held(&driver));
    }
    assert_eq!(driver.keys("g g"), [], "the newest rows are always there");
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
}

#[test]
fn a_long_log_is_filtered_by_the_store_and_new_rows_one_by_one() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, MANY, 40);
    driver.keys("<esc> 5 /");
    let asked = driver.type_text("6");
    assert!(matches!(asked[..], [Effect::Store(StoreRequest::Scan(_))]), "{asked:?}");
    let filtering = driver.app.texts().filtering();
    assert!(driver.screen().contains(filtering), "{}", driver.screen());
    assert_eq!(serve(&mut driver, MANY, 40, &asked), []);
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
    // A row that the filter lets through, and one that it does not.
    let newer = |id: i64, subject: &str| {
        let mut lines = log_lines(id..id + 1, 0);
        lines[0].subject = onebound::Subject::Item(onebound::ItemId::find(subject).unwrap());
        StoreEvent::Lines { after: ExchangeId(id - 1), lines: lines.into(), answered: Vec::new() }
    };
    assert_eq!(driver.update(Event::Store(newer(MANY + 1, "610947572361"))), []);
    let screen = driver.screen();
    assert!(screen.contains("of 25301") && screen.contains("610947572361"), "{screen}");
    assert!(!screen.contains(filtering), "{screen}");
    let asked = driver.type_text("10947572360");
    serve(&mut driver, MANY, 40, &asked);
    let position = driver.app.texts().position_filtered(1, 25_300, 25_301);
    assert!(driver.screen().contains(&position), "{}", driver.screen());
    assert_eq!(driver.update(Event::Store(newer(MANY + 2, "710947572362"))), []);
    let screen = driver.screen();
    assert!(!screen.contains("710947572362") && !screen.contains(filtering), "{screen}");
    assert!(held(&driver) <= 300 + 2 * 600, "{}", held(&driver));
    // The end of the result is read as the end of the log is.
    driver.keys("<enter>");
    let asked = driver.keys("G");
    assert_eq!(rows(&asked).0, 1);
    serve(&mut driver, MANY, 40, &asked);
    assert!(driver.screen().contains("610947572360"), "{}", driver.screen());
}

#[test]
fn a_newer_filter_replaces_the_scan_of_an_older_one() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, MANY, 40);
    driver.keys("<esc> 5 /");
    let first = driver.type_text("7");
    let second = driver.type_text("8");
    serve(&mut driver, MANY, 40, &first);
    assert!(driver.screen().contains(driver.app.texts().filtering()), "{}", driver.screen());
    serve(&mut driver, MANY, 40, &second);
    assert!(driver.screen().contains(&driver.app.texts().none_of(25_300)), "{}", driver.screen());
    driver.keys("<esc>");
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
}

#[test]
fn a_scan_that_fails_is_said_and_repeated_when_the_store_answers() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, MANY, 40);
    driver.keys("<esc> 5 /");
    let asked = driver.type_text("6");
    serve(&mut driver, MANY, 40, &asked);
    let asked = driver.type_text("1");
    let fail = |driver: &mut Driver, asked: &[Effect]| {
        let [Effect::Store(StoreRequest::Scan(scan))] = asked else { panic!("{asked:?}") };
        driver.update(Event::Store(StoreEvent::Scanned(scan.failed())))
    };
    assert_eq!(fail(&mut driver, &asked), [], "not again and again");
    let texts = driver_texts();
    let screen = driver.screen();
    assert!(screen.contains(texts.log_not_searched()) && screen.contains(texts.not_filtered()), "{screen}");
    assert!(!screen.contains(&texts.no_match("Esc")) && !screen.contains("none of"), "{screen}");
    assert!(!driver.focused().contains("610947572360"), "the rows of another filter");
    let again = driver.update(Event::Store(StoreEvent::Programs(Vec::new())));
    serve(&mut driver, MANY, 40, &again);
    let screen = driver.screen();
    assert!(screen.contains("610947572360") && !screen.contains(texts.log_not_searched()), "{screen}");
    // The same filter after another way of looking at the log.
    let asked = driver.type_text("0");
    fail(&mut driver, &asked);
    driver.keys("<esc> /");
    let asked = driver.type_text("610");
    assert!(matches!(asked.last(), Some(Effect::Store(StoreRequest::Scan(_)))), "{asked:?}");
}

#[test]
fn a_match_stays_when_the_store_gives_its_row_again() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, MANY, 40);
    driver.keys("<esc> 5 /");
    let asked = driver.type_text("6");
    serve(&mut driver, MANY, 40, &asked);
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
    // From before the requested ones, and far from all rows in memory.
    let lines = StoreEvent::Lines {
        after: ExchangeId(99),
        lines: log_lines(100..103, 40).into(),
        answered: Vec::new(),
    };
    assert_eq!(driver.update(Event::Store(lines)), []);
    assert!(driver.screen().contains("1 of 25300"), "{}", driver.screen());
    // So many new ones at once that not all of them stay in memory.
    let lines = log_lines(MANY + 1..MANY + 1_001, 40);
    let asked = driver.update(Event::Store(StoreEvent::Lines {
        after: ExchangeId(MANY),
        lines: lines.into(),
        answered: Vec::new(),
    }));
    serve(&mut driver, MANY + 1_000, 40, &asked);
    assert!(driver.screen().contains("of 26300"), "{}", driver.screen());
}

#[test]
fn all_calls_of_today_and_yesterday_are_read_for_totals_are_of_whole_days() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let asked = opened(&mut driver, MANY, 1);
    let [Effect::Store(StoreRequest::Recent { before, .. })] = asked[..] else { panic!("{asked:?}") };
    assert_eq!(before, ExchangeId(MANY - 299));
    let calls: Vec<_> = log_lines(MANY - 999..MANY - 299, 2).iter().map(RecentCall::new).collect();
    assert_eq!(driver.update(Event::Store(StoreEvent::Recent(calls.into()))), []);
    assert!(driver.screen().contains(" 1000 "), "{}", driver.screen());
    assert!(held(&driver) <= 300, "they are no rows");
}

#[test]
fn a_part_of_the_day_is_not_said_as_the_whole_and_the_rest_is_read_again_after_a_failure() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let texts = driver_texts();
    let asked = opened(&mut driver, MANY, 1);
    let [Effect::Store(StoreRequest::Recent { .. })] = asked[..] else { panic!("{asked:?}") };
    let screen = driver.screen();
    assert!(screen.contains(texts.day_not_counted()) && !screen.contains(" 300 "), "{screen}");
    driver.keys("<esc> u");
    let screen = driver.screen();
    assert!(screen.contains(texts.day_not_counted()), "{screen}");
    assert!(!screen.contains(texts.quota_pace()) && !screen.contains(texts.quota_ours()), "{screen}");
    driver.keys("<esc>");
    let error = StoreError::new(StoreErrorKind::Locked, "busy");
    assert_eq!(driver.update(Event::Store(StoreEvent::NoRows(error))), []);
    assert!(driver.screen().contains(texts.day_not_counted()), "{}", driver.screen());
    // Any answer of the store shows that it can be read again.
    let again = driver.update(Event::Store(StoreEvent::Programs(Vec::new())));
    assert_eq!(again, asked);
    let calls: Vec<_> = log_lines(MANY - 999..MANY - 299, 2).iter().map(RecentCall::new).collect();
    assert_eq!(driver.update(Event::Store(StoreEvent::Recent(calls.into()))), []);
    let screen = driver.screen();
    assert!(screen.contains(" 1000 ") && !screen.contains(texts.day_not_counted()), "{screen}");
    driver.keys("u");
    assert!(driver.screen().contains(texts.quota_pace()), "{}", driver.screen());
}

#[test]
fn a_failure_of_the_store_does_not_hide_that_a_paid_answer_is_not_stored() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let full = StoreError::new(StoreErrorKind::Full, "no space");
    let busy = StoreError::new(StoreErrorKind::Locked, "busy");
    let stored = StoreEvent::Stored { ticket: Ticket(1), written: Err(full), history: None };
    let _ = driver.update(Event::Store(stored)); // nothing to do
    let alert = driver.app.texts().store_full();
    for event in
        [StoreEvent::NoRows(busy.clone()), StoreEvent::Failed(busy.clone()), StoreEvent::NotOpened(busy)]
    {
        let _ = driver.update(Event::Store(event)); // nothing to do
        let screen = driver.screen();
        assert!(screen.contains(alert), "{screen}");
    }
}

#[test]
fn an_item_without_an_answer_is_said_though_it_was_the_last_one_of_the_last_session() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let last = LastItem { num_iid: KNOWN[0].0.to_owned(), ..LastItem::default() };
    driver.app.restore(&ViewState { item: Some(last), ..ViewState::default() });
    let open = |driver: &mut Driver, id: &str| {
        driver.keys("^r");
        on_event(driver, known());
        driver.type_text(id);
        let asked = driver.keys("<enter>");
        let newest = asked.iter().find_map(|effect| match effect {
            Effect::Store(StoreRequest::Newest(item)) => Some(item.clone()),
            _ => None,
        });
        newest.unwrap_or_else(|| panic!("{asked:?}"))
    };
    let other = open(&mut driver, KNOWN[1].0);
    assert_ne!(other.num_iid.as_str(), KNOWN[0].0);
    assert_eq!(driver.app.view_state().item, None, "the user has gone on");
    let item = open(&mut driver, KNOWN[0].0);
    assert_eq!(item.num_iid.as_str(), KNOWN[0].0);
    on_event(&mut driver, StoreEvent::Newest { item, answer: None });
    let said = driver.app.texts().item_without_answer(KNOWN[0].0);
    assert!(driver.screen().contains(&said), "{}", driver.screen());
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
    let after =
        |damaged| StoreEvent::Lines { after: ExchangeId(5), lines: lines(damaged), answered: Vec::new() };
    driver.update(Event::Store(after(vec![ExchangeId(7)])));
    assert!(!driver.screen().contains(&notice(2)), "{}", driver.screen());
    driver.update(Event::Store(after(vec![ExchangeId(7), ExchangeId(8)])));
    assert!(driver.screen().contains(&notice(3)), "{}", driver.screen());
}

fn driver_texts() -> obx_core::i18n::Texts {
    obx_core::i18n::Texts::new(Language::En)
}

#[test]
fn rows_that_can_not_be_read_are_reported_and_not_asked_for_again_and_again() {
    let mut driver = Driver::new("120x36", Language::En, false);
    opened(&mut driver, MANY, 40);
    driver.keys("<esc> 5");
    let asked = driver.keys("G");
    let error = StoreError::new(StoreErrorKind::Locked, "busy");
    assert_eq!(driver.update(Event::Store(StoreEvent::NoRows(error))), []);
    assert!(driver.screen().contains(driver.app.texts().store_locked()), "{}", driver.screen());
    assert_eq!(driver.keys("k j"), []);
    // The store reports something new, so it can be read again.
    let lines = log_lines(MANY + 1..MANY + 2, 40).into();
    let news = StoreEvent::Lines { after: ExchangeId(MANY), lines, answered: Vec::new() };
    let again = driver.update(Event::Store(news));
    assert_eq!(rows(&again).0, rows(&asked).0);
}
