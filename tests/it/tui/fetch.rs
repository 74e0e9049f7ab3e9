//! Fetching: Enter buys once, R buys again, and pasted text buys nothing.

use super::gateway::{Gateway, ITEM, SKU_IDS, TITLE};
use super::pty::{ENTER, ESC, Session, Setup, english, holds};

/// A piece that both planted values consist of, so that no line break can hide them.
const PLANTED: &str = "qZ7xV";

fn session(gateway: &Gateway) -> Session {
    let session = Setup::new().account(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    session
}

/// Fetches the vendor's own item.
fn fetched(gateway: &Gateway) -> Session {
    let mut session = session(gateway);
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session
}

/// Ends a session, so that whatever was on its way is there, and counts.
fn calls_at_the_end(mut session: Session, gateway: &Gateway) -> u64 {
    assert_eq!(session.quit(), 0);
    gateway.calls()
}

#[test]
fn an_id_and_enter_show_the_item_for_one_call() {
    let gateway = Gateway::start();
    let session = fetched(&gateway);
    for id in SKU_IDS {
        session.wait_for(id);
    }
    session.wait_for(TITLE);
    session.wait_for(&english().position(1, 23));
    session.wait_for("0000");
    session.wait_for("1/10000");
    assert_eq!(calls_at_the_end(session, &gateway), 1);
    let sent = &gateway.requests()[0];
    assert_eq!(sent.path, "/1688/item_get/");
    assert!(sent.query.contains(&("num_iid".to_owned(), ITEM.to_owned())), "{sent:?}");
    assert!(!sent.query.contains(&("cache".to_owned(), "no".to_owned())), "{sent:?}");
}

#[test]
fn an_id_given_as_argument_is_filled_in_and_not_fetched() {
    let gateway = Gateway::start();
    for argument in [ITEM, "https://detail.1688.com/offer/610947572360.html?spm=a1"] {
        let mut session = Setup::new().account(&gateway.url()).args(&[argument]).start();
        session.wait_for(ITEM);
        session.press(ESC);
        session.press("?");
        session.wait_for(english().help_title());
        assert!(!session.shows(SKU_IDS[0]));
        assert_eq!(calls_at_the_end(session, &gateway), 0);
    }
}

#[test]
fn enter_again_shows_the_stored_answer_without_a_call() {
    let gateway = Gateway::start();
    let mut session = fetched(&gateway);
    session.edit_id();
    session.wait_for(&english().enter_shows_stored("Enter"));
    session.press(ENTER);
    session.wait_for(english().mark_store());
    assert!(session.shows(SKU_IDS[0]));
    assert_eq!(calls_at_the_end(session, &gateway), 1);
}

#[test]
fn a_row_of_the_log_is_shown_again_without_a_call() {
    let gateway = Gateway::start();
    let mut session = fetched(&gateway);
    session.edit_id();
    session.wait_for(&english().enter_shows_stored("Enter"));
    session.press("\x15");
    session.wait_without(&english().enter_shows_stored("Enter"));
    session.type_id("610947572000");
    session.press(ENTER);
    session.wait_without(SKU_IDS[0]);
    session.press_all(&["5", "j", ENTER]);
    session.wait_for(SKU_IDS[0]);
    assert_eq!(calls_at_the_end(session, &gateway), 2);
}

#[test]
fn capital_r_fetches_again_past_the_vendors_cache() {
    let gateway = Gateway::start();
    let mut session = fetched(&gateway);
    session.press("R");
    session.wait_for("2/10000");
    assert_eq!(calls_at_the_end(session, &gateway), 2);
    let sent = &gateway.requests()[1];
    assert!(sent.query.contains(&("cache".to_owned(), "no".to_owned())), "{sent:?}");
}

#[test]
fn a_pasted_page_is_searched_for_its_id_and_spends_nothing() {
    let gateway = Gateway::start();
    let mut session = session(&gateway);
    session.paste("\r\n看看这个\r\nhttps://detail.1688.com/offer/610947572360.html\r\n\r\n很好\r\n");
    session.wait_for(&english().enter_fetches("Enter"));
    session.wait_for(ITEM);
    session.paste("two lines\nwithout an item\r\r\n");
    session.wait_for("No item ID in 25 pasted characters");
    assert!(session.shows(ITEM));
    assert_eq!(calls_at_the_end(session, &gateway), 0);
}

#[test]
fn of_a_pasted_address_of_the_gateway_nothing_but_the_id_is_ever_shown() {
    let gateway = Gateway::start();
    let mut session = session(&gateway);
    let (key, secret) = (PLANTED.repeat(4), PLANTED.repeat(5));
    let address = format!("{}/1688/item_get/?key={key}&secret={secret}", gateway.url());
    session.paste(&format!("{address}&num_iid={ITEM}"));
    session.wait_for(ITEM);
    session.press("\x15");
    session.wait_without(ITEM);
    // Without an ID nothing of it is put in; what is typed stays, but masked.
    session.paste(&address);
    session.wait_for("No item ID in");
    session.write_at_once(&format!("key={key}"));
    session.wait_for("••••");
    assert_eq!(session.pictures().iter().find(|picture| picture.contains(PLANTED)), None);
    assert!(!holds(&session.bytes(), PLANTED));
    assert_eq!(calls_at_the_end(session, &gateway), 0);
}

#[test]
fn text_and_enter_in_one_write_do_not_spend_and_an_enter_by_itself_does() {
    let gateway = Gateway::start();
    let mut session = session(&gateway);
    session.write_at_once(&format!("{ITEM}\r"));
    session.wait_for(ITEM);
    session.wait_for(&english().enter_fetches("Enter"));
    assert_eq!(gateway.calls(), 0);
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    assert_eq!(calls_at_the_end(session, &gateway), 1);
}

#[test]
fn a_name_of_the_palette_and_enter_in_one_write_do_not_spend() {
    let gateway = Gateway::start();
    let mut session = fetched(&gateway);
    session.write_at_once(":refetch\r");
    session.wait_for(english().action_refetch());
    session.press(ESC);
    session.wait_without(english().action_refetch());
    session.write_at_once("jRRj");
    session.press("?");
    session.wait_for(english().help_title());
    assert_eq!(calls_at_the_end(session, &gateway), 1);
}
