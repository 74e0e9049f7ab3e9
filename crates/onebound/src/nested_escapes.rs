//! Secrets as a body may spell them, also in several spellings inside of each other: `\u0026#75;` is a K to who reads
//! JSON and HTML in it.
//!
//! ```text
//!  JSON ─▶ tree, search, copies       JSON in JSON ─▶ the tree's nested JSON
//!  JSON, HTML ─▶ D                    JSON, HTML, HTML: a page in a page
//!  JSON, HTML, percent ─▶ addresses   XML, HTML ─▶ D of an answer in XML
//! ```
//! A view decodes what it shows after secrets were masked. So the bytes are decoded here before, of all spellings at
//! once and as often as they may be nested; a secret that shows is traced back to the bytes that spelled it.

use super::credentials::Span;

/// How many spellings are looked for inside of each other.
const DEPTH: usize = 4;
/// Longest name or number of an entity, in bytes.
const LONGEST_NAME: usize = 20;

/// Every place where one of `secrets` shows after some decoding, with its place among them.
pub(super) fn find(bytes: &[u8], secrets: &[&str]) -> Vec<(usize, Span)> {
    let needles: Vec<(usize, Vec<u8>)> = secrets
        .iter()
        .enumerate()
        .flat_map(|(at, secret)| forms(secret).into_iter().map(move |form| (at, form)))
        .collect();
    let mut found = Vec::new();
    let mut decoded: Option<Vec<u8>> = None;
    for depth in 1..=DEPTH {
        let Some(next) = decode(decoded.as_deref().unwrap_or(bytes)) else { break };
        for (at, needle) in &needles {
            let hits = memchr::memmem::find_iter(&next, needle);
            let spans = hits.map(|start| Span { start, end: start + needle.len() }).collect();
            found.extend(origins(bytes, depth, spans).into_iter().map(|span| (*at, span)));
        }
        decoded = Some(next);
    }
    found
}

/// A secret, and what decoding makes of it: one with `%41` in it looks like one with an A.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.as_bytes().to_vec()];
    while let Some(next) = forms.last().and_then(|last| decode(last)).filter(|_| forms.len() <= DEPTH) {
        forms.push(next);
    }
    forms
}

/// Decodes all escapes once; `None` if there are none.
fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut chars = EscapedChars::new(bytes).peekable();
    chars.peek()?;
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for found in chars {
        decoded.extend_from_slice(bytes.get(done..found.start).unwrap_or_default());
        decoded.extend_from_slice(found.character.encode_utf8(&mut [0; 4]).as_bytes());
        done = found.end;
    }
    decoded.extend_from_slice(bytes.get(done..).unwrap_or_default());
    Some(decoded)
}

/// Where in `bytes` lies what these spans show after they were decoded so often.
fn origins(bytes: &[u8], depth: usize, spans: Vec<Span>) -> Vec<Span> {
    if spans.is_empty() {
        return spans;
    }
    let mut before: Vec<Vec<u8>> = Vec::new();
    for _ in 1..depth {
        before.extend(decode(before.last().map_or(bytes, Vec::as_slice)));
    }
    let outermost = std::iter::once(bytes).chain(before.iter().map(Vec::as_slice)).take(depth);
    let levels: Vec<&[u8]> = outermost.collect();
    levels.into_iter().rev().fold(spans, |spans, level| trace(level, &spans))
}

/// Where in `bytes` lies what these spans show of it decoded; starts and ends are in order.
fn trace(bytes: &[u8], spans: &[Span]) -> Vec<Span> {
    let starts = offsets_in(bytes, spans.iter().map(|span| span.start));
    let ends = offsets_in(bytes, spans.iter().map(|span| span.end));
    starts.zip(ends).map(|(start, end)| Span { start, end }).collect()
}

