use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::message::{Effect, FetchEnd, FetchEvent, StoreEvent, StoreRequest};
use crate::model::session_info::{SessionInfo, UnstoredAnswers};
use crate::ui::theme::UNDER_WAY;
use obx_core::config::{DisplaySettings, Freshness, Guards};
use obx_core::fetch::{FetchPolicy, Fetched, NotSent, Source, StoredIds};
use obx_core::i18n::{Language, Texts};
use obx_core::store::ExchangeId;
use onebound::{
    Answer, Call, CallHandle, CallSettings, Credentials, Exchange, Fingerprint, Host, ItemId, Timing,
};

fn second(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn model() -> Model {
    let session = SessionInfo {
        call: CallSettings::default(),
        hosts: Vec::new(),
        profile: String::new(),
        demo: true,
        offline: false,
        key: None,
        remembers: false,
        unstored: UnstoredAnswers::Lost,
        asked_by: None,
        file: None,
        freshness: Freshness::default(),
        guards: Guards::default(),
        price_per_call: None,
        price: std::sync::Arc::default(),
        zone: TimeZone::UTC,
        display: DisplaySettings::default(),
    };
    Model::new(Texts::new(Language::En), session, second(0))
}

fn call(id: &str) -> Call {
    Call::item_get(ItemId::find(id).unwrap())
}

/// Adds a call that is sent at this second.
fn start(model: &mut Model, id: &str, at: i64) -> Ticket {
    let Some(Effect::Fetch(order)) = model.start(call(id), FetchPolicy::Refresh) else { panic!("{id}") };
    let ticket = order.ticket();
    let mut progress = *CallHandle::default().watch().borrow();
    progress.out = Some(SentCall { host: 0, at: second(at) });
    model.apply(ticket, FetchEvent::Progress(progress));
    ticket
}

/// Ends the call after a second, with this number in the store.
fn end(model: &mut Model, ticket: Ticket, id: &str, at: i64, number: i64) {
    let end = FetchEnd::new(fetched(id, at, number, None), model.now.at, None);
    model.apply(ticket, FetchEvent::Finished(Box::new(end)));
}

fn fetched(id: &str, at: i64, number: i64, stored: Option<StoredIds>) -> Fetched {
    let answer = Answer { status: 200, headers: Vec::new(), body: Bytes::from(r#"{"error_code":"2000"}"#) };
    let timing = Timing { total: Duration::from_secs(1), ..Timing::default() };
    let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
    let exchange = Exchange::from_answer(call(id), Host::default(), second(at), timing, answer, &credentials);
    Fetched {
        id: Some(ExchangeId(number)),
        key: Fingerprint::from_stored("demo"),
        exchange: Arc::new(exchange),
        source: Source::Live,
        fresh_until: None,
        in_doubt: None,
        before: Vec::new(),
        stored,
    }
}

/// The items, newest first; calls under way begin with `…`.
fn listed(model: &Model) -> Vec<String> {
    let rows = RequestRows::new(model);
    let each = (0..rows.len()).map(|place| rows.at(place).unwrap());
    each.map(|row| match row {
        RequestRow::UnderWay(..) | RequestRow::Leased(..) => format!("{UNDER_WAY}{}", row.subject()),
        RequestRow::Ended(..) => row.subject().to_string(),
    })
    .collect()
}

#[test]
fn each_call_ends_where_its_row_stood_whichever_ends_first() {
    let mut model = model();
    let before = start(&mut model, "1", 1);
    end(&mut model, before, "1", 1, 10);
    let (older, newer) = (start(&mut model, "2", 3), start(&mut model, "3", 5));
    assert_eq!(listed(&model), ["…3", "…2", "1"]);
    end(&mut model, newer, "3", 5, 12);
    assert_eq!(listed(&model), ["3", "…2", "1"]);
    end(&mut model, older, "2", 3, 11);
    assert_eq!(listed(&model), ["3", "2", "1"]);
}

#[test]
fn a_row_is_found_again_by_what_tells_it_from_others_also_once_its_call_has_ended() {
    let mut model = model();
    let tickets = [("1", 1), ("2", 3), ("3", 5)].map(|(id, at)| start(&mut model, id, at));
    end(&mut model, tickets[1], "2", 3, 11);
    let rows = RequestRows::new(&model);
    let ids: Vec<_> = (0..rows.len()).map(|place| rows.at(place).unwrap().id()).collect();
    assert_eq!(ids.iter().map(|id| rows.place_of(*id)).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    assert_eq!(tickets.map(|ticket| rows.place_of(RowId::UnderWay(ticket))), [Some(2), Some(1), Some(0)]);
    assert!(rows.at(3).is_none());
}

#[test]
fn an_answer_that_is_written_right_after_the_end_is_unwritten_until_the_loop_is_told() {
    let mut model = model();
    let ticket = start(&mut model, "1", 1);
    let stored = async { Ok(vec![ExchangeId(10)]) }.boxed().shared();
    let end = FetchEnd::new(fetched("1", 1, 10, Some(stored.clone())), model.now.at, None);
    let exchange = Arc::clone(&end.fetched.exchange);
    // The task waits for it while the end is on its way.
    let ids = stored.now_or_never().unwrap().unwrap();
    model.apply(ticket, FetchEvent::Finished(Box::new(end)));
    assert!(model.log.is_unwritten(&exchange));
    model.apply_store(StoreEvent::Stored { ticket, written: Ok(ids), history: None });
    assert!(!model.log.is_unwritten(&exchange));
}

#[test]
fn of_a_call_that_was_refused_after_it_had_gone_out_the_store_is_asked() {
    let mut model = model();
    let before = start(&mut model, "1", 1);
    end(&mut model, before, "1", 1, 10);
    let refused = start(&mut model, "2", 3);
    let effects = model.apply(refused, FetchEvent::NotSent(NotSent::Offline));
    assert_eq!(effects, [Effect::Store(StoreRequest::After(ExchangeId(10)))]);
    assert_eq!(listed(&model), ["1"]);
}
