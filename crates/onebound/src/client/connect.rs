//! Connects by reqwest (name, proxy, TLS) and hands the connection over to its call.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use hyper_util::rt::TokioIo;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{redirect, retry};
use tokio::io::{AsyncRead, AsyncWrite};
use tower_layer::Layer;
use tower_service::Service;

use super::Limits;
use crate::call_handle::CallHandle;
use crate::error::Failure;
use crate::host::Host;

tokio::task_local! {
    /// The call that the connector is connecting for.
    pub(super) static CONNECT_TASK: ConnectTask;
}

/// A call that is to be connected.
#[derive(Clone, Default)]
pub(super) struct ConnectTask {
    pub(super) handle: CallHandle,
    /// Set once the connection is established.
    pub(super) connection: Arc<Mutex<Option<Box<dyn Connection>>>>,
}

/// To the host, with TLS where there is any.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<C: AsyncRead + AsyncWrite + Send + Unpin> Connection for C {}

impl ConnectTask {
    pub(super) fn slot(&self) -> std::sync::MutexGuard<'_, Option<Box<dyn Connection>>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a host is reached.
#[derive(Clone, Copy)]
pub(super) enum Route {
    /// On this machine without TLS: no certificate is read, which takes longer than such a call.
    Plain,
    /// On this machine.
    Direct,
    /// By the proxies of the environment.
    Proxied,
}

impl Route {
    pub(super) fn to(host: &Host) -> Self {
        match (host.is_loopback(), host.is_plain()) {
            (true, true) => Self::Plain,
            (true, false) => Self::Direct,
            (false, _) => Self::Proxied,
        }
    }
}

pub(super) fn build(limits: Limits, route: Route) -> Result<reqwest::Client, Failure> {
    // Fails when a provider is installed already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let loopback = [([127, 0, 0, 1], 0).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()];
    let builder = reqwest::Client::builder()
        .connect_timeout(limits.connect_timeout)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .resolve_to_addrs("localhost", &loopback)
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(SystemResolver))
        .connector_layer(HandOverLayer);
    let builder = match route {
        Route::Plain => builder.no_proxy().tls_certs_only([]),
        Route::Direct => builder.no_proxy(),
        Route::Proxied => builder,
    };
    builder.build().map_err(|error| Failure::Setup(innermost(&error.without_url())))
}

/// Resolves names by the system and records on the call when that is done.
#[derive(Debug)]
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // Outside of a call nothing is recorded.
            let _ = CONNECT_TASK.try_with(|task| task.handle.resolved());
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The deepest source of an error says the most: "connection refused", "certificate has expired".
pub(crate) fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// Marks a call as sent as soon as its connection is established, and hands the connection over to it. A cancelled call
/// gets none, and neither does a request outside of a call.
#[derive(Clone, Copy)]
struct HandOverLayer;

#[derive(Clone)]
struct HandOver<S> {
    inner: S,
}

impl<S> Layer<S> for HandOverLayer {
    type Service = HandOver<S>;

    fn layer(&self, inner: S) -> HandOver<S> {
        HandOver { inner }
    }
}

impl<S, T> Service<T> for HandOver<S>
where
    S: Service<T>,
    S::Future: Send + 'static,
    S::Error: From<&'static str> + Send,
    S::Response: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Self::Future {
        let Ok(task) = CONNECT_TASK.try_with(ConnectTask::clone) else {
            // Nobody would know that it was sent, and so what it may have cost.
            return Box::pin(async { Err("no call is known that this connection is for".into()) });
        };
        let connecting = self.inner.call(target);
        Box::pin(async move {
            let connection = connecting.await?;
            if !task.handle.may_send() {
                return Err("the call was ended before it was sent".into());
            }
            *task.slot() = Some(Box::new(TokioIo::new(connection)));
            Err("the connection was taken over".into())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::exchange::RequestStage;

    /// Connects at once, and counts how often.
    #[derive(Clone, Default)]
    struct Connector(Arc<std::sync::atomic::AtomicUsize>);

    impl Service<()> for Connector {
        type Response = TokioIo<tokio::io::DuplexStream>;
        type Error = Box<dyn std::error::Error + Send + Sync>;
        type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Box::pin(async { Ok(TokioIo::new(tokio::io::duplex(1).0)) })
        }
    }

    #[tokio::test]
    async fn a_request_that_no_call_is_known_of_does_not_go_out() {
        let connector = Connector::default();
        let connected = || connector.0.load(std::sync::atomic::Ordering::Relaxed);
        let mut hand_over = HandOverLayer.layer(connector.clone());
        assert!(hand_over.call(()).await.is_err() && connected() == 0);
        let task = ConnectTask::default();
        let taken = CONNECT_TASK.scope(task.clone(), async { hand_over.call(()).await }).await;
        assert!(taken.is_err() && task.slot().is_some(), "it is handed over, not given to reqwest");
        assert_eq!((connected(), task.handle.stage()), (1, RequestStage::Sent));
    }

    #[tokio::test]
    async fn a_call_says_which_name_was_looked_up_for_it() {
        let (handle, start) = (CallHandle::default(), Instant::now());
        assert_eq!(handle.resolved_after(start), None);
        let task = ConnectTask { handle: handle.clone(), ..ConnectTask::default() };
        let found =
            CONNECT_TASK.scope(task, SystemResolver.resolve("localhost".parse().unwrap())).await.unwrap();
        assert!(found.count() > 0 && handle.resolved_after(start).is_some());
        handle.goes_out(1);
        assert_eq!(handle.resolved_after(start), None, "another attempt looks up for itself");
    }
}
