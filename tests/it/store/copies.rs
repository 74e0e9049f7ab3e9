//! A store is copied into another one, of the same engine or of the other, and back.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::Place;
use obx_core::store::{
    self, Begun, CallState, CheckFinding, CopyReport, ExchangeId, PostgresStore, Store, StoreError,
    StoreErrorKind, StoreRows,
};
use onebound::Outcome;
use rstest::rstest;
use serde_json::Value;

use super::support::{
    Home, ITEM, ago, answered, assert_same, call, intent, item, item_id, keep, key, question, vendor,
};
use crate::support::postgres::Schema;

const OTHER: &str = "610947572361";

/// A file with all that a store can have.
async fn filled() -> Home {
    let home = Home::new();
    let store = home.store();
    keep(&*store, item(ITEM, "小米手机", "1.00", ago(100))).await;
    let newer = keep(&*store, item(ITEM, "小米手机", "2.00", ago(50))).await;
    keep(&*store, answered(OTHER, r#"{"error_code":"4013","reason":"超出"}"#, ago(40))).await;
    store.reuse(newer, call(ITEM), key(), ago(30)).await.unwrap();
    // Twice in a moment: two rows.
    store.reuse(newer, call(ITEM), key(), ago(30)).await.unwrap();
    store.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    store.keep_program(".item".to_owned()).await.unwrap();
    store.close().await;
    // Its session was killed before the answer.
    home.inside()
        .execute(
            "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, scope, host, key, call, lease_until)
             SELECT started_at + 5, beijing_day, num_iid, question, scope, host, key, call, 1 FROM exchanges
             WHERE id = 3",
            [],
        )
        .unwrap();
    home
}

async fn copied(from: &dyn StoreRows, to: &dyn StoreRows) -> CopyReport {
    store::copy(from, to, &|_| ()).await.unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Target {
    File,
    Memory,
    Postgres,
}

#[rstest]
#[tokio::test]
async fn a_copy_has_all_and_neither_a_second_one_nor_the_way_back_adds_anything(
    #[values(Target::File, Target::Memory, Target::Postgres)] target_kind: Target,
) {
    let Some((to, _other, _schema)) = target(target_kind) else { return };
    let home = filled().await;
    let from = home.store();
    let report = copied(&*from, &*to).await;
    assert!(report.is_complete(), "{report:?}");
    let counts = (report.from.calls, report.from.in_doubt, report.from.reuses, report.from.bodies);
    assert_eq!((counts, report.added), ((4, 1, 2, 3), 6));
    assert_eq!((report.annotations, report.programs, report.blocks), (1, 1, 1));
    let again = copied(&*from, &*to).await;
    let back = copied(&*to, &*from).await;
    for report in [again, back] {
        assert!(report.is_complete(), "{report:?}");
        assert_eq!((report.added, report.annotations, report.programs, report.blocks), (0, 0, 0, 0));
    }
    let answer = to.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_same(&answer.exchange, &item(ITEM, "小米手机", "2.00", ago(50)));
    assert_eq!(to.find(vendor(), "米手".to_owned(), 9).await.unwrap().len(), 2);
    let known = to.known(vendor(), vec![call(OTHER)]).await.unwrap();
    assert!(known[0].unknown_at.is_some(), "{known:?}");
    let opened = to.opened(9, ago(1_000)).await.unwrap();
    assert_eq!((opened.blocks.len(), opened.quotas.len(), opened.damaged.len()), (1, 1, 0));
    let shown: Vec<ExchangeId> = opened.lines.iter().filter_map(|line| line.reuses).collect();
    assert_eq!(shown, [answer.id.unwrap(); 2]);
    assert_eq!(to.annotation(item_id(ITEM)).await.unwrap().note, "样品");
    assert_eq!(to.programs().await.unwrap(), [".item"]);
}

/// An empty store, and what has to live as long as it.
fn target(target: Target) -> Option<(Arc<dyn StoreRows>, Home, Option<Schema>)> {
    let (home, mut schema) = (Home::new(), None);
    let place = match target {
        Target::File => Place::file(home.path()),
        Target::Memory => Place::Memory,
        Target::Postgres => Place::from(schema.insert(Schema::create()?).place()),
    };
    Some((store::open_rows(&place), home, schema))
}

#[rstest]
#[tokio::test]
async fn a_call_that_was_copied_in_doubt_gets_its_outcome_by_the_next_copy(
    #[values(Target::File, Target::Memory, Target::Postgres)] target_kind: Target,
) {
    let Some((to, _other, _schema)) = target(target_kind) else { return };
    let home = Home::new();
    let from = home.store();
    // The row says when the call began, its answer when it was sent.
    let Begun::Go(id) = from.begin(intent(call(ITEM), ago(20))).await.unwrap() else { panic!() };
    home.inside().execute("UPDATE exchanges SET lease_until = 1, owner = NULL", []).unwrap();
    let report = copied(&*from, &*to).await;
    assert_eq!((report.added, report.to.in_doubt, report.is_complete()), (1, 1, true), "{report:?}");
    let in_doubt = async || to.known(vendor(), vec![call(ITEM)]).await.unwrap()[0].unknown_at.is_some();
    assert!(in_doubt().await);
    from.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(19)).into()).await.unwrap();
    let report = copied(&*from, &*to).await;
    assert_eq!((report.added, report.outcomes, report.is_complete()), (0, 1, true), "{report:?}");
    assert_eq!((report.to.calls, report.to.in_doubt, report.to.bodies), (1, 0, 1));
    assert!(!in_doubt().await);
    let answer = to.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_same(&answer.exchange, &item(ITEM, "机", "1.00", ago(19)));
    assert_eq!(to.opened(9, ago(99)).await.unwrap().ids.len(), 1);
    let [again, back] = [copied(&*from, &*to).await, copied(&*to, &*from).await];
    assert_eq!((again.added, again.outcomes, back.added, back.outcomes), (0, 0, 0, 0));
}

#[tokio::test]
async fn stars_and_programs_of_others_stay_theirs_through_a_file() {
    let (Some(one), Some(other)) = (Schema::create(), Schema::create()) else { return };
    let by = |schema: &Schema, name: &str| {
        let mut place = schema.place();
        place.asked_by = name.to_owned();
        PostgresStore::new(place)
    };
    let (ann, file) = (by(&one, "ann"), Home::new());
    ann.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    ann.keep_program(".item".to_owned()).await.unwrap();
    let bob = by(&one, "bob");
    bob.note(item_id(ITEM), false, "太贵".to_owned()).await.unwrap();
    bob.keep_program(".item.price".to_owned()).await.unwrap();
    let report = copied(&ann, &*file.store()).await;
    assert_eq!((report.annotations, report.programs), (2, 2));
    assert_eq!(file.store().annotation(item_id(ITEM)).await.unwrap().note, "样品");
    assert_eq!(file.store().programs().await.unwrap(), [".item"]);
    let to = by(&other, "ann");
    for added in [2, 0] {
        let report = copied(&*file.store(), &to).await;
        assert_eq!((report.annotations, report.programs), (added, added));
    }
    let there = other.query("SELECT asked_by, starred, note FROM items ORDER BY 1");
    assert_eq!(there, "ann|t|样品\nbob|f|太贵");
    assert_eq!(
        other.query("SELECT asked_by, program FROM programs ORDER BY 1"),
        "ann|.item\nbob|.item.price"
    );
}

#[rstest]
#[tokio::test]
async fn a_body_that_changed_or_has_no_row_is_found(
    #[values(Target::File, Target::Postgres)] target_kind: Target,
) {
    let Some((to, other, schema)) = target(target_kind) else { return };
    let home = filled().await;
    assert!(copied(&*home.store(), &*to).await.is_complete());
    // It can still be unpacked and parsed; of one from an older obx nobody can tell.
    let damage = "UPDATE bodies SET record = replace(record, 'x-of', 'x-no') WHERE id = 1;
        UPDATE bodies SET record = replace(record, 'x-of', 'x-no'), digest = NULL WHERE id = 2;";
    if let Some(schema) = &schema {
        schema.query(&format!(
            "{damage} ALTER TABLE bodies DROP CONSTRAINT bodies_id_fkey;
             INSERT INTO bodies (id, record, packed) VALUES (77, '', '')"
        ));
    } else {
        other
            .inside()
            .execute_batch(&format!(
                "{damage} PRAGMA foreign_keys = OFF; INSERT INTO bodies (id, record, packed) VALUES (77, '', x'')"
            ))
            .unwrap();
    }
    let mut found = Vec::new();
    let report = |finding: CheckFinding| -> Result<(), StoreError> {
        found.push((finding.id.0, finding.kind.as_str()));
        Ok(())
    };
    store::check(&*to, &|_| (), report).await.unwrap();
    assert_eq!(found, [(77, "no_row"), (1, "damaged_body"), (6, "in_doubt")]);
}

#[tokio::test]
async fn who_asked_is_copied_through_a_file() {
    let (Some(one), Some(other)) = (Schema::create(), Schema::create()) else { return };
    let mut place = one.place();
    place.asked_by = "ann@shop".to_owned();
    let (from, file, to) = (PostgresStore::new(place), Home::new(), PostgresStore::new(other.place()));
    keep(&from, item(ITEM, "机", "1.00", ago(9))).await;
    assert!(copied(&from, &*file.store()).await.is_complete());
    let lines = file.store().opened(9, ago(99)).await.unwrap().lines;
    assert_eq!(lines[0].asked_by.as_deref(), Some("ann@shop"));
    assert!(copied(&*file.store(), &to).await.is_complete());
    assert_eq!(other.query("SELECT asked_by FROM v_calls"), "ann@shop");
}

#[tokio::test]
async fn calls_under_way_are_left_and_copied_once_they_have_ended() {
    let (home, other) = (Home::new(), Home::new());
    let (store, to) = (home.store(), other.store());
    let Begun::Go(id) = store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap() else { panic!() };
    let rows = store.calls_after(ExchangeId(0), 9).await.unwrap().rows;
    assert_eq!(rows[0].state, CallState::UnderWay);
    let report = copied(&*store, &*to).await;
    assert_eq!((report.under_way, report.added, report.is_complete()), (1, 0, true));
    store.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(9)).into()).await.unwrap();
    assert_eq!(copied(&*store, &*to).await.added, 1);
    assert!(
        to.answer(&question(ITEM))
            .await
            .unwrap()
            .is_some_and(|answer| answer.exchange.outcome == Outcome::Item)
    );
}

