//! The ID of an item in a text as people send it: an address, `商品ID：610947572360，起订量2件`, `看下这个 610947572360`.
//!
//! ```text
//!  digits alone ▸ addresses ▸ numbers with a label ▸ the only number that looks like an ID
//! ```
//! The first of these that the text has decides. Where it has several IDs of that kind, none is taken: a call costs
//! money, and nobody said which item is meant. No address is resolved over the network.

use std::collections::HashSet;
use std::ops::{Range, RangeInclusive};

use percent_encoding::percent_decode_str;

use super::item_id::{ItemId, ItemIdError};

/// A pasted page is not searched beyond this many bytes.
const MAX_SEARCHED: usize = 64 * 1024;

/// Number of digits of an ID between other words.
const USUAL_LENGTH: RangeInclusive<usize> = 9..=14;

/// Text right before the ID in an address of the gateway.
const GATEWAY_MARKER: &str = "num_iid=";

/// Texts right before the ID in the address of an offer on 1688.
const OFFER_MARKERS: [&str; 3] = ["offerid=", "1688.com/offer/", "1688.com/product/"];

/// Hosts of items on Taobao and Tmall.
const TAOBAO_HOSTS: [&str; 3] = ["taobao.com/", "tmall.com/", "tmall.hk/"];

/// Hosts of short links, which only a request could resolve.
const SHORT_HOSTS: [&str; 8] = [
    "qr.1688.com",
    "s.1688.com",
    "m.tb.cn",
    "e.tb.cn",
    "tb.cn/",
    "s.click.taobao.com",
    "uland.taobao.com",
    "s.tmall.com",
];

/// Labels of an item's ID, in lower case.
const LABELS: [&str; 13] = [
    "商品id",
    "链接id",
    "商品链接",
    "宝贝id",
    "产品id",
    "货品id",
    "商品编号",
    "offerid",
    "offer_id",
    "offer id",
    "num_iid",
    "item_id",
    "item id",
];

/// Labels of other numbers, in lower case; `id` as the end of one that is none of [`LABELS`].
const OTHER_LABELS: [&str; 34] = [
    "id",
    "单号",
    "订单",
    "订单号",
    "订单编号",
    "运单",
    "运单号",
    "快递",
    "物流",
    "包裹",
    "电话",
    "手机",
    "手机号",
    "号码",
    "微信",
    "微信号",
    "qq",
    "tel",
    "phone",
    "mobile",
    "条码",
    "税号",
    "账号",
    "卡号",
    "货号",
    "key",
    "secret",
    "token",
    "password",
    "密码",
    "密钥",
    "验证码",
    "sku",
    "许可证",
];

/// An ID, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundId {
    /// The ID.
    pub id: ItemId,
    /// Where it was.
    pub source: IdSource,
}

/// Where in a text an ID was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdSource {
    /// The text is nothing else.
    Digits,
    /// In an address of the item's page or of the gateway.
    Address,
    /// After a label such as `商品ID`.
    Label,
    /// It is the only number that looks like one: show it to the user before calling for it.
    OnlyNumber,
}

/// A run of digits, with the text before and after it.
struct DigitRun<'a> {
    digits: &'a str,
    before: &'a str,
    after: &'a str,
}

/// Addresses of items, by whose they are.
struct Addresses {
    gateway: Vec<Result<ItemId, ItemIdError>>,
    offer: Vec<Result<ItemId, ItemIdError>>,
    taobao: Vec<Result<ItemId, ItemIdError>>,
}

/// Finds the one ID in a text, for calls to this platform.
pub(super) fn find(text: &str, platform: &str) -> Result<FoundId, ItemIdError> {
    let plain: String = searched(text).trim().chars().map(half_width).collect();
    if plain.is_empty() {
        return Err(ItemIdError::Empty);
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return ItemId::from_digits(&plain).map(|id| FoundId { id, source: IdSource::Digits });
    }
    let lower = plain.to_lowercase();
    let decoded = percent_decode_str(&lower).decode_utf8_lossy();
    for text in [lower.as_str(), decoded.as_ref()] {
        if let Some(found) = Addresses::in_text(text).of_platform(platform) {
            return found.map(|id| FoundId { id, source: IdSource::Address });
        }
    }
    let labelled = digit_runs(&lower).filter(|run| has_label(run, &LABELS) || run.has_bare_label());
    let labelled = labelled.map(|run| ItemId::from_digits(run.digits));
    if let Some(found) = only(labelled) {
        return found.map(|id| FoundId { id, source: IdSource::Label });
    }
    let lone = digit_runs(&lower).filter(DigitRun::looks_like_id).map(|run| ItemId::from_digits(run.digits));
    match only(lone) {
        Some(found) => found.map(|id| FoundId { id, source: IdSource::OnlyNumber }),
        None if SHORT_HOSTS.iter().any(|host| decoded.contains(host)) => Err(ItemIdError::ShortLink),
        None if has_share_code(&lower) => Err(ItemIdError::ShareCode),
        None if has_exponent(&lower) => Err(ItemIdError::LostDigits),
        None => Err(ItemIdError::NotFound),
    }
}

/// Whether the text is a number as spreadsheets show long ones: `6.10947e+11`.
fn has_exponent(lower: &str) -> bool {
    let Some((mantissa, exponent)) = lower.split_once("e+") else { return false };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(exponent) && are_digits(&mantissa.replacen('.', "", 1))
}

impl Addresses {
    fn in_text(lower: &str) -> Self {
        let after = |marker: &'static str| lower.split(marker).skip(1).map(leading_digits);
        let ids = |digits: &mut dyn Iterator<Item = &str>| {
            digits.filter(|digits| !digits.is_empty()).map(ItemId::from_digits).collect()
        };
        Self {
            gateway: ids(&mut after(GATEWAY_MARKER)),
            offer: ids(&mut OFFER_MARKERS.iter().flat_map(|marker| after(marker))),
            taobao: ids(&mut taobao_digits(lower)),
        }
    }

