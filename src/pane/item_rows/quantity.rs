//! What a quantity costs, and what keeps it from being bought.

use super::grid::{Entry, Piece};
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{Item, Price, QuantityPrice, Quote, Sku, SkuPriceGroup};

/// Prices of SKUs with a row.
const MAX_GROUPS: usize = 4;

pub(super) fn entries(item: Item<'_>, quantity: u64, texts: Texts) -> Vec<Entry> {
    let unit = item.field("unit").to_text();
    let unit = clean(&unit);
    let label =
        if unit.is_empty() { texts.label_at(quantity) } else { texts.label_at_units(quantity, &unit) };
    let quote = item.quote(quantity);
    let mut pieces = price_pieces(&quote, quantity, texts);
    pieces.extend(warnings(&quote, item, &unit, texts));
    let mut entries = vec![Entry::new(label, "", pieces)];
    if let QuantityPrice::PerSku(groups) = &quote.price
        && groups.len() > 1
    {
        entries
            .extend(groups.iter().take(MAX_GROUPS).map(|group| group_entry(item, *group, quantity, texts)));
        if let Some(more) = groups.len().checked_sub(MAX_GROUPS).filter(|more| *more > 0) {
            entries.push(Entry::new("", "", [Piece::text(texts.more_prices(more), Theme.dim())]));
        }
    }
    // Several lines are a block of their own between the other entries.
    if entries.len() > 1 {
        entries = entries.into_iter().map(Entry::alone).collect();
    }
    entries
}

/// The price of one piece, and that of all.
fn price_pieces(quote: &Quote, quantity: u64, texts: Texts) -> Vec<Piece> {
    let warning = |text: &'static str| vec![Piece::text(text, Theme.warn())];
    match &quote.price {
        QuantityPrice::BelowFirstTier => warning(texts.below_first_tier()),
        QuantityPrice::UnreadTiers => warning(texts.unread_tiers()),
        QuantityPrice::Unknown => warning(texts.no_price()),
        QuantityPrice::Each(written, price) => {
            let each = Piece::figure(with_yuan(&clean(written), texts), Theme.price());
            vec![each, total(*price, quantity, texts)]
        }
        QuantityPrice::PerSku(groups) => {
            let all = groups.iter().map(|group| group.price).reduce(Price::spanning);
            let text = all.map_or_else(|| "–".to_owned(), |all| texts.in_yuan(span_text(all, texts)));
            let basis = if quote.ignores_tiers { texts.by_sku_not_tiers() } else { texts.by_sku() };
            vec![
                Piece::figure(text, Theme.price()),
                total(all, quantity, texts),
                Piece::text(basis, if quote.ignores_tiers { Theme.warn() } else { Theme.dim() }),
            ]
        }
    }
}

fn total(each: Option<Price>, quantity: u64, texts: Texts) -> Piece {
    match each.and_then(|each| each.times(quantity)) {
        Some(total) => Piece::figure(texts.in_all(span_text(total, texts)), Theme.text()),
        None => Piece::text(texts.no_total(), Theme.warn()),
    }
}

pub(super) fn span_text(price: Price, texts: Texts) -> String {
    match price.exact() {
        Some(amount) => amount.to_string(),
        None => texts.price_from_to(price.low(), price.high()),
    }
}

/// Says what keeps the quantity from being bought: the minimum, the stock of the item, or that of its SKUs.
fn warnings(quote: &Quote, item: Item<'_>, unit: &str, texts: Texts) -> Vec<Piece> {
    let amount = |count: u64| amount_of(&count.to_string(), unit, texts);
    // The price says that already where there is no tier for so few.
    let is_said = matches!(quote.price, QuantityPrice::BelowFirstTier);
    let below = quote.below_minimum.filter(|_| !is_said).map(|minimum| texts.below_minimum(amount(minimum)));
    let above = quote.above_stock.map(|stock| texts.above_stock(amount(stock)));
    let skus = item.sku_count();
    let short = (above.is_none() && quote.short_skus > 0).then(|| texts.short_skus(quote.short_skus, skus));
    // Without any priced SKU, the price is the item's own.
    let some_unpriced = (1..skus).contains(&quote.unpriced_skus);
    let unpriced = some_unpriced.then(|| texts.skus_left_out(quote.unpriced_skus, skus));
    let texts = [below, above, short, unpriced].into_iter().flatten();
    texts.map(|text| Piece::text(text, Theme.warn())).collect()
}

/// A price of some SKUs: `15.80  合计 1580.00  白色 / S 等12个`.
fn group_entry(item: Item<'_>, group: SkuPriceGroup, quantity: u64, texts: Texts) -> Entry {
    let name = item.sku(group.first).map(|sku| sku_name(item, sku)).unwrap_or_default();
    let name = match group.skus {
        1 => clean(&name).into_owned(),
        skus => texts.sku_group(clean(&name), skus),
    };
    let price = Piece::figure(texts.in_yuan(span_text(group.price, texts)), Theme.price());
    let total = total(Some(group.price), quantity, texts);
    Entry::new("", "", [price, total, Piece::text(name, Theme.text())])
}

/// The values of a SKU's properties; its ID if there are none.
fn sku_name(item: Item<'_>, sku: Sku<'_>) -> String {
    let mut values: Vec<String> = Vec::new();
    item.each_property(sku, |property| values.push(property.value.to_owned()));
    if values.is_empty() { sku.sku_id().to_text() } else { values.join(" / ") }
}

/// A price with its unit, unless it is in words or names a currency itself.
pub(super) fn with_yuan(price: &str, texts: Texts) -> String {
    let is_bare = |c: char| c.is_ascii_digit() || ".,-–—~～－至 ".contains(c);
    let is_amount = Price::parse(price).is_some() && price.chars().all(is_bare);
    if is_amount { texts.in_yuan(price) } else { price.to_owned() }
}

/// A count in the item's unit.
pub(super) fn amount_of(count: &str, unit: &str, texts: Texts) -> String {
    if unit.is_empty() { count.to_owned() } else { texts.amount_of(count, unit) }
}
