//! Draws the export popup's rows below its formats: file, target, extra option, message.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{ExportForm, ExportState, FormChoice, FormFocus};
use crate::message::Action;
use crate::model::Model;
use crate::ui::text::{pad_right, width};
use crate::ui::theme::{ALERT, CURSOR, Theme};
use obx_core::export::Form;
use obx_core::i18n::{Describe, Texts};
use onebound::Item;

impl ExportForm {
    fn extra(&self, texts: Texts) -> String {
        let state = |on| if on { texts.export_on() } else { texts.export_off() };
        match self.choice() {
            FormChoice::JqResult => texts.export_unquoted(state(self.unquoted)),
            _ if self.has_bom() => texts.export_bom(state(self.extras.bom)),
            FormChoice::Form(form) if form.has_client_ip() => {
                texts.export_client_ip(state(self.extras.client_ip))
            }
            FormChoice::Form(_) | FormChoice::ShownSkus => String::new(),
        }
    }

    /// Returns the message: a question, what is wrong, or the note that secrets are replaced.
    fn message_line(&self, model: &Model) -> Line<'static> {
        let texts = model.texts;
        let alert = |text: &str| Line::styled(format!(" {ALERT} {text}"), Theme.bad());
        match (&self.state, self.missing(self.choice())) {
            (ExportState::Asking(path), _) if path == self.draft().trim() => {
                alert(&texts.export_exists(model.text_key(Action::Submit)))
            }
            (ExportState::NoName, _) => alert(texts.export_no_name()),
            (_, Some(nothing)) => alert(&nothing.describe(model.texts)),
            _ => Line::styled(format!(" {}", texts.export_redacted()), Theme.dim()),
        }
    }

    pub(super) fn name_of(&self, choice: FormChoice, texts: Texts) -> Cow<'static, str> {
        let shown = self.skus.as_ref().map(|skus| skus.len());
        let all = || self.shown.0.item().map_or(0, Item::sku_count);
        Cow::Borrowed(match (choice, shown) {
            (FormChoice::ShownSkus, shown) => {
                return Cow::Owned(texts.export_skus_shown(shown.unwrap_or_default()));
            }
            (FormChoice::Form(Form::SkuCsv), Some(_)) => return Cow::Owned(texts.export_skus_all(all())),
            (FormChoice::JqResult, _) => texts.export_jq(),
            (FormChoice::Form(form), _) => form_name(form, texts),
        })
    }

    pub(super) fn view_below(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = model.texts;
        let labels = width(texts.export_file()).max(width(texts.export_to())) + 2;
        let label = |text: &str| Span::styled(format!(" {}", pad_right(text, labels)), Theme.dim());
        let start = u16::try_from(labels + 1).unwrap_or_default();
        let of_file = if self.focus == FormFocus::Name {
            Span::styled(format!("{CURSOR}{}", pad_right(texts.export_file(), labels)), Theme.strong())
        } else {
            label(texts.export_file())
        };
        crate::ui::line(buffer, area.x, area.y, area.width, &Line::from(of_file));
        let input =
            Rect { x: area.x + start, height: 1, width: area.width.saturating_sub(start + 1), ..area };
        if self.to_clipboard {
            let name = Line::styled(self.draft().to_owned(), Theme.dim());
            crate::ui::line(buffer, input.x, input.y, input.width, &name);
        } else {
            self.name.view(self.focus == FormFocus::Name, input, buffer);
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
        for (y, line) in (area.y + 1..area.bottom()).zip([to, extra, self.message_line(model)]) {
            crate::ui::line(buffer, area.x, y, area.width, &line);
        }
    }
}

fn form_name(form: Form, texts: Texts) -> &'static str {
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
