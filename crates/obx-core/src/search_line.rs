//! A search as one line: words, and the options of `obx search` that are sent to the vendor.
//!
//! ```
//! use obx_core::search_line::{SearchLine, search_line};
//! use onebound::CallSettings;
//!
//! let query = SearchLine::parse("手机 --price 10..50 --sort sales")?.query()?;
//! let call = CallSettings::default().search(&query).expect("nothing else sets these parameters");
//! assert_eq!(search_line(&call), "手机 --price 10..50 --sort sales");
//! # Ok::<(), obx_core::search_line::SearchLineError>(())
//! ```

use std::num::NonZeroU32;

use crate::i18n::{Describe, Texts};
use onebound::{Call, SearchError, SearchQuery, SearchSort};

/// An option of a search that is a parameter of the vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchOption {
    Price,
    Sort,
    Shop,
    Category,
    Page,
    PageSize,
}

impl SearchOption {
    pub const ALL: [Self; 6] =
        [Self::Price, Self::Sort, Self::Shop, Self::Category, Self::Page, Self::PageSize];

    /// The flag, as on the command line.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Price => "--price",
            Self::Sort => "--sort",
            Self::Shop => "--shop",
            Self::Category => "--cat",
            Self::Page => "--page",
            Self::PageSize => "--page-size",
        }
    }

    /// What it does, and what it takes.
    pub fn describe(self, texts: Texts) -> &'static str {
        match self {
            Self::Price => texts.help_price_range(),
            Self::Sort => texts.help_sort(),
            Self::Shop => texts.help_shop(),
            Self::Category => texts.help_category(),
            Self::Page => texts.help_page(),
            Self::PageSize => texts.help_page_size(),
        }
    }

    fn from_flag(flag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|option| option.flag() == flag)
    }

    /// The values that have names.
    fn values(self) -> &'static [&'static str] {
        match self {
            Self::Sort => &["price", "price-desc", "sales", "credit"],
            _ => &[],
        }
    }
}

/// The words and options of a search, as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchLine {
    pub words: String,
    pub shop: Option<String>,
    pub price_range: Option<String>,
    pub sort: Option<String>,
    pub category: Option<String>,
    pub page: Option<NonZeroU32>,
    pub page_size: Option<NonZeroU32>,
}

/// Why a line is no search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchLineError {
    #[error("a search has no option {0}")]
    Unknown(String),
    #[error("{} needs a value", .0.flag())]
    NoValue(SearchOption),
    #[error("{} needs a whole number, not 0", .0.flag())]
    NoNumber(SearchOption),
    #[error(transparent)]
    Query(#[from] SearchError),
}

impl Describe for SearchLineError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Unknown(flag) => {
                texts.search_unknown_option(flag, SearchOption::ALL.map(SearchOption::flag).join(" "))
            }
            Self::NoValue(option) => texts.search_option_without_value(option.flag()),
            Self::NoNumber(option) => texts.search_option_without_number(option.flag()),
            Self::Query(error) => error.describe(texts),
        }
    }
}

impl SearchLine {
    /// Reads a line. Behind `--` there are words alone.
    ///
    /// # Errors
    /// An option that is not known, or has no value.
    pub fn parse(line: &str) -> Result<Self, SearchLineError> {
        let (mut parsed, mut words) = (Self::default(), Vec::new());
        let mut parts = line.split_whitespace();
        while let Some(part) = parts.next() {
            if part == "--" {
                words.extend(parts.by_ref());
            } else if part.starts_with("--") {
                let (flag, given) =
                    part.split_once('=').map_or((part, None), |(flag, value)| (flag, Some(value)));
                let option =
                    SearchOption::from_flag(flag).ok_or_else(|| SearchLineError::Unknown(flag.to_owned()))?;
                let value = given.or_else(|| parts.next()).filter(|value| !value.is_empty());
                parsed.set(option, value.ok_or(SearchLineError::NoValue(option))?)?;
            } else {
                words.push(part);
            }
        }
        Ok(Self { words: words.join(" "), ..parsed })
    }

