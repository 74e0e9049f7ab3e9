//! What changed between any two answers: nothing panics, nothing is lost, and the way back is the mirror.

use std::fmt::Debug;

use onebound::{
    Change, ChangeKind, ChangeStatus, Decimal, Difference, Exchange, Item, ItemPresence, SkuChangeKind,
};
use proptest::prelude::*;

use super::differences::{between, item, one_line, read};
use super::support::CAPTURED;

/// Every change as a line, places left out; `mirrored` as if the two had changed sides.
fn mirror(difference: &Difference, mirrored: bool) -> Vec<String> {
    let mut all = vec![format!("{:?} {}", difference.reordered, difference.outcome_changed)];
    let sections = [&difference.facts, &difference.props, &difference.fields, &difference.envelope];
    for (section, changes) in sections.into_iter().enumerate() {
        all.extend(changes.iter().map(|change| format!("{section} {}", side_line(change, mirrored))));
    }
    for sku in &difference.skus {
        match &sku.kind {
            SkuChangeKind::Changed(changes) => {
                let mut changes: Vec<_> = changes.iter().map(|change| side_line(change, mirrored)).collect();
                changes.sort();
                all.push(format!("sku {changes:?}"));
            }
            SkuChangeKind::Added(facts) => all.push(alone(!mirrored, (&sku.id, &sku.name, facts))),
            SkuChangeKind::Removed(facts) => all.push(alone(mirrored, (&sku.id, &sku.name, facts))),
        }
    }
    for image in &difference.images {
        all.push(alone((image.status == ChangeStatus::Added) != mirrored, (image.list, &image.url)));
    }
    if let Some(message) = &difference.description {
        let (sides, images) =
            ((message.before, message.after), (message.images_added, message.images_removed));
        let swapped = ((message.after, message.before), (message.images_removed, message.images_added));
        all.push(format!("{:?}", if mirrored { swapped } else { (sides, images) }));
    }
    all.sort();
    all
}

fn alone(added: bool, what: impl Debug) -> String {
    format!("{} {what:?}", if added { "+" } else { "-" })
}

fn side_line(change: &Change, mirrored: bool) -> String {
    let mut change = change.clone();
    if mirrored {
        std::mem::swap(&mut change.before, &mut change.after);
        change.status = match change.status {
            ChangeStatus::Added => ChangeStatus::Removed,
            ChangeStatus::Removed => ChangeStatus::Added,
            ChangeStatus::Changed => ChangeStatus::Changed,
        };
        if let ChangeKind::Amount(by) = change.kind {
            change.kind = ChangeKind::Amount("0".parse::<Decimal>().unwrap().minus(by).unwrap());
        }
    }
    let name = change.name.split('[').next().unwrap_or_default().to_owned();
    change.name = name.into();
    one_line(&change)
}

fn scalar() -> impl Strategy<Value = String> {
    let values = [
        "null",
        "\"\"",
        "1",
        "\"1\"",
        "\"1.00\"",
        "2",
        "\"红\"",
        "[]",
        "{}",
        "true",
        "[1,{\"a\":2}]",
        "-0.5",
    ];
    prop::sample::select(values.to_vec()).prop_map(str::to_owned)
}

/// An object of some of these names, in some order, now and then one of them twice.
fn object(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let member = (prop::sample::select(names.to_vec()), scalar());
    prop::collection::vec(member, 0..5).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

fn list(of: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof![5 => of, 1 => scalar()], 0..6)
        .prop_map(|all| format!("[{}]", all.join(",")))
}

fn body() -> impl Strategy<Value = String> {
    let sku = object(&["sku_id", "spec_id", "properties_name", "properties", "price", "quantity", "x"]);
    let prop = object(&["name", "value", "label"]);
    let image = object(&["url", "w"]);
    let skus = prop_oneof![
        list(sku).prop_map(|skus| format!("{{\"sku\":{skus}}}")),
        scalar(),
        list(object(&["sku_id", "price"])),
        object(&["sku"]),
    ];
    let desc =
        prop::sample::select(vec!["\"\"", "null", "\"<img src='a'>\"", "\"x<img src=o0b.cn/i.php?1>\""]);
    (skus, list(prop), list(image), desc, object(&["num", "sales", "title", "video", "desc_img"])).prop_map(
        |(skus, props, images, desc, others)| {
            let others = others.trim_start_matches('{').trim_end_matches('}').to_owned();
            let others = if others.is_empty() { others } else { format!(",{others}") };
            item(&format!(r#""skus":{skus},"props":{props},"item_imgs":{images},"desc":{desc}{others}"#))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_differs_from_itself(body in body()) {
        prop_assert!(between(&body, &body).is_empty());
    }

    #[test]
    fn the_way_back_is_the_mirror_of_the_way_there(before in body(), after in body()) {
        let (there, back) = (between(&before, &after), between(&after, &before));
        prop_assert_eq!(mirror(&there, false), mirror(&back, true));
    }

    #[test]
    fn no_row_is_lost(before in body(), after in body()) {
        let (old, new) = (read(before), read(after));
        let difference = Difference::between(&old, &new);
        let count = |exchange: &Exchange| exchange.item().map_or(0, Item::sku_count);
        let fates = |wanted: fn(&SkuChangeKind) -> bool| difference.skus.iter().filter(|sku| wanted(&sku.kind)).count();
        let (added, gone) =
            (fates(|fate| matches!(fate, SkuChangeKind::Added(_))), fates(|fate| matches!(fate, SkuChangeKind::Removed(_))));
        if difference.items == ItemPresence::Both {
            prop_assert_eq!(count(&old) + added, count(&new) + gone);
        }
    }

    #[test]
    fn captured_bodies_with_bytes_changed_are_compared(
        which in 0..CAPTURED.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let before = CAPTURED[which].1;
        let mut bytes = before.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let (old, new) = (read(before.to_owned()), read(bytes));
        prop_assert_eq!(
            mirror(&Difference::between(&old, &new), false),
            mirror(&Difference::between(&new, &old), true)
        );
    }
}
