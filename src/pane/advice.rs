//! What an outcome means: who must act, and what to do.

use std::borrow::Cow;

use super::verdict::certificate_trouble;
use crate::message::{Action, PaneId};
use crate::model::Model;
use obx_core::i18n::Texts;
use onebound::{
    Call, Cause, CodeMeaning, Exchange, Failure, ITEM_SEARCH_SHOP, Malformed, Outcome, RequestStage,
    Responsible,
};

/// How to do what an advice advises: by keys in the explorer, by commands in a shell.
#[derive(Clone, Debug)]
pub struct AdviceMeans {
    pub texts: Texts,
    /// Submits the ID.
    pub submit: String,
    pub refetch: String,
    /// Shows the answer as it came.
    pub response: String,
}

impl AdviceMeans {
    /// The keys that are bound.
    pub fn from_keys(model: &Model) -> Self {
        let texts = model.texts;
        let press = |action| texts.press_key(model.key(action));
        Self {
            texts,
            submit: press(Action::Submit),
            refetch: press(Action::Refetch),
            response: press(Action::Focus(PaneId::Response)),
        }
    }

    /// The commands.
    pub fn from_commands(texts: Texts) -> Self {
        let [submit, refetch, response] =
            ["`obx get`", "`obx get --fresh`", "`obx show --raw`"].map(|command| texts.run_command(command));
        Self { texts, submit, refetch, response }
    }
}

/// Says what to do after this exchange.
pub fn advice(exchange: &Exchange, means: &AdviceMeans) -> Cow<'static, str> {
    let texts = means.texts;
    match &exchange.outcome {
        Outcome::WrongItem { .. } => texts.advice_wrong_item(&means.refetch).into(),
        Outcome::Success => texts.advice_success(&means.refetch, &means.response).into(),
        // Of a search, which names no item.
        Outcome::NoResult if exchange.call.num_iid().is_none() => {
            advice_for_search(&exchange.call, texts).into()
        }
        Outcome::Item | Outcome::NoResult | Outcome::Refused(Cause::AsCoded) => {
            advice_for_code(exchange, means)
        }
        Outcome::Refused(Cause::QuotaUsedUp) => texts.advice_quota().into(),
        Outcome::Refused(Cause::NotEnabled) => texts.advice_not_enabled().into(),
        Outcome::Refused(Cause::KeyExpired) => texts.advice_expired().into(),
        Outcome::NotUnderstood(malformed) => advice_for_body(malformed, means),
        Outcome::Failed(failure) => advice_for_failure(failure, texts),
        Outcome::Cancelled if exchange.stage == RequestStage::NothingSent => {
            texts.advice_cancelled_unsent().into()
        }
        Outcome::Cancelled => texts.advice_cancelled_sent().into(),
        Outcome::Interrupted => texts.advice_interrupted().into(),
    }
}

/// Says what to look at where a search finds nothing.
fn advice_for_search(call: &Call, texts: Texts) -> &'static str {
    let is_later_page = call
        .parameters()
        .iter()
        .any(|(name, page)| *name == "page" && page.parse::<u32>().is_ok_and(|page| page > 1));
    match call.api_name() {
        _ if is_later_page => texts.advice_nothing_on_page(),
        ITEM_SEARCH_SHOP => texts.advice_nothing_of_shop(),
        _ => texts.advice_nothing_found(),
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

/// Says who must act after a code of the vendor's table.
pub fn side_of(responsible: Responsible, texts: Texts) -> &'static str {
    match responsible {
        Responsible::Nobody => texts.side_nobody(),
        Responsible::Call => texts.side_call(),
        Responsible::Account => texts.side_account(),
        Responsible::Vendor => texts.side_vendor(),
    }
}

/// Returns the code's row in the vendor's table.
pub(super) fn meaning(exchange: &Exchange) -> Option<&'static CodeMeaning> {
    exchange.envelope()?.error_code.as_ref()?.meaning()
}

fn advice_for_code(exchange: &Exchange, means: &AdviceMeans) -> Cow<'static, str> {
    // Success without an item is a "not found" under another code.
    let code = match exchange.outcome {
        Outcome::NoResult => "2000",
        _ => meaning(exchange).map_or("", |meaning| meaning.code),
    };
    for_code(code, means)
}

/// Says what to do after this code of the vendor's table.
pub fn for_code(code: &str, means: &AdviceMeans) -> Cow<'static, str> {
    let AdviceMeans { texts, submit, refetch, .. } = means;
    match code {
        "0000" => texts.advice_0000(submit).into(),
        "2000" => texts.advice_2000(refetch).into(),
        "4000" => texts.advice_4000(refetch).into(),
        "4001" => texts.advice_4001(refetch).into(),
        "4002" => texts.advice_4002(refetch).into(),
        "4003" => texts.advice_4003().into(),
        "4004" => texts.advice_4004().into(),
        "4005" => texts.advice_4005().into(),
        "4006" => texts.advice_4006().into(),
        "4007" => texts.advice_4007().into(),
        "4008" => texts.advice_4008(refetch).into(),
        "4009" => texts.advice_4009(refetch).into(),
        "4010" => texts.advice_4010().into(),
        "4012" => texts.advice_4012().into(),
        "4013" => texts.advice_4013().into(),
        "4014" => texts.advice_4014().into(),
        "4015" => texts.advice_4015().into(),
        "4016" => texts.advice_4016().into(),
        "4017" => texts.advice_4017(refetch).into(),
        "5000" => texts.advice_5000(refetch).into(),
        _ => texts.advice_unknown_code().into(),
    }
}

fn advice_for_body(malformed: &Malformed, means: &AdviceMeans) -> Cow<'static, str> {
    let AdviceMeans { texts, refetch, response, .. } = means;
    match malformed {
        Malformed::Html(_) => texts.advice_html(refetch, response).into(),
        Malformed::Empty => texts.advice_empty(refetch).into(),
        Malformed::NotRecorded { .. } => texts.advice_body_not_recorded().into(),
        Malformed::Cut(_) | Malformed::BrokenGzip(_) => texts.advice_cut(refetch, response).into(),
        Malformed::SlowUnpacking(_) => texts.advice_slow_unpacking(refetch).into(),
        Malformed::TooManyMembers(_) => texts.advice_too_many_members(refetch).into(),
        Malformed::Redirect(_) => texts.advice_redirect().into(),
        Malformed::Encoding
        | Malformed::NotJson(_)
        | Malformed::TooDeep(_)
        | Malformed::NotOfType(..)
        | Malformed::NoEnvelope => texts.advice_garbled(response).into(),
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
