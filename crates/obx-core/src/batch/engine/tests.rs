use std::num::NonZeroUsize;

use super::*;
use crate::config::{self, Environment, Flags};
use crate::fetch::BudgetViolation;

fn line(number: u64) -> BatchLine {
    let id = (610_947_515_100 + number).to_string().parse().unwrap();
    BatchLine { number, id, columns: Vec::new() }
}

fn settings() -> BatchSettings {
    let ceilings = RateCeilings { concurrency: NonZeroUsize::MIN, per_second: None };
    BatchSettings {
        call: CallSettings::default(),
        ceilings,
        retry_unknown: false,
        overrides_block: false,
        carry: None,
    }
}

#[tokio::test]
async fn after_a_refusal_the_lines_that_cost_nothing_are_handed_out() {
    let demo = config::load(&Flags::default(), &Environment::default()).unwrap();
    let mut queue = LineQueue::new(std::iter::empty());
    queue.read(&Session::open(&demo), &settings()).await.unwrap();
    let count = 2 * u64::try_from(READ_AT_ONCE).unwrap();
    for number in 0..count {
        queue.put_back_free(FreeLine::InDoubt(line(number), Timestamp::UNIX_EPOCH));
    }
    queue.put_back_to_buy(line(count));
    let ((events, mut reader), (_order, orders)) = (mpsc::channel(REPORTS), watch::channel(Order::Run));
    let refusal = NotSent::OverBudget(BudgetViolation::Calls { max_calls: 0 });
    let engine = Engine {
        session: Session::open(&demo),
        queue,
        rate: RateController::new(settings().ceilings.concurrency),
        pacer: Pacer::new(None),
        block_override: BlockOverride::Over,
        settings: settings(),
        tasks: JoinSet::new(),
        buying: HashMap::new(),
        reading: HashMap::new(),
        is_over_budget: true,
        wait: None,
        stop: Some(StopReason::Refused(refusal.clone())),
        summary: BatchSummary::default(),
        events,
        orders,
        has_control: true,
    };
    engine.run().await;
    let mut handed_out = 0;
    while let Some(event) = reader.recv().await {
        match event {
            BatchEvent::Finished { result: LineResult::InDoubt { .. }, .. } => handed_out += 1,
            BatchEvent::Stopped { reason, left, .. } => {
                assert_eq!((reason, left, handed_out), (StopReason::Refused(refusal.clone()), 1, count));
            }
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(handed_out, count);
}
