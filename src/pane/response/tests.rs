//! The effect of keys on the tree, without a screen.

use proptest::prelude::*;
use ratatui::layout::Rect;

use super::tree::Tree;
use crate::message::Action;
use obx_core::i18n::{Language, Texts};
use onebound_document::Document;

const BODY: &str = r#"{"code": "0000", "item": {"id": 1, "sku": [{"p": "1"}, {"p": "2"}, {"p": "3"}],
    "json": "{\"a\": [\"x\", {\"b\": null}]}", "text": "one\ntwo\n\nfour", "odd": "{no}"}}"#;
const AREA: Rect = Rect { x: 0, y: 0, width: 40, height: 10 };

fn tree() -> (Document, Tree) {
    let document = Document::parse(BODY.into()).unwrap();
    let tree = Tree::new(&document);
    (document, tree)
}

/// Runs these actions one after the other; returns the path after them.
fn after(document: &Document, tree: &mut Tree, actions: &[Action]) -> String {
    let texts = Texts::new(Language::En);
    for action in actions {
        let _ = tree.act(*action, document, texts); // effects don't matter here
        tree.layout(document, None, AREA, texts);
    }
    tree.path().to_owned()
}

#[test]
fn left_folds_and_then_goes_out_and_right_unfolds_and_then_goes_in() {
    use Action::{Down, Left, Right};
    let (document, mut tree) = tree();
    assert_eq!(after(&document, &mut tree, &[Down, Down, Right]), "$.item.id");
    let path = after(&document, &mut tree, &[Down, Right, Right, Right, Right]);
    assert_eq!(path, "$.item.sku[0].p");
    assert_eq!(after(&document, &mut tree, &[Left]), "$.item.sku[0]");
    assert_eq!(after(&document, &mut tree, &[Left]), "$.item.sku[0]");
    assert_eq!(after(&document, &mut tree, &[Left]), "$.item.sku");
    assert_eq!(after(&document, &mut tree, &[Left, Left]), "$.item");
}

#[test]
fn siblings_are_stepped_to_over_what_is_open_between_them() {
    use Action::{Down, NextSibling, PreviousSibling, Right, UnfoldLevel};
    let (document, mut tree) = tree();
    after(&document, &mut tree, &[Down, Down, Down, Down, Right, Right]);
    let rows = tree.rows();
    assert_eq!(after(&document, &mut tree, &[UnfoldLevel]), "$.item.sku[0]");
    assert_eq!(tree.rows(), rows + 3);
    assert_eq!(after(&document, &mut tree, &[NextSibling, NextSibling, NextSibling]), "$.item.sku[2]");
    assert_eq!(after(&document, &mut tree, &[PreviousSibling]), "$.item.sku[1]");
}

#[test]
fn json_in_a_string_is_a_tree_with_paths_of_its_own() {
    use Action::{Bottom, Down, Fold, FoldAll, Left, UnfoldAll, Up};
    let (document, mut tree) = tree();
    assert_eq!(after(&document, &mut tree, &[Bottom, Up, Up, Fold]), "$.item.json");
    let rows = tree.rows();
    assert_eq!(
        after(&document, &mut tree, &[UnfoldAll, Down, Down, Down, Down, Down]),
        "$.item.json » $.a[1].b"
    );
    assert!(tree.rows() > rows);
    assert_eq!(tree.jq_path(&document), ".item.json | fromjson | .a[1].b");
    let (inner, id) = tree.focused(&document).unwrap();
    assert_eq!(inner.raw(id), "null");
    assert_eq!(after(&document, &mut tree, &[Left; 7]), "$.item.json");
    assert_eq!(after(&document, &mut tree, &[FoldAll]), "$.item");
}

#[test]
fn a_string_is_shown_in_lines_and_what_is_no_json_is_not_opened_as_such() {
    use Action::{Bottom, Down, Fold, Up, Wrap};
    let (document, mut tree) = tree();
    let rows = tree.rows();
    assert_eq!(after(&document, &mut tree, &[Bottom, Up, Wrap, Down, Down]), "$.item.text");
    assert_eq!(tree.rows(), rows + 4);
    assert_eq!(after(&document, &mut tree, &[Wrap]), "$.item.text");
    assert_eq!(tree.rows(), rows);
    after(&document, &mut tree, &[Bottom, Fold]);
    assert_eq!(tree.rows(), rows + 1);
}

