//! Unpacks a body, and keeps it where that can't be done.
//!
//! A response was paid for and may be malicious: size, members and time are limited, and where a limit ends
//! the unpacking the bytes are kept as they came.

use std::io::{BufRead, Read};

use bytes::Bytes;
use flate2::bufread::GzDecoder;

use super::wire::{Wire, WireFault};

/// How a packed body begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Size of one step, in bytes, of the unpacked and of the packed body.
const PIECE: usize = 64 * 1024;
/// Members of one gzip body that are unpacked: a server that packs each 64 kB by itself makes some thousand at most.
const MAX_MEMBERS: usize = 10_000;
/// Pieces that are unpacked without asking whether anybody still wants them: milliseconds, and more than any item has,
/// so that what came of an ended call is shown as well.
const UNASKED: usize = 64;

/// Limits of the unpacking.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    /// In bytes after unpacking.
    pub(super) max: usize,
    /// Whether somebody still waits for the body; asked between pieces.
    pub(super) is_wanted: &'a dyn Fn() -> bool,
}

/// A body after it was unpacked.
pub(super) struct Unpacked {
    /// The unpacked part.
    pub(super) body: Vec<u8>,
    /// How much that is.
    pub(super) extent: Extent,
}

/// How far a body was unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// To its end.
    Whole,
    /// Up to the size limit.
    TooLarge,
    /// Up to this byte of the packed body, where it breaks.
    Broken(usize),
    /// Up to this byte of the packed body, behind as many members as are unpacked.
    TooManyMembers(usize),
    /// Up to this byte of the packed body, where nobody wanted it any more.
    Stopped(usize),
}

/// Unpacks what `content_encoding` says is packed, within `bounds`; what is wrong goes to `wire`.
pub(super) fn unpack(came: Vec<u8>, content_encoding: &str, bounds: Bounds<'_>, wire: &mut Wire) -> Unpacked {
    let coding = content_encoding.trim().to_ascii_lowercase();
    let as_it_came = |body: Vec<u8>| {
        let extent = if body.len() > bounds.max { Extent::TooLarge } else { Extent::Whole };
        Unpacked { body, extent }
    };
    match coding.as_str() {
        _ if came.is_empty() => as_it_came(came),
        "" | "identity" => as_it_came(came),
        "gzip" | "x-gzip" if came.starts_with(&GZIP) => gunzip(came, bounds, wire),
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

fn gunzip(packed: Vec<u8>, bounds: Bounds<'_>, wire: &mut Wire) -> Unpacked {
    let mut body = Vec::new();
    let extent = unpack_members(&packed, bounds, &mut body);
    body.truncate(bounds.max);
    let (of, unpacked) = (packed.len(), body.len());
    wire.faults.extend(match extent {
        Extent::Whole | Extent::TooLarge => None,
        Extent::Broken(at) => Some(WireFault::Gzip { at, of, unpacked }),
        Extent::TooManyMembers(at) => Some(WireFault::Members { members: MAX_MEMBERS, at, of, unpacked }),
        Extent::Stopped(at) => Some(WireFault::Stopped { at, of, unpacked }),
    });
    if extent != Extent::Whole {
        wire.packed = Some(Bytes::from(packed));
    }
    Unpacked { body, extent }
}

/// How far it got. A packed body may be several, one behind the other.
fn unpack_members(packed: &[u8], bounds: Bounds<'_>, body: &mut Vec<u8>) -> Extent {
    // One unpacker and one piece for all members: there may be more of them than bytes in each.
    let mut unpacker = GzDecoder::new(PackedReader { rest: packed, steps: 0, is_wanted: bounds.is_wanted });
    let mut piece = vec![0; PIECE];
    for member in 1.. {
        let ended = unpack_member(&mut unpacker, &mut piece, body, bounds.max);
        let rest = *unpacker.get_ref();
        let at = packed.len() - rest.rest.len();
        let extent = match ended {
            Err(_) if rest.is_stopped() => Extent::Stopped(at),
            Err(_) => Extent::Broken(at),
            Ok(false) => Extent::TooLarge,
            Ok(true) if rest.rest.is_empty() => Extent::Whole,
            Ok(true) if !rest.rest.starts_with(&GZIP) => Extent::Broken(at),
            Ok(true) if member == MAX_MEMBERS => Extent::TooManyMembers(at),
            Ok(true) => {
                let _ = unpacker.reset(rest); // the reader, from where it was
                continue;
            }
        };
        return extent;
    }
    Extent::Whole
}

/// Whether its end was reached; not where there is more than `max` in all.
fn unpack_member(
    from: &mut impl Read,
    piece: &mut [u8],
    body: &mut Vec<u8>,
    max: usize,
) -> std::io::Result<bool> {
    loop {
        let length = from.read(piece)?;
        if length == 0 {
            return Ok(true);
        }
        body.extend_from_slice(piece.get(..length).unwrap_or_default());
        if body.len() > max {
            return Ok(false);
        }
    }
}

/// A packed body, given out piece by piece while it is wanted. Every step of an unpacker asks it for some, whether the
/// step makes much, little or nothing of it.
#[derive(Clone, Copy)]
struct PackedReader<'a> {
    rest: &'a [u8],
    /// How often it was asked.
    steps: usize,
    is_wanted: &'a dyn Fn() -> bool,
}

impl PackedReader<'_> {
    fn is_stopped(&self) -> bool {
        self.steps > UNASKED && !(self.is_wanted)()
    }
}