/// The guards believe the quota of the last row: a copied one that is older must not become that.
#[tokio::test]
async fn an_older_quota_does_not_take_the_place_of_a_newer_one() {
    let (home, other) = (Home::new(), Home::new());
    keep(&*home.store(), item(ITEM, "机", "1.00", ago(90))).await;
    let newer = r#"{"error_code":"2000","reason":"x","api_info":"today:8 max:10"}"#;
    keep(&*other.store(), answered(OTHER, newer, ago(9))).await;
    assert!(copied(&*home.store(), &*other.store()).await.is_complete());
    let quotas = other.store().opened(0, ago(0)).await.unwrap().quotas;
    assert_eq!(quotas[0].2.today, Some(8));
}

#[tokio::test]
async fn two_copies_at_once_add_each_row_once() {
    let Some(schema) = Schema::create() else { return };
    let home = filled().await;
    let copy = || {
        let (from, to) = (home.store(), PostgresStore::new(schema.place()));
        async move { copied(&*from, &to).await.added }
    };
    let added = futures_util::future::join_all([copy(), copy(), copy()]).await;
    assert_eq!(
        (added.iter().sum::<usize>(), schema.query("SELECT count(*) FROM exchanges")),
        (6, "6".to_owned())
    );
}

#[tokio::test]
async fn a_store_of_a_newer_obx_is_not_copied_into() {
    let (home, other) = (filled().await, Home::new());
    keep(&*other.store(), item(ITEM, "机", "1.00", ago(9))).await;
    other.inside().pragma_update(None, "user_version", 99).unwrap();
    let error = store::copy(&*home.store(), &*other.store(), &|_| ()).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::Newer);
}

