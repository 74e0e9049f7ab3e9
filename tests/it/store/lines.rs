//! What the log, the history and a search ask of the store.

use std::time::Duration;

use obx_core::store::{Begun, ExchangeId, Found, LogEntry, Store, beijing_day};
use onebound::{Fingerprint, Outcome, Quota};

use super::support::{
    CAPTURED, Home, ITEM, ago, answered, call, catalog, intent, item, item_id, keep, key, question, scoped,
    vendor,
};

const OTHER: &str = "610947572361";

fn found_ids(found: Vec<Found>) -> Vec<i64> {
    ids(&found.into_iter().map(|found| found.line).collect::<Vec<_>>())
}

fn ids(lines: &[LogEntry]) -> Vec<i64> {
    lines.iter().filter_map(|line| line.id).map(|id| id.0).collect()
}

#[tokio::test]
async fn lines_come_oldest_first_the_newest_at_first_and_others_by_their_numbers() {
    let home = Home::new();
    let store = home.store();
    for at in 0..10 {
        keep(store.as_ref(), item(ITEM, "机", "1.00", ago(100 - at))).await;
    }
    let opened = store.opened(3, ago(0)).await.unwrap();
    assert_eq!(ids(&opened.lines), [8, 9, 10]);
    assert_eq!(opened.ids, (1..11).map(ExchangeId).collect::<Vec<_>>());
    let asked = [9, 2, 44, 7].map(ExchangeId).to_vec();
    assert_eq!(ids(&store.lines(asked).await.unwrap().rows), [2, 7, 9]);
    assert!(ids(&store.lines_after(ExchangeId(8)).await.unwrap().rows).ends_with(&[9, 10]));
}

#[tokio::test]
async fn a_row_that_completes_late_comes_with_the_lines_after_it() {
    let home = Home::new();
    let store = home.store();
    let Begun::Go(slow) = store.begin(intent(call(ITEM), ago(1))).await.unwrap() else { panic!() };
    let quick = keep(store.as_ref(), item(OTHER, "机", "1.00", ago(0))).await;
    let reader = home.store();
    assert_eq!(ids(&reader.lines_after(ExchangeId(0)).await.unwrap().rows), [quick.0]);
    store.complete(Some(slow), key(), item(ITEM, "机", "1.00", ago(1)).into()).await.unwrap();
    assert_eq!(ids(&reader.lines_after(quick).await.unwrap().rows), [slow.0, quick.0]);
}

