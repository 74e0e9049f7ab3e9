//! What is on the screen of other gateways and other sessions, and of a call that has not gone out.

use std::sync::Arc;
use std::time::Duration;

use obx::message::{Event, FetchEvent, Purpose, StoreEvent, Ticket};
use obx_core::fetch::{FetchPolicy, NotSent, Source};
use obx_core::i18n::{Language, Texts};
use obx_core::store::{
    Annotation, ExchangeId, ItemHistory, Lease, LogEntry, StoreError, StoreErrorKind, Version,
};
use onebound::{Call, CallHandle, Exchange, Fingerprint, Host, Outcome, RequestStage, SentCall, WaitsFor};
use rstest::rstest;
use serde_json::json;

use crate::screens::{check, code, with_item};
use crate::support::{Driver, KEY, at, exchange, item_id, item_with, response, screen};

const ITEM: &str = "610947572360";
const BODY: &str = "1688_item_get_610947572360.json";
const EMULATOR: &str = "http://127.0.0.1:37151";

fn answered_by(host: &str) -> Exchange {
    let answered = exchange(Call::item_get(item_id(ITEM)), 200, response(BODY), at(-60));
    Exchange { host: Host::parse(host).unwrap(), ..answered }
}

fn line(id: i64, exchange: &Exchange) -> LogEntry {
    LogEntry::new(Some(ExchangeId(id)), Fingerprint::from_stored(KEY), exchange)
}

/// A row that the process 4242 of this machine has under way.
fn leased(id: i64, machine: &str) -> LogEntry {
    let owner = json!({ "pid": 4242, "machine": machine, "pid_space": null, "started": null });
    let lease = Lease { owner: serde_json::from_value(owner).unwrap(), until: at(40) };
    let outcome = Outcome::Interrupted;
    let exchange = Exchange { outcome, reply: None, ..answered_by("https://api-gw.onebound.cn") };
    let mut line = line(id, &exchange);
    (line.lease, line.used, line.allowed) = (Some(Arc::new(lease)), None, None);
    line
}

fn tell(driver: &mut Driver, lines: Vec<LogEntry>) {
    tell_after(driver, 0, lines);
}

fn tell_after(driver: &mut Driver, after: i64, lines: Vec<LogEntry>) {
    driver.update(Event::Store(StoreEvent::Lines {
        after: ExchangeId(after),
        lines: lines.into(),
        answered: Vec::new(),
    }));
}

/// The rest may be cut off, or on the next line.
fn begin_of(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

fn texts() -> Texts {
    Texts::new(Language::En)
}

#[rstest]
fn rows_of_other_gateways_and_other_sessions_say_whose_they_are_and_keep_their_outcome(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = Driver::new(size, language, false);
    let vendor = answered_by("https://api-2.onebound.cn");
    tell(
        &mut driver,
        vec![line(1, &vendor), line(2, &answered_by(EMULATOR)), leased(3, ""), leased(4, "db-7")],
    );
    driver.keys("<esc> 5");
    check(&format!("log_of_others_{size}_{}", code(language)), &driver.focused());
}

#[rstest]
fn an_answer_of_another_gateway_says_so_wherever_it_is_opened(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = Driver::new(size, language, false);
    tell(&mut driver, vec![line(2, &answered_by(EMULATOR))]);
    let effects = driver.keys("<esc> 5 <enter>");
    assert_eq!(effects.len(), 1);
    let (id, purpose) = (ExchangeId(2), Purpose::Show);
    driver.update(Event::Store(StoreEvent::Exchange { id, purpose, exchange: answered_by(EMULATOR).into() }));
    driver.keys("2");
    if size == "80x24" {
        check(&format!("answer_of_other_gateway_{size}_{}", code(language)), &driver.screen());
    }
    driver.keys("!");
    let card = driver.screen();
    // The smallest screen shows the beginning of the card.
    assert!(!card.contains(&Texts::new(language).advice_0000(Texts::new(language).key_enter())), "{card}");
    assert!(
        size == "60x16" || card.contains(&Texts::new(language).host_of_other_gateway("127.0.0.1:37151")),
        "{card}"
    );
}

#[test]
fn a_call_that_ended_with_its_session_has_no_duration_and_no_size() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let mut interrupted = leased(3, "");
    (interrupted.lease, interrupted.size, interrupted.total) = (None, 0, Duration::ZERO);
    tell(&mut driver, vec![interrupted]);
    let screen = driver.screen();
    assert!(screen.contains(ITEM) && !screen.contains("0.00") && !screen.contains("0 B"), "{screen}");
    driver.keys("<esc> 5 /");
    driver.keys("<");
    driver.keys("1 s");
    assert!(!driver.screen().contains(ITEM), "it is not known to have taken less than a second");
}

