//! The plurals of English texts.

/// Endings in an English template that depend on the number before them: the mark, the ending for 1, and for others.
const PLURALS: [(&str, &str, &str); 2] = [("(s)", "", "s"), ("(y/ies)", "y", "ies")];

/// Gives each word the ending for the number before it: `1 line(s)` becomes `1 line`. A text whose template has no such
/// mark stays as it is, whatever was put into it.
pub(super) fn with_plurals(template: &str, text: String) -> String {
    if !PLURALS.iter().any(|(mark, ..)| template.contains(mark)) {
        return text;
    }
    let (mut done, mut rest) = (String::with_capacity(text.len()), text.as_str());
    let first = |text: &str| {
        let marks = PLURALS.iter().filter_map(|plural| Some((text.find(plural.0)?, *plural)));
        marks.min_by_key(|(at, _)| *at)
    };
    while let Some((at, (mark, one, many))) = first(rest) {
        let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + mark.len()..));
        done.push_str(before);
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let number = done.split_whitespace().rfind(is_number);
        done.push_str(if number == Some("1") { one } else { many });
        rest = after.unwrap_or_default();
    }
    done + rest
}
