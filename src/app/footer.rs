//! The line at the bottom: the keys that work here, or what was just said.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::App;
use crate::keymap::{Key, Scope};
use crate::message::{Action, PaneId};
use crate::pane::Hint;
use crate::ui::text::{clean, fit};
use crate::ui::theme::{ALERT, Theme};

pub(super) fn view(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = Theme;
    let texts = app.model.texts;
    let quit = Line::from(vec![
        Span::styled(quit_key(app), theme.key()),
        Span::raw(format!(" {} ", texts.hint_quit())),
    ]);
    let room = usize::from(area.width).saturating_sub(quit.width() + 1);
    let left = match &app.model.notice {
        Some(notice) => {
            let mark = if notice.alert { format!(" {ALERT} ") } else { " ".to_owned() };
            let style = if notice.alert { theme.bad() } else { theme.strong() };
            let insist = beside_notice(app);
            let room = room.saturating_sub(insist.iter().map(Span::width).sum());
            let told = fit(&format!("{mark}{}", clean(&notice.text)), room).into_owned();
            let mut line = Line::from(Span::styled(told, style));
            line.spans.extend(insist);
            line
        }
        None => app.prefix.map_or_else(|| keys(app, room), |first| continuations(app, first, room)),
    };
    crate::ui::line(buffer, area.x, area.y, area.width, &left);
    let start = area.right().saturating_sub(u16::try_from(quit.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &quit);
}

/// What can be done about what was said: send it all the same, or wait no longer.
fn beside_notice(app: &App) -> Vec<Span<'static>> {
    let insist = insist(app);
    let waits = app.popup.is_none() && app.scope() != Scope::Text && app.model.calls.awaited().is_some();
    if !insist.is_empty() || !waits {
        return insist;
    }
    let stop = Hint::free(Action::Escape, app.model.texts.hint_stop());
    told(app, &stop).map(|line| line.spans).unwrap_or_default()
}

/// Beside what was held back: the key that sends it all the same, and its price.
fn insist(app: &App) -> Vec<Span<'static>> {
    let scope = app.scope();
    let Some(held) = &app.model.held_back else { return Vec::new() };
    let told = |key: String| {
        vec![
            Span::styled(format!("  {key}"), Theme.key()),
            Span::raw(format!(" {} ", clean(&held.offer(app.model.texts)))),
            Span::styled(app.model.session.cost(), Theme.warn()),
        ]
    };
    app.keymap.key(scope, Action::Insist).map(told).unwrap_or_default()
}

/// As many hints as fit, each in full; the one that leads to all others in any case.
fn keys(app: &App, room: usize) -> Line<'static> {
    let hints = hints(app).into_iter().filter_map(|hint| Some((hint.action, told(app, &hint)?)));
    let mut hints: Vec<(Action, Line<'static>)> = hints.collect();
    let help = hints.iter().position(|(action, _)| *action == Action::Help);
    let help = help.map(|place| (place, hints.remove(place).1));
    let mut left = room.saturating_sub(help.as_ref().map_or(0, |(_, told)| told.width()));
    let fits = |(_, told): &(Action, Line<'static>)| {
        let fits = told.width() <= left;
        left = left.saturating_sub(told.width());
        fits
    };
    let mut lines: Vec<Line<'static>> = hints.into_iter().take_while(fits).map(|(_, told)| told).collect();
    if let Some((place, told)) = help.filter(|(_, told)| told.width() <= room) {
        lines.insert(place.min(lines.len()), told);
    }
    lines.into_iter().flat_map(|line| line.spans).collect::<Vec<_>>().into()
}

/// The key, what it does, and what that costs.
fn told(app: &App, hint: &Hint) -> Option<Line<'static>> {
    let key = app.keymap.key(app.scope(), hint.action)?;
    let cost = if hint.spends { format!(" {}", app.model.session.cost()) } else { String::new() };
    Some(Line::from(vec![
        Span::styled(format!(" {key}"), Theme.key()),
        Span::raw(format!(" {}", hint.label)),
        Span::styled(cost, Theme.warn()),
        Span::raw("  "),
    ]))
}

/// What a prefix waits for, as much of it as fits.
fn continuations(app: &App, first: Key, room: usize) -> Line<'static> {
    let mut spans = vec![Span::styled(format!(" {}… ", first.label()), Theme.badge())];
    let mut used = Line::from(spans.clone()).width();
    for (key, action) in app.keymap.continuations(app.scope(), first) {
        let told = vec![
            Span::styled(format!(" {}", key.label()), Theme.key()),
            Span::raw(format!(" {} ", action.describe(app.model.texts))),
        ];
        used += Line::from(told.clone()).width();
        if used > room {
            break;
        }
        spans.extend(told);
    }
    Line::from(spans)
}

fn hints(app: &App) -> Vec<Hint> {
    let texts = app.model.texts;
    if let Some(popup) = &app.popup {
        return popup.hints(&app.model);
    }
    let in_text = app.scope() == Scope::Text;
    let has_own = app.pane(app.focus.pane()).is_some_and(|pane| pane.takes_tab(false));
    if in_text && app.focus.pane() != PaneId::Id && !has_own {
        let clear = Hint::free(Action::Escape, texts.hint_clear());
        return vec![Hint::free(Action::Submit, texts.hint_done()), clear];
    }
    let mut hints = Vec::new();
    if let Some(held) = app.model.held_back.as_ref().filter(|_| !in_text) {
        let label = if held.is_unsent() { texts.hint_insist() } else { texts.hint_ask_next_host() };
        hints.push(Hint::spending(Action::Insist, label));
    }
    if app.model.calls.awaited().is_some() && !in_text {
        hints.push(Hint::free(Action::Escape, texts.hint_stop()));
    } else if app.model.calls.stopped().is_some() && !in_text {
        hints.push(Hint::free(Action::Escape, texts.hint_close()));
    }
    let here = app.pane(app.focus.pane()).map(|pane| pane.hints(&app.model)).unwrap_or_default();
    hints.extend(here.into_iter().filter(|hint| !(hint.spends && app.model.session.offline)));
    if !in_text {
        hints.push(Hint::free(Action::FocusId, texts.hint_edit_id()));
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
        hints.push(Hint::free(Action::Palette, texts.hint_palette()));
    }
    hints
}

fn quit_key(app: &App) -> String {
    let scope = app.scope();
    let leave = app.keymap.key(scope, Action::Leave).filter(|_| app.popup.is_none());
    leave.or_else(|| app.keymap.key(scope, Action::Quit)).unwrap_or_default()
}