#[tokio::test]
async fn an_answered_question_is_listed_with_its_newest_time_and_no_failure_pushes_it_out() {
    let home = Home::new();
    let store = home.store();
    for exchange in [
        item(ITEM, "机", "1.00", ago(5_000)),
        item(ITEM, "机", "2.00", ago(300)),
        answered(OTHER, CAPTURED[0].1, ago(200)),
        answered(ITEM, r#"{"error_code":"4013","reason":"已超量"}"#, ago(100)),
        item("610947572362", "机", "2.00", ago(9_000)),
    ] {
        keep(store.as_ref(), exchange).await;
    }
    let mut answered = home.store().opened(1, ago(6_000)).await.unwrap().answered;
    answered.sort_by_key(|(_, at, _)| *at);
    let total = Duration::from_millis(6_710);
    let expected = [(question(ITEM), ago(300) + total, true), (question(OTHER), ago(200) + total, false)];
    assert_eq!(answered, expected);
    let answer = store.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_eq!((answer.id, &answer.exchange.outcome), (Some(ExchangeId(2)), &Outcome::Item));
}

/// So another session's answer is fresh here as soon as its row is known.
#[tokio::test]
async fn later_rows_say_which_questions_they_answer() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(20))).await;
    keep(store.as_ref(), answered(OTHER, r#"{"error_code":"4013","reason":"已超量"}"#, ago(10))).await;
    let answers = home.store().answered_after(ExchangeId(0)).await.unwrap();
    assert_eq!(answers, [(question(ITEM), ago(20) + Duration::from_millis(6_710), true)]);
    assert_eq!(store.answered_after(ExchangeId(1_000)).await.unwrap(), []);
}

#[tokio::test]
async fn the_newest_quota_of_each_key_is_reported() {
    let home = Home::new();
    let store = home.store();
    let asked_at = ago(10);
    let message =
        |used: u32| format!(r#"{{"error_code":"2000","reason":"x","api_info":"today:{used} max:10000"}}"#);
    for used in [4, 5] {
        keep(store.as_ref(), answered(ITEM, message(used), asked_at)).await;
    }
    for other in ["0", "zzzz"] {
        let (of, exchange) = (Fingerprint::from_stored(other), answered(ITEM, message(9), ago(5)));
        store.complete(None, of, exchange.into()).await.unwrap();
    }
    let mut quotas = store.opened(1, ago(0)).await.unwrap().quotas;
    assert_eq!(quotas.len(), 3);
    quotas.retain(|(of, _, _)| of.key == key());
    let [(of, at, Quota { today, max, .. })] = quotas.as_slice() else { panic!("{quotas:?}") };
    assert_eq!(
        (&of.scope, *at, *today, *max),
        (&vendor(), asked_at + Duration::from_millis(6_710), Some(5), Some(10_000))
    );
}

#[tokio::test]
async fn the_answers_to_one_item_are_its_versions() {
    let home = Home::new();
    let store = home.store();
    for exchange in [
        item(ITEM, "机", "1.00", ago(90)),
        item(OTHER, "机", "9.00", ago(80)),
        answered(ITEM, CAPTURED[0].1, ago(70)),
        answered(ITEM, r#"{"error_code":"5000"}"#, ago(60)),
        item(ITEM, "机", "2.50", ago(50)),
    ] {
        keep(store.as_ref(), exchange).await;
    }
    let versions = store.versions(scoped(ITEM)).await.unwrap().rows;
    let message: Vec<_> = versions.iter().map(|v| (v.id.0, v.price.as_deref(), v.stock.as_deref())).collect();
    assert_eq!(message, [(1, Some("1.00"), Some("7")), (3, None, None), (5, Some("2.50"), Some("7"))]);
}

#[tokio::test]
async fn any_part_of_a_word_of_an_answer_finds_it_newest_first() {
    let home = Home::new();
    let store = home.store();
    for (at, (_, body)) in (0..).zip(CAPTURED) {
        keep(store.as_ref(), answered(ITEM, body, ago(100 - at))).await;
    }
    keep(store.as_ref(), item(OTHER, "厂家直销 QIN2", "1", ago(5))).await;
    let cases: [(&str, &[i64]); 9] = [
        ("直销", &[10, 2]),
        ("直销 小米", &[2]),
        ("qin2", &[10, 2]),
        ("4309097072612", &[2]),
        ("430909", &[2]),
        ("商品没找到", &[1]),
        ("超量", &[6, 5]),
        ("15ee0ffc041242", &[1]),
        ("直销x", &[]),
    ];
    for (words, found) in cases {
        assert_eq!(found_ids(store.find(vendor(), words.to_owned(), 10).await.unwrap()), found, "{words}");
    }
    assert_eq!(found_ids(store.find(vendor(), ITEM.to_owned(), 3).await.unwrap()), [9, 8, 7]);
    assert_eq!(store.find(vendor(), " / ".to_owned(), 3).await.unwrap(), []);
    // Of words with punctuation the index can't say whether they are there in this form.
    assert_eq!(store.find(vendor(), "not-found".to_owned(), 3).await.unwrap(), []);
    let found = store.find_in_bodies(vendor(), "not-found".to_owned(), None).await.unwrap().found;
    assert_eq!(found_ids(found), [3, 1]);
}

#[tokio::test]
async fn items_and_what_is_noted_about_them_are_there_in_the_next_session() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "旧名", "1.00", ago(90))).await;
    keep(store.as_ref(), item(OTHER, "另一个", "1.00", ago(80))).await;
    keep(store.as_ref(), item(ITEM, "新名", "1.00", ago(70))).await;
    store.note(item_id(ITEM), true, "便宜 'cheap'".to_owned()).await.unwrap();
    let items = home.store().items(catalog()).await.unwrap().rows;
    let message: Vec<_> = items
        .iter()
        .map(|item| {
            (item.num_iid.as_str(), item.title.as_str(), item.asked_at, item.starred, item.note.as_str())
        })
        .collect();
    assert_eq!(
        message,
        [(ITEM, "新名", ago(70), true, "便宜 'cheap'"), (OTHER, "另一个", ago(80), false, "")]
    );
}

