//! Which page of a search is fetched next: each page is a call, so that none is asked for that can bring nothing new.

use std::collections::HashSet;
use std::num::NonZeroU32;

use onebound::{Exchange, ItemId, ListedItem, SearchQuery};

/// The pages of a search, fetched one after the other.
///
/// ```
/// # use std::num::NonZeroU32;
/// # use obx_core::policy::SearchPages;
/// # use onebound::{Exchange, SearchQuery};
/// # fn example(query: SearchQuery, at_most: NonZeroU32, fetch: impl Fn(&SearchQuery) -> Exchange) {
/// let mut pages = SearchPages::new(query, at_most);
/// while let Some(query) = pages.next_query() {
///     let exchange = fetch(query);
///     for item in pages.take(&exchange) {
///         println!("{:?}", item.title());
///     }
/// }
/// println!("{:?}", pages.end());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SearchPages {
    query: SearchQuery,
    /// How many pages may still be fetched, the next one included.
    left: u32,
    seen: HashSet<ItemId>,
    end: Option<SearchEnd>,
}

/// Why no further page is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchEnd {
    /// The answers say that this was the last page, or it was empty.
    LastPage,
    /// As many pages as were wanted; there may be more.
    Limit,
    /// The answer is another page than the one asked for: the vendor has no further one, or does not turn pages.
    OtherPage,
    /// A page had only items that an earlier one had.
    NothingNew,
    /// The call failed, was refused, or its answer has no list.
    Failed,
}

impl SearchPages {
    /// From the query's page on, at most so many pages.
    pub fn new(query: SearchQuery, at_most: NonZeroU32) -> Self {
        Self { query, left: at_most.get(), seen: HashSet::new(), end: None }
    }

    /// The page to fetch next; `None` at the end.
    pub fn next_query(&self) -> Option<&SearchQuery> {
        self.end.is_none().then_some(&self.query)
    }

    /// Why there is no next page; `None` while there is one.
    pub fn end(&self) -> Option<SearchEnd> {
        self.end
    }

    /// Takes the answer to [`SearchPages::next_query`] and returns its items, without those that an earlier page had.
    #[must_use]
    pub fn take<'a>(&mut self, exchange: &'a Exchange) -> Vec<ListedItem<'a>> {
        let Some(page) = exchange.search_page() else {
            self.end = Some(SearchEnd::Failed);
            return Vec::new();
        };
        let seen = &mut self.seen;
        let is_new = |item: &ListedItem<'_>| item.item_id().is_none_or(|id| seen.insert(id));
        let new: Vec<ListedItem<'a>> = page.items().filter(is_new).collect();
        self.left = self.left.saturating_sub(1);
        let following = self.query.page().checked_add(1);
        self.end = match following {
            _ if page.has_next() == Some(false) => Some(SearchEnd::LastPage),
            _ if page.other_page().is_some() => Some(SearchEnd::OtherPage),
            _ if new.is_empty() => Some(SearchEnd::NothingNew),
            Some(following) if self.left > 0 => {
                self.query = self.query.clone().at_page(following);
                None
            }
            _ => Some(SearchEnd::Limit),
        };
        new
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use onebound::{Answer, CallSettings, Credentials, Host, Timing};
    use rstest::rstest;

    use super::*;

    fn answer(query: &SearchQuery, body: &str) -> Exchange {
        let call = CallSettings::default().search(query).unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned().into() };
        let own = Credentials::new("t-key", "s-secret").unwrap();
        Exchange::from_answer(call, Host::default(), Timestamp::UNIX_EPOCH, Timing::default(), answer, &own)
    }

    fn page(page: u32, count: &str, ids: &[u64]) -> String {
        let items: Vec<_> = ids.iter().map(|id| format!(r#"{{"num_iid":{id}}}"#)).collect();
        format!(
            r#"{{"items":{{"item":[{}],"page":"{page}","pagecount":{count}}},"error_code":"0000"}}"#,
            items.join(",")
        )
    }

    /// What each page brings, until the end, with the end.
    fn walk(at_most: u32, bodies: &[String]) -> (Vec<usize>, Option<SearchEnd>) {
        let query = SearchQuery::by_words("围巾").unwrap();
        let mut pages = SearchPages::new(query, NonZeroU32::new(at_most).unwrap());
        let mut brought = Vec::new();
        for (body, number) in bodies.iter().zip(1_u32..) {
            let Some(query) = pages.next_query() else { break };
            assert_eq!(query.page().get(), number);
            let exchange = answer(query, body);
            brought.push(pages.take(&exchange).len());
        }
        (brought, pages.end())
    }

    #[rstest]
    #[case::last(9, &[page(1, "2", &[1, 2]), page(2, "2", &[3])], &[2, 1], Some(SearchEnd::LastPage))]
    #[case::limit(2, &[page(1, "9", &[1]), page(2, "9", &[2]), page(3, "9", &[3])], &[1, 1], Some(SearchEnd::Limit))]
    #[case::empty(9, &[page(1, "9", &[1]), page(2, "9", &[])], &[1, 0], Some(SearchEnd::LastPage))]
    #[case::doubles(9, &[page(1, "9", &[1, 2]), page(2, "9", &[2, 3])], &[2, 1], None)]
    #[case::repeated(9, &[page(1, "null", &[1]), page(2, "null", &[1])], &[1, 0], Some(SearchEnd::NothingNew))]
    #[case::stuck(9, &[page(1, "9", &[1]), page(1, "9", &[1])], &[1, 0], Some(SearchEnd::OtherPage))]
    #[case::refused(9, &[page(1, "9", &[1]), r#"{"error_code":"4013"}"#.to_owned()], &[1, 0], Some(SearchEnd::Failed))]
    #[case::nothing(9, &[r#"{"error_code":"2000"}"#.to_owned()], &[0], Some(SearchEnd::LastPage))]
    fn no_page_is_fetched_that_can_bring_nothing_new(
        #[case] at_most: u32,
        #[case] bodies: &[String],
        #[case] brought: &[usize],
        #[case] end: Option<SearchEnd>,
    ) {
        assert_eq!(walk(at_most, bodies), (brought.to_vec(), end));
    }

    #[test]
    fn a_list_that_does_not_say_how_long_it_is_is_followed_up_to_the_limit() {
        let bodies: Vec<String> = (1..=5).map(|number| page(number, "null", &[u64::from(number)])).collect();
        assert_eq!(walk(4, &bodies), (vec![1, 1, 1, 1], Some(SearchEnd::Limit)));
    }
}
