//! The line at the bottom: the keys that work here, or what was just said.

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::App;
use crate::keymap::Key;
use crate::message::{Action, KeyScope, Notice, PaneId};
use crate::pane::Hint;
use crate::ui::text::{clean, first_line, fit};
use crate::ui::theme::{ALERT, Theme};

/// What stands in the line, and which keys that spend it names, each in full and with its price.
pub(super) struct Content {
    /// In the row above, where what was said does not fit into one.
    above: Line<'static>,
    left: Line<'static>,
    right: Line<'static>,
    pub(super) offers: Vec<Action>,
}

pub(super) fn view(app: &App, area: Rect, buffer: &mut Buffer) {
    let Content { above, left, right, .. } = content(app, area.width);
    if let Some(y) = area.y.checked_sub(1).filter(|_| above.width() > 0) {
        Clear.render(Rect { y, height: 1, ..area }, buffer);
        crate::ui::line(buffer, area.x, y, area.width, &above);
    }
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
    let mut above = Line::default();
    let (left, offers) = match (&app.model.notice, app.prefix) {
        (Some(notice), _) if notice.keeps_hints => (notice_and_hints(app, notice, room), Vec::new()),
        (Some(notice), _) => {
            let said;
            (above, said) = notice_lines(app, notice, usize::from(width), room);
            said
        }
        (None, Some(first)) => (continuations(app, first, room), Vec::new()),
        (None, None) => keys(app, hints(app), room),
    };
    Content { above, left, right, offers }
}

/// What was just said, and the keys that work here but those that spend: whoever hit a key without a meaning may not be
/// where they think, and the next key must not buy.
fn notice_and_hints(app: &App, notice: &Notice, room: usize) -> Line<'static> {
    let said = fit(&format!(" {}  ", clean(&notice.text)), room).into_owned();
    let mut line = Line::from(Span::styled(said, Theme.strong()));
    let free = hints(app).into_iter().filter(|hint| !hint.spends).collect();
    let (hints, _) = keys(app, free, room.saturating_sub(line.width()));
    line.spans.extend(hints.spans);
    line
}

/// What was just said; before it the key that it offers, or else behind it what can be done about it. What does not
/// fit into one line begins in the row above, which has `width` cells; then the key comes behind it, too.
fn notice_lines(
    app: &App,
    notice: &Notice,
    width: usize,
    room: usize,
) -> (Line<'static>, (Line<'static>, Vec<Action>)) {
    let offered = notice.offer.and_then(|action| told(app, &spending_hint(app, action)));
    let (before, behind) = match offered {
        Some(offered) => (offered, Line::default()),
        None => (Line::default(), beside_notice(app)),
    };
    let taken = before.width() + behind.width();
    let action = notice
        .offer
        .filter(|_| before.width() > 0)
        .or_else(|| (override_hint(app).width() > 0).then_some(Action::Override));
    let offers = action.filter(|_| taken <= room).into_iter().collect();
    let mark = match (notice.alert, before.width()) {
        (true, _) => format!(" {ALERT} "),
        (false, 0) => " ".to_owned(),
        (false, _) => String::new(),
    };
    let style = if notice.alert { Theme.bad() } else { Theme.strong() };
    let (text, room) = (clean(&notice.text), room.saturating_sub(taken));
    let said = format!("{mark}{text}");
    if crate::ui::text::width(&said) <= room {
        let mut line = before;
        line.spans.push(Span::styled(said, style));
        line.spans.extend(behind.spans);
        return (Line::default(), (line, offers));
    }
    let (first, rest) = first_line(&text, width.saturating_sub(3));
    let mark = if notice.alert { ALERT } else { " " };
    let rest = fit(&format!("   {rest}"), room).into_owned();
    let mut line = Line::from(Span::styled(rest, style));
    line.spans.extend([before.spans, behind.spans].concat());
    (Line::styled(format!(" {mark} {first}"), style), (line, offers))
}

