//! Props by name and images by URL.

use std::borrow::Cow;

use super::diff::{Comparison, Pair};
use super::join::Join;
use super::value::{Change, ChangeKind, ChangeStatus, ChangedValue};
use crate::description::PIXEL;
use crate::{Field, Item, Prop};
use onebound_document::{Document, NodeId, NodeKind};

/// An image that was added or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageChange {
    /// [`ChangeStatus::Added`] or [`ChangeStatus::Removed`].
    pub status: ChangeStatus,
    /// `item_imgs`, `desc_img`, …
    pub list: &'static str,
    /// The URL as sent.
    pub url: String,
}

/// The changed props, and whether the order of the common ones changed.
pub(super) fn props(before: Item<'_>, after: Item<'_>, walk: &mut Comparison<'_>) -> (Vec<Change>, bool) {
    let (old, new) = (all_props(before), all_props(after));
    let mut join = Join::new(old.len(), new.len());
    join.by(|row| old.get(row).map(name), |row| new.get(row).map(name));
    let mut found = Vec::new();
    for (a, b) in join.pairs() {
        if let (Some(was), Some(is)) = (old.get(a), new.get(b)) {
            found.extend(prop_change((was, is), b, walk));
        }
    }
    let alone = |document: &Document, prop: &Prop<'_>, status| {
        let value = ChangedValue::from_node(document, value_node(document, prop));
        let (before, after) = match status {
            ChangeStatus::Added => (ChangedValue::Absent, value),
            _ => (value, ChangedValue::Absent),
        };
        Change { status, name: Cow::Owned(name(prop).into_owned()), before, after, kind: ChangeKind::Other }
    };
    found.extend(join.added().filter_map(|row| Some(alone(walk.after, new.get(row)?, ChangeStatus::Added))));
    found.extend(
        join.removed().filter_map(|row| Some(alone(walk.before, old.get(row)?, ChangeStatus::Removed))),
    );
    (found, join.is_reordered())
}

/// The added and removed images of one list, and whether the order of the common ones changed.
pub(super) fn images(list: &'static str, lists: Pair, walk: &mut Comparison<'_>) -> (Vec<ImageChange>, bool) {
    if walk.same(lists) {
        return (Vec::new(), false);
    }
    let (old, new) = (entries(walk.before, lists.0), entries(walk.after, lists.1));
    let mut join = Join::new(old.len(), new.len());
    let url_before = |row: usize| old.get(row).map(|node| url(walk.before, *node));
    let url_after = |row: usize| new.get(row).map(|node| url(walk.after, *node));
    join.by(url_before, url_after);
    let image =
        |status, url: Option<Cow<'_, str>>| Some(ImageChange { status, list, url: url?.into_owned() });
    let added = join.added().filter_map(|row| image(ChangeStatus::Added, url_after(row)));
    let removed = join.removed().filter_map(|row| image(ChangeStatus::Removed, url_before(row)));
    let found = added.chain(removed).collect();
    for (a, b) in join.pairs() {
        // What an entry has besides its URL.
        walk.named(&format!("{list}[{b}]"), (old.get(a).copied(), new.get(b).copied()));
    }
    (found, join.is_reordered())
}

fn all_props(item: Item<'_>) -> Vec<Prop<'_>> {
    (0..item.prop_count()).filter_map(|at| item.prop(at)).collect()
}

fn name<'a>(prop: &Prop<'a>) -> Cow<'a, str> {
    match prop.name() {
        Field::Text(text) => text,
        Field::Number(digits) => Cow::Borrowed(digits),
        _ => Cow::Borrowed(""),
    }
}

fn value_node(document: &Document, prop: &Prop<'_>) -> Option<NodeId> {
    match document.kind(prop.node()) {
        NodeKind::Object => document.get(prop.node(), "value"),
        _ => Some(prop.node()),
    }
}

/// The change of the value, if it changed; the walk records the prop's other members.
fn prop_change(pair: (&Prop<'_>, &Prop<'_>), place: usize, walk: &mut Comparison<'_>) -> Option<Change> {
    let (before, after) = pair;
    let nodes = (before.node(), after.node());
    if walk.same((Some(nodes.0), Some(nodes.1))) {
        return None;
    }
    let values = (value_node(walk.before, before), value_node(walk.after, after));
    let changes = walk.aside(|walk| walk.named(&name(before), values));
    if walk.before.kind(nodes.0) == NodeKind::Object && walk.after.kind(nodes.1) == NodeKind::Object {
        walk.within(&format!("props[{place}]"), |walk| walk.members(nodes.0, nodes.1, &["value"]));
    } else if walk.before.kind(nodes.0) != walk.after.kind(nodes.1) {
        walk.named(&format!("props[{place}]"), (Some(nodes.0), Some(nodes.1)));
    }
    let change = changes.into_iter().next()?;
    let kind = match change.kind {
        ChangeKind::Amount(_) => ChangeKind::Other,
        kind => kind,
    };
    Some(Change { status: ChangeStatus::Changed, kind, ..change })
}

/// The vendor's tracking pixel is none of the item's images.
fn entries(document: &Document, list: Option<NodeId>) -> Vec<NodeId> {
    let entries = list.into_iter().flat_map(|list| document.children(list));
    entries.filter(|node| !url(document, *node).contains(PIXEL)).collect()
}

fn url(document: &Document, entry: NodeId) -> Cow<'_, str> {
    match document.kind(entry) {
        NodeKind::Object => document.get(entry, "url").map(|url| document.text(url)).unwrap_or_default(),
        NodeKind::String => document.text(entry),
        _ => Cow::Borrowed(document.raw(entry)),
    }
}