/// The offsets in `bytes` of these ones in what it shows decoded.
fn offsets_in<'a>(
    bytes: &'a [u8],
    decoded: impl Iterator<Item = usize> + 'a,
) -> impl Iterator<Item = usize> + 'a {
    let (mut chars, mut shift) = (EscapedChars::new(bytes).peekable(), 0);
    decoded.map(move |decoded| {
        while let Some(found) = chars.next_if(|found| found.start < decoded + shift) {
            shift += found.end - found.start - found.character.len_utf8();
        }
        decoded + shift
    })
}

/// A spelled character, and the bytes that spell it.
#[derive(Clone, Copy)]
struct EscapedChar {
    start: usize,
    end: usize,
    character: char,
}

/// All of them, in order.
struct EscapedChars<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> EscapedChars<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl Iterator for EscapedChars<'_> {
    type Item = EscapedChar;

    fn next(&mut self) -> Option<EscapedChar> {
        loop {
            let start = self.at + memchr::memchr3(b'\\', b'&', b'%', self.bytes.get(self.at..)?)?;
            let spelled = self.bytes.get(start..).unwrap_or_default();
            let character = match spelled {
                [b'\\', rest @ ..] => json(rest),
                [b'&', rest @ ..] => entity(rest),
                _ => percent(spelled),
            };
            // No secret has a control character in it: a decoded one is a mark followed by the start of a secret.
            if let Some((character, length)) = character.filter(|(found, _)| !found.is_control()) {
                // A percent-encoded one begins with its mark; the others come without theirs.
                let length = length + usize::from(spelled.first() != Some(&b'%'));
                self.at = start + length;
                return Some(EscapedChar { start, end: self.at, character });
            }
            self.at = start + 1;
        }
    }
}

/// Decodes the escape after a backslash, in JSON or PHP; returns the character and the length.
fn json(rest: &[u8]) -> Option<(char, usize)> {
    match rest {
        [found @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((char::from(*found), 1)),
        [b'u', rest @ ..] => {
            let unit = number(rest, 4)?;
            if !(0xd800..0xdc00).contains(&unit) {
                return Some((char::from_u32(unit)?, 5));
            }
            let low = number(rest.get(4..)?.strip_prefix(b"\\u")?, 4)?.checked_sub(0xdc00)?;
            let code = 0x1_0000 + ((unit - 0xd800) << 10) + low;
            (low < 0x400).then_some(())?;
            Some((char::from_u32(code)?, 11))
        }
        _ => None,
    }
}

/// `%41` or, of more than one byte, `%C3%A9`, and how long it is.
fn percent(spelled: &[u8]) -> Option<(char, usize)> {
    let mut encoded = [0; 4];
    for length in 1..=encoded.len() {
        let digits = spelled.get(3 * (length - 1)..)?.strip_prefix(b"%")?;
        *encoded.get_mut(length - 1)? = u8::try_from(number(digits, 2)?).ok()?;
        if let Ok(text) = std::str::from_utf8(encoded.get(..length)?) {
            return Some((text.chars().next()?, 3 * length));
        }
    }
    None
}

/// The number that so many hexadecimal digits make.
fn number(text: &[u8], digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?.iter().map(|byte| char::from(*byte).to_digit(16));
    digits.into_iter().try_fold(0, |number, digit| Some(number * 16 + digit?))
}

/// Decodes the entity after an ampersand; returns the character and the length. HTML accepts digits and some names
/// without the semicolon.
fn entity(rest: &[u8]) -> Option<(char, usize)> {
    let (digits, base, mark) = match rest {
        [b'#', b'x' | b'X', digits @ ..] => (digits, 16, 2),
        [b'#', digits @ ..] => (digits, 10, 1),
        _ => return named(rest),
    };
    let is_digit = |byte: &u8| char::from(*byte).is_digit(base);
    let length = digits.iter().take(LONGEST_NAME).take_while(|byte| is_digit(byte)).count();
    let number = std::str::from_utf8(digits.get(..length)?).ok()?;
    let found = char::from_u32(u32::from_str_radix(number, base).ok()?)?;
    Some((found, mark + length + usize::from(digits.get(length) == Some(&b';'))))
}

fn named(rest: &[u8]) -> Option<(char, usize)> {
    let length = rest.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let name = rest.get(..length)?;
    if rest.get(length) == Some(&b';')
        && let Some((_, found)) = ENTITY_NAMES.iter().find(|(known, _)| known.as_bytes() == name)
    {
        return Some((*found, length + 1));
    }
    // Without its semicolon a name ends where it is known.
    let (known, found) = UNTERMINATED_NAMES.iter().find(|(known, _)| name.starts_with(known.as_bytes()))?;
    let length = known.len() + usize::from(rest.get(known.len()) == Some(&b';'));
    Some((*found, length))
}

/// HTML's names that need no semicolon.
const UNTERMINATED_NAMES: [(&str, char); 8] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("AMP", '&'),
    ("LT", '<'),
    ("GT", '>'),
    ("QUOT", '"'),
];

