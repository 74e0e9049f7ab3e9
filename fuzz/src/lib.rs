//! What the targets have in common: how a body becomes an exchange, and what must hold of every one.

use bytes::Bytes;
use jiff::Timestamp;
use onebound::{
    Answer, CallSettings, Credentials, Encoding, Exchange, Host, Record, ResultType, Span, Timing,
};
use onebound_document::{Document, NodeKind, NodeId, ChildIndex};
use serde_json::Value;

/// The key and the secret that no body of a target says by itself.
pub const PAIR: (&str, &str) = ("t7519plantedkey", "s4271plantedsecret");

/// A body of one byte becomes at most this long: a control character that JSON writes as `\u0000`.
const LONGEST_ESCAPE: usize = 6;
/// What PHP's references may add to a body, beside as much as it has itself.
const COPIES: usize = 64 * 1024;

/// The credentials of a pair.
pub fn credentials((key, secret): (&str, &str)) -> Credentials {
    Credentials::new(key, secret).expect("a pair without blanks")
}

/// The exchange of an answer with this body, as if it had just come.
pub fn receive(asked: ResultType, body: &[u8], credentials: &Credentials) -> Exchange {
    let item = "610947572360".parse().expect("an ID");
    let call = CallSettings { result_type: asked, ..CallSettings::default() }.item_get(item);
    let answer = Answer { status: 200, headers: Vec::new(), body: Bytes::copy_from_slice(body) };
    let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
    Exchange::from_answer(call, Host::default(), at, timing, answer, credentials)
}

/// Checks that an exchange keeps its bytes, is the same when it is opened again, and tells its facts.
pub fn assert_sound(exchange: &Exchange, body: &[u8]) {
    assert_eq!(exchange.body.raw(), body, "the bytes are kept as they came");
    assert_masked(exchange);
    let record = serde_json::to_string(&Record::from_exchange(exchange)).expect("a record can be written");
    let record: Record = serde_json::from_str(&record).expect("a record can be read");
    let again = record.into_exchange(exchange.body.raw().clone());
    assert_eq!(again.body.shown(), exchange.body.shown(), "a kept body is shown in the same way");
    assert_eq!(again.outcome, exchange.outcome);
    let everything = |exchange: &Exchange| exchange.reply.as_ref().map(|reply| everything(&reply.document));
    assert_eq!(everything(&again), everything(exchange), "a kept body is read in the same way");
    let _facts = exchange.facts();
}

/// Checks where secrets were found: in order, apart from each other, within the body, and overwritten there alone.
pub fn assert_masked(exchange: &Exchange) {
    let body = &exchange.body;
    assert_in_order(body.secrets(), body.raw().len());
    assert_in_order(body.secrets_in_text(), body.shown().len());
    let shown = std::str::from_utf8(body.shown()).expect("what is shown is UTF-8");
    let spans = if body.encoding() == Encoding::Utf8 { body.secrets() } else { body.secrets_in_text() };
    let mut rest = 0;
    for span in spans {
        assert!(shown.as_bytes()[span.start..span.end].iter().all(|byte| *byte == b'*'));
        if body.encoding() == Encoding::Utf8 {
            assert_eq!(&shown.as_bytes()[rest..span.start], &body.raw()[rest..span.start]);
        }
        rest = span.end;
    }
    if body.encoding() == Encoding::Utf8 {
        // A character that was cut off at the end is not shown.
        assert_eq!(&shown.as_bytes()[rest..], &body.raw()[rest..shown.len()]);
    }
}

fn assert_in_order(spans: &[Span], length: usize) {
    let mut before = 0;
    for span in spans {
        assert!(before <= span.start && span.start < span.end, "{spans:?} of {length}");
        before = span.end;
    }
    assert!(before <= length, "{spans:?} of {length}");
}

/// Checks what one of the decoders made of a body: JSON that a strict reader takes, and not endlessly much of it.
/// Returns its value.
pub fn assert_decoded(exchange: &Exchange, body: &[u8]) -> Option<Value> {
    let document = &exchange.reply.as_ref()?.document;
    let root = document.raw(document.root());
    let most = 2 * LONGEST_ESCAPE * body.len() + COPIES;
    assert!(root.len() <= most, "{} of {}", root.len(), body.len());
    if was_json(exchange) {
        return None;
    }
    assert!(document.violations().is_empty(), "{:?}", document.violations());
    let strict = serde_json::from_str::<serde::de::IgnoredAny>(root);
    assert!(strict.is_ok(), "{strict:?} in {root}");
    serde_json::from_str(root).ok()
}

/// Whether it was read as JSON, whatever was asked for.
fn was_json(exchange: &Exchange) -> bool {
    let shown = exchange.body.shown();
    let document = exchange.reply.as_ref().map(|reply| reply.document.whole());
    document.is_some_and(|json| memmem(shown, &json))
}

fn memmem(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len().max(1)).any(|window| window == part)
}

/// Everything that can be read of a document, in its own order; and that every value is reached exactly once.
pub fn everything(document: &Document) -> String {
    let mut all = Everything { document, places: ChildIndex::default(), text: String::new(), seen: 0 };
    all.read(document.root());
    assert_eq!(all.seen, document.node_count(), "every value is reached exactly once");
    all.text
}

