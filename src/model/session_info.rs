//! The settings of this session's calls, and how it writes times.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use obx_core::config::{Access, Config, DisplaySettings, Freshness, Guards, Place, PriceSettings};
use obx_core::i18n::{Texts, YUAN};
use onebound::{BEIJING, CallSettings, Decimal, Fingerprint, Host};

/// Formats for a time of today, of this year, and of another year.
const LOG_FORMS: [&str; 3] = ["%H:%M:%S", "%m-%d %H:%M", "%Y-%m-%d"];

/// What becomes of answers that could not be stored when obx ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnstoredAnswers {
    Lost,
    /// Files of this machine have them until the server is back.
    Spooled,
}

impl UnstoredAnswers {
    fn from_place(place: &Place) -> Self {
        if place.is_spooled() { Self::Spooled } else { Self::Lost }
    }
}

/// Settings that don't change during the session.
#[derive(Clone, Debug)]
pub struct SessionInfo {
    /// The parameters of every call.
    pub call: CallSettings,
    /// The hosts, in the order in which they are tried; empty in DEMO.
    pub hosts: Vec<Host>,
    pub profile: String,
    /// Whether the emulator answers.
    pub demo: bool,
    /// Whether nothing is sent.
    pub offline: bool,
    /// The key of the calls; `None` in DEMO, where a key is made up when one is needed.
    pub key: Option<Fingerprint>,
    /// Whether answers are stored for later sessions.
    pub remembers: bool,
    pub unstored: UnstoredAnswers,
    /// Who asks in this session, where several people share the store.
    pub asked_by: Option<Arc<str>>,
    /// The name of the file that was opened; then nothing is sent.
    pub file: Option<String>,
    /// How long a stored answer is fresh.
    pub freshness: Freshness,
    /// The limits on spending.
    pub guards: Guards,
    /// The price of a billed call in yuan.
    pub price_per_call: Option<Decimal>,
    /// The columns that are calculated for each SKU.
    pub price: Arc<PriceSettings>,
    pub zone: TimeZone,
    /// What the screen is drawn with.
    pub display: DisplaySettings,
}

impl SessionInfo {
    /// What this configuration says of the session; `file` is the file whose answers are looked at.
    pub fn new(config: &Config, file: Option<String>, zone: TimeZone) -> Self {
        let demo = matches!(config.access, Access::Demo);
        Self {
            call: config.call.clone(),
            hosts: config.hosts.clone(),
            profile: config.profile.clone(),
            demo,
            offline: config.offline,
            file,
            key: match &config.access {
                Access::Demo | Access::None => None,
                Access::Account(credentials) => Some(credentials.fingerprint()),
            },
            remembers: config.place.is_lasting(),
            unstored: UnstoredAnswers::from_place(&config.place),
            asked_by: config.place.asked_by().map(Arc::from),
            freshness: config.freshness,
            guards: config.guards,
            // Answers of the emulator cost nothing.
            price_per_call: config.price_per_call.filter(|_| !demo),
            price: Arc::new(config.price.clone()),
            zone,
            display: config.display,
        }
    }

    /// The cost of a call: `¥0.02`, or `¥` if no price is set.
    pub fn cost(&self) -> String {
        self.price_per_call.map_or_else(|| YUAN.to_owned(), |price| format!("{YUAN}{price}"))
    }

    /// `15:24:17`; `12-18 15:24` if the day is another than that of `now`; `2020-12-18` if the year is. With the zone
    /// unless it is Beijing's.
    pub fn log_time(&self, at: Timestamp, now: Timestamp) -> String {
        format!("{}{}", self.written(at, now, LOG_FORMS), self.zone_mark(at))
    }

    /// The same for a row under a heading that shows the zone of `now`: without the zone if it is the same.
    pub fn row_time(&self, at: Timestamp, now: Timestamp) -> String {
        let of_heading = self.zone.to_offset(at) == self.zone.to_offset(now);
        if of_heading { self.written(at, now, LOG_FORMS) } else { self.log_time(at, now) }
    }

