//! What a code, and the text beside it, say of a call: its outcome, its cost, and that it stays visible.

use onebound::{Billing, Cause, ERROR_CODES, ErrorCode, Exchange, Field, Outcome, Quota, Responsible};
use rstest::rstest;

use super::support::{ITEM, emulator, index, receive, send};

fn code_of(exchange: &Exchange) -> Option<&str> {
    exchange.envelope()?.error_code.as_ref().map(ErrorCode::as_str)
}

#[rstest]
#[case("0000", Outcome::NoResult, Billing::Billed)]
#[case("2000", Outcome::NoResult, Billing::Billed)]
#[case("4000", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4001", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4002", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4003", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4004", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4005", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4006", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4007", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4008", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4009", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4010", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4012", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4013", Outcome::Refused(Cause::QuotaUsedUp), Billing::Free)]
#[case("4014", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4015", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4016", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("4017", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[case("5000", Outcome::Refused(Cause::AsCoded), Billing::Free)]
#[tokio::test]
async fn a_code_of_the_table_has_its_outcome_and_its_price(
    #[case] code: &str,
    #[case] outcome: Outcome,
    #[case] billing: Billing,
) {
    let emulator = emulator().await;
    let exchange = send(&emulator, &format!("61094757{code}")).await;
    assert_eq!((exchange.outcome.clone(), exchange.billing()), (outcome, billing));
    assert_eq!((code_of(&exchange), exchange.status), (Some(code), Some(200)));
    let used = u64::from(billing == Billing::Billed);
    assert_eq!(emulator.today(), used, "the emulator bills what the client takes to be billed");
    let quota = exchange.envelope().unwrap().quota.clone().unwrap();
    assert_eq!((quota.today, quota.max), (Some(used), Some(10_000)));
    assert!(!exchange.envelope().unwrap().words().is_empty() || code == "0000");
}

#[test]
fn the_table_has_twenty_codes_of_which_0000_and_2000_are_billed() {
    let billed: Vec<_> = ERROR_CODES.iter().filter(|row| row.billed).map(|row| row.code).collect();
    assert_eq!((ERROR_CODES.len(), billed), (20, vec!["0000", "2000"]));
    assert!(ERROR_CODES.iter().all(|row| (row.responsible == Responsible::Nobody) == (row.code == "0000")));
}

#[tokio::test]
async fn an_item_is_billed_and_a_copy_from_the_vendors_cache_costs_nobody_knows_what() {
    let emulator = emulator().await;
    let first = send(&emulator, ITEM).await;
    assert_eq!((first.outcome.clone(), first.billing()), (Outcome::Item, Billing::Billed));
    assert!(!first.envelope().unwrap().from_vendor_cache);
    let second = send(&emulator, ITEM).await;
    assert_eq!((second.outcome.clone(), second.billing()), (Outcome::Item, Billing::Unknown));
    let envelope = second.envelope().unwrap();
    assert!(envelope.from_vendor_cache && envelope.cached_at.is_some());
}

#[rstest]
#[case(r#"{"error_code":4005,"reason":"x"}"#, Some("4005"), Billing::Free)]
#[case(r#"{"error_code":0}"#, Some("0000"), Billing::Billed)]
#[case(r#"{"error_code":2000}"#, Some("2000"), Billing::Billed)]
#[case(r#"{"error_code":" 4013 ","reason":"x"}"#, Some("4013"), Billing::Free)]
#[case(r#"{"error_code":"4099","reason":"x"}"#, Some("4099"), Billing::Unknown)]
#[case(r#"{"error_code":4099}"#, Some("4099"), Billing::Unknown)]
#[case(r#"{"error_code":-1}"#, Some("-1"), Billing::Unknown)]
#[case(r#"{"error_code":"E_LIMIT"}"#, Some("E_LIMIT"), Billing::Unknown)]
#[case(r#"{"error_code":null,"reason":"x"}"#, None, Billing::Unknown)]
#[case(r#"{"error_code":"","reason":"x"}"#, None, Billing::Unknown)]
#[case(r#"{"error_code":[],"reason":"x"}"#, None, Billing::Unknown)]
#[case(r#"{"reason":"x"}"#, None, Billing::Unknown)]
#[case(r#"{"error_code":"2000","cache":1}"#, Some("2000"), Billing::Unknown)]
#[case(r#"{"error_code":"4005","cache":1}"#, Some("4005"), Billing::Free)]
#[tokio::test]
async fn a_code_is_read_as_string_and_as_number_and_never_hidden(
    #[case] body: &str,
    #[case] code: Option<&str>,
    #[case] billing: Billing,
) {
    let exchange = receive(body).await;
    assert_eq!((code_of(&exchange), exchange.billing()), (code, billing));
}

