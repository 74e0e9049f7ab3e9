//! What an outcome means: who must act, and what to do.

use std::borrow::Cow;

use super::verdict::certificate_trouble;
use crate::message::{Action, PaneId};
use crate::model::Model;
use obx_core::i18n::Texts;
use onebound::{Cause, CodeMeaning, Exchange, Failure, Malformed, Outcome, RequestStage, Responsible};

fn response_key(model: &Model) -> String {
    model.key(Action::Focus(PaneId::Response))
}

/// Says what to do after this exchange.
pub(super) fn advice(exchange: &Exchange, model: &Model) -> Cow<'static, str> {
    let texts = model.texts;
    match &exchange.outcome {
        Outcome::WrongItem { .. } => texts.advice_wrong_item(model.key(Action::Refetch)).into(),
        Outcome::Success => texts.advice_success(model.key(Action::Refetch), response_key(model)).into(),
        Outcome::Item | Outcome::NoResult | Outcome::Refused(Cause::AsCoded) => {
            advice_for_code(exchange, model)
        }
        Outcome::Refused(Cause::QuotaUsedUp) => texts.advice_quota().into(),
        Outcome::Refused(Cause::NotEnabled) => texts.advice_not_enabled().into(),
        Outcome::Refused(Cause::KeyExpired) => texts.advice_expired().into(),
        Outcome::NotUnderstood(malformed) => advice_for_body(malformed, model),
        Outcome::Failed(failure) => advice_for_failure(failure, texts),
        Outcome::Cancelled if exchange.stage == RequestStage::NothingSent => {
            texts.advice_cancelled_unsent().into()
        }
        Outcome::Cancelled => texts.advice_cancelled_sent().into(),
        Outcome::Interrupted => texts.advice_interrupted().into(),
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

fn advice_for_code(exchange: &Exchange, model: &Model) -> Cow<'static, str> {
    let texts = model.texts;
    let refetch = || model.key(Action::Refetch);
    // Success without an item is a "not found" under another code.
    let code = match exchange.outcome {
        Outcome::NoResult => "2000",
        _ => meaning(exchange).map_or("", |meaning| meaning.code),
    };
    match code {
        "0000" => texts.advice_0000(model.key(Action::Submit)).into(),
        "2000" => texts.advice_2000(refetch()).into(),
        "4000" => texts.advice_4000(refetch()).into(),
        "4001" => texts.advice_4001(refetch()).into(),
        "4002" => texts.advice_4002(refetch()).into(),
        "4003" => texts.advice_4003().into(),
        "4004" => texts.advice_4004().into(),
        "4005" => texts.advice_4005().into(),
        "4006" => texts.advice_4006().into(),
        "4007" => texts.advice_4007().into(),
        "4008" => texts.advice_4008(refetch()).into(),
        "4009" => texts.advice_4009(refetch()).into(),
        "4010" => texts.advice_4010().into(),
        "4012" => texts.advice_4012().into(),
        "4013" => texts.advice_4013().into(),
        "4014" => texts.advice_4014().into(),
        "4015" => texts.advice_4015().into(),
        "4016" => texts.advice_4016().into(),
        "4017" => texts.advice_4017(refetch()).into(),
        "5000" => texts.advice_5000(refetch()).into(),
        _ => texts.advice_unknown_code().into(),
    }
}

fn advice_for_body(malformed: &Malformed, model: &Model) -> Cow<'static, str> {
    let texts = model.texts;
    let (refetch, response) = (|| model.key(Action::Refetch), || response_key(model));
    match malformed {
        Malformed::Html(_) => texts.advice_html(refetch(), response()).into(),
        Malformed::Empty => texts.advice_empty(refetch()).into(),
        Malformed::NotRecorded { .. } => texts.advice_body_not_recorded().into(),
        Malformed::Cut(_) | Malformed::BrokenGzip(_) => texts.advice_cut(refetch(), response()).into(),
        Malformed::SlowUnpacking(_) => texts.advice_slow_unpacking(refetch()).into(),
        Malformed::TooManyMembers(_) => texts.advice_too_many_members(refetch()).into(),
        Malformed::Redirect(_) => texts.advice_redirect().into(),
        Malformed::Encoding
        | Malformed::NotJson(_)
        | Malformed::TooDeep(_)
        | Malformed::NotOfType(..)
        | Malformed::NoEnvelope => texts.advice_garbled(response()).into(),
    }
}

fn advice_for_failure(failure: &Failure, texts: Texts) -> Cow<'static, str> {
    match failure {
        Failure::Setup(_) => texts.advice_setup().into(),
        Failure::Connect(detail) if certificate_trouble(detail, texts).is_some() => {
            texts.advice_certificate().into()
        }
        Failure::Connect(_) | Failure::ConnectTimeout(_) => texts.advice_connect().into(),
        Failure::Timeout(_) => texts.advice_timeout().into(),
        Failure::Closed | Failure::Http(_) => texts.advice_closed().into(),
        Failure::TooLarge(_) => texts.advice_too_large().into(),
        Failure::NotRecorded(_) => texts.advice_answer_not_recorded().into(),
    }
}
