//! `u`: the quota, how the day went, and how it will end; for each key, by its fingerprint.
//!
//! ```text
//!  why calls are blocked, if they are
//!  gauge
//!  forecast, pace
//!  the day's curve by hours, now marked
//!  our calls by cost, by person where several share the store, the vendor's count beside ours, the key's expiry, cap, reserve, addends, host
//! ```
//! Built from [`QuotaFacts`] alone, so that it can be shown without a model.

mod curve;
mod facts;
mod rows;

pub use rows::expiry_text;

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
use crate::model::key_days::PersonCalls;
use crate::model::quota_forecast::{Day, Forecast};
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::clean;
use obx_core::i18n::Texts;
use obx_core::store::Block;
use onebound::BEIJING;

/// Width in cells.
const WIDTH: u16 = 100;
/// Height of the curve in rows.
const CURVE: std::ops::RangeInclusive<usize> = 2..=8;

/// Everything that the view shows.
#[derive(Clone, Debug)]
pub struct QuotaFacts {
    /// The session's key first.
    pub keys: Vec<KeyFacts>,
    /// The user's time zone.
    pub zone: TimeZone,
    /// Whether the emulator counts the calls, so that nothing costs money.
    pub demo: bool,
    /// Whether all calls of the day are known. Without them there are only the vendor's own numbers.
    pub is_counted: bool,
}

/// What is known about a key.
#[derive(Clone, Debug)]
pub struct KeyFacts {
    /// Identifies the key without containing it; empty in DEMO, or if there is no key.
    pub fingerprint: String,
    /// Whether this session calls with the key.
    pub own: bool,
    /// Host of the newest call with the key.
    pub host: Option<String>,
    /// The key's quota day, from midnight to midnight in Beijing.
    pub day: Day,
    /// The day's calls by who asked, where several people did.
    pub people: Vec<PersonCalls>,
    /// The day on which the key expires.
    pub expires: Option<Date>,
    /// The content of `all[…]`, as the vendor sent it.
    pub all: Option<String>,
    /// Calls per day after which obx sends no more.
    pub cap: Option<u64>,
    /// How many of the last calls of the quota are reserved.
    pub reserve: Option<u64>,
    /// Why calls with the key are blocked.
    pub block: Option<Block>,
}

#[derive(Debug)]
pub struct QuotaView {
    facts: QuotaFacts,
    texts: Texts,
    scroll: Scroll,
    height: u16,
    rows: Vec<Line<'static>>,
    /// The revision of the log that the facts are based on.
    revision: u64,
}

impl QuotaView {
    /// Shows these facts.
    pub fn new(facts: QuotaFacts, texts: Texts) -> Self {
        Self { facts, texts, scroll: Scroll::default(), height: 0, rows: Vec::new(), revision: 0 }
    }

    /// Shows what the model knows.
    pub fn from_model(model: &Model) -> Self {
        Self { revision: model.log.revision(), ..Self::new(facts::facts(model), model.texts) }
    }

    /// Updates the facts if the log has changed.
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

    fn translate(&mut self, model: &Model) {
        self.texts = model.texts;
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

/// Returns the forecast in a few words for the header: `lasts the day`, `out at ~16:40`; empty without a forecast.
/// The time is Beijing's, followed by the user's if that differs.
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

/// Rounds to five minutes, since a forecast isn't more exact.
fn about(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(jiff::Unit::Minute).increment(5)).unwrap_or(at)
}

/// `16:40`
fn beijing(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%H:%M").to_string()
}

/// Adds the time by the user's clock, if that differs.
fn with_local(text: String, at: Timestamp, zone: &TimeZone, texts: Texts) -> String {
    if zone.to_offset(at) == BEIJING {
        return text;
    }
    let here = texts.forecast_here(zone.to_datetime(at).strftime("%H:%M"));
    let blank = if here.is_ascii() { " " } else { "" };
    format!("{text}{blank}{here}")
}

/// `2 h 30 min`, rounded to minutes.
fn span(length: SignedDuration, texts: Texts) -> String {
    let minutes = (length.as_secs() + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => texts.span_minutes(minutes),
        (hours, 0) => texts.span_hours(hours),
        (hours, minutes) => texts.span_both(hours, minutes),
    }
}
