//! Widths of the columns, so that numbers are aligned in all sections.

use super::format;
use super::rows::{Section, changes, is_long};
use crate::ui::text::width;
use obx_core::i18n::Texts;
use onebound::{Change, ChangeStatus, Difference, SkuChangeKind};

/// Only so many rows are measured, so that 10,000 cost no more.
const MEASURED: usize = 500;
/// Cells before the name: the cursor, the mark, and a blank after each.
pub(super) const MARGIN: usize = 4;
/// Cells between columns.
pub(super) const GAP: usize = 2;
/// From this width on, a SKU's ID is shown beside its name.
const WIDE: usize = 90;
/// Percentages are left out before names become narrower than this.
const MIN_NAME: usize = 20;
/// Maximum width of the name of a SKU's field.
const MAX_LABEL: usize = 16;

/// Widths in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Widths {
    /// The whole line, with a blank at its end.
    pub(super) room: usize,
    /// A SKU's name.
    pub(super) name: usize,
    /// A SKU's ID; 0 if there is no space for it.
    pub(super) id: usize,
    /// The name of a SKU's field.
    pub(super) label: usize,
    /// The earlier value, if both are numbers.
    pub(super) before: usize,
    /// The later value.
    pub(super) after: usize,
    /// The amount of the change.
    pub(super) amount: usize,
    /// The percentage.
    pub(super) percent: usize,
    /// Whether there is space for percentages in the SKUs' rows.
    pub(super) sku_percents: bool,
    /// The names in the other sections; `facts` is for the item.
    facts: usize,
    props: usize,
    images: usize,
    fields: usize,
    envelope: usize,
}

impl Widths {
    pub(super) fn new(difference: &Difference, room: usize, texts: Texts) -> Self {
        let mut widths = Self { room, ..Self::default() };
        for fact in &difference.facts {
            widths.facts = widths.facts.max(width(&format::name(Section::Item, fact, texts)));
            widths.fit_numbers(fact, difference);
        }
        if difference.description.is_some() {
            widths.facts = widths.facts.max(width(texts.label_description()));
        }
        for sku in difference.skus.iter().take(MEASURED) {
            widths.name = widths.name.max(width(&format::sku_name(sku, texts)));
            if room >= WIDE {
                widths.id = widths.id.max(width(&format::sku_id(sku)));
            }
            if let SkuChangeKind::Changed(changes) = &sku.kind {
                for change in changes {
                    let label = width(&format::name(Section::Skus, change, texts));
                    widths.label = widths.label.max(label).min(MAX_LABEL);
                    widths.fit_numbers(change, difference);
                }
            }
        }
        widths.sku_percents = widths.room_for_names(widths.percent + GAP) >= widths.name.min(MIN_NAME);
        let percents = if widths.sku_percents { widths.percent + GAP } else { 0 };
        widths.name = widths.name.min(widths.room_for_names(percents)).min(room * 2 / 5);
        let names = |section| {
            let names = changes(section, difference).iter().take(MEASURED);
            let widest = names.map(|change| width(&format::name(section, change, texts))).max();
            widest.unwrap_or_default().min(room * 2 / 5)
        };
        widths.props = names(Section::Props);
        widths.images = format::images_names_width(texts);
        (widths.fields, widths.envelope) = (names(Section::Fields), names(Section::Envelope));
        widths
    }

    /// Returns the width of the names in a section.
    pub(super) fn names(&self, section: Section) -> usize {
        match section {
            Section::Skus => self.sku() + GAP + self.label,
            Section::Item => self.facts,
            Section::Props => self.props,
            Section::Images => self.images,
            Section::Fields => self.fields,
            Section::Envelope => self.envelope,
        }
    }

    fn fit_numbers(&mut self, change: &Change, difference: &Difference) {
        if change.status != ChangeStatus::Changed || is_long(change) || format::amount(change).is_empty() {
            return;
        }
        self.before = self.before.max(width(&format::plain_value(&change.before)));
        self.after = self.after.max(width(&format::plain_value(&change.after)));
        self.amount = self.amount.max(format::amount(change).len());
        self.percent = self.percent.max(format::percent(change, difference).len());
    }

    /// Returns the width of a SKU's name, and of its ID if that is shown beside it.
    pub(super) fn sku(&self) -> usize {
        if self.id > 0 { self.name + GAP + self.id } else { self.name }
    }

    /// Returns the cells that the other columns leave for a SKU's name.
    fn room_for_names(&self, percents: usize) -> usize {
        let arrow = 3;
        let numbers = self.before + arrow + self.after + GAP + self.amount;
        let id = if self.id > 0 { GAP + self.id } else { 0 };
        self.room.saturating_sub(MARGIN + id + GAP + self.label + GAP + numbers + percents)
    }
}
