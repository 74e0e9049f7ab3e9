//! How many of several calls would be allowed, before any of them is made.

/// Returns how many of so many calls pass a check, and why it refuses the next one. The check gets the number of calls
/// that were billed before; once it refuses a call, it has to refuse all that follow.
pub fn allowed_calls<E>(calls: u64, check: impl Fn(u64) -> Result<(), E>) -> (u64, Option<E>) {
    let (mut allowed, mut refused, mut refusal) = (0, calls, None);
    while allowed < refused {
        let before = allowed + (refused - allowed) / 2;
        match check(before) {
            Ok(()) => allowed = before + 1,
            Err(reason) => (refused, refusal) = (before, Some(reason)),
        }
    }
    (allowed, refusal)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 0, (0, None))]
    #[case(0, 9, (0, None))]
    #[case(9, 0, (0, Some(0)))]
    #[case(9, 4, (4, Some(4)))]
    #[case(9, 8, (8, Some(8)))]
    #[case(9, 9, (9, None))]
    #[case(u64::MAX, u64::MAX, (u64::MAX, None))]
    fn the_refusal_is_that_of_the_first_call_that_is_refused(
        #[case] calls: u64,
        #[case] limit: u64,
        #[case] expected: (u64, Option<u64>),
    ) {
        let check = |before| if before < limit { Ok(()) } else { Err(before) };
        assert_eq!(allowed_calls(calls, check), expected);
    }
}
