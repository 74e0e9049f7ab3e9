//! Fetches pictures: the second sender beside [`crate::Client`], and one that can't make a call.
//!
//! It takes a [`PictureUrl`], so that it reaches picture hosts only, and knows neither key nor secret. It keeps no
//! cookie and sends no referer, follows a redirect only to another [`PictureUrl`], and takes no packed answer, so that
//! what is counted against the limit is what is in memory.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION, USER_AGENT};
use reqwest::{redirect, retry};
use tokio_util::sync::CancellationToken;

use super::url::{PictureUrl, PictureUrlError};
use crate::client::innermost;

/// What a picture is asked for as. No form is among it that holds scripts or addresses.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp,image/gif";

/// Limits of one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// Until the connection is established, TLS included.
    pub connect_timeout: Duration,
    /// For the whole picture, redirects included.
    pub timeout: Duration,
    /// The largest picture, in bytes.
    pub max_bytes: usize,
    /// How many redirects are followed.
    pub redirects: usize,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(20),
            max_bytes: 8 * 1024 * 1024,
            redirects: 3,
        }
    }
}

/// Why no picture was fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFailure {
    /// The handle ended it.
    #[error("cancelled")]
    Cancelled,
    /// The client can't be built.
    #[error("{0}")]
    Setup(String),
    /// No connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// It took longer than this.
    #[error("not here after {0:?}")]
    Timeout(Duration),
    /// Another HTTP status than 200.
    #[error("HTTP status {0}")]
    Status(u16),
    /// Labelled as something other than a picture, by its content type without parameters.
    #[error("labelled {0}")]
    NoPicture(String),
    /// More than this many bytes.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// Redirected more often than is followed.
    #[error("redirected too often")]
    Redirects,
    /// Redirected to where no pictures are fetched from.
    #[error("redirected elsewhere: {0}")]
    Redirected(PictureUrlError),
    /// The answer broke off.
    #[error("broken off: {0}")]
    BrokenOff(String),
}

/// Ends the fetch of a picture. Clones end the same one.
#[derive(Clone, Debug, Default)]
pub struct PictureHandle(Arc<CancellationToken>);

impl PictureHandle {
    /// Ends the fetch; its connection is closed.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was ended.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl PartialEq for PictureHandle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for PictureHandle {}

/// Fetches pictures by their checked addresses. Stores nothing.
#[derive(Debug, Default)]
pub struct PictureClient {
    limits: PictureLimits,
    // Built when first needed: reading the root certificates takes a while.
    plain: OnceLock<Result<reqwest::Client, PictureFailure>>,
    direct: OnceLock<Result<reqwest::Client, PictureFailure>>,
    proxied: OnceLock<Result<reqwest::Client, PictureFailure>>,
}

impl PictureClient {
    /// Creates a client with these limits. It connects only when a picture is fetched.
    pub fn new(limits: PictureLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Fetches the bytes of a picture. They may be anything, until they are decoded.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn get(&self, url: &PictureUrl, handle: &PictureHandle) -> Result<Bytes, PictureFailure> {
        tokio::select! {
            biased;
            () = handle.0.cancelled() => Err(PictureFailure::Cancelled),
            fetched = tokio::time::timeout(self.limits.timeout, self.follow(url)) => {
                fetched.unwrap_or(Err(PictureFailure::Timeout(self.limits.timeout)))
            }
        }
    }

    async fn follow(&self, url: &PictureUrl) -> Result<Bytes, PictureFailure> {
        let mut url = url.clone();
        for _ in 0..=self.limits.redirects {
            let response = self.request(&url).await?;
            if !response.status().is_redirection() {
                return self.read(response).await;
            }
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            url = url.redirected(location.unwrap_or_default()).map_err(PictureFailure::Redirected)?;
        }
        Err(PictureFailure::Redirects)
    }

    async fn request(&self, url: &PictureUrl) -> Result<reqwest::Response, PictureFailure> {
        let request = self.http(url)?.get(url.request_url()).header(ACCEPT, ACCEPTED);
        let request = request.header(USER_AGENT, concat!("obx/", env!("CARGO_PKG_VERSION")));
        request.send().await.map_err(|error| match error {
            error if error.is_timeout() => PictureFailure::Timeout(self.limits.connect_timeout),
            error => PictureFailure::Connect(innermost(&error.without_url())),
        })
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Bytes, PictureFailure> {
        if response.status().as_u16() != 200 {
            return Err(PictureFailure::Status(response.status().as_u16()));
        }
        if let Some(label) = other_than_picture(&response) {
            return Err(PictureFailure::NoPicture(label));
        }
        let mut bytes = BytesMut::new();
        loop {
            let piece = response.chunk().await;
            let piece = piece.map_err(|error| PictureFailure::BrokenOff(innermost(&error.without_url())))?;
            let Some(piece) = piece else { return Ok(bytes.freeze()) };
            if bytes.len() + piece.len() > self.limits.max_bytes {
                return Err(PictureFailure::TooLarge(self.limits.max_bytes));
            }
            bytes.extend_from_slice(&piece);
        }
    }

    fn http(&self, url: &PictureUrl) -> Result<&reqwest::Client, PictureFailure> {
        let slot = match (url.is_local(), url.is_plain()) {
            (true, true) => &self.plain,
            (true, false) => &self.direct,
            (false, _) => &self.proxied,
        };
        slot.get_or_init(|| self.build(url)).as_ref().map_err(Clone::clone)
    }

    fn build(&self, url: &PictureUrl) -> Result<reqwest::Client, PictureFailure> {
        // Fails when a provider is installed already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let loopback = [([127, 0, 0, 1], 0).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()];
        let builder = reqwest::Client::builder()
            .connect_timeout(self.limits.connect_timeout)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .resolve_to_addrs("localhost", &loopback);
        let builder = match (url.is_local(), url.is_plain()) {
            // No certificate is read, which takes longer than the fetch.
            (true, true) => builder.no_proxy().tls_certs_only([]),
            (true, false) => builder.no_proxy(),
            (false, _) => builder.https_only(true),
        };
        builder.build().map_err(|error| PictureFailure::Setup(innermost(&error.without_url())))
    }
}

/// The content type of an answer that is labelled as something else, such as a page or a drawing. Without a label, the
/// bytes decide.
fn other_than_picture(response: &reqwest::Response) -> Option<String> {
    let label = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let label = label.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_picture = label.is_empty()
        || (label.starts_with("image/") && label != "image/svg+xml")
        || matches!(label.as_str(), "application/octet-stream" | "binary/octet-stream");
    (!is_picture).then_some(label)
}
