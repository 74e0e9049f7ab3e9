//! What a search finds: items that `item_get` has, with the title, the price and the seller that it gives at that time.
//!
//! The same words find the same items. A word that titles can have must be in the title; words that none has choose a
//! trade, so that every search finds something unless its words exclude each other or its prices fit no item.

use serde_json::{Value, json};

use super::extras::fen_of;
use super::plan;
use super::shop::{SHOPS, Shop};
use super::words::{self, WordSection};
use super::{Moment, PAGE_EXAMPLE_ITEM, PAGE_ITEM, item};
use crate::request::ItemRequest;
use crate::search_request::{SearchRequest, SearchTarget};
use crate::seeded_rng::SeededRng;

/// How many shops are looked through for the words of a search.
const MAX_SHOPS: usize = 3_000;

/// Whether there is such a shop.
pub(crate) fn is_known_shop(search: &SearchRequest) -> bool {
    match &search.target {
        SearchTarget::Words(_) => true,
        SearchTarget::Shop { shop, .. } => Shop::from_name(shop).is_some(),
    }
}

/// The value of `items` in the envelope: one page of what is found, as of that moment.
pub(crate) fn items(search: &SearchRequest, moment: Moment) -> Value {
    let mut found: Vec<Value> = ids(search).iter().map(|id| item(&plain(id), moment)).collect();
    found.retain(|item| (search.low..=search.high).contains(&fen_of(&item["price"])));
    match search.sort.as_str() {
        "bid" => found.sort_by_key(|item| fen_of(&item["price"])),
        "_bid" => found.sort_by_key(|item| std::cmp::Reverse(fen_of(&item["price"]))),
        "_sale" | "sale" => found.sort_by_key(|item| std::cmp::Reverse(sold(&item["sales"]))),
        _ => {}
    }
    let size = usize::try_from(search.page_size).unwrap_or(usize::MAX);
    let before = usize::try_from(search.page - 1).unwrap_or(usize::MAX).saturating_mul(size);
    let rows: Vec<Value> = found.iter().skip(before).take(size).map(row).collect();
    around(search, found.len(), &rows)
}

/// The list with its numbers; some answers have them as texts.
fn around(search: &SearchRequest, total: usize, rows: &[Value]) -> Value {
    let (name, text) = match &search.target {
        SearchTarget::Words(words) => ("pagecount", words),
        SearchTarget::Shop { shop, .. } => ("page_count", shop),
    };
    let as_texts = SeededRng::new(text, "numbers").one_in(2);
    let total = total as u64;
    let number = |number: u64| if as_texts { number.to_string().into() } else { Value::from(number) };
    json!({
        "page": search.page.to_string(),
        "real_total_results": number(total),
        "total_results": number(total),
        "page_size": search.page_size,
        name: number(total.div_ceil(search.page_size)),
        "data_from": "",
        "item": rows,
    })
}

/// One item of the list, in the order of the vendor's example.
fn row(item: &Value) -> Value {
    let id = item["num_iid"].to_string();
    json!({
        "title": item["title"],
        "pic_url": item["pic_url"],
        "promotion_price": item["price"],
        "price": item["price"],
        "sales": rounded(&id, &item["sales"]),
        "num_iid": item["num_iid"],
        "seller_nick": item["nick"],
        "seller_id": item["seller_id"],
        "area": item["location"],
        "tag_percent": format!("{}%", SeededRng::new(&id, "repeat rate").between(4, 61)),
        "turn_head": "",
        "detail_url": item["detail_url"],
    })
}

/// Sales as lists have them: of many only the first digit, as `"2000+"`, for every second item.
fn rounded(id: &str, sales: &Value) -> Value {
    let count = sold(sales);
    if count < 1_000 || SeededRng::new(id, "rounded sales").one_in(2) {
        return sales.clone();
    }
    let scale = 10_u64.pow(count.ilog10());
    format!("{}+", count / scale * scale).into()
}

fn sold(sales: &Value) -> u64 {
    sales.as_u64().or_else(|| sales.as_str()?.parse().ok()).unwrap_or(0)
}

fn plain(id: &str) -> ItemRequest {
    ItemRequest { num_iid: id.to_owned(), sales_data: false, agent: false }
}

