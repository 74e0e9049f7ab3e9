//! What an outcome means: who must act, and what to do.

use super::verdict::certificate_trouble;
use obx_core::i18n::Texts;
use onebound::{Cause, CodeMeaning, Exchange, Failure, Malformed, Outcome, RequestStage, Responsible};

/// Says what to do after this exchange.
pub(super) fn advice(exchange: &Exchange, texts: Texts) -> &'static str {
    match &exchange.outcome {
        Outcome::WrongItem { .. } => texts.advice_wrong_item(),
        Outcome::Success => texts.advice_success(),
        Outcome::Item | Outcome::NoResult | Outcome::Refused(Cause::AsCoded) => {
            advice_for_code(exchange, texts)
        }
        Outcome::Refused(Cause::QuotaUsedUp) => texts.advice_quota(),
        Outcome::Refused(Cause::NotEnabled) => texts.advice_not_enabled(),
        Outcome::Refused(Cause::KeyExpired) => texts.advice_expired(),
        Outcome::NotUnderstood(malformed) => advice_for_body(malformed, texts),
        Outcome::Failed(failure) => advice_for_failure(failure, texts),
        Outcome::Cancelled if exchange.stage == RequestStage::NothingSent => texts.advice_cancelled_unsent(),
        Outcome::Cancelled => texts.advice_cancelled_sent(),
        Outcome::Interrupted => texts.advice_interrupted(),
    }
}

/// Says who must act.
pub(super) fn side(exchange: &Exchange, texts: Texts) -> &'static str {
    match (&exchange.outcome, meaning(exchange)) {
        (Outcome::Cancelled, _) => texts.side_call(),
        (Outcome::Interrupted, _) => texts.side_machine(),
        (
            Outcome::Failed(Failure::NotRecorded(_)) | Outcome::NotUnderstood(Malformed::NotRecorded { .. }),
            _,
        ) => texts.side_not_recorded(),
        (Outcome::NotUnderstood(Malformed::Empty), _) if exchange.is_body_only() => texts.side_not_recorded(),
        (Outcome::Failed(_), _) => texts.side_network(),
        (Outcome::NotUnderstood(_) | Outcome::WrongItem { .. }, _) => texts.side_vendor(),
        (Outcome::Refused(Cause::QuotaUsedUp | Cause::NotEnabled | Cause::KeyExpired), _) => {
            texts.side_account()
        }
        (_, Some(meaning)) => match meaning.responsible {
            Responsible::Nobody if matches!(exchange.outcome, Outcome::Item | Outcome::Success) => {
                texts.side_nobody()
            }
            Responsible::Call => texts.side_call(),
            Responsible::Account => texts.side_account(),
            Responsible::Nobody | Responsible::Vendor => texts.side_vendor(),
        },
        (_, None) => texts.side_vendor(),
    }
}

/// Returns the code's row in the vendor's table.
pub(super) fn meaning(exchange: &Exchange) -> Option<&'static CodeMeaning> {
    exchange.envelope()?.error_code.as_ref()?.meaning()
}

fn advice_for_code(exchange: &Exchange, texts: Texts) -> &'static str {
    // Success without an item is a "not found" under another code.
    let code = match exchange.outcome {
        Outcome::NoResult => "2000",
        _ => meaning(exchange).map_or("", |meaning| meaning.code),
    };
    match code {
        "0000" => texts.advice_0000(),
        "2000" => texts.advice_2000(),
        "4000" => texts.advice_4000(),
        "4001" => texts.advice_4001(),
        "4002" => texts.advice_4002(),
        "4003" => texts.advice_4003(),
        "4004" => texts.advice_4004(),
        "4005" => texts.advice_4005(),
        "4006" => texts.advice_4006(),
        "4007" => texts.advice_4007(),
        "4008" => texts.advice_4008(),
        "4009" => texts.advice_4009(),
        "4010" => texts.advice_4010(),
        "4012" => texts.advice_4012(),
        "4013" => texts.advice_4013(),
        "4014" => texts.advice_4014(),
        "4015" => texts.advice_4015(),
        "4016" => texts.advice_4016(),
        "4017" => texts.advice_4017(),
        "5000" => texts.advice_5000(),
        _ => texts.advice_unknown_code(),
    }
}

fn advice_for_body(malformed: &Malformed, texts: Texts) -> &'static str {
    match malformed {
        Malformed::Html(_) => texts.advice_html(),
        Malformed::Empty => texts.advice_empty(),
        Malformed::NotRecorded { .. } => texts.advice_body_not_recorded(),
        Malformed::Cut(_) | Malformed::BrokenGzip(_) => texts.advice_cut(),
        Malformed::SlowUnpacking(_) => texts.advice_slow_unpacking(),
        Malformed::TooManyMembers(_) => texts.advice_too_many_members(),
        Malformed::Redirect(_) => texts.advice_redirect(),
        Malformed::Encoding
        | Malformed::NotJson(_)
        | Malformed::TooDeep(_)
        | Malformed::NotOfType(..)
        | Malformed::NoEnvelope => texts.advice_garbled(),
    }
}

fn advice_for_failure(failure: &Failure, texts: Texts) -> &'static str {
    match failure {
        Failure::Setup(_) => texts.advice_setup(),
        Failure::Connect(detail) if certificate_trouble(detail, texts).is_some() => {
            texts.advice_certificate()
        }
        Failure::Connect(_) | Failure::ConnectTimeout(_) => texts.advice_connect(),
        Failure::Timeout(_) => texts.advice_timeout(),
        Failure::Closed | Failure::Http(_) => texts.advice_closed(),
        Failure::TooLarge(_) => texts.advice_too_large(),
        Failure::NotRecorded(_) => texts.advice_answer_not_recorded(),
    }
}
