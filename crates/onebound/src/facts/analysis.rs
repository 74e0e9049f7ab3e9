//! One pass over an answer, when it is read: collects what the rules need and what takes longer than a key press may.
//!
//! Objects mostly come with the same members in the same order as the one before them, so the members are named once
//! as a [`KeyLayout`], and after that only compared.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use memchr::memmem;

use super::inner_error;
use crate::description::{DescriptionText, ImageCounts};
use crate::field::Field;
use crate::field_table::{self, FieldTable};
use crate::item::Item;
use crate::overview::{Oddity, oddities_of};
use crate::parallel::join2;
use onebound_document::{Document, NodeId, NodeKind, Violations};

/// At most this many unknown fields are reported.
const MAX_UNKNOWN: usize = 100;
/// From this many SKUs on, a second thread pays off.
const MANY: usize = 4_096;
/// Fields of the item that hold image URLs.
const IMAGES: [&str; 5] = ["pic_url", "item_imgs", "desc_img", "prop_imgs", "props_img"];

/// The results of the pass.
#[derive(Clone, Default)]
pub(crate) struct Analysis {
    pub(super) skus: SkuCounts,
    /// The paths of fields that are not [`fields`] of the tables, as in an answer of the usual form, and the first of
    /// each.
    pub(super) unknown: Vec<(String, NodeId)>,
    /// The first whose key its object had before.
    pub(super) first_duplicate: Option<NodeId>,
    /// How many such keys there are.
    pub(super) duplicates: usize,
    /// Addresses of images that begin with `https://`, `http://`, `//`.
    pub(super) schemes: [usize; 3],
    /// Addresses of images that nobody can load, the description's among them.
    pub(super) broken: usize,
    /// The first of those, and what it is.
    pub(super) first_broken: Option<(NodeId, String)>,
    /// How many pictures the item has.
    pub(super) pictures: ImageCounts,
    /// What of the body no strict reader of JSON takes.
    pub(crate) violations: Violations,
    /// Whether the description loads the vendor's tracking pixel.
    pub(super) has_pixel: bool,
    /// Fields around the item that are of another shape than they should be.
    pub(super) oddities: Vec<Oddity>,
    /// An error inside of the answer, and what it says.
    pub(super) inner_error: Option<(NodeId, String)>,
}

/// What was counted of the SKUs.
#[derive(Clone, Debug, Default)]
pub(super) struct SkuCounts {
    pub(super) count: usize,
    pub(super) out_of_stock: usize,
    /// The sum over all SKUs with a count; `None` if there is none.
    pub(super) sales: Option<u64>,
    /// How many SKUs have a count.
    pub(super) with_sales: usize,
    pub(super) without_id: usize,
    pub(super) first_without_id: Option<usize>,
    /// IDs that more than one SKU has.
    pub(super) doubled: usize,
    /// The first SKU whose ID another one before it has, and the ID.
    pub(super) first_doubled: Option<(usize, String)>,
}

/// What a SKU's member is for the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SkuField {
    Quantity,
    Sales,
    Id,
    Other,
}

/// The keys of an object, in order.
#[derive(Debug, Default)]
struct KeyLayout {
    names: Vec<String>,
    /// Positions of keys that occurred earlier in the same object.
    doubled: Vec<usize>,
}

/// Keys that came twice: how many, and the first of them.
#[derive(Debug, Default)]
struct Duplicates {
    count: usize,
    first: Option<NodeId>,
}

/// What one pass over a range of the SKUs found.
#[derive(Debug, Default)]
struct SkuScan<'a> {
    counts: SkuCounts,
    /// IDs of digits, with the SKU's place; sorting them is quick.
    numbers: Vec<(u64, usize)>,
    texts: Vec<(Cow<'a, str>, usize)>,
    unknown: Vec<(String, NodeId)>,
    duplicates: Duplicates,
    /// Containers inside of SKUs.
    nested: Vec<NodeId>,
}

