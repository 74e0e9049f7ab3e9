//! Over real HTTP, against the emulator and against hosts that do as they like.

use std::time::Duration;

use obx_core::config::{self, Environment, Flags};
use obx_core::fetch::FetchPolicy;
use obx_core::picture::PictureError;
use obx_core::session::Session;
use onebound::{
    CallHandle, Host, ItemId, PictureClient, PictureFailure, PictureHandle, PictureLimits, PictureUrl,
    PictureUrlError,
};
use onebound_emulator::Fault;

use crate::api::support::{emulator, host_of, send};

async fn get(host: &Host, address: &str) -> Result<usize, PictureFailure> {
    let url = PictureUrl::parse(address, host).unwrap();
    let client = PictureClient::new(PictureLimits::default());
    client.get(&url, &PictureHandle::default()).await.map(|bytes| bytes.len())
}

#[tokio::test]
async fn every_odd_picture_has_one_clear_end_and_none_is_a_call() {
    let emulator = emulator().await;
    let host = host_of(&emulator);
    let exchange = send(&emulator, &Fault::OddPictures.test_id()).await;
    let (calls, today) = (emulator.calls(), emulator.today());
    let pictures = exchange.item().unwrap().pictures();
    let mut ends = Vec::new();
    for picture in &pictures[..12] {
        let name = picture.address.rsplit('/').next().unwrap().to_owned();
        let end = match PictureUrl::parse(&picture.address, &host) {
            Err(error) => format!("{error}"),
            Ok(_) => match get(&host, &picture.address).await {
                Ok(_) => "fetched".to_owned(),
                Err(failure) => failure.to_string(),
            },
        };
        ends.push(format!("{name}: {end}"));
    }
    let expected = [
        "broken.jpg: fetched",
        "huge.png: fetched",
        "large.jpg: more than 8388608 bytes",
        "page.jpg: labelled text/html",
        "drawing.svg: labelled image/svg+xml",
        "text.png: fetched",
        "missing.jpg: HTTP status 404",
        "moved.jpg: fetched",
        "elsewhere.jpg: redirected elsewhere: pictures.example is no host of the vendor's pictures",
        "good.png: fetched",
        "elsewhere.jpg: pictures.example is no host of the vendor's pictures",
        "javascript:alert(1): not an address for https, but for javascript",
    ];
    assert_eq!(ends, expected);
    assert_eq!((emulator.calls(), emulator.today()), (calls, today));
    emulator.stop().await;
}

#[tokio::test]
async fn a_session_in_demo_shows_the_emulators_pictures_and_refuses_broken_ones() {
    let environment: Environment = [("HOME", "/nonexistent")].into_iter().collect();
    let session = Session::open(&config::load(&Flags::default(), &environment).unwrap());
    let call = onebound::Call::item_get(ItemId::find(&Fault::OddPictures.test_id()).unwrap());
    let fetched = session.fetch(call, FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    let load = async |name: &str| {
        let address = format!("https://cbu01.alicdn.com/img/ibank/odd/{name}");
        let url = PictureUrl::parse(&address, &fetched.exchange.host).unwrap();
        session.picture(&url, None, &PictureHandle::default()).await
    };
    let good = load("good.png").await.unwrap();
    assert_eq!((good.form, good.width > 0), ("PNG", true));
    assert!(good.is_whole && !load("broken.jpg").await.unwrap().is_whole);
    assert_eq!(load("huge.png").await.unwrap_err(), PictureError::TooManyPixels(60_000, 60_000));
    assert_eq!(load("text.png").await.unwrap_err(), PictureError::UnknownForm);
}

#[tokio::test]
async fn no_secret_and_nothing_of_the_session_goes_with_a_picture() {
    let emulator = emulator().await;
    get(&host_of(&emulator), "//cbu01.alicdn.com/img/a.jpg?x=1").await.unwrap();
    let requests = emulator.requests();
    let request = requests.last().unwrap();
    assert_eq!(request.path, "/img/cbu01.alicdn.com/img/a.jpg");
    assert_eq!(request.query, [("x".to_owned(), "1".to_owned())]);
    emulator.stop().await;
}

#[tokio::test]
async fn a_cancelled_picture_ends_at_once_and_a_silent_host_after_the_limit() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = Host::parse(&format!("http://{}", silent.local_addr().unwrap())).unwrap();
    let url = PictureUrl::parse("//cbu01.alicdn.com/a.jpg", &host).unwrap();
    let limits = PictureLimits { timeout: Duration::from_millis(300), ..PictureLimits::default() };
    let client = PictureClient::new(limits);
    let ended = client.get(&url, &PictureHandle::default()).await;
    assert_eq!(ended, Err(PictureFailure::Timeout(limits.timeout)));
    let handle = PictureHandle::default();
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        handle.cancel();
    };
    let (ended, ()) = tokio::join!(client.get(&url, &handle), cancel);
    assert_eq!(ended, Err(PictureFailure::Cancelled));
}

#[tokio::test]
async fn another_host_is_not_even_connected_to() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/a.jpg", other.local_addr().unwrap());
    let refused = PictureUrl::parse(&address, &Host::default());
    assert!(matches!(refused, Err(PictureUrlError::Host(_))));
}