    fn set(&mut self, option: SearchOption, value: &str) -> Result<(), SearchLineError> {
        let number = || value.parse().map_err(|_| SearchLineError::NoNumber(option));
        match option {
            SearchOption::Price => self.price_range = Some(value.to_owned()),
            SearchOption::Sort => self.sort = Some(value.to_owned()),
            SearchOption::Shop => self.shop = Some(value.to_owned()),
            SearchOption::Category => self.category = Some(value.to_owned()),
            SearchOption::Page => self.page = Some(number()?),
            SearchOption::PageSize => self.page_size = Some(number()?),
        }
        Ok(())
    }

    /// The query, at its page, or else at the first.
    ///
    /// # Errors
    /// If there are no words, or a value is none.
    pub fn query(&self) -> Result<SearchQuery, SearchError> {
        let mut query = match &self.shop {
            Some(shop) => SearchQuery::of_shop(shop)?.with_words(&self.words),
            None => SearchQuery::by_words(&self.words)?,
        };
        if let Some(range) = &self.price_range {
            query = query.priced(range.parse()?);
        }
        if let Some(sort) = &self.sort {
            query = query.sorted(sort.parse()?);
        }
        if let Some(category) = &self.category {
            query = query.in_category(category);
        }
        if let Some(page_size) = self.page_size {
            query = query.paged_by(page_size);
        }
        Ok(query.at_page(self.page.unwrap_or(NonZeroU32::MIN)))
    }
}

/// The line that a call searches by, without its page.
pub fn search_line(call: &Call) -> String {
    let parameters = call.parameters();
    let value = |names: &[&str]| {
        let mut found = parameters.iter().filter(|(name, _)| names.contains(name));
        found.next().map(|(_, value)| value.to_string())
    };
    let price = match (value(&["start_price"]), value(&["end_price"])) {
        (None, None) => None,
        (low, high) => Some(format!("{}..{}", low.unwrap_or_default(), high.unwrap_or_default())),
    };
    let options = [
        (SearchOption::Shop, value(&["seller_nick", "shop_id"])),
        (SearchOption::Price, price),
        (SearchOption::Sort, value(&["sort"]).map(|word| sort_name(&word))),
        (SearchOption::Category, value(&["cat", "cid"])),
        (SearchOption::PageSize, value(&["page_size"])),
    ];
    let options = options.into_iter().filter_map(|(option, value)| Some((option, value?)));
    let options = options.map(|(option, value)| format!("{} {value}", option.flag()));
    let words = value(&["q"]).unwrap_or_default();
    let looks_like_option = words.split_whitespace().any(|word| word.starts_with("--"));
    if looks_like_option {
        return options.chain(["--".to_owned(), words]).collect::<Vec<_>>().join(" ");
    }
    let words = Some(words).filter(|words| !words.is_empty());
    words.into_iter().chain(options).collect::<Vec<_>>().join(" ")
}

/// The name of an order, where it has one beside the vendor's word.
fn sort_name(word: &str) -> String {
    let names = SearchOption::Sort.values();
    let of_word = |name: &&&str| name.parse::<SearchSort>().is_ok_and(|sort| sort.as_str() == word);
    names.iter().find(of_word).map_or(word, |name| *name).to_owned()
}

/// The options that the end of a line may be the beginning of: all, unless one is being typed.
pub fn options_at_end(line: &str) -> Vec<SearchOption> {
    let last = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_begun = |option: &SearchOption| !last.starts_with('-') || option.flag().starts_with(last);
    SearchOption::ALL.into_iter().filter(is_begun).collect()
}

