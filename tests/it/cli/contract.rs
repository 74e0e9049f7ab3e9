//! What holds for every command: streams, forms of output, errors, exit codes, the money line.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::Duration;

use onebound_emulator::{Delay, Settings};
use serde_json::Value;

use super::shell::{Ran, Shell};
use crate::tui::pty::{signal, wait_until};

const ITEM: &str = "610947572360";

#[test]
fn global_options_work_before_and_after_the_subcommand() {
    let shell = Shell::new();
    let before = shell.run(&["--ui-lang", "zh", "--quiet", "errors", "4008"]);
    let after = shell.run(&["errors", "4008", "--ui-lang", "zh", "--quiet"]);
    assert_eq!((before.code, &before.stdout), (Some(0), &after.stdout));
    assert!(before.stdout.contains("并发已达上限"), "{}", before.stdout);
    // A profile is looked for, not refused because of where it is written.
    for args in [["--profile", "nobody", "get", ITEM], ["get", ITEM, "--profile", "nobody"]] {
        let ran = shell.run(&args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("there is no profile \"nobody\""), "{ran:?}");
    }
}

#[test]
fn a_mistyped_subcommand_names_the_nearest_wherever_it_is() {
    let shell = Shell::new();
    for args in [&["gte", ITEM][..], &["--ui-lang", "en", "gte"], &["--cap", "5", "gte"]] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("unknown subcommand 'gte'") && ran.stderr.contains("'get'"), "{ran:?}");
    }
}

#[test]
fn several_ids_mean_get_and_it_says_so() {
    let shell = Shell::new();
    let ran = shell.run(&[ITEM, "610947572001", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(0), 2), "{ran:?}");
    let ran = shell.run(&[ITEM, "610947572001"]);
    assert!(ran.stderr.contains("the same as `obx get 610947572360 610947572001`"), "{ran:?}");
}

#[test]
fn errors_are_text_or_one_json_object_on_stderr() {
    let shell = Shell::new();
    let text = shell.run(&["get", "610947574013"]);
    assert_eq!((text.code, text.stdout.as_str()), (Some(5), ""), "{text:?}");
    assert!(text.stderr.contains("obx: 610947574013: 4013"), "{text:?}");
    // The block of the first answer keeps the second call from being sent.
    let shell = Shell::new();
    let json = shell.run(&["get", "610947574013", "--json"]);
    let errors = json.reported("error");
    assert_eq!((json.code, errors.len()), (Some(5), 1), "{json:?}");
    let (error, expected) = (&errors[0], [("class", "quota"), ("error_code", "4013"), ("retry", "tomorrow")]);
    for (name, value) in expected {
        assert_eq!(error[name], value, "{error}");
    }
    assert_eq!(error["billed"], false, "{error}");
    assert!(error["request_id"].is_string() && error["hint"].is_string(), "{error}");
    let usage = shell.run(&["errors", "4099", "--json"]);
    assert_eq!(usage.reported("error")[0]["class"], "usage", "{usage:?}");
    let mistyped = shell.run(&["get", "--no-such-flag", "--json"]);
    assert_eq!(mistyped.reported("error")[0]["class"], "usage", "{mistyped:?}");
}

#[test]
fn the_exit_code_tells_why_an_item_was_not_got() {
    for (id, code) in [
        ("610947572360", 0),
        ("610947572000", 3),
        ("610947574003", 2),
        ("610947574004", 4),
        ("610947574005", 4),
        ("610947574008", 5),
        ("610947574013", 5),
        ("610947574016", 4),
        ("610947574000", 7),
        ("610947575000", 7),
    ] {
        let shell = Shell::new();
        let ran = shell.run(&["get", id, "--quiet"]);
        assert_eq!(ran.code, Some(code), "{id}: {ran:?}");
    }
    let shell = Shell::new();
    assert_eq!(shell.run(&["get", ITEM, "--host", "http://127.0.0.1:9"]).code, Some(6));
    assert_eq!(shell.run(&["get", ITEM, "--offline"]).code, Some(8));
    assert_eq!(shell.run(&["get", "no-id-at-all"]).code, Some(2));
    let some = shell.run(&["get", ITEM, "610947572000"]);
    assert_eq!(some.code, Some(10), "{some:?}");
}

