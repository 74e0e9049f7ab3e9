//! One page of the result of a search, with all drift of types: [`Exchange::search_page`].
//!
//! Names and shapes are those of a captured `item_search` of taobao (V), of the vendor's pages for 1688 (V: `pagecount`,
//! `sales` as `"2000+"`, `price` null), and of users' code (C: `page_count`, `has_next_page`, `items` as a bare list, the
//! numbers beside `items` instead of in it).

use super::exchange::{Exchange, Outcome};
use super::field::Field;
use super::field_table;
use super::item_id::ItemId;
use super::item_list::{ItemList, ListedItem};
use super::price::Price;
use super::reply::Reply;
use onebound_document::{Document, NodeId, NodeKind};

/// One page of a search's result; empty where the search found nothing.
#[derive(Clone, Debug)]
pub struct SearchPage<'a> {
    document: &'a Document,
    root: NodeId,
    list: Option<ItemList<'a>>,
    asked_page: Option<u64>,
}

impl Exchange {
    /// The page of a search that answered: empty for "no result". `None` where the call asks for one item, or the answer
    /// has no list that can be read; [`Exchange::outcome`] says what it is then.
    pub fn search_page(&self) -> Option<SearchPage<'_>> {
        let reply = self.reply.as_ref().filter(|_| self.call.num_iid().is_none())?;
        let (document, root) = reply.answer();
        let list = match self.outcome {
            Outcome::Success => Some(reply.item_list()?),
            Outcome::NoResult => None,
            _ => return None,
        };
        let parameters = self.call.parameters();
        let page = parameters.iter().rev().find(|(name, _)| *name == "page");
        let asked_page = page.and_then(|(_, page)| page.parse().ok());
        Some(SearchPage { document, root, list, asked_page })
    }
}

impl<'a> SearchPage<'a> {
    /// How many items are on it.
    pub fn len(&self) -> usize {
        self.list.as_ref().map_or(0, ItemList::len)
    }

    /// Returns true if nothing was found, or no more than the pages before.
    pub fn is_empty(&self) -> bool {
        self.list.is_none()
    }

    /// The items, in the order of the body.
    pub fn items(&self) -> impl Iterator<Item = ListedItem<'a>> {
        self.list.iter().flat_map(ItemList::iter)
    }

    /// The number of this page, as the answer says.
    pub fn page(&self) -> Option<u64> {
        self.number(&["page"])
    }

    /// The number of this page as the answer says, if it is not the one asked for.
    pub fn other_page(&self) -> Option<u64> {
        self.page().filter(|page| self.asked_page.is_some_and(|asked| asked != *page))
    }

    /// How many pages there are.
    pub fn page_count(&self) -> Option<u64> {
        self.number(&["pagecount", "page_count"])
    }

    /// How many items the search found, on all pages.
    pub fn total(&self) -> Option<u64> {
        self.number(&["real_total_results", "total_results"])
    }

    /// How many items a page has, as the answer says.
    pub fn page_size(&self) -> Option<u64> {
        self.number(&["page_size"])
    }

    /// Whether a further page has items; `None` where the answer does not say.
    pub fn has_next(&self) -> Option<bool> {
        if self.is_empty() {
            return Some(false);
        }
        if let Some(flag) = self.field("has_next_page").flag() {
            return Some(flag);
        }
        let page = self.asked_page.or_else(|| self.page())?;
        if let Some(count) = self.page_count().filter(|count| *count > 0) {
            return Some(page < count);
        }
        let (total, size) = (self.total()?, self.page_size().filter(|size| *size > 0)?);
        Some(page.saturating_mul(size) < total)
    }

    /// A field beside the list, by the API's name: in `items`, else beside it.
    pub fn field(&self, name: &str) -> Field<'a> {
        let items = self.document.get(self.root, "items");
        let inside = items.filter(|items| self.document.kind(*items) == NodeKind::Object);
        match inside.map(|items| Field::member(self.document, items, name)) {
            None | Some(Field::Absent) => Field::member(self.document, self.root, name),
            Some(field) => field,
        }
    }

    fn number(&self, names: &[&str]) -> Option<u64> {
        names.iter().find_map(|name| self.field(name).pieces())
    }
}

impl<'a> ListedItem<'a> {
    /// Its ID: `num_iid`, else that in `detail_url`. `None` where neither has one.
    pub fn item_id(&self) -> Option<ItemId> {
        let digits = self.field("num_iid").to_text();
        let is_id = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_id(digits.trim()) {
            return ItemId::from_digits(digits.trim()).ok();
        }
        let address = self.detail_url().to_text();
        // A number alone is no address, and may be anything.
        if !address.contains("//") {
            return None;
        }
        let found = |platform| ItemId::find_on(platform, &address).ok().map(|found| found.id);
        found("1688").or_else(|| found("taobao"))
    }

