//! TLS by rustls. A library for this would bring a parser of certificates, which only the binding of passwords to channels
//! needs.

use std::fmt;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream as RustlsStream;

use crate::store::{PostgresPlace, ServerRefusal, StoreError, StoreErrorKind, TlsMode};

/// Encrypts connections to a server.
#[derive(Clone, Debug)]
pub(super) struct ServerTls {
    config: Arc<ClientConfig>,
    has_answered: Arc<AtomicBool>,
}

impl ServerTls {
    pub(super) fn new(place: &PostgresPlace) -> Result<Self, StoreError> {
        let unusable = |error: &dyn fmt::Display| {
            StoreError::new(StoreErrorKind::Unreachable, format!("TLS can't be used: {error}"))
        };
        let no_file = |path: &Path, error: &dyn fmt::Display| {
            let fault = StoreErrorKind::Refused(ServerRefusal::CertificateFile);
            StoreError::new(fault, format!("{}: {error}", path.display()))
        };
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?;
        let config = match (place.tls, &place.root_certificates) {
            (TlsMode::Disable, _) | (TlsMode::Require, None) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyServer { provider, issuers: None }))
                .with_no_client_auth(),
            (TlsMode::Require, Some(path)) => {
                let roots = Arc::new(roots(path).map_err(|error| no_file(path, &*error))?);
                let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
                let issuers = Some(verifier.build().map_err(|error| unusable(&error))?);
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(AnyServer { provider, issuers }))
                    .with_no_client_auth()
            }
            (TlsMode::VerifyFull, None) => {
                builder.with_platform_verifier().map_err(|error| unusable(&error))?.with_no_client_auth()
            }
            (TlsMode::VerifyFull, Some(path)) => {
                let roots = roots(path).map_err(|error| no_file(path, &*error))?;
                builder.with_root_certificates(roots).with_no_client_auth()
            }
        };
        Ok(Self { config: Arc::new(config), has_answered: Arc::default() })
    }

    /// Returns true once the server has agreed to TLS.
    pub(super) fn has_answered(&self) -> bool {
        self.has_answered.load(Ordering::Relaxed)
    }
}

/// Reads the certificates of a file, which whoever is trusted has signed with.
fn roots(path: &Path) -> Result<RootCertStore, Box<dyn std::error::Error>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path)? {
        roots.add(certificate?)?;
    }
    Ok(roots)
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> MakeTlsConnect<S> for ServerTls {
    type Stream = EncryptedStream<S>;
    type TlsConnect = NamedServer;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, name: &str) -> Result<NamedServer, Self::Error> {
        let name = ServerName::try_from(name)?.to_owned();
        Ok(NamedServer { tls: self.clone(), name })
    }
}

/// A server whose certificate must be valid for this name.
pub(super) struct NamedServer {
    tls: ServerTls,
    name: ServerName<'static>,
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> TlsConnect<S> for NamedServer {
    type Stream = EncryptedStream<S>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<EncryptedStream<S>>>;

    fn connect(self, stream: S) -> Self::Future {
        self.tls.has_answered.store(true, Ordering::Relaxed);
        let connecting = TlsConnector::from(self.tls.config).connect(self.name, stream);
        async { Ok(EncryptedStream(connecting.await?)) }.boxed()
    }
}

/// An encrypted connection.
pub(super) struct EncryptedStream<S>(RustlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for EncryptedStream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for EncryptedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for EncryptedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// Accepts a certificate whatever its server is called, as `sslmode=require` says. Without certificates to trust nobody can
/// read along, but nobody is identified; with some, one of them has to have issued it, as with other programs for the same
/// address. The server always has to hold the certificate's key.
#[derive(Debug)]
struct AnyServer {
    provider: Arc<CryptoProvider>,
    issuers: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(issuers) = &self.issuers else { return Ok(ServerCertVerified::assertion()) };
        match issuers.verify_server_cert(certificate, intermediates, name, ocsp_response, now) {
            // The name is checked after everything else.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
