//! Secrets that are known by the names of their parameters, beside key and secret: sent, and shown and kept nowhere.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use obx_core::config::{Freshness, Place};
use obx_core::export::{Extras, Form};
use obx_core::fetch::{FetchPolicy, Fetcher, NotSent, Source};
use obx_core::i18n::{Language, Texts};
use obx_core::store::{LocalStore, Store};
use onebound::{Call, CallHandle, CallSettings, Client, Exchange, Limits, Record, SecretNames};

use super::gateway::Gateway;
use super::secrets::everything_shown;
use super::support::{ITEM, credentials, id};

/// Names of the table and of the config file, in any case.
const NAMES: [&str; 6] = ["session", "Access_Token", "token", "password", "app_secret", "my_pin"];
const PLANTED: &str = "pL4nted/9x";

fn names() -> SecretNames {
    SecretNames::with_extra(["my_pin".to_owned()])
}

fn settings(name: &str) -> CallSettings {
    let extra = vec![("area_id".to_owned(), "440111".to_owned()), (name.to_owned(), PLANTED.to_owned())];
    CallSettings { extra, secret_names: names(), ..CallSettings::default() }
}

fn call(name: &str) -> Call {
    settings(name).item_get(id(ITEM))
}

/// Echoed by the vendor in the answer's text and in headers; and headers that are secrets by their own names.
fn answer(name: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"error_code":"4005","reason":"bad {PLANTED}","call_args":{{"{name}":"pL4nted\/9x"}},"access_token":"issued"}}"#
    );
    let head = format!(
        "HTTP/1.1 200 OK\r\nset-cookie: sid={PLANTED}\r\nx-auth-token: other\r\nauthorization: Basic x\r\n\
         x-from: /1688/item_get/?{name}={PLANTED}&a=1\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

fn client() -> Client {
    Client::new(credentials().with_secret_names(names()), Limits::default())
}

fn assert_hidden(text: &str) {
    for secret in [PLANTED, "pL4nted%2F9x", "pL4nted\\/9x", "issued", "Basic x", "other"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn it_is_sent_as_it_was_given_and_is_in_nothing_that_is_shown_or_exported() {
    for name in NAMES {
        let gateway = Gateway::saying(answer(name)).await;
        let exchange = client().send(&call(name), &gateway.host(), &CallHandle::default()).await;
        assert!(gateway.only_request().contains(&format!("&{name}=pL4nted%2F9x ")), "{name}");
        assert_hidden(&everything_shown(&exchange));
        assert_hidden(&format!("{:?} {:?}", call(name).parameters(), settings(name)));
        assert_hidden(&serde_json::to_string(&Record::from_exchange(&exchange)).unwrap());
        let exchange = Arc::new(exchange);
        for form in [Form::Har, Form::Curl, Form::Json, Form::Body, Form::Bundle, Form::Markdown] {
            let written = form.write(&[Arc::clone(&exchange)], &Extras::default(), Texts::new(Language::En));
            assert_hidden(&written.unwrap_or_default());
        }
    }
}

#[test]
fn a_curl_command_takes_it_from_the_environment_or_complains() {
    let exchange = Arc::new(kept(&call("session")));
    let texts = Texts::new(Language::En);
    let text = Form::Curl.write(&[exchange], &Extras::default(), texts).unwrap();
    assert!(text.contains("--data-urlencode \"session=${OBX_SESSION:?}\""), "{text}");
}

fn kept(call: &Call) -> Exchange {
    let answer =
        onebound::Answer { status: 200, headers: Vec::new(), body: "{\"error_code\":\"2000\"}".into() };
    let timing = onebound::Timing::default();
    Exchange::from_answer(
        call.clone(),
        onebound::Host::default(),
        Timestamp::now(),
        timing,
        answer,
        &credentials(),
    )
}

#[test]
fn a_question_holds_no_more_of_it_than_tells_two_of_them_apart() {
    let with = |value: &str| {
        let extra = vec![("session".to_owned(), value.to_owned())];
        CallSettings { extra, ..CallSettings::default() }.item_get(id(ITEM)).asks()
    };
    assert_eq!(with(PLANTED), with(PLANTED));
    assert_ne!(with(PLANTED), with("another"));
    assert_hidden(&with(PLANTED));
}

fn files_in(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn no_byte_of_the_store_holds_it_and_a_stored_call_is_not_sent_without_it() {
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("store.sqlite"));
        let store = Arc::new(LocalStore::new(place));
        let shared: Arc<dyn Store> = Arc::<LocalStore>::clone(&store);
        let gateway = Gateway::saying(answer(name)).await;
        let fetcher = Fetcher::new(client(), vec![gateway.host()], shared, Freshness::default());
        let came = fetcher.fetch(call(name), FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
        let id = came.stored.unwrap().await.unwrap()[0];
        let bytes = files_in(folder.path());
        for secret in [PLANTED, "pL4nted%2F9x", "pL4nted\\/9x"] {
            assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{name}={secret}");
        }
        let opened = store.open(id).await.unwrap();
        assert_eq!(opened.call, call(name), "the same call by its fingerprint");
        assert_eq!(opened.call.withheld_parameter(), Some(name));
        let refused = fetcher
            .fetch(opened.call.clone(), FetchPolicy::Refresh, &CallHandle::default())
            .await
            .unwrap_err();
        assert_eq!(refused, NotSent::Withheld(name.to_owned()));
        let sent = client().send(&opened.call, &gateway.host(), &CallHandle::default()).await;
        assert_eq!(sent.stage, onebound::RequestStage::NothingSent);
        assert_eq!(gateway.connections().len(), 1);
        // The session that has the same value can ask again.
        let again = settings(name).complete(opened.call.clone());
        fetcher.fetch(again, FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
        assert_eq!(gateway.connections().len(), 2);
    }
}

/// `session=` and two values that begin alike where their digests are shown.
fn alike() -> [Call; 2] {
    let with = |at: u32| {
        let extra = vec![("session".to_owned(), format!("s{at}"))];
        CallSettings { extra, ..CallSettings::default() }.item_get(id(ITEM))
    };
    let mut seen = std::collections::HashMap::new();
    let alike = (0_u32..).find_map(|at| Some((seen.insert(format!("{:?}", with(at)), at)?, at)));
    let (one, other) = alike.unwrap();
    [with(one), with(other)]
}

#[tokio::test]
async fn an_answer_to_one_secret_answers_no_other_one_and_every_session_of_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::file(folder.path().join("store.sqlite"));
    let gateway = Gateway::answering(br#"{"error_code":"2000"}"#).await;
    let session = || {
        let store: Arc<dyn Store> = Arc::new(LocalStore::new(place.clone()));
        Fetcher::new(client(), vec![gateway.host()], store, Freshness::default())
    };
    let [one, other] = alike();
    let ask = async |fetcher: Fetcher, call: &Call| {
        let came =
            fetcher.fetch(call.clone(), FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
        if let Some(stored) = came.stored {
            stored.await.unwrap();
        }
        came.source
    };
    assert_eq!(ask(session(), &one).await, Source::Live);
    assert_eq!(ask(session(), &other).await, Source::Live);
    assert_eq!(ask(session(), &one).await, Source::Store);
    assert_eq!(ask(session(), &other).await, Source::Store);
    let shown =
        format!("{:?}{}", other.question(&gateway.host().scope()), other.question(&gateway.host().scope()));
    let digest = other.asks();
    assert!(!shown.contains(digest.split("%2A").last().unwrap()), "{shown}");
}

#[tokio::test]
async fn an_answer_of_an_older_obx_to_a_secret_is_asked_for_once_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let gateway = Gateway::answering(br#"{"error_code":"2000"}"#).await;
    let [call, _] = alike();
    let session = || {
        let store: Arc<dyn Store> = Arc::new(LocalStore::new(Place::file(path.clone())));
        (Fetcher::new(client(), vec![gateway.host()], Arc::clone(&store), Freshness::default()), store)
    };
    let first = session().0.fetch(call.clone(), FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
    let kept = first.stored.unwrap().await.unwrap()[0];
    let asked = call.asks();
    let digest = asked.rsplit("%2A").next().unwrap();
    let inside = rusqlite::Connection::open(&path).unwrap();
    for (table, column) in [("exchanges", "question"), ("exchanges", "call"), ("bodies", "record")] {
        let shorter = format!("UPDATE {table} SET {column} = replace({column}, ?1, substr(?1, 1, 4))");
        assert_eq!(inside.execute(&shorter, [digest]).unwrap(), 1);
    }
    let (fetcher, store) = session();
    let old = store.open(kept).await.unwrap();
    assert_eq!(old.call.withheld_parameter(), Some("session"));
    // Neither from its own row, of which nobody knows the secret, nor for the secret that it may have been.
    let again = fetcher.fetch(old.call.clone(), FetchPolicy::CacheFirst, &CallHandle::default()).await;
    assert_eq!(again.unwrap_err(), NotSent::Withheld("session".to_owned()));
    let asked = fetcher.fetch(call, FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    assert_eq!(asked.source, Source::Live);
}
