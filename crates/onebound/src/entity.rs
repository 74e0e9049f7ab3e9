//! Characters that are written by a name or a number, as `&amp;` or `&#21378;`.

/// In bytes, a few leading zeros included.
pub(super) const LONGEST_ENTITY: usize = 12;

/// XML's names: it has five of its own.
const OF_XML: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Further names of HTML.
const OF_HTML: [(&str, char); 1] = [("nbsp", ' ')];

/// An entity of XML, given from the `&` on: its character, and how many bytes it takes. Names of HTML are none.
pub(super) fn decode_xml_entity(bytes: &[u8]) -> Option<(char, usize)> {
    decode(bytes, &OF_XML)
}

/// An entity of XML or HTML, from its `&` on: its character and length. `&nbsp;` is a blank.
pub fn decode_entity(bytes: &[u8]) -> Option<(char, usize)> {
    decode(bytes, &OF_XML).or_else(|| decode(bytes, &OF_HTML))
}

fn decode(bytes: &[u8], names: &[(&str, char)]) -> Option<(char, usize)> {
    let near = bytes.get(..bytes.len().min(LONGEST_ENTITY))?;
    let end = near.iter().position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(near.strip_prefix(b"&")?.get(..end - 1)?).ok()?;
    let by_name = names.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
    Some((by_name.or_else(|| numbered(name))?, end + 1))
}

/// `#21378` or `#x5382`
fn numbered(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    char::from_u32(match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    })
}
