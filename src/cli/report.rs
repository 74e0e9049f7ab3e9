//! An error of a command: a text for people, or with `--json` one object on stderr.

use serde_json::{Map, Value, json};

use super::exit_code::ExitCode;
use super::failure::{CliFailure, id_error};
use crate::pane::advice::{AdviceMeans, advice};
use crate::pane::verdict;
use crate::ui::text::{clean, fit, visible};
use obx_core::fetch::{BudgetViolation, Fetched, NotSent, Source};
use obx_core::i18n::{Describe, Texts};
use obx_core::store::{GuardViolation, StoreError, StoreErrorKind};
use onebound::{Billing, Cause, Envelope, ErrorCode, Exchange, ItemIdError, Outcome};

/// In cells: a text without an ID may be anything.
const LONGEST_SUBJECT: usize = 200;

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retry {
    No,
    /// In a moment.
    Later,
    /// After midnight in Beijing, when the quota begins anew.
    Tomorrow,
    /// With another command line.
    Changed,
}

impl Retry {
    /// What holds for an error of this class that is no answer of the vendor.
    fn from_code(code: ExitCode) -> Self {
        match code {
            ExitCode::Usage | ExitCode::Refused => Self::Changed,
            ExitCode::Quota => Self::Tomorrow,
            ExitCode::Network => Self::Later,
            _ => Self::No,
        }
    }

    fn from_not_sent(reason: &NotSent) -> Self {
        match reason {
            NotSent::Guarded(GuardViolation::Cap { cap: 0, .. })
            | NotSent::OverBudget(BudgetViolation::Calls { max_calls: 0 })
            | NotSent::NoneStored
            | NotSent::NoHost
            | NotSent::Offline
            | NotSent::Unconfirmed
            | NotSent::Withheld(_) => Self::Changed,
            NotSent::Guarded(GuardViolation::Cap { .. } | GuardViolation::Reserve { .. }) => Self::Tomorrow,
            // The others last until a call that overrides them is answered.
            NotSent::Guarded(GuardViolation::Blocked(block)) if block.until.is_some() => Self::Tomorrow,
            NotSent::Guarded(GuardViolation::Blocked(_)) => Self::No,
            NotSent::OverBudget(BudgetViolation::Cost(most)) if !most.allows_any() => Self::Changed,
            // The same command has its limit again, and what was bought is in the store.
            NotSent::OverBudget(_) | NotSent::TradeUnderWay | NotSent::InDoubt { .. } => Self::Later,
            NotSent::NoLedger(error) => Self::from_store_error(error),
        }
    }

    fn from_store_error(error: &StoreError) -> Self {
        match error.fault {
            StoreErrorKind::Locked
            | StoreErrorKind::Full
            | StoreErrorKind::Replaced
            | StoreErrorKind::ServerAway => Self::Later,
            _ => Self::No,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Later => "later",
            Self::Tomorrow => "tomorrow",
            Self::Changed => "changed",
        }
    }
}

/// What to do about a call that was not sent; empty if the reason says it.
fn way_on(reason: &NotSent, texts: Texts) -> String {
    match reason {
        NotSent::Guarded(GuardViolation::Blocked(_)) => texts.doctor_send_all_the_same().to_owned(),
        NotSent::Guarded(GuardViolation::Cap { .. }) => texts.hint_limit_of("--cap", "money.cap"),
        NotSent::Guarded(GuardViolation::Reserve { .. }) => texts.hint_limit_of("--reserve", "money.reserve"),
        NotSent::OverBudget(BudgetViolation::Calls { .. }) => texts.hint_limit_of_run("--max-calls"),
        NotSent::OverBudget(BudgetViolation::Cost(_)) => texts.hint_limit_of_run("--max-cost"),
        NotSent::OverBudget(BudgetViolation::Unconfirmed { .. }) => texts.hint_unconfirmed().to_owned(),
        NotSent::Offline => texts.hint_without_offline().to_owned(),
        NotSent::InDoubt { .. } => texts.hint_in_doubt().to_owned(),
        NotSent::NoLedger(error) if error.fault == StoreErrorKind::ServerAway => {
            texts.hint_without_server().to_owned()
        }
        _ => String::new(),
    }
}

/// Why a command, or one of the things it was asked for, failed.
#[derive(Clone, Debug)]
pub(super) struct ErrorReport {
    /// What it was about: an ID, a line of a list.
    subject: Option<String>,
    /// The line of a list.
    line: Option<u64>,
    pub(super) code: ExitCode,
    error_code: Option<String>,
    billed: Billing,
    retry: Retry,
    message: String,
    /// What to do; empty if the message says it.
    pub(super) hint: String,
    request_id: Option<String>,
}

