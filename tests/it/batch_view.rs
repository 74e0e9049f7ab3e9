//! The batch in the explorer, without its shell: what is bought and when, and what it looks like.

mod fake_batch;
mod planning;
mod running;
mod stages;

use std::sync::Arc;
use std::time::Duration;

use obx::message::{BatchRowState, BatchTicket, BatchUpdate, Effect, Event, PlannedList, batch_rows};
use obx_core::batch::{
    BatchEvent, BatchInput, BatchLine, BatchPlan, BatchSummary, DoubtfulLine, InputFormat, LineResult,
    LineState, StopReason,
};
use obx_core::fetch::{AllowedCalls, Fetched, NotSent, Source};
use obx_core::i18n::Language;
use obx_core::store::{Block, BlockReason, ExchangeId, GuardViolation};
use onebound::{Call, Fingerprint};
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::{Driver, KEY, at, effect_name, exchange, item_id, response};
pub(crate) use fake_batch::FakeBatch;

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
    let news = BatchUpdate::Planned(Box::new(planned_list(retries_unknown)));
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
    assert_eq!(driver.update(Event::Batch(ticket, BatchUpdate::Planned(Box::new(planned)))), []);
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
    assert_eq!(driver.update(Event::Batch(ticket, BatchUpdate::Run(events))), []);
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
