//! Days on the command line: those of Beijing, in which the vendor counts.

use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan, Zoned};

/// When a day begins that was written as `2026-11-24`, `today` or `yesterday`.
pub(super) fn start_of_day(text: &str) -> Result<Timestamp, String> {
    let beijing = TimeZone::fixed(tz::offset(8));
    let today = || Zoned::now().with_time_zone(beijing.clone()).date();
    let date = match text {
        "today" => Ok(today()),
        "yesterday" => today().checked_sub(1.day()),
        text => text.parse::<Date>(),
    };
    let start = date.and_then(|date| date.to_zoned(beijing.clone()));
    start.map(|start| start.timestamp()).map_err(|error| error.to_string())
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