impl ErrorReport {
    /// The error of a stored answer; `None` if it is a success. It was paid before.
    pub(super) fn from_stored(exchange: &Exchange, texts: Texts) -> Option<Self> {
        Some(Self { billed: Billing::Free, ..Self::from_exchange(exchange, texts)? })
    }

    /// The error of an answer, whoever paid it.
    fn from_exchange(exchange: &Exchange, texts: Texts) -> Option<Self> {
        let code = ExitCode::from_exchange(exchange);
        let envelope = exchange.envelope();
        let words = envelope.map(Envelope::words).unwrap_or_default();
        let verdict = verdict(&exchange.summary(), texts);
        let message = match &exchange.outcome {
            Outcome::WrongItem { got } => texts.wrong_item(clean(got), exchange.call.subject()),
            _ if words.is_empty() || verdict.contains(words) => verdict,
            _ => texts.named(verdict, clean(words)),
        };
        (code != ExitCode::Ok).then(|| Self {
            subject: Some(exchange.call.subject().to_string()),
            line: None,
            code,
            error_code: envelope.and_then(|envelope| envelope.error_code.as_ref()).map(ErrorCode::to_string),
            billed: exchange.billing(),
            retry: retry(exchange, code),
            message,
            hint: advice(exchange, &AdviceMeans::from_commands(texts)).into_owned(),
            request_id: envelope.and_then(|envelope| envelope.request_id.clone()),
        })
    }

    /// The error of a fetch; `None` if it succeeded. A stored answer was paid before.
    pub(super) fn from_fetched(fetched: &Fetched, texts: Texts) -> Option<Self> {
        match fetched.source {
            Source::Live => Self::from_exchange(&fetched.exchange, texts),
            Source::Joined | Source::Store => Self::from_stored(&fetched.exchange, texts),
        }
    }

    /// The error of a call that was not sent.
    pub(super) fn from_not_sent(reason: &NotSent, texts: Texts) -> Self {
        let report = Self::new(ExitCode::from_not_sent(reason), reason.describe(texts));
        Self { retry: Retry::from_not_sent(reason), ..report.advising(&way_on(reason, texts)) }
    }

    /// The error that ended a command.
    pub(super) fn from_failure(failure: &CliFailure, texts: Texts) -> Self {
        if let CliFailure::Store(error) = failure {
            return Self::from_store_error(error, texts);
        }
        Self::new(failure.code(), failure.describe(texts)).advising(&failure.hint(texts))
    }

    /// The error of a text without an item's ID.
    pub(super) fn from_input(text: &str, error: &ItemIdError, texts: Texts) -> Self {
        let report = Self::new(ExitCode::Usage, id_error(error, texts));
        if text.trim().is_empty() { report } else { report.about(&fit(text.trim(), LONGEST_SUBJECT)) }
    }

    /// An error that cost nothing, of the whole command.
    pub(super) fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self {
            subject: None,
            line: None,
            code,
            error_code: None,
            billed: Billing::Free,
            retry: Retry::from_code(code),
            message: message.into(),
            hint: String::new(),
            request_id: None,
        }
    }

    /// The same about one of the things that the command was asked for.
    #[must_use]
    pub(super) fn about(self, subject: &(impl ToString + ?Sized)) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// The error of a store that can't be read or written.
    pub(super) fn from_store_error(error: &StoreError, texts: Texts) -> Self {
        let report = Self::new(ExitCode::from_store_error(error), error.describe(texts));
        let hint = if error.fault == StoreErrorKind::ServerAway { texts.hint_server_away() } else { "" };
        Self { retry: Retry::from_store_error(error), ..report.advising(hint) }
    }

    /// The same about a call that was billed like this.
    #[must_use]
    pub(super) fn costing(self, billed: Billing) -> Self {
        Self { billed, ..self }
    }

    /// The same where the same command helps, later.
    #[must_use]
    pub(super) fn for_later(self) -> Self {
        Self { retry: Retry::Later, ..self }
    }

    /// The error of a run whose last answers or rows of the log could not be written.
    pub(super) fn not_stored(error: &StoreError, subjects: &[String], texts: Texts) -> Self {
        let why = error.describe(texts);
        let (message, hint, billed) = match subjects {
            [] => (texts.log_not_stored(why), "", Billing::Free),
            _ if error.fault == StoreErrorKind::ServerAway => (
                texts.paid_and_spooled(subjects.join(" "), error.reason(texts)),
                texts.paid_and_spooled_hint(),
                Billing::Unknown,
            ),
            _ => (
                texts.paid_not_stored(subjects.join(" "), why),
                texts.paid_not_stored_hint(),
                Billing::Unknown,
            ),
        };
        Self { billed, ..Self::new(ExitCode::Internal, message).advising(hint) }
    }

    /// The same for a line of a list.
    #[must_use]
    pub(super) fn on_line(self, number: u64) -> Self {
        Self { line: Some(number), ..self }
    }

    /// The same with another advice; none if it is empty.
    #[must_use]
    pub(super) fn advising(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    /// `610947572000: 2000 no result` and what to do, without a final line break.
    pub(super) fn to_text(&self, texts: Texts) -> String {
        let message = match &self.subject {
            // A line break in it must not look like another message.
            Some(subject) => texts.named(visible(subject), &self.message),
            None => self.message.clone(),
        };
        let message = match self.line {
            Some(number) => texts.named(texts.batch_line(number), message),
            None => message,
        };
        if self.hint.is_empty() { message } else { format!("{message}\n  {}", self.hint) }
    }

    /// The object in `error`.
    pub(super) fn to_json(&self) -> Value {
        let billed = match self.billed {
            Billing::Billed => Value::Bool(true),
            Billing::Free => Value::Bool(false),
            Billing::Unknown => Value::Null,
        };
        let mut error = Map::new();
        let mut put = |name: &str, value: Value| drop(error.insert(name.to_owned(), value));
        put("subject", self.subject.clone().into());
        if let Some(line) = self.line {
            put("line", line.into());
        }
        put("class", self.code.class().into());
        put("exit_code", self.code.number().into());
        put("error_code", self.error_code.clone().into());
        put("billed", billed);
        put("retry", self.retry.as_str().into());
        put("message", self.message.clone().into());
        put("hint", Some(self.hint.clone()).filter(|hint| !hint.is_empty()).into());
        put("request_id", self.request_id.clone().into());
        json!({ "error": error })
    }
}

