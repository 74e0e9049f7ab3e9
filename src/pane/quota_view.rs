//! `u`: how the quota stands, how the day went and how it will end; for each key by its fingerprint.
//!
//! ```text
//!  latch, where calls are refused
//!  gauge
//!  forecast, pace
//!  the day's curve by hours, now marked
//!  our calls by cost, the vendor's count beside ours, the key's end, cap, reserve, addends, host
//! ```
//! Built from [`QuotaFacts`] alone, so that whoever knows a quota can show one.

mod curve;
mod facts;
mod rows;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::popup::{Popup, close_and_page, closes};
use crate::message::{Action, Effect};
use crate::model::Model;
use crate::model::quota_forecast::{BEIJING, Day, Forecast};
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::clean;
use obx_core::i18n::Texts;
use obx_core::store::Block;

/// Of the view, in cells.
const WIDTH: u16 = 100;
/// Rows of the curve.
const CURVE: std::ops::RangeInclusive<usize> = 2..=8;

/// All that the view shows.
#[derive(Clone, Debug)]
pub struct QuotaFacts {
    /// The session's key first.
    pub keys: Vec<KeyFacts>,
    /// The user's.
    pub zone: TimeZone,
    /// Whether the emulator counts: then nothing costs money.
    pub demo: bool,
}

/// What is known of a key.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    /// What the key can be told by, never the key; empty where there is nothing to tell it by.
    pub fingerprint: String,
    /// Whether this session calls with it.
    pub own: bool,
    /// Where it called last.
    pub host: Option<String>,
    /// Its Beijing day.
    pub day: Day,
    /// The day the key ends.
    pub expires: Option<Date>,
    /// The inside of `all[…]`, as it was sent.
    pub all: Option<String>,
    /// Calls a day after which none is sent from here.
    pub cap: Option<u64>,
    /// Calls that are kept back.
    pub reserve: Option<u64>,
    /// Why calls are refused.
    pub latch: Option<Block>,
}

/// The popup and its scroll.
#[derive(Debug)]
pub struct QuotaView {
    facts: QuotaFacts,
    texts: Texts,
    scroll: Scroll,
    height: u16,
    rows: Vec<Line<'static>>,
    /// The log's revision that the facts are of.
    revision: u64,
}

impl QuotaView {
    /// The view of these facts.
    pub fn new(facts: QuotaFacts, texts: Texts) -> Self {
        Self { facts, texts, scroll: Scroll::default(), height: 0, rows: Vec::new(), revision: 0 }
    }

    /// The view of what the model knows.
    pub fn from_model(model: &Model) -> Self {
        Self { revision: model.log.revision(), ..Self::new(facts::facts(model), model.texts) }
    }

    /// Takes in what has come since.
    fn follow(&mut self, model: &Model) {
        if self.revision != model.log.revision() {
            (self.facts, self.revision) = (facts::facts(model), model.log.revision());
        }
    }

    fn title(&self) -> String {
        match self.facts.keys.as_slice() {
            [key] if !key.fingerprint.is_empty() => self.texts.quota_title_key(clean(&key.fingerprint)),
            _ => self.texts.quota_title().to_owned(),
        }
    }

    fn moment(&self) -> String {
        let form = |key: &KeyFacts| BEIJING.to_datetime(key.day.now).strftime("%m-%d %H:%M").to_string();
        self.facts.keys.first().map(|key| self.texts.quota_at(form(key))).unwrap_or_default()
    }

    /// Makes every line, with a curve as high as the screen has room for.
    fn lines_for(&self, screen: Size) -> Vec<Line<'static>> {
        let room = inner(popup(screen, WIDTH, u16::MAX));
        let rows = |curve| rows::rows(&self.facts, self.texts, usize::from(room.width), curve);
        let lowest = rows(*CURVE.start());
        let spare = usize::from(room.height).saturating_sub(lowest.len());
        if spare == 0 { lowest } else { rows((CURVE.start() + spare).min(*CURVE.end())) }
    }
}

impl Popup for QuotaView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        if closes(action, Action::Quota) || action == Action::Open {
            return vec![Effect::ClosePopup];
        }
        self.scroll.act_on_text(action, self.rows.len(), usize::from(self.height));
        Vec::new()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.follow(model);
        self.rows = self.lines_for(screen);
        self.height = inner(self.area(screen)).height;
        self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(usize::from(self.height)));
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, WIDTH, u16::try_from(self.rows.len() + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, _model: &Model, area: Rect, buffer: &mut Buffer) {
        let hidden = self.rows.len().saturating_sub(self.scroll.top + usize::from(self.height));
        let more = if hidden > 0 { format!(" ↓{hidden} ") } else { String::new() };
        let (title, right) =
            (Line::from(format!(" {} ", self.title())), Line::from(format!(" {} ", self.moment())));
        crate::ui::popup_frame(
            buffer,
            area,
            &Edges { title, right, foot: Line::from(more), ..Edges::default() },
        );
        crate::ui::lines(buffer, inner(area), self.rows.iter().skip(self.scroll.top).cloned());
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        close_and_page(self.rows.len() > usize::from(self.height), model)
    }
}

/// The forecast in a few words, for the header: `lasts the day`, `out at ~16:40`; nothing while it is silent. The
/// clock is Beijing's, with the user's beside it where the two differ.
pub fn short(forecast: Forecast, zone: &TimeZone, texts: Texts) -> String {
    match forecast {
        Forecast::Silent => String::new(),
        Forecast::LastsTheDay { .. } => texts.forecast_lasts().to_owned(),
        Forecast::OutAt(at) => {
            let at = about(at);
            let out = if zone.to_offset(at) == BEIJING {
                texts.forecast_out_at(beijing(at))
            } else {
                texts.forecast_out_beijing(beijing(at))
            };
            with_local(out, at, zone, texts)
        }
        Forecast::Out => texts.forecast_out().to_owned(),
    }
}

/// To five minutes: more would not be true.
fn about(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(jiff::Unit::Minute).increment(5)).unwrap_or(at)
}

/// `16:40`
fn beijing(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%H:%M").to_string()
}

/// The text, and the moment by the user's clock where it shows another time.
fn with_local(text: String, at: Timestamp, zone: &TimeZone, texts: Texts) -> String {
    if zone.to_offset(at) == BEIJING {
        return text;
    }
    let here = texts.forecast_here(zone.to_datetime(at).strftime("%H:%M"));
    let blank = if here.is_ascii() { " " } else { "" };
    format!("{text}{blank}{here}")
}

/// `2 h 30 min`, to the minute.
fn span(length: SignedDuration, texts: Texts) -> String {
    let minutes = (length.as_secs() + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => texts.span_minutes(minutes),
        (hours, 0) => texts.span_hours(hours),
        (hours, minutes) => texts.span_both(hours, minutes),
    }
}
