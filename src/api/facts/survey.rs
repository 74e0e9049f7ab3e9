//! One walk over an answer, where it is read: what the rules could not find out in the time of a key.
//!
//! Objects mostly come with the same members in the same order as the one before them, so the members are named once
//! as a [`Shape`], and after that only compared.

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memmem;

use super::known;
use crate::api::item::Item;
use crate::api::lenient::Field;
use crate::api::side_by_side::side_by_side;
use crate::document::{Document, Kind, NodeId};

/// More unknown fields than these are not told.
const MAX_UNKNOWN: usize = 100;
/// So many SKUs are worth a second thread.
const MANY: usize = 4_096;
/// Where the addresses of images stand.
const IMAGES: [&str; 5] = ["pic_url", "item_imgs", "desc_img", "prop_imgs", "props_img"];

/// What the walk found.
#[derive(Clone, Debug, Default)]
pub(in crate::api) struct Survey {
    pub(super) skus: SkuCounts,
    /// The paths of fields that are not [`known`].
    pub(super) unknown: Vec<String>,
    /// The path of the first key that its object had before.
    pub(super) first_duplicate: Option<String>,
    /// How many such keys there are.
    pub(super) duplicates: usize,
    /// Addresses of images that begin with `https://`, `http://`, `//`.
    pub(super) schemes: [usize; 3],
    /// Whether the description loads the vendor's tracking pixel.
    pub(super) has_pixel: bool,
}

/// What was counted of the SKUs.
#[derive(Clone, Debug, Default)]
pub(super) struct SkuCounts {
    pub(super) count: usize,
    pub(super) out_of_stock: usize,
    /// The sum, where any SKU tells its own.
    pub(super) sales: Option<u64>,
    pub(super) without_id: usize,
    pub(super) first_without_id: Option<usize>,
    /// IDs that more than one SKU has.
    pub(super) doubled: usize,
    /// The first SKU whose ID another one before it has, and the ID.
    pub(super) first_doubled: Option<(usize, String)>,
}

/// What a SKU's member is for the survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Quantity,
    Sales,
    Id,
    Other,
}

/// The keys of an object, in order.
#[derive(Debug, Default)]
struct Shape {
    names: Vec<String>,
    /// The places of keys that stood before in the same object.
    doubled: Vec<usize>,
}

/// Keys that came twice: how many, and the first of them.
#[derive(Debug, Default)]
struct Duplicates {
    count: usize,
    first: Option<NodeId>,
}

/// What one pass over a stretch of the SKUs tells.
#[derive(Debug, Default)]
struct Stretch<'a> {
    counts: SkuCounts,
    /// IDs of digits, with the SKU's place; sorting them is quick.
    numbers: Vec<(u64, usize)>,
    texts: Vec<(Cow<'a, str>, usize)>,
    unknown: Vec<String>,
    duplicates: Duplicates,
    /// Containers inside of SKUs.
    nested: Vec<NodeId>,
}

impl Survey {
    /// Walks over the whole document.
    pub(in crate::api) fn of(document: &Document, item: Option<Item<'_>>) -> Self {
        let mut survey = Self::default();
        let root = document.root();
        note_unknown(document, root, "$.", known::ENVELOPE, &mut survey.unknown);
        let mut stretch = Stretch::default();
        if let Some(item) = item {
            note_unknown(document, item.node(), "$.item.", known::ITEM, &mut survey.unknown);
            stretch = Stretch::of_all(document, item);
            survey.schemes = count_schemes(document, item.node());
            survey.has_pixel =
                document.get(item.node(), "desc").is_some_and(|desc| has_pixel(document.raw_bytes(desc)));
        }
        let mut duplicates = std::mem::take(&mut stretch.duplicates);
        let mut to_visit = std::mem::take(&mut stretch.nested);
        to_visit.push(root);
        duplicates.find_in(document, to_visit, item.and_then(Item::sku_list));
        survey.duplicates = duplicates.count;
        survey.first_duplicate = duplicates.first.map(|node| path_of(document, node));
        for path in std::mem::take(&mut stretch.unknown) {
            meet(&mut survey.unknown, path);
        }
        survey.skus = stretch.counted();
        survey
    }
}

impl Shape {
    fn of(document: &Document, members: &[NodeId]) -> Self {
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

    fn roles(&self) -> Vec<Role> {
        let role = |name: &String| match name.as_str() {
            "quantity" => Role::Quantity,
            "sales" => Role::Sales,
            "sku_id" => Role::Id,
            _ => Role::Other,
        };
        self.names.iter().map(role).collect()
    }
}

impl Duplicates {
    fn meet(&mut self, shape: &Shape, members: &[NodeId]) {
        self.count += shape.doubled.len();
        let here = shape.doubled.first().and_then(|&at| members.get(at)).copied();
        self.first = self.first.into_iter().chain(here).min();
    }