#[test]
fn going_to_a_value_inside_of_strings_opens_them_and_what_they_are_folded_in() {
    use Action::{FoldAll, Wrap};
    let body = r#"{"item": {"json": "{\"a\": [\"x\", \"[1, {\\\"b\\\": null}]\"]}"}}"#;
    let document = Document::parse(body.into()).unwrap();
    let mut tree = Tree::new(&document);
    after(&document, &mut tree, &[FoldAll]);
    let root = document.root();
    let json = document.get(document.get(root, "item").unwrap(), "json").unwrap();
    let inner = document.nested(json).unwrap();
    let list = inner.children(inner.get(inner.root(), "a").unwrap()).last().unwrap();
    let innermost = inner.nested(list).unwrap();
    let object = innermost.children(innermost.root()).last().unwrap();
    let way = [json, list, innermost.get(object, "b").unwrap()];
    tree.go_to(&document, &way);
    tree.layout(&document, None, AREA, Texts::new(Language::En));
    assert_eq!(tree.path(), "$.item.json » $.a[1] » $[1].b");
    assert_eq!(tree.jq_path(&document), ".item.json | fromjson | .a[1] | fromjson | .[1].b");
    assert_eq!(tree.spot().unwrap().path(), way);
    // Showing the text instead closes the JSON.
    tree.go_to(&document, &[json]);
    after(&document, &mut tree, &[Wrap, Wrap]);
    tree.go_to(&document, &way);
    tree.layout(&document, None, AREA, Texts::new(Language::En));
    assert_eq!(tree.path(), "$.item.json » $.a[1] » $[1].b");
}

proptest! {
    #[test]
    fn whatever_is_opened_every_row_is_a_spot_of_its_own(actions in prop::collection::vec(0_usize..12, 0..60)) {
        use Action::{Bottom, Down, Fold, FoldAll, FoldLevel, Left, NextSibling, Right, UnfoldAll, UnfoldLevel, Up, Wrap};
        let all = [Fold, FoldAll, FoldLevel, Left, NextSibling, Right, UnfoldAll, UnfoldLevel, Wrap, Up, Down, Bottom];
        let (document, mut tree) = tree();
        for action in actions {
            after(&document, &mut tree, &[all[action]]);
            let spots: Vec<_> = (0..tree.rows()).map(|row| tree.outline().spot(row).unwrap()).collect();
            for (row, spot) in spots.iter().enumerate() {
                prop_assert_eq!(tree.outline().row_of(spot), Some(row));
            }
            prop_assert_eq!(tree.outline().spot(tree.rows()), None);
            prop_assert!(tree.at() < tree.rows());
        }
    }

    #[test]
    fn visible_rows_are_as_they_would_be_if_made_again(
        steps in prop::collection::vec((0_usize..15, 3_u16..9, 30_u16..32, any::<bool>()), 0..60),
    ) {
        use Action::{Bottom, Down, Fold, FoldAll, HalfPageDown, Left, NextSibling, PageUp, Right, Top, UnfoldAll, Up, Wrap};
        let all =
            [Fold, FoldAll, Left, NextSibling, Right, UnfoldAll, Wrap, Up, Down, Down, Down, Bottom, Top, PageUp, HalfPageDown];
        let (document, mut tree) = tree();
        for (action, height, width, english) in steps {
            let texts = Texts::new(if english { Language::En } else { Language::Zh });
            let area = Rect { width, height, ..AREA };
            let _ = tree.act(all[action], &document, texts); // effects don't matter here
            tree.layout(&document, None, area, texts);
            let kept = tree.lines().to_vec();
            tree.forget_lines();
            tree.layout(&document, None, area, texts);
            prop_assert_eq!(&kept, tree.lines());
        }
    }
}
