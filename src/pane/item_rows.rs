//! The rows of the item pane: what a buyer looks at first, or why there is no item.

use ratatui::text::{Line, Span};

use super::facts_list::summary;
use super::list_rows::list_rows;
use super::verdict::{outcome_style, verdict};
use crate::model::Model;
use crate::model::calls::CallUnderWay;
use crate::ui::field::cell;
use crate::ui::text::{clean, pad_right, width, wrap};
use crate::ui::theme::{ALERT, Theme};
use obx_core::i18n::Texts;
use onebound::{
    Encoding, Envelope, Exchange, Field, Item, Outcome, PriceTier, QuantityPrice, Reply, Rule, Severity,
    WaitsFor,
};

/// Rows of a title, which the response shows in full.
const TITLE_ROWS: usize = 3;
/// Tiers of `priceRange`; the response shows all.
const MAX_TIERS: usize = 24;
/// Fields of `sales_data` and of the drop-shipping prices; the response shows all.
const MAX_ASKED_FOR: usize = 24;

pub(super) fn rows(model: &Model, quantity: Option<u64>, room: u16) -> Vec<Line<'static>> {
    let room = usize::from(room.saturating_sub(2));
    match &model.shown {
        None => match model.calls.awaited() {
            Some(call) => asking(call, model.texts, room),
            None => welcome(model, room),
        },
        Some(shown) => match shown.exchange.item() {
            Some(item) => item_rows(&shown.exchange, item, quantity, model, room),
            None => failure_rows(&shown.exchange, model, room),
        },
    }
}

/// Describes a call under way: what it waits for, or that it was sent.
fn asking(call: &CallUnderWay, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let id = call.call.subject();
    let text = match (call.progress.out, call.progress.waits_for) {
        (Some(_), _) => texts.fetching_item(id),
        (None, WaitsFor::Store) => texts.waits_for_store(id),
        (None, WaitsFor::OtherCall) => texts.waits_for_call(id),
        (None, WaitsFor::OtherSession { pid }) => {
            let who =
                pid.map_or_else(|| texts.other_session().to_owned(), |pid| texts.other_session_pid(pid));
            texts.waits_for_session(id, who)
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
    paragraph(&mut rows, texts.welcome(), room, theme.text());
    if model.session.demo {
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_demo(), room, theme.text());
        paragraph(&mut rows, texts.welcome_ids(), room, theme.text());
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_key(), room, theme.text());
    }
    rows
}

fn failure_rows(exchange: &Exchange, model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let mut rows = Vec::new();
    gateway_row(&mut rows, exchange, model, room);
    let summary = verdict(&exchange.summary(), texts);
    if matches!(exchange.outcome, Outcome::Success) {
        paragraph(&mut rows, &summary, room, theme.good());
        paragraph(&mut rows, texts.answer_in_response(), room, theme.text());
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
        fact_rows(&mut rows, exchange, texts, room);
    }
    if model.session.file.is_some() && exchange.envelope().is_none() {
        match (exchange.is_body_only(), exchange.body.is_empty()) {
            (true, true) => paragraph(&mut rows, texts.file_is_empty(), room, theme.text()),
            (_, false) => paragraph(&mut rows, texts.file_not_understood(), room, theme.text()),
            (false, true) => {}
        }
    }
    if !exchange.is_body_only() {
        paragraph(&mut rows, billing_text(exchange, model), room, theme.text());
    }
    if matches!(exchange.outcome, Outcome::NoResult) && model.session.file.is_none() {
        paragraph(&mut rows, texts.not_found_may_return(), room, theme.dim());
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
        Encoding::Gbk => paragraph(rows, texts.body_gbk(), room, Theme.warn()),
        Encoding::BrokenUtf8 { at, .. } => {
            paragraph(rows, &texts.body_broken_utf8(at), room, Theme.warn());
        }
    }
}

