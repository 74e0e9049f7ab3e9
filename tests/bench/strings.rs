//! Searching JSON that stands inside of strings: in all, and the longest of its steps, which a key may have to wait for.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use onebound_document::{Document, Pattern, Search};

/// As the tree steps.
const STEP: usize = 4_000_000;

/// A body of so many strings, each of them a list of so many objects.
fn body(strings: usize, objects: usize) -> Document {
    let object = r#"{\"name\": \"\u989c\u8272\", \"price\": 12.50, \"words\": \"\\\\u4e2d \\\"x\\\"\"}"#;
    let string = format!("\"[{}]\"", vec![object; objects].join(", "));
    Document::parse(format!("[{}]", vec![string; strings].join(",")).into()).unwrap()
}

fn search(document: &Document, typed: &str) -> (Search, Duration) {
    let mut search = Search::of(Pattern::read(typed).unwrap().unwrap());
    let mut longest = Duration::ZERO;
    while !search.is_done() {
        let start = Instant::now();
        search.step(document, STEP);
        longest = longest.max(start.elapsed());
    }
    (search, longest)
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
            group.bench_function(BenchmarkId::new(format!("longest step, {name}"), typed), |bencher| {
                bencher.iter_custom(|times| (0..times).map(|_| search(&document, typed).1).sum());
            });
        }
    }
    group.finish();
}
