//! Colours and characters that a terminal may lack, and lines that are slow.

use super::pty::{ENTER, ESC, Session, Setup, english, wait_until};

/// The numbers of all colours and attributes that the program set so far.
fn attributes(session: &Session) -> Vec<String> {
    // The last character may be half of one: the program is still writing.
    let written = String::from_utf8_lossy(&session.bytes()).into_owned();
    let sequences = written.split("\x1b[").skip(1);
    let attributes = sequences.filter_map(|sequence| {
        let (numbers, _) = sequence.split_once('m')?;
        numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b';').then(|| numbers.to_owned())
    });
    attributes.collect()
}

/// Whether one of them is a colour: 30 to 49, or 90 to 107.
fn has_colour(attributes: &[String]) -> bool {
    let mut numbers = attributes.iter().flat_map(|numbers| numbers.split(';'));
    numbers.any(|number| matches!(number.parse(), Ok(30..=49 | 90..=107)))
}

#[test]
fn the_terminals_own_colours_are_used_unless_none_are_wanted() {
    let coloured = Setup::new().start();
    coloured.wait_for(english().pane_requests());
    assert!(has_colour(&attributes(&coloured)));
    for setup in [Setup::new().var("NO_COLOR", "1"), Setup::new().args(&["--no-color"])] {
        let mut session = setup.start();
        session.wait_for(english().pane_requests());
        assert!(!has_colour(&attributes(&session)), "{:?}", attributes(&session));
        session.press_all(&[ESC, "T"]);
        session.wait_for(english().theme_without_colours());
        assert!(!has_colour(&attributes(&session)), "{:?}", attributes(&session));
    }
}

#[test]
fn a_key_switches_to_a_theme_with_its_own_background() {
    let mut session = Setup::new().start();
    session.wait_for(english().pane_requests());
    assert!(!attributes(&session).iter().any(|numbers| numbers.contains("48;2;")));
    session.press_all(&[ESC, "T"]);
    session.wait_for(&english().theme_is("light"));
    assert!(attributes(&session).iter().any(|numbers| numbers.contains("48;2;251;251;249")));
    session.wait_until("a background everywhere", |screen| has_background(screen, LIGHT));
}

const ASKS_FOR_CHANGES: &str = "\x1b[?2031$p";
const CHANGES_ON: &str = "\x1b[?2031h";
const CHANGES_OFF: &str = "\x1b[?2031l";

/// Whether all cells have this background, or are reversed.
fn has_background(screen: &vt100::Screen, (red, green, blue): (u8, u8, u8)) -> bool {
    let (rows, columns) = screen.size();
    let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
    cells.filter_map(|(row, column)| screen.cell(row, column)).all(|cell| {
        cell.bgcolor() == vt100::Color::Rgb(red, green, blue) || cell.inverse() || cell.is_wide_continuation()
    })
}

const LIGHT: (u8, u8, u8) = (251, 251, 249);
const DARK: (u8, u8, u8) = (28, 30, 38);

fn written(session: &Session) -> String {
    String::from_utf8_lossy(&session.bytes()).into_owned()
}

/// A terminal of true colours, with the theme that follows it.
fn automatic() -> Setup {
    let setup = Setup::new().var("COLORTERM", "truecolor");
    let folder = setup.home().join(".config/obx");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "theme = \"auto\"\n").unwrap();
    setup
}

#[test]
fn an_automatic_theme_follows_a_terminal_that_reports_its_changes() {
    let mut session = automatic().start();
    session.wait_for(english().pane_requests());
    wait_until("the query", || written(&session).contains(ASKS_FOR_CHANGES).then_some(()));
    assert!(!written(&session).contains(CHANGES_ON), "not before the terminal says that it can");
    session.write_at_once("\x1b[?997;2n\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?2031;2$y\x1b[?62;22c");
    session.wait_until("a light screen", |screen| has_background(screen, LIGHT));
    wait_until("the subscription", || written(&session).contains(CHANGES_ON).then_some(()));
    session.write_at_once("\x1b[?997;1n");
    session.wait_until("a dark screen", |screen| has_background(screen, DARK));
    session.press(ESC);
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_given_back();
    let written = written(&session);
    assert_eq!(written.matches(CHANGES_ON).count(), 1, "{written:?}");
    let (_, end) = written.rsplit_once(CHANGES_OFF).unwrap();
    assert!(end.contains("\x1b[?1049l"), "it ends before the terminal is given back");
}

