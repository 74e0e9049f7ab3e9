//! The plan of a batch: what it would send by all limits and guards, before it sends anything.

use jiff::{SignedDuration, Timestamp};
use onebound_emulator::{Clock, Settings};
use serde_json::json;

use super::batch::{LIST, id, ids, numbers, with_delay};
use super::shell::{KEY, SECRET, Shell};
use crate::tui::pty::Setup;

#[test]
fn a_plan_says_what_is_stored_and_what_would_be_bought_and_sends_nothing() {
    let shell = Shell::with(with_delay(0));
    shell.configure("[money]\nprice_per_call = \"0.02\"\n");
    let list = shell.file("list.csv", LIST);
    shell.run(&["get", "610947572360"]);
    let plan = shell.run(&["batch", &list, "--plan"]);
    assert_eq!(plan.code, Some(0), "{plan:?}");
    assert!(plan.stdout.starts_with("2 lines: 1 from the store, 1 to buy\n0.02 yuan at most"), "{plan:?}");
    assert!(plan.stdout.contains("9999 calls left today"), "{plan:?}");
    let json = shell.run(&["batch", &list, "--plan", "--json"]).records();
    for (name, value) in [
        ("lines", json!(2)),
        ("from_store", json!(1)),
        ("to_buy", json!(1)),
        ("invalid", json!(1)),
        ("duplicates", json!(1)),
        ("quota_left", json!(9_999)),
        ("cost", json!("0.02")),
        ("in_doubt", json!([])),
    ] {
        assert_eq!(json[0][name], value, "{name}: {json:?}");
    }
    let dry = shell.run(&["batch", &list, "--dry-run", "--fields", "to_buy", "--ui-lang", "zh"]);
    assert_eq!((dry.stdout.as_str(), shell.emulator().calls()), ("{\"to_buy\":1}\n", 1), "{dry:?}");
}

#[test]
fn a_dry_run_asks_the_guards_and_ends_as_the_batch_does() {
    for (limit, config, sent, code) in [
        (&[][..], "", 6, 0),
        (&["--max-calls", "2"], "", 2, 8),
        (&["--max-calls", "0"], "", 0, 8),
        (&["--max-cost", "0.07"], "", 3, 8),
        (&["--cap", "5"], "", 4, 8),
        (&[], "reserve = 9997\n", 2, 8),
        (&["--offline"], "", 0, 10),
        (&["--max-calls", "6"], "", 6, 0),
    ] {
        let shell = Shell::with(with_delay(0));
        shell.configure(&format!("[money]\nprice_per_call = \"0.02\"\n{config}"));
        shell.run(&["get", &id(0)]);
        let list = shell.file("list.txt", &ids(0..7));
        let batch = [&["batch", &list, "--json"], limit].concat();
        let dry = shell.run(&[&batch[..], &["--dry-run"]].concat());
        assert_eq!(shell.emulator().calls(), 1, "{limit:?}: {dry:?}");
        let real = shell.run(&[&batch[..], &["--yes", "--concurrency", "1"]].concat());
        assert_eq!((dry.code, real.code), (Some(code), Some(code)), "{limit:?}: {dry:?} {real:?}");
        let (plan, money) = (&dry.records()[0], &real.reported("money")[0]);
        assert_eq!((&plan["allowed"], &money["billed"]), (&json!(sent), &json!(sent)), "{limit:?}: {dry:?}");
        assert_eq!((&plan["to_buy"], &plan["cost"]), (&json!(6), &json!("0.12")));
        assert_eq!(plan["allowed_cost"], format!("0.{:02}", sent * 2));
        if code == 8 {
            let why = plan["refusal"].as_str().unwrap();
            assert_eq!(real.reported("error")[0]["message"], format!("Not sent: {why}"), "{limit:?}");
        }
        assert_eq!(shell.run(&[&batch[..], &["--plan"]].concat()).code, Some(0));
    }
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.csv", LIST);
    let rubbish = shell.run(&["batch", &list, "--dry-run", "--max-calls", "1"]);
    assert_eq!(rubbish.code, Some(8), "{rubbish:?}");
    assert!(rubbish.stdout.contains("\n1 of 2 would be sent · no price is set"), "{rubbish:?}");
    assert!(rubbish.stdout.ends_with("Then it stops: the limit of this run is reached, 1 call\n"));
    assert_eq!(shell.run(&["batch", &list, "--dry-run"]).code, Some(10));
    let carried = shell.run(&["batch", &list, "--dry-run", "--cap", "1", "--carry", "--json"]);
    assert_eq!((carried.code, &carried.records()[0]["allowed"]), (Some(10), &json!(1)), "{carried:?}");
    assert!(carried.records()[0]["goes_on_at"].as_str().is_some_and(|at| at.ends_with("T16:00:00Z")));
}

