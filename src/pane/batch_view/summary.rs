//! The texts above the lines of a batch: the plan with its price, the progress, or the end.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::message::{Action, BatchListError, BatchPart, KeyScope, LeftOut};
use crate::model::Model;
use crate::model::batch::{BatchLimit, BatchStage};
use crate::ui::measure::{clock, gauge};
use crate::ui::text::{clean, width, wrap};
use crate::ui::theme::Theme;
use obx_core::batch::StopReason;
use obx_core::fetch::{BudgetViolation, NotSent};
use obx_core::i18n::Describe;
use obx_core::store::GuardViolation;
use onebound::ErrorCode;

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

/// A paragraph above the rows: parts that are joined on lines, and never broken if they fit one.
struct Paragraph {
    parts: Vec<String>,
    style: Style,
}

impl Paragraph {
    fn new(parts: impl IntoIterator<Item = String>, style: Style) -> Self {
        Self { parts: parts.into_iter().collect(), style }
    }

    fn plain(text: impl Into<String>, style: Style) -> Self {
        Self::new([text.into()], style)
    }
}

/// The lines above the rows, wrapped to this width.
pub(super) fn head_lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let paragraphs: Vec<Paragraph> = match &model.batch.stage {
        BatchStage::None => Vec::new(),
        BatchStage::Planning => vec![Paragraph::plain(texts.batch_planning(), theme.dim())],
        BatchStage::NotPlanned(error) => vec![Paragraph::plain(not_planned_text(error, model), theme.bad())],
        BatchStage::Planned => plan_paragraphs(model),
        BatchStage::Running { .. } => return running_lines(model, width),
        BatchStage::Ended { .. } => end_paragraphs(model),
    };
    let styled = paragraphs.into_iter().flat_map(|Paragraph { parts, style }| {
        let lines = joined(parts, width, width);
        lines.into_iter().map(move |line| Line::styled(format!(" {line}"), style))
    });
    styled.collect()
}

fn not_planned_text(error: &BatchListError, model: &Model) -> String {
    let (texts, why) = (model.texts, error.describe(model.texts));
    let why = model.batch.unread_path().map_or_else(|| why.clone(), |path| texts.named(path, &why));
    texts.batch_not_planned(clean(&why))
}

/// Why the file whose path was typed can't be read, wrapped to this width; empty if none was.
pub(super) fn unread_lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (BatchStage::NotPlanned(error), Some(_)) = (&model.batch.stage, model.batch.unread_path()) else {
        return Vec::new();
    };
    let text = not_planned_text(error, model);
    let lines = wrap(&text, width.saturating_sub(1)).into_iter();
    lines.map(|line| Line::styled(format!(" {line}"), Theme.bad())).collect()
}

/// The parts on lines of so many cells, of which the first has less room. A line ends between two parts, unless a part is
/// wider than a line.
fn joined(parts: impl IntoIterator<Item = String>, first: usize, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in parts {
        let room = if lines.len() == 1 { first } else { cells };
        let Some(last) = lines.last_mut() else { break };
        let longer = if last.is_empty() { part.clone() } else { format!("{last} · {part}") };
        if width(&longer) <= room {
            *last = longer;
            continue;
        }
        if last.is_empty() && lines.len() > 1 {
            lines.pop();
        }
        lines.extend(wrap(&part, cells).into_iter().map(str::to_owned));
    }
    if lines.first().is_some_and(String::is_empty) && first == cells {
        lines.remove(0);
    }
    lines
}

fn plan_paragraphs(model: &Model) -> Vec<Paragraph> {
    let (batch, texts, theme) = (&model.batch, model.texts, Theme);
    let LeftOut { invalid, duplicates } = batch.left_out;
    let counted = |count: usize, text: String| (count > 0).then_some(text);
    let left_out = [
        counted(invalid, texts.batch_invalid_count(invalid)),
        counted(duplicates, texts.batch_duplicate_count(duplicates)),
    ];
    let with_left_out = |text: String| [Some(text)].into_iter().chain(left_out).flatten();
    if batch.count() == 0 {
        return vec![Paragraph::new(with_left_out(texts.batch_no_lines().to_owned()), theme.bad())];
    }
    let plan = texts.batch_plan(batch.count(), batch.plan.stored, batch.plan.to_buy);
    let mut paragraphs = vec![Paragraph::new(with_left_out(plan), theme.strong())];
    let style = if batch.plan.over_quota() > 0 { theme.warn() } else { theme.text() };
    paragraphs.push(Paragraph::new(price_texts(model), style));
    if let Some(limit) = model.batch_limit() {
        paragraphs.push(Paragraph::plain(limit_text(&limit, model), theme.warn()));
        paragraphs.extend(way_on(&limit, model).map(|text| Paragraph::plain(text, theme.text())));
    }
    if !batch.plan.in_doubt.is_empty() {
        let key = model.keymap.named(KeyScope::Batch, Action::RetryUnknown, texts);
        let count = batch.plan.in_doubt.len();
        let text = if batch.retries_unknown {
            texts.batch_doubt_bought(count, key)
        } else {
            texts.batch_doubt_left(count, key)
        };
        paragraphs.push(Paragraph::plain(text, theme.warn()));
    }
    paragraphs
}

