//! Writes exchanges as the texts of files and the clipboard. Pure: an exchange in, a text out.
//!
//! ```text
//!  Form ─┬─ json      the body, pretty-printed or as received; a SKU a line
//!        ├─ csv       SKUs; props                            RFC 4180
//!        ├─ markdown  the item and its SKUs
//!        ├─ har       one exchange, or many                  HAR 1.2
//!        ├─ curl      the call as a command
//!        └─ bundle    the facts that the vendor's support asks for
//!  JqOutputs           the outputs of a jq program, as JSON or as texts
//! ```
//! None of them holds a secret: bodies are masked, and `$OBX_KEY` and `$OBX_SECRET` replace the key and secret of a call.

mod bundle;
mod command;
pub(crate) mod csv;
mod har;
mod json;
mod markdown;
mod outputs;
pub(crate) mod redact;

pub use csv::SKU_FIELDS;
use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::i18n::{Describe, Texts};
use crate::price::{PriceCell, PriceColumn};
use onebound::{Call, Exchange, Item, Malformed, Outcome};
use onebound_document::Document;

pub use command::curl;
pub(crate) use har::{NOTHING_SENT, OWN, Own};
pub use outputs::{JqOutputs, unquoted};

/// A form of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The body as pretty-printed JSON.
    Json,
    /// The body as received, secrets masked.
    Body,
    /// A SKU a line, as JSON.
    Ndjson,
    /// A SKU a row.
    SkuCsv,
    /// A prop a row.
    PropsCsv,
    /// The item's summary and its SKUs.
    Markdown,
    /// The exchange as HAR 1.2.
    Har,
    /// All exchanges of the day as HAR 1.2.
    HarOfDay,
    /// The call as a command.
    Curl,
    /// The facts that the vendor's support asks for.
    Bundle,
}

/// Options of an export; each counts for some forms only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// CSV begins with a byte order mark, without which Excel takes UTF-8 for something else.
    pub bom: bool,
    /// The bundle shows the caller's address as the vendor saw it.
    pub client_ip: bool,
    /// Columns of the SKUs that were calculated for the first exchange.
    pub calculated: Arc<[Arc<PriceColumn>]>,
}

/// The text of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportText {
    pub text: String,
    /// So many values became strings in it, since JSON does not have them: NaN, `1+2`, `079`.
    pub quoted: usize,
}

/// A text in which every value is as it was sent.
impl From<String> for ExportText {
    fn from(text: String) -> Self {
        Self { text, quoted: 0 }
    }
}

/// Why there is nothing to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExported {
    /// The form is about an item, and the answer has none.
    #[error("no item in this answer")]
    NoItem,
    /// The form is about a body, and there is none.
    #[error("no body")]
    NoBody,
    /// The body isn't JSON.
    #[error("the body isn't JSON")]
    NoJson,
    /// There is no exchange.
    #[error("nothing to export yet")]
    NoExchange,
    /// Calls of the day are still to be read from the store.
    #[error("today's requests are not all read yet")]
    DayNotRead,
    /// The call went over plain http: the command would show the key to the network.
    #[error("plain http: a command would expose the key to the network")]
    PlainHost,
    /// A file with nothing but a body: the request is not known.
    #[error("the file doesn't say what was requested")]
    NoCall,
    /// A jq program without outputs.
    #[error("the jq program had no output")]
    NoOutput,
    /// Columns of `[price]` that the form has aren't calculated yet.
    #[error("the columns of [price] are still being calculated")]
    Calculating,
}

impl Describe for NotExported {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoItem => texts.export_no_item(),
            Self::NoBody => texts.export_no_body(),
            Self::NoJson => texts.export_no_json(),
            Self::NoExchange => texts.export_no_exchange(),
            Self::DayNotRead => texts.export_day_not_read(),
            Self::NoCall => texts.export_no_call(),
            Self::PlainHost => texts.export_plain_host(),
            Self::NoOutput => texts.export_no_output(),
            Self::Calculating => texts.export_calculating(),
        }
        .to_owned()
    }
}

