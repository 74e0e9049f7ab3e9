//! Batches against the emulator over HTTP: nothing is paid twice, and no limit is passed.

mod block;
mod doubts;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::time::Duration;

use obx_core::batch::{
    self, BatchEvent, BatchLine, BatchRun, BatchSettings, BatchSummary, LineResult, RateCeilings, RateSignal,
    StopReason,
};
use obx_core::config::{self, Config, Environment, Flags, StoreFlags};
use obx_core::fetch::{BudgetViolation, NotSent, RunBudget, RunLimits, Source};
use obx_core::session::Session;
use obx_core::store::GuardViolation;
use onebound::{CallSettings, Decimal, ItemId};
use onebound_emulator::{Delay, Emulator, Settings};
use tempfile::TempDir;

use crate::api::support::{emulator, quick};

/// An emulator, and a store that outlives sessions.
struct Bench {
    emulator: Emulator,
    home: TempDir,
}

impl Bench {
    async fn new() -> Self {
        Self { emulator: emulator().await, home: tempfile::tempdir().unwrap() }
    }

    async fn with(settings: Settings) -> Self {
        Self { emulator: Emulator::start_with(settings).await.unwrap(), home: tempfile::tempdir().unwrap() }
    }

    fn config(&self) -> Config {
        let home = self.home.path();
        let variables = [("OBX_KEY", "k-batch"), ("OBX_SECRET", "s-batch"), ("HOME", home.to_str().unwrap())];
        let environment: Environment = variables.into_iter().collect();
        let store = StoreFlags { path: Some(home.join("store.sqlite")), ..StoreFlags::default() };
        let flags = Flags { hosts: vec![self.emulator.url()], store, ..Flags::default() };
        config::load(&flags, &environment).unwrap()
    }

    fn session(&self) -> Session {
        Session::open(&self.config())
    }

    fn capped(&self, cap: u64) -> Session {
        let mut config = self.config();
        config.guards.cap = Some(cap);
        Session::open(&config)
    }
}

fn line(number: u64) -> BatchLine {
    BatchLine { number, id: item_id(&format!("61094751{:04}", 5_100 + number)), columns: Vec::new() }
}

fn item_id(digits: &str) -> ItemId {
    digits.parse().unwrap()
}

fn lines(numbers: Range<u64>) -> impl Iterator<Item = BatchLine> + Send + 'static {
    numbers.map(line)
}

fn settings(concurrency: usize) -> BatchSettings {
    let ceilings = RateCeilings { concurrency: NonZeroUsize::new(concurrency).unwrap(), per_second: None };
    BatchSettings::new(CallSettings::default(), ceilings)
}

/// Everything that a batch reported.
struct Report {
    results: Vec<(u64, LineResult)>,
    signals: Vec<RateSignal>,
    most_at_once: usize,
    reason: StopReason,
    left: u64,
    summary: BatchSummary,
}

async fn report(run: &mut BatchRun) -> Report {
    let (mut results, mut signals, mut most_at_once) = (Vec::new(), Vec::new(), 2);
    while let Some(event) = run.events.recv().await {
        match event {
            BatchEvent::Finished { line, result } => results.push((line.number, result)),
            BatchEvent::RateChanged(change) => {
                signals.push(change.signal);
                most_at_once = most_at_once.max(change.at_once);
            }
            BatchEvent::Stopped { reason, left, summary } => {
                return Report { results, signals, most_at_once, reason, left, summary };
            }
            BatchEvent::Started { .. } | BatchEvent::Sent { .. } | BatchEvent::Waiting { .. } => {}
        }
    }
    panic!("the batch has not said why it ended");
}

