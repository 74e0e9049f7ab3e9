//! `x`: chooses a format and a target for an export.
//!
//! ↑ ↓ choose the format, and so do j k until the file's name is edited: any other text key edits the name, which
//! keeps the focus until ↑ or ↓. Tab switches between file and clipboard, Shift-Tab toggles the format's extra
//! option. A file that exists takes a second Enter.
//!
//! While a jq result is shown, it is the first choice; the other formats export the whole answer.

mod view;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::popup::{Popup, close};
use super::text_input::{TextInput, typed};
use crate::message::{Action, Content, Done, Effect, Export, Held, KeyScope, Taken, Target};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::theme::{CURSOR, Theme};
use obx_core::export::{Extras, Form, JqOutputs, NotExported, has_json, shown_skus_name};
use obx_core::i18n::Describe;
use onebound::Item;

/// Width in cells.
const WIDTH: u16 = 76;
/// Rows below the formats: file, target, extra option, message.
const BELOW: u16 = 4;

#[derive(Debug)]
pub struct ExportForm {
    shown: Held,
    /// The outputs of a jq program, if they are shown.
    outputs: Option<JqOutputs>,
    /// Positions of the SKUs in the order of the table; `None` if that is neither filtered nor sorted.
    skus: Option<Arc<[usize]>>,
    choices: Vec<FormChoice>,
    /// `None` while calls of the day may be missing.
    of_day: Option<Vec<Taken>>,
    scroll: Scroll,
    height: u16,
    name: TextInput,
    focus: FormFocus,
    /// Index of the choice that the name was proposed for.
    named_for: usize,
    /// Whether the user edited the name. Then it stays when another format is chosen.
    edited: bool,
    to_clipboard: bool,
    extras: Extras,
    /// Whether strings among a jq program's outputs are written as plain text, without quotes.
    unquoted: bool,
    state: ExportState,
    at: Timestamp,
}

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormChoice {
    JqResult,
    /// The SKUs that the table shows, if it is filtered or sorted.
    ShownSkus,
    Form(Form),
}

/// Where keys of text go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormFocus {
    List,
    Name,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ExportState {
    Choosing,
    /// The export was requested; its result isn't known yet.
    Writing,
    /// A file with this name exists; Enter overwrites it.
    Asking(String),
    NoName,
}

impl ExportForm {
    /// Offers the exchange on the screen and those of the day. `skus` are the positions of the SKUs in the table,
    /// offered as a choice of their own, if the table is filtered or sorted.
    pub fn new(shown: Held, skus: Option<Arc<[usize]>>, model: &Model, form: Form) -> Self {
        Self::choosing(shown, None, skus, model, FormChoice::Form(form))
    }

    /// Offers the outputs of a jq program over the exchange on the screen first.
    pub fn of_result(shown: Held, outputs: JqOutputs, skus: Option<Arc<[usize]>>, model: &Model) -> Self {
        Self::choosing(shown, Some(outputs), skus, model, FormChoice::JqResult)
    }

    fn choosing(
        shown: Held,
        outputs: Option<JqOutputs>,
        skus: Option<Arc<[usize]>>,
        model: &Model,
        choice: FormChoice,
    ) -> Self {
        let result = outputs.is_some().then_some(FormChoice::JqResult);
        let forms = Form::ALL.into_iter().flat_map(|form| {
            let apart = (form == Form::SkuCsv && skus.is_some()).then_some(FormChoice::ShownSkus);
            apart.into_iter().chain([FormChoice::Form(form)])
        });
        let choices: Vec<FormChoice> = result.into_iter().chain(forms).collect();
        let at = choices.iter().position(|other| *other == choice).unwrap_or_default();
        let mut popup = Self {
            at: shown.0.ended_at(),
            shown,
            outputs,
            skus,
            choices,
            of_day: model.exchanges_of_day(),
            scroll: Scroll { at, ..Scroll::default() },
            height: 0,
            name: TextInput::default(),
            focus: FormFocus::List,
            named_for: at,
            edited: false,
            to_clipboard: choice == FormChoice::Form(Form::Bundle),
            extras: Extras::default(),
            unquoted: false,
            state: ExportState::Choosing,
        };
        popup.take_columns(model);
        popup.propose(model);
        popup
    }

    /// Takes the calculated columns of the answer while it is the one on the screen. They may arrive after the popup has
    /// opened.
    fn take_columns(&mut self, model: &Model) {
        if model.shown.as_ref().is_some_and(|other| Arc::ptr_eq(&other.exchange, &self.shown.0)) {
            self.extras.calculated = Arc::clone(model.prices.all());
        }
    }

