//! The IDs that provoke something, as a list that a command line can print.

use super::catalogue::{ASKED_COUNTS, PAGE_ITEM};
use super::codes::CODES;
use super::faults::Fault;

/// The first seven digits of the examples; any others do as well, since only the ending counts.
const ANY: &str = "6109475";

/// Every documented `num_iid` with what it answers, in English, in the order in which to show them.
pub fn test_ids() -> Vec<(String, String)> {
    let page = (PAGE_ITEM.to_owned(), "the item of the vendor's page, exactly".to_owned());
    let counts = ASKED_COUNTS.iter().map(|(ending, count)| {
        (format!("{ANY}{ending}"), format!("{count} SKUs (any ID that ends in {ending})"))
    });
    let codes = CODES.iter().map(|row| {
        let digits = row.digits;
        (format!("{ANY}7{digits}"), format!("error code {digits} (any ID that ends in {digits})"))
    });
    let faults =
        Fault::ALL.iter().map(|fault| (fault.test_id(), format!("{fault}: {}", fault.description())));
    std::iter::once(page).chain(counts).chain(codes).chain(faults).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_documented_id_asks_for_two_things() {
        let ids = test_ids();
        assert_eq!(ids.iter().map(|(id, _)| id).collect::<HashSet<_>>().len(), ids.len());
        assert_eq!(ids.len(), 1 + 6 + 20 + Fault::ALL.len());
    }

    #[test]
    fn the_documentation_of_the_module_names_every_fault() {
        let text = include_str!("lib.rs");
        for fault in Fault::ALL {
            assert!(text.contains(&format!("`{fault}`")), "{fault}");
        }
    }
}