#[test]
fn the_money_line_says_what_was_paid_and_what_is_left() {
    let shell = Shell::new();
    shell.configure("[money]\nprice_per_call = \"0.02\"\n");
    let ran = shell.run(&["get", ITEM, "610947572000"]);
    assert!(ran.stderr.ends_with("2 billed (0.04 yuan) · 9998 of 10000 left\n"), "{ran:?}");
    let again = shell.run(&["get", ITEM]);
    assert!(again.stderr.ends_with("0 billed · 1 from the store\n"), "{again:?}");
    let money = shell.run(&["get", ITEM, "--json"]).reported("money");
    assert_eq!((&money[0]["from_store"], &money[0]["billed"]), (&1.into(), &0.into()));
    assert_eq!(shell.run(&["get", ITEM, "--quiet"]).stderr, "");
}

#[test]
fn without_credentials_a_command_that_calls_is_refused_unless_the_demo_is_asked_for() {
    let shell = Shell::new();
    let refused = Ran::new(&shell.anonymous(&["get", ITEM]).output().unwrap());
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("OBX_KEY") && refused.stderr.contains("--demo"), "{refused:?}");
    let demo = Ran::new(&shell.anonymous(&["get", ITEM, "--demo"]).output().unwrap());
    assert_eq!(demo.code, Some(0), "{demo:?}");
    assert!(demo.stderr.contains("DEMO"), "{demo:?}");
}

#[test]
fn a_run_never_passes_its_limits() {
    let shell = Shell::new();
    let ran =
        shell.run(&["get", "610947572361", "610947572362", "610947572363", "--max-calls", "2", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(10), 2), "{ran:?}");
    assert_eq!(ran.reported("error")[0]["class"], "refused");
    assert_eq!(ran.reported("money")[0]["billed"], 2);
    let without_price = shell.run(&["get", ITEM, "--max-cost", "1"]);
    assert_eq!(without_price.code, Some(2));
    assert!(without_price.stderr.contains("price_per_call"), "{without_price:?}");
    shell.configure("[money]\nprice_per_call = \"0.02\"\n");
    let ran = shell.run(&["get", "610947572364", "610947572365", "--max-cost", "0.03", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(10), 1), "{ran:?}");
}

#[test]
fn a_dry_run_sends_nothing_and_shows_no_key() {
    let shell = Shell::new();
    let planned = shell.run(&["get", ITEM, "--dry-run"]);
    assert_eq!(planned.code, Some(0), "{planned:?}");
    assert!(
        planned.stdout.contains("/1688/item_get/?key=***&secret=***&num_iid=610947572360"),
        "{planned:?}"
    );
    // Nothing was bought by the first.
    assert!(shell.run(&["get", ITEM]).stderr.contains("1 billed"));
    let planned = shell.run(&["get", ITEM, "--dry-run"]);
    assert!(planned.stdout.contains("from the store"), "{planned:?}");
}

