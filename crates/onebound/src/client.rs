//! The only sender to the vendor. One call to one host; every call ends in an [`Exchange`].
//!
//! It follows no redirect, retries nothing, and opens a connection of its own for every call: only so
//! is it certain whether any byte of a request was sent, which decides what a cancelled call costs.
//!
//! ```text
//!  reqwest: name, proxy, TLS ─▶ the connection is taken from its connector ─▶ marked as sent ─▶ request
//!                                       body, with what was wrong ◀─ unpack ◀─ ResponseReader ◀─┘
//! ```
//! reqwest connects, and nothing more: its own reader refuses answers that may have been paid for.

mod connect;
mod probe;
mod read_response;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use super::call::{Call, query};
use super::call_handle::CallHandle;
use super::credentials::{Auth, Credentials, Fingerprint};
use super::error::Failure;
use super::exchange::{Exchange, RequestStage, Timing};
use super::host::Host;
use super::response_reader::{End, ResponseReader};
use super::wire::WireFault;
pub(super) use connect::innermost;
use connect::{CONNECT_TASK, ConnectTask, Connection, Route, build};
pub use probe::{HostProbe, ProbeFailure};
use read_response::{MIN_UNPACK_TIME, ReceivedResponse};

/// All headers that a call goes out with, beside `host`.
const HEADERS: [(&str, &str); 3] = [
    ("accept", "*/*"),
    ("accept-encoding", "gzip"),
    ("user-agent", concat!("obx/", env!("CARGO_PKG_VERSION"))),
];

/// Size of one read, in bytes.
const READ_SIZE: usize = 16 * 1024;

/// Limits of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection is established, TLS included.
    pub connect_timeout: Duration,
    /// For the whole call.
    pub timeout: Duration,
    /// The largest body, in bytes after unpacking.
    pub max_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            max_body: 64 * 1024 * 1024,
        }
    }
}

/// Sends calls with one pair of credentials. Retries nothing and follows no redirect.
#[derive(Debug)]
pub struct Client {
    credentials: Credentials,
    limits: Limits,
    /// The clock that dates signed calls.
    clock: fn() -> Timestamp,
    // Built when first needed: reading the root certificates takes longer than drawing the first frame.
    plain: OnceLock<Result<reqwest::Client, Failure>>,
    direct: OnceLock<Result<reqwest::Client, Failure>>,
    proxied: OnceLock<Result<reqwest::Client, Failure>>,
}

/// A call, ready to be sent. The URL holds key and secret, so that it has no `Debug`.
struct PreparedRequest {
    url: Url,
    http: Result<reqwest::Client, Failure>,
    /// Whose it is, and its signature: all that is masked in what comes back.
    credentials: Credentials,
}

/// A response that is being received.
#[derive(Default)]
struct PartialResponse {
    reader: ResponseReader,
    first_byte: Option<Duration>,
}

/// Why an arrival ended before its end.
enum ReceiveError {
    Failed(Failure),
    Cut,
    Cancelled,
}

impl Client {
    /// Creates a client. It connects only when a call is sent.
    pub fn new(credentials: Credentials, limits: Limits) -> Self {
        let [plain, direct, proxied] = [const { OnceLock::new() }; 3];
        Self { credentials, limits, clock: Timestamp::now, plain, direct, proxied }
    }

    /// Sets the clock that dates signed calls.
    #[must_use]
    pub fn with_clock(self, clock: fn() -> Timestamp) -> Self {
        Self { clock, ..self }
    }

    /// The fingerprint of the key.
    pub fn fingerprint(&self) -> Fingerprint {
        self.credentials.fingerprint()
    }

    /// The longest time that a call to one host can take.
    pub fn max_duration(&self) -> Duration {
        let Limits { timeout, connect_timeout, .. } = self.limits;
        timeout.saturating_add(connect_timeout).saturating_add(MIN_UNPACK_TIME)
    }

    /// Sends one call to one host. Cancel it by `handle`: dropping the future loses the exchange.
    pub async fn send(&self, call: &Call, host: &Host, handle: &CallHandle) -> Exchange {
        let (started_at, start) = (Timestamp::now(), Instant::now());
        tracing::debug!(host = %host.name(), question = %call.question(&host.scope()), "call");
        let request = self.request(call, host);
        let sent_headers = headers_to(&request.url);
        let mut partial = PartialResponse::default();
        let ended = tokio::select! {
            biased;
            () = handle.ended() => Err(ReceiveError::Cancelled),
            ended = tokio::time::timeout(self.limits.timeout, self.receive(&request, handle, start, &mut partial)) => {
                ended.unwrap_or(Err(ReceiveError::Failed(Failure::Timeout(self.limits.timeout))))
            }
        };
        let PartialResponse { mut reader, first_byte } = partial;
        // What came before it was ended is kept.
        let _ = reader.end();
        let status = reader.status;
        let headers = shown_headers(&mut reader, &request.credentials);
        let received =
            ReceivedResponse { reader, headers: headers.clone(), ended, credentials: request.credentials };
        let max_duration = self.limits.timeout.saturating_sub(start.elapsed()).max(MIN_UNPACK_TIME);
        let (body, outcome, reply) = self.read_response(call, received, handle, max_duration).await;
        let total = start.elapsed();
        tracing::debug!(?outcome, bytes = body.len(), ?total, "call ended");
        Exchange {
            call: call.clone(),
            host: host.clone(),
            signed: self.credentials.auth() == Auth::Sign,
            started_at,
            stage: handle.stage(),
            timing: Timing {
                resolved: handle.resolved_after(start),
                connected: handle.connected_after(start),
                first_byte,
                total,
            },
            request_headers: if handle.stage() > RequestStage::NothingSent {
                sent_headers
            } else {
                Vec::new()
            },
            status,
            headers,
            body,
            outcome,
            reply,
        }
    }