#[test]
fn a_terminal_that_does_not_know_changes_of_its_theme_is_never_asked_to_report_them() {
    for reply in ["\x1b[?2031;0$y\x1b[?62c", "\x1b[?62c"] {
        let mut session = automatic().start();
        wait_until("the query", || written(&session).contains(ASKS_FOR_CHANGES).then_some(()));
        session.write_at_once(reply);
        session.wait_for(english().pane_requests());
        session.press_all(&[ESC, "q"]);
        assert_eq!(session.wait_exit(), 0);
        let written = written(&session);
        assert!(!written.contains(CHANGES_ON) && !written.contains(CHANGES_OFF), "{written:?}");
    }
}

#[test]
fn inside_tmux_and_with_another_theme_changes_of_the_theme_are_not_asked_for() {
    let setups = [automatic().var("TMUX", "/tmp/tmux,1,0"), Setup::new().var("COLORTERM", "truecolor")];
    for setup in setups {
        let mut session = setup.start();
        session.wait_for(english().pane_requests());
        // Of a session that ended before in the same terminal.
        session.write_at_once("\x1b[?2031;2$y\x1b[?997;1n");
        session.press_all(&[ESC, "q"]);
        assert_eq!(session.wait_exit(), 0);
        assert!(!written(&session).contains("2031"), "{:?}", written(&session));
    }
}

#[test]
fn a_suspended_session_wants_no_reports_and_asks_again_when_it_is_back() {
    let mut session = automatic().start();
    let queries = |session: &Session| written(session).matches(ASKS_FOR_CHANGES).count();
    wait_until("the query", || (queries(&session) == 1).then_some(()));
    session.write_at_once("\x1b[?997;2n\x1b[?2031;2$y\x1b[?62c");
    wait_until("the subscription", || written(&session).contains(CHANGES_ON).then_some(()));
    session.press_all(&[ESC, "\x1a"]);
    wait_until("the end of the subscription", || written(&session).contains(CHANGES_OFF).then_some(()));
    // Without a shell that stops it, it goes on at once.
    wait_until("the query once more", || (queries(&session) == 2).then_some(()));
    session.write_at_once("\x1b[?997;1n\x1b[?2031;2$y\x1b[?62c");
    session.wait_until("a dark screen", |screen| has_background(screen, DARK));
    wait_until("a second subscription", || {
        (written(&session).matches(CHANGES_ON).count() == 2).then_some(())
    });
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
}

#[test]
fn in_ascii_nothing_else_is_written_where_the_data_are_ascii() {
    let session = Setup::new().args(&["--ascii"]).start();
    session.wait_for(english().pane_requests());
    // The last character may be half of one: the program is still writing.
    let written = String::from_utf8_lossy(&session.bytes()).into_owned();
    let others: String = written.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(others, "", "{}", session.picture());
    assert!(session.shows("#=") && session.shows("+-"), "{}", session.picture());
}

/// The emulator has 10,000 SKUs of it.
const MANY_SKUS: &str = "610947510000";

/// How many bytes 60 steps of the cursor take, most of which scroll.
fn bytes_of_steps(args: &[&str]) -> usize {
    let mut session = Setup::new().args(args).start();
    session.wait_for(english().pane_requests());
    session.type_id(MANY_SKUS);
    session.press(ENTER);
    session.wait_for(&english().position(1, 10_000));
    session.press("3");
    let before = session.written();
    for _ in 0..60 {
        session.press("j");
    }
    session.wait_for(&english().position(61, 10_000));
    session.written() - before
}

#[test]
fn on_a_slow_line_a_list_jumps_so_that_most_steps_write_little() {
    let (usual, lean) = (bytes_of_steps(&[]), bytes_of_steps(&["--lean"]));
    assert!(lean * 3 < usual * 2 && lean < 60 * 300, "{lean} bytes of {usual}");
}
