//! The explorer on a store that a `PostgreSQL` server has: at rest, beside another one, and when the network stalls.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use onebound_emulator::{Delay, Settings};

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::openings::fetch_item;
use super::pty::{CTRL_C, ENTER, Session, Setup, english, wait_until};
use crate::support::postgres::{LinkState, Proxy, Schema};

/// Less than a request to a server may take.
const LONGEST_END: Duration = Duration::from_secs(6);

fn explorer(gateway: &Gateway, store: &str, id: &str) -> Setup {
    Setup::new().account(&gateway.url()).args(&["--store", store, id])
}

fn spooled(home: &Path) -> Vec<PathBuf> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let read = std::fs::read_dir(folder).into_iter().flatten().flatten();
        read.map(|file| file.path()).collect()
    };
    files(&home.join(".local/state/obx/unsent")).iter().flat_map(|folder| files(folder)).collect()
}

/// Waits until a session is connected.
fn wait_for_tables(schema: &Schema) {
    let exist = || schema.query("SELECT to_regclass('exchanges') IS NOT NULL") == "t";
    wait_until("the tables", || exist().then_some(()));
}

/// Quits, past the question whether what is not written yet may wait.
fn quit_at_once(session: &mut Session) -> Duration {
    let start = Instant::now();
    session.press(CTRL_C);
    session.press(CTRL_C);
    assert_eq!(session.wait_exit(), 0);
    start.elapsed()
}

#[test]
fn a_quit_while_the_network_stalls_takes_no_longer_than_a_request_and_keeps_the_answer() {
    let Some(schema) = Schema::create() else { return };
    let (delay, proxy) = (Duration::from_millis(300), Proxy::start(&schema));
    let gateway = Gateway::with(Settings { delay: Delay::between(delay, delay), ..Settings::default() });
    let mut session = explorer(&gateway, &proxy.address(&schema), ITEM).start();
    session.wait_for(&english().enter_fetches("Enter"));
    wait_for_tables(&schema);
    session.press(ENTER);
    gateway.wait_for_calls(1);
    proxy.link.send_replace(LinkState::Stalled);
    session.wait_for(SKU_IDS[0]);
    session.wait_for(english().not_stored_yet());
    let took = quit_at_once(&mut session);
    assert!(took < LONGEST_END, "{took:?}");
    let files = spooled(session.home());
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(schema.query("SELECT count(*), sum(answers) FROM exchanges"), "1|0");
    proxy.link.send_replace(LinkState::Open);
    let next = Setup::new().account(&gateway.url()).home_of(&session);
    let mut next = next.args(&["--store", &proxy.address(&schema), ITEM]).start();
    next.wait_for(&english().enter_shows_stored("Enter"));
    assert_eq!((quit_at_once(&mut next) < LONGEST_END, gateway.calls()), (true, 1));
    assert_eq!(schema.query("SELECT count(*), sum(answers) FROM exchanges"), "1|1");
    assert_eq!(spooled(next.home()), Vec::<PathBuf>::new());
}

#[test]
fn a_quit_while_a_call_waits_for_a_stalled_server_sends_nothing() {
    let Some(schema) = Schema::create() else { return };
    let (gateway, proxy) = (Gateway::start(), Proxy::start(&schema));
    let mut session = explorer(&gateway, &proxy.address(&schema), ITEM).start();
    session.wait_for(&english().enter_fetches("Enter"));
    wait_for_tables(&schema);
    proxy.link.send_replace(LinkState::Stalled);
    session.press(ENTER);
    session.wait_without(&english().enter_fetches("Enter"));
    let took = quit_at_once(&mut session);
    assert!(took < LONGEST_END, "{took:?}");
    assert_eq!((gateway.calls(), schema.query("SELECT count(*) FROM exchanges").as_str()), (0, "0"));
}

#[test]
fn a_row_of_one_explorer_appears_in_the_log_of_another() {
    let Some(schema) = Schema::create() else { return };
    let gateway = Gateway::start();
    let watching = Setup::new().account(&gateway.url()).args(&["--store", &schema.address()]).start();
    wait_for_tables(&schema);
    assert!(!watching.shows(ITEM));
    let mut asking = explorer(&gateway, &schema.address(), ITEM).start();
    fetch_item(&mut asking);
    watching.wait_for(ITEM);
    assert_eq!(gateway.calls(), 1);
}
