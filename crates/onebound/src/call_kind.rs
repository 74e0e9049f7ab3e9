//! Whether a call only reads. The same gateway places real orders by GET, so that whatever is not known to read is taken
//! for a trade: it is sent once, by a typed confirmation, and never answered from what is stored.

use super::parameter::is_named;

/// Whether a call reads or may change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// It looks something up: of the APIs in `reading_apis.tsv`.
    Read,
    /// It may place an order, pay, or change something.
    Trade,
}

/// The parameter that names what a `custom` call does on the platform behind the gateway.
pub(super) const METHOD: &str = "method";

/// Platform, `api_name` and where it is known from that it reads, after three lines of heading.
const READING_APIS: &str = include_str!("reading_apis.tsv");

/// The row's platform where a row holds for all of them.
const ANY: &str = "*";

impl CallKind {
    /// The kind of a call to this API, with parameters of these names.
    pub fn classify<'a>(
        platform: &str,
        api_name: &str,
        mut parameters: impl Iterator<Item = &'a str>,
    ) -> Self {
        // A method is carried out whatever API it is given to, for all that is known.
        let has_method = parameters.any(|name| is_named(name, METHOD));
        let family = match platform {
            "1688global" => "1688",
            "tmall" => "taobao",
            platform => platform,
        };
        let reads = rows().any(|[of, name, _]| (of == ANY || of == family) && name == api_name);
        if reads && !has_method { Self::Read } else { Self::Trade }
    }
}

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let lines = READING_APIS.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(platform: &str, api_name: &str) -> CallKind {
        CallKind::classify(platform, api_name, ["q", "page"].into_iter())
    }

    #[test]
    fn every_row_of_the_table_has_a_source_and_is_there_once() {
        let listed = READING_APIS.lines().filter(|line| !line.starts_with('#')).count() - 1;
        let mut all: Vec<_> = rows().map(|[platform, name, _]| (platform, name)).collect();
        assert!(all.len() == listed && rows().all(|[.., source]| source.len() > 10));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), listed);
        assert!(all.iter().all(|(_, name)| !["custom", "upload_img"].contains(name)));
    }

    #[test]
    fn whatever_is_not_known_to_read_is_a_trade() {
        for (platform, name) in
            [("1688", "item_get"), ("1688global", "item_fee"), ("jd", "item_get"), ("taobao", "brand_info")]
        {
            assert_eq!(kind(platform, name), CallKind::Read, "{platform}/{name}");
        }
        for (platform, name) in [
            ("1688global", "custom"),
            ("1688", "upload_img"),
            ("1688", "order_create"),
            ("1688", "ITEM_GET"),
            ("jd", "item_fee"),
            ("1688", "brand_info"),
            ("1688", ""),
        ] {
            assert_eq!(kind(platform, name), CallKind::Trade, "{platform}/{name}");
        }
        assert_eq!(CallKind::classify("1688", "item_get", ["Method"].into_iter()), CallKind::Trade);
    }
}
