//! A gateway that says exactly what a test wants, and remembers every byte it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use onebound::Host;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does once a request's head is there.
#[derive(Clone)]
enum Then {
    Answer(Vec<u8>),
    Reset,
    Nothing,
}

/// Listens until the test's runtime ends.
pub(crate) struct Gateway {
    address: SocketAddr,
    connections: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Gateway {
    /// Answers with status 200 and this body, and keeps the connection open for more.
    pub(crate) async fn answering(body: &[u8]) -> Self {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n", body.len());
        Self::saying([head.as_bytes(), body].concat()).await
    }

    /// Answers with these bytes, head and all.
    pub(crate) async fn saying(answer: Vec<u8>) -> Self {
        Self::start(Then::Answer(answer)).await
    }

    /// Reads the request, then resets the connection.
    pub(crate) async fn resetting() -> Self {
        Self::start(Then::Reset).await
    }

    /// Accepts, reads, and never says anything.
    pub(crate) async fn silent() -> Self {
        Self::start(Then::Nothing).await
    }

    async fn start(then: Then) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(accept(listener, then, Arc::clone(&connections)));
        Self { address, connections }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn host(&self) -> Host {
        Host::parse(&format!("http://{}", self.address)).unwrap()
    }

    /// The same port, to be spoken to in TLS.
    pub(crate) fn https_host(&self) -> Host {
        Host::parse(&format!("https://{}", self.address)).unwrap()
    }

    /// What every connection received, in the order in which they were accepted.
    pub(crate) fn connections(&self) -> Vec<Vec<u8>> {
        self.connections.lock().unwrap().clone()
    }

    /// The only request that came, as text.
    pub(crate) fn only_request(&self) -> String {
        let connections = self.connections();
        let [received] = connections.as_slice() else {
            panic!("{} connections for one call", connections.len());
        };
        let text = String::from_utf8_lossy(received).into_owned();
        assert_eq!(text.matches("HTTP/1.1\r\n").count(), 1, "one request for one call");
        text
    }
}

async fn accept(listener: TcpListener, then: Then, connections: Arc<Mutex<Vec<Vec<u8>>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let place = {
            let mut connections = connections.lock().unwrap();
            connections.push(Vec::new());
            connections.len() - 1
        };
        tokio::spawn(converse(stream, then.clone(), Arc::clone(&connections), place));
    }
}

async fn converse(
    mut stream: TcpStream,
    then: Then,
    connections: Arc<Mutex<Vec<Vec<u8>>>>,
    place: usize,
) -> std::io::Result<()> {
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        let whole = {
            let mut connections = connections.lock().unwrap();
            let received = &mut connections[place];
            received.extend_from_slice(&piece[..length]);
            received.ends_with(b"\r\n\r\n")
        };
        match &then {
            Then::Answer(answer) if whole => stream.write_all(answer).await?,
            Then::Reset if whole => return stream.set_zero_linger(),
            _ => {}
        }
    }
}
