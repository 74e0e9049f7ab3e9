//! The columns of an item of a search.

use serde_json::Value;

use super::cell::{FlatCell, RawField};
use super::column::{FlatColumn, FlatRow, FlatSource, read_row, row_schema};
use super::item::{PIECES, YUAN, gateway, lang, platform, time, vendor_cached, vendor_cached_at};
use super::picture::web_address;
use crate::i18n::Texts as T;
use crate::record::Schema;
use crate::record::ValueKind::{Boolean, Decimal, Integer, Text, Time};
use onebound::{Exchange, Field, ItemId, ListedItem, SearchPage};

/// The version of the record: raised when a field is removed, renamed, or changes its type or meaning.
const VERSION: u32 = 1;

/// An item of a search, and the page that it is on.
struct FoundSource<'a> {
    exchange: &'a Exchange,
    page: &'a SearchPage<'a>,
    item: ListedItem<'a>,
    /// From 1 on.
    position: usize,
}

/// The schema of an item of a search.
pub fn found_schema() -> Schema<FlatRow> {
    row_schema::<FoundSource<'_>>("found_item", VERSION)
}

/// The record of an item on this page, in the order of [`found_schema`]; `position` is its place in the result, from 1 on.
pub fn found_row<'a>(
    exchange: &'a Exchange,
    page: &'a SearchPage<'a>,
    item: ListedItem<'a>,
    position: usize,
) -> FlatRow {
    read_row(&FoundSource::columns(), &FoundSource { exchange, page, item, position })
}

impl FlatSource for FoundSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        [Self::offer_columns(), Self::answer_columns()].into_iter().flatten().collect()
    }
}

impl FoundSource<'_> {
    fn offer_columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |found| {
                FlatCell::nullable(found.item.item_id().as_ref().map(ItemId::as_str))
            }),
            FlatColumn::<Self>::new("title", Text, "title", T::flat_title, |found| text(found.item.title())),
            FlatColumn::<Self>::new("price", Decimal, "price", T::flat_price, |found| {
                decimal(found.item.price())
            })
            .in_unit(YUAN),
            FlatColumn::<Self>::new("price_text", Text, "price", T::found_price_text, |found| {
                text(found.item.price())
            }),
            FlatColumn::<Self>::new(
                "promotion_price",
                Decimal,
                "promotion_price",
                T::found_promotion_price,
                |found| decimal(found.item.promotion_price()),
            )
            .in_unit(YUAN),
            FlatColumn::<Self>::new("sales", Integer, "sales", T::found_sales, sales).in_unit(PIECES),
            FlatColumn::<Self>::new("sales_text", Text, "sales", T::found_sales_text, |found| {
                text(found.item.sales())
            }),
            FlatColumn::<Self>::new("seller", Text, "seller_nick", T::flat_seller, |found| {
                text(found.item.seller())
            }),
            FlatColumn::<Self>::new("seller_id", Text, "seller_id", T::flat_seller_id, |found| {
                text(found.item.seller_id())
            }),
            FlatColumn::<Self>::new("location", Text, "area", T::flat_location, |found| {
                text(found.item.area())
            }),
            FlatColumn::<Self>::new("url", Text, "detail_url", T::flat_url, |found| {
                address(found.item.detail_url())
            }),
            FlatColumn::<Self>::new("picture", Text, "pic_url", T::flat_picture, |found| {
                address(found.item.pic_url())
            }),
        ]
    }

    /// The answer that the item came with.
    fn answer_columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("position", Integer, "", T::found_position, |found| {
                Value::from(found.position).into()
            }),
            FlatColumn::<Self>::new("page", Integer, "page", T::found_page, page),
            FlatColumn::<Self>::new("page_count", Integer, "pagecount", T::found_page_count, |found| {
                FlatCell::nullable(found.page.page_count())
            }),
            FlatColumn::<Self>::new("total", Integer, "real_total_results", T::found_total, |found| {
                FlatCell::nullable(found.page.total())
            }),
            FlatColumn::<Self>::new("platform", Text, "", T::flat_platform, |found| platform(found.exchange)),
            FlatColumn::<Self>::new("lang", Text, "", T::flat_lang, |found| lang(found.exchange)),
            FlatColumn::<Self>::new("gateway", Text, "", T::flat_gateway, |found| gateway(found.exchange)),
            FlatColumn::<Self>::new("fetched_at", Time, "", T::flat_fetched_at, |found| {
                time(found.exchange.started_at)
            }),
            FlatColumn::<Self>::new("vendor_cached", Boolean, "cache", T::flat_vendor_cached, |found| {
                vendor_cached(found.exchange)
            }),
            FlatColumn::<Self>::new(
                "vendor_cached_at",
                Time,
                "secache_date",
                T::flat_vendor_cached_at,
                |found| vendor_cached_at(found.exchange),
            ),
        ]
    }
}

