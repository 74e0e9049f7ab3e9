//! `x`: in which form, and where to. One popup: ↑ ↓ choose the form, typing edits the file's name, Tab goes between
//! file and clipboard, Shift-Tab turns the form's extra on and off. A file that exists takes a second Enter.

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

use super::Hint;
use super::popup::{Popup, Reply, close};
use super::readline;
use crate::export::{Extras, Form, Nothing};
use crate::i18n::Texts;
use crate::keymap::Scope;
use crate::message::{Action, Command, Done, Export, Held, Taken, Target};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_right, width};
use crate::ui::theme::{ALERT, Theme};

/// Of the popup, in cells.
const WIDTH: u16 = 76;
/// Below the forms: file, target, extra, and what is to be said.
const BELOW: u16 = 4;
/// Of a file's name, in characters.
const MAX_NAME: usize = 200;

/// The popup.
#[derive(Debug)]
pub struct ExportForm {
    shown: Held,
    of_day: Vec<Taken>,
    scroll: Scroll,
    height: u16,
    name: TextArea<'static>,
    /// Whether the name is the user's own: then another form leaves it as it is.
    edited: bool,
    to_clipboard: bool,
    extras: Extras,
    state: State,
    at: Timestamp,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Choosing,
    /// Handed over; what comes of it is not known yet.
    Writing,
    /// There is a file of this name: Enter overwrites it.
    Asking(String),
    NoName,
}

impl ExportForm {
    /// Offers the exchange on the screen, and the day's.
    pub fn new(shown: Held, model: &Model, form: Form) -> Self {
        let at = Form::ALL.iter().position(|other| *other == form).unwrap_or_default();
        let mut popup = Self {
            at: shown.0.ended_at(),
            shown,
            of_day: model.exchanges_of_day(),
            scroll: Scroll { at, ..Scroll::default() },
            height: 0,
            name: TextArea::default(),
            edited: false,
            to_clipboard: form == Form::Bundle,
            extras: Extras::default(),
            state: State::Choosing,
        };
        popup.propose(model);
        popup
    }

    fn form(&self) -> Form {
        Form::ALL.get(self.scroll.at).copied().unwrap_or(Form::Json)
    }

    fn propose(&mut self, model: &Model) {
        if self.edited {
            return;
        }
        let at = if self.form() == Form::HarOfDay { model.now.at } else { self.at };
        let name = self.form().file_name(&self.shown.0.call, at, &model.session.zone);
        self.name = TextArea::from([name]);
        self.name.move_cursor(CursorMove::End);
    }

    fn draft(&self) -> &str {
        self.name.lines().first().map_or("", String::as_str)
    }

    fn missing(&self, form: Form) -> Option<Nothing> {
        let exchange = &self.shown.0;
        match form {
            Form::Json | Form::Body => exchange.body.is_empty().then_some(Nothing::NoBody),
            Form::Ndjson | Form::SkuCsv | Form::PropsCsv | Form::Markdown => {
                exchange.item().is_none().then_some(Nothing::NoItem)
            }
            Form::HarOfDay => self.of_day.is_empty().then_some(Nothing::NoExchange),
            Form::Curl | Form::Har if exchange.is_bare() => Some(Nothing::NoCall),
            Form::Curl => exchange.host.shows_key().then_some(Nothing::PlainHost),
            Form::Har | Form::Bundle => None,
        }
    }

    fn submit(&mut self, texts: Texts) -> Reply {
        let path = self.draft().trim().to_owned();
        let overwrite = self.state == State::Asking(path.clone());
        if self.state == State::Writing || self.missing(self.form()).is_some() {
            return Reply::Stay;
        }
        if path.is_empty() && !self.to_clipboard {
            self.state = State::NoName;
            return Reply::Stay;
        }
        self.state = State::Writing;
        let of = match self.form() {
            Form::HarOfDay => self.of_day.clone(),
            _ => vec![Taken::Held(self.shown.clone())],
        };
        let to = if self.to_clipboard { Target::Clipboard } else { Target::File { path, overwrite } };
        let (form, extras, language) = (self.form(), self.extras, texts.language());
        Reply::Do(Command::Export(Box::new(Export { form, extras, of, to, language })))
    }

    fn toggle_extra(&mut self) {
        let form = self.form();
        self.extras.bom ^= form.has_bom();
        self.extras.client_ip ^= form.has_client_ip();
    }

    fn extra(&self, texts: Texts) -> String {
        let state = |on| if on { texts.export_on() } else { texts.export_off() };
        match self.form() {
            form if form.has_bom() => texts.export_bom(state(self.extras.bom)),
            form if form.has_client_ip() => texts.export_client_ip(state(self.extras.client_ip)),
            _ => String::new(),
        }
    }

