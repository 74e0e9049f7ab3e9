//! What the tests of the client share: emulators, clients, and the bodies that were captured.

use bytes::Bytes;
use onebound::{
    Call, CallHandle, CallSettings, Client, Credentials, Exchange, Host, ItemId, Limits, ResultType, Scope,
};
use onebound_document::Document;
use onebound_emulator::{Delay, Emulator, Settings};

use super::gateway::Gateway;

/// The key and secret of every test that is not about them.
pub(crate) const KEY: &str = "t-planted-key";
pub(crate) const SECRET: &str = "s-planted-secret";

/// The item of the vendor's page.
pub(crate) const ITEM: &str = "610947572360";

/// Every captured body, with its file's name.
pub(crate) const CAPTURED: [(&str, &str); 9] = [
    captured("1688_error_2000", include_str!("../../responses/1688_error_2000.json")),
    captured("1688_item_get", include_str!("../../responses/1688_item_get_610947572360.json")),
    captured("error_2000", include_str!("../../responses/error_2000_item_not_found.json")),
    captured("error_4005", include_str!("../../responses/error_4005_not_enabled.json")),
    captured("error_4013_key", include_str!("../../responses/error_4013_key_in_reason.json")),
    captured("error_4013", include_str!("../../responses/error_4013_quota.json")),
    captured("taobao_item_get", include_str!("../../responses/taobao_item_get_600448952765.json")),
    captured("taobao_item_search", include_str!("../../responses/taobao_item_search.json")),
    captured("taobao_shop", include_str!("../../responses/taobao_item_search_shop_empty_0000.json")),
];

const fn captured(name: &'static str, body: &'static str) -> (&'static str, &'static str) {
    (name, body)
}

/// Settings of an emulator that answers at once.
pub(crate) fn quick() -> Settings {
    Settings { delay: Delay::NONE, ..Settings::default() }
}

/// An emulator that answers at once.
pub(crate) async fn emulator() -> Emulator {
    Emulator::start_with(quick()).await.unwrap()
}

pub(crate) fn host_of(emulator: &Emulator) -> Host {
    Host::parse(&emulator.url()).unwrap()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(KEY, SECRET).unwrap()
}

pub(crate) fn client() -> Client {
    Client::new(credentials(), Limits::default())
}

pub(crate) fn id(digits: &str) -> ItemId {
    ItemId::find(digits).unwrap()
}

pub(crate) fn call(digits: &str) -> Call {
    Call::item_get(id(digits))
}

/// A call whose answer escapes all that is not ASCII.
pub(crate) fn call_for_escapes(digits: &str) -> Call {
    CallSettings { result_type: ResultType::Json, ..CallSettings::default() }.item_get(id(digits))
}

/// One call to the emulator, followed by nobody.
pub(crate) async fn send(emulator: &Emulator, digits: &str) -> Exchange {
    client().send(&call(digits), &host_of(emulator), &CallHandle::default()).await
}

/// What the client makes of this body, asked for [`ITEM`].
pub(crate) async fn receive(body: impl AsRef<[u8]>) -> Exchange {
    let gateway = Gateway::answering(body.as_ref()).await;
    let exchange = client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    exchange.analyze_unless_large();
    exchange
}

pub(crate) fn index(body: &str) -> Document {
    Document::parse(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

/// The vendor's gateway.
pub(crate) fn vendor() -> Scope {
    Host::default().scope()
}
