//! `obx search`

use std::fs::File;
use std::process::Stdio;

use onebound_emulator::{Fault, Settings};

use super::shell::{Ran, Shell};
use crate::tui::pty::{CTRL_C, Setup};

/// The ID of each item that was printed as JSON.
fn ids(ran: &Ran) -> Vec<String> {
    ran.records().iter().map(|record| record["num_iid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_search_is_a_table_and_one_call() {
    let shell = Shell::new();
    let ran = shell.run(&["search", "手机", "--page-size", "5"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{ran:?}");
    assert!(lines[0].starts_with("Item ID") && lines[0].ends_with("Seller"), "{ran:?}");
    assert!(lines[1].chars().next().unwrap().is_ascii_digit(), "{ran:?}");
    assert!(ran.stderr.contains("page 1 of ") && ran.stderr.contains("--page 2 goes on"), "{ran:?}");
    assert!(ran.stderr.contains("1 billed"), "{ran:?}");
    let again = shell.run(&["search", "手机", "--page-size", "5"]);
    assert_eq!(again.stdout, ran.stdout);
    assert!(again.stderr.contains("from the store, fetched 20"), "{again:?}");
    assert!(again.stderr.contains("0 billed · 1 from the store"), "{again:?}");
    let chinese = shell.run(&["search", "手机", "--page-size", "5", "--ui-lang", "zh"]);
    assert!(chinese.stdout.starts_with("商品ID") && chinese.stderr.contains("第1/"), "{chinese:?}");
}

#[test]
fn records_have_a_schema_and_forms_of_their_own() {
    let shell = Shell::new();
    let listed = shell.run(&["search", "--fields"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.stdout.lines().any(|line| line.starts_with("sales_text  ")), "{listed:?}");
    let json = shell.run(&["search", "手机", "--page-size", "3", "--json"]);
    let records = json.records();
    assert_eq!(records.len(), 3, "{json:?}");
    assert_eq!((&records[2]["position"], &records[2]["page"]), (&3.into(), &1.into()));
    for name in ["title", "price", "seller", "url", "fetched_at"] {
        assert!(records[0][name].is_string(), "{name}: {}", records[0]);
    }
    let csv = shell.run(&["search", "手机", "--page-size", "3", "--csv", "--fields", "position,num_iid"]);
    let expected: Vec<String> =
        ids(&json).iter().enumerate().map(|(at, id)| format!("{},{id}", at + 1)).collect();
    assert_eq!(csv.stdout, format!("position,num_iid\r\n{}\r\n", expected.join("\r\n")));
    let mistyped = shell.run(&["search", "围巾", "--fields", "prise"]);
    assert_eq!((mistyped.code, mistyped.stdout.as_str()), (Some(2), ""));
    assert!(!mistyped.stderr.contains("1 billed"), "{mistyped:?}");
}

#[test]
fn its_ids_pipe_into_get() {
    let shell = Shell::new();
    let found = shell.run(&["search", "手机", "--page-size", "3", "--jq", ".num_iid"]);
    assert_eq!(found.stdout.lines().count(), 3, "{found:?}");
    let path = shell.home.path().join("ids");
    std::fs::write(&path, &found.stdout).unwrap();
    let mut get = shell.command(&["get", "-", "--json"]);
    let got = Ran::new(&get.stdin(Stdio::from(File::open(&path).unwrap())).output().unwrap());
    assert_eq!(got.code, Some(0), "{got:?}");
    assert_eq!(ids(&got), found.stdout.lines().collect::<Vec<_>>());
}

#[test]
fn pages_follow_each_other_within_the_limit() {
    let shell = Shell::new();
    let two = shell.run(&["search", "手机", "--page-size", "4", "--pages", "2", "--json"]);
    let found = ids(&two);
    assert_eq!((two.code, found.len()), (Some(0), 8), "{two:?}");
    assert_eq!(two.records()[7]["position"], 8);
    assert_eq!(two.reported("money")[0]["billed"], 2);
    // The two are in the store; of the further ones the limit allows one.
    let three = shell.run(&["search", "手机", "--page-size", "4", "--all", "--max-calls", "1", "--json"]);
    assert_eq!((three.code, three.records().len()), (Some(10), 12), "{three:?}");
    assert_eq!(three.reported("error")[0]["class"], "refused", "{three:?}");
    let unlimited = shell.run(&["search", "手机", "--all"]);
    assert_eq!(unlimited.code, Some(2), "{unlimited:?}");
    assert!(unlimited.stderr.contains("--max-calls"), "{unlimited:?}");
    let top = shell.run(&["search", "手机", "--page-size", "4", "--pages", "2", "--top", "3", "--json"]);
    assert_eq!(ids(&top), found[..3], "{top:?}");
}

#[test]
fn the_vendor_gets_price_order_category_and_shop() {
    let shell = Shell::new();
    let sorted = ["search", "手机", "--price", "10..50", "--sort", "price", "--json", "--page-size", "5"];
    let ran = shell.run(&sorted);
    let prices: Vec<f64> =
        ran.records().iter().map(|record| record["price"].as_str().unwrap().parse().unwrap()).collect();
    assert!(!prices.is_empty() && prices.iter().all(|price| (10.0..=50.0).contains(price)), "{ran:?}");
    assert!(prices.is_sorted(), "{prices:?}");
    let planned = shell.run(&["search", "手机", "--cat", "7", "--sort", "sales", "--dry-run"]);
    assert!(planned.stdout.contains("/1688/item_search/?key=***&"), "{planned:?}");
    assert!(planned.stdout.contains("&cat=7&sort=_sale&page=1"), "{planned:?}");
    let planned = shell.run(&["search", "--shop", "b2b-2200733087881719de", "--pages", "2", "--dry-run"]);
    assert!(planned.stdout.contains("item_search_shop/?key=***"), "{planned:?}");
    assert!(planned.stdout.contains("&seller_nick=b2b-2200733087881719de&page=2"), "{planned:?}");
    assert!(!planned.stderr.contains("billed"), "{planned:?}");
}

#[test]
fn mistakes_cost_nothing() {
    let shell = Shell::new();
    for (args, part) in [
        (&["search"][..], "<WORDS>"),
        (&["search", " "], "no words"),
        (&["search", "--shop", ""], "no shop"),
        (&["search", "手机", "--price", "50..10"], "50..10"),
        (&["search", "手机", "--sort", "a b"], "a b"),
        (&["search", "手机", "--page", "0"], "--page"),
        (&["search", "手机", "--details"], "--top"),
        (&["search", "手机", "--param", "q=x"], "\"q\""),
    ] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(part) && !ran.stderr.contains("1 billed"), "{args:?}: {ran:?}");
    }
    assert_eq!(shell.run(&["search", "手机", "--offline"]).code, Some(8));
}

#[test]
fn no_result_is_3_and_a_list_that_is_not_understood_9() {
    let shell = Shell::new();
    let ran = shell.run(&["search", "2000", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{ran:?}");
    assert_eq!(ran.reported("error")[0]["class"], "no_result", "{ran:?}");
    let beyond = shell.run(&["search", "手机", "--page", "9999"]);
    assert_eq!((beyond.code, beyond.stdout.as_str()), (Some(3), ""), "{beyond:?}");
    assert!(beyond.stderr.contains("first page says how many"), "{beyond:?}");
    let broken = Shell::with(Settings { fault: Some(Fault::HtmlPage), ..Settings::default() });
    let ran = broken.run(&["search", "手机"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(9), ""), "{ran:?}");
}

#[test]
fn details_are_bought_after_a_yes_alone() {
    let shell = Shell::new();
    let args = ["search", "手机", "--page-size", "5", "--top", "3", "--details", "--json"];
    let refused = shell.run_without_terminal(&args);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(8), ""), "{refused:?}");
    assert_eq!(refused.reported("money")[0]["billed"], 0, "{refused:?}");
    let error = &refused.reported("error")[0];
    assert!(error["message"].as_str().unwrap().contains("--yes"), "{error}");
    let mut with_yes = args.to_vec();
    with_yes.push("--yes");
    let got = shell.run_without_terminal(&with_yes);
    assert_eq!((got.code, got.records().len()), (Some(0), 3), "{got:?}");
    assert!(got.records()[0]["flat_version"].is_number(), "{got:?}");
    assert_eq!(got.reported("money")[0]["billed"], 4, "{got:?}");
    let again = shell.run_without_terminal(&with_yes);
    assert_eq!(again.reported("money")[0]["from_store"], 4, "{again:?}");
    assert_eq!(again.stdout, got.stdout);
    let text = shell.run_without_terminal(&[
        "search",
        "手机",
        "--page-size",
        "5",
        "--top",
        "1",
        "--details",
        "--yes",
    ]);
    assert!(text.stdout.contains("Price") && !text.stdout.starts_with("Item ID"), "{text:?}");
}

#[test]
fn the_question_names_the_price_and_only_a_yes_buys() {
    for (answer, end, code) in [
        ("y\r", "DEMO, no money is spent: 3 billed", 0),
        ("n\r", "no details were bought", 8),
        ("\r", "DEMO, no money is spent: 1 billed", 8),
        (CTRL_C, "DEMO, no money is spent: 1 billed", 130),
    ] {
        let args = ["search", "手机", "--page-size", "5", "--top", "2", "--details", "--demo"];
        let setup = Setup::new().args(&args);
        let folder = setup.home().join(".config/obx");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), "[money]\nprice_per_call = \"0.02\"\n").unwrap();
        let mut session = setup.start();
        session
            .wait_for("0 from the store, 2 to buy, one call each, 0.04 yuan if all are billed. Buy? [y/N]");
        session.write_at_once(answer);
        session.wait_for(end);
        assert_eq!(session.wait_exit(), code, "{answer:?}: {}", session.picture());
    }
}

#[test]
fn a_dry_run_names_the_price_of_the_details() {
    let shell = Shell::new();
    shell.configure("[money]\nprice_per_call = \"0.02\"\n");
    let ran = shell.run(&["search", "手机", "--top", "10", "--details", "--dry-run"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.ends_with("details  up to 10 calls, 0.20 yuan if all are billed\n"), "{ran:?}");
}

#[test]
fn fewer_items_than_wanted_are_reported() {
    let shell = Shell::new();
    let text = shell.run(&["search", "手机壳", "--top", "200"]);
    assert!(text.code == Some(0) && text.stderr.contains("40 of the first 200 items"), "{text:?}");
    let json = shell.run(&["search", "手机壳", "--top", "200", "--json"]).reported("warning");
    assert_eq!((&json[0]["found"], &json[0]["top"]), (&40.into(), &200.into()), "{json:?}");
    assert!(!shell.run(&["search", "手机壳", "--top", "40"]).stderr.contains("of the first"));
}