#[test]
fn a_dry_run_names_the_limits_that_would_refuse_a_call_and_the_sum() {
    let shell = Shell::new();
    shell.configure("[money]\nprice_per_call = \"0.02\"\n");
    let plan = |args: &[&str]| {
        let ids = ["get", "610947572361", "610947572362", "610947572363", "--dry-run", "--json"];
        let ran = shell.run(&[&ids[..], args].concat());
        let from = |record: Value| record["from"].as_str().unwrap().to_owned();
        let records: Vec<String> = ran.records().into_iter().map(from).collect();
        (ran.code, records.join(" "), ran)
    };
    for (args, code, expected) in [
        (&[][..], 0, "call call call"),
        (&["--offline"], 8, "nothing nothing nothing"),
        (&["--max-calls", "0"], 8, "nothing nothing nothing"),
        (&["--max-calls", "2"], 10, "call call nothing"),
        (&["--max-cost", "0.03"], 10, "call nothing nothing"),
        (&["--cap", "1"], 10, "call nothing nothing"),
    ] {
        let (ended, from, ran) = plan(args);
        assert_eq!((ended, from.as_str()), (Some(code), expected), "{args:?}: {ran:?}");
    }
    let (_, _, ran) = plan(&[]);
    assert_eq!(
        (&ran.reported("plan")[0]["calls"], &ran.reported("plan")[0]["cost"]),
        (&3.into(), &"0.06".into())
    );
    shell.run(&["get", "610947574013"]);
    let (blocked, _, ran) = plan(&[]);
    assert_eq!(blocked, Some(8), "{ran:?}");
    let (after_block, _, ran) = plan(&["--reserve", "9999"]);
    assert_eq!(after_block, Some(8), "{ran:?}");
    let encoded = Shell::new().run(&["search", "a b&c", "--top", "3", "--details", "--dry-run", "--json"]);
    let records = encoded.records();
    assert!(records[0]["url"].as_str().unwrap().contains("q=a%20b%26c"), "{encoded:?}");
    assert_eq!((&records[1]["calls"], &records[1]["url"]), (&3.into(), &Value::Null), "{encoded:?}");
}

