//! Names for writes, made by the session that writes.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use ring::rand::{SecureRandom, SystemRandom};

/// Names a write, so that it is done once, however often it is handed in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WriteToken([u8; Self::LENGTH]);

impl WriteToken {
    const LENGTH: usize = 16;

    /// Creates a token that no other session has.
    pub(super) fn random() -> Self {
        let mut bytes = [0; Self::LENGTH];
        // Without random numbers of the system, of which TLS needs some as well, those of the hash maps have to do.
        if SystemRandom::new().fill(&mut bytes).is_err() {
            let number = || RandomState::new().build_hasher().finish().to_ne_bytes();
            for (byte, random) in bytes.iter_mut().zip(number().into_iter().chain(number())) {
                *byte = random;
            }
        }
        Self(bytes)
    }

    /// Parses what [`fmt::Display`] has written.
    #[cfg(feature = "postgres")]
    pub(super) fn parse(text: &str) -> Option<Self> {
        let byte = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..text.len().div_ceil(2)).map(byte).collect();
        bytes?.try_into().ok().map(Self)
    }

    #[cfg(feature = "postgres")]
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for WriteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for WriteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteToken({self})")
    }
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = WriteToken::random();
        assert_eq!(WriteToken::parse(&token.to_string()), Some(token));
        assert_ne!(WriteToken::random(), token);
        for text in ["", "00", "é", "zz", "000102030405060708090a0b0c0d0e0f10"] {
            assert_eq!(WriteToken::parse(text), None, "{text}");
        }
    }
}
