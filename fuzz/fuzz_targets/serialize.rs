//! An answer in PHP's `serialize`: read or refused, within bounds; what is read is JSON, and the same once more.

#![no_main]

use libfuzzer_sys::fuzz_target;
use obx_fuzz::{PAIR, assert_decoded, assert_sound, assert_written_again, credentials, receive};
use onebound::ResultType;

fuzz_target!(|data: &[u8]| {
    let exchange = receive(ResultType::Serialize, data, &credentials(PAIR));
    assert_sound(&exchange, data);
    if let Some(value) = assert_decoded(&exchange, data) {
        assert_written_again(exchange.call.result_type(), &value);
    }
});
