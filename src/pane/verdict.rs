//! The outcome of a call in a few words, for the log's column and for panes that have nothing else to show.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::ui::measure;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use obx_core::i18n::{Language, Texts};
use onebound::{Cause, ErrorCode, Failure, Malformed, Outcome, OutcomeSummary, RequestStage};

/// Describes an outcome in a few words: `0000 success`, `4013 已超量`, `HTML page 403`, `no connection`.
pub fn verdict(summary: &OutcomeSummary, texts: Texts) -> String {
    match &summary.outcome {
        Outcome::WrongItem { .. } => texts.wrong_item_short().to_owned(),
        Outcome::Item | Outcome::Success | Outcome::NoResult | Outcome::Refused(_) => coded(summary, texts),
        Outcome::NotUnderstood(malformed) => with_status(summary, not_understood(malformed, texts)),
        Outcome::Failed(failure) => failed_text(failure, texts),
        Outcome::Cancelled if summary.stage == RequestStage::NothingSent => {
            texts.cancelled_unsent().to_owned()
        }
        Outcome::Cancelled => texts.cancelled_sent().to_owned(),
        Outcome::Interrupted => texts.interrupted().to_owned(),
    }
}

/// Returns the style of an outcome, the same in every pane.
pub fn outcome_style(outcome: &Outcome) -> Style {
    match outcome {
        Outcome::Item | Outcome::Success => Theme.good(),
        Outcome::NoResult | Outcome::Cancelled => Theme.warn(),
        Outcome::WrongItem { .. }
        | Outcome::Refused(_)
        | Outcome::NotUnderstood(_)
        | Outcome::Failed(_)
        | Outcome::Interrupted => Theme.bad(),
    }
}

/// Returns the code and what it means. If the vendor's text contradicts the code, the text wins.
fn coded(summary: &OutcomeSummary, texts: Texts) -> String {
    let code = summary.code.as_ref();
    let meaning = code.and_then(ErrorCode::meaning);
    let message = match (summary.cause, meaning) {
        _ if matches!(summary.outcome, Outcome::NoResult) && code.is_some_and(ErrorCode::is_success) => {
            texts.empty_success().to_owned()
        }
        (Cause::QuotaUsedUp, _) => texts.cause_quota().to_owned(),
        (Cause::NotEnabled, _) => texts.cause_not_enabled().to_owned(),
        (Cause::KeyExpired, _) => texts.cause_expired().to_owned(),
        (Cause::AsCoded, Some(meaning)) if meaning.code == "0000" => texts.code_success().to_owned(),
        (Cause::AsCoded, Some(meaning)) if meaning.code == "2000" => texts.code_no_result().to_owned(),
        (Cause::AsCoded, Some(meaning)) => by_language(texts, meaning.en, meaning.zh).to_owned(),
        (Cause::AsCoded, None) => clean(&summary.words).into_owned(),
    };
    if code.is_none() && message.is_empty() {
        return texts.code_absent().to_owned();
    }
    let code = code.map_or("—", ErrorCode::as_str);
    format!("{} {message}", clean(code)).trim_end().to_owned()
}

fn by_language<'a>(texts: Texts, en: &'a str, zh: &'a str) -> &'a str {
    match texts.language() {
        Language::En => en,
        Language::Zh => zh,
    }
}

fn with_status(summary: &OutcomeSummary, message: String) -> String {
    match summary.status {
        None | Some(200) => message,
        Some(status) => format!("HTTP {status} {message}"),
    }
}

fn not_understood(malformed: &Malformed, texts: Texts) -> String {
    match malformed {
        Malformed::Empty => texts.body_empty().to_owned(),
        Malformed::NotRecorded { size, reason } => not_recorded(*size, reason, texts),
        Malformed::Cut(received) => texts.body_cut(measure::bytes(*received)),
        Malformed::BrokenGzip(at) => texts.body_broken_gzip(at),
        Malformed::SlowUnpacking(at) => texts.body_slow_unpacking(at),
        Malformed::TooManyMembers(at) => texts.body_too_many_members(at),
        Malformed::Html(title) if title.is_empty() => texts.body_html().to_owned(),
        Malformed::Html(title) => format!("{} {}", texts.body_html(), texts.quoted(clean(title))),
        Malformed::Redirect(target) => texts.body_redirect(clean(target)),
        Malformed::Encoding => texts.body_encoding().to_owned(),
        Malformed::NotJson(at) => texts.body_not_json(at),
        Malformed::TooDeep(at) => texts.body_too_deep(at),
        Malformed::NotOfType(asked, at) => texts.body_not_of_type(asked, at),
        Malformed::NoEnvelope => texts.body_no_envelope().to_owned(),
    }
}

/// Describes why there is no answer, or no whole one.
pub fn failed_text(failure: &Failure, texts: Texts) -> String {
    match failure {
        Failure::Setup(detail) => texts.failed_setup(clean(detail)),
        Failure::Connect(detail) => {
            texts.failed_connect(certificate_trouble(detail, texts).unwrap_or_else(|| clean(detail)))
        }
        Failure::ConnectTimeout(limit) => texts.failed_connect_timeout(limit.as_secs()),
        Failure::Timeout(limit) => texts.failed_timeout(limit.as_secs()),
        Failure::Closed => texts.failed_closed().to_owned(),
        Failure::TooLarge(limit) => texts.failed_too_large(measure::bytes(*limit)),
        Failure::NotRecorded(reason) if reason.is_empty() => texts.answer_not_recorded().to_owned(),
        Failure::NotRecorded(reason) => texts.named(texts.answer_not_recorded(), clean(reason)),
        Failure::Http(detail) => texts.failed_http(clean(detail)),
    }
}

/// Says what is wrong with a host's certificate, by the beginning of the TLS library's message; `None` for other
/// errors.
pub(super) fn certificate_trouble(detail: &str, texts: Texts) -> Option<Cow<'_, str>> {
    let why = detail.strip_prefix("invalid peer certificate: ")?;
    let known = [
        ("UnknownIssuer", texts.certificate_unknown_issuer()),
        ("certificate expired", texts.certificate_expired()),
        ("Expired", texts.certificate_expired()),
        ("certificate not valid yet", texts.certificate_not_yet()),
        ("NotValidYet", texts.certificate_not_yet()),
        ("certificate not valid for name", texts.certificate_wrong_name()),
        ("NotValidForName", texts.certificate_wrong_name()),
        ("Revoked", texts.certificate_revoked()),
        ("BadSignature", texts.certificate_unsound()),
        ("BadEncoding", texts.certificate_unsound()),
    ];
    let message = known.into_iter().find(|(begins, _)| why.starts_with(begins)).map(|(_, message)| message);
    // `Other(OtherError(CaUsedAsEndEntity))`: a self-signed certificate.
    let self_made = why.contains("CaUsedAsEndEntity").then(|| texts.certificate_unknown_issuer());
    Some(message.or(self_made).map_or_else(|| clean(why), Cow::Borrowed))
}

fn not_recorded(size: Option<u64>, reason: &str, texts: Texts) -> String {
    let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    let message = match size {
        Some(size) => texts.body_of_size_not_recorded(measure::bytes(size)),
        None => texts.body_not_recorded().to_owned(),
    };
    if reason.is_empty() { message } else { texts.named(message, clean(reason)) }
}
