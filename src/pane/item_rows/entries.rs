//! What a buyer reads of an item, in the trade's order. Price, minimum and stock have an entry even if the answer has
//! nothing in them, since absent, null and empty differ; all others only where there is something.

use super::grid::{Entry, Piece};
use super::quantity::{self, amount_of, span_text, with_yuan};
use crate::ui::field::cell;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{Exchange, Field, ImageCounts, Item, MixTerms, NamedField, PriceTier};
use ratatui::style::Style;

/// Tiers of `priceRange`; the response shows all.
const MAX_TIERS: usize = 24;
/// Fields of `sales_data` and of the drop-shipping prices; the response shows all.
const MAX_NAMED: usize = 12;

pub(super) fn entries(
    exchange: &Exchange,
    item: Item<'_>,
    quantity: Option<u64>,
    texts: Texts,
) -> Vec<Entry> {
    let unit = item.field("unit").to_text();
    let unit = clean(&unit);
    let mut entries = vec![price(item, texts)];
    entries.extend(tiers(item, texts));
    entries.extend(quantity.into_iter().flat_map(|quantity| quantity::entries(item, quantity, texts)));
    entries.push(Entry::new(
        texts.label_minimum(),
        "min_num",
        [counted(&item.field("min_num"), &unit, texts)],
    ));
    entries.extend(mix(&item.mix_terms(), texts));
    entries.extend(one_or_named(texts.label_agent(), "agent_price", &item.agent_terms(), texts));
    entries.extend(named(texts.label_recent_sales(), "sales_data", &item.recent_sales(), texts));
    entries.extend(sold(item, texts.label_sales(), "sales", texts));
    entries.extend(sold(item, texts.label_total_sold(), "total_sold", texts));
    entries.extend(buyers(item, texts));
    entries.extend(one_or_named(texts.label_freight(), "", &item.freight(), texts));
    entries.extend(one_or_named(texts.label_weight(), "", &item.weight(), texts));
    entries.extend(present(texts.label_place(), "location", &item.field("location")));
    entries.push(Entry::new(texts.label_stock(), "num", [counted(&item.field("num"), &unit, texts)]));
    entries.extend(seller(item, texts));
    entries.extend(present(texts.label_brand(), "brand", &item.field("brand")));
    entries.extend(other_price(item, texts.label_crossed_out(), "orginal_price", texts));
    entries.extend(other_price(item, texts.label_suggested(), "suggestive_price", texts));
    entries.extend(pictures(exchange, item, texts));
    entries.extend(dates(item, texts));
    entries
}

fn price(item: Item<'_>, texts: Texts) -> Entry {
    let mut pieces = vec![yuan(&item.field("price"), Theme.price(), texts)];
    // For a large answer, it is known a moment later.
    if let Some(prices) = item.known_overview().map(|overview| overview.sku_prices) {
        pieces.extend(prices.span.map(|span| {
            let amount = span_text(span, texts);
            let is_of_all = span.exact().is_some() && prices.left_out == 0;
            let summary = if is_of_all { texts.every_sku(amount) } else { texts.skus_at(amount) };
            Piece::figure(summary, Theme.dim())
        }));
        let left_out = texts.skus_left_out(prices.left_out, item.sku_count());
        pieces.extend((prices.left_out > 0).then(|| Piece::text(left_out, Theme.warn())));
    }
    Entry::new(texts.label_price(), "price", pieces)
}

fn tiers(item: Item<'_>, texts: Texts) -> Option<Entry> {
    let tiers = item.price_tiers();
    // In one row of prices, the unit is at the end.
    let last = tiers.len().min(MAX_TIERS).saturating_sub(1);
    let piece = |(at, tier): (usize, &PriceTier)| {
        let price = clean(&tier.price);
        let price = if at == last { with_yuan(&price, texts) } else { price.into_owned() };
        Piece::figure(format!("≥{} {price}", clean(&tier.quantity)), Theme.text())
    };
    let mut pieces: Vec<Piece> = tiers.iter().take(MAX_TIERS).enumerate().map(piece).collect();
    pieces.extend(more(tiers.len(), MAX_TIERS, texts));
    (!tiers.is_empty()).then(|| Entry::new(texts.label_tiers(), "priceRange", pieces).separated(" · "))
}

/// Says how many of `count` are beyond the first `shown`.
fn more(count: usize, shown: usize, texts: Texts) -> Option<Piece> {
    let more = count.checked_sub(shown).filter(|more| *more > 0)?;
    Some(Piece::text(texts.more_in_response(more), Theme.dim()))
}

