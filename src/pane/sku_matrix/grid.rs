//! The matrix as a grid: which axes go down and across, which values of the others are fixed, and what is in each cell.

use std::collections::{BTreeSet, HashMap};

use super::amounts::{MatrixAmount, MatrixMeasure, MatrixTotal, Rank, TotalLine};
use super::axes::SkuPlaces;
use crate::message::IsCancelled;
use crate::ui::text::width;
use obx_core::i18n::Texts;
use onebound::Item;

/// A text that is no amount takes no more cells than this; amounts are never cut.
const MAX_TEXT: usize = 12;

/// What the user chose. Numbers beyond the last start again from the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MatrixChoice {
    /// Which two axes go down and across.
    pub(super) arrangement: usize,
    /// Which values are fixed on the other axes.
    pub(super) slice: usize,
    /// What the cells show.
    pub(super) measure: usize,
}

/// A column's heading, what is below it, and its width in cells without the mark of a rank.
#[derive(Clone, Debug)]
pub(super) struct GridColumn {
    pub(super) heading: String,
    /// As many as those of all other columns.
    pub(super) totals: Vec<TotalLine>,
    pub(super) width: usize,
}

#[derive(Clone, Debug)]
pub(super) struct GridRow {
    pub(super) heading: String,
    /// Empty in a list, whose columns can't be added up.
    pub(super) total: String,
}

/// The SKUs of one combination.
#[derive(Clone, Debug)]
pub(super) struct GridCell {
    pub(super) skus: Vec<usize>,
    pub(super) amount: MatrixAmount,
    pub(super) rank: Option<Rank>,
}

/// The grid of two axes, or the list of one, whose columns are what the SKUs have.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) row_axis: String,
    /// `None` in a list.
    pub(super) column_axis: Option<String>,
    /// The other axes, each with its fixed value.
    pub(super) fixed: Vec<(String, String)>,
    /// The number of the fixed values among all that occur, from 0, and how many occur.
    pub(super) slice: (usize, usize),
    /// In how many ways two axes can go down and across.
    pub(super) arrangements: usize,
    /// What the cells show; `None` in a list.
    pub(super) measure: Option<MatrixMeasure>,
    pub(super) rows: Vec<GridRow>,
    pub(super) columns: Vec<GridColumn>,
    /// The total of everything in a grid.
    pub(super) total: String,
    /// How many combinations occur more than once.
    pub(super) repeated: usize,
    cells: HashMap<(usize, usize), GridCell>,
}

/// The axes of a grid by their numbers.
struct GridAxes {
    down: usize,
    across: Option<usize>,
    fixed: Vec<usize>,
}

