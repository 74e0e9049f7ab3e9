//! The course of price and stock over the kept answers.

use jiff::Timestamp;

use crate::api::{Decimal, Exchange, Field, Price};

/// What one kept answer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPoint {
    /// When it came.
    pub at: Timestamp,
    /// The item's `price`: yuan.
    pub price: Option<Decimal>,
    /// The item's `num`: pieces.
    pub stock: Option<Decimal>,
}

/// Which value a course is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Price,
    Stock,
}

/// A value over time, the oldest first; not a number where an answer did not say.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) measure: Measure,
    pub(super) values: Vec<f64>,
    pub(super) first: Decimal,
    pub(super) last: Decimal,
    pub(super) lowest: Decimal,
    pub(super) highest: Decimal,
}

impl HistoryPoint {
    /// The point of an answer; `None` where it holds no item.
    pub fn of(exchange: &Exchange) -> Option<Self> {
        let item = exchange.item()?;
        let amount = |field: Field<'_>| field.price().and_then(Price::exact);
        Some(Self {
            at: exchange.ended_at(),
            price: amount(item.field("price")),
            stock: amount(item.field("num")),
        })
    }
}

/// Of what is known at two points of time or more.
pub(super) fn courses(mut points: Vec<HistoryPoint>) -> Vec<Course> {
    points.sort_by_key(|point| point.at);
    let course = |measure, value: fn(&HistoryPoint) -> Option<Decimal>| {
        let known: Vec<Decimal> = points.iter().filter_map(value).collect();
        let (first, last) = (*known.first()?, *known.last().filter(|_| known.len() > 1)?);
        let below = |a: Decimal, b: Decimal| a.minus(b).is_some_and(Decimal::is_negative);
        let lowest = known.iter().copied().reduce(|a, b| if below(b, a) { b } else { a })?;
        let highest = known.iter().copied().reduce(|a, b| if below(a, b) { b } else { a })?;
        let values = points.iter().map(|point| value(point).map_or(f64::NAN, Decimal::to_f64)).collect();
        Some(Course { measure, values, first, last, lowest, highest })
    };
    let all = [course(Measure::Price, |point| point.price), course(Measure::Stock, |point| point.stock)];
    all.into_iter().flatten().collect()
}