fn retry(exchange: &Exchange, code: ExitCode) -> Retry {
    let error_code = exchange.envelope().and_then(|envelope| envelope.error_code.as_ref());
    match code {
        ExitCode::Quota if error_code.is_some_and(|code| code.as_str() == "4008") => Retry::Later,
        ExitCode::Quota => Retry::Tomorrow,
        ExitCode::Usage => Retry::Changed,
        ExitCode::Account | ExitCode::Internal => Retry::No,
        // A platform where the account has the API.
        _ if matches!(exchange.outcome, Outcome::Refused(Cause::NotEnabled)) => Retry::No,
        _ => Retry::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use obx_core::fetch::MaxCost;
    use obx_core::i18n::Language;
    use obx_core::store::{Block, BlockReason};

    #[test]
    fn what_ends_with_the_day_is_tried_tomorrow_and_what_the_command_forbids_with_another_one() {
        let block = |until| Block {
            host: "https://api-gw.onebound.cn".to_owned(),
            key: "k".to_owned(),
            reason: BlockReason::Quota,
            since: Some(Timestamp::UNIX_EPOCH),
            until,
        };
        let guarded = NotSent::Guarded;
        let cost = |yuan: &str| {
            let (yuan, price_per_call) = (yuan.parse().unwrap(), "0.02".parse().unwrap());
            NotSent::OverBudget(BudgetViolation::Cost(Box::new(MaxCost { yuan, price_per_call })))
        };
        let store = |fault| StoreError::new(fault, "");
        let not_stored =
            |fault| ErrorReport::not_stored(&store(fault), &["1".to_owned()], Texts::new(Language::En)).hint;
        assert!(not_stored(StoreErrorKind::Full).contains("pay for it again"));
        assert!(not_stored(StoreErrorKind::ServerAway).contains("not paid for again"));
        for (reason, expected) in [
            (guarded(GuardViolation::Cap { cap: 5, used: 5 }), "tomorrow"),
            (guarded(GuardViolation::Cap { cap: 0, used: 0 }), "changed"),
            (guarded(GuardViolation::Reserve { reserve: 9, left: 9 }), "tomorrow"),
            (guarded(GuardViolation::Blocked(block(Some(Timestamp::UNIX_EPOCH)))), "tomorrow"),
            (guarded(GuardViolation::Blocked(block(None))), "no"),
            (NotSent::OverBudget(BudgetViolation::Calls { max_calls: 5 }), "later"),
            (NotSent::OverBudget(BudgetViolation::Calls { max_calls: 0 }), "changed"),
            (NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 5 }), "later"),
            (cost("0.05"), "later"),
            (cost("0.01"), "changed"),
            (NotSent::NoLedger(store(StoreErrorKind::Locked)), "later"),
            (NotSent::NoLedger(store(StoreErrorKind::Corrupt)), "no"),
            (NotSent::Offline, "changed"),
            (NotSent::NoneStored, "changed"),
        ] {
            let report = ErrorReport::from_not_sent(&reason, Texts::new(Language::En));
            assert_eq!(report.to_json()["error"]["retry"], expected, "{reason:?}");
            let has_hint = !matches!(reason, NotSent::NoLedger(_) | NotSent::NoneStored);
            assert_eq!(report.to_json()["error"]["hint"].is_string(), has_hint, "{reason:?}");
        }
    }
}
