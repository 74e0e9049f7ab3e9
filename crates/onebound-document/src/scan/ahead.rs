//! The second half of a large body, scanned beforehand.
//!
//! Where the half begins is a guess: in the midst of a list of objects, by the look of it. The scanner that comes
//! from the start takes the half over only if it gets to that very place and expects an element of a list there;
//! else it goes on by itself, and finds what it would have found alone.

use super::{Expect, MAX_DEPTH, Node, NodeKind, Scanner, index, tag, tagged};
use crate::NO_KEY;

/// Number of positions that are tried.
const TRIES: usize = 10_000;

/// Where the half begins, and how to get what was found in it.
pub(super) struct Ahead<'a> {
    pub(super) at: usize,
    pub(super) rest: Box<dyn FnOnce() -> Option<Rest> + 'a>,
}

/// The nodes between the guessed position and the end of its list.
pub(super) struct Rest {
    /// The first is a placeholder for the list itself.
    nodes: Vec<Node>,
    /// Where the list ends.
    end: usize,
    /// How deep it goes, the list included.
    deepest: usize,
}

impl Rest {
    /// `None` where the list is not there, or is not whole.
    pub(super) fn scan(bytes: &[u8], at: usize) -> Option<Self> {
        let mut scanner = Scanner::at(bytes, at);
        let list =
            Node { key: NO_KEY, start: index(at), end: index(at), after: tagged(tag(NodeKind::Array), 1) };
        scanner.nodes.push(list);
        scanner.open.push((0, NodeKind::Array));
        scanner.deepest = 1;
        scanner.values(Expect::Value).ok()?;
        Some(Self { nodes: scanner.nodes, end: scanner.at - 1, deepest: scanner.deepest })
    }
}

impl Scanner<'_> {
    /// Takes over what was scanned from here on; says whether it could be.
    pub(super) fn graft(&mut self) -> bool {
        let Some(ahead) = self.ahead.take() else { return false };
        let in_list = self.open.last().is_some_and(|(_, kind)| *kind == NodeKind::Array);
        let rest = if in_list && ahead.at == self.at { (ahead.rest)() } else { None };
        let Some(rest) = rest.filter(|rest| self.open.len() - 1 + rest.deepest <= MAX_DEPTH) else {
            return false;
        };
        self.deepest = self.deepest.max(self.open.len() - 1 + rest.deepest);
        let shift = index(self.nodes.len()) - 1;
        let shifted = |node: &Node| Node { after: node.after + shift, ..*node };
        self.nodes.extend(rest.nodes.iter().skip(1).map(shifted));
        self.at = rest.end;
        true
    }
}

/// A place behind the middle where an object follows another, by the look of it.
pub(super) fn between_objects(bytes: &[u8]) -> Option<usize> {
    let middle = bytes.len() / 2;
    let (front, back) = bytes.split_at_checked(middle)?;
    let mut opening = memchr::memchr_iter(b'{', back).map(|at| front.len() + at).take(TRIES);
    let follows = |at: &usize| {
        let before = bytes.get(..*at).unwrap_or_default().trim_ascii_end();
        before.strip_suffix(b",").is_some_and(|before| before.trim_ascii_end().ends_with(b"}"))
    };
    opening.find(follows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{scan, scan_with};
    use super::*;

    /// Pieces of JSON, most of them in their places.
    fn nearly_json() -> impl Strategy<Value = String> {
        let leaf =
            prop::sample::select(vec!["1", "\"a\"", "\"},{\"", "null", "{}", "[]", "\"\\\"\"", "oops"]);
        let value = leaf.prop_map(str::to_owned).prop_recursive(4, 40, 5, |inner| {
            let list =
                prop::collection::vec(inner.clone(), 0..5).prop_map(|list| format!("[{}]", list.join(",")));
            let members = prop::collection::vec(inner, 0..4)
                .prop_map(|list| list.iter().map(|value| format!("\"k\": {value}")).collect::<Vec<_>>());
            prop_oneof![list, members.prop_map(|members| format!("{{{}}}", members.join(" ,")))]
        });
        (value, "[ \\]},x]{0,2}").prop_map(|(value, after)| value + &after)
    }

    proptest! {
        #[test]
        fn wherever_the_half_is_guessed_to_begin_the_same_is_found(text in nearly_json()) {
            let bytes = text.as_bytes();
            let alone = scan(bytes, 0);
            for at in memchr::memchr_iter(b'{', bytes) {
                let ahead = Ahead { at, rest: Box::new(move || Rest::scan(bytes, at)) };
                prop_assert_eq!(&scan_with(bytes, 0, Some(ahead)), &alone, "{} at {}", text, at);
            }
        }
    }

    #[test]
    fn depth_counts_from_the_outermost_container() {
        let nested = |depth: usize| "[".repeat(depth) + "{},{}" + &"]".repeat(depth);
        for depth in [MAX_DEPTH - 1, MAX_DEPTH] {
            let text = nested(depth);
            let bytes = text.as_bytes();
            let at = between_objects(bytes).unwrap();
            let ahead = Ahead { at, rest: Box::new(move || Rest::scan(bytes, at)) };
            assert_eq!(scan_with(bytes, 0, Some(ahead)), scan(bytes, 0));
        }
    }

    #[test]
    fn a_half_that_begins_rightly_is_taken_over() {
        let bytes = br#"{"in the first half":0,"a":[{"b":1}, {"b":[2]},3],"c":4}"#;
        let at = between_objects(bytes).unwrap();
        let taken = std::cell::Cell::new(false);
        let rest = || {
            taken.set(true);
            Rest::scan(bytes, at)
        };
        assert_eq!(scan_with(bytes, 0, Some(Ahead { at, rest: Box::new(rest) })), scan(bytes, 0));
        assert!(taken.get());
    }
}
