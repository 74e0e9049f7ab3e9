//! A valid request for `item_search` or `item_search_shop`.

use super::codes::ErrorReply;
use super::request::CallRequest;

/// How many items a page has where the request does not say: as the vendor's page has it.
const PAGE_SIZE: u64 = 40;
/// More are not given at once.
const MAX_PAGE_SIZE: u64 = 100;

/// What is searched, which page of it, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchRequest {
    pub(super) target: SearchTarget,
    /// Prices in fen, both included.
    pub(super) low: u64,
    pub(super) high: u64,
    /// The vendor's word; another than those it knows changes nothing.
    pub(super) sort: String,
    /// From 1 on.
    pub(super) page: u64,
    pub(super) page_size: u64,
}

/// Where it is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SearchTarget {
    /// `q` of `item_search`.
    Words(String),
    /// `item_search_shop`: the shop's sid, or its seller's number; with `q` only items with these words.
    Shop { shop: String, words: String },
}

impl SearchRequest {
    /// Checks the parameters: 4014 for missing words or a missing shop, 4003 for a value that will not do.
    pub(super) fn parse(call: &CallRequest) -> Result<Self, ErrorReply> {
        let words = call.param("q").unwrap_or_default().trim().to_owned();
        let missing = |name: &str| ErrorReply::with_reason("4014", format!("参数缺失:{name}"));
        let target = if call.api_name == "item_search" {
            if words.is_empty() {
                return Err(missing("q"));
            }
            SearchTarget::Words(words)
        } else {
            let names = ["seller_nick", "shop_id", "seller_id"];
            let shop =
                names.iter().find_map(|name| call.param(name)).ok_or_else(|| missing("seller_nick"))?;
            SearchTarget::Shop { shop: shop.trim().to_owned(), words }
        };
        let high = price(call, "end_price")?;
        Ok(Self {
            target,
            low: price(call, "start_price")?,
            // 0 is no limit: the vendor's own examples have it.
            high: if high == 0 { u64::MAX } else { high },
            sort: call.param("sort").unwrap_or_default().to_owned(),
            page: number(call, "page", 1)?,
            page_size: number(call, "page_size", PAGE_SIZE)?.min(MAX_PAGE_SIZE),
        })
    }

    /// The text that decides on errors and faults, as an ID does: the words, or a shop that is given by digits. The sid
    /// of a shop may end in any.
    pub(super) fn test_text(&self) -> &str {
        match &self.target {
            SearchTarget::Words(words) => words,
            SearchTarget::Shop { shop, .. } if shop.bytes().all(|byte| byte.is_ascii_digit()) => shop,
            SearchTarget::Shop { .. } => "",
        }
    }
}

fn wrong(name: &str) -> ErrorReply {
    ErrorReply::with_reason("4003", format!("用户输入参数错误:{name}"))
}

fn number(call: &CallRequest, name: &str, usual: u64) -> Result<u64, ErrorReply> {
    let Some(text) = call.param(name) else { return Ok(usual) };
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| wrong(name))
}

/// A price in yuan, as fen.
fn price(call: &CallRequest, name: &str) -> Result<u64, ErrorReply> {
    let text = call.param(name).unwrap_or("0");
    let yuan: f64 = text.parse().map_err(|_| wrong(name))?;
    let sound = (0.0..=1e9).contains(&yuan);
    // Whole, and within the range of the number.
    sound.then(|| format!("{:.0}", yuan * 100.0).parse().unwrap_or(u64::MAX)).ok_or_else(|| wrong(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(api_name: &str, query: &str) -> Result<SearchRequest, ErrorReply> {
        SearchRequest::parse(&CallRequest::parse("1688".to_owned(), api_name.to_owned(), Some(query)))
    }

    #[test]
    fn the_example_of_the_vendors_page_sets_no_limit() {
        let query = "q=%E5%A5%B3%E8%A3%85&start_price=0&end_price=0&page=1&cat=0&sort=&page_size=40&filter=";
        let search = parsed("item_search", query).unwrap();
        assert_eq!((search.low, search.high, search.page, search.page_size), (0, u64::MAX, 1, 40));
        assert_eq!(search.target, SearchTarget::Words("女装".to_owned()));
    }

    #[test]
    fn parameters_that_will_not_do_are_named_by_code() {
        let code = |api: &str, query: &str| parsed(api, query).unwrap_err().code;
        assert_eq!(code("item_search", "page=1"), "4014");
        assert_eq!(code("item_search", "q=+"), "4014");
        assert_eq!(code("item_search_shop", "q=a"), "4014");
        for query in ["page=0", "page=x", "page_size=0", "start_price=-1", "end_price=a", "end_price=inf"] {
            assert_eq!(code("item_search", &format!("q=a&{query}")), "4003", "{query}");
        }
        assert_eq!(parsed("item_search", "q=a&start_price=10.5&end_price=20").unwrap().low, 1_050);
    }
}
