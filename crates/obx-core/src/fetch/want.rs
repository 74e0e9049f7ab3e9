//! What the user agreed to, which decides what may be sent.

use super::Confirmation;

/// What the user agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A stored answer while it is fresh, and nothing else: costs nothing.
    StoreOnly,
    /// A stored answer while it is fresh, else a call.
    StoreFirst,
    /// A call, whatever is stored.
    Anew,
    /// A call, whatever is stored and whatever refused it: the user was told and said so.
    Insist,
    /// A call to this one of the hosts and no other, whatever is stored.
    AtHost {
        /// Which, counted from the first.
        place: usize,
        /// Whatever refused it, too.
        insist: bool,
    },
    /// A trade call, once, to the host that it was confirmed for, unless a guard refuses it.
    Trade(Confirmation),
}

impl Want {
    /// Whether it is sent in spite of what would refuse it.
    pub fn insists(self) -> bool {
        matches!(self, Self::Insist | Self::AtHost { insist: true, .. })
    }

    /// The only one of the hosts that may be asked, counted from the first; `None` where each may, in their order.
    pub fn host(self) -> Option<usize> {
        match self {
            Self::AtHost { place, .. } => Some(place),
            Self::Trade(confirmation) => Some(confirmation.place()),
            Self::StoreOnly | Self::StoreFirst | Self::Anew | Self::Insist => None,
        }
    }

    /// The same, in spite of what refused it.
    #[must_use]
    pub fn insisted_on(self) -> Self {
        match self {
            Self::AtHost { place, .. } => Self::AtHost { place, insist: true },
            // A confirmation holds once.
            Self::Trade(_) => self,
            _ => Self::Insist,
        }
    }
}
