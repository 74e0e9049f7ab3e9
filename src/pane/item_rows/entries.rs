//! What a buyer reads of an item, in the trade's order. Price, minimum and stock have an entry even if the answer has
//! nothing in them, since absent, null and empty differ; all others only where there is something.

use super::grid::{Entry, Piece};
use super::quantity::{self, amount_of};
use crate::ui::field::cell;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{Exchange, Field, ImageCounts, Item, MixTerms, NamedField, PriceTier};

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
    entries.extend(sales(item, texts));
    entries.extend(buyers(item, texts));
    entries.extend(one_or_named(texts.label_freight(), "", &item.freight(), texts));
    entries.extend(one_or_named(texts.label_weight(), "", &item.weight(), texts));
    entries.extend(present(texts.label_place(), "location", &item.field("location")));
    entries.push(Entry::new(texts.label_stock(), "num", [counted(&item.field("num"), &unit, texts)]));
    entries.extend(seller(item, texts));
    entries.extend(present(texts.label_brand(), "brand", &item.field("brand")));
    entries.extend(other_price(item, texts.label_crossed_out(), "orginal_price"));
    entries.extend(other_price(item, texts.label_suggested(), "suggestive_price"));
    entries.extend(pictures(exchange, item, texts));
    entries.extend(dates(item, texts));
    entries
}

fn price(item: Item<'_>, texts: Texts) -> Entry {
    let price = cell(&item.field("price"), Theme.price());
    let mut pieces = vec![Piece::figure(price.text, price.style)];
    // For a large answer, it is known a moment later.
    if let Some(prices) = item.known_overview().map(|overview| overview.sku_prices) {
        pieces.extend(prices.span.map(|span| {
            let summary = match span.exact() {
                Some(price) if prices.left_out == 0 => texts.every_sku(price),
                Some(price) => texts.skus_at(price),
                None => texts.skus_from_to(span.low(), span.high()),
            };
            Piece::figure(summary, Theme.dim())
        }));
        let left_out = texts.skus_left_out(prices.left_out, item.sku_count());
        pieces.extend((prices.left_out > 0).then(|| Piece::text(left_out, Theme.warn())));
    }
    Entry::new(texts.label_price(), "price", pieces)
}

fn tiers(item: Item<'_>, texts: Texts) -> Option<Entry> {
    let tiers = item.price_tiers();
    let text = |tier: &PriceTier| format!("≥{} {}", clean(&tier.quantity), clean(&tier.price));
    let piece = |tier: &PriceTier| Piece::figure(text(tier), Theme.text());
    let mut pieces: Vec<Piece> = tiers.iter().take(MAX_TIERS).map(piece).collect();
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
    let figure = |field: &Field<'_>, text: &dyn Fn(String) -> String| {
        let written = field.text().map(|written| text(clean(written).into_owned()));
        written.map(|text| Piece::figure(text, Theme.text()))
    };
    let amount = figure(&terms.amount, &|yuan| texts.mix_from_amount(yuan));
    let number = figure(&terms.number, &|count| texts.mix_from_number(count));
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
    piece_of(&clean(label), field)
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
            Some(Entry::new(label, clean(name).into_owned(), [value(field)]))
        }
        _ => named(label, object, fields, texts),
    }
}

/// The item has two counts of sales, so each is shown under its own name. The API writes -1 for one that it does not
/// give.
fn sales(item: Item<'_>, texts: Texts) -> Option<Entry> {
    let fields = ["sales", "total_sold"].map(|name| (name, item.field(name)));
    let known = fields.iter().filter(|(_, field)| field.has_content());
    let piece = |(name, field): &(&'static str, Field<'_>)| match field.to_text().as_ref() {
        "-1" => Piece::text(texts.not_given(), Theme.dim()).after_name(name),
        _ => piece_of(name, field),
    };
    let pieces: Vec<Piece> = known.map(piece).collect();
    (!pieces.is_empty()).then(|| Entry::new(texts.label_sales(), "", pieces))
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
fn other_price(item: Item<'_>, label: &'static str, name: &'static str) -> Option<Entry> {
    let field = item.field(name);
    let is_nothing = field.price().is_some_and(|price| price.high().is_zero());
    let amounts = |field: &Field<'_>| field.price().map(|price| (price.low(), price.high()));
    let is_same = match (amounts(&field), amounts(&item.field("price"))) {
        (Some((low, high)), Some(own)) => low.compare(own.0).is_eq() && high.compare(own.1).is_eq(),
        _ => false,
    };
    if is_nothing || is_same { None } else { present(label, name, &field) }
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
