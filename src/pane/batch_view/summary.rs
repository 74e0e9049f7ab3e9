//! The texts above the lines of a batch: the plan with its price, the progress, or the end.

use ratatui::text::{Line, Span};

use crate::message::{Action, KeyScope, LeftOut};
use crate::model::Model;
use crate::model::batch::BatchStage;
use crate::ui::measure::{clock, gauge};
use crate::ui::text::{clean, wrap};
use crate::ui::theme::Theme;
use obx_core::batch::StopReason;
use obx_core::i18n::Describe;

/// Width of the progress bar, in cells.
const BAR: usize = 20;

/// The stage in the frame: `planned`, `12 of 40`, `paused`.
pub(super) fn stage_word(model: &Model) -> String {
    let (batch, texts) = (&model.batch, model.texts);
    let progress = || texts.batch_progress(batch.progress.summary.lines(), batch.count());
    let with_word = |word: &str| format!("{} · {word}", progress());
    match &batch.stage {
        BatchStage::None | BatchStage::Planning | BatchStage::NotPlanned(_) | BatchStage::Planned => {
            String::new()
        }
        BatchStage::Running { is_stopping: true, .. } => with_word(texts.batch_stopping()),
        BatchStage::Running { is_paused: true, .. } => with_word(texts.batch_paused()),
        BatchStage::Running { .. } => progress(),
        BatchStage::Ended { .. } => with_word(model.batch_end_word()),
    }
}

/// The lines above the rows, wrapped to this width.
pub(super) fn head_lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let paragraphs: Vec<(String, ratatui::style::Style)> = match &model.batch.stage {
        BatchStage::None => Vec::new(),
        BatchStage::Planning => vec![(texts.batch_planning().to_owned(), theme.dim())],
        BatchStage::NotPlanned(error) => {
            vec![(texts.batch_not_planned(clean(&error.describe(texts))), theme.bad())]
        }
        BatchStage::Planned => plan_texts(model),
        BatchStage::Running { .. } => return running_lines(model, width),
        BatchStage::Ended { .. } => end_texts(model),
    };
    let wrapped = paragraphs.into_iter().flat_map(|(text, style)| {
        let lines: Vec<_> =
            wrap(&text, width).into_iter().map(|line| Line::styled(format!(" {line}"), style)).collect();
        lines
    });
    wrapped.collect()
}

fn plan_texts(model: &Model) -> Vec<(String, ratatui::style::Style)> {
    let (batch, texts, theme) = (&model.batch, model.texts, Theme);
    let LeftOut { invalid, duplicates } = batch.left_out;
    let counted = |count: usize, text: String| (count > 0).then_some(text);
    let left_out = [
        counted(invalid, texts.batch_invalid_count(invalid)),
        counted(duplicates, texts.batch_duplicate_count(duplicates)),
    ];
    if batch.count() == 0 {
        let parts = [Some(texts.batch_no_lines().to_owned())].into_iter().chain(left_out).flatten();
        return vec![(join(parts), theme.bad())];
    }
    let plan = texts.batch_plan(batch.count(), batch.plan.stored, batch.plan.to_buy);
    let mut lines = vec![(join([Some(plan)].into_iter().chain(left_out).flatten()), theme.strong())];
    lines.push((price_text(model), if batch.plan.over_quota() > 0 { theme.warn() } else { theme.text() }));
    if !batch.plan.in_doubt.is_empty() {
        let key = model.keymap.named(KeyScope::Batch, Action::RetryUnknown, texts);
        let count = batch.plan.in_doubt.len();
        let text = if batch.retries_unknown {
            texts.batch_doubt_bought(count, key)
        } else {
            texts.batch_doubt_left(count, key)
        };
        lines.push((text, theme.warn()));
    }
    lines
}

