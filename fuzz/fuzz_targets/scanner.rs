//! The scanner: whatever comes is indexed or refused; what is indexed is there as it came.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use obx_fuzz::everything;
use onebound_document::{Document, NodeKind, NodeId, SyntaxFault};
use serde::de::IgnoredAny;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let text = Bytes::copy_from_slice(data);
    let indexed = Document::parse(text.clone());
    // Looks at syntax alone, as deep as it goes, and at no number's size.
    let strict = serde_json::from_slice::<IgnoredAny>(data);
    let document = match indexed {
        Ok(document) => document,
        Err(error) => {
            assert!(error.at <= data.len());
            assert!(strict.is_err() || error.fault == SyntaxFault::TooDeep, "{error} of strict JSON");
            return;
        }
    };
    let is_strict = document.violations().is_empty() && document.trailing().is_none();
    // What may be a mask is no violation.
    let may_be_masked = is_strict && data.contains(&b'*');
    assert!(may_be_masked || is_strict == strict.is_ok(), "{:?} {strict:?}", document.violations());
    let whole = document.whole();
    assert_whole(&document, &whole, data);
    // What is not UTF-8 becomes so before it is indexed: its texts can't be read.
    let Ok(all) = std::str::from_utf8(data) else { return };
    assert_eq!(document.raw(document.root()).as_bytes(), whole);
    if let Ok(value) = serde_json::from_str::<Value>(all) {
        assert_same(&document, document.root(), &value);
    }
    let read = everything(&document);
    let again = Document::parse(whole.clone()).expect("what was indexed once is indexed again");
    assert_eq!((again.whole(), again.trailing(), everything(&again)), (whole, None, read.clone()));
    let first = Document::parse_first(text).expect("the first value is there");
    assert_eq!(everything(&first), read);
});

/// Around the value there is nothing but white space, and what was told of.
fn assert_whole(document: &Document, whole: &[u8], data: &[u8]) {
    let text = data.strip_prefix("\u{feff}".as_bytes()).unwrap_or(data);
    let end = document.trailing().unwrap_or(data.len()) - (data.len() - text.len());
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let start = text.iter().take_while(|byte| is_space(byte)).count();
    assert!(text[start..end].starts_with(whole));
    assert!(text[start + whole.len()..end].iter().all(|byte| is_space(byte)));
}

/// The document says what another reader read.
fn assert_same(document: &Document, node: NodeId, value: &Value) {
    match value {
        Value::Null => assert_eq!(document.kind(node), NodeKind::Null),
        Value::Bool(is) => assert_eq!(document.text(node), is.to_string()),
        Value::Number(number) => {
            assert_eq!(document.kind(node), NodeKind::Number);
            let read: f64 = document.raw(node).parse().expect("a number");
            assert_eq!(Some(read), number.as_f64());
        }
        Value::String(text) => assert_eq!(document.text(node), text.as_str()),
        Value::Array(list) => {
            assert_eq!(document.children(node).count(), list.len());
            document.children(node).zip(list).for_each(|(child, value)| assert_same(document, child, value));
        }
        // Of duplicates both take the last.
        Value::Object(map) => {
            assert!(document.children(node).count() >= map.len());
            for (key, value) in map {
                assert_same(document, document.get(node, key).expect("a member"), value);
            }
        }
    }
}
