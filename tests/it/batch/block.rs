//! A batch that is bought in spite of a block.

use rusqlite::Connection;

use super::*;

/// A line whose answer says that the quota is used up.
fn exhausted() -> BatchLine {
    BatchLine { id: item_id("610947574013"), ..line(99) }
}

async fn despite_block(session: &Session) -> Report {
    let settings = BatchSettings { overrides_block: true, ..settings(8) };
    report(&mut batch::start(session.clone(), lines(0..12), settings)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_overridden_by_one_call_and_the_others_wait_for_its_answer() {
    let bench = Bench::new().await;
    let session = bench.session();
    let start = |lines: Vec<BatchLine>, overrides_block| {
        let settings = BatchSettings { overrides_block, ..settings(8) };
        batch::start(session.clone(), lines.into_iter(), settings)
    };
    report(&mut start(vec![exhausted()], false)).await;
    let allowed = session.allowed(12, 0).await;
    let is_blocked = matches!(allowed.refusal, Some(NotSent::Guarded(GuardViolation::Blocked(_))));
    assert!(allowed.calls == 0 && is_blocked, "{allowed:?}");
    let list = || lines(0..12).collect::<Vec<_>>();
    let refused = report(&mut start(list(), false)).await;
    assert_eq!((refused.left, bench.emulator.calls()), (12, 1));
    // The vendor says the same again: nothing follows.
    let again = report(&mut start([vec![exhausted()], list()].concat(), true)).await;
    assert!(matches!(again.reason, StopReason::Refused(NotSent::Guarded(_))), "{:?}", again.reason);
    assert_eq!((again.left, bench.emulator.calls()), (12, 2));
    let served = report(&mut start(list(), true)).await;
    assert_eq!((served.reason, served.summary.billed, bench.emulator.calls()), (StopReason::Done, 12, 14));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_overridden_and_the_cap_behind_it_is_not() {
    let bench = Bench::new().await;
    let session = bench.capped(2);
    run(&session, 20..22, settings(2)).await;
    let uncapped = bench.session();
    report(&mut batch::start(uncapped, std::iter::once(exhausted()), settings(1))).await;
    let allowed = session.allowed(12, 0).await.refusal;
    assert!(matches!(allowed, Some(NotSent::Guarded(GuardViolation::Blocked(_)))), "{allowed:?}");
    let calls = bench.emulator.calls();
    let refused = despite_block(&session).await;
    let StopReason::Refused(NotSent::Guarded(GuardViolation::Cap { cap: 2, .. })) = refused.reason else {
        panic!("{:?}", refused.reason)
    };
    assert_eq!((refused.left, bench.emulator.calls()), (12, calls));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_overridden_and_a_ledger_that_cannot_be_written_is_not() {
    let bench = Bench::new().await;
    let session = bench.session();
    report(&mut batch::start(session.clone(), std::iter::once(exhausted()), settings(1))).await;
    // As on a full disk: everything can be read, and no row can be added.
    let file = Connection::open(bench.home.path().join("store.sqlite")).unwrap();
    file.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON exchanges BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .unwrap();
    let refused = despite_block(&session).await;
    assert!(matches!(refused.reason, StopReason::Refused(NotSent::NoLedger(_))), "{:?}", refused.reason);
    assert_eq!((refused.left, bench.emulator.calls()), (12, 1));
}
