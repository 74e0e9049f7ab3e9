//! How calls are made in this session, and how its moments are written.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::CallSettings;

/// Fixed at the start.
#[derive(Clone, Debug)]
pub struct Session {
    /// The parameters of every call.
    pub call: CallSettings,
    /// The profile's name.
    pub profile: String,
    /// Whether the emulator answers.
    pub demo: bool,
    /// The user's time zone.
    pub zone: TimeZone,
}

impl Session {
    /// `15:24:17`
    pub fn clock(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }

    /// `15:24`, with the day before it where that is not today's: `12-18 15:24`.
    pub fn minute(&self, at: Timestamp, now: Timestamp) -> String {
        let (at, now) = (at.to_zoned(self.zone.clone()), now.to_zoned(self.zone.clone()));
        let form = if at.date() == now.date() { "%H:%M" } else { "%m-%d %H:%M" };
        at.strftime(form).to_string()
    }
}
