//! Schemas of the records that scripts read: what their JSON, their CSV and their documentation are made of.
//!
//! ```
//! use obx_core::record::{Schema, SchemaField, ValueKind};
//! struct Call { id: u64, price: String }
//! let schema = Schema::new("call", 1, vec![
//!     SchemaField::new("id", ValueKind::Integer, |_| "its number", |call: &Call| Some(call.id.into())),
//!     SchemaField::new("price", ValueKind::Decimal, |_| "its price", |call: &Call| Some(call.price.clone().into())),
//! ]);
//! let call = Call { id: 7, price: "799.00".to_owned() };
//! let picked = schema.pick(&["price"])?;
//! assert_eq!(schema.to_json(&call, &picked).to_string(), r#"{"price":"799.00"}"#);
//! assert_eq!(schema.csv_header(&schema.all()), "id,price\r\n");
//! assert_eq!(schema.csv_row(&call, &schema.all()), "7,799.00\r\n");
//! # Ok::<(), obx_core::record::UnknownField>(())
//! ```
//! Decimals are strings in JSON: no reader of numbers changes `799.00` then. A field that is absent in a record has no key
//! there; null is null.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::export::csv;
use crate::i18n::{Describe, Texts};
use crate::spreadsheet::SheetValue;
use crate::suggest;

/// The fields of a kind of record, in the order in which they are written.
#[derive(Debug)]
pub struct Schema<T> {
    /// As in the documentation: `item`, `sku`.
    pub name: &'static str,
    /// Raised when a field is removed, renamed, or changes its type or meaning; new fields don't raise it.
    pub version: u32,
    pub fields: Vec<SchemaField<T>>,
}

/// One field of a record.
pub struct SchemaField<T> {
    /// As in JSON, in `--fields` and as a column: `snake_case`.
    pub name: &'static str,
    pub kind: ValueKind,
    /// What it is, in one line.
    pub about: fn(Texts) -> &'static str,
    /// What its values count: `CNY`, `pieces`; empty if nothing.
    pub unit: &'static str,
    /// The vendor's fields that it is read from; empty if that says nothing.
    pub source: &'static str,
    value: Box<Getter<T>>,
}

/// Returns the value of a field; `None` if the record does not have it.
type Getter<T> = dyn Fn(&T) -> Option<Value> + Send + Sync;

/// The type of a field's values, all of which can also be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    Text,
    Integer,
    /// A decimal number, which JSON has as a string.
    Decimal,
    Boolean,
    /// A time in UTC, as RFC 3339.
    Time,
    /// A list or an object.
    Json,
}

/// Fields of one schema, in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedFields(Vec<usize>);

/// Why fields can't be picked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownField {
    /// There is no such field; and the one whose name is nearest.
    #[error("there is no field {name}")]
    NoField { name: String, meant: Option<&'static str> },
    /// Not a single name was given.
    #[error("no field is named")]
    NoNames,
}

impl Describe for UnknownField {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoField { name, meant: Some(meant) } => texts.record_no_field_meant(name, meant),
            Self::NoField { name, meant: None } => texts.record_no_field(name),
            Self::NoNames => texts.record_no_fields().to_owned(),
        }
    }
}

impl ValueKind {
    /// Its name in the documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Time => "time",
            Self::Json => "json",
        }
    }
}

impl<T> SchemaField<T> {
    /// A field whose values are read by `value`.
    pub fn new(
        name: &'static str,
        kind: ValueKind,
        about: fn(Texts) -> &'static str,
        value: impl Fn(&T) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        Self { name, kind, about, unit: "", source: "", value: Box::new(value) }
    }

    /// The same field, with what its values count and the vendor's fields that it is read from.
    #[must_use]
    pub fn measured(self, unit: &'static str, source: &'static str) -> Self {
        Self { unit, source, ..self }
    }

    /// Its value in a record; `None` if the record does not have it.
    pub fn value(&self, record: &T) -> Option<Value> {
        (self.value)(record)
    }
}

impl<T> fmt::Debug for SchemaField<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.kind.as_str())
    }
}

impl<T> Schema<T> {
    /// A schema of these fields.
    pub fn new(name: &'static str, version: u32, fields: Vec<SchemaField<T>>) -> Self {
        Self { name, version, fields }
    }

    /// All of its fields, in its order.
    pub fn all(&self) -> PickedFields {
        PickedFields((0..self.fields.len()).collect())
    }

    /// The fields of these names, in this order; blanks around a name don't count.
    ///
    /// # Errors
    /// The first name that no field has, or that there is none.
    pub fn pick<S: AsRef<str>>(&self, names: &[S]) -> Result<PickedFields, UnknownField> {
        let names = names.iter().map(|name| name.as_ref().trim()).filter(|name| !name.is_empty());
        let picked: Vec<usize> = names.map(|name| self.place_of(name)).collect::<Result<_, _>>()?;
        if picked.is_empty() { Err(UnknownField::NoNames) } else { Ok(PickedFields(picked)) }
    }

    fn place_of(&self, name: &str) -> Result<usize, UnknownField> {
        self.fields.iter().position(|field| field.name == name).ok_or_else(|| {
            let known: Vec<&'static str> = self.fields.iter().map(|field| field.name).collect();
            UnknownField::NoField { name: name.to_owned(), meant: suggest::nearest(name, &known) }
        })
    }

    /// The picked fields, in the order in which they were picked.
    pub fn picked<'a>(&'a self, picked: &'a PickedFields) -> impl Iterator<Item = &'a SchemaField<T>> {
        picked.0.iter().filter_map(|at| self.fields.get(*at))
    }

