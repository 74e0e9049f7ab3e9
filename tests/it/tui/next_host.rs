//! A second host: it is asked by the user's own word once the first one was sent something.

use onebound_emulator::{Delay, Fault, Settings};

use super::gateway::{Gateway, ITEM, SKU_IDS, closed};
use super::pty::{ENTER, Setup, english};

#[test]
fn after_a_502_the_second_host_is_asked_by_capital_y_and_by_nothing_else() {
    let fault = Some(Fault::BadGateway);
    let first = Gateway::with(Settings { fault, delay: Delay::NONE, ..Settings::default() });
    let second = Gateway::start();
    let hosts = format!("{} {}", first.url(), second.url());
    let mut session = Setup::new().account(&hosts).start();
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    session.press(ENTER);
    let name = second.url().trim_start_matches("http://").to_owned();
    session.wait_for(&english().try_host(&name));
    session.press_all(&["j", "5", "j", "3"]);
    session.wait_for(english().hint_try_next_host());
    assert_eq!((first.calls(), second.calls()), (1, 0));
    session.press("Y");
    session.wait_for(SKU_IDS[0]);
    session.wait_for("@2 0000");
    session.press("!");
    session.wait_for(english().card_before());
    assert_eq!(session.quit(), 0);
    assert_eq!((first.calls(), second.calls()), (1, 1));
}

#[test]
fn a_first_host_that_is_not_there_is_passed_over_and_the_card_tells_so() {
    let (first, second) = (closed(), Gateway::start());
    let hosts = format!("{} {}", first.url(), second.url());
    let mut session = Setup::new().account(&hosts).start();
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session.wait_for("@2 0000");
    session.press("!");
    session.wait_for(english().card_before());
    session.wait_for(english().failed_connect("").trim());
    session.wait_for(english().host_answered("").trim());
    assert_eq!(session.quit(), 0);
    assert_eq!(second.calls(), 1);
}
