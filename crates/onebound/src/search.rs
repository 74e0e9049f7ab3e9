//! Calls that look for items: `item_search` by words, `item_search_shop` for all items of a shop.
//!
//! The parameters are those of the vendor's pages of the two APIs (V): `q`, `start_price`, `end_price`, `page`,
//! `page_size`, `cat` and `sort` of a search; `seller_nick` (on 1688 the shop's sid, `b2b-…`), `start_price`,
//! `end_price`, `q`, `page`, `cid` and `sort` of a shop. On taobao the shop is given by `shop_id` (V). Others
//! (`filter`, `quantityBegin`, `ppath`) go through [`CallSettings::extra`].

mod price_limits;

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::call::{Call, CallError, CallSettings};
use super::parameter::is_named;
pub use price_limits::PriceLimits;

/// The API that searches by words.
pub const ITEM_SEARCH: &str = "item_search";
/// The API of all items of a shop.
pub const ITEM_SEARCH_SHOP: &str = "item_search_shop";

/// Orders of the vendor's pages that have no name of their own here: `bid2` and `_bid2` of taobao, `sale`, `time` and
/// `new` of a shop.
const OTHER_ORDERS: [&str; 5] = ["bid2", "_bid2", "sale", "time", "new"];

/// One page of a search, without what all calls share; [`CallSettings::search`] makes a call of it.
///
/// ```
/// use onebound::{CallSettings, SearchQuery, SearchSort};
///
/// let query = SearchQuery::by_words("女装")?.sorted(SearchSort::Sales).priced("10..50".parse()?);
/// let call = CallSettings::default().search(&query)?;
/// let sent: Vec<_> = call.parameters().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
/// assert_eq!(sent, ["result_type=jsonu", "q=女装", "start_price=10", "end_price=50", "sort=_sale", "page=1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    target: SearchTarget,
    price: PriceLimits,
    category: Option<String>,
    sort: Option<SearchSort>,
    page: NonZeroU32,
    page_size: Option<NonZeroU32>,
}

/// Where a search looks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SearchTarget {
    Words(String),
    Shop { shop: String, words: Option<String> },
}

impl SearchQuery {
    /// A search by words.
    ///
    /// # Errors
    /// If there are none.
    pub fn by_words(words: &str) -> Result<Self, SearchError> {
        let words = filled(words).ok_or(SearchError::NoWords)?;
        Ok(Self::new(SearchTarget::Words(words)))
    }

    /// The items of a shop: on 1688 its sid (`b2b-2200733087881719de`, which an item has in `seller_info.sid`), on
    /// taobao its number (`shop_id`).
    ///
    /// # Errors
    /// If the text is blank.
    pub fn of_shop(shop: &str) -> Result<Self, SearchError> {
        let shop = filled(shop).ok_or(SearchError::NoShop)?;
        Ok(Self::new(SearchTarget::Shop { shop, words: None }))
    }

    fn new(target: SearchTarget) -> Self {
        let (price, page) = (PriceLimits::default(), NonZeroU32::MIN);
        Self { target, price, category: None, sort: None, page, page_size: None }
    }

    /// Of a shop only the items with these words; of a search, these in place of its own. Blank ones change nothing.
    #[must_use]
    pub fn with_words(mut self, text: &str) -> Self {
        if let Some(text) = filled(text) {
            match &mut self.target {
                SearchTarget::Words(words) => *words = text,
                SearchTarget::Shop { words, .. } => *words = Some(text),
            }
        }
        self
    }

    /// Only items between these prices (`start_price`, `end_price`).
    #[must_use]
    pub fn priced(self, price: PriceLimits) -> Self {
        Self { price, ..self }
    }

    /// Only items of this category: `cat`, of a shop `cid`.
    #[must_use]
    pub fn in_category(self, category: &str) -> Self {
        Self { category: filled(category), ..self }
    }

    /// In this order (`sort`).
    #[must_use]
    pub fn sorted(self, sort: SearchSort) -> Self {
        Self { sort: Some(sort), ..self }
    }

    /// This page of the result. Each page is a call of its own.
    #[must_use]
    pub fn at_page(self, page: NonZeroU32) -> Self {
        Self { page, ..self }
    }

    /// So many items on a page (`page_size`); the vendor's own number where it is not given: 40 says its page, 10 and
    /// 20 were seen.
    #[must_use]
    pub fn paged_by(self, page_size: NonZeroU32) -> Self {
        Self { page_size: Some(page_size), ..self }
    }

