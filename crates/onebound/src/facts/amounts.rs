//! Formats sizes and durations for findings, with units that are the same in every language.

use jiff::SignedDuration;

/// `18 h`, `42 min`, `3 d`: in the largest unit that it has two of, rounded down.
pub(super) fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs().unsigned_abs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A duration with its sign: `+42 min`.
pub(super) fn signed_span(length: SignedDuration) -> String {
    let sign = if length.is_negative() { '-' } else { '+' };
    format!("{sign}{}", span(length))
}

/// `302 B`, `14 kB`, `2.1 MB`.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// The first few, and how many more there are.
pub(super) fn few(mut all: Vec<String>) -> String {
    const FEW: usize = 6;
    let more = all.len().saturating_sub(FEW);
    all.truncate(FEW);
    let listed = all.join(", ");
    if more > 0 { format!("{listed}, … +{more}") } else { listed }
}
