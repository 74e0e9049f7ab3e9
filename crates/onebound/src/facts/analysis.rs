//! One pass over an answer, when it is read: collects what the rules need and what takes longer than a key press may.

mod duplicates;
mod sku_scan;

use std::fmt;

use memchr::memmem;

use super::inner_error;
use crate::description::ImageCounts;
use crate::field_table::{self, FieldTable};
use crate::item::Item;
use crate::overview::{Oddity, oddities_of};
use onebound_document::{Document, NodeId, NodeKind, Violations};
use sku_scan::{SkuCounts, SkuScan};

/// At most this many unknown fields are reported.
const MAX_UNKNOWN: usize = 100;
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
    /// Violations of the JSON syntax.
    pub(crate) violations: Violations,
    /// Whether the description loads the vendor's tracking pixel.
    pub(super) has_pixel: bool,
    /// Fields around the item that are of another shape than they should be.
    pub(super) oddities: Vec<Oddity>,
    /// An error inside of the answer, and what it says.
    pub(super) inner_error: Option<(NodeId, String)>,
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
            record_path(&mut analysis.unknown, path, node);
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
        let description = item.description();
        self.pictures = ImageCounts::new(item, description);
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

fn record_path(paths: &mut Vec<(String, NodeId)>, path: String, node: NodeId) {
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
            record_path(found, format!("{prefix}{name}"), member);
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
