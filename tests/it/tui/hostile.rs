//! Text that would act on the terminal comes out harmless.

use super::gateway::Gateway;
use super::pty::{ENTER, ESC, Setup, english, holds};

const HOSTILE: &str = "610947578117";

/// What must not be among the bytes: titles, links and the clipboard, bells, 8-bit escapes, directions.
const ACTING: [&str; 10] = [
    "\u{1b}]",
    "\u{1b}P",
    "\u{1b}_",
    "\u{7}",
    "\u{9b}",
    "\u{9d}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{1b}[31m红",
];

#[test]
fn escapes_in_an_item_reach_no_terminal() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[HOSTILE]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    let clears_before = session.clears();
    session.press(ENTER);
    session.wait_for("恶意");
    session.wait_for("0000");
    for pane in ["3", "4", "5", "2", "6"] {
        session.press(pane);
        session.press_all(&["l", "G", "g"]);
    }
    // Keys are obeyed in order: after these two all others were.
    session.press("?");
    session.wait_for(english().help_title());
    session.press(ESC);
    session.press_all(&["z", "R", "G", "t"]);
    session.wait_for("\"item\"");
    assert_eq!(session.clears(), clears_before, "the body's own clearing of the screen was obeyed");
    session.assert_picture_is_whole();
    session.press("3");
    session.wait_without(english().view_headers());
    session.assert_picture_is_whole();
    session.press("?");
    session.wait_for(english().help_title());
    session.press(ESC);
    let written = session.bytes();
    for acting in ACTING {
        assert!(!holds(&written, acting), "{acting:?} was written");
    }
}

#[test]
fn pasted_escapes_reach_no_terminal() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    let clears_before = session.clears();
    session.paste("abc\u{1b}[2J\u{1b}]52;c;aGFja2Vk\u{7}\u{9b}2Jxyz");
    session.wait_for("No item ID in");
    session.press(ESC);
    session.press(":");
    session.paste("abc\u{1b}[2J\u{1b}]52;c;aGFja2Vk\u{7}\u{9b}2Jxyz");
    session.wait_for("xyz");
    assert_eq!(session.clears(), clears_before);
    session.assert_picture_is_whole();
    let written = session.bytes();
    for acting in ACTING {
        assert!(!holds(&written, acting), "{acting:?} was written");
    }
}
