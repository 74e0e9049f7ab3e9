//! The user's typed confirmation of one trade call. It applies to this call at this host, and to nothing else.

use std::hash::{DefaultHasher, Hash, Hasher};

use onebound::Call;

/// The permission to send one trade call. [`Confirmation::typed`] is the only way to get one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    call: u64,
    place: usize,
}

impl Confirmation {
    /// Returns the text to type: the method, or the `api_name` if there is no method.
    pub fn phrase(call: &Call) -> String {
        call.method().unwrap_or_else(|| call.api_name().to_owned())
    }

    /// Confirms this call at the host with index `place`. `None` if `text` differs from [`Confirmation::phrase`].
    pub fn typed(call: &Call, place: usize, text: &str) -> Option<Self> {
        (text.trim() == Self::phrase(call)).then(|| Self { call: digest(call), place })
    }

    /// Returns the index of the host that it was typed for.
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
