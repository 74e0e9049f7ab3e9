//! `!`: explains an outcome: what it means, whether it was billed, who must act, and what to do. Each field can be
//! copied.

mod hosts;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::Hint;
use super::advice::{AdviceMeans, advice, meaning, side};
use super::facts_list::summary;
use super::people::who_asked;
use super::popup::{Popup, close, closes};
use super::verdict::verdict;
use crate::message::{Action, ClipboardText, Effect, Held, JobSlot, analyze};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_right, width, wrap};
use crate::ui::theme::Theme;
use obx_core::i18n::{Language, Texts};
use obx_core::store::ExchangeId;
use onebound::{Billing, Exchange, Failure, Malformed, Outcome};

/// Width in cells.
const WIDTH: u16 = 74;

#[derive(Debug)]
pub struct Card {
    exchange: Held,
    /// Its number in the store, where that is known.
    id: Option<ExchangeId>,
    fields: Vec<(&'static str, String)>,
    /// Whether all facts are among the fields.
    complete: bool,
    /// For the analysis, of an answer that was never on the screen.
    analysis: JobSlot<()>,
    scroll: Scroll,
    /// Approximate number of fields visible at once.
    page: usize,
}

impl Card {
    /// Explains an exchange; returns also the effect that analyzes it, unless that was done before.
    #[must_use]
    pub fn open(exchange: &Arc<Exchange>, id: Option<ExchangeId>, model: &Model) -> (Self, Option<Effect>) {
        let mut card = Self {
            exchange: Held(Arc::clone(exchange)),
            id,
            fields: Vec::new(),
            complete: false,
            analysis: JobSlot::default(),
            scroll: Scroll::default(),
            page: 1,
        };
        card.update(model);
        let due = if card.complete { None } else { analyze(&mut card.analysis, exchange) };
        (card, due)
    }

    fn update(&mut self, model: &Model) {
        let exchange = &self.exchange.0;
        self.complete = exchange.is_analyzed();
        let at = self.fields.get(self.scroll.at).map(|(name, _)| *name);
        self.fields = fields(exchange, self.id, model);
        self.fields.extend(hosts::fields(exchange, model));
        // The cursor stays on its field when facts come in above it.
        let at = self.fields.iter().position(|(name, _)| Some(*name) == at);
        self.scroll.at = at.unwrap_or(self.scroll.at);
    }

    fn exchange(&self) -> Held {
        self.exchange.clone()
    }

    /// Copies the field that the cursor is on.
    #[must_use]
    fn copy(&self) -> Option<Effect> {
        let (what, text) = self.fields.get(self.scroll.at)?;
        Some(Effect::Copy { what: (*what).to_owned(), text: ClipboardText::new(text) })
    }

