//! `obx batch` of a list that has changed since its batch was last started: a warning that stops nothing.

use std::process::Stdio;

use onebound_emulator::{Delay, Settings};
use serde_json::json;

use super::shell::{Ran, Shell};

const LIST: &str = "610947572360\n610947572361\n";

fn shell() -> Shell {
    Shell::with(Settings { delay: Delay::NONE, ..Settings::default() })
}

fn batch(shell: &Shell, args: &[&str]) -> Ran {
    shell.run(&[&["batch"], args].concat())
}

#[test]
fn a_changed_list_is_a_warning_with_what_has_changed_and_the_batch_goes_on() {
    let shell = shell();
    let list = shell.file("list.txt", LIST);
    let first = batch(&shell, &[&list, "--yes"]);
    assert!(first.code == Some(0) && !first.stderr.contains("changed"), "{first:?}");
    let same = batch(&shell, &[&list, "--plan"]);
    assert!(!same.stderr.contains("changed"), "{same:?}");

    shell.file("list.txt", "610947572361\n610947572362\n610947572363\n");
    for _ in 0..2 {
        // A plan starts nothing, so that the next one warns too.
        let plan = batch(&shell, &[&list, "--plan"]);
        let warning = "obx: the list has changed since its batch was last started, at 20";
        assert!(plan.stderr.starts_with(warning), "{plan:?}");
        assert!(plan.stderr.contains(" UTC: items added 2, removed 1\n"), "{plan:?}");
    }
    let json = batch(&shell, &[&list, "--plan", "--json"]);
    let plan = &json.records()[0];
    assert_eq!((&plan["lines_before"], &plan["added"], &plan["removed"]), (&json!(2), &json!(2), &json!(1)));
    assert!(plan["changed_since"].as_str().is_some_and(|at| at.ends_with('Z')), "{json:?}");
    let chinese = batch(&shell, &[&list, "--plan", "--ui-lang", "zh"]);
    assert!(chinese.stderr.contains("有变化：新增商品2个，减少1个"), "{chinese:?}");

    let changed = batch(&shell, &[&list, "--yes"]);
    assert!(changed.code == Some(0) && changed.stderr.contains("added 2, removed 1"), "{changed:?}");
    let silent = batch(&shell, &[&list, "--yes", "--json"]);
    assert_eq!(
        silent.reported("plan")[0]["changed_since"],
        json!(null),
        "it was started with these: {silent:?}"
    );
    shell.file("list.txt", "610947572363\n610947572362\n610947572361\n");
    let order = batch(&shell, &[&list, "--yes"]);
    assert!(order.stderr.contains("the same items in another order"), "{order:?}");
}

#[test]
fn a_refused_batch_stdin_and_demo_are_not_remembered() {
    let shell = shell();
    let list = shell.file("list.txt", LIST);
    assert_eq!(shell.run_without_terminal(&["batch", &list]).code, Some(8));
    let demo = shell.anonymous(&["batch", &list, "--demo", "--yes"]).output().unwrap();
    assert!(demo.status.success(), "{demo:?}");
    let mut command = shell.command(&["batch", "-", "--yes"]);
    let command = command.stdin(std::fs::File::open(&list).unwrap()).stdout(Stdio::piped());
    assert!(command.output().unwrap().status.success());
    assert!(!shell.home.path().join(".local/state/obx/lists").exists());
}

#[test]
fn a_state_that_cannot_be_used_stops_no_batch() {
    let shell = shell();
    let list = shell.file("list.txt", LIST);
    assert_eq!(batch(&shell, &[&list, "--yes"]).code, Some(0));
    let folder = shell.home.path().join(".local/state/obx/lists");
    let file = folder.read_dir().unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "{\"version\":").unwrap();
    let damaged = batch(&shell, &[&list, "--yes"]);
    assert!(damaged.code == Some(0) && !damaged.stderr.contains("changed"), "{damaged:?}");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "no folder").unwrap();
    let unwritable = batch(&shell, &[&list, "--yes", "--quiet"]);
    assert_eq!((unwritable.code, unwritable.stderr.as_str()), (Some(0), ""), "{unwritable:?}");
}
