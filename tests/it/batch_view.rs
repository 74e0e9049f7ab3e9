//! The batch in the explorer, without its shell: what is bought and when, and what it looks like.

use std::sync::Arc;
use std::time::Duration;

use obx::message::{
    BatchCommand, BatchList, BatchNews, BatchRowState, BatchTicket, Effect, Event, PlannedList, RowSubject,
    batch_rows,
};
use obx_core::batch::{
    BatchEvent, BatchInput, BatchLine, BatchPlan, BatchSummary, DoubtfulLine, InputFormat, LineResult,
    LineState, StopReason,
};
use obx_core::fetch::{AllowedCalls, BudgetViolation, Fetched, NotSent, Source};
use obx_core::i18n::Language;
use obx_core::store::{Block, BlockReason, ExchangeId, GuardViolation};
use onebound::{Call, Fingerprint, SentCall};
use rstest::rstest;

use crate::monkey::SeededRng;
use crate::screens::{check, code};
use crate::support::{Driver, KEY, at, effect_name, exchange, item_id, response};

pub(crate) const LIST: &str = "610947572360
610947572361
https://detail.1688.com/offer/610947572362.html
none yet
610947572360
610947572363
610947572364
610947572365
";

fn driver(size: &str, language: Language) -> Driver {
    Driver::with(size, language, false, &["https://api-gw.onebound.cn"], Some("0.02"))
}

fn names(effects: &[Effect]) -> Vec<String> {
    effects.iter().map(effect_name).collect()
}

/// The list with what the store has of it: the first line, and a call of the last that may have been billed.
pub(crate) fn planned_list(retries_unknown: bool) -> PlannedList {
    let list = BatchInput::new(LIST.as_bytes(), &InputFormat::Lines, "1688").unwrap();
    let mut rows = batch_rows(list, str::to_owned).unwrap();
    rows[0].state = BatchRowState::Waiting(LineState::Stored);
    rows[7].state = BatchRowState::Waiting(LineState::InDoubt { since: at(-900) });
    let doubtful = DoubtfulLine { number: 8, id: item_id("610947572365"), since: at(-900) };
    let to_buy = if retries_unknown { 5 } else { 4 };
    let plan = BatchPlan {
        stored: 1,
        to_buy,
        in_doubt: vec![doubtful],
        quota_left: Some(93),
        time: Some(Duration::from_secs(14)),
        cost: format!("0.{:02}", 2 * to_buy).parse().ok(),
        ..BatchPlan::default()
    };
    PlannedList::new(rows, plan)
}

fn plan(driver: &mut Driver) -> BatchTicket {
    driver.update(Event::Paste(LIST.to_owned()));
    let effects = driver.keys("<esc> b");
    assert_eq!(names(&effects), ["plan_batch"]);
    planned(driver, &effects)
}

fn planned(driver: &mut Driver, effects: &[Effect]) -> BatchTicket {
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::PlanBatch(request) => Some((request.ticket, request.settings.retry_unknown)),
        _ => None,
    });
    let (ticket, retries_unknown) = ticket.unwrap();
    let news = BatchNews::Planned(Box::new(planned_list(retries_unknown)));
    assert_eq!(driver.update(Event::Batch(ticket, news)), []);
    ticket
}

/// The same plan, of which the guards allow so many calls.
fn plan_within(driver: &mut Driver, allowed: u64, violation: GuardViolation) -> BatchTicket {
    let ticket = plan(driver);
    let again = driver.keys("r");
    assert_eq!(names(&again), ["plan_batch"]);
    let ticket = BatchTicket(ticket.0 + 1);
    let mut planned = planned_list(false);
    planned.plan.allowed = AllowedCalls { calls: allowed, refusal: Some(NotSent::Guarded(violation)) };
    planned.plan.allowed_cost = format!("0.{:02}", 2 * allowed).parse().ok();
    assert_eq!(driver.update(Event::Batch(ticket, BatchNews::Planned(Box::new(planned)))), []);
    ticket
}

/// A block since four minutes ago, until Beijing's midnight.
pub(crate) fn block() -> Block {
    Block {
        host: "https://api-gw.onebound.cn".to_owned(),
        key: KEY.to_owned(),
        reason: BlockReason::Quota,
        since: Some(at(-240)),
        until: Some(obx_core::policy::day_end(at(0))),
    }
}

