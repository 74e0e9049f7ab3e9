//! `P`: the SKUs as a matrix, one property by another, in a popup.
//!
//! `axes` reads the properties, `grid` arranges the SKUs, `amounts` has what is in a cell, and `view` draws it. A large
//! item is arranged by a job.

mod amounts;
mod axes;
mod grid;
mod view;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::copying;
use super::popup::{Popup, close, closes};
use crate::message::{Action, Effect, IsCancelled, JobDone, JobSlot, KeyScope};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::text::{fit, width};
use crate::ui::theme::Theme;
use amounts::MatrixMeasure;
use grid::{Grid, MatrixChoice};
use obx_core::i18n::{Language, Texts};
use onebound::Item;
use view::{MatrixWindow, body_height, draw, full_size};

/// No more SKUs are arranged in the frame of a key.
const AT_ONCE: usize = 4_096;
/// Fewest cells in a row, so that title and legend fit.
const MIN_WIDTH: usize = 56;

#[derive(Debug, Default)]
pub struct SkuMatrix {
    choice: MatrixChoice,
    grid: Option<Arc<Grid>>,
    job: JobSlot<Grid>,
    /// The effect that builds the next grid.
    due: Option<Effect>,
    window: MatrixWindow,
    /// The SKU from which it was opened.
    origin: Option<usize>,
    /// Whether the cursor was put on its combination.
    is_placed: bool,
    /// What `grid` was built from.
    built_for: Option<(u64, u64, Language, MatrixChoice)>,
    /// The part of the screen that it covers.
    area: Rect,
}

impl SkuMatrix {
    /// A matrix that begins at the combination of this SKU.
    pub fn at_sku(origin: Option<usize>) -> Self {
        Self { origin, ..Self::default() }
    }

