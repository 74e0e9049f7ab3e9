//! Mistakes on the command line: what is said about them, before anything is sent.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::shell::{Ran, Shell};

const ITEM: &str = "610947572360";

#[test]
fn an_error_about_a_number_names_its_range() {
    let shell = Shell::new();
    for (args, range) in [
        (&["search", "x", "--page", "0"][..], "from 1 on"),
        (&["search", "x", "--pages", "0"], "from 1 on"),
        (&["search", "x", "--top", "0"], "from 1 on"),
        (&["search", "x", "--page-size", "0"], "from 1 on"),
        (&["batch", "x", "--concurrency", "0"], "from 1 on"),
        (&["get", ITEM, "--max-calls", "x"], "from 0 on"),
        (&["get", ITEM, "--max-cost=-1"], "yuan from 0 on"),
        (&["images", ITEM, "--max-picture", "9"], "from 1 to 8"),
        (&["log", "--limit", "x"], "from 0 on"),
    ] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(range), "{args:?}: {ran:?}");
    }
    assert!(shell.emulator().requests().is_empty());
}

#[test]
fn an_error_names_the_place_of_a_flag_before_its_subcommand_also_as_json() {
    let shell = Shell::new();
    let ran = shell.run(&["--pages", "3", "search", "x"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("obx search --pages"), "{ran:?}");
    let hint = |args: &[&str]| shell.run(args).reported("error")[0]["hint"].as_str().unwrap().to_owned();
    assert!(hint(&["--json", "get", ITEM]).contains("obx get --json"));
    for args in [&["--json", "gte", ITEM][..], &["gte", ITEM, "--json"], &["--profile", "x", "gte", "--json"]]
    {
        assert!(hint(args).contains("'get'"), "{args:?}");
    }
    assert!(hint(&["get", ITEM, "--jsom", "--json"]).contains("--json"));
}

#[test]
fn an_argument_that_is_not_utf8_is_an_error_in_either_form() {
    let shell = Shell::new();
    let ran = |json: bool| {
        let mut command = shell.command(if json { &["get", "--json"] } else { &["get"] });
        Ran::new(&command.arg(OsStr::from_bytes(b"\xff\x1b[31m")).output().unwrap())
    };
    assert_eq!(ran(true).reported("error")[0]["class"], "usage");
    let text = ran(false);
    assert!(text.stderr.starts_with("error: an argument is not UTF-8\n"), "{text:?}");
    assert!(text.stderr.contains("Usage: obx get"), "{text:?}");
}

#[test]
fn an_order_that_the_vendor_does_not_document_is_not_paid_for_unless_it_is_insisted_on() {
    let shell = Shell::new();
    let ran = shell.run(&["search", "手机壳", "--sort", "nonsense"]);
    assert_eq!((ran.code, shell.emulator().requests().len()), (Some(2), 0), "{ran:?}");
    assert!(ran.stderr.contains("price-desc") && ran.stderr.contains("--param sort="), "{ran:?}");
    let insisted = shell.run(&["search", "手机壳", "--param", "sort=nonsense", "--json"]);
    assert_eq!((insisted.code, shell.emulator().requests().len()), (Some(0), 1), "{insisted:?}");
    assert_eq!(shell.run(&["search", "手机壳", "--sort", "bid2"]).code, Some(0));
}

#[test]
fn a_value_that_a_column_of_the_log_never_has_is_an_error_that_lists_those_it_has() {
    let shell = Shell::new();
    for filter in ["cost:nope", "cost=bill", "!cost:nope"] {
        let ran = shell.run(&["log", filter]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("it has billed, unknown, free, store"), "{ran:?}");
    }
    let chinese = shell.run(&["log", "cost:nope", "--ui-lang", "zh"]);
    assert!(chinese.stderr.contains("已计费、"), "{chinese:?}");
    for filter in ["cost:bill", "cost=billed", "cost:免费", "cost:\"\"", "cost:billed|store"] {
        assert_eq!(shell.run(&["log", filter]).code, Some(0), "{filter}");
    }
}

#[test]
fn a_function_of_jq_that_is_left_out_is_named_as_such() {
    let shell = Shell::new();
    for name in ["now", "halt", "halt_error", "input_line_number"] {
        let ran = shell.run(&["errors", "4008", "--jq", name]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(&format!("{name} is left out")), "{ran:?}");
    }
    assert!(shell.run(&["errors", "4008", "--jq", "nwo"]).stderr.contains("nwo is not defined"));
}

#[test]
fn an_empty_id_is_not_asked_to_be_typed() {
    let shell = Shell::new();
    let file = shell.file("list.csv", "id,n\n,2\n");
    for args in [&["get", ""][..], &["show", " "], &["batch", &file, "-y", "--column", "id"]] {
        let ran = shell.run(args);
        assert!(ran.stderr.contains("there is no item ID"), "{ran:?}");
        assert!(!ran.stderr.contains(": :") && !ran.stderr.contains("Type "), "{ran:?}");
    }
}

#[test]
fn a_value_that_is_the_name_of_a_subcommand_is_a_value() {
    let shell = Shell::new();
    shell.configure("[profiles.get]\nplatform = \"1688\"\n");
    let ran = shell.run(&["--profile", "get", ITEM, "610947572361", "--json"]);
    assert_eq!((ran.code, ran.records().len()), (Some(0), 2), "{ran:?}");
    let ran = shell.run(&["--profile", "get", ITEM, "610947572361", "--offline"]);
    assert!(ran.stderr.contains("the same as `obx get 610947572360 610947572361`"), "{ran:?}");
    let ran = shell.run(&["--profile", "log", "get", ITEM]);
    assert!(ran.stderr.contains("there is no profile \"log\""), "{ran:?}");
    for subcommand in ["get", "log", "quota"] {
        let ran = shell.run(&[ITEM, subcommand]);
        let conflict = format!("'{ITEM}' can't be used with 'obx {subcommand}'");
        assert!(ran.code == Some(2) && ran.stderr.contains(&conflict), "{ran:?}");
    }
}

#[test]
fn a_mistyped_value_names_the_nearest_beside_those_that_there_are() {
    let shell = Shell::new();
    for (args, listed, meant) in [
        (&["search", "x", "--sort", "salse"][..], "price-desc", "did you mean sales?"),
        (&["search", "x", "--sort", "price_desc"], "price-desc", "did you mean price-desc?"),
        (&["log", "cost:biled"], "billed, unknown", "did you mean billed?"),
        (&["quota", "--by", "kye"], "api, key, code", "did you mean key?"),
        (&["get", ITEM, "--color", "alwys"], "auto, always", "always"),
        (&["export", ITEM, "--sql", "postgers"], "sqlite, postgres", "postgres"),
        (&["get", ITEM, "--result-type", "jsno"], "json, jsonu", "did you mean json?"),
        (&["get", ITEM, "--cache", "yse"], "yes, no", "did you mean yes?"),
        (&["completions", "bsh"], "bash, elvish", "did you mean 'bash'?"),
        (&["get", ITEM, "--fields", "prise"], "", "did you mean price?"),
    ] {
        let ran = shell.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(listed), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(meant), "{args:?}: {ran:?}");
        assert_eq!(ran.stderr.matches("did you mean").count(), 1, "{args:?}: {ran:?}");
    }
    assert!(shell.emulator().requests().is_empty());
}
