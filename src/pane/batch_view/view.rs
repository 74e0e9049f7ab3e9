//! Draws the lines of a batch: only those in sight are formatted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::message::{AnsweredRow, BatchRow, BatchRowState, RowSubject};
use crate::model::Model;
use crate::model::batch::BatchStage;
use crate::pane::verdict::{outcome_style, verdict};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_left, pad_right};
use crate::ui::theme::Theme;
use obx_core::batch::LineState;
use obx_core::fetch::Source;
use obx_core::i18n::{Describe, Texts};
use onebound::Billing;

/// Most IDs have this many digits, or less.
const ID_WIDTH: usize = 14;
/// Of a state in either language.
const STATE_WIDTH: usize = 10;
const PRICE_WIDTH: usize = 10;

/// What a row says behind its ID.
struct RowTexts {
    state: String,
    style: Style,
    /// Outcome, or why there is none.
    outcome: String,
    outcome_style: Style,
    price: String,
    title: String,
}

pub(super) fn view_rows(rows: &[BatchRow], scroll: Scroll, model: &Model, area: Rect, buffer: &mut Buffer) {
    let numbers = rows.last().map_or(1, |row| row.number.to_string().len()).max(2);
    let shown = rows.iter().enumerate().skip(scroll.top).take(usize::from(area.height));
    for (y, (at, row)) in (area.y..area.bottom()).zip(shown) {
        crate::ui::line(buffer, area.x, y, area.width, &line(row, numbers, area.width, model));
        if at == scroll.at {
            crate::ui::row_style(buffer, area, y, Theme.cursor(true));
        }
    }
}

fn line(row: &BatchRow, numbers: usize, width: u16, model: &Model) -> Line<'static> {
    let number = Span::styled(format!(" {}  ", pad_left(&row.number.to_string(), numbers)), Theme.dim());
    let texts = row_texts(row, model);
    let state = pad_right(&texts.state, STATE_WIDTH);
    let rest = usize::from(width).saturating_sub(numbers + 3 + STATE_WIDTH + 1);
    let id = match &row.subject {
        RowSubject::Item(id) => id.to_string(),
        RowSubject::Text(text) => {
            let text = Span::styled(pad_right(&clean(text), rest), Theme.dim());
            return Line::from(vec![number, Span::styled(format!("{state} "), texts.style), text]);
        }
    };
    let id_width = ID_WIDTH.max(id.len() + 1);
    let rest = rest.saturating_sub(id_width);
    let mut line = Line::from(vec![
        number,
        Span::styled(pad_right(&id, id_width), Theme.strong()),
        Span::styled(format!("{state} "), texts.style),
    ]);
    if texts.title.is_empty() && texts.price.is_empty() {
        line.spans.push(Span::styled(pad_right(&texts.outcome, rest), texts.outcome_style));
        return line;
    }
    let outcome = (rest * 2 / 5).min(24);
    let title = rest.saturating_sub(outcome + PRICE_WIDTH + 4);
    line.spans.extend([
        Span::styled(pad_right(&texts.outcome, outcome), texts.outcome_style),
        Span::styled(format!("  {}  ", pad_left(&texts.price, PRICE_WIDTH)), Theme.price()),
        Span::raw(pad_right(&texts.title, title)),
    ]);
    line
}

fn row_texts(row: &BatchRow, model: &Model) -> RowTexts {
    let (texts, theme) = (model.texts, Theme);
    let plain = |state: String, style: Style, outcome: String| RowTexts {
        state,
        style,
        outcome,
        outcome_style: theme.dim(),
        price: String::new(),
        title: String::new(),
    };
    match &row.state {
        BatchRowState::Invalid(_) => plain(texts.row_without_id().to_owned(), theme.warn(), String::new()),
        BatchRowState::Duplicate(first) => plain(texts.row_duplicate(first), theme.dim(), String::new()),
        BatchRowState::Waiting(state) => {
            let (word, style) = waiting(*state, model);
            let outcome = match state {
                LineState::InDoubt { since } => {
                    texts.row_doubt_since(model.session.minute(*since, model.now.at))
                }
                LineState::Stored | LineState::ToBuy => String::new(),
            };
            plain(word.to_owned(), style, outcome)
        }
        BatchRowState::Asking => plain(texts.row_asking().to_owned(), theme.key(), String::new()),
        BatchRowState::NotSent(why) => {
            plain(texts.row_not_sent().to_owned(), theme.warn(), clean(&why.describe(texts)).into_owned())
        }
        BatchRowState::Answered(answered) => answered_texts(answered, texts),
    }
}

/// Before the start a row says what will be done with it, then that it waits, and at the end that it was left.
fn waiting(state: LineState, model: &Model) -> (&'static str, Style) {
    let (texts, theme) = (model.texts, Theme);
    let has_ended = matches!(model.batch.stage, BatchStage::Ended { .. });
    match state {
        LineState::InDoubt { .. } if !state.is_bought(model.batch.retries_unknown) || has_ended => {
            (texts.row_in_doubt(), theme.warn())
        }
        _ if model.batch.is_running() => (texts.row_waiting(), theme.dim()),
        LineState::Stored => (texts.mark_store(), theme.text()),
        LineState::ToBuy if has_ended => (texts.row_not_sent(), theme.warn()),
        LineState::ToBuy | LineState::InDoubt { .. } => (texts.row_to_buy(), theme.price()),
    }
}

fn answered_texts(answered: &AnsweredRow, texts: Texts) -> RowTexts {
    let theme = Theme;
    let (state, style) = match (answered.source, answered.billing) {
        (Source::Store, _) => (texts.mark_store(), theme.text()),
        (Source::Joined, _) => (texts.row_joined(), theme.text()),
        (Source::Live, Billing::Billed) => (texts.mark_billed_in_full(), theme.price()),
        (Source::Live, Billing::Free) => (texts.mark_free(), theme.text()),
        (Source::Live, Billing::Unknown) => (texts.mark_unknown_in_full(), theme.warn()),
    };
    RowTexts {
        state: state.to_owned(),
        style,
        outcome: verdict(&answered.summary, texts),
        outcome_style: outcome_style(&answered.summary.outcome),
        price: clean(&answered.price).into_owned(),
        title: clean(&answered.title).into_owned(),
    }
}
