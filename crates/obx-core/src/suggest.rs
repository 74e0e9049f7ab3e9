//! Which known word a mistyped one was meant to be.

use crate::i18n::Texts;

/// Returns the known word nearest to `word` if it is near: at most two letters off, and no more than half of them.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let near = |known: &'a str| {
        let distance = strsim::osa_distance(&word, known);
        (distance <= 2 && distance * 2 <= known.chars().count()).then_some((distance, known))
    };
    known.iter().copied().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// The message about a word that is none of these, with the one that was probably meant.
pub fn with_meant<'a>(
    message: String,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    texts: Texts,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, &known) {
        Some(meant) => texts.with_meant(message, meant),
        None => message,
    }
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
