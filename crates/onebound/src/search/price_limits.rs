//! The prices between which a search looks.

use std::str::FromStr;

use super::SearchError;
use crate::decimal::Decimal;

/// The lowest and the highest price of a search, both included, in yuan; `None` for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceLimits {
    low: Option<Decimal>,
    high: Option<Decimal>,
}

impl PriceLimits {
    /// The lowest price.
    pub fn low(self) -> Option<Decimal> {
        self.low
    }

    /// The highest price.
    pub fn high(self) -> Option<Decimal> {
        self.high
    }
}

impl FromStr for PriceLimits {
    type Err = SearchError;

    /// `10..50`, `10..`, `..50`.
    fn from_str(text: &str) -> Result<Self, SearchError> {
        let wrong = || SearchError::Price(text.to_owned());
        let limit = |text: &str| match text.trim() {
            "" => Ok(None),
            text => match text.parse::<Decimal>() {
                Ok(price) if !price.is_negative() => Ok(Some(price)),
                _ => Err(wrong()),
            },
        };
        let (low, high) = text.split_once("..").ok_or_else(wrong)?;
        let (low, high) = (limit(low)?, limit(high)?);
        match (low, high) {
            (None, None) => Err(wrong()),
            (Some(low), Some(high)) if low.compare(high).is_gt() => Err(wrong()),
            _ => Ok(Self { low, high }),
        }
    }
}
