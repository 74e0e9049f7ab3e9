//! Blocks: after errors of quota, balance or account, further calls of that key to that host are useless.

use jiff::Timestamp;

use super::day_end;
use onebound::{Account, Cause, ErrorCode, Exchange, Fingerprint, Host, Outcome, OutcomeSummary};

/// Refuses the calls of one key to one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The host that answered.
    pub host: String,
    /// The fingerprint of the key whose calls are stopped.
    pub key: String,
    pub reason: BlockReason,
    /// When the answer came; `None` if the stored block is damaged.
    pub since: Option<Timestamp>,
    /// When it expires. `None` if it doesn't: it lasts until a call that overrides it succeeds.
    pub until: Option<Timestamp>,
}

/// The reason why further calls are useless, according to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockReason {
    Quota,
    /// The balance is used up.
    Balance,
    /// The API or the account is suspended.
    Stopped,
    /// The key has expired: midnight does not help.
    Expired,
    /// The stored block is damaged, so that its reason is not known.
    Damaged,
}

/// The effect of an exchange on the block of its key at its host.
#[must_use = "a block that is not written down stops nothing"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockChange {
    /// The exchange doesn't say whether further calls are useless.
    Unchanged,
    /// The key was served: a block is removed if it began before this call was sent. An answer that was only slower than
    /// the one that said stop lifts nothing.
    Lifted { sent_at: Timestamp },
    /// Further calls are useless.
    Set(Block),
}

impl Block {
    /// Returns true if it refuses calls at this moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Returns true if it is of this account.
    pub fn is_of(&self, account: &Account) -> bool {
        let is_there = Host::parse(&self.host).is_ok_and(|host| host.scope() == account.scope);
        is_there && self.key == account.key.as_str()
    }
}

impl BlockChange {
    /// Returns the effect of an exchange whose call was made with this key.
    pub fn by(exchange: &Exchange, key: &Fingerprint) -> Self {
        let is_served = matches!(
            exchange.outcome,
            Outcome::Item | Outcome::NoResult | Outcome::Success | Outcome::WrongItem { .. }
        );
        if is_served {
            return Self::Lifted { sent_at: exchange.started_at };
        }
        let Some(reason) = BlockReason::from_summary(&exchange.summary()) else { return Self::Unchanged };
        let (host, key, since) = (exchange.host.to_string(), key.as_str().to_owned(), exchange.ended_at());
        Self::Set(Block { host, key, reason, since: Some(since), until: reason.until(since) })
    }
}

impl BlockChange {
    /// Returns true if this block of the same key and host is removed, be it that another one replaces it. An answer that is
    /// written late, since its store was away, replaces no later one.
    pub fn removes(&self, block: &Block) -> bool {
        match self {
            Self::Unchanged => false,
            Self::Set(newer) => {
                block.since.is_none_or(|since| newer.since.is_none_or(|newer| since <= newer))
            }
            Self::Lifted { sent_at } => block.since.is_none_or(|since| since <= *sent_at),
        }
    }
}

impl BlockReason {
    /// Returns its name in the store and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quota => "quota",
            Self::Balance => "balance",
            Self::Stopped => "stopped",
            Self::Expired => "expired",
            Self::Damaged => "damaged",
        }
    }

    /// Returns the reason if this outcome stops further calls.
    fn from_summary(summary: &OutcomeSummary) -> Option<Self> {
        let Outcome::Refused(cause) = summary.outcome else { return None };
        match (cause, summary.code.as_ref().map(ErrorCode::as_str)) {
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

    const LIFTED: BlockChange = BlockChange::Lifted { sent_at: Timestamp::UNIX_EPOCH };

    fn change(body: &str) -> BlockChange {
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned().into() };
        let call = Call::item_get("610947572360".parse().unwrap());
        let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
        let exchange = Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials);
        BlockChange::by(&exchange, &credentials.fingerprint())
    }

    #[rstest]
    #[case(r#"{"error_code":"4013","reason":""}"#, BlockReason::Quota)]
    #[case(r#"{"error_code":"4005","reason":"Key[x]已超量,联系QQ:1"}"#, BlockReason::Quota)]
    #[case(r#"{"error_code":"4016","reason":"余额不足"}"#, BlockReason::Balance)]
    #[case(r#"{"error_code":"4006","reason":"您的当前API已停用"}"#, BlockReason::Stopped)]
    #[case(r#"{"error_code":"4007","reason":"您的账户已停用"}"#, BlockReason::Stopped)]
    #[case(r#"{"error_code":"4005","reason":"key已过期"}"#, BlockReason::Expired)]
    fn quota_balance_and_account_errors_block_until_midnight_and_an_expired_key_for_good(
        #[case] body: &str,
        #[case] reason: BlockReason,
    ) {
        let BlockChange::Set(block) = change(body) else { panic!("{body}") };
        let midnight = (reason != BlockReason::Expired).then(|| day_end(Timestamp::UNIX_EPOCH));
        assert_eq!((block.reason, block.until), (reason, midnight));
        for (at, holds) in
            [(Timestamp::UNIX_EPOCH, true), (day_end(Timestamp::UNIX_EPOCH), reason == BlockReason::Expired)]
        {
            assert_eq!(block.holds(at), holds, "{reason:?} at {at}");
        }
    }

    #[rstest]
    #[case(r#"{"error_code":"2000","reason":"no item"}"#, LIFTED)]
    #[case(r#"{"error_code":"0000","item":{"num_iid":"1"}}"#, LIFTED)]
    #[case(r#"{"error_code":"5000","reason":"busy"}"#, BlockChange::Unchanged)]
    #[case("<html>", BlockChange::Unchanged)]
    fn an_answer_lifts_a_block_and_other_errors_leave_it(#[case] body: &str, #[case] expected: BlockChange) {
        assert_eq!(change(body), expected);
    }

    #[test]
    fn an_answer_that_was_only_slower_than_the_one_that_said_stop_lifts_nothing() {
        let BlockChange::Set(block) = change(r#"{"error_code":"4013","reason":""}"#) else { panic!() };
        let began = |seconds| Block { since: Timestamp::from_second(seconds).ok(), ..block.clone() };
        assert_eq!([began(-1), began(0), began(1)].map(|block| LIFTED.removes(&block)), [true, true, false]);
        let damaged = Block { since: None, reason: BlockReason::Damaged, ..block.clone() };
        assert!(LIFTED.removes(&damaged) && !BlockChange::Unchanged.removes(&block));
    }

    #[test]
    fn a_block_replaces_an_earlier_one_and_no_later_one() {
        let BlockChange::Set(block) = change(r#"{"error_code":"4013","reason":""}"#) else { panic!() };
        let began = |seconds| Block { since: Timestamp::from_second(seconds).ok(), ..block.clone() };
        let set = change(r#"{"error_code":"4016","reason":"余额不足"}"#);
        assert_eq!([began(-1), began(0), began(1)].map(|block| set.removes(&block)), [true, true, false]);
    }
}
