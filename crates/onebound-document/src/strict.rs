//! Finds what a strict JSON parser refuses in a text that [`Document::parse`] has accepted.
//!
//! The scanner skips these checks to stay fast; [`Document::violations`] makes them on request.

use super::{Document, ESCAPED, NO_KEY, Node, NodeId, scan};

/// A violation of the JSON syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Violation {
    /// A number that is none in JSON, such as `079`, `1+2` or `2.e3`.
    Number,
    /// NaN or Infinity, as Python writes them.
    NotFinite,
    /// A backslash before what no escape begins with, or `\u` without four hexadecimal digits.
    Escape,
    /// A control character, such as a line break, inside of a string.
    Control,
    /// A byte order mark before the text.
    Mark,
}

/// First position and number of occurrences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Offset of the first one, in bytes.
    pub first: Option<usize>,
    /// The number of occurrences.
    pub count: usize,
}

/// All violations of a text, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations([Occurrences; 5]);

impl Occurrences {
    /// Adds an occurrence.
    pub fn add(&mut self, at: usize) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.count += 1;
    }
}

impl Violations {
    /// The occurrences of one kind of violation.
    pub fn get(&self, violation: Violation) -> Occurrences {
        self.0.get(violation as usize).copied().unwrap_or_default()
    }

    /// Returns true if a strict parser accepts the text.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|found| found.count == 0)
    }

    fn add(&mut self, violation: Violation, at: usize) {
        if let Some(found) = self.0.get_mut(violation as usize) {
            found.add(at);
        }
    }
}

impl Document {
    /// Finds everything that a strict parser refuses. Checks every value, which takes time for a large body. A masked
    /// secret is no violation.
    pub fn violations(&self) -> Violations {
        let mut found = Violations::default();
        if self.text.starts_with("\u{feff}".as_bytes()) {
            found.add(Violation::Mark, 0);
        }
        let root = self.node(self.root());
        let whole = self.text.get(root.start as usize..root.end as usize).unwrap_or_default();
        // Most bodies have none at all, which a look at all of them at once finds out.
        let has_controls = has_control(whole);
        for node in &self.nodes {
            self.look_at(*node, has_controls, &mut found);
        }
        found
    }

    /// Returns true for a number that JSON does not allow, such as NaN.
    pub fn is_odd_number(&self, id: NodeId) -> bool {
        self.node(id).is_number() && of_number(self.raw_bytes(id)).is_some()
    }

    fn look_at(&self, node: Node, has_controls: bool, found: &mut Violations) {
        let text = |start: usize, end: usize| self.text.get(start..end).unwrap_or_default();
        if node.is_number() {
            let at = node.start as usize;
            if let Some(violation) = of_number(text(at, node.end as usize)) {
                found.add(violation, at);
            }
        }
        if node.key != NO_KEY && (has_controls || node.key & ESCAPED != 0) {
            let start = (node.key & !ESCAPED) as usize + 1;
            let length = scan::string_length(text(start, self.text.len())).0;
            in_string(text(start, start + length), start, found);
        }
        if node.has_escapes() || (has_controls && node.is_string()) {
            let (start, end) = (node.start as usize + 1, node.end as usize - 1);
            in_string(text(start, end), start, found);
        }
    }
}

/// Returns true if the text is a valid JSON number.
pub fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with(b"0")) {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        rest = fraction.get(count..).unwrap_or_default();
        if count == 0 {
            return false;
        }
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent =
            exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

/// How long an escape is, given from its backslash on; `None` where JSON has no such escape.
fn escape_length(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => text.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

fn of_number(text: &[u8]) -> Option<Violation> {
    if is_number(text) || text.contains(&b'*') {
        return None;
    }
    let finite = text.iter().any(u8::is_ascii_digit);
    Some(if finite { Violation::Number } else { Violation::NotFinite })
}

fn in_string(text: &[u8], start: usize, found: &mut Violations) {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        at += match byte {
            b'\\' => escape_length(rest).unwrap_or_else(|| {
                if !rest.get(..6).unwrap_or(rest).contains(&b'*') {
                    found.add(Violation::Escape, start + at);
                }
                // As the scanner takes it: what follows a backslash ends no string.
                2
            }),
            0..0x20 => {
                found.add(Violation::Control, start + at);
                1
            }
            _ => 1,
        };
    }
}

fn has_control(bytes: &[u8]) -> bool {
    let least = |chunk: &[u8]| chunk.iter().fold(u8::MAX, |least, byte| least.min(*byte));
    bytes.chunks(4_096).any(|chunk| least(chunk) < 0x20)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn violations(text: &str) -> Vec<(Violation, usize, usize)> {
        let found = Document::parse(text.to_owned().into()).unwrap().violations();
        let all =
            [Violation::Number, Violation::NotFinite, Violation::Escape, Violation::Control, Violation::Mark];
        let occurrences = |violation| {
            let Occurrences { first, count } = found.get(violation);
            Some((violation, first?, count))
        };
        all.into_iter().filter_map(occurrences).collect()
    }

    #[test]
    fn each_kind_is_found_with_its_first_place_and_counted() {
        assert_eq!(violations("[079,1,1+2]"), [(Violation::Number, 1, 2)]);
        assert_eq!(violations("[NaN,-Infinity]"), [(Violation::NotFinite, 1, 2)]);
        assert_eq!(violations(r#"{"\x":"\u12g4","b":"\'"}"#), [(Violation::Escape, 2, 3)]);
        assert_eq!(violations("{\"a\nb\": \"\t\"}\n"), [(Violation::Control, 3, 2)]);
        assert_eq!(violations("\u{feff}{}"), [(Violation::Mark, 0, 1)]);
        assert_eq!(violations("{\n\t\"a\": [1.50, -0, 2e5, \"\\u5382\\/\"]\r\n}\n"), []);
    }

    #[test]
    fn a_mask_is_no_violation() {
        let document = Document::parse(r#"{"a":123,"b":"\u5382"}"#.into()).unwrap();
        let masked = document.with_text(r#"{"a":12*,"b":"\u5***"}"#.into());
        assert!(masked.violations().is_empty(), "{:?}", masked.violations());
    }

    proptest! {
        #[test]
        fn a_text_without_violations_is_one_that_a_strict_reader_takes(
            value in r#"(-?[0-9]{1,2}(\.[0-9]{0,1})?([eE][+-]?[0-9]{0,1})?|NaN|-Infinity|"([a-c\\un/"0\n\t价]{0,6})")"#,
            key in r"[a\\nu0\t]{0,3}",
        ) {
            let text = format!("{{\"{key}\":[{value}]}}");
            if let Ok(document) = Document::parse(text.clone().into())
                && document.trailing().is_none()
            {
                let strict = serde_json::from_str::<serde_json::Value>(&text);
                // Half of a surrogate pair is none of these.
                let strict = strict.is_ok() || strict.is_err_and(|error| error.to_string().contains("surrogate"));
                prop_assert_eq!(document.violations().is_empty(), strict, "{}", text);
            }
        }
    }
}
