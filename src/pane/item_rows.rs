//! The rows of the item pane: what a buyer looks at first, or why there is no item.

mod entries;
mod grid;
mod quantity;

use ratatui::layout::Size;
use ratatui::text::{Line, Span};

use super::facts_list::summary;
use super::list_rows::list_rows;
use super::people::who_is_asking;
use super::verdict::{outcome_style, verdict};
use crate::message::{Action, PaneId};
use crate::model::Model;
use crate::model::calls::CallUnderWay;
use crate::ui::field::cell;
use crate::ui::text::{clean, fit, wrap};
use crate::ui::theme::{ALERT, Theme};
use grid::Entry;
use obx_core::i18n::Texts;
use onebound::{Encoding, Envelope, Exchange, Item, Outcome, Reply, Rule, Severity, WaitsFor};

/// How the user wants the item shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SummaryView {
    /// The quantity whose price is shown.
    pub(super) quantity: Option<u64>,
    /// Whether the title takes as many rows as it needs.
    pub(super) whole_title: bool,
}

/// The rows of the pane, for an area of this size.
pub(super) fn rows(model: &Model, view: SummaryView, area: Size) -> Vec<Line<'static>> {
    let area = Size { width: area.width.saturating_sub(2), ..area };
    let room = usize::from(area.width);
    match &model.shown {
        None => match model.calls.awaited() {
            Some(call) => asking(call, model, room),
            None => welcome(model, room),
        },
        Some(shown) => match shown.exchange.item() {
            Some(item) => item_rows(&shown.exchange, item, model, view, area),
            None => failure_rows(&shown.exchange, model, room),
        },
    }
}

/// Describes a call under way: what it waits for, or that it was sent.
fn asking(call: &CallUnderWay, model: &Model, room: usize) -> Vec<Line<'static>> {
    let texts = model.texts;
    let (id, escape) = (call.call.subject(), model.key(Action::Escape));
    let text = match (call.progress.out, call.progress.waits_for) {
        (Some(_), _) => texts.fetching_item(id),
        (None, WaitsFor::Store) => texts.waits_for_store(id, escape),
        (None, WaitsFor::OtherCall) => texts.waits_for_call(id, escape),
        (None, WaitsFor::OtherSession { pid }) => {
            let who = match (who_is_asking(&id, model), pid) {
                (Some(name), _) => texts.session_of_person(name),
                (None, Some(pid)) => texts.other_session_pid(pid),
                (None, None) => texts.other_session().to_owned(),
            };
            texts.waits_for_session(id, who, escape)
        }
    };
    let mut rows = Vec::new();
    paragraph(&mut rows, &text, room, Theme.dim());
    rows
}

/// Warns if an answer came from another gateway than the session's.
fn gateway_row(rows: &mut Vec<Line<'static>>, exchange: &Exchange, model: &Model, room: usize) {
    if model.is_other_gateway(&exchange.scope()) {
        let text = model.texts.of_other_gateway(clean(&exchange.host.name()));
        paragraph(rows, &format!("{ALERT} {text}"), room, Theme.banner());
    }
}

fn welcome(model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let mut rows = Vec::new();
    if let Some(file) = &model.session.file {
        let summary = if model.file_is_read {
            texts.no_calls_in_file(clean(file))
        } else {
            texts.reading_file(clean(file))
        };
        paragraph(&mut rows, &summary, room, theme.dim());
        return rows;
    }
    paragraph(&mut rows, &texts.welcome(model.key(Action::Submit)), room, theme.text());
    if model.session.demo {
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_demo(), room, theme.text());
        paragraph(&mut rows, texts.welcome_ids(), room, theme.text());
        paragraph(&mut rows, &texts.welcome_tour(model.key(Action::Tour)), room, theme.text());
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_key(), room, theme.text());
    }
    rows
}

fn failure_rows(exchange: &Exchange, model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let response_key = || model.key(Action::Focus(PaneId::Response));
    let mut rows = Vec::new();
    gateway_row(&mut rows, exchange, model, room);
    let summary = verdict(&exchange.summary(), texts);
    if matches!(exchange.outcome, Outcome::Success) {
        paragraph(&mut rows, &summary, room, theme.good());
        paragraph(&mut rows, &texts.answer_in_response(response_key()), room, theme.text());
    } else {
        paragraph(&mut rows, &format!("{ALERT} {summary}"), room, outcome_style(&exchange.outcome));
    }
    let words = exchange.envelope().map(Envelope::words).unwrap_or_default();
    if !words.is_empty() {
        paragraph(&mut rows, &texts.quoted(clean(words)), room, theme.text());
    }
    note_rows(&mut rows, model, room);
    found_row(&mut rows, exchange, texts, room);
    encoding_row(&mut rows, exchange, texts, room);
    if matches!(exchange.outcome, Outcome::Success | Outcome::NoResult) {
        fact_rows(&mut rows, exchange, model, room);
    }
    if model.session.file.is_some() && exchange.envelope().is_none() {
        match (exchange.is_body_only(), exchange.body.is_empty()) {
            (true, true) => paragraph(&mut rows, texts.file_is_empty(), room, theme.text()),
            (_, false) => {
                paragraph(&mut rows, &texts.file_not_understood(response_key()), room, theme.text());
            }
            (false, true) => {}
        }
    }
    if !exchange.is_body_only() {
        paragraph(&mut rows, billing_text(exchange, model), room, theme.text());
    }
    if matches!(exchange.outcome, Outcome::NoResult) && model.session.file.is_none() {
        paragraph(&mut rows, &texts.not_found_may_return(model.key(Action::Refetch)), room, theme.dim());
    }
    if let Some(list) = exchange.item_list() {
        rows.push(Line::default());
        rows.extend(list_rows(&list, texts, room));
    }
    rows
}

