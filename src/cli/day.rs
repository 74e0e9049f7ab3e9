//! Days on the command line: those of Beijing, in which the vendor counts.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use onebound::BEIJING;

/// A day as it is written: `2026-11-24`, `today` or `yesterday`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DayChoice {
    #[default]
    Today,
    Yesterday,
    Date(Date),
}

impl FromStr for DayChoice {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "today" => Ok(Self::Today),
            "yesterday" => Ok(Self::Yesterday),
            _ => Ok(Self::Date(text.parse()?)),
        }
    }
}

impl DayChoice {
    /// The day in Beijing.
    pub(super) fn date(self, now: Timestamp) -> Date {
        let today = BEIJING.to_datetime(now).date();
        match self {
            Self::Today => today,
            Self::Yesterday => today.yesterday().unwrap_or(today),
            Self::Date(date) => date,
        }
    }
}

/// Returns when the day begins that is written so.
pub(super) fn start_of_day(text: &str) -> Result<Timestamp, String> {
    let day: DayChoice = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let midnight = day.date(Timestamp::now()).to_datetime(Time::midnight());
    BEIJING.to_timestamp(midnight).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let start = start_of_day("2026-11-24").unwrap();
        assert_eq!(start, "2026-11-23T16:00:00Z".parse::<Timestamp>().unwrap());
        let [today, yesterday] = ["today", "yesterday"].map(|day| start_of_day(day).unwrap());
        assert_eq!(today.duration_since(yesterday).as_hours(), 24);
        assert!(today <= Timestamp::now());
        assert!(start_of_day("tomorrow").is_err() && start_of_day("24").is_err());
    }
}
