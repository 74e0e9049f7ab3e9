//! `obx history`

use std::time::Duration;

use onebound_emulator::Settings;

use super::shell::Shell;

/// Its stock changes each second.
pub(crate) const DRIFTING: &str = "610947590030";

/// A store with so many answers of it, no two alike.
pub(crate) fn with_answers(count: usize) -> Shell {
    let shell = Shell::with(Settings { drift: Duration::from_secs(1), ..Settings::default() });
    for answer in 0..count {
        if answer > 0 {
            std::thread::sleep(Duration::from_millis(1_100)); // until its stock has changed
        }
        assert_eq!(shell.run(&["get", DRIFTING, "--fresh"]).code, Some(0));
    }
    shell
}

#[test]
fn each_answer_is_a_row_below_the_course_of_price_and_stock() {
    let shell = with_answers(4);
    let ran = shell.run(&["history", DRIFTING]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "610947590030: stored answers: 4");
    assert!(lines[2].starts_with("  Stock  ") && lines[2].contains('→'), "{}", ran.stdout);
    assert!(lines[4].starts_with("No.  Time UTC+00:00"), "{}", ran.stdout);
    assert_eq!(lines.len(), 9, "{}", ran.stdout);
    let chinese = shell.run(&["history", DRIFTING, "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("共4条存档") && chinese.contains("编号"), "{chinese}");
}

#[test]
fn the_records_have_the_change_since_the_answer_before() {
    let shell = with_answers(3);
    let records = shell.run(&["history", DRIFTING, "--json"]).records();
    assert_eq!(records.len(), 3);
    let stock = |at: usize| records[at]["stock"].as_i64().unwrap();
    assert!(records[0]["stock_change"].is_null() && records[0]["price_change"].is_null(), "{records:?}");
    for at in [1, 2] {
        assert_eq!(records[at]["number"], at + 1);
        assert_eq!(records[at]["stock_change"], stock(at) - stock(at - 1), "{records:?}");
        assert!(records[at]["price"].is_string(), "{records:?}");
    }
    let csv = shell.run(&["history", DRIFTING, "--csv", "--fields", "number,price"]).stdout;
    assert!(csv.starts_with("number,price\r\n1,"), "{csv}");
    let mistyped = shell.run(&["history", DRIFTING, "--fields", "prise"]);
    assert_eq!((mistyped.code, mistyped.stdout.as_str()), (Some(2), ""), "{mistyped:?}");
    let listed = shell.run(&["history", "--fields"]);
    assert!(listed.stdout.contains("\nprice_change  decimal"), "{listed:?}");
    assert_eq!(shell.run(&["history", "610947572361"]).code, Some(3));
}
