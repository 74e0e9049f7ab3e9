//! The differences one by one, for scripts.

use serde_json::{Value, json};

use super::format;
use super::rows::{self, Section, reordered};
use obx_core::i18n::Texts;
use onebound::{
    Change, ChangeKind, ChangeStatus, ChangedValue, Decimal, Difference, SkuChange, SkuChangeKind, SkuFacts,
};

/// One difference between two answers. A value that an answer doesn't have is `None`; numbers are their digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DifferenceRecord {
    /// `item`, `skus`, `props`, `images`, `fields`, `envelope`, `body`
    pub section: &'static str,
    /// `added`, `removed`, `changed`, `reordered`
    pub status: &'static str,
    /// The API's name or path.
    pub name: String,
    /// The same in the words of the trade.
    pub label: String,
    /// The SKU's ID; empty if it has none, or the difference is not one of a SKU.
    pub sku_id: String,
    /// The SKU's choices.
    pub sku: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub amount: Option<Decimal>,
    pub percent: Option<Decimal>,
    /// What the values alone don't show; empty if nothing.
    pub note: String,
}

/// Returns all differences, in the order of the view.
pub fn difference_records(difference: &Difference, texts: Texts) -> Vec<DifferenceRecord> {
    let mut records = Vec::new();
    if let Some((before, after)) = difference.bodies {
        let (before, after) = (Some(before.into()), Some(after.into()));
        records.push(DifferenceRecord { before, after, ..named("body", "changed", "bytes") });
    }
    for section in Section::ALL {
        match section {
            Section::Skus => records.extend(difference.skus.iter().flat_map(|sku| skus(sku, texts))),
            Section::Images => records.extend(difference.images.iter().map(|image| {
                let url = Some(image.url.as_str().into());
                let is_added = image.status == ChangeStatus::Added;
                let (before, after) = if is_added { (None, url) } else { (url, None) };
                let label = format::images_name(image.list, texts).to_owned();
                let record = named(section.as_str(), status(image.status), image.list);
                DifferenceRecord { label, before, after, ..record }
            })),
            _ => {
                let changes = rows::changes(section, difference).iter();
                records.extend(changes.map(|change| changed(section, change, texts)));
            }
        }
        if section == Section::Item {
            records.extend(description(difference, texts));
        }
        records.extend(reordered(section, difference).map(|list| named(section.as_str(), "reordered", list)));
    }
    records
}

fn named(section: &'static str, status: &'static str, name: &str) -> DifferenceRecord {
    DifferenceRecord {
        section,
        status,
        name: name.to_owned(),
        label: name.to_owned(),
        ..DifferenceRecord::default()
    }
}

fn status(status: ChangeStatus) -> &'static str {
    match status {
        ChangeStatus::Added => "added",
        ChangeStatus::Removed => "removed",
        ChangeStatus::Changed => "changed",
    }
}

fn changed(section: Section, change: &Change, texts: Texts) -> DifferenceRecord {
    DifferenceRecord {
        label: format::name(section, change, texts).into_owned(),
        before: json_of(&change.before, texts),
        after: json_of(&change.after, texts),
        amount: match change.kind {
            ChangeKind::Amount(by) => Some(by),
            _ => None,
        },
        percent: change.percent(),
        note: format::note(change, texts),
        ..named(section.as_str(), status(change.status), &change.name)
    }
}

/// The changed fields of a SKU; or the SKU as a whole, if only one answer has it.
fn skus(sku: &SkuChange, texts: Texts) -> Vec<DifferenceRecord> {
    let of_sku = |record| DifferenceRecord { sku_id: sku.id.clone(), sku: sku.name.clone(), ..record };
    let section = Section::Skus.as_str();
    let whole = |facts: &SkuFacts| {
        let [price, stock, sales] =
            [&facts.price, &facts.stock, &facts.sales].map(|value| json_of(value, texts));
        Some(json!({ "price": price, "stock": stock, "sales": sales }))
    };
    match &sku.kind {
        SkuChangeKind::Added(facts) => {
            vec![of_sku(DifferenceRecord { after: whole(facts), ..named(section, "added", "sku") })]
        }
        SkuChangeKind::Removed(facts) => {
            vec![of_sku(DifferenceRecord { before: whole(facts), ..named(section, "removed", "sku") })]
        }
        SkuChangeKind::Changed(changes) => {
            changes.iter().map(|change| of_sku(changed(Section::Skus, change, texts))).collect()
        }
    }
}

/// In numbers, not in HTML.
fn description(difference: &Difference, texts: Texts) -> Option<DifferenceRecord> {
    let change = difference.description.as_ref()?;
    let [before, after] = [change.before, change.after]
        .map(|size| Some(json!({ "type": size.type_name, "characters": size.characters })));
    let note = texts.description_images(change.images_added, change.images_removed);
    let label = texts.label_description().to_owned();
    Some(DifferenceRecord { label, before, after, note, ..named(Section::Item.as_str(), "changed", "desc") })
}

fn json_of(value: &ChangedValue, texts: Texts) -> Option<Value> {
    Some(match value {
        ChangedValue::Absent => return None,
        ChangedValue::Null => Value::Null,
        ChangedValue::Bool(value) => (*value).into(),
        ChangedValue::Number(text) | ChangedValue::Text(text) => text.as_str().into(),
        ChangedValue::List(_) | ChangedValue::Object(_) => format::value(value, texts).into(),
    })
}
