//! The consequences of one call to a host.

use jiff::Timestamp;

use onebound::{CallKind, Exchange, Failure, Outcome, RequestStage};

/// Returns true if the next host may be tried without asking the user: only after a failure to connect. Then no byte
/// was sent, and nothing can be billed.
pub fn may_try_next_host(exchange: &Exchange) -> bool {
    let is_unreachable =
        matches!(exchange.outcome, Outcome::Failed(Failure::Connect(_) | Failure::ConnectTimeout(_)));
    is_unreachable && exchange.stage == RequestStage::NothingSent
}

/// Returns true if the next host may be offered to the user, at the price of another call: the call was sent, and its
/// host failed. A trade is never repeated.
pub fn may_offer_next_host(exchange: &Exchange) -> bool {
    let is_read = exchange.call.kind() == CallKind::Read;
    is_read && exchange.stage != RequestStage::NothingSent && exchange.summary().is_of_failed_host()
}

/// Returns true if the user ended the call before it was sent: then it has no answer for others that waited for it.
pub fn was_ended_unsent(exchange: &Exchange) -> bool {
    exchange.outcome == Outcome::Cancelled && exchange.stage == RequestStage::NothingSent
}

/// Returns true if an answer came at or after `asked_at`, in milliseconds as the store counts.
pub fn came_since(asked_at: Timestamp, came_at: Timestamp) -> bool {
    came_at.as_millisecond() >= asked_at.as_millisecond()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use onebound::{Answer, Call, CallSettings, Credentials, Host, Timing};
    use rstest::rstest;

    use super::*;

    fn exchange(outcome: Outcome, reach: RequestStage) -> Exchange {
        let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: Vec::new().into() };
        let call = Call::item_get("610947572360".parse().unwrap());
        let (at, timing) = (Timestamp::UNIX_EPOCH, Timing::default());
        let mut exchange = Exchange::from_answer(call, Host::default(), at, timing, answer, &credentials);
        (exchange.outcome, exchange.stage, exchange.status) = (outcome, reach, None);
        exchange
    }

    fn timeout() -> Outcome {
        Outcome::Failed(Failure::Timeout(Duration::from_secs(1)))
    }

    #[rstest]
    #[case(Outcome::Failed(Failure::Connect(String::new())), RequestStage::NothingSent, true, false)]
    #[case(Outcome::Failed(Failure::Connect(String::new())), RequestStage::Sent, false, true)]
    #[case(timeout(), RequestStage::NothingSent, false, false)]
    #[case(timeout(), RequestStage::Sent, false, true)]
    #[case(Outcome::Item, RequestStage::Answered, false, false)]
    #[case(Outcome::Cancelled, RequestStage::NothingSent, false, false)]
    fn a_next_host_is_asked_where_nothing_was_sent_and_offered_where_something_was(
        #[case] outcome: Outcome,
        #[case] reach: RequestStage,
        #[case] may_try: bool,
        #[case] may_offer: bool,
    ) {
        let exchange = exchange(outcome, reach);
        let next = (may_try_next_host(&exchange), may_offer_next_host(&exchange));
        assert_eq!(next, (may_try, may_offer), "{exchange:?}");
    }

    #[test]
    fn a_trade_is_offered_no_next_host() {
        let mut failed = exchange(timeout(), RequestStage::Sent);
        failed.call = CallSettings::default().raw("order_pay", Vec::new()).unwrap();
        assert_eq!((failed.call.kind(), may_offer_next_host(&failed)), (CallKind::Trade, false));
    }

    #[rstest]
    #[case(Outcome::Cancelled, RequestStage::NothingSent, true)]
    #[case(Outcome::Cancelled, RequestStage::Sent, false)]
    #[case(timeout(), RequestStage::NothingSent, false)]
    fn only_what_was_ended_unsent_answers_nobody(
        #[case] outcome: Outcome,
        #[case] reach: RequestStage,
        #[case] expected: bool,
    ) {
        assert_eq!(was_ended_unsent(&exchange(outcome, reach)), expected);
    }
}