    /// What is to be said: a question, what is wrong, or what stands in place of secrets.
    fn said(&self, model: &Model) -> Line<'static> {
        let texts = model.texts;
        let alert = |text: &str| Line::styled(format!(" {ALERT} {text}"), Theme.bad());
        match (&self.state, self.missing(self.form())) {
            (State::Asking(path), _) if path == self.draft().trim() => alert(texts.export_exists()),
            (State::NoName, _) => alert(texts.export_no_name()),
            (_, Some(nothing)) => alert(model.nothing_to_export(nothing)),
            _ => Line::styled(format!(" {}", texts.export_redacted()), Theme.dim()),
        }
    }

    fn edit(&mut self, key: KeyEvent) {
        let before = self.draft().len();
        if let Some(c) = readline::typed(key) {
            return self.insert(&c.to_string());
        }
        readline::edit(&mut self.name, key);
        // Every key that takes text away makes it shorter.
        if self.draft().len() != before {
            self.touched();
        }
    }

    fn insert(&mut self, text: &str) {
        let room = MAX_NAME.saturating_sub(self.draft().chars().count());
        let text: String = clean(text).chars().take(room).collect();
        self.name.insert_str(text);
        self.touched();
    }

    fn touched(&mut self) {
        self.edited = true;
        self.state = State::Choosing;
    }

    fn view_below(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = model.texts;
        let labels = width(texts.export_file()).max(width(texts.export_to())) + 2;
        let label = |text: &str| Span::styled(format!(" {}", pad_right(text, labels)), Theme.dim());
        let start = u16::try_from(labels + 1).unwrap_or_default();
        crate::ui::line(buffer, area.x, area.y, area.width, &Line::from(label(texts.export_file())));
        let input =
            Rect { x: area.x + start, height: 1, width: area.width.saturating_sub(start + 1), ..area };
        if self.to_clipboard {
            let name = Line::styled(self.draft().to_owned(), Theme.dim());
            crate::ui::line(buffer, input.x, input.y, input.width, &name);
        } else {
            (&self.name).render(input, buffer);
        }
        let target = |text: &'static str, chosen: bool| {
            if chosen {
                Span::styled(format!("[{text}]"), Theme.strong())
            } else {
                Span::styled(format!(" {text} "), Theme.dim())
            }
        };
        let to = Line::from(vec![
            label(texts.export_to()),
            target(texts.export_to_file(), !self.to_clipboard),
            Span::raw("  "),
            target(texts.export_to_clipboard(), self.to_clipboard),
        ]);
        let extra = Line::raw(format!(" {}", self.extra(texts)));
        for (y, line) in (area.y + 1..area.bottom()).zip([to, extra, self.said(model)]) {
            crate::ui::line(buffer, area.x, y, area.width, &line);
        }
    }
}

impl Popup for ExportForm {
    fn scope(&self) -> Scope {
        Scope::Text
    }

    fn act(&mut self, action: Action, model: &Model) -> Reply {
        match action {
            Action::Escape => return Reply::Close,
            Action::Submit => return self.submit(model.texts),
            Action::NextPane => self.to_clipboard ^= true,
            Action::PreviousPane => self.toggle_extra(),
            _ => {
                self.scroll.act(action, Form::ALL.len(), usize::from(self.height));
                self.propose(model);
            }
        }
        if self.state != State::Writing {
            self.state = State::Choosing;
        }
        Reply::Stay
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Command> {
        self.edit(key);
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Command> {
        self.insert(text);
        Vec::new()
    }

    fn hear_done(&mut self, done: &Done) -> bool {
        let written = self.state == State::Writing;
        match done {
            Done::ExportExists(path) => self.state = State::Asking(path.clone()),
            Done::ExportFailed { .. }
            | Done::ExportInPart { .. }
            | Done::NothingToExport(_)
            | Done::CopyFailed(_) => {
                self.state = State::Choosing;
            }
            _ => return written,
        }
        false
    }

    fn settle(&mut self, model: &Model, screen: Size) {
        self.height = inner(area(screen)).height.saturating_sub(BELOW);
        self.scroll.settle(Form::ALL.len(), usize::from(self.height));
        self.name.set_cursor_line_style(Theme.text());
        self.name.set_placeholder_text(model.texts.export_file());
    }

    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer) {
        let area = area(screen);
        let title = Line::from(format!(" {} {} ", model.texts.export_title(), self.shown.0.call.subject()));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        let inside = inner(area);
        let list = Rect { height: self.height.min(inside.height), ..inside };
        for (y, at) in (list.y..list.bottom()).zip(self.scroll.top..) {
            let Some(form) = Form::ALL.get(at) else { break };
            let style = if self.missing(*form).is_some() { Theme.dim() } else { Theme.text() };
            let line = Line::styled(format!("   {}", name_of(*form, model.texts)), style);
            crate::ui::line(buffer, list.x, y, list.width, &line);
            if at == self.scroll.at {
                crate::ui::row_style(buffer, list, y, Theme.cursor(true));
            }
        }
        let below = Rect { y: list.bottom(), height: inside.height - list.height, ..inside };
        self.view_below(model, below, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let asks = self.state == State::Asking(self.draft().trim().to_owned());
        let write = if asks && !self.to_clipboard { texts.hint_overwrite() } else { texts.hint_write() };
        let mut hints = vec![
            Hint::free(Action::Submit, write),
            Hint::free(Action::Down, texts.hint_choose()),
            Hint::free(Action::NextPane, texts.hint_target()),
        ];
        match self.form() {
            form if form.has_bom() => hints.push(Hint::free(Action::PreviousPane, texts.hint_bom())),
            form if form.has_client_ip() => {
                hints.push(Hint::free(Action::PreviousPane, texts.hint_client_ip()));
            }
            _ => {}
        }
        hints.push(close(model));
        hints
    }
}

fn area(screen: Size) -> Rect {
    let rows = u16::try_from(Form::ALL.len()).unwrap_or_default() + BELOW + 2;
    popup(screen, WIDTH, rows)
}

fn name_of(form: Form, texts: Texts) -> &'static str {
    match form {
        Form::Json => texts.export_json(),
        Form::Body => texts.export_body(),
        Form::Ndjson => texts.export_ndjson(),
        Form::SkuCsv => texts.export_sku_csv(),
        Form::PropsCsv => texts.export_props_csv(),
        Form::Markdown => texts.export_markdown(),
        Form::Har => texts.export_har(),
        Form::HarOfDay => texts.export_har_of_day(),
        Form::Curl => texts.export_curl(),
        Form::Bundle => texts.export_bundle(),
    }
}