    fn is_calculating(&self) -> bool {
        let skus = self.shown.0.item().map_or(0, Item::sku_count);
        self.extras.calculated.iter().any(|column| column.is_awaited(skus))
    }

    fn choice(&self) -> FormChoice {
        self.choices.get(self.scroll.at).copied().unwrap_or(FormChoice::Form(Form::Json))
    }

    /// Returns the format, unless the choice is a jq result or the SKUs of the table.
    fn form(&self) -> Option<Form> {
        match self.choice() {
            FormChoice::Form(form) => Some(form),
            FormChoice::JqResult | FormChoice::ShownSkus => None,
        }
    }

    /// Returns true if the choice can begin with a byte order mark.
    fn has_bom(&self) -> bool {
        self.choice() == FormChoice::ShownSkus || self.form().is_some_and(Form::has_bom)
    }

    fn propose(&mut self, model: &Model) {
        if self.edited {
            return;
        }
        let (call, zone) = (&self.shown.0.call, &model.session.zone);
        let name = match (self.choice(), &self.outputs) {
            (FormChoice::Form(form @ Form::HarOfDay), _) => form.file_name(call, model.now.at, zone),
            (FormChoice::Form(form), _) => form.file_name(call, self.at, zone),
            (FormChoice::ShownSkus, _) => shown_skus_name(call, self.at, zone),
            (FormChoice::JqResult, Some(outputs)) => outputs.file_name(self.unquoted, call, self.at, zone),
            (FormChoice::JqResult, None) => return,
        };
        self.name.set(&name);
    }

    fn draft(&self) -> &str {
        self.name.text()
    }

    fn missing(&self, choice: FormChoice) -> Option<NotExported> {
        let exchange = &self.shown.0;
        let form = match choice {
            FormChoice::Form(form) => form,
            FormChoice::ShownSkus => Form::SkuCsv,
            FormChoice::JqResult => {
                let none = self.outputs.as_ref().is_none_or(|outputs| outputs.count == 0);
                return none.then_some(NotExported::NoOutput);
            }
        };
        match form {
            Form::Json | Form::Body if exchange.body.is_empty() => Some(NotExported::NoBody),
            Form::Json => (!has_json(exchange)).then_some(NotExported::NoJson),
            Form::Ndjson | Form::SkuCsv | Form::PropsCsv | Form::Markdown => {
                let none = exchange.item().is_none().then_some(NotExported::NoItem);
                let calculates = form != Form::PropsCsv && self.is_calculating();
                none.or_else(|| calculates.then_some(NotExported::Calculating))
            }
            Form::HarOfDay => match &self.of_day {
                None => Some(NotExported::DayNotRead),
                Some(exchanges) => exchanges.is_empty().then_some(NotExported::NoExchange),
            },
            Form::Curl | Form::Har if exchange.is_body_only() => Some(NotExported::NoCall),
            Form::Curl => exchange.host.shows_key().then_some(NotExported::PlainHost),
            Form::Body | Form::Har | Form::Bundle => None,
        }
    }

    #[must_use]
    fn submit(&mut self, model: &Model) -> Vec<Effect> {
        self.take_columns(model);
        let path = self.draft().trim().to_owned();
        let overwrite = self.state == ExportState::Asking(path.clone());
        if self.state == ExportState::Writing || self.missing(self.choice()).is_some() {
            return Vec::new();
        }
        if path.is_empty() && !self.to_clipboard {
            self.state = ExportState::NoName;
            return Vec::new();
        }
        let Some(content) = self.content() else { return Vec::new() };
        self.state = ExportState::Writing;
        let to = if self.to_clipboard { Target::Clipboard } else { Target::File { path, overwrite } };
        vec![Effect::Export(Box::new(Export { content, to, language: model.texts.language() }))]
    }

    fn content(&self) -> Option<Content> {
        let form = match self.choice() {
            FormChoice::Form(form) => form,
            FormChoice::ShownSkus => {
                let (of, bom) = (self.shown.clone(), self.extras.bom);
                let calculated = Arc::clone(&self.extras.calculated);
                return self.skus.clone().map(|places| Content::ShownSkus { of, places, calculated, bom });
            }
            FormChoice::JqResult => {
                let unquoted = self.unquoted;
                return self.outputs.clone().map(|outputs| Content::JqResult { outputs, unquoted });
            }
        };
        let of = match form {
            Form::HarOfDay => self.of_day.clone()?,
            _ => vec![Taken::Held(self.shown.clone())],
        };
        Some(Content::Exchanges { form, extras: self.extras.clone(), of })
    }

    fn choose(&mut self, action: Action) {
        self.focus = FormFocus::List;
        let _ = self.scroll.act(action, self.choices.len(), usize::from(self.height)); // other keys move nothing
    }

