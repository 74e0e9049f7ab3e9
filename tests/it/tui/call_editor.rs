//! The call editor: what it puts together goes out once, from its last line.

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{DOWN, ENTER, ESC, Setup, english};

#[test]
fn an_edited_call_is_sent_once_and_changes_no_setting() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    session.wait_for(ITEM);
    session.press(ESC);
    session.press("c");
    session.wait_for(english().editor_title());
    // Down to sales_data, and to the line that sends.
    session.press_all(&[DOWN, DOWN, DOWN, " "]);
    session.wait_for(english().billed_yes());
    for _ in 0..9 {
        session.press(DOWN);
    }
    session.wait_for(&format!("{} ¥", english().editor_send()));
    session.write_at_once("\r\r");
    session.wait_for(&english().enter_in_burst("Enter"));
    assert_eq!(gateway.calls(), 0);
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session.press("R");
    session.wait_for("2/10000");
    assert_eq!(session.quit(), 0);
    let asked = |at: usize| gateway.requests()[at].query.iter().any(|(name, _)| name == "sales_data");
    assert_eq!((gateway.calls(), asked(0), asked(1)), (2, true, false));
}
