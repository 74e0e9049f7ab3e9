//! Bodies as they lie in the store: packed, for JSON shrinks to a quarter.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::{Fault, StoreError};

/// Larger bodies are packed for speed, not for size.
const LARGE: usize = 256 * 1024;

pub(super) fn pack(raw: &[u8]) -> Result<Vec<u8>, StoreError> {
    let level = if raw.len() > LARGE { Compression::fast() } else { Compression::default() };
    let mut packer = DeflateEncoder::new(Vec::with_capacity(raw.len() / 3), level);
    packer.write_all(raw)?;
    Ok(packer.finish()?)
}

/// `size` is what it was before; anything else means damage.
pub(super) fn unpack(packed: &[u8], size: usize) -> Result<Bytes, StoreError> {
    let mut raw = Vec::new();
    // One byte more than there should be, so that a longer one is noticed without being unpacked in full.
    let limit = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
    let read = DeflateDecoder::new(packed).take(limit).read_to_end(&mut raw);
    match read {
        Ok(length) if length == size => Ok(Bytes::from(raw)),
        _ => Err(StoreError::new(Fault::Corrupt, "a kept body is damaged")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_out_as_it_went_in() {
        for raw in [Vec::new(), b"{}".to_vec(), vec![0xff; 300_000]] {
            assert_eq!(unpack(&pack(&raw).unwrap(), raw.len()).unwrap(), raw);
        }
    }

    #[test]
    fn damage_is_noticed() {
        let packed = pack(&[b'x'; 1_000]).unwrap();
        assert_eq!(unpack(&packed, 999).unwrap_err().fault, Fault::Corrupt);
        assert_eq!(unpack(&packed[1..], 1_000).unwrap_err().fault, Fault::Corrupt);
    }
}
