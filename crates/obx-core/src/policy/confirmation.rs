//! The right to send one trade call: it is typed, for this call and this host, and holds for nothing else.

use std::hash::{DefaultHasher, Hash, Hasher};

use onebound::Call;

/// Can be had by typing alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    call: u64,
    place: usize,
}

impl Confirmation {
    /// What has to be typed: the method, or where there is none the `api_name`.
    pub fn phrase(call: &Call) -> String {
        call.method().unwrap_or_else(|| call.api_name().to_owned())
    }

    /// The confirmation of this call at the host of this place, counted from the first; `None` where something else was
    /// typed than [`Confirmation::phrase`].
    pub fn typed(call: &Call, place: usize, text: &str) -> Option<Self> {
        (text.trim() == Self::phrase(call)).then(|| Self { call: digest(call), place })
    }

    /// Which of the hosts it was typed for.
    pub fn place(&self) -> usize {
        self.place
    }

    pub(super) fn is_of(&self, call: &Call) -> bool {
        self.call == digest(call)
    }
}

fn digest(call: &Call) -> u64 {
    let mut hasher = DefaultHasher::new();
    call.asks().hash(&mut hasher);
    hasher.finish()
}
