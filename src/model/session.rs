//! How calls are made in this session, and how its moments are written.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::{CallSettings, Fingerprint, Host};
use crate::config::{Freshness, Guards};
use crate::i18n::YUAN;

/// Fixed at the start.
#[derive(Clone, Debug)]
pub struct Session {
    /// The parameters of every call.
    pub call: CallSettings,
    /// Where calls go, in the order in which they are tried; empty in DEMO.
    pub hosts: Vec<Host>,
    /// The profile's name.
    pub profile: String,
    /// Whether the emulator answers.
    pub demo: bool,
    /// Whether nothing is sent at all.
    pub offline: bool,
    /// Which key calls are made with; `None` in DEMO, where it is made up when it is needed.
    pub key: Option<Fingerprint>,
    /// Whether answers outlive the session.
    pub remembers: bool,
    /// The file whose answers are looked at, by its name; then nothing is asked of anybody.
    pub file: Option<String>,
    /// How long a stored answer does.
    pub freshness: Freshness,
    /// What holds calls back.
    pub guards: Guards,
    /// What a billed call costs in yuan, as it was written.
    pub price_per_call: Option<String>,
    /// The user's time zone.
    pub zone: TimeZone,
}

impl Session {
    /// What a call costs: `¥0.02`, or `¥` where no price is set.
    pub fn cost(&self) -> String {
        format!("{YUAN}{}", self.price_per_call.as_deref().unwrap_or_default())
    }

    /// `15:24:17`
    pub fn clock(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }

    /// `15:24:17`, or `12-18 15:24` for a moment of another day than `now`, or `2020-12-18` for one of another year.
    pub fn log_time(&self, at: Timestamp, now: Timestamp) -> String {
        self.written(at, now, ["%H:%M:%S", "%m-%d %H:%M", "%Y-%m-%d"])
    }

    /// `15:24`, with the day before it where that is not today's: `12-18 15:24`, and with another year before that.
    pub fn minute(&self, at: Timestamp, now: Timestamp) -> String {
        self.written(at, now, ["%H:%M", "%m-%d %H:%M", "%Y-%m-%d %H:%M"])
    }

    /// In the form for a moment of today, for one of this year, or for one of another.
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
