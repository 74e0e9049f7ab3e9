//! The tour in DEMO: what to try next, in a strip below the card, while every key works as ever. A step is over when its
//! result is on the screen, by whatever keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect, Size};
use ratatui::text::{Line, Span};

use super::App;
use crate::message::{Action, Effect, KeyScope, Notice, PaneId};
use crate::pane::Pane;
use crate::ui::layout::{MIN_SIZE, inner};
use crate::ui::theme::Theme;
use crate::ui::{Edges, frame, lines, text};

/// Rows of the strip, its frame included.
const HEIGHT: u16 = 5;

/// A step: what it says, and whether its result is there.
struct TourStep {
    text: fn(&App) -> String,
    is_done: fn(&App, &Tour) -> bool,
}

const STEPS: [TourStep; 5] = [
    TourStep {
        text: |app| app.model.texts.tour_fetch(app.model.key(Action::Submit)),
        is_done: |app, tour| app.model.item().is_some() && app.model.generation() != tour.generation,
    },
    TourStep {
        text: |app| {
            let [filter, submit, sort] = app.keys([Action::Filter, Action::Submit, Action::Sort]);
            app.model.texts.tour_skus(filter, submit, sort)
        },
        is_done: |app, _| {
            let query = app.pane(PaneId::Skus).and_then(Pane::table_query);
            query.is_some_and(|query| !query.is_typing() && query.is_arranged())
        },
    },
    TourStep {
        text: |app| {
            let [item, open, submit] = app.keys([Action::Focus(PaneId::Item), Action::Open, Action::Submit]);
            app.model.texts.tour_quantity(item, open, submit)
        },
        is_done: |app, _| app.pane(PaneId::Item).is_some_and(Pane::has_quantity),
    },
    TourStep {
        text: |app| {
            let [refetch, compare] = app.keys([Action::Refetch, Action::Compare]);
            app.model.texts.tour_compare(refetch, compare)
        },
        is_done: |_, tour| tour.has_compared,
    },
    TourStep {
        text: |app| {
            let requests = Action::Focus(PaneId::Requests);
            let [escape, requests, down, open] =
                app.keys([Action::Escape, requests, Action::Down, Action::Open]);
            app.model.texts.tour_reopen(escape, requests, down, open)
        },
        is_done: |app, tour| {
            app.focus.pane() == PaneId::Requests && app.model.generation() != tour.generation
        },
    },
];

/// How far the user has come.
#[derive(Debug, Default)]
pub(super) struct Tour {
    step: usize,
    /// The answer that was on the screen when the step began.
    generation: u64,
    /// Whether a difference was shown since then.
    pub(super) has_compared: bool,
}

impl App {
    /// The size that is left for the card.
    pub(super) fn card_size(&self) -> Size {
        let strip = if self.tour.is_some() { HEIGHT } else { 0 };
        Size { height: self.size.height.saturating_sub(strip), ..self.size }
    }

    #[must_use]
    pub(super) fn toggle_tour(&mut self) -> Option<Effect> {
        let texts = self.model.texts;
        let needed = MIN_SIZE.height + HEIGHT;
        let refusal = if self.tour.is_some() {
            self.end_tour();
            return None;
        } else if !self.model.session.demo {
            Notice::alert(texts.tour_only_in_demo())
        } else if self.size.height < needed {
            Notice::alert(texts.tour_no_room(MIN_SIZE.width, needed))
        } else {
            self.tour = Some(Tour { generation: self.model.generation(), ..Tour::default() });
            return Some(Effect::Focus(PaneId::Id));
        };
        self.model.notice = Some(refusal);
        None
    }

    /// Whether Esc ends the tour where it has nothing else to do in a pane, such as clearing a filter: unless a line other
    /// than the ID is typed, or a call can be stopped.
    pub(super) fn escape_ends_tour(&self) -> bool {
        let types_other = self.focus.pane() != PaneId::Id && self.scope() == KeyScope::Text;
        self.tour.is_some() && !types_other && self.model.calls.awaited().is_none()
    }

    pub(super) fn end_tour(&mut self) {
        self.tour = None;
        let ended = self.model.texts.tour_ended(self.model.key(Action::Tour));
        self.model.notice = Some(Notice::info(ended));
    }

    /// Goes to the next step once the result of this one is there; returns true if it was the last.
    #[must_use]
    pub(super) fn advance_tour(&mut self) -> bool {
        let Some(tour) = &self.tour else { return false };
        if !STEPS.get(tour.step).is_some_and(|step| (step.is_done)(self, tour)) {
            return false;
        }
        let step = tour.step + 1;
        let is_over = step == STEPS.len();
        let next = Tour { step, generation: self.model.generation(), has_compared: false };
        self.tour = Some(next).filter(|_| !is_over);
        if is_over {
            let [export, help, palette] = self.keys([Action::Export, Action::Help, Action::Palette]);
            self.model.notice = Some(Notice::info(self.model.texts.tour_over(export, help, palette)));
        }
        is_over
    }

    pub(super) fn view_tour(&self, buffer: &mut Buffer) {
        let Some(tour) = &self.tour else { return };
        let Some(step) = STEPS.get(tour.step) else { return };
        let texts = self.model.texts;
        let top = self.card_size().height;
        let area = Rect { x: 0, y: top, width: self.size.width, height: self.size.height - top };
        let title = Line::from(format!(" {} ", texts.tour_title(tour.step + 1, STEPS.len())));
        let end = texts.tour_end_hint(self.model.key(Action::Escape));
        let right = Line::from(Span::styled(format!(" {end} "), Theme.dim()));
        frame(buffer, area, false, &Edges { title, right, ..Edges::default() });
        let area = inner(area).inner(Margin { horizontal: 1, vertical: 0 });
        let words = (step.text)(self);
        let wrapped = text::wrap(&words, usize::from(area.width));
        lines(buffer, area, wrapped.into_iter().map(Line::from));
    }

    fn keys<const N: usize>(&self, actions: [Action; N]) -> [String; N] {
        actions.map(|action| self.model.key(action))
    }
}

#[cfg(test)]
mod tests {
    use obx_core::i18n::templates;

    use super::*;

    /// A key in a text takes no more cells than this.
    const LONGEST_KEY: &str = "^X^X^";

    #[test]
    fn every_step_fits_into_the_strip_of_the_smallest_screen() {
        let room = usize::from(MIN_SIZE.width) - 4;
        let steps = templates().filter(|(name, ..)| name.starts_with("tour_"));
        let argument = regex::Regex::new(r"\{\w+\}").unwrap();
        for (name, en, zh) in steps {
            for text in [en, zh] {
                let text = argument.replace_all(text, LONGEST_KEY).into_owned();
                let rows = text::wrap(&text, room).len();
                assert!(rows <= usize::from(HEIGHT - 2), "{name} takes {rows} rows: {text}");
            }
        }
    }
}
