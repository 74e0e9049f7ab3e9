//! Decides what the item of an ID is: trade, title, axes, SKUs, props, seller. [`super::fields`] writes it.

use super::field_types::FieldTypes;
use super::shop::Shop;
use super::sku::{self, Axis, PlannedSku, Pricing};
use super::words::{self, WordList, WordSection};
use crate::seeded_rng::SeededRng;

/// How many SKUs an ID can have when it does not ask for a number; common ones are listed more than once.
const USUAL_COUNTS: [usize; 11] = [0, 1, 2, 2, 6, 12, 12, 30, 30, 48, 300];

/// Endings of IDs that ask for a number of SKUs.
pub(crate) const ASKED_COUNTS: [(&str, usize); 6] =
    [("99999", 0), ("90001", 1), ("90002", 2), ("90030", 30), ("90300", 300), ("10000", 10_000)];

/// The number of SKUs that an ID asks for by its last five digits. This outranks an error code in the last four.
pub(crate) fn asked_sku_count(num_iid: &str) -> Option<usize> {
    ASKED_COUNTS.iter().find(|(ending, _)| num_iid.ends_with(ending)).map(|(_, count)| *count)
}

/// An item before it is written down.
pub(super) struct Plan {
    pub(super) num_iid: String,
    pub(super) turn: Turn,
    pub(super) types: FieldTypes,
    pub(super) trade: &'static WordSection,
    pub(super) title: String,
    pub(super) axes: Vec<Axis>,
    pub(super) skus: Vec<PlannedSku>,
    /// Name and value, in order.
    pub(super) props: Vec<(&'static str, String)>,
    /// The price of the item itself, in fen.
    pub(super) fen: u64,
    pub(super) seller: PlannedSeller,
}

/// A span of time in which stock and price stay the same.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    /// Counted from 1970 on.
    pub(super) number: u64,
    /// How long it is.
    pub(super) seconds: u64,
}

/// Who sells it.
pub(super) struct PlannedSeller {
    pub(super) nick: String,
    pub(super) company: String,
    pub(super) id: String,
    /// The shop's; `None` of a seller of one item.
    pub(super) sid: Option<String>,
    pub(super) place: &'static str,
}

impl Plan {
    /// The item of `num_iid` with stock and price of that turn.
    pub(super) fn new(num_iid: &str, turn: Turn) -> Self {
        let trade = trade_of(num_iid);
        let axes = axes(num_iid, trade);
        let pricing = pricing(num_iid, trade, axes.len(), turn);
        Self {
            num_iid: num_iid.to_owned(),
            turn,
            types: FieldTypes::new(num_iid),
            trade,
            title: title(num_iid, trade),
            props: props(num_iid, trade, &axes),
            skus: sku::combine(num_iid, &axes, &pricing, turn.number),
            // Captured: an item's price can be below that of every SKU.
            fen: if SeededRng::new(num_iid, "low").one_in(10) {
                (pricing.base * 9 / 10).max(1)
            } else {
                pricing.base
            },
            axes,
            seller: seller(num_iid, trade),
        }
    }

    /// A generator for one aspect of this item.
    pub(super) fn rng(&self, aspect: &str) -> SeededRng {
        SeededRng::new(&self.num_iid, aspect)
    }

    /// Pieces in stock: those of all SKUs, or of the item if it has none.
    pub(super) fn stock(&self) -> u64 {
        match self.skus.as_slice() {
            [] => sku::stock(&mut self.rng("stock"), self.turn.number),
            skus => skus.iter().map(|sku| sku.quantity).sum(),
        }
    }
}

/// The title of an item.
pub(super) fn title_of(num_iid: &str) -> String {
    title(num_iid, trade_of(num_iid))
}

/// The trade of a shop's items.
pub(super) fn trade_of_shop(shop: Shop) -> &'static WordSection {
    SeededRng::new(&shop.key(), "trade").pick(words::trades())
}

fn trade_of(num_iid: &str) -> &'static WordSection {
    match Shop::of_item(num_iid) {
        Some(shop) => trade_of_shop(shop),
        None => SeededRng::new(num_iid, "trade").pick(words::trades()),
    }
}

