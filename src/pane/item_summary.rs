//! 2 Item: what a buyer looks at first, or why there is nothing to look at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::verdict::verdict;
use super::{Hint, Pane};
use crate::api::{Encoding, Envelope, Exchange, Field, Item, Outcome};
use crate::i18n::Texts;
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::field::cell;
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_right, width, wrap};
use crate::ui::theme::{ALERT, Theme};

/// The pane and how far it is scrolled.
#[derive(Debug, Default)]
pub(super) struct ItemSummary {
    scroll: Scroll,
    seen: u64,
    area: Rect,
}

impl Pane for ItemSummary {
    fn id(&self) -> PaneId {
        PaneId::Item
    }

    fn edges(&self, model: &Model) -> Edges {
        let asked = model.shown.as_ref().map(|shown| shown.exchange.call.num_iid().to_string());
        let more = rows(model, self.area.width)
            .len()
            .saturating_sub(self.scroll.top + usize::from(self.area.height));
        let more = if more > 0 { format!(" ↓{more} ") } else { String::new() };
        let title = Line::from(format!("{} {}", model.texts.pane_item(), asked.unwrap_or_default()));
        Edges { title, right: Line::from(more), ..Edges::default() }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Ask> {
        let rows = rows(model, self.area.width).len();
        self.scroll.act_on_text(action, rows, usize::from(self.area.height));
        Vec::new()
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        if self.seen != model.generation() {
            self.scroll = Scroll::default();
            self.seen = model.generation();
        }
        self.area = area;
        let rows = rows(model, area.width).len();
        self.scroll.top = self.scroll.top.min(rows.saturating_sub(usize::from(area.height)));
    }

    fn view(&self, model: &Model, _focused: bool, area: Rect, buffer: &mut Buffer) {
        let indent = |line: Line<'static>| {
            let mut spans = vec![Span::raw(" ")];
            spans.extend(line.spans);
            Line::from(spans)
        };
        crate::ui::lines(buffer, area, rows(model, area.width).into_iter().skip(self.scroll.top).map(indent));
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::spending(Action::FetchAnew, model.texts.hint_fetch_anew()),
            Hint::free(Action::FocusResponse, model.texts.hint_response()),
        ]
    }
}

fn rows(model: &Model, room: u16) -> Vec<Line<'static>> {
    let room = usize::from(room.saturating_sub(2));
    match &model.shown {
        None => welcome(model, room),
        Some(shown) => match shown.exchange.item() {
            Some(item) => item_rows(&shown.exchange, item, model.texts, room),
            None => failure_rows(&shown.exchange, model, room),
        },
    }
}

fn welcome(model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let mut rows = Vec::new();
    paragraph(&mut rows, texts.welcome(), room, theme.text());
    if model.session.demo {
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_demo(), room, theme.text());
        paragraph(&mut rows, texts.welcome_ids(), room, theme.text());
        rows.push(Line::default());
        paragraph(&mut rows, texts.welcome_key(), room, theme.text());
    }
    rows
}

fn failure_rows(exchange: &Exchange, model: &Model, room: usize) -> Vec<Line<'static>> {
    let (texts, theme) = (model.texts, Theme);
    let mut rows = Vec::new();
    paragraph(&mut rows, &format!("{ALERT} {}", verdict(exchange, texts)), room, theme.bad());
    let words = exchange.envelope().map(Envelope::words).unwrap_or_default();
    if !words.is_empty() {
        paragraph(&mut rows, &format!("«{}»", clean(words)), room, theme.text());
    }
    encoding_row(&mut rows, exchange, texts, room);
    paragraph(&mut rows, billing_text(exchange, texts), room, theme.text());
    if matches!(exchange.outcome, Outcome::NoResult) {
        paragraph(&mut rows, texts.not_found_may_return(), room, theme.dim());
    }
    rows
}

fn billing_text(exchange: &Exchange, texts: Texts) -> &'static str {
    match exchange.billing() {
        crate::api::Billing::Billed => texts.was_billed(),
        crate::api::Billing::Free => texts.was_free(),
        crate::api::Billing::Unknown => texts.was_unknown(),
    }
}

fn encoding_row(rows: &mut Vec<Line<'static>>, exchange: &Exchange, texts: Texts, room: usize) {
    match exchange.body.encoding() {
        Encoding::Utf8 => {}
        Encoding::Gbk => paragraph(rows, texts.body_gbk(), room, Theme.warn()),
        Encoding::Unknown => paragraph(rows, texts.body_encoding(), room, Theme.warn()),
    }
}