#[test]
fn what_another_gateway_answered_is_not_fresh_here() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let answered = answered_by(EMULATOR);
    let question = |host: &str| Call::item_get(item_id(ITEM)).question(&Host::parse(host).unwrap().scope());
    let opened = |host: &str| obx_core::store::Opened {
        lines: vec![line(2, &answered)],
        answered: vec![(question(host), at(-60), true)],
        ..obx_core::store::Opened::default()
    };
    driver.app.fill_id(ITEM);
    driver.update(Event::Store(StoreEvent::Opened(opened(EMULATOR))));
    assert!(driver.screen().contains(&texts().enter_fetches("Enter")), "{}", driver.screen());
    driver.update(Event::Store(StoreEvent::Opened(opened("https://api-2.onebound.cn"))));
    assert!(driver.screen().contains(&texts().enter_shows_stored("Enter")), "{}", driver.screen());
}

/// Another session has just paid for the answer, so that Enter shows it here.
#[test]
fn an_answer_of_another_session_is_fresh_here_at_once() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id(ITEM);
    driver.keys("<esc> 1");
    assert!(driver.screen().contains(&texts().enter_fetches("Enter")), "{}", driver.screen());
    let answered = answered_by("https://api-gw.onebound.cn");
    let question = Call::item_get(item_id(ITEM)).question(&Host::default().scope());
    driver.update(Event::Store(StoreEvent::Lines {
        after: ExchangeId(0),
        lines: vec![line(1, &answered)].into(),
        answered: vec![(question, at(0), true)],
    }));
    assert!(driver.screen().contains(&texts().enter_shows_stored("Enter")), "{}", driver.screen());
    driver.keys("<enter>");
    let (_, _, want) = driver.fetches.last().unwrap();
    assert_eq!(*want, FetchPolicy::CacheOnly);
}

#[test]
fn the_days_cost_and_quota_are_those_of_this_gateway() {
    let mut driver = Driver::new("120x36", Language::En, false);
    tell(&mut driver, vec![line(1, &answered_by(EMULATOR)), line(2, &answered_by(EMULATOR)), leased(3, "")]);
    let there = driver.screen();
    assert!(!there.contains("today  "), "{there}");
    tell(&mut driver, vec![line(4, &answered_by("https://api-4.onebound.cn"))]);
    let here = driver.screen();
    assert!(here.contains("today  ¥ 1 "), "{here}");
}

#[test]
fn the_header_has_the_highest_count_of_answers_that_came_out_of_order() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let answered = answered_by("https://api-gw.onebound.cn");
    let counted = |id, used, seconds| {
        let mut line = line(id, &answered);
        line.started_at += jiff::SignedDuration::from_secs(seconds);
        (line.used, line.allowed) = (Some(used), Some(200));
        line
    };
    tell(&mut driver, vec![counted(1, 6, 0), counted(2, 8, 1), counted(3, 7, 2)]);
    let screen = driver.screen();
    assert!(screen.contains("today 8/200"), "{screen}");
}

