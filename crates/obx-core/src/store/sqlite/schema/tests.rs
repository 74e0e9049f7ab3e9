//! Older files become ones of this version: every step once, all of them or none.

use std::sync::Barrier;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use onebound::{Catalog, Scope};

/// A later obx, with steps after the first version that count how often they were taken.
const LATER: [&str; 3] = [
    MIGRATIONS[0],
    "CREATE TABLE steps (taken TEXT) STRICT; INSERT INTO steps VALUES ('second');
     ALTER TABLE exchanges ADD COLUMN second TEXT NOT NULL DEFAULT 'new'",
    "INSERT INTO steps VALUES ('third'); UPDATE exchanges SET second = 'third'",
];

/// A file of version 1 with an exchange in it.
fn catalog(gateway: &str) -> Catalog {
    Catalog { scope: Scope::from_stored(gateway), platform: "1688".into() }
}

fn older() -> (TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::file(folder.path().join("store.sqlite"));
    let mut connection = open_file(place.path().unwrap()).unwrap();
    write_ahead(&connection).unwrap();
    migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
    connection
        .execute_batch(
            "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, host, key, call)
             VALUES (1, 0, '610947572360', '1688/item_get?q', 'h', 'k', '{}');
             UPDATE exchanges SET lease_until = 0, answers = 1;
             INSERT INTO bodies (id, record, packed) VALUES (1, '{}', x'00')",
        )
        .unwrap();
    (folder, place)
}

fn connect(place: &Place) -> Connection {
    let connection = Connection::open(place.path().unwrap()).unwrap();
    connection.busy_timeout(LOCK_WAIT).unwrap();
    connection
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_store_in_memory_lacks_the_views_alone() {
    let objects = |connection: &Connection| {
        texts(connection, "SELECT name FROM sqlite_master WHERE type <> 'view' ORDER BY name")
    };
    let (folder, in_memory) = (tempfile::tempdir().unwrap(), open(&Place::Memory).unwrap());
    let in_file = open(&Place::file(folder.path().join("store.sqlite"))).unwrap();
    assert_eq!(objects(&in_memory), objects(&in_file));
    assert_eq!(texts(&in_memory, "SELECT name FROM sqlite_master WHERE type = 'view'"), [""; 0]);
}

/// `OBX_UPDATE_DOCS=1` writes the file anew after a further step.
#[test]
fn a_new_store_has_the_tables_that_all_steps_make() {
    let mut migrated = Connection::open_in_memory().unwrap();
    migrate(&mut migrated, &MIGRATIONS).unwrap();
    // The tables behind the index of texts, and SQLite's own, come by themselves.
    let made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'search_*'
        AND name NOT GLOB 'sqlite_*' ORDER BY rowid";
    let made = texts(&migrated, made).join(";\n") + ";\n";
    if std::env::var_os("OBX_UPDATE_DOCS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sqlite/schema/newest.sql");
        fs::write(path, &made).unwrap();
    }
    assert_eq!(NEWEST, made);
    let folder = tempfile::tempdir().unwrap();
    let new = open(&Place::file(folder.path().join("store.sqlite"))).unwrap();
    let all = "SELECT name || coalesce(sql, '') FROM sqlite_master ORDER BY name";
    assert_eq!(texts(&new, all), texts(&migrated, all));
    assert_eq!(version(&new).unwrap(), version(&migrated).unwrap());
}

#[test]
fn an_older_file_gets_every_step_once_and_keeps_what_is_in_it() {
    let (_folder, place) = older();
    let mut connection = connect(&place);
    for _ in 0..2 {
        migrate(&mut connection, &LATER).unwrap();
        assert_eq!(version(&connection).unwrap(), 3);
        assert_eq!(texts(&connection, "SELECT taken FROM steps"), ["second", "third"]);
        assert_eq!(texts(&connection, "SELECT second || num_iid FROM exchanges"), ["third610947572360"]);
        assert_eq!(texts(&connection, "SELECT record FROM bodies"), ["{}"]);
    }
}

#[test]
fn a_file_of_the_first_version_can_be_read_from_and_keeps_programs() {
    let (_folder, place) = older();
    let path = place.path().unwrap();
    assert_eq!(texts(&open_to_read(&place, path).unwrap(), "SELECT program FROM programs"), [""; 0]);
    assert_eq!(texts(&connect(&place), "SELECT num_iid FROM exchanges"), ["610947572360"]);
}

