//! The trend of price and stock over the stored answers.

use jiff::Timestamp;

use onebound::{Decimal, Exchange, Price};

/// Price and stock in one stored answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPoint {
    /// When the answer arrived.
    pub at: Timestamp,
    /// The item's `price`, in yuan.
    pub price: Option<Decimal>,
    /// The item's `num`, in pieces.
    pub stock: Option<Decimal>,
}

/// The value that a trend shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Price,
    Stock,
}

/// A value over time, the oldest first; NaN for an answer without it.
#[derive(Debug)]
pub(super) struct Trend {
    pub(super) measure: Measure,
    pub(super) values: Vec<f64>,
    pub(super) first: Decimal,
    pub(super) last: Decimal,
    pub(super) lowest: Decimal,
    pub(super) highest: Decimal,
    /// Number of answers without an amount.
    pub(super) left_out: usize,
}

impl HistoryPoint {
    /// Returns the point of an answer; `None` if the answer contains no item.
    pub fn from_exchange(exchange: &Exchange) -> Option<Self> {
        let item = exchange.item()?;
        let (price, stock) = (item.field("price"), item.field("num"));
        Some(Self::from_written(exchange.ended_at(), price.text(), stock.text()))
    }

    /// Creates the point of an answer from price and stock as written in it.
    pub fn from_written(at: Timestamp, price: Option<&str>, stock: Option<&str>) -> Self {
        let amount = |written: Option<&str>| Price::parse(written?).and_then(Price::exact);
        Self { at, price: amount(price), stock: amount(stock) }
    }
}

/// Returns the trends of the values that at least two answers contain.
pub(super) fn trends(mut points: Vec<HistoryPoint>) -> Vec<Trend> {
    points.sort_by_key(|point| point.at);
    let trend = |measure, value: fn(&HistoryPoint) -> Option<Decimal>| {
        let known: Vec<Decimal> = points.iter().filter_map(value).collect();
        let (first, last) = (*known.first()?, *known.last().filter(|_| known.len() > 1)?);
        let below = |a: Decimal, b: Decimal| a.minus(b).is_some_and(Decimal::is_negative);
        let lowest = known.iter().copied().reduce(|a, b| if below(b, a) { b } else { a })?;
        let highest = known.iter().copied().reduce(|a, b| if below(a, b) { b } else { a })?;
        let values = points.iter().map(|point| value(point).map_or(f64::NAN, Decimal::to_f64)).collect();
        let left_out = points.len() - known.len();
        Some(Trend { measure, values, first, last, lowest, highest, left_out })
    };
    let all = [trend(Measure::Price, |point| point.price), trend(Measure::Stock, |point| point.stock)];
    all.into_iter().flatten().collect()
}
