//! How wide the columns are, so that numbers stand below each other in all sections.

use super::format;
use super::rows::{Section, changes, is_long};
use crate::ui::text::width;
use obx_core::i18n::Texts;
use onebound::{Change, ChangeStatus, Difference, SkuChangeKind};

/// Widths are taken from so many rows: enough to see, and the same cost for 10,000.
const MEASURED: usize = 500;
/// Before the name: the cursor, the mark, and a blank behind each.
pub(super) const MARGIN: usize = 4;
/// Between columns.
pub(super) const GAP: usize = 2;
/// From this room on a SKU's ID stands beside its name.
const WIDE: usize = 90;
/// Percents are left out before names get narrower than this.
const MIN_NAME: usize = 20;
/// Of a SKU's field.
const MAX_LABEL: usize = 16;

/// In cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Widths {
    /// Of a whole line, with a blank at its end.
    pub(super) room: usize,
    /// Of a SKU's name.
    pub(super) name: usize,
    /// Of its ID; 0 where there is no room for it.
    pub(super) id: usize,
    /// Of a SKU's field.
    pub(super) label: usize,
    /// Of the earlier value, where both are numbers.
    pub(super) before: usize,
    /// Of the later one.
    pub(super) after: usize,
    /// Of the amount of the change.
    pub(super) amount: usize,
    /// Of the percents.
    pub(super) percent: usize,
    /// Whether there is room for percents in the SKUs' rows.
    pub(super) sku_percents: bool,
    /// Of the names of facts, of props, of other fields, and of the envelope's.
    facts: usize,
    props: usize,
    fields: usize,
    envelope: usize,
}

impl Widths {
    pub(super) fn of(difference: &Difference, room: usize, texts: Texts) -> Self {
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
        (widths.fields, widths.envelope) = (names(Section::Fields), names(Section::Envelope));
        widths
    }

    /// Of the names of a section's rows.
    pub(super) fn names(&self, section: Section) -> usize {
        match section {
            Section::Skus => self.sku() + GAP + self.label,
            Section::Item => self.facts,
            Section::Props => self.props,
            Section::Images => "prop_imgs".len(),
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

    /// Of a SKU's name, with the ID where that stands beside it.
    pub(super) fn sku(&self) -> usize {
        if self.id > 0 { self.name + GAP + self.id } else { self.name }
    }

    /// What the margin, the numbers, the percents and the blanks between them leave.
    fn room_for_names(&self, percents: usize) -> usize {
        let arrow = 3;
        let numbers = self.before + arrow + self.after + GAP + self.amount;
        let id = if self.id > 0 { GAP + self.id } else { 0 };
        self.room.saturating_sub(MARGIN + id + GAP + self.label + GAP + numbers + percents)
    }
}