    /// The page asked for, from 1 on.
    pub fn page(&self) -> NonZeroU32 {
        self.page
    }

    /// The API that answers it.
    pub fn api_name(&self) -> &'static str {
        match self.target {
            SearchTarget::Words(_) => ITEM_SEARCH,
            SearchTarget::Shop { .. } => ITEM_SEARCH_SHOP,
        }
    }

    /// The parameters, in the order of the vendor's page. The page is always among them, so that the first one is
    /// the same question however it was asked.
    fn parameters(&self, platform: &str) -> Vec<(String, String)> {
        let is_taobao = matches!(platform, "taobao" | "tmall");
        let mut all: Vec<(&str, String)> = match &self.target {
            SearchTarget::Words(words) => vec![("q", words.clone())],
            SearchTarget::Shop { shop, words } => {
                let name = if is_taobao { "shop_id" } else { "seller_nick" };
                let words = words.iter().map(|words| ("q", words.clone()));
                [(name, shop.clone())].into_iter().chain(words).collect()
            }
        };
        let category = if self.api_name() == ITEM_SEARCH { "cat" } else { "cid" };
        all.extend(self.price.low().map(|price| ("start_price", price.to_string())));
        all.extend(self.price.high().map(|price| ("end_price", price.to_string())));
        all.extend(self.category.iter().map(|id| (category, id.clone())));
        all.extend(self.sort.iter().map(|sort| ("sort", sort.to_string())));
        all.push(("page", self.page.to_string()));
        all.extend(self.page_size.map(|size| ("page_size", size.to_string())));
        all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl CallSettings {
    /// The call for one page of a search.
    ///
    /// # Errors
    /// If a setting can't be sent, or a further parameter ([`CallSettings::extra`]) has the name of one that the
    /// query gives: PHP would take the last of the two.
    pub fn search(&self, query: &SearchQuery) -> Result<Call, CallError> {
        let own = query.parameters(self.platform());
        let clashes = |name: &str| own.iter().any(|(own, _)| is_named(name, own));
        if let Some((name, _)) = self.extra.iter().find(|(name, _)| clashes(name)) {
            return Err(CallError::Reserved { name: name.clone(), instead: "the search has it already" });
        }
        self.raw(query.api_name(), own)
    }
}

/// The order of a search's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchSort {
    /// The cheapest first: `bid`.
    PriceAscending,
    /// The dearest first: `_bid`.
    PriceDescending,
    /// The most sold first: `_sale`.
    Sales,
    /// The best seller's credit first: `_credit`, which the vendor's page of today does not list for 1688 (C).
    Credit,
    /// Another order of the vendor, in its own word: `bid2`, `new`, `time`.
    Other(String),
}

impl SearchSort {
    /// The words that are an order: ours, then the vendor's.
    pub const WORDS: [&str; 13] = [
        "price",
        "price-desc",
        "sales",
        "credit",
        "bid",
        "_bid",
        "bid2",
        "_bid2",
        "sale",
        "_sale",
        "_credit",
        "new",
        "time",
    ];