/// A count with the item's unit.
fn counted(field: &Field<'_>, unit: &str, texts: Texts) -> Piece {
    let count = cell(field, Theme.text());
    let has_count = field.text().is_some();
    Piece::figure(amount_of(&count.text, if has_count { unit } else { "" }, texts), count.style)
}

fn mix(terms: &MixTerms<'_>, texts: Texts) -> Option<Entry> {
    let supported = match terms.supported.flag() {
        Some(true) => Some(Piece::text(texts.mix_supported(), Theme.text())),
        Some(false) => Some(Piece::text(texts.mix_unsupported(), Theme.text())),
        None => terms.supported.has_content().then(|| value(&terms.supported)),
    };
    // Whether an order needs both or one of them is not documented, so each is shown under its name.
    let amount = terms.amount.text().map(|written| texts.mix_amount(with_yuan(&clean(written), texts)));
    let number = terms.number.text().map(|written| texts.mix_number(clean(written)));
    let [amount, number] = [amount, number].map(|text| Some(Piece::figure(text?, Theme.text())));
    let begin = terms.begin.has_content().then(|| piece_of("mix_begin", &terms.begin));
    let pieces = [supported, amount, number, begin].into_iter().flatten();
    terms.is_known().then(|| Entry::new(texts.label_mix(), "is_support_mix", pieces))
}