fn item_rows(
    exchange: &Exchange,
    item: Item<'_>,
    quantity: Option<u64>,
    model: &Model,
    room: usize,
) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
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
    let mut title_rows = Vec::new();
    paragraph(&mut title_rows, &title.text, room, title.style);
    let is_longer = title_rows.len() > TITLE_ROWS;
    title_rows.truncate(TITLE_ROWS);
    if let Some(last) = title_rows.last_mut().filter(|_| is_longer) {
        last.push_span(Span::styled("…", Theme.dim()));
    }
    rows.extend(title_rows);
    note_rows(&mut rows, model, room);
    rows.push(price_row(item, texts));
    rows.extend(left_out_row(item, texts));
    rows.extend(tier_rows(item, texts, room));
    rows.extend(quantity.map(|quantity| quantity_row(item, quantity, texts)));
    rows.push(stock_row(item, texts));
    rows.push(sales_row(item, texts));
    rows.push(labelled(texts.label_seller(), seller(item)));
    rows.push(labelled(texts.label_place(), vec![value(&item.field("location"))]));
    rows.push(pictures_row(exchange, item, texts));
    rows.extend(date_row(item, texts));
    rows.extend(asked_for_rows(item, texts));
    fact_rows(&mut rows, exchange, texts, room);
    rows
}

/// Shows each error in a row, and the number of all facts. Another item isn't repeated, since it has a banner above.
fn fact_rows(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    let facts = exchange.facts();
    let wrong =
        facts.iter().filter(|fact| fact.rule.severity() == Severity::Wrong && fact.rule != Rule::WrongItem);
    for fact in wrong {
        paragraph(rows, &format!("{ALERT} {}", summary(fact, texts)), room, Theme.warn());
    }
    // The analysis of a large answer may add more: a number that is right at once is better than one that changes.
    if !facts.is_empty() && exchange.is_analyzed() {
        paragraph(rows, &texts.fact_count(facts.len()), room, Theme.dim());
    }
}

fn price_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let price = cell(&item.field("price"), Theme.price());
    let mut spans = vec![Span::styled(price.text, price.style)];
    // For a large answer, it is known a moment later.
    if let Some(span) = item.known_overview().and_then(|overview| overview.sku_prices.span) {
        let is_of_all = item.known_overview().is_some_and(|overview| overview.sku_prices.left_out == 0);
        let summary = match span.exact() {
            Some(price) if is_of_all => texts.every_sku(price),
            Some(price) => texts.skus_at(price),
            None => texts.skus_from_to(span.low(), span.high()),
        };
        spans.push(Span::styled(format!("  {summary}"), Theme.dim()));
    }
    labelled(texts.label_price(), spans)
}

/// Shows how many SKUs the prices above leave out.
fn left_out_row(item: Item<'_>, texts: Texts) -> Option<Line<'static>> {
    let left_out = item.known_overview()?.sku_prices.left_out;
    let summary = texts.skus_left_out(left_out, item.sku_count());
    (left_out > 0).then(|| labelled("", vec![Span::styled(summary, Theme.warn())]))
}

fn tier_rows(item: Item<'_>, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let tiers = item.price_tiers();
    // A row must not be broken at a blank within a tier.
    let tier = |tier: &PriceTier| format!("≥{}\u{a0}{}", clean(&tier.quantity), clean(&tier.price));
    let mut summary: Vec<String> = tiers.iter().take(MAX_TIERS).map(tier).collect();
    if let Some(more) = tiers.len().checked_sub(MAX_TIERS).filter(|more| *more > 0) {
        summary.push(texts.more_in_response(more));
    }
    let label = texts.label_tiers();
    let column = 9.max(width(label) + 1);
    let text = summary.join("   ");
    let parts = wrap(&text, room.saturating_sub(column));
    let row = |(at, part): (usize, &str)| {
        labelled(if at == 0 { label } else { "" }, vec![Span::raw(part.replace('\u{a0}', " "))])
    };
    parts.into_iter().enumerate().map(row).collect()
}

fn stock_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let unit = item.field("unit").to_text();
    let mut spans = vec![value(&item.field("min_num")), Span::raw(format!(" {}", clean(&unit)))];
    spans.extend([label(texts.label_stock()), value(&item.field("num"))]);
    labelled(texts.label_minimum(), spans)
}

fn sales_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let named =
        |name: &'static str| [Span::styled(format!("{name} "), Theme.dim()), value(&item.field(name))];
    let mut spans: Vec<Span<'static>> = named("sales").into();
    spans.push(Span::raw("   "));
    spans.extend(named("total_sold"));
    labelled(texts.label_sales(), spans)
}

