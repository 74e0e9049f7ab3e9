//! An item's pictures: which it has ([`ItemPicture`]), where each may be fetched from ([`PictureUrl`]), and the client
//! that fetches one ([`PictureClient`]).
//!
//! ```text
//!  Item::pictures ─▶ address ─▶ PictureUrl::parse ─▶ PictureClient::get ─▶ bytes
//!                                 refuses other hosts    no key, no cookie, no referer; limited in bytes and time
//! ```
//! A picture is no call: the vendor's gateway is not asked, and nothing is billed.

mod client;
mod list;
mod url;

pub use client::{PictureClient, PictureFailure, PictureHandle, PictureLimits};
pub use list::{ItemPicture, PictureRole};
pub use url::{PictureUrl, PictureUrlError};
