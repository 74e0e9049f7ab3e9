//! Colours and characters that a terminal may lack, and lines that are slow.

use super::pty::{ENTER, ESC, Session, Setup, english};

/// The numbers of all colours and attributes that the program set so far.
fn attributes(session: &Session) -> Vec<String> {
    let written = String::from_utf8(session.bytes()).unwrap();
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
    let background = vt100::Color::Rgb(251, 251, 249);
    session.wait_until("a background everywhere", |screen| {
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| screen.cell(row, column))
            .all(|cell| cell.bgcolor() == background || cell.inverse() || cell.is_wide_continuation())
    });
}

#[test]
fn in_ascii_nothing_else_is_written_where_the_data_are_ascii() {
    let session = Setup::new().args(&["--ascii"]).start();
    session.wait_for(english().pane_requests());
    let written = String::from_utf8(session.bytes()).unwrap();
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
