//! The scanner of large bodies, whose second half is scanned on a thread of its own: it finds what one thread finds.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use onebound_document::{Document, NodeId};

/// From so many bytes on there is a second thread.
const LARGE: usize = 1 << 20;

fuzz_target!(|data: &[u8]| {
    // The half is guessed near the middle: what comes first is put there, between as much white space.
    let space = (LARGE - data.len().min(LARGE)) / 2 + 1;
    let Some((&at, data)) = data.split_first() else { return };
    let (before, behind) = data.split_at(data.len() * usize::from(at) / 256);
    let spaces = vec![b' '; space];
    let text = Bytes::from([before, &spaces, behind, &spaces].concat());
    let (halves, alone) = (Document::parse(text.clone()), Document::parse_first(text));
    match (halves, alone) {
        (Ok(halves), Ok(alone)) => assert_eq!(values(&halves), values(&alone)),
        (halves, alone) => assert_eq!(halves.err(), alone.err()),
    }
});

type Value = (NodeId, std::ops::Range<usize>, Option<String>, Option<NodeId>, usize);

fn values(document: &Document) -> Vec<Value> {
    let value = |node| {
        let mut children = document.children(node);
        let key = document.raw_key(node).map(str::to_owned);
        (node, document.span_inside(node), key, children.next(), children.count())
    };
    document.all_nodes().map(value).collect()
}