#[test]
fn the_question_names_what_a_limit_allows_and_is_not_asked_where_nothing_is_allowed() {
    let setup =
        || Setup::new().args(&["batch", "list.txt", "--demo", "--max-calls", "2", "--fields", "line"]);
    let setup = setup();
    std::fs::write(setup.home().join("list.txt"), ids(0..5)).unwrap();
    let mut session = setup.start();
    session.wait_for("Buy 2 of 5 answers? [y/N]");
    session.write_at_once("y\r");
    session.wait_for("2 billed");
    assert_eq!(session.wait_exit(), 8, "{}", session.picture());
    let shell = Shell::with(with_delay(0));
    shell.run(&["get", &id(1)]);
    shell.run(&["get", "610947574013"]);
    let list = shell.file("list.txt", &ids(0..3));
    let blocked = shell.run_without_terminal(&["batch", &list, "--fields", "line"]);
    assert_eq!((blocked.code, numbers(&blocked.records())), (Some(8), [2].into()), "{blocked:?}");
    assert!(blocked.stderr.contains("obx: Nothing would be sent: quota exhausted at "), "{blocked:?}");
    assert!(blocked.stderr.contains("obx: Not sent: quota exhausted"), "{blocked:?}");
    let plan = shell.run(&["batch", &list, "--plan"]);
    assert!(!plan.stdout.contains("Not sent"), "nothing was to be sent yet: {plan:?}");
    assert_eq!(shell.emulator().calls(), 2);
}

#[test]
fn lines_that_are_added_behind_the_question_are_not_bought() {
    let setup = Setup::new().args(&["batch", "list.txt", "--demo"]);
    let list = setup.home().join("list.txt");
    std::fs::write(&list, ids(0..2)).unwrap();
    let mut session = setup.start();
    session.wait_for("Buy 2 answers? [y/N]");
    std::fs::write(&list, ids(0..5)).unwrap();
    session.write_at_once("y\r");
    session.wait_for("2 billed");
    assert_eq!(session.wait_exit(), 8, "{}", session.picture());
    assert!(session.shows("2 calls confirmed, and all of them used up"), "{}", session.picture());
}

#[test]
fn when_the_day_turns_behind_the_question_no_more_is_bought_than_it_named() {
    let clock = Clock::at(Timestamp::now());
    let shell = Shell::with(Settings { clock: clock.clone(), ..with_delay(0) });
    shell.configure("[money]\nprice_per_call = \"0.02\"\nreserve = 9997\n");
    shell.run(&["get", &id(0)]);
    // The first call is refused for nothing, and gives its place to another.
    let list = shell.file("list.txt", &format!("610947574008\n{}", ids(1..6)));
    let args = ["batch", &list, "--concurrency", "1", "--fields", "line"];
    let account = Setup::new().args(&args).account(shell.host());
    let home = shell.home.path().to_str().unwrap();
    let mut session = account.var("OBX_KEY", KEY).var("OBX_SECRET", SECRET).var("HOME", home).start();
    session.wait_for("Buy 2 of 6 answers, for 0.04 yuan at most? [y/N]");
    clock.advance(SignedDuration::from_hours(24));
    session.write_at_once("y\r");
    session.wait_for("2 billed");
    assert_eq!(session.wait_exit(), 8, "{}", session.picture());
    assert!(session.shows("2 calls confirmed, and all of them used up"), "{}", session.picture());
    assert_eq!((shell.emulator().calls(), shell.emulator().today()), (4, 2));
}

#[test]
fn what_a_carried_batch_buys_behind_midnight_is_in_the_question() {
    let setup = Setup::new().args(&["batch", "list.txt", "--demo", "--cap", "2", "--carry"]);
    std::fs::write(setup.home().join("list.txt"), ids(0..5)).unwrap();
    let mut session = setup.start();
    session.wait_for("Buy 5 answers? [y/N]");
    session.write_at_once("n\r");
    assert_eq!(session.wait_exit(), 8, "{}", session.picture());
}

#[test]
fn an_empty_list_is_no_mistake_and_unicode_text_of_windows_is_read() {
    let shell = Shell::with(with_delay(0));
    for name in ["empty.txt", "empty.csv"] {
        let empty = shell.run(&["batch", &shell.file(name, ""), "--yes", "--json"]);
        assert_eq!((empty.code, empty.stdout.as_str()), (Some(0), ""), "{empty:?}");
        assert_eq!(empty.reported("plan")[0]["lines"], 0, "{empty:?}");
    }
    let utf16 = "\u{feff}610947572360\r\n610947572361\r\n".encode_utf16().flat_map(u16::to_le_bytes);
    let list = shell.home.path().join("unicode.txt");
    std::fs::write(&list, utf16.collect::<Vec<u8>>()).unwrap();
    let ran = shell.run(&["batch", list.to_str().unwrap(), "--plan"]);
    assert!(ran.stdout.starts_with("2 lines: 0 from the store, 2 to buy\n"), "{ran:?}");
}

#[test]
fn numbers_that_are_hardly_items_are_noted_before_they_are_bought() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", "13800138000\n12\n610947572360\n");
    let plan = shell.run(&["batch", &list, "--plan"]);
    for line in ["obx: line 1: 13800138000 is unusual", "obx: line 2: 12 is unusual"] {
        assert!(plan.stderr.contains(line), "{plan:?}");
    }
    assert!(!plan.stderr.contains("line 3") && plan.stdout.starts_with("3 lines:"), "{plan:?}");
}

#[test]
fn a_terminal_shows_how_much_of_a_long_list_is_read() {
    let setup = Setup::new().args(&["batch", "list.txt", "--demo", "--plan"]);
    let list: String = (0..60_000_u64).map(|number| (610_000_000_000 + number).to_string() + "\n").collect();
    std::fs::write(setup.home().join("list.txt"), list).unwrap();
    let mut session = setup.start();
    session.wait_for("reading the list and what the store has of it: ");
    session.wait_for("60000 lines: 0 from the store, 60000 to buy");
    assert_eq!(session.wait_exit(), 0);
    assert!(!session.picture().contains("reading the list"), "{}", session.picture());
}
