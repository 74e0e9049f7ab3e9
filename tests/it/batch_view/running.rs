//! A batch in the explorer from its start to its end.

use obx_core::fetch::BudgetViolation;
use onebound::SentCall;

use super::*;

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
