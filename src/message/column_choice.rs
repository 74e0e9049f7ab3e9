//! Which columns of the SKU table are shown, and in what order.

use serde::{Deserialize, Serialize};

/// Stands for all property axes that have no place of their own.
const AXES: &str = "axes";

/// Columns by name, as in filters and exports. It is kept between sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnChoice {
    /// The columns of the config file; if there are any, others are hidden until they are chosen.
    configured: Vec<String>,
    /// Those that have a place.
    order: Vec<String>,
    hidden: Vec<String>,
}

/// A column that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoosableColumn<'a> {
    pub name: &'a str,
    /// Whether it is a property axis, which other items may not have.
    pub is_axis: bool,
    /// Whether it is shown until the user decides.
    pub is_shown_at_first: bool,
}

impl ColumnChoice {
    /// The columns of the config file; all columns if it names none.
    pub fn from_config(columns: Vec<String>) -> Self {
        Self { order: columns.clone(), configured: columns, hidden: Vec::new() }
    }

    /// Whether it was made under this configuration.
    pub fn is_based_on(&self, other: &Self) -> bool {
        self.configured == other.configured
    }

    /// The places of the shown columns in `all`, in their order; all of them if none would be left.
    pub fn shown(&self, all: &[ChoosableColumn<'_>]) -> Vec<usize> {
        let is_hidden = |name: &str| self.hidden.iter().any(|hidden| hidden == name);
        let mut shown: Vec<usize> = Vec::new();
        for wanted in &self.order {
            for (place, column) in all.iter().enumerate() {
                let stands_for = wanted == AXES && column.is_axis && !self.has_place(column.name);
                let is_new = !is_hidden(column.name) && !shown.contains(&place);
                if (wanted == column.name || stands_for) && is_new {
                    shown.push(place);
                }
            }
        }
        if self.configured.is_empty() {
            for (place, column) in all.iter().enumerate() {
                if column.is_shown_at_first && !is_hidden(column.name) && !shown.contains(&place) {
                    shown.insert(after_its_predecessor(place, &shown), place);
                }
            }
        }
        if shown.is_empty() { (0..all.len()).collect() } else { shown }
    }

    /// All columns in the order in which they can be chosen, and whether each is shown: a hidden one follows the column
    /// that it follows in the answer.
    pub fn all_in_order(&self, all: &[ChoosableColumn<'_>]) -> Vec<(usize, bool)> {
        let shown = self.shown(all);
        let mut order = shown.clone();
        for place in 0..all.len() {
            if !order.contains(&place) {
                order.insert(after_its_predecessor(place, &order), place);
            }
        }
        order.into_iter().map(|place| (place, shown.contains(&place))).collect()
    }

    /// The same with these columns of `all` shown in this order. What it says of columns that are not among them stays.
    #[must_use]
    pub fn with_shown(&self, shown: &[usize], all: &[ChoosableColumn<'_>]) -> Self {
        let is_here = |name: &str| all.iter().any(|column| column.name == name);
        let mut order: Vec<String> =
            shown.iter().filter_map(|place| all.get(*place)).map(|column| column.name.to_owned()).collect();
        let is_axis = |name: &String| all.iter().any(|column| column.name == name && column.is_axis);
        // Axes of other items go where this one's are.
        let axes = order.iter().position(is_axis).unwrap_or_default();
        order.insert(axes, AXES.to_owned());
        let of_other_items = self.order.iter().filter(|name| *name != AXES && !is_here(name));
        order.extend(of_other_items.cloned());
        let hidden_here = (0..all.len()).filter(|place| !shown.contains(place));
        // A column that nobody has to hide here may be shown at first for other items.
        let hidden_here = hidden_here.filter_map(|place| all.get(place));
        let hidden_here = hidden_here.filter(|column| column.is_shown_at_first);
        let hidden_here = hidden_here.map(|column| column.name.to_owned());
        let hidden = self.hidden.iter().filter(|name| !is_here(name)).cloned().chain(hidden_here).collect();
        Self { configured: self.configured.clone(), order, hidden }
    }

    /// How many columns are hidden that would be shown if nobody had chosen.
    pub fn hidden_count(&self, all: &[ChoosableColumn<'_>]) -> usize {
        let shown = self.shown(all);
        let is_missing = |(place, column): &(usize, &ChoosableColumn<'_>)| {
            column.is_shown_at_first && !shown.contains(place)
        };
        all.iter().enumerate().filter(is_missing).count()
    }

    /// What the config file says, without later changes.
    #[must_use]
    pub fn reset(&self) -> Self {
        Self::from_config(self.configured.clone())
    }

    fn has_place(&self, name: &str) -> bool {
        self.order.iter().any(|other| other == name)
    }
}

/// Where a column goes among others that are in order: after the nearest of those before it in the answer.
fn after_its_predecessor(place: usize, order: &[usize]) -> usize {
    let before = (0..place).rev().find_map(|before| order.iter().position(|other| *other == before));
    before.map_or(0, |before| before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: [(&str, bool); 5] =
        [("内存", true), ("颜色", true), ("price", false), ("quantity", false), ("sku_id", false)];
    const SHIRT: [(&str, bool); 4] =
        [("尺码", true), ("price", false), ("quantity", false), ("spec_id", false)];

    fn columns(of: &[(&'static str, bool)]) -> Vec<ChoosableColumn<'static>> {
        let column = |(name, is_axis): &(&'static str, bool)| ChoosableColumn {
            name,
            is_axis: *is_axis,
            is_shown_at_first: true,
        };
        of.iter().map(column).collect()
    }

    fn shown(choice: &ColumnChoice, of: &[(&'static str, bool)]) -> Vec<&'static str> {
        choice.shown(&columns(of)).into_iter().map(|place| of[place].0).collect()
    }

    fn configured(names: &[&str]) -> ColumnChoice {
        ColumnChoice::from_config(names.iter().copied().map(str::to_owned).collect())
    }

    #[test]
    fn without_a_choice_all_columns_are_shown_as_they_came() {
        assert_eq!(shown(&ColumnChoice::default(), &PHONE), ["内存", "颜色", "price", "quantity", "sku_id"]);
    }

    #[test]
    fn a_configuration_names_what_is_shown_and_in_what_order() {
        assert_eq!(
            shown(&configured(&["price", "axes", "quantity"]), &PHONE),
            ["price", "内存", "颜色", "quantity"]
        );
        assert_eq!(shown(&configured(&["颜色", "price", "axes"]), &PHONE), ["颜色", "price", "内存"]);
        assert_eq!(
            shown(&configured(&["nothing"]), &PHONE).len(),
            5,
            "a table without columns shows nothing"
        );
    }

    #[test]
    fn what_is_hidden_and_moved_stays_so_for_other_items() {
        let all = columns(&PHONE);
        let choice = ColumnChoice::default().with_shown(&[2, 1, 0], &all);
        assert_eq!(shown(&choice, &PHONE), ["price", "颜色", "内存"]);
        assert_eq!(shown(&choice, &SHIRT), ["price", "spec_id", "尺码"]);
        let of_shirt = choice.with_shown(&[0, 1], &columns(&SHIRT));
        assert_eq!(shown(&of_shirt, &PHONE), ["price", "颜色", "内存"]);
        assert_eq!(of_shirt.reset(), ColumnChoice::default());
    }

    #[test]
    fn a_column_that_is_hidden_at_first_is_shown_once_it_is_chosen() {
        let of_item = |is_shown_at_first| {
            let mut all = columns(&SHIRT);
            all[3].is_shown_at_first = is_shown_at_first;
            all
        };
        let (all, at_first) = (of_item(false), ColumnChoice::default());
        assert_eq!((at_first.shown(&all), at_first.hidden_count(&all)), (vec![0, 1, 2], 0));
        assert_eq!(at_first.all_in_order(&all)[3], (3, false));
        let chosen = at_first.with_shown(&[0, 3, 1, 2], &all);
        assert_eq!(chosen.shown(&all), [0, 3, 1, 2]);
        let without_price = at_first.with_shown(&[0, 2], &all);
        assert_eq!((without_price.shown(&all), without_price.hidden_count(&all)), (vec![0, 2], 1));
        assert_eq!(without_price.shown(&of_item(true)), [0, 2, 3], "nobody hid it where it is needed");
    }

    #[test]
    fn a_hidden_column_is_listed_after_the_one_that_it_follows() {
        let all = columns(&PHONE);
        let choice = ColumnChoice::default().with_shown(&[4, 2], &all);
        let listed = choice.all_in_order(&all);
        assert_eq!(listed, [(0, false), (1, false), (4, true), (2, true), (3, false)]);
    }
}
