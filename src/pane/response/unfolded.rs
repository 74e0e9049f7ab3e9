//! Which containers of a tree are unfolded, in a form that outlives the answer: the next answer to the same item has other
//! nodes at the same paths.

use crate::message::FoldStep;
use onebound_document::{ChildIndex, Document, Folds, NodeId};

/// Most containers that are remembered, and most rows that are gone through for them: what lies further down, nobody has
/// unfolded one by one.
const MAX_UNFOLDED: usize = 256;
const MAX_ROWS: usize = 20_000;

/// The paths of the unfolded containers in sight, the outer ones first, without those that are `left_out`.
pub(super) fn unfolded(
    document: &Document,
    folds: &Folds,
    left_out: impl Fn(NodeId) -> bool,
) -> Vec<Vec<FoldStep>> {
    let mut places = ChildIndex::default();
    let in_sight = (0..folds.rows().min(MAX_ROWS)).filter_map(|row| folds.node_at(row));
    let open = in_sight.filter(|id| document.is_foldable(*id) && folds.is_open(*id) && !left_out(*id));
    open.take(MAX_UNFOLDED).map(|id| path(document, &mut places, id)).collect()
}

/// Unfolds these containers and folds all others. Paths that lead nowhere are skipped.
pub(super) fn unfold(document: &Document, folds: &mut Folds, unfolded: &[Vec<FoldStep>]) {
    folds.set_all(document, false);
    for path in unfolded.iter().take(MAX_UNFOLDED) {
        if let Some(id) = find(document, path).filter(|id| document.is_foldable(*id)) {
            folds.set(document, id, true);
        }
    }
}

fn path(document: &Document, places: &mut ChildIndex, id: NodeId) -> Vec<FoldStep> {
    let steps = places.steps_to(document, id);
    let key = |id| document.key(id).map(|key| FoldStep::Key(key.into_owned()));
    steps.iter().map(|step| key(step.node).unwrap_or(FoldStep::Place(step.place))).collect()
}

fn find(document: &Document, path: &[FoldStep]) -> Option<NodeId> {
    path.iter().try_fold(document.root(), |at, step| match step {
        FoldStep::Key(key) => document.get(at, key),
        FoldStep::Place(place) => document.children(at).nth(*place),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse(text.to_owned().into()).unwrap()
    }

    #[test]
    fn the_same_paths_are_unfolded_in_another_answer() {
        let first = document(r#"{"item":{"a":[1],"skus":{"sku":[{"p":1},{"p":2}]}},"x":{"y":1}}"#);
        let mut folds = Folds::new(&first, &[]);
        folds.set_all(&first, true);
        let closed = first.get(first.root(), "x").unwrap();
        folds.set(&first, closed, false);
        let saved = unfolded(&first, &folds, |_| false);

        // The second has one more member in front, and one SKU fewer.
        let next = document(r#"{"new":{"z":1},"item":{"skus":{"sku":[{"p":3}]}},"x":{"y":1}}"#);
        let mut folds = Folds::new(&next, &[]);
        unfold(&next, &mut folds, &saved);
        let rows: Vec<String> = (0..folds.rows())
            .map(|row| folds.node_at(row).unwrap())
            .map(|id| format!("{} {}", next.key(id).unwrap_or_default(), folds.is_open(id)))
            .collect();
        assert_eq!(
            rows,
            [" true", "new false", "item true", "skus true", "sku true", " true", "p false", "x false"]
        );
        assert_eq!(unfolded(&next, &folds, |_| false).len(), 5);
    }

    #[test]
    fn of_a_tree_that_is_unfolded_throughout_a_bounded_part_is_saved() {
        let many = document(&format!("[{}]", vec!["[1]"; 5_000].join(",")));
        let mut folds = Folds::new(&many, &[]);
        folds.set_all(&many, true);
        assert_eq!(unfolded(&many, &folds, |_| false).len(), MAX_UNFOLDED);
    }
}
