//! The emulator behind a door: requests pass, answers wait until the door is opened. So a test decides what happens
//! while a call is under way.

use std::io;
use std::time::Duration;

use onebound_emulator::{Delay, Emulator, Settings};
use tokio::io::copy;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The longest that a request may take to arrive.
const DEADLINE: Duration = Duration::from_secs(15);

pub(super) struct Gateway {
    emulator: Emulator,
    url: String,
    open: watch::Sender<bool>,
}

impl Gateway {
    /// One that answers at once.
    pub(super) async fn start() -> Self {
        let settings = Settings { delay: Delay::NONE, ..Settings::default() };
        let emulator = Emulator::start_with(settings).await.unwrap();
        let door = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", door.local_addr().unwrap());
        let (open, is_open) = watch::channel(true);
        let behind = emulator.url().trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = door.accept().await {
                tokio::spawn(pass(client, behind.clone(), is_open.clone()));
            }
        });
        Self { emulator, url, open }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Requests received so far.
    pub(super) fn calls(&self) -> u64 {
        self.emulator.calls()
    }

    /// No answer comes until they are let through.
    pub(super) fn hold_answers(&self) {
        self.open.send_replace(false);
    }

    pub(super) fn let_answers_through(&self) {
        self.open.send_replace(true);
    }

    /// Waits until the emulator has received so many requests: no screen says so.
    pub(super) async fn wait_for_calls(&self, count: u64) {
        let arrived = async {
            while self.calls() < count {
                tokio::task::yield_now().await;
            }
        };
        let arrived = tokio::time::timeout(DEADLINE, arrived).await;
        assert!(arrived.is_ok(), "{} calls of {count}", self.calls());
    }
}

async fn pass(client: TcpStream, behind: String, mut is_open: watch::Receiver<bool>) -> io::Result<()> {
    let emulator = TcpStream::connect(behind).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_emulator, mut to_emulator) = emulator.into_split();
    let requests = copy(&mut from_client, &mut to_emulator);
    let answers = async {
        // With the gateway gone nobody opens any more.
        let _ = is_open.wait_for(|open| *open).await;
        copy(&mut from_emulator, &mut to_client).await
    };
    tokio::try_join!(requests, answers).map(|_| ())
}
