//! What the search says of the page that it shows, and of the one that is awaited or was not to be had.

use ratatui::text::{Line, Span};

use crate::message::Action;
use crate::model::Model;
use crate::model::calls::CallUnderWay;
use crate::model::item_search::{ResultsPage, SearchTrouble, searched_page};
use crate::model::request_log::Mark;
use crate::pane::advice::{AdviceMeans, advice};
use crate::pane::{answer_sources, outcome_style, verdict};
use crate::ui::text::{clean, fit, width};
use crate::ui::theme::{ALERT, Theme};
use obx_core::fetch::Source;
use obx_core::i18n::Texts;
use obx_core::search_line::search_line;
use onebound::Billing;

/// The most cells of the words that were searched for, beside what else is said of them.
const MAX_WORDS: usize = 24;

/// The line above the rows: what is under way, what is wrong, or else what the page is.
pub(super) fn state_line(model: &Model, room: usize) -> Line<'static> {
    if let Some(call) = model.awaited_page() {
        return Line::styled(format!(" {}", fit(&running(call, model), room)), Theme.strong());
    }
    let page = model.search.page();
    match (model.search.trouble(), page) {
        (Some(trouble), Some(_)) => {
            let why = trouble_texts(trouble, model).join("  ");
            let said = model.texts.search_page_not_shown(searched_page(trouble.call()), why);
            Line::styled(fit(&format!(" {ALERT} {said}"), room).into_owned(), Theme.bad())
        }
        (None, Some(page)) => page_line(page, model, room),
        (_, None) => Line::default(),
    }
}

fn running(call: &CallUnderWay, model: &Model) -> String {
    let seconds = model.now.up.saturating_sub(call.since).as_secs();
    let words = quoted(&search_line(&call.call), model.texts);
    model.texts.search_running(words, searched_page(&call.call), seconds)
}

/// The words as the page's line has them.
fn quoted(words: &str, texts: Texts) -> String {
    texts.quoted(fit(&clean(words), MAX_WORDS))
}

/// As much as there is room for: the words and the page always, then how many were found, the source with its time, and
/// what it cost.
fn page_line(page: &ResultsPage, model: &Model, room: usize) -> Line<'static> {
    let texts = model.texts;
    let Some(list) = page.list() else { return Line::default() };
    if let Some(other) = list.other_page() {
        let said = texts.search_other_page(other, page.number());
        return Line::styled(fit(&format!(" {ALERT} {said}"), room).into_owned(), Theme.warn());
    }
    let sources = answer_sources(&page.exchange, page.source, model);
    let source = sources.last().cloned().unwrap_or_default();
    let at_page = match list.page_count() {
        Some(count) => texts.search_at_page_of(page.number(), count),
        None => texts.search_at_page(page.number()),
    };
    let cost = (page.source == Source::Live).then(|| cost(page.exchange.billing(), model));
    let parts = [list.total().map(|total| texts.search_total(total)), Some(source), cost];
    let mut said = format!(" {}  {at_page}", quoted(&page.line(), texts));
    for part in parts.into_iter().flatten() {
        let longer = format!("{said} · {part}");
        if width(&longer) <= room {
            said = longer;
        }
    }
    Line::styled(said, Theme.dim())
}

fn cost(billing: Billing, model: &Model) -> String {
    let texts = model.texts;
    match billing {
        Billing::Billed if model.session.price_per_call.is_some() => {
            format!("{} {}", texts.mark_billed_in_full(), model.session.cost())
        }
        Billing::Billed => texts.mark_billed_in_full().to_owned(),
        Billing::Free => texts.mark_free().to_owned(),
        Billing::Unknown => texts.it_is_unknown().to_owned(),
    }
}

/// What is said in place of rows, a paragraph each.
pub(super) fn instead_of_rows(model: &Model) -> Vec<String> {
    let texts = model.texts;
    if model.awaited_page().is_some() {
        return Vec::new();
    }
    match (model.search.trouble(), model.search.page()) {
        (Some(trouble), _) => trouble_texts(trouble, model),
        (None, Some(page)) => outcome_texts(page, model),
        (None, None) => {
            vec![texts.search_begin(model.text_key(Action::Submit)), texts.search_options().to_owned()]
        }
    }
}

fn trouble_texts(trouble: &SearchTrouble, model: &Model) -> Vec<String> {
    match trouble {
        SearchTrouble::Failed(page) => outcome_texts(page, model),
        SearchTrouble::NotSent(held) => vec![held.message(model)],
    }
}

/// The outcome with its code, and what to do about it.
fn outcome_texts(page: &ResultsPage, model: &Model) -> Vec<String> {
    let exchange = &page.exchange;
    let means = AdviceMeans::from_keys(model);
    vec![verdict(&exchange.summary(), model.texts), advice(exchange, &means).into_owned()]
}

/// The title, with the words' style for an outcome that is no list.
pub(super) fn title(model: &Model) -> Line<'static> {
    let title = format!(" {} ", model.texts.search_title());
    match model.search.trouble() {
        Some(SearchTrouble::Failed(page)) => {
            Line::from(Span::styled(title, outcome_style(&page.exchange.outcome)))
        }
        Some(SearchTrouble::NotSent(_)) => Line::from(Span::styled(title, Theme.bad())),
        None => Line::from(title),
    }
}

/// The mark of a row whose item is in the store.
pub(super) fn stored_mark(texts: Texts) -> &'static str {
    crate::pane::request_log::mark_text(Mark::Store, texts).0
}
