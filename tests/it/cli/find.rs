//! `obx find`

use super::shell::Shell;

const ITEM: &str = "610947572360";

#[test]
fn answers_are_found_by_their_texts_and_by_their_bodies() {
    let shell = Shell::new();
    for id in [ITEM, "610947572361", "610947572000"] {
        shell.run(&["get", id]);
    }
    let ran = shell.run(&["find", "小米有品", "学生机"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    assert!(ran.stdout.contains(ITEM) && ran.stdout.contains("0000 success"), "{}", ran.stdout);
    let records = shell.run(&["find", "小米有品", "--json"]).records();
    assert_eq!((&records[0]["subject"], &records[0]["error_code"]), (&ITEM.into(), &"0000".into()));
    assert!(records[0]["title"].as_str().unwrap().starts_with("厂家直销"), "{records:?}");
    // Punctuation is in no index.
    let missed = shell.run(&["find", "799.00"]);
    assert_eq!((missed.code, missed.stdout.as_str()), (Some(3), ""), "{missed:?}");
    assert!(missed.stderr.contains("--bodies"), "{missed:?}");
    let found = shell.run(&["find", "799.00", "--bodies", "--csv", "--fields", "subject"]);
    assert!(found.stdout.lines().any(|line| line == ITEM), "{found:?}");
    let nothing = shell.run(&["find", "--bodies", "nowhere-at-all"]);
    assert_eq!(nothing.code, Some(3), "{nothing:?}");
    assert_eq!(shell.run(&["find"]).code, Some(2));
}