impl fmt::Debug for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analysis").finish_non_exhaustive()
    }
}

impl Analysis {
    /// How many pictures the item has.
    pub(crate) fn pictures(&self) -> ImageCounts {
        self.pictures
    }

    /// Walks over the whole answer.
    pub(crate) fn new(document: &Document, root: NodeId, item: Option<Item<'_>>) -> Self {
        let mut analysis = Self::default();
        let is_item_alone = item.is_some_and(|item| item.node() == root);
        if !is_item_alone {
            note_unknown(document, root, "$.", field_table::ENVELOPE, &mut analysis.unknown);
            analysis.oddities = oddities_of(document, root, field_table::ENVELOPE);
        }
        analysis.inner_error = inner_error::find(document, root);
        let mut scan = SkuScan::default();
        if let Some(item) = item {
            note_unknown(document, item.node(), "$.item.", field_table::ITEM, &mut analysis.unknown);
            scan = SkuScan::of_item(document, item);
            analysis.look_at_images(document, item);
            analysis.has_pixel =
                document.get(item.node(), "desc").is_some_and(|desc| has_pixel(document.raw_bytes(desc)));
        }
        let mut duplicates = std::mem::take(&mut scan.duplicates);
        let mut to_visit = std::mem::take(&mut scan.nested);
        to_visit.push(root);
        duplicates.find_in(document, to_visit, item.and_then(Item::sku_list));
        analysis.duplicates = duplicates.count;
        analysis.first_duplicate = duplicates.first;
        for (path, node) in std::mem::take(&mut scan.unknown) {
            meet(&mut analysis.unknown, path, node);
        }
        analysis.skus = scan.counted();
        analysis
    }

    fn look_at_images(&mut self, document: &Document, item: Item<'_>) {
        let mut to_visit: Vec<NodeId> =
            IMAGES.iter().rev().filter_map(|name| document.get(item.node(), name)).collect();
        while let Some(node) = to_visit.pop() {
            let before = to_visit.len();
            to_visit.extend(document.children(node));
            // In the body's order.
            if let Some(inside) = to_visit.get_mut(before..) {
                inside.reverse();
            }
            if document.kind(node) == NodeKind::String {
                self.meet_address(node, &document.text(node));
            }
        }
        let description = DescriptionText::from_item(item);
        self.pictures = ImageCounts::new(item, &description);
        if let Some(desc) = document.get(item.node(), "desc") {
            // Those behind them are of `desc_img`, and were met above.
            let of_html = description.addresses().take(description.in_html);
            of_html.filter(|address| is_broken(address)).for_each(|address| self.meet_broken(desc, address));
        }
    }

    fn meet_address(&mut self, node: NodeId, address: &str) {
        if is_broken(address) {
            return self.meet_broken(node, address);
        }
        let scheme = ["https:", "http:", "//"].iter().position(|scheme| address.starts_with(scheme));
        if let Some(count) = scheme.and_then(|scheme| self.schemes.get_mut(scheme)) {
            *count += 1;
        }
    }

    fn meet_broken(&mut self, node: NodeId, address: &str) {
        self.broken += 1;
        self.first_broken.get_or_insert_with(|| (node, address.to_owned()));
    }
}

/// Whether it has a second scheme, before what may hold the address of something else: nobody can load that.
fn is_broken(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let schemes = path.matches("https:").count() + path.matches("http:").count();
    schemes > 1
}

impl KeyLayout {
    fn new(document: &Document, members: &[NodeId]) -> Self {
        let names: Vec<String> =
            members.iter().map(|&member| document.key(member).unwrap_or_default().into_owned()).collect();
        let mut seen = HashSet::new();
        let doubled = (0..names.len()).filter(|&at| !names.get(at).is_some_and(|name| seen.insert(name)));
        let doubled = doubled.collect();
        Self { names, doubled }
    }

