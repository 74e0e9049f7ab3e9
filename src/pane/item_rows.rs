//! The rows of the item pane: what a buyer looks at first, or why there is nothing to look at.

use ratatui::text::{Line, Span};

use super::facts_list::told;
use super::verdict::verdict;
use crate::api::{
    Decimal, Encoding, Envelope, Exchange, Field, Item, Outcome, PriceTier, Rule, Severity, Subject,
};
use crate::i18n::Texts;
use crate::model::Model;
use crate::ui::field::cell;
use crate::ui::text::{clean, pad_right, width, wrap};
use crate::ui::theme::{ALERT, Theme};

/// Of `sales_data` and of the drop-shipping prices; the rest is in the response.
const MAX_ASKED_FOR: usize = 24;

pub(super) fn rows(model: &Model, quantity: Option<u64>, room: u16) -> Vec<Line<'static>> {
    let room = usize::from(room.saturating_sub(2));
    match &model.shown {
        None => match model.calls.awaited() {
            Some(call) => asking(&call.call.subject(), model, room),
            None => welcome(model, room),
        },
        Some(shown) => match shown.exchange.item() {
            Some(item) => item_rows(&shown.exchange, item, quantity, model, room),
            None => failure_rows(&shown.exchange, model, room),
        },
    }
}

fn asking(id: &Subject, model: &Model, room: usize) -> Vec<Line<'static>> {
    let mut rows = Vec::new();
    paragraph(&mut rows, &model.texts.asking(id), room, Theme.dim());
    rows
}

fn welcome(model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let mut rows = Vec::new();
    if let Some(file) = &model.session.file {
        let told = if model.file_is_read {
            texts.no_calls_in_file(clean(file))
        } else {
            texts.reading_file(clean(file))
        };
        paragraph(&mut rows, &told, room, theme.dim());
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
    let told = verdict(&exchange.conclusion(), texts);
    if matches!(exchange.outcome, Outcome::Success) {
        paragraph(&mut rows, &told, room, theme.good());
        paragraph(&mut rows, texts.answer_in_response(), room, theme.text());
    } else {
        paragraph(&mut rows, &format!("{ALERT} {told}"), room, theme.bad());
    }
    let words = exchange.envelope().map(Envelope::words).unwrap_or_default();
    if !words.is_empty() {
        paragraph(&mut rows, &format!("«{}»", clean(words)), room, theme.text());
    }
    note_rows(&mut rows, model, room);
    encoding_row(&mut rows, exchange, texts, room);
    if model.session.file.is_some() && exchange.envelope().is_none() {
        match (exchange.is_bare(), exchange.body.is_empty()) {
            (true, true) => paragraph(&mut rows, texts.file_is_empty(), room, theme.text()),
            (_, false) => paragraph(&mut rows, texts.file_not_understood(), room, theme.text()),
            (false, true) => {}
        }
    }
    if !exchange.is_bare() {
        paragraph(&mut rows, billing_text(exchange, texts), room, theme.text());
    }
    if matches!(exchange.outcome, Outcome::NoResult) && model.session.file.is_none() {
        paragraph(&mut rows, texts.not_found_may_return(), room, theme.dim());
    }
    rows
}

/// What the user wrote down about the item.
fn note_rows(rows: &mut Vec<Line<'static>>, model: &Model, room: usize) {
    if let Some(remark) = model.remark.as_ref().filter(|remark| !remark.note.is_empty()) {
        paragraph(rows, &model.texts.note_of(clean(&remark.note)), room, Theme.dim());
    }
}

fn billing_text(exchange: &Exchange, texts: Texts) -> &'static str {
    match exchange.billing() {
        crate::api::Billing::Billed => texts.was_billed(),
        crate::api::Billing::Free => texts.was_free(),
        crate::api::Billing::Unknown => texts.was_unknown(),
    }
}

