//! Facts about an answer that a caller should know: a table of rules, each with what it found.
//!
//! ```text
//!  body ─▶ Document ─▶ Analysis (once, where the answer is read) ─┐
//!  call, headers, times, outcome ───────────────────────────────┴─▶ Rule::find ─▶ Finding ─▶ facts, the worst first
//! ```
//!
//! Whatever takes a walk over the document is done by the `Analysis`, off the loop, so that asking for the facts costs
//! the same for 2 SKUs and for 212,000. A new rule is a line in the table, a function, its words in
//! `i18n::facts`, and a body that has it in `tests/it/api/facts`.

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

/// How much a fact matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The answer is not what it should be.
    Wrong,
    /// It has cost something, or soon will.
    Costs,
    /// The API is like that; good to know before relying on it.
    Odd,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Status, headers, bytes and times.
    Http,
    /// The envelope around the item.
    Envelope,
    /// The item's own fields.
    Item,
    /// Its SKUs.
    Skus,
    /// Its description.
    Description,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What goes into the rule's text, in order; as it came, so not yet fit for cells.
    pub values: Vec<String>,
    /// What of the document it is about, such as `$.item.price`; empty where it is about none of it.
    pub path: String,
    /// Whether the path is one of the usual form, and not yet that of this answer.
    is_usual: bool,
}

/// A rule that holds for an answer, with what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which one.
    pub rule: Rule,
    /// What it found.
    pub finding: Finding,
}

impl Finding {
    /// About a place that every answer of the usual form has, `$.item.price`: wherever the item is in this one, that
    /// is where it leads.
    fn at_path<const N: usize>(path: impl Into<String>, values: [String; N]) -> Self {
        Self { values: values.into(), path: path.into(), is_usual: true }
    }

    /// About this node of the answer.
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

/// Declares the table: variant, id, severity, what is looked at, and the function that looks.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident $id:literal $severity:ident $aspect:ident $find:path;)+) => {
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

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            /// What it looks at.
            pub fn aspect(self) -> Aspect {
                match self { $(Self::$rule => Aspect::$aspect,)+ }
            }

            /// Looks whether it holds.
            pub fn find(self, exchange: &Exchange) -> Option<Finding> {
                let found = match self { $(Self::$rule => $find(exchange),)+ };
                found.map(|found| found.in_answer(exchange))
            }
        }
    };
}

