//! Waits for work that runs before the explorer is on the screen. A long wait shows its progress, and Esc ends it.

use std::pin::pin;
use std::time::Duration;

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt;

use super::decoder::Typed;
use super::keyboard::{InputSource, Keyboard};
use super::signals::{Signal, Signals};
use super::terminal;

/// A wait shorter than this shows nothing.
const SILENT_WAIT: Duration = Duration::from_millis(500);
/// How often the progress is read.
const REFRESH_INTERVAL: Duration = Duration::from_millis(250);

/// Waits for `work`. After half a second `line` is shown on the terminal, and Esc and ^C end the wait.
///
/// # Errors
/// The signal that ended the wait; [`Signal::Interrupt`] for Esc and ^C.
pub async fn wait_for<T>(
    work: impl Future<Output = T>,
    signals: &mut Signals,
    line: impl Fn() -> String,
) -> Result<T, Signal> {
    let mut work = pin!(work);
    tokio::select! {
        biased;
        signal = signals.next() => return Err(signal),
        done = &mut work => return Ok(done),
        () = tokio::time::sleep(SILENT_WAIT) => {}
    }
    let (Ok(_keys), Ok(mut keyboard)) = (terminal::enter_raw_mode(), Keyboard::new()) else {
        // Without a keyboard only a signal can end the wait.
        return tokio::select! {
            signal = signals.next() => Err(signal),
            done = &mut work => Ok(done),
        };
    };
    let mut refresh = tokio::time::interval(REFRESH_INTERVAL);
    let mut shown = String::new();
    let ended = loop {
        tokio::select! {
            biased;
            signal = signals.next() => break Err(signal),
            done = &mut work => break Ok(done),
            input = keyboard.next() => match input {
                Some(Ok(Typed::Input { input: Input::Key(key), .. })) if ends(key) => break Err(Signal::Interrupt),
                Some(Ok(_)) => {}
                None | Some(Err(_)) => break Err(Signal::Hangup),
            },
            _ = refresh.tick() => {
                let line = line();
                if line != shown {
                    terminal::print_status(&line);
                    shown = line;
                }
            }
        }
    };
    keyboard.pause();
    terminal::print_status("");
    ended
}

fn ends(key: KeyEvent) -> bool {
    let interrupt = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    key.code == KeyCode::Esc || interrupt
}
