//! Connections that a request handler can reset, for faults without any answer.
//!
//! An HTTP server always answers. So the connection under it gets a [`Breaker`]: once tripped, nothing more
//! can be written, and the connection is reset.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Listens for connections with a breaker each.
pub(super) struct TcpConnections(pub(super) TcpListener);

impl Listener for TcpConnections {
    type Io = BreakableConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (BreakableConnection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without it a slow drip would be gathered; a socket that refuses the option still serves.
        let _ = stream.set_nodelay(true);
        (BreakableConnection { stream, breaker: Breaker::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Handed to each request, to tear its connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Breaker {
    tripped: Arc<AtomicBool>,
    garbling: Arc<AtomicBool>,
}

/// Bytes of a response, and invalid ones of the same length to write instead.
const GARBLED: [(&[u8], &[u8]); 2] = [(b" 200 OK", b" 200 \x1bK"), (b"x-odd: ~[31m", b"x-odd: \x1b[31m")];

impl Breaker {
    /// The next write fails and resets the connection.
    pub(super) fn trip(&self) {
        self.tripped.store(true, Ordering::Release);
    }

    /// From now on an ESC is written where no server would write one.
    pub(super) fn garble(&self) {
        self.garbling.store(true, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, TcpConnections>> for Breaker {
    fn connect_info(stream: IncomingStream<'_, TcpConnections>) -> Self {
        stream.io().breaker.clone()
    }
}

/// One connection.
pub(super) struct BreakableConnection {
    stream: TcpStream,
    breaker: Breaker,
}

impl BreakableConnection {
    fn check(&self) -> io::Result<()> {
        if !self.breaker.tripped.load(Ordering::Acquire) {
            return Ok(());
        }
        // Closing then sends a reset instead of an orderly end; if the option fails, an end it is.
        let _ = self.stream.set_zero_linger();
        Err(ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for BreakableConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for BreakableConnection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        if self.breaker.garbling.load(Ordering::Acquire) {
            let data = garbled(data);
            return Pin::new(&mut self.stream).poll_write(cx, &data);
        }
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        if self.breaker.garbling.load(Ordering::Acquire) {
            // A part at a time is as well.
            let part = parts.iter().find(|part| !part.is_empty()).map_or(&[][..], |part| part);
            return self.poll_write(cx, part);
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn garbled(data: &[u8]) -> Vec<u8> {
    let mut garbled = data.to_vec();
    for (plain, odd) in GARBLED {
        let found = memchr::memmem::find(&garbled, plain);
        if let Some(place) = found.and_then(|at| garbled.get_mut(at..at + odd.len())) {
            place.copy_from_slice(odd);
        }
    }
    garbled
}
