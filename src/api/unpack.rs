//! Unpacks a body, and keeps it where that can't be done.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::GzDecoder;

use super::wire::{Wire, WireFault};

/// How a packed body begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// What is unpacked at once, in bytes.
const PIECE: usize = 64 * 1024;

/// A body after it was unpacked.
pub(super) struct Unpacked {
    /// As much of it as could be.
    pub(super) body: Vec<u8>,
    /// Whether there was more than is allowed.
    pub(super) too_large: bool,
}

/// Unpacks what `content_encoding` says is packed, `max` bytes at most; what is wrong goes to `wire`.
pub(super) fn unpack(came: Vec<u8>, content_encoding: &str, max: usize, wire: &mut Wire) -> Unpacked {
    let coding = content_encoding.trim().to_ascii_lowercase();
    let as_it_came = |body: Vec<u8>| Unpacked { too_large: body.len() > max, body };
    match coding.as_str() {
        _ if came.is_empty() => as_it_came(came),
        "" | "identity" => as_it_came(came),
        "gzip" | "x-gzip" if came.starts_with(&GZIP) => gunzip(came, max, wire),
        "gzip" | "x-gzip" => {
            wire.faults.push(WireFault::NotPacked);
            as_it_came(came)
        }
        _ => {
            wire.faults.push(WireFault::Coding(coding));
            as_it_came(came)
        }
    }
}

fn gunzip(packed: Vec<u8>, max: usize, wire: &mut Wire) -> Unpacked {
    let (mut body, mut rest) = (Vec::new(), packed.as_slice());
    // A packed body may be several of them, one behind the other.
    let whole = loop {
        let mut unpacker = GzDecoder::new(rest);
        let member = read_all(&mut unpacker, &mut body, max);
        rest = unpacker.into_inner();
        match member {
            Ok(true) if rest.is_empty() => break true,
            Ok(true) if rest.starts_with(&GZIP) => {}
            Ok(false) => break true,
            Ok(true) | Err(_) => break false,
        }
    };
    let too_large = body.len() > max;
    body.truncate(max);
    if !whole {
        let at = packed.len() - rest.len();
        wire.faults.push(WireFault::Gzip { at, of: packed.len(), unpacked: body.len() });
    }
    if !whole || too_large {
        wire.packed = Some(Bytes::from(packed));
    }
    Unpacked { body, too_large }
}

/// Whether the end was reached; not where there is more than `max`.
fn read_all(from: &mut impl Read, body: &mut Vec<u8>, max: usize) -> std::io::Result<bool> {
    let mut piece = vec![0; PIECE];
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(true);
        }
        body.extend_from_slice(piece.get(..length).unwrap_or_default());
        if body.len() > max {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn unpacked(came: &[u8], coding: &str) -> (Vec<u8>, Wire) {
        let mut wire = Wire::default();
        let unpacked = unpack(came.to_vec(), coding, 100_000, &mut wire);
        (unpacked.body, wire)
    }

    #[test]
    fn a_sound_body_is_unpacked_without_a_word() {
        let two = [gzip(b"one "), gzip(b"two")].concat();
        for (came, coding, body) in [
            (gzip(b"text"), "gzip", "text"),
            (two, " X-GZIP", "one two"),
            (b"text".to_vec(), "identity", "text"),
        ] {
            assert_eq!(unpacked(&came, coding), (body.as_bytes().to_vec(), Wire::default()));
        }
    }

    #[test]
    fn what_is_not_packed_or_packed_in_another_way_stays_as_it_came() {
        assert_eq!(
            unpacked(b"plain", "gzip"),
            (b"plain".to_vec(), Wire { faults: vec![WireFault::NotPacked], packed: None })
        );
        let (body, wire) = unpacked(b"\x28\xb5\x2f\xfd", "zstd");
        assert_eq!((body.len(), wire.faults), (4, vec![WireFault::Coding("zstd".to_owned())]));
    }

    #[test]
    fn of_a_broken_body_both_forms_are_kept_and_the_place_is_told() {
        let text: Vec<u8> = (0..60_000_u32).flat_map(u32::to_le_bytes).take(90_000).collect();
        let whole = gzip(&text);
        let half = &whole[..whole.len() / 2];
        let (body, wire) = unpacked(half, "gzip");
        assert!(!body.is_empty() && text.starts_with(&body));
        let told = WireFault::Gzip { at: half.len(), of: half.len(), unpacked: body.len() };
        assert_eq!(wire, Wire { faults: vec![told], packed: Some(half.to_vec().into()) });
        let mut sum = whole.clone();
        let last = sum.len() - 5;
        sum[last] ^= 1;
        let (body, wire) = unpacked(&sum, "gzip");
        assert_eq!((body, wire.packed, wire.faults.len()), (text, Some(sum.into()), 1));
        let followed = [whole.as_slice(), b"<html>"].concat();
        let (_, wire) = unpacked(&followed, "gzip");
        assert_eq!(wire.gzip_broken_at(), Some(whole.len()));
    }

    #[test]
    fn no_more_is_unpacked_than_is_allowed() {
        let mut wire = Wire::default();
        let bomb = gzip(&vec![b'A'; 1_000_000]);
        let unpacked = unpack(bomb.clone(), "gzip", 1_000, &mut wire);
        assert_eq!((unpacked.body.len(), unpacked.too_large), (1_000, true));
        assert_eq!(wire, Wire { faults: Vec::new(), packed: Some(bomb.into()) });
    }
}
