//! Calls that may trade: sent once, by a typed confirmation, to one host, and never answered from what is stored.

use std::sync::Arc;

use obx_core::config::{Freshness, Place};
use obx_core::fetch::{Confirmation, FetchPolicy, Fetcher, NotSent, Source};
use obx_core::store::{LocalStore, Store};
use onebound::{Call, CallHandle, CallKind, CallSettings, Client, Host, Limits, Outcome};
use onebound_emulator::{Fault, Settings};

use super::gateway::Gateway;
use super::support::{ITEM, call, credentials, host_of, quick};

const METHOD: &str = "com.alibaba.trade/alibaba.trade.createCrossOrder";
const ANSWER: &[u8] = br#"{"error_code":"0000","items":{"orderId":"1"}}"#;

fn order() -> Call {
    let settings = CallSettings { platform: Some("1688global".to_owned()), ..CallSettings::default() };
    settings.raw("custom", vec![("method".to_owned(), METHOD.to_owned())]).unwrap()
}

fn confirmed(call: &Call) -> FetchPolicy {
    FetchPolicy::Trade(Confirmation::typed(call, 0, METHOD).unwrap())
}

fn fetcher(hosts: Vec<Host>, store: &Arc<LocalStore>) -> Fetcher {
    let store: Arc<dyn Store> = Arc::<LocalStore>::clone(store);
    Fetcher::new(Client::new(credentials(), Limits::default()), hosts, store, Freshness::default())
}

fn memory() -> Arc<LocalStore> {
    Arc::new(LocalStore::new(Place::Memory))
}

#[tokio::test]
async fn nothing_but_a_confirmation_of_this_call_sends_it() {
    let gateway = Gateway::answering(ANSWER).await;
    let fetcher = fetcher(vec![gateway.host()], &memory());
    assert_eq!(order().kind(), CallKind::Trade);
    assert_eq!(Confirmation::typed(&order(), 0, "custom"), None, "the method is to be typed");
    let other = CallSettings::default().raw("order_pay", Vec::new()).unwrap();
    let of_another = FetchPolicy::Trade(Confirmation::typed(&other, 0, "order_pay").unwrap());
    let at_host = FetchPolicy::AtHost { place: 0, is_override: true };
    for want in [
        FetchPolicy::CacheOnly,
        FetchPolicy::CacheFirst,
        FetchPolicy::Refresh,
        FetchPolicy::Override,
        at_host,
        of_another,
    ] {
        let refused = fetcher.fetch(order(), want, &CallHandle::default()).await.unwrap_err();
        assert_eq!(refused, NotSent::Unconfirmed, "{want:?}");
    }
    assert!(gateway.connections().is_empty());
    let want = confirmed(&order());
    assert_eq!(want.overridden(), want, "its block can not be overridden");
    let came = fetcher.fetch(order(), want, &CallHandle::default()).await.unwrap();
    assert_eq!((came.source, came.exchange.outcome.clone()), (Source::Live, Outcome::Success));
    assert!(gateway.only_request().starts_with("GET /1688global/custom/?"));
}

#[tokio::test]
async fn its_answer_is_kept_and_answers_no_other_call() {
    let gateway = Gateway::answering(ANSWER).await;
    let store = memory();
    let fetcher = fetcher(vec![gateway.host()], &store);
    let asked = order().question(&gateway.host().scope());
    for sent in 1..=2 {
        let came = fetcher.fetch(order(), confirmed(&order()), &CallHandle::default()).await.unwrap();
        assert_eq!((came.source, came.fresh_until), (Source::Live, None));
        assert!(store.answer(&asked).await.unwrap().is_none(), "before it is written");
        came.stored.unwrap().await.unwrap();
        assert!(store.answer(&asked).await.unwrap().is_none());
        let opened = store.opened(10, jiff::Timestamp::MIN).await.unwrap();
        assert_eq!((opened.lines.len(), opened.answered), (sent, Vec::new()));
        assert_eq!(gateway.connections().len(), sent);
    }
}

#[tokio::test]
async fn it_goes_to_no_other_host_than_the_one_it_was_confirmed_for() {
    let second = Gateway::answering(ANSWER).await;
    let refusing = Settings { fault: Some(Fault::Refused), ..quick() };
    let first = onebound_emulator::Emulator::start_with(refusing).await.unwrap();
    let both = fetcher(vec![host_of(&first), second.host()], &memory());
    let came = both.fetch(order(), confirmed(&order()), &CallHandle::default()).await.unwrap();
    assert!(matches!(came.exchange.outcome, Outcome::Failed(_)) && came.before.is_empty());
    assert!(second.connections().is_empty());
    let at_second = FetchPolicy::Trade(Confirmation::typed(&order(), 1, METHOD).unwrap());
    both.fetch(order(), at_second, &CallHandle::default()).await.unwrap();
    assert_eq!(second.connections().len(), 1);
}

#[tokio::test]
async fn the_same_one_is_not_sent_beside_itself_nor_answered_by_itself() {
    let gateway = Gateway::silent().await;
    let fetcher = Arc::new(fetcher(vec![gateway.host()], &memory()));
    let line = CallHandle::default();
    let (first, own) = (Arc::clone(&fetcher), line.clone());
    let waiting = tokio::spawn(async move { first.fetch(order(), confirmed(&order()), &own).await });
    line.watch().wait_for(|progress| progress.stage > onebound::RequestStage::NothingSent).await.unwrap();
    let beside = fetcher.fetch(order(), confirmed(&order()), &CallHandle::default()).await.unwrap_err();
    assert_eq!(beside, NotSent::TradeUnderWay);
    line.close();
    waiting.await.unwrap().unwrap();
    assert_eq!(gateway.connections().len(), 1);
}

#[tokio::test]
async fn a_call_that_reads_is_sent_as_ever() {
    let gateway = Gateway::answering(br#"{"error_code":"2000"}"#).await;
    let fetcher = fetcher(vec![gateway.host()], &memory());
    fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    assert_eq!(gateway.connections().len(), 1);
}