    /// Returns true if the field of this name is picked.
    pub fn picks(&self, picked: &PickedFields, name: &str) -> bool {
        self.picked(picked).any(|field| field.name == name)
    }

    /// A record as a JSON object; fields that it does not have are left out.
    pub fn to_json(&self, record: &T, picked: &PickedFields) -> Value {
        let pair = |field: &SchemaField<T>| Some((field.name.to_owned(), field.value(record)?));
        Value::Object(self.picked(picked).filter_map(pair).collect::<Map<_, _>>())
    }

    /// The first row of a CSV file: the names.
    pub fn csv_header(&self, picked: &PickedFields) -> String {
        let mut out = String::new();
        csv::row(&mut out, self.picked(picked).map(|field| Cow::Borrowed(field.name)));
        out
    }

    /// A record as a row of a CSV file. Absent, null and empty are all empty cells, since CSV can't tell them apart.
    pub fn csv_row(&self, record: &T, picked: &PickedFields) -> String {
        let mut out = String::new();
        csv::row(&mut out, self.picked(picked).map(|field| Cow::Owned(csv_cell(field.value(record)))));
        out
    }

    /// The names of the picked fields.
    pub fn names(&self, picked: &PickedFields) -> Vec<&'static str> {
        self.picked(picked).map(|field| field.name).collect()
    }

    /// A record as a row of a spreadsheet, in which numbers are numbers as far as it keeps their digits.
    pub fn sheet_row(&self, record: &T, picked: &PickedFields) -> Vec<SheetValue<'static>> {
        let value = |field: &SchemaField<T>| {
            let cell = csv_cell(field.value(record));
            match field.kind {
                ValueKind::Integer | ValueKind::Decimal => SheetValue::number(cell),
                ValueKind::Boolean if cell == "true" || cell == "false" => {
                    SheetValue::Boolean(cell == "true")
                }
                _ => SheetValue::text(cell),
            }
        };
        self.picked(picked).map(value).collect()
    }

    /// The fields as a table in Markdown, for the documentation.
    pub fn to_markdown(&self, texts: Texts) -> String {
        let headings = [
            texts.record_heading_field(),
            texts.record_heading_type(),
            texts.record_heading_unit(),
            texts.record_heading_about(),
            texts.record_heading_source(),
        ];
        let mut out = format!("| {} |\n|---|---|---|---|---|\n", headings.join(" | "));
        for field in &self.fields {
            let source = if field.source.is_empty() { String::new() } else { format!("`{}`", field.source) };
            let about = (field.about)(texts);
            let name = format!("`{}`", field.name);
            let cells = [name.as_str(), field.kind.as_str(), field.unit, about, &source];
            out.extend(["| ", &cells.join(" | "), " |\n"]);
        }
        out
    }
}

/// A value as a cell of CSV.
pub(crate) fn csv_cell(value: Option<Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::i18n::Language;

    /// A record of one value for each field.
    type Values = [Option<Value>; 3];

    fn schema() -> Schema<Values> {
        let fields = vec![
            SchemaField::new("title", ValueKind::Text, |_| "the title", |values: &Values| values[0].clone()),
            SchemaField::new(
                "price",
                ValueKind::Decimal,
                |_| "the price",
                |values: &Values| values[1].clone(),
            )
            .measured("CNY", "price"),
            SchemaField::new(
                "properties",
                ValueKind::Json,
                |_| "choices",
                |values: &Values| values[2].clone(),
            ),
        ];
        Schema::new("test", 1, fields)
    }

    #[test]
    fn absent_null_and_empty_differ_in_json() {
        let schema = schema();
        let written = |values: Values| schema.to_json(&values, &schema.all()).to_string();
        let price = || Some(json!("799.00"));
        assert_eq!(written([None, price(), None]), r#"{"price":"799.00"}"#);
        assert_eq!(written([Some(Value::Null), price(), None]), r#"{"title":null,"price":"799.00"}"#);
        assert_eq!(written([Some(json!("")), price(), None]), r#"{"title":"","price":"799.00"}"#);
    }

    #[test]
    fn fields_come_in_the_order_in_which_they_were_picked() {
        let schema = schema();
        let picked = schema.pick(&["price", " title "]).unwrap();
        let values = [Some(json!("手机, 4G")), Some(json!("799.00")), Some(json!({"颜色": "瓷白色"}))];
        assert_eq!(schema.to_json(&values, &picked).to_string(), r#"{"price":"799.00","title":"手机, 4G"}"#);
        assert_eq!(
            schema.csv_header(&picked) + &schema.csv_row(&values, &picked),
            "price,title\r\n799.00,\"手机, 4G\"\r\n"
        );
        assert_eq!(
            schema.csv_row(&values, &schema.pick(&["properties"]).unwrap()),
            "\"{\"\"颜色\"\":\"\"瓷白色\"\"}\"\r\n"
        );
    }

    #[test]
    fn an_unknown_field_names_the_nearest() {
        let schema = schema();
        let error = schema.pick(&["title", "prise"]).unwrap_err();
        let texts = Texts::new(Language::En);
        assert_eq!(error.describe(texts), "there is no field prise; did you mean price?");
        assert_eq!(schema.pick(&["", " "]), Err(UnknownField::NoNames));
        let error = schema.pick(&["weight"]).unwrap_err();
        assert_eq!(error.describe(texts), "there is no field weight; --fields alone lists all");
    }

    #[test]
    fn the_documentation_has_a_row_for_each_field() {
        let table = schema().to_markdown(Texts::new(Language::En));
        assert!(table.starts_with("| field | type | unit | what it is | from |\n|---|"), "{table}");
        assert!(table.contains("| `price` | decimal | CNY | the price | `price` |\n"), "{table}");
        assert_eq!(table.lines().count(), 5);
    }
}
