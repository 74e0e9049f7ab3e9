//! A gateway whose certificate nobody vouches for gets no request, only a greeting.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use obx::pane::verdict;
use obx_core::i18n::{Language, Texts};
use onebound::{Billing, CallHandle, Exchange, Failure, Host, HostProbe, Outcome, RequestStage};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::gateway::Gateway;
use super::support::{ITEM, KEY, SECRET, call, client};

fn assert_nothing_sent(exchange: &Exchange) {
    assert!(matches!(exchange.outcome, Outcome::Failed(Failure::Connect(_))), "{:?}", exchange.outcome);
    assert_eq!((exchange.stage, exchange.billing()), (RequestStage::NothingSent, Billing::Free));
}

/// Serves one connection with a certificate of its own making; gives what it could decrypt.
fn self_signed() -> (Host, JoinHandle<Vec<u8>>) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let host = Host::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let serve = move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
        let mut received = Vec::new();
        // It ends with the client's refusal; what was decrypted until then is what counts.
        let _refusal = stream.read_to_end(&mut received);
        received
    };
    (host, std::thread::spawn(serve))
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_the_call_before_anything_is_sent() {
    let (host, server) = self_signed();
    let exchange = client().send(&call(ITEM), &host, &CallHandle::default()).await;
    assert_nothing_sent(&exchange);
    let Outcome::Failed(failure) = &exchange.outcome else { unreachable!() };
    assert!(failure.to_string().to_lowercase().contains("certificate"), "{failure}");
    let texts = Texts::new(Language::En);
    let message = verdict(&exchange.summary(), texts);
    assert!(message.contains(texts.certificate_unknown_issuer()), "{message}");
    assert_eq!(server.join().unwrap(), Vec::<u8>::new());
}

#[tokio::test]
async fn a_probe_says_that_the_host_is_there_and_its_certificate_is_not_trusted() {
    let (host, server) = self_signed();
    let probe = HostProbe::connect(&host, onebound::Limits::default()).await;
    let failure = probe.connected.unwrap_err();
    assert!(
        failure.in_tls && failure.failure.to_string().to_lowercase().contains("certificate"),
        "{failure:?}"
    );
    assert_eq!(server.join().unwrap(), Vec::<u8>::new());
}

#[tokio::test]
async fn a_probe_of_a_closed_port_fails_before_tls() {
    let probe =
        HostProbe::connect(&Host::parse("https://127.0.0.1:9").unwrap(), onebound::Limits::default()).await;
    assert!(!probe.connected.unwrap_err().in_tls);
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_gets_a_greeting_without_credentials() {
    let gateway = Gateway::saying(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let limits =
        onebound::Limits { connect_timeout: std::time::Duration::from_secs(1), ..Default::default() };
    let client = onebound::Client::new(super::support::credentials(), limits);
    let exchange = client.send(&call(ITEM), &gateway.https_host(), &CallHandle::default()).await;
    // The greeting does not end as a request's head does, so the gateway stays silent.
    assert_eq!(exchange.outcome, Outcome::Failed(Failure::ConnectTimeout(limits.connect_timeout)));
    assert_eq!((exchange.stage, exchange.billing()), (RequestStage::NothingSent, Billing::Free));
    let greeting = String::from_utf8_lossy(&gateway.connections().concat()).into_owned();
    assert!(!greeting.contains(KEY) && !greeting.contains(SECRET) && !greeting.contains(ITEM));
}
