//! Runs a command over a session: configuration, signals, what was paid, and the end.

pub(super) mod dry_run;
mod interrupts;

use std::collections::BTreeSet;
use std::convert::identity;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::money::MoneyLine;
use super::output::{Output, OutputArgs};
use super::prompt::{Answer, ask};
use super::report::ErrorReport;
use super::spending::SpendingArgs;
use super::status_line::StatusLine;
use super::{ExitCode, runtime_builder, say, say_json, warn};
use dry_run::PlanTotals;
use interrupts::{Interrupts, close, end_if_blocked};
use obx_core::config::{self, Access, Config, CredentialsUse, Environment};
use obx_core::fetch::{FetchPolicy, Fetched, NotSent, Source, StoredIds};
use obx_core::i18n::Texts;
use obx_core::session::Session;
use obx_core::store::{ExchangeId, Listed, StoreError, StoreErrorKind};
use onebound::{Call, CallHandle, Decimal, ItemIdError};

/// How long the end of a command waits for another program that has the store locked, unless the user is in a hurry.
const LOCKED_WRITES: Duration = Duration::from_secs(30);
/// How long a command may write what its last calls brought, after a signal.
const LAST_LINES: Duration = Duration::from_secs(2);

/// A command that is running.
pub(super) struct Run {
    pub(super) session: Session,
    pub(super) config: Config,
    pub(super) texts: Texts,
    pub(super) times: LocalTimes,
    /// Errors and what was paid are JSON objects.
    is_json: bool,
    is_quiet: bool,
    /// What is under way, on a terminal. All messages of the run remove it first.
    pub(super) status: StatusLine,
    money: Mutex<MoneyLine>,
    planned: Mutex<PlanTotals>,
    /// Rows of the store that were left out.
    damaged: Mutex<BTreeSet<ExchangeId>>,
    /// The same session for the calls that the user has confirmed, once that is asked.
    confirmed: OnceLock<Session>,
    /// Paid answers that are not known to be stored, with their subjects.
    unstored: Mutex<Vec<(String, StoredIds)>>,
    /// The first signal.
    interrupted: CancellationToken,
}

/// What a command needs before it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs<'a> {
    pub(super) global: &'a GlobalArgs,
    pub(super) environment: &'a Environment,
    pub(super) output: &'a OutputArgs,
    pub(super) credentials: CredentialsUse,
    /// What it may spend; `None` for a command that never calls.
    pub(super) spending: Option<&'a SpendingArgs>,
}

