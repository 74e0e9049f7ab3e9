//! How far a batch is: counts and speed, as of the last report. Nothing in it changes by itself.

use std::time::Duration;

use obx_core::batch::{BatchSummary, LineResult};

/// What a batch has done so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchProgress {
    /// Calls that are under way.
    pub under_way: u64,
    /// The most calls at once at present; `None` until it was changed.
    pub at_once: Option<usize>,
    pub summary: BatchSummary,
    /// How long it ran before it was paused last.
    ran: Duration,
    /// Since when it runs, counted from the start of the app; `None` while it is paused.
    since: Option<Duration>,
    /// When it reported last.
    reported: Duration,
}

impl BatchProgress {
    /// Nothing is done yet.
    pub(super) fn starting(now: Duration) -> Self {
        Self { since: Some(now), reported: now, ..Self::default() }
    }

    pub(super) fn pause(&mut self, pauses: bool, now: Duration) {
        if let Some(since) = self.since.take() {
            self.ran += now.saturating_sub(since);
        }
        self.since = (!pauses).then_some(now);
        self.reported = now;
    }

    pub(super) fn reported(&mut self, now: Duration) {
        self.reported = now;
    }

    pub(super) fn started(&mut self) {
        self.under_way += 1;
    }

    pub(super) fn finished(&mut self, result: &LineResult, was_under_way: bool) {
        self.under_way = self.under_way.saturating_sub(u64::from(was_under_way));
        self.summary.add(result);
    }

    /// How long it has run, without pauses.
    fn running(&self) -> Duration {
        self.ran + self.since.map_or(Duration::ZERO, |since| self.reported.saturating_sub(since))
    }

    /// Calls a second; `None` before the first has ended.
    pub fn rate(&self) -> Option<f64> {
        self.summary.calls_per_second(self.running())
    }

    /// How long it takes until so many calls have ended.
    pub fn time_left(&self, calls: u64) -> Option<Duration> {
        self.summary.time_left(calls, self.running())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_does_not_count_as_time_that_the_batch_ran() {
        let second = Duration::from_secs;
        let mut progress = BatchProgress::starting(second(10));
        assert_eq!((progress.rate(), progress.time_left(5)), (None, None));
        progress.summary.billed = 4;
        progress.reported(second(12));
        assert_eq!((progress.rate(), progress.time_left(10)), (Some(2.0), Some(second(3))));
        progress.pause(true, second(12));
        progress.reported(second(99));
        assert_eq!(progress.rate(), Some(2.0));
        progress.pause(false, second(100));
        progress.summary.billed = 6;
        progress.reported(second(101));
        assert_eq!((progress.rate(), progress.time_left(6)), (Some(2.0), None));
    }
}