#[test]
fn a_call_of_another_session_that_was_taken_back_leaves_the_log_with_its_lease() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let answered = answered_by("https://api-2.onebound.cn");
    tell(&mut driver, vec![leased(3, ""), line(4, &answered), leased(5, "")]);
    let is_under_way = |driver: &mut Driver| driver.screen().contains("… pid 4242");
    assert!(is_under_way(&mut driver));
    // Asked for from before the first of them: whatever became of each is in the answer.
    let asked = driver.update(Event::Store(StoreEvent::Changed));
    assert_eq!(asked.iter().map(crate::support::effect_name).collect::<Vec<_>>(), ["store after 2"]);
    // An answer that does not reach back to one says nothing of it.
    tell_after(&mut driver, 4, vec![line(6, &answered)]);
    assert!(is_under_way(&mut driver));
    assert!(driver.app.next_wake().is_some());
    tell_after(&mut driver, 2, vec![line(4, &answered), line(6, &answered)]);
    assert!(!is_under_way(&mut driver), "{}", driver.screen());
    // The quota that the row reports changes at midnight in Beijing, and not before.
    assert!(driver.app.next_wake().is_none_or(|wake| wake > Duration::from_secs(3_600)));
    let asked = driver.update(Event::Store(StoreEvent::Changed));
    assert_eq!(asked.iter().map(crate::support::effect_name).collect::<Vec<_>>(), ["store after 6"]);
}

#[test]
fn a_row_of_another_session_opens_nothing_buys_nothing_and_ends_with_its_lease() {
    let mut driver = Driver::new("120x36", Language::En, false);
    tell(&mut driver, vec![leased(3, "")]);
    driver.keys("<esc> 5");
    for key in ["<enter>", "!", "R"] {
        assert_eq!(driver.keys(key), []);
        let reported =
            begin_of(&texts().outcome_pending_in_session(ITEM, texts().other_session_pid(4242)), 60);
        assert!(driver.screen().contains(&reported), "{key}\n{}", driver.screen());
    }
    let wake = driver.app.next_wake().unwrap();
    assert_eq!(wake.as_secs(), 40);
    driver.late(40.5);
    let asked = driver.update(Event::Wake);
    assert_eq!(asked.iter().map(crate::support::effect_name).collect::<Vec<_>>(), ["store after 2"]);
    assert_eq!(driver.app.next_wake(), None, "once");
}

/// The cursor is on the newest row when another session's comes.
#[test]
fn a_row_of_another_session_does_not_come_under_the_cursor() {
    let mut driver = with_item("120x36", Language::En, BODY);
    driver.keys("5");
    let own = |driver: &Driver| {
        let screen = driver.screen();
        screen.lines().any(|row| row.contains("▸") && row.contains(ITEM))
    };
    assert!(own(&driver), "{}", driver.screen());
    let other = exchange(Call::item_get(item_id("610947590300")), 200, item_with(3), at(1));
    tell(&mut driver, vec![line(9, &other)]);
    assert!(driver.screen().contains("610947590300"), "{}", driver.screen());
    assert!(own(&driver), "{}", driver.screen());
    let bought = driver.keys("R");
    assert_eq!(
        bought.iter().map(crate::support::effect_name).collect::<Vec<_>>(),
        ["fetch 610947572360 refresh"]
    );
}

/// The newest fetch has this progress.
fn progress(driver: &mut Driver, waits_for: WaitsFor, out: bool) {
    let mut progress = *CallHandle::default().watch().borrow();
    progress.waits_for = waits_for;
    if out {
        (progress.out, progress.stage) = (Some(SentCall { host: 0, at: at(0) }), RequestStage::Sent);
    }
    driver.update(Event::Fetch(Ticket(1), FetchEvent::Progress(progress)));
}

#[rstest]
#[case(WaitsFor::Store, texts().waits_for_store(ITEM, "Esc"), texts().waiting_for_store(ITEM, 1, "Esc"))]
#[case(
    WaitsFor::OtherSession { pid: Some(4242) },
    texts().waits_for_session(ITEM, texts().other_session_pid(4242), "Esc"),
    texts().waiting_for_session(ITEM, 1, "Esc")
)]
#[case(WaitsFor::OtherCall, texts().waits_for_call(ITEM, "Esc"), texts().waiting_for_call(ITEM, 1, "Esc"))]
fn before_a_call_goes_out_the_screen_says_what_that_waits_for(
    #[case] waits_for: WaitsFor,
    #[case] text: String,
    #[case] status: String,
) {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id(ITEM);
    driver.keys("<enter>");
    let begins = |text: &str| begin_of(text, 36);
    let asking = begins(&texts().fetching_item(ITEM));
    progress(&mut driver, waits_for, false);
    let first = driver.screen();
    assert!(first.contains(&begins(&text)) && first.contains(texts().nothing_sent_yet()), "{first}");
    assert!(first.contains(&format!("Esc {}", texts().hint_stop())), "{first}");
    driver.wait(1.0);
    let later = driver.screen();
    assert!(later.contains(&status) && !later.contains(&asking), "{later}");
    progress(&mut driver, waits_for, true);
    let sent = driver.screen();
    assert!(sent.contains(&asking) && !sent.contains(&begins(&text)), "{sent}");
}