    fn toggle_extra(&mut self) {
        self.unquoted ^= self.choice() == FormChoice::JqResult;
        self.extras.bom ^= self.has_bom();
        self.extras.client_ip ^= self.form().is_some_and(Form::has_client_ip);
    }

    fn edit(&mut self, key: KeyEvent) {
        self.focus = FormFocus::Name;
        if self.name.type_key(key) {
            self.touched();
        }
    }

    fn insert(&mut self, text: &str) {
        self.name.insert(text);
        self.touched();
    }

    fn touched(&mut self) {
        self.edited = true;
        self.state = ExportState::Choosing;
    }
}

impl Popup for ExportForm {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Escape => return vec![Effect::ClosePopup],
            Action::Submit => return self.submit(model),
            Action::NextPane => self.to_clipboard ^= true,
            Action::PreviousPane => self.toggle_extra(),
            _ => self.choose(action),
        }
        self.propose(model);
        if self.state != ExportState::Writing {
            self.state = ExportState::Choosing;
        }
        Vec::new()
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        match typed(key) {
            Some('j') if self.focus == FormFocus::List => self.choose(Action::Down),
            Some('k') if self.focus == FormFocus::List => self.choose(Action::Up),
            Some('L') if self.focus == FormFocus::List => return vec![Effect::Run(Action::SwitchLanguage)],
            _ => self.edit(key),
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.focus = FormFocus::Name;
        self.insert(text);
        Vec::new()
    }

    fn on_done(&mut self, done: &Done) -> Vec<Effect> {
        let written = self.state == ExportState::Writing;
        match done {
            Done::ExportExists(path) => self.state = ExportState::Asking(path.clone()),
            Done::ExportFailed { .. }
            | Done::ExportInPart { .. }
            | Done::NothingToExport(_)
            | Done::CopyFailed(_) => {
                self.state = ExportState::Choosing;
            }
            _ if written => return vec![Effect::ClosePopup],
            _ => {}
        }
        Vec::new()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        if self.of_day.is_none() {
            self.of_day = model.exchanges_of_day();
        }
        self.take_columns(model);
        if self.named_for != self.scroll.at {
            self.named_for = self.scroll.at;
            self.propose(model);
            if self.state != ExportState::Writing {
                self.state = ExportState::Choosing;
            }
        }
        self.height = inner(self.area(screen)).height.saturating_sub(BELOW);
        self.scroll.clamp(self.choices.len(), usize::from(self.height));
        self.name.set_placeholder(model.texts.export_file());
    }

    fn area(&self, screen: Size) -> Rect {
        let rows = u16::try_from(self.choices.len()).unwrap_or_default() + BELOW + 2;
        popup(screen, WIDTH, rows)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} {} ", model.texts.export_title(), self.shown.0.call.subject()));
        crate::ui::popup_frame(buffer, area, &Edges { title, ..Edges::default() });
        let inside = inner(area);
        let list = Rect { height: self.height.min(inside.height), ..inside };
        for (y, at) in (list.y..list.bottom()).zip(self.scroll.top..) {
            let Some(choice) = self.choices.get(at) else { break };
            let mark = if at == self.scroll.at { CURSOR } else { " " };
            let name = self.name_of(*choice, model.texts);
            let line = match self.missing(*choice) {
                None => Line::from(format!(" {mark} {name}")),
                Some(missing) => {
                    let why = missing.describe(model.texts);
                    Line::styled(format!(" {mark} {name} ({why})"), Theme.dim())
                }
            };
            crate::ui::line(buffer, list.x, y, list.width, &line);
            if at == self.scroll.at {
                crate::ui::row_style(buffer, list, y, Theme.cursor(self.focus == FormFocus::List));
            }
        }
        let below = Rect { y: list.bottom(), height: inside.height - list.height, ..inside };
        self.view_below(model, below, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let asks = self.state == ExportState::Asking(self.draft().trim().to_owned());
        let write = if asks && !self.to_clipboard { texts.hint_overwrite() } else { texts.hint_write() };
        let mut hints = vec![
            Hint::free(Action::Submit, write),
            Hint::free(Action::Down, texts.hint_choose()),
            Hint::free(Action::NextPane, texts.hint_target()),
        ];
        let extra = match self.choice() {
            FormChoice::JqResult => Some(texts.hint_unquoted()),
            _ if self.has_bom() => Some(texts.hint_bom()),
            FormChoice::Form(form) if form.has_client_ip() => Some(texts.hint_client_ip()),
            FormChoice::Form(_) | FormChoice::ShownSkus => None,
        };
        hints.extend(extra.map(|label| Hint::free(Action::PreviousPane, label)));
        hints.push(close(model));
        hints
    }
}
