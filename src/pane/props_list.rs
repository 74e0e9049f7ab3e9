//! 4 Props: names and values, as the seller wrote them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Hint, Pane};
use crate::api::{Item, Prop};
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::ui::field::cell;
use crate::ui::scroll::Scroll;
use crate::ui::text::{pad_right, split_at_width, width};
use crate::ui::theme::{CURSOR, Theme};

/// How far values move at a time, in cells.
const STEP: usize = 8;

/// The pane, its cursor, and how far its values are moved to the left.
#[derive(Debug, Default)]
pub(super) struct PropsList {
    scroll: Scroll,
    shift: usize,
    names: usize,
    seen: u64,
    area: Rect,
}

impl PropsList {
    fn room_for_values(&self) -> usize {
        usize::from(self.area.width).saturating_sub(2 + self.names + 2)
    }
}

impl Pane for PropsList {
    fn id(&self) -> PaneId {
        PaneId::Props
    }

    fn title(&self, model: &Model) -> (Line<'static>, Line<'static>) {
        let texts = model.texts;
        let count = model.item().map_or(0, Item::prop_count);
        let title = match count {
            0 => texts.pane_props().to_owned(),
            _ => format!("{} {}", texts.pane_props(), texts.position(self.scroll.at + 1, count)),
        };
        (Line::from(title), Line::default())
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Ask> {
        let props = || model.item().into_iter().flat_map(props);
        let widest =
            props().map(|prop| width(&cell(&prop.value(), Theme.text()).text)).max().unwrap_or_default();
        match action {
            Action::Left => self.shift = self.shift.saturating_sub(STEP),
            Action::Right if widest > self.shift + self.room_for_values() => self.shift += STEP,
            _ => {
                self.scroll.act(action, props().count(), usize::from(self.area.height));
            }
        }
        Vec::new()
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        if self.seen != model.generation() {
            (self.scroll, self.shift) = (Scroll::default(), 0);
            self.seen = model.generation();
        }
        self.area = area;
        let names = model.item().into_iter().flat_map(props).map(|prop| width(&name(prop))).max();
        self.names = names.unwrap_or_default().min(usize::from(area.width) * 2 / 5);
        self.scroll.settle(model.item().map_or(0, Item::prop_count), usize::from(area.height));
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let Some(item) = model.item() else { return };
        if item.prop_count() == 0 {
            let line = Line::styled(format!(" {}", model.texts.no_props()), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        for (y, at) in (area.y..area.bottom()).zip(self.scroll.top..item.prop_count()) {
            let Some(prop) = item.prop(at) else { break };
            let here = at == self.scroll.at;
            let value = cell(&prop.value(), Theme.text());
            let (_, shifted) = split_at_width(&value.text, self.shift);
            let line = Line::from(vec![
                Span::raw(if here && focused { format!("{CURSOR} ") } else { "  ".to_owned() }),
                Span::styled(pad_right(&name(prop), self.names), Theme.dim()),
                Span::styled(
                    format!("  {}", crate::ui::text::fit(shifted, self.room_for_values())),
                    value.style,
                ),
            ]);
            crate::ui::line(buffer, area.x, y, area.width, &line);
            if here {
                crate::ui::row_style(buffer, area, y, Theme.cursor(focused));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Right, model.texts.hint_rest_of_values()),
            Hint::free(Action::FocusResponse, model.texts.hint_response()),
        ]
    }
}

fn props(item: Item<'_>) -> impl Iterator<Item = Prop<'_>> {
    (0..item.prop_count()).filter_map(move |at| item.prop(at))
}

fn name(prop: Prop<'_>) -> String {
    cell(&prop.name(), Theme.text()).text
}
