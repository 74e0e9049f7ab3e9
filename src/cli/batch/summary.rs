//! The end of a batch: what its lines were, why it ended, and the exit code.

use serde_json::{Value, json};

use super::super::ExitCode;
use super::super::report::ErrorReport;
use super::Run;
use obx_core::batch::{BatchSummary, StopReason};
use obx_core::i18n::Texts;

/// How a batch ended.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) reason: StopReason,
    pub(super) left: u64,
    pub(super) invalid: u64,
    /// Lines whose records could not be made: an internal error, after which the batch is stopped.
    pub(super) unrendered: u64,
    pub(super) summary: BatchSummary,
}

impl Ended {
    /// Lines that failed, with those that name no item or have no record.
    fn failed(&self) -> u64 {
        self.summary.failed + self.invalid + self.unrendered
    }

    /// Returns true if every line has its record or its error.
    pub(super) fn is_complete(&self) -> bool {
        self.reason == StopReason::Done && self.unrendered == 0
    }

    /// `38 items · 1 without a result · 1 failed`, and the same by code.
    pub(super) fn lines(&self, texts: Texts) -> Vec<String> {
        let counted = |count: u64, text: String| (count > 0).then_some(text);
        let BatchSummary { items, no_results, ref codes, .. } = self.summary;
        let parts = [
            Some(texts.batch_items(items)),
            counted(no_results, texts.batch_no_results(no_results)),
            counted(self.failed(), texts.batch_failed(self.failed())),
            counted(self.left, texts.batch_left(self.left)),
        ];
        let mut lines = vec![parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")];
        if codes.keys().any(|code| code != "0000") {
            let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{code} {count}")).collect();
            lines.push(texts.batch_codes(codes.join(" · ")));
        }
        lines
    }

    pub(super) fn to_json(&self) -> Value {
        let BatchSummary { items, no_results, ref codes, .. } = self.summary;
        json!({ "summary": {
            "items": items,
            "no_result": no_results,
            "failed": self.failed(),
            "left": Some(self.left).filter(|_| self.reason != StopReason::Broken),
            "stopped": self.stopped(),
            "codes": codes,
        }})
    }

    fn stopped(&self) -> &'static str {
        match self.reason {
            StopReason::Done | StopReason::Asked if self.unrendered > 0 => "internal",
            StopReason::Done => "done",
            StopReason::Asked => "interrupted",
            StopReason::Refused(_) => "refused",
            StopReason::TimeIsUp => "until",
            StopReason::Store(_) => "store",
            StopReason::Broken => "internal",
        }
    }

    /// Says why a batch did not come to its end; returns its exit code.
    pub(super) fn report(&self, run: &Run) -> ExitCode {
        let texts = run.texts;
        let report = match &self.reason {
            StopReason::Done | StopReason::Asked if self.unrendered > 0 => {
                ErrorReport::new(ExitCode::Internal, texts.batch_stopped_unrendered())
            }
            StopReason::Done if self.failed() > 0 => return ExitCode::SomeFailed,
            StopReason::Done => return ExitCode::Ok,
            StopReason::Asked => {
                run.note(texts.batch_goes_on());
                return ExitCode::INTERRUPTED;
            }
            StopReason::Refused(refusal) => ErrorReport::from_not_sent(refusal, texts),
            StopReason::TimeIsUp => ErrorReport::new(ExitCode::Refused, texts.batch_time_is_up()).for_later(),
            StopReason::Store(error) => ErrorReport::from_store_error(error, texts),
            StopReason::Broken => ErrorReport::new(ExitCode::Internal, texts.batch_broken()),
        };
        let report = report.advising(texts.batch_goes_on());
        run.report(&report);
        report.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obx_core::i18n::Language;

    #[test]
    fn a_batch_that_broke_down_does_not_say_how_many_lines_are_left() {
        let summary = BatchSummary { items: 3, ..BatchSummary::default() };
        let ended = Ended { reason: StopReason::Broken, left: 0, invalid: 0, unrendered: 0, summary };
        let summary = &ended.to_json()["summary"];
        assert_eq!((&summary["stopped"], &summary["left"]), (&json!("internal"), &Value::Null));
        assert_eq!(ended.lines(Texts::new(Language::En)), ["3 items"]);
    }

    #[test]
    fn a_batch_that_stopped_at_a_record_it_could_not_make_was_not_interrupted_and_says_what_is_left() {
        let summary = BatchSummary { items: 3, ..BatchSummary::default() };
        let ended = Ended { reason: StopReason::Asked, left: 4, invalid: 0, unrendered: 1, summary };
        let summary = &ended.to_json()["summary"];
        let (stopped, left, failed) = (&summary["stopped"], &summary["left"], &summary["failed"]);
        assert_eq!((stopped, left, failed), (&json!("internal"), &json!(4), &json!(1)));
        let done = Ended { reason: StopReason::Done, left: 0, ..ended.clone() };
        assert!(!ended.is_complete() && !done.is_complete());
    }
}
