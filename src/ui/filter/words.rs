//! From a text to words: parted by blanks, with quotes taken literally.

use std::ops::Range;

use super::fold::narrow;

/// A character of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// In half width, unless it is quoted.
    pub(super) c: char,
    /// As it was typed.
    pub(super) typed: char,
    pub(super) is_quoted: bool,
    /// Where it begins in the text, in bytes.
    pub(super) at: usize,
}

/// A word, without its quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) letters: Vec<Letter>,
    /// Its place in the text, in bytes.
    pub(super) span: Range<usize>,
    /// Whether it has quotes with nothing between them, which stand for an empty value.
    pub(super) has_empty_quotes: bool,
}

/// The words of a filter. An open quote goes on to the end of the text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<Word>, None);
    for (at, typed) in text.char_indices() {
        let c = narrow(typed);
        if quote.is_none() && c.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_with(|| Word { span: at..at, ..Word::default() });
        word.span.end = at + typed.len_utf8();
        match quote {
            Some((end, begin)) if typed == end => {
                word.has_empty_quotes |= begin == at;
                quote = None;
            }
            Some(_) => word.letters.push(Letter { c: typed, typed, is_quoted: true, at }),
            None => match closing(c) {
                Some(end) => quote = Some((end, word.span.end)),
                None => word.letters.push(Letter { c, typed, is_quoted: false, at }),
            },
        }
    }
    words.extend(word);
    words
}

/// The end of a quote, if one begins here. A single quote is an apostrophe or an inch, and no quote.
fn closing(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        '「' => Some('」'),
        _ => None,
    }
}

/// The letters as a text, as they were typed.
pub(super) fn typed(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.typed).collect()
}

impl Word {
    /// Adds a word that goes on where this one ends.
    pub(super) fn append(&mut self, word: Self) {
        self.letters.extend(word.letters);
        self.span.end = word.span.end;
        self.has_empty_quotes |= word.has_empty_quotes;
    }
}

impl Letter {
    /// Whether it is this sign, and not a quoted one.
    pub(super) fn is(&self, sign: char) -> bool {
        self.c == sign && !self.is_quoted
    }
}
