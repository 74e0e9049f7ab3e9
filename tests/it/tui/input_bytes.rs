//! Bytes are not keys: what a terminal of another encoding sends buys nothing, and half an escape sequence is no Esc.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{CTRL_C, ENTER, ESC, Session, Setup, english};

/// Longer than keys have to come apart to be no burst.
const APART: Duration = Duration::from_millis(40);
/// Longer than keys are dropped after bytes that are no UTF-8.
const UNTIL_KEYS_COUNT: Duration = Duration::from_millis(150);
/// Within the time that the rest of an escape sequence is waited for.
const BEFORE_THE_REST: Duration = Duration::from_millis(60);

/// Typed in Big5 and GBK: characters whose second byte is `R`, alone, in a row, and with Enter behind them.
const NOT_UTF8: [&[u8]; 6] = [b"\xa4R", b"\xa6R", b"\xa9R", b"\x99R", b"\xa4R\xa6R", b"\xa4Y\xa4R\r"];

/// The beginning of a notice: its end may be cut off.
fn start_of(text: &str) -> String {
    text.chars().take(16).collect()
}

fn with_an_item(gateway: &Gateway) -> Session {
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session.wait_for("1/10000");
    session
}

#[test]
fn bytes_that_are_no_utf_8_buy_nothing_in_any_pane_or_popup() {
    let gateway = Gateway::start();
    let mut session = with_an_item(&gateway);
    let said = start_of(english().typed_not_utf8());
    for (round, opens) in
        ["2", "3", "4", "5", "6", "1", "c", ":", "?", "u", "!", "x", "D"].into_iter().enumerate()
    {
        // From the SKUs, each: a key that opens is text in the input.
        session.press("3");
        session.press(opens);
        for bytes in NOT_UTF8.into_iter().skip(round % 5).take(2) {
            sleep(APART);
            session.write_bytes(bytes);
            session.wait_for(&said);
            // The next key is one again, and takes the notice away.
            sleep(UNTIL_KEYS_COUNT);
            session.press("\x1b[B");
            session.wait_without(&said);
        }
        session.press(ESC);
    }
    assert_eq!(session.quit(), 0);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn an_arrow_in_two_reads_does_not_stop_waiting_for_a_call() {
    const HANGS: &str = "610947578112";
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[HANGS]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    gateway.wait_for_calls(1);
    session.wait_for(english().hint_stop());
    for _ in 0..2 {
        let begun = Instant::now();
        session.write_at_once(ESC);
        sleep(BEFORE_THE_REST);
        session.write_at_once("[B");
        if begun.elapsed() > Duration::from_millis(110) {
            return; // A machine this busy sends a sequence that nobody would wait for.
        }
        // A key behind them that shows that they were taken in.
        session.press("?");
        session.wait_for(english().help_title());
        session.press("q");
        session.wait_for(english().hint_stop());
    }
    assert!(!session.shows(&start_of(&english().stopped_waiting("Esc"))), "{}", session.picture());
    // A plain Esc still stops.
    session.press(ESC);
    session.wait_for(&start_of(&english().stopped_waiting("Esc")));
    session.press_all(&[CTRL_C, CTRL_C]);
    assert_eq!(session.wait_exit(), 0);
}

/// Each with `R` behind it in the same read: reports that no person sends, and a key.
const WITH_OTHERS: [&str; 6] = ["\x1b[IR", "\x1b[OR", "\x1b[?62;22cR", "\x1b[<0;3;4MR", "\x1b[AR", "RR"];

#[test]
fn a_key_that_comes_with_anything_buys_nothing_and_says_so_on_a_narrow_screen() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).size(80, 24).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session.wait_for("1/10000");
    for keys in WITH_OTHERS {
        session.press(keys);
        session.wait_for(english().spend_in_burst());
        session.press("\x1b[B");
        session.wait_without(english().spend_in_burst());
    }
    assert_eq!(session.quit(), 0);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_paste_without_an_end_gives_the_keys_back_and_says_so() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.write_at_once("\x1b[200~abc");
    session.wait_for(english().paste_cut_off());
    session.press(ESC);
    session.press("?");
    session.wait_for(english().help_title());
    session.press_all(&["q", CTRL_C]);
    assert_eq!(session.wait_exit(), 0);
    assert_eq!(gateway.calls(), 0);
}
