//! What differs between the databases: names, types, literals, and how a row is updated.

use std::fmt::Write as _;

use serde_json::Value;

use crate::record::ValueKind;
use onebound::Decimal;

/// A database whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlDialect {
    /// 3.24 or newer.
    Sqlite,
    /// 9.5 or newer.
    Postgres,
    /// `MySQL` 5.7, `MariaDB` 10.2, or newer.
    MySql,
}

impl SqlDialect {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MySql];

    /// As in `--sql`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
        }
    }

    /// The dialect of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == name)
    }

    /// What the session has to know before the first literal.
    pub(super) fn preamble(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => {
                "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\
                 SET client_min_messages = warning;\n"
            }
            Self::MySql => "SET NAMES utf8mb4;\n",
        }
    }

    pub(super) fn insert_version(self, version: u32) -> String {
        match self {
            Self::MySql => {
                format!("INSERT IGNORE INTO obx_schema (name, version) VALUES ('flat', {version});\n")
            }
            Self::Sqlite | Self::Postgres => format!(
                "INSERT INTO obx_schema (name, version) VALUES ('flat', {version}) ON CONFLICT (name) DO NOTHING;\n"
            ),
        }
    }

    /// What follows the columns of a table.
    pub(super) fn table_options(self) -> &'static str {
        match self {
            Self::MySql => " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            Self::Sqlite | Self::Postgres => "",
        }
    }

    /// The type of a text in a key. Four of them are as long as a key of `InnoDB` may be.
    pub(super) fn key_type(self) -> &'static str {
        match self {
            Self::MySql => "VARCHAR(191)",
            Self::Sqlite | Self::Postgres => "TEXT",
        }
    }

    pub(super) fn type_of(self, kind: ValueKind) -> &'static str {
        match (self, kind) {
            (Self::MySql, ValueKind::Text) => "MEDIUMTEXT",
            (Self::Sqlite, ValueKind::Text | ValueKind::Time | ValueKind::Json) | (_, ValueKind::Text) => {
                "TEXT"
            }
            (Self::Sqlite, ValueKind::Integer | ValueKind::Boolean) => "INTEGER",
            (_, ValueKind::Integer) => "BIGINT",
            (_, ValueKind::Boolean) => "BOOLEAN",
            // As many digits before the point as are ever read.
            (Self::MySql, ValueKind::Decimal) => "DECIMAL(38,8)",
            (_, ValueKind::Decimal) => "NUMERIC",
            (Self::Postgres, ValueKind::Time) => "TIMESTAMPTZ",
            (Self::MySql, ValueKind::Time) => "DATETIME(3)",
            (Self::Postgres, ValueKind::Json) => "JSONB",
            (Self::MySql, ValueKind::Json) => "JSON",
        }
    }

    /// A name that may be a word of the language.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::MySql => format!("`{name}`"),
            Self::Sqlite | Self::Postgres => format!("\"{name}\""),
        }
    }

    /// A value of a column of this kind.
    pub(super) fn value(self, kind: ValueKind, value: Option<&Value>) -> String {
        match (kind, value) {
            (_, None | Some(Value::Null)) => "NULL".to_owned(),
            (ValueKind::Json, Some(value)) => {
                let text = self.text(&without_nul(value.clone()).to_string());
                if self == Self::Postgres { format!("CAST({text} AS JSONB)") } else { text }
            }
            (ValueKind::Decimal, Some(Value::String(digits))) if digits.parse::<Decimal>().is_ok() => {
                digits.clone()
            }
            (ValueKind::Time, Some(Value::String(time))) if self == Self::MySql => {
                self.text(time.replace('T', " ").trim_end_matches('Z'))
            }
            (_, Some(Value::String(text))) => self.text(text),
            (_, Some(Value::Bool(value))) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            (_, Some(other)) => other.to_string(),
        }
    }

    /// A text as a literal. Characters that a server or its client may read as something else are put in by a function:
    /// backslashes of `MySQL`, which begin an escape or don't by a setting, and carriage returns, which clients drop.
    pub(super) fn text(self, text: &str) -> String {
        let text = text.replace('\0', "\u{fffd}");
        let special: &[char] = if self == Self::MySql { &['\\', '\r'] } else { &['\r'] };
        let found: Vec<char> = special.iter().copied().filter(|special| text.contains(*special)).collect();
        let (mut plain, mut before, mut after) = (text, String::new(), String::new());
        for special in found {
            let mark = unused_mark(&plain);
            plain = plain.replace(special, &mark);
            before.push_str("replace(");
            // Writing into a string can't fail.
            let _ = write!(after, ", '{mark}', {})", self.character(special));
        }
        format!("{before}'{}'{after}", plain.replace('\'', "''"))
    }

    fn character(self, character: char) -> String {
        let code = u32::from(character);
        match self {
            Self::Sqlite => format!("char({code})"),
            Self::Postgres => format!("chr({code})"),
            Self::MySql => format!("CHAR({code} USING utf8mb4)"),
        }
    }

    /// What an `INSERT` does with rows that exist: it updates them by a later or the same answer.
    pub(super) fn on_conflict(
        self,
        table: &str,
        key: &[&str],
        columns: &[String],
        cleared: Option<&str>,
    ) -> String {
        let name = |column: &str| self.name(column);
        let fetched_at = name("fetched_at");
        let updated =
            columns.iter().filter(|column| !key.contains(&column.as_str()) && *column != "fetched_at");
        if self == Self::MySql {
            let is_later = format!("VALUES({fetched_at}) >= {fetched_at}");
            let value = |column: &str, value: &str| format!("{column} = IF({is_later}, {value}, {column})");
            let updated = updated.map(|column| value(&name(column), &format!("VALUES({})", name(column))));
            let cleared = cleared.map(|column| value(&name(column), "NULL"));
            // Assigned last, since assignments see those before them.
            let last = format!("{fetched_at} = GREATEST({fetched_at}, VALUES({fetched_at}))");
            let all: Vec<String> = updated.chain(cleared).chain([last]).collect();
            return format!("\nON DUPLICATE KEY UPDATE {};\n", all.join(", "));
        }
        let updated = updated.map(|column| format!("{0} = excluded.{0}", name(column)));
        let cleared = cleared.map(|column| format!("{} = NULL", name(column)));
        let last = format!("{fetched_at} = excluded.{fetched_at}");
        let all: Vec<String> = updated.chain(cleared).chain([last]).collect();
        let key: Vec<String> = key.iter().map(|column| name(column)).collect();
        format!(
            "\nON CONFLICT ({}) DO UPDATE SET {} WHERE excluded.{fetched_at} >= {table}.{fetched_at};\n",
            key.join(", "),
            all.join(", ")
        )
    }
}

/// A text that does not occur in another.
fn unused_mark(text: &str) -> String {
    let mut marks = (0_u64..).map(|number| format!("\u{e000}{number}\u{e001}"));
    marks.find(|mark| !text.contains(mark.as_str())).unwrap_or_default()
}

/// The value with U+FFFD for U+0000, also inside of lists and objects.
fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => text.replace('\0', "\u{fffd}").into(),
        Value::Array(all) => all.into_iter().map(without_nul).collect(),
        Value::Object(all) => all
            .into_iter()
            .map(|(name, value)| (name.replace('\0', "\u{fffd}"), without_nul(value)))
            .collect(),
        other => other,
    }
}