/// Returns the name that people know the seller by, since `nick` can be encrypted.
fn seller(item: Item<'_>) -> Vec<Span<'static>> {
    let names =
        [item.inner("seller_info", "shop_name"), item.inner("seller_info", "nick"), item.field("nick")];
    let shop = names.iter().find(|name| name.text().is_some()).cloned().unwrap_or(Field::Absent);
    let title = item.inner("seller_info", "title").to_text();
    vec![value(&shop), Span::styled(format!("  {}", clean(&title)), Theme.dim())]
}

fn pictures_row(exchange: &Exchange, item: Item<'_>, texts: Texts) -> Line<'static> {
    let mut spans = Vec::new();
    // For a large answer, it is known a moment later.
    if let Some(pictures) = exchange.pictures() {
        let count = pictures.in_description;
        let summary = if pictures.may_be_more {
            texts.in_description_and_more(count)
        } else {
            texts.in_description(count)
        };
        spans.push(Span::raw(texts.images(pictures.own)));
        spans.push(Span::styled(summary, Theme.dim()));
    }
    if item.inner("video", "url").text().is_some() {
        spans.push(Span::styled(format!("  {}", texts.has_video()), Theme.dim()));
    }
    labelled(texts.label_images(), spans)
}

/// Shows the price and the total for this quantity.
fn quantity_row(item: Item<'_>, quantity: u64, texts: Texts) -> Line<'static> {
    let warning = |text: &'static str| vec![Span::styled(text, Theme.warn())];
    let spans = match item.price_at(quantity) {
        QuantityPrice::BelowFirstTier => warning(texts.below_first_tier()),
        QuantityPrice::UnreadTiers => warning(texts.unread_tiers()),
        QuantityPrice::Unknown => warning(texts.no_price()),
        QuantityPrice::Each(written, price) => {
            let each = Span::styled(clean(&written).into_owned(), Theme.price());
            let total = match price.and_then(|each| each.times(quantity)) {
                Some(total) => Span::raw(format!("  {}", texts.in_all(total))),
                None => Span::styled(format!("  {}", texts.no_total()), Theme.warn()),
            };
            vec![each, total]
        }
    };
    let unit = item.field("unit").to_text();
    let label =
        if unit.is_empty() { texts.label_at(quantity) } else { texts.label_at_units(quantity, clean(&unit)) };
    labelled(&label, spans)
}

/// Shows the dates in the body, each under the API's own name.
fn date_row(item: Item<'_>, texts: Texts) -> Option<Line<'static>> {
    let mut spans = Vec::new();
    for name in ["created_time", "modified_time", "delist_time"] {
        let field = item.field(name);
        if field.text().is_some() {
            spans.extend([Span::styled(format!("{name} "), Theme.dim()), value(&field), Span::raw("   ")]);
        }
    }
    (!spans.is_empty()).then(|| labelled(texts.label_dates(), spans))
}

/// Shows the fields that `sales_data=1` and `agent=1` added.
fn asked_for_rows(item: Item<'_>, texts: Texts) -> Vec<Line<'static>> {
    let fields: Vec<_> = [item.fields_named("sales_data"), item.fields_named("agent")].concat();
    let row = |(name, field): &(String, Field<'_>)| labelled(&clean(name), vec![value(field)]);
    let mut rows: Vec<Line<'static>> = fields.iter().take(MAX_ASKED_FOR).map(row).collect();
    if let Some(more) = fields.len().checked_sub(MAX_ASKED_FOR).filter(|more| *more > 0) {
        rows.push(Line::styled(texts.more_in_response(more), Theme.dim()));
    }
    rows
}

fn value(field: &Field<'_>) -> Span<'static> {
    let cell = cell(field, Theme.text());
    Span::styled(cell.text, cell.style)
}

fn label(text: &str) -> Span<'static> {
    Span::styled(format!("   {text} "), Theme.dim())
}

/// Returns a row with its label in a separate column.
fn labelled(text: &str, spans: Vec<Span<'static>>) -> Line<'static> {
    let column = 9.max(width(text) + 1);
    let mut line = vec![Span::styled(pad_right(text, column), Theme.dim())];
    line.extend(spans);
    Line::from(line)
}

fn paragraph(rows: &mut Vec<Line<'static>>, text: &str, room: usize, style: ratatui::style::Style) {
    for part in text.split('\n') {
        rows.extend(
            wrap(part, room).into_iter().map(|line| Line::from(Span::styled(line.to_owned(), style))),
        );
    }
}
