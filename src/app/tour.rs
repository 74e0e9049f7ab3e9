//! The tour in DEMO: what to try next, in a strip below the card, while every key works as ever.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect, Size};
use ratatui::text::{Line, Span};

use super::App;
use crate::message::{Action, Effect, Notice, PaneId};
use crate::ui::layout::{MIN_SIZE, inner};
use crate::ui::theme::Theme;
use crate::ui::{Edges, frame, lines, text};
use obx_core::i18n::Texts;

/// Rows of the strip, its frame included.
const HEIGHT: u16 = 5;

type Text = fn(&App, Texts) -> String;

/// What each step says, and the actions that complete it.
const STEPS: [(Text, &[Action]); 5] = [
    (|app, texts| texts.tour_fetch(app.model.key(Action::Submit)), &[Action::Submit]),
    (
        |app, texts| {
            texts.tour_filter(
                app.model.key(Action::Filter),
                app.model.key(Action::Submit),
                app.model.key(Action::Sort),
            )
        },
        &[Action::Filter, Action::Submit, Action::Sort],
    ),
    (
        |app, texts| texts.tour_response(app.model.key(Action::Open), app.model.key(Action::Jq)),
        &[Action::Open, Action::Jq, Action::Submit],
    ),
    (
        |app, texts| {
            let edit = app.model.key(Action::Focus(PaneId::Id));
            texts.tour_explain(edit, app.model.key(Action::Submit), app.model.key(Action::Explain))
        },
        &[Action::Submit, Action::Explain],
    ),
    (
        |app, texts| {
            let requests = app.model.key(Action::Focus(PaneId::Requests));
            texts.tour_reopen(requests, app.model.key(Action::Down), app.model.key(Action::Open))
        },
        &[Action::Focus(PaneId::Requests), Action::Open],
    ),
];

/// How far the user has come.
#[derive(Debug, Default)]
pub(super) struct Tour {
    step: usize,
    /// The actions of the step that were carried out.
    done: Vec<Action>,
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
        let refusal = if self.tour.take().is_some() {
            return None;
        } else if !self.model.session.demo {
            Notice::alert(texts.tour_only_in_demo())
        } else if self.size.height < needed {
            Notice::alert(texts.tour_no_room(MIN_SIZE.width, needed))
        } else {
            self.tour = Some(Tour::default());
            return Some(Effect::Focus(PaneId::Id));
        };
        self.model.notice = Some(refusal);
        None
    }

    /// Goes to the next step once all actions of this one were carried out.
    pub(super) fn advance_tour(&mut self, action: Action) {
        let Some(tour) = &mut self.tour else { return };
        let Some((_, wanted)) = STEPS.get(tour.step) else { return };
        if wanted.contains(&action) && !tour.done.contains(&action) {
            tour.done.push(action);
        }
        if tour.done.len() < wanted.len() {
            return;
        }
        *tour = Tour { step: tour.step + 1, done: Vec::new() };
        if tour.step == STEPS.len() {
            self.tour = None;
            let texts = self.model.texts;
            let over = texts.tour_over(self.model.key(Action::Help), self.model.key(Action::Palette));
            self.model.notice = Some(Notice::info(over));
        }
    }

    pub(super) fn view_tour(&self, buffer: &mut Buffer) {
        let Some(tour) = &self.tour else { return };
        let Some((words, _)) = STEPS.get(tour.step) else { return };
        let texts = self.model.texts;
        let top = self.card_size().height;
        let area = Rect { x: 0, y: top, width: self.size.width, height: self.size.height - top };
        let title = Line::from(format!(" {} ", texts.tour_title(tour.step + 1, STEPS.len())));
        let right = Line::from(Span::styled(format!(" {} ", texts.tour_end_hint()), Theme.dim()));
        frame(buffer, area, false, &Edges { title, right, ..Edges::default() });
        let area = inner(area).inner(Margin { horizontal: 1, vertical: 0 });
        let words = words(self, texts);
        let wrapped = text::wrap(&words, usize::from(area.width));
        lines(buffer, area, wrapped.into_iter().map(Line::from));
    }
}
