//! The ID of a 1688 item, found in whatever a person has at hand.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::shared_text::{self, FoundId};

/// The vendor's `num_iid`: 1 to 20 digits, kept as they were written, in place: a log has 100,000 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(CompactString);

/// More digits than any ID has; 64 bits hold 20.
const MAX_DIGITS: usize = 20;

/// Why there is no ID in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemIdError {
    /// Nothing but white space.
    #[error("no item ID was given")]
    Empty,
    /// A number of more than 20 digits.
    #[error("an item ID has at most 20 digits")]
    TooLong,
    /// A number whose first digits are missing.
    #[error("an item ID never begins with 0: its first digits are missing")]
    LeadingZero,
    /// A short link of the app, which only a request could resolve.
    #[error("this short link does not name the item: open it in a browser and copy the address it leads to")]
    ShortLink,
    /// A code of the apps (口令), which only they can resolve.
    #[error("a share code does not name the item: open it in the app and copy the address of the item")]
    ShareCode,
    /// An item on Taobao or Tmall, for calls to another platform.
    #[error("this is an item on Taobao or Tmall: it needs the platform taobao")]
    TaobaoAddress,
    /// An offer on 1688, for calls to another platform.
    #[error("this is an offer on 1688: it needs the platform 1688")]
    OfferAddress,
    /// So many different IDs, of which nothing says which one is meant.
    #[error("this text has {0} possible item IDs: give one of them")]
    Several(usize),
    /// A number with an exponent, as `6.10947E+11`: a spreadsheet has cut its digits.
    #[error("a spreadsheet has cut the digits of this number: give the whole ID, as text")]
    LostDigits,
    /// None of the known forms.
    #[error("no item ID in this text: give its digits, or the address of the offer's page")]
    NotFound,
}

impl ItemId {
    /// Finds the ID of a 1688 item in a text as people send it; see [`ItemId::find_on`].
    ///
    /// # Errors
    /// Why there is no ID, and what to give instead.
    pub fn find(text: &str) -> Result<Self, ItemIdError> {
        Self::find_on("1688", text).map(|found| found.id)
    }

    /// Finds the ID in digits (full-width ones too), in the address of an item's page on this platform
    /// (`detail.1688.com/offer/….html`, `detail.m.1688.com/page/index.html?offerId=`, on `taobao` also
    /// `item.taobao.com/item.htm?id=`) or of the gateway, of which only `num_iid` is read, in the text around such an
    /// address, after a label (`商品ID：…`, `"num_iid": "…"`), or as the only number that looks like one. Telephone
    /// numbers and dates do not.
    ///
    /// # Errors
    /// Why there is no ID, or that there are several; and what to give instead.
    pub fn find_on(platform: &str, text: &str) -> Result<FoundId, ItemIdError> {
        shared_text::find(text, platform)
    }

    /// Whether the digits are those of a telephone in China rather than of an item.
    pub fn looks_like_telephone(&self) -> bool {
        shared_text::is_telephone(&self.0)
    }

    /// Digits that were asked for once, and kept: also such as nobody would be let in with today.
    ///
    /// # Errors
    /// When these are none.
    pub fn from_stored(digits: &str) -> Result<Self, ItemIdError> {
        let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.len() {
            ..=MAX_DIGITS if are_digits => Ok(Self(digits.into())),
            ..=MAX_DIGITS => Err(ItemIdError::NotFound),
            _ => Err(ItemIdError::TooLong),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_digits(digits: &str) -> Result<Self, ItemIdError> {
        if digits.len() > MAX_DIGITS {
            return Err(ItemIdError::TooLong);
        }
        if digits.starts_with('0') {
            return Err(ItemIdError::LeadingZero);
        }
        Ok(Self(digits.into()))
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for ItemId {
    type Err = ItemIdError;

    fn from_str(text: &str) -> Result<Self, ItemIdError> {
        Self::find(text)
    }
}