/// The program, as somebody without an account starts it.
fn obx(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obx"));
    command.args(args).env_clear().env("HOME", home).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn records(command: &mut Command, code: i32) -> Vec<Value> {
    let output = command.output().unwrap();
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{out}{error}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Repeats the rows of a file, each time a second earlier.
fn multiply(home: &Home, times: i64) {
    home.inside()
        .execute_batch(&format!(
            "CREATE TEMP TABLE repeated (n INTEGER);
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})
             INSERT INTO repeated SELECT n FROM n;
             INSERT INTO exchanges (id, started_at, beijing_day, num_iid, question, scope, host, key, call, outcome,
                 billing, answers, total_ms, size, text, reuses)
             SELECT id + 100 * n, started_at - 1000 * n, beijing_day, num_iid, question, scope, host, key, call, outcome,
                 billing, answers, total_ms, size, text, reuses FROM exchanges, repeated;
             INSERT INTO bodies SELECT id + 100 * n, record, packed, digest FROM bodies, repeated;"
        ))
        .unwrap();
}

#[rstest]
#[tokio::test]
async fn a_copy_that_is_killed_again_and_again_loses_and_doubles_nothing(
    #[values(Target::File, Target::Postgres)] target: Target,
) {
    let (home, other, mut schema) = (filled().await, Home::new(), None);
    multiply(&home, 400);
    let rows = home.count("SELECT count(*) FROM exchanges");
    let to = match target {
        Target::Postgres => match Schema::create() {
            Some(created) => schema.insert(created).address(),
            None => return,
        },
        _ => other.path().to_str().unwrap().to_owned(),
    };
    let (folder, from) = (home.folder.path(), home.path());
    let args = ["store", "copy", from.to_str().unwrap(), &to, "--json"];
    for round in 0..10 {
        let mut child = obx(folder, &args).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(60 + 35 * round));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let [copy] = &records(&mut obx(folder, &args), 0)[..] else { panic!() };
    assert_eq!(copy["complete"], true, "{copy}");
    assert_eq!(copy["calls_to"].as_i64().unwrap() + copy["reuses_to"].as_i64().unwrap(), rows);
    let [again] = &records(&mut obx(folder, &args), 0)[..] else { panic!() };
    assert_eq!(again["added"], 0);
    let count = "SELECT count(*) FROM exchanges";
    let there = match &schema {
        Some(schema) => schema.query(count).parse().unwrap(),
        None => other.count(count),
    };
    assert_eq!(there, rows);
    let back = ["store", "copy", &to, from.to_str().unwrap(), "--json"];
    assert_eq!(records(&mut obx(folder, &back), 0)[0]["added"], 0);
    assert_eq!(records(&mut obx(folder, &["store", "check", &to, "--json"]), 0).len(), 401);
}

