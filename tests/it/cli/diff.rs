//! `obx diff`

use super::history::{DRIFTING, with_answers};
use super::shell::Shell;

const ITEM: &str = "610947572360";

#[test]
fn the_newest_answer_is_compared_with_the_last_one_that_differs() {
    let shell = with_answers(2);
    let ran = shell.run(&["diff", DRIFTING]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    for part in
        ["Before  610947590030  No. 1  2", "After   610947590030  No. 2  2", "Stock", " → ", "Not compared"]
    {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let chinese = shell.run(&["diff", DRIFTING, "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("之前") && chinese.contains("库存"), "{chinese}");
    let records = shell.run(&["diff", DRIFTING, "--json"]).records();
    let stock = records.iter().find(|one| one["section"] == "item" && one["name"] == "num").unwrap();
    assert_eq!((&stock["status"], &stock["label"]), (&"changed".into(), &"Stock".into()), "{stock}");
    let number = |name: &str| stock[name].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(number("amount"), number("after") - number("before"), "{stock}");
    // The other way round.
    let back = shell.run(&["diff", DRIFTING, "2", "1", "--json"]).records();
    let stock_back = back.iter().find(|one| one["section"] == "item" && one["name"] == "num").unwrap();
    assert_eq!((&stock_back["before"], &stock_back["after"]), (&stock["after"], &stock["before"]));
}

#[test]
fn no_difference_is_no_error() {
    let shell = Shell::new();
    for _ in 0..2 {
        shell.run(&["get", ITEM, "--fresh"]);
    }
    let text = shell.run(&["diff", ITEM, "1", "1"]);
    assert_eq!(text.code, Some(0), "{text:?}");
    assert!(text.stdout.contains("Nothing changed."), "{text:?}");
    let json = shell.run(&["diff", ITEM, "1", "1", "--json"]);
    assert_eq!((json.code, json.stdout.as_str()), (Some(0), ""), "{json:?}");
}

#[test]
fn one_answer_can_not_be_compared() {
    let shell = Shell::new();
    assert_eq!(shell.run(&["diff", ITEM]).code, Some(3));
    shell.run(&["get", ITEM]);
    let only = shell.run(&["diff", ITEM]);
    assert_eq!(only.code, Some(3), "{only:?}");
    assert!(only.stderr.contains("obx get 610947572360 --fresh"), "{only:?}");
    assert_eq!(shell.run(&["diff", ITEM, "7"]).code, Some(3));
    assert_eq!(shell.run(&["diff", ITEM, "soon"]).code, Some(2));
}
