//! What is written is read back by the databases themselves.

mod engines;
mod saved_bodies;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use engines::{MariaDb, PostgresServer, SqlEngine};
use onebound::{Exchange, ItemId};

/// An answer of day `day` with this title, SKUs and props.
fn answer(day: i64, title: &str, skus: &str, props: &str) -> Exchange {
    let title = serde_json::Value::from(title);
    let body = format!(
        r#"{{"item":{{"num_iid":"1","title":{title},"price":"5.10","num":"-1","skus":{{"sku":[{skus}]}},"props":[{props}]}},"error_code":"0000"}}"#
    );
    Exchange::from_body(body.into(), None, Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day), None)
}

fn written(dialect: SqlDialect, exchanges: &[&Exchange]) -> String {
    let mut writer = SqlWriter::new(Vec::new(), dialect).unwrap();
    for exchange in exchanges {
        writer.write(&FlatRecord::new(exchange).unwrap()).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

const RED: &str = r#"{"sku_id":"10","price":"799.00","quantity":"932","properties_name":"0:1:颜色:红"}"#;
const BLUE: &str = r#"{"sku_id":"11","price":"1,299.00","quantity":"","properties_name":"0:2:颜色:蓝"}"#;
const TWO_PROPS: &str = r#"{"name":"品牌","value":"多亲"},{"name":"型号","value":null}"#;
const ONE_PROP: &str = r#"{"name":"品牌","value":"多亲"}"#;

/// Names and texts that are meant to end a literal, a statement or a client.
const HOSTILE: [&str; 12] = [
    "'; DROP TABLE obx_items; --",
    "\\'; DROP TABLE obx_items; --",
    "a\\",
    "''\\'\"`$$",
    "line\n.quit\n\\q\nDELIMITER //\n/\ngo\n",
    "cr\r\nlf\r",
    "tab\t\u{1b}[2J\u{9b}\u{7f}\u{1}",
    "\u{e000}0\u{e001}\r\u{e000}1\u{e001}",
    "价格 👩‍👩‍👧 \u{202e}x\u{feff}",
    ":name %s ? $1 @x {{}}",
    "/* -- */ # --",
    "E'\\x41' X'41' CHAR(65)",
];

/// What every database has to do with the same answers.
fn check(engine: &mut impl SqlEngine) {
    let dialect = engine.dialect();
    let [first, second, third] = [
        answer(1, "手机", &format!("{RED},{BLUE}"), TWO_PROPS),
        answer(2, "手机 2", RED, ONE_PROP),
        answer(3, "手机 3", &format!("{RED},{BLUE}"), ONE_PROP),
    ];
    let skus = "SELECT sku_key, price, stock, gone_at IS NULL FROM obx_skus ORDER BY sku_key";
    let counts = "SELECT (SELECT count(*) FROM obx_items), (SELECT count(*) FROM obx_skus), \
        (SELECT count(*) FROM obx_props), (SELECT count(*) FROM obx_oddities)";
    for _ in 0..2 {
        engine.execute(&written(dialect, &[&first]));
        assert_eq!(engine.query(counts), "1|2|2|2");
        assert_eq!(engine.query("SELECT count(*) FROM obx_skus WHERE price > 100 AND price < 1000"), "1");
        assert_eq!(
            engine.query(
                "SELECT count(*) FROM obx_skus WHERE sku_key = '11' AND stock IS NULL AND price = 1299"
            ),
            "1"
        );
        assert_eq!(
            engine.query("SELECT count(*) FROM obx_oddities WHERE reason = 'unknown' AND raw = '\"-1\"'"),
            "1"
        );
    }
    // A SKU that is gone stays, and a prop does not.
    engine.execute(&written(dialect, &[&second]));
    assert_eq!(engine.query("SELECT sku_key FROM obx_skus WHERE gone_at IS NOT NULL"), "11");
    assert_eq!(engine.query(counts), "1|2|1|1");
    // An older answer changes nothing.
    let before = engine.query(skus);
    engine.execute(&written(dialect, &[&first, &second]));
    assert_eq!(engine.query(skus), before);
    assert_eq!(engine.query(counts), "1|2|1|1");
    assert_eq!(engine.query("SELECT title FROM obx_items"), "手机 2");
    // A SKU that is back is not gone.
    engine.execute(&written(dialect, &[&third]));
    assert_eq!(engine.query("SELECT count(*) FROM obx_skus WHERE gone_at IS NULL"), "2");
    check_hostile(engine);
    check_many(engine);
    check_missing_column(engine);
}

/// Tables that another version of obx made lack a column: rows can't be inserted, and clients that go on after an error
/// mark none of the old ones as gone.
fn check_missing_column(engine: &mut impl SqlEngine) {
    let dialect = engine.dialect();
    engine.execute(&written(dialect, &[&answer(1_000, "手机", &format!("{RED},{BLUE}"), TWO_PROPS)]));
    let counts =
        "SELECT (SELECT count(*) FROM obx_skus WHERE gone_at IS NULL), (SELECT count(*) FROM obx_props)";
    assert_eq!(engine.query(counts), "2|2");
    engine.execute("ALTER TABLE obx_skus RENAME COLUMN stock TO other; ALTER TABLE obx_props RENAME COLUMN value TO other;");
    engine.execute_despite_errors(&written(dialect, &[&answer(1_001, "手机", RED, ONE_PROP)]));
    assert_eq!(engine.query(counts), "2|2");
    // Of an answer without any SKU all are gone: there is nothing to insert.
    engine.execute_despite_errors(&written(dialect, &[&answer(1_002, "手机", "", ONE_PROP)]));
    let gone = if dialect == SqlDialect::Postgres { "2|2" } else { "0|2" };
    assert_eq!(engine.query(counts), gone, "PostgreSQL alone takes a transaction back as a whole");
}

fn check_hostile(engine: &mut impl SqlEngine) {
    let dialect = engine.dialect();
    for (at, title) in HOSTILE.iter().enumerate() {
        let day = 100 + i64::try_from(at).unwrap();
        let name = serde_json::Value::from(*title);
        let sku = format!(r#"{{"sku_id":{name},"price":"1","properties_name":{name}}}"#);
        let hostile = answer(day, title, &sku, &format!(r#"{{"name":{name},"value":{name}}}"#));
        engine.execute(&written(dialect, &[&hostile]));
        let expected = in_hex(title);
        for (column, table) in [("title", "obx_items"), ("name", "obx_props"), ("value", "obx_props")] {
            let query = format!("SELECT {} FROM {table} WHERE num_iid = '1'", engine.hex(column));
            assert_eq!(engine.query(&query).to_lowercase(), expected, "{title:?} in {column}");
        }
    }
    let nul = answer(200, "a\0b", r#"{"properties_name":"0:1:x\u0000:y"}"#, "");
    engine.execute(&written(dialect, &[&nul]));
    assert_eq!(engine.query("SELECT title FROM obx_items"), "a\u{fffd}b");
}

fn in_hex(text: &str) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap();
    text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// More rows than a statement has, and IDs that come twice or are missing.
fn check_many(engine: &mut impl SqlEngine) {
    let skus = (0..250)
        .map(|at| format!(r#"{{"sku_id":"{}","price":"{at}.5"}}"#, at % 200))
        .chain(["{}".to_owned()]);
    let many = answer(300, "many", &skus.collect::<Vec<_>>().join(","), "");
    engine.execute(&written(engine.dialect(), &[&many]));
    assert_eq!(engine.query("SELECT count(*) FROM obx_skus WHERE gone_at IS NULL"), "251");
}

struct MemorySqlite(Connection);

impl SqlEngine for MemorySqlite {
    fn dialect(&self) -> SqlDialect {
        SqlDialect::Sqlite
    }

    fn execute(&mut self, sql: &str) {
        self.0.execute_batch(sql).unwrap();
    }

    fn execute_despite_errors(&mut self, sql: &str) {
        for statement in sql.split_inclusive(";\n") {
            let _ = self.0.execute_batch(statement); // as its command-line client does by default
        }
    }

    fn query(&mut self, sql: &str) -> String {
        let mut statement = self.0.prepare(sql).unwrap();
        let columns = statement.column_count();
        let text = |row: &rusqlite::Row<'_>, at| match row.get_ref(at)? {
            rusqlite::types::ValueRef::Text(text) => Ok(String::from_utf8_lossy(text).into_owned()),
            rusqlite::types::ValueRef::Integer(number) => Ok(number.to_string()),
            rusqlite::types::ValueRef::Real(number) => Ok(number.to_string()),
            _ => Ok(String::new()),
        };
        let row = |row: &rusqlite::Row<'_>| {
            (0..columns).map(|at| text(row, at)).collect::<rusqlite::Result<Vec<_>>>()
        };
        let rows = statement.query_map([], row).unwrap();
        rows.map(|row| row.unwrap().join("|")).collect::<Vec<_>>().join("\n")
    }

    fn hex(&self, column: &str) -> String {
        format!("hex({column})")
    }
}

#[test]
fn sqlite_reads_back_what_is_written() {
    check(&mut MemorySqlite(Connection::open_in_memory().unwrap()));
}

#[test]
fn postgresql_reads_back_what_is_written() {
    if let Some(mut server) = PostgresServer::start() {
        check(&mut server);
    }
}

#[test]
fn mariadb_reads_back_what_is_written() {
    if let Some(mut server) = MariaDb::start() {
        check(&mut server);
    }
}

#[test]
fn an_id_that_is_too_long_for_a_key_is_refused_and_nothing_is_written() {
    let body = format!(
        r#"{{"item":{{"num_iid":"{}","title":"t","price":"5"}},"error_code":"0000"}}"#,
        "9".repeat(200)
    );
    let asked = Some(ItemId::find("610947572360").unwrap());
    let exchange = Exchange::from_body(body.into(), asked, Timestamp::UNIX_EPOCH, None);
    let mut writer = SqlWriter::new(Vec::new(), SqlDialect::MySql).unwrap();
    let before = writer.out.len();
    assert!(matches!(writer.write(&FlatRecord::new(&exchange).unwrap()), Err(SqlError::LongKey)));
    assert_eq!(writer.finish().unwrap().len(), before);
}

proptest! {
    #[test]
    fn any_text_is_a_literal_that_says_the_same(text in "(?s)([a'\\\\\r\n\u{e000}-\u{e001}01]|.){0,20}") {
        let connection = Connection::open_in_memory().unwrap();
        let literal = SqlDialect::Sqlite.text(&text);
        let read: String = connection.query_row(&format!("SELECT {literal}"), [], |row| row.get(0)).unwrap();
        prop_assert_eq!(read, text.replace('\0', "\u{fffd}"));
        for dialect in SqlDialect::ALL {
            let literal = dialect.text(&text);
            prop_assert!(!literal.contains('\r') && literal.matches('\'').count() % 2 == 0);
            prop_assert!(dialect != SqlDialect::MySql || !literal.contains('\\'));
        }
    }
}