fn runs(driver: &mut Driver, ticket: BatchTicket, events: Vec<BatchEvent>) {
    driver.late(1.5);
    assert_eq!(driver.update(Event::Batch(ticket, BatchNews::Run(events))), []);
}

fn started(number: u64, id: &str) -> BatchEvent {
    BatchEvent::Started { number, id: item_id(id) }
}

fn finished(number: u64, id: &str, body: &str, source: Source) -> BatchEvent {
    let exchange = Arc::new(exchange(Call::item_get(item_id(id)), 200, response(body), at(2)));
    let row = ExchangeId(i64::try_from(number).unwrap());
    let key = Fingerprint::from_stored(KEY);
    let fetched = Fetched {
        id: Some(row),
        key,
        exchange,
        source,
        fresh_until: None,
        in_doubt: None,
        before: Vec::new(),
        stored: None,
    };
    let line = BatchLine { number, id: item_id(id), columns: Vec::new() };
    BatchEvent::Finished { line, result: LineResult::Answered(Box::new(fetched)) }
}

const ITEM: &str = "1688_item_get_610947572360.json";

fn half(driver: &mut Driver, ticket: BatchTicket) {
    let events = vec![
        finished(1, "610947572360", ITEM, Source::Store),
        started(2, "610947572361"),
        started(3, "610947572362"),
        finished(2, "610947572361", "1688_error_2000.json", Source::Live),
        started(6, "610947572363"),
    ];
    runs(driver, ticket, events);
}

pub(crate) fn stopped(reason: StopReason, left: u64) -> BatchEvent {
    BatchEvent::Stopped { reason, left, summary: BatchSummary::default() }
}

#[test]
fn a_pasted_list_is_offered_and_planned_and_nothing_is_sent() {
    let mut driver = driver("120x36", Language::En);
    driver.app.fill_id("610947572369");
    assert_eq!(driver.update(Event::Paste(LIST.to_owned())), []);
    let screen = driver.screen();
    assert!(screen.contains("6 items in the pasted text: Esc b plans a batch, nothing is sent"), "{screen}");
    assert!(screen.contains("610947572369"), "the input is as it was:\n{screen}");
    let ticket = plan(&mut driver);
    assert!(driver.screen().contains("6 lines: 1 from the store, 4 to buy"), "{}", driver.screen());
    // What an older plan says is not heard any more.
    let newer = driver.keys("r");
    assert_eq!(names(&newer), ["plan_batch"]);
    driver.update(Event::Batch(ticket, BatchNews::Planned(Box::default())));
    assert!(driver.screen().contains("Reading the list"), "{}", driver.screen());
}

#[rstest]
#[case::prose("看下这个 610947572361，不错\n\n厂家直销\n起订量2件\n电话 13800138000\n谢谢\n")]
#[case::one_item("610947572360\n")]
#[case::twice_the_same("610947572360\n610947572360\n")]
#[case::no_item("a page of text,\nwith no item in it\n")]
fn a_page_of_prose_offers_nothing(#[case] text: &str) {
    let mut driver = driver("120x36", Language::En);
    assert_eq!(driver.update(Event::Paste(text.to_owned())), []);
    assert!(!driver.screen().contains("plans a batch"), "{}", driver.screen());
    assert_eq!(driver.keys("<esc> b"), []);
    assert!(driver.screen().contains("A line for each item"), "{}", driver.screen());
}

#[test]
fn a_plan_is_bought_once_by_the_key_that_names_its_price() {
    let mut driver = driver("80x24", Language::En);
    plan(&mut driver);
    assert!(driver.screen().contains("B buy ¥0.08"), "{}", driver.screen());
    for free in ["j", "<enter>", "G", "g", "R", "Y", "<space>", "X"] {
        assert_eq!(driver.keys(free), [], "{free}");
    }
    driver.late(2.0);
    driver.keys("j");
    // With other keys in one read nobody can have meant it.
    assert_eq!(driver.key("B", true), []);
    driver.late(2.0);
    driver.keys("j");
    // A notice hides the price: the first press brings it.
    driver.update(Event::NotUtf8);
    assert_eq!(driver.keys("B"), []);
    assert!(driver.screen().contains("¥0.08"), "{}", driver.screen());
    driver.late(2.0);
    assert_eq!(names(&driver.keys("B")), ["run_batch 6 lines 4 calls"]);
    driver.late(2.0);
    assert_eq!(driver.keys("B"), []);
    // Another list has to wait for its end.
    assert_eq!(driver.update(Event::Paste(LIST.to_owned())), []);
    assert!(driver.screen().contains("stop it with X"), "{}", driver.screen());
}

