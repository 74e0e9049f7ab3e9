//! What is unfolded only because the response follows the cursor of another pane. It is folded again when that cursor moves
//! on, and is left out of what the next session unfolds.

use super::{Spot, Tree};
use onebound_document::{Document, NodeId, NodeRef};

/// Containers and strings that following has opened, the outer ones first.
#[derive(Debug, Default)]
pub(super) struct Followed(Vec<Spot>);

impl Followed {
    /// Whether following has unfolded this container of the answer itself.
    pub(super) fn has_opened(&self, node: NodeId) -> bool {
        self.0.iter().any(|spot| spot.outer.is_empty() && spot.node == node)
    }
}

impl Tree {
    /// Shows a node like [`Tree::show`], and folds what was unfolded only for the node before.
    pub(in crate::pane::response) fn follow(&mut self, document: &Document, target: &NodeRef) {
        let way = target.path();
        let around = self.containers(document, &way);
        let before = std::mem::take(&mut self.followed.0);
        let (mut opened, past): (Vec<Spot>, Vec<Spot>) =
            before.into_iter().partition(|spot| around.contains(spot));
        for spot in past.iter().rev() {
            self.fold(document, spot);
        }
        let open: Vec<Spot> = around.into_iter().filter(|spot| self.is_open(document, spot)).collect();
        self.reveal_unfolded(document, target);
        let containers = self.containers(document, &way).into_iter();
        let is_new = |spot: &Spot| !open.contains(spot) && !opened.contains(spot);
        let new: Vec<Spot> = containers.filter(is_new).filter(|spot| self.is_open(document, spot)).collect();
        opened.extend(new);
        self.followed = Followed(opened);
    }

    /// What the user opens or goes to is the user's own, with what is around it.
    pub(super) fn own(&mut self, document: &Document, way: &[NodeId]) {
        if !self.followed.0.is_empty() {
            let around = self.containers(document, way);
            self.followed.0.retain(|spot| !around.contains(spot));
        }
    }

    /// The containers and strings around a node, the outermost first, and the node itself; as far as strings are open.
    fn containers(&mut self, document: &Document, way: &[NodeId]) -> Vec<Spot> {
        let mut containers = Vec::new();
        for (level, id) in way.iter().enumerate() {
            let outer = way.get(..level).unwrap_or_default();
            let Some((inner, outline)) = self.outline.within(document, outer) else { break };
            let steps = outline.places.steps_to(inner, *id);
            let nodes = [inner.root()].into_iter().chain(steps.iter().map(|step| step.node));
            containers.extend(nodes.map(|node| Spot { outer: outer.to_vec(), node, line: None }));
        }
        containers
    }

    fn fold(&mut self, document: &Document, spot: &Spot) {
        let Some((inner, outline)) = self.outline.within(document, &spot.outer) else { return };
        if inner.is_foldable(spot.node) {
            outline.folds.set(inner, spot.node, false);
        } else {
            outline.close(spot.node);
        }
    }
}
