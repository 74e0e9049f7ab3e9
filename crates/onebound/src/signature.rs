//! The signature that replaces the secret in a request, after the vendor's `demo-sign.php`.
//!
//! ```text
//!  parameters, api_name, key, dateline ─▶ sorted by name, empty and @ values left out ─▶ k=v&k=v
//!  k=v&k=v, secret (its md5, unless 32 characters long) ─▶ md5 ─▶ sign
//! ```
//! Never confirmed against the live service.

use jiff::Timestamp;
use md5::{Digest, Md5};

use super::envelope::BEIJING;

/// Length of a secret that is used unhashed, in characters.
const PLAIN_LENGTH: usize = 32;

/// The moment of a request as it is signed: `2020-11-22 12:00:00`, Beijing time.
pub(super) fn dateline(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Signs what is sent: `parameters` are all of it, with `key`, `api_name` and `dateline`.
pub(super) fn sign(parameters: &[(&str, &str)], secret: &str) -> String {
    let secret = if secret.chars().count() == PLAIN_LENGTH { secret.to_owned() } else { md5(secret) };
    md5(&format!("{}{secret}", joined(parameters)))
}

/// Whether a parameter is part of what is signed.
pub(super) fn is_signed(name: &str, value: &str) -> bool {
    !matches!(name, "secret" | "sign") && !value.is_empty() && !value.starts_with('@')
}

/// The signed text, without the secret at its end.
fn joined(parameters: &[(&str, &str)]) -> String {
    let mut signed: Vec<_> = parameters.iter().filter(|(name, value)| is_signed(name, value)).collect();
    signed.sort();
    signed.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn md5(text: &str) -> String {
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    Md5::digest(text).iter().fold(String::new(), hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(serde::Deserialize)]
    struct Vector {
        secret: String,
        key: String,
        api_name: String,
        params: BTreeMap<String, String>,
        dateline: String,
        demo_sign_string: String,
        demo_sign: String,
    }

    #[test]
    fn every_vector_is_joined_and_signed_as_written() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../../tests/sign_vectors.json")).unwrap();
        assert_eq!(vectors.len(), 4);
        for vector in vectors {
            let fixed = [
                ("key", vector.key.as_str()),
                ("api_name", vector.api_name.as_str()),
                ("dateline", vector.dateline.as_str()),
                ("secret", "is never signed"),
                ("sign", "neither"),
            ];
            let own = vector.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let all: Vec<_> = own.chain(fixed).collect();
            assert_eq!(joined(&all), vector.demo_sign_string);
            assert_eq!(sign(&all, &vector.secret), vector.demo_sign);
        }
    }

    #[test]
    fn a_value_that_names_a_file_is_not_signed() {
        assert_eq!(joined(&[("b", "2"), ("img", "@/etc/passwd"), ("a", "1"), ("e", "")]), "a=1&b=2");
    }

    #[test]
    fn a_dateline_is_beijings_clock() {
        assert_eq!(dateline("2020-11-22T04:00:00Z".parse().unwrap()), "2020-11-22 12:00:00");
    }
}