#[tokio::test]
async fn an_item_that_is_called_by_an_earlier_name_again_bears_it_again() {
    let home = Home::new();
    let store = home.store();
    for (title, at) in [("甲", 90), ("乙", 80), ("甲", 70)] {
        keep(store.as_ref(), item(ITEM, title, "1.00", ago(at))).await;
    }
    let items = store.items(catalog()).await.unwrap().rows;
    assert_eq!(items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["甲"]);
}

#[tokio::test]
async fn an_answer_that_came_while_a_call_waited_for_its_row_is_not_bought_again() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "一", "1.00", ago(30))).await;
    let asked = |at| obx_core::store::Intent { asked_at: at, ..intent(call(ITEM), ago(0)) };
    assert!(matches!(store.begin(asked(ago(60))).await.unwrap(), Begun::Answered));
    assert!(matches!(store.begin(asked(ago(0))).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn an_answer_from_before_the_clock_was_set_back_keeps_no_call_away() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "一", "1.00", ago(-3_600))).await;
    let asked = obx_core::store::Intent { asked_at: ago(0), ..intent(call(ITEM), ago(0)) };
    assert!(matches!(store.begin(asked).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn an_answer_that_came_since_is_taken_whatever_was_written_after_it() {
    let home = Home::new();
    let store = home.store();
    for started_at in [ago(30), ago(300)] {
        keep(store.as_ref(), item(ITEM, "一", "1.00", started_at)).await;
    }
    let asked = |since| obx_core::store::Intent { asked_at: since, ..intent(call(ITEM), ago(0)) };
    assert!(matches!(store.begin(asked(ago(60))).await.unwrap(), Begun::Answered));
    assert!(matches!(store.begin(asked(ago(20))).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn recent_calls_reach_back_to_the_beginning_of_a_day() {
    let home = Home::new();
    let store = home.store();
    let today = beijing_day(ago(0));
    for days in [3, 2, 1, 1, 0, 0] {
        keep(store.as_ref(), item(ITEM, "机", "1.00", ago(days * 24 * 60 * 60))).await;
    }
    let calls = store.recent_calls(ExchangeId(6), today - 1).await.unwrap();
    assert_eq!(calls.rows.iter().map(|call| call.id.unwrap().0).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!((calls.rows[0].used, calls.rows[0].is_reuse), (Some(3), false));
}

#[tokio::test]
async fn a_scan_sees_every_row_newest_first_and_ends_when_nobody_waits() {
    let home = Home::new();
    let store = home.store();
    for at in 0..9 {
        keep(store.as_ref(), item(ITEM, "机", "1.00", ago(100 - at))).await;
    }
    let (sender, seen) = std::sync::mpsc::channel();
    let visit = move |lines: &mut dyn Iterator<Item = LogEntry>| {
        lines.for_each(|line| sender.send(line.id.unwrap().0).unwrap());
    };
    store.scan(Box::new(visit)).await.unwrap();
    assert_eq!(seen.iter().collect::<Vec<_>>(), (1..10).rev().collect::<Vec<_>>());
    let (started, starts) = std::sync::mpsc::channel();
    let (go_on, goes_on) = std::sync::mpsc::channel::<()>();
    let (said, says) = std::sync::mpsc::channel();
    let visit = move |lines: &mut dyn Iterator<Item = LogEntry>| {
        let first = lines.next().is_some();
        started.send(first).unwrap();
        let _ = goes_on.recv(); // its sender is dropped
        said.send(lines.count()).unwrap();
    };
    let mut scan = store.scan(Box::new(visit));
    assert!(futures_util::poll!(&mut scan).is_pending());
    assert!(starts.recv().unwrap());
    drop(scan);
    drop(go_on);
    assert_eq!(says.recv().unwrap(), 0);
}
