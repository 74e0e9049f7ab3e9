//! The rows of a page of results, as filter, sorting and drawing read them.

use std::sync::Arc;

use crate::ui::field::cell;
use crate::ui::filter::{ColumnKind, FilterColumn, FilterColumns};
use crate::ui::rows::{SortKey, TableRows};
use crate::ui::table::Cell;
use crate::ui::theme::Theme;
use obx_core::i18n::{Language, Texts};
use onebound::{Field, ItemId, ListedItem, Price, SearchPage};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultColumn {
    Id,
    Title,
    Price,
    Sales,
    Seller,
}

impl ResultColumn {
    pub(super) const ALL: [Self; 5] = [Self::Id, Self::Title, Self::Price, Self::Sales, Self::Seller];

    /// Its name in filters, which is that of the records of `obx search`.
    fn name(self) -> &'static str {
        match self {
            Self::Id => "num_iid",
            Self::Title => "title",
            Self::Price => "price",
            Self::Sales => "sales",
            Self::Seller => "seller",
        }
    }

    pub(super) fn title(self, texts: Texts) -> &'static str {
        match self {
            Self::Id => texts.found_column_id(),
            Self::Title => texts.found_column_title(),
            Self::Price => texts.column_price(),
            Self::Sales => texts.column_sales(),
            Self::Seller => texts.found_column_seller(),
        }
    }

    fn kind(self) -> ColumnKind {
        match self {
            Self::Price | Self::Sales => ColumnKind::Amount,
            Self::Id | Self::Title | Self::Seller => ColumnKind::Text,
        }
    }
}

/// The columns that a filter can name, also by their titles in both languages.
pub(super) fn filter_columns() -> FilterColumns {
    let titles = |column: ResultColumn| {
        [Language::En, Language::Zh].map(|language| column.title(Texts::new(language)).to_owned())
    };
    let column = |column: ResultColumn| FilterColumn {
        name: column.name().to_owned(),
        aliases: titles(column).into(),
        kind: column.kind(),
        values: Vec::new(),
    };
    FilterColumns { columns: ResultColumn::ALL.map(column).into(), unnamed: None }
}

/// An item of the page.
#[derive(Debug)]
pub(super) struct ResultRow {
    /// `None` where the answer has none that could be opened.
    pub(super) id: Option<ItemId>,
    /// In the order of [`ResultColumn::ALL`].
    pub(super) cells: [Cell; 5],
    price: Option<Price>,
    sales: Option<u64>,
}

impl ResultRow {
    fn new(item: &ListedItem<'_>) -> Self {
        let id = item.item_id();
        let shown = |field: Field<'_>| {
            if field.is_unknown_count() { Cell::default() } else { cell(&field, Theme.text()) }
        };
        let named = match &id {
            Some(id) => Cell::new(id.as_str(), Theme.strong()),
            None => cell(&item.field("num_iid"), Theme.text()),
        };
        let cells =
            [named, shown(item.title()), shown(item.price()), shown(item.sales()), shown(item.seller())];
        Self { id, cells, price: item.price().price(), sales: item.least_sales() }
    }

    fn amount(&self, column: ResultColumn) -> Option<Price> {
        match column {
            ResultColumn::Price => self.price,
            ResultColumn::Sales => Price::parse(&self.sales?.to_string()),
            ResultColumn::Id | ResultColumn::Title | ResultColumn::Seller => None,
        }
    }
}

/// All rows of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct ResultRows(Arc<[ResultRow]>);

impl ResultRows {
    pub(super) fn new(list: &SearchPage<'_>) -> Self {
        Self(list.items().map(|item| ResultRow::new(&item)).collect())
    }

    pub(super) fn get(&self, row: usize) -> Option<&ResultRow> {
        self.0.get(row)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ResultRow> {
        self.0.iter()
    }
}

impl TableRows for ResultRows {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn text(&self, row: usize) -> String {
        let cells = self.get(row).map(|row| row.cells.each_ref().map(|cell| cell.text.as_str()));
        cells.map(|cells| cells.join("\n")).unwrap_or_default()
    }

    fn cell(&self, row: usize, column: usize) -> String {
        self.get(row).and_then(|row| row.cells.get(column)).map(|cell| cell.text.clone()).unwrap_or_default()
    }

    fn amount(&self, row: usize, column: usize) -> Option<Price> {
        self.get(row)?.amount(*ResultColumn::ALL.get(column)?)
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        match self.amount(row, column) {
            Some(amount) => SortKey::Number(amount.low().to_f64()),
            None => SortKey::from_text(&self.cell(row, column)),
        }
    }
}
