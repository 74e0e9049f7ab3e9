//! One line of text with a cursor, for every place where something is typed: the keys are those of a shell, what comes
//! in is cleaned and bounded, and nothing is shown of a text that has a secret in it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

use crate::ui::text::{clean, fit, split_at_width, width};
use crate::ui::theme::Theme;
use onebound::SecretNames;

/// In characters, where nothing else is said.
const MAX_CHARS: usize = 200;
/// In cells, in the frame of a pane.
const MAX_IN_FRAME: usize = 24;

/// The text and the cursor in it.
#[derive(Debug)]
pub(super) struct TextInput {
    area: TextArea<'static>,
    max_chars: usize,
    /// An address of the gateway carries key and secret: what gives a value to one of these names is masked.
    secret_names: SecretNames,
}

impl Default for TextInput {
    fn default() -> Self {
        Self::with_limit(MAX_CHARS)
    }
}

impl TextInput {
    /// An empty input that never holds more than so many characters.
    pub(super) fn with_limit(max_chars: usize) -> Self {
        Self { area: empty(), max_chars, secret_names: SecretNames::default() }
    }

    /// The same with this text, and the cursor at its end.
    pub(super) fn with_text(mut self, text: &str) -> Self {
        self.insert(text);
        self
    }

    /// The same, masked by these names.
    pub(super) fn masking(mut self, secret_names: SecretNames) -> Self {
        self.secret_names = secret_names;
        self.mask();
        self
    }

    pub(super) fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Replaces the text; the cursor is at its end.
    pub(super) fn set(&mut self, text: &str) {
        self.area = empty();
        self.insert(text);
    }

    /// Inserts text at the cursor, on one line, as much of it as there is room for.
    pub(super) fn insert(&mut self, text: &str) {
        let room = self.max_chars.saturating_sub(self.text().chars().count());
        let text: String = clean(text).chars().take(room).collect();
        if text.is_empty() && !self.area.is_selecting() {
            return;
        }
        self.area.insert_str(text);
        self.mask();
    }

    /// Inserts text after the cursor, which stays where it is.
    pub(super) fn insert_behind(&mut self, text: &str) {
        let at = self.area.cursor();
        self.insert(text);
        self.area.move_cursor(CursorMove::Jump(0, u16::try_from(at.1).unwrap_or(u16::MAX)));
    }

    /// The text before the cursor.
    pub(super) fn before_cursor(&self) -> &str {
        let text = self.text();
        let at = text.char_indices().nth(self.area.cursor().1).map_or(text.len(), |(at, _)| at);
        text.get(..at).unwrap_or(text)
    }

    /// Puts in the character that was typed, moves the cursor, or takes text away. Returns true if the text changed.
    pub(super) fn type_key(&mut self, key: KeyEvent) -> bool {
        let before = self.text().len();
        match (edit(key), typed(key)) {
            (Some(Edit::Move(to)), _) => {
                self.area.cancel_selection();
                self.area.move_cursor(to);
            }
            (Some(Edit::Delete(delete)), _) => {
                if delete(&mut self.area) {
                    self.scroll_back();
                    self.mask();
                }
            }
            (None, Some(c)) => self.insert(&c.to_string()),
            (None, None) => {}
        }
        // Every key that changes the text changes its length.
        self.text().len() != before
    }

    /// Shows as much as fits of what is before the cursor: the widget scrolls no further back than to the cursor, so that
    /// after deleting, what is left would be out of sight.
    fn scroll_back(&mut self) {
        let (at, text) = (self.area.cursor().1, self.text().to_owned());
        let placeholder = self.area.placeholder_text().to_owned();
        self.area = empty();
        self.area.insert_str(text);
        self.area.move_cursor(CursorMove::Jump(0, u16::try_from(at).unwrap_or(u16::MAX)));
        self.area.set_placeholder_text(placeholder);
    }

    /// Marks all of it, so that what is typed or pasted next takes its place; moving keeps it.
    pub(super) fn select_all(&mut self) {
        self.area.select_all();
    }

