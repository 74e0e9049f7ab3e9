//! Whatever comes: nothing panics, and what is found keeps its form.

use std::fmt::Write;

use onebound::{Credentials, Envelope, ErrorCode, Field, Host, HostError, ItemId, ItemIndex, Quota};
use onebound_document::{Document, NodeId, NodeKind};
use proptest::prelude::*;
use rstest::rstest;

use super::support::{CAPTURED, index};

/// Reads everything that can be read of a document.
fn read_all(document: &Document, node: NodeId, seen: &mut usize) {
    *seen += 1;
    let (raw, text) = (document.raw(node), document.text(node));
    assert!(raw.is_empty() || !text.is_empty() || document.kind(node) == NodeKind::String);
    let field = Field::from_node(document, node);
    let _all = (field.text().is_some(), field.number(), field.count(), field.type_name());
    for child in document.children(node) {
        assert_eq!(document.key(child).is_some(), document.kind(node) == NodeKind::Object);
        read_all(document, child, seen);
    }
    if document.kind(node) == NodeKind::Object {
        let made = ItemIndex::new(document, node);
        let item = made.view(document);
        let mut properties = 0;
        item.skus().for_each(|sku| item.each_property(sku, |_| properties += 1));
        let props =
            (0..item.prop_count()).filter_map(|at| item.prop(at)).map(|prop| (prop.name(), prop.value()));
        let _all = (item.is_complete(), item.price_tiers(), item.count_of("item_imgs"), props.count());
    }
}

fn index_and_read(bytes: Vec<u8>) {
    if let Ok(document) = Document::parse(bytes.into()) {
        let mut seen = 0;
        read_all(&document, document.root(), &mut seen);
        assert_eq!(seen, document.node_count(), "every node is reached exactly once");
        let _envelope = Envelope::from_document(&document, document.root());
    }
}

/// Pieces of JSON, and what breaks it, in any order.
fn json_like() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "d83d",
        "\"a\"",
        "\"skus\":",
        "\"sku\":[",
        "\"price\":",
        "1",
        "-",
        "1.5e3",
        "null",
        "true",
        "fals",
        " ",
        "\u{feff}",
        "手",
        "\u{0}",
        "\"properties_name\":\"0:0:a:b\"",
        "{}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|parts| parts.concat())
}

