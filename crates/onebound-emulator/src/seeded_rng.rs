//! A seeded random number generator: the same text gives the same numbers, on every machine and in every run.
//!
//! Each aspect of an item has a generator of its own (`SeededRng::new(id, "title")`), so that one more draw for one
//! aspect does not change the others.

/// A small generator (splitmix64) seeded by a text (FNV-1a).
pub(super) struct SeededRng(u64);

impl SeededRng {
    /// A generator for one `aspect` of what `subject` names.
    pub(super) fn new(subject: &str, aspect: &str) -> Self {
        let bytes = subject.bytes().chain([0]).chain(aspect.bytes());
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// Mixes a number into the seed, such as an hour or the position of a SKU.
    pub(super) fn mixed_with(mut self, by: u64) -> Self {
        self.0 ^= by.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
        self
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `limit`; 0 for a limit of 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next_u64().checked_rem(limit).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True once in `times` draws on average.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of `choices`, which must not be empty.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let position = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        &choices[position]
    }

    /// The positions below `count` in a random order.
    pub(super) fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut keyed: Vec<(u64, usize)> = (0..count).map(|position| (self.next_u64(), position)).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, position)| position).collect()
    }

    /// Lower-case hexadecimal digits, as in `secache` (32) and `spec_id` (32).
    pub(super) fn hex(&mut self, digits: usize) -> String {
        (0..digits).filter_map(|_| char::from_digit(u32::try_from(self.below(16)).ok()?, 16)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gives_the_same_numbers_and_another_aspect_gives_others() {
        let numbers = |aspect| {
            let mut rng = SeededRng::new("610947572360", aspect);
            (0..8).map(|_| rng.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers("title"), numbers("title"));
        assert_ne!(numbers("title"), numbers("props"));
    }

    #[test]
    fn a_shuffle_names_every_position_once() {
        let mut order = SeededRng::new("1", "order").shuffled(40);
        order.sort_unstable();
        assert_eq!(order, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_limit_of_zero_does_not_panic() {
        assert_eq!(SeededRng::new("", "").below(0), 0);
    }
}
