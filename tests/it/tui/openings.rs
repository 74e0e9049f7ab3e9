//! How sessions begin that are about what comes after.

use super::gateway::SKU_IDS;
use super::pty::{ENTER, Session, english};

/// Buys the item whose ID is in the input, and waits until it is on the screen.
pub(super) fn fetch_item(session: &mut Session) {
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
}