/// One letter, as JSON or an URL may write it.
fn push_spelled(text: &mut String, letter: char, json: bool, escaped: bool) {
    match (json, escaped || letter == if json { '\\' } else { '%' }) {
        (true, true) => {
            letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(text, "\\u{unit:04x}").unwrap());
        }
        (false, true) => {
            letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| write!(text, "%{byte:02X}").unwrap());
        }
        (_, false) => text.push(letter),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_indexed_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        index_and_read(bytes);
    }

    #[test]
    fn anything_like_json_is_indexed_or_refused(text in json_like()) {
        index_and_read(text.into_bytes());
    }

    #[test]
    fn a_captured_body_with_bytes_changed_is_indexed_or_refused(
        which in 0..CAPTURED.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = CAPTURED[which].1.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        index_and_read(bytes.clone());
        bytes.truncate(cut.index(bytes.len()));
        index_and_read(bytes);
    }

    #[test]
    fn a_secret_is_found_in_every_place_and_spelling(
        secret in "[ab\"/é中][ab%/]{2,5}",
        hows in prop::collection::vec((0_u8..2, 0_u8..2), 1..12),
        noise in prop::collection::vec("[abé%/\"u0-9 ]{0,9}", 13),
    ) {
        let mut text = noise.last().unwrap().clone();
        let mut places = Vec::new();
        for ((json, mask), noise) in hows.iter().zip(&noise) {
            let start = text.len();
            for (at, letter) in secret.chars().enumerate() {
                push_spelled(&mut text, letter, *json == 1, (at + usize::from(*mask)) % 2 == 0);
            }
            places.push(start..text.len());
            text.push_str(noise);
        }
        let credentials = Credentials::new(&secret, "never-in-the-text").unwrap();
        let spans = credentials.find_in(text.as_bytes());
        for place in places {
            let found = spans.iter().any(|span| span.start <= place.start && place.end <= span.end);
            prop_assert!(found, "{place:?} of {text:?}: {spans:?}");
        }
    }

    #[test]
    fn strings_of_every_length_end_where_they_were_closed(
        parts in prop::collection::vec("([a-z中]{0,45}|\\\\[\"\\\\n/]){0,5}", 0..20),
    ) {
        let document = index(&format!("[\"{}\"]", parts.join("\",\"")));
        let read: Vec<&str> = document.children(document.root()).map(|node| document.raw(node)).collect();
        let mut expected: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
        if expected.is_empty() {
            expected.push("\"\"".to_owned());
        }
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn an_id_found_anywhere_is_1_to_20_digits(before in ".{0,40}", digits in "[0-9]{0,24}", after in ".{0,40}") {
        for text in [before.clone(), format!("{before}{digits}{after}"), format!("{before}offerId={digits}{after}")] {
            if let Ok(id) = ItemId::find(&text) {
                prop_assert!((1..=20).contains(&id.as_str().len()), "{id}");
                prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_digit()), "{id}");
            }
        }
    }

    #[test]
    fn no_mobile_number_in_a_text_is_taken_for_an_id(
        before in "[看电话联系 ，：a-z(]{0,12}", prefix in "|86|\\+86 ?", number in "1[3-9][0-9]{9}", after in "[，。 微信a-z)]{0,12}",
    ) {
        let text = format!("{before}{prefix}{number}{after}");
        prop_assume!(text.trim() != number && text.trim() != format!("86{number}"));
        prop_assert!(ItemId::find(&text).is_err(), "{text}");
    }

    #[test]
    fn an_id_in_an_offers_url_is_found_whatever_follows_it(digits in "[1-9][0-9]{0,19}", after in "([^0-9].{0,40})?") {
        let found = ItemId::find(&format!("https://detail.1688.com/offer/{digits}{after}"));
        prop_assume!(!after.starts_with(|c: char| ('０'..='９').contains(&c)));
        prop_assert_eq!(found.map(|id| id.to_string()), Ok(digits));
    }

    #[test]
    fn any_quota_keeps_its_text_and_never_has_less_than_nothing_left(
        raw in "((today:|max:|all\\[|expires:|;| |[0-9]{1,22}|\\]|-|2026-10-08|日|.){0,12})",
    ) {
        let quota = Quota::parse(&raw);
        prop_assert_eq!(&quota.raw, &raw);
        if let (Some(max), Some(left)) = (quota.max, quota.left()) {
            prop_assert!(left <= max);
        }
    }

    #[test]
    fn any_error_code_is_kept(number in any::<u16>(), text in "\\PC{0,12}") {
        let read = |value: String| {
            let document = index(&format!("[{value}]"));
            let node = document.children(document.root()).next().unwrap();
            ErrorCode::from_field(&Field::from_node(&document, node)).map(|code| code.to_string())
        };
        prop_assert_eq!(read(number.to_string()), Some(format!("{number:04}")));
        let text_of_code = if text.trim().bytes().all(|byte| byte == b'0') { "0000" } else { text.trim() };
        let expected = Some(text_of_code.to_owned()).filter(|_| !text.trim().is_empty());
        prop_assert_eq!(read(serde_json::to_string(&text).unwrap()), expected);
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone(
        name in "(127\\.0\\.0\\.1|localhost|\\[::1\\]|[a-z0-9.\\[\\]:-]{1,20}|\\PC{1,12})",
        rest in "(:[0-9]{1,5})?(\\.[a-z]{2,5})?(/[a-z]{0,5})?",
    ) {
        if let Ok(host) = Host::parse(&format!("http://{name}{rest}")) {
            let shown = host.to_string();
            let name = shown.strip_prefix("http://").unwrap();
            let here = name.starts_with("127.") || name.starts_with("localhost") || name.starts_with("[::1]");
            prop_assert!(here && host.is_loopback(), "{}", host);
        }
    }

    #[test]
    fn any_text_is_a_host_or_is_refused(text in "(https?://)?.{0,40}") {
        if let Ok(host) = Host::parse(&text) {
            let shown = host.to_string();
            prop_assert!(shown.starts_with("https://") || host.is_loopback(), "{}", shown);
            let name = shown.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
            prop_assert!(!shown.contains(['?', '#']) && !name.contains('@'), "{}", shown);
        }
    }
}

#[rstest]
#[case("http://127.0.0.1:8168", Ok("http://127.0.0.1:8168"))]
#[case("http://localhost:8168/", Ok("http://localhost:8168"))]
#[case("http://[::1]:8168", Ok("http://[::1]:8168"))]
#[case("https://api-gw.onebound.cn", Ok("https://api-gw.onebound.cn"))]
#[case(" https://api-gw.onebound.cn/v2/ ", Ok("https://api-gw.onebound.cn/v2"))]
#[case("http://api-gw.onebound.cn", Err(HostError::PlainHttp))]
#[case("http://127.0.0.1.evil.example", Err(HostError::PlainHttp))]
#[case("http://localhost.evil.example", Err(HostError::PlainHttp))]
#[case("http://10.0.0.1", Err(HostError::PlainHttp))]
#[case("http://127.0.0.1@evil.example", Err(HostError::Extra))]
#[case("https://key:secret@api-gw.onebound.cn", Err(HostError::Extra))]
#[case("https://api-gw.onebound.cn/?key=x", Err(HostError::Extra))]
#[case("https://api-gw.onebound.cn/#x", Err(HostError::Extra))]
#[case("ftp://127.0.0.1", Err(HostError::Scheme))]
#[case("localhost:8168", Err(HostError::NoUrl))]
#[case("api-gw.onebound.cn", Err(HostError::NoUrl))]
#[case("", Err(HostError::NoUrl))]
fn a_host_is_https_or_this_machine(#[case] text: &str, #[case] expected: Result<&str, HostError>) {
    assert_eq!(Host::parse(text).map(|host| host.to_string()), expected.map(str::to_owned));
}
