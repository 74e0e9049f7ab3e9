//! The clock of the emulator, and times in Beijing.
//!
//! `Clock::system()` is the machine's. A test takes `Clock::at(…)`, keeps a clone, and turns midnight with
//! `advance`. Sleeps (the emulated delay) are real time and do not follow this clock.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Beijing has had no summer time since 1991, so that a fixed offset is enough and needs no zone database.
const BEIJING: Offset = Offset::constant(8);

/// A source of the present time; clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// `None` follows the machine.
    set: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock stopped at `moment`, moved only by [`Clock::advance`].
    pub fn at(moment: Timestamp) -> Self {
        Self { set: Some(Arc::new(Mutex::new(moment))) }
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        match &self.set {
            None => Timestamp::now(),
            Some(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Turns a clock made by [`Clock::at`], and all its clones, forward (back with a negative duration).
    /// Has no effect on the system clock, nor if the result is beyond jiff's range.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(moment) = &self.set {
            let mut moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
            *moment = moment.checked_add(by).unwrap_or(*moment);
        }
    }
}

/// Date and time in Beijing.
pub(super) fn in_beijing(moment: Timestamp) -> DateTime {
    BEIJING.to_datetime(moment)
}

/// As the vendor writes it in `secache_date` and, after "Beijing/", in `server_time`.
pub(super) fn beijing_text(moment: Timestamp) -> String {
    in_beijing(moment).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beijing_is_eight_hours_ahead_of_utc() {
        let captured = Timestamp::from_second(1_608_276_252).unwrap();
        assert_eq!(beijing_text(captured), "2020-12-18 15:24:12");
    }

    #[test]
    fn a_clone_shows_the_time_that_the_original_was_turned_to() {
        let clock = Clock::at(Timestamp::UNIX_EPOCH);
        let clone = clock.clone();
        clock.advance(SignedDuration::from_hours(3));
        assert_eq!(clone.now().as_second(), 3 * 3600);
    }
}
