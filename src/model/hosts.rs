//! The hosts of a session: which one may be asked after another has failed, and their recent results.
//!
//! Once a call was sent, another host is asked only on the user's request, since the call may cost its price again.

use crate::message::Notice;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Model, PendingCall, Why};
use obx_core::fetch::FetchPolicy;
use obx_core::i18n::Texts;
use obx_core::policy::may_offer_next_host;
use obx_core::store::LogEntry;
use onebound::{Billing, Exchange, Outcome, OutcomeSummary};

/// A host that failed after the call was sent to it, and the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFailed {
    /// The host that failed.
    pub asked: String,
    /// The HTTP status, if it sent one.
    pub status: Option<u16>,
    /// Whether that call was billed.
    pub billing: Billing,
    /// The host that can be asked next.
    pub next: String,
}

impl HostFailed {
    /// A message that says what happened, and whether it cost something.
    pub fn message(&self, texts: Texts) -> String {
        let billing = match self.billing {
            Billing::Billed => texts.it_was_billed(),
            Billing::Free => texts.it_was_free(),
            Billing::Unknown => texts.it_is_unknown(),
        };
        match self.status.filter(|status| *status != 200) {
            Some(status) => texts.host_answered_http(&self.asked, status, billing),
            None => texts.host_did_not_answer(&self.asked, billing),
        }
    }
}

/// A host's last success and last failure in the log.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// When it last sent a complete answer.
    pub answered: Option<Timestamp>,
    /// When it last failed, and how.
    pub failed: Option<(Timestamp, Arc<OutcomeSummary>)>,
}

impl Model {
    /// After a host has failed that the call was sent to, offers to send the same call to the next host.
    pub(super) fn offer_next_host(&mut self, exchange: &Exchange) {
        if !may_offer_next_host(exchange) {
            return;
        }
        let hosts = &self.session.hosts;
        let Some(asked) = hosts.iter().position(|host| *host == exchange.host) else { return };
        let Some(next) = hosts.get(asked + 1) else { return };
        let failed = HostFailed {
            asked: exchange.host.name(),
            status: exchange.status,
            billing: exchange.billing(),
            next: next.name(),
        };
        self.notice = Some(Notice::alert(failed.message(self.texts)));
        let override_policy = FetchPolicy::AtHost { place: asked + 1, is_override: false };
        self.pending_confirmation = Some(PendingCall {
            call: exchange.call.clone(),
            why: Why::HostFailed(failed),
            override_policy,
            want: override_policy,
        });
    }

    /// Finds a host's last success and last failure.
    pub fn health(&self, host: &str) -> Health {
        let mut health = Health::default();
        for call in self.log.recent_calls().filter(|call| !call.is_reuse && *call.host == *host) {
            let at = call.ended_at();
            if call.summary.is_of_failed_host() {
                health.failed = health.failed.or_else(|| Some((at, Arc::clone(&call.summary))));
            } else if !matches!(call.summary.outcome, Outcome::Cancelled | Outcome::Interrupted) {
                health.answered = health.answered.or(Some(at));
            }
            if health.answered.is_some() && health.failed.is_some() {
                break;
            }
        }
        health
    }

    /// The failed attempts at earlier hosts that led to this exchange, oldest first: the rows directly before it in
    /// the log that have the same subject.
    pub fn attempts_before(&self, exchange: &Exchange) -> Vec<&LogEntry> {
        let (subject, host) = (exchange.call.subject(), exchange.host.name());
        let place = |name: &str| self.session.hosts.iter().position(|host| host.name() == name);
        let Some(here) = place(&host) else { return Vec::new() };
        let started = exchange.started_at.as_millisecond();
        let is_this =
            |line: &&LogEntry| line.started_at.as_millisecond() == started && line.subject == subject;
        let is_attempt = |line: &&LogEntry| {
            let before = place(&line.host).is_some_and(|place| place < here);
            before && line.subject == subject && line.reuses.is_none() && line.summary.is_of_failed_host()
        };
        let Some(row) = self.log.rows().find(|row| is_this(&&row.line)) else { return Vec::new() };
        let before = self.log.place_of(row.id()).map_or(self.log.len(), |place| place + 1);
        let before = self.log.rows_from(before).map(|row| &row.line);
        let mut attempts: Vec<_> = before.take_while(is_attempt).collect();
        attempts.reverse();
        attempts
    }
}
