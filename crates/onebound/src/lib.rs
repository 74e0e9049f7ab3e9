//! A client library for `OneBound`'s 1688 product API (`item_get`, `item_search`, `item_search_shop`).
//!
//! ```text
//!  CallSettings + ItemId ─▶ Call ─┐            ┌─▶ Timing, status, headers
//!  Credentials ─▶ Client ─────────┼─▶ Exchange ┼─▶ Body      raw bytes, and a masked text
//!  Host ──────────────────────────┘            ├─▶ Outcome   the result, also of a failed call
//!        CallHandle: progress,                 └─▶ Reply ─▶ Document   the bytes, indexed
//!        and cancelling                                 ├─▶ Envelope   code, texts, Quota
//!                                                       ├─▶ Item ─▶ Sku, Prop ─▶ Field
//!   (SearchQuery in place of ItemId)                     └─▶ SearchPage ─▶ ListedItem ─▶ Field
//! ```
//!
//! A call always ends in an [`Exchange`], so that failures are kept, counted and shown like answers.
//! Nothing is lost on the way: a field that has no accessor is still in the [`Document`], and a field of
//! an unexpected shape is reported ([`Overview::oddities`]) and leaves the rest readable. [`Difference::between`]
//! compares two exchanges.
//!
//! ```no_run
//! use onebound::{Call, Client, Credentials, Host, ItemId, CallHandle, Limits};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Credentials::new("key", "secret")?, Limits::default());
//! let call = Call::item_get(ItemId::find("https://detail.1688.com/offer/610947572360.html")?);
//! let exchange = client.send(&call, &Host::default(), &CallHandle::default()).await;
//! if let Some(item) = exchange.item() {
//!     println!("{:?} has {} SKUs", item.field("title").text(), item.sku_count());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Document`]: onebound_document::Document

#![warn(missing_docs)]

mod body;
mod call;
mod call_handle;
mod call_kind;
mod client;
mod credentials;
mod decimal;
mod description;
mod difference;
mod entity;
mod envelope;
mod error;
mod error_code;
mod exchange;
mod facts;
mod field;
mod field_table;
mod host;
mod item;
mod item_id;
mod item_list;
mod location;
mod nested_escapes;
mod outcome_summary;
mod overview;
mod parallel;
mod parameter;
mod picture;
mod price;
mod prop;
mod quota;
mod quote;
mod read_body;
mod record;
mod reply;
mod response_reader;
mod result_type;
mod saved;
mod scope;
mod search;
mod search_page;
mod secret_names;
mod shared_text;
mod signature;
mod sku;
mod trade_terms;
mod unpack;
mod wire;

pub use body::{Body, Encoding};
pub use call::{Call, CallError, CallSettings, ITEM_GET, Question, Subject, VendorCache};
pub use call_handle::{CallHandle, CallProgress, SentCall, WaitsFor};
pub use call_kind::CallKind;
pub use client::{Client, HostProbe, Limits, ProbeFailure};
pub use credentials::{Auth, Credentials, CredentialsError, Fingerprint, Span};
pub use decimal::{Decimal, DecimalError};
pub use description::{DescriptionLine, DescriptionText, ImageCounts};
pub use difference::{
    Change, ChangeKind, ChangeStatus, ChangedValue, DescriptionChange, DescriptionSize, Difference,
    ImageChange, ItemPresence, SkuChange, SkuChangeKind, SkuFacts, VOLATILE as VOLATILE_FIELDS, item_id_of,
};
pub use entity::decode_entity;
pub use envelope::{BEIJING, Envelope};
pub use error::{Failure, Malformed};
pub use error_code::{Cause, CodeMeaning, ErrorCode, Responsible, TABLE as ERROR_CODES};
pub use exchange::{Answer, Billing, Exchange, Outcome, RequestStage, Timing};
pub use facts::{Fact, Finding, Rule, Severity, Unchecked};
pub use field::Field;
pub use host::{GATEWAY, Host, HostError};
pub use item::{Item, ItemIndex};
pub use item_id::{ItemId, ItemIdError};
pub use item_list::{ItemList, ListedItem};
pub use outcome_summary::OutcomeSummary;
pub use overview::{Oddity, Overview, SkuPrices};
pub use picture::{
    ItemPicture, PictureClient, PictureFailure, PictureHandle, PictureLimits, PictureRole, PictureUrl,
    PictureUrlError,
};
pub use price::Price;
pub use prop::Prop;
pub use quota::Quota;
pub use quote::{PriceTier, QuantityPrice, Quote, SkuPriceGroup};
pub use record::Record;
pub use reply::Reply;
pub use result_type::{ResultType, UnknownResultType};
pub use saved::{RecordedEnd, SavedCall};
pub use scope::VENDOR_HOSTS;
pub use scope::{Account, Catalog, Scope, ScopedItem};
pub use search::{ITEM_SEARCH, ITEM_SEARCH_SHOP, PriceLimits, SearchError, SearchQuery, SearchSort};
pub use search_page::SearchPage;
pub use secret_names::{MASK, SecretNames};
pub use shared_text::{FoundId, IdSource, half_width};
pub use sku::{Property, Sku};
pub use trade_terms::{MixTerms, NamedField};
pub use wire::{Wire, WireFault};

/// The examples of the README, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ClientReadmeExamples;
