//! A folder with a store in it, exchanges of any kind, and a look into the file past the store.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use obx_core::config::{Guards, Place, Retention};
use obx_core::fetch::Override;
use obx_core::store::{Begun, ExchangeId, Intent, LocalStore, Store};
use onebound::{
    Answer, Body, Call, Catalog, Exchange, Fingerprint, Host, ItemId, Outcome, Question, RequestStage,
    ScopedItem, Timing,
};
use rusqlite::Connection;
use tempfile::TempDir;

pub(crate) use crate::api::support::{CAPTURED, ITEM, KEY, SECRET, call, credentials, vendor};

/// A folder in which a store lies.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    path: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().join("store.sqlite"), folder }
    }

    /// In a folder that is there already.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { path: folder.join("store.sqlite"), ..Self::new() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// A session of its own on the file.
    pub(crate) fn store(&self) -> Arc<LocalStore> {
        Arc::new(LocalStore::new(Place::file(self.path())))
    }

    pub(crate) fn store_that_keeps(&self, retention: Retention) -> LocalStore {
        LocalStore::new(Place::File { path: self.path(), retention })
    }

    /// The file, by `SQLite` itself.
    pub(crate) fn inside(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// Whether nobody has it open: what was written is in the one file.
    pub(crate) fn is_at_rest(&self) -> bool {
        !self.folder.path().join("store.sqlite-wal").exists()
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.inside().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

pub(crate) fn key() -> Fingerprint {
    credentials().fingerprint()
}

thread_local! {
    /// A test runs on a thread of its own, and its now is fixed, so that a passing second changes no result.
    static NOW: Timestamp = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
}

/// Whole seconds before the test's now, so that times which are kept in milliseconds come back equal.
pub(crate) fn ago(seconds: i64) -> Timestamp {
    let now = NOW.with(|now| *now);
    now.checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

/// An answer of the vendor's host.
pub(crate) fn answered(digits: &str, body: impl Into<Bytes>, started_at: Timestamp) -> Exchange {
    let timing = Timing { total: Duration::from_millis(6_710), ..Timing::default() };
    let headers = vec![("x-of".to_owned(), format!("a{KEY}b"))];
    let answer = Answer { status: 200, headers, body: body.into() };
    Exchange::from_answer(call(digits), Host::default(), started_at, timing, answer, &credentials())
}

/// An item with this title, price and stock, and with a quota.
pub(crate) fn item(digits: &str, title: &str, price: &str, started_at: Timestamp) -> Exchange {
    let body = format!(
        r#"{{"item":{{"num_iid":"{digits}","title":"{title}","price":"{price}","num":"7"}},
            "error":"","error_code":"0000","api_info":"today:3 max:10","execution_time":"0.5"}}"#
    );
    answered(digits, body, started_at)
}

/// A call that ended without an answer, after so much of a body.
pub(crate) fn ended(digits: &str, outcome: Outcome, stage: RequestStage, body: &[u8]) -> Exchange {
    let mut exchange = answered(digits, Bytes::new(), ago(60));
    exchange.body = Body::receive(Bytes::copy_from_slice(body), &credentials()).0;
    (exchange.outcome, exchange.stage, exchange.reply) = (outcome, stage, None);
    if stage != RequestStage::Answered {
        exchange.status = None;
    }
    exchange
}

pub(crate) fn intent(call: Call, at: Timestamp) -> Intent {
    intent_at(Host::default(), call, at)
}

pub(crate) fn intent_at(host: Host, call: Call, at: Timestamp) -> Intent {
    let (gateways, key, guards) = (vec![host.scope()], key(), Guards::default());
    Intent {
        call,
        host,
        key,
        guards,
        gateways,
        overrides: Override::Nothing,
        doubt_lasts: None,
        at,
        asked_at: Timestamp::MAX,
        lease: Duration::from_secs(60),
    }
}

/// A row, then what came of it, as a call makes them.
pub(crate) async fn keep(store: &dyn Store, exchange: Exchange) -> ExchangeId {
    let (host, call) = (exchange.host.clone(), exchange.call.clone());
    let intent = Intent { overrides: Override::All, ..intent_at(host, call, exchange.started_at) };
    let begun = store.begin(intent).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    let written = store.complete(Some(id), key(), Arc::new(exchange)).await.unwrap();
    assert_eq!(written, id);
    id
}

pub(crate) fn question(digits: &str) -> Question {
    call(digits).question(&vendor())
}

/// The item as the vendor's gateway has it.
pub(crate) fn scoped(digits: &str) -> ScopedItem {
    ScopedItem { catalog: catalog(), num_iid: item_id(digits) }
}

/// The items of the platform at the vendor's gateway.
pub(crate) fn catalog() -> Catalog {
    Catalog { scope: vendor(), platform: "1688".into() }
}

pub(crate) fn item_id(digits: &str) -> ItemId {
    ItemId::find(digits).unwrap()
}

/// Everything that makes an exchange: what it prints, and its bytes raw and masked.
#[track_caller]
pub(crate) fn assert_same(kept: &Exchange, live: &Exchange) {
    // What is made on request only is printed too.
    kept.analyze();
    live.analyze();
    assert_eq!(format!("{kept:?}"), format!("{live:?}"));
    assert_eq!(kept.body.raw(), live.body.raw());
    assert_eq!(kept.body.shown(), live.body.shown());
    assert_eq!(kept.body.secrets(), live.body.secrets());
    assert_eq!(kept.summary(), live.summary());
    assert_eq!(kept.billing(), live.billing());
}
