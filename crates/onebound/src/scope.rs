//! Whose answers answer a question: those of one gateway. Another gateway's answers never do, however alike the
//! question is: an emulator invents its prices.

use std::fmt;
use std::sync::Arc;

use super::credentials::Fingerprint;
use super::host::Host;
use super::item_id::ItemId;

/// The vendor's hosts. They serve the same data, so they are one gateway. The first is on the vendor's page, the second
/// in its SDK (`api_urls_on`), the others are those that clients were seen to fall back on. A store's rows have the
/// gateway that this list gave them: whoever adds a host adds a migration.
pub const VENDOR_HOSTS: [&str; 6] = [
    "https://api-gw.onebound.cn",
    "https://api-1.onebound.cn",
    "https://api-2.onebound.cn",
    "https://api-3.onebound.cn",
    "https://api-4.onebound.cn",
    "https://api-gw.onebound.net",
];

/// The stored name of the vendor's gateway.
const VENDOR: &str = "onebound";

/// One gateway: all of the vendor's hosts together, or any other host by itself, with its port and path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(Arc<str>);

impl Scope {
    /// The gateway that this host belongs to.
    pub(super) fn from_host(host: &Host) -> Self {
        let address = host.to_string();
        if VENDOR_HOSTS.contains(&address.as_str()) { Self(VENDOR.into()) } else { Self(address.into()) }
    }

    /// A gateway as a store has it.
    pub fn from_stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The stored form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The items of one platform at one gateway, in which an ID is that of one item: an emulator has another item under the
/// same ID, and so has another platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Catalog {
    /// The gateway.
    pub scope: Scope,
    /// `1688`, `taobao`.
    pub platform: Arc<str>,
}

/// An item of a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScopedItem {
    /// Where its ID is its own.
    pub catalog: Catalog,
    /// Its ID.
    pub num_iid: ItemId,
}

/// A key at one gateway: quota, cap and reserve are counted for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// The gateway.
    pub scope: Scope,
    /// The key.
    pub key: Fingerprint,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn scope(host: &str) -> Scope {
        Host::parse(host).unwrap().scope()
    }

    #[test]
    fn the_vendors_hosts_are_one_gateway() {
        for host in VENDOR_HOSTS {
            assert_eq!(scope(host), Host::default().scope(), "{host}");
        }
        assert_eq!(scope("HTTPS://API-1.onebound.cn:443/"), Host::default().scope());
    }

    #[rstest]
    #[case("http://127.0.0.1:8168")]
    #[case("http://127.0.0.1:8169")]
    #[case("http://localhost:8168")]
    #[case("https://white-label.example")]
    #[case("https://white-label.example/test")]
    #[case("https://api-gw.onebound.cn:8443")]
    #[case("https://api-gw.onebound.cn/test")]
    #[case("https://api-gw.onebound.cn.example")]
    #[case("https://api-gw-onebound.cn")]
    fn any_other_host_is_a_gateway_of_its_own(#[case] host: &str) {
        assert_eq!(scope(host).as_str(), host);
        assert_ne!(scope(host), Host::default().scope());
    }
}
