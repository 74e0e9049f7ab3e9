//! The address of a picture, checked: the only thing that the client of pictures takes.

use std::fmt;

use url::Url;

use crate::host::Host;

/// Pictures are on hosts below this domain, as `cbu01.alicdn.com`.
const DOMAIN: &str = "alicdn.com";

/// The longest address that is tried, in bytes.
const LONGEST: usize = 2_048;

/// The address of a picture on one of the vendor's picture hosts.
///
/// A gateway on this machine, as the emulator is, serves the pictures of its answers itself, at
/// `/img/cbu01.alicdn.com/…`: its prices are made up and so are its pictures, and DEMO needs no network. Addresses on
/// this machine are never taken from an answer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PictureUrl {
    address: Url,
    /// The gateway on this machine that serves the picture in place of the address's host.
    served_by: Option<Host>,
}

/// Why nothing is fetched from an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureUrlError {
    /// Not the address of anything on the web.
    #[error("not the address of a picture")]
    NoUrl,
    /// Neither http nor https.
    #[error("not an address for https, but for {0}")]
    Scheme(String),
    /// Another host than those of the vendor's pictures, with its port if there is one.
    #[error("{0} is no host of the vendor's pictures")]
    Host(String),
    /// The address has a user or a password.
    #[error("the address holds credentials")]
    Credentials,
}

impl PictureUrl {
    /// Parses an address as an answer of `gateway` has it: `https://…`, `http://…`, `//…`, also `https:https://…`. It is
    /// fetched by https, whatever was written.
    ///
    /// # Errors
    /// Why nothing is fetched from there.
    pub fn parse(text: &str, gateway: &Host) -> Result<Self, PictureUrlError> {
        let served_by = gateway.is_loopback().then(|| gateway.clone());
        Ok(Self { address: parse_address(text)?, served_by })
    }

    /// The address with `https`.
    pub fn as_str(&self) -> &str {
        self.address.as_str()
    }

    /// The host that is connected to, with its port if there is one.
    pub fn host(&self) -> String {
        let own = || self.address.host_str().unwrap_or_default().to_owned();
        self.served_by.as_ref().map_or_else(own, Host::name)
    }

    /// Whether a gateway on this machine serves it.
    pub fn is_local(&self) -> bool {
        self.served_by.is_some()
    }

    /// Where the request goes.
    pub(super) fn request_url(&self) -> Url {
        self.served_by
            .as_ref()
            .map_or_else(|| self.address.clone(), |gateway| gateway.picture_url(&self.address))
    }

    /// Whether the request is in clear, which it can only be on this machine.
    pub(super) fn is_plain(&self) -> bool {
        self.served_by.as_ref().is_some_and(Host::is_plain)
    }

    /// The address that this one was redirected to.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, PictureUrlError> {
        let absolute = self.address.join(location).map_err(|_| PictureUrlError::NoUrl)?;
        Ok(Self { address: parse_address(absolute.as_str())?, served_by: self.served_by.clone() })
    }
}

impl fmt::Debug for PictureUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PictureUrl({} from {})", self.address, self.host())
    }
}

fn parse_address(text: &str) -> Result<Url, PictureUrlError> {
    let text = text.trim();
    // Some bodies write the scheme twice.
    let text = ["https:", "http:"].iter().fold(text, |text, twice| {
        text.strip_prefix(twice).filter(|rest| rest.starts_with("http")).unwrap_or(text)
    });
    let full = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
    if full.len() > LONGEST {
        return Err(PictureUrlError::NoUrl);
    }
    let mut url = Url::parse(&full).map_err(|_| PictureUrlError::NoUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(PictureUrlError::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PictureUrlError::Credentials);
    }
    let name = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    if !port.is_empty() || !is_picture_host(name) {
        return Err(PictureUrlError::Host(format!("{name}{port}")));
    }
    url.set_fragment(None);
    url.set_scheme("https").map_err(|()| PictureUrlError::NoUrl)?;
    Ok(url)
}