    /// Returns all lines of the card, each with the index of its field.
    fn rows(&self, room: u16) -> Vec<(usize, Line<'static>)> {
        let names = self.fields.iter().map(|(name, _)| width(name)).max().unwrap_or_default() + 2;
        let room = usize::from(room).saturating_sub(names + 2);
        let mut rows = Vec::new();
        for (field, (name, text)) in self.fields.iter().enumerate() {
            for (at, part) in wrap(&clean(text), room).into_iter().enumerate() {
                let name = if at == 0 { *name } else { "" };
                let name = Span::styled(format!(" {}", pad_right(name, names)), Theme.dim());
                rows.push((field, Line::from(vec![name, Span::raw(part.to_owned())])));
            }
        }
        rows
    }
}

impl Popup for Card {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Explain) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            Action::Export => vec![Effect::ClosePopup, Effect::ExportBundle(self.exchange())],
            _ => {
                self.scroll.act(action, self.fields.len(), self.page);
                Vec::new()
            }
        }
    }

    fn translate(&mut self, model: &Model) {
        self.update(model);
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        if !self.complete && self.exchange.0.is_analyzed() {
            self.update(model);
        }
        let inside = inner(self.area(screen));
        let rows = self.rows(inside.width).len().max(1);
        self.page = self.fields.len() * usize::from(inside.height) / rows;
    }

    fn area(&self, screen: Size) -> Rect {
        let width = WIDTH.min(screen.width.saturating_sub(4));
        let rows = self.rows(width.saturating_sub(2)).len();
        popup(screen, width, u16::try_from(rows + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", model.texts.card_title()));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        let inside = inner(area);
        let rows = self.rows(inside.width);
        let here = rows.iter().position(|(field, _)| *field == self.scroll.at).unwrap_or_default();
        let last = rows.iter().rposition(|(field, _)| *field == self.scroll.at).unwrap_or_default();
        // The field with the cursor is visible, as much of it as fits.
        let top = (last + 1).saturating_sub(usize::from(inside.height)).min(here);
        for (y, (field, line)) in (inside.top()..inside.bottom()).zip(rows.into_iter().skip(top)) {
            crate::ui::line(buffer, inside.x, y, inside.width, &line);
            if field == self.scroll.at {
                crate::ui::row_style(buffer, inside, y, Theme.cursor(true));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let bundle = Hint::free(Action::Export, model.texts.hint_bundle());
        vec![Hint::free(Action::Copy, model.texts.hint_copy()), bundle, close(model)]
    }
}

fn fields(exchange: &Arc<Exchange>, id: Option<ExchangeId>, model: &Model) -> Vec<(&'static str, String)> {
    let texts = model.texts;
    let envelope = exchange.envelope();
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let billed = match exchange.billing() {
        Billing::Billed if model.session.demo => texts.billed_demo(),
        Billing::Billed => texts.billed_yes(),
        Billing::Free => texts.billed_no(),
        Billing::Unknown => texts.billed_unknown(),
    };
    let billed = if exchange.is_body_only() { "" } else { billed };
    let host = match exchange.host.name() {
        _ if exchange.is_body_only() => String::new(),
        host if model.is_other_gateway(&exchange.scope()) => texts.host_of_other_gateway(clean(&host)),
        host => host,
    };
    let mut next = advice(exchange, &AdviceMeans::from_keys(model)).into_owned();
    if model.session.file.is_some() {
        next = match exchange.outcome {
            Outcome::Item | Outcome::Success => String::new(),
            // This advice is about the file, so it needs no session that can call.
            Outcome::Failed(Failure::NotRecorded(_))
            | Outcome::NotUnderstood(Malformed::NotRecorded { .. }) => next,
            _ => texts.where_calls_go_out(next),
        };
    }
    if model.is_other_gateway(&exchange.scope()) {
        next = texts.advice_other_gateway(model.key(Action::Refetch));
    }
    let subject_name = if exchange.call.num_iid().is_some() { texts.card_item() } else { texts.card_api() };
    let known = exchange.call.is_known();
    let subject = if known { exchange.call.subject().to_string() } else { String::new() };
    let mut all = vec![
        (texts.card_outcome(), outcome(exchange, texts)),
        (texts.card_words(), owned(envelope.map(onebound::Envelope::words))),
    ];
    for (at, fact) in exchange.facts().iter().enumerate() {
        all.push((if at == 0 { texts.facts_label() } else { "" }, summary(fact, texts)));
    }
    if !exchange.is_analyzed() {
        let name = if exchange.facts().is_empty() { texts.facts_label() } else { "" };
        all.push((name, texts.facts_pending().to_owned()));
    }
    all.extend([
        (texts.card_billed(), billed.to_owned()),
        (texts.card_side(), side(exchange, texts).to_owned()),
        (texts.card_next(), next),
        (subject_name, subject),
        (texts.card_asked_by(), who_asked(exchange, id, model).unwrap_or_default().into_owned()),
        (texts.card_request_id(), owned(envelope.and_then(|envelope| envelope.request_id.as_deref()))),
        (texts.card_server_time(), owned(envelope.and_then(|envelope| envelope.server_time.as_deref()))),
        (
            texts.card_quota(),
            owned(envelope.and_then(|envelope| Some(envelope.quota.as_ref()?.raw.as_str()))),
        ),
        (texts.card_host(), host),
        (texts.card_http(), exchange.status.map(|status| status.to_string()).unwrap_or_default()),
    ]);
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Returns the verdict, and the code's meaning in the vendor's table if the verdict doesn't contain it.
fn outcome(exchange: &Exchange, texts: Texts) -> String {
    let summary = verdict(&exchange.summary(), texts);
    let table = meaning(exchange).map(|meaning| match texts.language() {
        Language::En => meaning.en,
        Language::Zh => meaning.zh,
    });
    match table.filter(|table| !summary.contains(table)) {
        Some(table) => texts.with_detail(summary, table),
        None => summary,
    }
}
