//! The origin of a gateway.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::LazyLock;

use url::Url;

use super::scope::Scope;

/// The vendor's gateway.
pub const GATEWAY: &str = "https://api-gw.onebound.cn";

const UNKNOWN: &str = "https://file";

/// An origin (scheme, host, port), and a path before the API's own where one was given.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host {
    url: Url,
}

/// Why calls can't be sent to a host. The text is not part of the error: it may contain a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Not an URL with a host.
    #[error("a host is written https://NAME or http://127.0.0.1:PORT")]
    NoUrl,
    /// Neither http nor https.
    #[error("a host must be an https address (or http on this machine)")]
    Scheme,
    /// Plain http to another machine: the key would be readable on the way.
    #[error("plain http would show the key to the network: use https, http is for loopback alone")]
    PlainHttp,
    /// Credentials, query or fragment in it.
    #[error("a host has no user, no query and no fragment")]
    Extra,
}

impl Host {
    /// Parses an origin such as `https://api-gw.onebound.cn` or `http://127.0.0.1:8168`.
    ///
    /// # Errors
    /// Why calls can't be sent there.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let mut url = Url::parse(text.trim()).map_err(|_| HostError::NoUrl)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(HostError::NoUrl);
        }
        let extra = !url.username().is_empty() || url.password().is_some();
        if extra || url.query().is_some() || url.fragment().is_some() {
            return Err(HostError::Extra);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(HostError::PlainHttp),
            _ => return Err(HostError::Scheme),
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self { url })
    }

    /// The origin of any URL, as recorded by another program; plain http is accepted.
    pub fn from_url(url: &Url) -> Option<Self> {
        let mut seen = Url::parse(&url.origin().ascii_serialization()).ok()?;
        seen.set_path("/");
        matches!(url.scheme(), "http" | "https").then_some(Self { url: seen })
    }

    /// One that was kept with an exchange, be it called by obx or read from a file.
    pub fn from_stored(text: &str) -> Self {
        let seen = || Self::from_url(&Url::parse(text).ok()?);
        Self::parse(text).ok().or_else(seen).unwrap_or_else(Self::unknown)
    }

    /// A placeholder for an answer from a file, whose host is not known.
    pub fn unknown() -> Self {
        Self::parse(UNKNOWN).unwrap_or_default()
    }

    /// Returns false for [`Host::unknown`].
    pub fn is_known(&self) -> bool {
        self.url.as_str().trim_end_matches('/') != UNKNOWN
    }

    /// Returns true for a loopback address: no proxy is used, and plain http is allowed.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Returns true if a call would send the key over the network unencrypted.
    pub fn shows_key(&self) -> bool {
        self.is_plain() && !self.is_loopback()
    }

    /// Returns true for plain http.
    pub(super) fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// The gateway of this host.
    pub fn scope(&self) -> Scope {
        Scope::from_host(self)
    }

    /// Name and port, without the scheme.
    pub fn name(&self) -> String {
        let name = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
    }

    /// Its name or address.
    pub(super) fn address(&self) -> Option<url::Host<&str>> {
        self.url.host()
    }

    /// Where a gateway on this machine serves the picture at this address.
    pub(super) fn picture_url(&self, address: &Url) -> Url {
        let mut url = self.url.clone();
        let host = address.host_str().unwrap_or_default();
        url.set_path(&format!("{}img/{host}{}", self.url.path(), address.path()));
        url.set_query(address.query());
        url
    }

    /// The URL of an API with this query.
    pub(super) fn url(&self, api: &str, query: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{api}/", self.url.path()));
        url.set_query(Some(query));
        url
    }
}

impl Default for Host {
    fn default() -> Self {
        // Asked for by each row of a table of pictures.
        #[expect(clippy::expect_used, reason = "a constant, parsed by a test")]
        static DEFAULT: LazyLock<Host> =
            LazyLock::new(|| Host::parse(GATEWAY).expect("the gateway's address is an URL"));
        DEFAULT.clone()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({self})")
    }
}

fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => address == Ipv6Addr::LOCALHOST,
        Err(_) => bare.eq_ignore_ascii_case("localhost"),
    }
}
