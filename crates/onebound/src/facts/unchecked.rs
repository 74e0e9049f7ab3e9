//! Parts of an exchange that no rule could check, so that the absence of facts means nothing.

use crate::exchange::Exchange;

/// A part of an exchange that was not checked, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unchecked {
    /// Nothing of it: there is no answer of the API.
    Everything,
    /// Whether the call went well: there is no `error_code`.
    Success,
    /// Item, SKUs and description: no single item came.
    Item,
    /// The SKUs: the item has none.
    Skus,
    /// The call, headers and times: a body from a file has none.
    Call,
    /// Everything that the analysis of a large body finds; it was not made yet.
    Rest,
}

impl Exchange {
    /// The parts that no rule could check.
    pub fn unchecked(&self) -> Vec<Unchecked> {
        let Some(envelope) = self.envelope() else { return vec![Unchecked::Everything] };
        let item = self.item();
        let has_no_skus = item.is_some_and(|item| item.sku_count() == 0);
        let all = [
            (envelope.error_code.is_none(), Unchecked::Success),
            (item.is_none(), Unchecked::Item),
            (has_no_skus, Unchecked::Skus),
            (self.is_body_only(), Unchecked::Call),
            (!self.is_analyzed(), Unchecked::Rest),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, part)| part).collect()
    }
}
