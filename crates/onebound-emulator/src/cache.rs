//! The vendor's cache: the time of each cached answer.
//!
//! An entry is only the moment of the first answer. An item is a function of its ID and the time, so that
//! the answer of that moment can be made again and need not be kept.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// The vendor's SDK caches answers for 86,400 seconds, and the emulator's cache does the same.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// At this many entries expired ones are removed, so that an emulator that runs for weeks does not grow.
const MAX_ENTRIES: usize = 10_000;

/// The moments of the first answers, by what was asked for.
#[derive(Default)]
pub(super) struct Cache(HashMap<String, Timestamp>);

impl Cache {
    /// When the answer that is still kept was made.
    pub(super) fn find(&self, asked: &str, now: Timestamp) -> Option<Timestamp> {
        self.0.get(asked).copied().filter(|made| is_kept(*made, now))
    }

    /// Keeps an answer made now, in place of an older one.
    pub(super) fn keep(&mut self, asked: String, now: Timestamp) {
        if self.0.len() >= MAX_ENTRIES {
            self.0.retain(|_, made| is_kept(*made, now));
        }
        self.0.insert(asked, now);
    }
}

fn is_kept(made: Timestamp, now: Timestamp) -> bool {
    now.duration_since(made) < KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_a_day() {
        let mut cache = Cache::default();
        let first = Timestamp::UNIX_EPOCH;
        cache.keep("1".to_owned(), first);
        assert_eq!(cache.find("1", first + SignedDuration::from_secs(86_399)), Some(first));
        assert_eq!(cache.find("1", first + SignedDuration::from_secs(86_400)), None);
        assert_eq!(cache.find("2", first), None);
    }
}
