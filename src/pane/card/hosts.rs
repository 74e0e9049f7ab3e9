//! What the card tells of hosts: the attempts before this one, and how each of the session's hosts fared.

use super::super::request_log::mark_text;
use super::super::verdict::verdict;
use crate::model::Model;
use crate::model::hosts::Health;
use crate::model::request_log::Mark;
use crate::ui::text::clean;
use obx_core::store::LogEntry;
use onebound::Exchange;

pub(super) fn fields(exchange: &Exchange, model: &Model) -> Vec<(&'static str, String)> {
    let texts = model.texts;
    let mut fields = Vec::new();
    for line in model.attempts_before(exchange) {
        fields.push((texts.card_before(), attempt(line, model)));
    }
    // Of a single host the log tells it all.
    for host in model.session.hosts.iter().filter(|_| model.session.hosts.len() > 1) {
        let name = host.name();
        let told = health(&model.health(&name), model);
        fields.push((texts.card_health(), texts.named(clean(&name), told)));
    }
    fields
}

/// `15:24:17 api-gw.onebound.cn: no connection (free)`
fn attempt(line: &LogEntry, model: &Model) -> String {
    let clock = model.session.log_time(line.started_at, model.now.at);
    let cost = match Mark::of(line) {
        Mark::Unknown => model.texts.mark_unknown_in_full(),
        mark => mark_text(mark, model).0,
    };
    let told = verdict(&line.conclusion, model.texts);
    let told = model.texts.with_detail(told, cost);
    format!("{clock} {}", model.texts.named(clean(&line.host), told))
}

fn health(health: &Health, model: &Model) -> String {
    let texts = model.texts;
    let clock = |at| model.session.log_time(at, model.now.at);
    let answered = health.answered.map(|at| texts.host_answered(clock(at)));
    let failed = health.failed.as_ref();
    let failed = failed.map(|(at, why)| texts.host_failed(clock(*at), verdict(why, texts)));
    let told: Vec<String> = answered.into_iter().chain(failed).collect();
    match () {
        () if !told.is_empty() => told.join(texts.and_then()),
        // What is older is in the store alone.
        () if model.log.has_older() => texts.host_not_called_lately().to_owned(),
        () => texts.host_not_called().to_owned(),
    }
}
