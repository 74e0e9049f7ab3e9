//! The line at the bottom: key hints or a notice.

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::App;
use crate::keymap::Key;
use crate::message::{Action, BatchPart, KeyScope, Notice, PaneId};
use crate::pane::Hint;
use crate::ui::text::{clean, first_line, fit};
use crate::ui::theme::{ALERT, Theme, YUAN};

/// The contents of the footer, and the spending actions that it shows in full with their price.
pub(super) struct FooterContent {
    /// The beginning of a notice that is too long for one row; it is drawn over the row above.
    above: Line<'static>,
    left: Line<'static>,
    right: Line<'static>,
    pub(super) offers: Vec<Action>,
}

pub(super) fn view(app: &App, area: Rect, buffer: &mut Buffer) {
    let FooterContent { above, left, right, .. } = content(app, area.width);
    if let Some(y) = area.y.checked_sub(1).filter(|_| above.width() > 0) {
        Clear.render(Rect { y, height: 1, ..area }, buffer);
        crate::ui::line(buffer, area.x, y, area.width, &above);
    }
    crate::ui::line(buffer, area.x, area.y, area.width, &left);
    let start = area.right().saturating_sub(u16::try_from(right.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &right);
}

/// Composes the footer for a width in cells.
pub(super) fn content(app: &App, width: u16) -> FooterContent {
    let right = way_out(app);
    let available = usize::from(width).saturating_sub(right.width() + 1);
    let mut above = Line::default();
    let (left, offers) = match (&app.model.notice, app.prefix) {
        (Some(notice), _) if notice.keeps_hints => (notice_and_hints(app, notice, available), Vec::new()),
        (Some(notice), _) => {
            let shown_notice;
            (above, shown_notice) = notice_lines(app, notice, usize::from(width), available);
            shown_notice
        }
        (None, Some(first)) => (continuations(app, first, available), Vec::new()),
        (None, None) => keys(app, hints(app), available),
    };
    FooterContent { above, left, right, offers }
}

/// A notice followed by hints for free keys. The user who pressed a key without a meaning may have mistaken where
/// they are, so the next key must not spend.
fn notice_and_hints(app: &App, notice: &Notice, available: usize) -> Line<'static> {
    let shown_notice = fit(&format!(" {}  ", clean(&notice.text)), available).into_owned();
    let mut line = Line::from(Span::styled(shown_notice, Theme.strong()));
    let free = hints(app).into_iter().filter(|hint| !hint.spends).collect();
    let (hints, _) = keys(app, free, available.saturating_sub(line.width()));
    line.spans.extend(hints.spans);
    line
}

/// A notice with the key that it offers before it, or else with the key that answers it behind. A notice that doesn't
/// fit into one row begins in the row above, which has `width` cells, and its keys follow it.
fn notice_lines(
    app: &App,
    notice: &Notice,
    width: usize,
    available: usize,
) -> (Line<'static>, (Line<'static>, Vec<Action>)) {
    let offered = notice.offer.and_then(|action| hint_line(app, &spending_hint(app, action)));
    let (before, behind) = match offered {
        Some(offered) => (offered, Line::default()),
        None => (Line::default(), beside_notice(app)),
    };
    let taken = before.width() + behind.width();
    let action = notice
        .offer
        .filter(|_| before.width() > 0)
        .or_else(|| (override_hint(app).width() > 0).then_some(Action::Override));
    let offers = action.filter(|_| taken <= available).into_iter().collect();
    let mark = match (notice.alert, before.width()) {
        (true, _) => format!(" {ALERT} "),
        (false, 0) => " ".to_owned(),
        (false, _) => String::new(),
    };
    let style = if notice.alert { Theme.bad() } else { Theme.strong() };
    let (text, available) = (clean(&notice.text), available.saturating_sub(taken));
    let shown_notice = format!("{mark}{text}");
    if crate::ui::text::width(&shown_notice) <= available {
        let mut line = before;
        line.spans.push(Span::styled(shown_notice, style));
        line.spans.extend(behind.spans);
        return (Line::default(), (line, offers));
    }
    let (first, rest) = first_line(&text, width.saturating_sub(3));
    let mark = if notice.alert { ALERT } else { " " };
    let rest = fit(&format!("   {rest}"), available).into_owned();
    let mut line = Line::from(Span::styled(rest, style));
    line.spans.extend([before.spans, behind.spans].concat());
    (Line::styled(format!(" {mark} {first}"), style), (line, offers))
}

/// The hint of a spending action, as the footer shows it when there is space.
fn spending_hint(app: &App, action: Action) -> Hint {
    let hint = hints(app).into_iter().find(|hint| hint.action == action && hint.spends);
    hint.unwrap_or_else(|| Hint::spending(action, action.describe(app.model.texts)))
}

/// The hint for what the user can do about a notice: send the call anyway, or stop waiting.
fn beside_notice(app: &App) -> Line<'static> {
    let override_hint = override_hint(app);
    let waits = app.popup.is_none() && app.scope() != KeyScope::Text && app.model.calls.awaited().is_some();
    if override_hint.width() > 0 || !waits {
        return override_hint;
    }
    let stop = Hint::free(Action::Escape, app.model.texts.hint_stop());
    hint_line(app, &stop).unwrap_or_default()
}

/// The key that sends the call that was held back, with its price. Of the popups only the search handles that key, so in
/// others it is left out.
fn override_hint(app: &App) -> Line<'static> {
    let held = app
        .model
        .pending_confirmation
        .as_ref()
        .filter(|_| app.popup.as_ref().is_none_or(|popup| popup.shows_search()));
    let key =
        app.model.keymap.key(app.scope(), Action::Override).filter(|_| app.spend(Action::Override).is_some());
    let (Some(held), Some(key)) = (held, key) else { return Line::default() };
    Line::from(vec![
        Span::styled(format!("  {key}"), Theme.key()),
        Span::raw(format!(" {} ", clean(&held.offer(app.model.texts)))),
        Span::styled(app.model.session.cost(), Theme.warn()),
    ])
}

