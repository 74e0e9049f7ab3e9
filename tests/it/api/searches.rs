//! Searches by the client at the emulator, and by a session with its store.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::SignedDuration;
use obx_core::config::{Freshness, Place};
use obx_core::fetch::{FetchPolicy, Fetcher, Source};
use obx_core::policy::{SearchEnd, SearchPages};
use obx_core::store::{LocalStore, Store};
use onebound::{
    Billing, Call, CallHandle, CallSettings, Client, Exchange, ItemId, Limits, Malformed, Outcome,
    ResultType, SearchQuery, SearchSort,
};
use onebound_emulator::{Clock, Emulator, Settings};

use super::support::{client, credentials, emulator, host_of, quick};

fn words(words: &str) -> SearchQuery {
    SearchQuery::by_words(words).unwrap()
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

async fn search(emulator: &Emulator, query: &SearchQuery) -> Exchange {
    let call = CallSettings::default().search(query).unwrap();
    client().send(&call, &host_of(emulator), &CallHandle::default()).await
}

fn ids(exchange: &Exchange) -> Vec<ItemId> {
    exchange.search_page().unwrap().items().map(|item| item.item_id().unwrap()).collect()
}

#[tokio::test]
async fn what_a_search_finds_item_get_has_too() {
    // Prices drift with time.
    let clock = Clock::at(jiff::Timestamp::from_second(1_772_000_000).unwrap());
    let emulator = Emulator::start_with(Settings { clock, ..quick() }).await.unwrap();
    let found = search(&emulator, &words("蓝牙耳机").paged_by(number(5))).await;
    assert_eq!((&found.outcome, found.billing()), (&Outcome::Success, Billing::Billed));
    let page = found.search_page().unwrap();
    assert_eq!((page.len(), page.page(), page.has_next()), (5, Some(1), Some(true)));
    for listed in page.items() {
        let call = Call::item_get(listed.item_id().unwrap());
        let exchange = client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
        let item = exchange.item().unwrap();
        assert!(listed.title().to_text().contains("蓝牙耳机"));
        for (listed, own) in [(listed.title(), "title"), (listed.price(), "price"), (listed.seller(), "nick")]
        {
            assert_eq!(listed.to_text(), item.field(own).to_text());
        }
    }
    assert_eq!((emulator.calls(), emulator.today()), (6, 6));
}

#[tokio::test]
async fn all_pages_together_are_the_total_without_doubles() {
    let emulator = emulator().await;
    let mut pages = SearchPages::new(words("连衣裙").paged_by(number(20)), number(50));
    let (mut found, mut total) = (Vec::new(), None);
    while let Some(query) = pages.next_query() {
        let exchange = search(&emulator, query).await;
        total = exchange.search_page().unwrap().total();
        found.extend(pages.take(&exchange).iter().map(|item| item.item_id().unwrap()));
    }
    assert_eq!(pages.end(), Some(SearchEnd::LastPage));
    assert_eq!(Some(found.len() as u64), total);
    assert_eq!(emulator.calls(), found.len().div_ceil(20) as u64, "not one call more than there are pages");
}

#[tokio::test]
async fn order_and_prices_are_respected_in_every_form_of_the_answer() {
    let emulator = emulator().await;
    let query = words("抱枕").sorted(SearchSort::PriceAscending).priced("..300".parse().unwrap());
    let mut answers = Vec::new();
    for result_type in
        [ResultType::Json, ResultType::JsonU, ResultType::Xml, ResultType::Serialize, ResultType::VarExport]
    {
        let call = CallSettings { result_type, ..CallSettings::default() }.search(&query).unwrap();
        let exchange = client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
        let page = exchange.search_page().unwrap();
        let prices: Vec<f64> = page.items().map(|item| item.price().number().unwrap()).collect();
        assert!(prices.len() > 10 && prices.is_sorted() && prices.iter().all(|price| *price <= 300.0));
        answers.push(ids(&exchange));
    }
    assert!(answers.iter().all(|ids| *ids == answers[0]));
}

#[tokio::test]
async fn a_shop_is_found_by_the_sid_of_its_items() {
    let emulator = emulator().await;
    let first = ids(&search(&emulator, &words("口红")).await).remove(0);
    let item =
        client().send(&Call::item_get(first.clone()), &host_of(&emulator), &CallHandle::default()).await;
    let sid = item.item().unwrap().inner("seller_info", "sid").to_text();
    let query = SearchQuery::of_shop(&sid).unwrap().paged_by(number(100));
    let shop = search(&emulator, &query).await;
    assert_eq!(shop.outcome, Outcome::Success);
    assert!(ids(&shop).contains(&first));
    // A shop that is none, and words that exclude each other.
    for query in [SearchQuery::of_shop("b2b-2200733087881719de").unwrap(), words("连衣裙 轴承")] {
        let none = search(&emulator, &query).await;
        assert_eq!((&none.outcome, none.billing()), (&Outcome::NoResult, Billing::Billed));
        assert!(none.search_page().unwrap().is_empty());
    }
}

#[tokio::test]
async fn words_that_end_in_a_code_answer_with_it_and_words_that_are_a_faults_id_with_the_fault() {
    let emulator = emulator().await;
    for (text, billing) in [("手机2000", Billing::Billed), ("手机0000", Billing::Billed)] {
        let exchange = search(&emulator, &words(text)).await;
        assert_eq!((&exchange.outcome, exchange.billing()), (&Outcome::NoResult, billing), "{text}");
    }
    for code in ["4013", "4008", "5000"] {
        let query = words(&format!("手机{code}"));
        let exchange = search(&emulator, &query).await;
        assert!(matches!(exchange.outcome, Outcome::Refused(_)), "{code}");
        assert_eq!(exchange.summary().code.unwrap().as_str(), code);
        assert_eq!(exchange.billing(), Billing::Free);
        let shop = search(&emulator, &SearchQuery::of_shop(&format!("610947{code}")).unwrap()).await;
        assert_eq!(shop.summary().code.unwrap().as_str(), code);
    }
    let cut = search(&emulator, &words("610947578101")).await;
    assert!(matches!(cut.outcome, Outcome::NotUnderstood(Malformed::Cut(_))), "{:?}", cut.outcome);
    let page = search(&emulator, &words("610947578103")).await;
    assert!(matches!(page.outcome, Outcome::NotUnderstood(Malformed::Html(_))), "{:?}", page.outcome);
}

#[tokio::test]
async fn a_page_of_odd_types_is_read_and_no_digit_is_lost() {
    let emulator = emulator().await;
    for fault in ["drift", "hostile-text", "long-title", "stub-item", "odd-pictures"] {
        let settings = Settings { fault: Some(fault.parse().unwrap()), ..quick() };
        let odd = Emulator::start_with(settings).await.unwrap();
        let query = words("面膜");
        let (sound, odd) = (search(&emulator, &query).await, search(&odd, &query).await);
        assert_eq!((&odd.outcome, ids(&odd)), (&Outcome::Success, ids(&sound)), "{fault}");
    }
}

#[tokio::test]
async fn a_used_up_quota_stops_searches_like_calls_for_items() {
    let emulator = Emulator::start_with(Settings { quota: 1, ..quick() }).await.unwrap();
    assert_eq!(search(&emulator, &words("面膜")).await.outcome, Outcome::Success);
    let second = search(&emulator, &words("面膜").at_page(number(2))).await;
    assert_eq!(second.summary().code.unwrap().as_str(), "4013");
}

#[tokio::test]
async fn the_vendors_cache_answers_with_the_prices_of_its_time() {
    let clock = Clock::at(jiff::Timestamp::from_second(1_772_000_000).unwrap());
    let emulator = Emulator::start_with(Settings { clock: clock.clone(), ..quick() }).await.unwrap();
    let prices = |exchange: &Exchange| -> Vec<String> {
        exchange.search_page().unwrap().items().map(|item| item.price().to_text()).collect()
    };
    let first = search(&emulator, &words("地毯")).await;
    clock.advance(SignedDuration::from_hours(20));
    let cached = search(&emulator, &words("地毯")).await;
    assert_eq!((prices(&first), cached.billing()), (prices(&cached), Billing::Unknown));
    let call = CallSettings::default().search(&words("地毯")).unwrap().refreshed();
    let now = client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
    assert_ne!(prices(&now), prices(&first));
}

#[tokio::test]
async fn a_page_is_paid_once_and_comes_from_the_store_after_that() {
    let emulator = emulator().await;
    let store: Arc<dyn Store> = Arc::new(LocalStore::new(Place::Memory));
    let client = Client::new(credentials(), Limits::default());
    let fetcher = Fetcher::new(client, vec![host_of(&emulator)], store, Freshness::default());
    let handle = CallHandle::default();
    let mut sources = Vec::new();
    for _ in 0..2 {
        let mut pages = SearchPages::new(words("收纳箱"), number(2));
        while let Some(query) = pages.next_query() {
            let call = CallSettings::default().search(query).unwrap();
            let answer = fetcher.fetch(call, FetchPolicy::CacheFirst, &handle).await.unwrap();
            if let Some(stored) = &answer.stored {
                stored.clone().await.unwrap();
            }
            sources.push((answer.source, pages.take(&answer.exchange).len()));
        }
        assert!(pages.end().is_some());
    }
    let (live, stored) = sources.split_at(sources.len() / 2);
    assert!(live.iter().all(|(source, _)| *source == Source::Live));
    assert!(stored.iter().all(|(source, _)| *source == Source::Store));
    assert_eq!(live.iter().map(|row| row.1).sum::<usize>(), stored.iter().map(|row| row.1).sum::<usize>());
    assert_eq!(emulator.calls(), live.len() as u64);
}
