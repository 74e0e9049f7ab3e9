//! The keys that every line of text has, by the shell's habit: `^A ^E ^B ^F ^H ^D ^K ^U ^W`, and those with a name.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

/// What a key does in a line.
enum Edit {
    Move(CursorMove),
    Delete(fn(&mut TextArea<'static>) -> bool),
}

/// Moves the cursor or takes text away; says whether the key does either. Text itself is the line's own to take.
pub(super) fn edit(area: &mut TextArea<'static>, key: KeyEvent) -> bool {
    let Some(edit) = read(key) else { return false };
    match edit {
        Edit::Move(to) => {
            area.cancel_selection();
            area.move_cursor(to);
        }
        Edit::Delete(delete) => drop(delete(area)),
    }
    true
}

/// The character that a key puts into a line.
pub(super) fn typed(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(c) if !key.modifiers.contains(KeyModifiers::CONTROL) => Some(c),
        _ => None,
    }
}

fn read(key: KeyEvent) -> Option<Edit> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char(letter) if ctrl => of_letter(letter.to_ascii_lowercase())?,
        KeyCode::Home => Edit::Move(CursorMove::Head),
        KeyCode::End => Edit::Move(CursorMove::End),
        KeyCode::Left => Edit::Move(CursorMove::Back),
        KeyCode::Right => Edit::Move(CursorMove::Forward),
        KeyCode::Backspace => Edit::Delete(TextArea::delete_char),
        KeyCode::Delete => Edit::Delete(TextArea::delete_next_char),
        _ => return None,
    })
}

fn of_letter(letter: char) -> Option<Edit> {
    Some(match letter {
        'a' => Edit::Move(CursorMove::Head),
        'e' => Edit::Move(CursorMove::End),
        'b' => Edit::Move(CursorMove::Back),
        'f' => Edit::Move(CursorMove::Forward),
        'h' => Edit::Delete(TextArea::delete_char),
        'd' => Edit::Delete(TextArea::delete_next_char),
        'k' => Edit::Delete(TextArea::delete_line_by_end),
        'u' => Edit::Delete(TextArea::delete_line_by_head),
        'w' => Edit::Delete(TextArea::delete_word),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ax", "_one two")]
    #[case("aex", "one two_")]
    #[case("abx", "_one two")]
    #[case("affx", "on_e two")]
    #[case("w", "one ")]
    #[case("bbbk", "one ")]
    #[case("bbbu", "two")]
    #[case("h", "one tw")]
    #[case("ad", "ne two")]
    fn a_line_knows_the_keys_of_a_shell(#[case] letters: &str, #[case] expected: &str) {
        let mut area = TextArea::new(vec!["one two".to_owned()]);
        area.move_cursor(CursorMove::End);
        for letter in letters.chars() {
            let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
            if letter == 'x' {
                area.insert_char('_');
            } else {
                assert!(edit(&mut area, key), "^{letter}");
            }
        }
        assert_eq!(area.lines(), [expected]);
    }
}
