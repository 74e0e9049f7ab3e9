//! Hands the terminal over to an editor or pager, and takes it back when that program ends.
//!
//! ```text
//!  pause the keyboard ─▶ plain screen ─▶ program ─┬─ succeeded ─────────────────────────▶ take the terminal back
//!                                                 ├─ failed, or ended at once ─ Enter ──▶ take the terminal back
//!                                                 └─ a signal ends obx: end the program first
//! ```

use std::io;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal as ToSend, kill_process};
use tokio::task::JoinHandle;

use super::keyboard::InputSource;
use super::screen::ScreenBackend;
use super::signals::{Signal, is_terminal_gone};
use super::terminal::{Modes, TypedLine};
use super::{Loop, external_viewer, terminal};
use crate::message::{Done, Event, Reading, Viewer};
use crate::ui::text::clean;

/// A program that ends sooner than this can't have shown anything that somebody read.
const SHORTEST_RUN: Duration = Duration::from_millis(500);
/// How long a program may take to save and exit after SIGTERM, before it is killed.
const EXIT_GRACE: Duration = Duration::from_secs(2);

type ExitResult = io::Result<ExitStatus>;

/// How a hand-over ended.
#[must_use = "the app needs these events, and a signal ends the loop"]
pub(super) enum HandOverEnd {
    /// The terminal is obx's again; these events are for the app.
    Resumed(Vec<Event>),
    /// A signal ended obx while the program ran.
    Signal(Signal),
}

/// How the program's run ended.
enum RunEnd {
    Exited(ExitResult),
    /// A signal ended obx while the program ran.
    Interrupted(Signal),
}

impl<B, S> Loop<B, S>
where
    B: ScreenBackend,
    B::Error: Send + Sync + 'static,
    S: InputSource,
{
    /// Gives the terminal to a program until it ends. Results of fetches wait in their channel meanwhile.
    pub(super) async fn hand_over(
        &mut self,
        viewer: Viewer,
        reading: &Reading,
    ) -> Result<HandOverEnd, B::Error> {
        let failed = |error: io::Error| {
            Some(Done::ProgramFailed { program: external_viewer::variable(viewer), why: error.to_string() })
        };
        let say = |done: Option<Done>| done.map(Event::Done);
        let copy = match external_viewer::BodyCopy::write(reading) {
            Ok(copy) => copy,
            Err(error) => return Ok(HandOverEnd::Resumed(say(failed(error)).into_iter().collect())),
        };
        self.input.pause();
        terminal::hand_over();
        let ended = match self.run_program(viewer, &copy).await {
            RunEnd::Exited(ended) => ended,
            RunEnd::Interrupted(signal) => return Ok(HandOverEnd::Signal(signal)),
        };
        drop(copy);
        self.signals.forget_typed().await;
        if is_terminal_gone() {
            return Ok(HandOverEnd::Signal(Signal::Hangup));
        }
        let back = terminal::take_back();
        self.input.resume();
        let resized = self.forget_screen()?;
        let done = ended.map_or_else(failed, |status| external_viewer::ended(viewer, status));
        let done = back.map_or_else(failed, |()| done);
        Ok(HandOverEnd::Resumed(std::iter::once(resized).chain(say(done)).collect()))
    }

    /// Runs the program, and if it failed waits until the user has read its output.
    async fn run_program(&mut self, viewer: Viewer, copy: &external_viewer::BodyCopy) -> RunEnd {
        let (modes, started) = (terminal::modes(), Instant::now());
        let mut child = match external_viewer::start(viewer, copy) {
            Ok(child) => child,
            Err(error) => return RunEnd::Exited(Err(error)),
        };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let mut waiting = tokio::task::spawn_blocking(move || child.wait());
        let ended = tokio::select! {
            // First, because a program that has ended has no process left to signal.
            biased;
            ended = &mut waiting => join_result(ended),
            signal = self.signals.next_untyped() => {
                if let Some(pid) = pid {
                    end(pid, waiting, &modes).await;
                }
                return RunEnd::Interrupted(signal);
            }
        };
        modes.restore(is_killed(&ended));
        let well = ended.as_ref().is_ok_and(ExitStatus::success);
        if well && started.elapsed() >= SHORTEST_RUN {
            return RunEnd::Exited(ended);
        }
        match self.wait_for_enter(viewer).await {
            Some(signal) => RunEnd::Interrupted(signal),
            None => RunEnd::Exited(ended),
        }
    }

    /// Keeps the program's output on the screen until Enter, ^C or ^\. Returns the signal if one ends obx meanwhile.
    async fn wait_for_enter(&mut self, viewer: Viewer) -> Option<Signal> {
        let Ok(mut line) = TypedLine::wait() else { return None };
        self.signals.forget_typed().await;
        terminal::print_line(&self.app.texts().program_is_over(clean(&external_viewer::program(viewer))));
        tokio::select! {
            signal = self.signals.next_or_typed() => signal,
            () = line.typed() => None,
        }
    }
}

/// Ends the program and restores the terminal's modes before obx itself ends, because two programs would compete for
/// the keys. Without a terminal there is nothing to compete for: the system sends the program SIGHUP.
async fn end(pid: Pid, mut waiting: JoinHandle<ExitResult>, modes: &Modes) {
    let _ = kill_process(pid, ToSend::TERM); // it may be gone
    if is_terminal_gone() {
        return;
    }
    let ended = if let Ok(ended) = tokio::time::timeout(EXIT_GRACE, &mut waiting).await {
        join_result(ended)
    } else {
        let _ = kill_process(pid, ToSend::KILL); // it may be gone
        join_result(waiting.await)
    };
    modes.restore(is_killed(&ended));
}

fn is_killed(ended: &ExitResult) -> bool {
    ended.as_ref().is_ok_and(|status| status.code().is_none())
}

fn join_result(ended: Result<ExitResult, tokio::task::JoinError>) -> ExitResult {
    ended.unwrap_or_else(|error| Err(io::Error::other(error)))
}
