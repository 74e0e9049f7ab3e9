//! `obx facts`

use super::shell::Shell;

const ITEM: &str = "610947572360";

#[test]
fn the_facts_of_a_stored_answer_have_their_rules_and_paths() {
    let shell = Shell::new();
    shell.run(&["get", ITEM]);
    let ran = shell.run(&["facts", ITEM]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.stdout.contains("price_is_text  $.item.price"), "{}", ran.stdout);
    let records = shell.run(&["facts", ITEM, "--json"]).records();
    let price = records.iter().find(|fact| fact["rule"] == "price_is_text").unwrap();
    for (name, value) in [("severity", "odd"), ("path", "$.item.price"), ("subject", ITEM)] {
        assert_eq!(price[name], value, "{price}");
    }
    let missing = shell.run(&["facts", "610947572361"]);
    assert_eq!(missing.code, Some(3), "{missing:?}");
}

#[test]
fn a_file_needs_neither_account_nor_store() {
    let shell = Shell::new();
    let path = shell.home.path().join("answer.json");
    std::fs::write(&path, r#"{"item":{"num_iid":"1","title":"","price":"5"},"error_code":"0000"}"#).unwrap();
    let path = path.to_str().unwrap();
    let ran = shell.run(&["facts", path, "--ui-lang", "zh"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("title_missing"), "{}", ran.stdout);
    let rules = shell.run(&["facts", path, "--csv", "--fields", "answer,rule"]).stdout;
    assert!(rules.starts_with("answer,rule\r\n") && rules.contains("1,title_missing\r\n"), "{rules}");
    let missing = shell.run(&["facts", "no-such-file.json"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(2), ""), "{missing:?}");
    assert!(missing.stderr.contains("no-such-file.json"), "{missing:?}");
    assert!(!shell.home.path().join(".local").exists());
}