/// Runs `command`. At the first signal nothing more is sent, and calls that were sent are waited for, since they are
/// paid; a second one gives them up. In any case all answers are stored before the process ends.
pub(super) fn run<C>(needs: Needs<'_>, command: C) -> Result<ExitCode, CliFailure>
where
    C: AsyncFnOnce(&Run, &mut Output) -> Result<ExitCode, CliFailure>,
{
    // It awaits one thing at a time, which other threads would only pass on.
    run_on(Builder::new_current_thread(), needs, Session::open, command)
}

/// Runs `command` like [`run`], but on several threads: it has many calls under way.
pub(super) fn run_batch<C>(needs: Needs<'_>, command: C) -> Result<ExitCode, CliFailure>
where
    C: AsyncFnOnce(&Run, &mut Output) -> Result<ExitCode, CliFailure>,
{
    // No line of a list has the ID of an earlier one.
    run_on(runtime_builder(), needs, Session::open_to_read_once, command)
}

fn run_on<C>(
    mut runtime: Builder,
    needs: Needs<'_>,
    open: fn(&Config) -> Session,
    command: C,
) -> Result<ExitCode, CliFailure>
where
    C: AsyncFnOnce(&Run, &mut Output) -> Result<ExitCode, CliFailure>,
{
    if needs.global.is_demo() && needs.credentials == CredentialsUse::Unused {
        return Err(CliFailure::NothingInDemo);
    }
    let config = config::load(&needs.global.flags(needs.credentials), needs.environment)?;
    let texts = Texts::new(config.language);
    if !needs.global.quiet {
        warn(&config);
    }
    let colors = needs.global.color().colors_stdout(needs.environment);
    let mut out = Output::new(needs.output)?.colored(colors);
    let session = match needs.spending {
        Some(spending) => open(&config).with_budget(spending.budget(config.price_per_call)?),
        None => open(&config),
    };
    let run = Run::new(config, session, needs);
    if matches!(run.config.access, Access::Demo) {
        run.note(texts.cli_demo());
    }
    end_if_blocked(run.session.clone(), run.interrupted.clone(), texts)
        .map_err(CliFailure::machine(Texts::cli_no_signals))?;
    let runtime = runtime.enable_all().build().map_err(CliFailure::machine(Texts::cli_no_threads))?;
    let (ended, closed) = runtime.block_on(async {
        let ended = run.until_signal(command(&run, &mut out)).await.and_then(identity);
        // What was paid for is on stdout, whatever becomes of the store.
        let ended = ended.and_then(|code| out.flush().map(|()| code));
        (ended, run.close().await)
    });
    let code = super::ended(ended, texts);
    super::prompt::end_line();
    run.say_damaged();
    let code = match closed {
        Ok(()) => code,
        Err(error) => {
            run.report(&ErrorReport::not_stored(&error, &run.unstored_subjects(), texts));
            ExitCode::Internal
        }
    };
    // The last line of all.
    match needs.spending {
        Some(spending) if spending.dry_run => run.say_plan(),
        Some(_) => run.say_money(),
        None => {}
    }
    // A blocking task may still be parsing an answer that nobody will see.
    runtime.shutdown_background();
    Ok(code)
}

impl Run {
    fn new(config: Config, session: Session, needs: Needs<'_>) -> Self {
        Self {
            session,
            texts: Texts::new(config.language),
            times: LocalTimes::now(needs.environment),
            is_json: needs.output.json,
            is_quiet: needs.global.quiet,
            status: StatusLine::new(!needs.global.quiet, needs.environment),
            money: Mutex::new(MoneyLine::new(config.price_per_call, matches!(config.access, Access::Demo))),
            planned: Mutex::default(),
            damaged: Mutex::default(),
            confirmed: OnceLock::new(),
            unstored: Mutex::default(),
            config,
            interrupted: CancellationToken::new(),
        }
    }

    /// What so many billed calls cost, in yuan; `None` without a price.
    pub(super) fn cost(&self, calls: u64) -> Option<Decimal> {
        self.config.price_per_call?.times(calls)
    }

    /// Lets this run send so many calls from now on, and no more, as the user has confirmed. Without this the limits of the
    /// command line are the only ones.
    pub(super) fn confirm(&self, calls: u64) -> &Session {
        self.confirmed.get_or_init(|| self.session.confirmed(calls))
    }

    /// Fetches an answer, counts what it costs, and waits until it is stored: a command must not run ahead of its store.
    ///
    /// # Errors
    /// Why nothing was sent.
    pub(super) async fn fetch(&self, call: Call, policy: FetchPolicy) -> Result<Fetched, NotSent> {
        self.store_what_is_paid().await.map_err(NotSent::NoLedger)?;
        let session = self.confirmed.get().unwrap_or(&self.session);
        let (subject, handle) = (call.subject(), CallHandle::default());
        let text = |elapsed: Duration| match elapsed.as_secs() {
            0 => self.texts.cli_awaiting(&subject),
            seconds => self.texts.cli_awaiting_for(&subject, seconds),
        };
        let fetched = self.status.waiting().until(session.fetch(call, policy, &handle), text).await?;
        if let Some(stored) = fetched.stored.clone().filter(|_| fetched.source == Source::Live) {
            tokio::select! {
                _ = stored => {} // `count` looks at it
                // Then it is written at the end.
                () = self.interrupted() => {}
            }
        }
        self.count(&fetched);
        Ok(fetched)
    }

    /// Counts what an answer has cost.
    pub(super) fn count(&self, fetched: &Fetched) {
        self.money.lock().unwrap_or_else(PoisonError::into_inner).add(fetched);
        self.note_doubt(&fetched.exchange.call.subject().to_string(), fetched.in_doubt);
        if let Some(stored) = fetched.stored.clone().filter(|_| fetched.source == Source::Live)
            && !matches!(stored.peek(), Some(Ok(_)))
        {
            let subject = fetched.exchange.call.subject().to_string();
            self.unstored().push((subject, stored));
        }
    }

    /// Writes the answers that could not be written when they came. While that fails nothing more is bought.
    async fn store_what_is_paid(&self) -> Result<(), StoreError> {
        if !self.unstored().is_empty() {
            self.session.store().flush().await?;
            self.unstored().clear();
        }
        Ok(())
    }

    fn unstored(&self) -> MutexGuard<'_, Vec<(String, StoredIds)>> {
        self.unstored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The subjects of the paid answers that are not stored.
    fn unstored_subjects(&self) -> Vec<String> {
        let unstored = self.unstored();
        let is_stored = |stored: &StoredIds| matches!(stored.peek(), Some(Ok(_)));
        unstored.iter().filter(|(_, stored)| !is_stored(stored)).map(|(subject, _)| subject.clone()).collect()
    }

    /// Completes at the first signal, for a command that has more to do then than to end its calls.
    pub(super) async fn interrupted(&self) {
        self.interrupted.cancelled().await;
    }

    /// Asks on the terminal. A signal is a no.
    pub(super) async fn ask(&self, question: String) -> Answer {
        let texts = self.texts;
        // On a thread of its own, so that the signal is noticed while it waits.
        let asked = tokio::task::spawn_blocking(move || ask(&question, texts));
        tokio::select! {
            answer = asked => answer.unwrap_or(Answer::No),
            () = self.interrupted() => Answer::No,
        }
    }

    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Returns true if notes are shown: to people who have not asked for silence.
    pub(super) fn shows_notes(&self) -> bool {
        !self.is_quiet && !self.is_json
    }

    /// Says something on stderr in either form.
    pub(super) fn remark(
        &self,
        lines: impl FnOnce(Texts) -> Vec<String>,
        object: impl FnOnce() -> serde_json::Value,
    ) {
        if self.shows_notes() {
            for line in lines(self.texts) {
                self.note(&line);
            }
        } else if !self.is_quiet {
            self.status.hide();
            say_json(&object());
        }
    }

    /// Says on stderr what failed.
    pub(super) fn report(&self, error: &ErrorReport) {
        self.status.hide();
        if self.is_json {
            say_json(&error.to_json());
        } else {
            say(format_args!("obx: {}", error.to_text(self.texts)));
        }
    }

    /// The error of a text without an item's ID, without what is secret in it.
    pub(super) fn input_error(&self, text: &str, error: &ItemIdError) -> ErrorReport {
        let text = self.session.mask_given(text, &self.config.call.secret_names);
        ErrorReport::from_input(&text, error, self.texts)
    }

    /// Says something on stderr that a script has no use for.
    pub(super) fn note(&self, message: &str) {
        if self.shows_notes() {
            self.status.hide();
            say(format_args!("obx: {message}"));
        }
    }

    /// The rows; that others are damaged is said at the end, since these are a part.
    pub(super) fn rows<T>(&self, listed: Listed<T>) -> Vec<T> {
        self.note_damaged(listed.damaged);
        listed.rows
    }

    /// Keeps in mind that these rows were left out.
    pub(super) fn note_damaged(&self, rows: Vec<ExchangeId>) {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).extend(rows);
    }

    /// How many rows were left out.
    pub(super) fn damaged_rows(&self) -> usize {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn say_damaged(&self) {
        let rows = self.damaged_rows();
        let message = self.texts.store_rows_left_out(rows);
        match (rows, self.is_json) {
            (0, _) => {}
            (_, false) => say(format_args!("obx: {message}")),
            (_, true) => {
                let warning = json!({ "kind": "damaged_rows", "rows": rows, "message": message });
                say_json(&json!({ "warning": warning }));
            }
        }
    }

    fn say_money(&self) {
        let money = self.money.lock().unwrap_or_else(PoisonError::into_inner);
        match (self.is_quiet, self.is_json) {
            (true, _) => {}
            (false, true) => say_json(&money.to_json()),
            (false, false) => say(format_args!("{}", money.line(self.texts))),
        }
    }

    async fn until_signal(
        &self,
        command: impl Future<Output = Result<ExitCode, CliFailure>>,
    ) -> Result<Result<ExitCode, CliFailure>, CliFailure> {
        let mut interrupts = Interrupts::listen().map_err(CliFailure::machine(Texts::cli_no_signals))?;
        let mut command = pin!(command);
        let number = tokio::select! {
            ended = &mut command => return Ok(ended),
            number = interrupts.next() => number,
        };
        self.interrupted.cancel();
        // The calls that end are the command's own, so that it has to go on meanwhile.
        tokio::select! {
            _ = &mut command => return Ok(Ok(ExitCode::Signal(number))),
            () = self.session.end_unsent() => {}
        }
        let sent = self.session.running_calls();
        if sent > 0 {
            self.note(&self.texts.cli_waiting_for_sent(sent));
        }
        tokio::select! {
            _ = &mut command => return Ok(Ok(ExitCode::Signal(number))),
            () = self.lines_ended() => return Ok(Ok(ExitCode::Signal(number))),
            _ = interrupts.next() => {}
        }
        // The command reports and counts them as any others.
        self.session.give_up();
        tokio::select! {
            _ = &mut command => return Ok(Ok(ExitCode::Signal(number))),
            () = tokio::time::sleep(LAST_LINES) => {}
            _ = interrupts.next() => {}
        }
        let given_up = self.session.running_calls();
        self.money.lock().unwrap_or_else(PoisonError::into_inner).add_given_up(given_up);
        Ok(Ok(ExitCode::Signal(number)))
    }

    /// Completes when no call is under way, and the command had time to write its answers.
    async fn lines_ended(&self) {
        self.session.calls_ended().await;
        tokio::time::sleep(LAST_LINES).await;
    }

    /// Waits until everything is stored. A lock is waited out, unless the user is in a hurry: an answer that is not stored
    /// is paid for twice.
    async fn close(&self) -> Result<(), StoreError> {
        let start = Instant::now();
        let mut is_noted = false;
        while let Err(error) = self.session.store().flush().await
            && error.fault == StoreErrorKind::Locked
            && start.elapsed() < LOCKED_WRITES
            && !self.interrupted.is_cancelled()
        {
            if !std::mem::replace(&mut is_noted, true) {
                self.note(self.texts.waiting_to_store());
            }
        }
        close(&self.session).await
    }
}
