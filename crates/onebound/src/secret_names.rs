//! The names that mean a secret: of a call's parameters, of headers, and of members of a body. One table for all places
//! that mask, and what the config file adds to it.

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::credentials::{Span, merge};
use super::parameter::is_named;

/// In place of a secret that is known by its name.
pub const MASK: &str = "***";

/// Names that mean a secret in every API of the vendor and of the platforms behind it.
const KNOWN: [&str; 12] = [
    "key",
    "secret",
    "sign",
    "session",
    "session_key",
    "access_token",
    "refresh_token",
    "token",
    "password",
    "app_secret",
    "appsecret",
    "secretkey",
];

/// Names that mean something else inside of a body: `key` is in every list of properties. There the
/// caller's own are found by their values.
const NOT_IN_BODIES: [&str; 2] = ["key", "sign"];

/// A header with one of these words in its name is as good as a password.
const HEADER_WORDS: [&str; 12] = [
    "authorization",
    "authentication",
    "auth",
    "cookie",
    "cookie2",
    "token",
    "session",
    "sessionid",
    "secret",
    "password",
    "apikey",
    "signature",
];

/// Up to so many bytes a text is searched for names alone without an expression: to compile one takes longer than all
/// else of a call.
const SMALL: usize = 256 * 1024;

/// Names that mean a secret: a table, and names that the user adds. Clones share it.
#[derive(Clone, Default)]
pub struct SecretNames(Option<Arc<Further>>);

/// Names beyond the table, and what finds all of them.
struct Further {
    names: Vec<String>,
    patterns: OnceLock<Patterns>,
}

/// Each captures the secret.
struct Patterns {
    /// In an address, and as a HAR file lists the parameters of one.
    in_addresses: Pattern,
    /// In a body of any form.
    in_bodies: Pattern,
    /// The names that `in_bodies` looks for, without what is around them.
    names_in_bodies: Pattern,
}

/// What finds secrets in a text.
struct Pattern {
    source: String,
    /// Compiled when first needed, which most bodies never do with more than the names.
    /// `None` takes every text for a secret as a whole, since a pattern that can't be compiled must hide too much rather
    /// than nothing.
    compiled: OnceLock<Option<Regex>>,
}

impl SecretNames {
    /// The table extended by these names.
    pub fn with_extra(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        if names.is_empty() {
            return Self::default();
        }
        Self(Some(Arc::new(Further { names, patterns: OnceLock::new() })))
    }

    /// Whether a parameter or member of this name holds a secret.
    pub fn covers(&self, name: &str) -> bool {
        self.all().any(|known| is_named(name, known))
    }

    /// Whether a header of this name holds a secret.
    fn covers_header(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase().replace("api-key", "apikey");
        let mut words = lower.split(['-', '_']);
        words.any(|word| HEADER_WORDS.contains(&word)) || self.covers(&lower.replace('-', "_"))
    }

    /// Whether a typed text contains `name=` of a secret.
    pub fn are_assigned_in(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.all().any(|name| {
            lower.match_indices(name).any(|(at, _)| lower.get(at + name.len()..).is_some_and(begins_value))
        })
    }

    /// A header's value as it may be shown and kept.
    pub fn mask_header(&self, name: &str, value: String) -> String {
        if self.covers_header(name) && !value.is_empty() { MASK.to_owned() } else { value }
    }

    /// Where an address in `text` names secrets, or a HAR file lists them.
    pub(super) fn find_in_addresses(&self, text: &[u8]) -> Vec<Span> {
        if lacks_all(self.all(), text) {
            return Vec::new();
        }
        self.patterns().in_addresses.captured(text)
    }

    /// Where members of a body have such a name; the values of `key` and `sign` are left as they are.
    pub(super) fn find_in_body(&self, body: &[u8]) -> Vec<Span> {
        // Most bodies hold no such name, and looking for names alone is much faster.
        if lacks_all(self.in_bodies(), body) {
            return Vec::new();
        }
        let patterns = self.patterns();
        if !patterns.names_in_bodies.is_match(body) {
            return Vec::new();
        }
        patterns.in_bodies.captured(body)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let further = self.0.iter().flat_map(|further| further.names.iter().map(String::as_str));
        KNOWN.into_iter().chain(further)
    }

    fn in_bodies(&self) -> impl Iterator<Item = &str> {
        self.all().filter(|name| !NOT_IN_BODIES.contains(name))
    }

    fn patterns(&self) -> &Patterns {
        static OF_TABLE: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(&SecretNames::default()));
        match &self.0 {
            None => &OF_TABLE,
            Some(further) => further.patterns.get_or_init(|| Patterns::new(self)),
        }
    }
}

