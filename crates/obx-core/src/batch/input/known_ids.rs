//! On which line an ID came first. A list may have millions of them, so that each takes few bytes.

use std::collections::HashMap;

use onebound::ItemId;

/// The first lines of the IDs of a list.
#[derive(Debug, Default)]
pub(super) struct KnownIds {
    lines: HashMap<u64, u64>,
    /// Of IDs that 64 bits don't hold, some of those with 20 digits: no item that was ever seen has one.
    long: HashMap<u128, u64>,
}

impl KnownIds {
    /// Notes that an ID is on this line; returns the number of the line that it was on first.
    pub(super) fn first_line(&mut self, id: &ItemId, line: u64) -> u64 {
        match id.as_str().parse() {
            Ok(number) => *self.lines.entry(number).or_insert(line),
            Err(_) => *self.long.entry(id.as_str().parse().unwrap_or_default()).or_insert(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_any_length_differ() {
        let mut known = KnownIds::default();
        let ids =
            ["1", "610947572360", "18446744073709551615", "18446744073709551616", "99999999999999999999"];
        for (line, id) in (1..).zip(ids) {
            assert_eq!(known.first_line(&id.parse().unwrap(), line), line, "{id}");
        }
        for (line, id) in (1..).zip(ids) {
            assert_eq!(known.first_line(&id.parse().unwrap(), 9), line, "{id}");
        }
    }
}