/// The line with the option or value at its end completed, as far as it is the only one.
pub fn complete(line: &str) -> Option<String> {
    let last = line.rsplit(char::is_whitespace).next()?;
    let before = line.strip_suffix(last)?;
    let option = before.split_whitespace().next_back().and_then(SearchOption::from_flag);
    let candidates: Vec<&str> = match option {
        Some(option) => option.values().to_vec(),
        None if last.starts_with("--") => SearchOption::ALL.map(SearchOption::flag).to_vec(),
        None => return None,
    };
    let begun: Vec<&str> = candidates.into_iter().filter(|name| name.starts_with(last)).collect();
    let agreed = begun.iter().copied().reduce(|agreed, name| {
        let same = agreed.bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count();
        agreed.get(..same).unwrap_or_default()
    })?;
    let takes_value = begun.len() == 1 && option.is_none();
    let longer = format!("{before}{agreed}{}", if takes_value { " " } else { "" });
    (longer.len() > line.len()).then_some(longer)
}

#[cfg(test)]
mod tests {
    use onebound::CallSettings;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn call(line: &str) -> Call {
        let query = SearchLine::parse(line).unwrap().query().unwrap();
        CallSettings::default().search(&query).unwrap()
    }

    #[rstest]
    #[case("手机  壳", "手机 壳")]
    #[case("--sort=sales 手机 --page 3 壳", "手机 壳 --sort sales")]
    #[case("手机 --price ..50 --page-size 20 --cat 7", "手机 --price ..50 --cat 7 --page-size 20")]
    #[case("--shop b2b-1 --sort _bid", "--shop b2b-1 --sort price-desc")]
    #[case("a --sort bid2 -- --page", "--sort bid2 -- a --page")]
    #[case("手机　--price 10..", "手机 --price 10..")]
    fn a_line_is_what_its_call_searches_by(#[case] line: &str, #[case] written: &str) {
        assert_eq!(search_line(&call(line)), written);
    }

    #[rstest]
    #[case("手机 --prize 5", SearchLineError::Unknown("--prize".to_owned()))]
    #[case("手机 --price", SearchLineError::NoValue(SearchOption::Price))]
    #[case("手机 --sort=", SearchLineError::NoValue(SearchOption::Sort))]
    #[case("手机 --page 0", SearchLineError::NoNumber(SearchOption::Page))]
    #[case("--page 2", SearchLineError::Query(SearchError::NoWords))]
    #[case("手机 --sort up", SearchLineError::Query(SearchError::Sort("up".to_owned())))]
    #[case("手机 --price 9", SearchLineError::Query(SearchError::Price("9".to_owned())))]
    fn a_mistake_is_named_and_never_searched_for(#[case] line: &str, #[case] error: SearchLineError) {
        let query = SearchLine::parse(line).and_then(|line| Ok(line.query()?));
        assert_eq!(query.unwrap_err(), error);
    }

    #[rstest]
    #[case("手机 --pr", Some("手机 --price "))]
    #[case("手机 --pa", Some("手机 --page"))]
    #[case("手机 --s", None)]
    #[case("手机 --so", Some("手机 --sort "))]
    #[case("手机 --sort s", Some("手机 --sort sales"))]
    #[case("手机 --sort ", None)]
    #[case("手机　--sho", Some("手机　--shop "))]
    #[case("手机", None)]
    #[case("--price 1", None)]
    #[case("", None)]
    fn an_option_is_completed(#[case] line: &str, #[case] longer: Option<&str>) {
        assert_eq!(complete(line).as_deref(), longer);
    }

    #[test]
    fn the_options_that_are_begun_are_offered() {
        assert_eq!(options_at_end("手机 "), SearchOption::ALL);
        assert_eq!(options_at_end("手机 --page"), [SearchOption::Page, SearchOption::PageSize]);
        assert_eq!(options_at_end("手机 --x"), []);
    }

    proptest! {
        #[test]
        fn any_line_is_read_and_what_is_a_search_is_the_same_when_it_is_written(line in "[-a机 =.0-9,b]{0,24}") {
            let _ = complete(&line);
            if let Ok(query) = SearchLine::parse(&line).and_then(|line| Ok(line.query()?)) {
                let call = CallSettings::default().search(&query.at_page(NonZeroU32::MIN)).unwrap();
                let again = SearchLine::parse(&search_line(&call)).unwrap().query().unwrap();
                prop_assert_eq!(CallSettings::default().search(&again).unwrap(), call);
            }
        }
    }
}