/// Returns true if a small text has none of these names in any case, so that no expression for them can match in it.
fn lacks_all<'a>(mut names: impl Iterator<Item = &'a str>, text: &[u8]) -> bool {
    if text.len() > SMALL {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    names.all(|name| memchr::memmem::find(&lower, name.as_bytes()).is_none())
}

/// Whether a value follows, as in `session=1` and `session = "1"`.
fn begins_value(rest: &str) -> bool {
    rest.trim_start().starts_with('=') && !rest.trim_start().starts_with("==")
}

impl Patterns {
    fn new(names: &SecretNames) -> Self {
        let listed = |left_out: &[&str]| {
            let names = names.all().filter(|name| !left_out.contains(name)).map(regex::escape);
            names.collect::<Vec<_>>().join("|")
        };
        let (all, of_bodies) = (listed(&[]), listed(&NOT_IN_BODIES));
        let in_addresses = format!(
            r#"(?i-u)(?:(?:[?&;]|\\u0026)(?:{all})=|"name"\s*:\s*"(?:{all})"\s*,\s*"value"\s*:\s*")([^&"\s\\#<>]+)"#
        );
        let name = format!(r#"\\*"(?:{of_bodies})\\*"\s*:\s*"#);
        // A quote within a value has more backslashes than the one that ends it: none at the top, one in JSON in a string.
        let json = format!(
            r#""(?:{of_bodies})"\s*:\s*"((?:[^"\\]|\\.)+)|\\"(?:{of_bodies})\\"\s*:\s*\\"((?:[^"\\]|\\[^"\\]|\\\\(?:\\.|[^"\\]))+)|{name}\\*"((?:[^"\\]|\\+/|\\+u[0-9a-f]{{4}})+)|{name}(-?[0-9][0-9a-z.+-]*)"#
        );
        let var_export = format!(
            r"'(?:{of_bodies})'\s*=>\s*'((?:[^'\\]|\\.)+)|'(?:{of_bodies})'\s*=>\s*(-?[0-9][^,)\s]*)"
        );
        let serialize = format!(r#"s:[0-9]+:"(?:{of_bodies})";(?:s:[0-9]+:"(.+?)";|[id]:(-?[0-9][^;]*))"#);
        let xml = format!(r"<(?:{of_bodies})(?:\s[^<>]*)?>(?:<!\[CDATA\[(.+?)\]\]>|([^<]+))");
        let in_bodies = format!("(?is-u){json}|{var_export}|{serialize}|{xml}");
        let names_in_bodies = format!("(?i-u){}", shortest(names.in_bodies()));
        Self {
            in_addresses: Pattern::new(in_addresses),
            in_bodies: Pattern::new(in_bodies),
            names_in_bodies: Pattern::new(names_in_bodies),
        }
    }
}

impl Pattern {
    fn new(source: String) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// Names are escaped, so that only the size of an expression could make this fail: it has no limit, however many
    /// names a user adds.
    fn regex(&self) -> Option<&Regex> {
        let compile = || RegexBuilder::new(&self.source).size_limit(usize::MAX).build().ok();
        self.compiled.get_or_init(compile).as_ref()
    }

    fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_none_or(|regex| regex.is_match(text))
    }

    fn captured(&self, text: &[u8]) -> Vec<Span> {
        let Some(regex) = self.regex() else { return vec![Span { start: 0, end: text.len() }] };
        let secret = |found: regex::bytes::Captures<'_>| {
            let secret = found.iter().skip(1).flatten().next()?;
            Some(Span { start: secret.start(), end: secret.end() })
        };
        let mut spans: Vec<Span> = regex.captures_iter(text).filter_map(secret).collect();
        merge(&mut spans);
        spans
    }
}

/// An expression that matches wherever one of `names` is: a name that contains another one need not be looked for.
fn shortest<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let contains_another = |name: &str| names.iter().any(|other| *other != name && name.contains(other));
    let shortest = names.iter().filter(|name| !contains_another(name)).map(|name| regex::escape(name));
    shortest.collect::<Vec<_>>().join("|")
}

impl PartialEq for SecretNames {
    fn eq(&self, other: &Self) -> bool {
        self.all().eq(other.all())
    }
}

impl Eq for SecretNames {}

