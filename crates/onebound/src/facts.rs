//! Facts about an answer that a caller should know: a table of rules, each with what it found.
//!
//! ```text
//!  body ─▶ Document ─▶ Analysis (once, where the answer is read) ─┐
//!  call, headers, times, outcome ───────────────────────────────┴─▶ Rule::find ─▶ Finding ─▶ facts, the worst first
//! ```
//!
//! Everything that takes a pass over the document is done once, by the `Analysis`, so that [`Exchange::facts`] takes the
//! same time for 2 SKUs and for 212,000. A new rule is a line in the table and a function.

mod amounts;
mod analysis;
mod envelope;
mod http;
mod inner_error;
mod item;
mod skus;
mod syntax;
mod unchecked;

use super::exchange::Exchange;
use super::reply::Reply;
pub(super) use analysis::Analysis;
use onebound_document::NodeId;
pub use unchecked::Unchecked;

/// The severity of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The answer is not what it should be.
    Wrong,
    /// It has cost something, or soon will.
    Costs,
    /// The API is like that; good to know before relying on it.
    Odd,
}

/// The result of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The values for the rule's message, in order; raw texts, so strip control characters before printing them.
    pub values: Vec<String>,
    /// The path that it is about, such as `$.item.price`; empty if it is about no part of the document.
    pub path: String,
    /// True while the path is that of a usual answer, not yet of this one.
    is_usual: bool,
}

/// A rule that applies to an answer, with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The rule.
    pub rule: Rule,
    /// Its result.
    pub finding: Finding,
}

impl Finding {
    /// A finding at the path in a usual answer, such as `$.item.price`; translated to this answer later.
    fn at_path<const N: usize>(path: impl Into<String>, values: [String; N]) -> Self {
        Self { values: values.into(), path: path.into(), is_usual: true }
    }

    /// A finding at a node of the answer.
    fn at_node<const N: usize>(reply: &Reply, node: NodeId, values: [String; N]) -> Self {
        Self { values: values.into(), path: reply.path_of(node), is_usual: false }
    }

    fn in_answer(mut self, exchange: &Exchange) -> Self {
        if let (true, Some(reply)) = (std::mem::take(&mut self.is_usual), &exchange.reply) {
            self.path = reply.relocated(&self.path);
        }
        self
    }
}

/// Declares the table: variant, id, severity, and the function that looks.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident $id:literal $severity:ident $find:path;)+) => {
        /// A rule of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl Rule {
            /// All rules; facts of one severity are listed in this order.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            /// Its name, in `snake_case`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)+ }
            }

            /// Its severity.
            pub fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            /// Checks the rule.
            pub fn find(self, exchange: &Exchange) -> Option<Finding> {
                let found = match self { $(Self::$rule => $find(exchange),)+ };
                found.map(|found| found.in_answer(exchange))
            }
        }
    };
}

