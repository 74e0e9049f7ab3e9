//! What each line of the view is about: small, and made once, so that 10,000 SKUs scroll like ten.

use super::format;
use crate::ui::text::width;
use onebound::{Change, ChangeStatus, Difference, ItemPresence, SkuChangeKind};

/// Values wider than this stand one below the other, where the eye finds what differs.
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
    /// In the order of the view.
    pub(super) const ALL: [Self; 6] =
        [Self::Item, Self::Skus, Self::Props, Self::Images, Self::Fields, Self::Envelope];
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DifferenceRow {
    Blank,
    /// That two items are compared.
    TwoItems,
    Before,
    After,
    /// Which of the two holds an item, where not both do.
    Items,
    /// How large bodies are that can't be compared.
    Bodies,
    Nothing,
    LeftOut,
    History,
    /// The trend of this number.
    Trend(usize),
    Heading(Section),
    /// Of the `at`-th of a section the `inner`-th change; the line with the later value where both are long.
    Change {
        section: Section,
        at: u32,
        inner: u32,
        later: bool,
    },
    Description,
}

/// How many of a section are new, gone, and others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) changed: usize,
    pub(super) added: usize,
    pub(super) gone: usize,
}

/// All lines, from the top.
pub(super) fn of(difference: &Difference, courses: usize) -> Vec<DifferenceRow> {
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
    if courses > 0 {
        rows.extend([DifferenceRow::Blank, DifferenceRow::History]);
        rows.extend((0..courses).map(DifferenceRow::Trend));
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

/// The changes of a section whose rows are single fields.
pub(super) fn changes(section: Section, difference: &Difference) -> &[Change] {
    match section {
        Section::Item => &difference.facts,
        Section::Props => &difference.props,
        Section::Fields => &difference.fields,
        Section::Envelope => &difference.envelope,
        Section::Skus | Section::Images => &[],
    }
}

/// For a heading.
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

/// What became of a SKU, as a mark.
pub(super) fn mark(fate: &SkuChangeKind) -> ChangeStatus {
    match fate {
        SkuChangeKind::Added(_) => ChangeStatus::Added,
        SkuChangeKind::Removed(_) => ChangeStatus::Removed,
        SkuChangeKind::Changed(_) => ChangeStatus::Changed,
    }
}

/// Whether the two values of a change stand one below the other.
pub(super) fn is_long(change: &Change) -> bool {
    let is_wide = |value| width(&format::plain_value(value)) > MAX_BESIDE;
    change.status == ChangeStatus::Changed && (is_wide(&change.before) || is_wide(&change.after))
}

/// The lists of a section whose elements stand in another order.
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
