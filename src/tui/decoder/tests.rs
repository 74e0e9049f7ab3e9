use crossterm::event::{MouseButton, MouseEventKind};
use rstest::rstest;

use super::*;

/// The names of the keys in these reads, each with its time in milliseconds after the start.
fn typed(reads: &[(u64, &[u8])]) -> String {
    let (mut decoder, start) = (Decoder::default(), Instant::now());
    let mut names = Vec::new();
    for (at, read) in reads {
        let now = start + Duration::from_millis(*at);
        expire_until(&mut decoder, now);
        decoder.feed(read, now);
    }
    expire_until(&mut decoder, start + Duration::from_secs(3_600));
    while let Some(typed) = decoder.next() {
        names.push(name(&typed));
    }
    names.join(" ")
}

fn expire_until(decoder: &mut Decoder, now: Instant) {
    while let Some(at) = decoder.deadline().filter(|at| *at <= now) {
        decoder.expire(at);
    }
}

fn name(typed: &Typed) -> String {
    match typed {
        Typed::NotUtf8 => "not-utf8".to_owned(),
        Typed::PasteCutOff => "cut-off".to_owned(),
        Typed::Input { input, .. } => input_name(input),
        Typed::Report(report) => format!("{report:?}"),
    }
}

fn input_name(input: &Input) -> String {
    match input {
        Input::Paste(text) => format!("paste({text})"),
        Input::Key(key) => {
            let alt = if key.modifiers.contains(KeyModifiers::ALT) { "alt-" } else { "" };
            let ctrl = if key.modifiers.contains(KeyModifiers::CONTROL) { "ctrl-" } else { "" };
            format!("{alt}{ctrl}{}", key.code)
        }
        Input::Mouse(_) => "mouse".to_owned(),
        other => format!("{other:?}"),
    }
}

#[rstest]
#[case(b"j", "j")]
#[case("直R".as_bytes(), "直 R")]
#[case(b"\r\t\x7f\x03\x00\x1c", "Enter Tab Backspace ctrl-c ctrl-Space ctrl-\\")]
#[case(b"\x1b", "Esc")]
#[case(b"\x1b\x1b", "Esc Esc")]
#[case(b"\x1b[A\x1b[B\x1bOC\x1bOD", "Up Down Right Left")]
#[case(b"\x1b[H\x1b[4~\x1b[5~\x1b[6~\x1b[Z", "Home End Page Up Page Down Back Tab")]
#[case(b"\x1b[1;5A\x1b[3;3~", "ctrl-Up alt-Del")]
#[case(b"\x1bOP\x1b[15~\x1b[[A", "F1 F5 F1")]
#[case(b"\x1b[82u\x1b[13u", "R Enter")]
#[case(b"\x1bR", "alt-R")]
#[case(b"\x1b\x1b[B", "Esc Down")]
#[case(b"\x1b[200~RR\r1\r\n2\n\x1b[201~j", "paste(RR\n1\n2\n) j")]
#[case(b"\x1b[<0;3;4Mj\x1b[M !!k\x1b[Il\x1b[12;40Rg", "mouse j k l g")]
#[case(b"\x1b[\x1b[Bj", "Down j")]
fn keys_are_read_as_terminals_send_them(#[case] read: &[u8], #[case] expected: &str) {
    assert_eq!(typed(&[(0, read)]), expected);
}

#[rstest]
#[case(b"\xa4R")]
#[case(b"\x99R")]
#[case(b"\xa6R\xa9R")]
#[case(b"R\xa4R\r")]
#[case(b"\x1b[B\xa4R")]
#[case(b"\xc4R")]
#[case(b"\xe7\x9bR")]
#[case(b"\x1b\xa4R")]
fn nothing_of_a_read_with_bytes_that_are_no_utf_8_is_a_key(#[case] read: &[u8]) {
    assert_eq!(typed(&[(0, read)]), "not-utf8");
}

#[rstest]
#[case(b"\xa4", b"R", "not-utf8")]
#[case(b"\xc4", b"R", "not-utf8")]
#[case(b"\xe7\x9b", b"R", "not-utf8")]
#[case(b"\xe7\x9b", b"\xb4R", "直 R")]
fn a_character_in_two_reads_is_one(#[case] first: &[u8], #[case] second: &[u8], #[case] expected: &str) {
    assert_eq!(typed(&[(0, first), (100, second)]), expected);
}

