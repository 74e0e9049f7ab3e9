//! The way between a session and the server, which a test can close at any moment.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use obx_core::config::{PostgresPlace, TlsMode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use super::Schema;

/// What happens to data between a session and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
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

/// A way to the server. It ends with the test.
pub(crate) struct Proxy {
    port: u16,
    pub(crate) way: watch::Sender<Way>,
}

impl Proxy {
    /// Starts on a thread of its own, so that a test which waits for a program does not hold it up.
    pub(crate) fn start(schema: &Schema) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (way, socket) = (watch::Sender::new(Way::Open), schema.socket());
        let of_thread = way.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(accept(listener, socket, of_thread));
        });
        Self { port, way }
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

async fn accept(listener: std::net::TcpListener, socket: PathBuf, way: watch::Sender<Way>) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        if *way.borrow() != Way::Cut {
            let (way, server) = (way.clone(), socket.clone());
            tokio::spawn(async move {
                // A server that is not there ends the connection like a cut.
                if let Ok(server) = UnixStream::connect(server).await {
                    let _ended = pass(client, server, &way).await;
                }
            });
        }
    }
}

/// Passes data on until one side ends, or the way is closed.
async fn pass(
    mut client: TcpStream,
    mut server: UnixStream,
    way: &watch::Sender<Way>,
) -> std::io::Result<()> {
    let mut changed = way.subscribe();
    let (mut asked, mut answered) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        let now = *changed.borrow_and_update();
        match now {
            Way::Cut => return Ok(()),
            Way::Stalled => {
                // Held open until the way is cut or free again.
                drop(changed.wait_for(|way| *way != Way::Stalled).await);
                return Ok(());
            }
            Way::Open | Way::CutAtCommit { .. } => {}
        }
        tokio::select! {
            read = client.read(&mut asked) => {
                let asked = asked.get(..read?).unwrap_or_default();
                if asked.is_empty() {
                    return Ok(());
                }
                let now = *way.borrow();
                match now {
                    Way::CutAtCommit { is_forwarded, stays_cut } if asked.ends_with(b"COMMIT\0") => {
                        if is_forwarded {
                            server.write_all(asked).await?;
                            let _reply = server.read(&mut answered).await?;
                        }
                        way.send_replace(if stays_cut { Way::Cut } else { Way::Open });
                        return Ok(());
                    }
                    // What was read meanwhile is taken.
                    Way::Cut | Way::Stalled => {}
                    Way::Open | Way::CutAtCommit { .. } => server.write_all(asked).await?,
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
