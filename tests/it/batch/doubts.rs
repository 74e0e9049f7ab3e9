//! Lines whose answer never came: they may have been billed, and are not bought again unasked.

use super::*;

/// A line whose answer never comes.
fn hangs() -> BatchLine {
    BatchLine { id: item_id("610947578112"), ..line(1) }
}

/// A session that waits only for a short time.
fn impatient(bench: &Bench) -> Session {
    let mut config = bench.config();
    config.limits.timeout = Duration::from_millis(300);
    Session::open(&config)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_whose_answer_never_came_is_bought_again_only_if_the_user_says_so() {
    let bench = Bench::new().await;
    let session = impatient(&bench);
    let hangs = || [hangs(), line(2)].into_iter();
    let run = async |settings| report(&mut batch::start(session.clone(), hangs(), settings)).await;
    let first = run(settings(4)).await;
    assert_eq!((first.summary.unknown, first.summary.failed, bench.emulator.calls()), (1, 1, 2));
    let planned = batch::plan(&session, hangs(), &settings(4), None).await.unwrap();
    assert_eq!((planned.stored, planned.to_buy, planned.in_doubt[0].number), (1, 0, 1));
    let second = run(settings(4)).await;
    assert_eq!((second.summary.in_doubt, second.summary.stored, bench.emulator.calls()), (1, 1, 2));
    assert!(matches!(
        second.results.iter().find(|(number, _)| *number == 1),
        Some((_, LineResult::InDoubt { .. }))
    ));
    let third = run(BatchSettings { retry_unknown: true, ..settings(4) }).await;
    assert_eq!((third.summary.unknown, bench.emulator.calls()), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_that_was_made_after_the_store_was_asked_holds_the_line_back() {
    let list = || [hangs(), line(2)].into_iter();
    for (retry_unknown, in_doubt, calls) in [(false, 1, 2), (true, 0, 3)] {
        let bench = Bench::new().await;
        let session = impatient(&bench);
        let settings = BatchSettings { retry_unknown, ..settings(2) };
        let planned = batch::plan(&session, list(), &settings, None).await.unwrap();
        assert_eq!((planned.to_buy, planned.in_doubt.len()), (2, 0));
        let other =
            report(&mut batch::start(impatient(&bench), std::iter::once(hangs()), settings.clone())).await;
        assert_eq!((other.summary.unknown, bench.emulator.calls()), (1, 1));
        let ran = report(&mut batch::start_planned(&planned, session, list(), settings)).await;
        assert_eq!((ran.reason, ran.summary.in_doubt), (StopReason::Done, in_doubt));
        assert_eq!(bench.emulator.calls(), calls);
    }
}