    fn fits(&self, document: &Document, members: &[NodeId]) -> bool {
        let mut pairs = members.iter().zip(&self.names);
        self.names.len() == members.len() && pairs.all(|(&member, name)| document.has_key(member, name))
    }

    fn roles(&self) -> Vec<SkuField> {
        let role = |name: &String| match name.as_str() {
            "quantity" => SkuField::Quantity,
            "sales" => SkuField::Sales,
            "sku_id" => SkuField::Id,
            _ => SkuField::Other,
        };
        self.names.iter().map(role).collect()
    }
}

impl Duplicates {
    fn meet(&mut self, shape: &KeyLayout, members: &[NodeId]) {
        self.count += shape.doubled.len();
        let here = shape.doubled.first().and_then(|&at| members.get(at)).copied();
        self.first = self.first.into_iter().chain(here).min();
    }

    /// In these containers and all in them, but for the SKUs, which were looked at before.
    fn find_in(&mut self, document: &Document, mut to_visit: Vec<NodeId>, skus: Option<NodeId>) {
        let (mut shape, mut members) = (KeyLayout::default(), Vec::new());
        while let Some(container) = to_visit.pop() {
            let is_object = document.kind(container) == NodeKind::Object;
            members.clear();
            for member in document.children(container) {
                let kind = document.kind(member);
                let is_sku = skus == Some(container) && kind == NodeKind::Object;
                if matches!(kind, NodeKind::Object | NodeKind::Array) && !is_sku {
                    to_visit.push(member);
                }
                if is_object {
                    members.push(member);
                }
            }
            if is_object && !shape.fits(document, &members) {
                shape = KeyLayout::new(document, &members);
            }
            if is_object {
                self.meet(&shape, &members);
            }
        }
    }
}

impl<'a> SkuScan<'a> {
    fn of_item(document: &'a Document, item: Item<'_>) -> Self {
        let skus: Vec<NodeId> = item.skus().map(|sku| sku.node()).collect();
        let half = skus.len() / 2;
        let (front, back) = skus.split_at(half);
        let many = skus.len() >= MANY;
        let halves = join2(many, || Self::new(document, front, 0), || Self::new(document, back, half));
        halves.0.followed_by(halves.1)
    }

    /// `from` is the place of the first of these SKUs.
    fn new(document: &'a Document, skus: &[NodeId], from: usize) -> Self {
        let mut scan = Self::default();
        let (mut shape, mut roles, mut members) = (KeyLayout::default(), Vec::new(), Vec::new());
        for (at, &sku) in (from..).zip(skus) {
            members.clear();
            members.extend(document.children(sku));
            if !shape.fits(document, &members) {
                shape = KeyLayout::new(document, &members);
                roles = shape.roles();
                scan.note_unknown(&shape, &members);
            }
            scan.duplicates.meet(&shape, &members);
            scan.read(document, at, roles.iter().copied().zip(members.iter().copied()));
        }
        scan
    }

    /// Of a key that comes twice the last counts, as everywhere.
    fn read(&mut self, document: &'a Document, at: usize, members: impl Iterator<Item = (SkuField, NodeId)>) {
        let (mut quantity, mut sales, mut id) = (None, None, Field::Absent);
        for (role, node) in members {
            match role {
                SkuField::Quantity => quantity = Field::from_node(document, node).pieces(),
                SkuField::Sales => sales = Field::from_node(document, node).pieces(),
                SkuField::Id => id = Field::from_node(document, node),
                SkuField::Other if matches!(document.kind(node), NodeKind::Array | NodeKind::Object) => {
                    self.nested.push(node);
                }
                SkuField::Other => {}
            }
        }
        let counts = &mut self.counts;
        counts.count += 1;
        counts.out_of_stock += usize::from(quantity == Some(0));
        counts.sales = add(counts.sales, sales);
        counts.with_sales += usize::from(sales.is_some());
        match (id.text(), id.count()) {
            (Some(text), Some(number)) if !text.starts_with(['0', '+', ' ']) => {
                self.numbers.push((number, at));
            }
            (Some(text), _) => self.texts.push((Cow::Owned(text.to_owned()), at)),
            (None, _) => {
                counts.without_id += 1;
                counts.first_without_id.get_or_insert(at);
            }
        }
    }

