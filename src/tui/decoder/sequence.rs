//! Escape sequences (CSI and SS3) as terminals send them for keys: xterm, VT, rxvt, the Linux console, and the form
//! with a code point (`CSI 82 u`).

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// Longer sequences are not taken for one, in bytes.
const MAX_LENGTH: usize = 256;

/// An escape sequence, with its length in bytes.
pub(super) enum Sequence {
    Key(KeyEvent, usize),
    Mouse(MouseEvent, usize),
    /// Neither: a report, a focus event, or an unknown sequence.
    Other(usize),
    PasteBegins(usize),
    Unfinished,
}

/// Parses the sequence at the beginning of these bytes, which begin with ESC and `[` or `O`.
pub(super) fn parse(bytes: &[u8]) -> Sequence {
    match bytes {
        [_, b'O' | b'['] | [_, b'[', b'['] => Sequence::Unfinished,
        [_, b'O', end, ..] => found(named(*end, KeyModifiers::NONE), 3),
        // The Linux console's F1 to F5.
        [_, b'[', b'[', end @ b'A'..=b'E', ..] => found(Some(KeyCode::F(end - b'A' + 1).into()), 4),
        _ => control(bytes),
    }
}

/// How many bytes of a read are the rest of a sequence whose ESC arrived long before, such as `[B`. A single letter is a
/// key.
pub(super) fn rest(read: &[u8]) -> usize {
    if !matches!(read, [b'[' | b'O', _, ..]) {
        return 0;
    }
    let whole: Vec<u8> = std::iter::once(0x1b).chain(read.iter().copied().take(MAX_LENGTH)).collect();
    match parse(&whole) {
        Sequence::Key(_, used)
        | Sequence::Mouse(_, used)
        | Sequence::Other(used)
        | Sequence::PasteBegins(used) => used - 1,
        Sequence::Unfinished => read.len(),
    }
}

/// `CSI parameters final`
fn control(bytes: &[u8]) -> Sequence {
    let inside = bytes.get(2..).unwrap_or_default();
    let length = inside.iter().take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
    let (parameters, used) = (inside.get(..length).unwrap_or_default(), length + 3);
    match inside.get(length) {
        None if length < MAX_LENGTH => Sequence::Unfinished,
        // The old mouse report has three more bytes.
        Some(b'M') if length == 0 && bytes.len() < used + 3 => Sequence::Unfinished,
        Some(b'M') if length == 0 => Sequence::Other(used + 3),
        Some(b'M' | b'm') if parameters.first() == Some(&b'<') => {
            let is_press = inside.get(length) == Some(&b'M');
            let event = mouse(parameters).filter(|_| is_press);
            event.map_or(Sequence::Other(used), |event| Sequence::Mouse(event, used))
        }
        Some(b'~') if parameters == b"200" => Sequence::PasteBegins(used),
        Some(&end @ 0x40..=0x7e) => found(key(parameters, end), used),
        // Broken off: this byte begins something else.
        _ => Sequence::Other(used - 1),
    }
}

fn found(key: Option<KeyEvent>, used: usize) -> Sequence {
    key.map_or(Sequence::Other(used), |key| Sequence::Key(key, used))
}

fn key(parameters: &[u8], end: u8) -> Option<KeyEvent> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut parts = text.split(';');
    let first = parts.next().unwrap_or_default().split(':').next().unwrap_or_default();
    let mut second = parts.next().unwrap_or_default().split(':');
    let mask = second.next().and_then(|mask| mask.parse().ok()).unwrap_or(1);
    let kind = match second.next() {
        Some("2") => KeyEventKind::Repeat,
        Some("3") => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    let modifiers = modifiers(mask);
    let key = match end {
        b'~' => KeyEvent::new(numbered(first.parse().ok()?)?, modifiers),
        b'u' => by_code_point(first.parse().ok()?, modifiers)?,
        // A cursor position report ends like F3.
        b'R' if first != "1" => return None,
        _ => named(end, modifiers)?,
    };
    Some(KeyEvent { kind, ..key })
}

/// `<button;column;row`, from 1: the left button and the wheel, without a modifier, with which terminals select text.
/// Everything else is dropped, motion and impossible places included.
fn mouse(parameters: &[u8]) -> Option<MouseEvent> {
    let text = std::str::from_utf8(parameters).ok()?.strip_prefix('<')?;
    let mut numbers = text.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let kind = match button {
        0 => MouseEventKind::Down(MouseButton::Left),
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    numbers.next().is_none().then_some(event)
}

fn named(end: u8, modifiers: KeyModifiers) -> Option<KeyEvent> {
    let code = match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(end - b'P' + 1),
        b'Z' => return Some(KeyEvent::new(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT)),
        _ => return None,
    };
    Some(KeyEvent::new(code, modifiers))
}

fn numbered(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28 | 29 => KeyCode::F(number - 15),
        31..=34 => KeyCode::F(number - 17),
        _ => return None,
    })
}

fn by_code_point(code_point: u32, modifiers: KeyModifiers) -> Option<KeyEvent> {
    let shift = modifiers.contains(KeyModifiers::SHIFT);
    let code = match code_point {
        9 if shift => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        // Keys without a character, in the private use area.
        0..=31 | 0xe000..=0xf8ff => return None,
        code_point => {
            let c = char::from_u32(code_point)?;
            KeyCode::Char(if shift { c.to_ascii_uppercase() } else { c })
        }
    };
    Some(KeyEvent::new(code, modifiers))
}

/// The parameter is one more than the sum of the modifier bits.
fn modifiers(mask: u16) -> KeyModifiers {
    const BITS: [KeyModifiers; 6] = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let bits = mask.saturating_sub(1);
    let held = BITS.into_iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
    held.fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}
