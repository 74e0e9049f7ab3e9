//! A gzip stream that unpacks to far more than it weighs, made in milliseconds.
//!
//! One MiB is compressed once, with a full flush at its end; such a block depends on nothing before it, so
//! that it can be sent again and again inside of one stream. The check sum is combined likewise.

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

/// How often the block is repeated: 96 MiB, half as much again as the 64 MiB a careful client may allow.
const BLOCKS: usize = 96;

const BLOCK: usize = 1 << 20;

/// Magic, deflate, no flags, no time, no extra flags, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The pieces of the stream, to be sent in order: `head`, the `A`s of one long string, `tail`.
pub(crate) fn pieces(head: &str, tail: &str) -> Vec<Bytes> {
    let block = vec![b'A'; BLOCK];
    let mut sum = crc(head.as_bytes());
    let block_sum = crc(&block);
    (0..BLOCKS).for_each(|_| sum.combine(&block_sum));
    sum.combine(&crc(tail.as_bytes()));

    let packed = deflated(&block, FlushCompress::Full);
    let mut pieces = vec![Bytes::from_static(&HEADER), deflated(head.as_bytes(), FlushCompress::Full)];
    pieces.extend((0..BLOCKS).map(|_| packed.clone()));
    pieces.push(deflated(tail.as_bytes(), FlushCompress::Finish));
    pieces.push([sum.sum().to_le_bytes(), sum.amount().to_le_bytes()].concat().into());
    pieces
}

fn crc(data: &[u8]) -> Crc {
    let mut crc = Crc::new();
    crc.update(data);
    crc
}

fn deflated(data: &[u8], flush: FlushCompress) -> Bytes {
    // Room for the block stored as it is, which is the worst that deflate does.
    let mut packed = Vec::with_capacity(data.len() + 1024);
    let mut deflate = Compress::new(Compression::default(), false);
    // A fresh compressor and a buffer with room for everything leave nothing that could fail.
    let _ = deflate.compress_vec(data, &mut packed, flush);
    packed.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_small_stream_unpacks_to_more_than_64_mib_of_json() {
        let stream = pieces("{\"desc\":\"", "\"}").concat();
        assert!(stream.len() < 300_000, "{} bytes", stream.len());
        let mut unpacked = flate2::read::GzDecoder::new(stream.as_slice());
        let mut start = [0; 16];
        unpacked.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"{\"desc\":\"AAAAAAA");
        let rest = std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap();
        assert_eq!(rest + 16, (BLOCKS * BLOCK) as u64 + 11);
    }
}
