//! Every saved body, with all the types that its fields drift through: each record is read back from the tables as it was.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::Value;

use super::written;
use crate::flat::{FlatList, FlatRecord, FlatRow, item_schema};
use crate::record::{Schema, SchemaField, ValueKind};
use crate::sql::SqlDialect;
use onebound::Exchange;

/// The bodies with an item, and how many rows each has in all tables.
const BODIES: &str = "\
1688_item_get_610947572360.json 74
files/answers.ndjson 1
files/answers_pretty.json 1
files/ctrl.json 2
files/expr.json 4
files/leadzero.json 2
files/nan.json 5
files/obj.ser 2
files/obj.var 2
files/php.var 2
files/ref.ser 1
files/refarr.ser 1
files/warnfirst.json 2
odd_double_encoded.json 1
odd_doubled_scheme.json 5
odd_error_code_number.json 1
odd_error_code_string.json 1
odd_wrapped_by_proxy.json 1
odd_wrapped_everything.json 9
php/1688_item_get_610947572360.cdata.xml 76
php/1688_item_get_610947572360.serialize 74
php/1688_item_get_610947572360.var_export 74
php/1688_item_get_610947572360.xml 76
taobao_item_get_600448952765.json 40
text_misc.json 61
";

#[test]
fn every_saved_body_is_read_back_as_its_record() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/responses"));
    let mut names: Vec<String> = ["", "files", "php"]
        .iter()
        .flat_map(|part| fs::read_dir(folder.join(part)).unwrap().map(move |entry| (part, entry.unwrap())))
        .filter(|(_, entry)| entry.path().is_file())
        .map(|(part, entry)| Path::new(part).join(entry.file_name()).to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut found = String::new();
    for name in names {
        let body = fs::read(folder.join(&name)).unwrap();
        let exchange = Exchange::from_body(body.into(), None, Timestamp::UNIX_EPOCH, None);
        let Some(record) = FlatRecord::new(&exchange) else { continue };
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(&written(SqlDialect::Sqlite, &[&exchange])).unwrap();
        let items = check(&database, &name, "obx_items", &item_schema(), &[record.item_row()]);
        let rows = FlatList::ALL.map(|list| {
            let table = format!("obx_{}", list.as_str());
            check(&database, &name, &table, &list.schema(), &record.rows(list).collect::<Vec<_>>())
        });
        let _ = writeln!(found, "{name} {}", items + rows.iter().sum::<usize>()); // writing to a String can't fail
    }
    assert_eq!(found, BODIES);
}

/// Compares all cells of a table; returns its number of rows.
fn check(
    database: &Connection,
    body: &str,
    table: &str,
    schema: &Schema<FlatRow>,
    expected: &[FlatRow],
) -> usize {
    let names: Vec<String> = schema.fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
    let order = if table == "obx_items" { "num_iid" } else { "position" };
    let sql = format!("SELECT {} FROM {table} ORDER BY {order}", names.join(", "));
    let mut statement = database.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut count = 0;
    while let Some(row) = rows.next().unwrap() {
        let expected = expected.get(count).unwrap_or_else(|| panic!("{body}: {table} has too many rows"));
        for (at, field) in schema.fields.iter().enumerate() {
            let sent = field.value(expected);
            let stored = read(row, at, field);
            assert_eq!(stored, comparable(field, sent), "{body}: {table}, row {count}, {}", field.name);
        }
        count += 1;
    }
    assert_eq!(count, expected.len(), "{body}: {table}");
    count
}

/// A value as the table can have it: absent and null are both NULL, an absent part of the key is empty, and decimals are
/// numbers.
fn comparable(field: &SchemaField<FlatRow>, value: Option<Value>) -> Value {
    match (field.kind, value.unwrap_or_default()) {
        (_, Value::Null) if matches!(field.name, "gateway" | "platform" | "num_iid") => "".into(),
        (ValueKind::Decimal, Value::String(digits)) => digits.parse::<f64>().unwrap().into(),
        (ValueKind::Json, json @ (Value::Array(_) | Value::Object(_))) => json,
        (_, Value::String(text)) => text.replace('\0', "\u{fffd}").into(),
        (_, value) => value,
    }
}

fn read(row: &Row<'_>, at: usize, field: &SchemaField<FlatRow>) -> Value {
    match (field.kind, row.get_ref(at).unwrap()) {
        (_, ValueRef::Null) => Value::Null,
        (ValueKind::Boolean, ValueRef::Integer(flag)) => (flag != 0).into(),
        (ValueKind::Decimal, ValueRef::Integer(_) | ValueRef::Real(_)) => {
            row.get::<_, f64>(at).unwrap().into()
        }
        (ValueKind::Integer, ValueRef::Integer(number)) => number.into(),
        (ValueKind::Json, ValueRef::Text(text)) => serde_json::from_slice(text).unwrap(),
        (ValueKind::Text | ValueKind::Time, ValueRef::Text(text)) => {
            String::from_utf8(text.to_vec()).unwrap().into()
        }
        (kind, other) => panic!("{} is {}, not {}", field.name, other.data_type(), kind.as_str()),
    }
}
