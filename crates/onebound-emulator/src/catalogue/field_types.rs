//! The JSON types of an item's fields. Captured bodies disagree on them; here the ID decides.

use serde_json::Value;

use crate::seeded_rng::SeededRng;

/// The field types of one ID.
pub(super) struct FieldTypes {
    ids_as_numbers: bool,
    counts_as_numbers: bool,
    prices_as_numbers: bool,
    image_prefix: &'static str,
    /// Between the pairs of `properties` and `properties_name`.
    pub(super) pair_separator: &'static str,
}

impl FieldTypes {
    pub(super) fn new(num_iid: &str) -> Self {
        let mut rng = SeededRng::new(num_iid, "spelling");
        Self {
            ids_as_numbers: rng.one_in(4),
            counts_as_numbers: rng.one_in(3),
            prices_as_numbers: rng.one_in(5),
            image_prefix: *rng.pick::<&str>(&["https:", "http:", ""]),
            pair_separator: if rng.one_in(8) { "; " } else { ";" },
        }
    }

    /// An ID; one with a leading zero or beyond 64 bits stays a string, so that no digit is lost.
    pub(super) fn id(&self, digits: &str) -> Value {
        match digits.parse::<u64>() {
            Ok(number) if self.ids_as_numbers && number.to_string() == digits => number.into(),
            _ => digits.into(),
        }
    }

    /// A number of pieces.
    pub(super) fn count(&self, count: u64) -> Value {
        if self.counts_as_numbers { count.into() } else { count.to_string().into() }
    }

    /// A price given in fen, written in yuan.
    pub(super) fn price(&self, fen: u64) -> Value {
        let text = yuan(fen);
        match text.parse::<f64>() {
            Ok(_) if self.prices_as_numbers && fen.is_multiple_of(100) => (fen / 100).into(),
            Ok(number) if self.prices_as_numbers => number.into(),
            _ => text.into(),
        }
    }

    /// The address of a picture, in one of the three spellings.
    pub(super) fn image(&self, rng: &mut SeededRng) -> String {
        let (a, b, c) = (rng.below(1000), rng.below(1000), rng.between(10_000_000_000, 99_999_999_999));
        let prefix = self.image_prefix;
        format!("{prefix}//cbu01.alicdn.com/img/ibank/2026/{a:03}/{b:03}/{c}_979836901.jpg")
    }
}

/// Hundredths of a yuan as "799.00".
pub(super) fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