impl Form {
    /// In the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Json,
        Self::Body,
        Self::Ndjson,
        Self::SkuCsv,
        Self::PropsCsv,
        Self::Markdown,
        Self::Har,
        Self::HarOfDay,
        Self::Curl,
        Self::Bundle,
    ];

    /// `obx-610947572360-20261124.json`: the item, the day of the call in this zone, and the form.
    pub fn file_name(self, call: &Call, at: Timestamp, zone: &TimeZone) -> String {
        let day = day(at, zone);
        let id = call.subject();
        match self {
            Self::Json => format!("obx-{id}-{day}.json"),
            Self::Body => format!("obx-{id}-{day}.body"),
            Self::Ndjson => format!("obx-{id}-{day}-skus.ndjson"),
            Self::SkuCsv => format!("obx-{id}-{day}-skus.csv"),
            Self::PropsCsv => format!("obx-{id}-{day}-props.csv"),
            Self::Markdown => format!("obx-{id}-{day}.md"),
            Self::Har => format!("obx-{id}-{day}.har"),
            Self::HarOfDay => format!("obx-{day}.har"),
            Self::Curl => format!("obx-{id}-{day}.sh"),
            Self::Bundle => format!("obx-{id}-{day}-support.txt"),
        }
    }

    /// Whether [`Extras::bom`] means anything.
    pub fn has_bom(self) -> bool {
        matches!(self, Self::SkuCsv | Self::PropsCsv)
    }

    /// Whether [`Extras::client_ip`] means anything.
    pub fn has_client_ip(self) -> bool {
        self == Self::Bundle
    }

    /// The text of these exchanges; all forms but [`Form::HarOfDay`] are about the first.
    ///
    /// # Errors
    /// What is missing.
    pub fn write(
        self,
        exchanges: &[Arc<Exchange>],
        extras: &Extras,
        texts: Texts,
    ) -> Result<String, NotExported> {
        self.write_counted(exchanges, extras, texts).map(|written| written.text)
    }

    /// The same, with the number of values that became strings.
    ///
    /// # Errors
    /// What is missing.
    pub fn write_counted(
        self,
        exchanges: &[Arc<Exchange>],
        extras: &Extras,
        texts: Texts,
    ) -> Result<ExportText, NotExported> {
        let exchange = exchanges.first().ok_or(NotExported::NoExchange)?;
        let item = || exchange.item().ok_or(NotExported::NoItem);
        let text = match self {
            Self::Json if exchange.body.is_empty() => return Err(NotExported::NoBody),
            Self::Json => {
                return json_text(exchange).map(|text| json::pretty(&text)).ok_or(NotExported::NoJson);
            }
            Self::Ndjson => return Ok(ndjson(item()?, &extras.calculated)),
            Self::Body => body(exchange)?,
            Self::SkuCsv => csv::skus(item()?, None, &extras.calculated, extras.bom),
            Self::PropsCsv => csv::props(item()?, extras.bom),
            Self::Markdown => markdown::item(exchange, item()?, &extras.calculated, texts),
            Self::Har if exchange.is_body_only() => return Err(NotExported::NoCall),
            Self::Har => har::log(exchanges.get(..1).unwrap_or_default()),
            Self::HarOfDay => har::log(exchanges),
            Self::Curl => curl(exchange)? + "\n",
            Self::Bundle => bundle::text(exchange, extras.client_ip),
        };
        Ok(text.into())
    }
}

/// The SKUs at these places, in this order, as [`Form::SkuCsv`] has them all.
///
/// # Errors
/// Where there is no item.
pub fn shown_skus(
    exchange: &Exchange,
    places: &[usize],
    calculated: &[Arc<PriceColumn>],
    bom: bool,
) -> Result<String, NotExported> {
    Ok(csv::skus(exchange.item().ok_or(NotExported::NoItem)?, Some(places), calculated, bom))
}

/// The name of a file of [`shown_skus`].
pub fn shown_skus_name(call: &Call, at: Timestamp, zone: &TimeZone) -> String {
    format!("obx-{}-{}-skus-shown.csv", call.subject(), day(at, zone))
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y%m%d").to_string()
}

/// The body for people to read, and the extension of a file of it: pretty-printed where it was sent as JSON, and without
/// control sequences.
pub fn readable(exchange: &Exchange) -> (String, &'static str) {
    if let Some(text) = json_text(exchange).filter(|_| came_as_json(exchange)) {
        return (json::as_sent(&text), "json");
    }
    let text = String::from_utf8_lossy(exchange.body.shown());
    let ending = if text.trim_start().starts_with("<?xml") { "xml" } else { "txt" };
    (text.lines().map(json::harmless).collect::<Vec<_>>().join("\n") + "\n", ending)
}

/// The masked body as received.
fn body(exchange: &Exchange) -> Result<String, NotExported> {
    if exchange.body.is_empty() {
        return Err(NotExported::NoBody);
    }
    Ok(String::from_utf8_lossy(exchange.body.shown()).into_owned())
}

/// The masked body as JSON, also where it was sent as XML or in one of PHP's forms.
fn json_text(exchange: &Exchange) -> Option<Cow<'_, str>> {
    if let Some(reply) = &exchange.reply {
        return Some(reply.document.raw(reply.document.root()).into());
    }
    let other =
        is_other_json(exchange).then(|| Document::parse(exchange.body.shown().clone()).ok()).flatten()?;
    Some(other.raw(other.root()).to_owned().into())
}

fn is_other_json(exchange: &Exchange) -> bool {
    came_as_json(exchange) && exchange.outcome == Outcome::NotUnderstood(Malformed::NoEnvelope)
}

/// Whether the body can be written as JSON.
pub fn has_json(exchange: &Exchange) -> bool {
    exchange.reply.is_some() || is_other_json(exchange)
}

/// Whether the body begins like JSON.
pub fn came_as_json(exchange: &Exchange) -> bool {
    let text = exchange.body.shown();
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn ndjson(item: Item<'_>, calculated: &[Arc<PriceColumn>]) -> ExportText {
    item.skus().enumerate().fold(ExportText::default(), |mut all, (number, sku)| {
        let line = json::on_one_line(sku.raw());
        let rest = line.text.strip_suffix('}').filter(|_| !calculated.is_empty());
        match rest {
            Some(rest) => {
                all.text += rest;
                for (at, column) in calculated.iter().enumerate() {
                    let comma = if at > 0 || !rest.ends_with('{') { "," } else { "" };
                    let pair = [comma, &json_string(&column.name), ":", &as_json(column.cell(number))];
                    all.text.extend(pair);
                }
                all.text.push('}');
            }
            None => all.text += &line.text,
        }
        all.text.push('\n');
        all.quoted += line.quoted;
        all
    })
}

/// A calculated amount as a number; a failure says why.
fn as_json(cell: &PriceCell) -> String {
    match cell {
        PriceCell::Amount(digits) => digits.clone(),
        PriceCell::Text(text) => json_string(text),
        PriceCell::Unknown | PriceCell::Awaited => "null".to_owned(),
        PriceCell::Failed(why) => format!("{{\"error\":{}}}", json_string(why)),
    }
}

fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
