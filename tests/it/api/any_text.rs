//! Whatever text comes: it fits its cells, and nothing in it reaches the terminal that it would obey.

use obx::ui::{measure, text};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// Wide, narrow, joined, stacked, turned and forbidden, in any order.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "Z",
        " ",
        "  ",
        "手",
        "机",
        "１",
        "é",
        "e\u{301}",
        "\u{301}",
        "🔑",
        "👩\u{200d}🔬",
        "👍🏽",
        "🇨🇳",
        "❤\u{fe0f}",
        "\u{1b}",
        "\u{1b}[31m",
        "\u{1b}]0;x\u{7}",
        "\u{1b}]8;;",
        "\u{1b}\\",
        "\u{9b}2J",
        "\u{9d}",
        "\u{9c}",
        "\u{7}",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u{7f}",
        "\u{ad}",
        "\u{200b}",
        "\u{200d}",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{600}",
        "ก",
        "ำ",
        "क्ष",
        "한",
        "ᄒ",
        "ᅡ",
        "ᆫ",
        "\u{3000}",
        "…",
        "\u{e000}",
        "\u{85}",
        "[",
        ";",
        "m",
        "\u{1160}",
    ];
    let chosen = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..30);
    prop_oneof![3 => chosen.prop_map(|parts| parts.concat()), 1 => any::<String>()]
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaned_text_holds_nothing_that_a_terminal_obeys_and_stays_as_it_is(raw in nasty()) {
        let cleaned = text::clean(&raw);
        prop_assert_eq!(cleaned.chars().find(|c| is_harmful(*c)), None);
        prop_assert_eq!(&text::clean(&cleaned), &cleaned);
    }

    #[test]
    fn visible_text_holds_nothing_harmful_and_a_picture_for_each_character(raw in nasty()) {
        let visible = text::visible(&raw);
        prop_assert_eq!(visible.chars().find(|c| is_harmful(*c)), None);
        prop_assert_eq!(visible.chars().count(), raw.chars().count());
    }

    #[test]
    fn plain_text_is_cleaned_into_itself(raw in "[a-zA-Z0-9 ,.:;!?/手机智能学生（）￥-]{0,40}") {
        prop_assert_eq!(text::clean(&raw), raw.as_str());
        prop_assert_eq!(text::visible(&raw), raw.as_str());
    }

    #[test]
    fn fitted_text_is_never_wider_than_asked_and_whole_where_it_fits(raw in nasty(), cells in 0_usize..40) {
        let fitted = text::fit(&raw, cells);
        prop_assert!(text::width(&fitted) <= cells, "{:?} is {} wide", fitted, text::width(&fitted));
        if text::width(&raw) <= cells {
            prop_assert_eq!(fitted, raw.as_str());
        } else {
            prop_assert!(cells == 0 || fitted.ends_with('…'));
        }
    }

    #[test]
    fn padded_text_is_exactly_as_wide_as_asked(raw in nasty(), cells in 0_usize..40) {
        for padded in [text::pad_left(&raw, cells), text::pad_right(&raw, cells)] {
            prop_assert_eq!(text::width(&padded), cells, "{:?}", padded);
        }
    }

    #[test]
    fn wrapped_lines_fit_and_hold_all_but_blanks(raw in nasty(), cells in 1_usize..20) {
        let raw = text::clean(&raw);
        let lines = text::wrap(&raw, cells);
        for line in &lines {
            let single = line.graphemes(true).count() == 1;
            prop_assert!(single || text::width(line) <= cells, "{:?} in {}", line, cells);
        }
        let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(without_blanks(&lines.concat()), without_blanks(&raw));
    }

    #[test]
    fn a_split_loses_nothing_and_its_first_part_fits(raw in nasty(), cells in 0_usize..40) {
        let (head, rest) = text::split_at_width(&raw, cells);
        prop_assert_eq!(format!("{head}{rest}"), raw.as_str());
        let used: usize = head.graphemes(true).map(unicode_width::UnicodeWidthStr::width).sum();
        prop_assert!(used <= cells);
    }

    #[test]
    fn an_amount_of_bytes_is_short_and_has_a_unit(count in any::<usize>()) {
        let shown = measure::bytes(count);
        prop_assert!(shown.ends_with('B') && shown.contains(' '), "{}", shown);
    }

    #[test]
    fn a_gauge_is_as_wide_as_asked_and_empty_only_for_nothing(used in prop_oneof![0_u64..3, any::<u64>()], max in any::<u64>(), cells in 1_usize..40) {
        let gauge = measure::gauge(used, max, cells);
        prop_assert_eq!(text::width(&gauge), cells);
        prop_assert_eq!(gauge.trim().is_empty(), used == 0);
    }
}

#[test]
fn amounts_at_the_edges_of_their_units_do_not_overflow() {
    let edges = [0, 999, 1_000, 9_999, 10_000, 999_499, 999_500, 9_999_999, 10_000_000];
    let shown = edges.map(measure::bytes);
    assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "10.0 kB", "10 kB", "999 kB", "1.0 MB", "10.0 MB", "10 MB"]);
    assert!(measure::bytes(usize::MAX).ends_with(" MB"));
}

#[test]
fn wrapping_to_no_width_gives_no_line() {
    assert_eq!(text::wrap("手机", 0), Vec::<&str>::new());
    assert_eq!(text::wrap("手机", 1), ["手", "机"]);
}