#[test]
fn an_older_file_that_can_not_be_written_is_read_as_it_is() {
    let (folder, place) = older();
    let path = place.path().unwrap();
    // One that another program has locked for good can't be brought up to this version.
    let locked = connect(&place);
    locked.execute_batch("BEGIN IMMEDIATE").unwrap();
    let connection = open_to_read(&place, path).unwrap();
    assert_eq!(version(&connection).unwrap(), 1);
    assert_eq!(texts(&connection, "SELECT num_iid FROM exchanges"), ["610947572360"]);
    assert_eq!(crate::store::sqlite::programs::all(&connection).unwrap(), [""; 0]);
    let catalog = catalog("h");
    let lines = crate::store::sqlite::log::newest(&connection, 9, Timestamp::UNIX_EPOCH).unwrap();
    assert!(lines.rows.len() == 1 && lines.rows.iter().all(|line| line.is_in(&catalog)));
    assert_eq!(crate::store::sqlite::items::items(&connection, &catalog).unwrap().rows.len(), 1);
    assert_eq!(
        crate::store::sqlite::log::answered_since(&connection, Timestamp::UNIX_EPOCH).unwrap().rows.len(),
        1
    );
    drop(folder);
}

#[test]
fn rows_of_version_2_get_the_gateway_of_their_host_whether_the_file_can_be_written_or_not() {
    let hosts = VENDOR_HOSTS.into_iter().chain([
        "https://api-gw.onebound.cn:8443",
        "https://white-label.example/x",
        "http://127.0.0.1:8168",
        "http://localhost:8168",
        "https://file",
    ]);
    let hosts: Vec<&str> = hosts.collect();
    let (folder, place) = older();
    let mut connection = connect(&place);
    migrate(&mut connection, &MIGRATIONS[..2]).unwrap();
    connection.execute_batch("DELETE FROM exchanges").unwrap();
    for host in &hosts {
        connection
            .execute(
                "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, host, key, call)
                 VALUES (1, 0, '1', 'q', ?1, 'k', '{}')",
                [host],
            )
            .unwrap();
    }
    let expected: Vec<String> =
        hosts.iter().map(|host| Host::from_stored(host).scope().to_string()).collect();
    let scopes = "SELECT scope FROM exchanges ORDER BY id";
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let read = open_to_read(&place, place.path().unwrap()).unwrap();
    assert_eq!((version(&read).unwrap(), texts(&read, scopes)), (2, expected.clone()));
    connection.execute_batch("COMMIT").unwrap();
    let written = open(&place).unwrap();
    assert_eq!((version(&written).unwrap(), texts(&written, scopes)), (newest(), expected));
    drop(folder);
}

#[test]
fn outcomes_and_blocks_of_older_versions_are_kept_whether_the_file_can_be_written_or_not() {
    for version in [3, 4] {
        outcomes_and_blocks_are_kept(version);
    }
}

fn outcomes_and_blocks_are_kept(from: usize) {
    let (folder, place) = older();
    let mut connection = connect(&place);
    migrate(&mut connection, &MIGRATIONS[..from]).unwrap();
    let (summary, blocks) = if from < 4 { ("told", "latches") } else { ("summary", "blocks") };
    connection
        .execute_batch(&format!(
            "INSERT INTO conclusions (id, {summary}) VALUES (7, 'an outcome');
             UPDATE exchanges SET conclusion = 7;
             INSERT INTO {blocks} (host, key, reason, since, until) VALUES ('h', 'k', 'balance', 1, NULL)"
        ))
        .unwrap();
    let both = |connection: &Connection| {
        let blocks = crate::store::sqlite::blocks::all(connection).unwrap();
        (
            texts(connection, "SELECT summary FROM exchanges JOIN outcomes ON outcomes.id = outcome"),
            blocks.len(),
        )
    };
    let expected = (vec!["an outcome".to_owned()], 1);
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let read = open_to_read(&place, place.path().unwrap()).unwrap();
    assert_eq!((version(&read).unwrap(), both(&read)), (i64::try_from(from).unwrap(), expected.clone()));
    connection.execute_batch("COMMIT").unwrap();
    let written = open(&place).unwrap();
    assert_eq!((version(&written).unwrap(), both(&written)), (newest(), expected));
    drop(folder);
}

#[test]
fn ids_that_nobody_would_be_let_in_with_any_more_are_read_all_the_same() {
    let (_folder, place) = older();
    let connection = open(&place).unwrap();
    connection.execute_batch("UPDATE exchanges SET num_iid = '0610947572'").unwrap();
    let items = crate::store::sqlite::items::items(&connection, &catalog("h")).unwrap();
    assert_eq!(items.rows[0].num_iid.as_str(), "0610947572");
}

#[test]
fn of_many_sessions_that_open_an_older_file_at_once_one_takes_the_steps() {
    let (_folder, place) = older();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut connection = connect(&place);
                start.wait();
                migrate(&mut connection, &LATER).unwrap();
            });
        }
    });
    assert_eq!(texts(&connect(&place), "SELECT taken FROM steps"), ["second", "third"]);
}