impl Grid {
    /// Builds the grid of an item; `None` if cancelled. It has no rows if the SKUs have no properties. With an `origin`,
    /// the other axes have the values of this SKU.
    pub(super) fn new(
        item: Item<'_>,
        (choice, origin): (MatrixChoice, Option<usize>),
        measures: &[MatrixMeasure],
        texts: Texts,
        is_cancelled: IsCancelled<'_>,
    ) -> Option<Self> {
        let places = SkuPlaces::new(item, is_cancelled)?;
        let arrangements = arrangements(&places);
        let Some((down, across)) = arrangements.get(choice.arrangement % arrangements.len().max(1)) else {
            return Some(Self::default());
        };
        let fixed = (0..places.axes.len()).filter(|axis| axis != down && Some(*axis) != *across).collect();
        let axes = GridAxes { down: *down, across: *across, fixed };
        let mut grid = Self { arrangements: arrangements.len(), ..Self::default() };
        let skus = grid.choose_slice(&places, &axes, choice.slice, origin);
        grid.name_axes(&places, &axes);
        let measure = measures.get(choice.measure % measures.len().max(1)).cloned();
        grid.measure = measure.filter(|_| across.is_some());
        match (axes.across, grid.measure.clone()) {
            (Some(across), Some(measure)) => {
                grid.fill(item, &places, &skus, (axes.down, across), &measure);
            }
            _ => grid.fill_list(item, &places, &skus, axes.down, (measures, texts)),
        }
        Some(grid)
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&GridCell> {
        self.cells.get(&(row, column))
    }

    /// The first cell with this SKU.
    pub(super) fn place_of(&self, sku: usize) -> Option<(usize, usize)> {
        let with_sku = self.cells.iter().filter(|(_, cell)| cell.skus.contains(&sku));
        with_sku.map(|(place, _)| *place).min()
    }

    /// How many lines of totals are below the rows.
    pub(super) fn total_lines(&self) -> usize {
        self.columns.first().map_or(0, |column| column.totals.len())
    }

    /// Fixes the values of the other axes; returns the SKUs that have them.
    fn choose_slice(
        &mut self,
        places: &SkuPlaces,
        axes: &GridAxes,
        slice: usize,
        origin: Option<usize>,
    ) -> Vec<usize> {
        let values =
            |sku: usize| -> Vec<u32> { axes.fixed.iter().map(|axis| places.place(sku, *axis)).collect() };
        let all = 0..places.sku_count();
        if axes.fixed.is_empty() {
            return all.collect();
        }
        let occurring: BTreeSet<Vec<u32>> = all.clone().map(values).collect();
        let of_origin =
            origin.and_then(|sku| occurring.iter().position(|occurring| *occurring == values(sku)));
        let at = of_origin.unwrap_or(slice % occurring.len().max(1));
        let Some(chosen) = occurring.iter().nth(at) else { return Vec::new() };
        self.slice = (at, occurring.len());
        let named = axes.fixed.iter().zip(chosen).filter_map(|(number, value)| {
            let fixed = places.axes.get(*number)?;
            Some((fixed.name.clone(), fixed.values.get(*value as usize)?.clone()))
        });
        self.fixed = named.collect();
        all.filter(|sku| values(*sku) == *chosen).collect()
    }

    fn name_axes(&mut self, places: &SkuPlaces, axes: &GridAxes) {
        let name = |axis: usize| places.axes.get(axis).map(|axis| axis.name.clone()).unwrap_or_default();
        (self.row_axis, self.column_axis) = (name(axes.down), axes.across.map(name));
        let row = |heading: &String| GridRow { heading: heading.clone(), total: String::new() };
        self.rows =
            places.axes.get(axes.down).map(|axis| axis.values.iter().map(row).collect()).unwrap_or_default();
    }

    /// Fills the cells of two axes.
    fn fill(
        &mut self,
        item: Item<'_>,
        places: &SkuPlaces,
        skus: &[usize],
        (down, across): (usize, usize),
        measure: &MatrixMeasure,
    ) {
        let headings = places.axes.get(across).map(|axis| axis.values.clone()).unwrap_or_default();
        let mut row_totals = vec![MatrixTotal::default(); self.rows.len()];
        let mut column_totals = vec![MatrixTotal::default(); headings.len()];
        let mut total = MatrixTotal::default();
        let mut amounts: HashMap<(usize, usize), Vec<(usize, MatrixAmount)>> = HashMap::new();
        for sku in skus {
            let Some(view) = item.sku(*sku) else { continue };
            let amount = measure.amount(view, *sku);
            let (row, column) = (places.place(*sku, down) as usize, places.place(*sku, across) as usize);
            let totals = [row_totals.get_mut(row), column_totals.get_mut(column), Some(&mut total)];
            totals.into_iter().flatten().for_each(|total| total.add(&amount));
            amounts.entry((row, column)).or_default().push((*sku, amount));
        }
        for (row, total) in self.rows.iter_mut().zip(row_totals) {
            row.total = total.text(measure);
        }
        self.total = total.text(measure);
        self.columns = headings
            .into_iter()
            .zip(column_totals)
            .map(|(heading, total)| GridColumn { heading, totals: total.lines(measure), width: 0 })
            .collect();
        self.cells = amounts.into_iter().map(|(place, of_cell)| (place, cell(of_cell))).collect();
        Rank::assign(self.cells.values_mut());
        self.finish();
    }

    /// Fills the list of one axis: a column for each measure.
    fn fill_list(
        &mut self,
        item: Item<'_>,
        places: &SkuPlaces,
        skus: &[usize],
        down: usize,
        (measures, texts): (&[MatrixMeasure], Texts),
    ) {
        for (column, measure) in measures.iter().enumerate() {
            let mut total = MatrixTotal::default();
            let mut amounts: HashMap<usize, Vec<(usize, MatrixAmount)>> = HashMap::new();
            for sku in skus {
                let Some(view) = item.sku(*sku) else { continue };
                let amount = measure.amount(view, *sku);
                total.add(&amount);
                amounts.entry(places.place(*sku, down) as usize).or_default().push((*sku, amount));
            }
            let mut cells: Vec<((usize, usize), GridCell)> =
                amounts.into_iter().map(|(row, of_cell)| ((row, column), cell(of_cell))).collect();
            Rank::assign(cells.iter_mut().map(|(_, cell)| cell));
            self.cells.extend(cells);
            let heading = measure.title(texts);
            self.columns.push(GridColumn { heading, totals: total.lines(measure), width: 0 });
        }
        self.finish();
    }

    /// Counts the combinations that occur more than once, and measures the columns.
    fn finish(&mut self) {
        let is_repeated = |((_, column), cell): (&(usize, usize), &GridCell)| {
            (cell.skus.len() > 1 && (self.column_axis.is_some() || *column == 0)).then_some(())
        };
        self.repeated = self.cells.iter().filter_map(is_repeated).count();
        for column in &mut self.columns {
            let totals = column.totals.iter().map(|total| width(&total.text)).max().unwrap_or_default();
            column.width = totals.max(width(&column.heading).min(MAX_TEXT));
        }
        for ((_, column), cell) in &self.cells {
            let Some(column) = self.columns.get_mut(*column) else { continue };
            let needed = width(&cell.amount.text);
            let is_amount = cell.amount.value.is_some() || cell.amount.partly_unknown;
            let needed = if is_amount { needed } else { needed.min(MAX_TEXT) };
            column.width = column.width.max(needed);
        }
    }
}

fn cell(of_cell: Vec<(usize, MatrixAmount)>) -> GridCell {
    let (skus, amounts): (Vec<usize>, Vec<MatrixAmount>) = of_cell.into_iter().unzip();
    GridCell { skus, amount: MatrixAmount::together(&amounts), rank: None }
}

/// All pairs of axes, the one with the most values down and the next one across first; then each pair turned round. Of a
/// single axis only itself.
fn arrangements(places: &SkuPlaces) -> Vec<(usize, Option<usize>)> {
    let mut axes: Vec<usize> = (0..places.axes.len()).collect();
    let count = |axis: usize| places.axes.get(axis).map_or(0, |axis| axis.values.len());
    axes.sort_by_key(|axis| std::cmp::Reverse(count(*axis)));
    if let [only] = axes.as_slice() {
        return vec![(*only, None)];
    }
    let pairs = axes.iter().enumerate().flat_map(|(at, down)| {
        axes.iter().skip(at + 1).flat_map(move |across| [(*down, Some(*across)), (*across, Some(*down))])
    });
    pairs.collect()
}
