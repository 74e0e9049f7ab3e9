//! Files with answers, HAR files first of all: read or refused; what obx writes of them is read as the same.

#![no_main]

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use obx_core::export::{Extras, Form};
use obx_core::i18n::{Language, Texts};
use obx_core::import::{self, Imported};
use obx_fuzz::{PAIR, assert_hidden, assert_sound, credentials, planted};

fn read(content: Vec<u8>) -> Imported {
    import::parse(
        Bytes::from(content),
        "saved-610947572360.har",
        Timestamp::UNIX_EPOCH,
        Some(&credentials(PAIR)),
    )
}

/// `None` of what is no HAR file.
fn written(found: Imported) -> Option<String> {
    let exchanges: Vec<_> = found.exchanges.into_iter().map(Arc::new).collect();
    if exchanges.iter().any(|exchange| exchange.is_body_only()) {
        return None;
    }
    Form::HarOfDay.write(&exchanges, Extras::default(), Texts::new(Language::En)).ok()
}

fuzz_target!(|data: &[u8]| {
    let found = read(planted(data, PAIR));
    for exchange in &found.exchanges {
        assert_sound(exchange, &exchange.body.raw().clone());
        assert_hidden(exchange, PAIR);
    }
    let count = found.exchanges.len();
    // What is not UTF-8 is written as if it were: its size is another one then. Of what has masks in it more may be
    // masked when it is read again.
    let as_it_came = found.exchanges.iter().all(|exchange| exchange.body.raw() == exchange.body.shown());
    if as_it_came && let Some(once) = written(found) {
        let again = read(once.clone().into_bytes());
        assert_eq!((again.exchanges.len(), again.notes.left_out()), (count, 0), "{once}");
        assert_eq!(written(again).as_deref(), Some(once.as_str()));
    }
});
