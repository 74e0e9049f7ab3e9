//! The ID of a 1688 item, found in whatever a person has at hand.

use std::collections::HashSet;
use std::fmt;
use std::ops::{Range, RangeInclusive};

use compact_str::CompactString;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// The vendor's `num_iid`: 1 to 20 digits, kept as they were written, in place: a log has 100,000 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(CompactString);

/// More digits than any ID has; 64 bits hold 20.
const MAX_DIGITS: usize = 20;

/// A shorter number in a list may be the half of one that was written with blanks.
const LISTED_DIGITS: usize = 9;

/// Number of digits of an ID between other words.
const USUAL_LENGTH: RangeInclusive<usize> = 10..=13;

/// A pasted page is not searched beyond this many bytes.
const MAX_SEARCHED: usize = 64 * 1024;

/// Texts right before the ID in the URL of an offer or of the gateway.
const MARKERS: [&str; 4] = ["num_iid=", "offerid=", "1688.com/offer/", "1688.com/product/"];

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
    /// None of the known forms.
    #[error("no item ID in this text: give its digits, or the address of the offer's page")]
    NotFound,
}

impl ItemId {
    /// Finds the ID in digits (full-width ones too), in the URL of an offer
    /// (`detail.1688.com/offer/….html`, `m.1688.com`, `detail.m.1688.com/page/index.html?offerId=`), in
    /// shared text around such an URL, and in a URL of the gateway, of which only `num_iid` is read.
    ///
    /// # Errors
    /// Why there is no ID, and what to give instead.
    pub fn find(text: &str) -> Result<Self, ItemIdError> {
        let text = searched(text);
        let plain = fold_width(text.trim());
        if plain.is_empty() {
            return Err(ItemIdError::Empty);
        }
        if plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::from_digits(&plain);
        }
        if let Some(found) = Self::in_urls(&plain) {
            return found;
        }
        let decoded = percent_decode_str(&plain).decode_utf8_lossy();
        if let Some(found) = Self::in_urls(&decoded) {
            return found;
        }
        let short = ["qr.1688.com", "s.1688.com"].iter().any(|host| plain.contains(host));
        Err(if short { ItemIdError::ShortLink } else { ItemIdError::NotFound })
    }

    /// Every ID in a text, each once, in order: in URLs of offers, or else in a list
    /// of nothing but IDs, parted by blanks, line breaks or commas.
    pub fn all_in(text: &str) -> Vec<Self> {
        let plain = fold_width(searched(text).trim());
        let decoded = percent_decode_str(&plain).decode_utf8_lossy();
        let mut found = Self::each_in_urls(&decoded);
        if found.is_empty() {
            found = Self::listed(&plain);
        }
        let mut known = HashSet::new();
        found.retain(|id| known.insert(id.clone()));
        found
    }

    /// Every ID in a text that somebody pasted, each once: those of [`ItemId::all_in`], or else every number in it that
    /// looks like one. Show the user which one was taken before calling for it.
    pub fn in_pasted(text: &str) -> Vec<Self> {
        let mut found = Self::all_in(text);
        if found.is_empty() {
            found = Self::loose(&fold_width(searched(text)));
        }
        let mut known = HashSet::new();
        found.retain(|id| known.insert(id.clone()));
        found
    }

    /// Numbers between other words that have as many digits as current IDs, without dates and telephone numbers.
    fn loose(text: &str) -> Vec<Self> {
        let is_part =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '=' | '+' | '@');
        let words = text.split(|c: char| !is_part(c)).map(|word| word.trim_end_matches('.'));
        let digits = words.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let usual = digits.filter(|digits| USUAL_LENGTH.contains(&digits.len()) && !is_other_number(digits));
        usual.filter_map(|digits| Self::from_digits(digits).ok()).collect()
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

    fn in_urls(text: &str) -> Option<Result<Self, ItemIdError>> {
        let lower = text.to_ascii_lowercase();
        MARKERS.iter().find_map(|marker| {
            let mut after = lower.split(marker);
            after.next();
            let digits = after.map(leading_digits).find(|digits| !digits.is_empty())?;
            Some(Self::from_digits(digits))
        })
    }

    fn each_in_urls(text: &str) -> Vec<Self> {
        let lower = text.to_ascii_lowercase();
        let ends =
            MARKERS.iter().flat_map(|marker| lower.match_indices(marker).map(|(at, _)| at + marker.len()));
        let mut ends: Vec<usize> = ends.collect();
        ends.sort_unstable();
        let digits = ends.iter().map(|end| leading_digits(lower.get(*end..).unwrap_or_default()));
        digits
            .filter(|digits| !digits.is_empty())
            .filter_map(|digits| Self::from_digits(digits).ok())
            .collect()
    }

    fn listed(text: &str) -> Vec<Self> {
        let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、'));
        let id = |part: &str| {
            let whole = part.len() >= LISTED_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
            if whole { Self::from_digits(part).ok() } else { None }
        };
        parts.filter(|part| !part.is_empty()).map(id).collect::<Option<_>>().unwrap_or_default()
    }

    fn from_digits(digits: &str) -> Result<Self, ItemIdError> {
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

fn searched(text: &str) -> &str {
    let mut end = text.len().min(MAX_SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Full-width forms (`１`, `／`, `？`, `＝`) as their ASCII twins.
fn fold_width(text: &str) -> String {
    let fold = |wide: char| match u32::from(wide) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(wide),
        _ => wide,
    };
    text.chars().map(fold).collect()
}

/// A mobile telephone in China, or a date with its time: `13800138000`, `202611241530`.
fn is_other_number(digits: &str) -> bool {
    let is_mobile = digits.len() == 11 && digits.starts_with('1');
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let is_date = digits.starts_with("20")
        && digits.len() <= 12
        && part(4..6).is_some_and(|month| (1..=12).contains(&month))
        && part(6..8).is_some_and(|day| (1..=31).contains(&day));
    is_mobile || is_date
}

fn leading_digits(text: &str) -> &str {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..end).unwrap_or_default()
}
