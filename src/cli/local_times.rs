//! Times for people: local, with their zone, since a time without its zone is none.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use obx_core::config::Environment;
use obx_core::i18n::Texts;

/// The file of the system's time zone.
const LOCAL_ZONE: &str = "/etc/localtime";

/// The system's time zone. It is read from its file unless the environment names another, because looking it up by
/// name walks through the folders of all zones, which takes longer than the first frame.
pub(super) fn local_zone(environment: &Environment) -> TimeZone {
    let file = if environment.names_zone() { None } else { std::fs::read(LOCAL_ZONE).ok() };
    let zone = file.and_then(|data| TimeZone::tzif("local", &data).ok());
    zone.unwrap_or_else(TimeZone::system)
}

/// The machine's zone and clock at the start of a command.
#[derive(Clone, Debug)]
pub(super) struct LocalTimes {
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
}

impl LocalTimes {
    pub(super) fn now(environment: &Environment) -> Self {
        Self { zone: local_zone(environment), now: Timestamp::now() }
    }

    /// The heading of a column of times: `Time UTC+08:00`.
    pub(super) fn heading(&self, texts: Texts) -> String {
        format!("{} {}", texts.column_time(), self.offset(self.now))
    }

    /// `2026-11-23 15:24:17` under [`LocalTimes::heading`]; with the offset where it is another.
    pub(super) fn cell(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let offset = self.offset(at);
        if offset == self.offset(self.now) { local } else { format!("{local} {offset}") }
    }

    /// `2026-11-23 15:24:17 UTC+08:00`
    pub(super) fn text(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        format!("{local} {}", self.offset(at))
    }

    /// How long ago it was, in one unit.
    pub(super) fn age(&self, at: Timestamp, texts: Texts) -> String {
        let age = self.now.duration_since(at);
        match (age.as_mins(), age.as_hours()) {
            (..1, _) => texts.age_now().to_owned(),
            (minutes @ ..120, _) => texts.age_minutes(minutes),
            (_, hours @ ..48) => texts.age_hours(hours),
            (_, hours) => texts.age_days(hours / 24),
        }
    }

    /// The first moment after a time as it is written: of a day the next midnight, of a minute the next one, in local
    /// time; of a time with a zone the next second, or millisecond if it has a fraction.
    pub(super) fn end_of(&self, written: &str) -> Option<Timestamp> {
        let written = written.trim();
        if let Ok(at) = written.parse::<Timestamp>() {
            let unit = if written.contains('.') { 1 } else { 1_000 };
            return at.checked_add(SignedDuration::from_millis(unit)).ok();
        }
        let end = if let Ok(day) = Date::strptime("%Y-%m-%d", written) {
            day.checked_add(1.day()).ok()?.to_datetime(jiff::civil::Time::midnight())
        } else {
            let written = written.replacen('T', " ", 1);
            if let Ok(minute) = DateTime::strptime("%Y-%m-%d %H:%M", &written) {
                minute.checked_add(1.minute()).ok()?
            } else {
                DateTime::strptime("%Y-%m-%d %H:%M:%S", &written).ok()?.checked_add(1.second()).ok()?
            }
        };
        self.zone.to_timestamp(end).ok()
    }

    fn offset(&self, at: Timestamp) -> String {
        format!("UTC{}", at.to_zoned(self.zone.clone()).strftime("%:z"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;
    use obx_core::i18n::Language;

    use super::*;

    fn beijing() -> LocalTimes {
        let now = "2026-11-23T07:24:17Z".parse().unwrap();
        LocalTimes { zone: TimeZone::fixed(Offset::constant(8)), now }
    }

    #[test]
    fn every_time_has_its_zone() {
        let times = beijing();
        assert_eq!(times.text(times.now), "2026-11-23 15:24:17 UTC+08:00");
        assert_eq!(times.cell(times.now), "2026-11-23 15:24:17");
        assert_eq!(times.heading(Texts::new(Language::En)), "Time UTC+08:00");
    }

    #[test]
    fn an_age_has_one_unit() {
        let times = beijing();
        for (minutes, expected) in
            [(-5, "just now"), (0, "just now"), (119, "119 min ago"), (120, "2 h ago"), (2_880, "2 days ago")]
        {
            let at = times.now - SignedDuration::from_mins(minutes);
            assert_eq!(times.age(at, Texts::new(Language::En)), expected);
        }
    }

    #[test]
    fn a_time_ends_with_the_unit_that_it_is_written_to() {
        for (written, end) in [
            ("2026-11-23", "2026-11-23T16:00:00Z"),
            ("2026-11-23 15:24", "2026-11-23T07:25:00Z"),
            ("2026-11-23T15:24:17", "2026-11-23T07:24:18Z"),
            ("2026-11-23T07:24:17Z", "2026-11-23T07:24:18Z"),
            ("2026-11-23T07:24:17.250Z", "2026-11-23T07:24:17.251Z"),
        ] {
            assert_eq!(beijing().end_of(written), Some(end.parse().unwrap()), "{written}");
        }
        for wrong in ["", "7", "15:24", "2026-11", "2026-11-31", "yesterday"] {
            assert_eq!(beijing().end_of(wrong), None, "{wrong}");
        }
    }
}
