//! The columns of the SKU table: the property axes, then what the API sends of each SKU.

use std::sync::Arc;

use ratatui::style::Style;

use crate::message::ChoosableColumn;
use crate::ui::field::cell;
use crate::ui::filter::{ColumnKind, FilterColumn, amount, plain_amount};
use crate::ui::rows::SortKey;
use crate::ui::table::{Align, Cell, TextWidth};
use crate::ui::text::{clean, width};
use crate::ui::theme::Theme;
use obx_core::i18n::{Language, Texts};
use obx_core::price::{PriceCell, PriceColumn};
use onebound::{Field, Item, Price, Sku};

/// The most axes that have a column. No real item has more than three; further ones can be read in the response.
const MAX_AXES: usize = 6;
/// Column widths are measured over this many rows, spread over the whole table. So the cost is the same for 200,000
/// rows, and the widths don't change while the user scrolls.
const MEASURED_ROWS: usize = 500;

/// A column of the SKU table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SkuColumn {
    /// The SKU's value on the axis of this name, such as 颜色.
    Axis(String),
    /// A field of the SKU.
    Field(SkuField),
    /// The address of its picture.
    Picture,
    /// Calculated by a formula of `[price]`.
    Calculated(Arc<PriceColumn>),
}

/// A SKU and its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberedSku<'a> {
    pub(super) item: Item<'a>,
    pub(super) sku: Sku<'a>,
    number: usize,
}

impl<'a> NumberedSku<'a> {
    pub(super) fn new(item: Item<'a>, number: usize) -> Option<Self> {
        Some(Self { item, sku: item.sku(number)?, number })
    }
}

/// A field of a SKU that has a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SkuField {
    /// The API's name.
    name: &'static str,
    kind: FieldKind,
    /// Whether it has a column even if no SKU has the field, since its absence is worth knowing.
    is_always_shown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldKind {
    /// Yuan.
    Price,
    /// Pieces.
    Count,
    Id,
    Text,
}

const FIELDS: [SkuField; 8] = [
    SkuField { name: "price", kind: FieldKind::Price, is_always_shown: true },
    SkuField { name: AGENT_PRICE, kind: FieldKind::Price, is_always_shown: false },
    SkuField { name: "quantity", kind: FieldKind::Count, is_always_shown: true },
    SkuField { name: "sales", kind: FieldKind::Count, is_always_shown: true },
    SkuField { name: "sku_id", kind: FieldKind::Id, is_always_shown: true },
    SkuField { name: "orginal_price", kind: FieldKind::Price, is_always_shown: false },
    SkuField { name: SPEC_ID, kind: FieldKind::Id, is_always_shown: false },
    SkuField { name: PROPERTIES, kind: FieldKind::Text, is_always_shown: false },
];

/// For drop-shipping. It has this name whichever field it was sent in.
const AGENT_PRICE: &str = "agent_price";
const PICTURE: &str = "picture";
const SPEC_ID: &str = "spec_id";
const PROPERTIES: &str = "properties";

/// The first field, which most questions are about.
pub(super) const PRICE: &str = "price";

impl SkuColumn {
    /// The columns of an item: its axes, and the fields that any SKU of a sample has.
    pub(super) fn of_item(item: Item<'_>, calculated: &[Arc<PriceColumn>]) -> Vec<Self> {
        let known = |field: &SkuField| measured(item).any(|shown| field.value(shown.sku) != Field::Absent);
        let fields = FIELDS.into_iter().filter(|field| field.is_always_shown || known(field));
        let mut columns: Vec<Self> = axes(item).iter().cloned().map(Self::Axis).collect();
        for field in fields {
            columns.push(Self::Field(field));
            if field.name == PRICE {
                columns.extend(calculated.iter().cloned().map(Self::Calculated));
            }
        }
        let has_picture = measured(item).any(|shown| item.sku_picture(shown.sku).is_some());
        columns.extend(has_picture.then_some(Self::Picture));
        columns
    }