/// The IDs of all that is found, in the order of the vendor, which is nobody's.
fn ids(search: &SearchRequest) -> Vec<String> {
    match &search.target {
        SearchTarget::Words(words) => by_words(words),
        SearchTarget::Shop { shop, words } => {
            let asked = SearchTerms::new(words);
            let shop = Shop::from_name(shop).into_iter();
            shop.flat_map(Shop::items).filter(|id| asked.are_in(&plan::title_of(id))).collect()
        }
    }
}

fn by_words(words: &str) -> Vec<String> {
    let asked = SearchTerms::new(words);
    let trades: Vec<&str> = asked.trades(words).map(|trade| trade.name).collect();
    let mut rng = SeededRng::new(words, "search");
    let wanted = usize::try_from(rng.between(45, 110)).unwrap_or(0);
    let mut found: Vec<String> = Vec::new();
    for _ in 0..MAX_SHOPS {
        if found.len() >= wanted || trades.is_empty() {
            break;
        }
        let shop = Shop::new(rng.below(SHOPS));
        if trades.contains(&plan::trade_of_shop(shop).name) {
            let fitting = shop.items().filter(|id| asked.are_in(&plan::title_of(id))).take(6);
            let new: Vec<String> = fitting.filter(|id| !found.contains(id)).collect();
            found.extend(new);
        }
    }
    let order = rng.shuffled(found.len());
    let mut shuffled: Vec<String> = order.into_iter().filter_map(|at| found.get(at).cloned()).collect();
    // The item of the vendor's page is what a search for it finds first.
    let title = PAGE_EXAMPLE_ITEM["title"].as_str().unwrap_or_default();
    if words.split_whitespace().all(|word| title.contains(word)) {
        shuffled.insert(0, PAGE_ITEM.to_owned());
    }
    shuffled
}

/// The words of a search that titles can have.
struct SearchTerms(Vec<String>);

impl SearchTerms {
    fn new(words: &str) -> Self {
        let mut terms = Vec::new();
        for word in words.split_whitespace() {
            if of_titles().any(|known| known.contains(word)) {
                terms.push(word.to_owned());
            } else {
                // 加厚连衣裙 is two of them.
                terms.extend(of_titles().filter(|known| word.contains(*known)).map(str::to_owned));
            }
        }
        Self(terms)
    }

    fn are_in(&self, title: &str) -> bool {
        self.0.iter().all(|term| title.contains(term.as_str()))
    }

    /// The trades that have them all; of a search that names none, the one that it names, or that its words choose.
    fn trades(&self, words: &str) -> impl Iterator<Item = &'static WordSection> {
        let named: Vec<&str> =
            words::trades().iter().map(|trade| trade.name).filter(|name| words.contains(name)).collect();
        let chosen = SeededRng::new(words, "chosen trade").pick(words::trades()).name;
        let own = |term: &String, trade: &WordSection| {
            let sections = [trade, words::common()];
            sections.iter().any(|section| title_words(section).any(|word| word.contains(term.as_str())))
        };
        words::trades().iter().filter(move |trade| match (named.is_empty(), self.0.is_empty()) {
            (true, true) => trade.name == chosen,
            (true, false) => self.0.iter().all(|term| own(term, trade)),
            (false, _) => named.contains(&trade.name) && self.0.iter().all(|term| own(term, trade)),
        })
    }
}

/// All words that titles are made of.
fn of_titles() -> impl Iterator<Item = &'static str> {
    words::trades().iter().chain([words::common()]).flat_map(title_words)
}

