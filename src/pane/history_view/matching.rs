//! Finds the items of the history that match the typed words, best first.
//!
//! Every word must appear in the ID, the title or the note, in any case. Words that appear as typed are best;
//! otherwise other characters may be between those of a word, the fewer the better. Digits must be adjacent, since
//! nearly every ID contains any three digits somewhere.
//!
//! A matcher for file names is no alternative: its score favours beginnings of words, which Chinese doesn't mark, and
//! it takes about 10 ms per keystroke for 10,000 Chinese titles.

use memchr::memmem;

use crate::ui::text::clean;
use obx_core::store::KnownItem;

/// Items prepared for searching.
#[derive(Debug)]
pub(super) struct Matching {
    /// Starred ones first, then the most recently requested.
    items: Vec<KnownItem>,
    /// The lower-case ID, title and note of each item, one per line, as they are shown.
    texts: Vec<Box<str>>,
    /// Indexes into `items`, best first.
    found: Vec<usize>,
}

impl Matching {
    /// Prepares items, of which the most recently requested must be first.
    pub(super) fn new(mut items: Vec<KnownItem>) -> Self {
        items.sort_by_key(|item| !item.starred);
        let text = |item: &KnownItem| {
            let lines = format!("{}\n{}\n{}", item.num_iid, clean(&item.title), clean(&item.note));
            lines.to_lowercase().into_boxed_str()
        };
        let texts = items.iter().map(text).collect();
        let found = (0..items.len()).collect();
        Self { items, texts, found }
    }

    /// Finds the items that match these words. Among equal matches starred ones are first, then the most recently
    /// requested.
    pub(super) fn search(&mut self, words: &str) {
        let words = words.to_lowercase();
        let words: Vec<Word<'_>> = words.split_whitespace().map(Word::new).collect();
        let gaps = |text: &str| words.iter().map(|word| word.gaps(text)).sum::<Option<usize>>();
        let each = self.texts.iter().enumerate();
        let mut found: Vec<(usize, usize)> =
            each.filter_map(|(at, text)| gaps(text).map(|gaps| (gaps, at))).collect();
        found.sort_unstable();
        self.found = found.into_iter().map(|(_, at)| at).collect();
    }

    /// The number of matches.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// The number of all items.
    pub(super) fn all(&self) -> usize {
        self.items.len()
    }

    /// The match at this position.
    pub(super) fn get(&self, at: usize) -> Option<&KnownItem> {
        self.items.get(*self.found.get(at)?)
    }
}

/// A search word in lower case.
struct Word<'a> {
    letters: &'a str,
    whole: memmem::Finder<'a>,
    /// Whether other characters may be between its own.
    may_scatter: bool,
}

impl<'a> Word<'a> {
    fn new(word: &'a str) -> Self {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            letters: word,
            whole: memmem::Finder::new(word),
            may_scatter: !digits && word.chars().nth(1).is_some(),
        }
    }

    /// The number of other characters between its own, in the line with the fewest. 0 if it appears as typed, `None`
    /// if no line contains it.
    fn gaps(&self, text: &str) -> Option<usize> {
        if self.whole.find(text.as_bytes()).is_some() {
            return Some(0);
        }
        if !self.may_scatter {
            return None;
        }
        text.split('\n').filter_map(|line| scattered(self.letters, line)).min()
    }
}

/// The number of other characters between a word's characters, where they first appear in order in a line.
fn scattered(word: &str, line: &str) -> Option<usize> {
    let mut rest = line.char_indices();
    let mut end = 0;
    for wanted in word.chars() {
        end = rest.find(|(_, c)| *c == wanted).map(|(at, _)| at + wanted.len_utf8())?;
    }
    // Search backwards from the end of the match, since the word may also begin closer to it.
    let head = line.get(..end).unwrap_or_default();
    let mut taken = 0;
    let mut before = head.chars().rev().inspect(|_| taken += 1);
    for wanted in word.chars().rev() {
        before.find(|c| *c == wanted)?;
    }
    Some(taken - word.chars().count())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use onebound::ItemId;

    fn item(id: &str, title: &str, note: &str, starred: bool) -> KnownItem {
        KnownItem {
            num_iid: ItemId::find(id).unwrap(),
            title: title.to_owned(),
            asked_at: Timestamp::UNIX_EPOCH,
            starred,
            note: note.to_owned(),
        }
    }

    fn known() -> Matching {
        Matching::new(vec![
            item("610947572360", "厂家直销小米有品Qin2 Pro智能手机", "", false),
            item("600448952765", "雕刻机 Café machine", "ask for 样品", true),
            item("520813250866", "直筒裤 厂销", "", false),
            item("45887133725", "", "", true),
        ])
    }

    fn found(words: &str) -> Vec<String> {
        let mut matching = known();
        matching.search(words);
        (0..matching.count()).map(|at| matching.get(at).unwrap().num_iid.to_string()).collect()
    }

    #[test]
    fn with_nothing_typed_starred_items_come_first_and_then_those_asked_for_last() {
        assert_eq!(found(""), ["600448952765", "45887133725", "610947572360", "520813250866"]);
        assert_eq!(found("  "), found(""));
    }

    #[test]
    fn chinese_is_found_by_any_part_and_by_characters_with_others_between_them() {
        assert_eq!(found("小米"), ["610947572360"]);
        assert_eq!(found("米手机"), ["610947572360"]);
        assert_eq!(found("样品"), ["600448952765"]);
        assert_eq!(found("机手"), [""; 0]);
    }

    #[test]
    fn characters_in_a_row_count_for_more_than_a_star() {
        assert_eq!(found("直销"), ["610947572360", "520813250866"]);
        assert_eq!(found("机e"), ["600448952765"]);
        assert_eq!(scattered("ab", "a---ac-b"), Some(2));
    }

    #[test]
    fn words_may_be_in_different_fields_and_in_any_case() {
        assert_eq!(found("QIN 6109"), ["610947572360"]);
        assert_eq!(found("CAFÉ 样"), ["600448952765"]);
        assert_eq!(found("qin 样"), [""; 0]);
    }

    #[test]
    fn digits_must_be_in_a_row() {
        assert_eq!(found("887133"), ["45887133725"]);
        assert_eq!(found("4813325"), [""; 0]);
    }
}