/// Fields of which each is shown under its own name; of those in `object` without its name.
fn named(
    label: &'static str,
    object: &'static str,
    fields: &[NamedField<'_>],
    texts: Texts,
) -> Option<Entry> {
    let short = |name: &str| {
        let inner = name.split_once('.').map(|(_, inner)| inner.to_owned());
        inner.unwrap_or_else(|| name.to_owned())
    };
    let piece = |(name, field): &&NamedField<'_>| member(&short(name), field, texts);
    // A list has no value that could be read in a line; it is in the response.
    let fields: Vec<_> = fields.iter().filter(|(_, field)| !matches!(field, Field::List(_))).collect();
    let mut pieces: Vec<Piece> = fields.iter().take(MAX_NAMED).map(piece).collect();
    pieces.extend(more(fields.len(), MAX_NAMED, texts));
    (!fields.is_empty()).then(|| Entry::new(label, object, pieces))
}

/// A member of such an object: under the trade's name if there is one, else under the API's.
fn member(name: &str, field: &Field<'_>, texts: Texts) -> Piece {
    let label = match name {
        "price" => texts.agent_price_name(),
        "discount" => texts.agent_discount(),
        "freight" => texts.agent_freight(),
        "post_fee" => texts.freight_post(),
        "express_fee" => texts.freight_express(),
        "ems_fee" => texts.freight_ems(),
        "sale_count_30d" => texts.recent_pieces(),
        "order_count_30d" => texts.recent_orders(),
        "buyer_count_30d" => texts.recent_buyers(),
        "repeat_rate" => texts.label_repeat_rate(),
        "support_dropship" => match field.flag() {
            Some(true) => return Piece::text(texts.agent_supported(), Theme.text()),
            Some(false) => return Piece::text(texts.agent_unsupported(), Theme.text()),
            None => name,
        },
        _ => name,
    };
    let value = if is_in_yuan(name) { yuan(field, Theme.text(), texts) } else { value(field) };
    value.after_name(&clean(label))
}

/// A field under several possible names: if there is one, its name goes beside the label.
fn one_or_named(
    label: &'static str,
    object: &'static str,
    fields: &[NamedField<'_>],
    texts: Texts,
) -> Option<Entry> {
    match fields {
        [(name, field)] if !name.contains('.') => {
            let value = if is_in_yuan(name) { yuan(field, Theme.text(), texts) } else { value(field) };
            Some(Entry::new(label, clean(name).into_owned(), [value]))
        }
        _ => named(label, object, fields, texts),
    }
}

/// A count of sales. The item has two that never add up, so each has its own label.
fn sold(item: Item<'_>, label: &'static str, name: &'static str, texts: Texts) -> Option<Entry> {
    let field = item.field(name);
    if field.is_unknown_count() {
        return Some(Entry::new(label, name, [Piece::text(texts.not_given(), Theme.dim())]));
    }
    present(label, name, &field)
}

fn buyers(item: Item<'_>, texts: Texts) -> Vec<Entry> {
    let fields = [
        (texts.label_repeat_rate(), "repeat_rate_purchase"),
        (texts.label_buyers(), "seller_num"),
        (texts.label_pieces_each(), "per_capita_purchases"),
        (texts.label_comments(), "comment_num"),
    ];
    let entry = |(label, name)| present(label, name, &item.inner("sales_info", name));
    fields.into_iter().filter_map(entry).collect()
}

/// The name that people know the seller by, since `nick` can be encrypted; then the shop's title if it differs.
fn seller(item: Item<'_>, texts: Texts) -> Option<Entry> {
    let names =
        [item.inner("seller_info", "shop_name"), item.inner("seller_info", "nick"), item.field("nick")];
    let shop = names.iter().find(|name| name.text().is_some());
    let title = item.inner("seller_info", "title");
    let title = Some(&title).filter(|title| title.text().is_some() && Some(*title) != shop);
    let pieces: Vec<Piece> = shop.into_iter().chain(title).map(value).collect();
    (!pieces.is_empty()).then(|| Entry::new(texts.label_seller(), "seller_info", pieces))
}

/// A price beside the item's own, unless it is the same or 0.
fn other_price(item: Item<'_>, label: &'static str, name: &'static str, texts: Texts) -> Option<Entry> {
    let field = item.field(name);
    let is_nothing = field.price().is_some_and(|price| price.high().is_zero());
    let amounts = |field: &Field<'_>| field.price().map(|price| (price.low(), price.high()));
    let is_same = match (amounts(&field), amounts(&item.field("price"))) {
        (Some((low, high)), Some(own)) => low.compare(own.0).is_eq() && high.compare(own.1).is_eq(),
        _ => false,
    };
    let is_shown = field.has_content() && !is_nothing && !is_same;
    is_shown.then(|| Entry::new(label, name, [yuan(&field, Theme.text(), texts)]))
}

fn pictures(exchange: &Exchange, item: Item<'_>, texts: Texts) -> Option<Entry> {
    let mut pieces = Vec::new();
    // For a large answer, it is known a moment later.
    let has_any =
        |pictures: &ImageCounts| pictures.own > 0 || pictures.in_description > 0 || pictures.may_be_more;
    if let Some(pictures) = exchange.pictures().filter(has_any) {
        let (own, count) = (texts.images(pictures.own), pictures.in_description);
        let summary = match (count, pictures.may_be_more) {
            (0, false) => own,
            (_, false) => texts.listed(own, texts.in_description(count)),
            (_, true) => texts.listed(own, texts.in_description_and_more(count)),
        };
        pieces.push(Piece::text(summary, Theme.text()));
    }
    if item.inner("video", "url").text().is_some() {
        pieces.push(Piece::text(texts.has_video(), Theme.dim()));
    }
    (!pieces.is_empty()).then(|| Entry::new(texts.label_images(), "item_imgs", pieces))
}

/// The dates in the body, each under the API's own name.
fn dates(item: Item<'_>, texts: Texts) -> Option<Entry> {
    let fields = ["created_time", "modified_time", "delist_time"].map(|name| (name, item.field(name)));
    let known = fields.iter().filter(|(_, field)| field.text().is_some());
    let pieces: Vec<Piece> = known.map(|(name, field)| piece_of(name, field)).collect();
    (!pieces.is_empty()).then(|| Entry::new(texts.label_dates(), "", pieces))
}

fn present(label: &'static str, name: &'static str, field: &Field<'_>) -> Option<Entry> {
    field.has_content().then(|| Entry::new(label, name, [value(field)]))
}

/// Whether the API means yuan in the field of this name.
fn is_in_yuan(name: &str) -> bool {
    ["price", "fee", "freight"].iter().any(|end| name.ends_with(end))
}

/// A price with its unit. Words, null and nothing are shown as they are.
fn yuan(field: &Field<'_>, style: Style, texts: Texts) -> Piece {
    let cell = cell(field, style);
    match field.price() {
        Some(_) => Piece::figure(with_yuan(&cell.text, texts), cell.style),
        None if field.text().is_some_and(|text| !text.contains(|c: char| c.is_ascii_digit())) => value(field),
        None => Piece::figure(cell.text, cell.style),
    }
}

/// A figure is kept whole; words may be broken.
fn value(field: &Field<'_>) -> Piece {
    let cell = cell(field, Theme.text());
    let is_figure = field.price().is_some() || field.number().is_some();
    if is_figure { Piece::figure(cell.text, cell.style) } else { Piece::text(cell.text, cell.style) }
}

/// A value after the API's name of its field.
fn piece_of(name: &str, field: &Field<'_>) -> Piece {
    value(field).after_name(name)
}
