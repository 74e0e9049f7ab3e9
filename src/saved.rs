//! Answers that lie in files: a body as any program saved it, or a HAR file of a browser, a proxy or obx itself.
//!
//! Nothing is asked of anybody. A body that is no answer of the API, or no JSON at all, becomes an exchange all the
//! same, which says what is wrong with it. It stands on floor 1, for it only reads bytes that others brought.

mod base64;
mod har;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::api::{Answer, Credentials, Exchange, Host, ItemId, Saved, Timing};
use crate::document::Document;

/// What was found in a file.
#[derive(Debug)]
pub struct Found {
    /// In the file's order; never empty for a body.
    pub exchanges: Vec<Exchange>,
    /// How many entries of a HAR file are not of this API.
    pub others: usize,
}

/// How far a HAR file's first key is looked for: a body has no `log` there.
const HEAD: usize = 4_096;

/// Reads a file's content; `named` is its name, in which an ID may stand, and `at` when it was written. Where the
/// caller's credentials are known, they are masked in it.
pub fn read(content: Bytes, named: &str, at: Timestamp, credentials: Option<&Credentials>) -> Found {
    if may_be_har(&content)
        && let Ok(document) = Document::index(content.clone())
        && let Some(found) = har::read(&document, credentials)
    {
        return found;
    }
    let saved = Saved {
        call: Err(id_in(named)),
        host: no_host(),
        started_at: at,
        timing: Timing { total: Duration::ZERO, ..Timing::default() },
    };
    let answer = Answer { status: 0, headers: Vec::new(), body: content };
    Found { exchanges: vec![Exchange::saved(saved, answer, credentials)], others: 0 }
}

/// Who is named where nobody was asked.
fn no_host() -> Host {
    Host::parse("https://file").unwrap_or_default()
}

fn may_be_har(content: &Bytes) -> bool {
    let head = content.get(..content.len().min(HEAD)).unwrap_or_default();
    memchr::memmem::find(head, b"\"log\"").is_some()
}

/// `610947572360` in `obx-610947572360-20261124.json`: the first number as long as an item's ID.
fn id_in(name: &str) -> Option<ItemId> {
    let mut numbers = name.split(|c: char| !c.is_ascii_digit());
    ItemId::find(numbers.find(|digits| (10..=20).contains(&digits.len()))?).ok()
}
