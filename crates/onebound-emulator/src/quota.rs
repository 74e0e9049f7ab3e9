//! Counts the billed calls of a day and writes `api_info`.
//!
//! The day is Beijing's. A call is counted when the emulator decides on it, before its delay: a client that
//! disconnects while waiting is billed all the same, as the vendor may do.

use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::in_beijing;
use super::codes::ErrorReply;

/// The quota of one account.
pub(super) struct QuotaCounter {
    max: u64,
    expires: Option<Date>,
    day: Date,
    used: u64,
}

impl QuotaCounter {
    /// Nothing used yet on the day of `now`.
    pub(super) fn new(max: u64, expires: Option<Date>, now: Timestamp) -> Self {
        Self { max, expires, day: in_beijing(now).date(), used: 0 }
    }

    /// Billed calls of the day.
    pub(super) fn used(&mut self, now: Timestamp) -> u64 {
        let today = in_beijing(now).date();
        if self.day != today {
            self.day = today;
            self.used = 0;
        }
        self.used
    }

    /// Why no further call is served today, if so: the quota is used up, or the key has expired (which the
    /// vendor also reports as 4013, in words that were not captured, and which does not recover at midnight).
    pub(super) fn error(&mut self, now: Timestamp) -> Option<ErrorReply> {
        if self.expires.is_some_and(|last| in_beijing(now).date() > last) {
            return Some(ErrorReply::with_reason("4013", "Key已过期"));
        }
        (self.used(now) >= self.max).then(|| ErrorReply::new("4013"))
    }

    /// Counts one billed call.
    pub(super) fn bill(&mut self, now: Timestamp) {
        self.used = self.used(now).saturating_add(1);
    }

    /// `today:12 max:10000`, and with an expiry date the richer shape of newer captured bodies,
    /// `today:7 max:30000 all[7=7+0+0];expires:2022-10-11`.
    pub(super) fn api_info(&mut self, now: Timestamp) -> String {
        let (used, max) = (self.used(now), self.max);
        match self.expires {
            None => format!("today:{used} max:{max}"),
            Some(date) => format!("today:{used} max:{max} all[{used}={used}+0+0];expires:{date}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LATE: &str = "2026-03-01T15:59:59Z";
    const MIDNIGHT: &str = "2026-03-01T16:00:00Z";

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_count_turns_to_zero_at_midnight_in_beijing_and_not_before() {
        let mut counter = QuotaCounter::new(10, None, moment("2026-03-01T01:00:00Z"));
        counter.bill(moment("2026-03-01T01:00:00Z"));
        counter.bill(moment(LATE));
        assert_eq!(counter.api_info(moment(LATE)), "today:2 max:10");
        assert_eq!(counter.api_info(moment(MIDNIGHT)), "today:0 max:10");
    }

    #[test]
    fn a_used_up_quota_refuses_until_midnight() {
        let mut counter = QuotaCounter::new(1, None, moment(LATE));
        assert_eq!(counter.error(moment(LATE)), None);
        counter.bill(moment(LATE));
        assert_eq!(counter.error(moment(LATE)), Some(ErrorReply::new("4013")));
        assert_eq!(counter.error(moment(MIDNIGHT)), None);
    }

    #[test]
    fn an_expired_key_is_refused_from_the_day_after_its_last() {
        let mut counter = QuotaCounter::new(10, Some(date(2026, 3, 1)), moment(LATE));
        assert_eq!(counter.api_info(moment(LATE)), "today:0 max:10 all[0=0+0+0];expires:2026-03-01");
        assert_eq!(counter.error(moment(LATE)), None);
        assert_eq!(counter.error(moment(MIDNIGHT)).unwrap().reason, "Key已过期");
    }
}