#[test]
fn what_was_said_of_a_call_under_way_goes_with_its_end() {
    for quits in [false, true] {
        let mut driver = Driver::new("120x36", Language::En, false);
        driver.app.fill_id(ITEM);
        driver.keys("<enter>");
        driver.reach(true);
        let said = if quits {
            driver.keys("^c");
            texts().quit_with_call("^C", "q")
        } else {
            driver.keys("1 <enter>");
            texts().already_under_way(ITEM)
        };
        let (said, before) = (begin_of(&said, 30), screen(&driver.buffer()));
        assert!(before.contains(&said), "{before}");
        assert!(before.contains(&format!("Esc {}", texts().hint_stop())), "beside it: {before}");
        driver.answer(200, response(BODY), Source::Live);
        assert!(!driver.screen().contains(&said), "{}", driver.screen());
    }
}

fn locked() -> StoreError {
    StoreError::new(StoreErrorKind::Locked, "database is locked")
}

fn away() -> StoreError {
    StoreError::new(StoreErrorKind::ServerAway, "no answer")
}

#[rstest]
fn a_server_that_is_away_names_a_start_without_it_at_the_start_alone(
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let texts = Texts::new(language);
    let mut driver = Driver::unread("120x36", language);
    driver.update(Event::Store(StoreEvent::NotOpened(away())));
    let at_start = driver.screen();
    assert!(at_start.contains(texts.store_starts_without()), "{at_start}");
    assert!(!at_start.contains(texts.store_reconnects()), "{at_start}");
    driver.update(Event::Store(StoreEvent::Opened(opened())));
    driver.update(Event::Store(StoreEvent::Failed(away())));
    let later = driver.screen();
    assert!(later.contains(texts.store_reconnects()), "{later}");
    assert!(!later.contains(texts.store_starts_without()), "{later}");
}

/// What a store with one answer to this gateway says when it is read.
fn opened() -> obx_core::store::Opened {
    let answered = answered_by("https://api-gw.onebound.cn");
    let quota = answered.envelope().and_then(|envelope| envelope.quota.clone()).unwrap();
    let line = line(2, &answered);
    obx_core::store::Opened {
        answered: vec![(answered.question(), at(-60), true)],
        quotas: vec![(line.account(), at(-60), quota)],
        lines: vec![line],
        ..obx_core::store::Opened::default()
    }
}

#[rstest]
fn a_store_that_is_not_read_yet_is_not_shown_as_an_empty_one(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let texts = Texts::new(language);
    let mut driver = Driver::unread(size, language);
    driver.app.fill_id(ITEM);
    driver.update(Event::Started);
    let awaited = driver.screen();
    for never in [texts.no_requests(), texts.quota_none(), &texts.enter_fetches(texts.key_enter())] {
        assert!(!awaited.contains(never), "{never}\n{awaited}");
    }
    assert!(
        awaited.contains(texts.store_unread())
            && awaited.contains(&texts.enter_asks_store(texts.key_enter())),
        "{awaited}"
    );
    driver.update(Event::Store(StoreEvent::NotOpened(locked())));
    driver.keys("<esc> 5");
    let screen = driver.screen();
    if size == "80x24" {
        check(&format!("store_unread_{size}_{}", code(language)), &screen);
    }
    // Written by the program that held it.
    let asked = driver.update(Event::Store(StoreEvent::Changed));
    assert_eq!(asked.iter().map(crate::support::effect_name).collect::<Vec<_>>(), ["store opened"]);
    driver.update(Event::Store(StoreEvent::Opened(opened())));
    let screen = driver.screen();
    assert!(!screen.contains(texts.store_unread()) && !screen.contains(texts.store_locked()), "{screen}");
    assert!(screen.contains("12/10000") && screen.contains(ITEM), "{screen}");
}

