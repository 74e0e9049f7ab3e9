//! Paths and positions of nodes: `$.item.skus.sku[3].price`, or in jq syntax `.item.skus.sku[3].price`.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Document, NodeId, scan};

/// One step on the path from the outermost value to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The node that it leads to.
    pub node: NodeId,
    /// Its index in the container, from 0.
    pub place: usize,
}

/// Every 64th child of a large container is stored, so that finding one takes at most 64 steps.
const EVERY: usize = 64;

impl Document {
    /// The node at a path as [`ChildIndex::path`] writes it, or its nearest existing ancestor. Of duplicate keys the first
    /// counts.
    pub fn nearest_to(&self, path: &str) -> NodeId {
        let (mut at, mut rest) = (self.root(), path.strip_prefix('$').unwrap_or_default());
        while let Some((step, after)) = next_step(rest) {
            let is_meant = |(place, child): &(usize, NodeId)| match step {
                PathSegment::Key(key) => self.raw_key(*child) == Some(key) || self.has_key(*child, key),
                PathSegment::Place(meant) => *place == meant,
            };
            let Some((_, child)) = self.children(at).enumerate().find(is_meant) else { break };
            (at, rest) = (child, after);
        }
        at
    }
}

/// One step of a written path.
#[derive(Clone, Copy)]
enum PathSegment<'a> {
    Key(&'a str),
    Place(usize),
}

/// The first step of a path, and what follows it.
fn next_step(path: &str) -> Option<(PathSegment<'_>, &str)> {
    if let Some(word) = path.strip_prefix('.') {
        let (key, rest) = word.split_at_checked(word.find(['.', '[']).unwrap_or(word.len()))?;
        return Some((PathSegment::Key(key), rest));
    }
    if let Some(quoted) = path.strip_prefix("[\"") {
        let (end, _) = scan::string_length(quoted.as_bytes());
        let (key, rest) = quoted.split_at_checked(end)?;
        return Some((PathSegment::Key(key), rest.strip_prefix("\"]")?));
    }
    let (place, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((PathSegment::Place(place.parse().ok()?), rest))
}

/// Counts and indexes the children of containers. Large containers are scanned once; always pass the same document.
#[derive(Clone, Debug, Default)]
pub struct ChildIndex {
    large: HashMap<NodeId, Large>,
}

#[derive(Clone, Debug)]
struct Large {
    count: usize,
    every: Vec<NodeId>,
}

impl ChildIndex {
    /// The number of direct children of a container.
    pub fn count(&mut self, document: &Document, container: NodeId) -> usize {
        if let Some(large) = self.large.get(&container) {
            return large.count;
        }
        let (mut count, mut every) = (0, Vec::new());
        for child in document.children(container) {
            if count % EVERY == 0 {
                every.push(child);
            }
            count += 1;
        }
        if count > EVERY {
            self.large.insert(container, Large { count, every });
        }
        count
    }

    /// The steps from the outermost value to a node; empty for the outermost value.
    pub fn steps_to(&mut self, document: &Document, id: NodeId) -> Vec<PathStep> {
        let (mut steps, mut at) = (Vec::new(), document.root());
        while at != id {
            let Some(step) = self.step(document, at, id) else { break };
            at = step.node;
            steps.push(step);
        }
        steps
    }

    /// The container of a node; `None` for the outermost value.
    pub fn parent(&mut self, document: &Document, id: NodeId) -> Option<NodeId> {
        let steps = self.steps_to(document, id);
        let before_last = steps.len().checked_sub(2).and_then(|at| steps.get(at));
        steps.last().map(|_| before_last.map_or(document.root(), |step| step.node))
    }

    /// The sibling `by` positions after this node, or before it if negative.
    pub fn sibling(&mut self, document: &Document, id: NodeId, by: isize) -> Option<NodeId> {
        let parent = self.parent(document, id)?;
        let place = self.step(document, parent, id)?.place.checked_add_signed(by)?;
        let (start, first) =
            self.remembered(document, parent, |large| place / EVERY % large.every.len().max(1));
        document.children_from(parent, start).nth(place.checked_sub(first)?)
    }

    /// From a container to what of it holds a node.
    fn step(&mut self, document: &Document, container: NodeId, id: NodeId) -> Option<PathStep> {
        let (start, first) = self.remembered(document, container, |large| {
            large.every.partition_point(|start| *start <= id).saturating_sub(1)
        });
        let mut places = document.children_from(container, start).zip(first..);
        places
            .find(|(child, _)| *child == id || document.is_inside(id, *child))
            .map(|(node, place)| PathStep { node, place })
    }

    /// A value of a container to begin at, and its place.
    fn remembered(
        &mut self,
        document: &Document,
        container: NodeId,
        which: impl Fn(&Large) -> usize,
    ) -> (NodeId, usize) {
        self.count(document, container);
        let known = self.large.get(&container).and_then(|large| {
            let which = which(large);
            Some((*large.every.get(which)?, which * EVERY))
        });
        known.unwrap_or((NodeId(container.0 + 1), 0))
    }

    /// The path as `$.item.skus.sku[3].price`; keys that are no plain words are quoted, escaped as sent.
    pub fn path(&mut self, document: &Document, id: NodeId) -> String {
        let steps = self.steps_to(document, id);
        written("$", document, &steps, |key| is_word(key, char::is_alphanumeric))
    }

    /// The path in jq syntax: `.item.skus.sku[3].price`.
    pub fn jq_path(&mut self, document: &Document, id: NodeId) -> String {
        let steps = self.steps_to(document, id);
        let path = written("", document, &steps, |key| is_word(key, |c| c.is_ascii_alphanumeric()));
        if path.starts_with('.') { path } else { format!(".{path}") }
    }
}

fn written(root: &str, document: &Document, steps: &[PathStep], plain: impl Fn(&str) -> bool) -> String {
    let mut path = root.to_owned();
    for step in steps {
        let _ = match document.raw_key(step.node) {
            Some(key) if plain(key) => write!(path, ".{key}"),
            Some(key) => write!(path, "[\"{key}\"]"),
            None => write!(path, "[{}]", step.place),
        };
    }
    path
}

fn is_word(key: &str, part: impl Fn(char) -> bool) -> bool {
    !key.is_empty()
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && key.chars().all(|c| c == '_' || part(c))
}