#[tokio::test]
async fn a_check_names_each_damaged_row_and_what_to_do() {
    let home = filled().await;
    let (folder, path) = (home.folder.path(), home.path());
    let check = ["store", "check", path.to_str().unwrap(), "--json"];
    let found = |findings: &[Value]| -> Vec<String> {
        findings
            .iter()
            .map(|finding| format!("{} {}", finding["id"], finding["kind"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(found(&records(&mut obx(folder, &check), 0)), ["6 ended_lease"]);
    home.inside()
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             UPDATE bodies SET packed = x'00' WHERE id = 1; DELETE FROM bodies WHERE id = 2;
             UPDATE exchanges SET outcome = 77 WHERE id = 3",
        )
        .unwrap();
    let findings = records(&mut obx(folder, &check), 10);
    let expected =
        ["1 damaged_body", "2 no_body", "3 damaged_row", "4 lost_answer", "5 lost_answer", "6 ended_lease"];
    let mut rows = found(&findings);
    rows.retain(|finding| !finding.contains("damaged_store"));
    rows.sort();
    assert_eq!(rows, expected);
    assert!(findings.iter().all(|finding| !finding["what_to_do"].as_str().unwrap().is_empty()));
    // What can be read is copied, and that something is missing is said.
    let to = Home::new();
    let copy =
        ["store", "copy", path.to_str().unwrap(), to.path().to_str().unwrap(), "--json"].map(str::to_owned);
    let copy: Vec<&str> = copy.iter().map(String::as_str).collect();
    assert_eq!(records(&mut obx(folder, &copy), 10)[0]["damaged"], 1);
}

#[test]
fn a_store_that_is_not_there_or_the_same_is_a_mistake_and_makes_no_file() {
    let home = Home::new();
    let (folder, path) = (home.folder.path(), home.path());
    let path = path.to_str().unwrap();
    for args in [
        &["store", "check", path][..],
        &["store", "copy", path, "new.sqlite"],
        &["store", "copy", path, path],
    ] {
        assert_eq!(
            obx(folder, args).current_dir(folder).output().unwrap().status.code(),
            Some(2),
            "{args:?}"
        );
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}
