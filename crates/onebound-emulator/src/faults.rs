//! Faults on demand, each with a name and a test ID.
//!
//! A fault is set for every call (`Settings::fault`) or asked for by its test ID: 6109475781NN, in the order
//! of [`Fault::ALL`] from 01. The [`wire`] faults spoil the transport, the others change the JSON.

pub(super) mod gzip_bomb;
pub(super) mod payload;
pub(super) mod wire;

use std::fmt;
use std::str::FromStr;

/// A way for a call to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// `Content-Length` promises more than is sent; then the connection closes. Billed.
    CutBody,
    /// An error envelope (4005) in GBK bytes, labelled utf-8.
    Gbk,
    /// A firewall's HTML page with HTTP status 200.
    HtmlPage,
    /// A firewall's HTML page with HTTP status 403.
    Html403,
    /// A firewall's HTML page with HTTP status 405.
    Html405,
    /// An HTML page of the load balancer with HTTP status 502.
    BadGateway,
    /// HTTP status 200 and no byte of body.
    EmptyBody,
    /// As a setting: nobody listens, connecting is refused. As an ID: the connection is reset unanswered.
    Refused,
    /// HTTP status 302 to `/redirected`, a path outside of the API, so that a test sees who follows.
    Redirect,
    /// A good answer, a piece of it every 150 ms, for about 3 seconds. Billed.
    SlowDrip,
    /// A gzip stream of some 100 kB that becomes 96 MiB of valid JSON.
    GzipBomb,
    /// The request is read and never answered.
    Hang,
    /// A success with another item than the one asked for. Billed.
    WrongItem,
    /// A success with an item that has nothing but its `num_iid`. Billed.
    StubItem,
    /// A success whose fields have the oddest types that were ever seen, and some that were not. Billed.
    Drift,
    /// A success with duplicate `title`, `price`, `skus` and `error_code`, the second ones correct. Billed.
    DuplicateKeys,
    /// A success with terminal escapes, control and direction characters in its texts. Billed.
    HostileText,
    /// A success with a title of 500 characters. Billed.
    LongTitle,
    /// The code 4099, which is not in the vendor's table.
    UnknownCode,
    /// 4005 with a reason that contains the caller's key: `Key[…]已超量`.
    KeyEcho,
    /// A sound item whose SKUs are odd: IDs as numbers, null or absent, names and properties missing. Billed.
    SkuDrift,
    /// A success in plain bytes under `Content-Encoding: gzip`. Billed.
    GzipOverPlain,
    /// A success packed by gzip, of which only the first half is sent, as if that were all. Billed.
    BrokenGzip,
    /// A success behind 500 headers of 3 kB each. Billed.
    ManyHeaders,
    /// A success with an ESC in the status line and in a header. Billed.
    EscapeInHead,
    /// A success whose pictures are broken, huge, endless, no pictures, or on other hosts. Billed.
    OddPictures,
}