    fn note_unknown(&mut self, shape: &KeyLayout, members: &[NodeId]) {
        let named = shape.names.iter().zip(members);
        for (name, node) in named.filter(|(name, _)| !field_table::names(field_table::SKU, name)) {
            meet(&mut self.unknown, format!("$.item.skus.sku[].{name}"), *node);
        }
    }

    /// Adds the results of a later range.
    fn followed_by(mut self, later: Self) -> Self {
        let (counts, more) = (&mut self.counts, later.counts);
        counts.count += more.count;
        counts.out_of_stock += more.out_of_stock;
        counts.sales = add(counts.sales, more.sales);
        counts.with_sales += more.with_sales;
        counts.without_id += more.without_id;
        counts.first_without_id = counts.first_without_id.or(more.first_without_id);
        self.numbers.extend(later.numbers);
        self.texts.extend(later.texts);
        later.unknown.into_iter().for_each(|(path, node)| meet(&mut self.unknown, path, node));
        self.duplicates.count += later.duplicates.count;
        self.duplicates.first = self.duplicates.first.or(later.duplicates.first);
        self.nested.extend(later.nested);
        self
    }

    /// With the IDs that came twice.
    fn counted(self) -> SkuCounts {
        let Self { mut counts, mut numbers, mut texts, .. } = self;
        let (mut doubled, mut first) = (0, None);
        doubled_in(&mut numbers, ToString::to_string, &mut doubled, &mut first);
        doubled_in(&mut texts, |text| text.clone().into_owned(), &mut doubled, &mut first);
        (counts.doubled, counts.first_doubled) = (doubled, first);
        counts
    }
}

fn doubled_in<T: Ord>(
    ids: &mut [(T, usize)],
    written: impl Fn(&T) -> String,
    doubled: &mut usize,
    first: &mut Option<(usize, String)>,
) {
    ids.sort_unstable();
    for same in ids.chunk_by(|one, other| one.0 == other.0) {
        let [_, (id, at), ..] = same else { continue };
        *doubled += 1;
        if first.as_ref().is_none_or(|(earliest, _)| at < earliest) {
            *first = Some((*at, written(id)));
        }
    }
}

fn add(sum: Option<u64>, more: Option<u64>) -> Option<u64> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(sum.saturating_add(more)),
        (sum, more) => sum.or(more),
    }
}

fn meet(paths: &mut Vec<(String, NodeId)>, path: String, node: NodeId) {
    if paths.len() < MAX_UNKNOWN && paths.iter().all(|(known, _)| *known != path) {
        paths.push((path, node));
    }
}

/// A key that begins with `agent` is known: the drop-shipping prices come under such names.
fn note_unknown(
    document: &Document,
    object: NodeId,
    prefix: &str,
    table: &FieldTable,
    found: &mut Vec<(String, NodeId)>,
) {
    if document.kind(object) != NodeKind::Object {
        return;
    }
    let members = document.children(object).filter_map(|member| Some((document.key(member)?, member)));
    for (name, member) in members {
        if found.len() < MAX_UNKNOWN && !field_table::names(table, &name) && !name.starts_with("agent") {
            meet(found, format!("{prefix}{name}"), member);
        }
    }
}

/// Looks for the URL in raw JSON, where PHP escapes its slashes.
fn has_pixel(raw: &[u8]) -> bool {
    memmem::find_iter(raw, b"o0b.cn").any(|at| {
        let after = raw.get(at + b"o0b.cn".len()..).unwrap_or_default();
        after.starts_with(b"/i.php?") || after.starts_with(br"\/i.php?")
    })
}