    /// Builds the grid again if the answer, the language or the choice is another one.
    fn arrange(&mut self, model: &Model) {
        let wanted = (model.generation(), model.prices.revision(), model.texts.language(), self.choice);
        let wanted = Some(wanted);
        if self.built_for == wanted {
            return;
        }
        let built_for = self.built_for.map(|(generation, ..)| generation);
        if built_for != Some(model.generation()) {
            (self.grid, self.window) = (None, MatrixWindow::default());
            // A number of a SKU is one of that answer.
            self.origin = self.origin.filter(|_| built_for.is_none());
        }
        self.built_for = wanted;
        let Some(shown) = model.shown.as_ref().filter(|_| model.item().is_some()) else {
            self.job.cancel();
            return;
        };
        let (exchange, choice, texts) = (Arc::clone(&shown.exchange), self.choice, model.texts);
        let is_small = model.item().map_or(0, Item::sku_count) <= AT_ONCE;
        let measures = MatrixMeasure::all(model.prices.all());
        let origin = self.origin.filter(|_| !self.is_placed);
        let work = move |is_cancelled: IsCancelled<'_>| {
            Grid::new(exchange.item()?, (choice, origin), &measures, texts, is_cancelled)
        };
        let (grid, due) = self.job.start(is_small, work);
        self.due = due;
        if let Some(grid) = grid {
            self.show(grid);
        }
    }

    /// Shows a grid, the first one with the cursor on the combination of the SKU from which the matrix was opened.
    fn show(&mut self, grid: Arc<Grid>) {
        if !self.is_placed
            && let Some((row, column)) = self.origin.and_then(|sku| grid.place_of(sku))
        {
            self.choice.slice = grid.slice.0;
            if let Some((.., choice)) = &mut self.built_for {
                *choice = self.choice;
            }
            (self.window.rows.at, self.window.column) = (row, column);
        }
        (self.grid, self.is_placed) = (Some(grid), true);
    }

    /// Closes the matrix, with the cursor of the table on a SKU of the cursor's combination.
    #[must_use]
    fn leave(&self) -> Vec<Effect> {
        let cell = self.grid.as_ref().and_then(|grid| grid.cell(self.window.rows.at, self.window.column));
        let sku = cell.and_then(|cell| {
            let origin = self.origin.filter(|sku| cell.skus.contains(sku));
            origin.or(cell.skus.first().copied())
        });
        [Effect::ClosePopup].into_iter().chain(sku.map(Effect::SelectSkuIfShown)).collect()
    }

    /// Changes what is shown, with the cursor at the top if rows and columns are others.
    fn choose(&mut self, change: impl FnOnce(&mut MatrixChoice), keeps_place: bool) {
        change(&mut self.choice);
        if !keeps_place {
            self.window = MatrixWindow::default();
        }
    }

    /// Changes the fixed values of the other axes.
    fn step_slice(&mut self, forward: bool) {
        let count = self.grid.as_ref().map_or(0, |grid| grid.slice.1);
        if count > 1 {
            let step = if forward { 1 } else { count - 1 };
            self.choose(|choice| choice.slice = (choice.slice + step) % count, true);
        }
    }

    fn step_column(&mut self, forward: bool) {
        let columns = self.grid.as_ref().map_or(0, |grid| grid.columns.len());
        let column = if forward { self.window.column + 1 } else { self.window.column.saturating_sub(1) };
        self.window.column = column.min(columns.saturating_sub(1));
    }

    /// The first SKU of the cursor's combination.
    fn sku(&self) -> Option<usize> {
        let cell = self.grid.as_ref()?.cell(self.window.rows.at, self.window.column)?;
        cell.skus.first().copied()
    }

    #[must_use]
    fn open_sku(&self, texts: Texts) -> Vec<Effect> {
        match self.sku() {
            Some(sku) => vec![Effect::ClosePopup, Effect::SelectSku(sku)],
            None => vec![Effect::info(texts.matrix_no_such())],
        }
    }

    /// Copies the values, price, stock, sales and ID of the cursor's SKU.
    #[must_use]
    fn copy(&self, model: &Model) -> Vec<Effect> {
        let sku = self.sku().and_then(|sku| model.item()?.sku(sku).zip(model.item()));
        let Some((sku, item)) = sku else { return vec![Effect::info(model.texts.matrix_no_such())] };
        let mut cells = Vec::new();
        item.each_property(sku, |property| cells.push(property.value.to_owned()));
        cells.extend([sku.price(), sku.quantity(), sku.sales(), sku.sku_id()].map(|field| field.to_text()));
        vec![Effect::copy(model.texts.copied_row(), &copying::row(&cells))]
    }

    /// Copies the whole grid as a table for a spreadsheet, with headings and totals.
    #[must_use]
    fn copy_grid(&self, texts: Texts) -> Vec<Effect> {
        let Some(grid) = self.grid.as_ref().filter(|grid| !grid.rows.is_empty()) else { return Vec::new() };
        let headings = grid.columns.iter().map(|column| column.heading.clone());
        let mut lines =
            vec![copying::row(&[grid.row_axis.clone()].into_iter().chain(headings).collect::<Vec<_>>())];
        for (at, row) in grid.rows.iter().enumerate() {
            let text =
                |column| grid.cell(at, column).map(|cell| cell.amount.text.clone()).unwrap_or_default();
            let cells = (0..grid.columns.len()).map(text);
            lines.push(copying::row(&[row.heading.clone()].into_iter().chain(cells).collect::<Vec<_>>()));
        }
        vec![Effect::copy(texts.matrix_title(), &lines.join("\n"))]
    }

    fn title(&self, texts: Texts) -> String {
        let Some(grid) = &self.grid else { return format!(" {} ", texts.matrix_title()) };
        let measure = grid.measure.as_ref().map(|measure| measure.title(texts));
        let fixed = grid.fixed.iter().map(|(axis, value)| format!("{axis} = {value}"));
        let slices = (grid.slice.1 > 1).then(|| format!("({}/{})", grid.slice.0 + 1, grid.slice.1));
        let parts = [texts.matrix_title().to_owned()].into_iter().chain(measure);
        let parts: Vec<String> = parts.chain(fixed).chain(slices).collect();
        format!(" {} ", parts.join("  "))
    }

    /// Which rows and columns are out of sight.
    fn position(&self, texts: Texts) -> String {
        let Some(grid) = &self.grid else { return String::new() };
        let (left, right) = self.window.hidden_columns(grid);
        let mut parts = Vec::new();
        if left > 0 {
            parts.push(format!("←{left}"));
        }
        if right > 0 {
            parts.push(format!("{right}→"));
        }
        if grid.rows.len() > body_height(grid, inner(self.area)) {
            parts.push(texts.position(self.window.rows.at + 1, grid.rows.len()));
        }
        if parts.is_empty() { String::new() } else { format!(" {} ", parts.join(" ")) }
    }

    /// What the marks mean, and how many combinations occur more than once.
    fn legend(&self, texts: Texts) -> String {
        let Some(grid) = self.grid.as_ref().filter(|grid| !grid.rows.is_empty()) else {
            return String::new();
        };
        let repeated = (grid.repeated > 0).then(|| texts.matrix_repeated(grid.repeated));
        let parts = [texts.matrix_legend().to_owned()].into_iter().chain(repeated);
        format!(" {} ", parts.collect::<Vec<_>>().join("  "))
    }

    /// The cursor's combination and what its SKU has. Amounts that don't fit are left out, never cut.
    fn detail(&self, model: &Model, room: usize) -> Line<'static> {
        let Some(grid) = &self.grid else { return Line::default() };
        let (row, column) = (self.window.rows.at, self.window.column);
        let texts = model.texts;
        let names = [
            grid.rows.get(row).map(|row| row.heading.as_str()),
            grid.column_axis
                .as_ref()
                .and_then(|_| grid.columns.get(column))
                .map(|column| column.heading.as_str()),
        ];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let mut parts = Vec::new();
        match (grid.cell(row, column), self.sku().and_then(|sku| Some((model.item()?.sku(sku)?, sku)))) {
            (Some(cell), _) if cell.skus.len() > 1 => parts.push(texts.matrix_same(cell.skus.len())),
            (Some(_), Some((sku, number))) => {
                for measure in MatrixMeasure::all(model.prices.all()) {
                    parts.push(format!("{} {}", measure.title(texts), measure.amount(sku, number).text));
                }
                parts.extend(
                    sku.sku_id()
                        .text()
                        .map(|id| format!("{} {}", texts.column_sku_id(), crate::ui::text::clean(id))),
                );
            }
            _ => parts.push(texts.matrix_no_such().to_owned()),
        }
        let mut line = fit(&names.join(" / "), room / 2).into_owned();
        for part in parts {
            if width(&line) + width(&part) + 2 <= room {
                line = format!("{line}  {part}");
            }
        }
        Line::styled(line, Theme.strong())
    }

    /// Why there is no grid; `None` if there is one.
    fn why_empty(&self, model: &Model) -> Option<&'static str> {
        let texts = model.texts;
        match (model.item(), &self.grid) {
            (None, _) => Some(texts.no_item()),
            (Some(item), _) if item.sku_count() == 0 => Some(texts.no_skus()),
            _ if self.job.has_failed() => Some(texts.work_failed()),
            (_, None) => Some(texts.matrix_building()),
            (_, Some(grid)) => grid.rows.is_empty().then(|| texts.matrix_no_axes()),
        }
    }
}

