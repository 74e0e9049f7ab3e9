//! Connects to a host as a call would, and sends nothing: no request is made here, and there are no credentials that one
//! could be made with.

use std::io;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::Limits;
use super::connect::{CONNECT_TASK, ConnectTask, Route, build, innermost};
use crate::error::Failure;
use crate::host::Host;

/// What connecting to a host showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostProbe {
    /// The addresses of its name, or why there are none: behind a proxy it is the proxy that looks them up.
    pub addresses: Result<Vec<IpAddr>, String>,
    /// How long the connection took, TLS included; or what it failed at.
    pub connected: Result<Duration, ProbeFailure>,
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeFailure {
    /// True if the host was reached, and TLS failed: its certificate, or a host that speaks no TLS.
    pub in_tls: bool,
    /// What failed.
    pub failure: Failure,
}

impl HostProbe {
    /// Connects by the route and with the certificates of a call, and closes the connection unused.
    pub async fn connect(host: &Host, limits: Limits) -> Self {
        let addresses = addresses(host, limits.connect_timeout).await;
        Self { addresses, connected: connect(host, limits).await }
    }
}

async fn addresses(host: &Host, limit: Duration) -> Result<Vec<IpAddr>, String> {
    let name = match host.address() {
        Some(url::Host::Domain(name)) => name,
        Some(url::Host::Ipv4(address)) => return Ok(vec![address.into()]),
        Some(url::Host::Ipv6(address)) => return Ok(vec![address.into()]),
        None => return Ok(Vec::new()),
    };
    let found = tokio::time::timeout(limit, tokio::net::lookup_host((name, 0))).await;
    let found = found.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let mut addresses: Vec<IpAddr> =
        found.map_err(|error| error.to_string())?.map(|address| address.ip()).collect();
    addresses.dedup();
    Ok(addresses)
}

async fn connect(host: &Host, limits: Limits) -> Result<Duration, ProbeFailure> {
    let failed = |failure| ProbeFailure { in_tls: false, failure };
    let connector = build(limits, Route::to(host)).map_err(failed)?;
    let (task, start) = (ConnectTask::default(), Instant::now());
    // The connection is taken over before anything is written, and dropped.
    let ended = CONNECT_TASK.scope(task.clone(), connector.get(host.url("", "")).send()).await;
    let took = start.elapsed();
    match (task.slot().take(), ended) {
        (Some(_), _) => Ok(took),
        (None, Err(error)) if error.is_timeout() => {
            Err(failed(Failure::ConnectTimeout(limits.connect_timeout)))
        }
        (None, Err(error)) => {
            let error = error.without_url();
            Err(ProbeFailure { in_tls: is_of_tls(&error), failure: Failure::Connect(innermost(&error)) })
        }
        (None, Ok(_)) => Err(failed(Failure::Closed)),
    }
}

/// Whether an error of TLS is anywhere in this one.
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>()
        || inside.is_some_and(|inside| is_of_tls(inside))
        || error.source().is_some_and(is_of_tls)
}