fn item_rows(exchange: &Exchange, item: Item<'_>, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let theme = Theme;
    let mut rows = Vec::new();
    if let Outcome::WrongItem { got } = &exchange.outcome {
        let told = texts.wrong_item(clean(got), exchange.call.num_iid());
        paragraph(&mut rows, &format!("{ALERT} {told}"), room, theme.banner());
    }
    let title = cell(&item.field("title"), theme.strong());
    let mut title_rows = Vec::new();
    paragraph(&mut title_rows, &title.text, room, title.style);
    title_rows.truncate(3);
    rows.extend(title_rows);
    rows.push(price_row(item, texts));
    rows.extend(tier_row(item, texts));
    rows.push(stock_row(item, texts));
    rows.push(sales_row(item, texts));
    rows.push(labelled(texts.label_seller(), seller(item)));
    rows.push(labelled(texts.label_place(), vec![value(&item.field("location"))]));
    rows.push(pictures_row(item, texts));
    encoding_row(&mut rows, exchange, texts, room);
    for oddity in item.oddities() {
        let told = texts.odd_type(clean(&oddity.path), oddity.found, oddity.places);
        paragraph(&mut rows, &format!("{ALERT} {told}"), room, theme.warn());
    }
    rows
}

fn price_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let price = cell(&item.field("price"), Theme.price());
    let mut spans = vec![Span::styled(price.text, price.style)];
    if let Some(span) = item.sku_prices() {
        let (min, max) = (clean(&span.min), clean(&span.max));
        let told = if min == max { texts.every_sku(min) } else { texts.skus_from_to(min, max) };
        spans.push(Span::styled(format!("  {told}"), Theme.dim()));
    }
    labelled(texts.label_price(), spans)
}

fn tier_row(item: Item<'_>, texts: Texts) -> Option<Line<'static>> {
    let tiers = item.price_tiers();
    let tier = |tier: &crate::api::PriceTier| format!("≥{} {}", clean(&tier.quantity), clean(&tier.price));
    let told: Vec<String> = tiers.iter().take(6).map(tier).collect();
    (!told.is_empty()).then(|| labelled(texts.label_tiers(), vec![Span::raw(told.join("   "))]))
}

fn stock_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let unit = item.field("unit").to_text();
    let mut spans = vec![value(&item.field("min_num")), Span::raw(format!(" {}", clean(&unit)))];
    spans.extend([label(texts.label_stock()), value(&item.field("num"))]);
    labelled(texts.label_minimum(), spans)
}

fn sales_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    let named =
        |name: &'static str| [Span::styled(format!("{name} "), Theme.dim()), value(&item.field(name))];
    let mut spans: Vec<Span<'static>> = named("sales").into();
    spans.push(Span::raw("   "));
    spans.extend(named("total_sold"));
    labelled(texts.label_sales(), spans)
}

/// The name people know the seller by: `nick` can be an encrypted one.
fn seller(item: Item<'_>) -> Vec<Span<'static>> {
    let names =
        [item.inner("seller_info", "shop_name"), item.inner("seller_info", "nick"), item.field("nick")];
    let shop = names.iter().find(|name| name.text().is_some()).cloned().unwrap_or(Field::Absent);
    let title = item.inner("seller_info", "title").to_text();
    vec![value(&shop), Span::styled(format!("  {}", clean(&title)), Theme.dim())]
}

fn pictures_row(item: Item<'_>, texts: Texts) -> Line<'static> {
    labelled(texts.label_pictures(), vec![Span::raw(item.picture_count().to_string())])
}

fn value(field: &Field<'_>) -> Span<'static> {
    let cell = cell(field, Theme.text());
    Span::styled(cell.text, cell.style)
}

fn label(text: &str) -> Span<'static> {
    Span::styled(format!("   {text} "), Theme.dim())
}

/// A row with its label in a column of its own.
fn labelled(text: &str, spans: Vec<Span<'static>>) -> Line<'static> {
    let column = 9.max(width(text) + 1);
    let mut line = vec![Span::styled(pad_right(text, column), Theme.dim())];
    line.extend(spans);
    Line::from(line)
}

fn paragraph(rows: &mut Vec<Line<'static>>, text: &str, room: usize, style: ratatui::style::Style) {
    for part in text.split('\n') {
        rows.extend(
            wrap(part, room).into_iter().map(|line| Line::from(Span::styled(line.to_owned(), style))),
        );
    }
}