async fn run(session: &Session, numbers: Range<u64>, settings: BatchSettings) -> Report {
    report(&mut batch::start(session.clone(), lines(numbers), settings)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_bought_once_and_read_from_the_store_after_that() {
    let bench = Bench::new().await;
    let session = bench.session();
    let first = run(&session, 0..40, settings(16)).await;
    assert_eq!((first.reason, first.left, first.summary.billed), (StopReason::Done, 0, 40));
    assert!(first.most_at_once > 4 && first.signals.iter().all(|signal| *signal == RateSignal::Served));
    session.close().await.unwrap();
    let again = bench.session();
    let planned = batch::plan(&again, lines(0..50), &settings(16), "0.02".parse().ok()).await.unwrap();
    assert_eq!((planned.stored, planned.to_buy, planned.in_doubt.len()), (40, 10, 0));
    assert_eq!(planned.cost.map(|cost: Decimal| cost.to_string()).as_deref(), Some("0.20"));
    assert!(planned.time.is_some());
    assert!(matches!(planned.quota_left, Some(9_950..=9_970)), "{:?}", planned.quota_left);
    let second = run(&again, 0..40, settings(16)).await;
    assert_eq!((second.summary.stored, second.summary.lines(), bench.emulator.calls()), (40, 40, 40));
    let sources = second.results.iter().map(|(_, result)| result.fetched().unwrap().source);
    assert_eq!(sources.filter(|source| *source == Source::Store).count(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_4008_slows_it_down_and_what_was_refused_is_bought_by_the_next_run() {
    let delay = Delay::between(Duration::from_millis(5), Duration::from_millis(15));
    let bench = Bench::with(Settings { concurrency: Some(3), delay, ..quick() }).await;
    let session = bench.session();
    let first = run(&session, 0..80, settings(16)).await;
    let refused = first.summary.codes.get("4008").copied().unwrap_or_default();
    assert!(first.signals.contains(&RateSignal::TooMany) && refused > 0, "{:?}", first.summary);
    assert!(first.most_at_once <= 6, "{}", first.most_at_once);
    assert_eq!((first.summary.billed + refused, first.summary.failed), (80, refused));
    assert_eq!(first.reason, StopReason::Done);
    let mut left = refused;
    while left > 0 {
        left = run(&session, 0..80, settings(2)).await.summary.failed;
    }
    assert_eq!(bench.emulator.today(), 80, "each was billed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_at_the_cap_and_says_how_many_are_left() {
    let bench = Bench::new().await;
    let stopped = run(&bench.capped(5), 0..12, settings(8)).await;
    let expected = NotSent::Guarded(GuardViolation::Cap { cap: 5, used: 5 });
    assert_eq!((stopped.reason, stopped.left), (StopReason::Refused(expected), 7));
    assert_eq!((stopped.summary.billed, bench.emulator.calls()), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_when_the_quota_is_used_up() {
    let bench = Bench::with(Settings { quota: 6, ..quick() }).await;
    let stopped = run(&bench.session(), 0..60, settings(4)).await;
    let StopReason::Refused(NotSent::Guarded(GuardViolation::Blocked(_))) = stopped.reason else {
        panic!("{:?}", stopped.reason)
    };
    assert_eq!(stopped.summary.billed, 6);
    assert!(bench.emulator.calls() <= 6 + 4, "{}", bench.emulator.calls());
    assert_eq!(stopped.left + stopped.summary.lines(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_side_by_side_never_pass_one_cap_together() {
    let bench = Bench::new().await;
    let (one, other) = (bench.capped(10), bench.capped(10));
    let (one, other) = futures_util::join!(run(&one, 0..20, settings(8)), run(&other, 20..40, settings(8)));
    assert_eq!(bench.emulator.calls(), 10);
    assert_eq!(one.summary.billed + other.summary.billed, 10);
    assert_eq!(one.left + other.left, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_of_one_list_buy_each_line_once() {
    let bench =
        Bench::with(Settings { delay: Delay::between(Duration::ZERO, Duration::from_millis(20)), ..quick() });
    let bench = bench.await;
    let (one, other) = (bench.session(), bench.session());
    let (one, other) = futures_util::join!(run(&one, 0..20, settings(4)), run(&other, 0..20, settings(4)));
    assert_eq!((one.results.len(), other.results.len()), (20, 20));
    assert_eq!(bench.emulator.today(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_a_run_is_where_it_stops() {
    let bench = Bench::new().await;
    let budget = RunBudget::new(RunLimits { max_calls: Some(4), max_cost: None });
    let session = bench.session().with_budget(budget.clone());
    let stopped = run(&session, 0..12, settings(8)).await;
    let expected = NotSent::OverBudget(BudgetViolation::Calls { max_calls: 4 });
    assert_eq!((stopped.reason, stopped.left), (StopReason::Refused(expected), 8));
    assert_eq!((budget.used().charged, bench.emulator.calls()), (4, 4));
    let had: Vec<BatchLine> = stopped.results.iter().map(|(number, _)| line(*number)).collect();
    let second = report(&mut batch::start(session, had.into_iter(), settings(8))).await;
    assert_eq!((second.reason, second.summary.stored), (StopReason::Done, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_it_goes_on_where_it_was_and_buys_nothing_twice() {
    let delay = Delay::between(Duration::from_millis(10), Duration::from_millis(30));
    let bench = Bench::with(Settings { delay, ..quick() }).await;
    let session = bench.session();
    let mut first = batch::start(session.clone(), lines(0..30), settings(4));
    let mut finished = 0;
    while finished < 5 {
        let event = first.events.recv().await.unwrap();
        finished += u64::from(matches!(event, BatchEvent::Finished { .. }));
    }
    first.control.stop();
    let first = report(&mut first).await;
    assert_eq!(first.reason, StopReason::Asked);
    let had = first.summary.lines();
    assert!((5..15).contains(&had) && first.left == 30 - had, "{had} {}", first.left);
    session.close().await.unwrap();
    let second = run(&bench.session(), 0..30, settings(4)).await;
    assert_eq!((second.summary.stored, second.summary.billed), (had, 30 - had));
    assert_eq!(bench.emulator.calls(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_reader_is_gone_begins_nothing_more() {
    let delay = Delay::between(Duration::from_millis(10), Duration::from_millis(10));
    let bench = Bench::with(Settings { delay, ..quick() }).await;
    let mut first = batch::start(bench.session(), lines(0..300), settings(2));
    first.events.recv().await.unwrap();
    drop(first);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let calls = bench.emulator.calls();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(calls < 10 && bench.emulator.calls() == calls, "{calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn paused_it_sends_nothing_until_it_is_resumed() {
    let bench = Bench::new().await;
    let mut paused = batch::start(bench.session(), lines(0..40), settings(2));
    paused.control.pause();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let calls = bench.emulator.calls();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(paused.control.is_paused() && calls < 40 && bench.emulator.calls() == calls, "{calls}");
    paused.control.resume();
    assert_eq!(report(&mut paused).await.summary.billed, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_it_reads_what_is_stored_and_sends_nothing() {
    let bench = Bench::new().await;
    run(&bench.session(), 0..3, settings(4)).await;
    let mut config = bench.config();
    config.offline = true;
    let offline = run(&Session::open(&config), 0..5, settings(4)).await;
    assert_eq!((offline.reason, offline.summary.stored, offline.summary.failed), (StopReason::Done, 3, 2));
    assert_eq!(bench.emulator.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_keep_to_the_rate_that_the_user_set() {
    let bench = Bench::new().await;
    let ceilings = RateCeilings { per_second: Some(50.0), ..settings(8).ceilings };
    let start = std::time::Instant::now();
    let paced = run(&bench.session(), 0..16, BatchSettings { ceilings, ..settings(8) }).await;
    assert_eq!(paced.summary.billed, 16);
    assert!(start.elapsed() >= Duration::from_millis(15 * 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_handed_out_before_anything_is_bought_however_long_the_list_is() {
    let bench = Bench::new().await;
    // More than what is held in memory of the lines to buy.
    let stored = [line(3), line(4_799)].into_iter();
    assert_eq!(report(&mut batch::start(bench.session(), stored, settings(4))).await.summary.billed, 2);
    let mut second = batch::start(bench.session(), lines(0..4_800), settings(1));
    let mut first = Vec::new();
    while first.len() < 3 {
        match second.events.recv().await.unwrap() {
            BatchEvent::Finished { line, result } => {
                assert_eq!(result.fetched().unwrap().source, Source::Store);
                first.push(line.number);
            }
            BatchEvent::Started { number, .. } => first.push(10_000 + number),
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(first, [3, 4_799, 10_000]);
    second.control.stop();
    let stopped = report(&mut second).await;
    assert_eq!((stopped.reason, stopped.summary.lines() + stopped.left), (StopReason::Asked, 4_800));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_a_plan_that_knew_nothing_is_not_bought_again() {
    let bench = Bench::new().await;
    let session = bench.session();
    let planned = batch::plan(&session, lines(0..6), &settings(2), None).await.unwrap();
    assert_eq!((planned.stored, planned.to_buy), (0, 6));
    run(&session, 2..4, settings(2)).await;
    let mut batch = batch::start_planned(&planned, session, lines(0..6), settings(2));
    let ran = report(&mut batch).await;
    assert_eq!((ran.summary.stored, ran.summary.billed, bench.emulator.calls()), (2, 4, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_handed_out_also_behind_lines_that_cannot_be_bought() {
    let bench = Bench::new().await;
    // More than what the store is asked about at once lies between the first and the last of them.
    let stored = || [line(3), line(1_200)].into_iter();
    let bought = report(&mut batch::start(bench.session(), stored(), settings(4))).await;
    assert_eq!(bought.summary.billed, 2);
    let all = || (0..1_300).map(|number| BatchLine { number, ..line(number) });
    let nothing = bench.session().with_budget(RunBudget::default().confirmed(0));
    let second = report(&mut batch::start(nothing, all(), settings(1))).await;
    let expected = NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 0 });
    assert_eq!(
        (second.reason, second.left, second.summary.stored),
        (StopReason::Refused(expected), 1_298, 2)
    );
    let capped = report(&mut batch::start(bench.capped(4), all(), settings(1))).await;
    assert_eq!((capped.summary.stored, capped.summary.billed, capped.left), (2, 2, 1_296));
    assert_eq!(bench.emulator.calls(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_waits_for_the_next_day_it_hands_out_what_is_stored() {
    let bench = Bench::new().await;
    let stored = report(&mut batch::start(bench.session(), lines(700..702), settings(4))).await;
    assert_eq!(stored.summary.billed, 2);
    let settings = BatchSettings { carry: Some(batch::Carry::default()), ..settings(2) };
    let mut waiting = batch::start(bench.capped(2), lines(0..702), settings);
    let (mut waits, mut results) = (false, 0);
    while !waits || results < 2 {
        match waiting.events.recv().await.unwrap() {
            BatchEvent::Waiting { .. } => waits = true,
            BatchEvent::Finished { .. } => results += 1,
            _ => {}
        }
    }
    waiting.control.stop();
    let stopped = report(&mut waiting).await;
    assert_eq!((stopped.reason, stopped.left, bench.emulator.calls()), (StopReason::Asked, 700, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_wait_where_it_ends_before_the_day_turns() {
    let bench = Bench::new().await;
    let carry = batch::Carry { until: Some(jiff::Timestamp::now() + jiff::SignedDuration::from_secs(1)) };
    let settings = BatchSettings { carry: Some(carry), ..settings(2) };
    let stopped = report(&mut batch::start(bench.capped(1), lines(0..3), settings)).await;
    assert!(matches!(stopped.reason, StopReason::Refused(NotSent::Guarded(_))), "{:?}", stopped.reason);
    assert_eq!((stopped.left, bench.emulator.calls()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_list_that_changed_after_the_yes_no_more_is_bought_than_was_confirmed() {
    let bench = Bench::new().await;
    let confirmed = bench.session().confirmed(2);
    let stopped = report(&mut batch::start(confirmed, lines(0..6), settings(4))).await;
    let expected = NotSent::OverBudget(BudgetViolation::Unconfirmed { confirmed: 2 });
    assert_eq!((stopped.reason, stopped.left, bench.emulator.calls()), (StopReason::Refused(expected), 4, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_breaks_down_says_so() {
    let bench = Bench::new().await;
    let broken = std::iter::from_fn(|| -> Option<BatchLine> { panic!("in the list's reader") });
    let ended = report(&mut batch::start(bench.session(), broken, settings(4))).await;
    assert_eq!((ended.reason, ended.summary.lines()), (StopReason::Broken, 0));
}
