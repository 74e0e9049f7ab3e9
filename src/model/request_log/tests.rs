use std::time::Duration;

use bytes::Bytes;

use super::*;
use onebound::{Answer, Call, Credentials, Fingerprint, Host, ItemId, Timing};

fn exchange(size: usize) -> Arc<Exchange> {
    let call = Call::item_get(ItemId::find("610947572360").unwrap());
    let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
    let body = format!(r#"{{"error_code":"2000","reason":"{}"}}"#, "x".repeat(size));
    let answer = Answer { status: 200, headers: Vec::new(), body: Bytes::from(body) };
    let (at, timing) = (Timestamp::UNIX_EPOCH, Timing { total: Duration::from_secs(1), ..Timing::default() });
    Arc::new(Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials))
}

fn line(id: Option<i64>) -> LogEntry {
    LogEntry::new(id.map(ExchangeId), Fingerprint::from_stored("5f3a9c1e"), &exchange(1))
}

fn ids(log: &RequestLog) -> Vec<Option<i64>> {
    log.rows().map(|row| row.line.id.map(|id| id.0)).collect()
}

#[test]
fn lines_of_all_sessions_are_in_one_order_the_newest_first() {
    let mut log = RequestLog::default();
    log.merge(vec![line(Some(5)), line(Some(7))]);
    log.add(Ticket(1), line(Some(9)), exchange(1), true);
    log.add(Ticket(2), line(None), exchange(1), true);
    log.merge(vec![line(Some(8)), line(Some(10))]);
    log.merge(vec![line(Some(1)), line(Some(2)), line(Some(5))]);
    assert_eq!(ids(&log), [None, Some(10), Some(9), Some(8), Some(7), Some(5), Some(2), Some(1)]);
    log.written(Ticket(2), &[ExchangeId(11)]);
    assert_eq!(ids(&log)[0], Some(11));
}

#[test]
fn a_line_that_the_store_reported_first_is_there_once() {
    let mut log = RequestLog::default();
    log.merge(vec![line(Some(3))]);
    log.add(Ticket(1), line(Some(3)), exchange(1), true);
    log.add(Ticket(2), line(None), exchange(1), true);
    log.merge(vec![line(Some(4))]);
    log.written(Ticket(2), &[ExchangeId(4)]);
    assert_eq!(ids(&log), [Some(4), Some(3)]);
    assert!(log.row(1).unwrap().exchange().is_some());
}

#[test]
fn old_bodies_leave_memory_first_and_never_before_they_are_written() {
    let mut log = RequestLog::default();
    let third = BODIES / 3 + 1;
    for at in 1..=4 {
        log.add(Ticket(at), line(Some(i64::try_from(at).unwrap())), exchange(third), true);
    }
    let held = |log: &RequestLog| log.rows().map(|row| row.exchange().is_some()).collect::<Vec<_>>();
    assert_eq!(held(&log), [true; 4]);
    for at in 1..=4 {
        log.written(Ticket(at), &[ExchangeId(i64::try_from(at).unwrap())]);
    }
    assert_eq!(held(&log), [true, true, false, false]);
}

#[test]
fn a_row_is_found_by_its_fetch_also_once_it_is_written() {
    let mut log = RequestLog::default();
    log.add(Ticket(1), line(Some(1)), exchange(1), false);
    log.add(Ticket(2), line(None), exchange(1), true);
    log.add(Ticket(3), line(Some(3)), exchange(1), true);
    log.written(Ticket(2), &[ExchangeId(2)]);
    log.all_written();
    assert_eq!([1, 2, 3].map(|ticket| log.place_of_fetch(Ticket(ticket))), [Some(2), Some(1), Some(0)]);
}

#[test]
fn a_body_that_is_only_in_memory_stays_there() {
    let mut log = RequestLog::default();
    log.add(Ticket(1), line(None), exchange(BODIES), false);
    log.add(Ticket(2), line(Some(2)), exchange(1), false);
    let held: Vec<_> = log.rows().map(|row| (row.line.id.map(|id| id.0), row.exchange().is_some())).collect();
    assert_eq!(held, [(None, true), (Some(2), false)]);
}

