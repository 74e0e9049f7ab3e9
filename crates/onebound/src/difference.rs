//! Compares two answers for one item, or two items, in the order that matters to a buyer.
//!
//! ```text
//!  facts        price, minimum, stock, sales, freight, location, brand, title: with exact amounts
//!  skus         joined by sku_id, else spec_id, else properties: added, gone, changed
//!  props        by name                    images       by URL
//!  description  in numbers, not in HTML    fields       all else of the item, by path
//!  envelope     what is not different in every answer
//! ```
//!
//! Left out: the vendor's tracking pixel, and the fields of the envelope that differ each time
//! ([`VOLATILE`]). Absent, null, empty and another type are changes: [`ChangeKind`] says which. Texts are compared
//! as they read, so that `\u624b` and `手` are the same; the order of an object's members is none.

mod description;
mod diff;
mod join;
mod lists;
mod skus;
mod tiers;
mod value;

use super::exchange::Exchange;
use super::item::Item;
use super::reply::Reply;
use onebound_document::NodeId;

pub use description::{DescriptionChange, DescriptionSize};
use diff::Comparison;
pub use lists::ImageChange;
pub use skus::{SkuChange, SkuChangeKind, SkuFacts};
pub use value::{Change, ChangeKind, ChangeStatus, ChangedValue};

/// Fields of the envelope that differ in every answer, or describe the vendor's cache.
pub const VOLATILE: [&str; 13] = [
    "api_info",
    "cache",
    "call_args",
    "client_ip",
    "execution_time",
    "last_id",
    "request_id",
    "secache",
    "secache_date",
    "secache_time",
    "server_memory",
    "server_time",
    "translate_time",
];

/// The item's fields that are read first, in this order.
const FACTS: [&str; 21] = [
    "price",
    "priceRange",
    "orginal_price",
    "suggestive_price",
    "total_price",
    "min_num",
    "is_support_mix",
    "mix_amount",
    "mix_number",
    "mix_begin",
    "num",
    "quantity",
    "sales",
    "total_sold",
    "post_fee",
    "express_fee",
    "ems_fee",
    "location",
    "brand",
    "title",
    "pic_url",
];

/// Lists of the item that have their own way of being compared.
const SKUS: &str = "skus";
const PROPS: &str = "props";
const IMAGES: [&str; 4] = ["item_imgs", "prop_imgs", "props_imgs", "desc_img"];
const DESCRIPTION: &str = "desc";
/// Compared by quantity, where it can be read.
const TIERS: &str = "priceRange";

/// Which of the two answers holds an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemPresence {
    /// Both.
    Both,
    /// The earlier one only.
    OnlyBefore,
    /// The later one only.
    OnlyAfter,
    /// Neither.
    #[default]
    Neither,
}

/// What changed. Unless both answers hold an item, only `outcome_changed`, `bodies` and `envelope` are
/// set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Which of the two answers holds an item.
    pub items: ItemPresence,
    /// The IDs, if the answers are about two different items.
    pub two_items: Option<[String; 2]>,
    /// Whether the outcome of the call changed.
    pub outcome_changed: bool,
    /// The sizes in bytes of two different bodies, if at least one is no envelope.
    pub bodies: Option<(usize, usize)>,
    /// Prices, minimum, stock, sales, freight, location, brand, title, main picture.
    pub facts: Vec<Change>,
    /// Changed SKUs in the earlier order, then added ones in the later order, then removed ones.
    pub skus: Vec<SkuChange>,
    /// By name; the value before and after.
    pub props: Vec<Change>,
    /// Added and gone.
    pub images: Vec<ImageChange>,
    /// The change of `desc`.
    pub description: Option<DescriptionChange>,
    /// Lists whose order changed: `skus`, `props`, `item_imgs`.
    pub reordered: Vec<&'static str>,
    /// All else of the item, by path.
    pub fields: Vec<Change>,
    /// Fields of the envelope that are not [`VOLATILE`].
    pub envelope: Vec<Change>,
}

