//! Files that others saved: what did not come is not told as something empty, and all that came is read.

mod no_answer;
mod several;

use jiff::Timestamp;
use obx::api::Exchange;
use obx::saved::{self, Found};

use crate::support::response;

/// What lies in a file of `tests/responses/files`.
fn found_in(name: &str) -> Found {
    saved::read(response(&format!("files/{name}")), name, Timestamp::UNIX_EPOCH, None)
}

fn exchanges_in(name: &str) -> Vec<Exchange> {
    found_in(name).exchanges
}
