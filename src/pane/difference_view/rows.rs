//! What each line of the view is about. Rows are small and built once, so that 10,000 SKUs scroll like ten.

use super::format;
use crate::ui::text::width;
use onebound::{Change, ChangeStatus, Difference, ItemPresence, SkuChangeKind};

/// In cells. Wider values are shown one below the other, where differences are easier to see.
const MAX_BESIDE: usize = 16;

/// A part of the view under its own heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Item,
    Skus,
    Props,
    Images,
    Fields,
    Envelope,
}

impl Section {
    /// All sections, in the order of the view.
    pub(super) const ALL: [Self; 6] =
        [Self::Item, Self::Skus, Self::Props, Self::Images, Self::Fields, Self::Envelope];

    /// Its name in records.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Skus => "skus",
            Self::Props => "props",
            Self::Images => "images",
            Self::Fields => "fields",
            Self::Envelope => "envelope",
        }
    }
}

/// A line of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DifferenceRow {
    Blank,
    /// Says that two different items are compared.
    TwoItems,
    Before,
    After,
    /// Says which of the two answers contains an item, unless both do.
    Items,
    /// The sizes of two bodies that can't be compared.
    Bodies,
    Nothing,
    LeftOut,
    History,
    /// The trend with this index.
    Trend(usize),
    Heading(Section),
    /// Change `inner` of row `at` in a section. With `later`, the second of two lines with long values.
    Change {
        section: Section,
        at: u32,
        inner: u32,
        later: bool,
    },
    Description,
}

/// How many rows of a section were changed, added and removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) changed: usize,
    pub(super) added: usize,
    pub(super) gone: usize,
}

/// Returns all rows, from the top.
pub(super) fn difference_rows(difference: &Difference, trends: usize) -> Vec<DifferenceRow> {
    let mut rows = Vec::new();
    if difference.two_items.is_some() {
        rows.push(DifferenceRow::TwoItems);
    }
    rows.extend([DifferenceRow::Before, DifferenceRow::After]);
    if difference.items != ItemPresence::Both {
        rows.push(DifferenceRow::Items);
    }
    if difference.bodies.is_some() {
        rows.push(DifferenceRow::Bodies);
    }
    if trends > 0 {
        rows.extend([DifferenceRow::Blank, DifferenceRow::History]);
        rows.extend((0..trends).map(DifferenceRow::Trend));
    }
    if difference.is_empty() {
        rows.extend([DifferenceRow::Blank, DifferenceRow::Nothing]);
    }
    for section in Section::ALL {
        let first = rows.len();
        push_section(&mut rows, section, difference);
        if rows.len() > first || is_reordered(section, difference) {
            rows.splice(first..first, [DifferenceRow::Blank, DifferenceRow::Heading(section)]);
        }
    }
    rows.extend([DifferenceRow::Blank, DifferenceRow::LeftOut]);
    rows
}

/// Returns the changes of a section whose rows are single fields.
pub(super) fn changes(section: Section, difference: &Difference) -> &[Change] {
    match section {
        Section::Item => &difference.facts,
        Section::Props => &difference.props,
        Section::Fields => &difference.fields,
        Section::Envelope => &difference.envelope,
        Section::Skus | Section::Images => &[],
    }
}

/// Returns the counts for a section's heading.
pub(super) fn counts(section: Section, difference: &Difference) -> Counts {
    let mut counts = Counts::default();
    let mut count = |mark| match mark {
        ChangeStatus::Added => counts.added += 1,
        ChangeStatus::Removed => counts.gone += 1,
        ChangeStatus::Changed => counts.changed += 1,
    };
    match section {
        Section::Skus => difference.skus.iter().for_each(|sku| count(mark(&sku.kind))),
        Section::Images => difference.images.iter().for_each(|image| count(image.status)),
        _ => changes(section, difference).iter().for_each(|change| count(change.status)),
    }
    if section == Section::Item && difference.description.is_some() {
        counts.changed += 1;
    }
    counts
}

/// Returns the mark for the change of a SKU.
pub(super) fn mark(fate: &SkuChangeKind) -> ChangeStatus {
    match fate {
        SkuChangeKind::Added(_) => ChangeStatus::Added,
        SkuChangeKind::Removed(_) => ChangeStatus::Removed,
        SkuChangeKind::Changed(_) => ChangeStatus::Changed,
    }
}

/// Returns true if the two values of a change are shown one below the other.
pub(super) fn is_long(change: &Change) -> bool {
    let is_wide = |value| width(&format::plain_value(value)) > MAX_BESIDE;
    change.status == ChangeStatus::Changed && (is_wide(&change.before) || is_wide(&change.after))
}

/// Returns the lists of a section whose elements are in another order.
pub(super) fn reordered(section: Section, difference: &Difference) -> impl Iterator<Item = &'static str> {
    let own = move |name: &&'static str| match section {
        Section::Skus => *name == "skus",
        Section::Props => *name == "props",
        Section::Images => !matches!(*name, "skus" | "props"),
        _ => false,
    };
    difference.reordered.iter().copied().filter(own)
}

fn is_reordered(section: Section, difference: &Difference) -> bool {
    reordered(section, difference).next().is_some()
}

fn push_section(rows: &mut Vec<DifferenceRow>, section: Section, difference: &Difference) {
    let mut push = |at: usize, inner: usize, is_long: bool| {
        let (at, inner) = (number(at), number(inner));
        rows.push(DifferenceRow::Change { section, at, inner, later: false });
        if is_long {
            rows.push(DifferenceRow::Change { section, at, inner, later: true });
        }
    };
    match section {
        Section::Skus => {
            for (at, sku) in difference.skus.iter().enumerate() {
                match &sku.kind {
                    SkuChangeKind::Changed(changes) => {
                        let inner = changes.iter().enumerate();
                        inner.for_each(|(inner, change)| push(at, inner, is_long(change)));
                    }
                    SkuChangeKind::Added(_) | SkuChangeKind::Removed(_) => push(at, 0, false),
                }
            }
        }
        Section::Images => (0..difference.images.len()).for_each(|at| push(at, 0, false)),
        _ => {
            let all = changes(section, difference).iter().enumerate();
            all.for_each(|(at, change)| push(at, 0, is_long(change)));
        }
    }
    if section == Section::Item && difference.description.is_some() {
        rows.push(DifferenceRow::Description);
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