    /// Whether nothing of its text is shown.
    pub(super) fn is_masked(&self) -> bool {
        self.area.mask_char().is_some()
    }

    /// What is shown while nothing is typed.
    pub(super) fn set_placeholder(&mut self, placeholder: &str) {
        self.area.set_placeholder_text(placeholder);
    }

    /// Draws it into a row; the cursor shows where keys go to it.
    pub(super) fn view(&self, has_cursor: bool, row: Rect, buffer: &mut Buffer) {
        if has_cursor {
            return (&self.area).render(row, buffer);
        }
        let mut resting = self.area.clone();
        resting.cancel_selection();
        resting.set_cursor_style(Theme.text());
        (&resting).render(row, buffer);
    }

    /// Draws the input in the first row of a popup's inside.
    pub(super) fn view_in_popup(&self, inside: Rect, buffer: &mut Buffer) {
        let row = Rect { x: inside.x + 1, height: 1, width: inside.width.saturating_sub(2), ..inside };
        self.view(true, row, buffer);
    }

    /// For the frame of a pane, behind the key that opens it.
    pub(super) fn frame_line(&self, is_typing: bool) -> Line<'static> {
        self.frame_line_in(MAX_IN_FRAME, is_typing)
    }

    /// The same with so many cells for the text. While it is typed, the part around the cursor is shown.
    pub(super) fn frame_line_in(&self, room: usize, is_typing: bool) -> Line<'static> {
        let masked = self.area.mask_char().map(|mask| mask.to_string().repeat(self.text().chars().count()));
        let text = masked.as_deref().unwrap_or(self.text());
        let mut spans = vec![Span::styled(" /", Theme.key())];
        if is_typing {
            let at = text.char_indices().nth(self.area.cursor().1).map_or(text.len(), |(at, _)| at);
            let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
            // The text continues unseen at the left if it does not fit.
            let too_wide = (width(before) + 1).saturating_sub(room);
            let more = if too_wide > 0 { "…" } else { "" };
            let (_, seen) = split_at_width(before, if too_wide > 0 { too_wide + 1 } else { 0 });
            let under = after.chars().next();
            let rest = after.get(under.map_or(0, char::len_utf8)..).unwrap_or_default();
            let left = room.saturating_sub(width(seen) + width(more) + 1);
            spans.push(Span::styled(format!("{more}{seen}"), Theme.strong()));
            spans.push(Span::styled(under.unwrap_or(' ').to_string(), Theme.selected()));
            spans.push(Span::styled(fit(rest, left).into_owned(), Theme.strong()));
        } else {
            spans.push(Span::styled(fit(text, room).into_owned(), Theme.strong()));
        }
        spans.push(Span::raw(" "));
        Line::from(spans)
    }

    /// Replaces the text between these bytes, up to the cursor.
    pub(super) fn replace_before_cursor(&mut self, from: usize, with: &str) {
        let (before, text) = (self.before_cursor().len(), self.text().to_owned());
        let start = text.get(..from).unwrap_or_default();
        let end = text.get(before..).unwrap_or_default();
        self.set(&format!("{start}{with}"));
        self.insert_behind(end);
    }

    fn mask(&mut self) {
        if self.secret_names.are_assigned_in(self.text()) {
            self.area.set_mask_char('•');
        } else {
            self.area.clear_mask_char();
        }
    }
}

fn empty() -> TextArea<'static> {
    let mut area = TextArea::default();
    area.set_cursor_line_style(Theme.text());
    area.set_placeholder_style(Theme.dim());
    area.set_selection_style(Theme.selected());
    area
}

/// Returns the character that a key inserts.
pub(super) fn typed(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Some(c),
        _ => None,
    }
}