    /// Whether it is the same column, perhaps of another answer.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Calculated(one), Self::Calculated(other)) => one.name == other.name,
            _ => self == other,
        }
    }

    /// The axis, or the field by the API's name, as in exports.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Axis(axis) => axis,
            Self::Field(field) => field.name,
            Self::Picture => PICTURE,
            Self::Calculated(column) => &column.name,
        }
    }

    /// Its header. A field without a common name is called as in the API.
    pub(super) fn title(&self, texts: Texts) -> String {
        match self.name() {
            axis if matches!(self, Self::Axis(_)) => clean(axis).into_owned(),
            _ if matches!(self, Self::Calculated(_)) => self.calculated_title(),
            "price" => texts.column_price().to_owned(),
            "quantity" => texts.column_stock().to_owned(),
            "sales" => texts.column_sales().to_owned(),
            "sku_id" => texts.column_sku_id().to_owned(),
            AGENT_PRICE => texts.column_agent_price().to_owned(),
            PICTURE => texts.column_picture().to_owned(),
            name => name.to_owned(),
        }
    }

    fn calculated_title(&self) -> String {
        if let Self::Calculated(column) = self { clean(&column.title).into_owned() } else { String::new() }
    }

    pub(super) fn align(&self) -> Align {
        if self.is_amount() { Align::Right } else { Align::Left }
    }

    /// Whether it has prices or counts.
    pub(super) fn is_amount(&self) -> bool {
        let is_of_amounts = |field: &SkuField| matches!(field.kind, FieldKind::Price | FieldKind::Count);
        match self {
            Self::Axis(_) | Self::Picture => false,
            Self::Field(field) => is_of_amounts(field),
            Self::Calculated(_) => true,
        }
    }

    /// Whether it only repeats in codes which SKU it is.
    fn is_code(&self) -> bool {
        matches!(self, Self::Field(SkuField { name: SPEC_ID | PROPERTIES, .. }))
    }

    /// Whether its cells are never cut: a part of a price or an ID would be read as another one.
    pub(super) fn is_whole(&self) -> bool {
        let is_id = matches!(self, Self::Field(SkuField { kind: FieldKind::Id, .. }));
        is_id || self.is_amount()
    }

    /// The text as it was sent; empty if there is none.
    pub(super) fn text(&self, NumberedSku { item, sku, number }: NumberedSku<'_>) -> String {
        match self {
            Self::Axis(axis) => axis_text(item, sku, axis),
            Self::Field(field) => field.value(sku).to_text(),
            Self::Picture => item.sku_picture(sku).unwrap_or_default(),
            Self::Calculated(column) => column.cell(number).text().to_owned(),
        }
    }

    /// The price or count in it; of a text, the number that it consists of.
    pub(super) fn amount(&self, shown: NumberedSku<'_>) -> Option<Price> {
        match self {
            Self::Axis(_) | Self::Picture => plain_amount(&self.text(shown)),
            Self::Field(field) => field.amount(&field.value(shown.sku)),
            Self::Calculated(column) => column.cell(shown.number).amount(),
        }
    }

    /// Calls `each` with the text as it was sent and the price or count in it; the digits of an ID are none.
    pub(super) fn read_cell(&self, shown: NumberedSku<'_>, each: impl FnOnce(&str, Option<Price>)) {
        match self {
            Self::Axis(_) | Self::Picture => each(&self.text(shown), None),
            Self::Field(field) => {
                let value = field.value(shown.sku);
                let amount = if self.is_amount() { field.amount(&value) } else { None };
                each(value.text().unwrap_or_default(), amount);
            }
            Self::Calculated(column) => {
                let cell = column.cell(shown.number);
                each(cell.text(), cell.amount());
            }
        }
    }

    /// As a filter names it: like exports, or by its header in either language.
    pub(super) fn for_filter(&self) -> FilterColumn {
        let titles =
            [Language::En, Language::Zh].map(|language| self.title(Texts::new(language)).to_lowercase());
        let mut aliases: Vec<String> = Vec::new();
        for title in titles {
            if title != self.name() && !aliases.contains(&title) {
                aliases.push(title);
            }
        }
        let kind = if self.is_amount() { ColumnKind::Amount } else { ColumnKind::Text };
        FilterColumn { name: self.name().to_owned(), aliases, kind, values: Vec::new() }
    }

    pub(super) fn sort_key(&self, shown: NumberedSku<'_>) -> SortKey {
        match self {
            Self::Field(field) if self.is_amount() => SortKey::from_amount(&field.value(shown.sku)),
            Self::Calculated(column) => {
                SortKey::from_amount(&Field::Text(column.cell(shown.number).text().into()))
            }
            _ => SortKey::from_text(&self.text(shown)),
        }
    }

    fn text_width(&self, cells: usize) -> TextWidth {
        if self.is_whole() { TextWidth::Whole(cells) } else { TextWidth::Cuttable(cells) }
    }
}

