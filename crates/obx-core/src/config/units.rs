//! Durations and sizes as a user writes them: a whole number and its unit, `30s`, `64MiB`.

use std::time::Duration;

use super::error::ValueError;

/// No call takes longer: a longer timeout has the wrong unit.
pub(super) const LONGEST_CALL: Duration = days(7);

/// Nobody relies on older prices.
pub(super) const LONGEST_FRESHNESS: Duration = days(3650);

/// The index of a document can't take more.
const LARGEST_BODY: usize = 1 << 30;

/// A duration of more than zero and at most `most`.
pub(super) fn duration(text: &str, most: Duration) -> Result<Duration, ValueError> {
    let (count, unit) = split(text).ok_or_else(|| ValueError::NoDuration(text.to_owned()))?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return Err(ValueError::NoDuration(text.to_owned())),
    };
    match count.checked_mul(milliseconds).map(Duration::from_millis) {
        Some(Duration::ZERO) => Err(ValueError::Zero),
        Some(duration) if duration <= most => Ok(duration),
        _ => Err(ValueError::TooLong(text.to_owned(), most)),
    }
}

/// A size in bytes, of more than zero and at most what can be read.
pub(super) fn size(text: &str) -> Result<usize, ValueError> {
    match usize::try_from(bytes(text)?) {
        Ok(0) => Err(ValueError::Zero),
        Ok(bytes) if bytes <= LARGEST_BODY => Ok(bytes),
        _ => Err(ValueError::TooLarge(text.to_owned())),
    }
}

/// A size in bytes, of more than zero.
pub(super) fn store_size(text: &str) -> Result<u64, ValueError> {
    match bytes(text)? {
        0 => Err(ValueError::Zero),
        bytes => Ok(bytes),
    }
}

fn bytes(text: &str) -> Result<u64, ValueError> {
    let (count, unit) = split(text).ok_or_else(|| ValueError::NoSize(text.to_owned()))?;
    let unit: u64 = match unit {
        "B" => 1,
        "kB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(ValueError::NoSize(text.to_owned())),
    };
    Ok(count.saturating_mul(unit))
}

/// The number and what follows it. A number that is too large becomes the largest there is: it is refused as too large,
/// not as no number.
fn split(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    (!digits.is_empty()).then(|| (digits.parse().unwrap_or(u64::MAX), unit))
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_whole_number_with_a_unit() {
        let read = |text| duration(text, LONGEST_CALL);
        for (text, milliseconds) in
            [("250ms", 250), ("5s", 5000), ("2m", 120_000), ("7d", 604_800_000), ("007s", 7000)]
        {
            assert_eq!(read(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "5", "s", "1.5s", "-1s", "5 s", "5S", "5s ", "5秒"] {
            assert_eq!(read(text), Err(ValueError::NoDuration(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_duration_of_zero_or_beyond_the_bound_is_refused() {
        assert_eq!(duration("0s", LONGEST_CALL), Err(ValueError::Zero));
        for text in ["8d", "604800001ms", "99999999999999999999d", "18446744073709551615d"] {
            let error = duration(text, LONGEST_CALL).unwrap_err();
            assert_eq!(error.to_string(), format!("{text:?} is too long: at most 7d"));
        }
    }

    #[test]
    fn a_size_is_decimal_or_binary_and_at_most_a_gibibyte() {
        for (text, bytes) in
            [("1B", 1), ("2kB", 2000), ("3MB", 3_000_000), ("4KiB", 4096), ("1024MiB", 1 << 30)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        assert_eq!(size("0MiB"), Err(ValueError::Zero));
        assert_eq!(size("64"), Err(ValueError::NoSize("64".to_owned())));
        assert_eq!(size("64mb"), Err(ValueError::NoSize("64mb".to_owned())));
        assert_eq!(size("1025MiB"), Err(ValueError::TooLarge("1025MiB".to_owned())));
        assert_eq!(size("99999999999999999999MiB").unwrap_err().to_string().matches("too large").count(), 1);
    }
}
