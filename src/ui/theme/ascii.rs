//! Frames, arrows and marks in ASCII, for terminals and fonts without the others. Each is one character for one, so that
//! the layout stays the same.

/// The ASCII character for one of obx's own marks; `None` for all other characters.
pub fn ascii(mark: char) -> Option<char> {
    frame_or_mark(mark).or_else(|| amount(mark))
}

/// The same for the text of a cell.
pub fn ascii_symbol(symbol: &str) -> Option<char> {
    let mut chars = symbol.chars();
    let only = chars.next().filter(|_| chars.next().is_none())?;
    ascii(only)
}

/// A frame with the focus stays a thick one.
fn frame_or_mark(mark: char) -> Option<char> {
    Some(match mark {
        '─' | '┄' | '╌' | '—' | '–' => '-',
        '━' => '=',
        '┃' | '┏' | '┓' | '┗' | '┛' => '#',
        '│' | '▌' | '▏' | '▕' => '|',
        '╭' | '╮' | '╯' | '╰' | '├' | '┤' | '┬' | '┴' | '┼' | '┌' | '┐' | '└' | '┘' => {
            '+'
        }
        '←' | '«' => '<',
        '→' | '»' | '▸' => '>',
        '↑' | '▴' | '▲' => '^',
        '↓' | '▾' | '▼' => 'v',
        '…' => '~',
        '·' => '.',
        '•' => 'o',
        '★' => '*',
        '¥' => 'Y',
        '×' | '✕' => 'x',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        _ => return None,
    })
}

/// Bars by eighths of a cell, curves by height, and shades.
fn amount(mark: char) -> Option<char> {
    Some(match mark {
        '▁' => '.',
        '▂' => '_',
        '▃' | '░' => ':',
        '▄' | '▎' => '-',
        '▅' | '▍' => '=',
        '▆' | '▋' | '▒' => '+',
        '▇' | '▊' | '▓' => '*',
        '█' | '▉' => '#',
        _ => return None,
    })
}