#[test]
fn lines_in_doubt_are_bought_again_only_by_a_key_that_says_so() {
    let mut driver = driver("120x36", Language::En);
    plan(&mut driver);
    assert!(driver.screen().contains("1 in doubt"), "{}", driver.screen());
    let again = driver.keys("U");
    assert_eq!(names(&again), ["plan_batch_retry_unknown"]);
    planned(&mut driver, &again);
    assert!(driver.screen().contains("may be billed twice"), "{}", driver.screen());
    assert!(driver.screen().contains("B buy ¥0.10"), "{}", driver.screen());
    assert_eq!(names(&driver.keys("B")), ["run_batch 6 lines 5 calls"]);
}

#[test]
fn a_batch_is_paused_resumed_at_its_price_and_stopped() {
    let mut driver = driver("120x36", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    assert_eq!(names(&driver.keys("<space>")), ["pause_batch"]);
    assert!(driver.screen().contains("Space resume ¥"), "{}", driver.screen());
    driver.late(2.0);
    assert_eq!(names(&driver.keys("<space>")), ["resume_batch"]);
    driver.late(2.0);
    assert_eq!(names(&driver.keys("X")), ["stop_batch"]);
    runs(&mut driver, ticket, vec![stopped(StopReason::Asked, 4)]);
    assert!(driver.screen().contains("stopped"), "{}", driver.screen());
    assert!(driver.screen().contains("4 lines left"), "{}", driver.screen());
    assert_eq!(names(&driver.keys("r")), ["plan_batch"]);
}

#[test]
fn it_runs_on_behind_the_panes_and_quitting_asks() {
    let mut driver = driver("80x24", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    driver.keys("<esc>");
    assert!(driver.screen().contains("batch 2/6"), "{}", driver.screen());
    assert_eq!(driver.keys("q"), []);
    assert!(driver.screen().contains("A batch is running"), "{}", driver.screen());
    driver.keys("j");
    runs(&mut driver, ticket, vec![stopped(StopReason::Done, 0)]);
    assert!(driver.screen().contains("Batch: done"), "{}", driver.screen());
    driver.keys("j");
    assert!(driver.screen().contains("batch done"), "{}", driver.screen());
    driver.keys("b <esc>");
    assert!(!driver.screen().contains("batch done"), "it was seen:\n{}", driver.screen());
    assert_eq!(driver.keys("q"), [Effect::Quit]);
}

#[test]
fn a_row_opens_its_answer_from_the_store_and_the_cursor_comes_back_to_it() {
    let mut driver = driver("120x36", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    assert_eq!(driver.keys("G <enter>"), []);
    assert!(driver.screen().contains("This line has no answer yet"), "{}", driver.screen());
    assert_eq!(names(&driver.keys("g j <enter>")), ["store exchange 2"]);
    driver.keys("b");
    assert_eq!(names(&driver.keys("<enter>")), ["store exchange 2"]);
}

#[test]
fn a_refusal_stops_it_and_says_why() {
    let mut driver = driver("120x36", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    let refusal = NotSent::Guarded(GuardViolation::Cap { cap: 5, used: 5 });
    runs(&mut driver, ticket, vec![stopped(StopReason::Refused(refusal), 3)]);
    assert!(driver.screen().contains("the key's daily cap of 5 is reached"), "{}", driver.screen());
}

#[rstest]
fn a_block_is_said_before_anything_is_bought_and_overridden_with_the_price_in_sight(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = driver(size, language);
    plan_within(&mut driver, 0, GuardViolation::Blocked(block()));
    check(&format!("batch_blocked_{size}_{}", code(language)), &driver.screen());
    // Only what is stored is read, and nothing can be sent.
    let mut reads = plan_and_press(size, language, "B");
    assert_eq!(names(&reads.0), ["run_batch 6 lines 0 calls"]);
    let refused = NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 0 });
    runs(&mut reads.1, reads.2, vec![stopped(StopReason::Refused(refused), 4)]);
    let reason =
        if language == Language::En { "quota exhausted at 15:20" } else { "15:20起额度已用完" };
    assert!(reads.1.screen().contains(reason), "{}", reads.1.screen());
    let overriding = driver.keys("Y");
    assert_eq!(names(&overriding), ["run_batch 6 lines 4 calls"]);
    let Some(Effect::RunBatch(order)) = overriding.first() else { panic!("{overriding:?}") };
    assert!(order.settings().overrides_block);
}

fn plan_and_press(size: &str, language: Language, key: &str) -> (Vec<Effect>, Driver, BatchTicket) {
    let mut driver = driver(size, language);
    let ticket = plan_within(&mut driver, 0, GuardViolation::Blocked(block()));
    driver.late(2.0);
    (driver.keys(key), driver, ticket)
}

#[test]
fn a_block_that_is_over_or_lifted_blocks_no_plan() {
    let mut driver = driver("80x24", Language::En);
    plan_within(&mut driver, 0, GuardViolation::Blocked(Block { until: Some(at(1)), ..block() }));
    driver.wait(30.0);
    assert!(driver.screen().contains("B buy ¥0.08"), "{}", driver.screen());
    assert_eq!(driver.keys("Y"), []);
}

#[test]
fn a_plan_names_the_cap_that_would_stop_it_and_no_key_passes_it() {
    let mut driver = driver("80x24", Language::En);
    let ticket = plan_within(&mut driver, 3, GuardViolation::Cap { cap: 5, used: 5 });
    let screen = driver.screen();
    assert!(screen.contains("Stops after 3 calls: the key's daily cap of 5 is reached then"), "{screen}");
    assert!(screen.contains("B buy ¥0.06") && !screen.contains("buy anyway"), "{screen}");
    assert!(screen.contains("¥0.06 at most"), "{screen}");
    driver.late(2.0);
    assert_eq!(names(&driver.keys("B")), ["run_batch 6 lines 3 calls"]);
    let used_up = NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 3 });
    runs(&mut driver, ticket, vec![stopped(StopReason::Refused(used_up), 1)]);
    assert!(driver.screen().contains("the key's daily cap of 5 is reached"), "{}", driver.screen());
    let mut driver = self::driver("80x24", Language::En);
    plan_within(&mut driver, 0, GuardViolation::Reserve { reserve: 9, left: 9 });
    let screen = driver.screen();
    assert!(screen.contains("9 calls left today, 9 reserved"), "{screen}");
    assert!(screen.contains("--reserve") && screen.contains("money.reserve"), "{screen}");
    driver.late(2.0);
    assert_eq!(driver.keys("Y"), []);
    assert_eq!(names(&driver.keys("B")), ["run_batch 6 lines 0 calls"]);
}