fn axes(num_iid: &str, trade: &'static WordSection) -> Vec<Axis> {
    let mut rng = SeededRng::new(num_iid, "axes");
    let count = asked_sku_count(num_iid).unwrap_or_else(|| *rng.pick(&USUAL_COUNTS));
    let sizes = sku::axis_sizes(count, &mut rng);
    let order = rng.shuffled(trade.axes.len());
    sizes
        .into_iter()
        .zip(order)
        .map(|(size, position)| {
            let (name, words) = &trade.axes[position];
            Axis::new(name, words, size, &mut rng)
        })
        .collect()
}

fn pricing(num_iid: &str, trade: &WordSection, axes: usize, turn: Turn) -> Pricing {
    let mut rng = SeededRng::new(num_iid, "price");
    let (low, high) = trade.price_span();
    // Most wares are cheap: the upper end of the span is drawn first, the price below it.
    let upper = low + (high - low) / rng.between(1, 8);
    let base = rng.between(low, upper);
    let rising_axis =
        (axes > 0 && !rng.one_in(3)).then(|| usize::try_from(rng.below(axes as u64)).unwrap_or(0));
    let step = rng.between(2, 9);
    // Every six turns a new price, within 2 percent of the usual one.
    let percent = SeededRng::new(num_iid, "price drift").mixed_with(turn.number / 6).between(98, 102);
    Pricing { base: (base * percent / 100).max(1), rising_axis, step }
}

fn title(num_iid: &str, trade: &WordSection) -> String {
    let mut rng = SeededRng::new(num_iid, "title");
    let common = words::common();
    let goods = trade.word("goods", &mut rng);
    let mark = trade.word("mark", &mut rng);
    if rng.one_in(5) {
        return format!("{mark}{goods}{}", rng.between(1, 999));
    }
    let mut words = vec![common.word("hype", &mut rng), mark, goods];
    words.extend([common.word("audience", &mut rng), common.word("tail", &mut rng)]);
    if rng.one_in(3) {
        words.extend([trade.word("mark", &mut rng), goods, common.word("brand", &mut rng), " "]);
        words.extend([common.word("tail", &mut rng), " ", common.word("hype", &mut rng)]);
    }
    // 1688 takes no more than 60 characters.
    words.concat().chars().take(60).collect()
}

/// The trade's own props, then those of the axes, then common ones up to the ID's number. As in the vendor's
/// example, the axes are among the props.
fn props(num_iid: &str, trade: &'static WordSection, axes: &[Axis]) -> Vec<(&'static str, String)> {
    let mut rng = SeededRng::new(num_iid, "props");
    let wanted = usize::try_from(rng.between(3, 40)).unwrap_or(3);
    let is_axis = |name: &str| axes.iter().any(|axis| axis.name == name);
    let mut drawn = |(name, values): &WordList| (*name, (*rng.pick(values)).to_owned());
    let own = trade.props.iter().filter(|(name, _)| !is_axis(name)).take(wanted - axes.len());
    let mut props: Vec<_> = own.map(&mut drawn).collect();
    props.extend(axes.iter().map(|axis| (axis.name, axis.values.join(","))));
    let missing = wanted.saturating_sub(props.len());
    props.extend(words::common().props.iter().take(missing).map(drawn));
    props
}

fn seller(num_iid: &str, trade: &WordSection) -> PlannedSeller {
    let shop = Shop::of_item(num_iid);
    let key = shop.map(Shop::key);
    let mut rng = SeededRng::new(key.as_deref().unwrap_or(num_iid), "seller");
    let common = words::common();
    let place = common.word("place", &mut rng);
    let city = place.split(' ').next_back().unwrap_or(place);
    let brand = common.word("brand", &mut rng);
    let company = common.word("company", &mut rng);
    // Captured: some sellers come as an encrypted token instead of a name.
    let nick =
        if rng.one_in(9) { format!("_sopid@BBB{}", rng.hex(24)) } else { format!("{brand}{}", trade.name) };
    PlannedSeller {
        nick,
        company: format!("{}{brand}{}{company}", city.trim_end_matches('市'), trade.name),
        id: shop
            .map_or_else(|| rng.between(2_200_000_000_000, 2_219_999_999_999).to_string(), Shop::seller_id),
        sid: shop.map(Shop::sid),
        place,
    }
}