rules! {
    /// Another item than the one asked for.
    WrongItem "wrong_item" Wrong item::wrong_item;
    /// The host redirects callers.
    Redirect "redirect" Wrong http::redirect;
    /// GBK under a utf-8 label.
    Gbk "gbk" Wrong http::gbk;
    /// Packed bytes that break.
    GzipBroken "gzip_broken" Wrong http::gzip_broken;
    /// Packed in more members than are unpacked.
    GzipMembers "gzip_members" Wrong http::gzip_members;
    /// Not unpacked whole, for nobody waited for it any more.
    GzipStopped "gzip_stopped" Wrong http::gzip_stopped;
    /// Said to be packed, and is not.
    GzipOverPlain "gzip_over_plain" Wrong http::gzip_over_plain;
    /// Packed in a way that was not asked for.
    UnknownCoding "unknown_coding" Wrong http::unknown_coding;
    /// A chunk without its length.
    ChunkBroken "chunk_broken" Wrong http::chunk_broken;
    /// Lines of the head that are none.
    OddHead "odd_head" Wrong http::odd_head;
    /// No head at all.
    NoHead "no_head" Wrong http::no_head;
    /// Bytes that are neither UTF-8 nor GBK.
    BrokenUtf8 "broken_utf8" Wrong syntax::broken_utf8;
    /// Text before the answer, such as a message of the vendor's PHP.
    TextBefore "text_before_answer" Wrong syntax::text_before;
    /// Text after the JSON.
    TextAfterJson "text_after_json" Wrong syntax::text_after;
    /// Numbers that JSON does not know, such as `1+2`.
    NumberNotJson "number_not_json" Wrong syntax::number;
    /// NaN or Infinity.
    NotFinite "not_finite" Wrong syntax::not_finite;
    /// Escapes that JSON does not know.
    EscapeNotJson "escape_not_json" Wrong syntax::escape;
    /// Control characters where the format forbids them.
    ControlCharacter "control_character" Wrong syntax::control;
    /// An `&` that begins no entity of XML.
    AmpersandNotXml "ampersand_not_xml" Wrong syntax::ampersand;
    /// An attribute twice in one element of XML.
    AttributeDoubled "attribute_doubled" Wrong syntax::attribute;
    /// References of PHP that could not be followed.
    ReferenceNotFollowed "reference_not_followed" Wrong syntax::unfollowed;
    /// More answers than the one that is read.
    AnswersBeside "answers_beside" Wrong envelope::answers_beside;
    /// An error inside of an envelope that says success.
    InnerError "inner_error" Wrong envelope::inner_error;
    /// The field for the item or the items is empty.
    NothingInIt "nothing_in_it" Wrong envelope::nothing_in_it;
    /// Error text and error code contradict each other.
    CodeAndTextDisagree "code_and_text_disagree" Wrong envelope::code_and_text_disagree;
    /// A code that the vendor's table lacks.
    UnknownCode "unknown_code" Wrong envelope::unknown_code;
    /// `call_args` has another value than the one that was sent.
    ArgsDiffer "args_differ" Wrong envelope::args_differ;
    /// The vendor's copy although `cache=no` was asked for.
    CacheDespiteNo "cache_despite_no" Wrong envelope::cache_despite_no;
    /// The vendor could not translate.
    TranslationFailed "translation_failed" Wrong envelope::translation_failed;
    /// The key's last day is over.
    KeyExpired "key_expired" Wrong envelope::key_expired;
    /// Fields of types never seen there.
    UnexpectedType "unexpected_type" Wrong item::unexpected_type;
    /// An item without a title.
    TitleMissing "title_missing" Wrong item::title_missing;
    /// A key twice in one object.
    DuplicateKeys "duplicate_keys" Wrong item::duplicate_keys;
    /// A SKU ID that more than one SKU has.
    SkuIdsDoubled "sku_ids_doubled" Wrong skus::ids_doubled;
    /// Addresses of images that can't be loaded.
    BrokenAddresses "broken_addresses" Wrong item::broken_addresses;
    /// 0000 without an item.
    EmptySuccess "empty_success" Costs envelope::empty_success;
    /// Another language than Chinese was asked for.
    Translated "translated" Costs envelope::translated;
    /// Few calls are left today.
    QuotaNearEnd "quota_near_end" Costs envelope::quota_near_end;
    /// The key has not many days left.
    KeyExpiresSoon "key_expires_soon" Costs envelope::key_expires_soon;
    /// The answer is not all of the body.
    FoundInside "found_inside" Odd envelope::found_inside;
    /// The vendor's copy, and how old it is.
    VendorCache "vendor_cache" Odd envelope::vendor_cache;
    /// The item is cheaper than every SKU.
    PriceBelowSkus "price_below_skus" Odd item::price_below_skus;
    /// SKUs whose price is not in figures.
    PricesLeftOut "prices_left_out" Odd skus::prices_left_out;
    /// SKUs whose price is no plain number.
    PricesSpelled "prices_spelled" Odd skus::prices_spelled;
    /// Prices of SKUs outside of `priceRange`.
    SkusOutsideTiers "skus_outside_tiers" Odd skus::outside_tiers;
    /// Nothing is in stock.
    StockZero "stock_zero" Odd skus::stock_zero;
    /// Three counts of what was sold.
    SalesDisagree "sales_disagree" Odd skus::sales_disagree;
    /// SKUs without an ID.
    SkuIdsMissing "sku_ids_missing" Odd skus::ids_missing;
    /// The price is a string.
    PriceIsText "price_is_text" Odd item::price_is_text;
    /// Fields that no page and no captured body names.
    UnknownField "unknown_field" Odd item::unknown_field;
    /// `call_args` names what was never sent.
    ArgsNeverSent "args_never_sent" Odd envelope::args_never_sent;
    /// Addresses of images in more than one form.
    MixedSchemes "mixed_schemes" Odd item::mixed_schemes;
    /// No description.
    EmptyDescription "empty_description" Odd item::empty_description;
    /// The vendor's tracking pixel.
    TrackingPixel "tracking_pixel" Odd item::tracking_pixel;
    /// `server_time` is far from our clock.
    ServerClock "server_clock" Odd envelope::server_clock;
    /// The header `Date` is far from our clock.
    HttpClock "http_clock" Odd http::clock;
    /// An answer under another status than 200.
    Status "status" Odd http::status;
    /// The vendor took long.
    SlowVendor "slow_vendor" Odd envelope::slow_vendor;
    /// Connection and transfer took long.
    SlowWay "slow_way" Odd http::slow_way;
    /// A byte order mark before the JSON.
    ByteOrderMark "byte_order_mark" Odd syntax::byte_order_mark;
    /// References of PHP, replaced by the values that they refer to.
    ReferenceFollowed "reference_followed" Odd syntax::reference;
    /// Much larger than items are.
    BodyLarge "body_large" Odd http::body_large;
    /// Much smaller than items are.
    BodySmall "body_small" Odd http::body_small;
}

impl Exchange {
    /// The facts of this exchange, the most severe first. Takes microseconds; of a large body that was not analysed yet,
    /// only some rules apply.
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |&rule: &Rule| Some(Fact { rule, finding: rule.find(self)? });
        let mut facts: Vec<Fact> = Rule::ALL.iter().filter_map(fact).collect();
        facts.sort_by_key(|fact| fact.rule.severity());
        facts
    }
}
