//! Which known word a mistyped one was meant to be.

/// Returns the known word nearest to `word` if it is near: at most two letters off, and no more than half of them.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let near = |known: &'a str| {
        let distance = strsim::osa_distance(&word, known);
        (distance <= 2 && distance * 2 <= known.chars().count()).then_some((distance, known))
    };
    known.iter().copied().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
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
            ("kye", Some("key")),
            ("colour", None),
            ("", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, &known), meant, "{word}");
        }
    }
}