fn text(field: Field<'_>) -> FlatCell {
    RawField::from(field).to_text()
}

fn decimal(field: Field<'_>) -> FlatCell {
    RawField::from(field).to_decimal()
}

/// Of `2000+` the number before the sign: so many at least.
fn sales(found: &FoundSource<'_>) -> FlatCell {
    match found.item.sales() {
        Field::Absent => FlatCell::ABSENT,
        _ => FlatCell::nullable(found.item.least_sales().and_then(|sales| i64::try_from(sales).ok())),
    }
}

fn address(field: Field<'_>) -> FlatCell {
    match text(field).value {
        Some(Value::String(written)) => Value::from(web_address(&written)).into(),
        value => FlatCell { value, odd: None },
    }
}

/// As the answer says, else the one that was asked for.
fn page(found: &FoundSource<'_>) -> FlatCell {
    let parameters = found.exchange.call.parameters();
    let asked =
        || parameters.iter().find(|(name, _)| *name == "page").and_then(|(_, page)| page.parse().ok());
    FlatCell::nullable(found.page.page().or_else(asked))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use onebound::{Answer, CallSettings, Credentials, Host, SearchQuery, Timing};
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// The record of the only item on a page.
    fn record(item: &str) -> Value {
        let call = CallSettings::default().search(&SearchQuery::by_words("围巾").unwrap()).unwrap();
        let body = format!(
            r#"{{"items":{{"item":[{item}],"page":"1","pagecount":9,"real_total_results":"350"}},"error_code":"0000"}}"#
        );
        let answer = Answer { status: 200, headers: Vec::new(), body: body.into() };
        let own = Credentials::new("t-key", "s-secret").unwrap();
        let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
        let exchange = Exchange::from_answer(call, Host::default(), at, timing, answer, &own);
        let page = exchange.search_page().unwrap();
        let item = page.items().next().unwrap();
        let schema = found_schema();
        schema.to_json(&found_row(&exchange, &page, item, 1), &schema.all())
    }

    #[test]
    fn an_item_of_a_search_has_the_names_of_the_flat_record() {
        let found = record(
            r#"{"num_iid":610947572360,"title":"t","price":"5.00","sales":"2000+","detail_url":"//detail.1688.com/offer/610947572360.html"}"#,
        );
        let expected = [
            ("num_iid", json!("610947572360")),
            ("price", json!("5.00")),
            ("sales", json!(2000)),
            ("sales_text", json!("2000+")),
            ("url", json!("https://detail.1688.com/offer/610947572360.html")),
            ("page", json!(1)),
            ("page_count", json!(9)),
            ("total", json!(350)),
            ("gateway", json!("onebound")),
            ("fetched_at", json!("1970-01-01T00:00:00.000Z")),
        ];
        for (name, value) in expected {
            assert_eq!(found[name], value, "{name}: {found}");
        }
    }

    #[rstest]
    #[case(r#"{"num_iid":"1"}"#, None, None, None)]
    #[case(
        r#"{"num_iid":"1","price":null,"sales":null}"#,
        Some(Value::Null),
        Some(Value::Null),
        Some(Value::Null)
    )]
    #[case(r#"{"num_iid":"1","price":"5-9","sales":"-1"}"#, Some(Value::Null), Some("5-9".into()), Some(Value::Null))]
    #[case(r#"{"num_iid":"1","price":7,"sales":3}"#, Some("7".into()), Some("7".into()), Some(3.into()))]
    fn nothing_is_guessed(
        #[case] item: &str,
        #[case] price: Option<Value>,
        #[case] price_text: Option<Value>,
        #[case] sales: Option<Value>,
    ) {
        let found = record(item);
        let read = ["price", "price_text", "sales"].map(|name| found.get(name).cloned());
        assert_eq!(read, [price, price_text, sales]);
    }
}
