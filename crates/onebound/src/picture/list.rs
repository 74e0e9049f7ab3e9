//! The pictures that an item names, each address once.

use std::collections::{HashMap, HashSet};

use crate::description::{DescriptionLine, PIXEL, without_scheme};
use crate::field::Field;
use crate::item::Item;
use onebound_document::NodeId;

/// So many SKUs are searched for the names of values that `props_list` does not name.
const SEARCHED_SKUS: usize = 1_000;

/// A picture of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPicture {
    /// What it shows, in the order in which the item names it: one picture can be an item's and a SKU's.
    pub roles: Vec<PictureRole>,
    /// Its address as it was written.
    pub address: String,
}

/// What a picture shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PictureRole {
    /// `pic_url`.
    Main,
    /// An entry of `item_imgs`, by its number from 1 on.
    Item(usize),
    /// A value of the SKUs, as `瓷白色`; its ids, as `1:1`, where no name is known.
    Sku(String),
    /// An image of the description, by its number in [`Item::description`].
    Description(usize),
}

impl Item<'_> {
    /// Its pictures: the main one, its others, those of SKUs, and those of the description. An address that comes more
    /// than once is one picture, listed where it comes first; the vendor's tracking pixel is none.
    pub fn pictures(self) -> Vec<ItemPicture> {
        let main = [(PictureRole::Main, self.field("pic_url").to_text())];
        let own = self.addresses_in("item_imgs").enumerate();
        let own = own.map(|(at, address)| (PictureRole::Item(at + 1), address));
        let described = self.description().lines.iter().filter_map(|line| match line {
            DescriptionLine::Image { number, url, .. } => {
                Some((PictureRole::Description(*number), url.clone()))
            }
            DescriptionLine::Text(_) | DescriptionLine::Pixel(_) => None,
        });
        let mut found: Vec<ItemPicture> = Vec::new();
        let mut places = HashMap::new();
        let mut seen = HashSet::new();
        for (role, address) in main.into_iter().chain(own).chain(self.sku_pictures()).chain(described) {
            if address.trim().is_empty() || address.contains(PIXEL) {
                continue;
            }
            let place = *places.entry(without_scheme(&address).to_owned()).or_insert(found.len());
            let is_new = seen.insert((place, role.clone()));
            match found.get_mut(place) {
                Some(_) if !is_new => {}
                Some(picture) => picture.roles.push(role),
                None => found.push(ItemPicture { roles: vec![role], address }),
            }
        }
        found
    }

    /// By `props_imgs`, `prop_imgs` and `props_img`, which mostly say the same.
    fn sku_pictures(self) -> Vec<(PictureRole, String)> {
        let entries = ["props_imgs", "prop_imgs"].into_iter().filter_map(|name| self.list(name));
        let listed = entries.flat_map(|list| self.document.children(list)).map(|entry| {
            let text = |name| Field::member(self.document, entry, name).to_text();
            (text("properties"), text("url"))
        });
        let map = self.field("props_img").container().into_iter();
        let mapped = map.flat_map(|map| self.document.children(map)).map(|entry| self.mapped_picture(entry));
        let mut pictures = listed.chain(mapped).peekable();
        let names = if pictures.peek().is_some() { self.value_names() } else { HashMap::new() };
        let with_name = |(ids, address): (String, String)| {
            (PictureRole::Sku(names.get(&ids).cloned().unwrap_or(ids)), address)
        };
        pictures.map(with_name).collect()
    }

    /// `"1627207:28341": "//img…"`
    fn mapped_picture(self, entry: NodeId) -> (String, String) {
        let ids = self.document.key(entry).unwrap_or_default().into_owned();
        (ids, Field::from_node(self.document, entry).to_text())
    }

    /// The names of values by their ids, as `props_list` or else the SKUs have them. In one pass: an item can have as many
    /// pictures as SKUs.
    fn value_names(self) -> HashMap<String, String> {
        let mut names = HashMap::new();
        let listed = self.field("props_list").container().into_iter();
        for entry in listed.flat_map(|map| self.document.children(map)) {
            let text = Field::from_node(self.document, entry).to_text();
            if let (Some(ids), Some((_, value))) = (self.document.key(entry), text.split_once(':')) {
                names.insert(ids.into_owned(), value.to_owned());
            }
        }
        for sku in self.skus().take(SEARCHED_SKUS) {
            sku.each_property(|own| {
                if !own.value.is_empty() && !names.contains_key(own.ids) {
                    names.insert(own.ids.to_owned(), own.value.to_owned());
                }
            });
        }
        names
    }
}