#[test]
fn what_could_not_be_written_stays_until_it_is_and_then_comes_from_the_store() {
    let mut log = RequestLog::default();
    log.add(Ticket(1), line(None), exchange(1), true);
    log.add(Ticket(2), line(Some(2)), exchange(1), true);
    log.all_written();
    assert_eq!(ids(&log), [Some(2)]);
    log.merge(vec![line(Some(3))]);
    assert_eq!(ids(&log), [Some(3), Some(2)]);
}

#[test]
fn a_row_of_another_session_tells_how_much_of_the_quota_is_used() {
    let mut log = RequestLog::default();
    let mut row = line(Some(1));
    let account = row.account();
    log.learn_quotas([(
        account.clone(),
        row.ended_at(),
        Quota::parse("today:2 max:10 all[2=2+0];expires:2030-01-01"),
    )]);
    row.started_at += jiff::SignedDuration::from_secs(60);
    (row.used, row.allowed) = (Some(5), Some(10));
    log.merge(vec![row.clone()]);
    let quota = log.quota(&account).unwrap().0;
    assert_eq!((quota.today, quota.max, quota.all.as_deref()), (Some(5), Some(10), None));
    assert!(quota.expires.is_some());
    (row.id, row.used) = (Some(ExchangeId(2)), None);
    log.merge(vec![row]);
    assert_eq!(log.quota(&account).unwrap().0.today, Some(5));
}

#[test]
fn the_newest_word_on_each_keys_quota_counts() {
    let account = |key| Account { scope: Host::default().scope(), key: Fingerprint::from_stored(key) };
    let (one, other) = (account("one"), account("other"));
    let at = |second| Timestamp::from_second(second).unwrap();
    let mut log = RequestLog::default();
    let quota_at = |of: &Account, second, text: &str| (of.clone(), at(second), Quota::parse(text));
    log.learn_quotas([quota_at(&one, 20, "today:2 max:10"), quota_at(&other, 30, "today:9 max:10")]);
    log.learn_quotas([quota_at(&one, 10, "today:1 max:10")]);
    let other_gateway = Account { scope: Host::parse("http://127.0.0.1:9").unwrap().scope(), ..one.clone() };
    log.learn_quotas([quota_at(&other_gateway, 40, "today:7 max:10")]);
    assert_eq!(log.quota(&one).unwrap().0.today, Some(2));
    assert_eq!(log.quota(&other).unwrap().0.today, Some(9));
    assert_eq!(log.quota(&other_gateway).unwrap().0.today, Some(7));
    assert_eq!(log.quota(&account("none")), None);
}

#[test]
fn a_days_calls_are_split_by_person_once_several_people_ask() {
    let mut log = RequestLog::default();
    let asked = |id, name: &str, billing| LogEntry { asked_by: Some(name.into()), billing, ..line(Some(id)) };
    log.merge(vec![asked(1, "li", Billing::Billed), asked(2, "li", Billing::Unknown)]);
    let (account, now) = (line(None).account(), Timestamp::from_second(60).unwrap());
    assert_eq!(log.day_by_person(&account, now), []);
    log.merge(vec![asked(3, "bo", Billing::Billed)]);
    // A call with another key of the same store.
    let other = LogEntry { key: Fingerprint::from_stored("00000000"), ..asked(4, "bo", Billing::Billed) };
    log.merge(vec![other]);
    let people = log.day_by_person(&account, now);
    let counts: Vec<_> = people
        .iter()
        .map(|person| (person.name.as_deref().unwrap(), person.split.billed, person.split.unknown))
        .collect();
    assert_eq!(counts, [("li", 1, 1), ("bo", 1, 0)]);
    assert_eq!(log.day_by_person(&account, Timestamp::from_second(86_400).unwrap()), []);
}
