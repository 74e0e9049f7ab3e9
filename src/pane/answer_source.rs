//! Where an answer came from, and when.

use std::sync::Arc;

use super::people::{other_person, who_asked};
use crate::model::Model;
use crate::ui::measure::seconds;
use crate::ui::text::clean;
use obx_core::fetch::Source;
use onebound::{Exchange, RequestStage};

/// Describes an answer's source, from long to short, each with a clock time, since an age would have to be redrawn every
/// minute.
pub fn answer_sources(exchange: &Arc<Exchange>, source: Source, model: &Model) -> Vec<String> {
    let texts = model.texts;
    let clock = model.session.minute(exchange.ended_at(), model.now.at);
    let envelope = exchange.envelope();
    if model.session.file.is_some() {
        return vec![clock];
    }
    if model.is_other_gateway(&exchange.scope()) {
        return vec![texts.source_other_gateway(clean(&exchange.host.name()), clock)];
    }
    if source == Source::Store {
        return vec![texts.source_store(clock)];
    }
    if exchange.stage < RequestStage::Answered {
        return vec![texts.source_none(clock)];
    }
    if source == Source::Joined {
        let person = who_asked(exchange, None, model);
        return vec![match other_person(person.as_deref(), model.session.asked_by.as_deref()) {
            Some(name) => texts.source_other_person(name, clock),
            None => texts.source_other_session(clock),
        }];
    }
    if let Some(envelope) = envelope.filter(|envelope| envelope.from_vendor_cache) {
        let date = clean(envelope.cached_at.as_deref().unwrap_or("?"));
        return vec![texts.source_vendor_cache(model.session.vendor_time(&date, model.now.at, texts))];
    }
    let took = seconds(exchange.timing.total);
    if model.session.demo {
        vec![texts.source_emulator(took, &clock), texts.source_emulator_at(clock)]
    } else {
        vec![texts.source_live(took, &clock), texts.source_live_at(clock)]
    }
}
