//! Secrets that are known by the names of their parameters, beside key and secret: sent, and shown and kept nowhere.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use obx::api::{Call, CallSettings, Client, Exchange, Lifeline, Limits, Record, SecretNames};
use obx::config::{Freshness, Place};
use obx::export::{Extras, Form};
use obx::fetch::{Fetcher, Refused, Want};
use obx::i18n::{Language, Texts};
use obx::store::{LocalStore, Store};

use super::gateway::Gateway;
use super::secrets::everything_shown;
use super::support::{ITEM, credentials, id};

/// Names of the table and of the config file, in any case.
const NAMES: [&str; 6] = ["session", "Access_Token", "token", "password", "app_secret", "my_pin"];
const PLANTED: &str = "pL4nted/9x";

fn names() -> SecretNames {
    SecretNames::with(["my_pin".to_owned()])
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
    Client::new(credentials().knowing(names()), Limits::default())
}

fn assert_hidden(text: &str) {
    for secret in [PLANTED, "pL4nted%2F9x", "pL4nted\\/9x", "issued", "Basic x", "other"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn it_is_sent_as_it_was_given_and_stands_in_nothing_that_is_shown_or_exported() {
    for name in NAMES {
        let gateway = Gateway::saying(answer(name)).await;
        let exchange = client().send(&call(name), &gateway.host(), &Lifeline::default()).await;
        assert!(gateway.only_request().contains(&format!("&{name}=pL4nted%2F9x ")), "{name}");
        assert_hidden(&everything_shown(&exchange));
        assert_hidden(&format!("{:?} {:?}", call(name).parameters(), settings(name)));
        assert_hidden(&serde_json::to_string(&Record::of(&exchange)).unwrap());
        let exchange = Arc::new(exchange);
        for form in [Form::Har, Form::Curl, Form::Json, Form::Body, Form::Bundle, Form::Markdown] {
            let written = form.write(&[Arc::clone(&exchange)], Extras::default(), Texts::new(Language::En));
            assert_hidden(&written.unwrap_or_default());
        }
    }
}

#[test]
fn a_curl_command_takes_it_from_the_environment_or_complains() {
    let exchange = Arc::new(kept(&call("session")));
    let texts = Texts::new(Language::En);
    let text = Form::Curl.write(&[exchange], Extras::default(), texts).unwrap();
    assert!(text.contains("--data-urlencode \"session=${OBX_SESSION:?}\""), "{text}");
}

fn kept(call: &Call) -> Exchange {
    let answer =
        obx::api::Answer { status: 200, headers: Vec::new(), body: "{\"error_code\":\"2000\"}".into() };
    let timing = obx::api::Timing::default();
    Exchange::of(call.clone(), obx::api::Host::default(), Timestamp::now(), timing, answer, &credentials())
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
        let came = fetcher.fetch(call(name), Want::Anew, &Lifeline::default()).await.unwrap();
        let id = came.kept.unwrap().await.unwrap()[0];
        let bytes = files_in(folder.path());
        for secret in [PLANTED, "pL4nted%2F9x", "pL4nted\\/9x"] {
            assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{name}={secret}");
        }
        let opened = store.open(id).await.unwrap();
        assert_eq!(opened.call, call(name), "the same call by its fingerprint");
        assert_eq!(opened.call.withheld_parameter(), Some(name));
        let refused = fetcher.fetch(opened.call.clone(), Want::Anew, &Lifeline::default()).await.unwrap_err();
        assert_eq!(refused, Refused::Withheld(name.to_owned()));
        let sent = client().send(&opened.call, &gateway.host(), &Lifeline::default()).await;
        assert_eq!(sent.reach, obx::api::Reach::NothingSent);
        assert_eq!(gateway.connections().len(), 1);
        // The session that has the same value can ask again.
        let again = settings(name).complete(opened.call.clone());
        fetcher.fetch(again, Want::Anew, &Lifeline::default()).await.unwrap();
        assert_eq!(gateway.connections().len(), 2);
    }
}
