//! `C`: which columns the SKU table shows, and in what order. Every change is seen at once in the table behind it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::columns::{SkuColumn, choosable};
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::pane::Hint;
use crate::pane::popup::{Popup, close, closes};
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{pad_right, width};
use crate::ui::theme::{CURSOR, Theme};

/// In cells.
const WIDTH: u16 = 44;

#[derive(Debug)]
pub struct ColumnChooser {
    /// All columns of the answer.
    all: Vec<SkuColumn>,
    /// Their places in `all` in the order of the list, and whether each is shown.
    rows: Vec<(usize, bool)>,
    scroll: Scroll,
    height: u16,
}

impl ColumnChooser {
    /// The columns of the item on the screen; `None` without one.
    pub fn new(model: &Model) -> Option<Self> {
        let all = SkuColumn::of_item(model.item()?, model.prices.all());
        let rows = model.sku_columns.all_in_order(&choosable(&all));
        Some(Self { all, rows, scroll: Scroll::default(), height: 0 })
    }

    fn choose(&self, model: &Model) -> Effect {
        let shown: Vec<usize> =
            self.rows.iter().filter(|(_, is_shown)| *is_shown).map(|(place, _)| *place).collect();
        Effect::ChooseColumns(model.sku_columns.with_shown(&shown, &choosable(&self.all)))
    }

    /// Shows or hides the column under the cursor; the last one stays.
    fn toggle(&mut self, model: &Model) -> Effect {
        let shown = self.rows.iter().filter(|(_, is_shown)| *is_shown).count();
        match self.rows.get_mut(self.scroll.at) {
            Some((_, true)) if shown == 1 => return Effect::info(model.texts.columns_last()),
            Some((_, is_shown)) => *is_shown = !*is_shown,
            None => {}
        }
        self.choose(model)
    }

    #[must_use]
    fn move_row(&mut self, is_down: bool, model: &Model) -> Option<Effect> {
        let from = self.scroll.at;
        let to = if is_down { from + 1 } else { from.checked_sub(1)? };
        if to >= self.rows.len() {
            return None;
        }
        self.rows.swap(from, to);
        self.scroll.at = to;
        Some(self.choose(model))
    }
}

impl Popup for ColumnChooser {
    fn scope(&self) -> KeyScope {
        KeyScope::Columns
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::ShowColumns) => vec![Effect::ClosePopup],
            Action::ToggleColumn | Action::Open => vec![self.toggle(model)],
            Action::MoveColumnDown => self.move_row(true, model).into_iter().collect(),
            Action::MoveColumnUp => self.move_row(false, model).into_iter().collect(),
            Action::ResetColumns => {
                let choice = model.sku_columns.reset();
                self.rows = choice.all_in_order(&choosable(&self.all));
                vec![Effect::ChooseColumns(choice)]
            }
            _ => {
                self.scroll.act(action, self.rows.len(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height;
        self.scroll.clamp(self.rows.len(), usize::from(self.height));
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, WIDTH, u16::try_from(self.rows.len() + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", model.texts.columns_title()));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        let inside = inner(area);
        let titles =
            self.all.iter().map(|column| width(&column.title(model.texts))).max().unwrap_or_default();
        let rows = self.rows.iter().enumerate().skip(self.scroll.top);
        for (y, (at, (place, is_shown))) in (inside.top()..inside.bottom()).zip(rows) {
            let Some(column) = self.all.get(*place) else { continue };
            let is_here = at == self.scroll.at;
            let mark = if *is_shown { "[x]" } else { "[ ]" };
            let title = column.title(model.texts);
            let name = if title == column.name() { "" } else { column.name() };
            let line = Line::from(vec![
                Span::raw(format!("{} {mark} ", if is_here { CURSOR } else { " " })),
                Span::raw(pad_right(&title, titles.min(usize::from(WIDTH) / 2))),
                Span::styled(format!("  {name}"), Theme.dim()),
            ]);
            crate::ui::line(buffer, inside.x, y, inside.width, &line);
            if is_here {
                crate::ui::row_style(buffer, inside, y, Theme.cursor(true));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        vec![
            Hint::free(Action::ToggleColumn, texts.hint_toggle_column()),
            Hint::free(Action::MoveColumnDown, texts.hint_move_column_down()),
            Hint::free(Action::MoveColumnUp, texts.hint_move_column_up()),
            Hint::free(Action::ResetColumns, texts.hint_reset_columns()),
            close(model),
        ]
    }
}
