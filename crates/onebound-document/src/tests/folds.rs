use std::collections::HashSet;

use proptest::prelude::*;

use super::{all_nodes, document};
use crate::{Document, Folds, NodeId};

#[derive(Clone, Debug)]
enum FoldChange {
    Set(prop::sample::Index, bool),
    SetAll(bool),
    SetIn(prop::sample::Index, bool),
    Reveal(prop::sample::Index),
}

fn changes() -> impl Strategy<Value = Vec<FoldChange>> {
    let change = prop_oneof![
        4 => any::<(prop::sample::Index, bool)>().prop_map(|(id, open)| FoldChange::Set(id, open)),
        1 => any::<bool>().prop_map(FoldChange::SetAll),
        1 => any::<(prop::sample::Index, bool)>().prop_map(|(id, open)| FoldChange::SetIn(id, open)),
        1 => any::<prop::sample::Index>().prop_map(FoldChange::Reveal),
    ];
    prop::collection::vec(change, 0..12)
}

/// The open containers as a set, and rows by walking them all.
struct Naive(HashSet<NodeId>);

impl Naive {
    fn set(&mut self, id: NodeId, open: bool) {
        if open {
            self.0.insert(id)
        } else {
            self.0.remove(&id)
        };
    }

    fn rows(&self, document: &Document, id: NodeId) -> Vec<NodeId> {
        let mut rows = vec![id];
        if self.0.contains(&id) {
            rows.extend(document.children(id).flat_map(|child| self.rows(document, child)));
        }
        rows
    }
}

fn around(document: &Document, id: NodeId) -> Vec<NodeId> {
    all_nodes(document).into_iter().filter(|outer| document.is_inside(id, *outer)).collect()
}

fn apply(change: &FoldChange, document: &Document, folds: &mut Folds, naive: &mut Naive) {
    let all = all_nodes(document);
    match change {
        FoldChange::Set(id, open) => {
            let id = *id.get(&all);
            folds.set(document, id, *open);
            naive.set(id, *open);
        }
        FoldChange::SetAll(open) => {
            folds.set_all(document, *open);
            for id in all {
                naive.set(id, *open || id == document.root());
            }
        }
        FoldChange::SetIn(id, open) => {
            let id = *id.get(&all);
            folds.set_in(document, id, *open);
            document.children(id).for_each(|child| naive.set(child, *open));
        }
        FoldChange::Reveal(id) => {
            let around = around(document, *id.get(&all));
            folds.reveal(document, &around);
            for id in around {
                naive.set(id, true);
            }
        }
    }
}

proptest! {
    #[test]
    fn rows_of_any_folds_are_those_of_a_walk(document in document(), changes in changes()) {
        let mut folds = Folds::new(&document, &[document.root()]);
        let mut naive = Naive(HashSet::from([document.root()]));
        for change in changes {
            apply(&change, &document, &mut folds, &mut naive);
            let expected = naive.rows(&document, document.root());
            prop_assert_eq!(folds.rows(), expected.len());
            let rows: Vec<_> = (0..=expected.len()).filter_map(|row| folds.node_at(row)).collect();
            prop_assert_eq!(&rows, &expected);
            for id in all_nodes(&document) {
                prop_assert_eq!(folds.row_of(id), expected.iter().position(|row| *row == id));
            }
        }
    }
}

#[test]
fn what_was_open_inside_of_a_folded_container_is_open_again() {
    let document = Document::parse(r#"{"a": {"b": {"c": 1}}}"#.into()).unwrap();
    let [root, a, b] = [NodeId(0), NodeId(1), NodeId(2)];
    let mut folds = Folds::new(&document, &[root, a, b]);
    assert_eq!(folds.rows(), 4);
    folds.set(&document, a, false);
    assert_eq!(folds.rows(), 2);
    folds.set(&document, a, true);
    assert_eq!(folds.rows(), 4);
}