/// Why none of the calls would be sent, or how many of them.
fn limit_text(limit: &BatchLimit, model: &Model) -> String {
    let (texts, why) = (model.texts, model.refusal_reason(&limit.refusal));
    match (&limit.refusal, limit.calls) {
        (NotSent::Guarded(GuardViolation::Blocked(block)), _) => {
            let code = model.code_of_block(block);
            let by_code = |code: ErrorCode| texts.batch_refused_by_code(&why, clean(code.as_str()));
            texts.batch_plan_refused(code.map_or_else(|| why.clone(), by_code))
        }
        (NotSent::Guarded(GuardViolation::Cap { cap, .. }), calls) if calls > 0 => {
            texts.batch_cap_allows(calls, cap)
        }
        (NotSent::Guarded(GuardViolation::Reserve { reserve, .. }), calls) if calls > 0 => {
            texts.batch_reserve_allows(calls, reserve)
        }
        (_, 0) => texts.batch_plan_refused(why),
        _ => texts.batch_plan_stops(why),
    }
}

/// What the user can do about it.
fn way_on(limit: &BatchLimit, model: &Model) -> Option<String> {
    let texts = model.texts;
    let NotSent::Guarded(violation) = &limit.refusal else { return None };
    Some(match violation {
        GuardViolation::Blocked(_) => {
            let key = model.keymap.named(KeyScope::Batch, Action::OverrideBatch, texts);
            texts.batch_override_offer(key)
        }
        GuardViolation::Cap { .. } => texts.batch_keeps_to("--cap", "money.cap"),
        GuardViolation::Reserve { .. } => texts.batch_keeps_to("--reserve", "money.reserve"),
    })
}

/// `¥0.56 at most`, `about 0:42`, `93 calls left today`
fn price_texts(model: &Model) -> Vec<String> {
    let (plan, texts) = (&model.batch.plan, model.texts);
    if plan.to_buy == 0 {
        return vec![texts.batch_nothing_to_buy().to_owned()];
    }
    if model.session.offline {
        return vec![texts.batch_plan_offline().to_owned()];
    }
    let cost = match plan.cost {
        Some(_) => texts.batch_at_most(model.batch_cost(BatchPart::Planned)),
        None => texts.batch_price_unset().to_owned(),
    };
    // The last quota that was seen says nothing while the vendor refuses calls.
    let quota = model.block_ahead().is_none().then(|| {
        let left = plan.quota_left.map(|left| texts.batch_plan_quota(left));
        left.unwrap_or_else(|| texts.batch_quota_unknown().to_owned())
    });
    let over = Some(plan.over_quota()).filter(|over| *over > 0 && quota.is_some());
    let over = over.map(|over| texts.batch_plan_over(over));
    let time = plan.time.map(|time| texts.batch_plan_time(clock(time)));
    [Some(cost), time, quota, over].into_iter().flatten().collect()
}

/// The bar with what fits beside it, then the rest.
fn running_lines(model: &Model, cells: usize) -> Vec<Line<'static>> {
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
    let beside_bar = cells.saturating_sub(BAR + 3);
    let mut texts = joined(parts.into_iter().flatten(), beside_bar, cells).into_iter();
    let first = format!("▏ {}", texts.next().unwrap_or_default());
    let first = Line::from(vec![Span::raw(" ▕"), Span::styled(bar, theme.good()), Span::raw(first)]);
    let below = texts.chain(joined(counts(model), cells, cells));
    [first].into_iter().chain(below.map(|line| Line::raw(format!(" {line}")))).collect()
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

fn end_paragraphs(model: &Model) -> Vec<Paragraph> {
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
    let stopped = stopped_text(reason, model).map(|text| Paragraph::plain(text, theme.warn()));
    let results = results.into_iter().flatten().chain(counts(model));
    let mut paragraphs: Vec<Paragraph> = stopped.into_iter().collect();
    paragraphs.push(Paragraph::new(results, theme.strong()));
    let codes = progress.summary.codes.iter();
    let codes: Vec<String> =
        codes.map(|(code, count)| clean(&format!("{code} {count}")).into_owned()).collect();
    if !codes.is_empty() {
        let codes = texts.batch_codes(codes.join(" · "));
        paragraphs.push(Paragraph::new(codes.split(" · ").map(str::to_owned), theme.text()));
    }
    paragraphs
}

/// Why it did not come to its end; `None` if it did, or if the user stopped it.
fn stopped_text(reason: &StopReason, model: &Model) -> Option<String> {
    let texts = model.texts;
    match reason {
        StopReason::Done | StopReason::Asked | StopReason::TimeIsUp => None,
        // The limit that was known before says more, if it is still one.
        StopReason::Refused(refusal @ NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed })) => {
            Some(match model.batch_limit() {
                Some(limit) => model.not_sent_text(&limit.refusal),
                None if *confirmed == 0 => texts.batch_none_confirmed().to_owned(),
                None => model.not_sent_text(refusal),
            })
        }
        StopReason::Refused(refusal) => Some(model.not_sent_text(refusal)),
        StopReason::Store(error) => Some(model.store_error_text(error)),
        StopReason::Broken => Some(texts.batch_broken().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn lines_end_between_parts_and_begin_with_none_of_their_dots() {
        let parts = || ["2 of 6", "3 at once", "2 under way"].map(str::to_owned);
        assert_eq!(joined(parts(), 18, 30), ["2 of 6 · 3 at once", "2 under way"]);
        assert_eq!(joined(parts(), 3, 20), ["", "2 of 6 · 3 at once", "2 under way"]);
        assert_eq!(joined(parts(), 40, 40), ["2 of 6 · 3 at once · 2 under way"]);
        assert_eq!(joined(["a text of words".to_owned()], 8, 8), ["a text", "of words"]);
        assert_eq!(joined([], 8, 8), [""; 0]);
    }
}
