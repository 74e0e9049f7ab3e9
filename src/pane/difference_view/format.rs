//! Formats values, names and amounts.

use std::borrow::Cow;

use ratatui::style::Style;

use super::rows::Section;
use crate::ui::text::{clean, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{Change, ChangeKind, ChangeStatus, ChangedValue, Decimal, Difference, SkuChange};

pub(super) fn heading(section: Section, texts: Texts) -> &'static str {
    match section {
        Section::Item => texts.item_heading(),
        Section::Skus => texts.pane_skus(),
        Section::Props => texts.pane_props(),
        Section::Images => texts.label_images(),
        Section::Fields => texts.fields_heading(),
        Section::Envelope => texts.envelope_heading(),
    }
}

/// `+`, `-`, `~`
pub(super) fn mark(mark: ChangeStatus) -> &'static str {
    match mark {
        ChangeStatus::Added => "+",
        ChangeStatus::Removed => "-",
        ChangeStatus::Changed => "~",
    }
}

/// Returns an everyday name if there is one, else the API's.
pub(super) fn name(section: Section, change: &Change, texts: Texts) -> Cow<'_, str> {
    if let Some(tier) = change.tier().filter(|_| section == Section::Item) {
        return Cow::Owned(texts.tier_from(tier));
    }
    let known = match (section, change.name.as_ref()) {
        (Section::Item | Section::Skus, "price") => texts.label_price(),
        (Section::Item, "min_num") => texts.label_minimum(),
        (Section::Item, "is_support_mix") => texts.label_mix(),
        (Section::Item, "orginal_price") => texts.label_crossed_out(),
        (Section::Item, "suggestive_price") => texts.label_suggested(),
        (Section::Skus, "agent_price" | "onepiece_price") => texts.label_agent(),
        (Section::Item, "num") | (Section::Skus, "quantity") => texts.label_stock(),
        (Section::Item, "title") => texts.label_title(),
        (Section::Item, "mix_amount") => texts.label_mix_amount(),
        (Section::Item, "mix_number") => texts.label_mix_number(),
        (Section::Item, "post_fee") => texts.label_freight(),
        (Section::Item, "location") => texts.label_place(),
        (Section::Item, "brand") => texts.label_brand(),
        (Section::Item, "pic_url") => texts.label_main_image(),
        // Two counts that never add up, so each has a name of its own.
        (Section::Item, "total_sold") => texts.label_total_sold(),
        (Section::Item | Section::Skus, "sales") => texts.label_sales(),
        (_, other) => return clean(other),
    };
    Cow::Borrowed(known)
}

/// Returns what the pictures of a list show.
pub(super) fn images_name(list: &'static str, texts: Texts) -> &'static str {
    match list {
        "item_imgs" => texts.images_of_item(),
        "prop_imgs" | "props_imgs" => texts.images_of_props(),
        "desc_img" => texts.images_of_description(),
        other => other,
    }
}

/// The width of the longest of these names.
pub(super) fn images_names_width(texts: Texts) -> usize {
    let names = [texts.images_of_item(), texts.images_of_props(), texts.images_of_description()];
    names.into_iter().map(width).max().unwrap_or_default()
}

/// Returns the values of a SKU's properties; its ID if there are none.
pub(super) fn sku_name(sku: &SkuChange, texts: Texts) -> Cow<'_, str> {
    match (clean(&sku.name), clean(&sku.id)) {
        (name, id) if name.is_empty() && id.is_empty() => Cow::Borrowed(texts.sku_without_id()),
        (name, id) if name.is_empty() => id,
        (name, _) => name,
    }
}

/// Returns the SKU's ID, unless that serves as its name.
pub(super) fn sku_id(sku: &SkuChange) -> Cow<'_, str> {
    if sku.name.is_empty() { Cow::Borrowed("") } else { clean(&sku.id) }
}

/// Formats a value in the interface's language, cleaned.
pub(super) fn value(value: &ChangedValue, texts: Texts) -> Cow<'_, str> {
    match value {
        ChangedValue::List(count @ 1..) => Cow::Owned(format!("[{}]", texts.entries(count))),
        ChangedValue::Object(count @ 1..) => Cow::Owned(format!("{{{}}}", texts.entries(count))),
        other => plain_value(other),
    }
}

/// Formats a value without counting the entries of lists and objects.
pub(super) fn plain_value(value: &ChangedValue) -> Cow<'_, str> {
    match value {
        ChangedValue::Absent => Cow::Borrowed("—"),
        ChangedValue::Null => Cow::Borrowed("null"),
        ChangedValue::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        ChangedValue::Number(digits) => Cow::Borrowed(digits),
        ChangedValue::Text(text) if text.is_empty() => Cow::Borrowed("\"\""),
        ChangedValue::Text(text) => clean(text),
        ChangedValue::List(0) => Cow::Borrowed("[]"),
        ChangedValue::Object(0) => Cow::Borrowed("{}"),
        ChangedValue::List(_) => Cow::Borrowed("[…]"),
        ChangedValue::Object(_) => Cow::Borrowed("{…}"),
    }
}

/// The style of a value by its kind. A number keeps a style of its own, such as a price's; a text is plain, since green
/// would look as if it were added.
pub(super) fn value_style(value: &ChangedValue, style: Style) -> Style {
    match value {
        ChangedValue::Number(_) => Theme.number().patch(style),
        ChangedValue::Bool(_) => Theme.boolean(),
        ChangedValue::Text(text) if !text.is_empty() => style,
        _ => Theme.dim(),
    }
}

/// `-50.00`, `+13`
pub(super) fn signed(amount: Decimal) -> String {
    if amount.is_negative() || amount.is_zero() { amount.to_string() } else { format!("+{amount}") }
}

/// `-50.00`; empty if the change isn't an amount.
pub(super) fn amount(change: &Change) -> String {
    match change.kind {
        ChangeKind::Amount(by) => signed(by),
        _ => String::new(),
    }
}

/// `-6.3%` for a price; empty for two different items, since neither price became the other.
pub(super) fn percent(change: &Change, difference: &Difference) -> String {
    let of_one_item = difference.two_items.is_none();
    let percent = change.percent().filter(|_| of_one_item && change.is_price());
    percent.map(|percent| format!("{}%", signed(percent))).unwrap_or_default()
}

/// Describes a change that the values alone don't show.
pub(super) fn note(change: &Change, texts: Texts) -> String {
    match change.kind {
        ChangeKind::Type => texts.type_changed(change.before.type_name(), change.after.type_name()),
        ChangeKind::Spelling => texts.written_differently().to_owned(),
        ChangeKind::Amount(_) | ChangeKind::Other => String::new(),
    }
}
