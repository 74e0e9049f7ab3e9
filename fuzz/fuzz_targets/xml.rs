//! An answer in XML: read or refused, within bounds; what is read is JSON, and the same once more.

#![no_main]

use libfuzzer_sys::fuzz_target;
use obx_fuzz::{PAIR, assert_decoded, assert_sound, credentials, receive};
use onebound::ResultType;

fuzz_target!(|data: &[u8]| {
    let exchange = receive(ResultType::Xml, data, &credentials(PAIR));
    assert_sound(&exchange, data);
    assert_decoded(&exchange, data);
});
