//! A terminal that takes nothing for a while, as behind a slow SSH connection, loses no key and gets no old picture.

use super::pty::{CTRL_L, Session, Setup, wait_until};

/// More than a system holds between a program and its terminal.
const HELD_BY_SYSTEM: usize = 64 * 1024;
/// How often the whole screen is asked for with each digit.
const REDRAWS: usize = 40;

/// How many bytes a whole frame has.
fn frame_size(session: &mut Session) -> usize {
    let (clears, before) = (session.clears(), session.written());
    session.press(CTRL_L);
    wait_until("a cleared screen", || (session.clears() > clears).then_some(()));
    session.assert_picture_is_whole();
    // Two frames were drawn.
    (session.written() - before) / 2
}

#[test]
fn keys_pressed_while_nothing_is_read_are_all_taken_and_only_the_newest_picture_is_drawn() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.type_id("6");
    let frame = frame_size(&mut session);
    let before = session.written();
    session.stop_reading();
    // More than the system holds, key by key: the program is held up in a write.
    for _ in 0..20 {
        session.press(CTRL_L);
    }
    for digit in "10947572360".chars() {
        for _ in 0..REDRAWS {
            session.write_at_once(CTRL_L);
        }
        session.write_at_once(&digit.to_string());
    }
    assert!(session.lives());
    session.resume_reading();
    session.wait_for("6710947572360");
    session.assert_picture_is_whole();
    let written = session.written() - before;
    let every_frame = frame * REDRAWS * 11;
    let few_frames = HELD_BY_SYSTEM + 6 * frame;
    assert!(few_frames < every_frame / 4, "{frame} bytes a frame: too few to tell the two apart");
    assert!(written < few_frames, "{written} bytes, {frame} a frame");
    assert_eq!(session.quit(), 0);
    session.assert_given_back();
}