fn is_picture_host(name: &str) -> bool {
    name.strip_suffix(DOMAIN).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn vendor() -> Host {
        Host::default()
    }

    #[rstest]
    #[case("https://cbu01.alicdn.com/img/a.jpg")]
    #[case("http://cbu01.alicdn.com/img/a.jpg")]
    #[case("//cbu01.alicdn.com/img/a.jpg")]
    #[case("https:https://cbu01.alicdn.com/img/a.jpg")]
    #[case("https:http://cbu01.alicdn.com/img/a.jpg")]
    #[case(" https://CBU01.alicdn.com:443/img/a.jpg#top ")]
    fn every_spelling_is_fetched_by_https(#[case] text: &str) {
        let url = PictureUrl::parse(text, &vendor()).unwrap();
        assert_eq!(url.as_str(), "https://cbu01.alicdn.com/img/a.jpg");
        assert_eq!(url.request_url().as_str(), url.as_str());
        assert_eq!(url.host(), "cbu01.alicdn.com");
    }

    #[rstest]
    #[case("https://evil.example/alicdn.com/a.jpg", "evil.example")]
    #[case("https://notalicdn.com/a.jpg", "notalicdn.com")]
    #[case("https://alicdn.com.evil.example/a.jpg", "alicdn.com.evil.example")]
    #[case("https://cbu01.alicdn.com./a.jpg", "cbu01.alicdn.com.")]
    #[case("https://cbu01.alicdn.com:8443/a.jpg", "cbu01.alicdn.com:8443")]
    #[case("http://127.0.0.1:6379/a.jpg", "127.0.0.1:6379")]
    #[case("http://localhost/a.jpg", "localhost")]
    #[case("http://[::1]/a.jpg", "[::1]")]
    #[case("https://169.254.169.254/latest/meta-data", "169.254.169.254")]
    #[case("https://cbu01.alicdn.com\\@evil.example/a.jpg", "")]
    #[case("https://www.o0b.cn/i.php?t.png", "www.o0b.cn")]
    fn another_host_is_refused_by_its_name(#[case] text: &str, #[case] host: &str) {
        for gateway in [vendor(), Host::parse("http://127.0.0.1:8168").unwrap()] {
            match PictureUrl::parse(text, &gateway) {
                Err(PictureUrlError::Host(named)) => assert_eq!(named, host),
                // A backslash is a slash to a browser, and what follows is the path.
                Ok(url) => assert_eq!((url.as_str().contains("/@evil"), host), (true, "")),
                other => panic!("{other:?}"),
            }
        }
    }

    #[rstest]
    #[case("javascript:alert(1)", PictureUrlError::Scheme("javascript".to_owned()))]
    #[case("data:image/png;base64,AAAA", PictureUrlError::Scheme("data".to_owned()))]
    #[case("file:///etc/passwd", PictureUrlError::Scheme("file".to_owned()))]
    #[case("https://user:pass@cbu01.alicdn.com/a.jpg", PictureUrlError::Credentials)]
    #[case("/img/a.jpg", PictureUrlError::NoUrl)]
    #[case("", PictureUrlError::NoUrl)]
    fn what_is_no_address_of_a_picture_says_why(#[case] text: &str, #[case] error: PictureUrlError) {
        assert_eq!(PictureUrl::parse(text, &vendor()), Err(error));
    }

    #[test]
    fn a_gateway_on_this_machine_serves_the_pictures_of_its_answers() {
        let gateway = Host::parse("http://127.0.0.1:8168").unwrap();
        let url = PictureUrl::parse("//cbu01.alicdn.com/img/a.jpg?x=1", &gateway).unwrap();
        assert_eq!(url.request_url().as_str(), "http://127.0.0.1:8168/img/cbu01.alicdn.com/img/a.jpg?x=1");
        assert_eq!((url.host().as_str(), url.is_plain()), ("127.0.0.1:8168", true));
    }

    #[test]
    fn a_redirect_is_held_to_the_same_hosts() {
        let url = PictureUrl::parse("https://cbu01.alicdn.com/img/a.jpg", &vendor()).unwrap();
        assert_eq!(url.redirected("/b.jpg").unwrap().as_str(), "https://cbu01.alicdn.com/b.jpg");
        assert_eq!(url.redirected("//img.alicdn.com/b.jpg").unwrap().host(), "img.alicdn.com");
        let refused = url.redirected("http://127.0.0.1/b.jpg");
        assert_eq!(refused, Err(PictureUrlError::Host("127.0.0.1".to_owned())));
    }

    proptest! {
        #[test]
        fn whatever_an_answer_says_the_request_goes_to_a_picture_host(text in "(https?:)?(//)?[a-z0-9.@:/\\\\#?\\[\\]%-]{0,40}") {
            if let Ok(url) = PictureUrl::parse(&text, &vendor()) {
                let sent = url.request_url();
                prop_assert_eq!(sent.scheme(), "https");
                prop_assert!(is_picture_host(sent.host_str().unwrap_or_default()), "{sent}");
                prop_assert!(sent.username().is_empty() && sent.password().is_none() && sent.port().is_none());
            }
        }
    }
}