#[test]
fn a_batch_that_used_up_what_was_confirmed_when_the_day_turned_says_that_and_names_no_cap() {
    let mut driver = driver("80x24", Language::En);
    let ticket = plan_within(&mut driver, 3, GuardViolation::Cap { cap: 5, used: 5 });
    driver.late(2.0);
    assert_eq!(names(&driver.keys("B")), ["run_batch 6 lines 3 calls"]);
    driver.late(24.0 * 3_600.0);
    let used_up = NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 3 });
    runs(&mut driver, ticket, vec![stopped(StopReason::Refused(used_up), 1)]);
    let screen = driver.screen();
    assert!(screen.contains("3 calls confirmed, and all of them used up"), "{screen}");
    assert!(!screen.contains("daily cap"), "{screen}");
}

#[test]
fn calls_of_a_batch_are_in_the_request_log_from_when_they_are_sent() {
    let mut driver = driver("120x36", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    let sent = |number, id: &str, seconds| BatchEvent::Sent {
        number,
        call: Call::item_get(item_id(id)),
        out: SentCall { host: 0, at: at(seconds) },
    };
    runs(&mut driver, ticket, vec![sent(3, "610947572362", 2), sent(6, "610947572363", 3)]);
    driver.keys("<esc> 5");
    let rows = |driver: &Driver| driver.screen().lines().filter(|line| line.contains("in a batch")).count();
    assert_eq!(rows(&driver), 2, "{}", driver.screen());
    // Nobody waits for them here, and Esc ends none.
    assert_eq!(driver.keys("<esc> 5"), []);
    runs(&mut driver, ticket, vec![finished(3, "610947572362", ITEM, Source::Live)]);
    assert_eq!(rows(&driver), 1, "{}", driver.screen());
    assert!(driver.screen().contains("610947572362 another item"), "{}", driver.screen());
    runs(&mut driver, ticket, vec![stopped(StopReason::Asked, 3)]);
    assert_eq!(rows(&driver), 0, "{}", driver.screen());
}

#[test]
fn a_paused_batch_with_nothing_under_way_loses_nothing_by_quitting() {
    let mut driver = driver("80x24", Language::En);
    let ticket = plan(&mut driver);
    driver.keys("B");
    half(&mut driver, ticket);
    driver.keys("<space> <esc> q");
    assert!(driver.screen().contains("answers under way would be lost"), "{}", driver.screen());
    let end = |number, id| finished(number, id, ITEM, Source::Live);
    runs(&mut driver, ticket, vec![end(3, "610947572362"), end(6, "610947572363")]);
    driver.keys("j q");
    let screen = driver.screen();
    assert!(screen.contains("The batch is paused, and its rest will not be bought"), "{screen}");
    assert_eq!(driver.keys("q"), [Effect::Quit]);
}

#[test]
fn ids_of_another_pane_are_a_list() {
    let ids = [item_id("610947572360"), item_id("610947572361")];
    assert_eq!(BatchList::from_ids(&ids), BatchList::Text("610947572360\n610947572361".into()));
    assert_eq!(planned_list(false).rows[3].subject, RowSubject::Text("none yet".to_owned()));
}

/// The batch of an explorer under random keys: what the engine and the planner would report.
#[derive(Debug, Default)]
pub(crate) struct FakeBatch {
    planning: Option<(BatchTicket, bool)>,
    running: Option<BatchTicket>,
}

impl FakeBatch {
    /// Notes what was asked of it; returns how many times it was started or resumed for money.
    pub(crate) fn note(&mut self, effects: &[Effect]) -> usize {
        let mut purchases = 0;
        for effect in effects {
            match effect {
                Effect::PlanBatch(request) => {
                    self.planning = Some((request.ticket, request.settings.retry_unknown));
                }
                Effect::RunBatch(order) => {
                    purchases += usize::from(order.max_calls() > 0);
                    self.running = Some(order.ticket());
                }
                Effect::CommandBatch(BatchCommand::Resume) => purchases += 1,
                _ => {}
            }
        }
        purchases
    }

    pub(crate) fn is_planning(&self) -> bool {
        self.planning.is_some()
    }

    /// Reports a plan that was asked for, or something of the batch that runs; returns false if there is nothing.
    pub(crate) fn reports(&mut self, driver: &mut Driver, dice: &mut SeededRng) -> bool {
        if let Some((ticket, retries_unknown)) = self.planning.take() {
            let violation = match dice.below(8) {
                0 => Some(GuardViolation::Blocked(block())),
                1 => Some(GuardViolation::Cap { cap: 5, used: 5 }),
                _ => None,
            };
            let mut planned = planned_list(retries_unknown);
            if let Some(violation) = violation {
                planned.plan.allowed = AllowedCalls { calls: 0, refusal: Some(NotSent::Guarded(violation)) };
            }
            drop(driver.update(Event::Batch(ticket, BatchNews::Planned(Box::new(planned)))));
            return true;
        }
        let Some(ticket) = self.running.filter(|_| dice.below(2) == 0) else { return false };
        let event = match dice.below(6) {
            0 => stopped(StopReason::Asked, 4),
            1 => finished(2, "610947572361", ITEM, Source::Live),
            2 => finished(2, "610947572361", "error_4013_quota.json", Source::Live),
            _ => started(2, "610947572361"),
        };
        self.running = self.running.filter(|_| !matches!(event, BatchEvent::Stopped { .. }));
        drop(driver.update(Event::Batch(ticket, BatchNews::Run(vec![event]))));
        true
    }
}

#[rstest]
fn its_screens(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = driver(size, language);
    let named = |stage: &str| format!("batch_{stage}_{size}_{}", code(language));
    driver.keys("<esc> b");
    check(&named("list"), &driver.screen());
    driver.keys("<esc>");
    let ticket = plan(&mut driver);
    check(&named("planned"), &driver.screen());
    driver.keys("B");
    half(&mut driver, ticket);
    check(&named("running"), &driver.screen());
    let events = vec![
        finished(3, "610947572362", ITEM, Source::Live),
        finished(6, "610947572363", "error_4013_quota.json", Source::Live),
        stopped(StopReason::Refused(NotSent::Guarded(GuardViolation::Cap { cap: 5, used: 5 })), 2),
    ];
    runs(&mut driver, ticket, events);
    check(&named("ended"), &driver.screen());
}