impl BufRead for PackedReader<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.steps += 1;
        if self.is_stopped() {
            return Err(std::io::Error::other("nobody waits for it"));
        }
        Ok(self.rest.get(..PIECE).unwrap_or(self.rest))
    }

    fn consume(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }
}

impl Read for PackedReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
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

    const WANTED: Bounds<'static> = Bounds { max: 100_000, is_wanted: &|| true };

    fn unpacked(came: &[u8], coding: &str) -> (Vec<u8>, Wire) {
        let mut wire = Wire::default();
        let unpacked = unpack(came.to_vec(), coding, WANTED, &mut wire);
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
    fn of_a_broken_body_both_forms_are_kept_and_the_place_is_reported() {
        let text: Vec<u8> = (0..60_000_u32).flat_map(u32::to_le_bytes).take(90_000).collect();
        let whole = gzip(&text);
        let half = &whole[..whole.len() / 2];
        let (body, wire) = unpacked(half, "gzip");
        assert!(!body.is_empty() && text.starts_with(&body));
        let fault = WireFault::Gzip { at: half.len(), of: half.len(), unpacked: body.len() };
        assert_eq!(wire, Wire { faults: vec![fault], packed: Some(half.to_vec().into()) });
        let mut sum = whole.clone();
        let last = sum.len() - 5;
        sum[last] ^= 1;
        let (body, wire) = unpacked(&sum, "gzip");
        assert_eq!((body, wire.packed, wire.faults.len()), (text, Some(sum.into()), 1));
        let followed = [whole.as_slice(), b"<html>"].concat();
        let extent = unpack(followed, "gzip", WANTED, &mut Wire::default()).extent;
        assert_eq!(extent, Extent::Broken(whole.len()));
    }

    #[test]
    fn no_more_is_unpacked_than_is_allowed() {
        let mut wire = Wire::default();
        let bomb = gzip(&vec![b'A'; 1_000_000]);
        let unpacked = unpack(bomb.clone(), "gzip", Bounds { max: 1_000, ..WANTED }, &mut wire);
        assert_eq!((unpacked.body.len(), unpacked.extent), (1_000, Extent::TooLarge));
        assert_eq!(wire, Wire { faults: Vec::new(), packed: Some(bomb.into()) });
    }

    #[test]
    fn no_more_members_are_unpacked_than_any_server_sends_and_all_bytes_are_kept() {
        let (one, empty) = (gzip(b"one"), gzip(b""));
        let as_many = [one.clone(), empty.repeat(MAX_MEMBERS - 1)].concat();
        assert_eq!(unpacked(&as_many, "gzip"), (b"one".to_vec(), Wire::default()));
        let more = [as_many.clone(), empty.repeat(1_000_000)].concat();
        let mut wire = Wire::default();
        let unpacked = unpack(more.clone(), "gzip", WANTED, &mut wire);
        let (at, of) = (as_many.len(), more.len());
        assert_eq!(
            (unpacked.body.as_slice(), unpacked.extent),
            (b"one".as_slice(), Extent::TooManyMembers(at))
        );
        let fault = WireFault::Members { members: MAX_MEMBERS, at, of, unpacked: 3 };
        assert_eq!(wire, Wire { faults: vec![fault], packed: Some(more.into()) });
    }

    /// Whatever it is made of, it ends a step after nobody wants it any more.
    #[test]
    fn what_nobody_wants_any_more_is_unpacked_no_further() {
        let much = gzip(&vec![b'A'; 20_000_000]);
        let members = gzip(b"").repeat(5_000);
        // Blocks that hold nothing, of which one member is made.
        let blocks = [&one_empty_member_head()[..], &b"\x00\x00\x00\xff\xff".repeat(4_000_000)].concat();
        for came in [much, members, blocks] {
            let asked = std::cell::Cell::new(0);
            let is_wanted = || {
                asked.set(asked.get() + 1);
                asked.get() < 10
            };
            let mut wire = Wire::default();
            let bounds = Bounds { max: 100_000_000, is_wanted: &is_wanted };
            let unpacked = unpack(came.clone(), "gzip", bounds, &mut wire);
            assert!(matches!(unpacked.extent, Extent::Stopped(_)), "{:?}", unpacked.extent);
            // The last one is to know why it ended.
            assert_eq!(asked.get(), 11);
            let [WireFault::Stopped { at, of, .. }] = wire.faults.as_slice() else { panic!("{wire:?}") };
            assert!(at < of && *of == came.len(), "{at} of {of}");
            assert_eq!(wire.packed, Some(came.into()));
        }
    }

    fn one_empty_member_head() -> Vec<u8> {
        gzip(b"")[..10].to_vec()
    }

    #[test]
    fn what_takes_no_time_is_unpacked_also_where_nobody_waits() {
        let text = "an item's answer ".repeat(1_000);
        let mut wire = Wire::default();
        let bounds = Bounds { is_wanted: &|| false, ..WANTED };
        let unpacked = unpack(gzip(text.as_bytes()), "gzip", bounds, &mut wire);
        assert_eq!((unpacked.body, unpacked.extent), (text.into_bytes(), Extent::Whole));
        assert_eq!(wire, Wire::default());
    }
}