/// Reports of the mouse in SGR form.
#[rstest]
#[case(b"\x1b[<0;5;7M", Some((MouseEventKind::Down(MouseButton::Left), 4, 6)))]
#[case(b"\x1b[<64;1;1M", Some((MouseEventKind::ScrollUp, 0, 0)))]
#[case(b"\x1b[<65;300;200M", Some((MouseEventKind::ScrollDown, 299, 199)))]
#[case(b"\x1b[<0;5;7m", None)] // released
#[case(b"\x1b[<32;5;7M", None)] // dragged
#[case(b"\x1b[<4;5;7M", None)] // with Shift
#[case(b"\x1b[<0;0;7M", None)]
#[case(b"\x1b[<0;99999999999999999999;7M", None)]
#[case(b"\x1b[<0;-5;7M", None)]
#[case(b"\x1b[<0;5M", None)]
#[case(b"\x1b[<0;5;7;9M", None)]
#[case(b"\x1b[<M", None)]
#[case(b"\x1b[M !!", None)] // the old form
fn a_report_of_the_mouse_is_no_key_at_any_split(
    #[case] bytes: &[u8],
    #[case] expected: Option<(MouseEventKind, u16, u16)>,
) {
    for split in 1..=bytes.len() {
        let (first, second) = bytes.split_at(split);
        // Esc alone may be the key.
        if split == 1 && !second.is_empty() {
            continue;
        }
        let (mut decoder, now) = (Decoder::default(), Instant::now());
        decoder.feed(first, now);
        decoder.feed(second, now + Duration::from_millis(50));
        let mut seen = Vec::new();
        while let Some(typed) = decoder.next() {
            match typed {
                Typed::Input { input: Input::Mouse(event), .. } => {
                    seen.push((event.kind, event.column, event.row));
                }
                other => panic!("{other:?} of {bytes:?} split at {split}"),
            }
        }
        assert_eq!(seen, Vec::from_iter(expected), "{bytes:?} split at {split}");
    }
}

#[test]
fn a_key_pressed_later_is_a_key_again() {
    assert_eq!(typed(&[(0, b"\xa4R"), (500, b"R")]), "not-utf8 R");
    assert_eq!(typed(&[(0, b"\xc4"), (500, b"R")]), "not-utf8 R");
}

#[rstest]
#[case(b"\x1b", b"[B", "Down")]
#[case(b"\x1b[", b"B", "Down")]
#[case(b"\x1bO", b"B", "Down")]
#[case(b"\x1b[1;5", b"Bj", "ctrl-Down j")]
#[case(b"\x1b", b"R", "alt-R")]
#[case(b"j\x1b", b"[Bk", "j Down k")]
fn a_sequence_in_two_reads_is_one_key(#[case] first: &[u8], #[case] second: &[u8], #[case] expected: &str) {
    assert_eq!(typed(&[(0, first), (100, second)]), expected);
}

/// Feeds byte by byte, as the slowest line delivers them.
#[test]
fn a_sequence_in_three_reads_is_one_key() {
    assert_eq!(typed(&[(0, b"\x1b"), (100, b"["), (200, b"B"), (300, b"j")]), "Down j");
}

#[rstest]
#[case(b"\x1b", b"[B", "Esc")]
#[case(b"\x1b", b"[Bj", "Esc j")]
#[case(b"\x1b", b"OR", "Esc")]
#[case(b"\x1b", b"[", "Esc [")]
#[case(b"\x1b", b"R", "Esc R")]
#[case(b"\x1b[", b"B", "")]
#[case(b"\x1b[1;", b"5Rj", "j")]
fn the_rest_of_a_sequence_is_never_taken_for_keys(
    #[case] first: &[u8],
    #[case] second: &[u8],
    #[case] expected: &str,
) {
    assert_eq!(typed(&[(0, first), (400, second)]), expected);
}

#[test]
fn keys_after_a_sequence_that_was_given_up_are_keys_again() {
    assert_eq!(typed(&[(0, b"\x1b["), (2_000, b"R")]), "R");
    assert_eq!(typed(&[(0, b"\x1b"), (2_000, b"[B")]), "Esc [ B");
}

#[rstest]
#[case(b"\x1b]11;rgb:1010/1010/1010\x1b\\q", "Background(Dark) q")]
#[case(b"j\x1b]11;rgb:f/f/f\x07k", "Background(Light) j k")]
#[case(b"\x1b[?2026;2$y\x1b[?997;1n\x1b[?62;22cq", "SynchronizedUpdates Background(Dark) Last q")]
#[case(b"\x1b[?2026;0$y", "")]
#[case(b"\x1bP0+r\x1b\\", "")]
#[case(b"\x1b]11;R\x1b[B", "Down")]
#[case(b"\x1b]", "alt-]")]
fn a_terminals_late_answer_is_no_key(#[case] read: &[u8], #[case] expected: &str) {
    assert_eq!(typed(&[(0, read)]), expected);
}

/// The terminal says by itself that its theme changed, at any time and in any pieces.
#[rstest]
fn a_change_of_the_terminals_theme_is_no_key_at_any_split(
    #[values(&b"\x1b[?997;1n"[..], b"\x1b[?997;2n", b"\x1b[?2031;2$y")] report: &[u8],
    #[values(0, 100, 600)] pause: u64,
) {
    for split in 2..report.len() {
        let (first, rest) = report.split_at(split);
        let keys = typed(&[(0, first), (pause, rest)]);
        assert!(
            ["Background(Dark)", "Background(Light)", "ThemeChanges"].contains(&keys.as_str()),
            "{split}: {keys}"
        );
    }
    let (esc, rest) = report.split_at(1);
    assert_eq!(typed(&[(0, esc), (100, rest)]).split(' ').count(), 1);
    assert_eq!(typed(&[(0, esc), (600, rest)]), "Esc", "what follows a late Esc is no key");
}

