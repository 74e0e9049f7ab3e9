//! The terminal in another program's hands, until that ends.
//!
//! ```text
//!  put the keyboard down ─▶ plain screen ─▶ program ─┬─ ended well ────────────────────────▶ take the terminal back
//!                                                    ├─ failed, or was over at once ─ Enter ─▶ the same
//!                                                    └─ obx is to end: the program first
//! ```

use std::io;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use ratatui::backend::Backend;
use rustix::process::{Pid, Signal as ToSend, kill_process};
use tokio::task::JoinHandle;

use super::keyboard::Source;
use super::signals::{Signal, is_terminal_gone};
use super::terminal::{Modes, TypedLine};
use super::{Loop, reader, terminal};
use crate::message::{Done, Event, Reader, Reading};
use crate::ui::text::clean;

/// A program that is over sooner has shown nothing that anybody could have read.
const SHORTEST_RUN: Duration = Duration::from_millis(500);
/// What a program may take to save and to leave when it is told to.
const EXIT_GRACE: Duration = Duration::from_secs(2);

type ExitResult = io::Result<ExitStatus>;

/// What came of handing the terminal over.
#[must_use = "what came of it is to be told to the app"]
pub(super) enum HandOverEnd {
    /// It is obx's again, and the app is to hear this.
    Resumed(Vec<Event>),
    /// obx was told to end meanwhile.
    Signal(Signal),
}

/// What came of a program.
enum RunEnd {
    Exited(ExitResult),
    /// obx was told to end meanwhile.
    Interrupted(Signal),
}

impl<B, S> Loop<B, S>
where
    B: Backend,
    B::Error: Send + Sync + 'static,
    S: Source,
{
    /// Gives the terminal to a program until that ends; news of fetches wait meanwhile, and lose nothing.
    pub(super) async fn hand_over(
        &mut self,
        reader: Reader,
        reading: &Reading,
    ) -> Result<HandOverEnd, B::Error> {
        let failed = |error: io::Error| {
            Some(Done::ProgramFailed { program: reader::variable(reader), why: error.to_string() })
        };
        let say = |done: Option<Done>| done.map(Event::Done);
        let copy = match reader::BodyCopy::write(reading) {
            Ok(copy) => copy,
            Err(error) => return Ok(HandOverEnd::Resumed(say(failed(error)).into_iter().collect())),
        };
        self.input.pause();
        terminal::hand_over();
        let ended = match self.run_program(reader, &copy).await {
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
        let done = ended.map_or_else(failed, |status| reader::ended(reader, status));
        let done = back.map_or_else(failed, |()| done);
        Ok(HandOverEnd::Resumed(std::iter::once(resized).chain(say(done)).collect()))
    }

    /// Until the user has seen how it ended.
    async fn run_program(&mut self, reader: Reader, copy: &reader::BodyCopy) -> RunEnd {
        let (modes, started) = (terminal::modes(), Instant::now());
        let mut child = match reader::start(reader, copy) {
            Ok(child) => child,
            Err(error) => return RunEnd::Exited(Err(error)),
        };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let mut waiting = tokio::task::spawn_blocking(move || child.wait());
        let ended = tokio::select! {
            // One that has ended has no process any more that could be told to.
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
        match self.wait_for_enter(reader).await {
            Some(signal) => RunEnd::Interrupted(signal),
            None => RunEnd::Exited(ended),
        }
    }

    /// What the program has written stays in sight until Enter; ^C and ^\ do the same. Gives the signal that ended obx.
    async fn wait_for_enter(&mut self, reader: Reader) -> Option<Signal> {
        let Ok(mut line) = TypedLine::wait() else { return None };
        self.signals.forget_typed().await;
        terminal::print_line(&self.app.texts().program_is_over(clean(&reader::program(reader))));
        tokio::select! {
            signal = self.signals.next_or_typed() => signal,
            () = line.typed() => None,
        }
    }
}

/// Two programs on one terminal would fight for its keys: this one is gone before obx is, and leaves the terminal as it
/// was. Where there is no terminal any more, the system tells the program so, and nothing is left to fight for.
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
