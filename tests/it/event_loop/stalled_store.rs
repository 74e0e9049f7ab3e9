//! A store on a server behind a network that stalls: no key waits for it.
//!
//! A request to the server ends after some seconds with an error, which is on the screen then. Whatever a key does has to be
//! there before.

use super::*;
use crate::support::postgres::{LinkState, Proxy, Schema};

/// Returns true if a request has not been answered: for what was to be read or sent, or for what waits to be written.
fn shows_error(screen: &str) -> bool {
    let spooled = texts().storing_spooled("");
    [texts().store_server_away(), &spooled].iter().any(|text| screen.contains(&start_of(text)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_stalls_blocks_no_key_and_sends_no_call() {
    let Some(schema) = Schema::create() else { return };
    let proxy = Proxy::start(&schema);
    let setup = Setup { store: Some(proxy.address(&schema)), ..Setup::new().await };
    let at_row = |row| format!("{} {} ", texts().pane_skus(), texts().position(row, 2));
    setup
        .run("120x36", async |user| {
            fetch_item(user).await;
            user.wait_for("1/10000").await;
            user.wait_without(texts().not_stored_yet()).await;
            user.press("3").await;
            user.wait_for(&at_row(1)).await;
            proxy.link.send_replace(LinkState::Stalled);
            // This call's row can't be written; neither can a star.
            user.press("R").await;
            user.press("j").await;
            user.wait_for(&at_row(2)).await;
            user.press("*").await;
            user.press("k").await;
            user.wait_for(&at_row(1)).await;
            user.press("?").await;
            user.wait_for(texts().help_title()).await;
            user.press("<esc>").await;
            user.wait_without(texts().help_title()).await;
            user.press_all("5 G").await;
            user.press("/").await;
            user.type_text("610947").await;
            user.wait_for("/610947").await;
            user.press_all("<esc> <esc> 3").await;
            user.wait_for(&at_row(1)).await;
            assert!(!shows_error(&user.screen()), "a key has waited for the server:\n{}", user.screen());
            user.wait_until("the server's error", shows_error).await;
            assert_eq!(setup.gateway.calls(), 1);
            proxy.link.send_replace(LinkState::Open);
            user.press_all("^c ^c").await;
        })
        .await;
    assert_eq!(setup.gateway.calls(), 1);
    assert_eq!(schema.query("SELECT sum(answers) FROM exchanges"), "1");
}
