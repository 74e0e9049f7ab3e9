//! A connection to a `PostgreSQL` server that is cut while it commits: whether the commit was done is not known then, and
//! has to be found out before a call is sent, and before an answer is written once more.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::store::{Begun, PostgresStore, Store, StoreErrorKind};
use rstest::rstest;
use tempfile::TempDir;

use super::support::{ITEM, ago, call, intent, item, key, question};
use crate::support::postgres::{LinkState, Proxy, Schema};

/// The longest that another attempt may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// A session that is connected, and its link to the server.
struct Connected {
    schema: Schema,
    proxy: Proxy,
    store: PostgresStore,
    _spool: TempDir,
}

impl Connected {
    async fn new() -> Option<Self> {
        let schema = Schema::create()?;
        let (proxy, spool) = (Proxy::start(&schema), tempfile::tempdir().unwrap());
        let store = PostgresStore::new(proxy.place(&schema, spool.path()));
        // Makes the tables, which is a commit as well.
        assert!(store.programs().await.unwrap().is_empty());
        Some(Self { schema, proxy, store, _spool: spool })
    }

    fn cut_at_commit(&self, is_forwarded: bool, stays_cut: bool) {
        self.proxy.link.send_replace(LinkState::CutAtCommit { is_forwarded, stays_cut });
    }

    fn count(&self, which: &str) -> String {
        self.schema.query(&format!("SELECT count(*) FROM exchanges WHERE {which}"))
    }

    /// Waits until so many rows are like this.
    async fn wait_for_count(&self, which: &str, count: &str) {
        let reached = async {
            while self.count(which) != count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let reached = tokio::time::timeout(DEADLINE, reached).await;
        assert!(reached.is_ok(), "{} rows: {which}", self.count(which));
    }
}

#[tokio::test]
async fn a_row_whose_commit_was_done_is_found_and_its_call_is_sent() {
    let Some(connected) = Connected::new().await else { return };
    connected.cut_at_commit(true, false);
    let begun = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    assert_eq!(*connected.proxy.link.borrow(), LinkState::Open, "nothing was cut");
    assert_eq!(connected.count("outcome IS NULL"), "1");
    let answer = item(ITEM, "机", "1.00", Timestamp::now());
    assert_eq!(connected.store.complete(Some(id), key(), answer.into()).await.unwrap(), id);
    assert_eq!((connected.count("true"), connected.count("answers = 1")), ("1".to_owned(), "1".to_owned()));
}

#[tokio::test]
async fn a_row_whose_commit_never_arrived_is_not_there_and_its_call_is_not_sent() {
    let Some(connected) = Connected::new().await else { return };
    connected.cut_at_commit(false, false);
    let error = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::ServerAway);
    assert_eq!(*connected.proxy.link.borrow(), LinkState::Open, "nothing was cut");
    assert_eq!(connected.count("true"), "0");
    let begun = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    assert_eq!(connected.count("true"), "1");
}

#[rstest]
#[tokio::test]
async fn a_row_of_which_nobody_can_tell_is_not_sent_and_deleted_as_soon_as_the_server_is_there(
    #[values(true, false)] is_forwarded: bool,
) {
    let Some(connected) = Connected::new().await else { return };
    connected.cut_at_commit(is_forwarded, true);
    let error = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::ServerAway);
    assert_eq!(connected.count("true"), if is_forwarded { "1" } else { "0" });
    connected.proxy.link.send_replace(LinkState::Open);
    // Without another request.
    connected.wait_for_count("true", "0").await;
    let begun = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    assert_eq!(connected.count("true"), "1");
}

#[tokio::test]
async fn a_call_asked_again_before_such_a_row_is_deleted_is_counted_once() {
    let Some(connected) = Connected::new().await else { return };
    connected.cut_at_commit(true, true);
    connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap_err();
    connected.proxy.link.send_replace(LinkState::Open);
    let begun = connected.store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    assert_eq!(connected.count("true"), "1");
}

#[rstest]
#[tokio::test]
async fn an_answer_whose_commit_was_cut_is_written_once(
    #[values(true, false)] is_forwarded: bool,
    #[values(true, false)] has_row: bool,
) {
    let Some(connected) = Connected::new().await else { return };
    let id = if has_row {
        let begun = connected.store.begin(intent(call(ITEM), ago(9))).await.unwrap();
        let Begun::Go(id) = begun else { panic!("{begun:?}") };
        Some(id)
    } else {
        // As after `Y`, without a row in the ledger.
        None
    };
    connected.cut_at_commit(is_forwarded, false);
    let answer = Arc::new(item(ITEM, "机", "1.00", ago(9)));
    let error = connected.store.complete(id, key(), Arc::clone(&answer)).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::ServerAway);
    let known = connected.store.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_eq!(known.exchange.body.raw(), answer.body.raw());
    assert_eq!(connected.store.flush().await.unwrap(), 0);
    connected.wait_for_count("answers = 1", "1").await;
    assert_eq!(connected.count("true"), "1");
    assert_eq!(connected.schema.query("SELECT count(*) FROM bodies"), "1");
}