/// Name on the command line, and what to expect. The order is that of the test IDs, so new ones go last.
const TABLE: [(Fault, &str, &str); 26] = [
    (Fault::CutBody, "cut-body", "the body ends before its Content-Length"),
    (Fault::Gbk, "gbk", "an error in GBK bytes labelled utf-8"),
    (Fault::HtmlPage, "html-page", "a firewall's HTML page with status 200"),
    (Fault::Html403, "html-403", "a firewall's HTML page with status 403"),
    (Fault::Html405, "html-405", "a firewall's HTML page with status 405"),
    (Fault::BadGateway, "bad-gateway", "status 502 with an HTML page"),
    (Fault::EmptyBody, "empty-body", "status 200 without a body"),
    (Fault::Refused, "refused", "the connection is refused (by ID: reset)"),
    (Fault::Redirect, "redirect", "status 302 to a path that is not the API"),
    (Fault::SlowDrip, "slow-drip", "a good answer in small pieces over 3 seconds"),
    (Fault::GzipBomb, "gzip-bomb", "100 kB of gzip that become 96 MiB of JSON"),
    (Fault::Hang, "hang", "no answer, ever"),
    (Fault::WrongItem, "wrong-item", "another item than the one asked for"),
    (Fault::StubItem, "stub-item", "a success whose item has only num_iid"),
    (Fault::Drift, "drift", "an item whose fields have odd types"),
    (Fault::DuplicateKeys, "duplicate-keys", "an item with duplicate keys"),
    (Fault::HostileText, "hostile-text", "terminal escapes and control characters in texts"),
    (Fault::LongTitle, "long-title", "a title of 500 characters"),
    (Fault::UnknownCode, "unknown-code", "error code 4099, outside of the table"),
    (Fault::KeyEcho, "key-echo", "an error whose reason contains the caller's key"),
    (Fault::SkuDrift, "sku-drift", "SKUs with odd or missing IDs, names and properties"),
    (Fault::GzipOverPlain, "gzip-over-plain", "a good answer labelled gzip that is not packed"),
    (Fault::BrokenGzip, "broken-gzip", "the first half of a packed answer, as if it were all"),
    (Fault::ManyHeaders, "many-headers", "a good answer behind 500 headers, 1.5 MB in all"),
    (Fault::EscapeInHead, "escape-in-head", "an ESC in the status line and in a header"),
    (Fault::OddPictures, "odd-pictures", "an item whose pictures are broken, huge, or no pictures"),
];

/// The test ID of the first fault is this and 01.
const ID_PREFIX: &str = "6109475781";

impl Fault {
    /// Every fault, in the order of the test IDs.
    pub const ALL: [Self; 26] = {
        let mut all = [Self::CutBody; 26];
        let mut position = 0;
        while position < all.len() {
            all[position] = TABLE[position].0;
            position += 1;
        }
        all
    };

    fn position(self) -> usize {
        TABLE.iter().position(|row| row.0 == self).unwrap_or(0)
    }

    /// The name on the command line, in kebab-case.
    pub fn name(self) -> &'static str {
        TABLE[self.position()].1
    }

    /// One line of English for a list of faults.
    pub fn description(self) -> &'static str {
        TABLE[self.position()].2
    }

    /// The `num_iid` that provokes it, as `"610947578101"`.
    pub fn test_id(self) -> String {
        format!("{ID_PREFIX}{:02}", self.position() + 1)
    }

    /// The fault that a `num_iid` asks for.
    pub(super) fn of_item_id(num_iid: &str) -> Option<Self> {
        let place: usize = num_iid.strip_prefix(ID_PREFIX).filter(|rest| rest.len() == 2)?.parse().ok()?;
        Self::ALL.get(place.checked_sub(1)?).copied()
    }

    /// Whether it answers without looking for an item: such calls are free.
    pub(super) fn needs_no_item(self) -> bool {
        matches!(
            self,
            Self::HtmlPage
                | Self::Html403
                | Self::Html405
                | Self::BadGateway
                | Self::EmptyBody
                | Self::Refused
                | Self::Redirect
                | Self::GzipBomb
                | Self::Hang
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no [`Fault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault \"{0}\": choose one of {names}", names = TABLE.map(|row| row.1).join(", "))]
pub struct UnknownFault(String);

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let row = TABLE.iter().find(|row| row.1 == text);
        row.map(|row| row.0).ok_or_else(|| UnknownFault(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn every_name_reads_back_as_its_fault() {
        for fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn every_test_id_asks_for_its_fault_and_for_no_error_code() {
        for fault in Fault::ALL {
            assert_eq!(Fault::of_item_id(&fault.test_id()), Some(fault));
            assert_eq!(codes::of_item_id(&fault.test_id()), None);
        }
        for id in ["610947572360", "610947578100", "610947578127", "61094757811", "6109475781011"] {
            assert_eq!(Fault::of_item_id(id), None);
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_all_names() {
        let error = "nonsense".parse::<Fault>().unwrap_err().to_string();
        assert!(Fault::ALL.iter().all(|fault| error.contains(fault.name())), "{error}");
    }
}
