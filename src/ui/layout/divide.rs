//! Divides the length of a column or row among panes.

/// A pane's part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Its share by default.
    pub(super) share: u16,
    /// What its content needs to be seen whole.
    pub(super) need: u16,
    /// It never gets less while there is as much.
    pub(super) min: u16,
}

/// Divides a length. If a part is cut, others give it what their content does not need: first the one in `first`, then
/// the others in their order. The last part gets what the shares leave.
pub(super) fn divide(length: u16, parts: &[Part], first: Option<usize>) -> Vec<u16> {
    let shares = shares(length, parts);
    if parts.iter().zip(&shares).all(|(part, share)| part.need <= *share) {
        return shares;
    }
    let mut sizes: Vec<u16> =
        parts.iter().zip(&shares).map(|(part, share)| part.need.max(part.min).min(*share)).collect();
    let mut spare = length.saturating_sub(sizes.iter().sum());
    let others = (0..parts.len()).filter(|at| Some(*at) != first);
    for at in first.into_iter().chain(others) {
        if let (Some(part), Some(size)) = (parts.get(at), sizes.get_mut(at)) {
            let more = part.need.saturating_sub(*size).min(spare);
            *size += more;
            spare -= more;
        }
    }
    for (size, share) in sizes.iter_mut().zip(shares) {
        let back = share.saturating_sub(*size).min(spare);
        *size += back;
        spare -= back;
    }
    sizes
}

/// The shares of a length, each at least its least as far as the length goes.
fn shares(length: u16, parts: &[Part]) -> Vec<u16> {
    let mut left = length;
    let share = |(at, part): (usize, &Part)| {
        let others: u16 = parts.iter().skip(at + 1).map(|part| part.min).sum();
        let most = left.saturating_sub(others);
        let share = if at + 1 == parts.len() { left } else { part.share.max(part.min).min(most) };
        left -= share;
        share
    };
    parts.iter().enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(share: u16, need: u16) -> Part {
        Part { share, need, min: 3 }
    }

    #[test]
    fn a_part_that_is_cut_gets_what_others_do_not_need() {
        assert_eq!(divide(20, &[part(10, 6), part(10, 12)], None), [8, 12]);
        assert_eq!(divide(20, &[part(10, 6), part(10, 40)], None), [6, 14]);
        assert_eq!(divide(20, &[part(10, 0), part(10, 40)], None), [3, 17]);
        assert_eq!(divide(20, &[part(10, 30), part(10, 40)], None), [10, 10]);
        assert_eq!(divide(20, &[part(10, 4), part(10, 5)], None), [10, 10], "nothing is cut");
    }

    #[test]
    fn the_first_of_those_that_are_cut_is_served_before_the_others() {
        let parts = [part(6, 20), part(8, 20), part(6, 4)];
        assert_eq!(divide(20, &parts, None), [8, 8, 4]);
        assert_eq!(divide(20, &parts, Some(1)), [6, 10, 4]);
    }

    proptest! {
        #[test]
        fn a_length_is_divided_without_rest_and_no_part_is_blank_while_another_is_cut(
            length in 0_u16..300,
            parts in prop::collection::vec((0_u16..200, 0_u16..200, 1_u16..6), 1..4),
            first in prop::option::of(0_usize..3),
        ) {
            let parts: Vec<Part> = parts.into_iter().map(|(share, need, min)| Part { share, need, min }).collect();
            let sizes = divide(length, &parts, first);
            prop_assert_eq!(sizes.iter().sum::<u16>(), length);
            let pairs = || parts.iter().zip(&sizes);
            let is_cut = pairs().any(|(part, size)| part.need > *size);
            let is_blank = pairs().any(|(part, size)| *size > part.need.max(part.min));
            prop_assert!(!(is_cut && is_blank), "{:?}", sizes);
        }
    }
}
