//! Which known word a mistyped one was meant to be.

/// The known word nearest to `word`, if one is near: at most two letters off, and no more than half of them.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let near = |known: &'a str| {
        let distance = distance(&word, known);
        (distance <= 2 && distance * 2 <= known.len()).then_some((distance, known))
    };
    known.iter().copied().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Levenshtein's: how many letters must be put in, taken out or changed.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (taken, letter) in from.chars().enumerate() {
        let mut left = taken + 1;
        let mut next = vec![left];
        for ((other, diagonal), above) in to.chars().zip(&row).zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(letter != other)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_none() {
        let known = ["key", "secret", "key_command", "hosts", "lang", "cache"];
        let cases = [
            ("hsots", Some("hosts")),
            ("host", Some("hosts")),
            ("key-command", Some("key_command")),
            ("Secret", Some("secret")),
            ("lnag", Some("lang")),
            ("kye", None),
            ("colour", None),
            ("", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, &known), meant, "{word}");
        }
    }
}
