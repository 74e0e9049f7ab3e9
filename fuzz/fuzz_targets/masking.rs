//! Masking: whatever a body is, and however it writes a secret, nothing that is shown has it.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use obx_fuzz::{PAIR, assert_hidden, assert_sound, planted, receive};
use onebound::{Body, ResultType};

/// Which a body writes as they are, with escapes, with percent signs, or with entities.
const PAIRS: [(&str, &str); 4] = [
    PAIR,
    ("Key-With_every.mark~9", "Secret/With+Slash=&More"),
    ("k\"quoted\\and/slashed\"", "\"s%41'<b>&amp;\\"),
    ("钥匙-пароль-🔑", "密é碼Z/z"),
];

// The first byte says of what form the answer is, and which pair is masked.
fuzz_target!(|data: &[u8]| {
    let Some((&first, template)) = data.split_first() else { return };
    let pair = PAIRS[usize::from(first) / 8 % PAIRS.len()];
    let asked = ResultType::ALL[usize::from(first) % 8 % ResultType::ALL.len()];
    let body = planted(template, pair);
    let credentials = obx_fuzz::credentials(pair);

    let (received, _) = Body::receive(Bytes::copy_from_slice(&body), &credentials);
    // What is a secret by its name alone may go further in a text with masks, which has fewer escapes.
    let mut rest = received.shown().to_vec();
    for span in obx_fuzz::credentials(("nobodys-key", "nobodys-secret")).find_in(received.shown()) {
        rest[span.start..span.end].fill(b'*');
    }
    let again = credentials.find_in(received.shown());
    let is_masked = |at: std::ops::Range<usize>| rest[at].iter().all(|byte| *byte == b'*');
    assert!(again.iter().all(|span| is_masked(span.start..span.end)), "found again: {again:?}");

    let exchange = receive(asked, &body, &credentials);
    assert_sound(&exchange, &body);
    assert_hidden(&exchange, pair);
});
