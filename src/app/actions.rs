//! From an action to what it does: the handlers of the table in [`crate::message`].

use super::App;
use crate::message::{Action, Effect, KeyScope, PaneId, Spend, Viewer, action_table};
use crate::pane::ColumnChooser;
use crate::pane::copying::CopyMenu;
use crate::pane::palette::Palette;
use obx_core::i18n::{Describe, Texts};
use onebound::Call;

type HandlerFn = fn(&mut App) -> Vec<Effect>;

/// Who does what an action means.
enum Handler {
    /// The app, whatever is in front.
    Anywhere(HandlerFn),
    /// The app, unless a popup is in front.
    App(HandlerFn),
    /// The pane with the focus, unless a popup is in front.
    Pane,
    /// Only the focus moves.
    Focus(PaneId),
}

macro_rules! define_handlers {
    (
        { $($name:ident: $action:ident, $keys:tt, $text:ident, $cost:ident $($purchase:expr)?, $to:ident $($handler:expr)?;)* }
        panes
        { $($late_name:ident: $late:ident, $late_keys:tt, $late_text:ident, free, $late_to:ident $($late_handler:expr)?;)* }
    ) => {
        fn handler(action: Action) -> Handler {
            match action {
                $(Action::$action => handler!($to $($handler)?),)*
                Action::Focus(pane) => Handler::Focus(pane),
                $(Action::$late => handler!($late_to $($late_handler)?),)*
            }
        }

        impl App {
            /// What an action would buy in the panes; `None` of one that is free.
            pub(super) fn purchase(&self, action: Action) -> Option<Spend> {
                match action {
                    $($(Action::$action => ($purchase)(self),)?)*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! handler {
    (pane) => {
        Handler::Pane
    };
    (app $run:expr) => {
        Handler::App(|app| {
            let run: fn(&mut App) -> _ = $run;
            run(app).into_iter().collect()
        })
    };
    (anywhere $run:expr) => {
        Handler::Anywhere(|app| {
            let run: fn(&mut App) -> _ = $run;
            run(app).into_iter().collect()
        })
    };
}

action_table!(define_handlers);

impl App {
    /// The popup in front has an action first, unless it works anywhere.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match (handler(action), &mut self.popup) {
            (Handler::Anywhere(run), _) | (Handler::App(run), None) => run(self),
            (_, Some(popup)) => popup.act(action, &self.model),
            (Handler::Pane, None) => self.act_in_pane(self.focus.pane(), action),
            (Handler::Focus(pane), None) => vec![Effect::Focus(pane)],
        }
    }

    fn act_in_pane(&mut self, id: PaneId, action: Action) -> Vec<Effect> {
        self.with_pane(id, |pane, model| pane.act(action, model))
    }

    /// From the palette, too: the ID's own action, unless another pane takes text.
    fn submit(&mut self) -> Vec<Effect> {
        let takes_text = self.scope() == KeyScope::Text;
        let pane = if takes_text { self.focus.pane() } else { PaneId::Id };
        self.act_in_pane(pane, Action::Submit)
    }

    fn escape(&mut self) -> Vec<Effect> {
        let ends_tour = self.escape_ends_tour();
        if self.focus.pane() == PaneId::Id && !ends_tour {
            return self.act_in_pane(PaneId::Id, Action::Escape);
        }
        let left = self.with_pane(self.focus.pane(), |pane, _| pane.escape());
        // Drops a call that was held back before it stops one under way.
        let left = left || self.model.pending_confirmation.take().is_some();
        if !left && ends_tour {
            self.end_tour();
            return Vec::new();
        }
        if left { Vec::new() } else { self.model.stop_waiting().into_iter().collect() }
    }

    fn filter(&mut self) -> Vec<Effect> {
        if self.focus.pane() == PaneId::Item {
            // The item itself has nothing to filter, but the text that is typed next must not run as keys.
            self.focus.to(PaneId::Skus, &mut self.screen);
        }
        self.type_in(Action::Filter)
    }

    /// Opens the input of jq in the response, whichever pane has the focus; that stays if there is nothing to filter.
    fn filter_with_jq(&mut self) -> Vec<Effect> {
        let before = self.focus;
        self.focus.to(PaneId::Response, &mut self.screen);
        let effects = self.type_in(Action::Jq);
        if self.refused.is_some() {
            self.focus = before;
        }
        effects
    }

    /// Asks for the price of a quantity, where the item's prices are.
    fn ask_quantity(&mut self) -> Vec<Effect> {
        if self.model.item().is_none() {
            return vec![Effect::info(self.model.texts.no_item())];
        }
        self.focus.to(PaneId::Item, &mut self.screen);
        self.type_in(Action::Open)
    }

    /// Opens a line to type in; where there is none, what is typed for it must not run as keys.
    fn type_in(&mut self, action: Action) -> Vec<Effect> {
        let effects = self.act_in_pane(self.focus.pane(), action);
        let is_typing = self.scope() == KeyScope::Text;
        self.refused = (!is_typing).then_some(self.model.now.up);
        effects
    }

    fn open_columns(&mut self) -> Vec<Effect> {
        match ColumnChooser::new(&self.model) {
            Some(chooser) => self.open(chooser),
            None => vec![Effect::info(self.model.texts.no_item())],
        }
    }

    fn explain(&mut self) -> Vec<Effect> {
        if self.focus.pane() == PaneId::Requests {
            return self.act_in_pane(PaneId::Requests, Action::Explain);
        }
        self.explain_shown()
    }

    /// Marks the answer of the row under the cursor in the log, in other panes the one on the screen.
    fn mark(&mut self) -> Vec<Effect> {
        if self.focus.pane() == PaneId::Requests {
            return self.act_in_pane(PaneId::Requests, Action::Mark);
        }
        self.model.toggle_mark(self.model.shown.as_ref().and_then(|shown| shown.id)).into()
    }

    fn step_pane(&mut self, forward: bool) -> Vec<Effect> {
        let here = self.focus.pane();
        if self.pane(here).is_some_and(|pane| pane.takes_tab(!forward)) {
            return self.act_in_pane(here, if forward { Action::NextPane } else { Action::PreviousPane });
        }
        self.focus.step(forward, &mut self.screen);
        Vec::new()
    }

    fn toggle_full(&mut self) -> Vec<Effect> {
        self.focus.toggle_full(&mut self.screen);
        Vec::new()
    }

    fn switch_language(&mut self) -> Vec<Effect> {
        self.model.texts = Texts::new(self.model.texts.language().other());
        for popup in self.popup.iter_mut().chain(&mut self.behind) {
            popup.translate(&self.model);
        }
        Vec::new()
    }

    fn switch_theme(&mut self) -> Vec<Effect> {
        let texts = self.model.texts;
        let Some(theme) = self.theme else { return vec![Effect::alert(texts.theme_without_colours())] };
        let next = theme.next();
        self.theme = Some(next);
        vec![Effect::SetTheme(next), Effect::info(texts.theme_is(next.describe(texts)))]
    }

    /// Opens the page of the item on the screen, or else of the ID in the input. The URL is built from the ID, never
    /// taken from the answer.
    fn open_page(&mut self) -> [Effect; 1] {
        let shown = self.model.shown.as_ref().map(|shown| &shown.exchange.call);
        let page = shown.and_then(Call::page).or_else(|| self.id.call(&self.model)?.page());
        [match page {
            Some(page) => Effect::OpenPage(page),
            None => Effect::alert(self.model.texts.no_page()),
        }]
    }

    /// Also in front of a popup that has help of its own.
    fn help(&mut self) -> Vec<Effect> {
        match &mut self.popup {
            None => self.open_help(),
            Some(popup) if popup.has_help() => self.open_popups_help(),
            Some(popup) => popup.act(Action::Help, &self.model),
        }
    }

    fn palette(&mut self) -> Vec<Effect> {
        match &mut self.popup {
            Some(popup) if !popup.scope().is_of_popup() => popup.act(Action::Palette, &self.model),
            _ => {
                self.behind = None;
                self.open(Palette::default())
            }
        }
    }

    fn leave(&mut self) -> Vec<Effect> {
        if self.focus.back(&mut self.screen) { Vec::new() } else { self.quit() }
    }
}
