//! Blocks: after quota, balance or account errors further calls of a key to a host are of no use.

use jiff::Timestamp;

use super::day_end;
use onebound::{Cause, ErrorCode, Exchange, Fingerprint, Outcome, OutcomeSummary};

/// Refuses the calls of one key to one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose answer it was.
    pub host: String,
    /// Whose calls it stops.
    pub key: String,
    /// What the answer said.
    pub reason: LatchReason,
    /// When it said so; `None` where the stored block is damaged.
    pub since: Option<Timestamp>,
    /// `None` until the user overrides it with success.
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
    /// The store has a block of which this can't be read any more.
    Damaged,
}

/// What an exchange means for further calls of its key to its host.
#[must_use = "a block that is not written down stops nothing"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockChange {
    /// It says nothing of them.
    Unchanged,
    /// The key is served: no block holds any more.
    Lifted,
    /// They are of no use.
    Set(Block),
}

impl Block {
    /// Whether it refuses calls at this moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

impl BlockChange {
    /// What this exchange means, whose call was made with this key.
    pub fn by(exchange: &Exchange, key: &Fingerprint) -> Self {
        let is_served = matches!(
            exchange.outcome,
            Outcome::Item | Outcome::NoResult | Outcome::Success | Outcome::WrongItem { .. }
        );
        if is_served {
            return Self::Lifted;
        }
        let Some(reason) = LatchReason::of(&exchange.summary()) else { return Self::Unchanged };
        let (host, key, since) = (exchange.host.to_string(), key.as_str().to_owned(), exchange.ended_at());
        Self::Set(Block { host, key, reason, since: Some(since), until: reason.until(since) })
    }
}

impl LatchReason {
    /// What this outcome says, where it stops calls.
    fn of(conclusion: &OutcomeSummary) -> Option<Self> {
        let Outcome::Refused(cause) = conclusion.outcome else { return None };
        match (cause, conclusion.code.as_ref().map(ErrorCode::as_str)) {
            (Cause::KeyExpired, _) => Some(Self::Expired),
            (Cause::QuotaUsedUp, _) | (Cause::AsCoded, Some("4013")) => Some(Self::Quota),
            (_, Some("4016")) => Some(Self::Balance),
            (_, Some("4006" | "4007")) => Some(Self::Stopped),
            _ => None,
        }
    }

    fn until(self, since: Timestamp) -> Option<Timestamp> {
        (self != Self::Expired).then(|| day_end(since))
    }
}

#[cfg(test)]
mod tests {
    use onebound::{Answer, Call, Credentials, Host, Timing};
    use rstest::rstest;

    use super::*;

    fn change(body: &str) -> BlockChange {
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned().into() };
        let call = Call::item_get("610947572360".parse().unwrap());
        let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
        let exchange = Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials);
        BlockChange::by(&exchange, &credentials.fingerprint())
    }

    #[rstest]
    #[case(r#"{"error_code":"4013","reason":""}"#, LatchReason::Quota)]
    #[case(r#"{"error_code":"4005","reason":"Key[x]已超量,联系QQ:1"}"#, LatchReason::Quota)]
    #[case(r#"{"error_code":"4016","reason":"余额不足"}"#, LatchReason::Balance)]
    #[case(r#"{"error_code":"4006","reason":"您的当前API已停用"}"#, LatchReason::Stopped)]
    #[case(r#"{"error_code":"4007","reason":"您的账户已停用"}"#, LatchReason::Stopped)]
    #[case(r#"{"error_code":"4005","reason":"key已过期"}"#, LatchReason::Expired)]
    fn quota_balance_and_account_errors_block_until_midnight_and_an_expired_key_for_good(
        #[case] body: &str,
        #[case] reason: LatchReason,
    ) {
        let BlockChange::Set(block) = change(body) else { panic!("{body}") };
        let midnight = (reason != LatchReason::Expired).then(|| day_end(Timestamp::UNIX_EPOCH));
        assert_eq!((block.reason, block.until), (reason, midnight));
        for (at, holds) in
            [(Timestamp::UNIX_EPOCH, true), (day_end(Timestamp::UNIX_EPOCH), reason == LatchReason::Expired)]
        {
            assert_eq!(block.holds(at), holds, "{reason:?} at {at}");
        }
    }

    #[rstest]
    #[case(r#"{"error_code":"2000","reason":"no item"}"#, BlockChange::Lifted)]
    #[case(r#"{"error_code":"0000","item":{"num_iid":"1"}}"#, BlockChange::Lifted)]
    #[case(r#"{"error_code":"5000","reason":"busy"}"#, BlockChange::Unchanged)]
    #[case("<html>", BlockChange::Unchanged)]
    fn an_answer_lifts_a_block_and_other_errors_leave_it(#[case] body: &str, #[case] expected: BlockChange) {
        assert_eq!(change(body), expected);
    }
}