    /// `2026-11-23 15:24:17`, local.
    pub fn iso_time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `15:24`; `12-18 15:24` if the day is another than that of `now`; with the year before it if that is another.
    /// With the zone unless it is Beijing's.
    pub fn minute(&self, at: Timestamp, now: Timestamp) -> String {
        let text = self.written(at, now, ["%H:%M", "%m-%d %H:%M", "%Y-%m-%d %H:%M"]);
        format!("{text}{}", self.zone_mark(at))
    }

    /// The zone that follows local times, as ` UTC-5`. Empty if it is Beijing's, since the vendor's times are in that
    /// zone and then all times on the screen agree.
    pub fn zone_mark(&self, at: Timestamp) -> String {
        let offset = self.zone.to_offset(at);
        if offset == BEIJING {
            return String::new();
        }
        let minutes = offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        match (minutes.abs() / 60, minutes.abs() % 60) {
            (0, 0) => " UTC".to_owned(),
            (hours, 0) => format!(" UTC{sign}{hours}"),
            (hours, minutes) => format!(" UTC{sign}{hours}:{minutes:02}"),
        }
    }

    /// A time as the vendor wrote it, marked as Beijing's if the local zone differs.
    pub fn vendor_time(&self, written: &str, at: Timestamp, texts: Texts) -> String {
        if self.zone.to_offset(at) == BEIJING { written.to_owned() } else { texts.quota_at(written) }
    }

    /// Formats a time with the form for today, this year, or another year.
    fn written(&self, at: Timestamp, now: Timestamp, forms: [&str; 3]) -> String {
        let (at, now) = (at.to_zoned(self.zone.clone()), now.to_zoned(self.zone.clone()));
        let [today, this_year, another] = forms;
        let form = match at.date() == now.date() {
            true => today,
            false if at.year() == now.year() => this_year,
            false => another,
        };
        at.strftime(form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;
    use rstest::rstest;

    use super::*;
    use obx_core::i18n::Language;

    /// 2026-11-23 15:24:17 in Beijing.
    const NOW: i64 = 1_795_418_657;

    fn session(zone: TimeZone) -> SessionInfo {
        SessionInfo {
            call: CallSettings::default(),
            hosts: Vec::new(),
            profile: "main".to_owned(),
            demo: true,
            offline: false,
            key: None,
            remembers: false,
            unstored: UnstoredAnswers::Lost,
            asked_by: None,
            file: None,
            freshness: Freshness::default(),
            guards: Guards::default(),
            price_per_call: None,
            price: Arc::default(),
            zone,
            display: DisplaySettings::default(),
        }
    }

    #[rstest]
    #[case(8 * 3600, "15:24", "15:24:17", "2026-11-23 15:00")]
    #[case(0, "07:24 UTC", "07:24:17 UTC", "2026-11-23 15:00 Beijing")]
    #[case(-5 * 3600, "02:24 UTC-5", "02:24:17 UTC-5", "2026-11-23 15:00 Beijing")]
    #[case(5 * 3600 + 1800, "12:54 UTC+5:30", "12:54:17 UTC+5:30", "2026-11-23 15:00 Beijing")]
    #[case(-1800, "06:54 UTC-0:30", "06:54:17 UTC-0:30", "2026-11-23 15:00 Beijing")]
    fn a_time_says_its_zone_unless_all_are_of_beijing(
        #[case] offset: i32,
        #[case] minute: &str,
        #[case] log_time: &str,
        #[case] vendor_time: &str,
    ) {
        let session = session(TimeZone::fixed(Offset::from_seconds(offset).unwrap()));
        let now = Timestamp::from_second(NOW).unwrap();
        assert_eq!(session.minute(now, now), minute);
        assert_eq!(session.log_time(now, now), log_time);
        assert_eq!(session.row_time(now, now), log_time.split(' ').next().unwrap());
        let texts = Texts::new(Language::En);
        assert_eq!(session.vendor_time("2026-11-23 15:00", now, texts), vendor_time);
    }

    #[test]
    fn a_row_of_the_other_half_of_the_year_says_its_own_zone() {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let session = session(zone);
        let now = Timestamp::from_second(NOW).unwrap();
        let summer = Timestamp::from_second(NOW - 120 * 86_400).unwrap();
        assert_eq!(session.row_time(summer, now), "07-26 03:24 UTC-4");
        assert_eq!(session.zone_mark(now), " UTC-5");
    }
}
