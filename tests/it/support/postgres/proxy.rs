//! The link between a session and the server, which a test can close at any moment.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use obx_core::config::{PostgresPlace, TlsMode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use super::Schema;

/// What the link between a session and the server does with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    Open,
    /// Data is taken, and not passed on.
    Stalled,
    /// Connections are cut, and new ones refused.
    Cut,
    /// The connection that commits next is cut.
    CutAtCommit {
        /// The server gets the commit, and only its reply is lost.
        is_forwarded: bool,
        /// No other connection reaches the server after that.
        stays_cut: bool,
    },
}

/// Passes data between sessions and the server. It ends with the test.
pub(crate) struct Proxy {
    port: u16,
    pub(crate) link: watch::Sender<LinkState>,
}

impl Proxy {
    /// Starts on a thread of its own, so that a test which waits for a program does not hold it up.
    pub(crate) fn start(schema: &Schema) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (link, socket) = (watch::Sender::new(LinkState::Open), schema.socket());
        let of_thread = link.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(accept(listener, socket, of_thread));
        });
        Self { port, link }
    }

    pub(crate) fn place(&self, schema: &Schema, spool: &Path) -> PostgresPlace {
        let mut place = schema.place();
        (place.host, place.port, place.tls) = (Ipv4Addr::LOCALHOST.to_string(), self.port, TlsMode::Disable);
        place.spool_folder = Some(spool.to_owned());
        place
    }

    /// The same as `--store` takes it.
    pub(crate) fn address(&self, schema: &Schema) -> String {
        schema.address_at(&format!("127.0.0.1:{}", self.port), "sslmode=disable")
    }
}

async fn accept(listener: std::net::TcpListener, socket: PathBuf, link: watch::Sender<LinkState>) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        if *link.borrow() != LinkState::Cut {
            let (link, server) = (link.clone(), socket.clone());
            tokio::spawn(async move {
                // A server that is not there ends the connection like a cut.
                if let Ok(server) = UnixStream::connect(server).await {
                    let _ended = pass(client, server, &link).await;
                }
            });
        }
    }
}

/// Passes data on until one side ends, or the link is closed.
async fn pass(
    mut client: TcpStream,
    mut server: UnixStream,
    link: &watch::Sender<LinkState>,
) -> std::io::Result<()> {
    let mut changed = link.subscribe();
    let (mut asked, mut answered) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        let now = *changed.borrow_and_update();
        match now {
            LinkState::Cut => return Ok(()),
            LinkState::Stalled => {
                // Held open until the link is cut or free again.
                drop(changed.wait_for(|link| *link != LinkState::Stalled).await);
                return Ok(());
            }
            LinkState::Open | LinkState::CutAtCommit { .. } => {}
        }
        tokio::select! {
            read = client.read(&mut asked) => {
                let asked = asked.get(..read?).unwrap_or_default();
                if asked.is_empty() {
                    return Ok(());
                }
                let now = *link.borrow();
                match now {
                    LinkState::CutAtCommit { is_forwarded, stays_cut } if asked.ends_with(b"COMMIT\0") => {
                        if is_forwarded {
                            server.write_all(asked).await?;
                            let _reply = server.read(&mut answered).await?;
                        }
                        link.send_replace(if stays_cut { LinkState::Cut } else { LinkState::Open });
                        return Ok(());
                    }
                    // What was read meanwhile is taken.
                    LinkState::Cut | LinkState::Stalled => {}
                    LinkState::Open | LinkState::CutAtCommit { .. } => server.write_all(asked).await?,
                }
            }
            read = server.read(&mut answered) => {
                let answered = answered.get(..read?).unwrap_or_default();
                if answered.is_empty() {
                    return Ok(());
                }
                client.write_all(answered).await?;
            }
            _ = changed.changed() => {}
        }
    }
}
