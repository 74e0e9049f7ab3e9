//! An emulator of `OneBound`'s gateway for tests: real HTTP on a loopback port, nothing is billed.
//!
//! [`Emulator::start`] it, or [`Emulator::start_with`] some [`Settings`], send calls to [`Emulator::url`] as to the
//! vendor's host (`GET /1688/item_get/?key=…&secret=…&num_iid=…`), and [`Emulator::stop`] or drop it. Every ID of 1 to
//! 20 digits has an item, the same at each call but for stock and price, which drift with the clock. It shares
//! no type with the client, so that a mistake in one does not hide in the other.
//!
//! It answers in the five forms of `result_type`, each by a writer of its own ([`encode_as`]).
//!
//! [`test_ids`] gives this table as data:
//!
//! | ID | answer |
//! |---|---|
//! | 610947572360 | the item of the vendor's page, exactly |
//! | ends in 99999, 90001, 90002, 90030, 90300, 10000 | an item with 0, 1, 2, 30, 300, 10,000 SKUs |
//! | ends in one of the 20 error codes, as 610947572000 | that code; 0000 is a success without any item |
//! | 610947578101 | `cut-body`: fewer bytes than `Content-Length`, then the end |
//! | 610947578102 | `gbk`: an error in GBK, labelled utf-8 |
//! | 610947578103, …04, …05 | `html-page` (200), `html-403`, `html-405`: a firewall's page |
//! | 610947578106 | `bad-gateway`: 502 and a page |
//! | 610947578107 | `empty-body` |
//! | 610947578108 | `refused`: the connection is reset without an answer |
//! | 610947578109 | `redirect`: 302 to `/redirected` |
//! | 610947578110 | `slow-drip`: twenty pieces in 3 seconds |
//! | 610947578111 | `gzip-bomb`: 100 kB that become 96 MiB |
//! | 610947578112 | `hang`: never answered |
//! | 610947578113 | `wrong-item`: the item of 610947578114 |
//! | 610947578114 | `stub-item`: nothing but `num_iid` |
//! | 610947578115 | `drift`: fields of odd types |
//! | 610947578116 | `duplicate-keys` |
//! | 610947578117 | `hostile-text`: terminal escapes in title, props, seller and SKUs |
//! | 610947578118 | `long-title`: 500 characters |
//! | 610947578119 | `unknown-code`: 4099, which is in no table |
//! | 610947578120 | `key-echo`: 4005 whose reason holds the caller's key |
//! | 610947578121 | `sku-drift`: odd SKUs |
//! | 610947578122 | `gzip-over-plain`: labelled gzip, not packed |
//! | 610947578123 | `broken-gzip`: half of a packed body |
//! | 610947578124 | `many-headers`: 500 headers, 1.5 MB |
//! | 610947578125 | `escape-in-head`: an ESC in status line and header |
//! | 610947578126 | `odd-pictures`: an item whose pictures are broken, huge, or no pictures |
//!
//! `item_search` and `item_search_shop` find such items. Words that end in an error code (`手机4013`) answer with that
//! code, words that are the ID of a fault with that fault.
//!
//! The pictures of an item are at `/img/HOST/PATH`, where its addresses say `https://HOST/PATH`.
//!
//! Key and secret come in clear, or the key with a signature (`dateline` and `sign`); with a pair set, a wrong
//! signature or one ten minutes old gets 4005, one without its `dateline` 4014.
//!
//! The five-digit endings outrank the four-digit codes (so 10000 is no 0000). The quota counts what the vendor
//! bills, 0000 and 2000, and turns at midnight in Beijing.

#![warn(missing_docs)]

mod cache;
mod catalogue;
mod clock;
mod codes;
mod connection;
mod faults;
mod form;
mod gateway;
mod pictures;
mod quota;
mod request;
mod response;
mod router;
mod search_request;
mod seeded_rng;
mod settings;
mod signature;
mod test_ids;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use clock::Clock;
pub use faults::{Fault, UnknownFault};
pub use form::encode_as;
pub use settings::{Delay, DelayError, Settings};
pub use test_ids::test_ids;

use connection::{Breaker, TcpConnections};
use gateway::Gateway;

/// How long [`Emulator::stop`] waits for calls under way.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// A request as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The path, as `/1688/item_get/`.
    pub path: String,
    /// The decoded query in the order sent. The values of `key`, `secret` and `sign` are left empty.
    pub query: Vec<(String, String)>,
}

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program listens there.
    #[error(
        "port {port} of 127.0.0.1 is taken: stop the program that uses it, or give another port (0 takes a free one)"
    )]
    PortTaken {
        /// The port asked for.
        port: u16,
    },
    /// The system refused for another reason.
    #[error(
        "cannot listen on port {port} of 127.0.0.1 ({source}): try a port above 1023, or 0 for a free one"
    )]
    Listen {
        /// The port asked for.
        port: u16,
        /// The error of the system.
        source: io::Error,
    },
}

/// A running emulator; dropping it stops it.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    service: Arc<Gateway>,
    server: Option<JoinHandle<io::Result<()>>>,
    /// With the fault `refused`: keeps the port, so that no other program answers there by chance.
    _reserved: Option<TcpSocket>,
    stop: DropGuard,
}

/// A socket that is bound and does not listen: the system refuses whoever connects to it.
fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(address)?;
    Ok(socket)
}

fn serve(
    listener: TcpListener,
    service: &Arc<Gateway>,
    stop: &CancellationToken,
) -> JoinHandle<io::Result<()>> {
    let routes = router::routes(Arc::clone(service)).into_make_service_with_connect_info::<Breaker>();
    let server =
        axum::serve(TcpConnections(listener), routes).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::spawn(server.into_future())
}

impl Emulator {
    /// Starts an emulator on a free port of 127.0.0.1, as [`Settings::default`] has it. Needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// If the system does not let a port be listened on.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(Settings::default()).await
    }

    /// Starts an emulator with these settings.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the system does not let it be listened on.
    pub async fn start_with(settings: Settings) -> Result<Self, StartError> {
        let port = settings.port;
        let stop = CancellationToken::new();
        let refuses = settings.fault == Some(Fault::Refused);
        let service = Arc::new(Gateway::new(settings, stop.clone()));
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken { port },
            _ => StartError::Listen { port, source },
        };
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if refuses {
            let socket = reserve(wanted).map_err(failed)?;
            let address = socket.local_addr().map_err(failed)?;
            return Ok(Self {
                address,
                service,
                server: None,
                _reserved: Some(socket),
                stop: stop.drop_guard(),
            });
        }
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let server = Some(serve(listener, &service, &stop));
        Ok(Self { address, service, server, _reserved: None, stop: stop.drop_guard() })
    }

    /// Where it listens, as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Requests received so far on a path of the API, whatever they were answered.
    pub fn calls(&self) -> u64 {
        self.service.calls()
    }

    /// The requests received so far, the oldest first; the last 10,000 at most.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.service.requests()
    }

    /// Billed calls of the present day in Beijing, as `today` in `api_info`.
    pub fn today(&self) -> u64 {
        self.service.today()
    }

    /// Stops listening, lets answers under way end within a second, and returns when the port is free.
    pub async fn stop(self) {
        drop(self.stop);
        if let Some(mut server) = self.server
            && tokio::time::timeout(LAST_ANSWERS, &mut server).await.is_err()
        {
            server.abort();
            // Only to wait until the listener is gone; that the task was aborted is no news.
            let _ = server.await;
        }
    }
}

#[cfg(test)]
mod tests;

/// The examples of the README, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct EmulatorReadmeExamples;