fn title_words(section: &WordSection) -> impl Iterator<Item = &'static str> {
    let fields = ["goods", "mark", "hype", "audience", "tail"];
    fields.into_iter().flat_map(|field| section.words(field).iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::CallRequest;
    use std::collections::HashSet;

    fn now() -> Moment {
        let made = jiff::Timestamp::from_second(1_772_000_000).unwrap();
        Moment { made, drift: std::time::Duration::from_secs(3600) }
    }

    fn search(api_name: &str, query: &str) -> Vec<Value> {
        let call = CallRequest::parse("1688".to_owned(), api_name.to_owned(), Some(query));
        let items = items(&SearchRequest::parse(&call).unwrap(), now());
        items["item"].as_array().unwrap().clone()
    }

    fn fens(rows: &[Value]) -> Vec<u64> {
        rows.iter().map(|row| fen_of(&row["price"])).collect()
    }

    #[test]
    fn what_is_found_is_what_item_get_has() {
        for words in ["连衣裙", "蓝牙耳机 降噪", "围巾", "智能手机"] {
            let rows = search("item_search", &format!("q={words}&page_size=100"));
            assert!(rows.len() >= 20, "{words} finds {}", rows.len());
            for row in &rows {
                let id = row["num_iid"].to_string().trim_matches('"').to_owned();
                let item = item(&plain(&id), now());
                for (of_row, of_item) in
                    [("title", "title"), ("price", "price"), ("seller_nick", "nick"), ("pic_url", "pic_url")]
                {
                    assert_eq!(row[of_row], item[of_item], "{words} {id}");
                }
            }
        }
    }

    #[test]
    fn known_words_are_in_every_title_and_the_same_words_find_the_same() {
        for words in ["连衣裙", "加厚 地毯", "加厚地毯", "批发"] {
            let query = format!("q={words}");
            let rows = search("item_search", &query);
            assert!(rows.len() >= 20, "{words} finds {}", rows.len());
            assert_eq!(rows, search("item_search", &query));
            let known = words.replace(' ', "");
            let part: String = known.chars().take(2).collect();
            assert!(rows.iter().all(|row| row["title"].as_str().unwrap().contains(&part)), "{words}");
        }
        assert_eq!(search("item_search", "q=Qin2")[0]["num_iid"], PAGE_ITEM);
        assert_eq!(search("item_search", "q=连衣裙 轴承"), Vec::<Value>::new(), "of two trades");
    }

    #[test]
    fn pages_follow_each_other_without_a_gap_or_a_double() {
        let all: Vec<Value> = (1..=20)
            .flat_map(|page| search("item_search", &format!("q=抱枕&page_size=10&page={page}")))
            .collect();
        let ids: HashSet<String> = all.iter().map(|row| row["num_iid"].to_string()).collect();
        assert!(ids.len() == all.len() && all.len() >= 45, "{} of {}", ids.len(), all.len());
        assert_eq!(search("item_search", "q=抱枕&page=99"), Vec::<Value>::new());
    }

    #[test]
    fn order_and_prices_are_as_asked() {
        let cheapest = fens(&search("item_search", "q=面膜&sort=bid"));
        assert!(cheapest.is_sorted() && cheapest.len() == 40);
        assert!(fens(&search("item_search", "q=面膜&sort=_bid")).iter().rev().is_sorted());
        let (low, high) = (cheapest[5], cheapest[20]);
        let between = format!("q=面膜&start_price={}.{:02}&end_price={}", low / 100, low % 100, high / 100);
        let found = fens(&search("item_search", &between));
        assert!(!found.is_empty() && found.iter().all(|fen| (low..=high).contains(fen)));
        let sales = |row: &Value| sold(&row["sales"]).max(text_count(&row["sales"]));
        let sold_most: Vec<u64> = search("item_search", "q=面膜&sort=_sale").iter().map(sales).collect();
        assert!(sold_most[0] >= sold_most[39] && sold_most[0] >= 10_000, "{sold_most:?}");
    }

    fn text_count(sales: &Value) -> u64 {
        sales.as_str().and_then(|text| text.trim_end_matches('+').parse().ok()).unwrap_or(0)
    }

    #[test]
    fn a_shop_has_its_items_and_each_of_them_names_it() {
        let rows = search("item_search", "q=口红");
        let id = rows[0]["num_iid"].to_string().trim_matches('"').to_owned();
        let first = item(&plain(&id), now());
        let sid = first["seller_info"]["sid"].as_str().unwrap();
        let of_shop = search("item_search_shop", &format!("seller_nick={sid}&page_size=100"));
        assert!(of_shop.iter().any(|row| row["num_iid"] == rows[0]["num_iid"]));
        for row in &of_shop {
            let id = row["num_iid"].to_string().trim_matches('"').to_owned();
            assert_eq!(
                (&row["seller_nick"], item(&plain(&id), now())["seller_info"]["sid"].as_str()),
                (&first["nick"], Some(sid))
            );
        }
        let with_words = search("item_search_shop", &format!("seller_nick={sid}&q=口红"));
        assert!(!with_words.is_empty() && with_words.len() < of_shop.len());
    }
}
