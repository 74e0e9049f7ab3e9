//! `--until`: a time of day, a date and time of this machine's zone, or a moment.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Moment(Timestamp),
    Local(DateTime),
    /// When it is that time next.
    Daily(Time),
}

/// Parses a flag's value.
pub(super) fn parse(text: &str) -> Result<Until, String> {
    let moment = text.parse().map(Until::Moment);
    let time = || text.parse().map(Until::Daily);
    let is_time = !text.contains('-');
    let local = |_| text.parse().map(Until::Local);
    let parsed = if is_time { time() } else { moment.or_else(local) };
    parsed.map_err(|error: jiff::Error| error.to_string())
}

impl Until {
    /// The next moment that is meant; `None` if the calendar does not have it.
    pub(super) fn next(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Moment(moment) => Some(*moment),
            Self::Local(local) => zone.to_timestamp(*local).ok(),
            Self::Daily(time) => {
                let today = now.to_zoned(zone.clone()).date();
                let at = |date: jiff::civil::Date| zone.to_timestamp(date.to_datetime(*time)).ok();
                at(today).filter(|at| *at > now).or_else(|| at(today.checked_add(1.day()).ok()?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_next_one_of_this_zone() {
        let now: Timestamp = "2026-11-23T20:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(8)); // 04:00 on the 24th
        for (text, expected) in [
            ("06:30", "2026-11-23T22:30:00Z"),
            ("03:00", "2026-11-24T19:00:00Z"),
            ("2026-11-30T06:30", "2026-11-29T22:30:00Z"),
            ("2026-11-30 06:30", "2026-11-29T22:30:00Z"),
            ("2026-11-30T06:30+00:00", "2026-11-30T06:30:00Z"),
            ("2026-11-30T06:30:00Z", "2026-11-30T06:30:00Z"),
        ] {
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(parse(text).unwrap().next(now, &zone), Some(expected), "{text}");
        }
        for text in ["", "soon", "25:00", "2026-13-01T00:00", "5"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