#[test]
fn an_answer_in_two_reads_is_no_key_either() {
    let dark = "Background(Dark) R";
    assert_eq!(typed(&[(0, b"\x1b]11;rg"), (100, b"b:1/1/1\x07R")]), dark);
    assert_eq!(typed(&[(0, b"\x1b]11;rg"), (100, b"b:1/1/1\x1b"), (200, b"\\R")]), dark);
    assert_eq!(typed(&[(0, b"\x1b]11;rgb:1e/"), (300, b"1e/1e\x1b\\R")]), dark, "its rest comes late");
    assert_eq!(typed(&[(0, b"\x1b]11;rgb:1e/"), (5_000, b"1e/1e\x1b\\R")]), dark, "or very late");
    assert_eq!(typed(&[(0, b"\x1b[?2026"), (100, b";1$yR")]), "SynchronizedUpdates R");
    assert_eq!(typed(&[(0, b"\x1b[?2026"), (600, b";1$yR")]), "SynchronizedUpdates R");
    assert_eq!(
        typed(&[(0, b"\x1b]52;rg"), (500, b"jk"), (2_000, b"jk")]),
        "j k",
        "an answer that never ends"
    );
}

#[test]
fn a_paste_in_pieces_is_one() {
    let reads: [(u64, &[u8]); 4] = [(0, b"\x1b[20"), (50, b"0~R\r"), (900, b"R\x1b[20"), (950, b"1~j")];
    assert_eq!(typed(&reads), "paste(R\nR) j");
    assert_eq!(typed(&[(0, b"\x1b[200~R"), (9_000, b"j")]), "paste(R) cut-off j", "its end was lost");
    assert_eq!(typed(&[(0, b"\x1b[200~R"), (2_500, b"j")]), "paste(R) cut-off j", "soon enough");
    assert_eq!(typed(&[(0, b"\x1b[200~\xa4R\x1b[201~")]), "paste(\u{fffd}R)");
}

#[test]
fn an_answer_whose_esc_came_long_before_is_understood() {
    let reads: [(u64, &[u8]); 2] = [(0, b"\x1b"), (400, b"]11;rgb:1e/1e/1e\x07R")];
    assert_eq!(typed(&reads), "Esc Background(Dark) R");
}

/// Whether `R` was alone in its read.
fn is_r_alone(reads: &[(u64, &[u8])]) -> bool {
    let (mut decoder, start) = (Decoder::default(), Instant::now());
    for (at, read) in reads {
        let now = start + Duration::from_millis(*at);
        expire_until(&mut decoder, now);
        decoder.feed(read, now);
    }
    let r = std::iter::from_fn(|| decoder.next()).find_map(|typed| match typed {
        Typed::Input { input: Input::Key(key), is_alone } if key.code == KeyCode::Char('R') => Some(is_alone),
        _ => None,
    });
    r.expect("R was typed")
}

#[rstest]
#[case::focus_came(b"\x1b[IR")]
#[case::focus_went(b"\x1b[OR")]
#[case::device_attributes(b"\x1b[?62;22cR")]
#[case::cursor_place(b"\x1b[12;40RR")]
#[case::mouse(b"\x1b[<0;3;4MR")]
#[case::old_mouse(b"\x1b[M !!R")]
#[case::arrow(b"\x1b[AR")]
#[case::before_an_arrow(b"R\x1b[A")]
#[case::before_half_an_arrow(b"R\x1b[")]
#[case::before_esc(b"R\x1b")]
#[case::answer(b"\x1b]11;rgb:1/1/1\x07R")]
#[case::control(b"\x03R")]
#[case::behind_a_paste(b"\x1b[200~1\x1b[201~R")]
#[case::letter(b"jR")]
fn a_key_that_comes_with_anything_is_not_alone(#[case] read: &[u8]) {
    assert!(!is_r_alone(&[(0, read)]));
}

#[test]
fn a_key_with_the_rest_of_something_else_is_not_alone() {
    assert!(!is_r_alone(&[(0, b"\x1b["), (50, b"AR")]));
    assert!(!is_r_alone(&[(0, b"\x1b"), (400, b"[BR")]), "the rest came late");
    assert!(!is_r_alone(&[(0, b"\x1b]11;rg"), (50, b"b:1/1/1\x07R")]));
    assert!(!is_r_alone(&[(0, b"\x1b[200~1"), (50, b"1\x1b[201~R")]));
}

#[test]
fn a_key_by_itself_is_alone() {
    assert!(is_r_alone(&[(0, b"R")]));
    assert!(is_r_alone(&[(0, b"\x1b[I"), (200, b"R")]));
    assert!(is_r_alone(&[(0, b"\x1b[82"), (50, b"u")]), "in two reads");
}