#[test]
fn fields_are_listed_picked_and_checked_before_anything_is_paid() {
    let shell = Shell::new();
    let listed = shell.run(&["get", "--fields"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.stdout.lines().any(|line| line.starts_with("num_iid  ")), "{listed:?}");
    let mistyped = shell.run(&["get", ITEM, "--fields", "num_iid,prise"]);
    assert_eq!((mistyped.code, mistyped.stdout.as_str()), (Some(2), ""));
    assert!(mistyped.stderr.contains("price") && !mistyped.stderr.contains("1 billed"), "{mistyped:?}");
    let picked = shell.run(&["get", ITEM, "--fields", "price,num_iid"]);
    assert_eq!(picked.stdout, "{\"price\":\"799.00\",\"num_iid\":\"610947572360\"}\n");
    let csv = shell.run(&["get", ITEM, "--csv", "--fields", "num_iid,price"]);
    assert_eq!(csv.stdout, "num_iid,price\r\n610947572360,799.00\r\n");
    let jq = shell.run(&["get", ITEM, "--jq", ".title, .skus[0].stock"]);
    assert!(jq.stdout.starts_with("厂家直销小米有品") && jq.stdout.ends_with("\n932\n"), "{jq:?}");
    let broken = shell.run(&["get", "610947572369", "--jq", ".["]);
    assert_eq!(broken.code, Some(2));
    assert!(!broken.stderr.contains("billed"), "{broken:?}");
}

#[test]
fn stdout_has_no_colour_unless_it_is_asked_for() {
    let shell = Shell::new();
    assert!(!shell.run(&["get", ITEM]).stdout.contains('\u{1b}'));
    assert!(shell.run(&["get", ITEM, "--color", "always"]).stdout.contains("\u{1b}[1m"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let shell = Shell::new();
    let mut child = shell.command(&["get", ITEM, "610947572361", "--json"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{stderr}");
    assert!(!stderr.contains("roken pipe") && !stderr.contains("panic"), "{stderr}");
}

#[test]
fn an_interrupt_keeps_what_was_paid() {
    let delay: Delay = "1".parse().unwrap();
    let shell = Shell::with(Settings { delay, ..Settings::default() });
    let mut child = shell.command(&["get", ITEM, "610947572361"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400)); // the call is under way: nothing outside shows that
    signal(child.id(), "INT");
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let status = wait_until("its end", || child.try_wait().unwrap());
    assert_eq!((status.code(), status.signal()), (Some(130), None), "{stderr}");
    assert!(stderr.contains("waiting for 1"), "{stderr}");
    // The first was paid, and is there; the second was never sent.
    let offline = shell.run(&["get", ITEM, "610947572361", "--offline", "--json"]);
    assert_eq!(offline.records().len(), 1, "{offline:?}");
}

#[test]
fn a_call_that_a_second_signal_gives_up_is_counted_as_unknown() {
    let delay: Delay = "20".parse().unwrap();
    let shell = Shell::with(Settings { delay, ..Settings::default() });
    for (args, second) in [(&["get", ITEM, "--json"][..], "INT"), (&["search", "手机壳", "--json"], "TERM")]
    {
        let calls = shell.emulator().calls();
        let child = shell.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until("the call", || (shell.emulator().calls() > calls).then_some(()));
        signal(child.id(), "INT");
        std::thread::sleep(Duration::from_millis(400)); // it waits for the call: nothing outside shows that
        signal(child.id(), second);
        let ran = Ran::new(&child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(130), "{ran:?}");
        let (error, money) = (&ran.reported("error")[0], &ran.reported("money")[0]);
        assert_eq!((&error["class"], &error["billed"]), (&"interrupted".into(), &Value::Null), "{ran:?}");
        assert_eq!((&money["unknown"], &money["billed"]), (&1.into(), &0.into()), "{ran:?}");
    }
}

#[test]
fn a_jq_program_without_an_end_is_ended_by_a_signal_and_what_was_paid_is_kept() {
    let shell = Shell::new();
    let mut child = shell.command(&["get", ITEM, "--jq", "def f: f; f"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500)); // the program is running: nothing outside shows that
    signal(child.id(), "TERM");
    let status = wait_until("its end", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(143));
    assert_eq!(shell.run(&["get", ITEM, "--offline", "--json"]).records().len(), 1);
}

#[test]
fn what_was_paid_is_the_last_line_behind_an_error_and_a_stored_answer_is_not_billed_again() {
    let shell = Shell::new();
    let mistyped = shell.run(&["get", ITEM, "--json", "--fields", "nope"]);
    assert!(mistyped.stderr.lines().last().unwrap().contains("money"), "{mistyped:?}");
    let [first, again] = [(); 2].map(|()| shell.run(&["get", "610947572000", "--json"]));
    assert_eq!(
        (&first.reported("error")[0]["billed"], &again.reported("error")[0]["billed"]),
        (&true.into(), &false.into())
    );
    let planned = shell.run(&["get", ITEM, "--dry-run", "--json"]).records();
    assert_eq!(planned[0]["from"], "call", "{planned:?}");
    let forged = shell.run(&["get", "61\nobx: fake"]);
    assert!(!forged.stderr.contains("\nobx: fake"), "{forged:?}");
}

#[test]
fn what_the_store_answers_is_never_called_billed() {
    let shell = Shell::new();
    let billed =
        |args: &[&str]| shell.run(&[args, &["--json"]].concat()).reported("error")[0]["billed"].clone();
    let search = ["search", "--shop", "b2b-nobody"];
    assert_eq!((billed(&search), billed(&search)), (true.into(), false.into()));
    let _ = shell.run(&["get", "610947572000"]);
    assert_eq!(billed(&["show", "610947572000"]), false);
}

#[test]
fn demo_says_that_nothing_is_spent_and_reads_no_store() {
    let shell = Shell::new();
    let demo = shell.run(&["--demo", "get", ITEM]);
    assert!(demo.stderr.contains("DEMO, no money is spent: 1 billed"), "{demo:?}");
    let money = shell.run(&["--demo", "get", ITEM, "--json"]).reported("money");
    assert_eq!((&money[0]["demo"], &money[0]["cost"]), (&true.into(), &Value::Null));
    assert_eq!(shell.run(&["get", ITEM, "--json"]).reported("money")[0]["demo"], false);
    for args in [
        &["show", ITEM][..],
        &["history", ITEM],
        &["diff", ITEM],
        &["find", "x"],
        &["log"],
        &["export"],
        &["quota"],
    ] {
        let ran = shell.run(&[args, &["--demo"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    }
}