#[test]
fn what_is_said_of_a_store_that_fails_ends_when_that_answers() {
    let mut driver = Driver::unread("80x24", Language::En);
    driver.update(Event::Store(StoreEvent::NotOpened(locked())));
    let said = begin_of(&texts().store_unread_because(texts().store_locked()), 40);
    assert!(driver.screen().contains(&said), "{}", driver.screen());
    driver.update(Event::Store(StoreEvent::Opened(opened())));
    assert!(!driver.screen().contains(&said), "{}", driver.screen());
    driver.update(Event::Store(StoreEvent::Failed(locked())));
    assert!(driver.screen().contains(texts().store_locked()), "{}", driver.screen());
    tell(&mut driver, Vec::new());
    assert!(!driver.screen().contains(texts().store_locked()), "{}", driver.screen());
}

#[test]
fn an_answer_that_another_session_paid_for_says_so_and_its_row_is_asked_for() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id(ITEM);
    driver.keys("<enter>");
    let asked = driver.answer_from(200, response(BODY), Source::Joined);
    assert!(asked.iter().any(|effect| crate::support::effect_name(effect) == "store after 0"), "{asked:?}");
    let screen = driver.screen();
    let header = screen.lines().next().unwrap();
    assert!(header.contains("by another session at") && !header.contains("live"), "{screen}");
    assert!(header.contains("today 12/10000"), "{screen}");
}

#[test]
fn beside_another_gateways_only_answer_there_is_none_of_that_gateway() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let exchange = answered_by(EMULATOR);
    tell(&mut driver, vec![line(2, &exchange)]);
    driver.keys("<esc> 5 <enter>");
    let (id, purpose) = (ExchangeId(2), Purpose::Show);
    let item = exchange.scoped_item().unwrap();
    driver.update(Event::Store(StoreEvent::Exchange { id, purpose, exchange: exchange.into() }));
    let version = |id| Version { id: ExchangeId(id), at: at(-60), price: None, stock: None };
    let versions = |all: Vec<Version>| {
        StoreEvent::Versions(ItemHistory {
            item: item.clone(),
            versions: all.into(),
            annotation: Annotation::default(),
        })
    };
    driver.update(Event::Store(versions(vec![version(2)])));
    for key in ["<", ">"] {
        driver.keys(key);
        let screen = driver.screen();
        assert!(screen.contains(&texts().only_answer_at("127.0.0.1:37151")), "{key}\n{screen}");
    }
    driver.update(Event::Store(versions(vec![version(2), version(4)])));
    driver.keys("<");
    assert!(driver.screen().contains(&texts().no_older_answer_at("127.0.0.1:37151")), "{}", driver.screen());
}

#[test]
fn offline_nothing_is_promised_that_may_not_be_stored() {
    let mut driver = Driver::offline("120x36", Language::En);
    driver.app.fill_id(ITEM);
    assert!(driver.screen().contains(&texts().enter_shows_offline_if_any("Enter")), "{}", driver.screen());
    driver.keys("<esc> R");
    driver.refuse_for(NotSent::Offline);
    let screen = driver.screen();
    assert!(!screen.contains(&begin_of(texts().refused_offline(), 40)), "{screen}");
    assert!(screen.contains(&begin_of(&texts().refused_offline_refetch("Enter"), 30)), "{screen}");
    driver.keys("1 <enter>");
    driver.refuse_for(NotSent::Offline);
    assert!(driver.screen().contains(texts().refused_offline()), "{}", driver.screen());
}

#[test]
fn columns_without_anything_in_them_leave_their_place_to_what_came() {
    let mut driver = Driver::new("120x36", Language::En, false);
    let mut interrupted = leased(3, "");
    (interrupted.lease, interrupted.size, interrupted.total) = (None, 0, Duration::ZERO);
    tell(&mut driver, vec![interrupted]);
    assert!(driver.screen().contains(texts().interrupted()), "{}", driver.screen());
}
