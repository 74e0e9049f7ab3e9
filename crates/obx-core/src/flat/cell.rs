//! Reads one value of any type as the type of its column, and notes what could not be read.

use std::borrow::Cow;

use serde_json::Value;

use onebound::{Decimal, Field, Item, Price, Sku};

/// A value of a row, and what is odd about the field that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FlatCell {
    /// `None` if the field is absent.
    pub(super) value: Option<Value>,
    pub(super) odd: Option<CellOddity>,
}

/// Why a cell does not say what its field said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellOddity {
    pub(super) reason: OddityReason,
    /// The field as JSON, as it was sent.
    pub(super) raw: String,
}

/// What is odd about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddityReason {
    /// "" or an empty container where a number is expected.
    Empty,
    /// -1, by which the vendor says that it does not know.
    Unknown,
    /// A price range, of which a single price can't say both ends.
    PriceRange,
    /// Neither a number nor a price: `面议`.
    NotANumber,
    /// A list or an object where a text or a number is expected, or the reverse.
    UnexpectedType,
    /// The value of another column: a `specId` in `sku_id` or in `quantity`.
    Misplaced,
    /// 333, 9999 or 99999 as the price of a SKU without stock: sellers write it where they have none to sell.
    PlaceholderPrice,
}

impl OddityReason {
    /// Its name in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unknown => "unknown",
            Self::PriceRange => "price_range",
            Self::NotANumber => "not_a_number",
            Self::UnexpectedType => "unexpected_type",
            Self::Misplaced => "misplaced",
            Self::PlaceholderPrice => "placeholder_price",
        }
    }
}

/// A field, and where its text as it was sent is found if something is odd about it.
pub(super) struct RawField<'a> {
    pub(super) field: Field<'a>,
    raw: RawText<'a>,
}

/// A field's text as it was sent, which is looked up only for what is odd: few fields are.
enum RawText<'a> {
    Unknown,
    Known(Cow<'a, str>),
    OfItem(Item<'a>, &'static str),
    OfSku(Sku<'a>, &'static str),
}

impl From<Value> for FlatCell {
    fn from(value: Value) -> Self {
        Self { value: Some(value), odd: None }
    }
}

impl FlatCell {
    /// The field is absent.
    pub(super) const ABSENT: Self = Self { value: None, odd: None };

    /// A value that may be missing: null then.
    pub(super) fn nullable(value: Option<impl Into<Value>>) -> Self {
        value.map_or(Value::Null, Into::into).into()
    }

    /// The same value, with something odd about it.
    pub(super) fn with_oddity(self, reason: OddityReason, raw: &str) -> Self {
        Self { odd: Some(CellOddity { reason, raw: raw.to_owned() }), ..self }
    }
}

impl<'a> From<Field<'a>> for RawField<'a> {
    fn from(field: Field<'a>) -> Self {
        Self { field, raw: RawText::Unknown }
    }
}

impl<'a> RawField<'a> {
    pub(super) fn of_item(item: Item<'a>, name: &'static str) -> Self {
        Self { field: item.field(name), raw: RawText::OfItem(item, name) }
    }

    pub(super) fn of_sku(sku: Sku<'a>, name: &'static str) -> Self {
        Self { field: sku.field(name), raw: RawText::OfSku(sku, name) }
    }

    /// A value whose text alone is known.
    pub(super) fn of_text(written: &'a str) -> Self {
        let raw = RawText::Known(Value::from(written).to_string().into());
        Self { field: Field::Text(written.into()), raw }
    }

    /// The field as JSON, as it was sent; "" if that is not known.
    pub(super) fn raw(&self) -> &str {
        match &self.raw {
            RawText::Unknown => "",
            RawText::Known(raw) => raw,
            RawText::OfItem(item, name) => item.raw_field(name).unwrap_or_default(),
            RawText::OfSku(sku, name) => sku.raw_field(name).unwrap_or_default(),
        }
    }

    /// A text, a number or a flag as a text.
    pub(super) fn to_text(&self) -> FlatCell {
        match &self.field {
            Field::Text(text) => Value::from(text.as_ref()).into(),
            Field::Number(digits) => Value::from(*digits).into(),
            Field::Bool(value) => Value::from(value.to_string()).into(),
            _ => self.without_scalar(),
        }
    }

    /// Pieces, or another whole number that is not negative.
    pub(super) fn to_integer(&self) -> FlatCell {
        self.scalar(|field| {
            let count = field.pieces().and_then(|count| i64::try_from(count).ok());
            count.map(Value::from).ok_or(OddityReason::NotANumber)
        })
    }

    /// An amount, with the decimals that were sent.
    pub(super) fn to_decimal(&self) -> FlatCell {
        self.scalar(|field| {
            let price = field.price().ok_or(OddityReason::NotANumber)?;
            price.exact().map(to_value).ok_or(OddityReason::PriceRange)
        })
    }

    pub(super) fn to_boolean(&self) -> FlatCell {
        if let Some(flag) = self.field.flag() {
            return Value::from(flag).into();
        }
        self.scalar(|_| Err(OddityReason::UnexpectedType))
    }

    /// Reads a text or number that says something.
    fn scalar(&self, read: impl Fn(&Field<'_>) -> Result<Value, OddityReason>) -> FlatCell {
        match self.field.text().map(str::trim) {
            Some("-1") => self.null(OddityReason::Unknown),
            Some(_) => match read(&self.field) {
                Ok(value) => value.into(),
                Err(reason) => self.null(reason),
            },
            None => match self.field {
                Field::Text(_) => self.null(OddityReason::Empty),
                Field::Bool(_) => self.null(OddityReason::UnexpectedType),
                _ => self.without_scalar(),
            },
        }
    }

    /// Absent, null or a container.
    fn without_scalar(&self) -> FlatCell {
        match &self.field {
            Field::Absent => FlatCell::ABSENT,
            Field::Null => Value::Null.into(),
            _ if is_empty_container(self.raw()) => self.null(OddityReason::Empty),
            _ => self.null(OddityReason::UnexpectedType),
        }
    }

    /// Null, because of something odd.
    pub(super) fn null(&self, reason: OddityReason) -> FlatCell {
        FlatCell::from(Value::Null).with_oddity(reason, self.raw())
    }
}

/// An amount as JSON has it: a string, so that no reader changes its digits.
pub(super) fn to_value(amount: Decimal) -> Value {
    amount.to_string().into()
}

/// The lower and the upper end of a price.
pub(super) fn ends(price: Option<Price>) -> [FlatCell; 2] {
    [price.map(Price::low), price.map(Price::high)].map(|end| FlatCell::nullable(end.map(to_value)))
}

fn is_empty_container(raw: &str) -> bool {
    let inside = raw.trim().strip_prefix(['[', '{']).and_then(|inside| inside.strip_suffix([']', '}']));
    inside.is_some_and(|inside| inside.trim().is_empty())
}