    /// The vendor's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::PriceAscending => "bid",
            Self::PriceDescending => "_bid",
            Self::Sales => "_sale",
            Self::Credit => "_credit",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for SearchSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SearchSort {
    type Err = SearchError;

    /// `price`, `price-desc`, `sales`, `credit`, or a word of the vendor's pages: a mistyped one would be billed, and
    /// the vendor would pass it over. [`SearchSort::Other`] takes any word.
    fn from_str(text: &str) -> Result<Self, SearchError> {
        Ok(match text.trim() {
            "price" | "bid" => Self::PriceAscending,
            "price-desc" | "_bid" => Self::PriceDescending,
            "sales" | "_sale" => Self::Sales,
            "credit" | "_credit" => Self::Credit,
            word if OTHER_ORDERS.contains(&word) => Self::Other(word.to_owned()),
            _ => return Err(SearchError::Sort(text.to_owned())),
        })
    }
}

/// Why a text is no part of a search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// Blank words.
    #[error("there are no words to search for")]
    NoWords,
    /// A blank shop.
    #[error("no shop was given: on 1688 its sid (b2b-…, as in seller_info of its items)")]
    NoShop,
    /// Prices that are none, or the lower one above the higher one.
    #[error("{0:?} is no price range: give it as 10..50, 10.. or ..50, in yuan")]
    Price(String),
    /// No order.
    #[error(
        "{0:?} is no order: give price, price-desc, sales, credit, or a word of the vendor's pages such as bid2"
    )]
    Sort(String),
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Decimal;
    use rstest::rstest;

    fn sent(settings: &CallSettings, query: &SearchQuery) -> String {
        let call = settings.search(query).unwrap();
        let pairs = call.parameters().into_iter().map(|(name, value)| format!("{name}={value}"));
        format!("{}?{}", call.api(), pairs.skip(1).collect::<Vec<_>>().join("&"))
    }

    fn on(platform: &str) -> CallSettings {
        CallSettings { platform: Some(platform.to_owned()), ..CallSettings::default() }
    }

    fn number(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    #[test]
    fn a_search_sends_what_was_asked_and_always_its_page() {
        let query = SearchQuery::by_words(" 围巾 ").unwrap();
        assert_eq!(sent(&on("1688"), &query), "1688/item_search?q=围巾&page=1");
        let all = query
            .priced("10..50.5".parse().unwrap())
            .in_category("50903")
            .sorted("price-desc".parse().unwrap())
            .at_page(number(3))
            .paged_by(number(40));
        let expected = "q=围巾&start_price=10&end_price=50.5&cat=50903&sort=_bid&page=3&page_size=40";
        assert_eq!(sent(&on("1688global"), &all), format!("1688global/item_search?{expected}"));
    }

    #[test]
    fn a_shop_is_given_as_its_platform_wants_it() {
        let query = SearchQuery::of_shop("b2b-2200733087881719de").unwrap().in_category("7").with_words("帽");
        let expected = "1688/item_search_shop?seller_nick=b2b-2200733087881719de&q=帽&cid=7&page=1";
        assert_eq!(sent(&on("1688"), &query), expected);
        let query = SearchQuery::of_shop("36558682").unwrap();
        assert_eq!(sent(&on("taobao"), &query), "taobao/item_search_shop?shop_id=36558682&page=1");
    }

    #[test]
    fn nothing_blank_is_asked_for() {
        assert_eq!(SearchQuery::by_words(" \n").unwrap_err(), SearchError::NoWords);
        assert_eq!(SearchQuery::of_shop("").unwrap_err(), SearchError::NoShop);
        let query = SearchQuery::by_words("a").unwrap().with_words(" ").in_category(" ");
        assert_eq!(sent(&on("1688"), &query), "1688/item_search?q=a&page=1");
    }

    #[test]
    fn a_further_parameter_does_not_change_what_the_query_asks() {
        let with = |name: &str| CallSettings {
            extra: vec![(name.to_owned(), "9".to_owned())],
            ..CallSettings::default()
        };
        let query = SearchQuery::by_words("a").unwrap();
        for name in ["page", "Q"] {
            assert!(matches!(with(name).search(&query), Err(CallError::Reserved { .. })), "{name}");
        }
        assert_eq!(sent(&with("filter"), &query), "1688/item_search?q=a&page=1&filter=9");
    }

    #[rstest]
    #[case("10..50", Some("10"), Some("50"))]
    #[case("0.50..", Some("0.50"), None)]
    #[case(" .. 7 ", None, Some("7"))]
    #[case("5..5.0", Some("5"), Some("5.0"))]
    fn price_limits_keep_their_digits(
        #[case] text: &str,
        #[case] low: Option<&str>,
        #[case] high: Option<&str>,
    ) {
        let limits: PriceLimits = text.parse().unwrap();
        let written = |limit: Option<Decimal>| limit.map(|limit| limit.to_string());
        assert_eq!((written(limits.low()).as_deref(), written(limits.high()).as_deref()), (low, high));
    }

    #[test]
    fn each_word_that_is_named_is_an_order() {
        for word in SearchSort::WORDS {
            assert!(word.parse::<SearchSort>().is_ok(), "{word}");
        }
    }

    #[test]
    fn what_is_no_range_and_no_order_is_refused() {
        for text in ["", "..", "10", "10-50", "50..10", "-1..5", "a..b", "1..2..3"] {
            assert_eq!(text.parse::<PriceLimits>(), Err(SearchError::Price(text.to_owned())));
        }
        for text in ["", "a b", "价格", "&x=1", "nonsense", "sales-desc"] {
            assert_eq!(text.parse::<SearchSort>(), Err(SearchError::Sort(text.to_owned())));
        }
        for word in ["bid", "_bid", "_sale", "_credit", "bid2", "new"] {
            assert_eq!(word.parse::<SearchSort>().unwrap().as_str(), word);
        }
    }
}