#[test]
fn of_many_sessions_that_make_the_same_file_at_once_all_can_use_it() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("a/b/store.sqlite"));
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let connection = open(&place).unwrap();
                    connection.execute("INSERT INTO items (num_iid) VALUES (random())", []).unwrap();
                });
            }
        });
        assert_eq!(texts(&connect(&place), "SELECT '' || count(*) FROM items"), ["8"]);
    }
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let (_folder, place) = older();
    let mut connection = connect(&place);
    let tables = "SELECT coalesce(sql, '') FROM sqlite_master ORDER BY name";
    let before = texts(&connection, tables);
    let steps = [LATER[0], LATER[1], "CREATE TABLE more (x TEXT) STRICT; INSERT INTO nowhere VALUES (1)"];
    migrate(&mut connection, &steps).unwrap_err();
    assert_eq!((version(&connection).unwrap(), texts(&connection, tables)), (1, before));
    migrate(&mut connection, &LATER).unwrap();
    assert_eq!(texts(&connection, "SELECT second FROM exchanges"), ["third"]);
}

#[test]
fn a_step_can_put_another_table_in_the_place_of_one_and_bodies_stay() {
    let (_folder, place) = older();
    let rebuilt = "CREATE TABLE rebuilt AS SELECT * FROM exchanges; DROP TABLE exchanges;
                   ALTER TABLE rebuilt RENAME TO exchanges";
    // As `prepare` does it: without foreign keys until the file is of this version.
    let mut connection = connect(&place);
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    migrate(&mut connection, &[LATER[0], rebuilt]).unwrap();
    assert_eq!(texts(&connection, "SELECT record FROM bodies"), ["{}"]);
}

#[test]
fn a_file_that_was_made_and_not_filled_can_be_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    fs::write(&path, "").unwrap();
    let connection = open_to_read(&Place::file(&path), &path).unwrap();
    assert_eq!(texts(&connection, "SELECT num_iid FROM exchanges"), Vec::<String>::new());
}

/// Queries of docs/storage.md, between its fences.
fn documented_queries() -> Vec<&'static str> {
    let text = include_str!("../../../../../../docs/storage.md");
    text.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_views_answer_the_documented_queries() {
    let (_folder, place) = older();
    let mut connection = open(&place).unwrap();
    migrate(&mut connection, &MIGRATIONS).unwrap();
    connection
        .execute_batch(
            "DELETE FROM exchanges;
             INSERT INTO outcomes (id, summary) VALUES
                 (1, '{\"outcome\":\"Item\",\"code\":\"0000\",\"words\":\"\",\"status\":200}'),
                 (2, '{\"outcome\":{\"Refused\":\"AsCoded\"},\"code\":\"4013\",\"words\":\"full\",\"status\":200}');
             INSERT INTO texts (id, digest, num_iid, title) VALUES (1, x'00', '61', '手机');
             INSERT INTO items (num_iid, note) VALUES ('61', 'buy');
             INSERT INTO exchanges
                 (id, started_at, beijing_day, num_iid, question, host, key, call, outcome, billing, answers, text, price, stock, scope, reuses, asked_by)
             VALUES
                 (10, 1608276257123, 18614, '61', '1688/item_get?num_iid=61&pass=digest', 'h', 'ab12', '{}', 1, 1, 1, 1, '799.00', '3', 'onebound', NULL, 'ann'),
                 (11, 1608276258000, 18614, '61', '1688/item_get?num_iid=61', 'h', 'ab12', '{}', 2, 0, 0, NULL, NULL, NULL, 'onebound', NULL, NULL),
                 (12, 1608276259000, 18614, '61', '1688/item_get?num_iid=61', 'h', 'ab12', '{}', 1, 0, 0, NULL, NULL, NULL, 'onebound', 10, 'bob')",
        )
        .unwrap();
    let line = |sql: &str| {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| match row.get_ref(at).unwrap() {
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                _ => String::new(),
            };
            lines.push((0..columns).map(cell).collect::<Vec<_>>().join("|"));
        }
        lines
    };
    let calls = line("SELECT id, started_at, api, cost, outcome, error_code FROM v_calls ORDER BY id");
    let expected = [
        "10|2020-12-18T07:24:17.123Z|1688/item_get|billed|Item|0000",
        "11|2020-12-18T07:24:18.000Z|1688/item_get|free|Refused|4013",
        "12|2020-12-18T07:24:19.000Z|1688/item_get|store|Item|0000",
    ];
    assert_eq!(calls, expected);
    let documented: Vec<Vec<String>> = documented_queries().into_iter().map(line).collect();
    let expected = [vec!["2020-12-18|billed|1", "2020-12-18|free|1"], vec!["61|手机|799.00|3"]];
    assert_eq!(documented, expected.map(|rows| rows.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    assert_eq!(line("SELECT asked_by FROM v_calls ORDER BY id"), ["ann", "", "bob"]);
    assert_eq!(line("SELECT asked_by FROM v_answers"), ["ann"]);
    assert_eq!(line("SELECT asked_by FROM v_items"), ["ann"], "who asked for the answer that it shows");
    // Neither a body nor a parameter.
    let columns = line(
        "SELECT name FROM pragma_table_info('v_calls') UNION SELECT name FROM pragma_table_info('v_answers')",
    );
    let hidden = ["call", "question", "packed", "record", "owner", "digest"];
    assert!(columns.iter().all(|column| !hidden.contains(&column.as_str())), "{columns:?}");
}
