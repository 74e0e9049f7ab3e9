//! The line at the bottom: the keys that work here, or what was just said.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::App;
use crate::keymap::{Key, Scope};
use crate::message::{Action, PaneId};
use crate::model::notice::Notice;
use crate::pane::Hint;
use crate::ui::text::{clean, fit};
use crate::ui::theme::{ALERT, Theme};

/// What stands in the line, and which keys that spend it names, each in full and with its price.
pub(super) struct Content {
    left: Line<'static>,
    right: Line<'static>,
    pub(super) offers: Vec<Action>,
}

pub(super) fn view(app: &App, area: Rect, buffer: &mut Buffer) {
    let Content { left, right, .. } = content(app, area.width);
    crate::ui::line(buffer, area.x, area.y, area.width, &left);
    let start = area.right().saturating_sub(u16::try_from(right.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &right);
}

/// Lays the line out for this many cells.
pub(super) fn content(app: &App, width: u16) -> Content {
    let right = Line::from(vec![
        Span::styled(quit_key(app), Theme.key()),
        Span::raw(format!(" {} ", app.model.texts.hint_quit())),
    ]);
    let room = usize::from(width).saturating_sub(right.width() + 1);
    let (left, offers) = match (&app.model.notice, app.prefix) {
        (Some(notice), _) => notice_line(app, notice, room),
        (None, Some(first)) => (continuations(app, first, room), Vec::new()),
        (None, None) => keys(app, room),
    };
    Content { left, right, offers }
}

/// What was just said; before it the key that it offers, or else behind it what can be done about it.
fn notice_line(app: &App, notice: &Notice, room: usize) -> (Line<'static>, Vec<Action>) {
    let offered = notice.offer.and_then(|action| told(app, &spending_hint(app, action)));
    let (before, behind) = match offered {
        Some(offered) => (offered, Line::default()),
        None => (Line::default(), beside_notice(app)),
    };
    let taken = before.width() + behind.width();
    let action = notice
        .offer
        .filter(|_| before.width() > 0)
        .or_else(|| (insist(app).width() > 0).then_some(Action::Insist));
    let offers = action.filter(|_| taken <= room).into_iter().collect();
    let mark = match (notice.alert, before.width()) {
        (true, _) => format!(" {ALERT} "),
        (false, 0) => " ".to_owned(),
        (false, _) => String::new(),
    };
    let style = if notice.alert { Theme.bad() } else { Theme.strong() };
    let said = fit(&format!("{mark}{}", clean(&notice.text)), room.saturating_sub(taken)).into_owned();
    let mut line = before;
    line.spans.push(Span::styled(said, style));
    line.spans.extend(behind.spans);
    (line, offers)
}

/// As the footer says it of this action where it has room.
fn spending_hint(app: &App, action: Action) -> Hint {
    let hint = hints(app).into_iter().find(|hint| hint.action == action && hint.spends);
    hint.unwrap_or_else(|| Hint::spending(action, action.describe(app.model.texts)))
}

/// What can be done about what was said: send it all the same, or wait no longer.
fn beside_notice(app: &App) -> Line<'static> {
    let insist = insist(app);
    let waits = app.popup.is_none() && app.scope() != Scope::Text && app.model.calls.awaited().is_some();
    if insist.width() > 0 || !waits {
        return insist;
    }
    let stop = Hint::free(Action::Escape, app.model.texts.hint_stop());
    told(app, &stop).unwrap_or_default()
}

/// Beside what was held back: the key that sends it all the same, and its price. In popups it does nothing.
fn insist(app: &App) -> Line<'static> {
    let held = app.model.held_back.as_ref().filter(|_| app.popup.is_none());
    let key = app.keymap.key(app.scope(), Action::Insist);
    let (Some(held), Some(key)) = (held, key) else { return Line::default() };
    Line::from(vec![
        Span::styled(format!("  {key}"), Theme.key()),
        Span::raw(format!(" {} ", clean(&held.offer(app.model.texts)))),
        Span::styled(app.model.session.cost(), Theme.warn()),
    ])
}

/// As many hints as fit, each in full; the one that leads to all others in any case.
fn keys(app: &App, room: usize) -> (Line<'static>, Vec<Action>) {
    let hints = hints(app).into_iter().filter_map(|hint| Some((hint, told(app, &hint)?)));
    let mut hints: Vec<(Hint, Line<'static>)> = hints.collect();
    let help = hints.iter().position(|(hint, _)| hint.action == Action::Help);
    let help = help.map(|place| (place, hints.remove(place)));
    let mut left = room.saturating_sub(help.as_ref().map_or(0, |(_, (_, told))| told.width()));
    let fits = |(_, told): &(Hint, Line<'static>)| {
        let fits = told.width() <= left;
        left = left.saturating_sub(told.width());
        fits
    };
    let mut shown: Vec<(Hint, Line<'static>)> = hints.into_iter().take_while(fits).collect();
    if let Some((place, help)) = help.filter(|(_, (_, told))| told.width() <= room) {
        shown.insert(place.min(shown.len()), help);
    }
    let offers = shown.iter().filter(|(hint, _)| hint.spends).map(|(hint, _)| hint.action).collect();
    (shown.into_iter().flat_map(|(_, line)| line.spans).collect::<Vec<_>>().into(), offers)
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
    let leads_back = app.focus.leads_back() && !in_text;
    if leads_back && !hints.iter().any(|hint| hint.action == Action::Leave) {
        hints.push(Hint::free(Action::Leave, texts.hint_back()));
    }
    if !in_text {
        // A file is looked at as it is: no ID is asked for.
        if app.model.session.file.is_none() {
            hints.push(Hint::free(Action::FocusId, texts.hint_edit_id()));
        }
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
        hints.push(Hint::free(Action::Palette, texts.hint_palette()));
    }
    hints
}

fn quit_key(app: &App) -> String {
    let scope = app.scope();
    let leaves = app.popup.is_none() && !app.focus.leads_back();
    let leave = app.keymap.key(scope, Action::Leave).filter(|_| leaves);
    leave.or_else(|| app.keymap.key(scope, Action::Quit)).unwrap_or_default()
}
