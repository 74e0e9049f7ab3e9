//! The columns of a picture: a row for each part that it plays in the item.

use serde_json::Value;

use super::cell::FlatCell;
use super::column::{FlatColumn, FlatSource, ListSource};
use crate::i18n::Texts as T;
use crate::record::ValueKind::{Integer, Text};
use onebound::{Host, PictureRole, PictureUrl};

/// A picture in one of its roles.
pub(super) struct PictureSource<'a> {
    pub(super) num_iid: &'a str,
    /// From 1 on.
    pub(super) position: usize,
    pub(super) role: PictureRole,
    /// As it was written.
    pub(super) address: String,
}

impl ListSource for PictureSource<'_> {
    fn position(&self) -> usize {
        self.position
    }
}

impl FlatSource for PictureSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |picture| {
                Value::from(picture.num_iid).into()
            }),
            FlatColumn::<Self>::new("position", Integer, "", T::flat_position, |picture| {
                Value::from(picture.position).into()
            }),
            FlatColumn::<Self>::new("role", Text, "", T::flat_picture_role, role),
            FlatColumn::<Self>::new("number", Integer, "", T::flat_picture_number, number),
            FlatColumn::<Self>::new("value", Text, "prop_imgs", T::flat_picture_value, value),
            FlatColumn::<Self>::new("url", Text, "item_imgs", T::flat_picture_url, |picture| {
                Value::from(web_address(&picture.address)).into()
            }),
        ]
    }
}

fn role(picture: &PictureSource<'_>) -> FlatCell {
    let name = match picture.role {
        PictureRole::Main => "main",
        PictureRole::Item(_) => "item",
        PictureRole::Sku(_) => "sku",
        PictureRole::Description(_) => "description",
    };
    Value::from(name).into()
}

fn number(picture: &PictureSource<'_>) -> FlatCell {
    match picture.role {
        PictureRole::Item(number) | PictureRole::Description(number) => Value::from(number).into(),
        PictureRole::Main | PictureRole::Sku(_) => FlatCell::ABSENT,
    }
}

fn value(picture: &PictureSource<'_>) -> FlatCell {
    match &picture.role {
        PictureRole::Sku(value) => Value::from(value.as_str()).into(),
        _ => FlatCell::ABSENT,
    }
}

/// An address with its scheme: sellers write `//…` as well as `https:https://…`. Pictures on the vendor's hosts are https.
pub(super) fn web_address(written: &str) -> String {
    if is_plain(written) {
        return written.to_owned();
    }
    if let Ok(url) = PictureUrl::parse(written, &Host::default()) {
        return url.as_str().to_owned();
    }
    let written = written.trim();
    if written.starts_with("//") { format!("https:{written}") } else { written.to_owned() }
}

/// Returns true for an address that a parser would not change: nearly all are, and parsing takes longer than all else of
/// a picture's row.
fn is_plain(written: &str) -> bool {
    let Some((host, path)) = written.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-!".contains(&byte);
    let has_dot_segment = || path.starts_with('.') || path.contains("/.");
    !host.is_empty() && host.bytes().all(is_host) && path.bytes().all(is_path) && !has_dot_segment()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn an_address_that_is_not_parsed_is_what_the_parser_makes_of_it(
            host in "(cbu01\\.|xn--|[a-z0-9.-]{0,3})(alicdn\\.com|[a-z0-9.-]{1,4})",
            path in "[a-zA-Z0-9/._!%-]{0,12}",
        ) {
            let written = format!("https://{host}/{path}");
            let parsed = PictureUrl::parse(&written, &Host::default());
            let expected = parsed.map_or_else(|_| written.clone(), |url| url.as_str().to_owned());
            prop_assert_eq!(web_address(&written), expected);
        }
    }
}
