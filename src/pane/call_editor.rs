//! `c`: builds one call by hand, with any API of the platform, any parameter and any host. Only the last line sends
//! it, and shows its price.

mod draft;
mod field;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Hint;
use super::popup::Popup;
use crate::message::{Action, Effect, KeyScope};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, fit, pad_right, width, wrap};
use crate::ui::theme::{ALERT, CURSOR, Theme};
use draft::{Draft, Name, Wrong};
use field::EditorField;
use obx_core::fetch::FetchPolicy;
use obx_core::i18n::Texts;
use onebound::{Call, CallKind, ItemId};

/// Width in cells.
const WIDTH: u16 = 76;
/// Lines of the note below the fields.
const NOTE: u16 = 2;
/// Width of the fields' names in cells.
const NAMES: usize = 13;

#[derive(Debug)]
pub struct CallEditor {
    draft: Draft,
    scroll: Scroll,
    height: u16,
}

/// What the last line would do.
enum Sending {
    /// The call can't be sent.
    Not(Wrong),
    /// Shows a fresh stored answer, or nothing can be sent because the session is offline. Costs nothing.
    Stored(Call),
    /// Makes a call, which is billed.
    Call(Call, FetchPolicy),
}

impl CallEditor {
    /// Starts with the call that the session would make for this item.
    pub fn new(model: &Model, id: Option<&ItemId>) -> Self {
        Self { draft: Draft::new(model, id), scroll: Scroll::default(), height: 0 }
    }

    fn sending(&self, model: &Model) -> Sending {
        let call = match self.draft.call(model) {
            Ok(call) => call,
            Err(wrong) => return Sending::Not(wrong),
        };
        if call.kind() == CallKind::Trade {
            return match self.draft.confirmed(&call, model) {
                Ok(confirmation) => Sending::Call(call, FetchPolicy::Trade(confirmation)),
                Err(wrong) => Sending::Not(wrong),
            };
        }
        match self.draft.want(&call, model) {
            _ if model.session.offline => Sending::Stored(call),
            FetchPolicy::CacheOnly => Sending::Stored(call),
            want => Sending::Call(call, want),
        }
    }

    fn here(&self) -> Name {
        self.draft.names().get(self.scroll.at).copied().unwrap_or(Name::Send)
    }

    fn go(&mut self, action: Action) {
        self.scroll.act(action, self.draft.names().len(), usize::from(self.height));
    }

    fn go_to(&mut self, name: Name) {
        if let Some(at) = self.draft.names().iter().position(|known| *known == name) {
            self.scroll.at = at;
        }
    }

    #[must_use]
    fn submit(&mut self, model: &Model) -> Vec<Effect> {
        match self.here() {
            Name::Add => {
                self.draft.add();
                Vec::new()
            }
            Name::Send => match self.sending(model) {
                Sending::Not(wrong) => {
                    self.go_to(wrong.field);
                    Vec::new()
                }
                Sending::Stored(call) => {
                    // Offline, an outdated answer is better than none.
                    let want =
                        if model.session.offline { FetchPolicy::CacheFirst } else { FetchPolicy::CacheOnly };
                    vec![Effect::ClosePopup, Effect::start_fetch(call, want)]
                }
                Sending::Call(call, want) => vec![Effect::ClosePopup, Effect::start_fetch(call, want)],
            },
            _ => {
                // Never moves on to the line that sends, since a key that is held down must not spend.
                let next = self.draft.names().get(self.scroll.at + 1).copied();
                if next != Some(Name::Send) {
                    self.go(Action::Down);
                }
                Vec::new()
            }
        }
    }

    fn view_rows(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let (names, sending) = (self.draft.names(), self.sending(model));
        let end = area.bottom().saturating_sub(NOTE);
        for (y, at) in (area.y..end).zip(self.scroll.top..names.len()) {
            let Some(&name) = names.get(at) else { break };
            let row = Rect { y, height: 1, ..area };
            self.view_row(name, at == self.scroll.at, &sending, model, row, buffer);
        }
        let (note, style) = self.note(&sending, model);
        let lines = wrap(&note, usize::from(area.width.saturating_sub(2)));
        let lines = lines.into_iter().map(|line| Line::styled(format!(" {line}"), style));
        crate::ui::lines(buffer, Rect { y: end, height: area.bottom() - end, ..area }, lines);
    }

    fn view_row(
        &self,
        name: Name,
        here: bool,
        sending: &Sending,
        model: &Model,
        row: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = Theme;
        let wrong = matches!(sending, Sending::Not(wrong) if wrong.field == name);
        let mark = if here { CURSOR } else { " " };
        let alert = if wrong { ALERT } else { " " };
        let label = match name {
            Name::Send => mark.to_owned(),
            _ => format!("{mark} {}", pad_right(&self.draft.label(name, model.texts), NAMES)),
        };
        let style = if here { theme.strong() } else { theme.dim() };
        let mut line = Line::from(Span::styled(label, style));
        if name == Name::Send {
            let room = usize::from(row.width).saturating_sub(line.width() + 1);
            line.spans.extend(sending_spans(sending, model, room));
        } else {
            line.spans.extend([Span::styled(alert, theme.bad()), Span::raw(" ")]);
        }
        let start = u16::try_from(line.width()).unwrap_or(row.width).min(row.width);
        match self.draft.entry(name) {
            Some(EditorField::Text(input)) => {
                crate::ui::line(buffer, row.x, row.y, row.width, &line);
                let room = Rect { x: row.x + start, width: row.width - start, ..row };
                return input.view(here, room, buffer);
            }
            Some(EditorField::Choice(choice)) => line.spans.extend(choice.spans(here)),
            None => {}
        }
        crate::ui::line(buffer, row.x, row.y, row.width, &line);
        if here {
            crate::ui::row_style(buffer, row, row.y, theme.cursor(true));
        }
    }

