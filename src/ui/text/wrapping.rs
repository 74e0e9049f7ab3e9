//! Breaks a text into lines by the Unicode rules (UAX #14): no line begins with `，` or `】` or ends with `【`, and words
//! and numbers stay in one piece.

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

use super::split_at_width;

/// The text in lines of at most this many cells. A word that is wider than a line is cut at the width.
pub fn wrap(text: &str, cells: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    while !rest.is_empty() && cells > 0 {
        let (line, after) = break_line(rest, cells);
        lines.push(line.trim_end());
        rest = after.trim_start_matches(' ');
    }
    lines
}

/// The first line of [`wrap`], and the rest of the text.
pub fn first_line(text: &str, cells: usize) -> (&str, &str) {
    let (line, rest) = break_line(text.trim_end(), cells);
    (line.trim_end(), rest.trim_start_matches(' '))
}

fn break_line(text: &str, cells: usize) -> (&str, &str) {
    let (line, rest) = split_at_width(text, cells);
    if line.is_empty() {
        // If not even one grapheme fits, it gets a line of its own, which is clipped when drawn.
        let end = text.graphemes(true).next().map_or(text.len(), str::len);
        return text.split_at(end);
    }
    if rest.is_empty() {
        return (line, rest);
    }
    text.split_at(last_break(text, line.len()).unwrap_or_else(|| cut(line, rest)))
}

/// Where to cut a word that is wider than a line. A comma after it takes the word's last letter along.
fn cut(line: &str, rest: &str) -> usize {
    let last = line.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
    if last == 0 || rest.starts_with(char::is_alphanumeric) { line.len() } else { last }
}

/// The last place where the rules allow a break in a line that can be this many bytes long. Blanks at the end of a line
/// take no cells.
fn last_break(text: &str, length: usize) -> Option<usize> {
    let rest = text.get(length..)?;
    let after_blanks = rest.trim_start_matches(' ');
    let latest = text.len() - after_blanks.len();
    // A break depends on no more than one character after it, so a long text is not read to its end for each line.
    let next = after_blanks.chars().next().map_or(0, char::len_utf8);
    let start = text.get(..latest + next)?;
    let by_rules = linebreaks(start).map(|(at, _)| at).take_while(|at| *at <= latest).last();
    by_rules.max(last_wide_bracket(start, latest))
}

/// The last wide opening bracket after a word, where a line may be broken as well: the rules say so since Unicode 13, the
/// crate not yet.
fn last_wide_bracket(text: &str, latest: usize) -> Option<usize> {
    let is_after_word =
        |at: usize| text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    let brackets = text.rmatch_indices(['【', '（', '《', '「', '『', '〈', '〔', '［', '｛']);
    brackets.map(|(at, _)| at).find(|at| *at <= latest && is_after_word(*at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::ui::text::width;

    #[rstest]
    #[case::no_line_begins_with_a_comma("厂家直销小米手机，学生机", 16, &["厂家直销小米手", "机，学生机"])]
    #[case::nor_with_a_full_stop("支持一件代发。包邮", 12, &["支持一件代", "发。包邮"])]
    #[case::nor_with_a_closing_bracket("【现货速发】夏季新款", 10, &["【现货速", "发】夏季新", "款"])]
    #[case::no_line_ends_with_an_opening_one("夏季新款【现货速发】", 10, &["夏季新款", "【现货速", "发】"])]
    #[case::both("他说《红楼梦》，好", 10, &["他说《红楼", "梦》，好"])]
    #[case::a_word_may_be_followed_by_one("Qin2 Pro【现货】", 10, &["Qin2 Pro", "【现货】"])]
    #[case::words_stay_whole("小米Qin2 Pro智能手机", 8, &["小米Qin2", "Pro智能", "手机"])]
    #[case::numbers_stay_whole("库存1,234.50件", 8, &["库存", "1,234.50", "件"])]
    #[case::a_long_word_is_cut("ID 610947572360123", 8, &["ID", "61094757", "2360123"])]
    #[case::its_comma_takes_a_letter_along("abcdefgh，红", 8, &["abcdefg", "h，红"])]
    #[case::blanks_at_the_end_take_no_cells("12345678   90", 8, &["12345678", "90"])]
    fn lines_break_as_a_reader_expects(#[case] text: &str, #[case] cells: usize, #[case] expected: &[&str]) {
        assert_eq!(wrap(text, cells), expected);
        let (first, rest) = first_line(text, cells);
        assert_eq!((first, wrap(rest, cells).as_slice()), (expected[0], &expected[1..]));
    }

    proptest! {
        #[test]
        fn a_text_keeps_its_characters_and_its_lines_are_narrow_enough(
            text in "([红手机壳]{1,5}|[a-z]{1,12}|[0-9]{1,4}|[，。、！？】）》]|[【（《]| ){0,40}",
            cells in 2_usize..30,
        ) {
            let lines = wrap(&text, cells);
            prop_assert!(lines.iter().all(|line| width(line) <= cells), "{lines:?}");
            let without_blanks = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without_blanks(&lines.concat()), without_blanks(&text));
        }

        #[test]
        fn no_line_begins_or_ends_with_the_wrong_bracket(
            words in prop::collection::vec(("[【（《]?", "[红手机壳]{1,9}|[a-z]{1,9}", "[，。、！？】）》]?"), 0..20),
            cells in 14_usize..40,
        ) {
            let text: String = words.iter().flat_map(|(open, word, end)| [open.as_str(), word, end]).collect();
            for line in wrap(&text, cells) {
                prop_assert!(!line.starts_with(['，', '。', '、', '！', '？', '】', '）', '》']), "{line}");
                prop_assert!(!line.ends_with(['【', '（', '《']), "{line}");
            }
        }
    }
}