/// HTML's names of ASCII, of which secrets are made.
const ENTITY_NAMES: [(&str, char); 45] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("grave", '`'),
    ("DiacriticalGrave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("VerticalLine", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "k&1/é%🔑";

    #[derive(Clone, Copy, Debug)]
    enum Layer {
        Json,
        Entities,
        Percent,
    }

    const ALL: [Layer; 3] = [Layer::Json, Layer::Entities, Layer::Percent];

    /// Whether the secret is found between the first and the last byte of a text.
    fn finds(text: &str) -> bool {
        find(text.as_bytes(), &[SECRET]).contains(&(0, Span { start: 1, end: text.len() - 1 }))
    }

    fn spelled(layer: Layer, text: &str) -> Vec<String> {
        let each = |how: &dyn Fn(char) -> String| text.chars().map(how).collect::<String>();
        let units = |c: char| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units)
                .iter()
                .fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"))
        };
        let percent =
            |c: char| c.to_string().bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        match layer {
            Layer::Json => {
                let some = |c: char| match c {
                    '\\' => "\\\\".to_owned(),
                    '/' => "\\/".to_owned(),
                    '&' => "\\u0026".to_owned(),
                    c => c.to_string(),
                };
                vec![each(&units), each(&some)]
            }
            Layer::Entities => {
                let named = |c: char| if c == '&' { "&amp;".to_owned() } else { c.to_string() };
                vec![
                    each(&|c| format!("&#{};", u32::from(c))),
                    each(&|c| format!("&#x{:X};", u32::from(c))),
                    each(&named),
                ]
            }
            Layer::Percent => {
                let some = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { percent(c) };
                vec![each(&percent), each(&some)]
            }
        }
    }

    #[test]
    fn a_secret_is_found_in_up_to_three_spellings_inside_of_each_other() {
        let mut count = 0;
        for inner in ALL {
            for one in spelled(inner, SECRET) {
                for middle in ALL {
                    for two in spelled(middle, &one) {
                        assert!(finds(&format!("\"{two}\"")), "{middle:?} {inner:?}: {two}");
                        for outer in ALL {
                            for three in spelled(outer, &two) {
                                count += 1;
                                assert!(
                                    finds(&format!("\"{three}\"")),
                                    "{outer:?} {middle:?} {inner:?}: {three}"
                                );
                            }
                        }
                    }
                }
            }
        }
        assert!(count > 300);
    }

    #[test]
    fn html_spells_a_letter_in_ways_of_its_own() {
        for text in [
            "\"k&amp1&sol;é&percnt;&#x1F511;\"",
            "\"&#0000107&#38;1/é&#37;&#128273;\"",
            "\"k&AMP;1/é%&#x1f511\"",
            "\"k&#381/é%🔑\"",
        ] {
            // The last one is no ampersand: its digits go on.
            assert_eq!(finds(text), !text.contains("381"), "{text}");
        }
    }
}
