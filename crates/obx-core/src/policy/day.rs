//! The vendor's day: in Beijing's time zone, whatever the time zone of this machine.

use jiff::Timestamp;

use onebound::BEIJING;

/// The vendor's day turns at 16:00 UTC.
const BEIJING_MS: i64 = BEIJING.seconds() as i64 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Returns the day of `at` in Beijing, in days since 1970-01-01.
pub fn beijing_day(at: Timestamp) -> i64 {
    (at.as_millisecond() + BEIJING_MS).div_euclid(DAY_MS)
}

/// Returns when the day of `at` ends in Beijing.
pub fn day_end(at: Timestamp) -> Timestamp {
    let end = (beijing_day(at) + 1) * DAY_MS - BEIJING_MS;
    Timestamp::from_millisecond(end).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(beijing_day(at("2026-11-23T15:59:59Z")) + 1, beijing_day(at("2026-11-23T16:00:00Z")));
        assert_eq!(day_end(at("2026-11-23T15:59:59Z")), at("2026-11-23T16:00:00Z"));
        assert_eq!(day_end(at("2026-11-23T16:00:00Z")), at("2026-11-24T16:00:00Z"));
    }
}