fn encoding_row(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    match exchange.body.encoding() {
        Encoding::Utf8 => {}
        Encoding::Gbk => paragraph(rows, texts.body_gbk(), room, Theme.warn()),
        Encoding::Unknown => paragraph(rows, texts.body_encoding(), room, Theme.warn()),
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
    if let Outcome::WrongItem { got } = &exchange.outcome {
        let told = texts.wrong_item(clean(got), exchange.call.subject());
        paragraph(&mut rows, &format!("{ALERT} {told}"), room, theme.banner());
    }
    let title = cell(&item.field("title"), theme.strong());
    let mut title_rows = Vec::new();
    paragraph(&mut title_rows, &title.text, room, title.style);
    title_rows.truncate(3);
    rows.extend(title_rows);
    note_rows(&mut rows, model, room);
    rows.push(price_row(item, texts));
    rows.extend(tier_row(item, texts));
    rows.extend(quantity.map(|quantity| quantity_row(item, quantity, texts)));
    rows.push(stock_row(item, texts));
    rows.push(sales_row(item, texts));
    rows.push(labelled(texts.label_seller(), seller(item)));
    rows.push(labelled(texts.label_place(), vec![value(&item.field("location"))]));
    rows.push(pictures_row(item, texts));
    rows.extend(date_row(item, texts));
    rows.extend(asked_for_rows(item));
    fact_rows(&mut rows, exchange, texts, room);
    rows
}

/// What is wrong, each in a row, and how many facts there are in all. Another item has its banner above.
fn fact_rows(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    let facts = exchange.facts();
    let wrong =
        facts.iter().filter(|fact| fact.rule.severity() == Severity::Wrong && fact.rule != Rule::WrongItem);
    for fact in wrong {
        paragraph(rows, &format!("{ALERT} {}", told(fact, texts)), room, Theme.warn());
    }
    // More may come of a large answer: a number that is right at once is better than one that jumps.
    if !facts.is_empty() && exchange.is_looked_over() {
        paragraph(rows, &texts.fact_count(facts.len()), room, Theme.dim());
    }
}

fn price_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let price = cell(&item.field("price"), Theme.price());
    let mut spans = vec![Span::styled(price.text, price.style)];
    // Of a large answer it comes a moment later.
    if let Some(span) = item.overview_so_far().and_then(|overview| overview.sku_prices.as_ref()) {
        let (min, max) = (clean(&span.min), clean(&span.max));
        let told = if min == max { texts.every_sku(min) } else { texts.skus_from_to(min, max) };
        spans.push(Span::styled(format!("  {told}"), Theme.dim()));
    }
    labelled(texts.label_price(), spans)
}

fn tier_row(item: Item<'_>, texts: Texts) -> Option<Line<'static>> {
    let tiers = item.price_tiers();
    let tier = |tier: &PriceTier| format!("≥{} {}", clean(&tier.quantity), clean(&tier.price));
    let told: Vec<String> = tiers.iter().take(6).map(tier).collect();
    (!told.is_empty()).then(|| labelled(texts.label_tiers(), vec![Span::raw(told.join("   "))]))
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

/// The name people know the seller by: `nick` can be an encrypted one.
fn seller(item: Item<'_>) -> Vec<Span<'static>> {
    let names =
        [item.inner("seller_info", "shop_name"), item.inner("seller_info", "nick"), item.field("nick")];
    let shop = names.iter().find(|name| name.text().is_some()).cloned().unwrap_or(Field::Absent);
    let title = item.inner("seller_info", "title").to_text();
    vec![value(&shop), Span::styled(format!("  {}", clean(&title)), Theme.dim())]
}

fn pictures_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let mut spans = vec![Span::raw(item.count_of("item_imgs").to_string())];
    spans.push(Span::styled(format!("  {}", texts.in_description(item.count_of("desc_img"))), Theme.dim()));
    if item.inner("video", "url").text().is_some() {
        spans.push(Span::styled(format!("  {}", texts.has_video()), Theme.dim()));
    }
    labelled(texts.label_pictures(), spans)
}

/// What so many pieces cost: by `priceRange` where there is one, else by the item's price.
fn quantity_row(item: Item<'_>, quantity: u64, texts: Texts) -> Line<'static> {
    let tiers = item.price_tiers();
    let tier = PriceTier::at(&tiers, quantity).map(|tier| tier.price.clone());
    let price = if tiers.is_empty() { item.field("price").text().map(str::to_owned) } else { tier };
    let spans = match price {
        None => vec![Span::styled(texts.below_first_tier().to_owned(), Theme.warn())],
        Some(price) => {
            let each = Span::styled(clean(&price).into_owned(), Theme.price());
            let total = price.trim().parse::<Decimal>().ok().and_then(|each| each.times(quantity));
            let total = total.map(|total| Span::raw(format!("  {}", texts.in_all(total))));
            std::iter::once(each).chain(total).collect()
        }
    };
    labelled(&texts.label_at(quantity), spans)
}

/// The dates that the body names, each under the API's own name.
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

/// What `sales_data=1` and `agent=1` brought, field by field.
fn asked_for_rows(item: Item<'_>) -> Vec<Line<'static>> {
    let fields = item.fields_named("sales_data").into_iter().chain(item.fields_named("agent"));
    fields.take(MAX_ASKED_FOR).map(|(name, field)| labelled(&clean(&name), vec![value(&field)])).collect()
}

fn value(field: &Field<'_>) -> Span<'static> {
    let cell = cell(field, Theme.text());
    Span::styled(cell.text, cell.style)
}

fn label(text: &str) -> Span<'static> {
    Span::styled(format!("   {text} "), Theme.dim())
}

/// A row with its label in a column of its own.
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