    /// In these containers and all in them, but for the SKUs, which were looked at before.
    fn find_in(&mut self, document: &Document, mut to_visit: Vec<NodeId>, skus: Option<NodeId>) {
        let (mut shape, mut members) = (Shape::default(), Vec::new());
        while let Some(container) = to_visit.pop() {
            let is_object = document.kind(container) == Kind::Object;
            members.clear();
            for member in document.children(container) {
                let kind = document.kind(member);
                let is_sku = skus == Some(container) && kind == Kind::Object;
                if matches!(kind, Kind::Object | Kind::Array) && !is_sku {
                    to_visit.push(member);
                }
                if is_object {
                    members.push(member);
                }
            }
            if is_object && !shape.fits(document, &members) {
                shape = Shape::of(document, &members);
            }
            if is_object {
                self.meet(&shape, &members);
            }
        }
    }
}

impl<'a> Stretch<'a> {
    fn of_all(document: &'a Document, item: Item<'_>) -> Self {
        let skus: Vec<NodeId> = item.skus().map(|sku| sku.node()).collect();
        let half = skus.len() / 2;
        let (front, back) = skus.split_at(half);
        let many = skus.len() >= MANY;
        let halves = side_by_side(many, || Self::of(document, front, 0), || Self::of(document, back, half));
        halves.0.followed_by(halves.1)
    }

    /// `from` is the place of the first of these SKUs.
    fn of(document: &'a Document, skus: &[NodeId], from: usize) -> Self {
        let mut stretch = Self::default();
        let (mut shape, mut roles, mut members) = (Shape::default(), Vec::new(), Vec::new());
        for (at, &sku) in (from..).zip(skus) {
            members.clear();
            members.extend(document.children(sku));
            if !shape.fits(document, &members) {
                shape = Shape::of(document, &members);
                roles = shape.roles();
                stretch.note_unknown(&shape);
            }
            stretch.duplicates.meet(&shape, &members);
            stretch.read(document, at, roles.iter().copied().zip(members.iter().copied()));
        }
        stretch
    }

    /// Of a key that comes twice the last counts, as everywhere.
    fn read(&mut self, document: &'a Document, at: usize, members: impl Iterator<Item = (Role, NodeId)>) {
        let (mut quantity, mut sales, mut id) = (None, None, Field::Absent);
        for (role, node) in members {
            match role {
                Role::Quantity => quantity = Field::at(document, node).count(),
                Role::Sales => sales = Field::at(document, node).count(),
                Role::Id => id = Field::at(document, node),
                Role::Other if matches!(document.kind(node), Kind::Array | Kind::Object) => {
                    self.nested.push(node);
                }
                Role::Other => {}
            }
        }
        let counts = &mut self.counts;
        counts.count += 1;
        counts.out_of_stock += usize::from(quantity == Some(0));
        counts.sales = add(counts.sales, sales);
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

    fn note_unknown(&mut self, shape: &Shape) {
        for name in shape.names.iter().filter(|name| !known::SKU.contains(&name.as_str())) {
            meet(&mut self.unknown, format!("$.item.skus.sku[].{name}"));
        }
    }

    /// With what a later stretch tells.
    fn followed_by(mut self, later: Self) -> Self {
        let (counts, more) = (&mut self.counts, later.counts);
        counts.count += more.count;
        counts.out_of_stock += more.out_of_stock;
        counts.sales = add(counts.sales, more.sales);
        counts.without_id += more.without_id;
        counts.first_without_id = counts.first_without_id.or(more.first_without_id);
        self.numbers.extend(later.numbers);
        self.texts.extend(later.texts);
        later.unknown.into_iter().for_each(|path| meet(&mut self.unknown, path));
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

fn meet(paths: &mut Vec<String>, path: String) {
    if paths.len() < MAX_UNKNOWN && !paths.contains(&path) {
        paths.push(path);
    }
}

/// A key that begins with `agent` is known: the drop-shipping prices come under such names.
fn note_unknown(document: &Document, object: NodeId, prefix: &str, known: &[&str], found: &mut Vec<String>) {
    if document.kind(object) != Kind::Object {
        return;
    }
    for name in document.children(object).filter_map(|member| document.key(member)) {
        if found.len() < MAX_UNKNOWN && !known.contains(&name.as_ref()) && !name.starts_with("agent") {
            meet(found, format!("{prefix}{name}"));
        }
    }
}

fn count_schemes(document: &Document, item: NodeId) -> [usize; 3] {
    let mut counts = [0; 3];
    let mut to_visit: Vec<NodeId> = IMAGES.iter().filter_map(|name| document.get(item, name)).collect();
    while let Some(node) = to_visit.pop() {
        to_visit.extend(document.children(node));
        let raw = document.raw_bytes(node).strip_prefix(b"\"").unwrap_or_default();
        let starts: [&[&[u8]]; 3] = [&[b"https:"], &[b"http:"], &[b"//", br"\/\/"]];
        let scheme = starts.iter().position(|starts| starts.iter().any(|start| raw.starts_with(start)));
        if let Some(count) = scheme.and_then(|scheme| counts.get_mut(scheme)) {
            *count += 1;
        }
    }
    counts
}

/// The address as it stands in JSON, where PHP escapes its slashes.
fn has_pixel(raw: &[u8]) -> bool {
    memmem::find_iter(raw, b"o0b.cn").any(|at| {
        let after = raw.get(at + b"o0b.cn".len()..).unwrap_or_default();
        after.starts_with(b"/i.php?") || after.starts_with(br"\/i.php?")
    })
}

/// `$.item.skus.sku[1].price`
fn path_of(document: &Document, target: NodeId) -> String {
    let (mut path, mut node) = ("$".to_owned(), document.root());
    while node != target {
        // Nodes are numbered in reading order: the last member that begins before the target holds it.
        let before = document.children(node).enumerate().take_while(|(_, member)| *member <= target);
        let Some((at, member)) = before.last() else { return path };
        path += &document.key(member).map_or_else(|| format!("[{at}]"), |key| format!(".{key}"));
        node = member;
    }
    path
}
