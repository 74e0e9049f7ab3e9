//! `obx get`

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use onebound_emulator::{Delay, Settings};
use rusqlite::Connection;
use serde_json::Value;

use super::batch::{id, wait_for_calls, with_delay};
use super::shell::{Ran, Shell};
use crate::tui::pty::wait_until;

const ITEM: &str = "610947572360";

#[test]
fn an_item_is_a_card_and_a_table_of_its_skus() {
    let shell = Shell::new();
    let text = shell.run(&["get", ITEM]).stdout;
    for part in ["厂家直销小米有品", "799.00", "机身内存  颜色", "4309097072612"] {
        assert!(text.contains(part), "{text}");
    }
    let skus = shell.run(&["get", ITEM, "--skus"]).stdout;
    assert_eq!(skus.lines().count(), 3, "{skus}");
    let chinese = shell.run(&["get", ITEM, "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("价格") && chinese.contains("来自存档"), "{chinese}");
}

#[test]
fn skus_are_records_of_their_own() {
    let shell = Shell::new();
    let records = shell.run(&["get", ITEM, "--skus", "--json", "--fields", "sku_id,price,stock"]).records();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].to_string(), r#"{"sku_id":"4309097072612","price":"799.00","stock":932}"#);
    let csv = shell.run(&["get", ITEM, "--skus", "--csv", "--fields", "sku_id,stock"]).stdout;
    assert_eq!(csv, "sku_id,stock\r\n4309097072612,932\r\n4302217872901,831\r\n");
}

#[test]
fn raw_is_the_body_as_it_came() {
    let shell = Shell::new();
    let raw = shell.run(&["get", ITEM, "--raw"]).stdout;
    assert!(raw.starts_with('{') && raw.contains("\"error_code\""), "{raw}");
    let xml = shell.run(&["get", ITEM, "--raw", "--result-type", "xml"]).stdout;
    assert!(xml.trim_start().starts_with('<'), "{xml}");
}

#[test]
fn ids_are_found_in_addresses_shared_text_and_on_stdin() {
    let shell = Shell::new();
    let args = [
        "get",
        "--fields",
        "num_iid",
        "https://detail.1688.com/offer/610947572360.html",
        "看下这个 610947572361",
        "-",
    ];
    let mut child = shell
        .command(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all("610947572362\n\n商品ID：610947572363，起订量2件\n610947572360\n".as_bytes())
        .unwrap();
    let ran = Ran::new(&child.wait_with_output().unwrap());
    let ids: Vec<String> =
        ran.records().iter().map(|record| record["num_iid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, ["610947572360", "610947572361", "610947572362", "610947572363"], "{ran:?}");
    assert!(ran.stderr.contains("610947572360 was given before"), "{ran:?}");
}

#[test]
fn a_fresh_stored_answer_is_bought_again_only_on_request() {
    let shell = Shell::new();
    assert!(shell.run(&["get", ITEM]).stderr.contains("1 billed"));
    assert!(shell.run(&["get", ITEM]).stderr.contains("0 billed · 1 from the store"));
    assert!(shell.run(&["get", ITEM, "--fresh"]).stderr.contains("1 billed"));
}

/// Starts a command whose call takes a second; returns it with its store once the call was sent.
fn begun(shell: &Shell, args: &[&str]) -> (Child, PathBuf) {
    let child = shell.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("a call", || (shell.emulator().calls() > 0).then_some(()));
    (child, shell.home.path().join(".local/share/obx/store.sqlite"))
}

fn slow() -> Shell {
    let second = Duration::from_secs(1);
    Shell::with(Settings { delay: Delay::between(second, second), ..Settings::default() })
}

#[test]
fn an_answer_that_cannot_be_stored_is_printed_and_reported_with_1() {
    for args in
        [&["get", ITEM, "610947572361", "--raw"][..], &["get", ITEM, "--json"], &["search", "手机", "--json"]]
    {
        let shell = slow();
        let (child, store) = begun(&shell, args);
        std::fs::remove_file(&store).unwrap();
        let ran = Ran::new(&child.wait_with_output().unwrap());
        // The answer is on stdout, and nothing more is bought.
        assert_eq!(
            (ran.code, ran.stdout.is_empty(), shell.emulator().calls()),
            (Some(1), false, 1),
            "{ran:?}"
        );
        assert!(ran.stderr.contains("paid for, but not in the store"), "{ran:?}");
        if args.contains(&"--json") {
            let error = &ran.reported("error")[0];
            assert_eq!((&error["class"], &error["billed"]), (&"internal".into(), &Value::Null), "{error}");
            assert_eq!(ran.reported("money")[0]["billed"], 1, "{ran:?}");
        }
    }
}

#[test]
fn an_answer_waits_for_a_store_that_another_program_has_locked() {
    let shell = slow();
    let (mut child, store) = begun(&shell, &["get", ITEM]);
    let other = Connection::open(&store).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    // Longer than two attempts to write wait.
    let until = Instant::now() + Duration::from_secs(9);
    while Instant::now() < until {
        assert!(child.try_wait().unwrap().is_none(), "it ended without its answer");
        std::thread::sleep(Duration::from_millis(50));
    }
    other.execute_batch("COMMIT").unwrap();
    let ran = Ran::new(&child.wait_with_output().unwrap());
    assert_eq!(
        (ran.code, ran.stderr.contains("waiting to write what was paid for")),
        (Some(0), true),
        "{ran:?}"
    );
    let again = shell.run(&["get", ITEM]);
    assert!(again.stderr.contains("1 from the store"), "{again:?}");
    assert_eq!(shell.emulator().calls(), 1);
}

#[test]
fn an_item_whose_last_call_never_got_its_answer_is_bought_again_with_a_word() {
    let shell = Shell::with(with_delay(300));
    let [told, counted] = [0, 1].map(id);
    for item in [&told, &counted] {
        let mut get =
            shell.command(&["get", item]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        wait_for_calls(&shell, shell.emulator().calls() + 1, &mut get);
        get.kill().unwrap();
        assert_eq!(get.wait().unwrap().signal(), Some(9), "it had ended before");
    }
    let dry = shell.run(&["get", &counted, "--dry-run", "--json"]);
    assert!(dry.records()[0]["in_doubt"].as_str().unwrap().ends_with('Z'), "{dry:?}");
    assert!(shell.run(&["get", &told, "--dry-run"]).stderr.contains("this one may be as well"), "{dry:?}");
    let again = shell.run(&["get", &told]);
    let (note, money) = again.stderr.trim_end().rsplit_once('\n').unwrap();
    assert!(note.contains(&told) && note.contains("this one may be as well"), "{again:?}");
    assert!(money.ends_with(" left"), "{again:?}");
    let json = shell.run(&["get", &counted, "--json"]);
    let in_doubt = &json.reported("money")[0]["in_doubt"];
    assert_eq!((&in_doubt[0]["subject"], in_doubt.as_array().unwrap().len()), (&counted.as_str().into(), 1));
    assert!(in_doubt[0]["since"].as_str().unwrap().ends_with('Z'), "{json:?}");
    // It has been learnt by now.
    let known = shell.run(&["get", &told, "--fresh", "--json"]);
    assert_eq!(known.reported("money")[0]["in_doubt"], Value::Array(Vec::new()), "{known:?}");
}

#[test]
fn who_waits_for_a_call_that_is_killed_buys_no_other_without_being_asked() {
    let shell = Shell::with(with_delay(1000));
    let item = id(0);
    let start =
        || shell.command(&["get", &item]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = start();
    wait_for_calls(&shell, 1, &mut first);
    let second = start();
    // It waits for the first: its answer would else be the second call's own.
    std::thread::sleep(Duration::from_millis(300));
    first.kill().unwrap();
    let _ = first.wait().unwrap();
    let waited = second.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&waited.stderr);
    assert_eq!((waited.status.code(), shell.emulator().calls()), (Some(8), 1), "{stderr}");
    assert!(stderr.contains("its answer never came") && stderr.contains("The same command"), "{stderr}");
    let again = shell.run(&["get", &item]);
    assert_eq!((again.code, shell.emulator().calls()), (Some(0), 2), "{again:?}");
}