    fn request(&self, call: &Call, host: &Host) -> PreparedRequest {
        let withheld = |name: &str| Failure::Setup(format!("the value of {name} is not kept: give it again"));
        let (parameters, http) = match call.parameters_in_clear() {
            Ok(parameters) => (parameters, self.http(host)),
            Err(name) => (call.parameters(), Err(withheld(name))),
        };
        let (proof, credentials) = self.credentials.authenticate(call, &parameters, (self.clock)());
        let proof = proof.into_iter().map(|(name, value)| (name, value.into()));
        PreparedRequest { url: host.url(&call.api(), &query(proof.chain(parameters))), http, credentials }
    }

    async fn receive(
        &self,
        request: &PreparedRequest,
        handle: &CallHandle,
        start: Instant,
        partial: &mut PartialResponse,
    ) -> Result<(), ReceiveError> {
        let mut connection = self.connect(request, handle).await?;
        let lost = |_| ReceiveError::Failed(Failure::Closed);
        connection.write_all(head_of(&request.url).as_bytes()).await.map_err(lost)?;
        connection.flush().await.map_err(lost)?;
        let reader = &mut partial.reader;
        let mut piece = vec![0; READ_SIZE];
        while !reader.is_done() {
            // A connection that is reset has ended like one that is closed: what came before is what there is.
            let length = connection.read(&mut piece).await.unwrap_or_default();
            if length == 0 {
                break;
            }
            reader.take(piece.get(..length).unwrap_or_default());
            if reader.is_answer() && partial.first_byte.is_none() {
                handle.answered();
                partial.first_byte = Some(start.elapsed());
            }
            handle.received(reader.body.len());
            if reader.is_too_large(self.limits.max_body) {
                return Err(ReceiveError::Failed(Failure::TooLarge(self.limits.max_body)));
            }
            if reader.has_endless_head() {
                return Err(ReceiveError::Failed(Failure::Http(
                    "the head of the response does not end".to_owned(),
                )));
            }
        }
        match reader.end() {
            End::Whole => Ok(()),
            End::Cut => Err(ReceiveError::Cut),
            End::InHead => Err(ReceiveError::Failed(Failure::Http(
                "what came is no whole head of a response".to_owned(),
            ))),
            End::Nothing => Err(ReceiveError::Failed(Failure::Closed)),
        }
    }

    /// Has reqwest connect, and takes the connection over.
    async fn connect(
        &self,
        request: &PreparedRequest,
        handle: &CallHandle,
    ) -> Result<Box<dyn Connection>, ReceiveError> {
        let http = request.http.as_ref().map_err(|failure| ReceiveError::Failed(failure.clone()))?;
        let task = ConnectTask { handle: handle.clone(), ..ConnectTask::default() };
        let connecting = CONNECT_TASK.scope(task.clone(), http.get(request.url.clone()).send()).await;
        let connection = task.slot().take();
        connection.ok_or_else(|| {
            ReceiveError::Failed(match connecting {
                Err(error) => self.failure(error, &request.credentials, handle),
                Ok(_) => Failure::Http("the connection was not handed over".to_owned()),
            })
        })
    }

    fn failure(&self, error: reqwest::Error, credentials: &Credentials, handle: &CallHandle) -> Failure {
        let error = error.without_url();
        if error.is_connect() && error.is_timeout() {
            return Failure::ConnectTimeout(self.limits.connect_timeout);
        }
        let detail = credentials.mask(&innermost(&error));
        match handle.stage() {
            RequestStage::NothingSent => Failure::Connect(detail),
            _ if detail.contains("closed") || detail.contains("reset") => Failure::Closed,
            _ => Failure::Http(detail),
        }
    }

    fn http(&self, host: &Host) -> Result<reqwest::Client, Failure> {
        let route = Route::to(host);
        let slot = match route {
            Route::Plain => &self.plain,
            Route::Direct => &self.direct,
            Route::Proxied => &self.proxied,
        };
        slot.get_or_init(|| build(self.limits, route)).clone()
    }
}

/// The headers of a call to this URL.
fn headers_to(url: &Url) -> Vec<(String, String)> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = ("host".to_owned(), format!("{}{port}", url.host_str().unwrap_or_default()));
    let others = HEADERS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    [host].into_iter().chain(others).collect()
}

/// The head of the request. The address is all ASCII, and has no fragment.
fn head_of(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let start = format!("GET {}{query} HTTP/1.1\r\n", url.path());
    let with = |head: String, (name, value): (String, String)| head + &format!("{name}: {value}\r\n");
    headers_to(url).into_iter().fold(start, with) + "\r\n"
}

/// The headers with secrets masked; malformed header lines are masked as well.
fn shown_headers(reader: &mut ResponseReader, credentials: &Credentials) -> Vec<(String, String)> {
    let masked = |name: &str, value: &str| credentials.mask_header(name.trim(), value);
    for fault in &mut reader.faults {
        if let WireFault::Head { text, .. } = fault
            && let Some((name, value)) = text.split_once(':')
        {
            *text = format!("{name}:{}", masked(name, value));
        }
    }
    reader.headers.iter().map(|(name, value)| (name.clone(), masked(name, value))).collect()
}