impl Popup for SkuMatrix {
    fn scope(&self) -> KeyScope {
        KeyScope::Matrix
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::SkuMatrix) => return self.leave(),
            Action::Open => return self.open_sku(model.texts),
            Action::Copy => return self.copy(model),
            Action::Export => return self.copy_grid(model.texts),
            Action::MatrixMeasure => self.choose(|choice| choice.measure += 1, true),
            Action::MatrixAxes => {
                self.choose(|choice| (choice.arrangement, choice.slice) = (choice.arrangement + 1, 0), false);
            }
            Action::Newer => self.step_slice(true),
            Action::Older => self.step_slice(false),
            Action::Left => self.step_column(false),
            Action::Right => self.step_column(true),
            _ => {
                if let Some(grid) = &self.grid {
                    let height = body_height(grid, inner(self.area));
                    self.window.rows.act(action, grid.rows.len(), height);
                }
            }
        }
        Vec::new()
    }

    fn on_job(&mut self, done: &JobDone) {
        if let Some(grid) = self.job.accept(done) {
            self.show(grid);
        }
    }

    fn due(&mut self) -> Vec<Effect> {
        self.due.take().into_iter().collect()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.arrange(model);
        let (width, height) = match &self.grid {
            Some(grid) if !grid.rows.is_empty() => full_size(grid, model.texts),
            _ => (MIN_WIDTH, 1),
        };
        let cells = |count: usize| u16::try_from(count + 2).unwrap_or(u16::MAX);
        self.area = popup(screen, cells(width.max(MIN_WIDTH)), cells(height));
        if let Some(grid) = &self.grid {
            self.window.follow(grid, inner(self.area), model.texts);
        }
    }

    fn area(&self, _screen: Size) -> Rect {
        self.area
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = model.texts;
        let inside = inner(area);
        let right = self.position(texts);
        let room = usize::from(inside.width);
        let title = fit(&self.title(texts), room.saturating_sub(width(&right))).into_owned();
        let foot = fit(&self.legend(texts), room).into_owned();
        let edges = Edges {
            title: Line::from(title),
            right: Line::from(right),
            foot: Line::from(foot),
            ..Edges::default()
        };
        crate::ui::popup_frame(buffer, area, &edges);
        if let Some(why) = self.why_empty(model) {
            let line = Line::styled(format!(" {why}"), Theme.dim());
            return crate::ui::line(buffer, inside.x, inside.y, inside.width, &line);
        }
        let Some(grid) = &self.grid else { return };
        draw(grid, &self.window, texts, inside, buffer);
        let y = inside.bottom().saturating_sub(1);
        crate::ui::line(
            buffer,
            inside.x + 1,
            y,
            inside.width.saturating_sub(1),
            &self.detail(model, room - 1),
        );
    }

    fn has_help(&self) -> bool {
        true
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let mut hints = Vec::new();
        if let Some(grid) = self.grid.as_ref().filter(|grid| !grid.rows.is_empty()) {
            hints.push(Hint::free(Action::Open, texts.hint_matrix_sku()));
            if grid.measure.is_some() {
                hints.push(Hint::free(Action::MatrixMeasure, texts.hint_matrix_measure()));
            }
            if grid.slice.1 > 1 {
                hints.push(Hint::free(Action::Newer, texts.hint_matrix_value()));
            }
            if grid.arrangements > 1 {
                hints.push(Hint::free(Action::MatrixAxes, texts.hint_matrix_axes()));
            }
            hints.push(Hint::free(Action::Copy, texts.hint_matrix_copy()));
            hints.push(Hint::free(Action::Export, texts.hint_matrix_copy_all()));
        }
        hints.push(close(model));
        hints
    }
}
