//! Random keys in the real program, over several sessions on one store: the gateway receives exactly the calls that
//! were asked for in between, each by a key of its own.

use super::gateway::Gateway;
use super::pty::{CTRL_L, ENTER, ESC, Session, Setup, english, wait_until};
use crate::monkey::SeededRng;

/// Keys that never spend, and texts that hold those that can, each in one write.
const FREE: [&str; 50] = [
    "j", "k", "h", "l", "g", "G", "\x04", "\x15", "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H", "[",
    "]", "<", ">", "d", "m", "c", "F", "\x12", "D", "t", " ", "zR", "n", "J", "*", "a", "\x1b[F", "\t",
    "\x1b[Z", "2", "3", "4", "5", "6", "/", "s", "S", "f", "!", "u", "?", "\x0c", "\x1b", "jRRj", "jYYj",
    "jk\r\rj",
];
const PASTES: [&str; 3] =
    ["610947572360\r\n", "https://detail.1688.com/offer/610947572361.html\r\r", "RRYY\r\n"];
const SIZES: [(u16, u16); 4] = [(120, 36), (80, 24), (40, 10), (100, 30)];

fn look_around(session: &mut Session, dice: &mut SeededRng, presses: usize) {
    for _ in 0..presses {
        match dice.below(10) {
            0 => session.paste(dice.one_of(&PASTES)),
            1 => {
                let (width, height) = dice.one_of(&SIZES);
                session.resize(width, height);
            }
            _ => session.press(dice.one_of(&FREE)),
        }
    }
    session.resize(120, 36);
    // Out of whatever is open.
    for key in [ESC, ESC, ESC, "3"] {
        session.press(key);
        catch_up(session);
    }
}

/// Waits until all keys before were taken: those that come in one read mean something else.
fn catch_up(session: &mut Session) {
    let clears = session.clears();
    session.press(CTRL_L);
    wait_until("a cleared screen", || (session.clears() > clears).then_some(()));
}

/// Buys one item by Enter: its number is in the input before.
fn buy(session: &mut Session, digits: &str) {
    session.edit_id();
    session.press("\x15");
    session.wait_for(english().id_placeholder());
    session.type_id(digits);
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
}

#[test]
fn random_keys_pastes_resizes_and_restarts_cost_nothing_and_what_is_asked_for_is_sent_once() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut asked = 0;
    for seed in 0..5 {
        let mut dice = SeededRng(seed);
        let args = ["--no-restore", "--store", store.to_str().unwrap()];
        let mut session = Setup::new().account(&gateway.url()).args(&args).start();
        session.wait_for("1688 item_get");
        look_around(&mut session, &mut dice, 30);
        assert_eq!(gateway.calls(), asked, "seed {seed}");
        buy(&mut session, &format!("6109475{seed}0002"));
        asked += 1;
        gateway.wait_for_calls(asked);
        session.wait_for(&format!("{asked}/10000"));
        look_around(&mut session, &mut dice, 30);
        assert_eq!(gateway.calls(), asked, "seed {seed}");
        catch_up(&mut session);
        session.press("R");
        asked += 1;
        gateway.wait_for_calls(asked);
        session.wait_for(&format!("{asked}/10000"));
        assert_eq!(session.quit(), 0);
        assert_eq!(gateway.calls(), asked, "seed {seed}");
    }
}