/// `¥0.56 at most · about 0:42 · 93 calls left today`
fn price_text(model: &Model) -> String {
    let (plan, texts) = (&model.batch.plan, model.texts);
    if plan.to_buy == 0 {
        return texts.batch_nothing_to_buy().to_owned();
    }
    if model.session.offline {
        return texts.batch_plan_offline().to_owned();
    }
    let cost = match plan.cost {
        Some(_) => texts.batch_at_most(model.batch_cost()),
        None => texts.batch_price_unset().to_owned(),
    };
    let quota = plan.quota_left.map(|left| texts.batch_plan_quota(left));
    let over = Some(plan.over_quota()).filter(|over| *over > 0).map(|over| texts.batch_plan_over(over));
    let parts = [
        Some(cost),
        plan.time.map(|time| texts.batch_plan_time(clock(time))),
        Some(quota.unwrap_or_else(|| texts.batch_quota_unknown().to_owned())),
        over,
    ];
    join(parts.into_iter().flatten())
}

fn running_lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (batch, texts, theme) = (&model.batch, model.texts, Theme);
    let progress = &batch.progress;
    let bar = gauge(progress.summary.lines(), batch.count(), BAR);
    let parts = [
        Some(texts.batch_progress(progress.summary.lines(), batch.count())),
        progress.rate().map(|rate| texts.batch_progress_rate(format_args!("{rate:.1}"))),
        time_left(model).map(|time| texts.batch_progress_left(clock(time))),
        progress.at_once.map(|count| texts.batch_at_once(count)),
        Some(progress.under_way).filter(|count| *count > 0).map(|count| texts.batch_asking(count)),
    ];
    let text = join(parts.into_iter().flatten());
    let mut first =
        Line::from(vec![Span::raw(" ▕"), Span::styled(bar, theme.good()), Span::raw(format!("▏ {text}"))]);
    crate::ui::fit_line(&mut first, width + 1);
    let counts = join(counts(model));
    let counts = wrap(&counts, width);
    [first].into_iter().chain(counts.into_iter().map(|line| Line::raw(format!(" {line}")))).collect()
}

fn time_left(model: &Model) -> Option<std::time::Duration> {
    let batch = &model.batch;
    batch.progress.time_left(batch.plan.to_buy)
}

/// `10 billed · 12 from the store · 1 failed`
fn counts(model: &Model) -> Vec<String> {
    let (summary, texts) = (&model.batch.progress.summary, model.texts);
    let counted = |count: u64, text: String| (count > 0).then_some(text);
    let parts = [
        Some(texts.money_billed(summary.billed)),
        counted(summary.stored, texts.batch_from_store(summary.stored)),
        counted(summary.free, texts.batch_free(summary.free)),
        counted(summary.unknown, texts.batch_unknown(summary.unknown)),
        counted(summary.failed, texts.batch_failed(summary.failed)),
    ];
    parts.into_iter().flatten().collect()
}

fn end_texts(model: &Model) -> Vec<(String, ratatui::style::Style)> {
    let (batch, texts, theme) = (&model.batch, model.texts, Theme);
    let BatchStage::Ended { reason, left } = &batch.stage else { return Vec::new() };
    let progress = &batch.progress;
    let counted = |count: u64, text: String| (count > 0).then_some(text);
    let results = [
        Some(texts.batch_items(progress.summary.items)),
        counted(progress.summary.no_results, texts.batch_no_results(progress.summary.no_results)),
        // How many are left after an internal error is not known, and said by its text.
        counted(*left, texts.batch_left(*left)),
    ];
    let mut lines = Vec::new();
    lines.extend(stopped_text(reason, model).map(|text| (text, theme.warn())));
    lines.push((join(results.into_iter().flatten().chain(counts(model))), theme.strong()));
    let codes: Vec<String> = progress
        .summary
        .codes
        .iter()
        .map(|(code, count)| clean(&format!("{code} {count}")).into_owned())
        .collect();
    if !codes.is_empty() {
        lines.push((texts.batch_codes(join(codes)), theme.text()));
    }
    lines
}

/// Why it did not come to its end; `None` if it did, or if the user stopped it.
fn stopped_text(reason: &StopReason, model: &Model) -> Option<String> {
    let texts = model.texts;
    match reason {
        StopReason::Done | StopReason::Asked | StopReason::TimeIsUp => None,
        StopReason::Refused(refusal) => Some(model.not_sent_text(refusal)),
        StopReason::Store(error) => Some(error.describe(texts)),
        StopReason::Broken => Some(texts.batch_broken().to_owned()),
    }
}

fn join(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(" · ")
}