    /// Returns the note on the field with the cursor: what is wrong with it, or what it is for.
    fn note(&self, sending: &Sending, model: &Model) -> (String, Style) {
        let (texts, here) = (model.texts, self.here());
        match sending {
            Sending::Not(wrong) if wrong.field == here || here == Name::Send => {
                let reason = texts.editor_reason(wrong.field.label(texts), clean(&wrong.why));
                (format!("{ALERT} {reason}"), Theme.bad())
            }
            Sending::Call(_, FetchPolicy::Trade(_)) if here == Name::Send => {
                (texts.about_confirm().to_owned(), Theme.bad())
            }
            Sending::Call(call, _) if here == Name::Send => (price_note(call, texts).to_owned(), Theme.dim()),
            _ => (here.about(model).into_owned(), Theme.dim()),
        }
    }
}

fn sending_spans(sending: &Sending, model: &Model, room: usize) -> Vec<Span<'static>> {
    let (texts, theme) = (model.texts, Theme);
    match sending {
        Sending::Not(wrong) => {
            let missing = texts.editor_reason(wrong.field.label(texts), clean(&wrong.why));
            let summary = format!(" {}", texts.editor_not_yet(missing));
            // The note below has space for the whole reason; half of it could mean something else.
            let short = format!(" {}", texts.editor_not_yet_for(wrong.field.label(texts)));
            let summary = if width(&summary) <= room { summary } else { fit(&short, room).into_owned() };
            vec![Span::styled(summary, theme.dim())]
        }
        Sending::Stored(_) if model.session.offline => {
            vec![Span::raw(format!(" {}", texts.enter_shows_offline(model.key(Action::Submit))))]
        }
        Sending::Stored(_) => {
            vec![Span::raw(format!(" {}", texts.enter_shows_stored(model.key(Action::Submit))))]
        }
        Sending::Call(call, want) => {
            let mut spans = vec![
                Span::styled(format!(" {}", texts.editor_send()), theme.strong()),
                Span::styled(format!(" {}", model.session.cost()), theme.warn()),
            ];
            let host = match want {
                FetchPolicy::AtHost { place, .. } => model.session.hosts.get(*place),
                FetchPolicy::Trade(confirmation) => model.session.hosts.get(confirmation.place()),
                _ => None,
            };
            spans.extend(host.map(|host| Span::raw(format!("  {}", texts.editor_to(clean(&host.name()))))));
            if let Some(lang) = call.billed_language() {
                spans
                    .push(Span::styled(format!("  {}", texts.editor_translation(clean(lang))), theme.warn()));
            }
            spans
        }
    }
}

fn price_note(call: &Call, texts: Texts) -> &'static str {
    if call.billed_language().is_some() { texts.editor_price_translated() } else { texts.editor_price() }
}

impl Popup for CallEditor {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Escape => return vec![Effect::ClosePopup],
            Action::Submit => return self.submit(model),
            Action::NextPane => self.go(Action::Down),
            Action::PreviousPane => self.go(Action::Up),
            _ => self.go(action),
        }
        Vec::new()
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        let here = self.here();
        self.draft.type_key(here, key);
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let here = self.here();
        self.draft.paste(here, text);
        Vec::new()
    }

    fn chosen(&self, model: &Model) -> Option<Action> {
        self.purchase(Action::Submit, model).map(|_| Action::Submit)
    }

    fn purchase(&self, action: Action, model: &Model) -> Option<(Call, FetchPolicy)> {
        match self.sending(model) {
            Sending::Call(call, want) if action == Action::Submit && self.here() == Name::Send => {
                Some((call, want))
            }
            _ => None,
        }
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height.saturating_sub(NOTE);
        self.scroll.clamp(self.draft.names().len(), usize::from(self.height));
    }

    fn area(&self, screen: Size) -> Rect {
        let rows = u16::try_from(self.draft.names().len()).unwrap_or(u16::MAX);
        popup(screen, WIDTH, rows.saturating_add(NOTE + 2))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", model.texts.editor_title()));
        let hidden = self.draft.names().len().saturating_sub(self.scroll.top + usize::from(self.height));
        let more = if hidden > 0 { format!(" ↓{hidden} ") } else { String::new() };
        let right = if width(&more) > 0 { Line::from(more) } else { Line::default() };
        crate::ui::popup_frame(buffer, area, &Edges { title, right, ..Edges::default() });
        self.view_rows(model, inner(area), buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let submit = match self.here() {
            Name::Add => Hint::free(Action::Submit, texts.hint_add()),
            Name::Send if self.chosen(model).is_some() => Hint::spending(Action::Submit, texts.hint_send()),
            Name::Send if matches!(self.sending(model), Sending::Not(_)) => {
                Hint::free(Action::Submit, texts.hint_to_error())
            }
            Name::Send => Hint::free(Action::Submit, texts.hint_show_stored()),
            _ => Hint::free(Action::Submit, texts.hint_next_field()),
        };
        vec![
            submit,
            Hint::free(Action::Escape, texts.hint_dont_send()),
            Hint::free(Action::Up, texts.hint_field_above()),
            Hint::free(Action::Down, texts.hint_field_below()),
        ]
    }
}
