//! How an item is traded: mixed orders, drop-shipping, recent sales, buyers, freight, weight.
//!
//! Names follow the vendor's page (`is_support_mix`, `sales_data`, `agent=1`, `sales_info`, `post_fee`) and bodies that
//! users of the API published (`onepiece_price`, `m_weight`). The page shows no value of most of them, so each is
//! given as it was sent, under its own name; one of another shape than expected is an [`Oddity`](crate::Oddity) too.

use std::borrow::Cow;
use std::collections::HashMap;

use super::field::Field;
use super::item::Item;
use super::sku::Sku;

/// A field that says something, by the API's name.
pub type NamedField<'a> = (Cow<'a, str>, Field<'a>);

/// Mixed orders (混批): several items of a seller count together towards the minimum of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixTerms<'a> {
    /// `is_support_mix`
    pub supported: Field<'a>,
    /// `mix_amount`: yuan from which on an order may be mixed.
    pub amount: Field<'a>,
    /// `mix_number`: pieces from which on an order may be mixed.
    pub number: Field<'a>,
    /// `mix_begin`: its meaning is not documented.
    pub begin: Field<'a>,
}

impl MixTerms<'_> {
    /// Whether any of the fields says something.
    pub fn is_known(&self) -> bool {
        [&self.supported, &self.amount, &self.number, &self.begin].iter().any(|field| field.has_content())
    }
}

/// Freight in yuan, by whoever carries it. `freight` is in words (`快递: 免运费`).
const FREIGHT: [&str; 4] = ["freight", "post_fee", "express_fee", "ems_fee"];
/// Weight, of which only some names come with a unit.
const WEIGHT: [&str; 5] = ["item_weight", "weight", "m_weight", "j_weight", "item_size"];
/// A SKU's price for drop-shipping.
const AGENT_PRICE: [&str; 2] = ["agent_price", "onepiece_price"];
/// A SKU's picture.
const SKU_PICTURE: [&str; 4] = ["sku_img", "pic_url", "image", "img"];

impl<'a> Item<'a> {
    /// Mixed orders.
    pub fn mix_terms(self) -> MixTerms<'a> {
        let [supported, amount, number, begin] =
            ["is_support_mix", "mix_amount", "mix_number", "mix_begin"].map(|name| self.field(name));
        MixTerms { supported, amount, number, begin }
    }

    /// Prices and terms for drop-shipping, which `agent=1` asks for.
    pub fn agent_terms(self) -> Vec<NamedField<'a>> {
        self.fields_named("agent")
    }

    /// Sales of the last 30 days, which `sales_data=1` asks for.
    pub fn recent_sales(self) -> Vec<NamedField<'a>> {
        self.fields_named("sales_data")
    }

    /// What `freight`, `post_fee`, `express_fee` and `ems_fee` say.
    pub fn freight(self) -> Vec<NamedField<'a>> {
        self.present(&FREIGHT)
    }

    /// Weight and size.
    pub fn weight(self) -> Vec<NamedField<'a>> {
        self.present(&WEIGHT)
    }

    /// The address of a SKU's picture, as it was written: its own, or that of the first of its properties that has one
    /// (`props_img`, `prop_imgs`).
    pub fn sku_picture(self, sku: Sku<'a>) -> Option<String> {
        if let Some(own) = sku.picture().text() {
            return Some(own.to_owned());
        }
        let pictures = self.index.value_pictures.get_or_init(|| self.read_value_pictures());
        let mut found = None;
        sku.each_property(|property| {
            if found.is_none() {
                found = pictures.get(property.ids).cloned();
            }
        });
        found
    }

    /// In one pass, since each row of a table asks: `props_img` ranks first, and of `prop_imgs` the first of the same ids.
    fn read_value_pictures(self) -> HashMap<String, String> {
        let document = self.document;
        let map = self.field("props_img").container().into_iter().flat_map(|map| document.children(map));
        let mut found = HashMap::new();
        for entry in map {
            let ids = document.key(entry).unwrap_or_default().into_owned();
            // Of a key that comes twice, the last counts, as everywhere.
            found.insert(ids, Field::from_node(document, entry).to_text());
        }
        found.retain(|_, address| !address.is_empty());
        for entry in self.list("prop_imgs").into_iter().flat_map(|list| document.children(list)) {
            let Field::Object(entry) = Field::from_node(document, entry) else { continue };
            let text = |name| Field::member(document, entry, name).to_text();
            let address = text("url");
            if !address.is_empty() {
                found.entry(text("properties")).or_insert(address);
            }
        }
        found.remove("");
        found
    }

    /// Those of the fields that say something.
    fn present(self, names: &[&'static str]) -> Vec<NamedField<'a>> {
        let fields = names.iter().map(|name| (Cow::Borrowed(*name), self.field(name)));
        fields.filter(|(_, field)| field.has_content()).collect()
    }

    /// The fields whose names begin so and that say something, with those inside of objects under `outer.inner`.
    fn fields_named(self, prefix: &str) -> Vec<NamedField<'a>> {
        let mut found = Vec::new();
        for member in self.document.children(self.node()) {
            let Some(key) = self.document.key(member).filter(|key| key.starts_with(prefix)) else { continue };
            match Field::from_node(self.document, member) {
                Field::Object(node) => found.extend(self.document.children(node).filter_map(|inner| {
                    let name = self.document.key(inner)?;
                    let field = Field::from_node(self.document, inner);
                    field.has_content().then(|| (Cow::Owned(format!("{key}.{name}")), field))
                })),
                field if field.has_content() => found.push((key, field)),
                _ => {}
            }
        }
        found
    }
}

impl<'a> Sku<'a> {
    /// The price for drop-shipping in yuan, as sent: `agent_price`, or else `onepiece_price`.
    pub fn agent_price(&self) -> Field<'a> {
        self.first_of(&AGENT_PRICE)
    }

    /// The address of its own picture, as it was written. See [`Item::sku_picture`].
    pub fn picture(&self) -> Field<'a> {
        self.first_of(&SKU_PICTURE)
    }

    /// The first of these fields that says something; absent if none does.
    fn first_of(&self, names: &[&str]) -> Field<'a> {
        let fields = names.iter().map(|name| self.field(name));
        fields.into_iter().find(|field| field.text().is_some()).unwrap_or(Field::Absent)
    }
}
