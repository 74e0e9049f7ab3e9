//! The card's fields about hosts: earlier attempts of this call, and the health of each of the session's hosts.

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
    // With a single host, the log shows the same.
    for host in model.session.hosts.iter().filter(|_| model.session.hosts.len() > 1) {
        let name = host.name();
        let summary = health(&model.health(&name), model);
        fields.push((texts.card_health(), texts.named(clean(&name), summary)));
    }
    fields
}

/// `15:24:17 api-gw.onebound.cn: no connection (free)`
fn attempt(line: &LogEntry, model: &Model) -> String {
    let clock = model.session.log_time(line.started_at, model.now.at);
    let cost = match Mark::from_entry(line) {
        Mark::Unknown => model.texts.mark_unknown_in_full(),
        mark => mark_text(mark, model.texts).0,
    };
    let summary = verdict(&line.summary, model.texts);
    let summary = model.texts.with_detail(summary, cost);
    format!("{clock} {}", model.texts.named(clean(&line.host), summary))
}

fn health(health: &Health, model: &Model) -> String {
    let texts = model.texts;
    let clock = |at| model.session.log_time(at, model.now.at);
    let answered = health.answered.map(|at| texts.host_answered(clock(at)));
    let failed = health.failed.as_ref();
    let failed = failed.map(|(at, why)| texts.host_failed(clock(*at), verdict(why, texts)));
    let summary: Vec<String> = answered.into_iter().chain(failed).collect();
    match () {
        () if !summary.is_empty() => summary.join(texts.and_then()),
        // Older calls are only in the store.
        () if model.log.has_older() => texts.host_not_called_lately().to_owned(),
        () => texts.host_not_called().to_owned(),
    }
}