impl Difference {
    /// Compares two answers. Linear in the size of both.
    pub fn between(before: &Exchange, after: &Exchange) -> Self {
        let mut difference = Self {
            items: match (before.item(), after.item()) {
                (Some(_), Some(_)) => ItemPresence::Both,
                (Some(_), None) => ItemPresence::OnlyBefore,
                (None, Some(_)) => ItemPresence::OnlyAfter,
                (None, None) => ItemPresence::Neither,
            },
            two_items: two_items(before, after),
            outcome_changed: before.outcome != after.outcome,
            ..Self::default()
        };
        let (old, new) = (before.body.shown(), after.body.shown());
        match (&before.reply, &after.reply) {
            (Some(before_reply), Some(after_reply)) => {
                difference.compare(before_reply, after_reply, before.item().zip(after.item()));
            }
            _ => difference.bodies = (old != new).then_some((old.len(), new.len())),
        }
        difference
    }

    /// Returns true if nothing changed but the fields that are left out.
    pub fn is_empty(&self) -> bool {
        *self == Self { items: self.items, two_items: self.two_items.clone(), ..Self::default() }
    }

    fn compare(&mut self, before: &Reply, after: &Reply, items: Option<(Item<'_>, Item<'_>)>) {
        let ((old, old_root), (new, new_root)) = (before.answer(), after.answer());
        let mut walk = Comparison::new(old, new);
        let mut left_out = VOLATILE.to_vec();
        if let Some((old, new)) = items {
            self.compare_items(old, new, &mut walk);
            left_out.push("item");
            // Of an item that came by itself there is nothing around it.
            if old.node() == old_root || new.node() == new_root {
                return;
            }
        }
        walk.members(old_root, new_root, &left_out);
        self.envelope = walk.take();
    }

    fn compare_items(&mut self, old: Item<'_>, new: Item<'_>, walk: &mut Comparison<'_>) {
        let (before, after) = (old.node(), new.node());
        for name in FACTS {
            match tiers::compare(old, new).filter(|_| name == TIERS) {
                Some(changes) => walk.add(changes),
                None => walk.member(name, before, after),
            }
        }
        self.facts = walk.take();
        let changed = walk.differing(DESCRIPTION, before, after);
        self.description = changed.and_then(|(old, new)| description::compare(old, new));
        // Below, the walk gathers what the lists have besides their elements, and then all other fields.
        self.compare_lists(old, new, walk);
        walk.members(before, after, &compared_apart());
        self.fields = walk.take();
    }

    fn compare_lists(&mut self, old: Item<'_>, new: Item<'_>, walk: &mut Comparison<'_>) {
        let (before, after): (NodeId, NodeId) = (old.node(), new.node());
        let mut reordered = |moved: bool, name: &'static str| {
            if moved {
                self.reordered.push(name);
            }
        };
        walk.around(SKUS, before, after);
        let (skus, moved) = skus::compare(old, new, walk);
        self.skus = skus;
        reordered(moved, SKUS);
        walk.around(PROPS, before, after);
        let (props, moved) = lists::props(old, new, walk);
        self.props = props;
        reordered(moved, PROPS);
        for name in IMAGES {
            let lists = walk.around(name, before, after);
            let (images, moved) = lists::images(name, lists, walk);
            self.images.extend(images);
            reordered(moved, name);
        }
    }
}

/// The ID of the item that an exchange is about: that of the answer, else the requested one.
pub fn item_id_of(exchange: &Exchange) -> Option<String> {
    let own = exchange.item().map(|item| item.field("num_iid").to_text()).filter(|id| !id.is_empty());
    own.or_else(|| exchange.call.num_iid().map(|id| id.as_str().to_owned()))
}

fn two_items(before: &Exchange, after: &Exchange) -> Option<[String; 2]> {
    let both = [item_id_of(before)?, item_id_of(after)?];
    let [first, second] = &both;
    (first != second).then_some(both)
}

/// The item's members that are not among its other fields.
fn compared_apart() -> Vec<&'static str> {
    let lists = IMAGES.into_iter().chain([SKUS, PROPS, DESCRIPTION]);
    FACTS.into_iter().chain(lists).collect()
}
