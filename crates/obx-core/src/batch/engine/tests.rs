use std::num::NonZeroUsize;

use super::*;
use crate::batch::RateCeilings;
use crate::config::{self, Environment, Flags};
use crate::fetch::{BudgetViolation, FetchPolicy};
use onebound::CallSettings;

fn line(number: u64) -> BatchLine {
    let id = (610_947_515_100 + number).to_string().parse().unwrap();
    BatchLine { number, id, columns: Vec::new() }
}

fn settings() -> BatchSettings {
    let ceilings = RateCeilings { concurrency: NonZeroUsize::MIN, per_second: None };
    BatchSettings::new(CallSettings::default(), ceilings)
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

/// A demo session whose store knows that the first line is stored.
async fn one_stored() -> Session {
    let session = Session::open(&config::load(&Flags::default(), &Environment::default()).unwrap());
    let call = CallSettings::default().item_get(line(0).id);
    let fetched = session.fetch(call, FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    fetched.stored.unwrap().await.unwrap();
    session
}

#[tokio::test]
async fn the_store_is_asked_again_about_lines_that_it_was_asked_about_long_ago() {
    let session = one_stored().await;
    let lines = || vec![line(0), line(1)];
    for is_held in [false, true] {
        for (seconds, is_free) in [(0, false), (11, true)] {
            let asked_at = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
            let mut queue = LineQueue::with_lines(lines(), asked_at, is_held);
            assert_eq!(queue.knows_next(), is_held && !is_free);
            queue.refill(&session, &settings()).await.unwrap();
            assert!(queue.knows_next());
            assert_eq!(matches!(queue.next_free(), Some(FreeLine::Stored(_))), is_free);
            let next = queue.take_to_buy().unwrap();
            assert_eq!(next, if is_free { line(1) } else { line(0) });
        }
    }
}
