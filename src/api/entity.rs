//! XML's way of writing a character that can't stand as it is.

/// In bytes, a few leading zeros included.
pub(super) const LONGEST_ENTITY: usize = 12;

/// `&amp;` and its like, given from the `&` on, and how many bytes it takes. Entities of HTML stay as they stand: XML has five of its own.
pub(super) fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    let near = bytes.get(..bytes.len().min(LONGEST_ENTITY))?;
    let end = near.iter().position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(near.get(1..end)?).ok()?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}
