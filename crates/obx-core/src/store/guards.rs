//! What may refuse a call before it is sent: a latch after quota, balance or account errors, a cap of one's own,
//! and a reserve.

use jiff::Timestamp;

use onebound::{Cause, Exchange, Fingerprint, Outcome, OutcomeSummary};

/// Beijing has no summer time: the vendor's day turns at 16:00 UTC.
const BEIJING_MS: i64 = 8 * 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Why a call was refused; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardViolation {
    /// An earlier answer said that calls are of no use.
    Blocked(Block),
    /// The user's own cap is reached.
    Cap {
        /// Of it.
        cap: u64,
        /// Calls that were billed, or may have been, on this day.
        used: u64,
    },
    /// Only the reserve is left.
    Reserve {
        /// Of it.
        reserve: u64,
        /// What the newest answer says is left.
        left: u64,
    },
}

/// Refuses the calls of one key to one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose answer it was.
    pub host: String,
    /// Whose calls it stops.
    pub key: String,
    /// What the answer said.
    pub reason: LatchReason,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` until the user overrides with success.
    pub until: Option<Timestamp>,
}

/// What an answer said that makes further calls useless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatchReason {
    /// The day's calls are used up.
    Quota,
    /// The balance is.
    Balance,
    /// The API or the account is stopped.
    Stopped,
    /// The key has expired: midnight does not help.
    Expired,
}

impl Block {
    /// What this exchange says of further calls of its key to its host: `Some(None)` lets them through again,
    /// `None` says nothing.
    pub fn after(exchange: &Exchange, key: &Fingerprint) -> Option<Option<Self>> {
        let served = matches!(
            exchange.outcome,
            Outcome::Item | Outcome::NoResult | Outcome::Success | Outcome::WrongItem { .. }
        );
        if served {
            return Some(None);
        }
        let (reason, since) = (LatchReason::of(&exchange.summary())?, exchange.ended_at());
        let (host, key) = (exchange.host.to_string(), key.as_str().to_owned());
        Some(Some(Self { host, key, reason, since, until: reason.until(since) }))
    }
}

impl LatchReason {
    /// What this outcome says, where it stops calls.
    pub(super) fn of(conclusion: &OutcomeSummary) -> Option<Self> {
        let Outcome::Refused(cause) = conclusion.outcome else { return None };
        match (cause, conclusion.code.as_ref().map(onebound::ErrorCode::as_str)) {
            (Cause::KeyExpired, _) => Some(Self::Expired),
            (Cause::QuotaUsedUp, _) | (Cause::AsCoded, Some("4013")) => Some(Self::Quota),
            (_, Some("4016")) => Some(Self::Balance),
            (_, Some("4006" | "4007")) => Some(Self::Stopped),
            _ => None,
        }
    }

    pub(super) fn until(self, at: Timestamp) -> Option<Timestamp> {
        (self != Self::Expired).then(|| day_end(at))
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Quota => "quota",
            Self::Balance => "balance",
            Self::Stopped => "stopped",
            Self::Expired => "expired",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        match text {
            "balance" => Self::Balance,
            "stopped" => Self::Stopped,
            "expired" => Self::Expired,
            _ => Self::Quota,
        }
    }
}

/// The number of a moment's day in Beijing, from 1970 on.
pub fn beijing_day(at: Timestamp) -> i64 {
    (at.as_millisecond() + BEIJING_MS).div_euclid(DAY_MS)
}

/// When a moment's day ends in Beijing.
pub fn day_end(at: Timestamp) -> Timestamp {
    let end = (beijing_day(at) + 1) * DAY_MS - BEIJING_MS;
    Timestamp::from_millisecond(end).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(beijing_day(at("2026-11-23T15:59:59Z")) + 1, beijing_day(at("2026-11-23T16:00:00Z")));
        assert_eq!(day_end(at("2026-11-23T15:59:59Z")), at("2026-11-23T16:00:00Z"));
        assert_eq!(day_end(at("2026-11-23T16:00:00Z")), at("2026-11-24T16:00:00Z"));
    }
}
