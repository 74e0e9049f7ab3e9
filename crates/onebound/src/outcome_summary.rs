//! The summary of an exchange for a log.

use serde::{Deserialize, Serialize};

use super::envelope::Envelope;
use super::error_code::{Cause, ErrorCode};
use super::exchange::{Exchange, Outcome, RequestStage};

/// The result of an exchange, without its body: one entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeSummary {
    /// The result of the call.
    pub outcome: Outcome,
    /// How far the request got.
    #[serde(rename = "reach")]
    pub stage: RequestStage,
    /// The HTTP status.
    pub status: Option<u16>,
    /// `error_code`
    pub code: Option<ErrorCode>,
    /// The cause that the vendor's texts give beyond the code.
    pub cause: Cause,
    /// The vendor's own words, cut to 200 characters.
    pub words: String,
}

/// Longest text of the vendor in an [`OutcomeSummary`], in characters.
const MAX_WORDS: usize = 200;

impl OutcomeSummary {
    /// The summary of a call that was about to be sent when the program ended.
    pub fn interrupted() -> Self {
        Self {
            outcome: Outcome::Interrupted,
            stage: RequestStage::Sent,
            status: None,
            code: None,
            cause: Cause::AsCoded,
            words: String::new(),
        }
    }

    /// Whether the host failed, as far as HTTP knows: no whole answer, or a status other than 200. The vendor's
    /// own client then asks its other host; never after an `error_code`.
    pub fn is_of_failed_host(&self) -> bool {
        let failed = matches!(self.outcome, Outcome::Failed(_));
        failed || self.status.is_some_and(|status| status != 200)
    }
}

impl Exchange {
    /// The summary for a log.
    pub fn summary(&self) -> OutcomeSummary {
        let envelope = self.envelope();
        OutcomeSummary {
            outcome: self.outcome.clone(),
            stage: self.stage,
            status: self.status,
            code: envelope.and_then(|envelope| envelope.error_code.clone()),
            cause: envelope.map_or(Cause::AsCoded, Envelope::cause),
            words: envelope.map(Envelope::words).unwrap_or_default().chars().take(MAX_WORDS).collect(),
        }
    }
}