/// The cells of a SKU in these columns.
pub(super) fn cells(columns: &[SkuColumn], shown: NumberedSku<'_>) -> Vec<Cell> {
    let NumberedSku { item, sku, number } = shown;
    let of_column = |column: &SkuColumn| match column {
        SkuColumn::Calculated(column) => calculated_cell(column.cell(number)),
        SkuColumn::Axis(_) => Cell::new("—", Theme.dim()),
        SkuColumn::Field(field) => cell(&field.value(sku), field.style()),
        SkuColumn::Picture => match item.sku_picture(sku) {
            Some(address) => Cell::new(clean(file_name(&address)), Style::new()),
            None => Cell::new("—", Theme.dim()),
        },
    };
    let mut cells: Vec<Cell> = columns.iter().map(of_column).collect();
    item.each_property(sku, |property| {
        let is_axis = |column: &SkuColumn| matches!(column, SkuColumn::Axis(axis) if axis == property.axis);
        let column = columns.iter().position(is_axis);
        if let Some(cell) = column.and_then(|column| cells.get_mut(column)) {
            *cell = Cell::new(clean(property.value), Style::new());
        }
    });
    cells
}

/// What tells a picture from others: the end of its address, without parameters.
fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.rsplit('/').next().unwrap_or(path)
}

/// A failure is marked, so that it is not taken for an amount or for nothing.
pub(in crate::pane) fn calculated_cell(cell: &PriceCell) -> Cell {
    let style = match cell {
        PriceCell::Amount(_) | PriceCell::Text(_) => Theme.text(),
        PriceCell::Awaited | PriceCell::Unknown => Theme.dim(),
        PriceCell::Failed(_) => Theme.bad(),
    };
    Cell::new(clean(cell.text()).into_owned(), style)
}

impl SkuField {
    fn value(self, sku: Sku<'_>) -> Field<'_> {
        if self.name == AGENT_PRICE { sku.agent_price() } else { sku.field(self.name) }
    }

    /// The price or count in its value; of a text, the number that it consists of.
    fn amount(self, value: &Field<'_>) -> Option<Price> {
        if self.kind == FieldKind::Count && value.is_unknown_count() {
            return None;
        }
        value.price().or_else(|| amount(value.text().unwrap_or_default()))
    }

    fn style(self) -> Style {
        if self.name == PRICE { Theme.price() } else { Theme.text() }
    }
}

/// The width of each column's content and title, over a sample of the rows.
pub(super) fn measure(item: Item<'_>, columns: &[SkuColumn], texts: Texts) -> Vec<TextWidth> {
    let mut widths: Vec<usize> = columns.iter().map(|column| width(&column.title(texts))).collect();
    for shown in measured(item) {
        for (widest, cell) in widths.iter_mut().zip(cells(columns, shown)) {
            *widest = width(&cell.text).max(*widest);
        }
    }
    columns.iter().zip(widths).map(|(column, cells)| column.text_width(cells)).collect()
}

/// The columns as they can be chosen. Where axes name a SKU, its codes are hidden until they are wanted.
pub(super) fn choosable(columns: &[SkuColumn]) -> Vec<ChoosableColumn<'_>> {
    let is_axis = |column: &SkuColumn| matches!(column, SkuColumn::Axis(_));
    // Where the answer names no property, its axes are called by their numbers.
    let is_named = |column: &SkuColumn| {
        is_axis(column) && column.name().contains(|c: char| !c.is_ascii_digit() && c != '-')
    };
    let has_names = columns.iter().any(is_named);
    let choosable = |column| ChoosableColumn {
        name: SkuColumn::name(column),
        is_axis: is_axis(column),
        is_shown_at_first: !(has_names && column.is_code()),
    };
    columns.iter().map(choosable).collect()
}

/// How many axes of this item have a column.
pub(super) fn axis_count(item: Item<'_>) -> usize {
    axes(item).len()
}

fn axes(item: Item<'_>) -> &[String] {
    let axes = item.known_axes();
    axes.get(..axes.len().min(MAX_AXES)).unwrap_or_default()
}

/// A SKU's value for an axis; empty if it has none.
fn axis_text(item: Item<'_>, sku: Sku<'_>, axis: &str) -> String {
    let mut text = String::new();
    item.each_property(sku, |property| {
        if property.axis == axis {
            property.value.clone_into(&mut text);
        }
    });
    text
}

/// A sample of about [`MEASURED_ROWS`] SKUs, including the first and the last.
fn measured(item: Item<'_>) -> impl Iterator<Item = NumberedSku<'_>> {
    let count = item.sku_count();
    let spread = (0..count).step_by(count.div_ceil(MEASURED_ROWS).max(1));
    spread.chain(count.checked_sub(1)).filter_map(move |row| NumberedSku::new(item, row))
}
