//! Files that others saved: a missing part is not shown as an empty one, and all that is there is read.

mod no_answer;
mod not_quite;
mod several;

use std::sync::Arc;

use jiff::Timestamp;
use obx::message::Event;
use obx_core::i18n::Language;
use obx_core::import::{self, Imported};
use onebound::Exchange;

use crate::support::{Driver, response};

/// What lies in a file of `tests/responses/files`.
fn found_in(name: &str) -> Imported {
    import::parse(response(&format!("files/{name}")), name, Timestamp::UNIX_EPOCH, None)
}

/// The explorer on such a file.
fn driver_of(size: &str, language: Language, name: &str) -> Driver {
    let mut driver = Driver::of_file(size, language, name);
    let found = found_in(name);
    let exchanges = found.exchanges.into_iter().map(Arc::new).collect();
    driver.update(Event::File { exchanges, notes: found.notes });
    driver
}

fn exchanges_in(name: &str) -> Vec<Exchange> {
    found_in(name).exchanges
}
