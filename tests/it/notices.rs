//! What is said in the footer.

use obx_core::i18n::Language;

use crate::support::Driver;

/// What does not fit into the footer begins in the row above, and leaves both as they were.
#[test]
fn what_takes_two_rows_is_said_to_its_end_and_leaves_no_trace() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc>");
    let before = driver.screen();
    let said =
        "One word after another is said here, in more of them than one row of eighty columns has room for.";
    driver.app.warn(said);
    driver.keys("");
    let rows: Vec<String> = driver.screen().lines().map(str::to_owned).collect();
    let joined = format!("{} {}", rows[22].trim(), rows[23].trim());
    assert!(joined.replace("  ", " ").contains("here, in more of them than one row"), "{joined}");
    assert!(rows[23].contains("room for."), "{joined}");
    driver.keys("<esc>");
    assert_eq!(driver.screen(), before);
}