struct Everything<'a> {
    document: &'a Document,
    places: ChildIndex,
    text: String,
    seen: usize,
}

impl Everything<'_> {
    /// Calls itself for what is inside: a document is at most 512 deep.
    fn read(&mut self, node: NodeId) {
        self.seen += 1;
        let document = self.document;
        let (raw, text) = (document.raw(node), document.text(node));
        assert_eq!(document.text_bytes(node), text.as_bytes());
        let (start, is_all) = document.text_start(node, usize::MAX);
        assert!(is_all && start == text);
        let _part = document.text_start(node, raw.len() / 2);
        let kind = document.kind(node);
        let key = document.key(node).unwrap_or_default();
        self.text.push_str(&format!("{kind:?} {key:?} {text:?}\n"));
        for child in document.children(node) {
            assert_eq!(document.key(child).is_some(), kind == NodeKind::Object);
            assert_eq!(self.places.parent(document, child), Some(node));
            self.read(child);
        }
        if self.seen < 32 {
            let path = self.places.path(document, node);
            let _nearest = document.nearest_to(&path);
            let _jq_path = self.places.jq_path(document, node);
        }
    }
}

/// Writes a value as PHP or the emulator's XML does, and checks that it is read as the same one.
pub fn assert_written_again(asked: ResultType, value: &Value) {
    let expected = in_php(value);
    let body = onebound_emulator::encode_as(asked.as_str(), &expected).expect("a known form");
    let exchange = receive(asked, &body, &credentials(PAIR));
    let reply = exchange.reply.as_ref().expect("what was an answer is one again");
    let document = &reply.document;
    let read: Value = serde_json::from_str(document.raw(document.root())).expect("JSON");
    assert_eq!(read, expected, "{}", String::from_utf8_lossy(&body));
}

/// What PHP knows of a value: an array is a list when its keys are 0, 1, 2, …, and integers end at 64 bits.
fn in_php(value: &Value) -> Value {
    match value {
        Value::Number(number) if !number.is_i64() => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(list) => list.iter().map(in_php).collect(),
        Value::Object(map) => {
            let is_list = map.keys().enumerate().all(|(at, key)| *key == at.to_string());
            let members = map.iter().map(|(key, value)| (key.clone(), in_php(value)));
            if is_list { map.values().map(in_php).collect() } else { Value::Object(members.collect()) }
        }
        other => other.clone(),
    }
}

/// A body in which some control characters stand for the key or the secret in one spelling each.
pub fn planted(template: &[u8], (key, secret): (&str, &str)) -> Vec<u8> {
    let (keys, secrets) = (spellings(key), spellings(secret));
    let mut body = Vec::with_capacity(template.len());
    for byte in template {
        let spelled = match byte {
            0x01..=0x08 => keys.get(usize::from(byte - 0x01)),
            0x0e..=0x15 => secrets.get(usize::from(byte - 0x0e)),
            _ => None,
        };
        body.extend_from_slice(spelled.map_or(std::slice::from_ref(byte), |text| text.as_bytes()));
    }
    body
}

/// Eight ways to write a secret.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("a text can be written");
    let json = json[1..json.len() - 1].to_owned();
    let each = |how: fn(char) -> String| secret.chars().map(how).collect::<String>();
    let percent = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let named = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        secret.replace('\\', "\\\\").replace('\'', "\\'"),
        named.replace('\'', "&#039;"),
        each(|letter| format!("&#{};", u32::from(letter))),
        percent,
        each(|letter| letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()),
        each(|letter| format!("\\u0026#x{:x};", u32::from(letter))),
    ]
}

/// Checks that neither of a pair is anywhere in what came of an exchange, in none of the spellings. What was asked, and
/// the names of headers, are shown as they are.
pub fn assert_hidden(exchange: &Exchange, pair: (&str, &str)) {
    let shown = std::str::from_utf8(exchange.body.shown()).expect("what is shown is UTF-8");
    let mut texts =
        vec![shown.to_owned(), format!("{:?} {:?} {:?}", exchange.outcome, exchange.reply, exchange.facts())];
    texts.extend(exchange.headers.iter().chain(&exchange.request_headers).map(|(_, value)| value.clone()));
    if let Some(reply) = &exchange.reply {
        texts.push(reply.envelope.words().to_owned());
        push_texts(&mut texts, &reply.document, 2);
    }
    let hidden: Vec<String> = [pair.0, pair.1].into_iter().flat_map(spellings).collect();
    for text in &texts {
        for secret in &hidden {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

/// The key and text of every value, also of those in JSON that a text holds.
fn push_texts(texts: &mut Vec<String>, document: &Document, nested: usize) {
    for node in document.all_nodes() {
        texts.extend(document.key(node).map(|key| key.into_owned()));
        if document.kind(node) == NodeKind::String {
            texts.push(document.text(node).into_owned());
        }
        if nested > 0
            && document.looks_like_json(node)
            && let Ok(inside) = document.nested(node)
        {
            push_texts(texts, &inside, nested - 1);
        }
    }
}