/// What a key does in a line, by the shell's habit: `^A ^E ^B ^F ^H ^D ^K ^U ^W`, and those with a name.
enum Edit {
    Move(CursorMove),
    Delete(fn(&mut TextArea<'static>) -> bool),
}

fn edit(key: KeyEvent) -> Option<Edit> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let code = match key.code {
        KeyCode::Char(letter) if ctrl => KeyCode::Char(letter.to_ascii_lowercase()),
        KeyCode::Char(_) => return None,
        named => named,
    };
    Some(match code {
        KeyCode::Home | KeyCode::Char('a') => Edit::Move(CursorMove::Head),
        KeyCode::End | KeyCode::Char('e') => Edit::Move(CursorMove::End),
        KeyCode::Left | KeyCode::Char('b') => Edit::Move(CursorMove::Back),
        KeyCode::Right | KeyCode::Char('f') => Edit::Move(CursorMove::Forward),
        KeyCode::Backspace | KeyCode::Char('h') => Edit::Delete(TextArea::delete_char),
        KeyCode::Delete | KeyCode::Char('d') => Edit::Delete(TextArea::delete_next_char),
        KeyCode::Char('k') => Edit::Delete(TextArea::delete_line_by_end),
        KeyCode::Char('u') => Edit::Delete(TextArea::delete_line_by_head),
        KeyCode::Char('w') => Edit::Delete(TextArea::delete_word),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn key(letter: char) -> KeyEvent {
        if letter == '_' {
            return KeyEvent::from(KeyCode::Char(letter));
        }
        KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
    }

    #[rstest]
    #[case("a_", "_one two")]
    #[case("ae_", "one two_")]
    #[case("ab_", "_one two")]
    #[case("aff_", "on_e two")]
    #[case("w", "one ")]
    #[case("bbbk", "one ")]
    #[case("bbbu", "two")]
    #[case("h", "one tw")]
    #[case("ad", "ne two")]
    fn a_line_knows_the_keys_of_a_shell(#[case] keys: &str, #[case] expected: &str) {
        let mut input = TextInput::default().with_text("one two");
        for letter in keys.chars() {
            let changed = input.type_key(key(letter));
            assert_eq!(changed, "_wkuhd".contains(letter), "{letter}");
        }
        assert_eq!(input.text(), expected);
    }

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let mut input = TextInput::with_limit(5).with_text("123\n4567");
        assert_eq!(input.text(), "123 4");
        assert!(!input.type_key(KeyEvent::from(KeyCode::Char('8'))));
        input.set("中文");
        input.insert("字母表格");
        assert_eq!(input.text(), "中文字母表");
    }

    #[test]
    fn what_is_left_after_deleting_is_in_sight() {
        let row = Rect::new(0, 0, 10, 1);
        let shown = |input: &TextInput| {
            let mut buffer = Buffer::empty(row);
            input.view(true, row, &mut buffer);
            (0..10).map(|x| buffer[(x, 0)].symbol().to_owned()).collect::<String>()
        };
        let mut input = TextInput::default().with_text("12345678901234567890");
        input.set_placeholder("empty");
        assert_eq!(shown(&input), "234567890 ");
        for _ in 0..15 {
            let _ = input.type_key(key('h'));
        }
        assert_eq!(shown(&input), "12345     ");
        input.insert("678901234567890");
        assert_eq!(shown(&input), "234567890 ");
        // Both arrive before the next frame.
        let _ = input.type_key(key('u'));
        input.insert("abc");
        assert_eq!(shown(&input), "abc       ");
        let _ = input.type_key(key('u'));
        assert_eq!(shown(&input).trim(), "empty");
    }

    #[test]
    fn a_text_goes_in_behind_the_cursor() {
        let mut input = TextInput::default().with_text("a中");
        input.insert_behind("bc");
        assert_eq!((input.text(), input.before_cursor()), ("a中bc", "a中"));
    }

    #[test]
    fn a_secret_is_masked_until_it_is_gone() {
        let mut input = TextInput::default().with_text("key=5f3a9c1e");
        assert!(input.is_masked());
        assert_eq!(input.frame_line(false).to_string(), " /•••••••••••• ");
        let _ = input.type_key(key('u')); // takes all of it away
        assert!(!input.is_masked());
        input.insert("red");
        assert_eq!(input.frame_line(false).to_string(), " /red ");
    }
}
