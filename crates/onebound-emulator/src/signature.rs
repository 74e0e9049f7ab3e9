//! Whether a request is signed with the caller's secret, by the rules of the vendor's `demo-sign.php`.
//!
//! Of those rules nothing was ever confirmed against the live service; that a signature grows stale, after
//! [`VALID_FOR`], is a guess of this emulator.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};

use super::clock::in_beijing;
use super::codes::ErrorReply;
use super::request::CallRequest;

/// How far the moment of a signature may lie from the emulator's clock, before or behind it.
const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Lets a signed call in: 4014 where the moment is missing, 4003 where it is none, 4005 where it is stale or the
/// signature is wrong. With no secret to check against, every signature of this moment will do.
pub(super) fn check(
    call: &CallRequest,
    sign: &str,
    secret: Option<&str>,
    now: Timestamp,
) -> Result<(), ErrorReply> {
    let dateline =
        call.param("dateline").ok_or_else(|| ErrorReply::with_reason("4014", "参数缺失:dateline"))?;
    let signed_at: DateTime = DateTime::strptime("%Y-%m-%d %H:%M:%S", dateline)
        .map_err(|_| ErrorReply::with_reason("4003", "用户输入参数错误:dateline"))?;
    if signed_at.duration_since(in_beijing(now)).abs() > VALID_FOR {
        return Err(ErrorReply::with_reason("4005", "授权失败:dateline已失效"));
    }
    match secret {
        Some(secret) if expected(call, secret) != sign => {
            Err(ErrorReply::with_reason("4005", "授权失败:sign错误"))
        }
        _ => Ok(()),
    }
}

/// The signature that this call has to bear.
fn expected(call: &CallRequest, secret: &str) -> String {
    let pairs: Vec<_> = call.signed().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let secret = if secret.len() == 32 { secret.to_owned() } else { hex(&Md5::digest(secret)) };
    hex(&Md5::digest(format!("{}{secret}", pairs.join("&"))))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const NOON: &str = "2020-11-22T04:00:00Z";

    fn signed(query: &str) -> CallRequest {
        CallRequest::parse("1688".to_owned(), "item_get".to_owned(), Some(query))
    }

    fn code_of(query: &str) -> Option<String> {
        let call = signed(query);
        let sign = call.param("sign").unwrap();
        check(&call, sign, Some("demo_secret"), NOON.parse().unwrap()).err().map(|error| error.code)
    }

    #[test]
    fn every_vector_has_the_signature_that_is_expected() {
        let vectors: Value = serde_json::from_str(include_str!("../../../tests/sign_vectors.json")).unwrap();
        for vector in vectors.as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap();
            let params = vector["params"].as_object().unwrap().iter();
            let mut query: Vec<_> =
                params.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            query.push(format!("key={}&dateline={}&sign=x", text("key"), text("dateline")));
            let name = text("api_name").to_owned();
            let call = CallRequest::parse("1688".to_owned(), name, Some(&query.join("&")));
            assert_eq!(expected(&call, text("secret")), text("demo_sign"));
        }
    }

    #[test]
    fn a_signature_that_is_wrong_undated_or_stale_is_refused_by_its_code() {
        let sound = "key=test_api_key&num_iid=610947572360&sign=41ac6b48b8e0fad584530dab6095bbc9&dateline=";
        let at = |dateline: &str| code_of(&format!("{sound}{dateline}"));
        assert_eq!(at("2020-11-22+12:00:00"), None);
        assert_eq!(at("2020-11-22+12:00:01").as_deref(), Some("4005"), "another moment than was signed");
        assert_eq!(at("2020-11-22+11:49:59").as_deref(), Some("4005"));
        assert_eq!(at("2020-11-22+04:00:00").as_deref(), Some("4005"), "UTC is not Beijing's time");
        assert_eq!(at("noon").as_deref(), Some("4003"));
        assert_eq!(at("").as_deref(), Some("4014"));
    }
}
