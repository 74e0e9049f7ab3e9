//! How long a stored answer replaces a call.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use onebound::{Exchange, Outcome};

/// How long a call without an answer is in doubt at least: as long as the vendor's day.
const DOUBT: Duration = Duration::from_secs(24 * 60 * 60);

/// For how long a stored answer replaces a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// For an answer with an item.
    pub item: Duration,
    /// For the answer "no result".
    pub no_result: Duration,
}

impl Freshness {
    /// Returns until when an answer from `answered_at` is fresh; `is_item` is false for "no result".
    pub fn until(&self, answered_at: Timestamp, is_item: bool) -> Option<Timestamp> {
        let fresh_for = if is_item { self.item } else { self.no_result };
        answered_at.checked_add(SignedDuration::try_from(fresh_for).ok()?).ok()
    }

    /// Returns until when an exchange replaces another call; `None` if it doesn't answer its question.
    pub fn until_of(&self, exchange: &Exchange) -> Option<Timestamp> {
        let is_item = exchange.outcome != Outcome::NoResult;
        exchange.answers().then(|| self.until(exchange.ended_at(), is_item))?
    }

    /// Returns for how long a call whose answer never came is in doubt: a day, and never less than that answer would have
    /// been fresh.
    pub fn doubt_lasts(&self) -> Duration {
        self.item.max(DOUBT)
    }

    /// Returns since when a question is in doubt whose last call without an answer was sent at `unknown_at`: another call for it
    /// may be billed a second time.
    pub fn in_doubt(&self, unknown_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        unknown_at.filter(|since| is_in_doubt(*since, self.doubt_lasts(), now))
    }

    /// Returns the time before which no answer is fresh any longer.
    pub fn oldest(&self, now: Timestamp) -> Timestamp {
        let longest = SignedDuration::try_from(self.item.max(self.no_result)).unwrap_or(SignedDuration::MAX);
        now.checked_sub(longest).unwrap_or(Timestamp::MIN)
    }

    /// Returns the time since which every answer is fresh, be it an item or "no result".
    pub fn all_fresh_since(&self, now: Timestamp) -> Timestamp {
        let shortest = SignedDuration::try_from(self.item.min(self.no_result)).unwrap_or(SignedDuration::MAX);
        now.checked_sub(shortest).unwrap_or(Timestamp::MIN)
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self { item: Duration::from_secs(24 * 60 * 60), no_result: Duration::from_secs(30 * 60) }
    }
}

/// Returns true if an answer that is fresh until `until` is fresh now.
pub fn is_fresh(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| now < until)
}

/// Returns true if a call of this time whose answer never came is in doubt, where a doubt lasts so long.
pub fn is_in_doubt(since: Timestamp, lasts: Duration, now: Timestamp) -> bool {
    let until = SignedDuration::try_from(lasts).ok().and_then(|lasts| since.checked_add(lasts).ok());
    is_fresh(until, now)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(true, 0, true)]
    #[case(true, 86_399, true)]
    #[case(true, 86_400, false)]
    #[case(false, 1_799, true)]
    #[case(false, 1_800, false)]
    fn an_item_is_fresh_for_a_day_and_no_result_for_half_an_hour(
        #[case] is_item: bool,
        #[case] seconds: i64,
        #[case] expected: bool,
    ) {
        let until = Freshness::default().until(Timestamp::UNIX_EPOCH, is_item);
        assert_eq!(is_fresh(until, Timestamp::from_second(seconds).unwrap()), expected);
    }

    #[test]
    fn since_then_all_answers_are_fresh() {
        let (freshness, now) = (Freshness::default(), Timestamp::from_second(100_000).unwrap());
        let since = freshness.all_fresh_since(now);
        for is_item in [true, false] {
            let later = since + SignedDuration::from_millis(1);
            assert!(is_fresh(freshness.until(later, is_item), now), "{is_item}");
        }
        assert!(!is_fresh(freshness.until(since, false), now));
    }

    #[test]
    fn a_duration_without_end_makes_nothing_fresh_and_looks_at_all_answers() {
        let endless = Freshness { item: Duration::MAX, no_result: Duration::ZERO };
        assert_eq!(endless.until(Timestamp::UNIX_EPOCH, true), None);
        assert_eq!(endless.oldest(Timestamp::UNIX_EPOCH), Timestamp::MIN);
        assert!(!is_fresh(None, Timestamp::UNIX_EPOCH));
    }
}
