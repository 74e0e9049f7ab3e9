//! The roles of docs/team-store.md, as they are written there.

use jiff::Timestamp;
use obx_core::store::{Begun, PostgresStore, ServerRefusal, Store, StoreErrorKind};

use super::support::{ITEM, ago, call, catalog, intent, item, item_id, keep, key, question};
use crate::support::postgres::Schema;

const OTHER: &str = "610947572361";

/// The documented block that begins so, for this schema and user.
fn documented(beginning: &str, schema: &str, user: &str) -> String {
    let text = include_str!("../../../docs/team-store.md");
    let block = text.split("```text\n").skip(1).find(|block| block.starts_with(beginning)).unwrap();
    let block = block.split("```").next().unwrap();
    let quoted = format!("\"{schema}\"");
    block
        .replace("DATABASE team", "DATABASE postgres")
        .replace("SCHEMA obx", &format!("SCHEMA {quoted}"))
        .replace("obx.", &format!("{quoted}."))
        .replace("obx_user", &format!("role_of_{user}"))
        .replace("ann, bob", user)
}

#[tokio::test]
async fn whoever_has_the_documented_role_can_use_the_store_and_not_change_its_tables() {
    let Some(schema) = Schema::create() else { return };
    let place = schema.place();
    let user = place.schema.replace(' ', "_").to_lowercase();
    keep(&PostgresStore::new(place.clone()), item(OTHER, "杯", "3.00", ago(90))).await;
    schema.query(&format!("CREATE ROLE {user} LOGIN; {}", documented("CREATE ROLE", &place.schema, &user)));
    let mut of_user = place.clone();
    (of_user.user, of_user.asked_by) = (user.clone(), user.clone());
    let store = PostgresStore::new(of_user);
    let Begun::Go(id) = store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap() else { panic!() };
    store.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(9)).into()).await.unwrap();
    store.reuse(id, call(ITEM), key(), ago(0)).await.unwrap();
    store.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    store.keep_program(".item".to_owned()).await.unwrap();
    assert_eq!(store.answer(&question(ITEM)).await.unwrap().unwrap().id, Some(id));
    assert_eq!(store.items(catalog()).await.unwrap().rows.len(), 2);
    // After an update the owner migrates; this role can't, and says so.
    schema.query("UPDATE store_version SET version = 1");
    let mut later = place;
    later.user = user;
    let refused = PostgresStore::new(later).opened(9, ago(0)).await.unwrap_err();
    assert_eq!(refused.fault, StoreErrorKind::Refused(ServerRefusal::NoRights), "{refused}");
}

#[tokio::test]
async fn the_documented_deletion_leaves_newer_calls_and_nothing_without_a_row() {
    let Some(schema) = Schema::create() else { return };
    let place = schema.place();
    let store = PostgresStore::new(place.clone());
    let old = keep(&store, item(OTHER, "杯", "3.00", ago(99))).await;
    keep(&store, item(ITEM, "机", "1.00", ago(9))).await;
    schema.query(&format!("UPDATE exchanges SET beijing_day = beijing_day - 400 WHERE id = {}", old.0));
    schema.query(&documented("DELETE FROM", &place.schema, "nobody"));
    let counts = "SELECT (SELECT count(*) FROM exchanges), (SELECT count(*) FROM bodies), (SELECT count(*) FROM texts)";
    assert_eq!(schema.query(counts), "1|1|1");
}

#[tokio::test]
async fn a_migration_leaves_readers_of_the_views_their_right_and_names_who_asked() {
    let Some(schema) = Schema::create() else { return };
    let place = schema.place();
    let reader = format!("reader_of_{}", place.schema.replace(' ', "_").to_lowercase());
    schema.run(&format!("CREATE SCHEMA \"{}\"", place.schema));
    schema.query(include_str!("../../../crates/obx-core/src/store/postgres/schema/1.sql"));
    schema.query(&format!(
        "INSERT INTO store_version VALUES (1); CREATE ROLE {reader}; GRANT SELECT ON v_answers, v_items TO {reader};
         GRANT USAGE ON SCHEMA \"{}\" TO {reader}",
        place.schema
    ));
    keep(&PostgresStore::new(place), item(ITEM, "机", "1.00", ago(9))).await;
    let asked_by = "SELECT a.asked_by, i.asked_by FROM v_answers a, v_items i";
    assert_eq!(schema.query(&format!("SET ROLE {reader}; {asked_by}")), "postgres|postgres");
}