#[rstest]
#[case("4005", "Key[xxx]已超量", Cause::QuotaUsedUp)]
#[case("4005", "jd无权访问, 请开通接口", Cause::NotEnabled)]
#[case("4013", "key已过期", Cause::KeyExpired)]
#[case("4013", "调用次数超限", Cause::QuotaUsedUp)]
#[case("2000", "key已过期", Cause::KeyExpired)]
#[case("4005", "授权失败", Cause::AsCoded)]
#[case("4099", "unheard of", Cause::AsCoded)]
#[tokio::test]
async fn the_text_outranks_the_code(#[case] code: &str, #[case] reason: &str, #[case] cause: Cause) {
    for name in ["reason", "error"] {
        let exchange = receive(format!(r#"{{"error_code":"{code}","{name}":"{reason}"}}"#)).await;
        assert_eq!(exchange.outcome, Outcome::Refused(cause));
        assert_eq!(exchange.envelope().unwrap().words(), reason);
    }
}

#[test]
fn a_number_becomes_four_digits_and_a_string_stays_but_for_success() {
    let read = |json: &str| {
        let document = index(json);
        let field = Field::member(&document, document.root(), "error_code");
        ErrorCode::from_field(&field).map(|code| code.to_string())
    };
    assert_eq!(read(r#"{"error_code":0}"#).as_deref(), Some("0000"));
    assert_eq!(read(r#"{"error_code":"0"}"#).as_deref(), Some("0000"));
    assert_eq!(read(r#"{"error_code":"7"}"#).as_deref(), Some("7"));
    assert_eq!(read(r#"{"error_code":99999999999}"#).as_deref(), Some("99999999999"));
    assert_eq!(read("{}"), None);
}

#[rstest]
#[case("today:12 max:10000", Some(12), Some(10_000), None, None)]
#[case(
    "today:7 max:30000 all[7=7+0+0];expires:2022-10-11",
    Some(7),
    Some(30_000),
    Some("7=7+0+0"),
    Some("2022-10-11")
)]
#[case("today: max:20000 all[=++];expires:2024-01-16", None, Some(20_000), Some("=++"), Some("2024-01-16"))]
#[case("today:1 max:2 all[];expires:2030-12-31", Some(1), Some(2), Some(""), Some("2030-12-31"))]
#[case("today:99999999999999999999999 max:-1 all[7", None, None, None, None)]
#[case("expires:never", None, None, None, None)]
#[case("", None, None, None, None)]
fn every_shape_of_the_quota_is_read_as_far_as_it_goes(
    #[case] raw: &str,
    #[case] today: Option<u64>,
    #[case] max: Option<u64>,
    #[case] all: Option<&str>,
    #[case] expires: Option<&str>,
) {
    let quota = Quota::parse(raw);
    let expires_read = quota.expires.map(|day| day.to_string());
    assert_eq!((quota.today, quota.max), (today, max));
    assert_eq!((quota.all.as_deref(), expires_read.as_deref()), (all, expires));
    assert_eq!((quota.raw.as_str(), quota.left().is_some()), (raw, today.is_some() && max.is_some()));
}

#[test]
fn more_used_than_allowed_leaves_nothing() {
    assert_eq!(Quota::parse("today:11 max:10").left(), Some(0));
}
