//! Two readings of a large body at once, each on a thread of its own.

use std::panic::resume_unwind;
use std::thread::{Builder, scope};

/// Both results. The second runs on another thread where that is `worth` it and the system gives one.
pub(super) fn join2<A, B: Send>(
    worth: bool,
    first: impl FnOnce() -> A,
    second: impl Fn() -> B + Sync,
) -> (A, B) {
    scope(|scope| {
        let other = worth.then(|| Builder::new().spawn_scoped(scope, &second)).and_then(Result::ok);
        let first = first();
        let second = match other {
            Some(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            None => second(),
        };
        (first, second)
    })
}