    /// The only ID in an address of the platform; `None` if there is no address of an item.
    fn of_platform(self, platform: &str) -> Option<Result<ItemId, ItemIdError>> {
        let is_1688 = platform.starts_with("1688");
        let is_taobao = ["taobao", "tmall"].contains(&platform);
        let (has_offer, has_taobao) = (!self.offer.is_empty(), !self.taobao.is_empty());
        let offers = self.offer.into_iter().filter(|_| is_1688);
        let taobao = self.taobao.into_iter().filter(|_| is_taobao);
        only(self.gateway.into_iter().chain(offers).chain(taobao))
            .or_else(|| (is_1688 && has_taobao).then_some(Err(ItemIdError::TaobaoAddress)))
            .or_else(|| (!is_1688 && has_offer).then_some(Err(ItemIdError::OfferAddress)))
    }
}

/// The digits after `id=` or in `/i….htm` of addresses on Taobao and Tmall.
fn taobao_digits(lower: &str) -> impl Iterator<Item = &str> {
    let hosts = TAOBAO_HOSTS.iter().flat_map(|host| lower.split(host).skip(1));
    hosts.filter_map(|after| {
        let end = after.find(|c: char| c.is_whitespace() || !c.is_ascii()).unwrap_or(after.len());
        let path = after.get(..end)?;
        let by_name = ["?id=", "&id="].iter().find_map(|name| path.split_once(name)).map(|(_, rest)| rest);
        let by_path = path
            .strip_prefix('i')
            .filter(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(".htm"));
        by_name.or(by_path).map(leading_digits)
    })
}

/// The only ID of those found: `None` without one, an error with several different ones.
fn only(found: impl Iterator<Item = Result<ItemId, ItemIdError>>) -> Option<Result<ItemId, ItemIdError>> {
    let mut first_error = None;
    let mut known = HashSet::new();
    let mut first = None;
    for id in found {
        match id {
            Ok(id) => {
                first.get_or_insert_with(|| id.clone());
                known.insert(id);
            }
            Err(error) => drop(first_error.get_or_insert(error)),
        }
    }
    match (first, known.len()) {
        (Some(_), 2..) => Some(Err(ItemIdError::Several(known.len()))),
        (Some(id), _) => Some(Ok(id)),
        (None, _) => first_error.map(Err),
    }
}

fn digit_runs(text: &str) -> impl Iterator<Item = DigitRun<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(|c: char| c.is_ascii_digit())?;
        let digits = leading_digits(text.get(start..)?);
        at = start + digits.len();
        Some(DigitRun { digits, before: text.get(..start)?, after: text.get(at..)? })
    })
}

/// Whether one of the labels is right before the number, with nothing but punctuation between them.
fn has_label(run: &DigitRun<'_>, labels: &[&str]) -> bool {
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\'' | '#' | '(' | '是' | '为');
    let before = run.before.trim_end_matches(is_between);
    labels.iter().any(|label| before.ends_with(label))
}

impl DigitRun<'_> {
    /// Whether its line begins with the label `ID`. After other words, that is the ID of a shop or a person as well;
    /// and `id=` is a part of an address.
    fn has_bare_label(&self) -> bool {
        let is_between = |c: char| matches!(c, ' ' | '\t' | ':' | '#');
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        let label = line.trim_end_matches(is_between).trim();
        label == "id" && !self.after.starts_with(|c: char| c.is_ascii_alphanumeric())
    }

    /// Whether it stands alone between other words, has as many digits as IDs have, and is no date, telephone number,
    /// or a number with a label of its own.
    fn looks_like_id(&self) -> bool {
        let is_joined =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '=' | '+' | '@' | '*');
        let ends = self.after.trim_start_matches('.').starts_with(is_joined)
            || self.after.starts_with(|c: char| is_joined(c) && c != '.');
        USUAL_LENGTH.contains(&self.digits.len())
            && !self.digits.starts_with('0')
            && !self.before.ends_with(is_joined)
            && !ends
            && !is_telephone(self.digits)
            && !is_date(self.digits)
            && !has_label(self, &OTHER_LABELS)
    }
}

/// A mobile telephone in China (`13800138000`, `8613800138000`), or a service number (`4008001234`).
pub(super) fn is_telephone(digits: &str) -> bool {
    let national = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
    let is_mobile = |digits: &str| {
        digits.len() == 11 && digits.starts_with('1') && digits.get(1..2).is_some_and(|second| second >= "3")
    };
    is_mobile(national) || digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// A date, perhaps with its time: `202611241530`.
fn is_date(digits: &str) -> bool {
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    digits.starts_with("20")
        && [8, 10, 12, 14].contains(&digits.len())
        && part(4..6).is_some_and(|month| (1..=12).contains(&month))
        && part(6..8).is_some_and(|day| (1..=31).contains(&day))
}

/// Whether a code of the apps is in the text: `￥AbC123￥`, or words about one.
fn has_share_code(lower: &str) -> bool {
    let is_code = |code: &str| code.len() >= 6 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let signs = ['¥', '\u{ffe5}', '$', '€', '₤', '₳', '¢'];
    let mut between = lower.split(signs).skip(1);
    lower.contains("口令")
        || lower.contains("复制这条")
        || between.any(is_code) && lower.matches(signs).count() > 1
}

fn searched(text: &str) -> &str {
    let mut end = text.len().min(MAX_SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The ASCII twin of a full-width form (`１`, `／`, `？`, `＝`) or of the ideographic space; others stay as they are.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

fn leading_digits(text: &str) -> &str {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..end).unwrap_or_default()
}
