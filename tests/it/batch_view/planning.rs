//! The plan of a batch in the explorer: how it comes about, what it says, and what buys it.

use obx::message::{BatchList, RowSubject};
use obx_core::batch::InputError;
use obx_core::fetch::BudgetViolation;

use super::*;

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
    driver.update(Event::Batch(ticket, BatchUpdate::Planned(Box::default())));
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
fn ids_of_another_pane_are_a_list() {
    let ids = [item_id("610947572360"), item_id("610947572361")];
    assert_eq!(BatchList::from_ids(&ids), BatchList::Text("610947572360\n610947572361".into()));
    assert_eq!(planned_list(false).rows[3].subject, RowSubject::Text("none yet".to_owned()));
}

#[rstest]
fn a_path_that_cannot_be_read_stays_in_the_input_with_the_reason_below_it(
    #[values("60x16", "80x24")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = driver(size, language);
    driver.keys("<esc> b");
    driver.type_text("/lists/of/mine/lits.csv");
    let effects = driver.keys("<enter>");
    let Some(Effect::PlanBatch(request)) = effects.first() else { panic!("{effects:?}") };
    let missing = InputError::Io(std::io::ErrorKind::NotFound.into());
    let news = BatchUpdate::NotPlanned(missing.into());
    assert_eq!(driver.update(Event::Batch(request.ticket, news)), []);
    for _ in 0..2 {
        let screen = driver.screen();
        let why = if language == Language::En { "The list can't be read" } else { "无法读取列表" };
        let typed = screen.lines().position(|line| line.contains("/lists/of/mine/lits.csv")).unwrap();
        assert!(screen.lines().nth(typed + 1).unwrap().contains(why), "{screen}");
        // It is there as well when the popup comes back.
        assert_eq!(driver.keys("<esc> b"), []);
    }
    driver.keys("<backspace>");
    driver.type_text("x");
    let again = driver.keys("<enter>");
    let Some(Effect::PlanBatch(request)) = again.first() else { panic!("{again:?}") };
    assert_eq!(request.list, BatchList::File("/lists/of/mine/lits.csx".to_owned()));
}
