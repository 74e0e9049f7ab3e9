//! Searching the JSON inside of strings.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use onebound_document::{Document, Hits, Pattern};

/// A body of so many strings, each of them a list of so many objects.
fn body(strings: usize, objects: usize) -> Document {
    let object = r#"{\"name\": \"\u989c\u8272\", \"price\": 12.50, \"words\": \"\\\\u4e2d \\\"x\\\"\"}"#;
    let string = format!("\"[{}]\"", vec![object; objects].join(", "));
    Document::parse(format!("[{}]", vec![string; strings].join(",")).into()).unwrap()
}

fn search(document: &Document, typed: &str) -> Hits {
    let pattern = Pattern::read(typed).unwrap().unwrap();
    document.search(&pattern, &|| false).unwrap()
}

pub(crate) fn strings_of_json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("JSON inside of strings");
    group.sample_size(10);
    for (name, strings, objects) in [("50 MB in 170,000", 170_000, 3), ("50 MB in 9", 9, 60_000)] {
        let document = body(strings, objects);
        for typed in ["nosuch", "price", "中", "~^x$"] {
            group.bench_function(BenchmarkId::new(name, typed), |bencher| {
                bencher.iter(|| black_box(search(&document, typed)));
            });
        }
    }
    group.finish();
}
