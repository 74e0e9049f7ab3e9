//! Splits a file of several answers: one per line, in a list, or pretty-printed one after another.

use bytes::Bytes;

use onebound_document::{Document, SyntaxFault};

/// Bytes between two values: white space, and the separators of a list and of `json-seq`. Concatenated files have their byte
/// order marks there, too.
const BETWEEN: &[u8] = b", \t\r\n\x1e";
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The bytes of each value of a file, in order. Invalid text is a piece as well, up to the next line that begins with an
/// object; only separators are left out.
pub(super) fn pieces(content: &Bytes) -> Vec<Bytes> {
    let start = skip(content, 0);
    let is_list = content.get(start) == Some(&b'[');
    let mut at = skip(content, start + usize::from(is_list));
    let mut depth = usize::from(is_list);
    let mut pieces = Vec::new();
    while at < content.len() {
        let rest = content.slice(at..);
        if depth > 0 && rest.starts_with(b"]") {
            (depth, at) = (0, skip(content, at + 1));
            continue;
        }
        let piece = match Document::parse_first(rest.clone()) {
            Ok(document) => document.whole(),
            Err(error) if error.fault == SyntaxFault::Cut => rest,
            Err(_) => rest.slice(..next_line(&rest)),
        };
        at = skip(content, at + piece.len());
        pieces.push(piece);
    }
    pieces
}

/// The first byte from `at` on that is no separator.
pub(super) fn first_byte(content: &[u8], at: usize) -> Option<u8> {
    content.get(skip(content, at)).copied()
}

fn skip(content: &[u8], mut at: usize) -> usize {
    loop {
        let rest = content.get(at..).unwrap_or_default();
        at += match rest.first() {
            Some(byte) if BETWEEN.contains(byte) => 1,
            Some(_) if rest.starts_with(MARK) => MARK.len(),
            _ => return at,
        };
    }
}

/// The start of the next line that begins with an object; the end where there is none.
fn next_line(text: &[u8]) -> usize {
    memchr::memmem::find(text, b"\n{").map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(content: &str) -> Vec<String> {
        let pieces = pieces(&Bytes::from(content.to_owned()));
        pieces.iter().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect()
    }

    #[test]
    fn values_are_found_however_they_are_parted() {
        let all = ["{\"a\": 1}", "{\"b\": [2]}"];
        for content in [
            "{\"a\": 1}\n{\"b\": [2]}\n",
            "{\"a\": 1}{\"b\": [2]}",
            "\u{feff}[{\"a\": 1},\n {\"b\": [2]}]",
            "\u{1e}{\"a\": 1}\n\u{1e}{\"b\": [2]}\n",
            "{\"a\": 1}\r\n\u{feff}{\"b\": [2]}",
        ] {
            assert_eq!(texts(content), all, "{content:?}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_a_piece_of_its_own() {
        assert_eq!(texts("{\"a\": oops}\n{\"b\": 1}"), ["{\"a\": oops}\n", "{\"b\": 1}"]);
        assert_eq!(texts("[{\"a\": 1}, {\"b\": "), ["{\"a\": 1}", "{\"b\": "]);
        assert_eq!(texts("[{\"a\": 1}, null] end"), ["{\"a\": 1}", "null", "end"]);
        assert_eq!(texts(" [] "), Vec::<String>::new());
    }
}
