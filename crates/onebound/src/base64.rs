//! Base64, as HAR files and the store have it for bytes that are no text.

/// The bytes; `None` where it is none. White space and missing padding are let through.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        held = held << 6 | u32::from(sextet(byte)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// The text of these bytes, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let held = three.iter().fold(0_usize, |held, byte| held << 8 | usize::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = letters.get(held >> (18 - 6 * place) & 0x3f).filter(|_| place <= three.len());
            text.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_rfcs_examples_decode() {
        let cases = [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9v\nYmE", "fooba")];
        for (text, bytes) in cases {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(&encode(bytes.as_bytes())).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(
            (encode(b"f"), encode(b"fo"), encode(b"foo")),
            ("Zg==".into(), "Zm8=".into(), "Zm9v".into())
        );
        assert_eq!(decode("5Y6C").unwrap(), "厂".as_bytes());
        assert_eq!(decode("a$b"), None);
    }
}
