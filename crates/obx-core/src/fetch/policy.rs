//! What the user agreed to, which decides what may be sent.

use super::Confirmation;

/// What the user agreed to: whether the store may answer, and whether a guard may be overridden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchPolicy {
    /// A stored answer while it is fresh, and nothing else: costs nothing.
    CacheOnly,
    /// A stored answer while it is fresh, else a call.
    CacheFirst,
    /// A call, whatever is stored.
    Refresh,
    /// A call, whatever is stored and whatever refused it: the user was asked and said so.
    Override,
    /// A call to this one of the hosts and no other, whatever is stored.
    AtHost {
        /// Which, counted from the first.
        place: usize,
        /// Whatever refused it, too.
        is_override: bool,
    },
    /// A trade call, once, to the host that it was confirmed for, unless a guard refuses it.
    Trade(Confirmation),
}

impl FetchPolicy {
    /// Whether it is sent in spite of what would refuse it.
    pub fn overrides(self) -> bool {
        matches!(self, Self::Override | Self::AtHost { is_override: true, .. })
    }

    /// The only one of the hosts that may be asked, counted from the first; `None` where each may, in their order.
    pub fn host(self) -> Option<usize> {
        match self {
            Self::AtHost { place, .. } => Some(place),
            Self::Trade(confirmation) => Some(confirmation.place()),
            Self::CacheOnly | Self::CacheFirst | Self::Refresh | Self::Override => None,
        }
    }

    /// The same, in spite of what refused it.
    #[must_use]
    pub fn overridden(self) -> Self {
        match self {
            Self::AtHost { place, .. } => Self::AtHost { place, is_override: true },
            // A confirmation holds once.
            Self::Trade(_) => self,
            _ => Self::Override,
        }
    }
}