/// As many hints as fit, each in full. The one for help is always among them, since it leads to all others.
fn keys(app: &App, hints: Vec<Hint>, available: usize) -> (Line<'static>, Vec<Action>) {
    let hints = hints.into_iter().filter_map(|hint| Some((hint, hint_line(app, &hint)?)));
    let mut hints: Vec<(Hint, Line<'static>)> = hints.collect();
    let help = hints.iter().position(|(hint, _)| hint.action == Action::Help);
    let help = help.map(|place| (place, hints.remove(place)));
    let mut left = available.saturating_sub(help.as_ref().map_or(0, |(_, (_, hint_line))| hint_line.width()));
    let fits = |(_, hint_line): &(Hint, Line<'static>)| {
        let fits = hint_line.width() <= left;
        left = left.saturating_sub(hint_line.width());
        fits
    };
    let mut shown: Vec<(Hint, Line<'static>)> = hints.into_iter().take_while(fits).collect();
    if let Some((place, help)) = help.filter(|(_, (_, hint_line))| hint_line.width() <= available) {
        shown.insert(place.min(shown.len()), help);
    }
    let offers = shown.iter().filter(|(hint, _)| hint.spends).map(|(hint, _)| hint.action).collect();
    (shown.into_iter().flat_map(|(_, line)| line.spans).collect::<Vec<_>>().into(), offers)
}

/// A hint's key, label and price; `None` if no key is bound to its action.
fn hint_line(app: &App, hint: &Hint) -> Option<Line<'static>> {
    let key = app.model.keymap.key(app.scope(), hint.action).or_else(|| help_from_id(app, hint.action))?;
    let cost = if hint.spends { format!(" {}", cost(app, hint.action)) } else { String::new() };
    Some(Line::from(vec![
        Span::styled(format!(" {key}"), Theme.key()),
        Span::raw(format!(" {}", hint.label)),
        Span::styled(cost, Theme.warn()),
        Span::raw("  "),
    ]))
}

/// What the action costs at most, if a price is set.
fn cost(app: &App, action: Action) -> String {
    match action {
        Action::BuyBatch => app.model.batch_cost(BatchPart::Planned),
        Action::OverrideBatch => app.model.batch_cost(BatchPart::DespiteBlock),
        // The confirmation of the plan has named the price of what is left of it.
        Action::PauseBatch => YUAN.to_owned(),
        _ => app.model.session.cost(),
    }
}

/// The two keys that lead from the ID input to help: in a text no key can be bound to it.
fn help_from_id(app: &App, action: Action) -> Option<String> {
    if action != Action::Help || app.scope() != KeyScope::Text {
        return None;
    }
    let leave = app.model.keymap.key(KeyScope::Text, Action::Escape)?;
    Some(format!("{leave} {}", app.model.keymap.key_in_panes(Action::Help)?))
}

/// The keys that can follow a prefix, as many as fit.
fn continuations(app: &App, first: Key, available: usize) -> Line<'static> {
    let mut spans = vec![Span::styled(format!(" {}… ", first.label()), Theme.badge())];
    let mut used = Line::from(spans.clone()).width();
    for (key, action) in app.model.keymap.continuations(app.scope(), first) {
        let hint_line = vec![
            Span::styled(format!(" {}", key.label()), Theme.key()),
            Span::raw(format!(" {} ", action.describe(app.model.texts))),
        ];
        used += Line::from(hint_line.clone()).width();
        if used > available {
            break;
        }
        spans.extend(hint_line);
    }
    Line::from(spans)
}

/// Adjusts a hint to what its key would do now: it shows a price exactly if `App::spend` finds that the key would
/// spend. A pane's hint that would buy nothing is left out; a popup's stays.
fn as_of_now(app: &App, hint: Hint) -> Option<Hint> {
    if !hint.action.may_spend() {
        return Some(hint);
    }
    let spends = app.spend(hint.action).is_some();
    let is_shown = spends || !hint.spends || app.popup.is_some();
    is_shown.then_some(Hint { spends, ..hint })
}

fn hints(app: &App) -> Vec<Hint> {
    named(app).into_iter().filter_map(|hint| as_of_now(app, hint)).collect()
}

/// The hints of popup, pane and app, whether or not their keys would do something now.
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
    if in_text && app.focus.pane() == PaneId::Id {
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
    }
    if !in_text {
        // A file is only displayed, so no ID can be entered.
        if app.model.session.file.is_none() {
            hints.push(Hint::free(Action::Focus(PaneId::Id), texts.hint_edit_id()));
        }
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
        hints.push(Hint::free(Action::Palette, texts.hint_palette()));
    }
    hints
}

/// The key that quits, or leaves a text input.
fn way_out(app: &App) -> Line<'static> {
    let (scope, texts) = (app.scope(), app.model.texts);
    let leads_out = app.popup.is_none() && !app.focus.leads_back();
    let leave = app.model.keymap.key(scope, Action::Leave).filter(|_| leads_out);
    let quit =
        leave.or_else(|| app.model.keymap.key(scope, Action::Quit)).map(|key| (key, texts.hint_quit()));
    let from_input = || {
        let habit = app.model.keymap.leaving_and_quitting().map(Key::label);
        let key = habit.or_else(|| app.model.keymap.key(scope, Action::Escape))?;
        Some((key, texts.hint_leave_input()))
    };
    let (key, label) = quit.or_else(from_input).unwrap_or_default();
    Line::from(vec![Span::styled(key, Theme.key()), Span::raw(format!(" {label} "))])
}