rules! {
    /// Another item than the one asked for.
    WrongItem "wrong_item" Wrong Item item::wrong_item;
    /// The host redirects callers.
    Redirect "redirect" Wrong Http http::redirect;
    /// GBK under a utf-8 label.
    Gbk "gbk" Wrong Http http::gbk;
    /// Packed bytes that break.
    GzipBroken "gzip_broken" Wrong Http http::gzip_broken;
    /// Packed in more members than are unpacked.
    GzipMembers "gzip_members" Wrong Http http::gzip_members;
    /// Not unpacked whole, for nobody waited for it any more.
    GzipStopped "gzip_stopped" Wrong Http http::gzip_stopped;
    /// Said to be packed, and is not.
    GzipOverPlain "gzip_over_plain" Wrong Http http::gzip_over_plain;
    /// Packed in a way that was not asked for.
    UnknownCoding "unknown_coding" Wrong Http http::unknown_coding;
    /// A chunk without its length.
    ChunkBroken "chunk_broken" Wrong Http http::chunk_broken;
    /// Lines of the head that are none.
    OddHead "odd_head" Wrong Http http::odd_head;
    /// No head at all.
    NoHead "no_head" Wrong Http http::no_head;
    /// Bytes that are neither UTF-8 nor GBK.
    BrokenUtf8 "broken_utf8" Wrong Http syntax::broken_utf8;
    /// Text before the answer, such as a message of the vendor's PHP.
    TextBefore "text_before_answer" Wrong Http syntax::text_before;
    /// Text after the JSON.
    TextAfterJson "text_after_json" Wrong Http syntax::text_after;
    /// Numbers that JSON does not know, such as `1+2`.
    NumberNotJson "number_not_json" Wrong Http syntax::number;
    /// NaN or Infinity.
    NotFinite "not_finite" Wrong Http syntax::not_finite;
    /// Escapes that JSON does not know.
    EscapeNotJson "escape_not_json" Wrong Http syntax::escape;
    /// Control characters where the format forbids them.
    ControlCharacter "control_character" Wrong Http syntax::control;
    /// An `&` that begins no entity of XML.
    AmpersandNotXml "ampersand_not_xml" Wrong Http syntax::ampersand;
    /// An attribute twice in one element of XML.
    AttributeDoubled "attribute_doubled" Wrong Http syntax::attribute;
    /// References of PHP that could not be followed.
    ReferenceNotFollowed "reference_not_followed" Wrong Http syntax::unfollowed;
    /// More answers than the one that is read.
    AnswersBeside "answers_beside" Wrong Envelope envelope::answers_beside;
    /// An error inside of an envelope that says success.
    InnerError "inner_error" Wrong Envelope envelope::inner_error;
    /// What should hold the item or the items holds nothing.
    NothingInIt "nothing_in_it" Wrong Envelope envelope::nothing_in_it;
    /// Error text and error code contradict each other.
    CodeAndTextDisagree "code_and_text_disagree" Wrong Envelope envelope::code_and_text_disagree;
    /// A code that the vendor's table lacks.
    UnknownCode "unknown_code" Wrong Envelope envelope::unknown_code;
    /// `call_args` has another value than the one that was sent.
    ArgsDiffer "args_differ" Wrong Envelope envelope::args_differ;
    /// The vendor's copy although `cache=no` was asked for.
    CacheDespiteNo "cache_despite_no" Wrong Envelope envelope::cache_despite_no;
    /// The vendor could not translate.
    TranslationFailed "translation_failed" Wrong Envelope envelope::translation_failed;
    /// The key's last day is over.
    KeyExpired "key_expired" Wrong Envelope envelope::key_expired;
    /// Fields of types never seen there.
    UnexpectedType "unexpected_type" Wrong Item item::unexpected_type;
    /// An item without a title.
    TitleMissing "title_missing" Wrong Item item::title_missing;
    /// A key twice in one object.
    DuplicateKeys "duplicate_keys" Wrong Item item::duplicate_keys;
    /// A SKU ID that more than one SKU has.
    SkuIdsDoubled "sku_ids_doubled" Wrong Skus skus::ids_doubled;
    /// Addresses of images that can't be loaded.
    BrokenAddresses "broken_addresses" Wrong Item item::broken_addresses;
    /// 0000 without an item.
    EmptySuccess "empty_success" Costs Envelope envelope::empty_success;
    /// Another language than Chinese was asked for.
    Translated "translated" Costs Envelope envelope::translated;
    /// Few calls are left today.
    QuotaNearEnd "quota_near_end" Costs Envelope envelope::quota_near_end;
    /// The key has not many days left.
    KeyExpiresSoon "key_expires_soon" Costs Envelope envelope::key_expires_soon;
    /// The answer is not all of the body.
    FoundInside "found_inside" Odd Envelope envelope::found_inside;
    /// The vendor's copy, and how old it is.
    VendorCache "vendor_cache" Odd Envelope envelope::vendor_cache;
    /// The item is cheaper than every SKU.
    PriceBelowSkus "price_below_skus" Odd Item item::price_below_skus;
    /// SKUs whose price is not in figures.
    PricesLeftOut "prices_left_out" Odd Skus skus::prices_left_out;
    /// SKUs whose price is no plain number.
    PricesSpelled "prices_spelled" Odd Skus skus::prices_spelled;
    /// Prices of SKUs outside of `priceRange`.
    SkusOutsideTiers "skus_outside_tiers" Odd Skus skus::outside_tiers;
    /// Nothing is in stock.
    StockZero "stock_zero" Odd Skus skus::stock_zero;
    /// Three counts of what was sold.
    SalesDisagree "sales_disagree" Odd Skus skus::sales_disagree;
    /// SKUs without an ID.
    SkuIdsMissing "sku_ids_missing" Odd Skus skus::ids_missing;
    /// The price is a string.
    PriceIsText "price_is_text" Odd Item item::price_is_text;
    /// Fields that no page and no captured body names.
    UnknownField "unknown_field" Odd Item item::unknown_field;
    /// `call_args` names what was never sent.
    ArgsNeverSent "args_never_sent" Odd Envelope envelope::args_never_sent;
    /// Addresses of images in more than one form.
    MixedSchemes "mixed_schemes" Odd Item item::mixed_schemes;
    /// No description.
    EmptyDescription "empty_description" Odd Description item::empty_description;
    /// The vendor's tracking pixel.
    TrackingPixel "tracking_pixel" Odd Description item::tracking_pixel;
    /// `server_time` is far from our clock.
    ServerClock "server_clock" Odd Envelope envelope::server_clock;
    /// The header `Date` is far from our clock.
    HttpClock "http_clock" Odd Http http::clock;
    /// An answer under another status than 200.
    Status "status" Odd Http http::status;
    /// The vendor took long.
    SlowVendor "slow_vendor" Odd Envelope envelope::slow_vendor;
    /// What is not the vendor's own time took long.
    SlowWay "slow_way" Odd Http http::slow_way;
    /// A byte order mark before the JSON.
    ByteOrderMark "byte_order_mark" Odd Http syntax::byte_order_mark;
    /// References of PHP, replaced by the values that they refer to.
    ReferenceFollowed "reference_followed" Odd Http syntax::reference;
    /// Much larger than items are.
    BodyLarge "body_large" Odd Http http::body_large;
    /// Much smaller than items are.
    BodySmall "body_small" Odd Http http::body_small;
}

impl Exchange {
    /// What is odd about it, the worst first. Takes microseconds, however large the body is; of a large one that was
    /// not yet looked over, less is known.
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |&rule: &Rule| Some(Fact { rule, finding: rule.find(self)? });
        let mut facts: Vec<Fact> = Rule::ALL.iter().filter_map(fact).collect();
        facts.sort_by_key(|fact| fact.rule.severity());
        facts
    }
}