/// Shows where in the body the answer was found, if it isn't the whole body.
fn found_row(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    if let Some(path) = exchange.reply.as_ref().and_then(Reply::found_at) {
        paragraph(rows, &texts.found_inside(clean(path)), room, Theme.dim());
    }
}

/// Shows the user's note on the item.
fn note_rows(rows: &mut Vec<Line<'static>>, model: &Model, room: usize) {
    if let Some(annotation) = model.annotation.as_ref().filter(|annotation| !annotation.note.is_empty()) {
        paragraph(rows, &model.texts.note_of(clean(&annotation.note)), room, Theme.dim());
    }
}

fn billing_text(exchange: &Exchange, model: &Model) -> &'static str {
    let texts = model.texts;
    match exchange.billing() {
        onebound::Billing::Billed if model.session.demo => texts.was_counted_demo(),
        onebound::Billing::Billed => texts.was_billed(),
        onebound::Billing::Free => texts.was_free(),
        onebound::Billing::Unknown => texts.was_unknown(),
    }
}

fn encoding_row(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    match exchange.body.encoding() {
        Encoding::Utf8 => {}
        // Nothing labels the text of a bare file.
        Encoding::Gbk if exchange.is_body_only() => paragraph(rows, texts.file_gbk(), room, Theme.warn()),
        Encoding::Gbk => paragraph(rows, texts.body_gbk(), room, Theme.warn()),
        Encoding::BrokenUtf8 { at, .. } => {
            paragraph(rows, &texts.body_broken_utf8(at), room, Theme.warn());
        }
    }
}

fn item_rows(
    exchange: &Exchange,
    item: Item<'_>,
    model: &Model,
    view: SummaryView,
    area: Size,
) -> Vec<Line<'static>> {
    let (texts, theme, room) = (model.texts, Theme, usize::from(area.width));
    let mut rows = Vec::new();
    gateway_row(&mut rows, exchange, model, room);
    if let Some(got) = exchange.other_item() {
        let summary = texts.wrong_item(clean(&got), exchange.call.subject());
        paragraph(&mut rows, &format!("{ALERT} {summary}"), room, theme.banner());
    }
    if !matches!(exchange.outcome, Outcome::Item | Outcome::WrongItem { .. }) {
        let summary = texts.item_despite(verdict(&exchange.summary(), texts));
        paragraph(&mut rows, &format!("{ALERT} {summary}"), room, outcome_style(&exchange.outcome));
    }
    found_row(&mut rows, exchange, texts, room);
    let title = cell(&item.field("title"), theme.strong());
    if view.whole_title {
        paragraph(&mut rows, &title.text, room, title.style);
    } else {
        rows.push(Line::styled(fit(&title.text, room).into_owned(), title.style));
    }
    note_rows(&mut rows, model, room);
    let mut facts = Vec::new();
    fact_rows(&mut facts, exchange, model, room);
    let mut entries = entries::entries(exchange, item, view.quantity, texts);
    if model.session.display.ascii {
        entries.iter_mut().for_each(Entry::spell_in_ascii);
    }
    let used = u16::try_from(rows.len() + facts.len()).unwrap_or(u16::MAX);
    rows.extend(grid::rows(&entries, Size { height: area.height.saturating_sub(used), ..area }));
    rows.extend(facts);
    rows
}

/// The rows of an item for output without a screen: its whole title, what a buyer looks at, and what is odd about it.
pub fn item_card(exchange: &Exchange, item: Item<'_>, area: Size, texts: Texts) -> Vec<Line<'static>> {
    let (mut rows, room) = (Vec::new(), usize::from(area.width));
    let title = cell(&item.field("title"), Theme.strong());
    paragraph(&mut rows, &title.text, room, title.style);
    rows.extend(grid::rows(&entries::entries(exchange, item, None, texts), area));
    let facts = exchange.facts().len();
    if facts > 0 {
        paragraph(&mut rows, &texts.facts_by_command(facts), room, Theme.dim());
    }
    rows
}

/// Shows each error in a row, and the number of all facts. Another item isn't repeated, since it has a banner above.
fn fact_rows(rows: &mut Vec<Line<'static>>, exchange: &Exchange, model: &Model, room: usize) {
    let texts = model.texts;
    let facts = exchange.facts();
    let wrong =
        facts.iter().filter(|fact| fact.rule.severity() == Severity::Wrong && fact.rule != Rule::WrongItem);
    for fact in wrong {
        paragraph(rows, &format!("{ALERT} {}", summary(fact, texts)), room, Theme.warn());
    }
    // The analysis of a large answer may add more: a number that is right at once is better than one that changes.
    if !facts.is_empty() && exchange.is_analyzed() {
        paragraph(rows, &texts.fact_count(facts.len(), &model.key(Action::Facts)), room, Theme.dim());
    }
}

fn paragraph(rows: &mut Vec<Line<'static>>, text: &str, room: usize, style: ratatui::style::Style) {
    for part in text.split('\n') {
        rows.extend(
            wrap(part, room).into_iter().map(|line| Line::from(Span::styled(line.to_owned(), style))),
        );
    }
}
