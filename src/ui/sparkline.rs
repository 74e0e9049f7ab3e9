//! Values over time in one line of cells: `▁▃▅▇`.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The level of values that are all equal.
const FLAT: char = '▄';

/// Draws values from left to right, scaled between the lowest and the highest. One cell per value, or per mean of several
/// if there are more than `width`. NaN leaves a gap.
pub fn sparkline(values: &[f64], width: usize) -> String {
    let means = means(values, width);
    let numbers = means.iter().copied().filter(|mean| mean.is_finite());
    let lowest = numbers.clone().fold(f64::INFINITY, f64::min);
    let highest = numbers.fold(f64::NEG_INFINITY, f64::max);
    // Halved first, since the span of two large values can overflow.
    let span = highest / 2.0 - lowest / 2.0;
    let level = |mean: f64| match () {
        () if !mean.is_finite() => ' ',
        () if span <= 0.0 => FLAT,
        () => level_at((mean / 2.0 - lowest / 2.0) / span),
    };
    means.into_iter().map(level).collect()
}

/// The level of a share between 0 and 1.
fn level_at(share: f64) -> char {
    let steps = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0];
    let passed = steps.iter().filter(|step| share * 14.0 >= **step).count();
    LEVELS.get(passed).copied().unwrap_or(FLAT)
}

/// At most `width` values, each the mean of its part.
fn means(values: &[f64], width: usize) -> Vec<f64> {
    let cells = values.len().min(width);
    let part = |cell: usize| {
        let start = cell * values.len() / cells;
        let end = (cell + 1) * values.len() / cells;
        mean(values.get(start..end).unwrap_or_default())
    };
    (0..cells).map(part).collect()
}

fn mean(values: &[f64]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.iter().filter(|value| value.is_finite()) {
        count += 1.0;
        sum += (value - sum) / count;
    }
    if count > 0.0 { sum } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::sparkline;
    use proptest::prelude::*;

    #[test]
    fn the_lowest_is_at_the_bottom_and_the_highest_at_the_top() {
        assert_eq!(sparkline(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 20), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[799.0, 749.0], 8), "█▁");
        assert_eq!(sparkline(&[-1.0, 0.0, 1.0], 8), "▁▅█");
    }

    #[test]
    fn what_stays_is_flat() {
        assert_eq!(sparkline(&[799.0; 5], 8), "▄▄▄▄▄");
        assert_eq!(sparkline(&[0.0], 8), "▄");
    }

    #[test]
    fn more_values_than_cells_are_drawn_by_their_means() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(sparkline(&values, 8), "▁▂▃▄▅▆▇█");
        assert_eq!(sparkline(&[1.0, 1.0, 1.0, 9.0], 2), "▁█");
    }

    #[test]
    fn a_value_that_is_not_known_leaves_a_gap() {
        assert_eq!(sparkline(&[1.0, f64::NAN, 2.0], 8), "▁ █");
        assert_eq!(sparkline(&[f64::NAN, f64::INFINITY], 8), "  ");
        assert_eq!(sparkline(&[], 8), "");
        assert_eq!(sparkline(&[1.0], 0), "");
    }

    proptest! {
        #[test]
        fn any_values_fill_at_most_the_width(values in prop::collection::vec(any::<f64>(), 0..40), width in 0_usize..20) {
            let drawn = sparkline(&values, width);
            prop_assert_eq!(drawn.chars().count(), values.len().min(width));
        }
    }
}
