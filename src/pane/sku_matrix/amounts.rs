//! The amounts in the cells of the matrix: of one SKU, of several together, and their ranks.

use std::sync::Arc;

use super::grid::GridCell;
use crate::ui::field::cell;
use crate::ui::text::clean;
use crate::ui::theme::{ASCENDING, DESCENDING, Theme};
use obx_core::i18n::Texts;
use obx_core::price::PriceColumn;
use onebound::{Field, Price, Sku};

/// Marks of the ranks between lowest and highest.
const BARS: [&str; 6] = ["▂", "▃", "▄", "▅", "▆", "▇"];

/// What the cells show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MatrixMeasure {
    Price,
    /// Calculated by a formula of `[price]`.
    Calculated(Arc<PriceColumn>),
    Stock,
    Sales,
}

/// An amount as it is shown, and as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MatrixAmount {
    pub(super) text: String,
    /// `None` where it is no amount in figures.
    pub(super) value: Option<Price>,
    /// Whether it is the span of several SKUs of which some have no amount in figures.
    pub(super) partly_unknown: bool,
}

/// Where an amount is among all others of its kind; equal amounts have equal ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Lowest,
    /// In steps, from low to high.
    Between(usize),
    Highest,
}

impl MatrixMeasure {
    /// All of them, in the order of the SKU table.
    pub(super) fn all(calculated: &[Arc<PriceColumn>]) -> Vec<Self> {
        let calculated = calculated.iter().cloned().map(Self::Calculated);
        [Self::Price].into_iter().chain(calculated).chain([Self::Stock, Self::Sales]).collect()
    }

    pub(super) fn title(&self, texts: Texts) -> String {
        match self {
            Self::Price => texts.column_price().to_owned(),
            Self::Calculated(column) => clean(&column.title).into_owned(),
            Self::Stock => texts.column_stock().to_owned(),
            Self::Sales => texts.column_sales().to_owned(),
        }
    }

    /// Whether amounts of several SKUs are added up; of others it is said from which to which they are.
    pub(super) fn adds_up(&self) -> bool {
        matches!(self, Self::Stock | Self::Sales)
    }

    /// The amount of the SKU of this number.
    pub(super) fn amount(&self, sku: Sku<'_>, number: usize) -> MatrixAmount {
        let field = match self {
            Self::Price => sku.price(),
            Self::Stock => sku.quantity(),
            Self::Sales => sku.sales(),
            Self::Calculated(column) => {
                let cell = column.cell(number);
                return MatrixAmount::new(clean(cell.text()).into_owned(), cell.amount());
            }
        };
        let value = if self.adds_up() { count(&field) } else { field.price() };
        MatrixAmount::new(cell(&field, Theme.text()).text, value)
    }
}

/// A number of pieces; `None` for `-1`, by which the vendor says that it doesn't know.
fn count(field: &Field<'_>) -> Option<Price> {
    Price::parse(&field.pieces()?.to_string())
}

impl MatrixAmount {
    fn new(text: String, value: Option<Price>) -> Self {
        Self { text, value, partly_unknown: false }
    }

    /// One amount for several SKUs of one cell, and their number. Without a value, and so without a rank, where some of
    /// them have none: the rest is not taken for all.
    pub(super) fn together(amounts: &[Self]) -> Self {
        let Some((first, others)) = amounts.split_first() else { return Self::default() };
        if others.is_empty() {
            return first.clone();
        }
        let mut total = MatrixTotal::default();
        for amount in amounts {
            total.add(amount);
        }
        let is_same = others.iter().all(|other| other.text == first.text);
        let text = if is_same { first.text.clone() } else { total.span_text() };
        Self {
            text: format!("{text}×{}", amounts.len()),
            value: total.span.filter(|_| !total.unknown),
            partly_unknown: total.unknown && total.span.is_some(),
        }
    }
}

/// A line of the totals below a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TotalLine {
    pub(super) text: String,
    pub(super) mark: &'static str,
}

/// The sum of the amounts of all SKUs, or their span.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MatrixTotal {
    sum: u128,
    span: Option<Price>,
    unknown: bool,
}

impl MatrixTotal {
    pub(super) fn add(&mut self, amount: &MatrixAmount) {
        let Some(value) = amount.value else {
            self.unknown = true;
            return;
        };
        let pieces: u128 = value.low().to_string().parse().unwrap_or_default();
        self.sum = self.sum.saturating_add(pieces);
        self.span = Some(self.span.map_or(value, |span| span.spanning(value)));
    }

    /// A sum is marked where amounts are unknown, so that a part is not taken for the whole.
    pub(super) fn text(self, measure: &MatrixMeasure) -> String {
        match (self.span, self.unknown) {
            (Some(_), true) if measure.adds_up() => format!("{}+", self.sum),
            (Some(_), false) if measure.adds_up() => self.sum.to_string(),
            _ => self.span_text(),
        }
    }

    /// From which to which the amounts are, marked where some are unknown.
    fn span_text(self) -> String {
        match (self.span, self.unknown) {
            (None, true) => "?".to_owned(),
            (None, false) => String::new(),
            (Some(span), true) => format!("{span} ?"),
            (Some(span), false) => span.to_string(),
        }
    }
}

impl MatrixTotal {
    /// The same, below each other: the lowest and the highest amount need less room than their span. A mark in place
    /// of a rank's says that some amounts are unknown.
    pub(super) fn lines(self, measure: &MatrixMeasure) -> Vec<TotalLine> {
        let mark = if self.unknown && self.span.is_some() { "?" } else { " " };
        match self.span {
            Some(span) if !measure.adds_up() => {
                [span.low(), span.high()].map(|amount| TotalLine { text: amount.to_string(), mark }).into()
            }
            None if !measure.adds_up() => vec![TotalLine { text: self.text(measure), mark }; 2],
            _ => vec![TotalLine { text: self.text(measure), mark: " " }],
        }
    }
}

impl Rank {
    /// Ranks the cells among each other. Where all amounts are equal there is nothing to rank.
    pub(super) fn assign<'a>(cells: impl Iterator<Item = &'a mut GridCell>) {
        let mut cells: Vec<(Price, &mut GridCell)> =
            cells.filter_map(|cell| Some((cell.amount.value?, cell))).collect();
        cells.sort_by(|(one, _), (other, _)| one.low().compare(other.low()));
        let mut steps = Vec::with_capacity(cells.len());
        let mut before: Option<Price> = None;
        for (value, _) in &cells {
            let is_new = before.is_some_and(|before| before.low().compare(value.low()).is_ne());
            steps.push(steps.last().copied().unwrap_or(0_usize) + usize::from(is_new));
            before = Some(*value);
        }
        let last = steps.last().copied().unwrap_or_default();
        for ((_, cell), step) in cells.into_iter().zip(steps) {
            cell.rank = match step {
                _ if last == 0 => None,
                0 => Some(Self::Lowest),
                step if step == last => Some(Self::Highest),
                step => Some(Self::Between((step - 1) * BARS.len() / (last - 1))),
            };
        }
    }

    /// A mark of one cell.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Lowest => DESCENDING,
            Self::Between(step) => BARS.get(step).copied().unwrap_or_default(),
            Self::Highest => ASCENDING,
        }
    }
}
