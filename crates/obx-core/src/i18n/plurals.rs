//! The plurals of English texts.

use std::fmt::{Display, Write as _};

/// Endings in an English template that depend on the number before them: the mark, the ending for 1, and for others.
const PLURALS: [(&str, &str, &str); 2] = [("(s)", "", "s"), ("(y/ies)", "y", "ies")];

/// Returns true if the endings of a template's words depend on its numbers.
pub(super) fn has_plurals(template: &str) -> bool {
    PLURALS.iter().any(|(mark, ..)| template.contains(mark))
}

/// Puts arguments into a template, and gives each word the ending for the argument before it: `{count} line(s)` becomes
/// `1 line`. Only the template's own marks are endings, whatever the arguments contain.
pub(super) fn fill(template: &str, arguments: &[(&str, &dyn Display)]) -> String {
    let (mut filled, mut rest, mut number) = (String::with_capacity(template.len() + 16), template, None);
    while let Some((before, piece, after)) = next_piece(rest) {
        filled.push_str(before);
        match piece {
            Piece::Argument(name) => {
                let start = filled.len();
                if let Some((_, value)) = arguments.iter().find(|(known, _)| *known == name) {
                    let _ = write!(filled, "{value}"); // writing to a String can't fail
                }
                number = Some(start..filled.len());
            }
            Piece::Ending(one, many) => {
                let is_one = number.clone().and_then(|number| filled.get(number)) == Some("1");
                filled.push_str(if is_one { one } else { many });
            }
        }
        rest = after;
    }
    filled + rest
}

/// A part of a template that is not written as it is.
enum Piece<'t> {
    Argument(&'t str),
    /// For one, and for others.
    Ending(&'static str, &'static str),
}

/// Returns the first piece, with the text before and after it.
fn next_piece(template: &str) -> Option<(&str, Piece<'_>, &str)> {
    let ending = |(mark, one, many): &(&str, &'static str, &'static str)| {
        let (before, after) = template.split_once(mark)?;
        Some((before, Piece::Ending(one, many), after))
    };
    let argument = template.split_once('{').and_then(|(before, rest)| {
        let (name, after) = rest.split_once('}')?;
        Some((before, Piece::Argument(name), after))
    });
    PLURALS.iter().filter_map(ending).chain(argument).min_by_key(|(before, ..)| before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_follows_the_argument_before_it() {
        let text = |count: u64| fill("{count} line(s), {count} entr(y/ies)", &[("count", &count)]);
        assert_eq!(text(0), "0 lines, 0 entries");
        assert_eq!(text(1), "1 line, 1 entry");
        assert_eq!(text(11), "11 lines, 11 entries");
    }

    #[test]
    fn what_is_put_in_stays_as_it_is() {
        let template = "{what} without {count} control character(s)";
        let text = fill(template, &[("what", &"1 file(s) {count}"), ("count", &1)]);
        assert_eq!(text, "1 file(s) {count} without 1 control character");
    }

    #[test]
    fn templates_with_endings_have_plain_arguments() {
        let all = crate::i18n::templates().chain(crate::i18n::printed_templates());
        for (name, english, _) in all.filter(|(_, english, _)| has_plurals(english)) {
            let rest = english.split('{').skip(1);
            let is_plain = |part: &str| part.split_once('}').is_some_and(|(name, _)| !name.contains(':'));
            assert!(rest.clone().all(is_plain) && !english.contains("}}"), "{name}: {english}");
        }
    }
}
