//! Text for the clipboard.

/// A text for the clipboard, unchanged except for control characters.
///
/// The clipboard can hold anything, but a shell or an editor in a terminal treats pasted text as typed: an ESC ends a
/// bracketed paste, and ^U, ^C or a carriage return act as keys. So all control characters except tabs and line ends
/// are left out, and the user learns how many. Joiners, combining marks and direction marks stay, since they are not
/// keys and the text would be a different one without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipboardText {
    text: String,
    left_out: usize,
}

impl ClipboardText {
    /// The text without its control characters.
    pub fn new(original: &str) -> Self {
        let mut left_out = 0;
        let mut rest = original.chars().peekable();
        let mut text = String::with_capacity(original.len());
        while let Some(next) = rest.next() {
            let is_line_end = next == '\n' || (next == '\r' && rest.peek() == Some(&'\n'));
            if is_line_end || next == '\t' || !next.is_control() {
                text.push(next);
            } else {
                left_out += 1;
            }
        }
        Self { text, left_out }
    }

    /// The text without its control characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of control characters that were left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("👨\u{200d}👩\u{200d}👧", 0)]
    #[case("❤\u{fe0f} ☺\u{fe0e} 1\u{fe0f}\u{20e3}", 0)]
    #[case("\u{feff}bom \u{200b}\u{200c}\u{ad} soft", 0)]
    #[case("abc\u{202e}txt\u{202c} \u{e0041}tag \u{2028}ls", 0)]
    #[case("zalgo\u{300}\u{301}\u{302}\u{300}\u{301}\u{302}\u{300}\u{301}\u{302}\u{300}", 0)]
    #[case("a\tb\nc\r\nd", 0)]
    #[case("\u{1b}[31mred", 1)]
    #[case("a\rb\u{3}\u{7f}\u{85}\u{9b}2J\0", 6)]
    fn only_control_characters_are_left_out_and_counted(#[case] text: &str, #[case] left_out: usize) {
        let copied = ClipboardText::new(text);
        assert_eq!(copied.left_out(), left_out);
        assert_eq!(copied.as_str() == text, left_out == 0);
    }

    proptest! {
        #[test]
        fn what_is_there_and_what_is_not_make_up_the_text(text in "(?s).{0,40}") {
            let copied = ClipboardText::new(&text);
            prop_assert_eq!(copied.as_str().chars().count() + copied.left_out(), text.chars().count());
            let has_escape = copied.as_str().contains('\u{1b}');
            prop_assert!(!has_escape);
            prop_assert_eq!(ClipboardText::new(copied.as_str()).left_out(), 0);
        }
    }
}