/// As the footer says it of this action where it has room.
fn spending_hint(app: &App, action: Action) -> Hint {
    let hint = hints(app).into_iter().find(|hint| hint.action == action && hint.spends);
    hint.unwrap_or_else(|| Hint::spending(action, action.describe(app.model.texts)))
}

/// What can be done about what was said: send it all the same, or wait no longer.
fn beside_notice(app: &App) -> Line<'static> {
    let override_hint = override_hint(app);
    let waits = app.popup.is_none() && app.scope() != KeyScope::Text && app.model.calls.awaited().is_some();
    if override_hint.width() > 0 || !waits {
        return override_hint;
    }
    let stop = Hint::free(Action::Escape, app.model.texts.hint_stop());
    told(app, &stop).unwrap_or_default()
}

/// Beside what was held back: the key that sends it all the same, and its price. In popups it does nothing.
fn override_hint(app: &App) -> Line<'static> {
    let held = app.model.pending_confirmation.as_ref().filter(|_| app.popup.is_none());
    let key = app.keymap.key(app.scope(), Action::Override).filter(|_| app.spend(Action::Override).is_some());
    let (Some(held), Some(key)) = (held, key) else { return Line::default() };
    Line::from(vec![
        Span::styled(format!("  {key}"), Theme.key()),
        Span::raw(format!(" {} ", clean(&held.offer(app.model.texts)))),
        Span::styled(app.model.session.cost(), Theme.warn()),
    ])
}

/// As many hints as fit, each in full; the one that leads to all others in any case.
fn keys(app: &App, hints: Vec<Hint>, room: usize) -> (Line<'static>, Vec<Action>) {
    let hints = hints.into_iter().filter_map(|hint| Some((hint, told(app, &hint)?)));
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

/// A hint says what its key would do now: its price stands there exactly where the key would buy, as the same function
/// finds that lets it. Where it would buy nothing, a pane's hint is left out; in a popup the key goes on.
fn as_of_now(app: &App, hint: Hint) -> Option<Hint> {
    if !hint.action.may_spend() {
        return Some(hint);
    }
    let spends = app.spend(hint.action).is_some();
    let is_told = spends || !hint.spends || app.popup.is_some();
    is_told.then_some(Hint { spends, ..hint })
}

fn hints(app: &App) -> Vec<Hint> {
    named(app).into_iter().filter_map(|hint| as_of_now(app, hint)).collect()
}

/// What popup or pane and the app name, whether it would do something now or not.
fn named(app: &App) -> Vec<Hint> {
    let texts = app.model.texts;
    if let Some(popup) = &app.popup {
        return popup.hints(&app.model);
    }
    let in_text = app.scope() == KeyScope::Text;
    let has_own = app.pane(app.focus.pane()).is_some_and(|pane| pane.takes_tab(false));
    if in_text && app.focus.pane() != PaneId::Id && !has_own {
        let clear = Hint::free(Action::Escape, texts.hint_clear());
        return vec![Hint::free(Action::Submit, texts.hint_done()), clear];
    }
    let mut hints = Vec::new();
    if let Some(held) = app.model.pending_confirmation.as_ref().filter(|_| !in_text) {
        let label = if held.is_unsent() { texts.hint_override() } else { texts.hint_try_next_host() };
        hints.push(Hint::spending(Action::Override, label));
    }
    if app.model.calls.awaited().is_some() && !in_text {
        hints.push(Hint::free(Action::Escape, texts.hint_stop()));
    } else if app.model.calls.stopped().is_some() && !in_text {
        hints.push(Hint::free(Action::Escape, texts.hint_close()));
    }
    let here = app.pane(app.focus.pane()).map(|pane| pane.hints(&app.model)).unwrap_or_default();
    hints.extend(here);
    let leads_back = app.focus.leads_back() && !in_text;
    if leads_back && !hints.iter().any(|hint| hint.action == Action::Leave) {
        hints.push(Hint::free(Action::Leave, texts.hint_back()));
    }
    if !in_text {
        // A file is looked at as it is: no ID is asked for.
        if app.model.session.file.is_none() {
            hints.push(Hint::free(Action::Focus(PaneId::Id), texts.hint_edit_id()));
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
