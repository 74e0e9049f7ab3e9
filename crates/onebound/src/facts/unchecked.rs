//! What no rule could look at: of that, silence says nothing.

use crate::exchange::Exchange;

/// What of an exchange was not checked, and why.
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
    /// What was asked, headers and times: a body by itself does not hold them.
    Call,
    /// What takes a walk over a large body, which is still under way.
    Rest,
}

impl Exchange {
    /// What none of the rules could look at.
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