impl fmt::Debug for SecretNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(body: &str) -> String {
        let spans = SecretNames::with_extra(["seller_pin".to_owned()]).find_in_body(body.as_bytes());
        String::from_utf8(super::super::credentials::masked(body.as_bytes(), &spans)).unwrap()
    }

    proptest! {
        #[test]
        fn patterns_of_any_names_compile(names in proptest::collection::vec("\\PC{1,20}", 0..40)) {
            let patterns = Patterns::new(&SecretNames::with_extra(names));
            for pattern in [&patterns.in_addresses, &patterns.in_bodies, &patterns.names_in_bodies] {
                prop_assert!(pattern.regex().is_some());
            }
        }
    }

    proptest! {
        #[test]
        fn a_small_text_is_searched_with_an_expression_if_that_can_find_anything(
            text in "((?i)key|token|session_key|pwd|\\PC){0,4}",
            extra in proptest::collection::vec("(?i)pwd|\\PC{0,2}", 0..3),
        ) {
            let names = SecretNames::with_extra(extra);
            let is_match = names.patterns().names_in_bodies.is_match(text.as_bytes());
            prop_assert_eq!(!lacks_all(names.in_bodies(), text.as_bytes()), is_match);
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_compiled_hides_the_whole_text() {
        let pattern = Pattern::new("(".to_owned());
        assert!(pattern.is_match(b"a text"));
        assert_eq!(pattern.captured(b"a text"), [Span { start: 0, end: 6 }]);
    }

    #[test]
    fn names_that_contain_another_name_are_not_looked_for() {
        assert_eq!(shortest(["session", "session_key", "token", "x.y"].into_iter()), r"session|token|x\.y");
    }

    #[test]
    fn a_member_with_the_name_of_a_secret_is_masked_in_every_form_of_a_body() {
        let cases = [
            (r#"{"access_token" : "ab\/c","price":"1"}"#, r#"{"access_token" : "*****","price":"1"}"#),
            (
                r#"{"nested":"{\"Session\":\"abc\",\"x\":1}"}"#,
                r#"{"nested":"{\"Session\":\"***\",\"x\":1}"}"#,
            ),
            (r#"{"seller_pin":"9\u0039"}"#, r#"{"seller_pin":"*******"}"#),
            ("array ( 'token' => 'a\\'b', 'num' => 1)", "array ( 'token' => '****', 'num' => 1)"),
            (r#"a:1:{s:5:"token";s:2:"ab";}"#, r#"a:1:{s:5:"token";s:2:"**";}"#),
            ("<r><password>ab</password></r>", "<r><password>**</password></r>"),
            ("<token><![CDATA[ab]]></token>", "<token><![CDATA[**]]></token>"),
            (r#"{"password":"ab\"cd\\e","x":"y"}"#, r#"{"password":"*********","x":"y"}"#),
            (r#"{"access_token":12345678,"x":1}"#, r#"{"access_token":********,"x":1}"#),
            (
                r#"{"nested":"{\"token\":\"a\\\"b\\nc\",\"x\":1}"}"#,
                r#"{"nested":"{\"token\":\"**********\",\"x\":1}"}"#,
            ),
            (r#"{"nested":"{\"token\":12,\"x\":1}"}"#, r#"{"nested":"{\"token\":**,\"x\":1}"}"#),
            ("array ( 'token' => 123, 'num' => 1)", "array ( 'token' => ***, 'num' => 1)"),
            (r#"a:1:{s:5:"token";i:123;}"#, r#"a:1:{s:5:"token";i:***;}"#),
            (r#"a:1:{s:5:"token";s:3:"a"b";}"#, r#"a:1:{s:5:"token";s:3:"***";}"#),
            (r#"<token type="x">a]b</token>"#, r#"<token type="x">***</token>"#),
        ];
        for (body, shown) in cases {
            assert_eq!(masked(body), shown);
        }
        let free = r#"{"key":"colour","sign":"=","tokens":"3","token":"","session":null}"#;
        assert_eq!(masked(free), free);
    }

    #[test]
    fn a_dot_in_a_name_hides_no_secret() {
        assert!(SecretNames::default().covers("access.token") && SecretNames::default().covers("App.Secret"));
    }

    #[test]
    fn a_header_is_secret_by_a_word_of_its_name() {
        let names = SecretNames::with_extra(["x_pin".to_owned()]);
        for secret in
            ["Set-Cookie", "Authorization", "proxy-authorization", "X-Auth-Token", "x-api-key", "X-Pin"]
        {
            assert!(names.covers_header(secret), "{secret}");
        }
        for open in
            ["content-type", "www-authenticate", "access-control-allow-headers", "date", "etag", "x-key"]
        {
            assert!(!names.covers_header(open), "{open}");
        }
    }

    #[test]
    fn a_typed_secret_is_known_by_its_name_and_an_equals_sign() {
        let names = SecretNames::default();
        assert!(names.are_assigned_in("session=1") && names.are_assigned_in("https://h/?a=1&Key=2"));
        assert!(!names.are_assigned_in("session") && !names.are_assigned_in("select(.token == 1)"));
    }
}