    /// `title`
    pub fn title(&self) -> Field<'a> {
        self.field("title")
    }

    /// `price`, as it was written; null in some answers.
    pub fn price(&self) -> Field<'a> {
        self.field("price")
    }

    /// `promotion_price`, as it was written.
    pub fn promotion_price(&self) -> Field<'a> {
        self.field("promotion_price")
    }

    /// `sales`, as it was written: `100`, `"2000+"`, `"-1"`, null.
    pub fn sales(&self) -> Field<'a> {
        self.field("sales")
    }

    /// `sales` as a number to sort by: of `2000+` and `1.2万+` the number before the sign. `None` of all that is no
    /// count, as `-1`.
    pub fn least_sales(&self) -> Option<u64> {
        let sales = self.sales();
        let plain = sales.pieces();
        plain.or_else(|| rounded_count(sales.text()?))
    }

    /// `seller_nick`, else `nick`.
    pub fn seller(&self) -> Field<'a> {
        self.first_of(&["seller_nick", "nick"])
    }

    /// `seller_id`
    pub fn seller_id(&self) -> Field<'a> {
        self.field("seller_id")
    }

    /// `area`, else `location`: where it is sent from.
    pub fn area(&self) -> Field<'a> {
        let area = self.first_of(&["area", "location"]);
        area.container().map_or(area, |node| field_table::words(self.document(), node))
    }

    /// `pic_url`, as it was written.
    pub fn pic_url(&self) -> Field<'a> {
        self.field("pic_url")
    }

    /// `detail_url`, as it was written.
    pub fn detail_url(&self) -> Field<'a> {
        self.field("detail_url")
    }

    /// The first of these fields that says something, else the first one.
    fn first_of(&self, names: &[&str]) -> Field<'a> {
        let fields = names.iter().map(|name| self.field(name));
        let said = fields.clone().find(Field::has_content);
        said.or_else(|| fields.into_iter().next()).unwrap_or(Field::Absent)
    }
}

/// `2000+`, `1.2万+`, `300件`
fn rounded_count(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['+', '＋', '件', '笔', '个']).trim_end_matches(['+', '＋']);
    let (digits, zeros) = match text.strip_suffix(['万', 'w', 'W']) {
        Some(digits) => (digits, 4),
        None => (text, 0),
    };
    let amount = Price::parse(digits)?.exact()?.shifted(zeros)?.rounded(0)?;
    (!amount.is_negative()).then(|| amount.to_string().parse().ok())?
}

/// Returns true if the answer to a search has no item: of a list that is there, no element; else nothing that could be
/// one. What is there in an unknown form is no "no result".
pub(super) fn found_nothing(reply: &Reply) -> bool {
    let (document, root) = reply.answer();
    let parts: Vec<NodeId> = ["item", "items"].iter().filter_map(|name| document.get(root, name)).collect();
    if reply.item_list().is_some() {
        return false;
    }
    if !parts.is_empty() {
        return parts.iter().all(|part| is_empty_list(document, *part));
    }
    let known = |node: NodeId| {
        document.key(node).is_some_and(|name| field_table::names(field_table::ENVELOPE, &name))
    };
    document.children(root).filter(|node| !known(*node)).all(|node| is_no_list(document, node))
}

fn is_empty_list(document: &Document, part: NodeId) -> bool {
    match document.kind(part) {
        NodeKind::Object => match document.get(part, "item") {
            Some(inner) => field_table::is_blank(document, inner),
            None => document.children(part).all(|node| is_no_list(document, node)),
        },
        _ => field_table::is_blank(document, part),
    }
}

fn is_no_list(document: &Document, node: NodeId) -> bool {
    !matches!(document.kind(node), NodeKind::Array | NodeKind::Object)
        || field_table::is_blank(document, node)
}

#[cfg(test)]
mod tests {
    use super::rounded_count;

    #[test]
    fn a_rounded_count_is_read_as_its_least() {
        for (text, least) in [
            ("2000+", Some(2_000)),
            ("1.2万+", Some(12_000)),
            ("3w+", Some(30_000)),
            ("1,200+件", Some(1_200)),
            ("300件", Some(300)),
            ("-1", None),
            ("", None),
            ("+", None),
            ("很多", None),
        ] {
            assert_eq!(rounded_count(text), least, "{text}");
        }
    }
}
